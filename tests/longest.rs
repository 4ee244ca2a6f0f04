//! How long a record may be: to the byte, in every layout, whoever reads it. And what a long one
//! costs.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io;

use common::run::{Keeper, settings};
use entralint::engine::{Progress, run};
use entralint::input::LONGEST_RECORD;
use entralint::report::Reported;

/// An application with an expired secret on one line.
fn application() -> String {
    let text = fs::read_to_string("fixtures/rules/secret-expired/bad.json").expect("a fixture");
    text.replace(['\n', '\r'], " ").trim().to_owned()
}

/// The same of so many bytes, blanks between its members.
fn of_length(len: usize) -> String {
    let app = application();
    let blanks = " ".repeat(len - app.len());
    let text = app.replacen(',', &format!("{blanks},"), 1);
    assert_eq!(text.len(), len);
    text
}

/// What is found in `text` where no record may be longer than `longest`.
fn found(name: &str, text: &str, longest: usize, jobs: &str) -> Vec<Reported> {
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join(name);
    fs::write(&path, text).expect("a file");
    let words = ["--no-config", "--jobs", jobs].map(Into::into);
    let mut settings = settings(words.into_iter().chain([path.into_os_string()]));
    assert_eq!(settings.longest_record, LONGEST_RECORD);
    settings.longest_record = longest;
    let run = run(&settings, &Progress::default());
    let mut keeper = Keeper::default();
    let troubles = run.tell(&mut keeper, &mut io::sink()).expect("it is told");
    assert!(troubles.is_empty(), "{troubles:?}");
    let unread = keeper
        .findings
        .iter()
        .any(|f| f.rule.id == "unreadable-input");
    assert_eq!(run.incomplete, unread);
    keeper.findings
}

fn assert_holds(name: &str, make: impl Fn(&str) -> String, longest: usize) {
    let expired = |findings: &[Reported]| {
        let findings = findings.iter().filter(|f| f.rule.id == "secret-expired");
        findings.count()
    };
    let unread = |findings: &[Reported]| {
        let unread = findings.iter().find(|f| f.rule.id == "unreadable-input");
        unread.map(|found| found.message.clone())
    };
    for jobs in ["1", "3"] {
        let just = found(name, &make(&of_length(longest)), longest, jobs);
        assert_eq!(unread(&just), None, "{name} {longest}");
        let all = make("").matches("Payroll Sync").count() + 1;
        assert_eq!(expired(&just), all, "{name} {longest}");
        let more = found(name, &make(&of_length(longest + 1)), longest, jobs);
        let said = unread(&more).expect(name);
        let reason = format!("one record in it is longer than {longest} bytes");
        assert!(said.contains(&reason), "{said}");
    }
}

#[test]
fn a_record_may_be_so_long_and_no_longer() {
    let app = application();
    // Below the size of a piece, of a few pieces, and of so many that a list is cut anywhere.
    for longest in [app.len() + 1000, 700_001, 6_000_000] {
        assert_holds("whole.json", str::to_owned, longest);
        let lines = |long: &str| format!("{app}\n{long}\n{app}\n");
        assert_holds("lines.ndjson", lines, longest);
        let last = |long: &str| format!("{app}\n{long}");
        assert_holds("last.ndjson", last, longest);
        let list = |long: &str| format!("[\n  {app},\n  {long},\n  {app}\n]\n");
        assert_holds("list.json", list, longest);
        // One that never ends is too long before it is cut off.
        let open = format!("[\n  {app},\n  {{\"notes\": \"{}", "x".repeat(longest));
        let findings = found("open.json", &open, longest, "2");
        let rules: BTreeSet<&str> = findings.iter().map(|f| f.rule.id).collect();
        assert!(rules.contains("unreadable-input") && rules.contains("secret-expired"));
        assert!(!rules.contains("invalid-json"));
        let page = |long: &str| format!("{{\"value\": [{long}, {app}], \"x\": 1}}");
        assert_holds("page.json", page, longest);
    }
}

/// A fix asks for the layout of the document, which for a long one without line breaks took as long
/// as its values times its bytes.
#[test]
fn a_long_line_costs_no_more_than_many_short_ones() {
    let mut app: serde_json::Value = serde_json::from_str(&application()).expect("an application");
    let secrets = app["passwordCredentials"].as_array_mut().expect("secrets");
    *secrets = vec![secrets[0].clone(); 16_000];
    for (number, secret) in secrets.iter_mut().enumerate() {
        secret["keyId"] = format!("f2a9b666-7f44-4037-b069-{number:012x}").into();
        secret["remark"] = "x".repeat(800).into();
    }
    let cost = |text: &str| {
        let began = std::time::Instant::now();
        let findings = found("app.json", text, LONGEST_RECORD, "1");
        let took = began.elapsed();
        let fixes = findings.iter().filter(|found| found.fix.is_some());
        assert!(fixes.count() > 0);
        assert!(findings.len() > 16_000);
        took
    };
    let many = cost(&serde_json::to_string_pretty(&app).expect("JSON"));
    let one = cost(&app.to_string());
    assert!(one < 3 * many, "{one:?} for {many:?}");
}
