//! Keys that two objects must not share: object ids, key ids, thumbprints, identifier URIs, names.

use std::borrow::Cow;

use super::mark;
use crate::kinds::Object;
use crate::model::{Credential, Guid, Span, base64};

/// Keys that two objects must not share.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharedKey {
    /// An object id: the same object twice.
    ObjectId(Guid),
    /// A credential's key id.
    KeyId(Guid),
    /// A certificate's SHA-1 thumbprint, its first 16 bytes.
    Thumbprint(u128),
    /// An identifier URI, in lower case, by its [`mark`]: whoever joins compares the texts.
    IdentifierUri(u64),
    /// A display name, in lower case and without the blanks around it, likewise.
    DisplayName(u64),
}

/// The sorts of keys, as the lowest bits of a mark tell them.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    Object,
    Credential,
    IdentifierUri,
    DisplayName,
}

impl Sort {
    /// The sort of the keys that have this mark.
    pub fn of(mark: u64) -> Sort {
        match mark & 3 {
            0 => Sort::Object,
            1 => Sort::Credential,
            2 => Sort::IdentifierUri,
            _ => Sort::DisplayName,
        }
    }
}

impl SharedKey {
    /// A summary that is equal for equal keys. GUIDs and thumbprints are random as they are; an
    /// attacker who makes two summaries collide gains a look at the keys themselves, no finding.
    fn mark(self) -> u64 {
        let (sort, salt, value) = match self {
            SharedKey::ObjectId(guid) => (Sort::Object, 1u64, guid.0),
            SharedKey::KeyId(guid) => (Sort::Credential, 2, guid.0),
            SharedKey::Thumbprint(value) => (Sort::Credential, 3, value),
            SharedKey::IdentifierUri(mark) => (Sort::IdentifierUri, 4, u128::from(mark)),
            SharedKey::DisplayName(mark) => (Sort::DisplayName, 5, u128::from(mark)),
        };
        let mixed = (value as u64 ^ salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed ^ (value >> 64) as u64) & !3 | sort as u64
    }
}

/// A text as it is compared with others of its sort.
pub fn comparable(text: &str) -> String {
    text.trim().to_lowercase()
}

/// One place where a key stands: 16 bytes, for there may be millions.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub mark: u64,
    /// Where the value that holds the key begins, within its record.
    pub span: u32,
}

impl Entry {
    /// The place of a key whose value has this span.
    pub fn of(key: SharedKey, span: Span) -> Entry {
        Entry {
            mark: key.mark(),
            span: span.start,
        }
    }
}

/// Hands on what an object has that others must not have: each key, and the place of its value.
pub fn shared_keys(object: &Object<'_>, mut found: impl FnMut(SharedKey, Span)) {
    let Object::Application(app) = object else {
        return;
    };
    if let Some(id) = app.id.spanned()
        && let Some(guid) = id.guid()
    {
        found(SharedKey::ObjectId(guid), id.span);
    }
    for credential in app.secrets.iter().chain(app.certificates.iter()) {
        if let Some(id) = credential.key_id.spanned()
            && let Some(guid) = id.guid()
            && guid != Guid::NIL
        {
            found(SharedKey::KeyId(guid), id.span);
        }
    }
    for certificate in app.certificates.iter() {
        if let Some((thumbprint, span)) = thumbprint(certificate) {
            found(SharedKey::Thumbprint(thumbprint), span);
        }
    }
    // One that is deleted made place for the other.
    if app.deleted.value().is_some() {
        return;
    }
    for uri in app.identifier_uris.iter() {
        if !uri.is_uri_template() && !uri.trim().is_empty() {
            found(SharedKey::IdentifierUri(mark(&comparable(uri))), uri.span);
        }
    }
    if let Some(name) = app.display_name.spanned()
        && !name.is_placeholder()
        && !name.trim().is_empty()
    {
        found(SharedKey::DisplayName(mark(&comparable(name))), name.span);
    }
}

/// A SHA-1 thumbprint as a number (its first 16 of 20 bytes), from the spellings that exports use:
/// 40 hexadecimal digits, base64 of the 20 bytes, or base64 of the digits' bytes (PowerShell).
fn thumbprint(certificate: &Credential<'_>) -> Option<(u128, Span)> {
    let text = certificate.thumbprint.spanned()?;
    let clean: Cow<'_, str> = match text.contains(char::is_whitespace) {
        true => text.chars().filter(|c| !c.is_whitespace()).collect(),
        false => Cow::Borrowed(text),
    };
    let digits = if clean.len() == 40 && clean.bytes().all(|b| b.is_ascii_hexdigit()) {
        clean
    } else {
        let bytes = base64::decode(&clean)?;
        match bytes.len() {
            20 => base64::hex(&bytes).into(),
            // The digits themselves, taken for base64 once more on the way out: encode them back.
            30 => base64::encode_groups(&bytes).into(),
            _ => return None,
        }
    };
    let value = u128::from_str_radix(digits.get(..32)?, 16).ok()?;
    Some((value, text.span))
}
