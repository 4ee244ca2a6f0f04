//! What an input, a name, a configuration or the world around the process may do to a linter, and
//! the test that each defence holds by. `fuzz/` looks for what nobody thought of.
//!
//! | # | attack | defence | held by |
//! |---|---|---|---|
//! | 1 | deep nesting | 512 levels, no recursion over the input | `depth_and_length_cost_a_message_at_most`, `a_small_stack_is_enough`, `size_and_depth_are_no_weapon` |
//! | 2 | huge numbers | numbers stay text | `each_file_gives_what_the_readme_says`, `json_test_suite` |
//! | 3 | members that stand twice | both values are judged | `each_file_gives_what_the_readme_says` |
//! | 4 | bytes that are no UTF-8, lone surrogates | replaced, and said | `western_bytes_in_what_is_cut_off_move_nothing`, `half_a_character_in_a_large_utf_16_file_costs_nothing_else`, `bytes_that_are_no_utf_8_move_nothing`, `json_test_suite` |
//! | 5 | marks, UTF-16, UTF-32 | told by their first bytes | `every_encoding_gives_the_same_text_at_any_block_size`, `every_unicode_encoding_gives_the_same_at_the_same_places` |
//! | 6 | NUL and control characters | an error, and the rest is read | `any_bytes_are_told_of`, `human_is_harmless`, `concise_is_harmless` |
//! | 7 | terminal escapes in names, paths and arguments | one place makes text harmless | `human_is_harmless`, `concise_is_harmless`, `controls_become_signs`, `what_was_typed_is_echoed_clean` |
//! | 8 | bidirectional, invisible and look-alike characters | shown by code, and found | `controls_become_signs`, `escaped_or_not_the_same_is_found`, `fixture_folders_are_the_rules` |
//! | 9 | workflow commands | broken or escaped as each runner does | `commands_are_broken`, `every_format_says_what_we_say`, `hostile_exports_through_a_whole_run` |
//! | 10 | SARIF links, Markdown | escaped | `every_format_says_what_we_say`, `no_link_and_no_placeholder`, `only_words_stand_outside_of_code` |
//! | 11 | HTML, scripts | escaped; a policy that loads nothing | `the_policy_allows_what_is_there_and_nothing_else`, `html_text_is_text` |
//! | 12 | formulas in CSV | a leading apostrophe | `formulas_become_text`, `every_format_says_what_we_say` |
//! | 13 | secrets in reports, messages and panics | never in the model; excerpts are masked; a panic tells its place alone | `no_secret_is_told`, `no_fixture_shows_its_secret`, `a_panic_is_told_by_its_place_alone` |
//! | 14 | symbolic links, paths inside of documents | not followed, never opened | `links_and_special_files_lead_nowhere`, `what_a_document_names_is_not_opened` |
//! | 15 | FIFOs, devices, endless input | only where they were named, up to the limit | `links_and_special_files_lead_nowhere`, `a_pipe_is_read_like_a_file`, `what_never_ends_is_cut_at_the_limit` |
//! | 16 | unreadable, vanishing and changing files | told; what is said fits what was read | `what_may_not_be_read_is_told`, `a_file_that_is_replaced_meanwhile_is_told`, `another_text_with_as_many_findings_is_told`, `what_did_not_change_is_told_all_the_same`, `what_documents_tell_together_is_held_to_their_files`, `verdicts_are_held_to_their_files`, `a_file_that_changes_meanwhile_stays_as_it_is` |
//! | 17 | a closed pipe, a full device | quiet, or 2 with a message | `a_full_disk_and_a_closed_pipe_lose_nothing_else`, `a_full_device_is_a_failure_of_every_command` |
//! | 18 | a full disk below a report | the old one stays | `process`, `what_cannot_be_written_says_why` |
//! | 19 | a run that is killed | no half report | `a_killed_run_leaves_the_old_report` |
//! | 20 | a million findings, long values | caps, and said so | `many_of_anything_cost_no_more_than_each`, `many_findings_in_a_large_plan_cost_no_more_than_each`, `a_long_line_costs_no_more_than_many_short_ones`, `sarif_keeps_the_most_severe_and_says_what_it_cut`, `long_text_is_cut_by_characters` |
//! | 21 | patterns that backtrack | linear engines alone | `patterns_and_globs_take_no_time` |
//! | 22 | references that lead to the network or to files | no crate that can, no call that does | `process`, `what_a_document_names_is_not_opened` |
//! | 23 | memory | records one by one, none longer than 512 MiB | `a_large_input_needs_little_memory`, `a_record_may_be_so_long_and_no_longer` |
//! | 24 | dates, clocks, time zones | lenient, saturating, UTC | `every_spelling_that_exports_use`, `the_same_bytes_everywhere` |
//! | 25 | a rule that panics | the rest goes on, and 2 | `a_rule_that_panics_takes_nothing_with_it` |
//! | 26 | order of threads, files and hashes | sorted | `the_same_bytes_everywhere`, `how_much_was_read_of_what_is_not_json_does_not_show`, `the_same_is_told_by_any_number_of_workers_in_any_order_of_paths` |
//! | 27 | a hostile configuration, baseline or report | strict, limited, names nothing to run or to load | `size_and_depth_are_no_weapon`, `every_error_points_into_the_file`, `what_is_no_baseline_says_so`, `other_files_are_as_limited_as_inputs` |

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::run::check_path;
use entralint::report::Format;

