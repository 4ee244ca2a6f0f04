//! One walk over a value that vouches for what nearly every object of an export is: each name
//! stands once, strings begin like plain ones, members have the types of a schema.
//!
//! It may doubt without reason, never vouch without one: who needs to know for good looks again.

use super::names::{Mark, Name};
use super::node::{Kind, Value};
use super::types::{ANY, Types};

/// What one walk tells of a value.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// In no object two names are equal without regard to case.
    pub distinct: bool,
    /// No string is odd to whoever asks.
    pub plain: bool,
    /// The schema allows all of it.
    pub fits: bool,
    /// A string or a name is written with escapes.
    pub escaped: bool,
}

impl Survey {
    /// Nothing was looked at.
    const DOUBT: Survey = Survey {
        distinct: false,
        plain: false,
        fits: false,
        escaped: true,
    };
}

/// A container that is being looked at.
#[derive(Copy, Clone)]
struct Open {
    /// The index behind all that is in it.
    behind: u32,
    /// Its place in the schema.
    place: u32,
    /// What its elements may be, if it is a list; [`ANY`] of an object.
    items: u32,
    list: bool,
}

/// Names of an object, as bits: known ones by their number, others by their mark.
#[derive(Copy, Clone)]
struct Names {
    known: [u64; (Name::COUNT + 1).div_ceil(64)],
    others: [u64; 8],
}

impl Names {
    const NONE: Names = Names {
        known: [0; (Name::COUNT + 1).div_ceil(64)],
        others: [0; 8],
    };

    /// Adds the name of a number; whether it certainly was not there.
    #[inline(always)]
    fn add(&mut self, number: usize) -> bool {
        add(&mut self.known, number)
    }

    /// Adds a name without a number.
    #[inline(never)]
    fn add_other(&mut self, key: Value<'_>) -> bool {
        add(
            &mut self.others,
            (Mark::of_key(key).summary() >> 55) as usize,
        )
    }
}

#[inline(always)]
fn add(bits: &mut [u64], number: usize) -> bool {
    let Some(word) = bits.get_mut(number / 64) else {
        return false;
    };
    let bit = 1 << (number % 64);
    let new = *word & bit == 0;
    *word |= bit;
    new
}

/// Containers in one another that are looked at: fewer than ten in those there are.
const DEEPEST: usize = 16;

/// Walks over `value`: do its members have the types of a schema (any, where none is given), and
/// are its strings such that `is_odd` says no?
#[inline(always)]
pub fn survey<'r>(
    value: Value<'r>,
    types: Option<&Types>,
    is_odd: impl Fn(Value<'r>) -> bool,
) -> Survey {
    let mut survey = Survey {
        distinct: true,
        plain: true,
        fits: true,
        escaped: false,
    };
    let end = value.node().next;
    // As if the value were the one element of a list.
    let mut open = Open {
        behind: end,
        place: ANY,
        items: if types.is_some() { 0 } else { ANY },
        list: true,
    };
    let mut around = [open; DEEPEST];
    let mut names = [Names::NONE; DEEPEST];
    let mut depth = 0;
    let mut at = value.index();
    loop {
        while at >= open.behind {
            if depth == 0 {
                return survey;
            }
            depth -= 1;
            open = around[depth];
        }
        let mut wanted = open.items;
        if !open.list {
            let key = &value.tape[at as usize];
            survey.escaped |= key.escaped;
            survey.distinct &= match usize::from(key.count) {
                0 => names[depth].add_other(value.on_tape(at)),
                number => names[depth].add(number),
            };
            if let Some(types) = types {
                wanted = types.member(open.place, key, || value.on_tape(at));
            }
            at += 1;
        }
        let node = &value.tape[at as usize];
        if node.kind == Kind::String {
            survey.escaped |= node.escaped;
            survey.plain &= !is_odd(value.on_tape(at));
        }
        if let Some(types) = types {
            survey.fits &= types.takes(wanted, node, || value.on_tape(at));
        }
        at += 1;
        if node.next > at {
            around[depth] = open;
            depth += 1;
            if depth == DEEPEST {
                return Survey::DOUBT;
            }
            names[depth] = Names::NONE;
            let list = node.kind == Kind::Array;
            let items = types.filter(|_| list).map(|types| types.items(wanted));
            open = Open {
                behind: node.next,
                place: wanted,
                items: items.unwrap_or(ANY),
                list,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::{Tape, read};

    fn look(text: &str) -> Survey {
        let mut tape = Tape::default();
        read::parse(text, 0, &mut tape).unwrap();
        survey(tape.root(text), None, |text| {
            text.first_byte() == Some(b'@')
        })
    }

    #[test]
    fn names_strings_and_escapes() {
        let all = Survey {
            distinct: true,
            plain: true,
            fits: true,
            escaped: false,
        };
        for good in [
            "1",
            "[]",
            r#"[{"appId": "x", "x": {"appId": ""}}, {"appId": "y", "api": [], "z": "a@"}]"#,
        ] {
            assert_eq!(look(good), all, "{good}");
        }
        for twice in [
            r#"{"appId": 1, "APPID": 2}"#,
            r#"{"own": 1, "web": {"own": 1}, "Own": 2}"#,
            r#"[{"a": {}}, {"web": {}, "spa": {"web": 1}, "web": 1}]"#,
        ] {
            assert!(!look(twice).distinct, "{twice}");
        }
        assert!(!look(r#"{"a": ["b", "@c"]}"#).plain);
        assert!(look(r#"{"\u0061": 1}"#).escaped);
        assert!(look(r#"["\n"]"#).escaped);
        let deep = format!("{}1{}", "[".repeat(16), "]".repeat(16));
        assert_eq!(look(&deep), Survey::DOUBT);
    }

    /// An object of few names, so that some stand twice.
    fn object() -> impl Strategy<Value = String> {
        let name = prop::sample::select(vec![
            "appId", "AppId", "id", "x", "X", "\\u0078", "yy", "web",
        ]);
        let leaf = prop_oneof![
            Just("1".to_owned()),
            Just("[]".to_owned()),
            Just("{}".to_owned())
        ];
        leaf.prop_recursive(4, 32, 5, move |inner| {
            prop::collection::vec((name.clone(), inner), 0..5).prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\": {value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            })
        })
    }

    proptest! {
        #[test]
        fn what_it_vouches_for_is_so(text in object()) {
            let mut tape = Tape::default();
            read::parse(&text, 0, &mut tape).unwrap();
            let twice = tape.root(&text).descendants().any(|value| {
                let mut names: Vec<String> =
                    value.members().map(|member| member.name().to_ascii_lowercase()).collect();
                let count = names.len();
                names.sort();
                names.dedup();
                names.len() < count
            });
            let survey = survey(tape.root(&text), None, |_| false);
            prop_assert!(!(survey.distinct && twice), "{text}");
            // Of so few names, none are taken for others.
            prop_assert_eq!(survey.distinct, !twice, "{}", text);
        }
    }
}
