//! What a SARIF log says about the tool: all its rules, whether or not they found something, so
//! that code scanning knows them the same everywhere.

use serde::Serialize;

use super::super::docs::{self, Block};
use super::Message;
use crate::rules::{Persona, RULES, Rule, Severity};

/// GitHub takes 1,024 characters of a description.
const LONGEST: usize = 1000;

/// How bad a rule's finding is as a weakness, for those that are one: GitHub shows 9.0 and more as
/// critical, 7.0 as high, 4.0 as medium, what is below as low. A rule that is not listed is about
/// what works, not about what is exposed, and GitHub shows its severity. Sorted by id.
pub const SECURITY: &[(&str, &str)] = &[
    ("adt-audience-not-single-tenant", "5.0"),
    ("adt-data-role-too-broad", "4.0"),
    ("adt-extra-permission", "4.0"),
    ("application-unused", "3.0"),
    ("assignment-not-required", "2.0"),
    ("certificate-long-lived", "4.0"),
    ("certificate-weak", "5.5"),
    ("consent-tenant-wide-critical", "7.5"),
    ("credential-not-rotated", "3.0"),
    ("credential-on-first-party", "8.5"),
    ("credential-on-service-principal", "6.0"),
    ("credential-shared", "6.0"),
    ("credential-violates-policy", "5.0"),
    ("custom-role-grants-roles", "6.5"),
    ("custom-role-wildcard", "6.5"),
    ("directory-role-privileged", "8.0"),
    ("federated-broad", "7.0"),
    ("implicit-grant", "5.0"),
    ("microsoft-impersonation", "6.5"),
    ("multi-tenant", "3.0"),
    ("multi-tenant-mapped-claims", "8.0"),
    ("multi-tenant-unlocked", "5.5"),
    ("native-authentication", "2.0"),
    ("owner-guest", "6.0"),
    ("owner-missing", "2.0"),
    ("permission-granted-not-requested", "5.0"),
    ("permission-high-risk", "6.5"),
    ("permission-many", "3.0"),
    ("permission-retired-api", "4.0"),
    ("permission-tier-zero", "8.5"),
    ("privileged-foreign", "7.5"),
    ("privileged-with-owner", "5.5"),
    ("privileged-with-secret", "7.5"),
    ("public-client-flow-on", "3.0"),
    ("public-client-with-credential", "6.0"),
    ("redirect-claimable-host", "7.5"),
    ("redirect-foreign-client", "5.0"),
    ("redirect-insecure", "7.0"),
    ("redirect-only-on-service-principal", "4.5"),
    ("redirect-out-of-band", "4.0"),
    ("redirect-wildcard", "6.5"),
    ("role-at-root", "7.5"),
    ("role-classic-administrator", "5.5"),
    ("role-direct-user", "2.0"),
    ("role-guest-privileged", "7.0"),
    ("role-on-disabled-principal", "4.0"),
    ("role-orphaned", "3.0"),
    ("role-owner-count", "2.5"),
    ("role-permanent", "4.0"),
    ("role-privileged", "7.0"),
    ("role-self-escalation", "6.5"),
    ("secret-in-file", "9.5"),
    ("secret-in-use", "3.5"),
    ("secret-long-lived", "5.0"),
    ("secret-never-expires", "7.0"),
    ("tenant-consent-workflow-off", "2.0"),
    ("tenant-credential-policy", "4.0"),
    ("tenant-user-consent", "6.0"),
    ("tenant-user-registration", "3.0"),
    ("too-many-secrets", "3.5"),
    ("unverified-publisher", "3.0"),
];

/// The rules of a SARIF log, in the order of [`RULES`].
pub fn rules() -> impl Iterator<Item = Descriptor> {
    RULES.iter().map(|rule| Descriptor::of(rule))
}

/// A `reportingDescriptor` (SARIF 2.1.0, section 3.49).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Help,
    #[serde(skip_serializing_if = "str::is_empty")]
    help_uri: &'static str,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<&'static str>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security: Option<&'static str>,
}

/// SARIF's word for a severity.
pub fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

