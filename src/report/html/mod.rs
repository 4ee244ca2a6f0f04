//! One page for an auditor: self-contained, without a request to anywhere, readable without script.
//!
//! What an input says reaches it only through `safe`; addresses are those of the rules' references,
//! which are ours. The Content-Security-Policy allows one style and one script by their hashes,
//! nothing else.

mod cards;
mod credentials;
mod findings;
mod matrix;
mod page;
mod people;
mod permissions;
mod summary;
mod tags;
mod timeline;

use std::collections::BTreeMap;
use std::io::{self, Write};

use self::findings::Item;
use self::matrix::Matrix;
use self::page::Page;
use super::ranked::Ranked;
use super::{Outcome, Report, Reported};
use crate::inventory::Inventory;
use crate::rules::{Rule, Severity};

/// So many findings stand on the page, the most severe first; together at most so many bytes.
const MOST: usize = 20_000;
const ROOM: usize = 48 << 20;
/// So many of them, in the order of the input, show the text that they are about.
const EXCERPTS: usize = 5000;

/// The `html` format.
#[derive(Debug)]
pub struct Html {
    /// Paths below it are shown as seen from there.
    root: String,
    outcome: Option<Outcome>,
    items: Ranked<Item>,
    /// Findings by severity and rule.
    rules: BTreeMap<(Severity, &'static str), (&'static Rule, u64)>,
    count: usize,
    written: bool,
}

impl Html {
    /// Paths below `root` are shown as seen from there.
    pub fn new(root: &str) -> Html {
        Html {
            root: root.to_owned(),
            outcome: None,
            items: Ranked::new(MOST, ROOM),
            rules: BTreeMap::new(),
            count: 0,
            written: false,
        }
    }

    fn write(
        &mut self,
        outcome: &Outcome,
        inventory: Option<&Inventory<'_>>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.written = true;
        let matrix = match inventory {
            Some(inventory) => Matrix::of(inventory)?,
            None => None,
        };
        let mut page = Page { out };
        page.begin(outcome, inventory.is_some())?;
        summary::write(&mut page, outcome, inventory, matrix.as_ref())?;
        findings::write(&mut page, outcome, &self.rules, &self.items)?;
        if let Some(inventory) = inventory {
            let order = cards::order(inventory, &self.items);
            credentials::write(&mut page, inventory, &order)?;
            matrix::write(&mut page, matrix.as_ref(), inventory)?;
            people::write(&mut page, inventory)?;
            permissions::write(&mut page, inventory, &order)?;
            cards::write(&mut page, inventory, &order, &self.items)?;
        } else {
            cards::write_stored(&mut page, &self.items)?;
        }
        page.end()
    }
}

impl Report for Html {
    fn begin(&mut self, outcome: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        self.outcome = Some(outcome.clone());
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        if finding.suppression.is_none() {
            let key = (finding.severity, finding.rule.id);
            self.rules.entry(key).or_insert((finding.rule, 0)).1 += 1;
        }
        self.count += 1;
        if self.items.admits(finding.severity) {
            let item = Item::of(finding, self.count, self.count <= EXCERPTS, &self.root);
            let cost = item.cost();
            self.items.push(finding.severity, item, cost);
        }
        Ok(())
    }

    fn wants_inventory(&self) -> bool {
        true
    }

    fn inventory(&mut self, inventory: &Inventory<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self.outcome.take() {
            Some(outcome) => self.write(&outcome, Some(inventory), out),
            None => Ok(()),
        }
    }

    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        if self.written {
            return Ok(());
        }
        self.write(outcome, None, out)
    }
}
