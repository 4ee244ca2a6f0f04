//! What can be typed, what help says of it, and what is said of what cannot.

use std::ffi::OsString;

use clap::CommandFactory;
use entralint::cli::{CheckArgs, Cli, Command, Format, ListFormat, Output, answer};
use entralint::config::FailOn;
use entralint::rules::{Persona, Severity};
use entralint::settings::When;

fn clean(text: &str) -> String {
    text.replace(|c: char| c.is_control() || c == '\u{202e}', "?")
}

fn read(line: &str) -> Result<Cli, String> {
    let words = format!("entralint {line}");
    let words = words
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(OsString::from);
    Cli::read(words, &clean).map_err(|error| {
        assert_eq!(error.exit_code(), 2, "{error}");
        answer(&error, false)
    })
}

fn check(line: &str) -> CheckArgs {
    match read(&format!("check {line}")).expect(line).command {
        Command::Check(args) => *args,
        other => panic!("{other:?}"),
    }
}

fn help(words: &[&str], long: bool) -> String {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut command = &mut command;
    for word in words {
        command = command.find_subcommand_mut(word).expect("a command");
    }
    let text = if long {
        command.render_long_help()
    } else {
        command.render_help()
    };
    text.to_string()
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn help_for_all_of_it() {
    insta::assert_snapshot!("help", help(&[], false));
    insta::assert_snapshot!("help-check", help(&["check"], false));
    insta::assert_snapshot!("help-check-long", help(&["check"], true));
    for command in [
        "explain",
        "rules",
        "schema",
        "access",
        "diff",
        "init",
        "convert",
        "collect",
        "completions",
        "man",
    ] {
        insta::assert_snapshot!(format!("help-{command}"), help(&[command], false));
    }
}

#[test]
fn options_do_not_swallow_paths() {
    let args = check(
        "--select a,b --select c one.json --ignore d two.json --app 1 --app 2,3 three.json \
         --exclude {a,b} --exclude c -",
    );
    let paths: Vec<_> = args
        .paths
        .iter()
        .map(|path| path.to_string_lossy())
        .collect();
    assert_eq!(paths, ["one.json", "two.json", "three.json", "-"]);
    assert_eq!(args.rule.select, ["a", "b", "c"]);
    assert_eq!(args.rule.ignore, ["d"]);
    assert_eq!(args.scope.app, ["1", "2", "3"]);
    assert_eq!(args.input.exclude, ["{a,b}", "c"]);
    let args = check("-- --select");
    assert_eq!(args.paths[0].as_os_str(), "--select");
}

#[test]
fn every_option_is_read() {
    let args = check(
        "--now 2026-11-23 --profile entra --persona audit --config a.toml --fail-on never \
         --min-severity warning --all-apps --force-exclude --stdin-filename app.json \
         --max-input-size 64M --jobs 2 --progress never -vv --statistics \
         --format ndjson --format sarif=a.sarif",
    );
    assert_eq!(args.judge.now.as_deref(), Some("2026-11-23"));
    assert_eq!(args.judge.profile.as_deref(), Some("entra"));
    assert_eq!(args.rule.persona, Some(Persona::Audit));
    assert!(
        args.configuration.config.is_some()
            && args.scope.all_apps
            && args.input.force_exclude
            && args.statistics
    );
    assert_eq!(args.rule.fail_on, Some(FailOn::Never));
    assert_eq!(args.rule.min_severity, Some(Severity::Warning));
    assert_eq!(args.input.max_input_size, Some(64 << 20));
    assert_eq!(
        (args.input.jobs, args.talk.verbose, args.talk.progress),
        (Some(2), 2, When::Never)
    );
    let output = |format, path: Option<&str>| Output {
        format,
        path: path.map(Into::into),
    };
    let wanted = [
        output(Format::Ndjson, None),
        output(Format::Sarif, Some("a.sarif")),
    ];
    assert_eq!(args.format, wanted);
    let Command::Convert(args) = read("convert r.json --format csv=-").expect("read").command
    else {
        panic!("not `convert`");
    };
    assert_eq!(args.format, [output(Format::Csv, None)]);

    let plain = check("a.json");
    assert!(!plain.fix && !plain.diff);
    assert!(check("--fix a.json").fix && check("--diff a.json").diff);

    for line in [
        "--color never check",
        "check --color never",
        "rules --color never",
    ] {
        assert_eq!(read(line).expect(line).color, When::Never);
    }
    let listed = read("rules --format json").expect("a command").command;
    assert!(matches!(listed, Command::Rules(args) if args.format == ListFormat::Json));
}

#[test]
fn sizes() {
    for (text, want) in [
        ("1", 1),
        ("512k", 512 << 10),
        ("64M", 64 << 20),
        ("2G", 2 << 30),
        ("1T", 1 << 40),
        ("2GiB", 2 << 30),
        ("2gib", 2 << 30),
        ("2GB", 2_000_000_000),
        ("10kB", 10_000),
        ("7B", 7),
    ] {
        let args = check(&format!("--max-input-size {text}"));
        assert_eq!(args.input.max_input_size, Some(want), "{text}");
    }
    for text in [
        "0",
        "0k",
        "",
        "k",
        "-1",
        "1.5G",
        "1X",
        "1iB",
        "99999999999G",
        "9999999999999999999999",
        "٣",
    ] {
        let words = ["entralint", "check", &format!("--max-input-size={text}")].map(OsString::from);
        let error = Cli::read(words, &clean).expect_err(text);
        assert_eq!(error.exit_code(), 2);
    }
}

#[test]
fn mistakes_are_explained() {
    for (line, want) in [
        ("check --format xml", "known: human, concise, json"),
        ("check --format serif", "did you mean `sarif`?"),
        ("check --format json=", "name a file behind the ="),
        ("convert", "<REPORT>"),
        (
            "check --max-input-size 1X",
            "write bytes (1048576) or a unit",
        ),
        ("check --jobs 0", "0 is not in 1.."),
        ("check --persona auditor", "a similar value exists: 'audit'"),
        (
            "check --fail-on fatal",
            "[possible values: error, warning, info, never]",
        ),
        ("check --app a --all-apps", "cannot be used with"),
        ("check --config a --no-config", "cannot be used with"),
        ("check -q -v", "cannot be used with"),
        ("check --select", "a value is required"),
        ("check --selec a", "a similar argument exists: '--select'"),
        ("check --basline a", "unexpected argument '--basline'"),
        ("chek", "similar subcommands exist: 'schema', 'check'"),
        ("", "Usage: entralint"),
        ("explain", "<RULE>"),
    ] {
        let said = read(line).expect_err(line);
        assert!(said.contains(want), "{line}: {said}");
    }
}

#[test]
fn what_was_typed_is_echoed_clean() {
    let words = ["entralint", "check", "--\x1b[31m\u{202e}\n::error::x"].map(OsString::from);
    let error = Cli::read(words, &clean).expect_err("no such option");
    for color in [false, true] {
        let said = answer(&error, color);
        assert!(said.contains("?[31m??::error::x"), "{said}");
        assert!(!said.contains("\x1b[31m?") && !said.contains('\u{202e}'));
        assert_eq!(said.contains('\x1b'), color);
    }
}

#[test]
fn help_and_version_are_no_failures() {
    for line in ["--help", "check --help", "check -h", "--version", "-V"] {
        let words = format!("entralint {line}");
        let error = Cli::read(words.split(' ').map(OsString::from), &clean).expect_err(line);
        assert_eq!(error.exit_code(), 0, "{line}");
        assert!(!error.use_stderr(), "{line}");
    }
}
