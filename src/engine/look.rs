//! Reading objects again, by their place in the index: to name them and to point at them.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::place::Steps;
use super::source::{Addressing, Record, Source, advance};
use crate::infrastructure::{self, File, Lowered};
use crate::json::{Tape, pointer, read};
use crate::kinds::{self, Object, Part, Reading};
use crate::model::{self, Field, Span, Str};
use crate::opened::Opened;
use crate::report::{Place, Window};
use crate::rules::Subject;
use crate::rules::joined::{JoinedFinding, Look};
use crate::tenant::At;

/// Records that are kept: joined findings and verdicts come back to the same applications,
/// instances and principals.
const KEPT: usize = 1024;

/// Reads records of the run's sources again.
pub struct Looker<'l> {
    sources: &'l [Box<Source>],
    /// By source and number of the record.
    kept: RefCell<HashMap<(u32, u32), Rc<Loaded>>>,
}

/// A record that was read again.
struct Loaded {
    record: Record,
    text: Arc<str>,
    tape: Tape,
    /// What templates and plans in it describe, once somebody asked.
    lowered: OnceCell<Vec<Lowered>>,
    /// Where the record begins, and goes on. Finding it reads up to 256 KiB before it, and only
    /// places need it.
    steps: OnceCell<Option<Steps>>,
    pointers: pointer::Index,
}

impl Loaded {
    fn steps(&self, source: &Source) -> Option<&Steps> {
        let find = || {
            let base = source.start(self.record).ok()?;
            Some(Steps::new(base, &self.text))
        };
        self.steps.get_or_init(find).as_ref()
    }

    fn pointer(&self, span: Span) -> String {
        self.pointers.pointer(self.tape.root(&self.text), span)
    }
}

impl<'l> Looker<'l> {
    pub fn new(sources: &'l [Box<Source>]) -> Looker<'l> {
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
        let record = source.indexed.get(at.record as usize)?;
        // What is no longer what it was is noted there, and told at the end.
        let (text, _) = source.record(record).ok()?;
        let mut tape = Tape::default();
        read::record(&text, &mut tape).ok()?;
        let loaded = Rc::new(Loaded {
            record,
            steps: OnceCell::new(),
            pointers: pointer::Index::default(),
            text: text.into(),
            tape,
            lowered: OnceCell::new(),
        });
        let mut kept = self.kept.borrow_mut();
        if kept.len() == KEPT {
            kept.clear();
        }
        kept.insert(key, Rc::clone(&loaded));
        Some(loaded)
    }

    /// Hands the object at `at` to `see`.
    pub fn object<T>(&self, at: At, see: impl FnOnce(Opened<'_>) -> T) -> Option<T> {
        let loaded = self.load(at)?;
        let file = self.sources.get(at.source as usize)?.origin.file();
        loaded.object(at.object, file, see)
    }

    /// The principal's name and the scope of the assignment at `at`, as written.
    pub fn assignment(&self, at: At) -> Option<(Option<String>, Option<String>)> {
        let text = |field: &Field<Str<'_>>| field.value().map(|text| text.trim().to_owned());
        self.object(at, |opened| match opened.object {
            Object::RoleAssignment(row) => (text(&row.principal_name), text(&row.scope)),
            _ => (None, None),
        })
    }

    /// The place of a part of the object at `at`.
    pub fn place(&self, at: At, part: model::Part, label: &str) -> Option<Place> {
        let span = self.object(at, |opened| opened.place(opened.object.place(part)))?;
        self.place_of(at, span, label)
    }

    /// The place of some bytes of the record that holds the object at `at`.
    pub fn place_of(&self, at: At, span: Span, label: &str) -> Option<Place> {
        let loaded = self.load(at)?;
        let source = self.sources.get(at.source as usize)?;
        Some(place(source, &loaded, loaded.steps(source)?, span, label))
    }
}

impl Loaded {
    /// Hands the object that begins there to `see`.
    fn object<T>(
        &self,
        start: u32,
        file: File<'_>,
        see: impl FnOnce(Opened<'_>) -> T,
    ) -> Option<T> {
        let parts = kinds::unwrap(self.tape.root(&self.text)).objects;
        let plain = parts.iter().find(|part| part.value.span().start == start);
        // A template begins where none of its resources does.
        if let Some(part) = plain {
            let kind = part.recognise().ok()?;
            let object = kinds::build(kind, part.value, &part.reading());
            return Some(see(Opened::plain(&object, kind)));
        }
        let lowered = self.lowered.get_or_init(|| {
            let lower = |part: &Part<'_>| {
                let kind = part.recognise().ok()?;
                infrastructure::lower(kind, part.value, file)
            };
            parts.iter().filter_map(lower).collect()
        });
        let code = lowered
            .iter()
            .find_map(|lowered| lowered.resource_at(start))?;
        let object = kinds::build(code.kind(), code.value(), &Reading::default());
        Some(see(Opened::coded(&object, code)))
    }
}

impl Looker<'_> {
    /// Makes a joined finding speak as what it is about is written: of the attribute of a
    /// template's resource, not of a command.
    pub fn tell(&self, finding: &mut JoinedFinding) {
        let JoinedFinding {
            at, part, wording, ..
        } = finding;
        let Some(loaded) = self.load(*at) else {
            return;
        };
        self.object(*at, |opened| {
            if let Some(code) = opened.code {
                let span = opened.place(opened.object.place(*part));
                code.speak(|span| loaded.pointer(span), span, wording);
            }
        });
    }
}

impl Look for Looker<'_> {
    fn subject(&self, at: At) -> Option<Subject> {
        self.object(at, |opened| opened.subject())
    }

    fn text(&self, at: At, part: model::Part) -> Option<String> {
        let loaded = self.load(at)?;
        self.object(at, |opened| {
            let span = opened.object.place(part);
            let text = span.of(opened.code.map_or(&loaded.text, |code| code.text()));
            let mut tape = Tape::default();
            read::parse(text, 0, &mut tape).ok()?;
            let text = tape.root(text).as_str()?;
            Some(text.into_owned())
        })?
    }
}

fn place(source: &Source, loaded: &Loaded, steps: &Steps, span: Span, label: &str) -> Place {
    let start = steps.position(&loaded.text, span.start as usize);
    Place {
        path: source.origin.name.as_str().into(),
        pointer: address(source, loaded.record) + &loaded.pointer(span),
        record: line_of(source, loaded.record),
        start,
        end: advance(start, span.of(&loaded.text)),
        label: label.to_owned(),
        source: Some(Window {
            text: Arc::clone(&loaded.text).into(),
            start: steps.base(),
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
