//! What stops a run leaves no half report and nothing beside it: Ctrl-C, the agent of a pipeline that
//! cancels a job, a machine that has no more memory.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rules");

/// A run that writes to `report.json` and to a pipe.
fn start(folder: &Path, input: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args(["check", "--no-config", "--now", "2026-11-23", input])
        .args(["--format", "json=report.json", "--format", "json"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
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
        let temp = tempfile::tempdir().expect("a folder");
        fs::write(temp.path().join("report.json"), "old").expect("it is written");
        let mut child = start(temp.path(), FIXTURES);
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
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("report.json"), "old").expect("it is written");
    let mut child = start(temp.path(), "-");
    let mut input = child.stdin.take().expect("a pipe");
    // More than a pipe holds: when it is written, the program has begun to read.
    input.write_all(b"[{\"appId\":\"").expect("it reads");
    input.write_all(&[b'0'; 200_000]).expect("it reads");
    assert_eq!(stop(child, 2), Some(2));
    untouched(temp.path());
}
