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
    /// The property the fault is about, as the document spells it; untrusted text. For a secret:
    /// the client id it belongs to.
    pub name: Cow<'r, str>,
    /// What was expected there, in our own words. For a secret: its key id, when it is a GUID.
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
    /// A wrapper holds a link to a further page.
    NextPage,
    /// The object is an API's error; the fault's name is its code.
    ErrorBody,
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
    /// A secret that a Terraform plan or state keeps.
    Terraform,
    /// The default of a secure parameter of an ARM template.
    SecureParameter,
}

/// Why a text is not JSON.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SyntaxFault {
    /// There is nothing but blanks.
    Empty,
    /// The text ends inside a value: it was cut off, or more is still to come.
    UnexpectedEnd,
    /// A value was expected here.
    ExpectedValue,
    /// A member's name in double quotes was expected here.
    ExpectedName,
    /// A colon was expected after a member's name.
    ExpectedColon,
    /// A comma or the closing bracket was expected here.
    ExpectedCommaOrEnd,
    /// A comma stands before a closing bracket.
    TrailingComma,
    /// A comment, which JSON does not have.
    Comment,
    /// A string in single quotes.
    SingleQuote,
    /// A number that RFC 8259 does not allow (leading zero, plus sign, bare point).
    InvalidNumber,
    /// An unknown escape sequence in a string.
    InvalidEscape,
    /// A raw control character in a string.
    ControlCharacter,
    /// Containers nest deeper than the reader follows.
    TooDeep,
    /// Something follows the value that should have been the last.
    TextAfter,
    /// The record is longer than 4 GiB and has no 32-bit places.
    TooLong,
}

impl SyntaxFault {
    /// Its name in fingerprints, which never changes.
    pub fn name(self) -> &'static str {
        match self {
            SyntaxFault::Empty => "empty",
            SyntaxFault::UnexpectedEnd => "unexpected-end",
            SyntaxFault::ExpectedValue => "expected-value",
            SyntaxFault::ExpectedName => "expected-name",
            SyntaxFault::ExpectedColon => "expected-colon",
            SyntaxFault::ExpectedCommaOrEnd => "expected-comma-or-end",
            SyntaxFault::TrailingComma => "trailing-comma",
            SyntaxFault::Comment => "comment",
            SyntaxFault::SingleQuote => "single-quote",
            SyntaxFault::InvalidNumber => "invalid-number",
            SyntaxFault::InvalidEscape => "invalid-escape",
            SyntaxFault::ControlCharacter => "control-character",
            SyntaxFault::TooDeep => "too-deep",
            SyntaxFault::TextAfter => "text-after",
            SyntaxFault::TooLong => "too-long",
        }
    }
}
