//! Writes what a template says, its expressions evaluated.

use super::evaluate::Evaluator;
use super::known::Known;
use crate::infrastructure::Writer;
use crate::json::{Kind, Member, Value};
use crate::model::Span;

/// What a document says is written this deep; what lies deeper is unknown.
const DEEPEST: u32 = 24;

/// What is never written down, whatever it says: entries of `passwordCredentials` have the secret
/// there, those of `keyCredentials` the key.
const SECRETS: [&str; 2] = ["secretText", "key"];

/// Where a value comes from: each value from its own place, or everything from the expression that
/// gave it.
#[derive(Copy, Clone)]
pub enum From {
    Itself,
    Expression(Span),
}

impl<'r> Evaluator<'r> {
    /// Writes a value of the template.
    pub fn write(&mut self, writer: &mut Writer, value: Value<'r>, deployment: usize) {
        self.write_value(writer, value, deployment, From::Itself, DEEPEST);
    }

    /// Writes the member `name` of a resource's object as one of that name, if it has it.
    pub fn write_member(
        &mut self,
        writer: &mut Writer,
        object: Option<Value<'r>>,
        name: &str,
        deployment: usize,
    ) {
        if let Some(value) = object.and_then(|object| object.get(name)) {
            writer.name(name);
            self.write(writer, value, deployment);
        }
    }

    /// Writes what is known of a value that comes from `origin`.
    pub fn write_known(&mut self, writer: &mut Writer, known: &Known<'r>, origin: Span) {
        self.known_value(writer, known, origin, DEEPEST);
    }

    fn known_value(&mut self, writer: &mut Writer, known: &Known<'r>, origin: Span, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else {
            return writer.unknown(origin);
        };
        match known {
            Known::Unknown(_) | Known::Partly(_) | Known::Resource(..) => writer.unknown(origin),
            Known::Null => writer.null(origin),
            Known::Truth(truth) => writer.truth(*truth, origin),
            Known::Number(number) => writer.number(*number, origin),
            Known::Text(text) => writer.text(text, origin),
            Known::List(items) => writer.list(origin, |writer| {
                for item in items {
                    self.known_value(writer, item, origin, depth);
                }
            }),
            Known::Object(members) => writer.object(origin, |writer| {
                for (name, value) in members {
                    if !is_secret(name) {
                        writer.name(name);
                        self.known_value(writer, value, origin, depth);
                    }
                }
            }),
            Known::Json(value, deployment) => {
                self.write_value(writer, *value, *deployment, From::Expression(origin), depth);
            }
        }
    }

    /// Writes a member of an object of the template as one of the same name.
    pub fn write_one(&mut self, writer: &mut Writer, member: Member<'r>, deployment: usize) {
        self.write_in_object(writer, member, deployment, From::Itself, DEEPEST);
    }

    fn write_in_object(
        &mut self,
        writer: &mut Writer,
        member: Member<'r>,
        deployment: usize,
        from: From,
        depth: u32,
    ) {
        let name = member.name();
        if member.is_named("copy") && member.value.is_array() {
            let origin = match from {
                From::Itself => member.value.span(),
                From::Expression(span) => span,
            };
            write_copies(writer, member.value, origin);
        } else if !is_secret(&name) {
            writer.name(&name);
            self.write_value(writer, member.value, deployment, from, depth);
        }
    }

    fn write_value(
        &mut self,
        writer: &mut Writer,
        value: Value<'r>,
        deployment: usize,
        from: From,
        depth: u32,
    ) {
        let origin = match from {
            From::Itself => value.span(),
            From::Expression(span) => span,
        };
        let Some(depth) = depth.checked_sub(1) else {
            return writer.unknown(origin);
        };
        match value.kind() {
            Kind::Object => writer.object(origin, |writer| {
                for member in value.members() {
                    self.write_in_object(writer, member, deployment, from, depth);
                }
            }),
            Kind::Array => writer.list(origin, |writer| {
                for element in value.elements() {
                    self.write_value(writer, element, deployment, from, depth);
                }
            }),
            Kind::String => {
                let known = match from {
                    From::Itself => self.known(value, deployment),
                    From::Expression(_) => self.value(value, deployment),
                };
                match (&known, from) {
                    // A text that stands for itself keeps the places of its parts.
                    (Known::Text(text), From::Itself)
                        if value.as_str().as_deref() == Some(text) =>
                    {
                        writer.copy(value);
                    }
                    _ => self.known_value(writer, &known, origin, depth),
                }
            }
            Kind::Number => match (value.raw().parse(), from) {
                (_, From::Itself) => writer.copy(value),
                (Ok(number), _) => writer.number(number, origin),
                (Err(_), _) => writer.unknown(origin),
            },
            Kind::True => writer.truth(true, origin),
            Kind::False => writer.truth(false, origin),
            Kind::Null | Kind::Key => writer.null(origin),
        }
    }
}

fn is_secret(name: &str) -> bool {
    SECRETS
        .iter()
        .any(|secret| secret.eq_ignore_ascii_case(name))
}

/// `"copy": [{"name": "audiences", "count": …, "input": …}]` makes a list of that name, whose
/// elements depend on the loop.
fn write_copies(writer: &mut Writer, copies: Value<'_>, origin: Span) {
    for copy in copies.elements() {
        if let Some(name) = copy.get("name").and_then(|name| name.as_str()) {
            writer.name(&name).unknown(origin);
        }
    }
}