impl Descriptor {
    fn of(rule: &'static Rule) -> Descriptor {
        let security = SECURITY
            .binary_search_by(|(id, _)| id.cmp(&rule.id))
            .ok()
            .map(|at| SECURITY[at].1);
        let mut tags = vec![rule.group.name()];
        tags.extend(security.map(|_| "security"));
        Descriptor {
            id: rule.id,
            name: pascal(rule.id),
            short_description: Message::new(sentence(&docs::plain(rule.summary()))),
            full_description: Message::new(full(rule)),
            help: Help {
                text: text(rule),
                markdown: markdown(rule),
            },
            help_uri: rule.url(),
            default_configuration: Configuration {
                level: level(rule.severity),
            },
            properties: Properties {
                tags,
                // What an audit rule finds is true, but for some it is as it should be.
                precision: match rule.persona {
                    Persona::Regular => "high",
                    Persona::Audit => "medium",
                },
                problem: match rule.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Info => "recommendation",
                },
                security,
            },
        }
    }
}

/// `SecretExpired`
fn pascal(id: &str) -> String {
    id.split('-')
        .flat_map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            [first.to_ascii_uppercase(), rest.to_owned()]
        })
        .collect()
}

fn sentence(words: &str) -> String {
    format!("{}.", words.trim_end_matches('.'))
}

/// The bad state and why it matters, as far as there is room.
fn full(rule: &Rule) -> String {
    let source = docs::source(rule.docs);
    let mut paragraphs = source
        .split("\n\n")
        .map(|words| docs::plain(&words.replace('\n', " ")));
    let mut text = sentence(&paragraphs.next().unwrap_or_default());
    if let Some(why) = paragraphs.next()
        && text.chars().count() + why.chars().count() < LONGEST
    {
        text.push(' ');
        text.push_str(why.strip_prefix("Why it matters. ").unwrap_or(&why));
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The documentation without marks.
fn text(rule: &Rule) -> String {
    let blocks = docs::blocks(rule.docs);
    let texts: Vec<String> = blocks
        .into_iter()
        .map(|block| match block {
            Block::Heading(words) => format!("{words}:"),
            Block::Paragraph(words) => docs::plain(&words),
            Block::Item(words) => format!("- {}", docs::plain(&words)),
            Block::Code(lines) => lines.join("\n"),
        })
        .collect();
    texts.join("\n")
}

/// The documentation, with what surrounds it in RULES.md.
fn markdown(rule: &Rule) -> String {
    let mut text = docs::source(rule.docs);
    let code = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    if !rule.options.is_empty() {
        text.push_str(&format!("\n\nConfigured by {}.", code(rule.options)));
    }
    if !rule.references.is_empty() {
        let links: Vec<String> = rule
            .references
            .iter()
            .map(|url| format!("<{url}>"))
            .collect();
        text.push_str(&format!("\n\nSee {}.", links.join(", ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rated_is_a_rule() {
        assert!(SECURITY.is_sorted_by(|a, b| a.0 < b.0));
        for (id, score) in SECURITY {
            assert!(Rule::find(id).is_some(), "{id}");
            let score: f32 = score.parse().expect("a number");
            assert!((0.1..=10.0).contains(&score), "{id}");
        }
    }

    #[test]
    fn every_rule_keeps_to_githubs_limits() {
        for rule in RULES {
            let descriptor = Descriptor::of(rule);
            for text in [
                &descriptor.short_description.text,
                &descriptor.full_description.text,
            ] {
                let length = text.chars().count();
                assert!((5..=1024).contains(&length), "{}: {length}", rule.id);
                assert!(text.ends_with(['.', '…', ':']), "{}: {text}", rule.id);
            }
            assert!(descriptor.name.len() <= 255);
            assert!(descriptor.help.text.len() > 20 && descriptor.help.markdown.len() > 20);
            assert!(descriptor.properties.tags.len() <= 10);
            // In Markdown an address ends where its link does.
            let marks = ['(', ')', '<', '>', ' '];
            assert!(
                rule.references.iter().all(|url| !url.contains(marks)),
                "{}",
                rule.id
            );
        }
        assert_eq!(pascal("secret-in-file"), "SecretInFile");
    }
}
