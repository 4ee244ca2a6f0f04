//! How long whole processes take, compared with each other in one run.
//!
//! ```text
//! cargo bench --bench ratios
//! ENTRALINT_BENCH_APPS=2000 cargo bench --bench ratios      a look whether it works
//! ```
//!
//! Seconds depend on the machine, on the page cache and on who else is compiling, so nothing here
//! is a promise in seconds. The contenders take turns, each round gives one ratio, and the median
//! of the ratios counts; a run in which other processes were busy is run again. What the tool is
//! measured against: a pass of serde_json that builds nothing (the least that reading JSON costs on
//! one core), `jq`, `rg` and `cat` where they are installed, and a process that does nothing.
//!
//! The corpus is made by `examples/corpus` into `target/bench-corpus`, 2.8 GB at full size.

#[path = "../../examples/corpus/main.rs"]
#[allow(dead_code, reason = "an example has a main of its own")]
mod corpus;
mod documents;
mod measure;

use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use measure::{Contender, Field};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The day on which the corpus is clean but for the faults it was given.
const NOW: &str = "2026-06-01";
const SEED: u64 = 1;
/// What there is to search for: the client id of Azure Digital Twins.
const TWINS: &str = "0b07f429-9f4b-4714-9392-cc5e8e80c8b0";

fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    match (words.next().as_deref(), words.next()) {
        (Some("--empty"), _) => Ok(()),
        (Some("--ignored-any"), Some(path)) => pass::<IgnoredAny>(Path::new(&path)),
        (Some("--value"), Some(path)) => pass::<Value>(Path::new(&path)),
        (Some("--bench"), _) => compare(),
        // `cargo test --benches` runs this too, and nothing is timed in tests.
        _ => Ok(()),
    }
}

/// The yardstick, in a process of its own: one core, the file read whole, and of its JSON nothing
/// built or, for benches/peers, a tree.
fn pass<T: DeserializeOwned>(path: &Path) -> Outcome<()> {
    let bytes = fs::read(path)?;
    for value in serde_json::Deserializer::from_slice(&bytes).into_iter::<T>() {
        value?;
    }
    Ok(())
}

fn compare() -> Outcome<()> {
    let corpus = Corpus::make(number("ENTRALINT_BENCH_APPS", 100_000)?)?;
    let rounds = number("ENTRALINT_BENCH_ROUNDS", 7)?.max(1);
    println!(
        "{} applications, {} files, seed {SEED}, {rounds} rounds\n",
        corpus.applications,
        corpus.files()
    );
    let mut goals = Vec::new();

    let field = Field::run(
        "an array of applications",
        Some(fs::metadata(&corpus.array)?.len()),
        rounds,
        [
            Some(entralint(&corpus.array)),
            Some(
                entralint(&corpus.array)
                    .named("entralint --jobs 1")
                    .with(&["--jobs", "1"]),
            ),
            Some(myself("IgnoredAny", &["--ignored-any"], &corpus.array)),
            installed("jq empty", "jq", &["empty"], &corpus.array),
            installed("cat", "cat", &[], &corpus.array),
        ],
    )?;
    let pretty = field.seconds("entralint");
    goals.push(Goal::new(
        "array: time / IgnoredAny",
        field.ratio("entralint", "IgnoredAny"),
        1.5,
    ));
    goals.push(Goal::new(
        "array: time / jq empty",
        field.ratio("entralint", "jq empty"),
        1.0 / 12.0,
    ));
    goals.push(Goal::new(
        "array: peak memory, MiB",
        field.peak("entralint"),
        64.0,
    ));
    goals.push(Goal::new(
        "array: time on two cores / on one",
        field.ratio("entralint", "entralint --jobs 1"),
        1.0 / 1.5,
    ));

    for (name, path) in [("minified", &corpus.minified), ("NDJSON", &corpus.lines)] {
        let field = Field::run(
            &format!("the same, {name}"),
            Some(fs::metadata(path)?.len()),
            rounds,
            [
                Some(entralint(path)),
                Some(myself("IgnoredAny", &["--ignored-any"], path)),
            ],
        )?;
        let time = field.seconds("entralint");
        let ratio = time.zip(pretty).map(|(time, pretty)| time / pretty);
        goals.push(Goal::new(&format!("{name}: time / array"), ratio, 1.3));
    }

    let field = Field::run(
        "the same, 30 % with mistakes",
        Some(fs::metadata(&corpus.dirty)?.len()),
        rounds,
        [
            Some(entralint(&corpus.dirty)),
            Some(entralint(&corpus.array).named("1 % with mistakes")),
        ],
    )?;
    goals.push(Goal::new(
        "30 % with mistakes: time / 1 %",
        field.ratio("entralint", "1 % with mistakes"),
        2.0,
    ));

    let field = Field::run(
        "a collector's tree",
        None,
        rounds,
        [
            Some(entralint(&corpus.tree)),
            installed("rg -l", "rg", &["-l", "--no-ignore", TWINS], &corpus.tree),
            installed("grep -rl", "grep", &["-rl", TWINS], &corpus.tree),
        ],
    )?;
    goals.push(Goal::new(
        "tree: time / rg -l",
        field.ratio("entralint", "rg -l"),
        1.5,
    ));
    goals.push(Goal::new(
        "tree: peak memory, MiB",
        field.peak("entralint"),
        64.0,
    ));

    documents::role_assignments(&corpus, rounds, &mut goals)?;
    documents::together(&corpus, rounds, &mut goals)?;

    let manifest =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tenants/procedure/app.json");
    let field = Field::run(
        "one manifest",
        None,
        rounds * 10,
        [
            Some(entralint(&manifest)),
            Some(myself("an empty process", &["--empty"], Path::new(""))),
            installed("rg", "rg", &["-l", TWINS], &manifest),
        ],
    )?;
    let beyond = field
        .difference("entralint", "an empty process")
        .map(|seconds| seconds * 1e3);
    goals.push(Goal::new(
        "manifest: ms beyond an empty process",
        beyond,
        3.0,
    ));

    report(&goals);
    Ok(())
}

