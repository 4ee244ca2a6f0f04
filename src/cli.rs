//! What can be typed. Only shapes stand here; what they mean stands in [`crate::settings`].
//!
//! The doc comments of these types are what `--help` prints.

mod access;
mod diff;
mod scripts;
mod shared;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum, ValueHint};

pub use access::{AccessArgs, AccessFormat};
pub use diff::DiffArgs;
pub use scripts::{CollectArgs, CompletionsArgs};
pub use shared::{ConfigArgs, InputArgs, JudgeArgs, RuleArgs, ScopeArgs, TalkArgs};

use crate::config::{FailOn, severity};
pub use crate::report::{Format, Output};
use crate::rules::{Persona, Severity};
use crate::settings::When;

/// Lint exported Microsoft Entra app registrations, offline
///
/// entralint reads exported JSON and says what is wrong with the app registrations in it, where,
/// and which command mends it. It needs no network, no sign-in and no tenant.
#[derive(Debug, Parser)]
#[command(
    name = "entralint",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = EXIT_CODES
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// When to use colour; auto is on a terminal
    ///
    /// NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and CLICOLOR are honoured under auto.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        help_heading = "Output"
    )]
    pub color: When,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lint exports and manifests
    Check(Box<CheckArgs>),
    /// Tell whether applications reach their instances, and why not
    Access(Box<AccessArgs>),
    /// Tell what changed between two exports
    Diff(Box<DiffArgs>),
    /// Explain a rule: why it matters, what is checked, how to mend it
    Explain(ExplainArgs),
    /// List all rules
    Rules(RulesArgs),
    /// Print a JSON Schema; without a name, list them
    Schema(SchemaArgs),
    /// Print a script that exports everything the rules can use
    Collect(CollectArgs),
    /// Write a commented entralint.toml for what a folder holds
    Init(InitArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
    /// Write a stored json report in other formats
    Convert(ConvertArgs),
}

/// Arguments of `check`.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = CHECK_EXAMPLES, after_long_help = CHECK_EXAMPLES_AND_EXIT_CODES)]
pub struct CheckArgs {
    /// Files and folders; - is standard input [default: the current folder]
    ///
    /// A folder is walked for .json, .jsonl, .ndjson and .tfstate files. A path that is named is
    /// read whatever it is called.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub judge: JudgeArgs,

    #[command(flatten)]
    pub rule: RuleArgs,

    #[command(flatten)]
    pub scope: ScopeArgs,

    /// Mend what is certain in manifests, and report what is left
    ///
    /// A manifest is a file that holds one application, or one list of required permissions.
    /// Exports of several objects and standard input are never changed. Indentation, order, line
    /// endings and encoding stay as they are.
    #[arg(long, help_heading = FIXES)]
    pub fix: bool,

    /// Print what --fix would change as a unified diff, and nothing else
    ///
    /// Changes no file. The exit code is 1 when something would change, 0 when nothing would.
    #[arg(long, conflicts_with_all = ["fix", "format"], help_heading = FIXES)]
    pub diff: bool,

    #[command(flatten)]
    pub configuration: ConfigArgs,

    /// Do not count findings that this baseline has; those of it that are gone are noted
    ///
    /// A finding is known again by its fingerprint: rule, object and what is wrong with it, never
    /// a line, a path or an order.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = KNOWN)]
    pub baseline: Option<PathBuf>,

    /// Write all findings of this run to a baseline
    ///
    /// They count in this run all the same. What a [[suppress]] covers is left out: it has its own
    /// reason and date. With --baseline of the same file nothing is added, and what is gone is
    /// removed.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = KNOWN)]
    pub write_baseline: Option<PathBuf>,

    /// Count findings that a [[suppress]] of the configuration covers
    #[arg(long, help_heading = KNOWN)]
    pub no_suppressions: bool,

    /// Show suppressed findings in every format, each with its reason; json always has them
    #[arg(long, help_heading = KNOWN)]
    pub show_suppressed: bool,

    #[command(flatten)]
    pub input: InputArgs,

    /// How to report: human, concise, json, ndjson, sarif, github, azure, gitlab, junit, markdown,
    /// csv or html; with =PATH to a file; repeatable [default: human]
    ///
    /// A file is replaced when its report is complete. One run writes several reports, at most one
    /// of them to standard output.
    #[arg(
        long,
        value_name = "FORMAT[=PATH]",
        value_parser = Output::parse,
        help_heading = OUTPUT
    )]
    pub format: Vec<Output>,

    #[command(flatten)]
    pub talk: TalkArgs,

    /// Count findings by rule, and say on standard error what rules cost
    #[arg(long, help_heading = OUTPUT)]
    pub statistics: bool,
}

/// Arguments of `explain`.
#[derive(Clone, Debug, Args)]
pub struct ExplainArgs {
    /// The rule's id, such as secret-expired
    #[arg(value_name = "RULE")]
    pub rule: String,
}

/// Arguments of `rules`.
#[derive(Clone, Debug, Args)]
pub struct RulesArgs {
    /// How to list them
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        help_heading = OUTPUT
    )]
    pub format: ListFormat,
}

