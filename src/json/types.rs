//! A schema that speaks of types alone, as a table: which type each member may have.
//!
//! Exports hold hundreds of thousands of objects, nearly all of which keep to their schema. The
//! table says so in one walk over the tape; whatever it does not vouch for goes to the validator,
//! which has the last word. So the table may be stricter than the schema, never laxer: it knows
//! names in any case, and takes no number with a fraction for an integer.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::names::Name;
use super::node::{Kind, Value};

/// A schema as a table.
#[derive(Debug)]
pub struct Types {
    root: Place,
    nodes: Vec<Node>,
}

/// What may stand at one place of the schema. All that nearly every value is asked is in one word:
/// one bit for each kind that may stand there whatever is in it, two for what may under a
/// condition, and above them which node of the table tells what may stand inside.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    /// Anything at all may stand there.
    pub const ANY: Place = Place(u32::MAX);
    const KINDS: u32 = 0xff;
    /// A number may stand there if it has no fraction.
    const INTEGER: u32 = 1 << 8;
    /// An object may stand there if it is empty (`maxProperties: 0`).
    const EMPTY: u32 = 1 << 9;

    /// The place of a node at which what these bits say may stand.
    fn of(node: u16, bits: u32) -> Place {
        Place(u32::from(node) << 16 | bits)
    }

    /// Whether `value`, which is of a kind, is certainly of a type that may stand there.
    #[inline(always)]
    pub fn takes<'r>(self, kind: Kind, value: impl FnOnce() -> Value<'r>) -> bool {
        self.0 & bit(kind) != 0 || self.takes_such(value())
    }

    /// The same of a value whose kind alone does not tell.
    #[cold]
    fn takes_such(self, value: Value<'_>) -> bool {
        match value.kind() {
            Kind::Object => self.0 & Place::EMPTY != 0 && value.is_empty(),
            Kind::Number => self.0 & Place::INTEGER != 0 && is_integer(value.raw()),
            _ => false,
        }
    }
}

/// What may stand inside a list or an object.
#[derive(Debug)]
pub(super) struct Node {
    /// What the elements of a list may be.
    pub items: Place,
    /// What members may be, by the number of their name.
    pub known: Box<[Place]>,
    /// The same for names without a number, as the schema spells them.
    others: Names,
    /// The same in lower case: modules of PowerShell spell names as they like, with a capital
    /// letter first.
    folded: Names,
}

type Names = HashMap<Box<str>, Place, foldhash::fast::RandomState>;

impl Default for Node {
    fn default() -> Self {
        Node {
            items: Place::ANY,
            known: [].into(),
            others: HashMap::default(),
            folded: HashMap::default(),
        }
    }
}

impl Types {
    /// The table of a schema; `None` when the schema asks for more than types.
    pub fn of(schema: &Json) -> Option<Types> {
        let mut making = Making {
            root: schema,
            nodes: Vec::new(),
            made: HashMap::new(),
        };
        Some(Types {
            root: making.place(schema)?,
            nodes: making.nodes,
        })
    }

    /// What the value itself may be.
    pub(super) fn root(&self) -> Place {
        self.root
    }

    /// What may stand inside what stands at a place; `None` where anything may.
    pub(super) fn inside(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place.0 as usize >> 16)
    }
}

impl Node {
    /// What the member of a name without a number may be.
    #[cold]
    pub fn other(&self, key: Value<'_>) -> Place {
        if self.others.is_empty() {
            return Place::ANY;
        }
        let name = key.decoded();
        let found = match name.as_bytes().first() {
            Some(b'A'..=b'Z') => self.folded.get(&*name.to_ascii_lowercase()),
            _ => self.others.get(&*name),
        };
        found.copied().unwrap_or(Place::ANY)
    }
}

fn bit(kind: Kind) -> u32 {
    1 << kind as u8
}

fn is_integer(number: &str) -> bool {
    !number
        .bytes()
        .any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

/// A table that is being made.
struct Making<'s> {
    root: &'s Json,
    nodes: Vec<Node>,
    /// Definitions that have a node already, by their reference.
    made: HashMap<&'s str, u16>,
}

impl<'s> Making<'s> {
    /// What a schema says of the value it describes.
    fn place(&mut self, schema: &'s Json) -> Option<Place> {
        let Some(reference) = schema.get("$ref") else {
            let inside = self.next()?;
            self.node(schema)?;
            return place(schema, inside);
        };
        let beside = |name: &String| !matches!(name.as_str(), "$ref" | "description");
        if schema.as_object()?.keys().any(beside) {
            return None;
        }
        let reference = reference.as_str()?;
        let definition = self.root.pointer(reference.strip_prefix('#')?)?;
        let inside = match self.made.get(reference) {
            Some(made) => *made,
            None => {
                let inside = self.next()?;
                // Noted before it is made: a definition may speak of itself.
                self.made.insert(reference, inside);
                self.node(definition)?;
                inside
            }
        };
        place(definition, inside)
    }

    /// The number of the node that is made next.
    fn next(&self) -> Option<u16> {
        u16::try_from(self.nodes.len()).ok()
    }

    /// Makes the node of a schema that is no reference.
    fn node(&mut self, schema: &'s Json) -> Option<()> {
        let number = self.nodes.len();
        // What is inside is made before it is.
        self.nodes.push(Node::default());
        let mut node = Node::default();
        for (word, said) in schema.as_object()? {
            match word.as_str() {
                "items" => node.items = self.place(said)?,
                "properties" => {
                    for (name, said) in said.as_object()? {
                        self.member(&mut node, name, said)?;
                    }
                }
                // These are of the value itself.
                "type" | "maxProperties" => {}
                "$schema" | "$id" | "$defs" | "$comment" | "title" | "description" => {}
                _ => return None,
            }
        }
        *self.nodes.get_mut(number)? = node;
        Some(())
    }

