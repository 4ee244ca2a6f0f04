//! What is said of a source as a whole, after its last piece: that it is no JSON or no text, that it
//! is one page of several, that nothing in it is known.

use super::source::{Addressing, Source};
use crate::input::{Encoding, Envelope};
use crate::kinds::Unrecognised;
use crate::kinds::unwrap::NEXT_PAGE;
use crate::model::{ObjectKind, SyntaxFault};
use crate::rules::{Severity, document};

/// What the judgement of a source as a whole needs to know besides what is kept of it.
#[derive(Debug, Default)]
pub struct Extent {
    pub envelope: Option<Envelope>,
    pub records: u64,
    /// Elements of its list: records, and those that were not JSON.
    pub elements: u64,
    pub unrecognised: u64,
    /// What a record of no known kind comes nearest to.
    pub nearest: Option<Unrecognised>,
}

impl Source {
    /// Judges the source as a whole, after its last piece.
    pub fn conclude(
        &mut self,
        errors: &[(u64, SyntaxFault)],
        further: u64,
        extent: &Extent,
        mixed_at: Option<u64>,
        replaced: Option<(Encoding, u64)>,
    ) {
        self.not_json(errors, further);
        if !errors.is_empty() {
            // One mistake, one message: what is not JSON need not be text either.
        } else if let Some(at) = mixed_at {
            self.report(
                &document::INVALID_ENCODING,
                Severity::Warning,
                (at, at + 1),
                |say| {
                    document::not_unicode(say, None);
                },
            );
        } else if let Some((encoding, at)) = replaced {
            let name = match encoding {
                Encoding::Utf32Le | Encoding::Utf32Be => "UTF-32",
                _ => "UTF-16",
            };
            self.report(
                &document::INVALID_ENCODING,
                Severity::Warning,
                (at, at + 1),
                |say| {
                    document::not_unicode(say, Some(name));
                },
            );
        }
        self.truncated(extent);
        if errors.is_empty() {
            self.unknown(extent);
        }
    }

    fn not_json(&mut self, errors: &[(u64, SyntaxFault)], further: u64) {
        self.cut |= !errors.is_empty();
        if self.belongs_to_another_tool(errors) {
            self.skipped = Some("JSON with comments, and no export".to_owned());
            return;
        }
        if let Some(at) = errors.iter().map(|(at, _)| *at).min()
            && let Some(source) = document::Unconverted::of(&self.origin.name, &self.head())
        {
            // What follows is no mistake of its own.
            let at = (at, at + 1);
            self.report(&document::INVALID_JSON, Severity::Error, at, |say| {
                document::not_converted(say, source);
            });
            return;
        }
        let mut shown = errors.to_vec();
        shown.sort_by_key(|(at, _)| *at);
        for (index, (at, fault)) in shown.into_iter().enumerate() {
            // The text is looked at only to name the mistake. Of two opening braces in a row, which
            // begin a template's section, the reader stumbles over the second.
            let near = self.near(at);
            let before = self.near(at.saturating_sub(1));
            let section = fault == SyntaxFault::ExpectedName && before.starts_with("{{");
            let telling = if section { &before } else { &near };
            let last = index + 1 == errors.len();
            let end = at + u64::from(!near.is_empty());
            self.report(&document::INVALID_JSON, Severity::Error, (at, end), |say| {
                let further = if last { further } else { 0 };
                document::invalid_json(say, fault, telling, further);
            });
        }
    }

    /// Its first few thousand characters.
    fn head(&self) -> String {
        let window = self.around(0, 0);
        window.map_or_else(String::new, |window| window.text.to_string())
    }

    fn near(&self, at: u64) -> String {
        let Some(window) = self.around(at, at) else {
            return String::new();
        };
        let start = (at - window.start.offset) as usize;
        window
            .text
            .get(start..)
            .unwrap_or("")
            .chars()
            .take(16)
            .collect()
    }

    /// A file that was only found, has comments or trailing commas and nothing of an export in it
    /// (`tsconfig.json`, editor settings) is none of ours.
    fn belongs_to_another_tool(&self, errors: &[(u64, SyntaxFault)]) -> bool {
        const SIGNS: [&str; 8] = [
            "appId",
            "resourceAppId",
            "requiredResourceAccess",
            "passwordCredentials",
            "signInAudience",
            "principalId",
            "@odata.",
            "roleDefinition",
        ];
        let tolerable = |fault| matches!(fault, SyntaxFault::Comment | SyntaxFault::TrailingComma);
        if self.origin.named
            || errors.is_empty()
            || !errors.iter().all(|(_, fault)| tolerable(*fault))
            || !self.objects.is_empty()
        {
            return false;
        }
        let Some(window) = self.around(0, 60_000) else {
            return false;
        };
        let text = window.text.to_ascii_lowercase();
        !SIGNS
            .iter()
            .any(|sign| text.contains(&sign.to_ascii_lowercase()))
    }

    /// Signs that an export is one page of several.
    fn truncated(&mut self, extent: &Extent) {
        let link = extent.envelope.as_ref().and_then(|envelope| {
            NEXT_PAGE.iter().find_map(|name| {
                envelope
                    .get(name)
                    .filter(|member| member.is_string && !member.text.is_empty())
            })
        });
        if let Some(link) = link {
            self.cut = true;
            let (at, name) = (link.at, link.name.clone());
            self.report(&document::EXPORT_TRUNCATED, Severity::Warning, at, |say| {
                document::next_page(say, &name);
            });
            let mut pointer = "/".to_owned();
            crate::json::pointer::push_escaped(&mut pointer, &name);
            if let Some(finding) = self.findings.last_mut() {
                finding.pointer = pointer;
            }
        }
        // What `az ad app list` prints without --all: a bare list of a hundred.
        let bare = self.addressing == Addressing::Elements(String::new());
        if bare
            && extent.records == 100
            && let [(kind, 100)] = self.objects[..]
            && matches!(kind, ObjectKind::Application | ObjectKind::ServicePrincipal)
        {
            self.cut = true;
            self.report(
                &document::EXPORT_TRUNCATED,
                Severity::Warning,
                (0, 1),
                |say| {
                    document::exactly_one_page(say, kind);
                },
            );
        }
    }

    fn unknown(&mut self, extent: &Extent) {
        let unrecognised = extent.unrecognised;
        if !self.objects.is_empty() {
            if unrecognised > 0 {
                self.skipped = Some(match unrecognised {
                    1 => "one record in it is of no known kind".to_owned(),
                    n => format!("{n} records in it are of no known kind"),
                });
            }
            return;
        }
        // A list with nothing in it says just that.
        if unrecognised == 0 && self.empty.is_some() {
            return;
        }
        if unrecognised == 0 {
            self.skipped
                .get_or_insert_with(|| "nothing in it".to_owned());
            return;
        }
        if unrecognised == 1 && self.head().contains("eploymentParameters.json") {
            self.skipped = Some("parameters of an ARM template".to_owned());
            return;
        }
        self.skipped = Some("no known kind of export".to_owned());
        if self.origin.named {
            let nearest = extent.nearest.as_ref().and_then(|unknown| unknown.nearest);
            self.report(
                &document::UNRECOGNIZED_DOCUMENT,
                Severity::Warning,
                (0, 1),
                |say| {
                    document::unrecognized(say, nearest);
                },
            );
        }
    }
}
