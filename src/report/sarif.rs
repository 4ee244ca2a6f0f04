//! SARIF 2.1.0, for GitHub code scanning, Azure DevOps and editors.
//!
//! GitHub refuses a whole file for one result too many or one without a place, ignores suppressions
//! (they become open alerts), and tells alerts apart by a hash of their line, which is the same for
//! all of a minified export. So results come most severe first up to its limit, each with a place
//! and a fingerprint of ours (GitHub documentation, "SARIF support for code scanning" and "SARIF
//! results exceed one or more limits"; codeql-action, `fingerprints.ts`).

mod driver;
mod invocation;

use std::io::{self, Write};

use serde::Serialize;

use super::gitlab::Repeats;
use super::ranked::Ranked;
use super::{Fix, Outcome, Place, Position, Report, Reported, json, safe};
use crate::rules::Subject;
use driver::level;
use invocation::index;

/// GitHub refuses a run with more results than this.
const MOST: usize = 25_000;
/// Together no longer than this: compressed, GitHub takes 10 MB, and text such as this is
/// compressed to less than a tenth.
const MOST_BYTES: usize = 80 << 20;
/// Related locations of a result; GitHub shows 100 locations.
const RELATED: usize = 50;
/// A longer text is cut, in characters.
const LONGEST: usize = 1000;

/// The `sarif` format.
#[derive(Debug)]
pub struct Sarif {
    root: String,
    results: Ranked<Kept>,
    /// An input could not be read.
    unread: bool,
}

/// A result as it is written, but for its fingerprints and the bracket behind them.
#[derive(Debug)]
struct Kept {
    json: Vec<u8>,
    fingerprint: String,
}

impl Sarif {
    /// Paths below `root` are addressed as seen from there.
    pub fn new(root: &str) -> Sarif {
        Sarif {
            root: root.to_owned(),
            results: Ranked::new(MOST, MOST_BYTES),
            unread: false,
        }
    }
}

/// A text of SARIF (section 3.11).
#[derive(Serialize)]
struct Message {
    text: String,
}

