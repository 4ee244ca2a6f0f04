//! Why entralint could not run, or could not go on. What is wrong with an input is a finding and
//! never stands here.
//!
//! Each variant is one cause; [`Failure::message`] says what happened, [`Failure::help`] what to
//! do next. Both may quote file names, arguments and file contents as they are:
//! [`Failure::render`] is the way to a terminal.

use std::fmt::{self, Write};
use std::io;

use anstyle::{AnsiColor, Style};

use crate::config::{MOST, Problem, quoted, unknown_rule_help};
use crate::nearest::nearest;
use crate::report::stored::Unfit;
use crate::settings::groups;

/// Findings at or above `--fail-on`.
pub const EXIT_FINDINGS: u8 = 1;
/// Could not run, or could not read something.
pub const EXIT_FAILURE: u8 = 2;
/// There was nothing to lint.
pub const EXIT_NOTHING: u8 = 3;

/// Why the tool could not run.
#[derive(Debug)]
pub enum Failure {
    /// An option (or the argument of `explain`) and the name that no rule and no group has.
    UnknownRule(&'static str, String),
    /// `--profile`.
    UnknownProfile(String, Vec<String>),
    /// `schema NAME`, and the names that exist.
    UnknownSchema(String, Vec<&'static str>),
    /// `--select`, `--ignore`, the persona and the configuration leave no rule.
    NoRuleLeft,
    /// `--now`.
    BadNow(String),
    /// The environment variable.
    BadSourceDateEpoch(String),
    /// `--exclude`, and why it is no glob.
    BadGlob(String, String),
    /// The configuration at this path cannot be opened or read.
    ConfigIo(String, io::Error),
    ConfigTooLarge(String),
    /// `init`: there is a configuration at this path already.
    ConfigExists(String),
    /// `init`: the configuration cannot be written to this path.
    ConfigWrite(String, io::Error),
    /// The configuration at this path has errors; never none.
    Config(String, Vec<Problem>),
    /// `--fix` or `--diff` with standard input, a pipe or a device.
    FixStream(String),
    /// The current folder is gone or closed to us.
    CurrentFolder(io::Error),
    /// Writing the report failed; a closed pipe is [`Failure::is_closed_pipe`].
    Output(io::Error),
    /// A report cannot be written to this file.
    Target(String, io::Error),
    /// Two formats that would go to one place: a file, or standard output.
    OneTarget(&'static str, &'static str, Option<String>),
    /// The stored report at this path cannot be read.
    StoredIo(String, io::Error),
    /// The stored report at this path is none, or not one that this version reads.
    Stored(String, Unfit),
    /// The baseline at this path cannot be read.
    BaselineIo(String, io::Error),
    /// The baseline at this path is none, or of another version.
    Baseline(String, Unfit),
    /// The baseline at this path cannot be written.
    BaselineTarget(String, io::Error),
    /// The baseline at this path was not written: something could not be read.
    BaselineKept(String),
    /// No path was an input, or no input held anything to lint; the paths as they were named.
    NothingToLint(Vec<String>),
    /// No application is there that access could be judged of.
    NothingToJudge,
    /// `--instance`: names that no instance of the input has.
    UnknownInstance(Vec<String>),
    /// The profile speaks of no API that could be reached.
    NoProfile,
    /// A bug of ours, caught.
    Internal(String),
}

impl Failure {
    /// The exit code of a run that ends with this.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::NothingToLint(_) | Failure::NothingToJudge => EXIT_NOTHING,
            _ => EXIT_FAILURE,
        }
    }

