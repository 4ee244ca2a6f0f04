//! A large file is cut into pieces at likely starts of records, and the pieces are read in
//! parallel. However it is laid out, and wherever it is cut, the findings are those of a reader
//! that parses the whole file and looks at one record after the other.

mod common;

use std::fs;
use std::ops::Range;
use std::path::Path;

use common::run::{Dice, Told, check_path};
use entralint::input::PIECE;
use entralint::json::{Tape, Value, pointer, read};
use entralint::judge::judge_text;
use entralint::model::Date;
use entralint::report::Reported;
use entralint::rules::{Filter, Persona, Rule, RuleSettings, Severity};
use proptest::prelude::*;

/// A JSON value whose members keep their order.
#[derive(Clone, Debug)]
enum Node {
    Raw(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

fn text(text: impl Into<String>) -> Node {
    Node::Text(text.into())
}

fn raw(text: &str) -> Node {
    Node::Raw(text.to_owned())
}

fn object<const N: usize>(members: [(&str, Node); N]) -> Node {
    Node::Object(members.map(|(name, value)| (name.to_owned(), value)).into())
}

/// How a value is written.
#[derive(Copy, Clone, Debug)]
enum Style {
    /// On many lines; without indentation everything stands at the margin.
    Pretty(&'static str, &'static str),
    Minified,
    /// On one line, with blanks.
    Spaced,
}

impl Style {
    fn new_line(self, depth: usize, out: &mut String) {
        if let Style::Pretty(indent, end) = self {
            out.push_str(end);
            out.push_str(&indent.repeat(depth));
        }
    }

    fn print(self, node: &Node, depth: usize, out: &mut String) {
        let comma = if matches!(self, Style::Spaced) {
            ", "
        } else {
            ","
        };
        let colon = if matches!(self, Style::Minified) {
            ":"
        } else {
            ": "
        };
        match node {
            Node::Raw(raw) => out.push_str(raw),
            Node::Text(text) => out.push_str(&quoted(text)),
            Node::List(list) if list.is_empty() => out.push_str("[]"),
            Node::Object(members) if members.is_empty() => out.push_str("{}"),
            Node::List(list) => {
                out.push('[');
                for (at, element) in list.iter().enumerate() {
                    out.push_str(if at > 0 { comma } else { "" });
                    self.new_line(depth + 1, out);
                    self.print(element, depth + 1, out);
                }
                self.new_line(depth, out);
                out.push(']');
            }
            Node::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { comma } else { "" });
                    self.new_line(depth + 1, out);
                    out.push_str(&quoted(name));
                    out.push_str(colon);
                    self.print(value, depth + 1, out);
                }
                self.new_line(depth, out);
                out.push('}');
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string")
}

/// Text of about `len` bytes, full of what looks like the start of a record.
fn padding(dice: &mut Dice, len: usize) -> String {
    let pieces = [
        "\n  {",
        "\n{",
        "\r\n    {",
        "{\"id\":",
        "},{\"appId\":",
        "[{\"",
        "\\",
        "\"",
        "]}",
        "ü",
        "双子",
        "🏭",
        "x",
        "                    ",
        "0123456789abcdef",
        "\u{7f}\t",
    ];
    let mut out = String::with_capacity(len + 24);
    while out.len() < len {
        if dice.roll(4) == 0 {
            out.push_str(dice.pick(&pieces));
        } else {
            out.push_str("plain text between the traps, in which nothing happens at all ");
        }
    }
    out
}

/// An application with an expired secret, an insecure redirect, sometimes more, and `pad` bytes of
/// text somewhere in it. Its members stand in any order when `shuffled`.
fn application(dice: &mut Dice, pad: usize, shuffled: bool) -> Node {
    let key = dice.guid();
    let mut secret = vec![
        ("keyId".to_owned(), text(&key)),
        ("endDateTime".to_owned(), text("2026-03-01T00:00:00Z")),
        ("startDateTime".to_owned(), text("2025-09-02T00:00:00Z")),
    ];
    if dice.roll(3) == 0 {
        // A secret in clear text, a name that stands twice, a placeholder: findings of documents.
        secret.push(("secretText".to_owned(), text("not a secret")));
    }
    if dice.roll(4) == 0 {
        secret.push(("KEYID".to_owned(), text(&key)));
    }
    let permission = object([("id", text(dice.guid())), ("type", text("Scope"))]);
    let resource = object([
        ("id", raw("null")),
        ("resourceAppId", text(dice.guid())),
        ("resourceAccess", Node::List(vec![permission])),
    ]);
    let redirects = [
        "https://a.contoso.com/cb",
        "http://b.contoso.com/cb",
        "http://c.contoso.com",
    ];
    let redirects = redirects[..1 + dice.roll(3)].iter().map(|uri| text(*uri));
    let nested = object([("id", text("nested")), ("appId", raw("1"))]);
    let mut members = vec![
        ("id".to_owned(), text(dice.guid())),
        ("appId".to_owned(), text(dice.guid())),
        (
            "displayName".to_owned(),
            text("Zwillinge für Köln – 双子 🏭"),
        ),
        ("notes".to_owned(), text(padding(dice, pad))),
        ("signInAudience".to_owned(), text("AzureADMyOrg")),
        (
            "passwordCredentials".to_owned(),
            Node::List(vec![Node::Object(secret)]),
        ),
        (
            "requiredResourceAccess".to_owned(),
            Node::List(vec![resource]),
        ),
        (
            "web".to_owned(),
            object([("redirectUris", Node::List(redirects.collect()))]),
        ),
        (
            "addIns".to_owned(),
            Node::List(vec![nested.clone(), nested]),
        ),
    ];
    if shuffled {
        for at in (1..members.len()).rev() {
            members.swap(at, dice.roll(at + 1));
        }
    }
    Node::Object(members)
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Frame {
    Array,
    Page,
    /// With a link to a next page behind the list.
    PageWithTail,
    Lines,
}

/// How a whole file is written.
#[derive(Clone, Debug)]
struct Plan {
    seed: u64,
    frame: Frame,
    /// One style for all records, or any for each.
    styles: Vec<Style>,
    shuffled: bool,
    /// Commas stand before elements instead of behind them.
    leading_commas: bool,
    /// Among the applications stand values that are none.
    strangers: bool,
    pads: Vec<usize>,
}

impl Plan {
    fn name(&self) -> &'static str {
        match self.frame {
            Frame::Lines => "apps.ndjson",
            _ => "apps.json",
        }
    }

    fn text(&self) -> String {
        let mut dice = Dice::new(self.seed);
        let mut out = String::new();
        let first = self.styles[0];
        let depth = match self.frame {
            Frame::Array | Frame::Lines => 1,
            Frame::Page | Frame::PageWithTail => 2,
        };
        match self.frame {
            Frame::Array => out.push('['),
            Frame::Page | Frame::PageWithTail => {
                out.push('{');
                first.new_line(1, &mut out);
                out.push_str("\"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#applications\",");
                first.new_line(1, &mut out);
                out.push_str("\"value\": [");
            }
            Frame::Lines => {}
        }
        for (at, pad) in self.pads.iter().enumerate() {
            let style = self.styles[dice.roll(self.styles.len())];
            let node = application(&mut dice, *pad, self.shuffled);
            if self.frame == Frame::Lines {
                let style = match style {
                    Style::Pretty(..) => Style::Minified,
                    other => other,
                };
                style.print(&node, 0, &mut out);
                out.push_str(dice.pick(&["\n", "\n", "\r\n", "\n\n", "\n \t\n"]));
                continue;
            }
            if at > 0 && !self.leading_commas {
                out.push(',');
            }
            style.new_line(depth, &mut out);
            if at > 0 && self.leading_commas {
                out.push_str(", ");
            }
            style.print(&node, depth, &mut out);
            if self.strangers && dice.roll(3) == 0 {
                out.push(',');
                style.new_line(depth, &mut out);
                let strangers = [
                    "{}",
                    "[]",
                    "null",
                    "12",
                    "\"{\\\"id\\\":\"",
                    "[[{\"id\":1}]]",
                    "{\"id\":2}",
                ];
                out.push_str(dice.pick(&strangers));
            }
        }
        let close = |out: &mut String, bracket, depth| {
            first.new_line(depth, out);
            out.push_str(bracket);
        };
        match self.frame {
            Frame::Array => close(&mut out, "]", 0),
            Frame::Page => {
                close(&mut out, "]", 1);
                close(&mut out, "}", 0);
            }
            Frame::PageWithTail => {
                close(&mut out, "],", 1);
                close(
                    &mut out,
                    "\"@odata.nextLink\": \"https://graph.microsoft.com/v1.0/applications?$skiptoken=x\"",
                    1,
                );
                close(&mut out, "}", 0);
            }
            Frame::Lines => {}
        }
        out
    }
}

/// Rules of everyone, as severe as they say.
struct Regular;

impl Filter for Regular {
    fn judge(&self, rule: &Rule, _: usize, severity: Severity) -> Option<Severity> {
        (rule.persona == Persona::Regular).then_some(severity)
    }
}

/// Counts lines and columns from the start of the text, in rising order of offsets.
struct Counter<'t> {
    text: &'t str,
    at: usize,
    line: u64,
    column: u64,
}

impl<'t> Counter<'t> {
    /// The number of the record, as reports show it.
    fn record(&self, frame: Frame) -> String {
        match frame {
            Frame::Lines => format!(" record {}", self.line),
            _ => String::new(),
        }
    }

