//! Reading properties: names in any case, three states, and forgiveness for the wrong types whose
//! meaning is still clear (the schema check reports those; here they are understood).

use std::borrow::Cow;

use crate::json::{Kind, Name, Value};
use crate::model::{Date, Field, List, Relation, Spanned, Str, Text, is_placeholder};

/// How an object is read: which of duplicate members count, and what its wrapper says of it.
///
/// When members stand twice, readers disagree about which one holds, so the object is judged once
/// with the first of each and once with the last.
#[derive(Copy, Clone, Default)]
pub struct Reading<'r> {
    /// Tape indices of member names to leave out; sorted. Empty without duplicates.
    pub skip: &'r [u32],
    /// What the wrapper that the object stood in says of all that stands in it.
    pub whose: Option<Whose<'r>>,
}

/// Whose list an object stood in, as a wrapper says it.
#[derive(Copy, Clone)]
pub struct Whose<'r> {
    /// The owner's id, or an `@odata.context` that holds it: `…#groups('<id>')/members`.
    pub id: Value<'r>,
    /// What the list is of, where its name says so.
    pub relation: Option<Relation>,
}

impl<'r> Whose<'r> {
    /// What an `@odata.context` says, if it names one owner.
    pub fn of_context(context: Value<'r>) -> Option<Whose<'r>> {
        let text = context.as_str()?;
        let (_, rest) = text.split_once("('")?;
        let (_, list) = rest.split_once("')/")?;
        let list = list.split(['/', '(']).next().unwrap_or_default();
        Some(Whose {
            id: context,
            relation: Relation::of_list(list),
        })
    }

    /// The owner's id.
    pub fn id(&self) -> Field<Str<'r>> {
        let field = text(self.id);
        let Field::Value(Spanned { value, span }) = field else {
            return field;
        };
        let within = |text: &str| {
            let start = text.find("('")? + 2;
            let end = text.get(start..)?.find('\'')? + start;
            Some(start..end)
        };
        let value = match within(&value) {
            Some(place) => part(value, place),
            None => value,
        };
        Field::Value(Spanned::new(value, span))
    }
}

/// A part of a decoded string, borrowed where the whole is; all of it if the place is none.
pub(super) fn part<'r>(text: Str<'r>, place: std::ops::Range<usize>) -> Str<'r> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(place).unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(text.get(place).unwrap_or(&text).to_owned()),
    }
}

/// Sets a field that has no value yet: of names that mean the same, the first with a value counts.
pub(super) fn keep<T>(field: &mut Field<T>, found: Field<T>) {
    if !matches!(field, Field::Value(_)) {
        *field = found;
    }
}

impl Reading<'_> {
    /// The members of an object that count, each with its name told.
    pub fn members<'r>(&self, object: Value<'r>) -> impl Iterator<Item = (Name, Value<'r>)> {
        object
            .members()
            .filter(|member| {
                self.skip.is_empty() || self.skip.binary_search(&member.key.index()).is_err()
            })
            .map(|member| (Name::of(&member), member.value))
    }
}

/// Whether a text is what PowerShell's `ConvertTo-Json` leaves of a value below its depth limit:
/// the .NET type's name or a hash table's summary (Microsoft Learn, "ConvertTo-Json").
#[inline]
pub fn is_cut_off(text: &str) -> bool {
    // Every string is asked, and two bytes tell of nearly all.
    let begins = matches!(
        text.as_bytes(),
        [b'@', b'{', ..] | [b'S', b'y', ..] | [b'M', b'i', ..]
    );
    begins && is_summary_or_type(text)
}

fn is_summary_or_type(text: &str) -> bool {
    // People call things `System.Watch` and write `@{team}`: a summary has `=`, a type more parts.
    let summary = text.starts_with("@{") && (text.contains('=') || text == "@{}");
    let type_name = text.strip_prefix("System.").is_some_and(|rest| {
        let name = rest.split('[').next().unwrap_or("");
        let parts = rest == "Object" || name.contains('.') || rest.ends_with(']');
        parts && !name.contains(char::is_whitespace)
    });
    summary
        || type_name
        || text.starts_with("Microsoft.Graph.PowerShell.")
        || text.starts_with("Microsoft.Azure.PowerShell.")
        || text.starts_with("Microsoft.Azure.Commands.")
        || text.starts_with("Microsoft.Open.")
}

/// A string; an empty one says as little as null.
pub fn text<'r>(value: Value<'r>) -> Field<Str<'r>> {
    let span = value.span();
    match value.kind() {
        Kind::Null => Field::Null(span),
        Kind::String => {
            let text = value.as_str().unwrap_or_default();
            if text.is_empty() {
                Field::Null(span)
            } else if is_cut_off(&text) {
                Field::Unknown(span)
            } else {
                Field::Value(Spanned::new(text, span))
            }
        }
        _ => Field::Unknown(span),
    }
}