/// Every test that the table names stands somewhere, and every attack has one.
#[test]
fn the_table_names_tests_that_exist() {
    fn sources(folder: &Path, out: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, out);
            } else if path
                .extension()
                .is_some_and(|kind| kind == "rs" || kind == "py")
            {
                *out += &fs::read_to_string(path).expect("a source");
            }
        }
    }
    let mut all = String::new();
    for folder in ["tests", "src", ".ci"] {
        sources(Path::new(folder), &mut all);
    }
    let defined: BTreeSet<&str> = all
        .lines()
        .filter_map(|line| {
            let line = line.trim_start();
            let rest = line
                .strip_prefix("fn ")
                .or_else(|| line.strip_prefix("def "))?;
            rest.split_once('(').map(|(name, _)| name)
        })
        .collect();
    let rows = include_str!("attacks.rs").lines();
    let rows = rows.filter_map(|line| line.strip_prefix("//! | "));
    let mut attacks = 0;
    for row in rows.filter(|row| row.starts_with(|first: char| first.is_ascii_digit())) {
        attacks += 1;
        let cells: Vec<&str> = row.split(" | ").collect();
        assert_eq!(cells[0], attacks.to_string());
        let tests: Vec<&str> = cells[3].split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{row}");
        for test in tests {
            assert!(defined.contains(test), "{test} of attack {attacks}");
        }
    }
    assert_eq!(attacks, 27);
}

