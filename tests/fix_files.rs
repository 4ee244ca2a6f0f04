//! `--fix` and `--diff` as a process: what is written and what is refused, what is said, and the
//! exit codes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const BAD: &str = "fixtures/rules/permission-unwrapped/bad.json";

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A manifest that can be mended.
    fn bad(&self, name: &str) -> (PathBuf, String) {
        let text = fs::read_to_string(BAD).expect("a fixture");
        let path = self.path(name);
        fs::write(&path, &text).expect("it is written");
        (path, text)
    }

    fn run(&self, words: &[&str]) -> (Option<i32>, String, String) {
        told(&self.command(words).output().expect("the program runs"))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_entralint"));
        command
            .args([
                "check",
                "--now",
                "2026-11-23",
                "--no-config",
                "--color",
                "never",
            ])
            .args(words)
            .current_dir(self.folder.path())
            .env_clear();
        command
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("it is there")
}

#[test]
fn a_diff_changes_nothing_and_a_fix_what_it_shows() {
    let desk = Desk::new();
    let (path, text) = desk.bad("manifest.json");
    let (code, out, err) = desk.run(&["--diff", "manifest.json"]);
    assert_eq!(
        (code, err.as_str()),
        (Some(1), "1 finding in 1 file can be fixed\n")
    );
    assert!(
        out.starts_with("--- manifest.json\n+++ manifest.json\n@@ -1,9 +1,11 @@\n-{\n"),
        "{out}"
    );
    assert_eq!(read(&path), text);
    assert_eq!(desk.names(), ["manifest.json"]);

    let (code, out, err) = desk.run(&["--fix", "manifest.json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(
        out.contains(
            "Fixed\n  manifest.json: put the list around the entry (permission-unwrapped)\n"
        ),
        "{out}"
    );
    assert!(read(&path).starts_with("[\n    {\n        \"resourceAppId\""));
    assert_eq!(desk.names(), ["manifest.json"]);

    let nothing = (
        Some(0),
        String::new(),
        "nothing can be fixed for certain\n".to_owned(),
    );
    assert_eq!(desk.run(&["--diff", "manifest.json"]), nothing);
    assert_eq!(
        desk.run(&["--diff", "-q", "manifest.json"]),
        (Some(0), String::new(), String::new())
    );
}

#[test]
fn what_is_left_decides() {
    let desk = Desk::new();
    let from = "fixtures/tenants/first-steps/factory-twins.json";
    fs::copy(from, desk.path("a.json")).expect("a copy");
    let (code, out, err) = desk.run(&["--fix", "--format", "concise", "a.json"]);
    assert_eq!(
        (code, err.as_str()),
        (Some(1), "fixed 3 findings in 1 file\n")
    );
    assert!(
        out.contains("error[secret-expired]") && out.lines().count() == 2,
        "{out}"
    );
    let (code, ..) = desk.run(&["--fix", "--ignore", "secret-expired", "a.json"]);
    assert_eq!(code, Some(0));
    let (code, _, err) = desk.run(&["--diff", "none.json"]);
    assert_eq!(code, Some(2), "{err}");
    fs::create_dir(desk.path("empty")).expect("a folder");
    let (code, ..) = desk.run(&["--diff", "empty"]);
    assert_eq!(code, Some(3));
}

#[test]
fn the_choice_is_one_or_the_other() {
    let desk = Desk::new();
    desk.bad("a.json");
    for words in [
        &["--fix", "--diff", "a.json"][..],
        &["--diff", "--format", "json", "a.json"],
    ] {
        let (code, out, err) = desk.run(words);
        assert_eq!((code, out.as_str()), (Some(2), ""));
        assert!(err.contains("cannot be used with"), "{err}");
    }
}

#[test]
fn what_can_be_read_once_is_refused() {
    let desk = Desk::new();
    let (_, text) = desk.bad("a.json");
    for option in ["--fix", "--diff"] {
        let mut command = desk.command(&[option, "a.json", "-"]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // It may be gone already.
        let _ = stdin.write_all(text.as_bytes());
        drop(stdin);
        let (code, out, err) = told(&child.wait_with_output().expect("it ends"));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(
            err.contains("standard input can be read only once"),
            "{err}"
        );
    }
    assert_eq!(read(&desk.path("a.json")), text);
    let (code, _, err) = desk.run(&["--fix", "/dev/null"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("/dev/null can be read only once"), "{err}");
}

#[test]
fn a_file_named_twice_is_written_once() {
    let desk = Desk::new();
    let (path, _) = desk.bad("a.json");
    let absolute = path.to_string_lossy().into_owned();
    let (code, _, err) = desk.run(&["--fix", "a.json", "./a.json", &absolute]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(read(&path).matches("resourceAppId").count(), 1);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        let data = fs::metadata(path).expect("it is there");
        data.permissions().mode() & 0o7777
    }

    #[test]
    fn the_mode_stays() {
        let desk = Desk::new();
        let (path, _) = desk.bad("a.json");
        for bits in [0o640, 0o755, 0o600] {
            let (path, _) = desk.bad("a.json");
            fs::set_permissions(&path, fs::Permissions::from_mode(bits)).expect("it is ours");
            assert_eq!(desk.run(&["--fix", "a.json"]).0, Some(0));
            assert_eq!(mode(&path), bits);
        }
        assert!(read(&path).starts_with('['));
    }

    #[test]
    fn what_is_read_only_stays_and_is_named() {
        let desk = Desk::new();
        let (path, text) = desk.bad("closed.json");
        let (open, _) = desk.bad("open.json");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("it is ours");
        let (code, out, err) = desk.run(&["--fix", "."]);
        assert_eq!(code, Some(2));
        assert_eq!(
            err,
            "error: closed.json was not mended and is as it was: it is read-only; make it writable \
             and run again\n"
        );
        // The report tells what holds now.
        assert!(
            out.contains("error[permission-unwrapped]") && out.contains("closed.json:1:1"),
            "{out}"
        );
        assert!(
            out.contains("  open.json: put the list") && !out.contains("  closed.json: put"),
            "{out}"
        );
        assert_eq!(read(&path), text);
        assert_eq!(mode(&path), 0o444);
        assert!(read(&open).starts_with('['));
        assert_eq!(desk.names(), ["closed.json", "open.json"]);
        // To show what would change, nothing needs to be writable.
        assert_eq!(desk.run(&["--diff", "closed.json"]).0, Some(1));
    }

    #[test]
    fn of_a_link_the_file_is_written() {
        let desk = Desk::new();
        fs::create_dir(desk.path("there")).expect("a folder");
        let (target, _) = desk.bad("there/real.json");
        let link = desk.path("link.json");
        symlink("there/real.json", &link).expect("a link");
        assert_eq!(desk.run(&["--fix", "link.json"]).0, Some(0));
        let data = fs::symlink_metadata(&link).expect("it is there");
        assert!(data.file_type().is_symlink());
        assert!(read(&target).starts_with('['));
        // Found by walking, a link is not followed.
        let (target, text) = desk.bad("there/real.json");
        fs::create_dir(desk.path("walked")).expect("a folder");
        symlink("../there/real.json", desk.path("walked/link.json")).expect("a link");
        desk.run(&["--fix", "walked"]);
        assert_eq!(read(&target), text);
    }

    #[test]
    fn a_pipe_is_not_opened() {
        let desk = Desk::new();
        let made = Command::new("mkfifo").arg(desk.path("pipe")).status();
        if !made.is_ok_and(|status| status.success()) {
            return;
        }
        // Nobody writes into it: opening it would wait for ever.
        let (code, _, err) = desk.run(&["--fix", "pipe"]);
        assert_eq!(code, Some(2));
        assert!(err.contains("pipe can be read only once"), "{err}");
    }
}

/// A live secret in a manifest is in the lines around a change.
#[test]
fn no_secret_is_shown() {
    let desk = Desk::new();
    let text = "{\n  \"appId\": \"5387b929-0f4e-468d-906b-cf946dcf83a1\",\n  \"displayName\": \"Contoso \u{202e}x\",\n  \"passwordCredentials\": [\n    {\n      \"secretText\": \"CANARY-8Q~abc\"\n    }\n  ],\n  \"signInAudience\": \"AzureADMultipleOrgs\"\n}\n";
    fs::write(desk.path("a.json"), text).expect("it is written");
    let (code, out, err) = desk.run(&["--diff", "a.json"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        out.contains("+  \"signInAudience\": \"AzureADMyOrg\"\n"),
        "{out}"
    );
    assert!(
        !out.contains("CANARY") && !out.contains('\u{202e}'),
        "{out}"
    );
    desk.run(&["--fix", "a.json"]);
    let after = text.replace("AzureADMultipleOrgs", "AzureADMyOrg");
    assert_eq!(read(&desk.path("a.json")), after);
}
