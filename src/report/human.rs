//! The report that people read: what is wrong, where, what helps, and a command to copy.
//!
//! The one file that knows miette. It draws the excerpts and nothing else: it panics beyond column
//! 65,535, reads a source from its first byte for every label and passes control characters on, so
//! it only ever sees what `excerpt` cut and cleaned. Words are wrapped here, at blanks only, because
//! an id or a command that was broken in two cannot be copied.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use anstyle::Style;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::excerpt::{self, Excerpt, Look};
use super::options::HumanOptions;
use super::paint::Paint;
use super::summary::{self, Seen};
use super::wrap::{cells, wrap};
use super::{Outcome, Place, Position, Report, Reported, phrase, safe};
use crate::rules::{Rule, Severity, Subject};

/// Related places with an excerpt of their own, unless all are asked for.
const EXCERPTS: usize = 3;
/// Related places that are named at all.
const NAMED: usize = 8;
/// A longer help is cut, in characters.
const LONGEST_HELP: usize = 800;
/// A longer command is left out, in characters: one that was cut must not be run.
const LONGEST_COMMAND: usize = 4000;

/// The `human` format.
#[derive(Debug)]
pub struct Human {
    options: HumanOptions,
    paint: Paint,
    look: Look,
    theme: GraphicalTheme,
    text: String,
    /// What the headings above say.
    path: Option<Arc<str>>,
    subject: Option<Arc<Subject>>,
    /// Advice that was given below the last heading, and by which rule.
    given: HashMap<(Option<String>, Vec<String>), &'static Rule>,
    seen: Seen,
}

