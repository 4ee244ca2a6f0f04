//! Writes what a resource says as the document that an export of it would be, and remembers of
//! every value which bytes of the template or plan it comes from.

use crate::json::{Kind, Value};
use crate::model::Span;

/// A value that was written: where it stands, and where it came from.
#[derive(Copy, Clone, Debug)]
struct Place {
    start: u32,
    end: u32,
    origin: Span,
    /// The place it stands in.
    parent: u32,
}

const NO_PARENT: u32 = u32::MAX;

/// What readers take for a value that is there and cannot be known, whatever type they want: it is
/// no string, no number, no truth, and as a list one of which an element is not known.
const UNKNOWN: &str = "[0]";

/// Whether a value is one that [`Writer::unknown`] wrote.
pub fn is_unknown(value: Value<'_>) -> bool {
    value.is_array() && value.raw() == UNKNOWN
}

/// A list of documents that is being written, with the origin of each of its values.
#[derive(Debug)]
pub struct Writer {
    text: String,
    places: Places,
    open: Vec<u32>,
}

impl Default for Writer {
    fn default() -> Self {
        Writer {
            text: "[".to_owned(),
            places: Places::default(),
            open: Vec::new(),
        }
    }
}

impl Writer {
    /// An object that comes from `origin`.
    pub fn object(&mut self, origin: Span, fill: impl FnOnce(&mut Writer)) {
        self.container(origin, ('{', '}'), fill);
    }

    /// A list that comes from `origin`.
    pub fn list(&mut self, origin: Span, fill: impl FnOnce(&mut Writer)) {
        self.container(origin, ('[', ']'), fill);
    }

    /// The name of the member whose value is written next.
    pub fn name(&mut self, name: &str) -> &mut Writer {
        self.comma();
        self.string(name);
        self.text.push(':');
        self
    }

    /// A string that comes from `origin`.
    pub fn text(&mut self, text: &str, origin: Span) {
        self.leaf(origin, |writer| writer.string(text));
    }

    /// A truth value.
    pub fn truth(&mut self, value: bool, origin: Span) {
        self.leaf(origin, |writer| {
            writer.text.push_str(if value { "true" } else { "false" });
        });
    }

    /// A whole number.
    pub fn number(&mut self, value: i64, origin: Span) {
        self.leaf(origin, |writer| writer.text.push_str(&value.to_string()));
    }

    /// Nothing was said, or it was said that there is nothing.
    pub fn null(&mut self, origin: Span) {
        self.leaf(origin, |writer| writer.text.push_str("null"));
    }

    /// There is something at `origin`, and what it will be cannot be known.
    pub fn unknown(&mut self, origin: Span) {
        self.leaf(origin, |writer| writer.text.push_str(UNKNOWN));
    }

    /// A value as it stands, with everything in it.
    pub fn copy(&mut self, value: Value<'_>) {
        self.copy_with(value, &mut |_, _| false);
    }

