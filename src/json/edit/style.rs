//! How a document is laid out, and new values in the same way: line breaks, indentation, blanks
//! around colons, the case of names. The nearest neighbour is the model.

use std::borrow::Cow;

use super::super::{Kind, Member, Value};
use crate::model::{NewValue, Span};

/// The layout of one document.
pub struct Style<'r> {
    text: &'r str,
    pub newline: &'static str,
    /// What one level is moved to the right by.
    pub unit: String,
    /// The document has line breaks between its values.
    pub block: bool,
    colon: &'r str,
    comma: &'r str,
    /// Names begin with a capital, as PowerShell writes them.
    pascal: bool,
}

impl<'r> Style<'r> {
    pub fn of(root: Value<'r>, text: &'r str) -> Style<'r> {
        let mut style = Style {
            text,
            newline: if text.contains("\r\n") { "\r\n" } else { "\n" },
            unit: "  ".to_owned(),
            block: false,
            colon: ": ",
            comma: ", ",
            pascal: false,
        };
        style.block = style.is_block(root);
        let members = || root.descendants().flat_map(|value| value.members());
        let first = members().next().map(|member| style.between(member));
        style.colon = match first {
            Some(colon) if !colon.contains('\n') => colon,
            _ if style.block => ": ",
            _ => ":",
        };
        if !style.colon.contains(' ') {
            style.comma = ",";
        }
        style.pascal = members()
            .filter_map(|member| member.key.inner_raw().chars().next())
            .find(char::is_ascii_alphabetic)
            .is_some_and(|first| first.is_ascii_uppercase());
        let indented = root.descendants().find_map(|value| {
            // Before the start of its line is looked for: a whole document may be one line.
            let first = first_child(value)?.start;
            if !style.is_on_its_own_line(first) {
                return None;
            }
            let (outer, inner) = (
                style.line_indent(value.span().start),
                style.line_indent(first),
            );
            let unit = inner.strip_prefix(outer)?;
            (!unit.is_empty()).then(|| unit.to_owned())
        });
        if let Some(unit) = indented {
            style.unit = unit;
        }
        style
    }

    /// From the name's end to the value's start.
    fn between(&self, member: Member<'r>) -> &'r str {
        Span::new(member.key.span().end, member.value.span().start).of(self.text)
    }

    /// What stands between the name and the value of a neighbour.
    pub fn colon_of(&self, neighbour: Member<'r>) -> &'r str {
        let colon = self.between(neighbour);
        if colon.contains('\n') {
            self.colon
        } else {
            colon
        }
    }

    /// The blanks with which the line of `at` begins.
    pub fn line_indent(&self, at: u32) -> &'r str {
        let before = self.text.get(..at as usize).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text.get(line..).unwrap_or("");
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        line.get(..blanks).unwrap_or("")
    }

    /// Whether nothing but blanks stands before `at` on its line, and a line before that.
    pub fn is_on_its_own_line(&self, at: u32) -> bool {
        let before = self.text.get(..at as usize).unwrap_or("");
        before.trim_end_matches([' ', '\t']).ends_with('\n')
    }

    /// Whether the first thing in a list or object stands on a line of its own.
    pub fn is_block(&self, container: Value<'_>) -> bool {
        first_child(container).is_some_and(|first| self.is_on_its_own_line(first.start))
    }

    /// What separates a new last thing from the one at `last`; `before` is the one before that.
    pub fn separator(&self, before: Option<Span>, last: Span) -> String {
        if self.is_on_its_own_line(last.start) {
            return format!(",{}{}", self.newline, self.line_indent(last.start));
        }
        let between = before.map(|before| Span::new(before.end, last.start).of(self.text));
        between
            .filter(|between| !between.contains('\n'))
            .unwrap_or(self.comma)
            .to_owned()
    }

    /// Writes a member's name.
    pub fn name(&self, out: &mut String, name: &str) {
        out.push('"');
        let mut letters = name.chars();
        if let (true, Some(first)) = (self.pascal, letters.clone().next()) {
            out.push(first.to_ascii_uppercase());
            letters.next();
        }
        out.push_str(letters.as_str());
        out.push('"');
    }

    /// Writes a value whose line begins with `indent`, laid out as its neighbour `like` is; where
    /// there is none to go by, `block` says whether lists and objects take lines of their own.
    pub fn write(
        &self,
        out: &mut String,
        value: &NewValue,
        indent: &str,
        like: Option<Value<'r>>,
        block: bool,
    ) {
        match value {
            NewValue::Text(text) => quote(out, text),
            NewValue::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            NewValue::List(items) => {
                let like = like.filter(|like| like.is_array() && !like.is_empty());
                let inner = like.and_then(|like| like.elements().next());
                let layout = self.layout(like, indent, block);
                let items = items.iter().map(|item| (None, item, inner));
                self.children(out, ('[', ']'), &layout, items);
            }
            NewValue::Object(members) => {
                let like = like.filter(|like| like.is_object() && !like.is_empty());
                let layout = self.layout(like, indent, block);
                let mut members: Vec<_> = members.iter().collect();
                // In the neighbour's order; what it does not have comes last.
                members.sort_by_key(|(name, _)| {
                    let mut theirs = like.iter().flat_map(Value::members);
                    theirs
                        .position(|member| member.is_named(name))
                        .unwrap_or(usize::MAX)
                });
                let members = members.into_iter().map(|(name, value)| {
                    let twin =
                        like.and_then(|like| like.members().find(|member| member.is_named(name)));
                    (Some((*name, twin)), value, twin.map(|twin| twin.value))
                });
                self.children(out, ('{', '}'), &layout, members);
            }
        }
    }

    fn layout<'i>(&self, like: Option<Value<'r>>, indent: &'i str, block: bool) -> Layout<'i, 'r> {
        let block = like.map_or(block, |like| self.is_block(like));
        let inner = if block {
            Cow::Owned(format!("{indent}{}", self.unit))
        } else {
            Cow::Borrowed(indent)
        };
        let padding = like.and_then(|like| {
            let first = first_child(like)?;
            let padding = Span::new(like.span().start + 1, first.start).of(self.text);
            (!block && !padding.contains('\n')).then_some(padding)
        });
        Layout {
            block,
            indent,
            inner,
            padding: padding.unwrap_or(""),
        }
    }

    fn children<'v>(
        &self,
        out: &mut String,
        (open, close): (char, char),
        layout: &Layout<'_, 'r>,
        children: impl Iterator<Item = Child<'v, 'r>>,
    ) {
        out.push(open);
        let mut any = false;
        for (name, value, like) in children {
            if any {
                out.push_str(if layout.block { "," } else { self.comma });
            } else if !layout.block {
                out.push_str(layout.padding);
            }
            any = true;
            if layout.block {
                out.push_str(self.newline);
                out.push_str(&layout.inner);
            }
            match name {
                Some((_, Some(twin))) => {
                    out.push_str(twin.key.raw());
                    out.push_str(self.colon_of(twin));
                }
                Some((name, None)) => {
                    self.name(out, name);
                    out.push_str(self.colon);
                }
                None => {}
            }
            self.write(out, value, &layout.inner, like, layout.block);
        }
        if any && layout.block {
            out.push_str(self.newline);
            out.push_str(layout.indent);
        } else if any {
            out.push_str(layout.padding);
        }
        out.push(close);
    }
}

/// How one list or object is written.
struct Layout<'i, 'r> {
    /// Its values stand on lines of their own.
    block: bool,
    indent: &'i str,
    /// The indentation of what stands in it.
    inner: Cow<'i, str>,
    /// What stands inside its brackets where it is one line.
    padding: &'r str,
}

/// A member's name with the neighbour's member of that name, for members; the value; what it is
/// laid out like.
type Child<'v, 'r> = (
    Option<(&'static str, Option<Member<'r>>)>,
    &'v NewValue,
    Option<Value<'r>>,
);

/// Where the first element, or the first member's name, stands.
fn first_child(container: Value<'_>) -> Option<Span> {
    match container.kind() {
        Kind::Array => Some(container.elements().next()?.span()),
        Kind::Object => Some(container.members().next()?.key.span()),
        _ => None,
    }
}

/// A JSON string (RFC 8259, section 7).
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
