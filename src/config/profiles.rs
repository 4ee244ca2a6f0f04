//! `[profiles.NAME]`: the checks of the flagship for another API.
//!
//! Such a profile is the same [`Profile`] that the flagship is; only where it comes from differs.

use toml::Spanned;
use toml::de::DeTable;

use super::problem::quoted;
use super::read::{DIGITAL_TWINS_KEYS, Reader, Value};
use super::{ProfileName, Usage};
use crate::catalog::{application_name, roles};
use crate::model::{Audience, Guid};
use crate::rules::Profile;

/// Keys of `[profiles.NAME]` that describe the API; those of [`DIGITAL_TWINS_KEYS`], which say how
/// apps use it, may stand beside them.
pub const PROFILE_KEYS: &[&str] = &[
    "resource-app-id",
    "name",
    "scopes",
    "data-roles",
    "audience",
];

/// A profile that the configuration describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnProfile {
    /// What its API demands.
    pub profile: Profile,
    /// How apps use it.
    pub usage: Usage,
}

impl Reader<'_> {
    /// The profiles, by name; those with errors too, so that `profile` may name them.
    pub(super) fn profiles(&mut self, value: &Value<'_>) -> Vec<OwnProfile> {
        let mut profiles = Vec::new();
        for (key, value) in self.table("profiles", value) {
            if self.full() {
                break;
            }
            let name = key.get_ref().as_ref();
            if ProfileName::parse(name).is_some() {
                let message = format!("a profile of one's own cannot be called {}", quoted(name));
                let help = "that is one of the two that are always there; choose another name";
                self.problem(key.span(), message, Some(help.to_owned()));
            } else if !is_name(name) {
                let message = format!("{} is no name for a profile", quoted(name));
                let help = "write small letters, digits and single hyphens, such as orders-api";
                self.problem(key.span(), message, Some(help.to_owned()));
            }
            // Whatever stands there for a name is shown in one message alone.
            let shown = if is_name(name) { name } else { "NAME" };
            let Some(table) = value.get_ref().as_table() else {
                let help = format!("write a line [profiles.{shown}] and its keys below it");
                self.wrong_type(&format!("profiles.{shown}"), "a table", value, Some(help));
                continue;
            };
            profiles.push(self.own_profile(key, shown, table));
        }
        profiles.sort_by(|left, right| left.profile.name.cmp(&right.profile.name));
        profiles
    }

    fn own_profile(
        &mut self,
        title: &Spanned<impl AsRef<str>>,
        name: &str,
        table: &DeTable<'_>,
    ) -> OwnProfile {
        let mut resource = None;
        let mut profile = Profile::new(name, Guid::NIL);
        let mut called = None;
        let mut usage = Usage::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "resource-app-id" => resource = self.guid("resource-app-id", value),
                "name" => called = self.filled("name", value),
                "scopes" => profile.scopes = self.guids("scopes", value).unwrap_or_default(),
                "data-roles" => profile.data_roles = self.data_roles(value),
                "audience" => {
                    let names = Audience::ALL.map(Audience::key);
                    if let Some(widest) = self.one_of("audience", value, &names, Audience::parse) {
                        profile.audience = widest;
                    }
                }
                _ if self.usage(&mut usage, key, value) => {}
                _ => {
                    let known = [PROFILE_KEYS, DIGITAL_TWINS_KEYS].concat();
                    self.unknown(key, Some(&format!("profiles.{name}")), &known);
                }
            }
        }
        if !table.contains_key("resource-app-id") {
            let message = format!(
                "the profile {} does not say which API it is for",
                quoted(name)
            );
            let help = "write resource-app-id = \"<the API's application (client) id>\" below it";
            self.problem(title.span(), message, Some(help.to_owned()));
        }
        profile.resource = resource.unwrap_or(Guid::NIL);
        profile.resource_name = called
            .or_else(|| application_name(profile.resource).map(str::to_owned))
            .unwrap_or_else(|| name.to_owned());
        OwnProfile { profile, usage }
    }

    /// Roles that give access to data. A built-in role without data actions is the very mistake
    /// that the profile is to find, so it cannot stand here.
    fn data_roles(&mut self, value: &Value<'_>) -> Vec<Guid> {
        let list = self.list("data-roles", value, |reader, value| {
            let id = reader.guid("an element of data-roles", value)?;
            match roles::role(id) {
                Some(role) if !role.has_data => {
                    let message = format!("data-roles: {} gives no access to data", role.name);
                    let help = "name a role that has data actions, or remove it";
                    reader.problem(value.span(), message, Some(help.to_owned()));
                    None
                }
                _ => Some(id),
            }
        });
        list.unwrap_or_default()
    }
}

/// What the schema demands: `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('-').all(part)
}
