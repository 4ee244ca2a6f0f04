//! Findings: by rule, in a table, and each at length for the card of what it is about.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use super::page::Page;
use super::tags;
use crate::model::Guid;
use crate::report::access::called;
use crate::report::excerpt::{self, Excerpt, Look};
use crate::report::ranked::Ranked;
use crate::report::{Outcome, Place, Position, Reported, phrase, safe, secret};
use crate::rules::{Rule, Severity, Subject};

/// Places in other documents that are named.
const RELATED: usize = 5;
/// Characters of an excerpt's line.
const WIDTH: usize = 100;

/// One finding, worded for the page.
#[derive(Debug)]
pub struct Item {
    pub severity: Severity,
    /// Counts from 1; its anchor is `f` and this.
    number: usize,
    rule: &'static str,
    /// Markup from here on.
    message: String,
    place: String,
    body: String,
    pub subject: Option<Arc<Subject>>,
    /// What it is about, to find those about the same.
    pub about: About,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// An application or its service principal, by the client id.
    Client(String),
    /// Anything else with an id.
    Object(&'static str, String),
    /// The path of a file.
    File(String),
}

impl About {
    /// The application of that client id.
    pub fn client(id: Guid) -> About {
        About::Client(id.to_string())
    }
}

impl Item {
    pub fn of(finding: &Reported, number: usize, excerpt: bool, root: &str) -> Item {
        let subject = finding.subject.clone();
        let ids = subject.as_ref().map(|s| (s.kind, &s.app_id, &s.id));
        let about = match ids {
            Some((_, Some(app_id), _)) => About::Client(app_id.to_lowercase()),
            Some((kind, None, Some(id))) => About::Object(kind.name(), id.clone()),
            _ => About::File(finding.location.path.to_string()),
        };
        Item {
            severity: finding.severity,
            number,
            rule: finding.rule.id,
            message: tags::prose(&finding.message),
            place: place(&finding.location, root),
            body: body(finding, excerpt, root),
            subject,
            about,
        }
    }

    /// Bytes, about.
    pub fn cost(&self) -> usize {
        self.message.len() + self.place.len() + self.body.len() + 300
    }

