//! `entralint.toml`: what a project says about its registrations once and for all.
//!
//! The file is found from the first input's folder upwards, or named with `--config`. Every error
//! in it points into it: the line, the key, what is allowed there, and the known name that comes
//! nearest. No key is ignored silently.

pub mod duration;
mod find;
mod problem;
mod profiles;
mod read;
mod suppress;
mod value;

use std::path::PathBuf;
use std::sync::Arc;

pub use find::{FILE_NAME, LARGEST, absolute, find, load, parse};
pub use problem::{Excerpt, Problem, masked, quoted};
pub use profiles::{OwnProfile, PROFILE_KEYS};
pub use read::{CREDENTIALS_KEYS, DIGITAL_TWINS_KEYS, MOST, ROOT_KEYS, read, unknown_rule_help};
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
    pub digital_twins: Usage,
    /// `[profiles.NAME]`, sorted by name.
    pub profiles: Vec<OwnProfile>,
    /// `[credentials]`; the default where nothing is said.
    pub credentials: CredentialLimits,
    /// `[rules]`: a rule's place in `RULES` and what was said of it.
    pub rules: Vec<(usize, Level)>,
    /// `[[suppress]]`, in the order of the file.
    pub suppress: Vec<Suppress>,
    /// The file's text without its byte order mark, when something may have to point into it.
    pub text: Arc<str>,
}

impl Config {
    /// The profile of that name, of one's own too; `None` for any other.
    pub fn profile_name(&self, name: &str) -> Option<ProfileName> {
        let own = || self.own(name).map(|_| ProfileName::Own(name.to_owned()));
        ProfileName::parse(name).or_else(own)
    }

    /// The names of all profiles, for messages.
    pub fn profile_names(&self) -> Vec<String> {
        let own = self.profiles.iter().map(|own| own.profile.name.clone());
        let known = ProfileName::NAMES.map(str::to_owned);
        known.into_iter().chain(own).collect()
    }

    /// The profile as rules know it; `None` for Entra alone.
    pub fn profile(&self, name: &ProfileName) -> Option<Profile> {
        match name {
            ProfileName::AzureDigitalTwins => Some(Profile::azure_digital_twins()),
            ProfileName::Entra => None,
            ProfileName::Own(name) => self.own(name).map(|own| own.profile.clone()),
        }
    }

    /// How apps use the profile's API. Of Entra alone it is what is written for Azure Digital
    /// Twins, so that `--profile entra` says nothing else of flows.
    pub fn usage(&self, name: &ProfileName) -> &Usage {
        let own = match name {
            ProfileName::Own(name) => self.own(name),
            ProfileName::AzureDigitalTwins | ProfileName::Entra => None,
        };
        own.map_or(&self.digital_twins, |own| &own.usage)
    }

    fn own(&self, name: &str) -> Option<&OwnProfile> {
        self.profiles.iter().find(|own| own.profile.name == name)
    }
}

/// How apps use an API: `[azure-digital-twins]`, and the same keys of `[profiles.NAME]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProfileName {
    /// The procedure "Create an app registration to use with Azure Digital Twins".
    #[default]
    AzureDigitalTwins,
    /// No rules of any API.
    Entra,
    /// One of `[profiles]`: the same checks for another API.
    Own(String),
}

impl ProfileName {
    /// Those that every configuration has, as they are written.
    pub const NAMES: [&'static str; 2] = ["azure-digital-twins", "entra"];

    /// Reads one of [`ProfileName::NAMES`]; `None` for any other.
    pub fn parse(name: &str) -> Option<ProfileName> {
        match name {
            "azure-digital-twins" => Some(ProfileName::AzureDigitalTwins),
            "entra" => Some(ProfileName::Entra),
            _ => None,
        }
    }

    /// Its name in the configuration and in reports.
    pub fn name(&self) -> &str {
        match self {
            ProfileName::AzureDigitalTwins => ProfileName::NAMES[0],
            ProfileName::Entra => ProfileName::NAMES[1],
            ProfileName::Own(name) => name,
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
        let text =
            "[profiles.orders-api]\nresource-app-id = \"0b07f429-9f4b-4714-9392-cc5e8e80c8b0\"";
        let config = read(text).expect("a configuration");
        for name in ["azure-digital-twins", "orders-api"] {
            let profile = config.profile_name(name).expect(name);
            assert_eq!(config.profile(&profile).expect(name).name, name);
            assert_eq!(profile.name(), name);
        }
        assert_eq!(config.profile(&ProfileName::Entra), None);
        assert_eq!(config.profile_name("orders"), None);
    }
}
