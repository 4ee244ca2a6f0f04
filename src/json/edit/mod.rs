//! From changes of values to changes of text, in the style of what stands around them.
//!
//! Whatever is not touched stays as it is, byte for byte: nothing is parsed and printed again.

mod remove;
mod style;

use super::{Kind, Member, Value};
use crate::model::{Edit, NewValue, Span};
use remove::Removals;
use style::Style;

/// A stretch of the text and what comes in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub span: Span,
    pub text: String,
}

/// The changes of `text` that make all of `edits`, sorted and apart; `root` is the text's value.
/// `None` where an edit does not fit what stands there, or where two of them meet.
pub fn changes(root: Value<'_>, text: &str, edits: &[Edit]) -> Option<Vec<Change>> {
    let mut writer = Writer {
        root,
        text,
        style: Style::of(root, text),
        changes: Vec::new(),
    };
    let mut removals = Removals::default();
    for edit in edits {
        writer.edit(edit, &mut removals)?;
    }
    writer.changes.extend(removals.changes());
    let mut changes = writer.changes;
    changes.sort_by_key(|change| (change.span.start, change.span.end));
    let apart = changes
        .windows(2)
        .all(|pair| pair[0].span.end <= pair[1].span.start && pair[0].span != pair[1].span);
    (apart && !changes.is_empty()).then_some(changes)
}

/// `text` with `changes` made, which are sorted and apart.
pub fn apply<'c>(text: &str, changes: impl IntoIterator<Item = (usize, usize, &'c str)>) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    let mut from = 0;
    for (start, end, new) in changes {
        out.push_str(text.get(from..start).unwrap_or(""));
        out.push_str(new);
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

/// A value and what holds it.
#[derive(Copy, Clone)]
struct Found<'r> {
    value: Value<'r>,
    parent: Option<Value<'r>>,
}

/// The value that stands at exactly `span`. With `names`, a member's name counts as well.
fn find(root: Value<'_>, span: Span, names: bool) -> Option<Found<'_>> {
    let mut here = Found {
        value: root,
        parent: None,
    };
    while here.value.span() != span {
        let holder = here.value;
        let inside = |value: &Value<'_>| value.span().contains(span);
        let next = match holder.kind() {
            Kind::Array => holder.elements().find(inside),
            Kind::Object => holder
                .members()
                .flat_map(|member| [member.key, member.value])
                .find(inside),
            _ => None,
        };
        here = Found {
            value: next?,
            parent: Some(holder),
        };
    }
    (names || here.value.kind() != Kind::Key).then_some(here)
}

/// The one member of that name, in any case, or in the singular as Az PowerShell has it.
enum Lookup<'r> {
    One(Member<'r>),
    None,
    /// It stands twice: which of them holds is not certain.
    Several,
}

fn member<'r>(object: Value<'r>, name: &str) -> Lookup<'r> {
    let singular = name.strip_suffix('s').unwrap_or(name);
    let mut all = object
        .members()
        .filter(|member| member.is_named(name) || member.is_named(singular));
    match (all.next(), all.next()) {
        (Some(only), None) => Lookup::One(only),
        (None, _) => Lookup::None,
        _ => Lookup::Several,
    }
}

struct Writer<'r> {
    root: Value<'r>,
    text: &'r str,
    style: Style<'r>,
    changes: Vec<Change>,
}

impl<'r> Writer<'r> {
    fn change(&mut self, span: Span, text: impl Into<String>) {
        self.changes.push(Change {
            span,
            text: text.into(),
        });
    }

    fn edit(&mut self, edit: &Edit, removals: &mut Removals<'r>) -> Option<()> {
        match edit {
            Edit::Replace { at, value } => {
                let found = find(self.root, *at, false)?;
                self.replace(found, value);
            }
            Edit::Unquote { at } => {
                let found = find(self.root, *at, false)?;
                let spelt = found.value.as_str()?;
                let bare = match spelt.to_ascii_lowercase().as_str() {
                    "true" => "true".to_owned(),
                    "false" => "false".to_owned(),
                    number => number.parse::<i64>().ok()?.to_string(),
                };
                self.change(*at, bare);
            }
            Edit::Wrap { at } => {
                let value = find(self.root, *at, false)?.value;
                let several = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
                match value.as_str() {
                    _ if value.is_object() && value.is_empty() => self.change(*at, "[]"),
                    Some(text) if text.is_empty() || text.contains(several) => return None,
                    _ => self.wrap(*at),
                }
            }
            Edit::Append { of, path, value } => {
                let found = find(self.root, *of, false)?;
                self.append_below(found, path, value)?;
            }
            Edit::SetBeside {
                beside,
                name,
                value,
            } => {
                let object = find(self.root, *beside, false)?.parent?;
                match member(object, name) {
                    Lookup::One(known) => self.replace(
                        Found {
                            value: known.value,
                            parent: Some(object),
                        },
                        value,
                    ),
                    Lookup::None if object.is_object() => self.add_member(object, name, value),
                    _ => return None,
                }
            }
            Edit::Remove { at } => {
                let list = find(self.root, *at, false)?.parent?;
                removals.element(list, *at)?;
            }
            Edit::RemoveWhere {
                of,
                path,
                name,
                text,
            } => {
                let from = find(self.root, *of, false)?.value;
                let list = path.iter().try_fold(from, |value, name| value.get(name));
                for element in list.iter().flat_map(Value::elements) {
                    let found = element.get(name).and_then(|value| value.as_str());
                    if found.is_some_and(|found| found == *text) {
                        removals.element(list?, element.span())?;
                    }
                }
            }
            Edit::RemoveCopy { at, of } => {
                let copy = find(self.root, *at, false)?;
                let original = find(self.root, *of, false)?;
                if at == of || !remove::same(copy.value, original.value) {
                    return None;
                }
                removals.element(copy.parent?, *at)?;
            }
            Edit::RemoveMember { name } => {
                let object = find(self.root, *name, true)?.parent?;
                removals.member(object, *name)?;
            }
        }
        Some(())
    }

