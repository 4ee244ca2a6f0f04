//! What can be typed behind `diff`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::{
    CheckArgs, ConfigArgs, InputArgs, JudgeArgs, ListFormat, OUTPUT, RuleArgs, ScopeArgs, TalkArgs,
};

const EXAMPLES: &str = "\
Examples:
  entralint diff exports-monday/ exports-friday/      two exports of a tenant
  entralint diff --fail-on warning old.json app.json  a manifest before and after
  entralint diff --format markdown old/ new/          a comment for a pull request

Exit codes: 0 no new finding at or above --fail-on; 1 some; 2 could not run or read something;
3 nothing to compare in OLD or in NEW.";

/// Arguments of `diff`.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// File or folder as it was; - is standard input
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub old: PathBuf,

    /// File or folder as it is now; its configuration counts for both
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    pub new: PathBuf,

    #[command(flatten)]
    pub judge: JudgeArgs,

    #[command(flatten)]
    pub rule: RuleArgs,

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
    pub format: ListFormat,

    #[command(flatten)]
    pub talk: TalkArgs,
}

impl DiffArgs {
    /// What `check` of one of the two is told.
    pub fn as_check(&self, path: &Path) -> CheckArgs {
        CheckArgs {
            paths: vec![path.to_owned()],
            judge: self.judge.clone(),
            rule: self.rule.clone(),
            scope: ScopeArgs::default(),
            configuration: self.configuration.clone(),
            input: self.input.clone(),
            talk: self.talk.clone(),
            ..CheckArgs::default()
        }
    }
}