    /// A value as it stands, but for the values that `instead` writes itself; it says whether it
    /// did. It is asked about every value before what stands in it.
    pub fn copy_with(
        &mut self,
        value: Value<'_>,
        instead: &mut dyn FnMut(&mut Writer, Value<'_>) -> bool,
    ) {
        if instead(self, value) {
            return;
        }
        let origin = value.span();
        match value.kind() {
            Kind::Object => self.object(origin, |writer| {
                for member in value.members() {
                    writer.name(&member.name()).copy_with(member.value, instead);
                }
            }),
            Kind::Array => self.list(origin, |writer| {
                for element in value.elements() {
                    writer.copy_with(element, instead);
                }
            }),
            _ => self.leaf(origin, |writer| writer.text.push_str(value.raw())),
        }
    }

    /// The list's text, and where its values come from.
    pub fn finish(mut self) -> (String, Places) {
        self.text.push(']');
        (self.text, self.places)
    }

    fn container(
        &mut self,
        origin: Span,
        (open, close): (char, char),
        fill: impl FnOnce(&mut Writer),
    ) {
        self.comma();
        let number = self.begin(origin);
        self.open.push(number);
        self.text.push(open);
        fill(self);
        self.text.push(close);
        self.open.pop();
        self.end(number);
    }

    fn leaf(&mut self, origin: Span, write: impl FnOnce(&mut Writer)) {
        self.comma();
        let number = self.begin(origin);
        write(self);
        self.end(number);
    }

    fn begin(&mut self, origin: Span) -> u32 {
        let start = self.text.len() as u32;
        self.places.0.push(Place {
            start,
            end: start,
            origin,
            parent: self.open.last().copied().unwrap_or(NO_PARENT),
        });
        self.places.0.len() as u32 - 1
    }

    fn end(&mut self, number: u32) {
        let end = self.text.len() as u32;
        if let Some(place) = self.places.0.get_mut(number as usize) {
            place.end = end;
        }
    }

    fn comma(&mut self) {
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[' | b':')) {
            self.text.push(',');
        }
    }

    fn string(&mut self, text: &str) {
        self.text
            .push_str(&serde_json::Value::String(text.to_owned()).to_string());
    }
}

/// Where the values of a written text come from.
#[derive(Debug, Default)]
pub struct Places(Vec<Place>);

impl Places {
    /// The bytes that a place of the written text comes from: those of the innermost value around
    /// it; a part of a string that was taken over as it stood is that part.
    pub fn origin(&self, span: Span) -> Span {
        let after = self.0.partition_point(|place| place.start <= span.start);
        let mut number = (after as u32).wrapping_sub(1);
        while let Some(place) = self.0.get(number as usize) {
            if span.end <= place.end {
                let same_length = place.end - place.start == place.origin.end - place.origin.start;
                return if same_length {
                    let moved = |at: u32| place.origin.start + (at - place.start);
                    Span::new(moved(span.start), moved(span.end))
                } else {
                    place.origin
                };
            }
            number = place.parent;
        }
        Span::default()
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;
    use crate::json::{Tape, read};
    use crate::model::Span;

    #[test]
    fn every_value_knows_where_it_comes_from() {
        let text = r#"{"a": ["x", {"b": "http://y"}], "c": true}"#;
        let mut tape = Tape::default();
        read::parse(text, 0, &mut tape).unwrap();
        let root = tape.root(text);
        let mut writer = Writer::default();
        writer.object(root.span(), |writer| {
            writer.name("renamed").copy(root.get("a").unwrap());
            writer
                .name("found")
                .text("made of c", root.get("c").unwrap().span());
            writer.name("hidden").unknown(Span::new(1, 4));
        });
        let (written, places) = writer.finish();
        assert_eq!(
            written,
            r#"[{"renamed":["x",{"b":"http://y"}],"found":"made of c","hidden":[0]}]"#
        );
        let mut again = Tape::default();
        read::parse(&written, 0, &mut again).unwrap();
        let object = again.root(&written).elements().next().unwrap();
        let of = |name: &str| places.origin(object.get(name).unwrap().span()).of(text);
        assert_eq!(of("renamed"), r#"["x", {"b": "http://y"}]"#);
        assert_eq!(of("found"), "true");
        assert_eq!(of("hidden"), r#""a""#);
        let inner = object.get("renamed").unwrap().elements().nth(1).unwrap();
        let uri = inner.get("b").unwrap().span();
        assert_eq!(places.origin(uri).of(text), r#""http://y""#);
        assert_eq!(
            places
                .origin(Span::new(uri.start + 8, uri.end - 1))
                .of(text),
            "y"
        );
        // A name belongs to the object it stands in.
        assert_eq!(
            places
                .origin(Span::new(uri.start - 4, uri.start - 1))
                .of(text),
            r#"{"b": "http://y"}"#
        );
    }
}
