//! Colour, links and width: decided once, here, for every part of the output.
//!
//! Libraries disagree about the variables (`NO_COLOR=""`, `CLICOLOR_FORCE=0`), so none of them is
//! asked.

use std::ffi::OsString;

/// `auto` (when it goes to a terminal), `always` or `never`: `--color` and `--progress`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// The variables that speak of terminals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `NO_COLOR`.
    pub no_color: Option<OsString>,
    /// `FORCE_COLOR`.
    pub force_color: Option<OsString>,
    /// `CLICOLOR_FORCE`.
    pub clicolor_force: Option<OsString>,
    /// `CLICOLOR`.
    pub clicolor: Option<OsString>,
    /// `TERM`.
    pub term: Option<OsString>,
    /// `COLUMNS`.
    pub columns: Option<OsString>,
}

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Environment {
        #[expect(clippy::disallowed_methods, reason = "the one look at these variables")]
        let of = std::env::var_os;
        Environment {
            no_color: of("NO_COLOR"),
            force_color: of("FORCE_COLOR"),
            clicolor_force: of("CLICOLOR_FORCE"),
            clicolor: of("CLICOLOR"),
            term: of("TERM"),
            columns: of("COLUMNS"),
        }
    }

    fn is_dumb(&self) -> bool {
        self.term.as_ref().is_some_and(|term| term == "dumb")
    }
}

/// Where a stream goes.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    pub is_terminal: bool,
    /// What the terminal says of itself, in columns.
    pub width: Option<u16>,
}

/// How a stream is written to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    pub color: bool,
    /// OSC 8, on top of colour.
    pub hyperlinks: bool,
    /// In columns.
    pub width: usize,
}

impl Terminal {
    /// Decides for one stream.
    pub fn decide(color: When, environment: &Environment, stream: Stream) -> Terminal {
        let color = colored(color, environment, stream.is_terminal);
        Terminal {
            color,
            hyperlinks: color && stream.is_terminal && !environment.is_dumb(),
            width: width(environment, stream),
        }
    }
}

/// `--color`, then `NO_COLOR` (no-color.org), then `FORCE_COLOR` and `CLICOLOR_FORCE`, then
/// `CLICOLOR=0` (bixense.com/clicolors), then `TERM=dumb`, then whether it is a terminal.
fn colored(color: When, environment: &Environment, is_terminal: bool) -> bool {
    let filled = |value: &Option<OsString>| value.as_ref().is_some_and(|value| !value.is_empty());
    let zero = |value: &Option<OsString>| value.as_ref().is_some_and(|value| value == "0");
    let forced = |value| filled(value) && !zero(value);
    match color {
        When::Always => return true,
        When::Never => return false,
        When::Auto => {}
    }
    if filled(&environment.no_color) {
        return false;
    }
    if forced(&environment.force_color) || forced(&environment.clicolor_force) {
        return true;
    }
    !zero(&environment.clicolor) && !environment.is_dumb() && is_terminal
}

/// The terminal's width, else `COLUMNS`, else 100; a report narrower or wider than a page reads
/// badly.
fn width(environment: &Environment, stream: Stream) -> usize {
    let columns = || environment.columns.as_ref()?.to_str()?.parse::<u16>().ok();
    let own = stream.width.filter(|_| stream.is_terminal);
    let known = own.or_else(columns).filter(|width| *width > 0);
    usize::from(known.unwrap_or(100)).clamp(40, 160)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `NO_COLOR=1 TERM=dumb` as an environment.
    fn environment(text: &str) -> Environment {
        let mut environment = Environment::default();
        for (name, value) in text
            .split_whitespace()
            .filter_map(|word| word.split_once('='))
        {
            let field = match name {
                "NO_COLOR" => &mut environment.no_color,
                "FORCE_COLOR" => &mut environment.force_color,
                "CLICOLOR_FORCE" => &mut environment.clicolor_force,
                "CLICOLOR" => &mut environment.clicolor,
                "TERM" => &mut environment.term,
                "COLUMNS" => &mut environment.columns,
                other => panic!("{other}"),
            };
            *field = Some(value.into());
        }
        environment
    }

    #[test]
    fn color_by_the_first_that_decides() {
        use When::{Always, Auto, Never};
        for (color, variables, is_terminal, want) in [
            (Auto, "", true, true),
            (Auto, "", false, false),
            (Never, "FORCE_COLOR=1 CLICOLOR_FORCE=1", true, false),
            (Always, "NO_COLOR=1 TERM=dumb CLICOLOR=0", false, true),
            (Auto, "NO_COLOR=1", true, false),
            (Auto, "NO_COLOR=0", true, false),
            (Auto, "NO_COLOR=", true, true),
            (Auto, "NO_COLOR=1 FORCE_COLOR=1", true, false),
            (Auto, "NO_COLOR= FORCE_COLOR=1", false, true),
            (Auto, "FORCE_COLOR=1", false, true),
            (Auto, "FORCE_COLOR=true", false, true),
            (Auto, "FORCE_COLOR=0", false, false),
            (Auto, "FORCE_COLOR=0", true, true),
            (Auto, "FORCE_COLOR=", false, false),
            (Auto, "CLICOLOR_FORCE=1", false, true),
            (Auto, "CLICOLOR_FORCE=0", false, false),
            (Auto, "CLICOLOR_FORCE=", false, false),
            (Auto, "FORCE_COLOR=1 CLICOLOR=0 TERM=dumb", false, true),
            (Auto, "CLICOLOR=0", true, false),
            (Auto, "CLICOLOR=1", true, true),
            (Auto, "CLICOLOR=1", false, false),
            (Auto, "TERM=dumb", true, false),
            (Auto, "TERM=xterm-256color", true, true),
        ] {
            let got = colored(color, &environment(variables), is_terminal);
            assert_eq!(got, want, "{color:?} {variables} {is_terminal}");
        }
    }

    #[test]
    fn links_need_a_terminal_with_color() {
        let links = |variables: &str, is_terminal| {
            let stream = Stream {
                is_terminal,
                width: None,
            };
            Terminal::decide(When::Auto, &environment(variables), stream).hyperlinks
        };
        assert!(links("", true));
        assert!(!links("NO_COLOR=1", true));
        assert!(!links("FORCE_COLOR=1", false));
        assert!(!links("FORCE_COLOR=1 TERM=dumb", true));
    }

    #[test]
    fn width_within_reason() {
        for (variables, is_terminal, own, want) in [
            ("", false, None, 100),
            ("", true, None, 100),
            ("", true, Some(72), 72),
            ("", false, Some(72), 100),
            ("COLUMNS=90", true, Some(72), 72),
            ("COLUMNS=90", true, None, 90),
            ("COLUMNS=90", false, None, 90),
            ("COLUMNS=5", false, None, 40),
            ("COLUMNS=9999", false, None, 160),
            ("COLUMNS=0", false, None, 100),
            ("COLUMNS=wide", false, None, 100),
            ("", true, Some(0), 100),
            ("", true, Some(1000), 160),
        ] {
            let stream = Stream {
                is_terminal,
                width: own,
            };
            let got = width(&environment(variables), stream);
            assert_eq!(got, want, "{variables} {own:?}");
        }
    }
}
