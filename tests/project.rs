//! entralint in a repository: what `init` writes, and what a hook gets to hear.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn entralint(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// A folder with copies of fixtures, each named by where it comes from and what it is called.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (from, to) in files {
        let to = folder.path().join(to);
        fs::create_dir_all(to.parent().expect("a parent")).expect("a folder");
        fs::copy(Path::new("fixtures").join(from), to).expect("a fixture");
    }
    folder
}

const GOOD: (&str, &str) = ("tenants/procedure/app.json", "apps/twins.json");
const BAD: (&str, &str) = (
    "tenants/first-steps/factory-twins.json",
    "apps/factory.json",
);

#[test]
fn init_writes_what_it_found_and_check_reads_it() {
    let folder = folder(&[GOOD, BAD]);
    let done = entralint(folder.path(), &["init"]);
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(said.starts_with("wrote entralint.toml: profile azure-digital-twins; "));
    let path = folder.path().join("entralint.toml");
    let written = fs::read_to_string(&path).expect("it was written");
    insta::assert_snapshot!("init", written);
    // The registration made by the published procedure stays clean under what was guessed.
    let done = entralint(folder.path(), &["check", "apps/twins.json", "-q"]);
    assert_eq!(
        (done.status.code(), text(&done.stdout)),
        (Some(0), String::new())
    );
    let done = entralint(folder.path(), &["check", "apps/factory.json"]);
    assert_eq!(done.status.code(), Some(1));
}

#[test]
fn init_never_writes_over_anything() {
    let folder = folder(&[GOOD]);
    let path = folder.path().join("entralint.toml");
    fs::write(&path, "fail-on = \"never\"\n").expect("a configuration");
    let done = entralint(folder.path(), &["init", "."]);
    assert_eq!(done.status.code(), Some(2));
    assert!(
        text(&done.stderr).starts_with("error: there is a configuration already: entralint.toml\n")
    );
    assert_eq!(
        fs::read_to_string(&path).expect("it is there"),
        "fail-on = \"never\"\n"
    );
    #[cfg(unix)]
    {
        fs::remove_file(&path).expect("removed");
        std::os::unix::fs::symlink("elsewhere.toml", &path).expect("a link");
        let done = entralint(folder.path(), &["init"]);
        assert_eq!(done.status.code(), Some(2));
        assert!(!folder.path().join("elsewhere.toml").exists());
    }
}

#[test]
fn init_says_why_it_cannot() {
    let folder = folder(&[]);
    let done = entralint(folder.path(), &["init", "missing"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("cannot write the configuration missing/entralint.toml"));
    let done = entralint(folder.path(), &["init"]);
    let said = text(&done.stdout);
    assert!(
        said.starts_with("wrote entralint.toml: profile azure-digital-twins\n"),
        "{said}"
    );
}

#[test]
fn nothing_left_is_a_success_for_a_hook_alone() {
    let folder = folder(&[("tenants/first-steps/factory-twins.json", "archive/old.json")]);
    fs::write(
        folder.path().join("entralint.toml"),
        "exclude = [\"archive/**\"]",
    )
    .expect("written");
    fs::write(folder.path().join("package.json"), "{\"name\": \"shop\"}").expect("written");
    for (words, code) in [
        (&["check", "--force-exclude", "archive/old.json"][..], 0),
        (&["check", "archive/old.json"], 1),
        (&["check", "archive"], 3),
        (
            &["check", "--ignore", "unrecognized-document", "package.json"],
            3,
        ),
        (
            &[
                "check",
                "--force-exclude",
                "--ignore",
                "unrecognized-document",
                "package.json",
            ],
            0,
        ),
        // What cannot be read is an error all the same.
        (&["check", "--force-exclude", "missing.json"], 2),
    ] {
        let done = entralint(folder.path(), words);
        assert_eq!(done.status.code(), Some(code), "{words:?}");
    }
}
