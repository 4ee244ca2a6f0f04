//! Federated identity credentials, alone or expanded inside an application.

use super::fields::{Reading, Whose, integer, text, texts};
use crate::json::{Name, Value};
use crate::model::{FederatedCredential, Field, List, Spanned};

/// Reads one federated identity credential.
pub fn federated_credential<'r>(
    object: Value<'r>,
    reading: &Reading<'r>,
) -> FederatedCredential<'r> {
    let mut found = FederatedCredential {
        span: object.span(),
        application: reading.whose.map_or(Field::Absent, |whose| whose.id()),
        ..FederatedCredential::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => found.id = text(value),
            Name::Name => found.name = text(value),
            Name::Issuer => found.issuer = text(value),
            Name::Subject => found.subject = text(value),
            Name::Audiences | Name::Audience => found.audiences = texts(value),
            // A single credential names its application here, a page in its wrapper.
            Name::ODataContext => {
                if let Some(whose) = Whose::of_context(value) {
                    found.application = whose.id();
                }
            }
            Name::Description => found.description = text(value),
            Name::ClaimsMatchingExpression => {
                for (name, value) in reading.members(value) {
                    match name {
                        Name::Value => found.expression = text(value),
                        Name::LanguageVersion => found.expression_version = integer(value),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// Reads a list that is a member of an application. An entry that PowerShell cut off is still one:
/// everything about it is unknown.
pub(super) fn list<'r>(value: Value<'r>, reading: &Reading<'r>) -> List<FederatedCredential<'r>> {
    List {
        state: Field::Value(Spanned::new((), value.span())),
        items: value
            .elements()
            .map(|entry| match entry.is_object() {
                true => federated_credential(entry, reading),
                false => unknown(entry),
            })
            .collect(),
    }
}

fn unknown<'r>(entry: Value<'r>) -> FederatedCredential<'r> {
    let span = entry.span();
    FederatedCredential {
        span,
        id: Field::Unknown(span),
        name: Field::Unknown(span),
        issuer: Field::Unknown(span),
        subject: Field::Unknown(span),
        audiences: List {
            state: Field::Unknown(span),
            items: Vec::new(),
        },
        description: Field::Unknown(span),
        expression: Field::Unknown(span),
        expression_version: Field::Unknown(span),
        application: Field::Absent,
    }
}
