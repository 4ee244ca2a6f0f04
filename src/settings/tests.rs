use clap::Parser;

use super::*;
use crate::cli::{Cli, Command};
use crate::rules::Flow;

const NOW: Instant = Instant(1_795_392_000_000);

fn args(line: &str) -> CheckArgs {
    let words = ["entralint", "check"]
        .into_iter()
        .chain(line.split_whitespace());
    match Cli::try_parse_from(words)
        .expect("a valid command line")
        .command
    {
        Command::Check(args) => *args,
        other => panic!("{other:?}"),
    }
}

fn around() -> Surroundings {
    Surroundings {
        folder: PathBuf::from("/w/repo"),
        ..Surroundings::default()
    }
}

fn settings(line: &str, config: &str) -> Result<Settings, Failure> {
    let config = config::read(config).expect("a valid configuration");
    Settings::new(&args(line), Some(config), NOW, &around())
}

#[test]
fn without_anything() {
    let settings = Settings::new(&args(""), None, NOW, &around()).unwrap();
    assert_eq!(settings.paths, [PathBuf::from(".")]);
    assert_eq!(settings.rules.now, NOW);
    assert_eq!(
        settings.rules.profile.as_ref().map(|p| p.name.as_str()),
        Some("azure-digital-twins")
    );
    assert_eq!(settings.rules.flows, None);
    assert_eq!(settings.fail_on, FailOn::From(Severity::Error));
    assert_eq!((settings.jobs, settings.max_input_size), (1, 8 << 30));
    assert!(settings.exclude.is_empty() && settings.scope.named.is_empty());
    assert!(!settings.scope.only_named && !settings.scope.all && !settings.progress);
    assert_eq!(settings.config, None);
}

