//! JSON pointers (RFC 6901), found from a place.

use std::cell::RefCell;
use std::collections::HashMap;

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

/// The pointers of many places, in one walk: cost grows with the record and the places, not with
/// their product.
pub fn pointers(root: Value<'_>, spans: &[Span]) -> Vec<String> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|at| spans[*at].start);
    let mut out = vec![String::new(); spans.len()];
    let mut wanted = order.into_iter().peekable();
    // Open containers on the way to the current value, each with the path up to and including it.
    let mut open: Vec<Frame<'_>> = vec![Frame::new(root, String::new())];
    while let Some(at) = wanted.peek().copied() {
        let span = spans[at];
        let depth = open.len();
        let Some(frame) = open.last_mut() else {
            break;
        };
        if !frame.value.span().contains(span) && depth > 1 {
            open.pop();
            continue;
        }
        match frame.child_with(span) {
            // A place on a member's name is outside its value: it points at the member.
            Some(child)
                if matches!(child.value.kind(), Kind::Array | Kind::Object)
                    && child.value.span().contains(span) =>
            {
                open.push(child);
            }
            Some(leaf) => {
                out[at] = leaf.path;
                wanted.next();
            }
            None => {
                out[at].clone_from(&frame.path);
                wanted.next();
            }
        }
    }
    out
}

struct Frame<'r> {
    value: Value<'r>,
    path: String,
    elements: std::iter::Peekable<std::iter::Enumerate<super::node::Elements<'r>>>,
    members: std::iter::Peekable<super::node::Members<'r>>,
}

impl<'r> Frame<'r> {
    fn new(value: Value<'r>, path: String) -> Frame<'r> {
        Frame {
            value,
            path,
            elements: value.elements().enumerate().peekable(),
            members: value.members().peekable(),
        }
    }

    /// The child that contains `span`; children before it are passed for good.
    fn child_with(&mut self, span: Span) -> Option<Frame<'r>> {
        while let Some((index, element)) = self.elements.peek() {
            if element.span().end <= span.start && span.start < span.end {
                self.elements.next();
                continue;
            }
            return element
                .span()
                .contains(span)
                .then(|| Frame::new(*element, format!("{}/{index}", self.path)));
        }
        while let Some(member) = self.members.peek() {
            if member.span().end <= span.start && span.start < span.end {
                self.members.next();
                continue;
            }
            return member.span().contains(span).then(|| {
                let mut path = format!("{}/", self.path);
                push_escaped(&mut path, &member.name());
                Frame::new(member.value, path)
            });
        }
        None
    }
}

/// Pointers into one record that are asked for one by one: the children of a wide container are
/// listed when it is met first, so that later ones cost a search and no walk.
#[derive(Debug, Default)]
pub struct Index {
    /// By the container's place on the tape, the places of its elements or names.
    wide: RefCell<HashMap<u32, Box<[u32]>, foldhash::fast::RandomState>>,
}

impl Index {
    /// As [`pointer`]; `root` must be the same every time.
    pub fn pointer(&self, root: Value<'_>, span: Span) -> String {
        let mut out = String::new();
        let mut here = root;
        while let Some((number, child)) = self.last_before(here, span) {
            let value = match child.kind() {
                Kind::Key => here.on_tape(child.index() + 1),
                _ => child,
            };
            if !Span::new(child.span().start, value.span().end).contains(span) {
                break;
            }
            out.push('/');
            match child.kind() {
                Kind::Key => push_escaped(&mut out, &child.decoded()),
                _ => out += &number.to_string(),
            }
            here = value;
        }
        out
    }

    /// Of the elements or names in `here` the last that does not begin behind `span` does, and its
    /// number.
    fn last_before<'r>(&self, here: Value<'r>, span: Span) -> Option<(usize, Value<'r>)> {
        /// A walk over so many is as fast as a search.
        const NARROW: usize = 32;
        let children = || {
            let elements = here.elements().map(|element| element.index());
            elements.chain(here.members().map(|member| member.key.index()))
        };
        let is_before = |at: &u32| here.on_tape(*at).span().start <= span.start;
        let mut wide = self.wide.borrow_mut();
        if !wide.contains_key(&here.index()) && here.len() <= NARROW {
            let last = children().take_while(is_before).enumerate().last();
            return last.map(|(number, at)| (number, here.on_tape(at)));
        }
        let children = wide
            .entry(here.index())
            .or_insert_with(|| children().collect());
        let number = children.partition_point(is_before).checked_sub(1)?;
        Some((number, here.on_tape(*children.get(number)?)))
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

    #[test]
    fn many_at_once_are_the_same_as_one_by_one() {
        let text = r#"{"a": [{"c": 1, "d": []}, {"c": [2, {"e": "x"}]}], "b": {}, "~": null}"#;
        let mut tape = Tape::default();
        parse(text, 0, &mut tape).unwrap();
        let root = tape.root(text);
        let mut spans: Vec<Span> = root.descendants().map(|value| value.span()).collect();
        for object in root.descendants() {
            spans.extend(object.members().map(|member| member.key.span()));
        }
        spans.reverse();
        let one_by_one: Vec<String> = spans.iter().map(|span| pointer(root, *span)).collect();
        assert_eq!(pointers(root, &spans), one_by_one);
    }

    #[test]
    fn an_index_says_the_same_of_every_place() {
        let wide: Vec<String> = (0..100).map(|n| format!("{{\"a/{n}\": [{n}]}}")).collect();
        let members: Vec<String> = (0..70).map(|n| format!("\"{n}\" : \"~\"")).collect();
        let text = format!(
            "{{ \"l\": [ {} ], \"m\": {{{}}} }}",
            wide.join(" , "),
            members.join(",")
        );
        let mut tape = Tape::default();
        parse(&text, 0, &mut tape).unwrap();
        let (root, index) = (tape.root(&text), Index::default());
        for start in 0..text.len() as u32 {
            for len in [0, 1, 3, 9, 40] {
                let span = Span::new(start, start + len);
                assert_eq!(index.pointer(root, span), pointer(root, span), "{span:?}");
            }
        }
        assert_eq!(index.wide.borrow().len(), 2);
    }
}