    /// Whether the reader of our output went away. That is no error: `entralint … | head` got what
    /// it wanted.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What happened, in one sentence without a full stop. Foreign text stands in it as it is.
    pub fn message(&self) -> String {
        match self {
            Failure::UnknownRule("explain", name) => {
                format!("no rule is called {}", quoted(name))
            }
            Failure::UnknownRule(place, name) => {
                format!("{place}: no rule and no group is called {}", quoted(name))
            }
            Failure::UnknownProfile(name, _) => {
                format!("--profile: no profile is called {}", quoted(name))
            }
            Failure::UnknownSchema(name, _) => format!("no schema is called {}", quoted(name)),
            Failure::NoRuleLeft => "no rule is left to check".to_owned(),
            Failure::BadNow(text) => format!("--now: {} is no date", quoted(text)),
            Failure::BadSourceDateEpoch(text) => {
                format!("SOURCE_DATE_EPOCH: {} is no time in seconds", quoted(text))
            }
            Failure::BadGlob(glob, why) => format!("--exclude: {} is no glob: {why}", quoted(glob)),
            Failure::ConfigIo(path, error) => {
                format!("cannot read the configuration {path}: {error}")
            }
            Failure::ConfigTooLarge(path) => {
                format!("the configuration {path} is longer than 1 MiB")
            }
            Failure::Config(path, problems) => match problems.as_slice() {
                [] => format!("{path}: invalid configuration"),
                [first, ..] => {
                    let Problem {
                        line,
                        column,
                        message,
                        ..
                    } = first;
                    format!("{path}:{line}:{column}: {message}")
                }
            },
            Failure::FixStream(name) => format!(
                "--fix and --diff take files, and {} can be read only once",
                if name == "-" { "standard input" } else { name }
            ),
            Failure::CurrentFolder(error) => format!("cannot tell the current folder: {error}"),
            Failure::Output(error) => format!("cannot write the report: {error}"),
            Failure::Target(path, error) => format!("cannot write the report {path}: {error}"),
            Failure::OneTarget(one, other, None) => {
                format!("--format {one} and --format {other} both go to standard output")
            }
            Failure::OneTarget(one, other, Some(path)) => {
                format!("--format {one} and --format {other} both go to {path}")
            }
            Failure::StoredIo(path, error) => format!("cannot read the report {path}: {error}"),
            Failure::BaselineIo(path, error) => format!("cannot read the baseline {path}: {error}"),
            Failure::BaselineTarget(path, error) => {
                format!("cannot write the baseline {path}: {error}")
            }
            Failure::BaselineKept(path) => {
                format!("the baseline {path} was not written, because not everything could be read")
            }
            Failure::Stored(path, unfit) | Failure::Baseline(path, unfit) => {
                let Unfit {
                    line,
                    column,
                    message,
                } = unfit;
                format!("{path}:{line}:{column}: {message}")
            }
            Failure::ConfigExists(path) => format!("there is a configuration already: {path}"),
            Failure::ConfigWrite(path, error) => {
                format!("cannot write the configuration {path}: {error}")
            }
            Failure::NothingToLint(paths) if paths.is_empty() => "nothing to lint".to_owned(),
            Failure::NothingToLint(paths) => format!("nothing to lint in {}", paths.join(", ")),
            Failure::NothingToJudge => "no application to judge".to_owned(),
            Failure::UnknownInstance(names) => {
                let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                format!(
                    "--instance: no instance of the input is called {}",
                    names.join(", ")
                )
            }
            Failure::NoProfile => "the profile entra has no API that could be reached".to_owned(),
            Failure::Internal(what) => format!("internal error: {what}"),
        }
    }

    /// The next step, in the imperative.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Failure::UnknownRule("explain", name) if groups().contains(&name.as_str()) => {
                "that is a group; `entralint rules` lists the rules of it".to_owned()
            }
            Failure::UnknownRule("explain", name) => unknown_rule_help(name),
            Failure::UnknownRule(_, name) => unknown_rule_or_group_help(name),
            Failure::UnknownProfile(name, names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                known_help(name, &names)
            }
            Failure::UnknownSchema(name, names) => known_help(name, names),
            Failure::NoRuleLeft => {
                "--select picks rules, --ignore and [rules] switch them off; \
                 audit rules need --persona audit or their own id in --select"
            }
            .to_owned(),
            Failure::BadNow(_) => {
                "write a date (2026-11-23) or RFC 3339 (2026-11-23T10:00:00Z), 1950 to 2198"
                    .to_owned()
            }
            Failure::BadSourceDateEpoch(_) => {
                "set it to whole seconds since 1970 (date +%s), unset it, or give --now".to_owned()
            }
            Failure::BadGlob(..) => "write one such as '**/archive/**', in quotes".to_owned(),
            Failure::ConfigIo(_, error) if error.kind() == io::ErrorKind::NotFound => {
                "check --config".to_owned()
            }
            Failure::ConfigIo(..) => {
                "make it readable, name another with --config, or run with --no-config".to_owned()
            }
            Failure::ConfigTooLarge(_) => {
                "name the right file with --config, or run with --no-config".to_owned()
            }
            Failure::Config(_, problems) => return problems.first()?.help.clone(),
            Failure::FixStream(_) => "save it as a file first".to_owned(),
            Failure::CurrentFolder(_) => "change to a folder that exists".to_owned(),
            Failure::Output(_) | Failure::Target(..) | Failure::BaselineTarget(..) => return None,
            Failure::OneTarget(_, other, _) => {
                format!("give one of them a file of its own: --format {other}=PATH")
            }
            Failure::ConfigExists(_) => {
                "edit it, or move it away and run `entralint init` again".to_owned()
            }
            Failure::ConfigWrite(..) => {
                "name a folder that exists and can be written to".to_owned()
            }
            Failure::StoredIo(..) => "name a report, or - for standard input".to_owned(),
            Failure::Stored(..) => {
                "write the report with `entralint check --format json=report.json`".to_owned()
            }
            Failure::BaselineIo(..) => {
                "write one first: `entralint check --write-baseline FILE`".to_owned()
            }
            Failure::Baseline(..) => {
                "write it anew with `entralint check --write-baseline FILE`, or restore it from \
                 version control"
                    .to_owned()
            }
            Failure::BaselineKept(_) => "mend what is named above, and run again".to_owned(),
            Failure::NothingToLint(_) => {
                "name exported .json, .jsonl, .ndjson or .tfstate files, a folder that holds \
                 some, or - for standard input"
            }
            .to_owned(),
            Failure::NothingToJudge => {
                { "name applications with --app, or judge every one with --all-apps" }.to_owned()
            }
            Failure::UnknownInstance(_) => {
                { "give its name as exported, its resource id, or `az dt list` among the inputs" }
                    .to_owned()
            }
            Failure::NoProfile => "give --profile azure-digital-twins".to_owned(),
            Failure::Internal(_) => {
                "this is a bug of entralint; please report it with this line".to_owned()
            }
        })
    }

    /// All of it for a terminal, with a line break at the end. `clean` makes foreign text harmless:
    /// everything that could hold any passes it, in whole lines.
    pub fn render(&self, color: bool, clean: &dyn Fn(&str) -> String) -> String {
        let mut out = Paper::new(color, clean);
        if let Failure::Config(path, problems) = self {
            for (at, problem) in problems.iter().enumerate() {
                if at > 0 {
                    out.text.push('\n');
                }
                out.problem(path, problem);
            }
            if problems.len() >= MOST {
                out.help("\n", &format!("no more than {MOST} errors are shown"));
            }
        } else {
            out.error(&self.message());
            if let Some(help) = self.help() {
                out.help("  ", &help);
            }
        }
        out.text
    }
}

