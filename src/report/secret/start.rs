//! Whether a text that begins in the middle of a line begins in the middle of a string.

use std::ops::Range;

use super::Start;

const LONGEST: usize = 4096;

/// Decides by a value that stands in the text: before a value no string is open, so the quotes
/// between tell how the text began. [`Start::Unknown`] when the range does not look like a value.
pub fn by_value(text: &str, value: Range<usize>) -> Start {
    let bytes = text.as_bytes();
    if !is_value(bytes, &value) {
        return Start::Unknown;
    }
    let mut open = false;
    let mut at = 0;
    while at < value.start {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => open = !open,
            _ => {}
        }
        at += 1;
    }
    if open { Start::Inside } else { Start::Line }
}

/// Whether a range holds a whole string, or an object or list from its beginning. What stands
/// between two strings is not taken for one.
fn is_value(bytes: &[u8], value: &Range<usize>) -> bool {
    // Of a longer string it does not matter to know.
    let Some(value) = bytes.get(value.start..value.end.min(value.start + LONGEST)) else {
        return false;
    };
    let first_inside = value
        .iter()
        .skip(1)
        .find(|byte| !byte.is_ascii_whitespace());
    match (value.first(), first_inside) {
        (Some(b'{'), Some(b'"' | b'}')) => true,
        (Some(b'['), Some(b'{' | b'"' | b'[' | b']')) => true,
        (Some(b'"'), Some(b',' | b':' | b']' | b'}')) => false,
        (Some(b'"'), Some(_)) => {
            let end = super::string_end(value, 1, b'"');
            end + 1 == value.len() && value[end] == b'"'
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_before_a_value_tell() {
        let start = |text: &str, value: &str| {
            let at = text.find(value).expect("it is there");
            by_value(text, at..at + value.len())
        };
        assert_eq!(start(r#"{"a":"b","c":"d"}"#, r#""d""#), Start::Line);
        assert_eq!(start(r#"x","a":"b\"","c":"d"}"#, r#""d""#), Start::Inside);
        assert_eq!(start(r#"x","a":{"b":1}}"#, r#"{"b":1}"#), Start::Inside);
        assert_eq!(start(r#"{"a":[{"b":1}]}"#, r#"[{"b":1}]"#), Start::Line);
        for (text, no) in [
            (r#"{"a":"b","c":"d"}"#, r#"":""#),
            (r#"{"a":"b","c":"d"}"#, r#"","c":""#),
            (r#"{"a":"{b}"}"#, "{b}"),
            (r#"{"a":true}"#, "true"),
            (r#"{"a":"b"#, r#""b"#),
        ] {
            assert_eq!(start(text, no), Start::Unknown, "{text} {no}");
        }
    }
}