fn number(name: &str, default: usize) -> Outcome<usize> {
    match std::env::var(name) {
        Ok(text) => Ok(text
            .parse()
            .map_err(|_| format!("{name}={text}: no number"))?),
        Err(_) => Ok(default),
    }
}

// ---- contenders ---------------------------------------------------------------------------------

fn entralint(path: &Path) -> Contender {
    let words = ["check", "--no-config", "--now", NOW, "--format", "concise"];
    // 1: the corpus has faults.
    Contender::new("entralint", env!("CARGO_BIN_EXE_entralint"), &words, path).may_exit(&[0, 1])
}

fn myself(name: &str, words: &[&str], path: &Path) -> Contender {
    let program = std::env::current_exe().expect("a program knows where it is");
    Contender::new(name, program, words, path)
}

fn installed(name: &str, program: &str, words: &[&str], path: &Path) -> Option<Contender> {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        println!("{program} is not installed: left out");
    }
    // 1: a search that found nothing.
    there.then(|| Contender::new(name, program, words, path).may_exit(&[0, 1]))
}

// ---- goals --------------------------------------------------------------------------------------

/// A number that must not be larger than another.
struct Goal {
    what: String,
    measured: Option<f64>,
    limit: f64,
}

impl Goal {
    fn new(what: &str, measured: Option<f64>, limit: f64) -> Goal {
        Goal {
            what: what.to_owned(),
            measured,
            limit,
        }
    }
}

fn report(goals: &[Goal]) {
    println!("| goal | measured | at most | |\n|---|---:|---:|---|");
    for Goal {
        what,
        measured,
        limit,
    } in goals
    {
        match measured {
            None => println!("| {what} | | {limit:.3} | not measured |"),
            Some(measured) => {
                let verdict = if measured <= limit { "pass" } else { "MISS" };
                println!("| {what} | {measured:.3} | {limit:.3} | {verdict} |");
            }
        }
    }
}

// ---- corpus -------------------------------------------------------------------------------------

/// A number for the generator as it is: another one may write something else.
fn generator() -> Outcome<u64> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/corpus");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

struct Corpus {
    applications: usize,
    array: PathBuf,
    dirty: PathBuf,
    minified: PathBuf,
    lines: PathBuf,
    tree: PathBuf,
    assignments: PathBuf,
    tenant: PathBuf,
}

impl Corpus {
    fn files(&self) -> usize {
        (self.applications / 5).max(1)
    }

    /// Makes what is not there from an earlier run of the same generator.
    fn make(applications: usize) -> Outcome<Corpus> {
        let version = generator()?;
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-corpus");
        let folder = target.join(format!("{applications}-{version:016x}"));
        fs::create_dir_all(&folder)?;
        let corpus = Corpus {
            applications,
            array: folder.join("apps.json"),
            dirty: folder.join("apps.dirty.json"),
            minified: folder.join("apps.min.json"),
            lines: folder.join("apps.ndjson"),
            tree: folder.join("tree"),
            assignments: folder.join("role-assignments.json"),
            tenant: folder.join("tenant"),
        };
        let files = corpus.files();
        for (kind, path, count, faults) in [
            ("apps-array", &corpus.array, applications, 1),
            ("apps-array", &corpus.dirty, applications, 30),
            ("apps-minified", &corpus.minified, applications, 1),
            ("apps-ndjson", &corpus.lines, applications, 1),
            ("apps-tree", &corpus.tree, files, 1),
            // They carry none.
            (
                "role-assignments",
                &corpus.assignments,
                applications * 10,
                0,
            ),
            ("tenant", &corpus.tenant, files, 1),
        ] {
            if path.exists() {
                continue;
            }
            // Under another name until it is whole.
            let unfinished = path.with_extension("unfinished");
            if unfinished.is_dir() {
                fs::remove_dir_all(&unfinished)?;
            }
            let out = unfinished.to_str().ok_or("the folder's name is no text")?;
            let [count, seed] = [count.to_string(), SEED.to_string()];
            let faults = faults.to_string();
            let words = [
                kind, "--count", &count, "--seed", &seed, "--faults", &faults, "--out", out,
            ];
            corpus::write(words.into_iter().map(str::to_owned))?;
            fs::rename(&unfinished, path)?;
        }
        Ok(corpus)
    }
}
