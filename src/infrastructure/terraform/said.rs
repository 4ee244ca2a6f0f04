//! What a resource says: its values, and beside them which of them nobody knows yet and which
//! nobody may see.

use std::borrow::Cow;

use crate::infrastructure::Writer;
use crate::json::{Kind, Value};
use crate::model::{Guid, Span};

/// The tree that runs beside the values and marks some of them: `after_unknown`,
/// `sensitive_values` (Terraform, "JSON Output Format"), or the paths of a state's
/// `sensitive_attributes`.
#[derive(Copy, Clone, Default)]
pub enum Mark<'r> {
    #[default]
    None,
    /// Everything from here on down.
    All,
    Tree(Value<'r>),
    Paths(Value<'r>),
}

impl<'r> Mark<'r> {
    /// The marks of a tree of truth values.
    pub fn tree(value: Option<Value<'r>>) -> Mark<'r> {
        match value.map(|value| (value.kind(), value)) {
            Some((Kind::True, _)) => Mark::All,
            Some((Kind::Object | Kind::Array, value)) => Mark::Tree(value),
            _ => Mark::None,
        }
    }

    fn get(self, name: &str) -> Mark<'r> {
        match self {
            Mark::Tree(tree) => Mark::tree(tree.get(name)),
            // `[[{"type": "get_attr", "value": "password"}, …], …]`
            Mark::Paths(paths) => {
                let named = paths.elements().any(|path| {
                    let first = path.elements().next();
                    first
                        .and_then(|step| step.get("value")?.as_str())
                        .is_some_and(|step| step == name)
                });
                if named { Mark::All } else { Mark::None }
            }
            mark => mark,
        }
    }

    /// Those of a list's elements, one after the other.
    fn each(self) -> impl Iterator<Item = Mark<'r>> {
        let (tree, rest) = match self {
            Mark::Tree(tree) => (Some(tree), Mark::None),
            Mark::All => (None, Mark::All),
            Mark::None | Mark::Paths(_) => (None, Mark::None),
        };
        tree.into_iter()
            .flat_map(|tree| tree.elements())
            .map(|mark| Mark::tree(Some(mark)))
            .chain(std::iter::repeat(rest))
    }
}

/// A value of a resource, or the lack of one.
#[derive(Copy, Clone)]
pub struct Said<'r> {
    what: What<'r>,
    unknown: Mark<'r>,
    secret: Mark<'r>,
    /// Where it stands, or where it would stand.
    place: Span,
}

#[derive(Copy, Clone)]
enum What<'r> {
    Value(Value<'r>),
    /// Nothing is said of it.
    Absent,
    /// A block that is not there, and all that would be in it.
    Unset,
    /// Known after the apply.
    Unknown,
}

/// What is known of a value.
#[derive(Copy, Clone)]
pub enum State<'r> {
    Absent,
    /// Null, or of a block that is not there.
    Unset,
    Unknown,
    Known(Value<'r>),
}

impl<'r> Said<'r> {
    /// The values of a resource.
    pub fn new(values: Value<'r>, unknown: Mark<'r>, secret: Mark<'r>) -> Said<'r> {
        Said {
            what: What::Value(values),
            unknown,
            secret,
            place: values.span(),
        }
    }

    /// Where it stands; of what is not there, where it would stand.
    pub fn place(self) -> Span {
        self.place
    }

    /// What is known of it.
    pub fn state(self) -> State<'r> {
        let unknown = matches!(self.unknown, Mark::All);
        match self.what {
            What::Absent if unknown => State::Unknown,
            What::Absent => State::Absent,
            What::Unset => State::Unset,
            What::Unknown => State::Unknown,
            What::Value(value) if value.is_null() && unknown => State::Unknown,
            What::Value(value) if value.is_null() => State::Unset,
            What::Value(value) if matches!(self.secret, Mark::All) && is_telling(value) => {
                State::Unknown
            }
            What::Value(value) => State::Known(value),
        }
    }

    /// Its text, if it is one that is known and not empty.
    pub fn text(self) -> Option<Cow<'r, str>> {
        match self.state() {
            State::Known(value) => value.as_str().filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// The same, though its author or its provider called it sensitive. A block with a secret in
    /// it is sensitive as a whole: this is for its other attributes.
    pub fn though_sensitive(self) -> Said<'r> {
        Said {
            secret: Mark::None,
            ..self
        }
    }

