//! What is derived from the definition of the command line: completions for shells, and the manual
//! page.

use std::io;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::Cli;

/// Completions for a shell.
pub fn completions(shell: Shell) -> String {
    // The generator panics where it cannot write, as on a closed pipe; into memory it always can.
    let mut out = Vec::new();
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The manual page of the whole tool, entralint(1): every command with its options.
///
/// # Errors
/// None that writing to memory could have.
pub fn page() -> io::Result<String> {
    let mut command = Cli::command().subcommand_value_name("COMMAND");
    command.build();
    let man = Man::new(command.clone());
    let mut out = TITLE.to_owned();
    out += &part(".SH NAME", |to| man.render_name_section(to))?;
    out += &part(".SH SYNOPSIS", |to| man.render_synopsis_section(to))?;
    out += &part(".SH DESCRIPTION", |to| man.render_description_section(to))?;
    out += ".SH COMMANDS\n";
    for command in command.get_subcommands() {
        out += &one(command)?;
    }
    out += &part(".SH OPTIONS OF EVERY COMMAND", |to| {
        man.render_options_section(to)
    })?;
    out += TAIL;
    Ok(out)
}

/// A command below its own heading: what it does, what can be typed, its options.
fn one(command: &Command) -> io::Result<String> {
    // What every command has is told once.
    let own = command.clone().mut_args(|arg| {
        let common = arg.is_global_set() || arg.get_id() == "help";
        if common { arg.hide(true) } else { arg }
    });
    let man = Man::new(own);
    let heading = format!(".SS entralint {}", command.get_name());
    let mut out = part(&heading, |to| man.render_synopsis_section(to))?;
    out += &part(".PP", |to| man.render_description_section(to))?;
    out += &part("", |to| man.render_options_section(to))?;
    Ok(out)
}

/// A part of the page below `heading`, without the headings and the definitions it comes with:
/// below a command there is one list of options.
fn part(heading: &str, render: impl Fn(&mut Vec<u8>) -> io::Result<()>) -> io::Result<String> {
    let mut rendered = Vec::new();
    render(&mut rendered)?;
    let mut out = String::new();
    if !heading.is_empty() {
        out += heading;
        out.push('\n');
    }
    let rendered = String::from_utf8_lossy(&rendered);
    let mut lines = rendered.lines().peekable();
    // Text never begins with a dot: the generator protects it.
    let is_request = |line: &str| line.starts_with('.');
    while let Some(line) = lines.next() {
        if line.starts_with(".SH") || line.starts_with(".ie ") || line.starts_with(".el ") {
            continue;
        }
        let above = out.lines().next_back().unwrap_or_default();
        // An empty line ends the indent of an option's help; beside a break it is one too many, as
        // a second break is.
        if line.is_empty() {
            if !is_request(above) && !lines.peek().is_some_and(|next| is_request(next)) {
                out += ".sp\n";
            }
            continue;
        }
        if line == ".br" && above == ".br" {
            continue;
        }
        out += line.trim_end();
        out.push('\n');
    }
    Ok(out)
}

/// The generator leaves an empty date out, and what follows would be taken for it. `Aq` is the
/// apostrophe in its output.
const TITLE: &str = concat!(
    ".ie \\n(.g .ds Aq \\(aq\n",
    ".el .ds Aq '\n",
    ".TH ENTRALINT 1 \"\" \"entralint ",
    env!("CARGO_PKG_VERSION"),
    "\" \"User Commands\"\n",
);

/// What no definition of arguments tells.
const TAIL: &str = r#".SH EXIT STATUS
.TP
\fB0\fR
Nothing at or above \-\-fail\-on.
.TP
\fB1\fR
Findings.
.TP
\fB2\fR
Something could not be run or read.
.TP
\fB3\fR
Nothing to lint.
.SH FILES
.TP
\fIentralint.toml\fR
The configuration: looked for from the first path's folder upwards to the root of the repository.
.TP
\fI*.json\fR, \fI*.jsonl\fR, \fI*.ndjson\fR, \fI*.tfstate\fR
What is read in a folder. Hidden folders and node_modules are skipped, symbolic links not followed.
.SH ENVIRONMENT
.TP
\fBSOURCE_DATE_EPOCH\fR
The date to evaluate at, in seconds, where \-\-now is not given.
.TP
\fBNO_COLOR\fR, \fBFORCE_COLOR\fR, \fBCLICOLOR\fR, \fBCLICOLOR_FORCE\fR
Whether there is colour, where \-\-color is auto.
.SH SEE ALSO
\fBaz\fR(1); \fBentralint explain\fR \fIRULE\fR for a rule.
"#;
