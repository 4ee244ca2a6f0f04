//! Runs the engine the way a process would, and keeps what it would report.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::Path;

use entralint::cli::{Cli, Command};
use entralint::engine::{Progress, run};
use entralint::fix::Fixer;
use entralint::report::{Outcome, Place, Report, Reported};
use entralint::settings::{Settings, Surroundings};

/// The evaluation date of all fixtures.
pub const NOW: &str = "2026-11-23T00:00:00Z";

/// What a run told.
pub struct Told {
    pub findings: Vec<Reported>,
    pub outcome: Outcome,
    /// The run exits 2.
    pub incomplete: bool,
    /// What the process would say on standard error.
    pub troubles: Vec<String>,
}

/// `entralint check --now NOW` with these words behind it, in the package's folder, without any
/// variable of the environment. Two processors, so that parallel reading is the usual case.
pub fn check<W: Into<OsString>>(words: impl IntoIterator<Item = W>) -> Told {
    check_and_fix(words)
}

/// The same; with `--fix` among the words, files are mended before.
pub fn check_and_fix<W: Into<OsString>>(words: impl IntoIterator<Item = W>) -> Told {
    fix_and_meanwhile(words, || {})
}

/// The same; `meanwhile` runs after every round of reading.
pub fn fix_and_meanwhile<W: Into<OsString>>(
    words: impl IntoIterator<Item = W>,
    mut meanwhile: impl FnMut(),
) -> Told {
    let mut settings = settings(words);
    let mut fixer = Fixer::new(&settings).expect("inputs that can be read twice");
    let mut run = loop {
        let run = run(&settings, &Progress::default());
        meanwhile();
        match fixer.as_mut().and_then(|fixer| fixer.next(&run)) {
            Some(drafts) => {
                drop(run);
                settings.drafts = drafts;
            }
            None => break run,
        }
    };
    run.outcome.fixed = fixer.as_ref().map(Fixer::fixed).unwrap_or_default();
    let mut keeper = Keeper::default();
    let told = run
        .tell(&mut keeper, &mut io::sink())
        .expect("a sink takes everything");
    let mut troubles: Vec<String> = told.iter().map(ToString::to_string).collect();
    troubles.extend(run.troubles().map(str::to_owned));
    troubles.extend(fixer.iter().flat_map(Fixer::troubles).cloned());
    Told {
        findings: keeper.findings,
        outcome: keeper.outcome.expect("begin and end"),
        incomplete: run.incomplete,
        troubles,
    }
}

/// What `entralint check --now NOW` with these words behind it means.
pub fn settings<W: Into<OsString>>(words: impl IntoIterator<Item = W>) -> Settings {
    match command("check", words) {
        Command::Check(args) => Settings::load(&args, &around()),
        _ => panic!("not `check`"),
    }
    .expect("settings that make sense")
}

/// The same for `entralint access`.
pub fn access_settings<W: Into<OsString>>(words: impl IntoIterator<Item = W>) -> Settings {
    match command("access", words) {
        Command::Access(args) => Settings::for_access(&args, &around()),
        _ => panic!("not `access`"),
    }
    .expect("settings that make sense")
}

fn command<W: Into<OsString>>(name: &str, words: impl IntoIterator<Item = W>) -> Command {
    let words = ["entralint", name, "--now", NOW]
        .into_iter()
        .map(OsString::from)
        .chain(words.into_iter().map(Into::into));
    let cli = Cli::read(words, &|word| word.to_owned());
    cli.expect("a valid command line").command
}

fn around() -> Surroundings {
    Surroundings {
        folder: std::env::current_dir().expect("a current folder"),
        processors: NonZeroUsize::new(2),
        ..Surroundings::default()
    }
}

/// The same for one path, with further words.
pub fn check_path(path: impl AsRef<Path>, words: &[&str]) -> Told {
    let words = words.iter().map(OsString::from);
    check(words.chain([path.as_ref().into()]))
}

/// A report that keeps what it is told.
#[derive(Default)]
pub struct Keeper {
    pub findings: Vec<Reported>,
    pub outcome: Option<Outcome>,
}

impl Report for Keeper {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        assert!(self.findings.is_empty() && self.outcome.is_none());
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        self.findings.push(finding.clone());
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        self.outcome = Some(outcome.clone());
        Ok(())
    }
}

impl Told {
    /// The rules that fired, in the report's order.
    pub fn rules(&self) -> Vec<&'static str> {
        self.findings.iter().map(|found| found.rule.id).collect()
    }

    /// `line:column severity rule`, in the report's order.
    pub fn places(&self) -> Vec<String> {
        let place = |found: &Reported| {
            let start = found.location.start;
            format!(
                "{}:{} {} {}",
                start.line, start.column, found.severity, found.rule.id
            )
        };
        self.findings.iter().map(place).collect()
    }

    /// Everything that was told but the windows, as text. Of paths only the last part: the same
    /// bytes elsewhere give the same text.
    pub fn dump(&self) -> String {
        let mut out = String::new();
        for found in &self.findings {
            let _ = writeln!(
                out,
                "{}[{}] {} {:?} {}",
                found.severity, found.rule.id, found.message, found.subject, found.fingerprint
            );
            for place in std::iter::once(&found.location).chain(&found.related) {
                let _ = writeln!(out, "  {}", dump_place(place));
            }
            let _ = writeln!(
                out,
                "  {:?} {:?} {:?}",
                found.help, found.commands, found.facts
            );
        }
        let Outcome {
            files,
            objects,
            tally,
            out_of_scope,
            left_out,
            not_evaluated,
            skipped,
            ..
        } = &self.outcome;
        let _ = writeln!(
            out,
            "{files} {objects:?} {tally:?} {out_of_scope} {left_out} {}",
            self.incomplete
        );
        for rule in not_evaluated {
            let _ = writeln!(out, "  {rule:?}");
        }
        for file in skipped {
            let _ = writeln!(out, "  {} {}", last_part(&file.path), file.reason);
        }
        for trouble in &self.troubles {
            let _ = writeln!(out, "  {trouble}");
        }
        out
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn dump_place(place: &Place) -> String {
    let (start, end) = (place.start, place.end);
    format!(
        "{}{} {}:{}@{}-{}:{}@{} {:?}",
        last_part(&place.path),
        place.pointer,
        start.line,
        start.column,
        start.offset,
        end.line,
        end.column,
        end.offset,
        (&place.label, place.record)
    )
}

/// A generator of numbers that are the same on every machine: for layouts, not for secrets.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// From 0 up to, not including, `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        // Marsaglia, "Xorshift RNGs".
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides.max(1)
    }

    pub fn pick<'c, T: ?Sized>(&mut self, choices: &[&'c T]) -> &'c T {
        choices[self.roll(choices.len())]
    }

    /// A GUID of version 4.
    pub fn guid(&mut self) -> String {
        let mut digits = String::new();
        for at in 0..32 {
            if matches!(at, 8 | 12 | 16 | 20) {
                digits.push('-');
            }
            let digit = match at {
                12 => 4,
                16 => 8 + self.roll(4),
                _ => self.roll(16),
            };
            let _ = write!(digits, "{digit:x}");
        }
        digits
    }
}