    fn new(text: &'t str) -> Counter<'t> {
        Counter {
            text,
            at: 0,
            line: 1,
            column: 1,
        }
    }

    fn go(&mut self, to: usize) -> String {
        for c in self.text[self.at..to].chars() {
            (self.line, self.column) = match c {
                '\n' => (self.line + 1, 1),
                _ => (self.line, self.column + 1),
            };
        }
        self.at = to;
        format!("{}:{}@{to}", self.line, self.column)
    }
}

/// Where the records stand to a reader that parses the whole text, and the link to a next page.
fn records(text: &str, frame: Frame) -> (Vec<Range<usize>>, Option<Range<usize>>) {
    if frame == Frame::Lines {
        let mut at = 0;
        let mut lines: Vec<Range<usize>> = Vec::new();
        for line in text.split_inclusive('\n') {
            lines.push(at..at + line.trim_end().len());
            at += line.len();
        }
        lines.retain(|line| !line.is_empty());
        return (lines, None);
    }
    let mut tape = Tape::default();
    let end = read::parse(text, 0, &mut tape).expect("JSON");
    assert_eq!(end, text.len());
    let place = |value: Value<'_>| value.span().start as usize..value.span().end as usize;
    let root = tape.root(text);
    let list = match frame {
        Frame::Array => root,
        _ => root.get("value").expect("a list"),
    };
    let link = root.get("@odata.nextLink").map(place);
    (list.elements().map(place).collect(), link)
}

/// What such a reader finds: place, rule, pointer and what is said, a line each.
fn slow(text: &str, frame: Frame) -> Vec<String> {
    let now = Date::parse(common::run::NOW).instant().expect("a moment");
    let mut settings = RuleSettings::new(now);
    settings.profile = None;
    let (records, link) = records(text, frame);
    let mut out = Vec::new();
    for (number, record) in records.into_iter().enumerate() {
        let prefix = match frame {
            Frame::Array => format!("/{number}"),
            Frame::Page | Frame::PageWithTail => format!("/value/{number}"),
            Frame::Lines => String::new(),
        };
        let element = &text[record.clone()];
        let findings = judge_text(element, &settings, &Regular).expect("JSON");
        let mut tape = Tape::default();
        read::parse(element, 0, &mut tape).expect("JSON");
        for finding in findings {
            let pointer = pointer::pointer(tape.root(element), finding.span);
            out.push((
                record.start + finding.span.start as usize,
                finding.rule.id,
                finding.wording.message,
                record.start + finding.span.end as usize,
                finding.severity.name(),
                format!("{prefix}{pointer}"),
            ));
        }
    }
    out.extend(link.map(|link| {
        let message = "this export is one page of several: @odata.nextLink leads to the next";
        let pointer = "/@odata.nextLink".to_owned();
        (
            link.start,
            "export-truncated",
            message.to_owned(),
            link.end,
            "warning",
            pointer,
        )
    }));
    out.sort();
    let mut counter = Counter::new(text);
    out.into_iter()
        .map(|(start, rule, message, end, severity, pointer)| {
            let from = counter.go(start);
            let to = Counter { ..counter }.go(end);
            let record = counter.record(frame);
            format!("{from}-{to} {rule} {severity}{record} {pointer} {message}")
        })
        .collect()
}

/// The same lines of a run.
fn fast(told: &Told) -> Vec<String> {
    let line = |found: &Reported| {
        let place = &found.location;
        let (from, to) = (place.start, place.end);
        let record = place.record.map(|number| format!(" record {number}"));
        format!(
            "{}:{}@{}-{}:{}@{} {} {}{} {} {}",
            from.line,
            from.column,
            from.offset,
            to.line,
            to.column,
            to.offset,
            found.rule.id,
            found.severity,
            record.unwrap_or_default(),
            place.pointer,
            found.message
        )
    };
    // What only several records together tell is none of a single record's.
    let own = |found: &&Reported| found.rule.id != "display-name-shared";
    told.findings.iter().filter(own).map(line).collect()
}

fn same(found: &[String], want: &[String], jobs: &str) -> Result<(), TestCaseError> {
    for (at, (found, want)) in found.iter().zip(want).enumerate() {
        prop_assert_eq!(found, want, "finding {}, jobs {}", at, jobs);
    }
    let shorter = found.len().min(want.len());
    prop_assert_eq!(&found[shorter..], &want[shorter..], "jobs {}", jobs);
    Ok(())
}

/// Which forms a text is read in.
struct Forms<'f> {
    folder: &'f Path,
    name: &'f str,
    jobs: &'f [&'f str],
    /// As UTF-16 too, which is decoded into a copy, and with a byte order mark: offsets count in
    /// UTF-8 without the mark, so nothing changes.
    copy: bool,
}

