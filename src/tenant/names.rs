//! Tables that give equal things one small number: texts, GUIDs, scopes.

use std::hash::Hash;

use indexmap::{Equivalent, IndexSet};

use crate::model::Guid;

/// Gives equal values one number, counted from 0 in the order of their first appearance.
#[derive(Clone, Debug)]
pub struct Table<T> {
    values: IndexSet<T, foldhash::fast::RandomState>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table {
            values: IndexSet::default(),
        }
    }
}

impl<T: Clone + Eq + Hash> Table<T> {
    /// The number of `value`, which is new or known.
    pub fn add(&mut self, value: T) -> u32 {
        self.values.insert_full(value).0 as u32
    }

    /// The number of `value`, when it is known.
    pub fn find<Q: ?Sized + Hash + Equivalent<T>>(&self, value: &Q) -> Option<u32> {
        self.values.get_index_of(value).map(|at| at as u32)
    }

    pub fn get(&self, id: u32) -> Option<&T> {
        self.values.get_index(id as usize)
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.values.iter()
    }

    /// Takes over the values of another table; the numbers they get here, by their number there.
    pub fn absorb(&mut self, other: &Table<T>) -> Vec<u32> {
        other.iter().map(|value| self.add(value.clone())).collect()
    }
}

impl Table<Box<str>> {
    /// The number of a text, which is copied only when it is new.
    pub fn add_text(&mut self, text: &str) -> u32 {
        match self.find(text) {
            Some(id) => id,
            None => self.add(text.into()),
        }
    }

    /// Takes over the texts of another table; the numbers they get here, by their number there.
    pub fn absorb_texts(&mut self, other: &Table<Box<str>>) -> Vec<u32> {
        other.iter().map(|text| self.add_text(text)).collect()
    }
}

/// Rows by a GUID: sorted once, looked up by halving.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: Vec<(Guid, u32)>,
}

impl Index {
    /// An index of rows by `key`; rows whose key is nil are left out.
    pub fn of<R>(rows: &[R], key: impl Fn(&R) -> Guid) -> Index {
        let mut entries: Vec<(Guid, u32)> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| (key(row), at as u32))
            .filter(|(key, _)| *key != Guid::NIL)
            .collect();
        entries.sort_unstable();
        Index { entries }
    }

    /// The rows with this key, in their order.
    pub fn rows(&self, key: Guid) -> impl Iterator<Item = usize> + '_ {
        let start = self.entries.partition_point(|(known, _)| *known < key);
        self.entries[start..]
            .iter()
            .take_while(move |(known, _)| *known == key)
            .map(|(_, row)| *row as usize)
    }

    /// The key that every row has, when there are rows and they all have the same.
    pub fn only_key(&self) -> Option<Guid> {
        let (first, _) = self.entries.first()?;
        let (last, _) = self.entries.last()?;
        (first == last).then_some(*first)
    }

    pub fn has(&self, key: Guid) -> bool {
        self.rows(key).next().is_some()
    }
}
