//! Verdicts for people: an instance, its applications, each flow with read and write, and then the
//! reasons in the order in which a person meets them.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{
    AccessApplication, AccessEnd, AccessHead, AccessInstance, AccessReason, AccessReport,
    AccessVerdict, called, count, folded, ids, shared, word,
};
use crate::report::options::HumanOptions;
use crate::report::paint::Paint;
use crate::report::safe;
use crate::report::wrap::{cells, wrap};
use crate::rules::Want;
use crate::tenant::Truth;

/// Assignments that are named below a table, unless all are asked for.
const THROUGH: usize = 3;
/// Rules and commands at the end, unless all are asked for.
const NEEDED: usize = 6;

/// The `human` format.
#[derive(Debug)]
pub struct AccessHuman {
    options: HumanOptions,
    paint: Paint,
    text: String,
    want: Want,
    profile: String,
    date: String,
    files: u64,
    /// Resource id of the instance that the verdicts are about.
    instance: String,
    any: bool,
}

impl AccessHuman {
    pub fn new(options: HumanOptions) -> AccessHuman {
        let options = HumanOptions {
            width: options.width.clamp(40, 400),
            ..options
        };
        AccessHuman {
            paint: Paint {
                color: options.color,
            },
            options,
            text: String::new(),
            want: Want::Write,
            profile: String::new(),
            date: String::new(),
            files: 0,
            instance: String::new(),
            any: false,
        }
    }

