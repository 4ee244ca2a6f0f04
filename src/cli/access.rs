//! What can be typed behind `access`.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum, ValueHint};

use super::{CHECKS, CONFIGURATION, CheckArgs, INPUT, OUTPUT, size};
use crate::access::FLOWS;
use crate::rules::Flow;
use crate::settings::When;

const EXAMPLES: &str = "\
Examples:
  entralint access exports/                       every app of the profile, every instance
  entralint access --instance factory exports/    one instance, by name or resource id
  entralint access --app \"Line Gateway\" --flow app-only exports/

Exit codes: 0 every verdict asked for is yes; 1 some is no or unknown; 2 could not run or read
something; 3 no application to judge.";

/// Arguments of `access`.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = EXAMPLES)]
pub struct AccessArgs {
    /// Files and folders; - is standard input [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Judge only these applications or managed identities
    ///
    /// By client id, object id or display name. Repeatable, or separated by commas.
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        num_args = 1,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = CHECKS
    )]
    pub app: Vec<String>,

    /// Judge every application, whether it shows intent or not
    #[arg(long, conflicts_with = "app", help_heading = CHECKS)]
    pub all_apps: bool,

    /// Judge access to these instances only, by resource id or name
    ///
    /// Repeatable, or separated by commas. Outranks the configuration's instances.
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        num_args = 1,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = CHECKS
    )]
    pub instance: Vec<String>,

    /// Judge these flows only; app-only is all three of it
    ///
    /// Repeatable, or separated by commas. Outranks the configuration's flows. A flow that is named
    /// is asked for even where the registration does not offer it.
    #[arg(
        long,
        value_name = "FLOW",
        value_delimiter = ',',
        num_args = 1,
        value_parser = flows(),
        help_heading = CHECKS
    )]
    pub flow: Vec<Flow>,

    /// Date to evaluate at: RFC 3339 or a date [default: now]
    #[arg(long, value_name = "DATE", help_heading = CHECKS)]
    pub now: Option<String>,

    /// Whose procedure is judged by [default: azure-digital-twins]
    #[arg(long, value_name = "NAME", help_heading = CHECKS)]
    pub profile: Option<String>,

    /// Read this configuration [default: the nearest entralint.toml]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = CONFIGURATION)]
    pub config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config", help_heading = CONFIGURATION)]
    pub no_config: bool,

    /// Leave out files and folders of a walk; repeatable
    #[arg(
        long,
        value_name = "GLOB",
        num_args = 1,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = INPUT
    )]
    pub exclude: Vec<String>,

    /// Leave out excluded paths even when they are named
    #[arg(long, help_heading = INPUT)]
    pub force_exclude: bool,

    /// What standard input is called in the report
    #[arg(long, value_name = "NAME", help_heading = INPUT)]
    pub stdin_filename: Option<PathBuf>,

    /// Largest input to read: bytes, or with k, M, G [default: 8G]
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

    /// How to report
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        help_heading = OUTPUT
    )]
    pub format: AccessFormat,

    /// When to show progress on standard error
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, help_heading = OUTPUT)]
    pub progress: When,

    /// Say more: where each reason stands, and who is let in
    #[arg(short, long, action = ArgAction::Count, help_heading = OUTPUT)]
    pub verbose: u8,

    /// Print verdicts and nothing else
    #[arg(short, long, conflicts_with = "verbose", help_heading = OUTPUT)]
    pub quiet: bool,
}

/// How verdicts are reported.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AccessFormat {
    /// For people: a table for each application, and the reasons
    #[default]
    Human,
    /// One document, `entralint schema access`
    Json,
    /// A comment or a job's summary
    Markdown,
}

fn flows() -> impl TypedValueParser<Value = Flow> {
    let names = FLOWS.into_iter().chain([Flow::AppOnly]).map(Flow::name);
    PossibleValuesParser::new(names).map(|name| Flow::parse(&name).unwrap_or(Flow::Interactive))
}

impl AccessArgs {
    /// What the two commands share, as `check` is told it.
    pub fn as_check(&self) -> CheckArgs {
        CheckArgs {
            paths: self.paths.clone(),
            app: self.app.clone(),
            all_apps: self.all_apps,
            now: self.now.clone(),
            profile: self.profile.clone(),
            config: self.config.clone(),
            no_config: self.no_config,
            exclude: self.exclude.clone(),
            force_exclude: self.force_exclude,
            stdin_filename: self.stdin_filename.clone(),
            max_input_size: self.max_input_size,
            jobs: self.jobs,
            progress: self.progress,
            verbose: self.verbose,
            quiet: self.quiet,
            ..CheckArgs::default()
        }
    }
}
