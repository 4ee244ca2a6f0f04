//! Edits on documents of every layout, held against serde_json: what was meant is there, and not a
//! byte more has changed than from the first to the last change.

mod common;

use common::run::Dice;
use entralint::json::edit::{apply, changes};
use entralint::json::{Tape, read};
use entralint::model::{Edit, NewValue, Span};
use serde_json::{Value, json};

/// Blanks as people and tools leave them, and as nobody does.
fn blank(dice: &mut Dice, depth: usize) -> String {
    match dice.roll(7) {
        0 | 1 => String::new(),
        2 => " ".to_owned(),
        3 => format!("\n{}", "  ".repeat(depth)),
        4 => format!("\r\n{}", "\t".repeat(depth)),
        5 => "\n\n ".to_owned(),
        _ => "\t \r\n".to_owned(),
    }
}

/// A document's text, with the places of its lists and of their elements.
#[derive(Default)]
struct Document {
    text: String,
    lists: Vec<(Span, Vec<Span>)>,
    /// Names of members, and the objects they stand in.
    objects: Vec<Span>,
}

impl Document {
    fn put(&mut self, dice: &mut Dice, value: &Value, depth: usize, neat: bool) -> Span {
        let start = self.text.len() as u32;
        let space = |document: &mut Document, dice: &mut Dice, depth: usize| {
            if neat {
                document.text += &format!("\n{}", "  ".repeat(depth));
            } else {
                let blank = blank(dice, depth);
                document.text += &blank;
            }
        };
        match value {
            Value::Array(items) => {
                self.text.push('[');
                let mut places = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.text.push(',');
                    }
                    space(self, dice, depth + 1);
                    places.push(self.put(dice, item, depth + 1, neat));
                    if !neat {
                        space(self, dice, depth);
                    }
                }
                if !neat || !items.is_empty() {
                    space(self, dice, depth);
                }
                self.text.push(']');
                self.lists
                    .push((Span::new(start, self.text.len() as u32), places));
            }
            Value::Object(members) => {
                self.text.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        self.text.push(',');
                    }
                    space(self, dice, depth + 1);
                    self.text += &json!(name).to_string();
                    if !neat {
                        space(self, dice, depth);
                    }
                    self.text.push(':');
                    self.text.push(' ');
                    self.put(dice, value, depth + 1, neat);
                    if !neat {
                        space(self, dice, depth);
                    }
                }
                if !neat || !members.is_empty() {
                    space(self, dice, depth);
                }
                self.text.push('}');
                self.objects.push(Span::new(start, self.text.len() as u32));
            }
            other => self.text += &other.to_string(),
        }
        Span::new(start, self.text.len() as u32)
    }
}

fn any(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth > 3 { 5 } else { 9 }) {
        0 => Value::Null,
        1 => json!(dice.roll(2) == 0),
        2 => json!(dice.roll(1000)),
        3 => json!("a, \"b\" [ü🏭]\n{}"),
        4 => json!("x"),
        5 | 6 => (0..dice.roll(4)).map(|_| any(dice, depth + 1)).collect(),
        _ => {
            let members = (0..dice.roll(4)).map(|at| (format!("m{at}"), any(dice, depth + 1)));
            Value::Object(members.collect())
        }
    }
}

fn document(seed: u64) -> Document {
    let mut dice = Dice::new(seed);
    let mut document = Document::default();
    let neat = dice.roll(3) == 0;
    let value = Value::Array((0..1 + dice.roll(4)).map(|_| any(&mut dice, 0)).collect());
    document.put(&mut dice, &value, 0, neat);
    document
}

/// The text after the edits; it differs from the first to the last change and nowhere else.
fn edited(text: &str, edits: &[Edit]) -> Option<String> {
    let mut tape = Tape::default();
    read::parse(text, 0, &mut tape).expect("JSON");
    let changes = changes(tape.root(text), text, edits)?;
    let places = changes.iter().map(|change| {
        let (start, end) = (change.span.start as usize, change.span.end as usize);
        (start, end, change.text.as_str())
    });
    let after = apply(text, places);
    let first = changes
        .first()
        .map_or(0, |change| change.span.start as usize);
    let last = changes.last().map_or(0, |change| change.span.end as usize);
    assert!(after.starts_with(&text[..first]) && after.ends_with(&text[last..]));
    Some(after)
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

const SEEDS: u64 = 1500;

#[test]
fn an_element_is_added() {
    for seed in 0..SEEDS {
        let document = document(seed);
        for (list, items) in &document.lists {
            let new = NewValue::Object(vec![
                ("id", "q\"".into()),
                ("more", NewValue::List(vec![NewValue::Bool(true)])),
            ]);
            let edit = Edit::Append {
                of: *list,
                path: &[],
                value: new,
            };
            let after = edited(&document.text, &[edit]).expect("a list takes it");
            // The same by hand, without any style.
            let comma = if items.is_empty() { "" } else { "," };
            let end = list.end as usize - 1;
            let by_hand = format!(
                "{}{comma}{{\"id\":\"q\\\"\",\"more\":[true]}}{}",
                &document.text[..end],
                &document.text[end..]
            );
            assert_eq!(value(&after), value(&by_hand), "{seed}");
        }
    }
}

#[test]
fn a_member_is_added() {
    for seed in 0..SEEDS {
        let document = document(seed);
        for object in &document.objects {
            let edit = Edit::Append {
                of: *object,
                path: &["new", "list"],
                value: "x".into(),
            };
            let after = edited(&document.text, &[edit]).expect("an object takes it");
            let end = object.end as usize - 1;
            let inside = &document.text[object.start as usize + 1..end];
            let comma = if inside.trim().is_empty() { "" } else { "," };
            let by_hand = format!(
                "{}{comma}\"new\":{{\"list\":[\"x\"]}}{}",
                &document.text[..end],
                &document.text[end..]
            );
            assert_eq!(value(&after), value(&by_hand), "{seed}");
        }
    }
}

#[test]
fn elements_leave_and_values_are_wrapped() {
    for seed in 0..SEEDS {
        let document = document(seed);
        let mut dice = Dice::new(seed);
        for (list, items) in &document.lists {
            let gone: Vec<usize> = (0..items.len()).filter(|_| dice.roll(2) == 0).collect();
            if gone.is_empty() {
                continue;
            }
            let edits: Vec<Edit> = gone
                .iter()
                .map(|at| Edit::Remove { at: items[*at] })
                .collect();
            let after = edited(&document.text, &edits).expect("they are elements");
            let mut kept = value(list.of(&document.text));
            let mut at = 0;
            kept.as_array_mut().expect("a list").retain(|_| {
                at += 1;
                !gone.contains(&(at - 1))
            });
            let by_hand = format!(
                "{}{kept}{}",
                &document.text[..list.start as usize],
                &document.text[list.end as usize..]
            );
            assert_eq!(value(&after), value(&by_hand), "{seed}");

            let wrapped = edited(&document.text, &[Edit::Wrap { at: *list }]).expect("it may be");
            let by_hand = format!(
                "{}[{}]{}",
                &document.text[..list.start as usize],
                list.of(&document.text),
                &document.text[list.end as usize..]
            );
            assert_eq!(value(&wrapped), value(&by_hand), "{seed}");
        }
    }
}
