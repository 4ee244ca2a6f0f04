//! The JSON reader against serde_json: the same texts are JSON, places lie where they should, and
//! what stands there is the same.
#![no_main]

use std::collections::BTreeMap;

use entralint::json::read::{MAX_DEPTH, parse, skip_blanks};
use entralint::json::{ErrorKind, Kind, Tape, Value};
use libfuzzer_sys::fuzz_target;
use serde::de::{Deserialize, IgnoredAny};
use serde_json::Value as Other;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut tape = Tape::default();
    let end = parse(text, 0, &mut tape);
    let mut other = serde_json::Deserializer::from_str(text);
    let is_json = IgnoredAny::deserialize(&mut other).is_ok() && other.end().is_ok();
    let end = match end {
        Ok(end) => end,
        Err(error) => {
            assert!(error.offset <= text.len() && text.is_char_boundary(error.offset));
            // The one difference: a limit that `IgnoredAny` does not have.
            let deep = error.kind == ErrorKind::TooDeep;
            assert!(!is_json || deep, "{error:?}");
            assert!(!deep || text.matches(['[', '{']).count() > MAX_DEPTH as usize);
            return;
        }
    };
    assert_eq!(skip_blanks(text.as_bytes(), end) == text.len(), is_json);
    let root = tape.root(text);
    assert_eq!(root.span().end as usize, end);
    sound(root, text);
    // Lone surrogates, numbers beyond f64 and more than 128 levels are errors to the other.
    if is_json && let Ok(other) = serde_json::from_str::<Other>(text) {
        same(root, &other);
    }
});

/// Values lie in order, on characters, and inside of what holds them.
fn sound(value: Value<'_>, text: &str) {
    let span = value.span();
    assert_eq!(
        text.get(span.start as usize..span.end as usize),
        Some(value.raw())
    );
    let mut at = span.start;
    let mut inside = |inner: Value<'_>| {
        assert!(inner.span().start > at && inner.span().end < span.end);
        at = inner.span().end - 1;
    };
    for element in value.elements() {
        inside(element);
        sound(element, text);
    }
    for member in value.members() {
        assert_eq!(member.key.kind(), Kind::Key);
        inside(member.key);
        inside(member.value);
        sound(member.value, text);
    }
}

fn same(value: Value<'_>, other: &Other) {
    match other {
        Other::Null => assert!(value.is_null()),
        Other::Bool(truth) => assert_eq!(value.as_bool(), Some(*truth)),
        Other::Number(_) => {
            assert_eq!(value.kind(), Kind::Number);
            assert_eq!(
                serde_json::from_str::<Other>(value.raw()).ok().as_ref(),
                Some(other)
            );
        }
        Other::String(text) => assert_eq!(value.as_str().as_deref(), Some(text.as_str())),
        Other::Array(list) => {
            assert_eq!(value.elements().count(), list.len());
            for (element, other) in value.elements().zip(list) {
                same(element, other);
            }
        }
        Other::Object(members) => {
            // The last of several of one name is what the other keeps.
            let mine: BTreeMap<_, _> = value
                .members()
                .map(|member| (member.name(), member.value))
                .collect();
            assert_eq!(mine.len(), members.len());
            for (name, value) in mine {
                same(value, &members[name.as_ref()]);
            }
        }
    }
}
