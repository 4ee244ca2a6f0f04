//! Tables that give equal things one small number: texts, GUIDs, scopes.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::model::Guid;

/// The numbers of values that stand in a list of their own: five bytes a slot, whatever a value
/// takes, for there may be a million. Hashes are seeded anew for every table, so that nobody can
/// craft values that collide.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    slots: HashTable<u32>,
    hasher: foldhash::fast::RandomState,
}

impl Numbers {
    /// The number of `value`, where it has one; `of` gives the value that has a number.
    pub(super) fn find<'v, T, Q>(&self, value: &Q, of: impl Fn(u32) -> &'v T) -> Option<u32>
    where
        T: Borrow<Q> + 'v,
        Q: ?Sized + Eq + Hash,
    {
        let hash = self.hasher.hash_one(value);
        self.slots
            .find(hash, |known| of(*known).borrow() == value)
            .copied()
    }

    /// The number of `value`: that of its like, or `next`, which it has from now on.
    pub(super) fn add<'v, T>(&mut self, value: &T, next: u32, of: impl Fn(u32) -> &'v T) -> u32
    where
        T: Eq + Hash + 'v,
    {
        let Numbers { slots, hasher } = self;
        let slot = slots.entry(
            hasher.hash_one(value),
            |known| of(*known) == value,
            |known| hasher.hash_one(of(*known)),
        );
        match slot {
            Entry::Occupied(slot) => *slot.get(),
            Entry::Vacant(slot) => *slot.insert(next).get(),
        }
    }
}

/// Gives equal values one number, counted from 0 in the order of their first appearance.
#[derive(Clone, Debug)]
pub struct Table<T> {
    values: Vec<T>,
    numbers: Numbers,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table {
            values: Vec::new(),
            numbers: Numbers::default(),
        }
    }
}

impl<T: Clone + Eq + Hash> Table<T> {
    /// The number of `value`, which is new or known.
    pub fn add(&mut self, value: T) -> u32 {
        let Table { values, numbers } = self;
        let next = values.len() as u32;
        let number = numbers.add(&value, next, |known| &values[known as usize]);
        if number == next {
            values.push(value);
        }
        number
    }

    /// The number of `value`, when it is known.
    pub fn find<Q: ?Sized + Eq + Hash>(&self, value: &Q) -> Option<u32>
    where
        T: Borrow<Q>,
    {
        self.numbers
            .find(value, |known| &self.values[known as usize])
    }

    pub fn get(&self, id: u32) -> Option<&T> {
        self.values.get(id as usize)
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
    entries: Vec<Keyed>,
}

/// A row and its key. Packed, for beside a GUID that stands where the processor likes it a number
/// would take as much room.
#[derive(Copy, Clone, Debug)]
#[repr(C, packed(4))]
struct Keyed {
    key: Guid,
    row: u32,
}

impl Index {
    /// An index of rows by `key`; rows whose key is nil are left out.
    pub fn of<R>(rows: &[R], key: impl Fn(&R) -> Guid) -> Index {
        let mut entries: Vec<Keyed> = (0..)
            .zip(rows)
            .map(|(number, row)| Keyed {
                key: key(row),
                row: number,
            })
            .filter(|entry| { entry.key } != Guid::NIL)
            .collect();
        entries.sort_unstable_by_key(|entry| (entry.key, entry.row));
        Index { entries }
    }

    /// The rows with this key, in their order.
    pub fn rows(&self, key: Guid) -> impl Iterator<Item = usize> + '_ {
        let start = self.entries.partition_point(|entry| { entry.key } < key);
        self.entries[start..]
            .iter()
            .take_while(move |entry| { entry.key } == key)
            .map(|entry| entry.row as usize)
    }

    /// The key that every row has, when there are rows and they all have the same.
    pub fn only_key(&self) -> Option<Guid> {
        let (first, last) = (self.entries.first()?.key, self.entries.last()?.key);
        (first == last).then_some(first)
    }

    pub fn has(&self, key: Guid) -> bool {
        self.rows(key).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_table_numbers_what_is_new(values in prop::collection::vec(0u8..20, 0..60)) {
            let mut table = Table::default();
            let mut known: Vec<u8> = Vec::new();
            for value in values {
                if !known.contains(&value) {
                    prop_assert_eq!(table.find(&value), None);
                    known.push(value);
                }
                let number = known.iter().position(|other| *other == value).unwrap() as u32;
                prop_assert_eq!(table.add(value), number);
                prop_assert_eq!(table.find(&value), Some(number));
                prop_assert_eq!(table.get(number), Some(&value));
            }
            prop_assert_eq!(table.len(), known.len());
        }

        #[test]
        fn an_index_gives_the_rows_of_a_key(keys in prop::collection::vec(0usize..6, 0..40)) {
            // Some differ in one part alone, and the first is none.
            let guids = [0, 1, 1 << 32, 1 << 64, 1 << 96, u128::MAX].map(Guid);
            let index = Index::of(&keys, |key| guids[*key]);
            prop_assert!(index.rows(Guid::NIL).next().is_none());
            for (number, guid) in guids.iter().enumerate().skip(1) {
                let wanted = keys.iter().enumerate().filter(|(_, key)| **key == number);
                let wanted: Vec<usize> = wanted.map(|(row, _)| row).collect();
                prop_assert_eq!(index.has(*guid), !wanted.is_empty());
                prop_assert_eq!(index.rows(*guid).collect::<Vec<_>>(), wanted);
            }
            prop_assert!(!index.has(Guid(2)));
            let mut all: Vec<usize> = keys.iter().copied().filter(|key| *key > 0).collect();
            all.sort_unstable();
            all.dedup();
            let only = all.first().filter(|_| all.len() == 1).map(|key| guids[*key]);
            prop_assert_eq!(index.only_key(), only);
        }
    }

    #[test]
    fn rows_are_kept_close() {
        assert_eq!(size_of::<Keyed>(), 20);
    }
}
