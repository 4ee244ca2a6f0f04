//! What applications and service principals share: credentials, the permissions their API
//! defines, the publisher.

use std::borrow::Cow;

use super::fields::{Reading, boolean, date, keep, presence, text, texts};
use crate::json::{Kind, Name, Value};
use crate::model::certificate::EncodedCertificate;
use crate::model::{AppRole, Credential, ExposedScope, Field, Spanned, Str};

/// Reads one entry of `passwordCredentials` or `keyCredentials`, or a row of a list of them.
pub fn credential<'r>(object: Value<'r>, reading: &Reading<'_>) -> Credential<'r> {
    let mut credential = Credential {
        span: object.span(),
        ..Credential::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::KeyId => credential.key_id = text(value),
            Name::DisplayName => credential.name = text(value),
            // The old and the new name may stand side by side, one of them null.
            Name::StartDateTime | Name::StartDate => keep(&mut credential.start, date(value)),
            Name::EndDateTime | Name::EndDate => keep(&mut credential.end, date(value)),
            Name::Usage => credential.usage = text(value),
            Name::Type => credential.kind = text(value),
            Name::CustomKeyIdentifier if value.kind() == Kind::String => {
                credential.thumbprint = text(value);
            }
            Name::Key => credential.certificate = certificate(value),
            Name::CustomKeyIdentifier if value.is_array() => {
                credential.thumbprint = hexadecimal(value);
            }
            _ => {}
        }
    }
    credential
}

/// The certificate that a key credential carries; most exports leave it out.
fn certificate(value: Value<'_>) -> Field<EncodedCertificate<'_>> {
    match text(value) {
        Field::Absent => Field::Absent,
        Field::Null(span) => Field::Null(span),
        Field::Unknown(span) => Field::Unknown(span),
        Field::Value(text) => {
            Field::Value(Spanned::new(EncodedCertificate::new(text.value), text.span))
        }
    }
}

/// A thumbprint that PowerShell printed as a list of byte values, as hexadecimal text.
fn hexadecimal(value: Value<'_>) -> Field<Str<'_>> {
    use std::fmt::Write;
    let mut out = String::new();
    for element in value.elements() {
        match element.raw().parse::<u8>() {
            Ok(byte) => {
                let _ = write!(out, "{byte:02X}");
            }
            Err(_) => return Field::Unknown(value.span()),
        }
    }
    Field::Value(Spanned::new(Cow::Owned(out), value.span()))
}

/// Reads one delegated permission of an API.
pub(super) fn exposed_scope<'r>(object: Value<'r>, reading: &Reading<'_>) -> ExposedScope<'r> {
    let mut scope = ExposedScope {
        span: object.span(),
        ..ExposedScope::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => scope.id = text(value),
            Name::Value => scope.value = text(value),
            Name::Type => scope.kind = text(value),
            Name::IsEnabled => scope.enabled = boolean(value),
            _ => {}
        }
    }
    scope
}

/// Reads one application role of an API.
pub(super) fn app_role<'r>(object: Value<'r>, reading: &Reading<'_>) -> AppRole<'r> {
    let mut role = AppRole {
        span: object.span(),
        ..AppRole::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => role.id = text(value),
            Name::Value => role.value = text(value),
            Name::AllowedMemberTypes | Name::AllowedMemberType => role.member_types = texts(value),
            Name::IsEnabled => role.enabled = boolean(value),
            _ => {}
        }
    }
    role
}

/// The publisher's id; null when the whole object is, or is an object of nulls.
pub(super) fn verified_publisher<'r>(object: Value<'r>, reading: &Reading<'_>) -> Field<Str<'r>> {
    if !object.is_object() {
        return match presence(object) {
            Field::Null(span) => Field::Null(span),
            _ => Field::Unknown(object.span()),
        };
    }
    let mut id = Field::Null(object.span());
    for (name, value) in reading.members(object) {
        if name == Name::VerifiedPublisherId {
            id = text(value);
        }
    }
    id
}
