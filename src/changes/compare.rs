//! Two inputs side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::census::{Census, Found, Names};
use super::{Altered, Change, Counts, Facts, Line, NotCompared, Objects, Side, absent, partial};
use crate::inventory::Inventory;
use crate::model::ObjectKind;

/// What changed about one object, in the aspects that both documents show; sorted.
pub fn lines(old: &Facts, new: &Facts) -> Vec<Line> {
    let mut lines = Vec::new();
    for &aspect in old.known.intersection(&new.known) {
        let of = |facts: &Facts| -> BTreeMap<String, (String, String)> {
            let facts = facts.list.iter().filter(|fact| fact.aspect == aspect);
            let mut all: Vec<_> = facts
                .map(|fact| (fact.key.clone(), (fact.item.clone(), fact.value.clone())))
                .collect();
            // Of an item that stands twice always the same one counts.
            all.sort();
            all.into_iter().collect()
        };
        let (mut before, after) = (of(old), of(new));
        let told = |value: String| Some(value).filter(|value| !value.is_empty());
        for (key, (item, value)) in after {
            match before.remove(&key) {
                None => lines.push(Line {
                    aspect,
                    item,
                    change: Change::Added,
                    before: None,
                    after: told(value),
                }),
                Some((_, was)) if was != value && !was.is_empty() && !value.is_empty() => {
                    lines.push(Line {
                        aspect,
                        item,
                        change: Change::Changed,
                        before: told(was),
                        after: told(value),
                    });
                }
                Some(_) => {}
            }
        }
        lines.extend(before.into_values().map(|(item, was)| Line {
            aspect,
            item,
            change: Change::Removed,
            before: told(was),
            after: None,
        }));
    }
    lines.sort();
    lines
}

/// What may be said of one kind of objects.
#[derive(Copy, Clone, Debug, Default)]
struct Able {
    compared: bool,
    /// What is in NEW alone was added: OLD has all of it.
    added: bool,
    removed: bool,
}

/// Compares the objects of two inputs. `unread` names files of each that could not be read, or not
/// all of it.
pub fn compare(old: &Inventory<'_>, new: &Inventory<'_>, unread: [&[String]; 2]) -> Objects {
    let (before, after) = (Census::take(old), Census::take(new));
    let mut objects = Objects::default();
    let kinds: BTreeSet<ObjectKind> = before.kinds().chain(after.kinds()).collect();
    let mut able: BTreeMap<ObjectKind, Able> = BTreeMap::new();
    for kind in kinds {
        able.insert(kind, can(kind, old, new, unread, &mut objects.not_compared));
    }
    for (side, names) in Side::BOTH.into_iter().zip(unread) {
        for name in names {
            objects.not_compared.push(NotCompared {
                kind: None,
                rule: None,
                side,
                reason: format!("{name} could not be read, or not all of it"),
                findings: 0,
            });
        }
    }
    for (side, census) in [(Side::Old, &before), (Side::New, &after)] {
        for (kind, count) in &census.nameless {
            objects.not_compared.push(NotCompared {
                kind: Some(*kind),
                rule: None,
                side,
                reason: format!("without an id: {count}"),
                findings: 0,
            });
        }
    }
    objects.not_compared.sort();
    let mut counts: BTreeMap<ObjectKind, Counts> = BTreeMap::new();
    let mut altered: Vec<(ObjectKind, String, u128, Altered)> = Vec::new();
    let (old_names, new_names) = (Names { stock: old }, Names { stock: new });
    let mut tell = |kind: ObjectKind, id: u128, change: Change, facts: &Facts, lines| {
        let subject = facts.subject.clone();
        let name = subject.name.clone().unwrap_or_default().to_lowercase();
        let told = Altered {
            change,
            subject,
            lines,
        };
        altered.push((kind, name, id, told));
    };
    for (&(kind, id), found) in &after.found {
        let able = able.get(&kind).copied().unwrap_or_default();
        if !able.compared {
            continue;
        }
        let count = counts.entry(kind).or_default();
        match before.found.get(&(kind, id)) {
            Some(was) if was.digest == found.digest => count.unchanged += 1,
            Some(was) => {
                let (one, two) = (old_names.facts(was.row), new_names.facts(found.row));
                let lines = lines(&one, &two);
                if lines.is_empty() {
                    count.unchanged += 1;
                } else {
                    count.changed += 1;
                    tell(kind, id, Change::Changed, &two, lines);
                }
            }
            None if able.added => {
                count.added += 1;
                let facts = new_names.facts(found.row);
                let items = facts.items();
                tell(kind, id, Change::Added, &facts, items);
            }
            None => {}
        }
    }
    for (&(kind, id), Found { row, .. }) in &before.found {
        let able = able.get(&kind).copied().unwrap_or_default();
        if !able.removed || after.found.contains_key(&(kind, id)) {
            continue;
        }
        counts.entry(kind).or_default().removed += 1;
        let facts = old_names.facts(*row);
        let mut items = facts.items();
        for line in &mut items {
            line.change = Change::Removed;
            line.before = line.after.take();
        }
        tell(kind, id, Change::Removed, &facts, items);
    }
    altered.sort_by(|one, other| {
        (one.0, &one.1, one.2, one.3.change).cmp(&(other.0, &other.1, other.2, other.3.change))
    });
    objects.altered = altered.into_iter().map(|(.., altered)| altered).collect();
    objects.counts = counts.into_iter().collect();
    objects
}

/// What the two inputs allow to say of a kind; with a word on what they do not.
fn can(
    kind: ObjectKind,
    old: &Inventory<'_>,
    new: &Inventory<'_>,
    unread: [&[String]; 2],
    not: &mut Vec<NotCompared>,
) -> Able {
    let mut able = Able {
        compared: true,
        added: unread[0].is_empty(),
        removed: unread[1].is_empty(),
    };
    for (side, stock) in [(Side::Old, old), (Side::New, new)] {
        let coverage = stock.join.tenant.covers(kind);
        let reason = if !coverage.present {
            able = Able::default();
            absent(kind)
        } else if coverage.cut {
            match side {
                Side::Old => able.added = false,
                Side::New => able.removed = false,
            }
            partial(kind)
        } else {
            continue;
        };
        not.push(NotCompared {
            kind: Some(kind),
            rule: None,
            side,
            reason,
            findings: 0,
        });
    }
    able
}
