//! Changes of a document that mend a finding, in terms of its values: which value, which list,
//! which member. How they are written, in the document's own style, `json::edit` knows.

use std::borrow::Cow;

use super::{Guid, Span};

/// What mends a finding for certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative: one sentence without a full stop, and without any text of
    /// the document.
    pub description: Cow<'static, str>,
    /// All of them together, or none.
    pub edits: Vec<Edit>,
}

/// One change. Places are spans of values, quotes and brackets included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// `value` takes the place of what stands at `at`.
    Replace { at: Span, value: NewValue },
    /// The text at `at` loses its quotes: it spells a truth value or a whole number.
    Unquote { at: Span },
    /// The value at `at` becomes the one element of a list; an empty object, which is how
    /// PowerShell may write an empty list, becomes that. A text that may be several is left alone.
    Wrap { at: Span },
    /// A list gets another element behind its last. Members lead to it from the value at `of`;
    /// those that are absent or null are made, and without any the value is the list itself.
    Append {
        of: Span,
        path: &'static [&'static str],
        value: NewValue,
    },
    /// The member `name` of the object in which the value at `beside` is a member becomes `value`.
    SetBeside {
        beside: Span,
        name: &'static str,
        value: NewValue,
    },
    /// The element at `at` leaves its list.
    Remove { at: Span },
    /// Elements whose member `name` is the text `text` leave a list, to which members lead from
    /// the value at `of`. There need not be any.
    RemoveWhere {
        of: Span,
        path: &'static [&'static str],
        name: &'static str,
        text: Cow<'static, str>,
    },
    /// The element at `at` leaves its list, if it says the same as the one at `of`, letter case
    /// aside.
    RemoveCopy { at: Span, of: Span },
    /// The member whose name stands at `name` leaves its object.
    RemoveMember { name: Span },
}

/// A value that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    Text(Cow<'static, str>),
    Bool(bool),
    List(Vec<NewValue>),
    /// Names as Microsoft Graph spells them; a document of PowerShell gets its own case.
    Object(Vec<(&'static str, NewValue)>),
}

impl From<&'static str> for NewValue {
    fn from(text: &'static str) -> NewValue {
        NewValue::Text(Cow::Borrowed(text))
    }
}

impl From<String> for NewValue {
    fn from(text: String) -> NewValue {
        NewValue::Text(Cow::Owned(text))
    }
}

impl From<Guid> for NewValue {
    fn from(guid: Guid) -> NewValue {
        NewValue::Text(Cow::Owned(guid.to_string()))
    }
}
