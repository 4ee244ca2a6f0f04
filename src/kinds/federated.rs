//! Federated identity credentials, alone or expanded inside an application.

use super::fields::{Reading, integer, text, texts};
use super::names::Name;
use crate::json::Value;
use crate::model::{FederatedCredential, Field, List, Spanned};

/// Reads one federated identity credential.
pub fn federated_credential<'r>(
    object: Value<'r>,
    reading: &Reading<'_>,
) -> FederatedCredential<'r> {
    let mut found = FederatedCredential {
        span: object.span(),
        ..FederatedCredential::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => found.id = text(value),
            Name::Name => found.name = text(value),
            Name::Issuer => found.issuer = text(value),
            Name::Subject => found.subject = text(value),
            Name::Audiences | Name::Audience => found.audiences = texts(value),
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

/// Reads an expanded list. An entry that PowerShell cut off is still one: everything about it is
/// unknown.
pub(super) fn list<'r>(value: Value<'r>, reading: &Reading<'_>) -> List<FederatedCredential<'r>> {
    List {
        state: Field::Value(Spanned::new((), value.span())),
        items: value
            .elements()
            .map(|entry| federated_credential(entry, reading))
            .collect(),
    }
}
