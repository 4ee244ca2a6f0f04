//! A schema that speaks of types alone, as a table: which type each member may have.
//!
//! Exports hold hundreds of thousands of objects, nearly all of which keep to their schema. The
//! table says so in one walk over the tape; whatever it does not vouch for goes to the validator,
//! which has the last word. So the table may be stricter than the schema, never laxer: it knows
//! names in any case, and takes no number with a fraction for an integer.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::names::Name;
use super::node::{Kind, Node as Here, Value};

/// A schema as a table.
#[derive(Debug)]
pub struct Types {
    nodes: Vec<Node>,
}

/// What a value at one place of the schema may be.
#[derive(Debug)]
struct Node {
    /// One bit for each kind.
    kinds: u8,
    /// An object has to be empty (`maxProperties: 0`).
    empty: bool,
    /// What the elements of a list may be.
    items: u32,
    /// What members may be, by the number of their name.
    known: Box<[u32]>,
    /// The same for names without a number, as the schema spells them.
    others: Names,
    /// The same in lower case: modules of PowerShell spell names as they like, with a capital
    /// letter first.
    folded: Names,
}

type Names = HashMap<Box<str>, u32, foldhash::fast::RandomState>;

impl Default for Node {
    fn default() -> Self {
        Node {
            kinds: u8::MAX,
            empty: false,
            items: ANY,
            known: [].into(),
            others: HashMap::default(),
            folded: HashMap::default(),
        }
    }
}

/// Anything at all may stand there.
pub(super) const ANY: u32 = u32::MAX;

impl Types {
    /// The table of a schema; `None` when the schema asks for more than types.
    pub fn of(schema: &Json) -> Option<Types> {
        let mut making = Making {
            root: schema,
            nodes: Vec::new(),
            made: HashMap::new(),
        };
        making.node(schema)?;
        Some(Types {
            nodes: making.nodes,
        })
    }

    /// Whether a value that stands at a place of the schema is certainly of a type it may have;
    /// `value` has the node `here`.
    #[inline(always)]
    pub fn takes<'r>(&self, place: u32, here: &Here, value: impl FnOnce() -> Value<'r>) -> bool {
        let Some(node) = self.nodes.get(place as usize) else {
            return true;
        };
        node.kinds & bit(here.kind) != 0
            && match here.kind {
                Kind::Object => !node.empty || here.count == 0,
                Kind::Number => node.kinds & NUMBER != 0 || is_integer(value().raw()),
                _ => true,
            }
    }

    /// What the elements of a list at a place may be.
    pub fn items(&self, place: u32) -> u32 {
        self.nodes
            .get(place as usize)
            .map_or(ANY, |node| node.items)
    }

    /// What the member of a name may be, of an object at a place; `key` has the node `here`.
    #[inline(always)]
    pub fn member<'r>(&self, place: u32, here: &Here, key: impl FnOnce() -> Value<'r>) -> u32 {
        let Some(node) = self.nodes.get(place as usize) else {
            return ANY;
        };
        if here.count > 0 {
            let known = node.known.get(usize::from(here.count));
            return known.copied().unwrap_or(ANY);
        }
        if node.others.is_empty() {
            return ANY;
        }
        node.other(key())
    }
}

impl Node {
    /// What the member of a name without a number may be.
    #[cold]
    fn other(&self, key: Value<'_>) -> u32 {
        let name = key.decoded();
        let found = match name.as_bytes().first() {
            Some(b'A'..=b'Z') => self.folded.get(&*name.to_ascii_lowercase()),
            _ => self.others.get(&*name),
        };
        found.copied().unwrap_or(ANY)
    }
}

/// `number`, beside which `integer` is the same bit of [`Kind::Number`]; no value is a key.
const NUMBER: u8 = 1 << Kind::Key as u8;

fn bit(kind: Kind) -> u8 {
    1 << kind as u8
}

fn is_integer(number: &str) -> bool {
    !number
        .bytes()
        .any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

fn bits(name: &str) -> Option<u8> {
    Some(match name {
        "null" => bit(Kind::Null),
        "boolean" => bit(Kind::True) | bit(Kind::False),
        "integer" => bit(Kind::Number),
        "number" => bit(Kind::Number) | NUMBER,
        "string" => bit(Kind::String),
        "array" => bit(Kind::Array),
        "object" => bit(Kind::Object),
        _ => return None,
    })
}

/// A table that is being made.
struct Making<'s> {
    root: &'s Json,
    nodes: Vec<Node>,
    /// Definitions that have a node already, by their reference.
    made: HashMap<&'s str, u32>,
}

impl<'s> Making<'s> {
    fn node(&mut self, schema: &'s Json) -> Option<u32> {
        let schema = schema.as_object()?;
        if let Some(reference) = schema.get("$ref") {
            let beside = |name: &&String| !matches!(name.as_str(), "$ref" | "description");
            let reference = reference.as_str()?;
            if schema.keys().any(|name| beside(&name)) {
                return None;
            }
            if let Some(made) = self.made.get(reference) {
                return Some(*made);
            }
            // Noted before it is made: a definition may speak of itself.
            self.made.insert(reference, self.nodes.len() as u32);
            return self.node(self.root.pointer(reference.strip_prefix('#')?)?);
        }
        let number = self.nodes.len() as u32;
        // Its members are made before it is.
        self.nodes.push(Node::default());
        let mut node = Node::default();
        for (word, said) in schema {
            match word.as_str() {
                "type" => {
                    let one = |name: &Json| bits(name.as_str()?);
                    node.kinds = match said.as_array() {
                        Some(all) => all
                            .iter()
                            .map(one)
                            .try_fold(0, |kinds, kind| Some(kinds | kind?))?,
                        None => one(said)?,
                    };
                }
                "maxProperties" if said.as_u64() == Some(0) => node.empty = true,
                "items" => node.items = self.node(said)?,
                "properties" => {
                    for (name, said) in said.as_object()? {
                        let member = self.node(said)?;
                        match usize::from(Name::number_of(name.as_bytes())) {
                            0 => {
                                node.others.insert(name.as_str().into(), member);
                                node.folded.insert(name.to_ascii_lowercase().into(), member);
                            }
                            number => {
                                let mut known = std::mem::take(&mut node.known).into_vec();
                                known.resize(known.len().max(number + 1), ANY);
                                // One number may have two spellings in a schema: then neither
                                // is vouched for.
                                if known[number] != ANY {
                                    return None;
                                }
                                known[number] = member;
                                node.known = known.into();
                            }
                        }
                    }
                }
                "$schema" | "$id" | "$defs" | "$comment" | "title" | "description" => {}
                _ => return None,
            }
        }
        *self.nodes.get_mut(number as usize)? = node;
        Some(number)
    }
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
        survey(tape.root(text), Some(types), |_| false).fits
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
                if survey(tape.root(&text), Some(types), |_| false).fits {
                    prop_assert!(schema.is_valid(tape.root(&text)), "{schema:?} {text}");
                }
            }
        }
    }
}
