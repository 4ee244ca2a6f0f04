//! One thing that is wrong with a configuration, and the line it stands on.

use std::ops::Range;

use crate::model::Guid;

/// The widest excerpt, in characters.
const WIDTH: usize = 100;
/// What an excerpt shows before a mark that lies far to the right.
const BEFORE: usize = 30;

/// An error in `entralint.toml`, with its place. Its texts may quote the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Counts from 1.
    pub line: usize,
    /// In characters; counts from 1.
    pub column: usize,
    /// One sentence, no full stop.
    pub message: String,
    /// What to do, in the imperative.
    pub help: Option<String>,
    /// The line it stands on.
    pub excerpt: Excerpt,
}

/// A line of the file, clipped to what fits a screen, in three parts. Whatever looks like a secret
/// is starred out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// What stands before the mark.
    pub before: String,
    /// What is marked; empty at the end of a line.
    pub marked: String,
    /// What stands behind it.
    pub after: String,
}

/// How much of the line a problem may show.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Show {
    /// All of it that fits.
    Line,
    /// Nothing behind the mark: the value of an unknown key may be anything, a secret too.
    UpToMark,
}

/// The file's text, for turning bytes into lines and columns.
pub struct Source<'t> {
    text: &'t str,
}

impl<'t> Source<'t> {
    /// For a text without its byte order mark.
    pub fn new(text: &'t str) -> Source<'t> {
        Source { text }
    }

    /// A problem at `span` (bytes); a span that fits nowhere points at the nearest place.
    pub fn problem(
        &self,
        span: Range<usize>,
        show: Show,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Problem {
        let text = self.text;
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = span.end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = text[line_start..].split('\n').next().unwrap_or("");
        let line = masked(line.strip_suffix('\r').unwrap_or(line));
        // Masking keeps the number of characters, not of bytes.
        let column = text[line_start..start].chars().count();
        let width = text[start..end].chars().count();
        Problem {
            line: text[..start].matches('\n').count() + 1,
            column: column + 1,
            message: message.into(),
            help,
            excerpt: Excerpt::cut(&line, column, width, show),
        }
    }
}

impl Excerpt {
    fn cut(line: &str, column: usize, width: usize, show: Show) -> Excerpt {
        let all: Vec<char> = line.replace('\t', " ").chars().collect();
        let from = column.min(all.len());
        let to = from.saturating_add(width).min(all.len());
        let first = if to <= WIDTH {
            0
        } else {
            from.saturating_sub(BEFORE)
        };
        let last = all.len().min(first + WIDTH);
        let to = to.min(last);
        let text = |range: Range<usize>| all[range].iter().collect::<String>();
        let mut excerpt = Excerpt {
            before: text(first..from),
            marked: text(from..to),
            after: text(to..last),
        };
        if first > 0 {
            excerpt.before.insert(0, '…');
        }
        if last < all.len() {
            excerpt.after.push('…');
        }
        if show == Show::UpToMark && !excerpt.after.is_empty() {
            let after = excerpt.after.trim_start();
            excerpt.after = if after.starts_with('=') {
                " = …"
            } else {
                "…"
            }
            .to_owned();
        }
        excerpt
    }
}

/// A value of the file as a message quotes it: short, on one line, and no secret.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let text = masked(text);
    let mut short = String::new();
    for c in text.chars().take(LONGEST) {
        if c.is_control() {
            short.extend(c.escape_default());
        } else {
            short.push(c);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}

/// `text` with a star for each character of whatever looks like a generated secret: a long run
/// that mixes digits, small and capital letters (a client secret has 40 of them and a tilde), and
/// is no GUID. A configuration has no place for one, but people err.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c| !is_secret_char(c)).unwrap_or(rest.len());
        if run == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        if looks_secret(&rest[..run]) {
            out.extend(std::iter::repeat_n('*', run));
        } else {
            out.push_str(&rest[..run]);
        }
        rest = &rest[run..];
    }
    out
}

fn is_secret_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "~._+-".contains(c)
}

fn looks_secret(run: &str) -> bool {
    let has = |test: fn(&u8) -> bool| run.bytes().any(|byte| test(&byte));
    let long = if run.contains('~') { 16 } else { 24 };
    run.len() >= long
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && Guid::parse_strict(run).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, span: Range<usize>) -> (usize, usize, String, String) {
        let problem = Source::new(text).problem(span, Show::Line, "m", None);
        (
            problem.line,
            problem.column,
            problem.excerpt.before + "»" + &problem.excerpt.marked,
            problem.excerpt.after,
        )
    }

    #[test]
    fn places_count_lines_and_characters() {
        let text = "a = 1\r\nné = 2 # ü\r\n";
        let owned = |line, column, marked: &str, after: &str| {
            (line, column, marked.to_owned(), after.to_owned())
        };
        assert_eq!(at(text, 0..1), owned(1, 1, "»a", " = 1"));
        let two = text.find('2').unwrap();
        assert_eq!(at(text, two..two + 1), owned(2, 6, "né = »2", " # ü"));
        // Beyond the line, inside a character, beyond the end.
        assert_eq!(at(text, 0..99), owned(1, 1, "»a = 1", ""));
        assert_eq!(at(text, 9..9).0, 2);
        assert_eq!(at(text, 99..99), owned(3, 1, "»", ""));
        assert_eq!(at("", 0..0), owned(1, 1, "»", ""));
    }

    #[test]
    fn long_lines_are_clipped_around_the_mark() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let (_, column, marked, after) = at(&text, 500..501);
        assert_eq!(column, 501);
        assert!(marked.starts_with('…') && marked.ends_with("»X"));
        assert!(after.ends_with('…'));
        assert!((marked + &after).chars().count() < WIDTH + 5);
        let (_, _, marked, after) = at(&text, 0..1001);
        assert_eq!((marked.chars().count(), after.as_str()), (WIDTH + 1, "…"));
    }

    #[test]
    fn an_unknown_keys_value_is_not_shown() {
        let problem = Source::new("pin = 1234").problem(0..3, Show::UpToMark, "m", None);
        assert_eq!(problem.excerpt.marked, "pin");
        assert_eq!(problem.excerpt.after, " = …");
    }

    #[test]
    fn secrets_are_starred_out_and_nothing_else() {
        let secret = "Kx8Q~aBcD.eFgH_iJkL-mNoP1qRsT2uVwX3yZaB4";
        assert_eq!(masked(secret), "*".repeat(secret.len()));
        assert_eq!(
            masked(&format!("\"{secret}\"é")).chars().next_back(),
            Some('é')
        );
        for harmless in [
            "0B07f429-9f4b-4714-9392-cc5e8e80c8b0",
            "/subscriptions/0b07f429-9f4b-4714-9392-cc5e8e80c8b0/resourceGroups/Rg1/providers/Microsoft.DigitalTwins/digitalTwinsInstances/factory",
            "secret-long-lived = \"warning\"",
            "**/archive/**",
        ] {
            assert_eq!(masked(harmless), harmless);
        }
        assert_eq!(quoted(&"x".repeat(80)).chars().count(), 63);
        assert_eq!(quoted("a\nb"), "`a\\nb`");
    }
}
