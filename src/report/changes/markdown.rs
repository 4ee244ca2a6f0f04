//! What changed, as a comment below a pull request: short enough for GitHub and GitLab.

use std::io::{self, Write};

use super::{Changes, called, heading, said};
use crate::report::{Reported, phrase, safe};

/// A comment on GitHub takes 65,536 characters; so many bytes are left for the items.
const ROOM: usize = 56_000;
/// A longer text is cut, in characters.
const LONGEST: usize = 400;

/// Writes the report; paths below `root` are shown as seen from there.
///
/// # Errors
/// Writing to `out` failed.
pub fn markdown(changes: &Changes, root: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page {
        text: format!("## entralint: {}\n\n", changes.summary()),
        cut: 0,
    };
    page.text.push_str(&format!(
        "{} to {} · profile {} · evaluated at {}\n",
        safe::span(&safe::path(&changes.old.path)),
        safe::span(&safe::path(&changes.new.path)),
        safe::markdown(&changes.profile, LONGEST),
        changes.evaluated_at.date()
    ));
    let findings = &changes.findings;
    let mut new = findings
        .new
        .iter()
        .filter(|finding| finding.suppression.is_none())
        .peekable();
    if new.peek().is_some() {
        page.text.push_str("\n### New findings\n\n");
    }
    for finding in new {
        page.item(&item(finding, Some(root)));
    }
    for (kind, counts, altered) in changes.kinds() {
        let title = heading(kind, &counts);
        page.text.push_str(&format!("\n### {title}\n\n"));
        for altered in altered {
            let (name, id) = called(&altered.subject);
            let mut text = format!(
                "- {} **{}**",
                altered.change.name(),
                safe::markdown(name, LONGEST)
            );
            if let Some(id) = id {
                text.push(' ');
                text.push_str(&safe::span(&safe::line(id)));
            }
            text.push('\n');
            for line in &altered.lines {
                let (sign, aspect, words) = said(line, "→");
                let words = safe::capped(&words, LONGEST);
                text.push_str(&format!("  - `{sign}` {aspect}"));
                if !words.is_empty() {
                    text.push(' ');
                    text.push_str(&safe::span(&words));
                }
                text.push('\n');
            }
            page.item(&text);
        }
    }
    if !findings.gone.is_empty() {
        let gone = phrase::count(findings.gone.len() as u64, "finding");
        page.open(&format!("{gone} gone"));
        for finding in &findings.gone {
            page.item(&item(finding, None));
        }
        page.close();
    }
    let not = changes.not_compared();
    if !not.is_empty() {
        page.open("Not compared");
        for line in not {
            page.item(&format!("- {}\n", safe::markdown(&line, LONGEST)));
        }
        page.close();
    }
    if page.cut > 0 {
        let cut = phrase::count(page.cut, "item");
        page.text.push_str(&format!(
            "\n{cut} not shown here: the formats `human` and `json` have all.\n"
        ));
    }
    out.write_all(safe::defuse(&page.text).as_bytes())
}

struct Page {
    text: String,
    cut: u64,
}

impl Page {
    fn item(&mut self, item: &str) {
        if self.text.len() + item.len() <= ROOM {
            self.text.push_str(item);
        } else {
            self.cut += 1;
        }
    }

    fn open(&mut self, title: &str) {
        self.text
            .push_str(&format!("\n<details><summary>{title}</summary>\n\n"));
    }

    fn close(&mut self) {
        self.text.push_str("\n</details>\n");
    }
}

/// A finding as a list item; with its place, seen from `root`.
fn item(finding: &Reported, root: Option<&str>) -> String {
    let rule = finding.rule;
    let mut text = format!("- {} **{}**", finding.severity.name(), safe::span(rule.id));
    if !rule.url().is_empty() {
        let id = safe::span(rule.id);
        text = format!("- {} **[{id}]({})**", finding.severity.name(), rule.url());
    }
    text.push(' ');
    text.push_str(&safe::markdown(&finding.message, LONGEST));
    if let Some(root) = root {
        let place = &finding.location;
        let path = safe::relative(&place.path, root);
        let (line, column) = (place.start.line, place.start.column);
        let place = format!("{}:{line}:{column}", safe::path(path));
        text.push_str("  \n  ");
        text.push_str(&safe::span(&place));
    }
    text.push('\n');
    text
}