    fn replace(&mut self, found: Found<'r>, value: &NewValue) {
        let span = found.value.span();
        let block = found
            .parent
            .map_or(self.style.block, |parent| self.style.is_block(parent));
        let indent = self.style.line_indent(span.start);
        let mut text = String::new();
        self.style.write(&mut text, value, indent, None, block);
        self.change(span, text);
    }

    /// Brackets around a value; what stands on lines of its own moves to the right.
    fn wrap(&mut self, at: Span) {
        let inside = at.of(self.text);
        if !inside.contains('\n') {
            self.change(Span::at(at.start), "[");
            self.change(Span::at(at.end), "]");
            return;
        }
        let (newline, unit) = (self.style.newline, self.style.unit.clone());
        let indent = self.style.line_indent(at.start);
        self.change(Span::at(at.start), format!("[{newline}{indent}{unit}"));
        for (line, _) in inside.match_indices('\n') {
            let next = inside.as_bytes().get(line + 1);
            // An empty line stays empty.
            if !matches!(next, Some(b'\r' | b'\n')) {
                self.change(Span::at(at.start + line as u32 + 1), unit.clone());
            }
        }
        self.change(Span::at(at.end), format!("{newline}{indent}]"));
    }

    fn append_below(
        &mut self,
        from: Found<'r>,
        path: &[&'static str],
        value: &NewValue,
    ) -> Option<()> {
        let mut here = from;
        let mut path = path;
        while let Some((name, rest)) = path.split_first() {
            if here.value.is_null() {
                break;
            }
            if !here.value.is_object() {
                return None;
            }
            match member(here.value, name) {
                Lookup::One(known) => {
                    here = Found {
                        value: known.value,
                        parent: Some(here.value),
                    };
                }
                Lookup::None => {
                    self.add_member(here.value, name, &made(rest, value));
                    return Some(());
                }
                Lookup::Several => return None,
            }
            path = rest;
        }
        match here.value.kind() {
            Kind::Null => self.replace(here, &made(path, value)),
            Kind::Array if path.is_empty() => self.add_element(here, value),
            _ => return None,
        }
        Some(())
    }

    fn add_element(&mut self, list: Found<'r>, value: &NewValue) {
        let mut before_last = None;
        let mut last = None;
        for element in list.value.elements() {
            (before_last, last) = (last, Some(element));
        }
        let Some(last) = last else {
            self.replace(list, &NewValue::List(vec![value.clone()]));
            return;
        };
        let span = last.span();
        let before = before_last.map(|value: Value<'_>| value.span());
        let mut text = self.style.separator(before, span);
        let indent = self.style.line_indent(span.start);
        let block = self.style.is_on_its_own_line(span.start);
        self.style
            .write(&mut text, value, indent, Some(last), block);
        self.change(Span::at(span.end), text);
    }

    fn add_member(&mut self, object: Value<'r>, name: &'static str, value: &NewValue) {
        let mut before_last = None;
        let mut last = None;
        for member in object.members() {
            (before_last, last) = (last, Some(member));
        }
        let indent = self.style.line_indent(object.span().start);
        let Some(last) = last else {
            let mut text = String::new();
            let object_value = NewValue::Object(vec![(name, value.clone())]);
            let block = self.style.block;
            self.style
                .write(&mut text, &object_value, indent, None, block);
            self.change(object.span(), text);
            return;
        };
        let span = last.span();
        let mut text = self
            .style
            .separator(before_last.map(|member: Member<'_>| member.span()), span);
        self.style.name(&mut text, name);
        text.push_str(self.style.colon_of(last));
        let indent = self.style.line_indent(span.start);
        let block = self.style.is_on_its_own_line(span.start);
        self.style.write(&mut text, value, indent, None, block);
        self.change(Span::at(span.end), text);
    }
}

/// What stands under the last name of a path that has to be made: a list of one.
fn made(path: &[&'static str], value: &NewValue) -> NewValue {
    path.iter()
        .rev()
        .fold(NewValue::List(vec![value.clone()]), |below, name| {
            NewValue::Object(vec![(name, below)])
        })
}

#[cfg(test)]
mod tests;