impl Forms<'_> {
    fn all_tell(&self, text: &str, want: &[String]) -> Result<(), TestCaseError> {
        let path = self.folder.join(self.name);
        let mut forms = vec![text.as_bytes().to_vec()];
        if self.copy {
            forms.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            forms.push([b"\xEF\xBB\xBF", text.as_bytes()].concat());
        }
        for (form, bytes) in forms.iter().enumerate() {
            fs::write(&path, bytes).expect("a temporary file");
            for jobs in if form == 0 {
                self.jobs
            } else {
                &self.jobs[..1]
            } {
                let told = check_path(
                    &path,
                    &["--no-config", "--profile", "entra", "--jobs", jobs],
                );
                prop_assert_eq!(&told.troubles, &Vec::<String>::new());
                same(&fast(&told), want, &format!("{jobs}, form {form}"))?;
            }
        }
        Ok(())
    }
}

fn style() -> impl Strategy<Value = Style> {
    prop::sample::select(vec![
        Style::Pretty("  ", "\n"),
        Style::Pretty("    ", "\n"),
        Style::Pretty("\t", "\r\n"),
        Style::Pretty("", "\n"),
        Style::Pretty("  ", "\r\n"),
        Style::Minified,
        Style::Spaced,
    ])
}

fn plan(pads: impl Strategy<Value = Vec<usize>>) -> impl Strategy<Value = Plan> {
    (
        any::<u64>(),
        prop::sample::select(vec![
            Frame::Array,
            Frame::Page,
            Frame::PageWithTail,
            Frame::Lines,
        ]),
        prop_oneof![3 => prop::collection::vec(style(), 1), 1 => prop::collection::vec(style(), 3)],
        any::<bool>(),
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.3),
        pads,
    )
        .prop_map(
            |(seed, frame, styles, shuffled, leading_commas, strangers, pads)| Plan {
                seed,
                frame,
                styles,
                shuffled,
                leading_commas,
                strangers,
                pads,
            },
        )
}

