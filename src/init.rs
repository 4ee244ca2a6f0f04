//! `entralint init`: a configuration to begin with, written from what is known of a folder.
//!
//! What is guessed says why in a comment, and every key that is left at its default stands there
//! as a comment too. What this module writes is a configuration without errors (its tests read it).

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::model::Guid;
use crate::rules::Flow;

/// The most applications that are listed; with more the list is left out, for it would only age.
const MOST_APPS: usize = 25;

/// What a folder holds, as far as a configuration depends on it.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many registrations there are at all.
    pub applications: usize,
    /// Those that show that they are meant for Azure Digital Twins.
    pub twins: Vec<FoundApp>,
    /// Resource ids of instances.
    pub instances: Vec<String>,
    /// The tenant of the instances, or else the one that the documents agree on.
    pub tenant: Option<Guid>,
}

/// An application for Azure Digital Twins. Its texts are one line each, and harmless.
#[derive(Clone, Debug)]
pub struct FoundApp {
    /// Client id.
    pub app_id: Guid,
    /// Display name; its id where it has none.
    pub name: String,
    /// The flows that its registration is made for, each with the reason.
    pub flows: Vec<(Flow, &'static str)>,
}

impl Found {
    /// `azure-digital-twins` where something is meant for it, or nothing is known.
    pub fn profile(&self) -> &'static str {
        let nothing = self.applications == 0;
        if nothing || !self.twins.is_empty() || !self.instances.is_empty() {
            "azure-digital-twins"
        } else {
            "entra"
        }
    }

    /// The flows of all applications, each once.
    pub fn flows(&self) -> BTreeSet<Flow> {
        let each = self.twins.iter().flat_map(|app| &app.flows);
        each.map(|(flow, _)| *flow).collect()
    }

    /// The text of an `entralint.toml`.
    pub fn configuration(&self) -> String {
        let mut out = String::from(HEAD);
        self.write_profile(&mut out);
        self.write_twins(&mut out);
        out.push_str(REST);
        out
    }

    fn write_profile(&self, out: &mut String) {
        let why = match (self.twins.len(), self.instances.len(), self.applications) {
            (0, 0, 0) => "No registration was found here; this is the default.".to_owned(),
            (0, 0, _) => {
                "No registration here asks for Azure Digital Twins; \"azure-digital-twins\" \
                          checks\n# those that are named in `apps` all the same."
                    .to_owned()
            }
            (0, _, _) => "There are instances of Azure Digital Twins here.".to_owned(),
            (1, _, _) => "One registration here is for Azure Digital Twins.".to_owned(),
            (n, _, _) => format!("{n} registrations here are for Azure Digital Twins."),
        };
        let _ = writeln!(
            out,
            "# What is checked: \"azure-digital-twins\", \"entra\" (Entra alone) or one of [profiles].\n\
             # {why}\nprofile = {}\n{DEFAULTS}",
            quoted(self.profile())
        );
    }

    fn write_twins(&self, out: &mut String) {
        out.push_str("# How the applications use Azure Digital Twins.\n[azure-digital-twins]\n");
        let flows = self.flows();
        if flows.is_empty() {
            out.push_str(
                "# How they sign in. Left out: a browser sign-in is expected, and nothing is configured.\n\
                 # flows = [\"interactive\", \"app-only\"]\n",
            );
        } else {
            out.push_str("# How they sign in, guessed from the registrations:\n");
            for flow in &flows {
                let because = self.twins.iter().find_map(|app| {
                    let (_, why) = app.flows.iter().find(|(of, _)| of == flow)?;
                    Some((&app.name, *why))
                });
                if let Some((name, why)) = because {
                    let _ = writeln!(out, "#   {}: {name} {why}", flow.name());
                }
            }
            let names: Vec<String> = flows.iter().map(|flow| quoted(flow.name())).collect();
            let _ = writeln!(out, "flows = [{}]", names.join(", "));
        }
        out.push_str(
            "# What they must be able to do: \"write\" or \"read\".\n# want = \"write\"\n\
             # Whether the organisation demands admin consent: \"optional\" or \"required\".\n\
             # admin-consent = \"optional\"\n",
        );
        list(
            out,
            "The instances that they must reach, by resource id.",
            "instances",
            self.instances.iter().map(|id| (quoted(id), "")),
            "\"/subscriptions/…/providers/Microsoft.DigitalTwins/digitalTwinsInstances/factory\"",
        );
        let tenant = self.tenant.map(|tenant| quoted(&tenant.to_string()));
        let _ = writeln!(
            out,
            "# The tenant of the instances.\n{}",
            tenant.map_or_else(
                || "# tenant = \"<tenant id>\"".to_owned(),
                |id| format!("tenant = {id}")
            )
        );
        let few = self.twins.iter().filter(|_| self.twins.len() <= MOST_APPS);
        list(
            out,
            "The applications that the profile applies to, beside those that ask for it.",
            "apps",
            few.map(|app| (quoted(&app.app_id.to_string()), app.name.as_str())),
            "\"<client id>\"",
        );
        out.push('\n');
    }
}