impl Human {
    pub fn new(options: HumanOptions) -> Human {
        let theme = match (options.unicode, options.color) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::unicode_nocolor(),
            (false, true) => GraphicalTheme::ascii(),
            (false, false) => GraphicalTheme::none(),
        };
        let options = HumanOptions {
            width: options.width.clamp(40, 400),
            ..options
        };
        Human {
            paint: Paint {
                color: options.color,
            },
            look: options.look(),
            theme,
            text: String::new(),
            path: None,
            subject: None,
            given: HashMap::new(),
            seen: Seen::default(),
            options,
        }
    }

    /// A heading for every file, and one for every object in it.
    fn headings(&mut self, finding: &Reported) {
        if self.path.as_ref() != Some(&finding.location.path) {
            let path = &finding.location.path;
            let bar = if self.options.unicode { "─" } else { "-" };
            let mut heading = format!("{bar}{bar} {} ", safe::path(path));
            let rest = self.options.prose().saturating_sub(cells(&heading)).max(2);
            heading.push_str(&bar.repeat(rest));
            self.gap();
            self.paint.put(&mut self.text, Paint::BOLD, &heading);
            self.text.push('\n');
            self.path = Some(Arc::clone(path));
            self.subject = None;
            self.given.clear();
            self.seen.files += 1;
        }
        if self.subject != finding.subject {
            self.subject.clone_from(&finding.subject);
            self.given.clear();
            if let Some(subject) = &finding.subject {
                let (name, ids) = phrase::subject(subject);
                self.gap();
                let name = self.options.clean(name, 100).into_owned();
                self.paint.put(&mut self.text, Paint::BOLD, &name);
                if !ids.is_empty() {
                    let ids = self.options.clean(&ids, safe::LONGEST).into_owned();
                    let blank = if name.is_empty() { "" } else { " " };
                    self.text.push_str(&format!("{blank}({ids})"));
                }
                self.text.push('\n');
            }
        }
    }

    /// A blank line, but not as the first.
    fn gap(&mut self) {
        if self.seen.any || !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// `error[rule]: what is wrong`
    fn head(&mut self, finding: &Reported) {
        self.gap();
        let style = self.paint.severity(finding.severity);
        let name = finding.severity.name();
        let id = finding.rule.id;
        self.paint.put(&mut self.text, style, &format!("{name}["));
        if self.options.links {
            // The address is one of ours: a page of the rule's own references.
            let url = finding.rule.url();
            self.text.push_str(&format!("\u{1b}]8;;{url}\u{1b}\\"));
        }
        self.paint.put(&mut self.text, style, id);
        if self.options.links {
            self.text.push_str("\u{1b}]8;;\u{1b}\\");
        }
        self.paint.put(&mut self.text, style, "]");
        self.text.push_str(": ");
        let mut message = String::new();
        if let Some(suppression) = &finding.suppression {
            message = format!(
                "(suppressed: {}) ",
                self.options.clean(&suppression.reason, 120)
            );
        }
        message.push_str(&self.options.clean(&finding.message, safe::LONGEST));
        self.words(&message, name.len() + id.len() + 4, "  ", Paint::BOLD);
    }

    /// Words, wrapped: `used` cells of the first line are taken, the others begin with `indent`.
    fn words(&mut self, words: &str, used: usize, indent: &str, style: Style) {
        let width = self.options.prose();
        let lines = wrap(words, width.saturating_sub(used), width - indent.len());
        for (at, line) in lines.into_iter().enumerate() {
            if at > 0 {
                self.text.push('\n');
                self.text.push_str(indent);
            }
            self.paint.put(&mut self.text, style, line);
        }
        self.text.push('\n');
    }

    /// The excerpts: what is marked, with related places nearby, then those further away.
    fn places(&mut self, finding: &Reported) {
        let place = &finding.location;
        let all = self.options.verbose > 0;
        let (near, far): (Vec<&Place>, Vec<&Place>) = finding
            .related
            .iter()
            .partition(|other| excerpt::is_near(place, other, &self.look));
        let hide = finding.rule.id == "secret-in-file";
        match excerpt::cut(place, &near, hide, &self.look) {
            Some(excerpt) => self.draw(&excerpt, finding.severity, place, true),
            None => {
                let path = safe::path(&place.path).into_owned();
                self.name("at", place, &path);
                for other in &near {
                    self.name("also", other, &path);
                }
            }
        }
        let named = if all { far.len() } else { NAMED };
        for (at, other) in far.iter().enumerate().take(named) {
            let path = safe::path(&other.path).into_owned();
            let excerpt = (all || at < EXCERPTS)
                .then(|| excerpt::cut(other, &[], false, &self.look))
                .flatten();
            match excerpt {
                Some(excerpt) => {
                    self.text.push_str("  also ");
                    self.text.push_str(&position(&path, other.start));
                    self.text.push('\n');
                    self.draw(&excerpt, finding.severity, other, false);
                }
                None => self.name("also", other, &path),
            }
        }
        if far.len() > named {
            let rest = far.len() - named;
            self.text
                .push_str(&format!("  also {rest} more places (-v shows them)\n"));
        }
    }

    /// A place in words: `also a.json:3:5: its label`.
    fn name(&mut self, lead: &str, place: &Place, path: &str) {
        let mut words = if place.start == Position::START && place.end == Position::START {
            path.to_owned()
        } else {
            position(path, place.start)
        };
        if !place.label.is_empty() {
            words.push_str(": ");
            words.push_str(&self.options.clean(&place.label, safe::LONGEST));
        }
        self.text.push_str("  ");
        self.text.push_str(lead);
        self.text.push(' ');
        self.words(&words, lead.len() + 3, "     ", Style::new());
    }

    /// Has miette draw an excerpt.
    fn draw(&mut self, excerpt: &Excerpt, severity: Severity, place: &Place, header: bool) {
        let mut theme = self.theme.clone();
        let styles = &mut theme.styles;
        let primary = match severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Info => styles.advice,
        };
        // miette hands out styles to labels in the order in which they stand.
        let mut order: Vec<usize> = (0..excerpt.marks.len()).collect();
        order.sort_by_key(|&mark| excerpt.marks[mark].range.start);
        let second = styles.highlights.first().copied().unwrap_or(primary);
        styles.highlights = order
            .iter()
            .map(|&mark| if mark == 0 { primary } else { second })
            .collect();
        let snippet = Snippet {
            excerpt,
            place,
            path: header.then(|| safe::path(&place.path)),
            order,
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_urls(false)
            .without_syntax_highlighting();
        let handler = if header {
            handler
        } else {
            handler.without_primary_span_start()
        };
        let mut drawn = String::new();
        if handler.render_report(&mut drawn, &snippet).is_ok() {
            // miette's own line for the message, which is empty: ours stands above.
            let body = drawn.split_once('\n').map_or("", |(_, body)| body);
            for line in body.lines() {
                self.text.push_str(line.trim_end());
                self.text.push('\n');
            }
        }
    }

    /// What to do: help, then commands, each alone on its line.
    fn advice(&mut self, finding: &Reported) {
        if finding.help.is_none() && finding.commands.is_empty() {
            return;
        }
        self.text.push_str("  ");
        self.paint.put(&mut self.text, Paint::HELP, "help:");
        self.text.push(' ');
        let advice = (finding.help.clone(), finding.commands.clone());
        if let Some(rule) = self.given.insert(advice, finding.rule) {
            self.text.push_str("the same as above (");
            self.text.push_str(rule.id);
            self.text.push_str(")\n");
            return;
        }
        let help = finding.help.as_deref().unwrap_or("run");
        let help = self.options.clean(help, LONGEST_HELP).into_owned();
        self.words(&help, 8, "        ", Style::new());
        for command in &finding.commands {
            self.text.push_str("    ");
            if command.chars().nth(LONGEST_COMMAND).is_some() {
                self.text
                    .push_str("(a long command: --format json prints it)");
            } else {
                self.text.push_str(&safe::capped(command, LONGEST_COMMAND));
            }
            self.text.push('\n');
        }
    }

    /// What to write into the configuration to accept a finding; without a reason it is refused.
    fn suppression(&mut self, finding: &Reported) {
        let subject = finding.subject.as_ref();
        let id = subject.and_then(|subject| subject.app_id.as_ref().or(subject.id.as_ref()));
        let Some(id) = id.filter(|_| finding.suppression.is_none()) else {
            return;
        };
        let key = Some(&finding.key).filter(|key| !key.is_empty());
        let lines = [
            ("rule", Some(finding.rule.id)),
            ("subject", Some(id.as_str())),
        ];
        let mut block = String::new();
        for (name, value) in lines.into_iter().chain([("key", key.map(String::as_str))]) {
            let Some(value) = value else { continue };
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
            // What cannot be shown as it is cannot be copied either.
            if self.options.clean(&escaped, LONGEST_COMMAND) != escaped {
                return;
            }
            block.push_str(&format!("    {name} = \"{escaped}\"\n"));
        }
        self.text
            .push_str("  accepted? in entralint.toml, with a reason:\n    [[suppress]]\n");
        self.text.push_str(&block);
        self.text.push_str("    reason = \"\"\n");
    }

    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(safe::defuse(&self.text).as_bytes())?;
        self.seen.any |= !self.text.is_empty();
        self.text.clear();
        Ok(())
    }
}

