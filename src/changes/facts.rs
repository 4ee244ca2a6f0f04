//! What is compared of one object.

use std::collections::BTreeSet;

use super::{Aspect, Line};
use crate::digest::digest;
use crate::rules::Subject;

/// One fact: an item of a list, or a value that there is once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub aspect: Aspect,
    /// What tells the item from others: ids, not names. Empty for a value that there is once.
    pub key: String,
    /// The item in words; untrusted text.
    pub item: String,
    /// What may change of the item: untrusted text; empty where nothing is known of it.
    pub value: String,
}

/// Everything that is compared of one object.
#[derive(Clone, Debug)]
pub struct Facts {
    pub subject: Subject,
    /// Aspects that the document shows: of others nothing can be said.
    pub known: BTreeSet<Aspect>,
    pub list: Vec<Fact>,
}

impl Facts {
    pub fn new(subject: Subject) -> Facts {
        Facts {
            subject,
            known: BTreeSet::new(),
            list: Vec::new(),
        }
    }

    /// Takes over a list of which all is known, or nothing: `(key, item, value)`.
    pub fn list(
        &mut self,
        aspect: Aspect,
        known: bool,
        items: impl IntoIterator<Item = (String, String, String)>,
    ) {
        if !known {
            return;
        }
        self.known.insert(aspect);
        self.list
            .extend(items.into_iter().map(|(key, item, value)| Fact {
                aspect,
                key,
                item,
                value,
            }));
    }

    /// The same for texts that are their own key.
    pub fn texts(
        &mut self,
        aspect: Aspect,
        known: bool,
        texts: impl IntoIterator<Item = impl Into<String>>,
    ) {
        self.list(
            aspect,
            known,
            texts.into_iter().map(|text| {
                let text = text.into();
                (text.clone(), text, String::new())
            }),
        );
    }

    /// Takes over a value that there is once, where the document tells it.
    pub fn value(&mut self, aspect: Aspect, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.known.insert(aspect);
            self.list.push(Fact {
                aspect,
                key: String::new(),
                item: String::new(),
                value: value.into(),
            });
        }
    }

    /// Has every text rewritten.
    pub fn rewrite(&mut self, write: impl Fn(String) -> String) {
        let texts = self
            .list
            .iter_mut()
            .flat_map(|fact| [&mut fact.key, &mut fact.item, &mut fact.value])
            .chain(&mut self.subject.name);
        for text in texts {
            *text = write(std::mem::take(text));
        }
    }

    /// The items of the object, each as a line that came.
    pub fn items(&self) -> Vec<Line> {
        let empty = Facts {
            list: Vec::new(),
            ..self.clone()
        };
        let mut lines = super::lines(&empty, self);
        lines.retain(|line| !line.item.is_empty());
        lines
    }

    /// The same for equal facts, in whatever order the documents have them.
    pub fn digest(&self) -> u128 {
        let mut facts: Vec<(Aspect, &str, &str)> = self
            .list
            .iter()
            .map(|fact| (fact.aspect, &*fact.key, &*fact.value))
            .collect();
        facts.sort_unstable();
        facts.dedup();
        let known = format!("{:?}", self.known);
        let mut parts = vec![known];
        for (aspect, key, value) in facts {
            parts.extend([format!("{aspect:?}"), key.to_owned(), value.to_owned()]);
        }
        digest(parts.iter().map(String::as_str))
    }
}
