//! `--format`, through the real binary: what each format says of a small run, where it goes, and
//! what stays when it cannot go there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program in a folder, without any variable of the environment.
fn entralint(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// `check`, evaluated at the date of all fixtures.
fn check(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let mut all = vec!["check", "--now", "2026-11-23", "--no-config"];
    all.extend(words);
    let run = entralint(folder, &all);
    (run.status.code(), text(&run.stdout), text(&run.stderr))
}

/// A folder with the files of a fixture.
fn copy_of(fixture: &str) -> tempfile::TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(fixture).expect("the fixture").flatten() {
        fs::copy(entry.path(), temp.path().join(entry.file_name())).expect("a copy");
    }
    temp
}

const FORMATS: [&str; 11] = [
    "human", "concise", "json", "ndjson", "sarif", "github", "azure", "gitlab", "junit",
    "markdown", "csv",
];

#[test]
fn what_each_format_says_of_a_small_run() {
    for format in &FORMATS[4..] {
        let words = ["--format", format, "fixtures/tenants/first-steps"];
        let (code, mut shown, said) = check(Path::new("."), &words);
        assert_eq!((code, said.as_str()), (Some(1), ""));
        if *format == "sarif" {
            // The rules stand in RULES.md; here only that they are there.
            let (head, rest) = shown.split_once("\"rules\": [").expect("rules");
            let (rules, tail) = rest.split_once("\n]}}").expect("an end");
            assert!(rules.lines().count() > 50);
            shown = format!("{head}\"rules\": […\n]}}}}{tail}");
        }
        insta::assert_snapshot!(format!("small-{format}"), shown);
    }
}

#[test]
fn all_at_once_is_one_after_another() {
    let temp = copy_of("fixtures/tenants/first-steps");
    let reports = tempfile::tempdir().expect("a folder");
    let out = reports.path().display().to_string();
    let mut words: Vec<String> = Vec::new();
    for format in FORMATS {
        words.extend(["--format".to_owned(), format!("{format}={out}/{format}")]);
    }
    words.push(".".to_owned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (code, shown, said) = check(temp.path(), &words);
    assert_eq!((code, shown.as_str()), (Some(1), ""));
    assert!(
        said.starts_with(&format!(
            "entralint: 5 errors; see {out}/human, {out}/concise"
        )),
        "{said}"
    );
    for format in FORMATS {
        let (_, alone, _) = check(temp.path(), &["--format", format, "."]);
        let file = fs::read_to_string(reports.path().join(format));
        assert_eq!(file.expect(format), alone, "{format}");
    }
    let (_, _, said) = check(temp.path(), &["-q", "--format", "csv=q.csv", "."]);
    assert_eq!(said, "");
    // No temporary file stays behind.
    let files = fs::read_dir(reports.path()).expect("the folder");
    assert_eq!(files.count(), FORMATS.len());
}

#[test]
fn two_reports_are_not_one_text() {
    let temp = copy_of("fixtures/tenants/first-steps");
    let both = ["--format", "json", "--format", "sarif=-", "."];
    let (code, shown, said) = check(temp.path(), &both);
    assert_eq!((code, shown.as_str()), (Some(2), ""));
    assert!(
        said.contains("--format json and --format sarif both go to standard output"),
        "{said}"
    );
    assert!(said.contains("--format sarif=PATH"), "{said}");
    let one = ["--format", "json=./a", "--format", "csv=a", "."];
    let (code, _, said) = check(temp.path(), &one);
    assert_eq!(code, Some(2));
    assert!(said.contains("both go to a"), "{said}");
    assert!(!temp.path().join("a").exists());
}

/// What cannot be written is said, and the others are there all the same.
#[test]
fn one_that_cannot_be_written_stops_no_other() {
    let temp = copy_of("fixtures/tenants/first-steps");
    let at = |name: &str| temp.path().join(name);
    fs::create_dir(at("folder")).expect("a folder");
    fs::write(at("closed.csv"), "old").expect("a file");
    let mut closed = fs::metadata(at("closed.csv")).expect("it").permissions();
    closed.set_readonly(true);
    fs::set_permissions(at("closed.csv"), closed).expect("read-only");
    let (code, shown, said) = check(
        temp.path(),
        &[
            "--format",
            "concise",
            "--format",
            "csv=folder",
            "--format",
            "csv=closed.csv",
            "--format",
            "csv=missing/x.csv",
            "--format",
            "json=manifest.json",
            "--format",
            "sarif=factory-twins.json",
            "--format",
            "junit=good.xml",
            ".",
        ],
    );
    assert_eq!((code, shown.lines().count()), (Some(2), 5), "{said}");
    for why in [
        "error: cannot write the report folder: it is a folder\n",
        "error: cannot write the report closed.csv: it is read-only\n",
        "error: cannot write the report missing/x.csv: its folder does not exist\n",
        "error: cannot write the report manifest.json: it is one of the inputs\n",
        "error: cannot write the report factory-twins.json: it is one of the inputs\n",
    ] {
        assert!(said.contains(why), "{why} not in {said}");
    }
    assert!(
        fs::read_to_string(at("good.xml"))
            .expect("a report")
            .ends_with("</testsuites>\n")
    );
    assert_eq!(
        fs::read_to_string(at("closed.csv")).expect("the old one"),
        "old"
    );
    for name in ["manifest.json", "factory-twins.json"] {
        let before = fs::read(format!("fixtures/tenants/first-steps/{name}")).expect("the fixture");
        assert_eq!(fs::read(at(name)).expect("the input"), before);
    }
}

/// The second run of a pipeline finds the first one's reports where it writes its own.
#[test]
fn an_older_report_is_replaced() {
    let temp = copy_of("fixtures/tenants/first-steps");
    let words = [
        "--format",
        "json=report.json",
        "--format",
        "gitlab=quality.json",
        "--format",
        "sarif=log.json",
        ".",
    ];
    let run = || {
        let (code, _, said) = check(temp.path(), &words);
        assert_eq!(code, Some(1), "{said}");
        let read = |name: &str| fs::read_to_string(temp.path().join(name)).expect(name);
        ["report.json", "quality.json", "log.json"].map(read)
    };
    assert_eq!(run(), run());
    // One that was named is an input, whatever it is.
    let (code, _, said) = check(
        temp.path(),
        &[
            "--format",
            "json=report.json",
            "report.json",
            "manifest.json",
        ],
    );
    assert_eq!(code, Some(2));
    assert!(
        said.contains("report.json: it is one of the inputs"),
        "{said}"
    );
    // Nor does it help to call it by another name, or to be the configuration.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("manifest.json", temp.path().join("link")).expect("a link");
        let (code, _, said) = check(temp.path(), &["--format", "json=./link", "manifest.json"]);
        assert_eq!(code, Some(2));
        assert!(said.contains("./link: it is one of the inputs"), "{said}");
        fs::write(temp.path().join("entralint.toml"), "").expect("a configuration");
        let words = ["check", "--format", "csv=entralint.toml", "."];
        let run = entralint(temp.path(), &words);
        assert!(text(&run.stderr).contains("entralint.toml: it is one of the inputs"));
        let manifest = fs::File::open(temp.path().join("manifest.json")).expect("it is there");
        let run = Command::new(env!("CARGO_BIN_EXE_entralint"))
            .args(["check", "--format", "csv=manifest.json", "-"])
            .current_dir(temp.path())
            .stdin(manifest)
            .output()
            .expect("the program runs");
        assert!(text(&run.stderr).contains("manifest.json: it is one of the inputs"));
    }
}

