//! JSON pointers (RFC 6901), found from a place.

use super::node::{Kind, Value};
use crate::model::Span;

/// The pointer from `root` to the innermost value that contains `span`; a span on a member's name
/// points at the member. Only called for what is printed, so it walks instead of indexing.
pub fn pointer(root: Value<'_>, span: Span) -> String {
    let mut out = String::new();
    let mut here = root;
    'down: loop {
        match here.kind() {
            Kind::Array => {
                for (index, element) in here.elements().enumerate() {
                    if element.span().contains(span) {
                        out.push('/');
                        out.push_str(&index.to_string());
                        here = element;
                        continue 'down;
                    }
                }
            }
            Kind::Object => {
                for member in here.members() {
                    if member.span().contains(span) {
                        out.push('/');
                        push_escaped(&mut out, &member.name());
                        here = member.value;
                        continue 'down;
                    }
                }
            }
            _ => {}
        }
        return out;
    }
}

/// Appends one reference token, `~` and `/` escaped.
pub fn push_escaped(out: &mut String, name: &str) {
    for c in name.chars() {
        match c {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Tape, read::parse};

    #[test]
    fn points_at_value_and_name() {
        let text = r#"{"a/b": [{"c": 1}, {"c": 2}]}"#;
        let mut tape = Tape::default();
        parse(text, 0, &mut tape).unwrap();
        let two = text.find('2').unwrap() as u32;
        assert_eq!(
            pointer(tape.root(text), Span::new(two, two + 1)),
            "/a~1b/1/c"
        );
        let name = text.rfind("\"c\"").unwrap() as u32;
        assert_eq!(
            pointer(tape.root(text), Span::new(name, name + 3)),
            "/a~1b/1/c"
        );
        assert_eq!(pointer(tape.root(text), Span::new(0, 5)), "");
    }
}
