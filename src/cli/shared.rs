//! What can be typed behind several commands, each piece once. A command flattens the pieces it
//! takes, in the order in which its help is to show them.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args, ValueHint};

use super::{CHECKS, CONFIGURATION, INPUT, OUTPUT, fail_on, personas, severities, size};
use crate::config::FailOn;
use crate::rules::{Persona, Severity};
use crate::settings::When;

/// By what inputs are judged: `check`, `access`, `diff`.
#[derive(Clone, Debug, Default, Args)]
pub struct JudgeArgs {
    /// Date to evaluate at: RFC 3339 or a date [default: now]
    ///
    /// Without it the environment variable SOURCE_DATE_EPOCH (seconds) is the date, and without
    /// that the clock.
    #[arg(long, value_name = "DATE", help_heading = CHECKS)]
    pub now: Option<String>,

    /// What to judge by: azure-digital-twins, entra, or one of the configuration's [profiles]
    /// [default: azure-digital-twins]
    #[arg(long, value_name = "NAME", help_heading = CHECKS)]
    pub profile: Option<String>,
}

/// Which findings there are, and which of them count: `check`, `diff`.
#[derive(Clone, Debug, Default, Args)]
pub struct RuleArgs {
    /// Who is asking: audit adds the rules for those who audit a tenant [default: regular]
    #[arg(long, value_name = "PERSONA", value_parser = personas(), help_heading = CHECKS)]
    pub persona: Option<Persona>,

    /// Check only these rules or groups of rules
    ///
    /// Repeatable, or separated by commas. Outranks the configuration's "off". An audit rule is
    /// selected by its own id, not by its group. What keeps a file from being judged at all is
    /// reported all the same.
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        num_args = 1,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = CHECKS
    )]
    pub select: Vec<String>,

    /// Leave out these rules or groups of rules; outranks --select
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        num_args = 1,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = CHECKS
    )]
    pub ignore: Vec<String>,

    /// Lowest severity that makes the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on(), help_heading = CHECKS)]
    pub fail_on: Option<FailOn>,

    /// Leave out findings below this severity; they count for nothing
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), help_heading = CHECKS)]
    pub min_severity: Option<Severity>,
}

/// Which applications are meant: `check`, `access`.
#[derive(Clone, Debug, Default, Args)]
pub struct ScopeArgs {
    /// Judge only these applications, and apply the profile to them
    ///
    /// By client id, object id or display name. Repeatable, or separated by commas. For access,
    /// managed identities too.
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        num_args = 1,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = CHECKS
    )]
    pub app: Vec<String>,

    /// Apply the profile to every application, whether it shows intent or not
    #[arg(long, conflicts_with = "app", help_heading = CHECKS)]
    pub all_apps: bool,
}

/// Where the configuration is: `check`, `access`, `diff`.
#[derive(Clone, Debug, Default, Args)]
pub struct ConfigArgs {
    /// Read this configuration [default: the nearest entralint.toml]
    ///
    /// That is looked for from the first path's folder upwards to the repository root; diff starts
    /// from NEW. The globs of a file that is named here start at the current folder.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = CONFIGURATION)]
    pub config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config", help_heading = CONFIGURATION)]
    pub no_config: bool,
}

/// What is read, and how: `check`, `access`, `diff`.
#[derive(Clone, Debug, Default, Args)]
pub struct InputArgs {
    /// Leave out files and folders of a walk; repeatable
    ///
    /// A glob without a slash is a name anywhere, one with a slash is a path from the current
    /// folder. * stops at slashes, ** does not.
    #[arg(
        long,
        value_name = "GLOB",
        num_args = 1,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = INPUT
    )]
    pub exclude: Vec<String>,

    /// Leave out excluded paths even when they are named: for pre-commit
    ///
    /// For check, a run with nothing left to lint is a success.
    #[arg(long, help_heading = INPUT)]
    pub force_exclude: bool,

    /// What standard input is called in the report
    #[arg(long, value_name = "NAME", help_heading = INPUT)]
    pub stdin_filename: Option<PathBuf>,

    /// Largest input to read: bytes, or with k, M, G [default: 8G]
    ///
    /// k, M, G and KiB, MiB, GiB count by 1024; kB, MB, GB by 1000.
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = INPUT)]
    pub max_input_size: Option<u64>,

    /// Parallel workers [default: one for each processor]
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..),
        help_heading = INPUT
    )]
    pub jobs: Option<u16>,
}

/// What is said besides the report, and how much: `check`, `access`, `diff`.
#[derive(Clone, Debug, Default, Args)]
pub struct TalkArgs {
    /// When to show progress on standard error
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, help_heading = OUTPUT)]
    pub progress: When,

    /// Say more: places, details, what was skipped and why; twice for more
    #[arg(short, long, action = ArgAction::Count, help_heading = OUTPUT)]
    pub verbose: u8,

    /// Print what was found and nothing else
    #[arg(short, long, conflicts_with = "verbose", help_heading = OUTPUT)]
    pub quiet: bool,
}
