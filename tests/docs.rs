//! The README and docs/ hold: their commands run, their example output is what comes out, their
//! configurations are read, their code stands in the sources, and their links lead somewhere.
//!
//! - `console`: behind `$ ` a command, below it what it prints, on both streams.
//!   `ENTRALINT_UPDATE=1 cargo test --test docs` writes it anew.
//! - `sh`: commands alone, one a line; each has to exit with 0 or 1.
//! - `toml`: a configuration. `json`: JSON. `yaml`: a recipe, for .ci/conformance, which also runs
//!   `bash`, `sql` and `python`: they need what not everybody has. `text`: what a thing looks like.
//! - `rust`: an excerpt of the file that the comment before it names.
//!
//! Commands run in a folder of their own, with `exports` and `manifest.json` in it and an `az` that
//! prints them. What builds or leaves this machine is listed in [`ELSEWHERE`], and is not run.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use entralint::rules::Rule;

/// How commands begin that are not run.
const ELSEWHERE: [&str; 2] = ["cargo ", "ENTRALINT_UPDATE=1 cargo "];

fn documents() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir("docs")
        .expect("docs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    all.extend(["README.md", "CONTRIBUTING.md"].map(PathBuf::from));
    all.sort();
    all
}

/// A block of code: its language, where its text begins and ends, and the line before it.
struct Block {
    language: String,
    start: usize,
    end: usize,
    before: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut at, mut before, mut open) = (0, "", false);
    for line in text.split_inclusive('\n') {
        if let Some(language) = line.trim_end().strip_prefix("```") {
            if open {
                blocks.last_mut().expect("an open one").end = at;
            } else {
                blocks.push(Block {
                    language: language.to_owned(),
                    start: at + line.len(),
                    end: text.len(),
                    before: before.to_owned(),
                });
            }
            open = !open;
        } else if !open && !line.trim().is_empty() {
            before = line.trim_end();
        }
        at += line.len();
    }
    assert!(!open, "a block is not closed");
    blocks
}

/// Where commands run.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        let here = std::env::current_dir().expect("the package");
        let path = |name: &str| folder.path().join(name);
        symlink(here.join("fixtures"), path("fixtures")).expect("a link");
        fs::create_dir_all(path("bin")).expect("a folder");
        fs::create_dir_all(path("exports")).expect("a folder");
        let mut apps = Vec::new();
        for name in [
            "factory-twins.json",
            "press-line-twins.json",
            "manifest.json",
        ] {
            let from = here.join("fixtures/tenants/first-steps").join(name);
            fs::copy(&from, path("exports").join(name)).expect("a fixture");
            if name.ends_with("twins.json") {
                apps.push(fs::read_to_string(from).expect("a fixture"));
            }
        }
        let apps = format!("[{}]", apps.join(","));
        fs::write(path("bin/apps.json"), apps).expect("a list");
        fs::copy("fixtures/tenants/procedure/app.json", path("manifest.json")).expect("a fixture");
        let az = format!(
            "#!/bin/sh\ncase $* in\n'ad app list --all') exec cat bin/apps.json ;;\n\
             'ad app show --id '*) exec cat manifest.json ;;\nesac\n\
             AZ_LOG=/dev/null exec sh '{}/tests/collect/az' \"$@\"\n",
            here.display()
        );
        fs::write(path("bin/az"), az).expect("an az");
        let run = fs::Permissions::from_mode(0o755);
        fs::set_permissions(path("bin/az"), run).expect("a mode");
        symlink(env!("CARGO_BIN_EXE_entralint"), path("bin/entralint")).expect("a link");
        // Where a search for a configuration ends.
        fs::create_dir(path(".git")).expect("a folder");
        Desk { folder }
    }

    /// What a command prints on both streams, and its exit code.
    fn run(&self, command: &str) -> (String, i32) {
        let here = self.folder.path();
        let done = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(here)
            .env_clear()
            .env("PATH", format!("{}/bin:/usr/bin:/bin", here.display()))
            .env("HOME", here)
            // 2026-11-23
            .env("SOURCE_DATE_EPOCH", "1795392000")
            .output()
            .expect("a shell");
        let text = String::from_utf8(done.stdout).expect("UTF-8");
        (text, done.status.code().unwrap_or(-1))
    }
}

