//! What was read, how complete it is, what came of it.

use std::fmt::Write as _;
use std::io;

use super::matrix::Matrix;
use super::page::Page;
use super::tags;
use crate::collect::supply;
use crate::inventory::{Completeness, Inventory};
use crate::report::{Outcome, phrase, summary};
use crate::rules::Severity;

/// So many files are listed.
const FILES: usize = 1000;
/// So many rules are named beside a reason.
const RULES: usize = 60;

pub fn write(
    page: &mut Page<'_>,
    outcome: &Outcome,
    inventory: Option<&Inventory<'_>>,
    matrix: Option<&Matrix>,
) -> io::Result<()> {
    let mut out = tags::section("summary", "Summary");
    tiles(&mut out, outcome, matrix);
    let (main, others) = summary::objects(outcome, true);
    let mut facts = vec![phrase::count(outcome.files, "file"), main];
    facts.extend(others);
    if outcome.out_of_scope > 0 {
        let number = phrase::count(outcome.out_of_scope, "application");
        facts.push(format!("{number} out of the profile's scope"));
    }
    if outcome.left_out > 0 {
        let number = phrase::count(outcome.left_out, "application");
        facts.push(format!("{number} left out by --app"));
    }
    let _ = writeln!(out, "<p>Read: {}.</p>", tags::prose(&facts.join(", ")));
    match inventory {
        Some(inventory) => {
            coverage(&mut out, inventory);
            files(&mut out, inventory);
        }
        None => out.push_str(
            "<p class=\"note\">This page was made of a stored report, which holds the findings. \
             Credentials, access and permissions are shown where <code>entralint check --format \
             html=PATH</code> reads the exports themselves.</p>\n",
        ),
    }
    not_evaluated(&mut out, outcome);
    skipped(&mut out, outcome);
    out.push_str("</section>\n");
    page.put(&out)
}

fn tiles(out: &mut String, outcome: &Outcome, matrix: Option<&Matrix>) {
    out.push_str("<dl class=\"tiles\">");
    let mut tile = |class: &str, number: u64, what: &str| {
        let class = if number == 0 { "none" } else { class };
        let _ = write!(
            out,
            "<div class=\"{class}\"><dt>{what}</dt><dd>{}</dd></div>",
            phrase::thousands(number)
        );
    };
    for severity in Severity::ALL {
        let number = outcome.tally.of(severity);
        let what = match (severity, number) {
            (Severity::Error, 1) => "error",
            (Severity::Error, _) => "errors",
            (Severity::Warning, 1) => "warning",
            (Severity::Warning, _) => "warnings",
            (Severity::Info, _) => "info",
        };
        tile(tags::class(severity), number, what);
    }
    if outcome.suppressed > 0 {
        tile("info", outcome.suppressed, "suppressed");
    }
    let rules = summary::missing(outcome)
        .iter()
        .map(|missing| missing.rules.len() as u64)
        .sum();
    tile("warn", rules, "rules not evaluated");
    if let Some(matrix) = matrix {
        tile("good", matrix.end.yes, "access works");
        tile("bad", matrix.end.no, "access fails");
        tile("warn", matrix.end.unknown, "access not known");
    }
    out.push_str("</dl>\n");
}

fn coverage(out: &mut String, inventory: &Inventory<'_>) {
    let caption = "How complete the input is. Where something is missing, absence proves nothing";
    let columns = ["Documents", "State", "Command that exports all of them"];
    out.push_str(&tags::table("coverage", caption, &columns));
    for (kind, coverage) in inventory.coverage() {
        let (class, state) = match coverage {
            Completeness::Complete => ("good", "complete"),
            Completeness::Cut => ("warn", "a part"),
            Completeness::Single => ("warn", "single documents"),
            Completeness::Absent => ("none", "not in the input"),
        };
        let command = match coverage {
            Completeness::Complete => String::new(),
            _ => tags::command(supply(kind)),
        };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{command}</td></tr>",
            tags::text(kind.plural()),
            tags::badge(class, state)
        );
    }
    out.push_str(tags::TABLE_END);
}

fn files(out: &mut String, inventory: &Inventory<'_>) {
    let number = phrase::count(inventory.files.len() as u64, "file");
    let _ = writeln!(out, "<details><summary>{number} read</summary>");
    let columns = ["File", "Objects", "State"];
    out.push_str(&tags::table("files", "Files and what they hold", &columns));
    for file in inventory.files.iter().take(FILES) {
        let objects: Vec<String> = file
            .objects
            .iter()
            .map(|(kind, count)| phrase::count(*count, &phrase::words(kind.name())))
            .collect();
        let state = match (file.failed, file.cut) {
            (true, _) => tags::badge("bad", "not read to its end"),
            (false, true) => tags::badge("warn", "more exists"),
            (false, false) => tags::badge("good", "whole"),
        };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{state}</td></tr>",
            tags::whole(&file.name),
            tags::prose(&objects.join(", "))
        );
    }
    out.push_str(tags::TABLE_END);
    cut(out, inventory.files.len(), FILES, "files");
    out.push_str("</details>\n");
}

fn not_evaluated(out: &mut String, outcome: &Outcome) {
    let groups = summary::missing(outcome);
    if groups.is_empty() {
        return;
    }
    let caption = "Not evaluated, because something is missing";
    let columns = ["What is missing", "Rules", "Command that supplies it"];
    out.push_str(&tags::table("missing", caption, &columns));
    for group in groups {
        let mut rules: Vec<String> = group
            .rules
            .iter()
            .take(RULES)
            .map(|rule| format!("<code>{}</code>", tags::text(rule)))
            .collect();
        if group.rules.len() > RULES {
            rules.push(format!("and {} more", group.rules.len() - RULES));
        }
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td><details><summary>{}</summary>{}</details></td><td>{}</td></tr>",
            tags::prose(group.reason),
            phrase::count(group.rules.len() as u64, "rule"),
            rules.join(", "),
            tags::command(group.command)
        );
    }
    out.push_str(tags::TABLE_END);
}

fn skipped(out: &mut String, outcome: &Outcome) {
    if outcome.skipped.is_empty() {
        return;
    }
    let number = phrase::count(outcome.skipped.len() as u64, "file");
    let _ = writeln!(out, "<details><summary>{number} skipped</summary><ul>");
    for skipped in outcome.skipped.iter().take(FILES) {
        let path = tags::whole(&skipped.path);
        let reason = tags::prose(&skipped.reason);
        let _ = writeln!(out, "<li><code>{path}</code>: {reason}</li>");
    }
    out.push_str("</ul>\n");
    cut(out, outcome.skipped.len(), FILES, "files");
    out.push_str("</details>\n");
}

/// Says how many of something are not shown.
pub fn cut(out: &mut String, all: usize, shown: usize, what: &str) {
    if all > shown {
        let rest = phrase::thousands((all - shown) as u64);
        let _ = writeln!(
            out,
            "<p class=\"note\">{rest} more {what} are not shown.</p>"
        );
    }
}
