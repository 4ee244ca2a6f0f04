//! `--fix` on any file: what it writes is JSON, differs from the file only where a finding said it
//! would, and a second run changes nothing. What it refuses stays byte for byte.
#![no_main]

use std::ffi::OsString;
use std::fs;
use std::sync::{LazyLock, Mutex};

use entralint::report::{Fix, Replacement};
use entralint_fuzz::common::run::{Told, check, check_and_fix};
use entralint_fuzz::desk::Desk;
use entralint_fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static DESK: LazyLock<Mutex<Desk>> = LazyLock::new(Mutex::default);

fn fixes(told: &Told) -> Vec<&Fix> {
    told.findings
        .iter()
        .filter_map(|found| found.fix.as_ref())
        .collect()
}

/// The text with these changes made; `None` where two of them meet.
fn made(text: &str, mut changes: Vec<&Replacement>) -> Option<String> {
    changes.sort_by_key(|change| (change.start.offset, change.end.offset));
    let (mut out, mut from) = (String::new(), 0);
    for change in changes {
        out += text.get(from..change.start.offset as usize)?;
        out += &change.text;
        from = change.end.offset as usize;
    }
    Some(out + text.get(from..)?)
}

fuzz_target!(|data: &[u8]| {
    let desk = DESK.lock().expect("one target, one thread");
    let path = desk.put("manifest.json", data);
    let words = |more: &[&str]| -> Vec<OsString> {
        let words = ["--no-config"].iter().chain(more).map(OsString::from);
        words.chain([path.clone().into()]).collect()
    };
    let before = check(words(&[]));
    let told = check_and_fix(words(&["--fix"]));
    let after = fs::read(&path).expect("it is there");
    if told.outcome.fixed.is_empty() {
        assert!(after == data, "nothing was mended, but the file is another");
        return;
    }
    assert!(
        told.troubles.is_empty() || after == data,
        "{:?}",
        told.troubles
    );
    assert!(!fixes(&before).is_empty());
    let again = check_and_fix(words(&["--fix"]));
    assert!(again.outcome.fixed.is_empty(), "{:?}", again.outcome.fixed);
    assert!(
        fs::read(&path).expect("it is there") == after,
        "twice is not once"
    );
    let (Ok(text), Ok(result)) = (std::str::from_utf8(data), std::str::from_utf8(&after)) else {
        return;
    };
    if text.contains('\0') {
        return;
    }
    let mark = text.starts_with('\u{feff}');
    assert_eq!(mark, result.starts_with('\u{feff}'));
    let bare = |text: &str| text.trim_start_matches('\u{feff}').to_owned();
    let (text, result) = (bare(text), bare(result));
    serde_json::from_str::<serde::de::IgnoredAny>(&result).expect("JSON");
    assert_eq!(text.ends_with('\n'), result.ends_with('\n'));
    // All in the first round: then what was said has changed and nothing else. Several of them may
    // move what lies inside of them, so of those the values count.
    let said = fixes(&before);
    if said.len() == told.outcome.fixed.len() {
        let changes = said.iter().flat_map(|fix| &fix.replacements).collect();
        let wanted = made(&text, changes);
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        match wanted {
            Some(wanted) if said.len() == 1 => assert_eq!(result, wanted),
            Some(wanted) if value(&wanted).is_some() => assert_eq!(value(&result), value(&wanted)),
            _ => {}
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::files(data, size, max_size, seed)
});
