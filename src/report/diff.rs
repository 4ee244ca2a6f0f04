//! What mending would change, as a unified diff.
//!
//! Of a file without secrets and without characters that are invisible or obeyed, it is a patch
//! that `patch -p0` and `git apply -p0` take; anything else is shown harmless, as everywhere.

use similar::{ChangeTag, TextDiff};

use super::paint::Paint;
use super::{safe, secret};
use anstyle::{AnsiColor, Style};

const GONE: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();

/// The unified diff of one file's text, with three lines around each change.
pub fn unified(name: &str, before: &str, after: &str, color: bool) -> String {
    let paint = Paint { color };
    let (before, after) = (masked(before), masked(after));
    let diff = TextDiff::from_lines(&before, &after);
    let mut out = String::new();
    let name = safe::path(name);
    paint.put(&mut out, Paint::BOLD, &format!("--- {name}"));
    out.push('\n');
    paint.put(&mut out, Paint::BOLD, &format!("+++ {name}"));
    out.push('\n');
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        paint.put(&mut out, PLACE, &hunk.header().to_string());
        out.push('\n');
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', GONE),
                ChangeTag::Insert => ('+', NEW),
                ChangeTag::Equal => (' ', Style::new()),
            };
            let line = change.value();
            let (words, end) = match line.strip_suffix("\r\n").or(line.strip_suffix('\n')) {
                Some(words) => (words, &line[words.len()..]),
                None => (line, "\n\\ No newline at end of file\n"),
            };
            paint.put(&mut out, style, &shown(sign, words));
            out.push_str(end);
        }
    }
    safe::defuse(&out).into_owned()
}

/// One line behind its sign: tabs stay, what is hidden or obeyed is shown by a sign.
fn shown(sign: char, words: &str) -> String {
    let mut line = String::with_capacity(words.len() + 1);
    line.push(sign);
    for c in words.chars() {
        if c == '\t' {
            line.push(c);
        } else {
            safe::push(&mut line, c);
        }
    }
    line
}

/// The text without its secrets, and with all of its lines.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for found in secret::find(text, secret::Start::File, false) {
        out.push_str(&text[from..found.start]);
        let mut lines = text[found.clone()].split_inclusive('\n');
        for line in &mut lines {
            let words = line.trim_end_matches(['\n', '\r']);
            if !words.trim().is_empty() {
                out.push_str(secret::MASK);
            }
            out.push_str(&line[words.len()..]);
        }
        from = found.end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch() {
        let before = "{\n\t\"a\": 1,\n\t\"b\": \"2\"\n}";
        let after = "{\n\t\"a\": 1,\n\t\"b\": 2\n}";
        insta::assert_snapshot!(unified("x/a.json", before, after, false), @r#"
        --- x/a.json
        +++ x/a.json
        @@ -1,4 +1,4 @@
         {
         	"a": 1,
        -	"b": "2"
        +	"b": 2
         }
        \ No newline at end of file
        "#);
        let crlf = |text: &str| text.replace('\n', "\r\n");
        let diff = unified("a", &crlf(before), &crlf(after), false);
        assert!(diff.contains("+\t\"b\": 2\r\n }\n\\ No"), "{diff:?}");
        assert!(unified("a", before, after, true).contains("\u{1b}[32m+\t\"b\": 2\u{1b}[0m\n"));
    }

    #[test]
    fn neither_secrets_nor_orders_are_shown() {
        let text = |value: &str| {
            format!(
                "{{\n  \"secretText\": \"CANARY-secret\",\n  \"password\": [\n    \"CANARY-two\"\n  ],\n  ::error::x\n  \"n\": \"\u{202e}##vso[x\u{1b}[2J\",\n  \"a\": {value}\n}}\n"
            )
        };
        let diff = unified("a\u{1b}.json", &text("\"1\""), &text("1"), false);
        for bad in [
            "CANARY",
            "\u{202e}",
            "\u{1b}",
            "##vso[",
            "\n ::",
            "  ::error",
        ] {
            assert!(!diff.contains(bad), "{bad:?}: {diff}");
        }
        assert!(diff.contains("+  \"a\": 1\n"), "{diff}");
        // The lines are those of the file.
        assert!(
            diff.contains("@@ -5,5 +5,5 @@") || diff.contains("@@ -6,4 +6,4 @@"),
            "{diff}"
        );
    }
}