/// Arguments of `schema`.
#[derive(Clone, Debug, Args)]
pub struct SchemaArgs {
    /// The schema's name, such as config
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// Arguments of `init`.
#[derive(Clone, Debug, Args)]
pub struct InitArgs {
    /// The folder to read, and to write entralint.toml to
    ///
    /// A file that is there already is never written over.
    #[arg(value_name = "FOLDER", default_value = ".", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
}

/// Arguments of `convert`.
#[derive(Clone, Debug, Args)]
pub struct ConvertArgs {
    /// A report of check --format json; - is standard input
    #[arg(value_name = "REPORT", value_hint = ValueHint::FilePath)]
    pub report: PathBuf,

    /// How to report, as for check; repeatable [default: human]
    ///
    /// The inputs are not read again, so there are no excerpts.
    #[arg(
        long,
        value_name = "FORMAT[=PATH]",
        value_parser = Output::parse,
        help_heading = OUTPUT
    )]
    pub format: Vec<Output>,

    /// Show suppressed findings in every format, each with its reason; json always has them
    #[arg(long, help_heading = OUTPUT)]
    pub show_suppressed: bool,

    /// Say more: what was skipped and why
    #[arg(short, long, action = ArgAction::Count, help_heading = OUTPUT)]
    pub verbose: u8,

    /// Print findings and nothing else
    #[arg(short, long, conflicts_with = "verbose", help_heading = OUTPUT)]
    pub quiet: bool,
}

/// How rules, or what changed, are listed.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    #[default]
    Human,
    Json,
    Markdown,
}

impl Cli {
    /// Reads a command line. What clap answers itself (help, the version, a usage error) comes back
    /// as an error that holds nothing foreign but what passed `clean`.
    ///
    /// # Errors
    /// Whatever is not a command to run; its `exit_code` says whether it is a failure.
    pub fn read(
        words: impl IntoIterator<Item = OsString>,
        clean: &dyn Fn(&str) -> String,
    ) -> Result<Cli, clap::Error> {
        let words: Vec<OsString> = words.into_iter().collect();
        // clap quotes words as they were typed, so the error is made again from clean ones.
        Cli::try_parse_from(&words).map_err(|error| {
            let words = words.iter().map(|word| clean(&word.to_string_lossy()));
            Cli::try_parse_from(words)
                .err()
                .unwrap_or_else(|| clap::Error::new(error.kind()).with_cmd(&Cli::command()))
        })
    }
}

/// What [`Cli::read`] answered instead of a command, for a stream with or without colour.
pub fn answer(error: &clap::Error, color: bool) -> String {
    let text = error.render();
    if color {
        text.ansi().to_string()
    } else {
        text.to_string()
    }
}

const CHECKS: &str = "Checks";
const FIXES: &str = "Fixes";
const CONFIGURATION: &str = "Configuration";
const KNOWN: &str = "Known findings";
const INPUT: &str = "Input";
const OUTPUT: &str = "Output";

const EXIT_CODES: &str = "\
Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 could not run or read something;
3 nothing to lint.";

const CHECK_EXAMPLES: &str = "\
Examples:
  entralint check exports/                    every export in a folder
  entralint check manifest.json               one app: the profile applies to it
  az ad app list --all | entralint check -    straight from the Azure CLI
  entralint check --select credential --fail-on warning exports/
  entralint check --format sarif=entralint.sarif --format github exports/";

const CHECK_EXAMPLES_AND_EXIT_CODES: &str = "\
Examples:
  entralint check exports/
      Every export in a folder.
  entralint check manifest.json
      One app: the profile applies to it.
  az ad app list --all | entralint check -
      Straight from the Azure CLI.
  entralint check --select credential --fail-on warning exports/
      Secrets and certificates only, and warnings fail.
  entralint check --now 2027-01-01 --format json=report.json exports/
      What will be wrong at New Year, for a program.
  entralint check --format sarif=entralint.sarif --format github exports/
      For code scanning, and as annotations in the log.

Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 could not run or read something;
3 nothing to lint.";

fn personas() -> impl TypedValueParser<Value = Persona> {
    PossibleValuesParser::new(["regular", "audit"]).map(|name| match name.as_str() {
        "audit" => Persona::Audit,
        _ => Persona::Regular,
    })
}

fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    PossibleValuesParser::new(FailOn::NAMES)
        .map(|name| FailOn::parse(&name).unwrap_or(FailOn::From(Severity::Error)))
}

fn severities() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::name))
        .map(|name| severity(&name).unwrap_or(Severity::Info))
}

/// Bytes, with an optional unit.
fn size(text: &str) -> Result<u64, String> {
    const FORM: &str = "write bytes (1048576) or a unit (512k, 64M, 2G, 2GiB, 2GB)";
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &text[..text.len() - unit.len()];
    let unit = unit.trim().to_ascii_lowercase();
    let (letter, base): (&str, u64) = match unit.strip_suffix("ib") {
        Some(letter) if !letter.is_empty() => (letter, 1024),
        _ => match unit.strip_suffix('b') {
            Some("") => ("", 1),
            Some(letter) => (letter, 1000),
            None => (unit.as_str(), 1024),
        },
    };
    let power = match letter {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return Err(FORM.to_owned()),
    };
    match number
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(base.pow(power)))
    {
        Some(0) => Err("nothing is that small".to_owned()),
        Some(bytes) => Ok(bytes),
        None if number.is_empty() => Err(FORM.to_owned()),
        None => Err("larger than any file".to_owned()),
    }
}