fn runs_elsewhere(command: &str) -> bool {
    ELSEWHERE.iter().any(|start| command.starts_with(start))
}

/// A session with what its commands really print.
fn session(desk: &Desk, text: &str, wrong: &mut Vec<String>) -> String {
    let mut out = String::new();
    let mut keep = false;
    for line in text.split_inclusive('\n') {
        let Some(command) = line.strip_prefix("$ ") else {
            if keep {
                out.push_str(line);
            }
            continue;
        };
        out.push_str(line);
        keep = runs_elsewhere(command);
        if !keep {
            let (printed, code) = desk.run(command);
            if !(0..=3).contains(&code) {
                wrong.push(format!("exit code {code}: {command}{printed}"));
            }
            out.push_str(&printed);
            if !printed.is_empty() && !printed.ends_with('\n') {
                out.push('\n');
            }
        }
    }
    out
}

#[test]
fn commands_run_and_print_what_is_shown() {
    let mut wrong = Vec::new();
    let mut commands = 0;
    for path in documents() {
        let desk = Desk::new();
        let text = fs::read_to_string(&path).expect("a document");
        let mut renewed = String::new();
        let mut done = 0;
        for block in blocks(&text) {
            let code = &text[block.start..block.end];
            renewed.push_str(&text[done..block.start]);
            done = block.start;
            match block.language.as_str() {
                "console" => {
                    commands += 1;
                    assert!(code.starts_with("$ "), "{}: {code}", path.display());
                    renewed.push_str(&session(&desk, code, &mut wrong));
                    done = block.end;
                }
                "sh" => {
                    let lines = code.lines().filter(|line| !line.trim().is_empty());
                    for command in lines.filter(|command| !runs_elsewhere(command)) {
                        commands += 1;
                        let (printed, code) = desk.run(command);
                        if !(0..=1).contains(&code) {
                            wrong.push(format!("{}: {command}: {printed}", path.display()));
                        }
                    }
                }
                _ => {}
            }
        }
        renewed.push_str(&text[done..]);
        if renewed != text {
            if std::env::var_os("ENTRALINT_UPDATE").is_some() {
                fs::write(&path, renewed).expect("the project's own file can be written");
            } else {
                wrong.push(format!(
                    "{} is stale: run ENTRALINT_UPDATE=1 cargo test --test docs",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(commands > 20, "{commands}");
}

#[test]
fn configurations_are_read_and_code_stands_in_the_sources() {
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        for block in blocks(&text) {
            let code = &text[block.start..block.end];
            let shown = format!("{}:\n{code}", path.display());
            match block.language.as_str() {
                "toml" => {
                    if let Err(problems) = entralint::config::parse(code.as_bytes()) {
                        panic!("{shown}{problems:?}");
                    }
                }
                "json" => assert!(
                    serde_json::from_str::<serde_json::Value>(code).is_ok(),
                    "{shown}"
                ),
                "rust" => {
                    let source = block.before.strip_prefix("<!-- from ");
                    let source = source.and_then(|rest| rest.strip_suffix(" -->"));
                    let source = fs::read_to_string(source.expect(&shown)).expect(&shown);
                    assert!(source.contains(code), "{shown}");
                }
                language => assert!(
                    ["console", "sh", "yaml", "bash", "sql", "python", "text"].contains(&language),
                    "{shown}"
                ),
            }
        }
    }
}

#[test]
fn links_lead_somewhere() {
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        let folder = path.parent().unwrap_or(Path::new(""));
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().expect("a first part");
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            if file.contains("://") || file.is_empty() {
                continue;
            }
            assert!(folder.join(file).exists(), "{}: {link}", path.display());
            if file.ends_with("RULES.md") && !anchor.is_empty() {
                assert!(Rule::find(anchor).is_some(), "{}: {link}", path.display());
            }
        }
    }
}
