//! A comment below a pull request, or a job's summary (`$GITHUB_STEP_SUMMARY`): Markdown as GitHub
//! and GitLab read it, short enough for either.

use std::io::{self, Write};

use super::ranked::Ranked;
use super::{Outcome, Report, Reported, phrase, safe, summary};
use crate::rules::Severity;

/// A comment on GitHub takes 65,536 characters; so many bytes are left for the findings.
const ROOM: usize = 56_000;
/// More findings than this nobody reads in a comment.
const MOST: usize = 500;
/// A longer text is cut, in characters.
const LONGEST: usize = 400;
/// A longer command is left out, in characters: one that was cut must not be run.
const LONGEST_COMMAND: usize = 2000;
/// Places further away that are named.
const RELATED: usize = 5;
/// Reasons for not evaluating that are named, and rules of each.
const REASONS: usize = 8;
const RULES: usize = 8;

/// The `markdown` format.
#[derive(Debug)]
pub struct Markdown {
    root: String,
    items: Ranked<String>,
    suppressed: bool,
}

impl Markdown {
    /// Paths below `root` are shown as seen from there.
    pub fn new(root: &str) -> Markdown {
        Markdown {
            root: root.to_owned(),
            items: Ranked::new(MOST, ROOM),
            suppressed: false,
        }
    }

    /// A list item.
    fn item(&self, finding: &Reported) -> String {
        let rule = finding.rule;
        let mut text = format!("- **{}**", safe::span(rule.id));
        if !rule.url().is_empty() {
            text = format!("- **[{}]({})**", safe::span(rule.id), rule.url());
        }
        if let Some(suppression) = &finding.suppression {
            text.push_str(" (suppressed: ");
            text.push_str(&safe::markdown(&suppression.reason, LONGEST));
            text.push(')');
        }
        text.push(' ');
        text.push_str(&safe::markdown(&finding.message, LONGEST));
        text.push_str("  \n  ");
        text.push_str(&self.place(&finding.location));
        if let Some(subject) = &finding.subject {
            let (name, ids) = phrase::subject(subject);
            let words = if name.is_empty() { &ids } else { name };
            text.push_str(" · ");
            text.push_str(&safe::markdown(words, LONGEST));
        }
        for place in finding.related.iter().take(RELATED) {
            text.push_str("  \n  also ");
            text.push_str(&self.place(place));
            if !place.label.is_empty() {
                text.push_str(": ");
                text.push_str(&safe::markdown(&place.label, LONGEST));
            }
        }
        if let Some(help) = &finding.help {
            text.push_str("  \n  ");
            text.push_str(&safe::markdown(help, LONGEST));
        }
        text.push('\n');
        let whole = |command: &&String| command.chars().nth(LONGEST_COMMAND).is_none();
        let commands: Vec<&String> = finding.commands.iter().filter(whole).collect();
        if !commands.is_empty() {
            text.push_str(&code(&commands, "  "));
        }
        text
    }

    fn place(&self, place: &super::Place) -> String {
        let path = safe::relative(&place.path, &self.root);
        let (line, column) = (place.start.line, place.start.column);
        safe::span(&format!("{}:{line}:{column}", safe::path(path)))
    }

    /// The findings of one severity; those that are not errors are folded away.
    fn section(&self, severity: Severity, outcome: &Outcome, text: &mut String) {
        let items: Vec<&String> = self
            .items
            .iter()
            .filter(|(of, _)| *of == severity)
            .map(|(_, item)| item)
            .collect();
        if items.is_empty() {
            return;
        }
        // With suppressed findings among them, the number would be another one.
        let title = if self.suppressed {
            format!("{}s", severity.name())
        } else {
            phrase::count(outcome.tally.of(severity), severity.name())
        };
        let fold = severity != Severity::Error;
        if fold {
            text.push_str(&format!("<details><summary>{title}</summary>\n\n"));
        } else {
            text.push_str(&format!("### {title}\n\n"));
        }
        for item in items {
            text.push_str(item);
        }
        text.push_str(if fold { "\n</details>\n\n" } else { "\n" });
    }
}

impl Report for Markdown {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        if self.items.admits(finding.severity) {
            self.suppressed |= finding.suppression.is_some();
            let item = self.item(finding);
            let cost = item.len();
            self.items.push(finding.severity, item, cost);
        }
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let mut text = format!("## entralint: {}\n\n", phrase::tally(outcome));
        let mut facts = vec![
            phrase::count(outcome.files, "file"),
            summary::objects(outcome, false).0,
            format!("profile {}", safe::markdown(&outcome.profile, LONGEST)),
            format!("evaluated at {}", outcome.evaluated_at.date()),
        ];
        if outcome.out_of_scope > 0 {
            facts.push(format!("{} out of its scope", outcome.out_of_scope));
        }
        if outcome.suppressed > 0 {
            facts.push(format!("{} suppressed", outcome.suppressed));
        }
        if !outcome.skipped.is_empty() {
            let files = phrase::count(outcome.skipped.len() as u64, "file");
            facts.push(format!("{files} skipped"));
        }
        text.push_str(&facts.join(" · "));
        text.push_str("\n\n");
        for severity in Severity::ALL {
            self.section(severity, outcome, &mut text);
        }
        if self.items.cut() > 0 {
            let cut = phrase::count(self.items.cut(), "finding");
            text.push_str(&format!(
                "{cut} not shown here: the formats `human` and `json` have all.\n\n"
            ));
        }
        not_evaluated(outcome, &mut text);
        let text = text.trim_end().to_owned() + "\n";
        out.write_all(safe::defuse(&text).as_bytes())
    }
}

/// What could not be judged, folded away, with the commands that would supply it.
fn not_evaluated(outcome: &Outcome, text: &mut String) {
    let groups = summary::missing(outcome);
    if groups.is_empty() {
        return;
    }
    let rules: usize = groups.iter().map(|group| group.rules.len()).sum();
    text.push_str(&format!(
        "<details><summary>{} not evaluated, because something is missing</summary>\n\n",
        phrase::count(rules as u64, "rule")
    ));
    for group in groups.iter().take(REASONS) {
        let named: Vec<String> = group
            .rules
            .iter()
            .take(RULES)
            .map(|rule| safe::span(&safe::line(rule)))
            .collect();
        text.push_str(&format!(
            "- {}: {}",
            safe::markdown(group.reason, LONGEST),
            named.join(", ")
        ));
        if group.rules.len() > RULES {
            text.push_str(&format!(" and {} more", group.rules.len() - RULES));
        }
        text.push('\n');
        if !group.command.is_empty() && group.command.chars().nth(LONGEST_COMMAND).is_none() {
            text.push_str(&code(&[group.command], "  "));
        }
    }
    if groups.len() > REASONS {
        text.push_str(&format!("- and {} more reasons\n", groups.len() - REASONS));
    }
    text.push_str("\n</details>\n");
}

/// Commands to copy, a line each.
fn code(commands: &[impl AsRef<str>], indent: &str) -> String {
    let clean: Vec<_> = commands
        .iter()
        .map(|command| safe::capped(command.as_ref(), LONGEST_COMMAND))
        .collect();
    let fence = safe::fence(&clean.join("\n"));
    let mut text = format!("{indent}{fence}sh\n");
    for command in clean {
        text.push_str(&format!("{indent}{command}\n"));
    }
    text.push_str(&format!("{indent}{fence}\n"));
    text
}