impl Report for Human {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        if finding.suppression.is_some() && !self.options.show_suppressed {
            return Ok(());
        }
        self.seen.count(finding);
        self.seen.fixable += u64::from(finding.fix.is_some());
        self.headings(finding);
        self.head(finding);
        self.places(finding);
        self.advice(finding);
        if self.options.verbose > 0 {
            for reference in finding.rule.references {
                self.text.push_str(&format!("  see {reference}\n"));
            }
            self.suppression(finding);
        }
        self.flush(out)
    }

    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        if self.options.quiet {
            return Ok(());
        }
        summary::write(&mut self.text, outcome, &self.seen, &self.options);
        self.flush(out)
    }
}

fn position(path: &str, start: Position) -> String {
    format!("{path}:{}:{}", start.line, start.column)
}

/// An excerpt as miette wants it.
#[derive(Debug)]
struct Snippet<'e> {
    excerpt: &'e Excerpt,
    place: &'e Place,
    path: Option<Cow<'e, str>>,
    order: Vec<usize>,
}

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet<'_> {}

impl Diagnostic for Snippet<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.order.iter().map(|&at| {
            let mark = &self.excerpt.marks[at];
            let label = Some(mark.label.clone()).filter(|label| !label.is_empty());
            let span = (mark.range.start, mark.range.len());
            if at == 0 {
                LabeledSpan::new_primary_with_span(label, span)
            } else {
                LabeledSpan::new_with_span(label, span)
            }
        })))
    }
}

impl SourceCode for Snippet<'_> {
    /// Always the whole excerpt: it is cut already. Without context lines miette asks for the
    /// place to name in the header.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = SourceSpan::from((0, self.excerpt.text.len()));
        let (line, column) = if before + after == 0 {
            (self.place.start.line, self.place.start.column)
        } else {
            (self.excerpt.first_line, 1)
        };
        let from_zero = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(0);
        let (line, column) = (from_zero(line), from_zero(column));
        let (data, lines) = (self.excerpt.text.as_bytes(), self.excerpt.lines);
        Ok(Box::new(match &self.path {
            Some(path) => {
                MietteSpanContents::new_named(path.to_string(), data, whole, line, column, lines)
            }
            None => MietteSpanContents::new(data, whole, line, column, lines),
        }))
    }
}
