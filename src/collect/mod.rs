//! `entralint collect`: a script that exports everything the rules can use. Nothing is run here.
//!
//! [`PLAN`] says what is exported, and how it comes whole; [`bash`] and [`powershell`] write the
//! same plan down for their shell, around a frame (`script.sh`, `script.ps1`) that knows how to
//! ask, to page and to leave no half file behind.

mod bash;
mod plan;
mod powershell;
mod step;

pub use plan::PLAN;
pub use step::{Ids, Keep, Source, Step};

use crate::model::{Guid, ObjectKind};

/// The language of a script.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Shell {
    #[default]
    Bash,
    /// Windows PowerShell 5.1 and PowerShell 7.
    #[value(name = "powershell")]
    PowerShell,
}

/// What a script is written for.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// Where it exports to, unless it is told otherwise; `None` names a folder after the day.
    pub folder: Option<String>,
    /// The tenant that has to be signed in to; `None` takes any.
    pub tenant: Option<Guid>,
    /// The subscriptions to export; none: all of the tenant that can be read.
    pub subscriptions: Vec<Guid>,
}

/// The script.
pub fn script(shell: Shell, target: &Target) -> String {
    match shell {
        Shell::Bash => bash::script(target),
        Shell::PowerShell => powershell::script(target),
    }
}

/// The command that supplies a kind of object, completely where one command can: one line for a
/// shell, `<…>` where an id belongs. Where no command exports a kind, it is the one that writes such
/// a file.
pub fn supply(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::RequiredResourceAccess => {
            "az ad app show --id <appId> --query requiredResourceAccess"
        }
        ObjectKind::CredentialList => "az ad app credential list --id <appId>",
        ObjectKind::ArmTemplate => "az bicep build --file <main.bicep>",
        ObjectKind::TerraformPlan => "terraform show -json <plan file>",
        ObjectKind::TerraformState => "terraform state pull",
        _ => PLAN
            .iter()
            .find(|step| step.kind == kind)
            .map_or("entralint collect", |step| step.supply),
    }
}

/// Puts `settings` and `steps` into a frame in place of the lines that mark them.
fn fill(frame: &str, settings: &str, steps: &str) -> String {
    let mut out = String::with_capacity(frame.len() + settings.len() + steps.len());
    for line in frame.lines() {
        match line {
            "#:settings" => out += settings,
            "#:steps" => out += steps.trim_start_matches('\n'),
            line => {
                out += line;
                out.push('\n');
            }
        }
    }
    out
}

/// How a shell writes the plan down.
struct Dialect {
    /// Begins and ends the loop through the subscriptions.
    begin: &'static str,
    end: &'static str,
    /// Before a step, outside of the loop and inside.
    indent: &'static str,
    inner: &'static str,
    /// Continues a call on the next line.
    continued: &'static str,
    /// The words of a step's call, each for a line of its own.
    call: fn(&Step) -> Vec<String>,
}

/// The plan, step by step.
fn steps(dialect: &Dialect) -> String {
    let mut out = String::new();
    let mut looping = false;
    for step in PLAN {
        let each = step.source.is_of_subscriptions();
        if each != looping {
            out += if each { dialect.begin } else { dialect.end };
            looping = each;
        }
        let indent = if each { dialect.inner } else { dialect.indent };
        out += &comment(step, indent);
        out += indent;
        out += &(dialect.call)(step).join(&format!("{}\n    {indent}", dialect.continued));
        out.push('\n');
    }
    out
}

/// The comment above a step.
fn comment(step: &Step, indent: &str) -> String {
    format!(
        "\n{indent}# {}\n{indent}# Needs {}.\n",
        step.holds, step.needs
    )
}

#[cfg(test)]
mod tests;