    /// Words in lines; the first follows `lead`, the others begin with as many blanks.
    fn words(&mut self, lead: &str, words: &str) {
        let indent = cells(lead);
        let room = self.options.width.saturating_sub(indent).max(20);
        for (at, line) in wrap(words, room, room).into_iter().enumerate() {
            if at > 0 {
                self.text.push_str(&" ".repeat(indent));
            } else {
                self.text.push_str(lead);
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn heading(&mut self, name: &str) {
        let bar = if self.options.unicode { "─" } else { "-" };
        let mut heading = format!("{bar}{bar} {name} ");
        let rest = self.options.width.saturating_sub(cells(&heading)).max(2);
        heading.push_str(&bar.repeat(rest));
        if self.any {
            self.text.push('\n');
        }
        self.any = true;
        self.paint.put(&mut self.text, Paint::BOLD, &heading);
        self.text.push('\n');
    }

    fn style(truth: Truth) -> Style {
        match truth {
            Truth::Yes => AnsiColor::Green.on_default().bold(),
            Truth::No => AnsiColor::Red.on_default().bold(),
            Truth::Unknown => AnsiColor::Yellow.on_default().bold(),
        }
    }

    fn table(&mut self, told: &[&AccessVerdict]) {
        let column = told
            .iter()
            .map(|verdict| verdict.flow.name().len())
            .max()
            .unwrap_or(0)
            .max(4);
        self.text
            .push_str(&format!("  {:column$}  read     write\n", "flow"));
        for verdict in told {
            self.text
                .push_str(&format!("  {:column$}  ", verdict.flow.name()));
            let read = word(verdict.read);
            self.paint
                .put(&mut self.text, Self::style(verdict.read), read);
            self.text.push_str(&" ".repeat(9 - read.len()));
            let write = word(verdict.write);
            self.paint
                .put(&mut self.text, Self::style(verdict.write), write);
            self.text.push('\n');
        }
    }

    /// Who has the role, once for the flows that share it.
    fn through(&mut self, told: &[&AccessVerdict]) {
        let most = if self.options.verbose > 0 {
            usize::MAX
        } else {
            THROUGH
        };
        let mut seen: Vec<&[super::AccessThrough]> = Vec::new();
        for verdict in told {
            if verdict.through.is_empty() || seen.contains(&&*verdict.through) {
                continue;
            }
            seen.push(&verdict.through);
            let flows: Vec<&str> = told
                .iter()
                .filter(|other| other.through == verdict.through)
                .map(|other| other.flow.name())
                .collect();
            self.words("  ", &format!("{} through", flows.join(", ")));
            for through in verdict.through.iter().take(most) {
                let principal = called(&through.principal);
                let here = through
                    .scope
                    .trim_end_matches('/')
                    .eq_ignore_ascii_case(&self.instance);
                let scope = safe::path(&through.scope);
                let line = format!(
                    "{}, {} {}, {}",
                    self.options.clean(&through.role, 100),
                    through.what,
                    self.options.clean(principal, 100),
                    match here {
                        true => "on the instance".to_owned(),
                        false => format!("at {scope}"),
                    }
                );
                self.words("    ", &line);
            }
            let rest = verdict.more + verdict.through.len().saturating_sub(most);
            if rest > 0 {
                let how = if self.options.verbose > 0 || verdict.through.len() <= most {
                    ""
                } else {
                    " (-v shows them)"
                };
                self.text.push_str(&format!("    and {rest} more{how}\n"));
            }
        }
    }

    fn reasons(&mut self, flows: &[&AccessVerdict], reasons: &[AccessReason]) {
        let names: Vec<&str> = flows.iter().map(|verdict| verdict.flow.name()).collect();
        self.words("  ", &names.join(", "));
        for reason in reasons {
            let (mark, truth) = match (reason.closed, self.options.unicode) {
                (true, true) => ("✗", Truth::No),
                (true, false) => ("x", Truth::No),
                (false, _) => ("?", Truth::Unknown),
            };
            let mut words = self
                .options
                .clean(&reason.message, 2 * safe::LONGEST)
                .into_owned();
            if reason.only_write {
                words.insert_str(0, "for writing: ");
            }
            if let Some(rule) = reason.rule {
                words.push_str(&format!(" [{rule}]"));
            }
            let lead = format!("    {mark} {}: ", reason.gate.name());
            let room = self.options.width.saturating_sub(6).max(20);
            let first = self.options.width.saturating_sub(cells(&lead)).max(20);
            self.text.push_str("    ");
            self.paint.put(&mut self.text, Self::style(truth), mark);
            self.text.push_str(&format!(" {}: ", reason.gate.name()));
            for (at, line) in wrap(&words, first, room).into_iter().enumerate() {
                if at > 0 {
                    self.text.push_str("      ");
                }
                self.text.push_str(line);
                self.text.push('\n');
            }
            if let Some(place) = &reason.location {
                self.text.push_str(&format!(
                    "      at {}:{}:{}\n",
                    safe::path(&place.path),
                    place.start.line,
                    place.start.column
                ));
            }
        }
    }

    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(safe::defuse(&self.text).as_bytes())?;
        self.text.clear();
        Ok(())
    }
}

impl AccessReport for AccessHuman {
    fn wants_places(&self) -> bool {
        self.options.verbose > 0
    }

    fn begin(&mut self, head: &AccessHead, out: &mut dyn Write) -> io::Result<()> {
        self.want = head.want;
        self.profile.clone_from(&head.profile);
        self.date = head.evaluated_at.date();
        self.files = head.files;
        if self.options.quiet {
            return Ok(());
        }
        for note in &head.notes {
            let note = self.options.clean(note, 2 * safe::LONGEST).into_owned();
            self.words("note: ", &note);
        }
        if !head.notes.is_empty() {
            self.text.push('\n');
        }
        self.flush(out)
    }

    fn instance(
        &mut self,
        instance: Option<&AccessInstance>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match instance {
            Some(instance) => {
                let mut name = self.options.clean(&instance.name, 100).into_owned();
                if let Some(apart) = &instance.apart {
                    name.push_str(&format!(" ({})", self.options.clean(apart, 200)));
                }
                self.heading(&name);
                instance
                    .id
                    .trim_end_matches('/')
                    .clone_into(&mut self.instance);
                self.text
                    .push_str(&format!("{}\n", safe::path(&instance.id)));
            }
            None => self.heading("no instance: the applications' side alone"),
        }
        self.flush(out)
    }

    fn application(
        &mut self,
        application: &AccessApplication,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let subject = &application.subject;
        self.text.push('\n');
        let name = self.options.clean(called(subject), 100).into_owned();
        self.paint.put(&mut self.text, Paint::BOLD, &name);
        let mut about = ids(subject);
        if subject.kind == crate::model::ObjectKind::ServicePrincipal {
            about.insert_str(0, "managed identity, ");
        }
        self.text
            .push_str(&format!(" ({})\n", self.options.clean(&about, 200)));
        if let Some(apart) = &application.apart {
            self.text.push_str(&format!("  in {}\n", safe::path(apart)));
        }
        let (told, not_offered) = folded(application);
        if !told.is_empty() {
            self.table(&told);
            self.through(&told);
        }
        for (flows, reasons) in shared(&told) {
            self.reasons(&flows, reasons);
        }
        if !not_offered.is_empty() {
            let lead = if told.is_empty() {
                "  no flow is offered: "
            } else {
                "  not offered: "
            };
            self.words(lead, &not_offered.join(", "));
        }
        self.flush(out)
    }

    fn end(&mut self, end: &AccessEnd, out: &mut dyn Write) -> io::Result<()> {
        if !end.not_evaluated.is_empty() && !self.options.quiet {
            self.text.push('\n');
            self.paint
                .put(&mut self.text, Paint::BOLD, "What would decide the unknown");
            self.text.push('\n');
            let most = if self.options.verbose > 0 {
                usize::MAX
            } else {
                NEEDED
            };
            let mut told: Vec<&str> = Vec::new();
            for entry in &end.not_evaluated {
                if told.contains(&entry.command.as_str()) || told.len() == most {
                    continue;
                }
                told.push(&entry.command);
                let reason = self
                    .options
                    .clean(&entry.reason, safe::LONGEST)
                    .into_owned();
                self.words("  ", &format!("{reason}:"));
                self.text
                    .push_str(&format!("    {}\n", safe::path(&entry.command)));
            }
        }
        let want = match self.want {
            Want::Read => "read",
            Want::Write => "write",
        };
        let (style, lead) = if end.asked == end.yes {
            (
                Self::style(Truth::Yes),
                format!(
                    "Yes: all {} asked for can {want}",
                    count(end.asked, "verdict")
                ),
            )
        } else {
            let worst = if end.no > 0 {
                Truth::No
            } else {
                Truth::Unknown
            };
            let mut counts = Vec::new();
            for (count, name) in [(end.no, "no"), (end.unknown, "unknown"), (end.yes, "yes")] {
                if count > 0 {
                    counts.push(format!("{count} {name}"));
                }
            }
            (Self::style(worst), counts.join(", "))
        };
        let mut rest = if end.asked == end.yes {
            String::new()
        } else {
            format!(" of {} asked for, to {want}", count(end.asked, "verdict"))
        };
        let dot = if self.options.unicode { " · " } else { " - " };
        rest.push_str(&format!(
            "{dot}{} in {}, profile {}",
            count(end.applications, "application"),
            count(self.files, "file"),
            self.options.clean(&self.profile, 100)
        ));
        if end.out_of_scope > 0 {
            rest.push_str(&format!(", {} out of its scope", end.out_of_scope));
        }
        rest.push_str(&format!("{dot}evaluated at {}", self.date));
        self.text.push('\n');
        self.paint.put(&mut self.text, style, &lead);
        let whole = format!("{lead}{rest}");
        for (at, line) in wrap(&whole, self.options.width, self.options.width)
            .into_iter()
            .enumerate()
        {
            self.text.push_str(if at == 0 {
                line.strip_prefix(&lead).unwrap_or("")
            } else {
                line
            });
            self.text.push('\n');
        }
        self.flush(out)
    }
}
