//! Lists and blocks, written as Microsoft Graph shows them: what is not set is its empty default.

use super::resource::Resource;
use super::said::{Said, State};
use crate::infrastructure::Writer;
use crate::model::Span;

/// A list that several resources add to.
pub struct Gathered<'r> {
    pub items: Vec<Said<'r>>,
    /// There may be more.
    pub open: bool,
    pub place: Span,
}

impl<'r> Gathered<'r> {
    /// What one attribute lists.
    pub fn of(list: Said<'r>) -> Gathered<'r> {
        let (items, open) = list.elements();
        Gathered {
            items,
            open,
            place: list.place(),
        }
    }

    /// Adds what an attribute of other resources lists.
    pub fn and(mut self, others: &[&Resource<'r>], attribute: &str) -> Gathered<'r> {
        for other in others {
            let list = other.said.get(attribute);
            let (items, open) = list.elements();
            if self.items.is_empty() {
                self.place = list.place();
            }
            self.items.extend(items);
            self.open |= open;
        }
        self
    }

    /// Writes a list of texts.
    pub fn texts(&self, out: &mut Writer, name: &str) {
        out.name(name).list(self.place, |out| {
            for item in &self.items {
                item.copy(out);
            }
            if self.open {
                out.unknown(self.place);
            }
        });
    }

    /// Writes a list of objects.
    pub fn objects(
        &self,
        out: &mut Writer,
        name: &str,
        mut fill: impl FnMut(&mut Writer, Said<'r>),
    ) {
        out.name(name).list(self.place, |out| {
            for item in &self.items {
                match item.state() {
                    State::Known(value) if value.is_object() => {
                        out.object(item.place(), |out| fill(out, *item));
                    }
                    _ => out.unknown(item.place()),
                }
            }
            if self.open {
                out.unknown(self.place);
            }
        });
    }
}

/// Writes a truth value; not set, it is false.
pub fn truth(out: &mut Writer, name: &str, said: Said<'_>) {
    out.name(name);
    match said.state() {
        State::Unset => out.truth(false, said.place()),
        _ => said.copy(out),
    }
}

/// Writes attributes of a block under the names that Microsoft Graph has for them.
pub fn renamed(out: &mut Writer, block: Said<'_>, names: &[(&str, &str)]) {
    for (name, attribute) in names {
        out.name(name);
        block.inner(attribute).copy(out);
    }
}

/// Writes attributes of a resource under the names that Microsoft Graph or Azure have for them,
/// those that it says something of.
pub fn shown(out: &mut Writer, resource: &Resource<'_>, names: &[(&str, &str)]) {
    for (name, attribute) in names {
        resource.said.get(attribute).put(out, name);
    }
}
