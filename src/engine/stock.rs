//! The input as a report sees it that shows more than findings.

use std::cell::RefCell;
use std::io;

use super::Run;
use super::crossing::Crossing;
use super::look::Looker;
use crate::inventory::{FileRead, Inventory, Open};
use crate::kinds::Object;
use crate::model::Part;
use crate::report::access::{AccessEnd, AccessReport};
use crate::rules::joined::Look;
use crate::rules::{Severity, Subject};
use crate::tenant::At;

/// A run's records, to be read again.
struct Stock<'s> {
    run: &'s Run<'s>,
    looker: &'s Looker<'s>,
}

impl Look for Stock<'_> {
    fn subject(&self, at: At) -> Option<Subject> {
        self.looker.subject(at)
    }

    fn text(&self, at: At, part: Part) -> Option<String> {
        self.looker.text(at, part)
    }
}

impl Open for Stock<'_> {
    fn open(&self, at: At, see: &mut dyn FnMut(&Object<'_>)) {
        self.looker.object(at, |opened| see(opened.object));
    }

    fn verdicts(&self, report: &mut dyn AccessReport) -> io::Result<Option<AccessEnd>> {
        self.run.access(report, &mut io::sink())
    }
}

impl Run<'_> {
    /// Hands everything the input has to `see`.
    pub fn stock<T>(&self, see: impl FnOnce(&Inventory<'_>) -> T) -> T {
        let crossing = Crossing::new(&self.tenant, self.settings);
        self.take_stock(&crossing, &Looker::new(&self.sources), see)
    }

    /// Names of inputs that could not be read, or not all of it.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        let unread = self.sources.iter().filter(|source| {
            source.failed
                || source
                    .findings
                    .iter()
                    .any(|finding| finding.severity == Severity::Error)
        });
        unread.map(|source| source.origin.name.as_str())
    }

    /// Hands everything the input has to `see`.
    pub(super) fn take_stock<T>(
        &self,
        crossing: &Crossing<'_>,
        looker: &Looker<'_>,
        see: impl FnOnce(&Inventory<'_>) -> T,
    ) -> T {
        let files = self.sources.iter().map(|source| FileRead {
            name: source.origin.name.clone(),
            objects: source.objects.clone(),
            cut: source.cut,
            failed: source.failed,
        });
        see(&Inventory {
            join: crossing.join(),
            open: &Stock { run: self, looker },
            files: files.collect(),
            only_named: self.settings.scope.only_named,
            names: RefCell::default(),
        })
    }
}
