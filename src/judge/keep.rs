//! What joins need of a record, kept while it is read for the first time.

use crate::opened::Opened;
use crate::tenant::{At, Harvest, Note};

/// What joins need of the records, while they are read for the first time.
pub struct Keep<'k> {
    pub harvest: &'k mut Harvest,
    /// The record's number, and where it begins in the text.
    pub record: u32,
    pub start: u32,
    /// Whether anything of this record was kept.
    pub kept: bool,
}

impl Keep<'_> {
    pub(super) fn add(&mut self, opened: Opened<'_>, note: &Note) {
        let at = self.at(opened);
        // Places in a resource's document count from that document's start.
        let start = if opened.code.is_some() { 0 } else { self.start };
        self.kept |= self.harvest.add(opened.object, at, start, note);
    }

    /// Keeps an object that is there now and will be gone.
    pub(super) fn add_removed(&mut self, opened: Opened<'_>, note: &Note) {
        self.add(opened, note);
        let at = self.at(opened);
        self.harvest.removed.push(at);
    }

    fn at(&self, opened: Opened<'_>) -> At {
        At {
            source: 0,
            record: self.record,
            object: opened.start() - self.start,
        }
    }
}
