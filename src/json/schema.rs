//! Schema checks on the tape: the one file that knows the `jsonschema` crate.
//!
//! The crate validates foreign trees, so records are checked in place. A schema of input is
//! compiled (1.5 ms each) when the first object turns up that its table of types does not vouch
//! for. The crate's own messages quote values, which may be secrets: only places and expected
//! types leave this module.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use jsonschema::JsonType;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::json;
use jsonschema::paths::LocationSegment;

use super::node::{Elements, Kind, Members, Value};
use super::survey::{Survey, survey};
use super::types::Types;
use crate::model::Span;

macro_rules! schemas {
    ($($schema:ident = $name:literal, $title:literal, $file:literal;)*) => {
        /// A schema that ships with the tool.
        #[derive(Copy, Clone, Debug, PartialEq, Eq)]
        pub enum Schema {
            $($schema,)*
        }

        impl Schema {
            pub const ALL: [Schema; [$($name),*].len()] = [$(Schema::$schema),*];

            /// The name `entralint schema` takes.
            pub fn name(self) -> &'static str {
                match self {
                    $(Schema::$schema => $name,)*
                }
            }

            /// What it describes, in a few words.
            pub fn title(self) -> &'static str {
                match self {
                    $(Schema::$schema => $title,)*
                }
            }

            /// The schema itself (JSON Schema 2020-12).
            pub fn text(self) -> &'static str {
                match self {
                    $(Schema::$schema => {
                        include_str!(concat!("../../schemas/", $file, ".schema.json"))
                    })*
                }
            }
        }
    };
}

schemas! {
    Application = "application", "an app registration as Microsoft Graph shows it", "input/application";
    ApplicationLegacy = "application-legacy", "an app registration in the retired Azure AD Graph format", "input/application-legacy";
    RequiredResourceAccess = "required-resource-access", "the list for az ad app create --required-resource-accesses", "input/required-resource-access";
    ServicePrincipal = "service-principal", "a service principal", "input/service-principal";
    DelegatedGrant = "oauth2-permission-grant", "a delegated permission grant", "input/oauth2-permission-grant";
    AppRoleAssignment = "app-role-assignment", "an assignment of an app role", "input/app-role-assignment";
    FederatedCredential = "federated-identity-credential", "a federated identity credential", "input/federated-identity-credential";
    Credential = "credential", "a row of a list of secrets or certificates", "input/credential";
    DirectoryObject = "directory-object", "a user, group, device, owner or member", "input/directory-object";
    RoleAssignment = "role-assignment", "an Azure role assignment, or a row of its schedule", "input/role-assignment";
    RoleDefinition = "role-definition", "an Azure role definition", "input/role-definition";
    DenyAssignment = "deny-assignment", "an Azure deny assignment", "input/deny-assignment";
    DirectoryRoleAssignment = "directory-role-assignment", "an assignment of a Microsoft Entra role", "input/directory-role-assignment";
    DigitalTwinsInstance = "digital-twins-instance", "an Azure Digital Twins instance", "input/digital-twins-instance";
    SignInActivity = "sign-in-activity", "when an application was last used", "input/sign-in-activity";
    ManagementGroup = "management-group", "a row of az account management-group entities list", "input/management-group";
    AuthorizationPolicy = "authorization-policy", "what users may do in a tenant", "input/authorization-policy";
    ConsentPolicy = "admin-consent-request-policy", "who answers requests for consent", "input/admin-consent-request-policy";
    AppManagementPolicy = "app-management-policy", "which credentials applications may have", "input/app-management-policy";
    Access = "access", "the report of access --format json", "access";
    Diff = "diff", "the report of diff --format json", "diff";
    Report = "report", "the report of check --format json", "report";
    Baseline = "baseline", "the baseline of check --write-baseline", "baseline";
    Rules = "rules", "the catalogue of rules --format json", "rules";
    Config = "config", "entralint.toml", "config";
}

