//! Large files are cut at guesses and read in parallel. The engine is built with pieces of 1 KiB
//! here (`input::PIECE`), so that a small input is a large file: whatever the number of workers
//! and the way it comes, the same is told, and in a list the findings of each record are those of
//! a reader that parses the whole text.
#![no_main]

use std::ffi::OsString;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use entralint::input::Encoding;
use entralint::json::{Tape, Value, read};
use entralint::judge::judge_text;
use entralint::model::Date;
use entralint::report::safe;
use entralint::rules::{Check, Filter, Persona, Rule, RuleSettings, Severity};
use entralint_fuzz::common::run::{NOW, Told, check};
use entralint_fuzz::desk::Desk;
use entralint_fuzz::{hash, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

/// Rules of everyone, as severe as they say.
struct Regular;

impl Filter for Regular {
    fn judge(&self, rule: &Rule, _: usize, severity: Severity) -> Option<Severity> {
        (rule.persona == Persona::Regular).then_some(severity)
    }
}

static DESK: LazyLock<Mutex<Desk>> = LazyLock::new(Mutex::default);

fn told(path: &Path, jobs: &str) -> Told {
    let words = ["--no-config", "--profile", "entra", "--jobs", jobs];
    check(words.map(OsString::from).into_iter().chain([path.into()]))
}

fuzz_target!(|data: &[u8]| {
    let desk = DESK.lock().expect("one target, one thread");
    let lines = hash(data).is_multiple_of(4);
    let name = if lines { "apps.ndjson" } else { "apps.json" };
    let path = desk.put(name, data);
    let one = told(&path, "1");
    assert!(one.troubles.is_empty(), "{:?}", one.troubles);
    let dump = one.dump();
    for jobs in ["2", "3"] {
        assert_eq!(told(&path, jobs).dump(), dump, "{jobs} jobs");
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    // As UTF-16, which is decoded into a copy: offsets count in UTF-8 all the same.
    // Before NUL its mark is that of UTF-32.
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    if Encoding::sniff(data).0 == Encoding::Utf8 && !bare.starts_with('\0') {
        let utf16 = bare.encode_utf16();
        let utf16 = std::iter::once(0xFEFF)
            .chain(utf16)
            .flat_map(u16::to_le_bytes);
        let path = desk.put(name, &utf16.collect::<Vec<u8>>());
        assert_eq!(told(&path, "2").dump(), dump, "as UTF-16");
    }
    if !lines && let Some(want) = slow(text) {
        // What only several records, or the file, tell is none of a single record's.
        let own = |rule: &Rule| {
            rule.checks.iter().all(Check::is_of_one_object) && rule.id != "export-truncated"
        };
        let found: Vec<(usize, &str, String)> = one
            .findings
            .iter()
            .filter(|found| own(found.rule))
            .map(|found| {
                let at = found.location.start.offset as usize;
                (at, found.rule.id, found.message.clone())
            })
            .collect();
        assert_eq!(found, want);
    }
});

/// Where each record of a list of applications has findings, by a reader that parses all of it.
/// `None` for anything else: what is no application may belong to the file as a whole.
fn slow(text: &str) -> Option<Vec<(usize, &'static str, String)>> {
    let mut tape = Tape::default();
    let end = read::parse(text, 0, &mut tape).ok()?;
    if read::skip_blanks(text.as_bytes(), end) != text.len() {
        return None;
    }
    let records: Vec<Value<'_>> = tape.root(text).elements().collect();
    let is_application = |value: &Value<'_>| {
        let has = |name| {
            value
                .get(name)
                .is_some_and(|value| value.as_str().is_some())
        };
        has("signInAudience") && has("id") && has("appId") && value.get("@odata.type").is_none()
    };
    if records.len() < 2 || !records.iter().all(is_application) {
        return None;
    }
    // The same object twice, and owners and the like inside of objects, are told of by joins.
    let mut ids: Vec<_> = records
        .iter()
        .filter_map(|value| value.get("id")?.as_str())
        .map(|id| id.trim().to_ascii_lowercase())
        .collect();
    ids.sort();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    let now = Date::parse(NOW).instant()?;
    let mut settings = RuleSettings::new(now);
    settings.profile = None;
    let mut out = Vec::new();
    for record in records {
        let start = record.span().start as usize;
        for finding in judge_text(record.raw(), &settings, &Regular).ok()? {
            let at = start + finding.span.start as usize;
            // As reports do, which show no secrets.
            let message = safe::hide(&finding.wording.message).into_owned();
            out.push((at, finding.rule.id, message));
        }
    }
    out.sort();
    Some(out)
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::files(data, size, max_size, seed)
});
