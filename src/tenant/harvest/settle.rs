//! What is there once a plan was carried out: exports show what is, plans what will be.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use super::super::Assignments;
use super::super::rows::*;
use super::super::scopes::ScopeId;
use super::Harvest;
use crate::model::Guid;

impl Harvest {
    /// Lets templates, plans and states, which are the sources that `is_code` knows, overrule what
    /// exports show of the same objects, and takes away what a plan deletes.
    pub fn settle(&mut self, is_code: impl Fn(u32) -> bool) {
        self.recognise_principals(&is_code);
        let gone: HashSet<At> = std::mem::take(&mut self.removed).into_iter().collect();
        let told = Told {
            is_code: &|at| is_code(at.source),
            gone: &gone,
        };
        let known = |id: Guid| (id != Guid::NIL).then_some(id);
        let application = |row: &ApplicationRow| known(row.app_id).or(known(row.id));
        let principal = |row: &PrincipalRow| known(row.id);
        told.complete(
            &mut self.applications,
            |row| row.at,
            application,
            |new, old| {
                complete(&mut new.held, old.held);
                new.disabled |= old.disabled;
            },
        );
        told.complete(
            &mut self.principals,
            |row| row.at,
            principal,
            |new, old| {
                complete(&mut new.held, old.held);
                new.disabled |= old.disabled;
                if !new.exposed_known {
                    (new.exposed, new.exposed_known) = (old.exposed, old.exposed_known);
                }
                for (new, old) in [
                    (&mut new.owner_tenant, old.owner_tenant),
                    (&mut new.tenant, old.tenant),
                ] {
                    if *new == Guid::NIL {
                        *new = old;
                    }
                }
                if new.enabled == Truth::Unknown {
                    new.enabled = old.enabled;
                }
            },
        );
        told.overrule(&mut self.applications, |row| row.at, application);
        told.overrule(&mut self.principals, |row| row.at, principal);
        told.overrule(
            &mut self.grants,
            |row| row.at,
            |row| Some((row.client, row.resource, row.principal, row.consent as u8)),
        );
        told.overrule(
            &mut self.app_roles,
            |row| row.at,
            |row| Some((row.principal, row.resource, row.role)),
        );
        told.overrule(
            &mut self.federated,
            |row| row.at,
            |row| Some((row.owner, row.mark)),
        );
        told.overrule_assignments(&mut self.assignments);
        told.overrule(&mut self.definitions, |row| row.at, |row| known(row.id));
        told.overrule(&mut self.instances, |row| row.at, |row| row.scope);
        told.overrule(
            &mut self.directory_roles,
            |row| row.at,
            |row| Some((row.principal, row.role, row.whole_tenant)),
        );
        told.overrule(
            &mut self.owners,
            |row| row.at,
            |row| Some((row.whole, row.part)),
        );
    }
}

impl Harvest {
    /// A template makes the service principal of an application unless it is there: where an
    /// export shows it, the id that was to be is its id.
    fn recognise_principals(&mut self, is_code: impl Fn(u32) -> bool) {
        let mut shown: HashMap<Guid, Guid> = HashMap::new();
        for row in &self.principals {
            if !is_code(row.at.source) && row.app_id != Guid::NIL {
                // Exports of several tenants show several: none is the one that is meant.
                let known = shown.entry(row.app_id).or_insert(row.id);
                if *known != row.id {
                    *known = Guid::NIL;
                }
            }
        }
        let same: BTreeMap<Guid, Guid> = self
            .principals
            .iter()
            .filter(|row| is_code(row.at.source) && self.stand_ins.has(row.id))
            .filter_map(|row| Some((row.id, *shown.get(&row.app_id)?)))
            .filter(|(_, id)| *id != Guid::NIL)
            .collect();
        if same.is_empty() {
            return;
        }
        let known = |id: &mut Guid| *id = same.get(id).copied().unwrap_or(*id);
        self.principals
            .iter_mut()
            .for_each(|row| known(&mut row.id));
        for row in &mut self.grants {
            [&mut row.client, &mut row.resource, &mut row.principal]
                .into_iter()
                .for_each(known);
        }
        for row in &mut self.app_roles {
            [&mut row.principal, &mut row.resource]
                .into_iter()
                .for_each(known);
        }
        self.federated
            .iter_mut()
            .for_each(|row| known(&mut row.owner));
        self.directory_roles
            .iter_mut()
            .for_each(|row| known(&mut row.principal));
        for link in self.owners.iter_mut().chain(&mut self.members) {
            [&mut link.whole, &mut link.part]
                .into_iter()
                .for_each(known);
        }
        for (old, new) in &same {
            if let Some(old) = self.guids.find(old) {
                let new = self.guids.add(*new);
                let principals = self.assignments.principals_mut();
                principals
                    .filter(|principal| **principal == old)
                    .for_each(|principal| *principal = new);
            }
        }
    }
}

