//! The one place where foreign text becomes harmless.
//!
//! Display names, paths, keys and everything quoted from an input may hold escape sequences,
//! bidirectional overrides, line breaks or a CI system's workflow commands. Whatever is printed
//! passes one of these functions first; none of them loses information a reader needs: what is
//! taken out is shown by a visible sign. What a format needs on top of that (XML, Markdown, workflow
//! commands, CSV, SARIF) stands in the files below, and nowhere else. Secrets are masked
//! beside it, in `secret`: [`redact`] errs on the side of hiding and is for pieces of a file, [`hide`]
//! takes what is certain and is for sentences. What is cut here is hidden before.

mod commands;
mod link;
mod markup;
mod sheet;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

pub use commands::{azure_message, azure_property, github_message, github_property};
pub use link::{relative, sarif, uri};
pub use markup::{fence, html, markdown, span, xml};
pub use sheet::cell;

pub use super::secret::{hide, redact};

/// The longest message, label or name that is printed, in characters.
pub const LONGEST: usize = 200;

/// How a character is shown where it must not be printed as it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Sign {
    /// The picture of a C0 control or of DEL: `␛`.
    Picture(char),
    /// `\u{202e}`.
    Code(char),
}

/// Whether a character is invisible, reorders its neighbours or breaks lines, although it is no
/// ASCII control: C1 controls, bidirectional marks, zero-width and default-ignorable characters,
/// line separators (Unicode Standard Annex 9; Unicode Technical Report 36, section 2.10).
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn sign(c: char) -> Option<Sign> {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map(Sign::Picture),
        '\u{7f}' => Some(Sign::Picture('\u{2421}')),
        c if is_hidden(c) => Some(Sign::Code(c)),
        _ => None,
    }
}

/// Writes one character of a line: as it is, or its visible sign.
pub fn push(out: &mut String, c: char) {
    match sign(c) {
        None => out.push(c),
        Some(Sign::Picture(picture)) => out.push(picture),
        Some(Sign::Code(c)) => push_code(out, c),
    }
}

/// Writes `\u{202e}`.
pub fn push_code(out: &mut String, c: char) {
    // Writing to a String does not fail.
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

/// Whether `text` begins with a token that a CI system obeys anywhere in a line: GitHub's older
/// `##[` and Azure Pipelines' `##vso[` (actions/runner, ActionCommand.cs; azure-pipelines-agent,
/// Command.cs). Breaking its first character is enough.
pub fn begins_command(text: &[u8]) -> bool {
    text.starts_with(b"##[")
        || text.starts_with(b"##")
            && text
                .get(2..6)
                .is_some_and(|word| word.eq_ignore_ascii_case(b"vso["))
}

/// Foreign text as part of one line, at most [`LONGEST`] characters.
pub fn line(text: &str) -> Cow<'_, str> {
    capped(text, LONGEST)
}

/// A path as part of one line, whole: it is there to be clicked and copied.
pub fn path(text: &str) -> Cow<'_, str> {
    capped(text, usize::MAX)
}

/// Foreign text as part of one line, cut with `…` after `longest` characters.
pub fn capped(text: &str, longest: usize) -> Cow<'_, str> {
    let hidden = hide(text);
    if is_plain(&hidden) && hidden.len() <= longest {
        return hidden;
    }
    let text: &str = &hidden;
    let mut clean = String::with_capacity(text.len().min(longest.saturating_mul(2)) + 16);
    let mut rest = text;
    let mut taken = 0;
    // A runner trims a line before it looks for `::`.
    let mut leading = true;
    while let Some(c) = rest.chars().next() {
        if taken == longest {
            clean.push('…');
            break;
        }
        taken += 1;
        if begins_command(rest.as_bytes()) || leading && rest.starts_with("::") {
            push_code(&mut clean, c);
        } else {
            push(&mut clean, c);
        }
        leading &= c.is_whitespace();
        rest = &rest[c.len_utf8()..];
    }
    Cow::Owned(clean)
}

/// Printable ASCII that cannot begin a workflow command.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (0x20..0x7f).contains(&b))
        && !text.contains("##")
        && !text.trim_start().starts_with("::")
}

/// The last look at a block of lines that is about to be printed: breaks workflow commands that
/// only came to be by joining harmless pieces or by wrapping. Nothing else is touched.
pub fn defuse(block: &str) -> Cow<'_, str> {
    if !block.contains("##") && !block.contains("::") {
        return Cow::Borrowed(block);
    }
    let mut out = String::with_capacity(block.len() + 16);
    for line in block.split_inclusive('\n') {
        let body = unstyled_start(line);
        let mut at = line.len() - body.len();
        out.push_str(&line[..at]);
        if body.starts_with("::") {
            push_code(&mut out, ':');
            at += 1;
        }
        let mut from = at;
        while let Some(found) = line[at..].find("##") {
            at += found;
            if begins_command(&line.as_bytes()[at..]) {
                out.push_str(&line[from..at]);
                push_code(&mut out, '#');
                from = at + 1;
            }
            at += 1;
        }
        out.push_str(&line[from..]);
    }
    Cow::Owned(out)
}

