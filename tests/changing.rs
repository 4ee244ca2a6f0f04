//! Files that are replaced, rewritten, touched or removed between the two readings of a run: what
//! is told fits what was judged, the rest is named, and nothing else is lost.

mod common;

use std::ffi::OsString;
use std::fs::{self, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use common::run::{Keeper, access_settings, settings};
use entralint::engine::{Progress, run};
use entralint::report::Reported;
use entralint::report::access::AccessJson;

/// A complete application with an expired secret, from the fixtures.
fn application() -> String {
    fs::read_to_string("fixtures/rules/secret-expired/bad.json").expect("a fixture")
}

/// The same application under another name of the same length.
fn other_application() -> String {
    let other = application().replace("Payroll Sync", "Payroll Sink");
    assert_ne!(other, application());
    other
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path
}

fn modified(path: &Path) -> SystemTime {
    let data = fs::metadata(path).expect("a file");
    data.modified().expect("its time")
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = fs::File::options().write(true).open(path);
    let set = file.and_then(|file| file.set_times(FileTimes::new().set_modified(time)));
    set.expect("another time");
}

/// What `check` tells of these paths when `meanwhile` runs between the two readings: findings, and
/// what could not be told.
fn check(paths: &[&Path], meanwhile: impl FnOnce()) -> (Vec<Reported>, Vec<String>) {
    let words = ["--no-config".as_ref()].into_iter();
    let words = words.chain(paths.iter().map(|path| path.as_os_str()));
    let settings = settings(words.map(OsString::from));
    let run = run(&settings, &Progress::default());
    assert!(!run.incomplete);
    meanwhile();
    let mut keeper = Keeper::default();
    let troubles = run.tell(&mut keeper, &mut io::sink()).expect("it is told");
    let troubles = troubles.iter().map(ToString::to_string).collect();
    (keeper.findings, troubles)
}

fn are_of<'f>(findings: &'f [Reported], file: &str) -> Vec<&'f Reported> {
    let is_of = |found: &&Reported| found.location.path.ends_with(file);
    findings.iter().filter(is_of).collect()
}

fn assert_says_so(troubles: &[String], file: &str) {
    assert_eq!(troubles.len(), 1, "{troubles:?}");
    let end = format!("{file} changed while it was read; run again");
    assert!(troubles[0].ends_with(&end), "{troubles:?}");
}

#[test]
fn a_file_that_is_replaced_meanwhile_is_told() {
    let temp = tempfile::tempdir().expect("a folder");
    let good = write(temp.path(), "good.json", &application());
    let path = write(temp.path(), "app.json", &application());
    let other = "x".repeat(application().len());
    for now in [Some(""), Some("{}"), Some(&other), None] {
        fs::write(&path, application()).expect("a file");
        let (findings, troubles) = check(&[&path, &good], || match now {
            Some(now) => fs::write(&path, now).expect("a file"),
            None => fs::remove_file(&path).expect("no file"),
        });
        assert_says_so(&troubles, "app.json");
        let good = are_of(&findings, "good.json");
        assert!(good.iter().any(|found| found.rule.id == "secret-expired"));
        assert_eq!(good.len(), findings.len(), "{now:?}");
    }
}

#[test]
fn another_text_with_as_many_findings_is_told() {
    let temp = tempfile::tempdir().expect("a folder");
    let path = write(temp.path(), "app.json", &application());
    let at = modified(&path);
    // Neither its length nor its time tells: only the text itself does.
    let (findings, troubles) = check(&[&path], || {
        fs::write(&path, other_application()).expect("a file");
        set_modified(&path, at);
    });
    assert_says_so(&troubles, "app.json");
    assert!(findings.is_empty());
    // Nor does a blank more, which moves what stands behind it.
    let text = application();
    let moved = text.replacen("\"addIns\": [],", "\"addIns\":  [],", 1);
    assert_eq!(moved.len(), text.len() + 1);
    write(temp.path(), "app.json", &text);
    let (findings, troubles) = check(&[&path], || {
        fs::write(&path, &moved).expect("a file");
    });
    assert_says_so(&troubles, "app.json");
    assert!(findings.is_empty());
}

