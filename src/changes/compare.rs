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
                reason: format!("{count} without an id or a name of its own"),
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
    let unclear =
        |key: &(ObjectKind, u128)| before.ambiguous.contains(key) || after.ambiguous.contains(key);
    for (&(kind, id), found) in &after.found {
        let able = able.get(&kind).copied().unwrap_or_default();
        if !able.compared || unclear(&(kind, id)) {
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
        let known = after.found.contains_key(&(kind, id)) || unclear(&(kind, id));
        if !able.compared || !able.removed || known {
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

#[cfg(test)]
mod tests {
    use super::super::Aspect;
    use super::*;
    use crate::rules::Subject;

    fn facts(build: impl FnOnce(&mut Facts)) -> Facts {
        let mut facts = Facts::new(Subject {
            kind: ObjectKind::Application,
            id: None,
            app_id: None,
            name: None,
        });
        build(&mut facts);
        facts
    }

    fn item(key: &str, value: &str) -> (String, String, String) {
        (key.to_owned(), key.to_uppercase(), value.to_owned())
    }

    fn told(old: &Facts, new: &Facts) -> Vec<String> {
        let lines = lines(old, new);
        if old.known == new.known {
            let same = old.digest() == new.digest();
            assert_eq!(lines.is_empty(), same, "{lines:?}");
        }
        lines
            .iter()
            .map(|line| {
                let (sign, aspect) = (line.change.sign(), line.aspect.name());
                let value = |value: &Option<String>| value.clone().unwrap_or_default();
                let (before, after) = (value(&line.before), value(&line.after));
                format!("{sign} {aspect} {} {before}>{after}", line.item)
            })
            .collect()
    }

    #[test]
    fn items_come_go_and_change() {
        let old = facts(|facts| {
            let all = [item("a", "1"), item("b", "1"), item("c", "1")];
            facts.list(Aspect::Secret, true, all);
            facts.value(Aspect::Audience, Some("one"));
        });
        let new = facts(|facts| {
            facts.value(Aspect::Audience, Some("two"));
            let all = [item("d", ""), item("c", "2"), item("a", "1")];
            facts.list(Aspect::Secret, true, all);
        });
        assert_eq!(
            told(&old, &new),
            [
                "~ audience  one>two",
                "- secret B 1>",
                "~ secret C 1>2",
                "+ secret D >"
            ]
        );
        // In another order nothing changed, and nothing did twice.
        let again = facts(|facts| {
            facts.value(Aspect::Audience, Some("one"));
            let all = [
                item("c", "1"),
                item("b", "1"),
                item("b", "1"),
                item("a", "1"),
            ];
            facts.list(Aspect::Secret, true, all);
        });
        assert_eq!(told(&old, &again), [""; 0]);
    }

    #[test]
    fn what_a_document_does_not_show_did_not_change() {
        let shown = facts(|facts| {
            facts.list(Aspect::Owner, true, [item("a", "")]);
            facts.value(Aspect::Enabled, Some("enabled"));
        });
        let hidden = facts(|facts| {
            facts.list(Aspect::Owner, false, [item("b", "")]);
            facts.value(Aspect::Enabled, None::<&str>);
        });
        assert_eq!(told(&shown, &hidden), [""; 0]);
        assert_eq!(told(&hidden, &shown), [""; 0]);
        // An empty list is shown.
        let empty = facts(|facts| facts.list(Aspect::Owner, true, []));
        assert_eq!(told(&shown, &empty), ["- owner A >"]);
    }

    #[test]
    fn a_value_that_is_not_known_did_not_change() {
        let old = facts(|facts| facts.list(Aspect::Secret, true, [item("a", "1")]));
        let new = facts(|facts| facts.list(Aspect::Secret, true, [item("a", "")]));
        assert_eq!(lines(&old, &new), []);
        assert_eq!(lines(&new, &old), []);
    }
}
