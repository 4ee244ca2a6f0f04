//! Federated identity credentials: whose tokens an application takes instead of a secret.

use super::{Field, List, Span, Str, Text};

/// A federated identity credential.
#[derive(Clone, Debug, Default)]
pub struct FederatedCredential<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    pub name: Field<Str<'r>>,
    /// The token's `iss`, compared exactly.
    pub issuer: Field<Str<'r>>,
    /// The token's `sub`, compared exactly; null where an expression matches instead.
    pub subject: Field<Str<'r>>,
    pub audiences: List<Text<'r>>,
    pub description: Field<Str<'r>>,
    /// `claimsMatchingExpression.value` (flexible credentials).
    pub expression: Field<Str<'r>>,
    /// `claimsMatchingExpression.languageVersion`.
    pub expression_version: Field<i64>,
    /// The application it belongs to, by client id or object id, where the document names it.
    pub application: Field<Str<'r>>,
}