#[test]
fn the_command_line_outranks_the_configuration() {
    let config = "
        profile = \"entra\"
        fail-on = \"warning\"
        [azure-digital-twins]
        flows = [\"web\"]
        apps = [\"0B07F429-9f4b-4714-9392-cc5e8e80c8b0\"]
        want = \"read\"
        tenant = \"0b07f429-9f4b-4714-9392-cc5e8e80c8b0\"
        [credentials]
        secret-lifetime = \"90d\"
    ";
    let settings_with = |line| settings(line, config).unwrap();
    let quiet = settings_with("");
    assert_eq!(quiet.profile, ProfileName::Entra);
    assert_eq!(quiet.rules.profile, None);
    assert_eq!(quiet.fail_on, FailOn::From(Severity::Warning));
    assert_eq!(quiet.rules.flows, Some(vec![Flow::Web]));
    assert_eq!(quiet.rules.want, Want::Read);
    assert_eq!(quiet.rules.credentials.secret, 90);
    assert_eq!(quiet.rules.credentials.certificate, 365);
    assert!(
        quiet
            .scope
            .named
            .contains("0b07f429-9f4b-4714-9392-cc5e8e80c8b0")
    );
    assert!(!quiet.scope.only_named);
    let tenant = quiet.rules.tenant.map(|tenant| tenant.to_string());
    assert_eq!(
        tenant.as_deref(),
        Some("0b07f429-9f4b-4714-9392-cc5e8e80c8b0")
    );

    let loud = settings_with("--profile azure-digital-twins --fail-on never --app Factory");
    assert_eq!(loud.profile, ProfileName::AzureDigitalTwins);
    assert_eq!(loud.fail_on, FailOn::Never);
    assert_eq!(loud.scope.named, HashSet::from(["factory".to_owned()]));
    assert!(loud.scope.only_named);
}

#[test]
fn apps_are_named_in_any_spelling() {
    let settings = settings("--app {0B07F429-9F4B-4714-9392-CC5E8E80C8B0},Press", "").unwrap();
    let want = ["0b07f429-9f4b-4714-9392-cc5e8e80c8b0", "press"];
    assert_eq!(settings.scope.named, want.map(str::to_owned).into());
}

#[test]
fn what_makes_no_sense_is_said_before_anything_is_read() {
    for (line, want) in [
        ("--profile entr", "no profile is called `entr`"),
        (
            "--select no-such-rule",
            "--select: no rule and no group is called",
        ),
        (
            "--ignore implicit-grant,no-such-rule",
            "--ignore: no rule and no group is called",
        ),
        ("--exclude [", "--exclude: `[` is no glob"),
    ] {
        let failure = settings(line, "").unwrap_err();
        assert!(failure.message().contains(want), "{line}: {failure}");
        assert_eq!(failure.exit_code(), 2);
    }
    let everything = "--ignore ".to_owned() + &groups().join(",");
    assert!(matches!(
        settings(&everything, ""),
        Err(Failure::NoRuleLeft)
    ));
}

#[test]
fn failing_is_at_or_above() {
    let tally = |errors, warnings, infos| Tally {
        errors,
        warnings,
        infos,
    };
    for (fail_on, tally, want) in [
        ("error", tally(0, 9, 9), false),
        ("error", tally(1, 0, 0), true),
        ("warning", tally(0, 1, 0), true),
        ("warning", tally(0, 0, 1), false),
        ("info", tally(0, 0, 1), true),
        ("info", tally(0, 0, 0), false),
        ("never", tally(9, 9, 9), false),
    ] {
        let settings = settings(&format!("--fail-on {fail_on}"), "").unwrap();
        assert_eq!(settings.fails(&tally), want, "{fail_on}");
    }
}

#[test]
fn jobs_and_progress() {
    let mut around = around();
    around.processors = NonZeroUsize::new(200);
    around.stderr.is_terminal = true;
    let made = |line| Settings::new(&args(line), None, NOW, &around).unwrap();
    assert_eq!(made("").jobs, 64);
    assert_eq!(made("--jobs 3").jobs, 3);
    assert_eq!(made("--jobs 1000").jobs, 64);
    assert!(made("").progress);
    assert!(!made("-q").progress);
    assert!(made("-q --progress always").progress);
    assert!(!made("--progress never").progress);
}

#[test]
fn globs_of_both_hold() {
    let mut config = config::read("exclude = [\"old/*\"]").unwrap();
    config.folder = PathBuf::from("/w");
    let made = Settings::new(&args("--exclude new/*"), Some(config), NOW, &around()).unwrap();
    let out = |path: &str| made.exclude.matches(Path::new("."), Path::new(path));
    assert!(out("new/a.json") && !out("old/a.json") && out("../old/a.json"));
}

#[test]
fn loading_finds_the_configuration() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path();
    std::fs::create_dir_all(root.join(".git")).unwrap();
    std::fs::create_dir_all(root.join("exports")).unwrap();
    std::fs::write(root.join("entralint.toml"), "profile = \"entra\"").unwrap();
    std::fs::write(root.join("other.toml"), "fail-on = \"info\"").unwrap();
    let mut around = around();
    around.folder = root.join("exports");
    around.source_date_epoch = Some("1795392000".into());
    let load = |line| Settings::load(&args(line), &around);
    let found = load(".").unwrap();
    assert_eq!(found.config.as_deref(), Some("../entralint.toml"));
    assert_eq!((found.profile, found.rules.now), (ProfileName::Entra, NOW));
    assert_eq!(
        load("- --stdin-filename app.json").unwrap().profile,
        ProfileName::Entra
    );
    assert_eq!(load("--no-config").unwrap().config, None);
    let named = load("--config ../other.toml").unwrap();
    assert_eq!(named.fail_on, FailOn::From(Severity::Info));
    assert_eq!(named.profile, ProfileName::AzureDigitalTwins);
    assert!(matches!(
        load("--config missing.toml"),
        Err(Failure::ConfigIo(..))
    ));
    assert!(matches!(load("--now yesterday"), Err(Failure::BadNow(_))));
}
