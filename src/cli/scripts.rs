//! Arguments of the commands that print something for a shell.

use clap::Args;

use crate::collect::{Shell, Target};
use crate::model::Guid;

/// Arguments of `collect`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CollectArgs {
    /// The language of the script
    #[arg(long, value_name = "SHELL", value_enum, default_value_t)]
    pub shell: Shell,

    /// Folder to export to [default: entralint-export-<date>, when the script runs]
    ///
    /// The script takes another one as its argument.
    #[arg(long, value_name = "FOLDER", value_parser = folder)]
    pub output: Option<String>,

    /// Export this tenant and no other, by its id [default: the one signed in to]
    #[arg(long, value_name = "ID", value_parser = guid)]
    pub tenant: Option<Guid>,

    /// Export these subscriptions, by id [default: all of the tenant]
    ///
    /// Repeatable, or separated by commas.
    #[arg(long, value_name = "ID", value_delimiter = ',', num_args = 1, value_parser = guid)]
    pub subscription: Vec<Guid>,
}

/// Arguments of `completions`.
#[derive(Clone, Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

impl CollectArgs {
    /// What the script is written for.
    pub fn target(&self) -> Target {
        Target {
            folder: self.output.clone(),
            tenant: self.tenant,
            subscriptions: self.subscription.clone(),
        }
    }
}

const EXAMPLES: &str = "\
The script needs the Azure CLI, signed in, and nothing else. Read it before you run it; each step
says what it needs. Nothing is run by this command.

Examples:
  entralint collect > collect.sh && bash collect.sh exports
  entralint collect --shell powershell > collect.ps1
  entralint check exports";

fn guid(text: &str) -> Result<Guid, String> {
    Guid::parse_strict(text.trim()).ok_or_else(|| "an id is a GUID".to_owned())
}

fn folder(text: &str) -> Result<String, String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("a folder has a name of visible characters".to_owned());
    }
    Ok(text.to_owned())
}
