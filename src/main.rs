use entralint::engine::{Progress, Request, run};
use entralint::judge::Scope;
use entralint::model::Date;
use entralint::report::*;
use entralint::rules::{out::Everything, *};
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
        Ok(())
    }
}
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let request = Request {
        paths: args.iter().map(|a| a.into()).collect(),
        stdin_name: "<stdin>".into(),
        exclude: globset::GlobSet::empty(),
        force_exclude: false,
        max_input_size: 8 << 30,
        jobs: std::env::var("JOBS")
            .ok()
            .and_then(|j| j.parse().ok())
            .unwrap_or(2),
        rules: RuleSettings::new(Date::parse("2026-06-01").instant().unwrap()),
        scope: Scope::default(),
        filter: &Everything,
        persona: Persona::Regular,
        profile: "azure-digital-twins".into(),
        statistics: false,
    };
    let r = run(&request, &Progress::default());
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let t = r.tell(&mut C, &mut out).unwrap();
    for t in t {
        eprintln!("{t}");
    }
    for t in r.troubles() {
        eprintln!("{t}");
    }
}
