//! Reading objects again, by their place in the index: to name them and to point at them.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::source::{Addressing, Record, Source, advance};
use crate::json::{Tape, pointer, read};
use crate::judge::subject_of;
use crate::kinds::{self, Object};
use crate::model::{Field, ObjectKind, Part, Span, Str};
use crate::report::{Place, Position, Window};
use crate::rules::Subject;
use crate::rules::joined::Look;
use crate::tenant::At;

/// Records that are kept: joined findings and verdicts come back to the same applications,
/// instances and principals.
const KEPT: usize = 1024;

/// Reads records of the run's sources again.
pub struct Looker<'l> {
    sources: &'l [Source],
    /// By source and number of the record.
    kept: RefCell<HashMap<(u32, u32), Rc<Loaded>>>,
}

/// A record that was read again.
struct Loaded {
    record: Record,
    text: Arc<str>,
    tape: Tape,
    /// Where the record begins. Finding it reads up to 256 KiB before it, and only places need it.
    base: OnceCell<Option<Position>>,
}

impl Loaded {
    fn base(&self, source: &Source) -> Option<Position> {
        let find = || source.position(self.record.offset).ok();
        *self.base.get_or_init(find)
    }
}

impl<'l> Looker<'l> {
    pub fn new(sources: &'l [Source]) -> Looker<'l> {
        Looker {
            sources,
            kept: RefCell::default(),
        }
    }

    fn load(&self, at: At) -> Option<Rc<Loaded>> {
        let key = (at.source, at.record);
        if let Some(loaded) = self.kept.borrow().get(&key) {
            return Some(Rc::clone(loaded));
        }
        let source = self.sources.get(at.source as usize)?;
        let record = *source.indexed.get(at.record as usize)?;
        let text = source.text(record.offset, record.len as usize).ok()?;
        let mut tape = Tape::default();
        read::parse(&text, 0, &mut tape).ok()?;
        let loaded = Rc::new(Loaded {
            record,
            base: OnceCell::new(),
            text: text.into(),
            tape,
        });
        let mut kept = self.kept.borrow_mut();
        if kept.len() == KEPT {
            kept.clear();
        }
        kept.insert(key, Rc::clone(&loaded));
        Some(loaded)
    }

    /// Hands the object at `at` to `see`.
    pub fn object<T>(&self, at: At, see: impl FnOnce(&Object<'_>, ObjectKind) -> T) -> Option<T> {
        let loaded = self.load(at)?;
        let part = kinds::unwrap(loaded.tape.root(&loaded.text))
            .objects
            .into_iter()
            .find(|part| part.value.span().start == at.object)?;
        let kind = part.recognise().ok()?;
        let object = kinds::build(kind, part.value, &part.reading());
        Some(see(&object, kind))
    }

    /// The principal's name and the scope of the assignment at `at`, as written.
    pub fn assignment(&self, at: At) -> Option<(Option<String>, Option<String>)> {
        let text = |field: &Field<Str<'_>>| field.value().map(|text| text.trim().to_owned());
        self.object(at, |object, _| match object {
            Object::RoleAssignment(row) => (text(&row.principal_name), text(&row.scope)),
            _ => (None, None),
        })
    }

    /// The place of a part of the object at `at`.
    pub fn place(&self, at: At, part: Part, label: &str) -> Option<Place> {
        let span = self.object(at, |object, _| object.place(part))?;
        let loaded = self.load(at)?;
        let source = self.sources.get(at.source as usize)?;
        Some(place(source, &loaded, loaded.base(source)?, span, label))
    }
}

impl Look for Looker<'_> {
    fn subject(&self, at: At) -> Option<Subject> {
        self.object(at, subject_of)
    }

    fn text(&self, at: At, part: Part) -> Option<String> {
        let span = self.object(at, |object, _| object.place(part))?;
        let loaded = self.load(at)?;
        let mut tape = Tape::default();
        read::parse(span.of(&loaded.text), 0, &mut tape).ok()?;
        tape.root(span.of(&loaded.text))
            .as_str()
            .map(std::borrow::Cow::into_owned)
    }
}

fn place(source: &Source, loaded: &Loaded, base: Position, span: Span, label: &str) -> Place {
    let pointers = pointer::pointers(loaded.tape.root(&loaded.text), &[span]);
    let before = loaded.text.get(..span.start as usize).unwrap_or("");
    let start = advance(base, before);
    Place {
        path: source.origin.name.as_str().into(),
        pointer: address(source, loaded.record) + pointers.first().map_or("", String::as_str),
        record: line_of(source, loaded.record),
        start,
        end: advance(start, span.of(&loaded.text)),
        label: label.to_owned(),
        source: Some(Window {
            text: Arc::clone(&loaded.text),
            start: base,
        }),
    }
}

/// The pointer to a record from the root of its file.
pub fn address(source: &Source, record: Record) -> String {
    match &source.addressing {
        Addressing::Elements(list) => format!("{list}/{}", record.number),
        Addressing::Lines | Addressing::Whole => String::new(),
    }
}

/// The number of a record's line, in JSON Lines.
pub fn line_of(source: &Source, record: Record) -> Option<u64> {
    (source.addressing == Addressing::Lines).then_some(u64::from(record.number))
}