/// Where there is nothing to lint, a program gets a report that says so.
#[test]
fn nothing_to_lint_is_a_report_too() {
    let temp = tempfile::tempdir().expect("a folder");
    let (code, shown, said) = check(
        temp.path(),
        &[
            "--format",
            "human",
            "--format",
            "sarif=a.sarif",
            "--format",
            "junit=a.xml",
            ".",
        ],
    );
    assert_eq!((code, shown.as_str()), (Some(3), ""));
    assert!(said.contains("nothing to lint"), "{said}");
    let junit = fs::read_to_string(temp.path().join("a.xml")).expect("a report");
    assert!(junit.contains("<testcase name=\"no findings\""), "{junit}");
    let sarif = fs::read_to_string(temp.path().join("a.sarif")).expect("a report");
    let log: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_a_closed_pipe_lose_nothing_else() {
    let temp = copy_of("fixtures/tenants/first-steps");
    let words = [
        "--format",
        "json=/dev/full",
        "--format",
        "csv=good.csv",
        ".",
    ];
    let (code, _, said) = check(temp.path(), &words);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("cannot write the report /dev/full: No space left"),
        "{said}"
    );
    let good = fs::read(temp.path().join("good.csv")).expect("the other report");
    assert!(good.len() > 1000);
    // Nobody reads standard output.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    fs::remove_file(temp.path().join("good.csv")).expect("it was there");
    let run = Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args([
            "check",
            "--now",
            "2026-11-23",
            "--no-config",
            "--format",
            "json",
            "--format",
            "csv=good.csv",
            ".",
        ])
        .current_dir(temp.path())
        .env_clear()
        .stdout(writer)
        .output()
        .expect("the program runs");
    assert_eq!(
        (run.status.code(), text(&run.stderr).as_str()),
        (Some(1), "")
    );
    assert_eq!(
        fs::read(temp.path().join("good.csv")).expect("the other report"),
        good
    );
}