    /// Adds what a schema says of the members of one name.
    fn member(&mut self, node: &mut Node, name: &str, said: &'s Json) -> Option<()> {
        let member = self.place(said)?;
        match usize::from(Name::number_of(name.as_bytes())) {
            0 => {
                node.others.insert(name.into(), member);
                node.folded.insert(name.to_ascii_lowercase().into(), member);
            }
            number => {
                let mut known = std::mem::take(&mut node.known).into_vec();
                known.resize(known.len().max(number + 1), Place::ANY);
                let slot = known.get_mut(number)?;
                // One number may have two spellings in a schema: then neither is vouched for.
                if *slot != Place::ANY {
                    return None;
                }
                *slot = member;
                node.known = known.into();
            }
        }
        Some(())
    }
}

/// What a schema that is no reference says of the value itself, of which a node tells the inside.
fn place(schema: &Json, node: u16) -> Option<Place> {
    let mut bits = Place::KINDS;
    if let Some(said) = schema.get("type") {
        bits = 0;
        let all = said.as_array().map(Vec::as_slice);
        for name in all.unwrap_or(std::slice::from_ref(said)) {
            bits |= match name.as_str()? {
                "null" => bit(Kind::Null),
                "boolean" => bit(Kind::True) | bit(Kind::False),
                "integer" => Place::INTEGER,
                "number" => bit(Kind::Number),
                "string" => bit(Kind::String),
                "array" => bit(Kind::Array),
                "object" => bit(Kind::Object),
                _ => return None,
            };
        }
    }
    match schema.get("maxProperties").map(Json::as_u64) {
        None => {}
        Some(Some(0)) if bits & bit(Kind::Object) != 0 => {
            bits = bits & !bit(Kind::Object) | Place::EMPTY;
        }
        Some(Some(0)) => {}
        Some(_) => return None,
    }
    Some(Place::of(node, bits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::Types;
    use crate::json::schema::Schema;
    use crate::json::survey::survey;
    use crate::json::{Tape, read};

    fn allow(types: &Types, text: &str) -> bool {
        let mut tape = Tape::default();
        read::parse(text, 0, &mut tape).unwrap();
        survey(tape.root(text), Some(types), |_| false, |_| false).fits
    }

    #[test]
    fn types_members_and_elements() {
        let schema = json!({
            "type": "object",
            "properties": {
                "id": {"type": ["string", "null"]},
                "odd": {"type": ["array", "object"], "maxProperties": 0, "items": {"$ref": "#/$defs/x"}},
                "count": {"type": "integer"},
            },
            "$defs": {"x": {"type": "object", "properties": {"odd": {"$ref": "#/$defs/x"}}}},
        });
        let types = Types::of(&schema).unwrap();
        for good in [
            "{}",
            r#"{"id": "x", "odd": [{"odd": {"odd": {}}}], "count": 1, "more": [1, {}]}"#,
            r#"{"id": null, "odd": {}, "Odd": [], "MORE": 1}"#,
        ] {
            assert!(allow(&types, good), "{good}");
        }
        for bad in [
            "[]",
            r#"{"id": 1}"#,
            r#"{"ID": 1}"#,
            r#"{"odd": {"a": 1}}"#,
            r#"{"odd": [{}, 1]}"#,
            r#"{"odd": [{"odd": [1]}]}"#,
            r#"{"ODD": 1}"#,
            r#"{"\u006fdd": 1}"#,
            r#"{"count": 1.5}"#,
            r#"{"more": [], "count": "1"}"#,
        ] {
            assert!(!allow(&types, bad), "{bad}");
        }
        assert!(Types::of(&json!({"required": ["id"]})).is_none());
    }

    /// Values of members that the schemas know, in many spellings, of right and wrong types.
    fn value() -> impl Strategy<Value = serde_json::Value> {
        let names = prop::sample::select(vec![
            "id",
            "Id",
            "ID",
            "appId",
            "displayName",
            "info",
            "logoUrl",
            "LogoUrl",
            "LOGOURL",
            "logourl",
            "web",
            "redirectUris",
            "implicitGrantSettings",
            "api",
            "hint",
            "Hint",
            "passwordCredentials",
            "keyId",
            "resourceAccess",
            "requiredResourceAccess",
            "type",
            "oauth2PermissionScopes",
            "isEnabled",
            "certification",
            "verifiedPublisher",
            "other",
            "requestedAccessTokenVersion",
            "identifierUris",
            "owners",
            "addIns",
            "properties",
        ]);
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(|b| json!(b)),
            Just(json!(2)),
            Just(json!(1.5)),
            Just(json!("text")),
        ];
        leaf.prop_recursive(4, 64, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(|list| json!(list)),
                prop::collection::hash_map(names.clone(), inner, 0..8)
                    .prop_map(|members| json!(members)),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_table_is_never_laxer_than_the_validator(value in value()) {
            let text = value.to_string();
            let mut tape = Tape::default();
            read::parse(&text, 0, &mut tape).unwrap();
            for schema in Schema::ALL.into_iter().filter(|schema| schema.is_of_input()) {
                let types = schema.types().expect("a schema of types alone");
                if survey(tape.root(&text), Some(types), |_| false, |_| false).fits {
                    prop_assert!(schema.is_valid(tape.root(&text)), "{schema:?} {text}");
                }
            }
        }
    }
}
