//! Single values: what each key takes, and what to say when it is something else.

use std::collections::HashSet;
use std::hash::Hash;

use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::problem::quoted;
use super::read::{Reader, Value};
use super::{ProfileName, duration};
use crate::model::Guid;
use crate::nearest::nearest;
use crate::rules::Flow;
use crate::settings::exclude;

impl Reader<'_> {
    pub(super) fn profile(&mut self, value: &Value<'_>) -> Option<ProfileName> {
        let name = self.string("profile", value)?;
        let known = self.config.profile_name(name);
        if known.is_none() {
            let message = format!("no profile is called {}", quoted(name));
            let names = self.config.profile_names();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let mut help = one_of_help(name, &names);
            if help.starts_with("write") {
                help += ", or describe one below [profiles.NAME]";
            }
            self.problem(value.span(), message, Some(help));
        }
        known
    }

    pub(super) fn glob(&mut self, value: &Value<'_>) -> Option<String> {
        let glob = self.filled("an element of exclude", value)?;
        match exclude::check(&glob) {
            Ok(()) => Some(glob),
            Err(why) => {
                let message = format!("{} is no glob: {why}", quoted(&glob));
                let help = "write one such as \"**/archive/**\"".to_owned();
                self.problem(value.span(), message, Some(help));
                None
            }
        }
    }

    pub(super) fn flow(&mut self, value: &Value<'_>) -> Option<Flow> {
        let names = Flow::ALL.map(Flow::name);
        self.one_of("an element of flows", value, &names, Flow::parse)
    }

    pub(super) fn guid(&mut self, key: &str, value: &Value<'_>) -> Option<Guid> {
        let text = self.string(key, value)?;
        let guid = Guid::parse_strict(text);
        if guid.is_none() {
            let help = match Guid::parse_loose(text) {
                Some(meant) => format!("write it as \"{meant}\""),
                None => "a GUID looks like \"0b07f429-9f4b-4714-9392-cc5e8e80c8b0\"".to_owned(),
            };
            self.problem(
                value.span(),
                format!("{key}: {} is no GUID", quoted(text)),
                Some(help),
            );
        }
        guid
    }

    /// A list of GUIDs.
    pub(super) fn guids(&mut self, key: &str, value: &Value<'_>) -> Option<Vec<Guid>> {
        let element = format!("an element of {key}");
        self.list(key, value, |reader, value| reader.guid(&element, value))
    }

    pub(super) fn days(&mut self, key: &str, value: &Value<'_>) -> Option<i64> {
        if let Some(number) = value.get_ref().as_integer() {
            let help = format!("write \"{}d\" for days", number.as_str());
            self.wrong_type(key, "a time span in quotes", value, Some(help));
            return None;
        }
        let text = self.string(key, value)?;
        let days = duration::days(text);
        if days.is_none() {
            self.problem(
                value.span(),
                format!("{key}: {} is no time span", quoted(text)),
                Some(format!("write {}; at most 100 years", duration::FORMS)),
            );
        }
        days
    }

    /// A list, each element read by `each` and standing there once.
    pub(super) fn list<T: Clone + Eq + Hash>(
        &mut self,
        key: &str,
        value: &Value<'_>,
        each: impl Fn(&mut Self, &Value<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(array) = value.get_ref().as_array() else {
            let help = value
                .get_ref()
                .as_str()
                .map(|text| format!("write [{}]", quoted(text).replace('`', "\"")));
            self.wrong_type(key, "a list", value, help);
            return None;
        };
        let mut list = Vec::new();
        let mut seen = HashSet::new();
        for element in array.iter() {
            if self.full() {
                break;
            }
            let Some(item) = each(self, element) else {
                continue;
            };
            if !seen.insert(item.clone()) {
                self.problem(element.span(), format!("{key}: listed twice"), None);
            } else {
                list.push(item);
            }
        }
        Some(list)
    }

    pub(super) fn one_of<T>(
        &mut self,
        key: &str,
        value: &Value<'_>,
        names: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let Some(name) = value.get_ref().as_str() else {
            self.wrong_type(key, "a string", value, Some(one_of_help("", names)));
            return None;
        };
        let known = parse(name);
        if known.is_none() {
            self.problem(
                value.span(),
                format!("{key} cannot be {}", quoted(name)),
                Some(one_of_help(name, names)),
            );
        }
        known
    }

    pub(super) fn filled(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let text = self.string(key, value)?;
        if text.trim().is_empty() {
            self.problem(value.span(), format!("{key}: an empty string"), None);
            return None;
        }
        Some(text.to_owned())
    }

    pub(super) fn string<'v>(&mut self, key: &str, value: &'v Value<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, "a string", value, None);
        }
        text
    }

    pub(super) fn wrong_type(
        &mut self,
        key: &str,
        want: &str,
        value: &Value<'_>,
        help: Option<String>,
    ) {
        let is = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.problem(
            value.span(),
            format!("{key} must be {want}, and this is {is}"),
            help,
        );
    }

    /// A table's entries; none, and a complaint, when it is no table.
    pub(super) fn table<'v, 't>(
        &mut self,
        name: &str,
        value: &'v Value<'t>,
    ) -> impl Iterator<Item = (&'v Spanned<DeString<'t>>, &'v Value<'t>)> + use<'v, 't> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let help = format!("write a line [{name}] and its keys below it");
            self.wrong_type(name, "a table", value, Some(help));
        }
        table.into_iter().flatten()
    }
}

fn one_of_help(name: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("write one of \"{}\"", names.join("\", \"")),
    }
}
