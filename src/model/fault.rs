//! What is wrong with a document before anything is known about its meaning.

use std::borrow::Cow;

use super::Span;

/// One fault that reading found; the rules of the group `document` word it.
#[derive(Clone, Debug)]
pub struct Fault<'r> {
    pub kind: FaultKind,
    /// The place in the record.
    pub span: Span,
    /// A second place the fault speaks of.
    pub other: Option<Span>,
    /// The property (or wrapper) the fault is about, as the document spells it; untrusted text.
    pub name: Cow<'r, str>,
    /// What was expected there, in our own words; never text of the document.
    pub expected: Cow<'static, str>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A member stands twice in one object.
    DuplicateKey { equal_values: bool },
    /// A value's JSON type is not the one the schema names; `clear` when its meaning still is.
    ShapeMismatch { clear: bool },
    /// PowerShell's `ConvertTo-Json` cut a value off.
    DepthTruncated,
    /// A template's placeholder stands where a value belongs.
    Placeholder,
    /// A live secret is in the file.
    Secret(SecretForm),
    /// An escaped surrogate without its other half.
    LoneSurrogate,
}

/// How a secret came to be in a file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SecretForm {
    /// `secretText` of a password credential, or `value` of a legacy one.
    PasswordCredential,
    /// The output of `az ad app credential reset` or `az ad sp create-for-rbac`.
    CliOutput,
    /// A private key: PEM or PKCS#12.
    PrivateKey,
}
