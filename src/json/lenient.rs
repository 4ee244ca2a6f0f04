//! What Azure Resource Manager takes besides JSON: comments and trailing commas (Microsoft Learn,
//! "Understand the structure and syntax of ARM templates", comments).

/// An ARM template, or the parameters of one, says what it is near its beginning.
const HEAD: usize = 4096;

/// Whether a text says that it is an ARM template or the parameters of one.
pub fn is_template(text: &str) -> bool {
    let head = text.as_bytes().get(..HEAD).unwrap_or(text.as_bytes());
    [&b"eploymentTemplate.json"[..], b"eploymentParameters.json"]
        .iter()
        .any(|mark| memchr::memmem::find(head, mark).is_some())
}

/// The text with blanks where comments and trailing commas stand, so that every other byte keeps
/// its place. Strings are left alone.
pub fn without_comments(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    // The last two bytes that mean something, and where the last one stands.
    let (mut before, mut last) = (0, (0, 0));
    while let Some(&byte) = bytes.get(at) {
        let end = match (byte, bytes.get(at + 1)) {
            (b'"', _) => end_of_string(&bytes, at),
            (b'/', Some(b'/')) => {
                let rest = bytes.get(at..).unwrap_or_default();
                let end = memchr::memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |n| at + n);
                blank(&mut bytes, at, end);
                at = end;
                continue;
            }
            (b'/', Some(b'*')) => {
                let rest = bytes.get(at + 2..).unwrap_or_default();
                let end = memchr::memmem::find(rest, b"*/").map_or(bytes.len(), |n| at + n + 4);
                blank(&mut bytes, at, end);
                at = end;
                continue;
            }
            (b' ' | b'\t' | b'\n' | b'\r', _) => {
                at += 1;
                continue;
            }
            (b'}' | b']', _) if last.0 == b',' && !matches!(before, b'[' | b'{' | b',' | b':') => {
                blank(&mut bytes, last.1, last.1 + 1);
                at + 1
            }
            _ => at + 1,
        };
        (before, last) = (last.0, (byte, at));
        at = end;
    }
    // Comments begin and end at ASCII, so no character was cut.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The offset behind the string that begins at `at`.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(rest) = bytes.get(at..) {
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(stop) if rest.get(stop) == Some(&b'"') => return at + stop + 1,
            Some(stop) => at += stop + 2,
            None => break,
        }
    }
    bytes.len()
}

/// Line breaks stay: lines are counted in what is left.
fn blank(bytes: &mut [u8], from: usize, to: usize) {
    for byte in bytes.get_mut(from..to).unwrap_or_default() {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::without_comments;
    use crate::json::read::{parse, record};
    use crate::json::{ErrorKind, Tape};

    const SCHEMA: &str = r#""$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#""#;

    #[test]
    fn comments_and_trailing_commas_become_blanks() {
        for (text, wanted) in [
            ("{ // a\n}", "{     \n}"),
            ("[1, /* ä\n*/ 2]", "[1,      \n   2]"),
            ("[1,\n]", "[1 \n]"),
            ("{\"a\": [1, 2, ], }", "{\"a\": [1, 2  ]  }"),
            ("[1, // last\n]", "[1         \n]"),
            (r#"["http://x, ]", "\"//"]"#, r#"["http://x, ]", "\"//"]"#),
            ("[,]", "[,]"),
            ("[1,,]", "[1,,]"),
            ("/* open", "       "),
        ] {
            assert_eq!(without_comments(text), wanted, "{text}");
        }
    }

    #[test]
    fn places_hold_for_the_original_text() {
        let text = format!("// ä\n{{{SCHEMA}, /* x */ \"a\": [\"b\",],}} // end\n");
        let mut tape = Tape::default();
        assert_eq!(record(&text, &mut tape), Ok(text.len()));
        let root = tape.root(&text);
        let b = root.get("a").and_then(|a| a.elements().next()).unwrap();
        assert_eq!(b.raw(), "\"b\"");
        assert_eq!(root.get("a").map(|a| a.len()), Some(1));
    }

    #[test]
    fn only_templates_are_read_so() {
        let mut tape = Tape::default();
        let kind = |text: &str, tape: &mut Tape| record(text, tape).map_err(|error| error.kind);
        assert_eq!(kind("// x\n{}", &mut tape), Err(ErrorKind::Comment));
        assert_eq!(kind("[1,]", &mut tape), Err(ErrorKind::TrailingComma));
        // Other mistakes stay mistakes, at their own place.
        let text = format!("{{{SCHEMA}, // x\n 'a': 1}}");
        let error = record(&text, &mut tape).unwrap_err();
        assert_eq!(error.kind, ErrorKind::SingleQuote);
        assert_eq!(Some(error.offset), text.find('\''));
        // What follows the value is the caller's to judge.
        let text = format!("{{{SCHEMA}}} x");
        assert_eq!(record(&text, &mut tape), Ok(text.len() - 2));
    }

    /// JSON, and JSON with something left out or put in.
    fn texts() -> impl Strategy<Value = String> {
        let parts = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"//\"",
            "\"\\\"/*\"",
            "1",
            "null",
            " ",
            "\n",
            "/",
            "*",
            "//",
            "/*",
            "*/",
            "ä",
        ];
        let noise = proptest::collection::vec(proptest::sample::select(parts.to_vec()), 0..24)
            .prop_map(|parts| parts.concat());
        (noise, any::<bool>()).prop_map(|(noise, wrapped)| match wrapped {
            true => format!("{{{SCHEMA}, \"x\": {noise}}}"),
            false => noise,
        })
    }

    proptest! {
        #[test]
        fn what_is_json_is_read_alike(text in texts()) {
            let (mut strict, mut lenient) = (Tape::default(), Tape::default());
            let plain = without_comments(&text);
            prop_assert_eq!(plain.len(), text.len());
            if let Ok(end) = parse(&text, 0, &mut strict)
                && text[end..].trim().is_empty()
            {
                prop_assert_eq!(record(&text, &mut lenient), Ok(end));
                prop_assert_eq!(plain, text.as_str());
                let spans = |tape: &Tape| -> Vec<_> {
                    tape.root(&text).descendants().map(|value| value.span()).collect()
                };
                prop_assert_eq!(spans(&strict), spans(&lenient));
            }
        }
    }
}