fn holds(plan: &Plan, jobs: &[&str], copy: bool) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = plan.text();
    let want = slow(&text, plan.frame);
    prop_assert!(want.len() >= plan.pads.len());
    Forms {
        folder: folder.path(),
        name: plan.name(),
        jobs,
        copy,
    }
    .all_tell(&text, &want)
}

/// Scaled by `PROPTEST_CASES`, of which 256 is the usual number: these cases are large.
fn cases(usual: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig {
        cases: (config.cases * usual / 256).max(1),
        max_shrink_iters: 60,
        ..config
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn small_files_in_any_layout(plan in plan(prop::collection::vec(0..2000usize, 1..6))) {
        holds(&plan, &["1", "2"], true)?;
    }
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn large_files_in_any_layout(plan in plan(large())) {
        holds(&plan, &["1", "2", "3"], true)?;
    }

    #[test]
    fn one_bad_record_costs_no_other(
        mut plan in plan(large()),
        bad in any::<prop::sample::Index>(),
    ) {
        // Behind a mistake only guesses lead on, so the records have to look like the first one.
        plan.styles.truncate(1);
        (plan.shuffled, plan.leading_commas, plan.strangers) = (false, false, false);
        let bad = bad.index(plan.pads.len());
        let text = plan.text();
        let colons: Vec<usize> = text
            .match_indices("\"notes\":")
            .map(|(at, name)| at + name.len() - 1)
            .collect();
        prop_assert_eq!(colons.len(), plan.pads.len());
        let broken = format!("{} {}", &text[..colons[bad]], &text[colons[bad] + 1..]);
        let value = read::skip_blanks(broken.as_bytes(), colons[bad]);
        let (spans, _) = records(&text, plan.frame);
        let record = spans.iter().find(|span| span.contains(&value)).expect("a record");
        let within = |line: &String| record.contains(&offset_of(line));
        let mut want = slow(&text, plan.frame);
        want.retain(|line| !within(line));
        // Behind the last record there is nothing more to guess by.
        let last = bad + 1 == plan.pads.len();
        want.retain(|line| !(last && line.contains(" export-truncated ")));
        // Without indentation, and on one line, objects within the bad record may be taken for
        // records, so how many elements there were is not certain.
        let certain = plan.frame == Frame::Lines
            || matches!(plan.styles[0], Style::Pretty(indent, _) if !indent.is_empty());
        for jobs in ["1", "3"] {
            let told = read_as(&plan, &broken, jobs);
            let (mut inside, mut found): (Vec<String>, Vec<String>) =
                fast(&told).into_iter().partition(within);
            inside.retain(|line| line.contains(" invalid-json "));
            found.retain(|line| !(last && line.contains(" export-truncated ")));
            prop_assert_eq!(inside.len(), 1);
            let said = "this is not JSON: a colon is expected after the name";
            prop_assert!(inside[0].ends_with(said), "{}", inside[0]);
            prop_assert_eq!(offset_of(&inside[0]), value);
            if !certain {
                for line in found.iter_mut().chain(&mut want) {
                    *line = without_pointer(line);
                }
            }
            same(&found, &want, jobs)?;
        }
    }

    #[test]
    fn what_stands_before_a_cut_is_judged(
        plan in plan(large()),
        cut in any::<prop::sample::Index>(),
    ) {
        let text = plan.text();
        let cut = cut.index(text.len() - 3);
        let cut = (cut..).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (spans, _) = records(&text, plan.frame);
        let open = plan.frame != Frame::Lines
            || spans.iter().any(|span| span.start < cut && cut < span.end);
        let mut want = slow(&text, plan.frame);
        want.retain(|line| {
            let at = offset_of(line);
            let record = spans.iter().find(|span| span.contains(&at));
            // A link behind the list is no record, but may be whole too.
            record.map_or_else(|| end_of(line), |span| span.end) <= cut
        });
        if open {
            let mut counter = Counter::new(&text);
            let place = counter.go(cut);
            want.push(format!(
                "{place}-{place} invalid-json error{}  this is not JSON: the text ends in the \
                 middle of a value, it seems cut off",
                counter.record(plan.frame)
            ));
        }
        for jobs in ["1", "3"] {
            let told = read_as(&plan, &text[..cut], jobs);
            same(&fast(&told), &want, jobs)?;
        }
    }

    #[test]
    fn bytes_that_are_no_utf_8_move_nothing(plan in plan(large())) {
        let text = plan.text();
        // Umlauts as Windows-1252 has them, the rest in UTF-8.
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            match c {
                'ü' => bytes.push(0xFC),
                'ö' => bytes.push(0xF6),
                _ => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        let mut want = slow(&text, plan.frame);
        let first = text.find(['ü', 'ö']).expect("a name with umlauts");
        let mut counter = Counter::new(&text);
        let (from, to) = (counter.go(first), counter.go(first + 2));
        want.push(format!(
            "{from}-{to} invalid-encoding warning{}  this file is neither UTF-8 nor UTF-16; it was \
             read as Windows-1252 and may be wrong",
            counter.record(plan.frame)
        ));
        want.sort_by_key(|line| offset_of(line));
        for jobs in ["1", "3"] {
            let told = read_as(&plan, &bytes, jobs);
            same(&fast(&told), &want, jobs)?;
        }
    }
}

/// Paddings that together fill several pieces, some of them more than one alone.
fn large() -> impl Strategy<Value = Vec<usize>> {
    let pad = prop_oneof![6 => 10_000..60_000usize, 2 => 0..500usize, 1 => PIECE..PIECE + 60_000];
    prop::collection::vec(pad, 12..30)
}

fn read_as(plan: &Plan, bytes: impl AsRef<[u8]>, jobs: &str) -> Told {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(plan.name());
    fs::write(&path, bytes).expect("a temporary file");
    check_path(
        &path,
        &["--no-config", "--profile", "entra", "--jobs", jobs],
    )
}

/// The offset in `line:column@offset-…`.
fn offset_of(line: &str) -> usize {
    let (_, rest) = line.split_once('@').expect("an offset");
    let (offset, _) = rest.split_once('-').expect("an end");
    offset.parse().expect("a number")
}

/// The second offset.
fn end_of(line: &str) -> usize {
    let place = line.split(' ').next().expect("a place");
    let (_, offset) = place.rsplit_once('@').expect("an offset");
    offset.parse().expect("a number")
}

fn without_pointer(line: &str) -> String {
    let words = line.split(' ').filter(|word| !word.starts_with('/'));
    words.collect::<Vec<_>>().join(" ")
}

/// One application of `pad` bytes and some more.
fn one(pad: usize) -> Node {
    application(&mut Dice::new(pad as u64), pad, false)
}

fn printed(style: Style, node: &Node) -> String {
    let mut out = String::new();
    style.print(node, 0, &mut out);
    out
}

#[test]
fn an_application_alone_in_its_file_is_in_scope_whatever_its_size() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (pretty, margin) = (Style::Pretty("  ", "\n"), Style::Pretty("", "\r\n"));
    for (pad, styles) in [
        (0, vec![pretty, margin, Style::Minified]),
        (PIECE - 3000, vec![pretty]),
        (PIECE + 9000, vec![margin, Style::Minified]),
    ] {
        for style in styles {
            for (count, out_of_scope) in [(1, 0), (2, 2)] {
                let list = Node::List(vec![one(pad); count]);
                let page = object([("@odata.context", text("x")), ("value", list.clone())]);
                let answer = object([("id", text("1")), ("body", page.clone())]);
                let batch = object([("responses", Node::List(vec![answer]))]);
                let line = printed(Style::Minified, &one(pad)) + "\n";
                let mut files = vec![
                    ("list.json", printed(style, &list)),
                    ("page.json", printed(style, &page)),
                    ("batch.json", printed(style, &batch)),
                    ("lines.jsonl", line.repeat(count)),
                ];
                if count == 1 {
                    files.push(("app.json", printed(style, &one(pad))));
                }
                for (name, text) in files {
                    let path = folder.path().join(name);
                    fs::write(&path, &text).expect("a temporary file");
                    let told = check_path(&path, &["--no-config"]);
                    let found = told.outcome.objects.get("application");
                    assert_eq!(found, Some(&(count as u64)), "{name} {pad} {style:?}");
                    assert_eq!(
                        told.outcome.out_of_scope, out_of_scope,
                        "{name} {pad} {style:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_leaf_of_a_collectors_tree_is_not_alone_whatever_its_size_and_encoding() {
    for pad in [0, PIECE] {
        let tree = tempfile::tempdir().expect("a temporary folder");
        let leaf = tree.path().join("Applications/a1");
        fs::create_dir_all(&leaf).expect("a folder");
        let utf8 = printed(Style::Pretty("  ", "\r\n"), &one(pad));
        let utf16: Vec<u8> = utf8.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [utf8.into_bytes(), utf16] {
            fs::write(leaf.join("a1.json"), bytes).expect("a temporary file");
            let told = check_path(tree.path(), &["--no-config"]);
            assert_eq!(told.outcome.objects.get("application"), Some(&1));
            assert_eq!(told.outcome.out_of_scope, 1, "{pad}");
        }
    }
}

#[test]
fn what_stands_behind_a_list_may_be_long_and_western() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("page.json");
    let apps = vec![printed(Style::Minified, &one(30_000)); 12].join(",\n");
    let notes = "für ".repeat(100_000);
    let link =
        "\"@odata.nextLink\": \"https://graph.microsoft.com/v1.0/applications?$skiptoken=x\"";
    let text = format!("{{\"value\": [{apps}],\n\"notes\": \"{notes}\",\n{link}}}");
    let western: Vec<u8> = text
        .replace(|c: char| !c.is_ascii() && c != 'ü', "?")
        .chars()
        .map(|c| c as u32 as u8)
        .collect();
    let text = text.replace(|c: char| !c.is_ascii() && c != 'ü', "?");
    let want = slow(&text, Frame::PageWithTail);
    assert!(want.iter().any(|line| line.contains(" export-truncated ")));
    for jobs in ["1", "3"] {
        let words = ["--no-config", "--profile", "entra", "--jobs", jobs];
        fs::write(&path, &text).expect("a temporary file");
        assert_eq!(fast(&check_path(&path, &words)), want);
        fs::write(&path, &western).expect("a temporary file");
        let mut found = fast(&check_path(&path, &words));
        found.retain(|line| !line.contains(" invalid-encoding "));
        assert_eq!(found.len(), want.len());
        assert_eq!(found, want);
    }
}

#[test]
fn a_number_that_is_cut_in_two_is_one_number() {
    // No likely start of a record in sight: such a text is cut anywhere, here within numbers.
    let first = printed(Style::Minified, &one(10)).replacen("\"id\"", "\"first\"", 1);
    let mut elements = vec![first];
    elements.resize(5000, "7".repeat(997));
    elements.push(printed(Style::Minified, &one(20)));
    let text = format!("[{}]", elements.join(","));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let want = slow(&text, Frame::Array);
    assert!(want.len() > 2);
    let forms = Forms {
        folder: folder.path(),
        name: "apps.json",
        jobs: &["1", "3"],
        copy: false,
    };
    forms.all_tell(&text, &want).expect("the same findings");
}
