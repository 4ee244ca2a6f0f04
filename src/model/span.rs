//! Places: where in a record's text a value stands.

/// A half-open range of bytes within one record's text (UTF-8).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The empty span at `at`.
    pub const fn at(at: u32) -> Span {
        Span { start: at, end: at }
    }

    /// The text this span covers, or `""` when it does not fit `text`.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A value and the place it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Spanned<T> {
    pub const fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// What a document says of one property. Absent, null and a value are three things: exports drop
/// properties, people write null, and only a value or a null can be wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// The document does not mention the property.
    #[default]
    Absent,
    /// The document says `null`.
    Null(Span),
    /// There is something, but it cannot be known: an unrendered placeholder, a value cut off by
    /// PowerShell's depth limit, or one of the wrong JSON type (which `shape-mismatch` reports).
    Unknown(Span),
    Value(Spanned<T>),
}

impl<T> Field<T> {
    /// The value, when there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Field::Value(spanned) => Some(&spanned.value),
            _ => None,
        }
    }

    /// The value with its place, when there is one.
    pub fn spanned(&self) -> Option<&Spanned<T>> {
        match self {
            Field::Value(spanned) => Some(spanned),
            _ => None,
        }
    }

    /// Where the property's value stands, whatever it is; `None` when absent.
    pub fn span(&self) -> Option<Span> {
        match self {
            Field::Absent => None,
            Field::Null(span) | Field::Unknown(span) => Some(*span),
            Field::Value(spanned) => Some(spanned.span),
        }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Field::Unknown(_))
    }
}

impl Field<bool> {
    /// Whether the document says `true`.
    pub fn is_true(&self) -> bool {
        self.value() == Some(&true)
    }
}
