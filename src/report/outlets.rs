//! All reports of a run at once: each finding is worded once and goes to every one of them.

use std::io::{self, BufWriter, ErrorKind, Write};

use super::{Inventory, Outcome, Report, Reported, Target};

const BUFFER: usize = 64 * 1024;

/// Reports, each with where it goes. One that cannot be written does not stop the others.
#[derive(Default)]
pub struct Outlets {
    open: Vec<Outlet>,
    unwritten: Vec<Unwritten>,
}

struct Outlet {
    name: Option<String>,
    report: Box<dyn Report>,
    out: BufWriter<Target>,
    suppressed: bool,
}

/// A report that is not there.
#[derive(Debug)]
pub struct Unwritten {
    /// Its file, as it was typed; `None` is standard output.
    pub name: Option<String>,
    pub error: io::Error,
}

impl Outlets {
    /// Adds a report; with `suppressed`, it gets suppressed findings too.
    pub fn add(
        &mut self,
        name: Option<String>,
        report: Box<dyn Report>,
        target: Target,
        suppressed: bool,
    ) {
        self.open.push(Outlet {
            name,
            report,
            out: BufWriter::with_capacity(BUFFER, target),
            suppressed,
        });
    }

    /// Notes that a report could not even be begun.
    pub fn fail(&mut self, name: Option<String>, error: io::Error) {
        self.unwritten.push(Unwritten { name, error });
    }

    /// Whether there is nothing to write to.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Puts every report that is complete where it belongs, and tells which ones are not there.
    pub fn finish(mut self) -> Vec<Unwritten> {
        for outlet in self.open {
            let Outlet { name, out, .. } = outlet;
            let done = match out.into_inner() {
                Ok(target) => target.finish(),
                Err(error) => {
                    let (error, out) = error.into_parts();
                    // What is still in the buffer would be written again when it is dropped.
                    let _ = out.into_parts();
                    Err(error)
                }
            };
            if let Err(error) = done {
                self.unwritten.push(Unwritten { name, error });
            }
        }
        self.unwritten
    }

    /// Gives up all of them: a report that is not complete is none.
    pub fn give_up(self) -> Vec<Unwritten> {
        for outlet in self.open {
            let _ = outlet.out.into_parts();
        }
        self.unwritten
    }

    fn each(&mut self, mut write: impl FnMut(&mut Outlet) -> io::Result<()>) -> io::Result<()> {
        let mut at = 0;
        while let Some(outlet) = self.open.get_mut(at) {
            match write(outlet) {
                Ok(()) => at += 1,
                Err(error) => {
                    let Outlet { name, out, .. } = self.open.remove(at);
                    let _ = out.into_parts();
                    self.unwritten.push(Unwritten { name, error });
                }
            }
        }
        if self.open.is_empty() {
            // Nobody listens any more.
            return Err(ErrorKind::BrokenPipe.into());
        }
        Ok(())
    }
}

impl Report for Outlets {
    fn begin(&mut self, outcome: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        self.each(|outlet| outlet.report.begin(outcome, &mut outlet.out))
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        self.each(|outlet| {
            if finding.suppression.is_some() && !outlet.suppressed {
                return Ok(());
            }
            outlet.report.finding(finding, &mut outlet.out)
        })
    }

    fn wants_inventory(&self) -> bool {
        self.open
            .iter()
            .any(|outlet| outlet.report.wants_inventory())
    }

    fn inventory(&mut self, inventory: &Inventory<'_>, _: &mut dyn Write) -> io::Result<()> {
        self.each(|outlet| {
            if outlet.report.wants_inventory() {
                outlet.report.inventory(inventory, &mut outlet.out)?;
            }
            Ok(())
        })
    }

    fn end(&mut self, outcome: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        self.each(|outlet| outlet.report.end(outcome, &mut outlet.out))
    }
}
