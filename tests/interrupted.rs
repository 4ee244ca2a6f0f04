//! A run that lasts says how far it is, and what stops it leaves no half report and nothing beside it:
//! Ctrl-C, the agent of a pipeline that cancels a job, a machine that has no more memory.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::signal::is_ignored;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rules");

/// A run that writes to `report.json` and to a pipe.
fn start(folder: &Path, input: &str, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args(["check", "--no-config", "--now", "2026-11-23", input])
        .args(["--format", "json=report.json", "--format", "json"])
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs")
}

fn stop(mut child: Child, signal: i32) -> Option<i32> {
    let words = [format!("-{signal}"), child.id().to_string()];
    let sent = Command::new("kill").args(words).status();
    assert!(sent.expect("kill").success());
    child.wait().expect("an end").signal()
}

/// The report of last time is still there, and nothing else.
fn untouched(folder: &Path) {
    let report = fs::read_to_string(folder.join("report.json")).expect("the old report");
    assert_eq!(report, "old");
    let names: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["report.json"]);
}

#[test]
fn in_the_middle_of_the_report() {
    for signal in [1, 2, 9, 15] {
        if is_ignored(signal) {
            continue;
        }
        let temp = tempfile::tempdir().expect("a folder");
        fs::write(temp.path().join("report.json"), "old").expect("it is written");
        let mut child = start(temp.path(), FIXTURES, &[]);
        // Once there is a byte, all reports have begun; nobody reads on, so none can end.
        let mut byte = [0];
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut byte).expect("a byte");
        // By the signal itself: a shell makes 130 of SIGINT, and ends its own loop.
        assert_eq!(stop(child, signal), Some(signal));
        untouched(temp.path());
    }
}

#[test]
fn while_it_reads() {
    if is_ignored(2) {
        return;
    }
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("report.json"), "old").expect("it is written");
    let mut child = start(temp.path(), "-", &[]);
    let mut input = child.stdin.take().expect("a pipe");
    // More than a pipe holds: when it is written, the program has begun to read.
    input.write_all(b"[{\"appId\":\"").expect("it reads");
    input.write_all(&[b'0'; 200_000]).expect("it reads");
    assert_eq!(stop(child, 2), Some(2));
    untouched(temp.path());
}

#[test]
fn says_how_far_it_is() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut child = start(temp.path(), "-", &["--progress", "always"]);
    let mut line = String::new();
    let mut said = BufReader::new(child.stderr.take().expect("a pipe"));
    said.read_line(&mut line).expect("a line");
    // No byte came yet: it is not the end that is told.
    assert_eq!(line, "entralint: 1 file, 0 kB read\n");
    assert_eq!(stop(child, 15), Some(15));
}
