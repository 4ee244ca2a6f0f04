//! The shape of a value: which members it has, of which JSON types, and nothing of what they say.
//!
//! A schema that speaks of types alone cannot tell values of one shape apart. Exports hold a
//! hundred thousand objects of a handful of shapes, so each shape needs to be checked once.

use std::cell::RefCell;
use std::hash::BuildHasher;

use super::node::{Kind, Value};

/// Shapes that were found to be good, of one schema or of several.
///
/// Schemas that speak of types alone ask nothing of two members together, nor of two elements. So
/// what is remembered are the shapes of an object's members, and in lists those of the elements:
/// a few hundred, where whole objects of an export hardly ever have the same shape.
///
/// A shape is remembered by 64 bits that are seeded anew in every process, so nobody can craft two
/// shapes that are taken for one.
pub struct Shapes {
    /// Each in the slot that its bits name; a new one takes the place of what was there, so that a
    /// hostile export, which has a new one for every record, costs time and no memory.
    good: Box<[u64]>,
    seed: u64,
    open: Vec<Frame>,
    /// Of the value that is being looked at: what was not met before.
    new: Vec<u64>,
}

/// A container whose end was not reached yet.
struct Frame {
    /// The index behind it.
    end: u32,
    hash: u64,
    /// In an array: the last element's shape, so that a hundred alike count as one.
    last: u64,
    array: bool,
}

/// Shapes remembered at once.
const SLOTS: usize = 4096;

impl Default for Shapes {
    fn default() -> Self {
        Shapes {
            good: vec![0; SLOTS].into(),
            seed: foldhash::quality::RandomState::default().hash_one(0x5348_4150_u32),
            open: Vec::new(),
            new: Vec::new(),
        }
    }
}

impl Shapes {
    /// Whether a value of this shape was good before, to the schema of this number. `check` says
    /// whether it is, when some of it is met for the first time.
    pub fn is_good(&mut self, value: Value<'_>, schema: u8, check: impl FnOnce() -> bool) -> bool {
        let root = mix(self.seed, u64::from(schema));
        self.new.clear();
        match value.kind() {
            Kind::Object => {
                for member in value.members() {
                    let named = name(root, member.key.inner_raw().as_bytes());
                    self.note(named, member.value);
                }
            }
            _ => self.note(root, value),
        }
        if self.new.is_empty() {
            return true;
        }
        let good = check();
        if good {
            for shape in std::mem::take(&mut self.new) {
                self.good[slot(shape)] = shape;
            }
        }
        good
    }

    /// Notes what is new of a value at a place that `path` tells from others; of a list each
    /// element by itself.
    fn note(&mut self, path: u64, value: Value<'_>) {
        if value.is_array() && !value.is_empty() {
            let path = mix(path, 0xE1);
            let mut last = 0;
            for element in value.elements() {
                let shape = self.of(element);
                if shape != last {
                    last = shape;
                    self.note_shape(mix(path, shape));
                }
            }
        } else {
            let shape = self.of(value);
            self.note_shape(mix(path, shape));
        }
    }

    fn note_shape(&mut self, shape: u64) {
        if self.good[slot(shape)] != shape {
            self.new.push(shape);
        }
    }

    /// The shape of a value.
    fn of(&mut self, value: Value<'_>) -> u64 {
        if matches!(
            value.kind(),
            Kind::String | Kind::True | Kind::False | Kind::Null
        ) {
            return mix(self.seed, 1 + value.kind() as u64);
        }
        self.open.clear();
        let text = value.text.as_bytes();
        let end = value.node().next;
        let mut root = self.seed;
        let mut at = value.at;
        while at < end {
            let node = &value.tape[at as usize];
            at += 1;
            let bytes = text
                .get(node.start as usize..node.end as usize)
                .unwrap_or_default();
            let mut done = match node.kind {
                Kind::Key => {
                    if let Some(frame) = self.open.last_mut() {
                        frame.hash = name(frame.hash, bytes);
                    }
                    continue;
                }
                Kind::Array | Kind::Object if node.next > at => {
                    self.open.push(Frame {
                        end: node.next,
                        hash: self.seed ^ node.kind as u64,
                        last: 0,
                        array: node.kind == Kind::Array,
                    });
                    continue;
                }
                // 1.5 and 1e3 may be other numbers than 15.
                Kind::Number if bytes.iter().any(|b| matches!(b, b'.' | b'e' | b'E')) => 0xF1,
                kind => mix(self.seed, 1 + kind as u64),
            };
            // The value is complete; so may be what it stands in.
            loop {
                let Some(frame) = self.open.last_mut() else {
                    root = done;
                    break;
                };
                if !frame.array || frame.last != done {
                    frame.hash = mix(frame.hash, done);
                    frame.last = done;
                }
                if frame.end > at {
                    break;
                }
                done = mix(frame.hash, 0xE0);
                self.open.pop();
            }
        }
        root
    }
}