impl fmt::Display for Failure {
    /// One line, for logs: the message and the help.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        match self.help() {
            Some(help) => write!(f, " (help: {help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Failure::ConfigIo(_, error)
            | Failure::CurrentFolder(error)
            | Failure::Output(error)
            | Failure::Target(_, error)
            | Failure::BaselineIo(_, error)
            | Failure::BaselineTarget(_, error)
            | Failure::StoredIo(_, error) => Some(error),
            _ => None,
        }
    }
}

fn known_help(name: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known: {}", names.join(", ")),
    }
}

fn unknown_rule_or_group_help(name: &str) -> String {
    match nearest(name, groups()) {
        Some(near) => format!("did you mean the group `{near}`?"),
        None => unknown_rule_help(name),
    }
}

/// A text for a terminal in the making.
struct Paper<'c> {
    text: String,
    color: bool,
    clean: &'c dyn Fn(&str) -> String,
}

impl<'c> Paper<'c> {
    fn new(color: bool, clean: &'c dyn Fn(&str) -> String) -> Paper<'c> {
        Paper {
            text: String::new(),
            color,
            clean,
        }
    }

    /// Writing into a string cannot fail.
    fn put(&mut self, style: Style, text: &str) {
        let style = if self.color { style } else { Style::new() };
        let _ = write!(self.text, "{style}{text}{style:#}");
    }

    fn error(&mut self, message: &str) {
        let red = AnsiColor::Red.on_default().bold();
        self.put(red, "error");
        let message = (self.clean)(message);
        self.put(Style::new().bold(), &format!(": {message}"));
        self.text.push('\n');
    }

    fn help(&mut self, indent: &str, help: &str) {
        self.text.push_str(indent);
        self.put(AnsiColor::Cyan.on_default().bold(), "help");
        let help = (self.clean)(help);
        let _ = writeln!(self.text, ": {help}");
    }

    fn problem(&mut self, path: &str, problem: &Problem) {
        let rule = AnsiColor::Blue.on_default().bold();
        let red = AnsiColor::Red.on_default().bold();
        let number = problem.line.to_string();
        let gutter = " ".repeat(number.len());
        let clean = |text: &str| (self.clean)(text);
        let path = clean(path);
        let (before, marked, after) = (
            clean(&problem.excerpt.before),
            clean(&problem.excerpt.marked),
            clean(&problem.excerpt.after),
        );
        self.error(&problem.message);
        self.put(rule, &format!("{gutter}-->"));
        let _ = writeln!(self.text, " {path}:{}:{}", problem.line, problem.column);
        let (indent, width) = (before.chars().count(), marked.chars().count().max(1));
        self.put(rule, &format!("{gutter} |\n{number} |"));
        let _ = writeln!(
            self.text,
            "{}",
            format!(" {before}{marked}{after}").trim_end()
        );
        self.put(rule, &format!("{gutter} |"));
        let _ = write!(self.text, " {}", " ".repeat(indent));
        self.put(red, &"^".repeat(width));
        self.text.push('\n');
        if let Some(help) = &problem.help {
            self.help(&format!("{gutter} = "), help);
        }
    }
}

#[cfg(test)]
mod tests;