/// The line without leading blanks and colour sequences.
fn unstyled_start(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(sequence) = rest.strip_prefix("\u{1b}[") {
        let end = sequence.find('m').map_or(sequence.len(), |end| end + 1);
        rest = sequence[end..].trim_start();
    }
    rest
}

/// Writes a fragment of a JSON string's content, in which quotes, backslashes and C0 controls are
/// escaped already: hidden characters and the beginnings of workflow commands become Unicode
/// escapes, `\u` and four hexadecimal digits for each UTF-16 unit (RFC 8259, section 7). The value
/// stays what it is, and the bytes are harmless on a terminal and in a CI log.
///
/// # Errors
/// What writing to `out` reports.
pub fn json_fragment<W: io::Write + ?Sized>(out: &mut W, fragment: &str) -> io::Result<()> {
    if fragment.bytes().all(|b| (0x20..0x7f).contains(&b)) && !fragment.contains("##") {
        return out.write_all(fragment.as_bytes());
    }
    let mut from = 0;
    for (at, c) in fragment.char_indices() {
        if !(is_hidden(c) || c == '#' && begins_command(&fragment.as_bytes()[at..])) {
            continue;
        }
        out.write_all(&fragment.as_bytes()[from..at])?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        from = at + c.len_utf8();
    }
    out.write_all(&fragment.as_bytes()[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_become_signs() {
        for (text, want) in [
            ("Twins Gateway", "Twins Gateway"),
            ("a\u{1b}[31mb\0\u{7}", "a␛[31mb␀␇"),
            ("a\r\n\tb\u{7f}", "a␍␊␉b␡"),
            ("\u{9b}31m\u{85}", "\\u{9b}31m\\u{85}"),
            ("evil\u{202e}txt.exe", "evil\\u{202e}txt.exe"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            (
                "\u{2028}\u{2029}\u{2066}\u{61c}",
                "\\u{2028}\\u{2029}\\u{2066}\\u{61c}",
            ),
            ("Zürich 東京 🏭", "Zürich 東京 🏭"),
        ] {
            assert_eq!(line(text), want);
        }
    }

    #[test]
    fn commands_are_broken() {
        for (text, want) in [
            ("::error::x", "\\u{3a}:error::x"),
            (" \u{a0}::error::x", " \u{a0}\\u{3a}:error::x"),
            ("http://[::1]/", "http://[::1]/"),
            ("a ##vso[task.x]b", "a \\u{23}#vso[task.x]b"),
            ("a ##VSO[task.x]b", "a \\u{23}#VSO[task.x]b"),
            ("##[error]", "\\u{23}#[error]"),
            ("###[error]", "#\\u{23}#[error]"),
            ("## heading", "## heading"),
        ] {
            assert_eq!(line(text), want);
            assert_eq!(defuse(text), want);
        }
    }

    #[test]
    fn commands_that_wrapping_makes_are_broken_too() {
        assert_eq!(
            defuse("help: see\n   ::error::x\n\u{1b}[1m::debug::y ##[z]\n"),
            "help: see\n   \\u{3a}:error::x\n\u{1b}[1m\\u{3a}:debug::y \\u{23}#[z]\n"
        );
    }

    #[test]
    fn long_text_is_cut_by_characters() {
        let text = "ä".repeat(300);
        let shown = line(&text);
        assert_eq!(shown.chars().count(), LONGEST + 1);
        assert!(shown.ends_with("ä…"));
        assert_eq!(line(&"a".repeat(200)), "a".repeat(200));
        assert_eq!(line(&"a".repeat(201)), format!("{}…", "a".repeat(200)));
        assert_eq!(path(&text), text);
    }

    #[test]
    fn json_keeps_the_value() {
        let text = "a\u{202e}b\u{e0041}c\u{9b}##vso[d] ##[e]\u{7f}é";
        let mut bytes = vec![b'"'];
        json_fragment(&mut bytes, text).expect("a Vec takes all");
        bytes.push(b'"');
        let written = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(
            written,
            r##""a\u202eb\udb40\udc41c\u009b\u0023#vso[d] \u0023#[e]\u007fé""##
        );
        assert_eq!(
            serde_json::from_str::<String>(&written).expect("JSON"),
            text
        );
    }
}