impl Message {
    fn new(text: String) -> Message {
        Message { text }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'f> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location<'f>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<[Suppressed; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<[SarifFix<'f>; 1]>,
}

/// What `--fix` would do (section 3.55).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'f> {
    description: Message,
    artifact_changes: [ArtifactChange<'f>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'f> {
    artifact_location: Artifact,
    replacements: Vec<Replaced<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replaced<'f> {
    deleted_region: Region,
    inserted_content: Content<'f>,
}

#[derive(Serialize)]
struct Content<'f> {
    text: &'f str,
}

#[derive(Serialize)]
struct Suppressed {
    kind: &'static str,
    justification: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

/// Lines and columns from 1; the end is just past the last character.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    start_column: u64,
    end_line: u64,
    end_column: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    fully_qualified_name: String,
    kind: &'f str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints {
    primary_location_line_hash: String,
    #[serde(rename = "entralint/v1")]
    own: String,
}

impl Report for Sarif {
    fn begin(&mut self, _: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        writeln!(
            out,
            "{{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n\"version\": \"2.1.0\",\n\
            \"runs\": [{{\n\"tool\": {{\"driver\": {{\"name\": \"entralint\", \"fullName\": \"entralint {version}\", \
            \"version\": \"{version}\", \"semanticVersion\": \"{version}\", \"rules\": ["
        )?;
        for (at, rule) in driver::rules().enumerate() {
            out.write_all(if at > 0 { b",\n" } else { b"" })?;
            out.write_all(&json::compact(&rule)?)?;
        }
        out.write_all(b"\n]}},\n\"columnKind\": \"unicodeCodePoints\",\n")
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        self.unread |= finding.rule.id == "unreadable-input";
        if !self.results.admits(finding.severity) {
            return Ok(());
        }
        let related: Vec<Location<'_>> = finding
            .related
            .iter()
            .take(RELATED)
            .enumerate()
            .map(|(at, place)| self.location(place, None, Some(at + 1)))
            .collect();
        let suppression = finding.suppression.as_ref();
        let mut json = json::compact(&SarifResult {
            rule_id: finding.rule.id,
            rule_index: index(finding.rule.id).map(|rule| rule.index),
            level: level(finding.severity),
            message: Message::new(words(finding)),
            locations: [self.location(&finding.location, finding.subject.as_deref(), None)],
            related_locations: related,
            suppressions: suppression.map(|suppression| {
                [Suppressed {
                    kind: "external",
                    justification: safe::capped(&suppression.reason, LONGEST).into_owned(),
                }]
            }),
            fixes: finding
                .fix
                .as_ref()
                .map(|fix| [self.fix(fix, &finding.location)]),
        })?;
        // The object goes on with its fingerprints.
        json.pop();
        let kept = Kept {
            fingerprint: finding.fingerprint.clone(),
            json,
        };
        let cost = kept.json.len() + 150;
        self.results.push(finding.severity, kept, cost);
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let (kept, cut) = (self.results.kept() as u64, self.results.cut());
        let invocation = invocation::of(outcome, !self.unread, kept, cut);
        out.write_all(b"\"invocations\": [")?;
        out.write_all(&json::compact(&invocation)?)?;
        out.write_all(b"],\n\"results\": [")?;
        let mut repeats = Repeats::default();
        for (at, (_, kept)) in self.results.iter().enumerate() {
            out.write_all(if at > 0 { b",\n" } else { b"\n" })?;
            out.write_all(&kept.json)?;
            let again = repeats.next(&kept.fingerprint);
            let own = format!("{}:{again}", safe::line(&kept.fingerprint));
            let fingerprints = Fingerprints {
                primary_location_line_hash: own.clone(),
                own,
            };
            out.write_all(b",\"partialFingerprints\":")?;
            out.write_all(&json::compact(&fingerprints)?)?;
            out.write_all(b"}")?;
        }
        out.write_all(b"\n]\n}]\n}\n")
    }
}

/// The message: the finding, links to its related places, and what to do. Code scanning takes the
/// first sentence for a title.
fn words(finding: &Reported) -> String {
    let mut text = safe::sarif(&finding.message, LONGEST);
    if text.is_empty() {
        // Not allowed, and not ours.
        text.push_str(finding.rule.id);
    }
    text.push('.');
    let links: Vec<String> = finding
        .related
        .iter()
        .take(RELATED)
        .enumerate()
        .map(|(at, place)| {
            let label = safe::sarif(&place.label, LONGEST);
            let label = if label.is_empty() {
                "this place"
            } else {
                &label
            };
            format!("[{label}]({})", at + 1)
        })
        .collect();
    if !links.is_empty() {
        text.push_str(" See ");
        text.push_str(&links.join(", "));
        text.push('.');
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nHelp: {}.", safe::sarif(help, LONGEST)));
    }
    for line in &finding.commands {
        text.push('\n');
        text.push_str(&command(line));
    }
    text
}

/// A command as it has to be typed: without backslashes, unless something in it looks like a link
/// or a placeholder, or it is so long that it would be cut.
fn command(text: &str) -> String {
    let clean = safe::path(text);
    if clean.chars().nth(LONGEST).is_some() {
        return "(a long command: --format json prints it)".to_owned();
    }
    let escaped = safe::sarif(&clean, LONGEST);
    let only_brackets = escaped.replace("\\[", "[").replace("\\]", "]") == *clean;
    if only_brackets && !clean.contains("](") {
        clean.into_owned()
    } else {
        escaped
    }
}

impl Sarif {
    fn fix<'f>(&self, fix: &'f Fix, place: &Place) -> SarifFix<'f> {
        let replacements = fix.replacements.iter().map(|replacement| Replaced {
            deleted_region: region(replacement.start, replacement.end),
            inserted_content: Content {
                text: &replacement.text,
            },
        });
        SarifFix {
            description: Message::new(safe::sarif(&fix.description, LONGEST)),
            artifact_changes: [ArtifactChange {
                artifact_location: Artifact {
                    uri: safe::uri(&place.path, &self.root),
                },
                replacements: replacements.collect(),
            }],
        }
    }

    fn location<'f>(
        &self,
        place: &'f Place,
        subject: Option<&'f Subject>,
        id: Option<usize>,
    ) -> Location<'f> {
        let mut logical = Vec::new();
        if !place.pointer.is_empty() {
            logical.push(Logical {
                name: None,
                fully_qualified_name: safe::capped(&place.pointer, LONGEST).into_owned(),
                kind: "value",
            });
        }
        if let Some(subject) = subject {
            let kind = subject.kind.name();
            let name = subject.name.as_ref().filter(|name| !name.is_empty());
            let id = subject.app_id.as_ref().or(subject.id.as_ref());
            if let Some(id) = id.or(name) {
                logical.push(Logical {
                    name: name.map(|name| safe::line(name).into_owned()),
                    fully_qualified_name: format!("{kind}/{}", safe::line(id)),
                    kind,
                });
            }
        }
        let label = Some(&place.label).filter(|label| id.is_some() && !label.is_empty());
        Location {
            id,
            physical_location: Physical {
                artifact_location: Artifact {
                    uri: safe::uri(&place.path, &self.root),
                },
                region: region(place.start, place.end),
            },
            logical_locations: logical,
            message: label.map(|label| Message::new(safe::sarif(label, LONGEST))),
        }
    }
}

/// From one place up to, not including, another.
fn region(start: Position, end: Position) -> Region {
    let end = end.max(start);
    let end_column = if end.line > start.line {
        end.column
    } else {
        end.column.max(start.column)
    };
    Region {
        start_line: start.line.max(1),
        start_column: start.column.max(1),
        end_line: end.line.max(1),
        end_column: end_column.max(1),
    }
}
