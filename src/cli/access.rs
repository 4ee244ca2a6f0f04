//! What can be typed behind `access`.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use super::{CHECKS, CheckArgs, ConfigArgs, InputArgs, JudgeArgs, OUTPUT, ScopeArgs, TalkArgs};
use crate::access::FLOWS;
use crate::rules::Flow;

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

    #[command(flatten)]
    pub scope: ScopeArgs,

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

    #[command(flatten)]
    pub judge: JudgeArgs,

    #[command(flatten)]
    pub configuration: ConfigArgs,

    #[command(flatten)]
    pub input: InputArgs,

    /// How to report
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        help_heading = OUTPUT
    )]
    pub format: AccessFormat,

    #[command(flatten)]
    pub talk: TalkArgs,
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
            judge: self.judge.clone(),
            scope: self.scope.clone(),
            configuration: self.configuration.clone(),
            input: self.input.clone(),
            talk: self.talk.clone(),
            ..CheckArgs::default()
        }
    }
}