    /// An attribute.
    pub fn get(self, name: &str) -> Said<'r> {
        let value = match self.what {
            What::Value(value) if value.is_object() => value.get(name),
            What::Value(value) if value.is_null() => {
                return Said {
                    what: What::Unset,
                    ..self
                };
            }
            // No object: what should be in it cannot be known.
            What::Value(_) => return self.unknowable(),
            _ => return self,
        };
        Said {
            what: value.map_or(What::Absent, What::Value),
            unknown: self.unknown.get(name),
            secret: self.secret.get(name),
            place: value.map_or(self.place, |value| value.span()),
        }
    }

    /// The first of several attributes that is there and not null, else one that is null.
    pub fn any(self, names: &[&str]) -> Said<'r> {
        let mut found = self.get(names.first().copied().unwrap_or_default());
        for name in names.iter().skip(1) {
            if !matches!(found.state(), State::Absent | State::Unset) {
                break;
            }
            let next = self.get(name);
            if !next.is_absent() {
                found = next;
            }
        }
        found
    }

    /// An attribute of an element: what a list's element leaves out is not known yet, for a plan
    /// shows what is not set as null.
    pub fn inner(self, name: &str) -> Said<'r> {
        let found = self.get(name);
        match found.state() {
            State::Absent => found.unknowable(),
            _ => found,
        }
    }

    /// The elements of a list, and whether there may be more that are not known.
    pub fn elements(self) -> (Vec<Said<'r>>, bool) {
        match self.state() {
            State::Known(value) if value.is_array() => {
                let (mut unknown, mut secret) = (self.unknown.each(), self.secret.each());
                let elements = value.elements().map(|element| Said {
                    // What is not known in a list is null.
                    what: if element.is_null() {
                        What::Unknown
                    } else {
                        What::Value(element)
                    },
                    unknown: unknown.next().unwrap_or_default(),
                    secret: secret.next().unwrap_or_default(),
                    place: element.span(),
                });
                (elements.collect(), false)
            }
            State::Known(_) | State::Unknown | State::Absent => (Vec::new(), true),
            State::Unset => (Vec::new(), false),
        }
    }

    /// The only block of its kind: Terraform shows blocks as lists.
    pub fn block(self) -> Said<'r> {
        match self.state() {
            State::Known(value) if value.is_object() => self,
            State::Known(value) if value.is_array() && value.is_empty() => Said {
                what: What::Unset,
                ..self
            },
            State::Known(value) if value.is_array() => {
                let first = self.elements().0.first().copied();
                first.unwrap_or_else(|| self.unknowable())
            }
            State::Known(_) | State::Unknown => self.unknowable(),
            State::Unset => Said {
                what: What::Unset,
                ..self
            },
            State::Absent => self,
        }
    }

    /// Of the same place, something that cannot be known.
    pub fn unknowable(self) -> Said<'r> {
        Said {
            what: What::Unknown,
            ..self
        }
    }

    /// Nothing is said of it.
    pub fn is_absent(self) -> bool {
        matches!(self.state(), State::Absent)
    }

    /// Writes it as it stands: a text, a number, a truth value or a list of such. Objects are
    /// written attribute by attribute, or a secret in one would be.
    pub fn copy(self, out: &mut Writer) {
        match self.state() {
            State::Absent | State::Unknown => out.unknown(self.place),
            State::Unset => out.null(self.place),
            State::Known(value) => match value.kind() {
                Kind::Array => out.list(self.place, |out| {
                    for element in self.elements().0 {
                        element.copy(out);
                    }
                }),
                Kind::Object => out.unknown(self.place),
                _ => out.copy(value),
            },
        }
    }

    /// Writes it as the member `name`, if anything is said of it.
    pub fn put(self, out: &mut Writer, name: &str) {
        if !self.is_absent() {
            out.name(name);
            self.copy(out);
        }
    }
}

/// Whether a value would give something away: text does, unless it is an id.
fn is_telling(value: Value<'_>) -> bool {
    value
        .as_str()
        .is_some_and(|text| Guid::parse_strict(&text).is_none())
}
