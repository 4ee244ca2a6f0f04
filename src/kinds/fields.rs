//! Reading properties: names in any case, three states, and forgiveness for the wrong types whose
//! meaning is still clear (the schema check reports those; here they are understood).

use std::borrow::Cow;

use crate::json::{Kind, Value};
use crate::model::{Date, Field, List, Spanned, Str, Text, is_placeholder};

/// How an object is read: which of duplicate members count.
///
/// When members stand twice, readers disagree about which one holds, so the object is judged once
/// with the first of each and once with the last.
#[derive(Default)]
pub struct Reading<'s> {
    /// Tape indices of member names to leave out; sorted. Empty without duplicates.
    pub skip: &'s [u32],
}

/// Longest property name that any known format has; longer ones are unknown anyway.
const LONGEST: usize = 48;

/// A member's name in lower case, on the stack.
pub struct Folded {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Folded {
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Lower case, eight letters at a time: every name of every object passes here.
fn fold(name: &[u8]) -> Folded {
    let mut folded = Folded {
        bytes: [0; LONGEST],
        len: 0,
    };
    if name.len() > LONGEST {
        return folded;
    }
    folded.len = name.len();
    let (words, rest) = name.as_chunks::<8>();
    let (places, last) = folded.bytes.as_chunks_mut::<8>();
    debug_assert!(last.is_empty());
    for (place, word) in places.iter_mut().zip(words) {
        *place = lower(*word);
    }
    if let Some(place) = places.get_mut(words.len()) {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        *place = lower(word);
    }
    folded
}

/// The ASCII lower case of eight bytes at once.
fn lower(word: [u8; 8]) -> [u8; 8] {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(word);
    let low = word & (ONES * 0x7F);
    // The high bit of each byte: at least `A`; beyond `Z`. No byte carries into the next.
    let from_a = low + ONES * (0x80 - b'A' as u64);
    let past_z = low + ONES * (0x7F - b'Z' as u64);
    let upper = (from_a ^ past_z) & !word & (ONES * 0x80);
    (word | upper >> 2).to_le_bytes()
}

impl Reading<'_> {
    /// The members of an object that count, each with its name in lower case.
    pub fn members<'r>(&self, object: Value<'r>) -> impl Iterator<Item = (Folded, Value<'r>)> {
        object.members().filter_map(move |member| {
            if !self.skip.is_empty() && self.skip.binary_search(&member.key.index()).is_ok() {
                return None;
            }
            let folded = if member.key.is_escaped() {
                fold(member.name().as_bytes())
            } else {
                fold(member.key.inner_raw().as_bytes())
            };
            Some((folded, member.value))
        })
    }
}

/// Whether a text is what PowerShell's `ConvertTo-Json` leaves of a value below its depth limit:
/// the .NET type's name or a hash table's summary (Microsoft Learn, "ConvertTo-Json").
pub fn is_cut_off(text: &str) -> bool {
    text.starts_with("@{")
        || text.starts_with("System.")
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
            } else if text.starts_with("@{") || text.starts_with("System.") {
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
            if text.is_empty() {
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
    let span = value.span();
    let mut items = Vec::with_capacity(value.len());
    let state = match value.kind() {
        Kind::Null => Field::Null(span),
        Kind::Array => {
            let mut known = true;
            for element in value.elements() {
                match element.as_str() {
                    Some(text) if !is_cut_off(&text) => {
                        items.push(Spanned::new(text, element.span()));
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
                items.push(Spanned::new(text, span));
                Field::Value(Spanned::new((), span))
            }
            _ => Field::Unknown(span),
        },
        Kind::Object if value.is_empty() => Field::Value(Spanned::new((), span)),
        _ => Field::Unknown(span),
    };
    List { state, items }
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

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folding_is_ascii_lower_case() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in 0..=super::LONGEST {
            for start in 0..256 - length {
                let name = &bytes[start..start + length];
                assert_eq!(fold(name).as_bytes(), name.to_ascii_lowercase());
            }
        }
        assert_eq!(fold(&[b'a'; super::LONGEST + 1]).as_bytes(), b"");
    }
}