impl Schema {
    /// Whether it describes input, and not what the tool itself writes or is told.
    pub fn is_of_input(self) -> bool {
        !matches!(
            self,
            Schema::Access
                | Schema::Diff
                | Schema::Report
                | Schema::Baseline
                | Schema::Rules
                | Schema::Config
        )
    }

    #[expect(clippy::expect_used, reason = "embedded text, compiled by the tests")]
    fn validator(self) -> &'static jsonschema::Validator<Spanned> {
        static COMPILED: [OnceLock<jsonschema::Validator<Spanned>>; Schema::ALL.len()] =
            [const { OnceLock::new() }; Schema::ALL.len()];
        COMPILED[self as usize].get_or_init(|| {
            let schema = serde_json::from_str(self.text()).expect("an embedded schema is JSON");
            jsonschema::options_for::<Spanned>()
                .with_draft(jsonschema::Draft::Draft202012)
                .should_validate_formats(true)
                .with_pattern_options(jsonschema::PatternOptions::regex())
                .build(&schema)
                .expect("an embedded schema is a schema")
        })
    }

    /// Compiles the schema ahead of its first use.
    pub fn prepare(self) {
        self.validator();
    }

    /// The schema as a table, if it speaks of types alone, as those of input do.
    pub(super) fn types(self) -> Option<&'static Types> {
        static TABLES: [OnceLock<Option<Types>>; Schema::ALL.len()] =
            [const { OnceLock::new() }; Schema::ALL.len()];
        TABLES[self as usize]
            .get_or_init(|| Types::of(&serde_json::from_str(self.text()).ok()?))
            .as_ref()
    }

    /// Whether the validator finds nothing wrong.
    #[cfg(test)]
    pub(super) fn is_valid(self, value: Value<'_>) -> bool {
        self.validator().is_valid(TreeNode::Value(value))
    }

    /// Looks over `value`, as [`survey`] does: whether this schema allows it is part of it.
    #[inline(always)]
    pub fn survey<'r>(
        self,
        value: Value<'r>,
        may_be_odd: impl Fn(u8) -> bool,
        is_odd: impl Fn(Value<'r>) -> bool,
    ) -> Survey {
        let types = self.types();
        let mut survey = survey(value, types, may_be_odd, is_odd);
        survey.fits &= types.is_some();
        survey
    }

    /// Where `value` does not have the shape the schema describes. It is asked for what
    /// [`Schema::survey`] does not vouch for.
    pub fn mismatches(self, value: Value<'_>) -> Vec<Mismatch> {
        let node = TreeNode::Value(value);
        self.validator()
            .iter_errors(node)
            // Finding the place of each walks the record; a hostile one has millions.
            .take(MOST_MISMATCHES)
            .filter_map(|error| {
                let (place, name) = resolve(value, error.instance_path())?;
                Some(Mismatch {
                    span: place.span(),
                    found: place.kind(),
                    text: place.as_str().map(Cow::into_owned),
                    name,
                    expected: expected(error.kind()),
                })
            })
            .collect()
    }
}

impl Schema {
    /// What of `value` does not keep to the schema, and where: at most `most` places, each with a
    /// sentence that quotes no value, though it may quote a member's name.
    pub fn faults(self, value: Value<'_>, most: usize) -> Vec<(Span, String)> {
        let errors = self.validator().iter_errors(TreeNode::Value(value));
        errors
            .take(most)
            .map(|error| {
                let place = resolve(value, error.instance_path()).map(|(place, _)| place);
                let what = error.masked_with("the value").to_string();
                (place.unwrap_or(value).span(), what)
            })
            .collect()
    }
}

/// Mismatches reported of one record.
const MOST_MISMATCHES: usize = 100;

/// One value of the wrong JSON type.
#[derive(Clone, Debug)]
pub struct Mismatch {
    pub span: Span,
    pub found: Kind,
    /// The text of a string, to tell placeholders and cut-off values from plain mistakes; it may
    /// be a secret and is never printed.
    pub text: Option<String>,
    /// The property's name as the schema spells it.
    pub name: String,
    /// The types the schema allows, null left out.
    pub expected: Vec<&'static str>,
}