/// A truth value; the words "true" and "false" in a string are understood.
pub fn boolean(value: Value<'_>) -> Field<bool> {
    let span = value.span();
    let found = match value.kind() {
        Kind::Null => return Field::Null(span),
        Kind::True => Some(true),
        Kind::False => Some(false),
        Kind::String => value.as_str().and_then(|text| word(&text)),
        _ => None,
    };
    found.map_or(Field::Unknown(span), |found| {
        Field::Value(Spanned::new(found, span))
    })
}

fn word(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A whole number; digits in a string are understood.
pub fn integer(value: Value<'_>) -> Field<i64> {
    let span = value.span();
    let text = match value.kind() {
        Kind::Null => return Field::Null(span),
        Kind::Number => Cow::Borrowed(value.raw()),
        Kind::String => value.as_str().unwrap_or_default(),
        _ => return Field::Unknown(span),
    };
    text.parse().map_or(Field::Unknown(span), |n| {
        Field::Value(Spanned::new(n, span))
    })
}

/// A date; PowerShell 5.1 may wrap one in an object with `value` and `DateTime`.
pub fn date(value: Value<'_>) -> Field<Date> {
    let span = value.span();
    let inner = match value.kind() {
        Kind::Object => match value.get("value") {
            Some(inner) => inner,
            None => return Field::Unknown(span),
        },
        _ => value,
    };
    match inner.kind() {
        Kind::Null => Field::Null(span),
        Kind::String => {
            let text = inner.as_str().unwrap_or_default();
            if let Some(date) = Date::parse_common(&text) {
                Field::Value(Spanned::new(date, span))
            } else if text.is_empty() {
                Field::Null(span)
            } else if is_placeholder(&text) || is_cut_off(&text) {
                Field::Unknown(span)
            } else {
                Field::Value(Spanned::new(Date::parse(&text), span))
            }
        }
        _ => Field::Unknown(span),
    }
}

/// Whether something is there at all: an object, a list, a value.
pub fn presence(value: Value<'_>) -> Field<()> {
    let span = value.span();
    match value.kind() {
        Kind::Null => Field::Null(span),
        Kind::String if value.as_str().is_some_and(|text| is_cut_off(&text)) => {
            Field::Unknown(span)
        }
        _ => Field::Value(Spanned::new((), span)),
    }
}

/// A list of strings; a bare string counts as a list of one.
pub fn texts<'r>(value: Value<'r>) -> List<Text<'r>> {
    let mut items = Vec::with_capacity(value.len());
    let state = texts_into(value, &mut items, |text| text);
    List { state, items }
}

/// Adds what is made of each string of a list to `items`; what there is of the list itself.
pub(super) fn texts_into<'r, T>(
    value: Value<'r>,
    items: &mut Vec<T>,
    mut make: impl FnMut(Text<'r>) -> T,
) -> Field<()> {
    let span = value.span();
    match value.kind() {
        Kind::Null => Field::Null(span),
        Kind::Array => {
            let mut known = true;
            for element in value.elements() {
                match element.as_str() {
                    Some(text) if !is_cut_off(&text) => {
                        items.push(make(Spanned::new(text, element.span())));
                    }
                    _ => known = false,
                }
            }
            if known {
                Field::Value(Spanned::new((), span))
            } else {
                Field::Unknown(span)
            }
        }
        Kind::String => match value.as_str() {
            Some(text) if text.is_empty() => Field::Null(span),
            Some(text) if !is_cut_off(&text) => {
                items.push(make(Spanned::new(text, span)));
                Field::Value(Spanned::new((), span))
            }
            _ => Field::Unknown(span),
        },
        Kind::Object if value.is_empty() => Field::Value(Spanned::new((), span)),
        _ => Field::Unknown(span),
    }
}

/// A list of objects; one object that is no list (PowerShell unrolls those) counts as one.
pub fn objects<'r, T>(value: Value<'r>, mut build: impl FnMut(Value<'r>) -> T) -> List<T> {
    let span = value.span();
    let mut items = Vec::with_capacity(value.len());
    let state = match value.kind() {
        Kind::Null => Field::Null(span),
        Kind::Array => {
            let mut known = true;
            for element in value.elements() {
                if element.is_object() {
                    items.push(build(element));
                } else {
                    known = false;
                }
            }
            if known {
                Field::Value(Spanned::new((), span))
            } else {
                Field::Unknown(span)
            }
        }
        Kind::Object if value.is_empty() => Field::Value(Spanned::new((), span)),
        Kind::Object => {
            items.push(build(value));
            Field::Value(Spanned::new((), span))
        }
        _ => Field::Unknown(span),
    };
    List { state, items }
}

/// Whether a navigation property was asked for. PowerShell prints those that were not as null, or
/// as an empty list; its objects give themselves away by their capital letters.
pub(super) fn is_expanded(value: Value<'_>, object: Value<'_>, name: &str) -> bool {
    value.is_array()
        && (!value.is_empty()
            || object.members().any(|member| {
                member.is_named(name) && member.name().starts_with(char::is_lowercase)
            }))
}
