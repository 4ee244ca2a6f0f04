//! Baselines: findings that were there when somebody began to look, so that only new ones count.
//!
//! A baseline is a list of fingerprints, each with what it stands for in words, so that a review
//! of the file can tell. A fingerprint knows no line, no path and no order: an export that was made
//! again matches. Objects that are in the input twice have one fingerprint twice; how often is part
//! of the entry, and one more is a new finding.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::Path;

use crate::failure::Failure;
use crate::json::schema::Schema;
use crate::json::{Tape, Value};
use crate::report::document::{self, Fault, Unread};
use crate::report::{Reported, compact_json, safe};

/// The version of baselines that is read and written.
pub const VERSION: u64 = 1;

/// A longer message is cut, in characters.
const LONGEST: usize = 120;

/// One fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// 32 hexadecimal digits.
    pub fingerprint: String,
    /// The rule's id; one that this version does not know stays.
    pub rule: String,
    /// Object id, else client id; empty for a finding about a file.
    pub subject: String,
    /// The finding's message, cut short: for people, and never compared.
    pub message: String,
    /// How many findings have this fingerprint; at least 1.
    pub count: u32,
}

impl Entry {
    /// The entry of one finding.
    pub fn of(finding: &Reported) -> Entry {
        let subject = finding.subject.as_ref();
        let id = subject.and_then(|subject| subject.id.as_ref().or(subject.app_id.as_ref()));
        Entry {
            fingerprint: finding.fingerprint.clone(),
            rule: finding.rule.id.to_owned(),
            subject: id.cloned().unwrap_or_default(),
            message: safe::capped(&finding.message, LONGEST).into_owned(),
            count: 1,
        }
    }
}

/// A baseline, in the order of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    pub entries: Vec<Entry>,
}

impl Baseline {
    /// Reads the baseline at `path`.
    ///
    /// # Errors
    /// It cannot be read, or it is no baseline of this version.
    pub fn load(path: &Path) -> Result<Baseline, Failure> {
        let shown = || path.display().to_string();
        let text = match document::text(path) {
            Ok(text) => text,
            Err(Unread::Io(error)) => return Err(Failure::BaselineIo(shown(), error)),
            Err(Unread::Unfit(unfit)) => return Err(Failure::Baseline(shown(), unfit)),
        };
        Baseline::read(&text).map_err(|unfit| Failure::Baseline(shown(), unfit))
    }

    /// Reads a baseline's text.
    ///
    /// # Errors
    /// It is not JSON, no baseline, or one of another version.
    pub fn read(text: &str) -> Result<Baseline, document::Unfit> {
        let mut tape = Tape::default();
        let root = document::parse(text, &mut tape)?;
        check(root).map_err(|fault| fault.within(text))
    }

    /// Sorted and with equal fingerprints counted: the same findings give the same bytes.
    pub fn collect(entries: impl IntoIterator<Item = Entry>) -> Baseline {
        let mut counted: BTreeMap<(String, String, String), Entry> = BTreeMap::new();
        for entry in entries {
            let key = (
                entry.rule.clone(),
                entry.subject.clone(),
                entry.fingerprint.clone(),
            );
            counted
                .entry(key)
                .and_modify(|known| {
                    known.count = known.count.saturating_add(entry.count);
                    // Of several messages always the same one, whichever came first.
                    if entry.message < known.message {
                        known.message.clone_from(&entry.message);
                    }
                })
                .or_insert(entry);
        }
        Baseline {
            entries: counted.into_values().collect(),
        }
    }

    /// Writes it, an entry a line, so that reviews see what came and what went.
    ///
    /// # Errors
    /// What writing to `out` reports.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(
            out,
            "{{\n  \"schemaVersion\": {VERSION},\n  \"tool\": {{ \"name\": \"entralint\" }},\n  \"baseline\": ["
        )?;
        for (at, entry) in self.entries.iter().enumerate() {
            out.write_all(if at > 0 { b",\n    " } else { b"\n    " })?;
            out.write_all(&compact_json(&Line::of(entry))?)?;
        }
        out.write_all(if self.entries.is_empty() {
            b"]\n}\n"
        } else {
            b"\n  ]\n}\n"
        })
    }
}

#[derive(serde::Serialize)]
struct Line<'e> {
    rule: &'e str,
    subject: Option<&'e str>,
    message: &'e str,
    fingerprint: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
}