/// `--format json=>(tool)` of a shell: written as it comes, with nothing to rename.
#[cfg(target_os = "linux")]
#[test]
fn a_report_may_go_into_a_pipe() {
    let temp = copy_of("fixtures/tenants/first-steps");
    let pipe = temp.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let reader = std::thread::spawn(move || fs::read(pipe));
    let (code, _, said) = check(temp.path(), &["--format", "csv=pipe", "manifest.json"]);
    assert_eq!(code, Some(1), "{said}");
    let read = reader.join().expect("a reader").expect("a report");
    assert!(read.starts_with(b"\"severity\",") && read.ends_with(b"\r\n"));
}

/// `convert` makes every format of a stored report, as `check` would have, but for the excerpts.
#[test]
fn a_stored_report_gives_every_format_again() {
    let temp = tempfile::tempdir().expect("a folder");
    let stored = temp.path().join("stored.json");
    let output = format!("json={}", stored.display());
    let fixtures = "fixtures/rules/redirect-on-two-platforms";
    let persona = ["--persona", "audit", fixtures];
    let mut words = vec!["--format", &output];
    words.extend(persona);
    check(Path::new("."), &words);
    let stored = stored.to_string_lossy().into_owned();
    for format in &FORMATS[1..] {
        let mut words = vec!["--format", format];
        words.extend(persona);
        let (_, checked, _) = check(Path::new("."), &words);
        let run = entralint(Path::new("."), &["convert", &stored, "--format", format]);
        assert_eq!(
            (run.status.code(), text(&run.stderr).as_str()),
            (Some(0), ""),
            "{format}"
        );
        assert_eq!(text(&run.stdout), checked, "{format}");
        assert!(!checked.is_empty(), "{format}");
    }
    let run = entralint(Path::new("."), &["convert", &stored]);
    let shown = text(&run.stdout);
    assert!(
        shown.contains("error[redirect-on-two-platforms]") && !shown.contains('│'),
        "{shown}"
    );
    // Windows PowerShell redirects in UTF-16.
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(
            fs::read_to_string(&stored)
                .expect("a report")
                .encode_utf16(),
        )
        .flat_map(u16::to_le_bytes)
        .collect();
    let path = temp.path().join("utf16.json");
    fs::write(&path, utf16).expect("a file");
    let again = entralint(Path::new("."), &["convert", &path.to_string_lossy()]);
    assert_eq!(text(&again.stdout), shown);
}

#[test]
fn what_cannot_be_converted_says_why() {
    let temp = tempfile::tempdir().expect("a folder");
    for (name, bytes, want) in [
        (
            "a.json",
            "{\"schemaVersion\": 1,\n \"tool\": {}}",
            "a.json:1:1: \"evaluatedAt\" is a required property",
        ),
        (
            "b.json",
            "{\"schemaVersion\": 2}",
            "b.json:1:19: schemaVersion 2 is not 1",
        ),
        ("c.json", "[]", "c.json:1:1: no report of entralint"),
        ("d.json", "nothing", "d.json:1:1: not JSON"),
        ("e.json", "\u{1b}[31m", "e.json:1:1: not JSON"),
    ] {
        fs::write(temp.path().join(name), bytes).expect("a file");
        let run = entralint(temp.path(), &["convert", name, "--format", "csv=out.csv"]);
        let said = text(&run.stderr);
        assert_eq!(run.status.code(), Some(2));
        assert!(said.contains(want), "{want} not in {said}");
        assert!(!temp.path().join("out.csv").exists());
    }
    let run = entralint(temp.path(), &["convert", "missing.json"]);
    assert!(text(&run.stderr).contains("cannot read the report missing.json: "));
    let run = entralint(temp.path(), &["convert", "."]);
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn what_rules_cost_is_told_beside_the_report() {
    for format in ["human", "json", "sarif"] {
        let words = ["--format", format, "fixtures/tenants/first-steps"];
        let with = [&words[..], &["--statistics"]].concat();
        let (code, plain, quiet) = check(Path::new("."), &words);
        let (same, shown, said) = check(Path::new("."), &with);
        assert_eq!((code, quiet.as_str()), (same, ""), "{format}");
        // The report of a program's format is the same, to the byte; that for people has a table
        // more, of counts.
        assert_eq!(shown == plain, format != "human", "{shown}");
        assert!(!shown.contains(" ms"), "{shown}");
        let mut lines = said.trim_start().lines();
        let head = lines.next().expect("a table");
        assert!(head.starts_with("Time in rules, on all cores together: "));
        let rules: Vec<&str> = lines
            .filter_map(|line| line.split(" ns each  ").nth(1))
            .collect();
        assert_eq!(rules.len(), 15, "{said}");
        for rule in rules {
            assert!(entralint::rules::Rule::find(rule).is_some(), "{rule}");
        }
    }
    // Nothing was asked, so nothing is told.
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("x.json"), "{").expect("a file");
    let (_, _, said) = check(temp.path(), &["--statistics", "x.json"]);
    assert!(!said.contains("Time in rules"), "{said}");
}