    /// An item of a card's list.
    pub fn put(&self, out: &mut String) {
        let class = tags::class(self.severity);
        let _ = writeln!(
            out,
            "<li id=\"f{}\" class=\"finding\"><p>{} <code>{}</code> <strong>{}</strong></p>{}</li>",
            self.number,
            tags::badge(class, self.severity.name()),
            self.rule,
            self.message,
            self.body
        );
    }
}

/// `file:line:column`
fn place(place: &Place, root: &str) -> String {
    let path = tags::whole(safe::relative(&place.path, root));
    if place.start == Position::START && place.end == Position::START {
        return format!("<code>{path}</code>");
    }
    let (line, column) = (place.start.line, place.start.column);
    format!("<code>{path}:{line}:{column}</code>")
}

fn body(finding: &Reported, with_excerpt: bool, root: &str) -> String {
    let mut out = String::new();
    if let Some(suppression) = &finding.suppression {
        let reason = tags::prose(&suppression.reason);
        let _ = write!(out, "<p>Suppressed: {reason}</p>");
    }
    let look = Look {
        width: WIDTH,
        ellipsis: "…",
        mask: secret::MASK,
    };
    let _ = write!(out, "<p class=\"where\">{}", place(&finding.location, root));
    let hide = finding.rule.id == "secret-in-file";
    let cut = |place: &Place, near: &[&Place], hide| {
        with_excerpt
            .then(|| excerpt::cut(place, near, hide, &look))
            .flatten()
    };
    let (near, far): (Vec<&Place>, Vec<&Place>) = finding
        .related
        .iter()
        .partition(|other| excerpt::is_near(&finding.location, other, &look));
    let shown = cut(&finding.location, &near, hide);
    // An excerpt has the label in it.
    if shown.is_none() && !finding.location.label.is_empty() {
        let _ = write!(out, ": {}", tags::text(&finding.location.label));
    }
    out.push_str("</p>");
    if let Some(excerpt) = shown {
        draw(&excerpt, &mut out);
    } else {
        for other in near {
            let label = tags::text(&other.label);
            let _ = write!(
                out,
                "<p class=\"where\">also {}: {label}</p>",
                place(other, root)
            );
        }
    }
    for other in far.iter().take(RELATED) {
        let _ = write!(out, "<p class=\"where\">also {}", place(other, root));
        match cut(other, &[], false) {
            Some(excerpt) => {
                out.push_str("</p>");
                draw(&excerpt, &mut out);
            }
            None => {
                let _ = write!(out, ": {}</p>", tags::text(&other.label));
            }
        }
    }
    if far.len() > RELATED {
        let rest = far.len() - RELATED;
        let _ = write!(out, "<p class=\"where\">also {rest} more places</p>");
    }
    if let Some(help) = &finding.help {
        let _ = write!(out, "<p class=\"help\">{}</p>", tags::prose(help));
    }
    for command in &finding.commands {
        out.push_str(&tags::command(command));
    }
    out
}

/// The lines of an excerpt, what is marked in each, and what for.
fn draw(excerpt: &Excerpt, out: &mut String) {
    out.push_str("<pre class=\"excerpt\">");
    let mut at = 0;
    for (number, line) in (excerpt.first_line..).zip(excerpt.text.split_terminator('\n')) {
        let end = at + line.len();
        let mut marks: Vec<_> = excerpt
            .marks
            .iter()
            .filter(|mark| mark.range.start >= at && mark.range.end <= end)
            .collect();
        marks.sort_by_key(|mark| mark.range.start);
        let _ = write!(out, "<span class=\"line\">{number}</span> ");
        let mut from = at;
        let mut labels = Vec::new();
        for mark in marks {
            if mark.range.start >= from {
                let slice = |from, to| excerpt.text.get(from..to).unwrap_or("");
                out.push_str(&tags::whole(slice(from, mark.range.start)));
                let marked = tags::whole(slice(mark.range.start, mark.range.end));
                let _ = write!(out, "<mark>{marked}</mark>");
                from = mark.range.end;
            }
            if !mark.label.is_empty() {
                labels.push(tags::text(&mark.label));
            }
        }
        out.push_str(&tags::whole(excerpt.text.get(from..end).unwrap_or("")));
        if !labels.is_empty() {
            let _ = write!(
                out,
                " <span class=\"label\">← {}</span>",
                labels.join(" · ")
            );
        }
        out.push('\n');
        at = end + 1;
    }
    out.push_str("</pre>");
}

pub fn write(
    page: &mut Page<'_>,
    outcome: &Outcome,
    rules: &BTreeMap<(Severity, &'static str), (&'static Rule, u64)>,
    items: &Ranked<Item>,
) -> io::Result<()> {
    let mut out = tags::section("findings", "Findings");
    if items.kept() == 0 {
        let _ = writeln!(
            out,
            "<p>{}.</p></section>",
            capital(&phrase::tally(outcome))
        );
        return page.put(&out);
    }
    by_rule(&mut out, rules);
    out.push_str(&tags::filters(
        "findings-table",
        "findings",
        &[
            ("Severity", Some(0)),
            ("Rule", Some(1)),
            ("About", Some(3)),
            ("Text", None),
        ],
    ));
    let caption = "Findings, the most severe first; each leads to its card";
    let columns = ["Severity", "Rule", "Finding", "About", "Place"];
    out.push_str(&tags::table("findings-table", caption, &columns));
    page.put(&out)?;
    for (severity, item) in items.iter() {
        let about = match &item.subject {
            Some(subject) => tags::text(&name_of(subject)),
            None => "file".to_owned(),
        };
        page.put(&format!(
            "<tr><td data-v=\"{}\">{}</td><td><code>{}</code></td><td><a href=\"#f{}\">{}</a></td>\
             <td>{about}</td><td>{}</td></tr>\n",
            rank(severity),
            tags::badge(tags::class(severity), severity.name()),
            item.rule,
            item.number,
            item.message,
            item.place
        ))?;
    }
    let mut out = tags::TABLE_END.to_owned();
    if items.cut() > 0 {
        let cut = phrase::count(items.cut(), "finding");
        let _ = writeln!(
            out,
            "<p class=\"note\">{cut} not shown here: the formats <code>json</code> and \
             <code>csv</code> have all.</p>"
        );
    }
    out.push_str("</section>\n");
    page.put(&out)
}

fn by_rule(out: &mut String, rules: &BTreeMap<(Severity, &'static str), (&'static Rule, u64)>) {
    let mut rows: Vec<_> = rules.iter().collect();
    rows.sort_by_key(|((severity, id), (_, count))| {
        (rank(*severity), std::cmp::Reverse(*count), *id)
    });
    let caption =
        "Findings by severity and rule; each rule leads to the page that states the facts";
    let columns = ["Severity", "Rule", "What it finds", "Findings"];
    out.push_str(&tags::table("rules", caption, &columns));
    for ((severity, id), (rule, count)) in rows {
        let _ = writeln!(
            out,
            "<tr><td data-v=\"{}\">{}</td><th scope=\"row\">{}</th><td>{}</td><td class=\"n\" data-v=\"{count}\">{}</td></tr>",
            rank(*severity),
            tags::badge(tags::class(*severity), severity.name()),
            tags::page(rule.url(), id),
            tags::code_spans(rule.summary()),
            phrase::thousands(*count)
        );
    }
    out.push_str(tags::TABLE_END);
}

/// What a subject is called; one that has neither name nor id, by its kind.
pub fn name_of(subject: &Subject) -> String {
    let unnamed = subject
        .name
        .as_deref()
        .is_none_or(|name| name.trim().is_empty());
    if unnamed && subject.app_id.is_none() && subject.id.is_none() {
        return phrase::words(subject.kind.name());
    }
    called(subject).to_owned()
}

/// The most severe first.
pub fn rank(severity: Severity) -> usize {
    let at = Severity::ALL.iter().position(|one| *one == severity);
    at.unwrap_or(Severity::ALL.len())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
