//! Reports: one finding model, rendered by every format.
//!
//! A [`Reported`] finding has all its places resolved and its words written; a format only
//! arranges them. Whatever came from an input passes `safe` on its way out.

pub mod access;
mod annotate;
mod aside;
mod azure;
pub mod catalog;
pub mod changes;
mod concise;
mod csv;
pub mod diff;
mod docs;
pub mod document;
mod excerpt;
mod format;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod options;
mod outlets;
mod paint;
mod phrase;
mod ranked;
mod reported;
pub mod safe;
#[cfg(test)]
mod samples;
mod sarif;
mod secret;
pub mod stored;
mod summary;
pub mod target;
mod wrap;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Deref;
use std::sync::Arc;

pub use azure::Azure;
pub use concise::Concise;
pub use csv::Csv;
pub use format::{Format, Output};
pub use github::Github;
pub use gitlab::Gitlab;
pub use html::Html;
pub use human::Human;
pub use json::{Json, compact as compact_json};
pub use junit::Junit;
pub use markdown::Markdown;
pub use ndjson::Ndjson;
pub use options::HumanOptions;
pub use outlets::{Outlets, Unwritten};
pub use phrase::tally;
pub use reported::{Reported, fingerprint, named};
pub use sarif::Sarif;
pub use target::Target;

use crate::inventory::Inventory;
use crate::model::Instant;
use crate::rules::{Persona, Rule, Tally};

/// A place in a file: line and column count from 1, columns in characters; `offset` is the byte in
/// the text as decoded to UTF-8, without a byte order mark.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u64,
    pub column: u64,
    pub offset: u64,
}

impl Position {
    /// The first byte of a file.
    pub const START: Position = Position {
        line: 1,
        column: 1,
        offset: 0,
    };
}

/// A marked stretch of a file.
#[derive(Clone, Debug)]
pub struct Place {
    /// The path as the user named or reached it; untrusted text.
    pub path: Arc<str>,
    /// RFC 6901, from the root of the file, or of the line in JSON Lines.
    pub pointer: String,
    /// The line's number in JSON Lines, from 1.
    pub record: Option<u64>,
    pub start: Position,
    pub end: Position,
    /// At most six words; empty for none. May quote the input.
    pub label: String,
    /// The text around the place, for formats that show it.
    pub source: Option<Window>,
}

/// A stretch of a file's text that contains a place, and where it begins in the file. It may begin
/// and end in the middle of a line.
#[derive(Clone, Debug)]
pub struct Window {
    pub text: Text,
    pub start: Position,
}

/// A part of a text that others share.
#[derive(Clone, Debug)]
pub struct Text {
    whole: Arc<str>,
    from: usize,
    to: usize,
}

impl Text {
    /// The part of `whole` between two offsets in bytes; empty if they are none of its characters.
    pub fn part(whole: &Arc<str>, from: usize, to: usize) -> Text {
        Text {
            whole: Arc::clone(whole),
            from,
            to,
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.whole.get(self.from..self.to).unwrap_or_default()
    }
}

impl<T: Into<Arc<str>>> From<T> for Text {
    fn from(whole: T) -> Text {
        let whole = whole.into();
        Text {
            from: 0,
            to: whole.len(),
            whole,
        }
    }
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    pub source: SuppressedBy,
    /// As somebody wrote it; untrusted text.
    pub reason: String,
    /// The last day of it, `2026-12-31`.
    pub until: Option<String>,
}

/// What suppresses a finding.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum SuppressedBy {
    /// A `[[suppress]]` of the configuration.
    #[default]
    Configuration,
    /// The baseline.
    Baseline,
}

impl SuppressedBy {
    pub const ALL: [SuppressedBy; 2] = [SuppressedBy::Configuration, SuppressedBy::Baseline];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            SuppressedBy::Configuration => "configuration",
            SuppressedBy::Baseline => "baseline",
        }
    }
}

/// A change of the file a finding is about, after which the finding is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative; no text of the input, no full stop.
    pub description: String,
    /// All of them together, or none: sorted and apart, at least one.
    pub replacements: Vec<Replacement>,
}

/// A stretch of a file and what comes in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// From here up to, not including, `end`; the same for what only comes in.
    pub start: Position,
    pub end: Position,
    /// JSON of our own making, and blanks as the file has them.
    pub text: String,
}

/// A rule (or all rules that need one kind of export) that could not judge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotEvaluated {
    pub rule: String,
    pub reason: String,
    /// The command that would supply what is missing.
    pub command: String,
}

/// A file (or some records of it) that no rule looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    pub path: String,
    pub reason: String,
}

/// A finding that is no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Fixed {
    /// As in [`Place::path`].
    pub path: Arc<str>,
    pub rule: &'static Rule,
    /// What was done, in the imperative.
    pub description: String,
}

/// Everything about a run but its findings; known before the first of them is written.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub evaluated_at: Instant,
    pub profile: String,
    pub persona: Persona,
    /// Inputs that were found, whether or not they could be read.
    pub files: u64,
    /// Objects by the name of their kind.
    pub objects: BTreeMap<&'static str, u64>,
    pub tally: Tally,
    pub suppressed: u64,
    /// Applications that the profile was not applied to.
    pub out_of_scope: u64,
    /// Applications that `--app` left out.
    pub left_out: u64,
    pub not_evaluated: Vec<NotEvaluated>,
    pub skipped: Vec<Skipped>,
    /// What `--fix` mended; none of the findings is about it.
    pub fixed: Vec<Fixed>,
    /// Findings by rule, most first, when `--statistics` asks for them.
    pub statistics: Option<Vec<(&'static Rule, u64)>>,
}

/// One output format.
pub trait Report {
    /// Before the first finding.
    ///
    /// # Errors
    /// What writing to `out` reports; the same for the other two.
    fn begin(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()>;

    /// One finding; they come sorted by path, offset and rule.
    ///
    /// # Errors
    /// As for [`Report::begin`].
    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()>;

    /// Whether [`Report::inventory`] is to be called.
    fn wants_inventory(&self) -> bool {
        false
    }

    /// What else the input has; after the last finding. A stored report has none.
    ///
    /// # Errors
    /// As for [`Report::begin`].
    fn inventory(&mut self, _: &Inventory<'_>, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// After the last finding, and the inventory.
    ///
    /// # Errors
    /// As for [`Report::begin`].
    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()>;
}
