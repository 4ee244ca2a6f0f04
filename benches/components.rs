//! Where the time goes, part by part, on 2,000 invented applications.
//!
//! ```text
//! cargo bench --bench components
//! ```
//!
//! Rates are only worth comparing within one run; `ratios` compares whole processes.

#[path = "../examples/corpus/main.rs"]
#[allow(dead_code, reason = "an example has a main of its own")]
mod corpus;

use std::sync::LazyLock;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use entralint::cli::{Cli, Command};
use entralint::engine::{Progress, run};
use entralint::json::schema::Schema;
use entralint::json::{Tape, read};
use entralint::judge::Keep;
use entralint::judge::{Judge, Scope, Setting};
use entralint::model::Date;
use entralint::rules::{Filter, Persona, Rule, RuleSettings, Severity, Sink};
use entralint::settings::{Settings, Surroundings};

const COUNT: usize = 2_000;
/// The day on which the corpus is clean but for the faults it was given.
const NOW: &str = "2026-06-01";

fn main() {
    divan::main();
}

struct Corpus {
    folder: tempfile::TempDir,
    text: String,
}

impl Corpus {
    fn path(&self) -> String {
        let path = self.folder.path().join("apps.json");
        path.to_str().expect("a temporary path is text").to_owned()
    }
}

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
    let mut corpus = Corpus {
        folder: tempfile::tempdir().expect("a temporary folder"),
        text: String::new(),
    };
    let path = corpus.path();
    let words = format!("apps-array --count {COUNT} --seed 1 --out {path}");
    corpus::write(words.split(' ').map(str::to_owned)).expect("a corpus");
    corpus.text = std::fs::read_to_string(path).expect("what was written");
    corpus
});

/// Reads the element at `at`; says where the next one begins.
fn element(text: &str, at: usize, tape: &mut Tape) -> Option<usize> {
    let at = read::parse(text, at, tape).expect("the corpus is JSON");
    let at = read::skip_blanks(text.as_bytes(), at);
    (text.as_bytes()[at] == b',').then_some(at + 1)
}

fn tapes() -> Vec<Tape> {
    let mut tapes = Vec::new();
    let mut next = Some(1);
    while let Some(at) = next {
        let mut tape = Tape::default();
        next = element(&CORPUS.text, at, &mut tape);
        tapes.push(tape);
    }
    assert_eq!(tapes.len(), COUNT);
    tapes
}

/// Text to tape, one record after the other.
#[divan::bench]
fn reader(bencher: Bencher<'_, '_>) {
    let text = CORPUS.text.as_str();
    let mut tape = Tape::default();
    bencher.counter(BytesCount::of_str(text)).bench_local(|| {
        let mut next = Some(1);
        while let Some(at) = next {
            next = element(text, at, black_box(&mut tape));
        }
    });
}

/// The yardstick: serde_json that only looks whether it is JSON.
#[divan::bench]
fn ignored_any(bencher: Bencher<'_, '_>) {
    let text = CORPUS.text.as_str();
    bencher.counter(BytesCount::of_str(text)).bench_local(|| {
        serde_json::from_str::<serde::de::IgnoredAny>(text).expect("the corpus is JSON")
    });
}

/// The schema of an application, on tapes.
#[divan::bench]
fn schema(bencher: Bencher<'_, '_>) {
    let tapes = tapes();
    Schema::Application.prepare();
    bencher.counter(ItemsCount::new(COUNT)).bench_local(|| {
        for tape in &tapes {
            black_box(Schema::Application.survey(tape.root(&CORPUS.text), |_| false, |_| false));
        }
    });
}

struct Regular;

impl Filter for Regular {
    fn judge(&self, rule: &Rule, _: usize, severity: Severity) -> Option<Severity> {
        (rule.persona == Persona::Regular).then_some(severity)
    }
}

/// Everything that is done with a record once it is a tape: schema, model, rules.
#[divan::bench]
fn judge(bencher: Bencher<'_, '_>) {
    let tapes = tapes();
    let settings = RuleSettings::new(Date::parse(NOW).instant().expect("a date"));
    let scope = Scope::default();
    let judge = Judge::new(&settings, &scope, &Regular, |rule, _| {
        rule.persona == Persona::Regular
    });
    bencher.counter(ItemsCount::new(COUNT)).bench_local(|| {
        let (mut sink, mut harvest) = (Sink::default(), None);
        for tape in &tapes {
            let setting = Setting::default();
            let mut keep = Keep {
                harvest: &mut harvest,
                pool: None,
                record: 0,
                start: 0,
                kept: false,
            };
            let keep = Some(&mut keep);
            black_box(judge.record(&CORPUS.text, tape, setting, &mut sink, keep));
        }
        (sink, harvest)
    });
}

/// All of a run but its report, from the file on disk.
#[divan::bench(args = [1, 2])]
fn engine(bencher: Bencher<'_, '_>, jobs: usize) {
    let line = format!(
        "entralint check --no-config --now {NOW} --jobs {jobs} {}",
        CORPUS.path()
    );
    let words = line.split(' ').map(Into::into);
    let cli = Cli::read(words, &str::to_owned).expect("a command line");
    let Command::Check(args) = cli.command else {
        unreachable!("it says check");
    };
    let settings = Settings::load(&args, &Surroundings::default()).expect("settings");
    bencher
        .counter(BytesCount::of_str(&CORPUS.text))
        .bench_local(|| run(&settings, &Progress::default()).outcome);
}
