//! Foreign text in XML, HTML and Markdown.

use super::{capped, push_code};

/// Text for XML 1.0, as content or in a quoted attribute. A character that XML cannot hold at all
/// (XML 1.0, section 2.2) becomes its visible sign.
pub fn xml(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in capped(text, longest).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_noncharacter(c) => push_code(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Text for HTML, as content or in a quoted attribute: what XML needs is enough for it.
pub fn html(text: &str, longest: usize) -> String {
    xml(text, longest)
}

/// U+FFFE, U+FFFF and the other code points that will never be characters (The Unicode Standard,
/// section 23.7); HTML calls each of them an error.
fn is_noncharacter(c: char) -> bool {
    let c = u32::from(c);
    c & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&c)
}

/// Words for Markdown: whatever is not plainly a word stands in a code span, where there is no
/// markup, no link, no mention and no emoji.
///
/// Escaping with backslashes would not do: GitHub looks for `@names`, addresses and issue numbers
/// in the text that is left when the backslashes are gone.
pub fn markdown(text: &str, longest: usize) -> String {
    let clean = capped(text, longest);
    let mut out = String::with_capacity(clean.len() + 16);
    let mut code: Vec<&str> = Vec::new();
    let mut first = true;
    for word in clean.split(' ').filter(|word| !word.is_empty()) {
        if is_word(word) {
            flush(&mut code, &mut out, &mut first);
            put(word, &mut out, &mut first);
        } else {
            code.push(word);
        }
    }
    flush(&mut code, &mut out, &mut first);
    out
}

fn flush(code: &mut Vec<&str>, out: &mut String, first: &mut bool) {
    if !code.is_empty() {
        put(&span(&code.join(" ")), out, first);
        code.clear();
    }
}

fn put(words: &str, out: &mut String, first: &mut bool) {
    if !std::mem::replace(first, false) {
        out.push(' ');
    }
    out.push_str(words);
}

/// Letters, digits and punctuation that mean nothing to Markdown or GitHub where they stand.
fn is_word(word: &str) -> bool {
    let body = word.strip_suffix(':').unwrap_or(word);
    // Outside of ASCII no character is markup. A bracket is none without a square one before it.
    let letter = |c: char| c.is_alphanumeric() || !c.is_ascii();
    let plain = |c: char| letter(c) || matches!(c, ',' | ';' | '"' | '\'' | '-' | '.' | '(' | ')');
    let begins = body.starts_with(|c: char| letter(c) || matches!(c, '"' | '\'' | '('));
    // A list item, an address, a commit and an issue are links or markup without any mark.
    let hexadecimal = |word: &str| word.len() >= 7 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let number = |b: u8| b.is_ascii_digit() || b == b'.';
    let item = body.ends_with(['.', '-']) && body.bytes().all(number);
    let address = body.to_lowercase().contains("www.");
    let issue = body.to_uppercase().starts_with("GH-");
    let commit = body.split(|c: char| !c.is_alphanumeric()).any(hexadecimal);
    begins && body.chars().all(plain) && !(item || address || issue || commit)
}

/// A code span around text that is harmless on one line (CommonMark 0.31, section 6.1). A `|` would
/// end a cell of a table: this is for text outside of tables.
pub fn span(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    // One blank on each side is taken off again.
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The fence for a block of code with this text in it.
pub fn fence(text: &str) -> String {
    "`".repeat((longest_run(text) + 1).max(3))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(
            xml("</script><b a='x' b=\"y\">&amp;\u{1b}\u{ffff}\u{202e}", 200),
            "&lt;/script&gt;&lt;b a=&#39;x&#39; b=&quot;y&quot;&gt;&amp;amp;␛\\u{ffff}\\u{202e}"
        );
        assert_eq!(html("\u{fdd0}<", 200), "\\u{fdd0}&lt;");
    }

    #[test]
    fn only_words_stand_outside_of_code() {
        for (text, want) in [
            ("the secret expired", "the secret expired"),
            (
                "secret \"factory-twins 2026\" expired, on 2026-10-13: new",
                "secret \"factory-twins 2026\" expired, on 2026-10-13: new",
            ),
            ("by @admin and #1 now", "by `@admin` and `#1` now"),
            ("<b> [x](y) z", "`<b> [x](y)` z"),
            ("a `b` c", "a `` `b` `` c"),
            ("www.contoso.com", "`www.contoso.com`"),
            ("\"WWW.contoso.com", "`\"WWW.contoso.com`"),
            ("http://localhost is", "`http://localhost` is"),
            ("- item", "`-` item"),
            ("1. item", "`1.` item"),
            ("GH-12 deadbeef :smile: _x_", "`GH-12 deadbeef :smile: _x_`"),
            ("Zürich › 東京 (x), y", "Zürich › 東京 (x), y"),
            ("", ""),
        ] {
            assert_eq!(markdown(text, 200), want, "{text}");
        }
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        assert_eq!(span("a``b"), "```a``b```");
        assert_eq!(span("`"), "`` ` ``");
        assert_eq!(fence("a"), "```");
        assert_eq!(fence("a ```` b"), "`````");
    }
}