/// A plan that says nothing of an object's credentials leaves them as they are.
fn complete(new: &mut Held, old: Held) {
    for (new, old) in [
        (&mut new.secret, old.secret),
        (&mut new.certificate, old.certificate),
        (&mut new.federated, old.federated),
    ] {
        if *new == Truth::Unknown {
            *new = old;
        }
    }
    new.any_secret |= old.any_secret;
    new.any_certificate |= old.any_certificate;
}

/// Who tells what will be.
struct Told<'t> {
    is_code: &'t dyn Fn(At) -> bool,
    gone: &'t HashSet<At>,
}

impl Told<'_> {
    /// What plans tell of: also what they delete.
    fn planned<R: Borrow<T>, T, K: Hash + Eq>(
        &self,
        rows: impl IntoIterator<Item = R>,
        at: impl Fn(&T) -> At,
        key: impl Fn(&T) -> Option<K>,
    ) -> HashSet<K> {
        let rows = rows.into_iter();
        let told = rows.filter(|row| (self.is_code)(at(row.borrow())));
        told.filter_map(|row| key(row.borrow())).collect()
    }

    /// Whether the row with this key stays that stands at `at`.
    fn leaves<K: Hash + Eq>(&self, at: At, key: Option<K>, planned: &HashSet<K>) -> bool {
        let overruled = || key.is_some_and(|key| planned.contains(&key));
        !self.gone.contains(&at) && ((self.is_code)(at) || !overruled())
    }

    /// Lets `fill` complete the rows of plans from those that they overrule.
    fn complete<R: Clone, K: Hash + Eq>(
        &self,
        rows: &mut [R],
        at: impl Fn(&R) -> At,
        key: impl Fn(&R) -> Option<K>,
        fill: impl Fn(&mut R, &R),
    ) {
        let planned = self.planned(&*rows, &at, &key);
        if planned.is_empty() {
            return;
        }
        let shown: HashMap<K, R> = rows
            .iter()
            .filter(|row| !(self.is_code)(at(row)))
            .filter_map(|row| Some((key(row)?, row)))
            .filter(|(key, _)| planned.contains(key))
            .map(|(key, row)| (key, row.clone()))
            .collect();
        for row in rows.iter_mut().filter(|row| (self.is_code)(at(row))) {
            if let Some(old) = key(row).and_then(|key| shown.get(&key)) {
                fill(row, old);
            }
        }
    }

    /// Drops the rows of exports that plans tell of, and those of what is deleted.
    fn overrule<R, K: Hash + Eq>(
        &self,
        rows: &mut Vec<R>,
        at: impl Fn(&R) -> At,
        key: impl Fn(&R) -> Option<K>,
    ) {
        let planned = self.planned(&*rows, &at, &key);
        // What is deleted goes, even where it cannot be told which one it is.
        if planned.is_empty() && self.gone.is_empty() {
            return;
        }
        rows.retain(|row| self.leaves(at(row), key(row), &planned));
    }

    /// The same with assignments.
    fn overrule_assignments(&self, rows: &mut Assignments) {
        let key = |row: &AssignmentRow| {
            let known = row.scope != ScopeId::NONE;
            known.then_some((row.principal, row.role, row.scope, row.schedule as u8))
        };
        let planned = self.planned(rows.iter(), |row| row.at, key);
        if !planned.is_empty() || !self.gone.is_empty() {
            rows.retain(|row| self.leaves(row.at, key(row), &planned));
        }
    }
}
