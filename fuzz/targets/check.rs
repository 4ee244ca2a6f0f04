//! `entralint check` on any files, with every format: no panic, no rule that fails, and whatever
//! the files hold, each report is what its reader takes it for, holds nothing that a terminal or a
//! CI system obeys, and is no longer than its findings explain.
#![no_main]

use std::io;
use std::sync::{LazyLock, Mutex};

use entralint::engine::{Progress, run};
use entralint::json::schema::Schema;
use entralint::json::{Tape, read};
use entralint::report::{Format, HumanOptions};
use entralint_fuzz::common::page::{assert_links, pieces};
use entralint_fuzz::common::parsers::assert_harmless;
use entralint_fuzz::common::run::settings;
use entralint_fuzz::desk::Desk;
use entralint_fuzz::readers::check_all;
use entralint_fuzz::tee::Tee;
use entralint_fuzz::{hash, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

/// What a report is of no findings at all: the page and the rules of SARIF.
const FRAME: usize = 768 * 1024;
/// What one finding adds at most: every text of an input is cut.
const EACH: usize = 48 * 1024;

static DESK: LazyLock<Mutex<Desk>> = LazyLock::new(Mutex::default);

fuzz_target!(|data: &[u8]| {
    let mut desk = DESK.lock().expect("one target, one thread");
    desk.put_all(data);
    let choice = hash(data);
    let mut words = vec!["--no-config"];
    let mut add = |bit: u32, more: &[&'static str]| {
        if choice >> bit & 1 == 1 {
            words.extend(more);
        }
    };
    add(0, &["--persona", "audit"]);
    add(1, &["--all-apps"]);
    add(2, &["--jobs", "1"]);
    add(3, &["--statistics"]);
    add(4, &["--profile", "entra"]);
    let folder = desk.folder().to_str().expect("a path");
    words.push(folder);
    let settings = settings(words);
    let run = run(&settings, &Progress::default());
    assert_eq!(
        run.troubles().count(),
        0,
        "{:?}",
        run.troubles().collect::<Vec<_>>()
    );
    let options = HumanOptions {
        verbose: (choice >> 8 & 3) as u8,
        width: [40, 80, 200][(choice >> 16) as usize % 3],
        ..HumanOptions::default()
    };
    // A part of the formats for each input, which the input decides; seldom those that begin with
    // half a megabyte of our own.
    let mut tee = Tee::new(&options, folder, |at| {
        let dice = choice.rotate_right(7 * at as u32);
        match Format::ALL[at] {
            Format::Sarif | Format::Html => dice & 15 == 0,
            _ => dice & 3 == 0,
        }
    });
    let told = run
        .tell(&mut tee, &mut io::sink())
        .expect("a buffer takes everything");
    assert!(told.is_empty(), "{told:?}");
    let findings = &tee.keeper.findings;
    let most = FRAME + EACH * findings.len() + 8 * data.len();
    assert!(findings.len() <= data.len() + 500);
    for (format, _, bytes) in tee.reports {
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(text.len() <= most, "{format:?}: {} bytes", text.len());
        match format {
            // Their own commands are to be obeyed; `check_all` knows which.
            Format::Github | Format::Azure => {}
            Format::Csv => assert_harmless(&text.replace("\r\n", "\n")),
            _ => assert_harmless(&text),
        }
        match format {
            Format::Json => {
                let mut tape = Tape::default();
                read::parse(&text, 0, &mut tape).expect("JSON");
                let faults = Schema::Report.faults(tape.root(&text), 3);
                assert!(faults.is_empty(), "{faults:?}");
                assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
            }
            Format::Sarif | Format::Gitlab => {
                serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
            }
            Format::Ndjson => {
                assert_eq!(text.lines().count(), findings.len() + 1);
                for line in text.lines() {
                    serde_json::from_str::<serde_json::Value>(line).expect("JSON");
                }
            }
            Format::Html => {
                // None but its own elements, and links to where they should lead.
                assert_links(&pieces(&text));
            }
            _ => {}
        }
    }
    let outcome = tee.keeper.outcome.as_ref().expect("begin and end");
    assert_eq!(outcome.tally.total(), findings.len() as u64);
    for found in findings {
        let place = &found.location;
        assert!(place.start <= place.end && place.end.offset <= 3 * data.len() as u64);
        assert!(!found.message.contains(['\n', '\r']));
    }
    if choice >> 40 & 15 == 0 {
        check_all(outcome, findings);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::files(data, size, max_size, seed)
});