fn slot(shape: u64) -> usize {
    shape as usize % SLOTS
}

/// Folds a member's name in, as written.
fn name(mut hash: u64, name: &[u8]) -> u64 {
    let mut chunks = name.chunks_exact(8);
    for chunk in &mut chunks {
        let eight = chunk
            .first_chunk::<8>()
            .map_or(0, |c| u64::from_le_bytes(*c));
        hash = mix(hash, eight);
    }
    let rest = chunks
        .remainder()
        .iter()
        .fold(name.len() as u64, |rest, byte| rest << 8 | u64::from(*byte));
    mix(hash, rest)
}

/// Multiplies and folds: every bit of both takes part in every bit of the result.
fn mix(hash: u64, value: u64) -> u64 {
    let product = u128::from(hash ^ 0x9E37_79B9_7F4A_7C15) * u128::from(value | 1 << 63);
    (product as u64) ^ (product >> 64) as u64
}

thread_local! {
    static SHAPES: RefCell<Shapes> = RefCell::default();
}

/// [`Shapes::is_good`] with what this thread remembers: a worker sees the same shapes all the time.
pub fn is_good(value: Value<'_>, schema: u8, check: impl FnOnce() -> bool) -> bool {
    SHAPES.with(|shapes| match shapes.try_borrow_mut() {
        Ok(mut shapes) => shapes.is_good(value, schema, check),
        Err(_) => check(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Tape, read};

    fn shape(shapes: &mut Shapes, text: &str) -> u64 {
        let mut tape = Tape::default();
        read::parse(text, 0, &mut tape).unwrap();
        shapes.of(tape.root(text))
    }

    #[test]
    fn values_do_not_matter_and_everything_else_does() {
        let mut shapes = Shapes::default();
        let of = |shapes: &mut Shapes, text| shape(shapes, text);
        let one = of(
            &mut shapes,
            r#"{"a": "x", "b": [1, 2, 3], "c": {"d": null}}"#,
        );
        for same in [
            r#"{"a":"y","b":[4],"c":{"d":null}}"#,
            r#"{ "a": "", "b": [7, 7], "c": { "d": null } }"#,
        ] {
            assert_eq!(of(&mut shapes, same), one, "{same}");
        }
        for other in [
            r#"{"a": 1, "b": [1, 2, 3], "c": {"d": null}}"#,
            r#"{"a": "x", "b": [], "c": {"d": null}}"#,
            r#"{"a": "x", "b": [1, "2"], "c": {"d": null}}"#,
            r#"{"a": "x", "b": [1.5], "c": {"d": null}}"#,
            r#"{"A": "x", "b": [1], "c": {"d": null}}"#,
            r#"{"a": "x", "b": [1], "c": {"d": {}}}"#,
            r#"{"a": "x", "b": [1], "c": {}, "d": null}"#,
            r#"{"a": "x", "b": [1], "c": {"d": null}, "e": null}"#,
            r#"["a", "x", "b", [1]]"#,
            r#"{"a": "x", "b": [[1]], "c": {"d": null}}"#,
            "null",
        ] {
            assert_ne!(of(&mut shapes, other), one, "{other}");
        }
    }

    #[test]
    fn a_shape_is_checked_once_for_each_schema() {
        let mut shapes = Shapes::default();
        let mut tape = Tape::default();
        let text = r#"{"id": "x"}"#;
        read::parse(text, 0, &mut tape).unwrap();
        let value = tape.root(text);
        assert!(shapes.is_good(value, 1, || true));
        assert!(shapes.is_good(value, 1, || panic!("it was good before")));
        assert!(!shapes.is_good(value, 2, || false));
        assert!(
            shapes.is_good(value, 2, || true),
            "what was bad is looked at again"
        );
    }
}
