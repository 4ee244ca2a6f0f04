//! `entralint access` on any files: no panic, three formats that are what they should be, and
//! nothing in them that a terminal or a CI system obeys.
#![no_main]

use std::sync::{LazyLock, Mutex};

use entralint::engine::{Progress, run};
use entralint::json::schema::Schema;
use entralint::json::{Tape, read};
use entralint::report::HumanOptions;
use entralint::report::access::{AccessHuman, AccessJson, AccessMarkdown, AccessReport};
use entralint_fuzz::common::parsers::assert_harmless;
use entralint_fuzz::common::run::access_settings;
use entralint_fuzz::desk::Desk;
use entralint_fuzz::{hash, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static DESK: LazyLock<Mutex<Desk>> = LazyLock::new(Mutex::default);

fuzz_target!(|data: &[u8]| {
    let mut desk = DESK.lock().expect("one target, one thread");
    desk.put_all(data);
    let choice = hash(data);
    let folder = desk.folder().to_str().expect("a path");
    let mut words = vec!["--no-config", folder];
    if choice & 1 == 1 {
        words.push("--all-apps");
    }
    let settings = access_settings(words);
    let run = run(&settings, &Progress::default());
    assert_eq!(
        run.troubles().count(),
        0,
        "{:?}",
        run.troubles().collect::<Vec<_>>()
    );
    let verbose = (choice >> 8 & 3) as u8;
    let human = HumanOptions {
        verbose,
        ..HumanOptions::default()
    };
    let mut last = None;
    let reports: [Box<dyn AccessReport>; 3] = [
        Box::new(AccessHuman::new(human)),
        Box::new(AccessMarkdown::new()),
        Box::new(AccessJson::new()),
    ];
    for mut report in reports {
        let mut out = Vec::new();
        let end = run
            .access(report.as_mut(), &mut out)
            .expect("a buffer takes everything");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_harmless(&text);
        let counts = end.map(|end| (end.asked, end.yes));
        assert!(counts.is_none_or(|(asked, yes)| yes <= asked));
        assert!(last.is_none_or(|last| last == counts), "formats differ");
        last = Some(counts);
        if counts.is_some() && text.starts_with('{') {
            let mut tape = Tape::default();
            read::parse(&text, 0, &mut tape).expect("JSON");
            let faults = Schema::Access.faults(tape.root(&text), 3);
            assert!(faults.is_empty(), "{faults:?}");
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::files(data, size, max_size, seed)
});
