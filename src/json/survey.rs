//! One walk over a value that vouches for what nearly every object of an export is: each name
//! stands once, strings begin like plain ones, members have the types of a schema.
//!
//! It may doubt without reason, never vouch without one: who needs to know for good looks again.

use super::names::{Mark, Name};
use super::node::{Kind, Node, Value};
use super::types::{self, Place, Types};

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

/// What a walk does not vouch for, one bit for each field of [`Survey`]: they are put together for
/// every value.
type Doubts = u8;

const TWICE: Doubts = 1;
const ODD: Doubts = 2;
const UNFIT: Doubts = 4;
const ESCAPED: Doubts = 8;

impl Survey {
    fn of(doubts: Doubts) -> Survey {
        Survey {
            distinct: doubts & TWICE == 0,
            plain: doubts & ODD == 0,
            fits: doubts & UNFIT == 0,
            escaped: doubts & ESCAPED != 0,
        }
    }
}

/// The doubt, if there is reason for it.
#[inline(always)]
fn doubt(doubt: Doubts, is_so: bool) -> Doubts {
    Doubts::from(is_so) * doubt
}

/// Names of an object, as bits: known ones by their number, others, of which there are hardly any,
/// by their mark.
#[derive(Default)]
struct Names {
    known: [u64; (Name::COUNT + 1).div_ceil(64)],
    others: Option<[u64; 8]>,
}

impl Names {
    /// Adds the name of a number; whether it may have been there.
    #[inline(always)]
    fn add(&mut self, number: usize) -> bool {
        add(&mut self.known, number)
    }

    /// Adds a name without a number.
    #[cold]
    fn add_other(&mut self, key: Value<'_>) -> bool {
        let mark = Mark::of_key(key).summary();
        add(self.others.get_or_insert_default(), (mark >> 55) as usize)
    }
}

#[inline(always)]
fn add(bits: &mut [u64], number: usize) -> bool {
    let Some(word) = bits.get_mut(number / 64) else {
        return true;
    };
    let bit = number % 64;
    let there = *word >> bit & 1 != 0;
    *word |= 1 << bit;
    there
}

/// Containers in one another that are looked at: fewer than ten in those there are.
const DEEPEST: usize = 16;

/// Walks over `value`: do its members have the types of a schema (any, where none is given), and
/// are its strings such that `is_odd` says no? It is asked where `may_be_odd` says so of a string's
/// first byte, escapes not decoded: of an empty one the closing quote.
#[inline(always)]
pub fn survey<'r>(
    value: Value<'r>,
    types: Option<&Types>,
    may_be_odd: impl Fn(u8) -> bool,
    is_odd: impl Fn(Value<'r>) -> bool,
) -> Survey {
    let walk = Walk {
        root: value,
        types,
        may_be_odd,
        is_odd,
    };
    let place = types.map_or(Place::ANY, Types::root);
    Survey::of(walk.value(value.index() as usize, value.node(), place, 0))
}

struct Walk<'t, 'r, M, F> {
    root: Value<'r>,
    types: Option<&'t Types>,
    may_be_odd: M,
    is_odd: F,
}

impl<'t, 'r, M: Fn(u8) -> bool, F: Fn(Value<'r>) -> bool> Walk<'t, 'r, M, F> {
    /// Looks at the value with the node `here`, the one `at` this place of the tape.
    #[inline(always)]
    fn value(&self, at: usize, here: &Node, place: Place, depth: usize) -> Doubts {
        let value = || self.root.on_tape(at as u32);
        let inside = match here.kind {
            Kind::String => {
                let first = self.root.text.as_bytes().get(here.start as usize + 1);
                let is_odd =
                    first.is_none_or(|first| (self.may_be_odd)(*first) && (self.is_odd)(value()));
                doubt(ODD, is_odd) | doubt(ESCAPED, here.escaped)
            }
            Kind::Object if here.count > 0 => self.object(at, here, place, depth),
            Kind::Array if here.count > 0 => self.list(at, here, place, depth),
            _ => 0,
        };
        inside | doubt(UNFIT, !place.takes(here.kind, value))
    }

    fn object(&self, at: usize, here: &Node, place: Place, depth: usize) -> Doubts {
        let Some((mut rest, inside)) = self.open(at, here, place, depth) else {
            return Doubts::MAX;
        };
        let known = inside.map_or(Default::default(), |inside| &*inside.known);
        let mut names = Names::default();
        let mut doubts = 0;
        let mut at = at + 1;
        while let [key, value, behind @ ..] = rest {
            let (twice, place) = match usize::from(key.count) {
                0 => {
                    let key = self.root.on_tape(at as u32);
                    let place = inside.map_or(Place::ANY, |inside| inside.other(key));
                    (names.add_other(key), place)
                }
                number => {
                    let place = known.get(number).copied().unwrap_or(Place::ANY);
                    (names.add(number), place)
                }
            };
            doubts |= doubt(TWICE, twice) | doubt(ESCAPED, key.escaped);
            doubts |= self.value(at + 1, value, place, depth + 1);
            rest = rest_behind(behind, at + 2, value);
            at = value.next as usize;
        }
        doubts
    }

    fn list(&self, at: usize, here: &Node, place: Place, depth: usize) -> Doubts {
        let Some((mut rest, inside)) = self.open(at, here, place, depth) else {
            return Doubts::MAX;
        };
        let items = inside.map_or(Place::ANY, |inside| inside.items);
        let mut doubts = 0;
        let mut at = at + 1;
        while let [value, behind @ ..] = rest {
            doubts |= self.value(at, value, items, depth + 1);
            rest = rest_behind(behind, at + 1, value);
            at = value.next as usize;
        }
        doubts
    }

    /// What is in a container, and what may be; `None` if too many are around it.
    fn open(
        &self,
        at: usize,
        here: &Node,
        place: Place,
        depth: usize,
    ) -> Option<(&'r [Node], Option<&'t types::Node>)> {
        let inside = self.root.tape.get(at + 1..here.next as usize)?;
        let may_be = self.types.and_then(|types| types.inside(place));
        (depth < DEEPEST).then_some((inside, may_be))
    }
}

/// What of the tape is left behind all that is in `value`, where `behind` begins with the node `at`
/// this place, the one behind its own.
#[inline(always)]
fn rest_behind<'r>(behind: &'r [Node], at: usize, value: &Node) -> &'r [Node] {
    let next = value.next as usize;
    if next == at {
        return behind;
    }
    let inside = next.checked_sub(at);
    inside
        .and_then(|inside| behind.get(inside..))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::{Tape, read};

    fn look(text: &str) -> Survey {
        let mut tape = Tape::default();
        read::parse(text, 0, &mut tape).unwrap();
        survey(tape.root(text), None, |first| first == b'@', |_| true)
    }

    #[test]
    fn names_strings_and_escapes() {
        let all = Survey::of(0);
        assert!(all.distinct && all.plain && all.fits && !all.escaped);
        let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        for good in [
            "1",
            "[]",
            r#"[{"appId": "x", "x": {"appId": ""}}, {"appId": "y", "api": [], "z": "a@"}]"#,
            &nested(DEEPEST),
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
        assert_eq!(look(&nested(DEEPEST + 1)), Survey::of(Doubts::MAX));
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
            let survey = survey(tape.root(&text), None, |_| false, |_| false);
            prop_assert!(!(survey.distinct && twice), "{text}");
            // Of so few names, none are taken for others.
            prop_assert_eq!(survey.distinct, !twice, "{}", text);
        }
    }
}
