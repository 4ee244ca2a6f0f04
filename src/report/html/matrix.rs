//! Which application reaches which instance by which flow, and why not.

use std::fmt::Write as _;
use std::io;

use super::page::Page;
use super::summary::cut;
use super::tags;
use crate::access::FLOWS;
use crate::inventory::Inventory;
use crate::report::access::{
    AccessApplication, AccessEnd, AccessHead, AccessInstance, AccessReport, AccessVerdict, called,
    folded, ids, shared,
};
use crate::report::phrase;
use crate::rules::{Flow, Rule};
use crate::tenant::Truth;

/// Rows of all instances together.
const MOST: usize = 3000;
/// Assignments that are named for one application and flow.
const THROUGH: usize = 5;

/// The verdicts, laid out.
#[derive(Default)]
pub struct Matrix {
    pub end: AccessEnd,
    notes: Vec<String>,
    /// Tables, one after another.
    markup: String,
    instances: usize,
    rows: usize,
    cut: usize,
    /// The instance that is being told about, as a caption.
    caption: String,
    waiting: Vec<AccessApplication>,
}

impl Matrix {
    /// Asks for all verdicts; `None` where there are none.
    pub fn of(inventory: &Inventory<'_>) -> io::Result<Option<Matrix>> {
        let mut matrix = Matrix::default();
        let told = inventory.open.verdicts(&mut matrix)?;
        Ok(told.map(|end| Matrix { end, ..matrix }))
    }

    /// Writes the table of the instance that was told about.
    fn close(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return;
        }
        let told: Vec<(&AccessApplication, Vec<&AccessVerdict>)> = rows
            .iter()
            .map(|application| (application, folded(application).0))
            .collect();
        let flows: Vec<Flow> = FLOWS
            .into_iter()
            .filter(|flow| {
                told.iter()
                    .any(|(_, told)| told.iter().any(|v| v.flow == *flow))
            })
            .collect();
        let mut columns = vec!["Application"];
        columns.extend(flows.iter().map(|flow| flow.name()));
        columns.push("Why");
        let id = format!("matrix-{}", self.instances);
        self.instances += 1;
        self.markup
            .push_str(&tags::table(&id, &self.caption, &columns));
        for (application, told) in &told {
            self.markup.push_str(&row(application, told, &flows));
        }
        self.markup.push_str(tags::TABLE_END);
    }
}

impl AccessReport for Matrix {
    fn wants_places(&self) -> bool {
        false
    }

    fn begin(&mut self, head: &AccessHead, _: &mut dyn io::Write) -> io::Result<()> {
        self.notes.clone_from(&head.notes);
        Ok(())
    }

    fn instance(
        &mut self,
        instance: Option<&AccessInstance>,
        _: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.close();
        self.caption = match instance {
            Some(instance) => {
                let apart = instance
                    .apart
                    .as_deref()
                    .map_or_else(String::new, |apart| format!(" ({})", tags::text(apart)));
                format!(
                    "{}{apart} <code>{}</code>",
                    tags::text(&instance.name),
                    tags::whole(&instance.id)
                )
            }
            None => "No instance in the input: the applications' own side".to_owned(),
        };
        Ok(())
    }

    fn application(
        &mut self,
        application: &AccessApplication,
        _: &mut dyn io::Write,
    ) -> io::Result<()> {
        if self.rows < MOST {
            self.rows += 1;
            self.waiting.push(application.clone());
        } else {
            self.cut += 1;
        }
        Ok(())
    }

    fn end(&mut self, _: &AccessEnd, _: &mut dyn io::Write) -> io::Result<()> {
        self.close();
        Ok(())
    }
}

fn row(application: &AccessApplication, told: &[&AccessVerdict], flows: &[Flow]) -> String {
    let subject = &application.subject;
    let mut out = format!(
        "<tr><th scope=\"row\">{}<br><code>{}</code>",
        tags::text(called(subject)),
        tags::text(&ids(subject))
    );
    if let Some(apart) = &application.apart {
        let _ = write!(out, "<br><code>{}</code>", tags::whole(apart));
    }
    out.push_str("</th>");
    for flow in flows {
        let cell = match told.iter().find(|verdict| verdict.flow == *flow) {
            Some(verdict) => verdict_of(verdict),
            None => tags::badge("none", "not offered"),
        };
        let _ = write!(out, "<td>{cell}</td>");
    }
    let _ = writeln!(out, "<td>{}</td></tr>", why(told));
    out
}