fn expected(kind: &ValidationErrorKind) -> Vec<&'static str> {
    let types: Vec<JsonType> = match kind {
        ValidationErrorKind::Type {
            kind: TypeKind::Single(one),
        } => vec![*one],
        ValidationErrorKind::Type {
            kind: TypeKind::Multiple(set),
        } => set.iter().collect(),
        // `maxProperties: 0` beside `items`: an empty object may stand for an empty list.
        ValidationErrorKind::MaxProperties { .. } => vec![JsonType::Array],
        _ => Vec::new(),
    };
    let mut names: Vec<&'static str> = types
        .into_iter()
        .filter(|kind| *kind != JsonType::Null)
        .map(JsonType::as_str)
        .collect();
    // A list that may also be an empty object is a list to people.
    if names.contains(&"array") {
        names.retain(|name| *name != "object");
    }
    names
}

/// The value at a location, and the last property name on the way.
fn resolve<'r>(root: Value<'r>, path: &jsonschema::paths::Location) -> Option<(Value<'r>, String)> {
    let mut here = root;
    let mut name = String::new();
    for segment in path {
        match segment {
            LocationSegment::Property(property) => {
                here = here.get(&property)?;
                name = property.into_owned();
            }
            LocationSegment::Index(index) => here = here.elements().nth(index)?,
        }
    }
    Some((here, name))
}

/// The schema's spelling of a property name that a PowerShell module wrote in Pascal case.
#[expect(clippy::expect_used, reason = "embedded text, compiled by the tests")]
fn canonical(name: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<String, String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut names = HashMap::new();
        for schema in Schema::ALL
            .into_iter()
            .filter(|schema| schema.is_of_input())
        {
            let schema: serde_json::Value =
                serde_json::from_str(schema.text()).expect("an embedded schema is JSON");
            collect_names(&schema, &mut names);
        }
        names
    });
    names.get(&name.to_ascii_lowercase()).map(String::as_str)
}

fn collect_names(schema: &serde_json::Value, names: &mut HashMap<String, String>) {
    let Some(object) = schema.as_object() else {
        return;
    };
    for (key, value) in object {
        match (key.as_str(), value.as_object()) {
            ("properties", Some(properties)) => {
                for (name, property) in properties {
                    names.insert(name.to_ascii_lowercase(), name.clone());
                    collect_names(property, names);
                }
            }
            ("$defs", Some(definitions)) => {
                for definition in definitions.values() {
                    collect_names(definition, names);
                }
            }
            _ => collect_names(value, names),
        }
    }
}

/// The tape as a JSON representation of the `jsonschema` crate.
struct Spanned;

