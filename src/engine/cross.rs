//! When everything was read: the tenant, and what rules lack to judge by.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Pooled, Source};
use crate::model::{Guid, ObjectKind};
use crate::rules::Rule;
use crate::settings::Settings;
use crate::tenant::{At, Coverage, Harvest, Tenant};

/// Takes what was kept of every source together; `pools` is what was kept of small ones.
pub fn tenant(sources: &mut [Source], pools: Vec<Harvest>) -> Tenant {
    let mut rows = Harvest::default();
    let mut coverage: BTreeMap<ObjectKind, Coverage> = BTreeMap::new();
    let mut listed = BTreeSet::new();
    for (index, source) in sources.iter_mut().enumerate() {
        if let Some(harvest) = source.harvest.take() {
            rows.absorb(*harvest, index as u32, 0);
        }
        for (kind, more) in source.coverage() {
            let known = coverage.entry(kind).or_default();
            known.present |= more.present;
            known.listed |= more.listed;
            known.cut |= more.cut;
        }
        if source.empty.is_some()
            && !source.cut
            && let link = source.origin.link()
            && let Some(relation) = link.relation
        {
            listed.insert((relation, link.owner(relation, Guid::NIL)));
        }
    }
    pour(&mut rows, sources, pools);
    if sources.iter().any(Source::is_code) {
        rows.settle(|source| sources.get(source as usize).is_some_and(Source::is_code));
    }
    // Owners inside the document of what they own are documents of owners, too.
    if !rows.owners.is_empty() {
        let owners = coverage.entry(ObjectKind::DirectoryObject).or_default();
        owners.present = true;
    }
    Tenant::new(rows, coverage, listed)
}

/// Takes over what was kept of small files together, and puts all rows in the order of sources.
fn pour(rows: &mut Harvest, sources: &[Source], pools: Vec<Harvest>) {
    if sources.iter().all(|source| source.pooled.is_none()) {
        return;
    }
    let mut numbers = vec![Vec::new(); pools.len()];
    for (index, source) in sources.iter().enumerate() {
        if let Some(Pooled { pool, file }) = source.pooled
            && let Some(files) = numbers.get_mut(pool as usize)
        {
            let file = file as usize;
            if files.len() <= file {
                files.resize(file + 1, u32::MAX);
            }
            files[file] = index as u32;
        }
    }
    for (pool, files) in pools.into_iter().zip(numbers) {
        rows.absorb_at(pool, |at| At {
            source: files.get(at.source as usize).copied().unwrap_or(u32::MAX),
            ..at
        });
    }
    rows.sort_by_source();
}

/// The first kind of document that a rule lacks to judge by, and whether some of it is there.
pub fn lacks(rule: &Rule, tenant: &Tenant, settings: &Settings) -> Option<(ObjectKind, Coverage)> {
    // Where the instances are named, an export of them tells nothing more of who has roles there,
    // and for the profile of another API there is none.
    let ids = &settings.rules.instances;
    let named = !ids.is_empty();
    let by_id = named && ids.iter().all(|id| id.starts_with('/')) && rule.needs.len() > 1;
    for group in rule.needs {
        let there = |kind: ObjectKind| {
            tenant.has(kind) || by_id && kind == ObjectKind::DigitalTwinsInstance
        };
        if !group.iter().any(|kind| there(*kind)) {
            return group.first().map(|kind| (*kind, tenant.covers(*kind)));
        }
    }
    let enough = |kind: ObjectKind| {
        tenant.is_complete(kind) || named && kind == ObjectKind::DigitalTwinsInstance
    };
    rule.complete
        .iter()
        .find(|kind| !enough(**kind))
        .map(|kind| (*kind, tenant.covers(*kind)))
}