impl<'e> Line<'e> {
    fn of(entry: &'e Entry) -> Line<'e> {
        Line {
            rule: &entry.rule,
            subject: Some(entry.subject.as_str()).filter(|subject| !subject.is_empty()),
            message: &entry.message,
            fingerprint: &entry.fingerprint,
            count: Some(entry.count).filter(|&count| count > 1),
        }
    }
}

fn check(root: Value<'_>) -> Result<Baseline, Fault> {
    if root.get("findings").is_some() && root.get("baseline").is_none() {
        return Err(Fault(
            crate::model::Span::default(),
            "this is a report, not a baseline".to_owned(),
        ));
    }
    document::check(root, VERSION, Schema::Baseline, "baseline of entralint")?;
    let list = root.get("baseline");
    let text = |entry: Value<'_>, name: &str| {
        let value = entry.get(name).and_then(|value| value.as_str());
        value.map(|text| text.into_owned()).unwrap_or_default()
    };
    let entry = |entry: Value<'_>| {
        let count = match entry.get("count") {
            None => 1,
            Some(count) => document::number(count)
                .and_then(|count| u32::try_from(count).ok())
                .ok_or_else(|| Fault(count.span(), "not a whole number that fits".to_owned()))?,
        };
        Ok(Entry {
            fingerprint: text(entry, "fingerprint"),
            rule: text(entry, "rule"),
            subject: text(entry, "subject"),
            message: text(entry, "message"),
            count,
        })
    };
    let entries = list.into_iter().flat_map(|list| list.elements()).map(entry);
    Ok(Baseline {
        entries: entries.collect::<Result<_, Fault>>()?,
    })
}

/// A baseline at work: which of its entries were met, and how often.
#[derive(Clone, Debug)]
pub struct Known<'b> {
    baseline: &'b Baseline,
    by_fingerprint: HashMap<&'b str, usize>,
    met: Vec<u32>,
}

impl<'b> Known<'b> {
    pub fn new(baseline: &'b Baseline) -> Known<'b> {
        let entries = baseline.entries.iter().enumerate();
        Known {
            baseline,
            by_fingerprint: entries
                .map(|(at, entry)| (entry.fingerprint.as_str(), at))
                .collect(),
            met: vec![0; baseline.entries.len()],
        }
    }

    /// Whether the baseline has this finding; it has each entry as often as it counts.
    pub fn meet(&mut self, fingerprint: &str) -> bool {
        let Some(&at) = self.by_fingerprint.get(fingerprint) else {
            return false;
        };
        let (Some(met), Some(entry)) = (self.met.get_mut(at), self.baseline.entries.get(at)) else {
            return false;
        };
        let known = *met < entry.count;
        *met = met.saturating_add(u32::from(known));
        known
    }

    /// Every entry with how many findings it met.
    pub fn entries(&self) -> impl Iterator<Item = (&'b Entry, u32)> {
        self.baseline.entries.iter().zip(self.met.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(rule: &str, digit: char, count: u32) -> Entry {
        Entry {
            fingerprint: digit.to_string().repeat(32),
            rule: rule.to_owned(),
            subject: "a".to_owned(),
            message: format!("{rule} {digit}"),
            count,
        }
    }

    fn text(baseline: &Baseline) -> String {
        let mut bytes = Vec::new();
        baseline.write(&mut bytes).expect("a Vec takes all");
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn what_is_written_is_read_and_sorted() {
        let mut file = entry("b-rule", '2', 1);
        file.subject.clear();
        let baseline = Baseline::collect([
            entry("c-rule", '3', 1),
            file,
            entry("a-rule", '9', 1),
            entry("a-rule", '1', 1),
            entry("c-rule", '3', 1),
        ]);
        let text = text(&baseline);
        assert_eq!(Baseline::read(&text), Ok(baseline.clone()));
        let order: Vec<(&str, u32)> = baseline
            .entries
            .iter()
            .map(|entry| (&entry.fingerprint[..1], entry.count))
            .collect();
        assert_eq!(order, [("1", 1), ("9", 1), ("2", 1), ("3", 2)]);
        assert!(
            text.contains("\n    {\"rule\":\"b-rule\",\"subject\":null,"),
            "{text}"
        );
        let empty = Baseline::default();
        assert_eq!(Baseline::read(&self::text(&empty)), Ok(empty));
    }

    #[test]
    fn an_entry_is_met_as_often_as_it_counts() {
        let baseline = Baseline::collect([entry("a-rule", '1', 2)]);
        let mut known = Known::new(&baseline);
        let one = "1".repeat(32);
        assert!(known.meet(&one) && known.meet(&one) && !known.meet(&one));
        assert!(!known.meet(&"2".repeat(32)));
        assert_eq!(known.entries().map(|(_, met)| met).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn what_is_no_baseline_says_so() {
        let good = text(&Baseline::collect([entry("a-rule", '1', 1)]));
        let why = |text: &str| {
            let unfit = Baseline::read(text).expect_err(text);
            format!("{}:{} {}", unfit.line, unfit.column, unfit.message)
        };
        assert_eq!(why(""), "1:1 not JSON: it ends here, cut off");
        assert_eq!(why("# x"), "1:1 not JSON from here on");
        assert!(why(&good[..good.len() - 5]).ends_with("cut off"));
        assert_eq!(why("[]"), "1:1 no baseline of entralint");
        assert_eq!(
            why(&good.replace("sion\": 1", "sion\": 2")),
            "2:20 schemaVersion 2 is not 1, the one this version reads"
        );
        assert_eq!(
            why("{\"schemaVersion\": 1, \"findings\": []}"),
            "1:1 this is a report, not a baseline"
        );
        assert!(why(&good.replace("11", "1x")).contains("/baseline/0/fingerprint"));
        assert!(why(&good.replace("\"rule\"", "\"role\"")).contains("\"rule\""));
        for at in 0..good.len() - 1 {
            assert!(Baseline::read(&good[..at]).is_err(), "{at}");
        }
    }
}