/// A list of quoted values, each on a line with its comment; without any, an example in a comment.
fn list<'i>(
    out: &mut String,
    title: &str,
    key: &str,
    items: impl Iterator<Item = (String, &'i str)>,
    example: &str,
) {
    let items: Vec<_> = items.collect();
    let _ = writeln!(out, "# {title}");
    if items.is_empty() {
        let _ = writeln!(out, "# {key} = [{example}]");
        return;
    }
    let _ = writeln!(out, "{key} = [");
    for (value, comment) in items {
        let comment = match comment {
            "" => String::new(),
            comment => format!("  # {comment}"),
        };
        let _ = writeln!(out, "    {value},{comment}");
    }
    out.push_str("]\n");
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

const HEAD: &str = "\
# Configuration of entralint, for everything below this folder. What is commented out is the
# default or an example. `entralint schema config` prints a JSON Schema of it for editors.

";

const DEFAULTS: &str = "
# The lowest severity that fails a run: \"error\", \"warning\", \"info\" or \"never\".
# fail-on = \"error\"

# What a walk leaves out.
# exclude = [\"**/archive/**\"]
";

const REST: &str = "\
[credentials]
# What ends within this time is expiring, and what lives longer than that is long-lived.
# expiring-within = \"30d\"
# secret-lifetime = \"180d\"
# certificate-lifetime = \"365d\"

[rules]
# Single rules: \"off\", \"info\", \"warning\" or \"error\". `entralint rules` lists them.
# multi-tenant-unlocked = \"off\"

# The same checks for another API: set `profile` to its name.
# [profiles.orders-api]
# resource-app-id = \"<client id of the API>\"
# scopes = [\"<id of a delegated permission>\"]
# data-roles = [\"<id of an Azure role>\"]
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, ProfileName};

    fn app(name: &str, flows: &[(Flow, &'static str)]) -> FoundApp {
        FoundApp {
            app_id: Guid(name.len() as u128),
            name: name.to_owned(),
            flows: flows.to_vec(),
        }
    }

    fn read(found: &Found) -> config::Config {
        let text = found.configuration();
        match config::read(&text) {
            Ok(config) => config,
            Err(problems) => panic!("{problems:?}\n{text}"),
        }
    }

    #[test]
    fn of_an_empty_folder_it_is_the_defaults() {
        let config = read(&Found::default());
        assert_eq!(config.profile, Some(ProfileName::AzureDigitalTwins));
        assert_eq!(config.digital_twins, config::Usage::default());
        assert!(config.rules.is_empty() && config.profiles.is_empty());
        assert_eq!(config.credentials, Default::default());
    }

    #[test]
    fn what_was_found_stands_in_it_with_its_reason() {
        let found = Found {
            applications: 3,
            twins: vec![
                app("desk", &[(Flow::Interactive, "has http://localhost")]),
                app("gateway \"x\" ]", &[(Flow::AppOnlySecret, "has a secret")]),
            ],
            instances: vec!["/subscriptions/1/\"quoted\\".to_owned()],
            tenant: Some(Guid(9)),
        };
        let config = read(&found);
        let twins = &config.digital_twins;
        assert_eq!(
            twins.flows.as_deref(),
            Some(&[Flow::Interactive, Flow::AppOnlySecret][..])
        );
        assert_eq!(twins.instances.as_ref(), Some(&found.instances));
        assert_eq!(twins.tenant, Some(Guid(9)));
        assert_eq!(twins.apps.as_ref().map(Vec::len), Some(2));
        let text = found.configuration();
        assert!(text.contains("#   app-only-secret: gateway \"x\" ] has a secret\n"));
    }

    #[test]
    fn registrations_for_nothing_of_that_kind_get_entra_alone() {
        let found = Found {
            applications: 2,
            ..Found::default()
        };
        assert_eq!(read(&found).profile, Some(ProfileName::Entra));
    }

    #[test]
    fn what_is_commented_out_is_the_default_or_known() {
        let live: String = Found::default()
            .configuration()
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                // Keys and tables; prose has blanks before any equals sign.
                Some(rest) if rest.starts_with('[') || rest.contains(" = ") => {
                    rest.to_owned() + "\n"
                }
                _ => line.to_owned() + "\n",
            })
            .collect();
        let live = live
            .replace(
                "<client id of the API>",
                "0b07f429-9f4b-4714-9392-cc5e8e80c8b0",
            )
            .replace(
                "<id of a delegated permission>",
                "4589bd03-58cb-4e6c-b17f-b580e39652f8",
            )
            .replace(
                "<id of an Azure role>",
                "bcd981a7-7f74-457b-83e1-cceb9e632ffe",
            )
            .replace("<client id>", "0b07f429-9f4b-4714-9392-cc5e8e80c8b0")
            .replace("<tenant id>", "0b07f429-9f4b-4714-9392-cc5e8e80c8b0");
        let config = config::parse(live.as_bytes()).unwrap_or_else(|why| panic!("{why:?}\n{live}"));
        assert_eq!(config.credentials, Default::default());
        assert_eq!(config.profiles.len(), 1);
        assert_eq!(config.rules.len(), 1);
        assert!(config.fail_on.is_some() && config.digital_twins.apps.is_some());
    }
}
