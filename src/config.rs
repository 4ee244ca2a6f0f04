//! `entralint.toml`: what a project says about its registrations once and for all.
//!
//! The file is found from the first input's folder upwards, or named with `--config`. Every error
//! in it points into it: the line, the key, what is allowed there, and the known name that comes
//! nearest. No key is ignored silently.

pub mod duration;
mod find;
mod problem;
mod read;
mod suppress;
mod value;

use std::path::PathBuf;
use std::sync::Arc;

pub use find::{FILE_NAME, LARGEST, absolute, find, load, parse};
pub use problem::{Excerpt, Problem, masked, quoted};
pub use read::{
    CREDENTIALS_KEYS, DIGITAL_TWINS_KEYS, LATER_KEYS, MOST, ROOT_KEYS, read, unknown_rule_help,
};
pub use suppress::{SUPPRESS_KEYS, Suppress, Until};

use crate::model::Guid;
use crate::rules::{CredentialLimits, Flow, Profile, Severity, Want};

/// A configuration that was read and has no errors.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file, as messages show it; empty for none.
    pub path: String,
    /// What the paths of `exclude` are relative to: the folder it stands in. For one that was named
    /// with `--config` the current folder, because it may stand anywhere.
    pub folder: PathBuf,
    /// `profile`.
    pub profile: Option<ProfileName>,
    /// `fail-on`.
    pub fail_on: Option<FailOn>,
    /// `exclude`: valid globs.
    pub exclude: Vec<String>,
    /// `[azure-digital-twins]`.
    pub digital_twins: DigitalTwins,
    /// `[credentials]`; the default where nothing is said.
    pub credentials: CredentialLimits,
    /// `[rules]`: a rule's place in `RULES` and what was said of it.
    pub rules: Vec<(usize, Level)>,
    /// `[[suppress]]`, in the order of the file.
    pub suppress: Vec<Suppress>,
    /// The file's text without its byte order mark, when something may have to point into it.
    pub text: Arc<str>,
}

/// `[azure-digital-twins]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DigitalTwins {
    /// `flows`: how the apps sign in.
    pub flows: Option<Vec<Flow>>,
    /// `want`: what they must be able to do.
    pub want: Option<Want>,
    /// `admin-consent`: whether users are ever asked.
    pub admin_consent: Option<AdminConsent>,
    /// `instances`: resource ids of the instances that are meant.
    pub instances: Option<Vec<String>>,
    /// `tenant`: the tenant of the instances, and so one's own.
    pub tenant: Option<Guid>,
    /// `apps`: client ids that the profile applies to.
    pub apps: Option<Vec<Guid>>,
}

/// What is checked: a procedure for one API, or Entra alone.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum ProfileName {
    /// The procedure "Create an app registration to use with Azure Digital Twins".
    #[default]
    AzureDigitalTwins,
    /// No rules of any API.
    Entra,
}

impl ProfileName {
    /// As they are written, for messages and the schema.
    pub const NAMES: [&'static str; 2] = ["azure-digital-twins", "entra"];

    /// Reads the name; `None` for any other.
    pub fn parse(name: &str) -> Option<ProfileName> {
        match name {
            "azure-digital-twins" => Some(ProfileName::AzureDigitalTwins),
            "entra" => Some(ProfileName::Entra),
            _ => None,
        }
    }

    /// Its name in the configuration and in reports.
    pub fn name(self) -> &'static str {
        match self {
            ProfileName::AzureDigitalTwins => ProfileName::NAMES[0],
            ProfileName::Entra => ProfileName::NAMES[1],
        }
    }

    /// The profile as rules know it; `None` for Entra alone.
    pub fn profile(self) -> Option<Profile> {
        match self {
            ProfileName::AzureDigitalTwins => Some(Profile::azure_digital_twins()),
            ProfileName::Entra => None,
        }
    }
}

/// `fail-on`: the lowest severity that makes a run fail.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Whatever is found.
    Never,
    /// This severity and those above.
    From(Severity),
}

impl FailOn {
    /// As they are written, for messages and the schema.
    pub const NAMES: [&'static str; 4] = ["error", "warning", "info", "never"];

    /// Reads the name; `None` for any other.
    pub fn parse(name: &str) -> Option<FailOn> {
        match name {
            "never" => Some(FailOn::Never),
            other => severity(other).map(FailOn::From),
        }
    }
}

/// What `[rules]` says of a rule.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// Silent.
    Off,
    /// All its findings are this severe.
    At(Severity),
}

impl Level {
    /// As they are written, for messages and the schema.
    pub const NAMES: [&'static str; 4] = ["off", "info", "warning", "error"];

    /// Reads the name; `None` for any other.
    pub fn parse(name: &str) -> Option<Level> {
        match name {
            "off" => Some(Level::Off),
            other => severity(other).map(Level::At),
        }
    }
}

/// `admin-consent`: whether the organisation demands it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum AdminConsent {
    /// It does not.
    Optional,
    /// It does.
    Required,
}

impl AdminConsent {
    /// As they are written, for messages and the schema.
    pub const NAMES: [&'static str; 2] = ["optional", "required"];

    /// Reads the name; `None` for any other.
    pub fn parse(name: &str) -> Option<AdminConsent> {
        match name {
            "optional" => Some(AdminConsent::Optional),
            "required" => Some(AdminConsent::Required),
            _ => None,
        }
    }
}

/// The severity of that name.
pub fn severity(name: &str) -> Option<Severity> {
    Severity::ALL
        .into_iter()
        .find(|severity| severity.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read() {
        assert!(ProfileName::NAMES.iter().all(|name| {
            ProfileName::parse(name).is_some_and(|profile| profile.name() == *name)
        }));
        assert!(
            FailOn::NAMES
                .iter()
                .all(|name| FailOn::parse(name).is_some())
        );
        assert!(Level::NAMES.iter().all(|name| Level::parse(name).is_some()));
        assert!(
            AdminConsent::NAMES
                .iter()
                .all(|name| AdminConsent::parse(name).is_some())
        );
        assert_eq!(severity("fatal"), None);
    }

    #[test]
    fn a_profile_is_called_what_rules_call_it() {
        let profile = ProfileName::default();
        assert_eq!(
            profile.profile().map(|p| p.name).as_deref(),
            Some(profile.name())
        );
        assert_eq!(ProfileName::Entra.profile(), None);
    }
}
