use entralint::cli::*;
use entralint::engine::{Progress, run};
use entralint::report::*;
use entralint::settings::*;
use std::io::Write;
struct C;
impl Report for C {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> std::io::Result<()> {
        Ok(())
    }
    fn finding(&mut self, f: &Reported, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(
            out,
            "{}:{}:{}: {}[{}]: {} <{}> {:?}",
            f.location.path,
            f.location.start.line,
            f.location.start.column,
            f.severity,
            f.rule.id,
            f.message,
            f.location.pointer,
            f.related
                .iter()
                .map(|p| (p.start.line, p.start.column))
                .collect::<Vec<_>>()
        )
    }
    fn end(&mut self, o: &Outcome, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(
            out,
            "{} files {:?} {:?} oos {}",
            o.files, o.objects, o.tally, o.out_of_scope
        )?;
        for s in &o.skipped {
            writeln!(out, "skipped {} {}", s.path, s.reason)?;
        }
        for s in &o.not_evaluated {
            writeln!(out, "not evaluated {} {}", s.rule, s.reason)?;
        }
        Ok(())
    }
}
fn main() {
    let around = Surroundings::of_process().unwrap();
    let cli = Cli::read(std::env::args_os(), &|s: &str| s.to_owned()).unwrap();
    let Command::Check(args) = cli.command else {
        return;
    };
    let settings = Settings::load(&args, &around).unwrap();
    let r = run(&settings, &Progress::default());
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let t = r.tell(&mut C, &mut out).unwrap();
    for t in t {
        eprintln!("{t}");
    }
    for t in r.troubles() {
        eprintln!("{t}");
    }
}
