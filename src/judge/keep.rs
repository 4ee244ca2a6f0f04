//! What joins need of a record, kept while it is read for the first time.

use crate::opened::Opened;
use crate::tenant::{At, Harvest, Note};

/// What joins need of the records, while they are read for the first time.
pub struct Keep<'k> {
    /// Where all is kept that has to be taken over in the order of sources; made when needed.
    pub harvest: &'k mut Option<Box<Harvest>>,
    /// Where the rest is kept with that of other small files, and the number of this one among them.
    pub pool: Option<(&'k mut Option<Box<Harvest>>, u32)>,
    /// The record's number, and where it begins in the text.
    pub record: u32,
    pub start: u32,
    /// Whether anything of this record was kept.
    pub kept: bool,
}

impl Keep<'_> {
    pub(super) fn add(&mut self, opened: Opened<'_>, note: &Note) {
        let at = self.at(opened);
        // What a template describes may be settled by what else is in it.
        let mixable = opened.code.is_none() && Harvest::is_mixable(opened.object);
        self.kept |= match &mut self.pool {
            Some((pool, source)) if mixable => {
                let at = At {
                    source: *source,
                    ..at
                };
                let pool = pool.get_or_insert_default();
                pool.add(opened.object, at, self.start, note)
            }
            _ => {
                // Places in a resource's document count from that document's start.
                let start = if opened.code.is_some() { 0 } else { self.start };
                self.harvest().add(opened.object, at, start, note)
            }
        };
    }

    /// What is kept of this source apart from others.
    pub(super) fn harvest(&mut self) -> &mut Harvest {
        self.harvest.get_or_insert_default()
    }

    /// Keeps an object that is there now and will be gone.
    pub(super) fn add_removed(&mut self, opened: Opened<'_>, note: &Note) {
        self.add(opened, note);
        let at = self.at(opened);
        self.harvest().removed.push(at);
    }

    fn at(&self, opened: Opened<'_>) -> At {
        At {
            source: 0,
            record: self.record,
            object: opened.start() - self.start,
        }
    }
}