fn verdict_of(verdict: &AccessVerdict) -> String {
    let (class, word) = match (verdict.read, verdict.write) {
        (Truth::Yes, Truth::Yes) => ("good", "read, write"),
        (Truth::Yes, Truth::No) => ("good", "read only"),
        (Truth::Yes, Truth::Unknown) => ("good", "read, write unknown"),
        (Truth::No, _) => ("bad", "no"),
        (Truth::Unknown, Truth::No) => ("warn", "read unknown, write no"),
        (Truth::Unknown, _) => ("warn", "unknown"),
    };
    tags::badge(class, word)
}

/// Reasons, and assignments that let somebody in.
fn why(told: &[&AccessVerdict]) -> String {
    if told.is_empty() {
        return "offers no flow".to_owned();
    }
    let mut out = String::new();
    let mut count = 0;
    for (verdicts, reasons) in shared(told) {
        let flows: Vec<&str> = verdicts.iter().map(|verdict| verdict.flow.name()).collect();
        let _ = write!(out, "<p>{}</p><ul>", flows.join(", "));
        for reason in reasons {
            count += 1;
            let (class, word) = if reason.closed {
                ("bad", "no")
            } else {
                ("warn", "unknown")
            };
            let only = if reason.only_write { ", to write" } else { "" };
            let _ = write!(
                out,
                "<li>{} {}{only}: {}",
                tags::badge(class, word),
                reason.gate.name(),
                tags::prose(&reason.message)
            );
            if let Some(command) = reason.command.filter(|_| reason.rule.is_some()) {
                let _ = write!(out, " ({})", tags::prose(command));
            }
            if let Some(id) = reason.rule {
                let url = Rule::find(id).map_or("", Rule::url);
                let _ = write!(out, " ({})", tags::page(url, id));
            }
            out.push_str("</li>");
        }
        out.push_str("</ul>");
    }
    let mut ways: Vec<(String, Vec<&str>)> = Vec::new();
    for verdict in told.iter().filter(|verdict| !verdict.through.is_empty()) {
        let mut through: Vec<String> = verdict
            .through
            .iter()
            .take(THROUGH)
            .map(|way| {
                format!(
                    "<li>{} {}: {} at <code>{}</code></li>",
                    way.what,
                    tags::text(called(&way.principal)),
                    tags::text(&way.role),
                    tags::whole(&way.scope)
                )
            })
            .collect();
        let more = verdict.through.len().saturating_sub(THROUGH) + verdict.more;
        if more > 0 {
            through.push(format!("<li>and {more} more</li>"));
        }
        let through = through.concat();
        match ways.iter_mut().find(|(known, _)| *known == through) {
            Some((_, flows)) => flows.push(verdict.flow.name()),
            None => ways.push((through, vec![verdict.flow.name()])),
        }
    }
    for (through, flows) in ways {
        let _ = write!(
            out,
            "<p>{}: roles that count</p><ul>{through}</ul>",
            flows.join(", ")
        );
    }
    if out.is_empty() {
        return String::new();
    }
    let title = match count {
        0 => "roles".to_owned(),
        _ => phrase::count(count, "reason"),
    };
    format!("<details><summary>{title}</summary>{out}</details>")
}

pub fn write(
    page: &mut Page<'_>,
    matrix: Option<&Matrix>,
    inventory: &Inventory<'_>,
) -> io::Result<()> {
    let mut out = tags::section("access", "Access: application, instance, flow");
    match matrix {
        None if inventory.access().is_none() => out.push_str(
            "<p>Verdicts belong to a profile, and none is in use: see <code>--profile</code>.</p>\n",
        ),
        None => out.push_str("<p>No application that the profile is for.</p>\n"),
        Some(matrix) => {
            for note in &matrix.notes {
                let _ = writeln!(out, "<p class=\"note\">{}.</p>", tags::prose(note));
            }
            out.push_str(&matrix.markup);
            cut(&mut out, matrix.rows + matrix.cut, matrix.rows, "rows");
        }
    }
    out.push_str("</section>\n");
    page.put(&out)
}