fn entralint() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entralint"));
    command.env_clear();
    command
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn said(output: &Output) -> (Option<i32>, &str, &str) {
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

const CHECK: [&str; 6] = [
    "check",
    "--now",
    "2026-11-23",
    "--no-config",
    "--color",
    "never",
];

/// A complete application with an expired secret, from the fixtures.
fn application() -> String {
    fs::read_to_string("fixtures/rules/secret-expired/bad.json").expect("a fixture")
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file");
    path
}

/// One format after another, everywhere: jobs, order of paths, locale, time zone, home.
#[test]
fn the_same_bytes_everywhere() {
    let folder = std::env::current_dir().expect("a folder");
    let here = [
        "fixtures/tenants",
        "fixtures/hostile",
        "fixtures/encodings",
        "fixtures/rules/conflicting-objects/bad",
    ];
    let there: Vec<&str> = here.iter().rev().copied().collect();
    let temp = tempfile::tempdir().expect("a folder");
    let all =
        |name: &str, paths: &[&str], jobs: &str, environment: &[(&str, &str)]| -> Vec<Vec<u8>> {
            let place = temp.path().join(name);
            fs::create_dir(&place).expect("a folder");
            let files = Format::ALL.map(|format| place.join(format.name()));
            let mut command = entralint();
            command.args(CHECK).args(["--jobs", jobs]).args(paths);
            for (format, file) in Format::ALL.iter().zip(&files) {
                command.arg(format!("--format={}={}", format.name(), file.display()));
            }
            let done = command
                .envs(environment.iter().copied())
                .current_dir(&folder)
                .output();
            let done = done.expect("the program runs");
            assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
            files.map(|file| fs::read(file).expect("a report")).into()
        };
    let first = all("first", &here, "1", &[]);
    assert!(first.iter().all(|report| report.len() > 2000));
    let turkish = [
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "tr_TR.UTF-8"),
        ("TZ", "Asia/Kathmandu"),
    ];
    let posix = [
        ("LC_ALL", "C"),
        ("TZ", "America/St_Johns"),
        ("HOME", "/nonexistent"),
        ("TERM", "dumb"),
    ];
    for (name, paths, jobs, environment) in [
        ("second", here.as_slice(), "4", turkish.as_slice()),
        ("third", &there, "2", &posix),
    ] {
        let again = all(name, paths, jobs, environment);
        for ((format, one), other) in Format::ALL.iter().zip(&first).zip(&again) {
            assert!(one == other, "{name}: {format:?}");
        }
    }
    let access = |paths: &[&str], jobs: &str, environment: &[(&str, &str)]| {
        let words = [
            "access",
            "--now",
            "2026-11-23",
            "--no-config",
            "--format",
            "json",
            "--jobs",
            jobs,
        ];
        let mut command = entralint();
        command
            .args(words)
            .args(paths)
            .envs(environment.iter().copied());
        command
            .current_dir(&folder)
            .output()
            .expect("the program runs")
            .stdout
    };
    let tenants = [
        "fixtures/tenants/contoso-real",
        "fixtures/tenants/first-steps",
    ];
    let one = access(&tenants, "1", &[]);
    assert!(one.len() > 2000);
    assert!(one == access(&[tenants[1], tenants[0]], "4", &turkish));
}

#[test]
fn patterns_and_globs_take_no_time() {
    // Each is exponential, or at least cubic, to an engine that goes back: the test would not end.
    let temp = tempfile::tempdir().expect("a folder");
    let long = "a".repeat(50_000);
    let guid = "0".repeat(8) + &"-0000".repeat(10_000);
    let mut app: serde_json::Value = serde_json::from_str(&application()).expect("JSON");
    let uri = format!(
        "https://{}.contoso.com/{}",
        "a-".repeat(20_000),
        "%41/../".repeat(5_000)
    );
    app["web"]["redirectUris"] = serde_json::json!([uri, "*.".repeat(20_000), long]);
    app["identifierUris"] = serde_json::json!(["api://".repeat(10_000), long]);
    app["appId"] = guid.clone().into();
    app["displayName"] = "e\u{301}".repeat(30_000).into();
    app["passwordCredentials"][0]["keyId"] = guid.into();
    app["passwordCredentials"][0]["endDateTime"] =
        ("2026-03-01T00:00:00.".to_owned() + &"0".repeat(50_000) + "Z").into();
    let path = write(
        temp.path(),
        &format!("{}.json", "a".repeat(200)),
        app.to_string(),
    );
    let told = check_path(&path, &["--no-config", "--persona", "audit", "--all-apps"]);
    assert!(told.findings.len() > 3 && told.troubles.is_empty());
    let glob = format!("**/{}b", "a*".repeat(90));
    let told = check_path(temp.path(), &["--no-config", "--exclude", &glob]);
    assert_eq!(told.outcome.files, 1);
    let glob = "**/*a*".repeat(12) + ".json";
    let told = check_path(temp.path(), &["--no-config", "--exclude", &glob]);
    assert!(told.outcome.files <= 1);
}

