//! Fifty thousand findings: every format keeps to the limits of those who read it, and memory does
//! not grow with what is said.

mod common;

use std::io::{self, Write};

use common::{File, finding, outcome, rule};
use entralint::report::{Format, HumanOptions, Outcome, Place, Reported};
use entralint::rules::Severity;

const MANY: u64 = 50_000;

/// What a report writes, as far as a limit is about it.
#[derive(Default)]
struct Count {
    bytes: u64,
    lines: u64,
    kept: Vec<u8>,
    keep: bool,
}

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        self.lines += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        if self.keep {
            self.kept.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn severity(number: u64) -> Severity {
    match number % 5 {
        0 => Severity::Error,
        1 | 2 => Severity::Warning,
        _ => Severity::Info,
    }
}

fn one(place: &Place, number: u64) -> Reported {
    let mut place = place.clone();
    place.start.line = number + 1;
    place.end.line = number + 1;
    // A few findings come twice.
    let print = format!("{:032x}", number - number % 100 / 99);
    let mut finding = finding(rule("implicit-grant"), &format!("finding {number}"), place);
    finding.severity = severity(number);
    finding.fingerprint = print;
    finding
}

fn tell(format: Format, keep: bool) -> Count {
    let place = File::new("exports/apps.json", "[{}]").place("{}", "here");
    let mut outcome: Outcome = outcome();
    for number in 0..MANY {
        outcome.tally.add(severity(number));
    }
    let mut count = Count {
        keep,
        ..Count::default()
    };
    let mut report = format.report(&HumanOptions::default(), "");
    report.begin(&outcome, &mut count).expect("it takes all");
    for number in 0..MANY {
        report
            .finding(&one(&place, number), &mut count)
            .expect("it takes all");
    }
    report.end(&outcome, &mut count).expect("it takes all");
    count
}

#[test]
fn sarif_keeps_the_most_severe_and_says_what_it_cut() {
    let log = tell(Format::Sarif, true).kept;
    let log: serde_json::Value = serde_json::from_slice(&log).expect("JSON");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 25_000);
    let of = |level: &str| results.iter().filter(|it| it["level"] == level).count();
    assert_eq!(
        (of("error"), of("warning"), of("note")),
        (10_000, 15_000, 0)
    );
    assert!(results[..10_000].iter().all(|it| it["level"] == "error"));
    let said = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    let said = said.as_str().expect("a notification");
    assert!(
        said.starts_with("25,000 results of 50,000 are left out"),
        "{said}"
    );
    let mut prints: Vec<&str> = results
        .iter()
        .filter_map(|it| it["partialFingerprints"]["primaryLocationLineHash"].as_str())
        .collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), results.len());
}

#[test]
fn a_comment_has_room_for_it() {
    let text = tell(Format::Markdown, true).kept;
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(text.chars().count() <= 65_536);
    assert!(text.starts_with("## entralint: 10,000 errors, 20,000 warnings, 20,000 infos\n"));
    let shown = text.matches("\n- **[").count();
    let cut = MANY as usize - shown;
    let said = format!(
        "\n{},{:03} findings not shown here: ",
        cut / 1000,
        cut % 1000
    );
    assert!(shown > 200 && text.contains(&said), "{shown}: {said}");
}

#[test]
fn a_runner_gets_no_more_annotations_than_it_shows() {
    for (format, mark, wanted) in [
        (Format::Github, "::", 30),
        (Format::Azure, "##vso[task.logissue ", 20),
    ] {
        let text = String::from_utf8(tell(format, true).kept).expect("UTF-8");
        let commands = text.lines().filter(|line| line.starts_with(mark)).count();
        assert_eq!(commands, wanted);
        // The others are lines of the log; the last words are the summary's.
        let lines = MANY as usize + 1 + usize::from(format == Format::Azure);
        assert_eq!(text.lines().count(), lines);
        assert!(text.contains("\nentralint: 10,000 errors, 20,000 warnings, 20,000 infos; "));
    }
}

#[test]
fn the_others_say_all() {
    for (format, lines) in [(Format::Csv, MANY + 1), (Format::Gitlab, MANY + 2)] {
        assert_eq!(tell(format, false).lines, lines, "{format:?}");
    }
    let junit = tell(Format::Junit, true).kept;
    let junit = String::from_utf8(junit).expect("UTF-8");
    assert_eq!(junit.matches("<testcase ").count() as u64, MANY);
    assert!(junit.contains(" tests=\"50000\" failures=\"30000\" errors=\"0\""));
}