#[derive(Copy, Clone)]
enum TreeNode<'a> {
    Value(Value<'a>),
    /// A member's name, for `propertyNames`.
    Name(&'a str),
}

impl json::Json for Spanned {
    type Node<'a> = TreeNode<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    // A look-up walks the members, so one pass over them is never dearer.
    const KEYS_PER_LOOKUP: usize = usize::MAX >> 8;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(TreeNode<'_>) -> T) -> T {
        f(TreeNode::Name(string))
    }
}

impl<'a> json::Node<'a, Spanned> for TreeNode<'a> {
    type Object = TreeObject<'a>;
    type Array = TreeArray<'a>;
    type Number = serde_json::Number;

    fn as_object(&self) -> Option<TreeObject<'a>> {
        match self {
            TreeNode::Value(value) if value.is_object() => Some(TreeObject(*value)),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<TreeArray<'a>> {
        match self {
            TreeNode::Value(value) if value.is_array() => Some(TreeArray(*value)),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            TreeNode::Value(value) => value.as_str(),
            TreeNode::Name(name) => Some(Cow::Borrowed(name)),
        }
    }

    fn as_number(&self) -> Option<serde_json::Number> {
        match self {
            TreeNode::Value(value) if value.kind() == Kind::Number => {
                // What does not fit (1e400) is a number all the same.
                Some(
                    serde_json::from_str(value.raw())
                        .unwrap_or_else(|_| serde_json::Number::from(0)),
                )
            }
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            TreeNode::Value(value) => value.as_bool(),
            TreeNode::Name(_) => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, TreeNode::Value(value) if value.is_null())
    }

    fn is_number(&self) -> bool {
        matches!(self, TreeNode::Value(value) if value.kind() == Kind::Number)
    }

    fn json_type(&self) -> JsonType {
        match self {
            TreeNode::Name(_) => JsonType::String,
            TreeNode::Value(value) => match value.kind() {
                Kind::Null => JsonType::Null,
                Kind::False | Kind::True => JsonType::Boolean,
                Kind::Number => JsonType::Number,
                Kind::String | Kind::Key => JsonType::String,
                Kind::Array => JsonType::Array,
                Kind::Object => JsonType::Object,
            },
        }
    }

    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        // Only reached for error values, which are never shown: nothing of the input goes in.
        Cow::Owned(serde_json::Value::Null)
    }

    fn identity(&self) -> Option<json::NodeIdentity> {
        match self {
            TreeNode::Value(value) => Some(json::NodeIdentity::tagged(
                std::ptr::from_ref(value.tape).cast::<u8>() as usize,
                value.at,
            )),
            TreeNode::Name(_) => None,
        }
    }
}

#[derive(Copy, Clone)]
struct TreeObject<'a>(Value<'a>);

impl<'a> json::Object<'a, Spanned> for TreeObject<'a> {
    type Node = TreeNode<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = TreeMembers<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &String) -> Option<TreeNode<'a>> {
        self.0.get(key).map(TreeNode::Value)
    }

    fn members(&self) -> TreeMembers<'a> {
        TreeMembers(self.0.members())
    }
}

struct TreeMembers<'a>(Members<'a>);

impl<'a> Iterator for TreeMembers<'a> {
    type Item = (Cow<'a, str>, TreeNode<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let member = self.0.next()?;
        let name = member.name();
        let name = match name.as_bytes().first() {
            Some(b'A'..=b'Z') => canonical(&name).map_or(name, Cow::Borrowed),
            _ => name,
        };
        Some((name, TreeNode::Value(member.value)))
    }
}

#[derive(Copy, Clone)]
struct TreeArray<'a>(Value<'a>);

impl<'a> json::Array<'a, Spanned> for TreeArray<'a> {
    type Node = TreeNode<'a>;
    type ElementsIter = std::iter::Map<Elements<'a>, fn(Value<'a>) -> TreeNode<'a>>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Self::ElementsIter {
        self.0.elements().map(TreeNode::Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So a table serves in their place.
    #[test]
    fn schemas_of_input_speak_of_types_alone() {
        fn words(schema: &serde_json::Value, names: bool, out: &mut Vec<String>) {
            match schema {
                serde_json::Value::Object(members) => {
                    for (name, value) in members {
                        if !names {
                            out.push(name.clone());
                        }
                        let holds_names = !names && matches!(name.as_str(), "properties" | "$defs");
                        words(value, holds_names, out);
                    }
                }
                serde_json::Value::Array(items) => {
                    items.iter().for_each(|item| words(item, false, out));
                }
                _ => {}
            }
        }
        const TYPES_ALONE: [&str; 11] = [
            "$comment",
            "$defs",
            "$id",
            "$ref",
            "$schema",
            "description",
            "items",
            "maxProperties",
            "properties",
            "title",
            "type",
        ];
        for schema in Schema::ALL
            .into_iter()
            .filter(|schema| schema.is_of_input())
        {
            let value = serde_json::from_str(schema.text()).unwrap();
            let mut found = Vec::new();
            words(&value, false, &mut found);
            assert!(found.len() > 10, "{schema:?}");
            for word in found {
                assert!(TYPES_ALONE.contains(&word.as_str()), "{schema:?}: {word}");
            }
        }
    }
}