#[test]
fn other_files_are_as_limited_as_inputs() {
    let temp = tempfile::tempdir().expect("a folder");
    let folder = temp.path();
    let app = write(folder, "app.json", application());
    let deep = "[".repeat(200_000);
    for text in [
        deep.as_str(),
        "{\"schemaVersion\": 1e999}",
        "",
        "null",
        "{\"a\":",
        "\u{1b}]8;;x\u{7}",
    ] {
        let hostile = write(folder, "hostile.json", text);
        for words in [
            vec![
                "check".as_ref(),
                app.as_os_str(),
                "--baseline".as_ref(),
                hostile.as_os_str(),
            ],
            vec!["convert".as_ref(), hostile.as_os_str()],
            vec![
                "check".as_ref(),
                app.as_os_str(),
                "--config".as_ref(),
                hostile.as_os_str(),
            ],
        ] {
            let done = entralint().args(&words).current_dir(folder).output();
            let done = done.expect("the program runs");
            let (code, out, err) = said(&done);
            // An empty configuration is one.
            let fine = text.is_empty() && words.len() == 4 && words[2] == "--config";
            assert_eq!(code, Some(if fine { 1 } else { 2 }), "{words:?} {err}");
            assert!(
                fine || out.is_empty() && err.starts_with("error: "),
                "{err}"
            );
            assert!(err.len() < 20_000 && !err.contains('\u{1b}'), "{err}");
        }
    }
    // Nothing of it can be made to run or to load anything.
    for key in [
        "command",
        "include",
        "extends",
        "plugins",
        "url",
        "schema",
        "rules-path",
    ] {
        let config = write(
            folder,
            "c.toml",
            format!("{key} = \"https://contoso.com/x\"\n"),
        );
        let words = [
            "check".as_ref(),
            app.as_os_str(),
            "--config".as_ref(),
            config.as_os_str(),
        ];
        let done = entralint().args(words).output().expect("the program runs");
        let (code, _, err) = said(&done);
        assert_eq!(code, Some(2), "{key}");
        assert!(err.contains(key), "{err}");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    //! What the system does to a process: limits, signals, devices.

    use super::*;
    use std::fs::{File, OpenOptions};
    use std::io::Read;
    use std::process::Stdio;
    use std::time::Duration;

    use super::common::signal::is_ignored;

    /// The program behind limits of the shell's `ulimit`, which hold for it alone. Threads of its
    /// own get a stack of 256 KiB too.
    fn limited(limits: &str) -> Command {
        let mut command = Command::new("sh");
        let script = format!("{limits} && exec \"$0\" \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_entralint")]);
        command
            .env_clear()
            .env("RUST_MIN_STACK", "262144")
            .env("PATH", "/usr/bin:/bin");
        command
    }

    #[test]
    fn a_small_stack_is_enough() {
        let temp = tempfile::tempdir().expect("a folder");
        let app = application();
        let list = |element: &str| format!("[\n{app},\n{element},\n{app}]");
        let deep = |open: &str, close: &str| open.repeat(505) + "1" + &close.repeat(505);
        let object = deep("{\"value\":", "}");
        let properties = deep(
            "{\"properties\":{\"id\":\"x\",\"appId\":\"y\",\"web\":",
            "}}",
        );
        for (name, text) in [
            ("brackets.json", "[".repeat(300_000)),
            ("braces.json", "{\"a\":".repeat(300_000)),
            ("lines.ndjson", "{\"value\":[".repeat(300_000)),
            ("lists.json", list(&deep("[", "]"))),
            ("pages.json", list(&deep("{\"value\":[", "]}"))),
            ("objects.json", list(&object)),
            ("alone.json", object),
            ("properties.json", list(&properties)),
            ("batch.json", deep("{\"responses\":[{\"body\":", "}]}")),
        ] {
            write(temp.path(), name, text);
        }
        // Without optimisation the definition of the command line alone takes more than 256 KiB;
        // `.ci/stack` holds the release to it.
        let limit = if cfg!(debug_assertions) {
            "ulimit -s 512"
        } else {
            "ulimit -s 256"
        };
        for (command, jobs) in [("check", "1"), ("check", "3"), ("access", "1")] {
            let mut process = limited(limit);
            process.args([
                command,
                "--now",
                "2026-11-23",
                "--no-config",
                "--jobs",
                jobs,
            ]);
            process
                .args(["--format", "json"])
                .arg(temp.path())
                .arg("fixtures/tenants/contoso-real");
            let done = process.output().expect("the program runs");
            let (code, out, err) = said(&done);
            // A list that nests too deep is a finding, no failure.
            assert_eq!((code, err), (Some(1), ""), "{command} {jobs}");
            if command == "check" {
                assert!(out.matches("512 levels").count() >= 3, "{out}");
                assert!(out.matches("\"secret-expired\"").count() >= 8);
            }
        }
        for words in [
            vec!["rules"],
            vec!["explain", "secret-expired"],
            vec!["man"],
            vec!["schema", "report"],
        ] {
            let done = limited(limit)
                .args(&words)
                .output()
                .expect("the program runs");
            assert_eq!(
                done.status.code(),
                Some(0),
                "{words:?}: {}",
                text(&done.stderr)
            );
        }
    }

    #[test]
    fn a_large_input_needs_little_memory() {
        let temp = tempfile::tempdir().expect("a folder");
        let app = |len: usize| {
            let notes = format!("\"notes\": \"{}\"", "x".repeat(len));
            application().replacen("\"notes\": null", &notes, 1)
        };
        // A list and lines of 64 MB, which do not fit into what the process may have besides itself.
        let apps = format!("[\n{}\n]", vec![app(400_000); 160].join(",\n"));
        let lines = (app(400_000).replace('\n', " ") + "\n").repeat(160);
        // One record of which most is one text; and what has to be decoded into a copy.
        let long = app(12 << 20);
        let utf16: Vec<u8> = app(4 << 20)
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (name, bytes, limit, findings) in [
            ("apps.json", apps.as_bytes(), 120, 160),
            ("apps.ndjson", lines.as_bytes(), 120, 160),
            ("long.json", long.as_bytes(), 160, 1),
            ("utf16.json", &utf16, 160, 1),
        ] {
            let path = write(temp.path(), name, bytes);
            let mut process = limited(&format!("ulimit -v {}", limit << 10));
            process.args(CHECK).args([
                "--jobs",
                "2",
                "--format",
                "concise",
                "--select",
                "secret-expired",
            ]);
            let done = process.arg(&path).output().expect("the program runs");
            let (code, out, err) = said(&done);
            assert_eq!((code, err), (Some(1), ""), "{name}");
            assert_eq!(out.matches("secret-expired").count(), findings, "{name}");
            fs::remove_file(path).expect("it was written");
        }
    }

    #[test]
    fn a_full_device_is_a_failure_of_every_command() {
        let temp = tempfile::tempdir().expect("a folder");
        for words in [
            vec![
                "access",
                "--now",
                "2026-11-23",
                "--no-config",
                "fixtures/tenants/contoso-real",
            ],
            vec![
                "check",
                "--now",
                "2026-11-23",
                "--no-config",
                "fixtures/tenants/first-steps",
            ],
            vec!["collect"],
            vec!["rules", "--format", "json"],
        ] {
            let full = OpenOptions::new()
                .write(true)
                .open("/dev/full")
                .expect("a device");
            let done = entralint()
                .args(&words)
                .stdout(full)
                .output()
                .expect("the program runs");
            let (code, _, err) = said(&done);
            assert_eq!(code, Some(2), "{words:?}");
            assert!(
                err.starts_with("error: ") && err.contains("No space left"),
                "{words:?} {err}"
            );
        }
        // A report that stands in a file.
        let mut process = entralint();
        process
            .args(CHECK)
            .args(["--format", "json=/dev/full"])
            .arg("fixtures/tenants/first-steps");
        let done = process
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("the program runs");
        let (code, out, err) = said(&done);
        assert_eq!((code, out), (Some(2), ""));
        assert!(
            err.contains("cannot write the report /dev/full: No space left"),
            "{err}"
        );
        assert_eq!(fs::read_dir(temp.path()).expect("a folder").count(), 0);
    }

    fn fifo(path: &Path) {
        let made = Command::new("mkfifo").arg(path).status().expect("mkfifo");
        assert!(made.success());
    }

    /// The process waits in the middle of writing: one report goes into a pipe that nobody empties.
    #[test]
    fn a_killed_run_leaves_the_old_report() {
        for signal in [2, 15, 9] {
            if is_ignored(signal) {
                continue;
            }
            let temp = tempfile::tempdir().expect("a folder");
            let report = write(temp.path(), "report.json", "the old report");
            let pipe = temp.path().join("pipe");
            fifo(&pipe);
            let mut child = entralint()
                .args(CHECK)
                .args([
                    "--format=json=report.json".to_owned(),
                    format!("--format=ndjson={}", pipe.display()),
                ])
                .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules"))
                .current_dir(temp.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program runs");
            // Opened once the program does; the first bytes show that it is writing.
            let mut reader = File::open(&pipe).expect("a pipe");
            reader.read_exact(&mut [0; 4096]).expect("it writes");
            let mut kill = Command::new("kill");
            kill.args([format!("-{signal}"), child.id().to_string()]);
            assert!(kill.status().expect("kill").success());
            assert_eq!(child.wait().expect("it ends").code(), None, "{signal}");
            assert_eq!(
                fs::read_to_string(&report).expect("it is there"),
                "the old report",
                "{signal}"
            );
            // What may be left is hidden, and no later run takes it for an export.
            let mut names: Vec<String> = fs::read_dir(temp.path())
                .expect("a folder")
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .filter(|name| !(name.starts_with(".entralint-") && name.ends_with(".tmp")))
                .collect();
            names.sort();
            assert_eq!(names, ["pipe", "report.json"]);
            fs::remove_file(&report).expect("it was there");
            let done = entralint()
                .args(CHECK)
                .arg(temp.path())
                .output()
                .expect("the program runs");
            assert_eq!(done.status.code(), Some(3), "{}", text(&done.stderr));
        }
    }

    /// Whoever opened one of the pipes that these documents name would wait for ever.
    #[test]
    fn what_a_document_names_is_not_opened() {
        let temp = tempfile::tempdir().expect("a folder");
        let pipe = temp.path().join("pipe");
        fifo(&pipe);
        let shown = pipe.to_str().expect("UTF-8");
        let url = format!("file://{shown}");
        let mut app: serde_json::Value = serde_json::from_str(&application()).expect("JSON");
        for name in [
            "$schema",
            "$ref",
            "$id",
            "@odata.nextLink",
            "@odata.context",
            "include",
            "path",
            "id",
        ] {
            app[name] = url.clone().into();
        }
        app["info"] = serde_json::json!({ "logoUrl": url, "$ref": shown });
        app["web"]["redirectUris"] = serde_json::json!([url, shown]);
        write(temp.path(), "app.json", app.to_string());
        write(
            temp.path(),
            "page.json",
            format!("{{\"@odata.nextLink\": \"{shown}\", \"value\": [{app}]}}"),
        );
        for command in ["check", "access"] {
            let mut child = entralint()
                .args([
                    command,
                    "--now",
                    "2026-11-23",
                    "--no-config",
                    "--format",
                    "json",
                ])
                .arg(temp.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program runs");
            // Far longer than it takes.
            let ended = (0..600).any(|_| {
                std::thread::sleep(Duration::from_millis(100));
                child.try_wait().expect("a child").is_some()
            });
            if !ended {
                child.kill().expect("it runs");
            }
            assert!(ended, "{command} waits for the pipe");
            assert_eq!(child.wait().expect("it ended").code(), Some(1), "{command}");
        }
    }
}