#[test]
fn what_did_not_change_is_told_all_the_same() {
    let temp = tempfile::tempdir().expect("a folder");
    let lines = |text: &str| text.replace(['\n', '\r'], " ");
    let (app, other) = (lines(&application()), lines(&other_application()));
    let path = write(
        temp.path(),
        "apps.ndjson",
        &format!("{app}\n{app}\n{app}\n"),
    );
    let of_line = |findings: &[Reported], line: u64| {
        let findings = findings.iter().filter(|f| f.location.record == Some(line));
        findings
            .filter(|found| found.rule.id == "secret-expired")
            .count()
    };
    // One of three records.
    let (findings, troubles) = check(&[&path], || {
        fs::write(&path, format!("{app}\n{other}\n{app}\n")).expect("a file");
    });
    assert_says_so(&troubles, "apps.ndjson");
    assert_eq!([1, 2, 3].map(|line| of_line(&findings, line)), [1, 0, 1]);
    // None: what was told of is as it was, whatever came behind it.
    write(temp.path(), "apps.ndjson", &format!("{app}\n{other}\n"));
    let (findings, troubles) = check(&[&path], || {
        fs::write(&path, format!("{app}\n{other}\n{app}\n")).expect("a file");
    });
    let joined = |found: &Reported| found.rule.id == "conflicting-objects";
    assert_eq!([1, 2, 3].map(|line| of_line(&findings, line)), [1, 1, 0]);
    assert_eq!(findings.iter().filter(|f| joined(f)).count(), 1);
    assert_eq!(troubles, Vec::<String>::new());
    let (findings, troubles) = check(&[&path], || {
        set_modified(&path, SystemTime::now() + Duration::from_secs(7));
    });
    assert_eq!([1, 2, 3].map(|line| of_line(&findings, line)), [1, 1, 1]);
    assert_eq!(troubles, Vec::<String>::new());
}

/// What only several documents tell stands in records of which nothing else was found.
#[test]
fn what_documents_tell_together_is_held_to_their_files() {
    let temp = tempfile::tempdir().expect("a folder");
    let from = Path::new("fixtures/rules/role-orphaned/bad-complete-exports");
    for entry in fs::read_dir(from).expect("a fixture").flatten() {
        fs::copy(entry.path(), temp.path().join(entry.file_name())).expect("a copy");
    }
    let path = temp.path().join("role-assignments.json");
    let before = fs::read_to_string(&path).expect("a fixture");
    let orphans = |findings: &[Reported]| {
        let orphans = findings.iter().filter(|f| f.rule.id == "role-orphaned");
        orphans.count()
    };
    let (findings, troubles) = check(&[temp.path()], || {});
    let all = orphans(&findings);
    assert!(all > 0);
    assert_eq!(troubles, Vec::<String>::new());
    let after = before.replace("rg-factory", "rg-victory");
    assert_ne!(after, before);
    let later = modified(&path) + Duration::from_secs(1);
    let (findings, troubles) = check(&[temp.path()], || {
        fs::write(&path, &after).expect("a file");
        set_modified(&path, later);
    });
    assert_says_so(&troubles, "role-assignments.json");
    // Who is orphaned was known before; only where that stands is not certain.
    assert_eq!(orphans(&findings), all);
}

#[test]
fn verdicts_are_held_to_their_files() {
    let temp = tempfile::tempdir().expect("a folder");
    let path = write(temp.path(), "app.json", &application());
    let words = ["--no-config".into(), path.clone().into_os_string()];
    let settings = access_settings(words);
    let run = run(&settings, &Progress::default());
    fs::write(&path, other_application()).expect("a file");
    set_modified(&path, modified(&path) + Duration::from_secs(1));
    let told = run.access(&mut AccessJson::new(), &mut io::sink());
    assert!(told.expect("it is told").is_some());
    let changed: Vec<String> = run.changed().map(|trouble| trouble.to_string()).collect();
    assert_says_so(&changed, "app.json");
}
