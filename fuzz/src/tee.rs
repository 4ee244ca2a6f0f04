//! One run, told in every format at once.

use std::io::{self, Write};

use crate::common::run::Keeper;
use entralint::inventory::Inventory;
use entralint::report::{Format, HumanOptions, Outcome, Report, Reported};

/// Reports side by side, each in a text of its own, and what they were told.
pub struct Tee {
    pub reports: Vec<(Format, Box<dyn Report>, Vec<u8>)>,
    pub keeper: Keeper,
}

impl Tee {
    /// The formats that `wanted` picks by their place in [`Format::ALL`], as `options` want people
    /// to see them.
    pub fn new(options: &HumanOptions, root: &str, wanted: impl Fn(usize) -> bool) -> Tee {
        let formats = Format::ALL.into_iter().enumerate();
        let reports = formats
            .filter(|(at, _)| wanted(*at))
            .map(|(_, format)| (format, format.report(options, root), Vec::new()));
        Tee {
            reports: reports.collect(),
            keeper: Keeper::default(),
        }
    }
}

impl Report for Tee {
    fn begin(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        self.keeper.begin(outcome, out)?;
        for (_, report, text) in &mut self.reports {
            report.begin(outcome, text)?;
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        self.keeper.finding(finding, out)?;
        for (_, report, text) in &mut self.reports {
            report.finding(finding, text)?;
        }
        Ok(())
    }

    fn wants_inventory(&self) -> bool {
        self.reports
            .iter()
            .any(|(_, report, _)| report.wants_inventory())
    }

    fn inventory(&mut self, inventory: &Inventory<'_>, _: &mut dyn Write) -> io::Result<()> {
        for (_, report, text) in &mut self.reports {
            if report.wants_inventory() {
                report.inventory(inventory, text)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        self.keeper.end(outcome, out)?;
        for (_, report, text) in &mut self.reports {
            report.end(outcome, text)?;
        }
        Ok(())
    }
}
