//! When everything was read: the tenant, what its documents tell together, and the records that
//! are to be judged again because of it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::piece::FileNote;
use super::source::{Dirty, Pooled, Record, Source};
use crate::access;
use crate::catalog;
use crate::json::{Tape, read};
use crate::judge::{Judge, Known, Setting};
use crate::model::{Guid, ObjectKind, PermissionKind};
use crate::rules::{RULES, Rule, Sink};
use crate::settings::Settings;
use crate::tenant::{self, ApplicationRow, At, Coverage, Depends, Harvest, Tenant};

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

/// Judges the records again that other documents put in another light, and corrects the counts of
/// their sources.
pub fn reconsider(settings: &Settings, judge: &Judge<'_>, tenant: &Tenant, sources: &mut [Source]) {
    let mut records: BTreeMap<(u32, u32), bool> = BTreeMap::new();
    for row in &tenant.rows.applications {
        if is_in_another_light(settings, tenant, row) {
            records.insert((row.at.source, row.at.record), row.alone);
        }
    }
    for row in &tenant.rows.principals {
        if row.depends.has(Depends::HALF) && tenant.application(row.app_id).is_some() {
            records
                .entry((row.at.source, row.at.record))
                .or_insert(false);
        }
    }
    // The scan knew those that are named by id alone.
    let found_out =
        |id: Guid| !settings.scope.names_id(id, None) && settings.scope.names_id(id, Some(tenant));
    if settings.scope.only_named {
        let principals = tenant.rows.principals.iter();
        let federated = tenant.rows.federated.iter();
        let all = principals
            .map(|row| (row.at, row.app_id))
            .chain(federated.map(|row| (row.at, row.owner)));
        for (at, _) in all.filter(|(_, id)| found_out(*id)) {
            records.entry((at.source, at.record)).or_insert(false);
        }
    }
    let mut tape = Tape::default();
    for ((index, number), alone) in records {
        let Some(source) = sources.get_mut(index as usize) else {
            continue;
        };
        let Some(record) = source.indexed.get(number as usize).copied() else {
            continue;
        };
        // What changed is noted, and told at the end.
        let Ok((text, true)) = source.record(record) else {
            continue;
        };
        if read::record(&text, &mut tape).is_err() {
            continue;
        }
        let file = FileNote::of(&source.origin);
        let ask = |known: Option<Known<'_>>| {
            let mut sink = Sink {
                by_rule: settings.statistics().then(|| vec![0; RULES.len()]),
                ..Sink::default()
            };
            let setting = Setting {
                alone,
                link: file.link,
                file: file.file,
                known,
            };
            let judged = catch_unwind(AssertUnwindSafe(|| {
                judge.record(&text, &tape, setting, &mut sink, None)
            }));
            judged.ok().map(|verdict| (sink, verdict))
        };
        let known = Known {
            tenant,
            source: index,
            record: number,
        };
        // Reading that fails here failed in the scan, which told so.
        let (Some((before, old)), Some((after, new))) = (ask(None), ask(Some(known))) else {
            continue;
        };
        for rule in &after.failed {
            source.fail(RULES.get(*rule).copied(), record.offset);
        }
        source.tally.subtract(&before.tally);
        source.tally.merge(&after.tally);
        if let (Some(before), Some(after)) = (&before.by_rule, &after.by_rule) {
            for (total, (before, after)) in source.by_rule.iter_mut().zip(before.iter().zip(after))
            {
                *total = *total - before + after;
            }
        }
        source.out_of_scope =
            source.out_of_scope + u64::from(new.out_of_scope) - u64::from(old.out_of_scope);
        source.left_out = source.left_out + u64::from(new.left_out) - u64::from(old.left_out);
        set_dirty(source, record, alone, &after, &text);
    }
}

fn is_in_another_light(settings: &Settings, tenant: &Tenant, row: &ApplicationRow) -> bool {
    let depends = row.depends;
    let half = || {
        tenant
            .principals_of(row.app_id)
            .any(|principal| principal.held.any_secret || principal.held.any_certificate)
    };
    let intent =
        || {
            settings.rules.profile.as_ref().is_some_and(|profile| {
                !row.in_profile && access::shows_intent(tenant, profile, row)
            })
        };
    depends.has(Depends::FEDERATED) && tenant.knows_federated(row)
        || depends.has(Depends::HALF) && half()
        || depends.has(Depends::POLICIES) && tenant.has(ObjectKind::AppManagementPolicy)
        || depends.has(Depends::EXPOSED) && is_exposed_otherwise(tenant, row)
        || depends.has(Depends::GRANTED)
            && (tenant.has(ObjectKind::AppRoleAssignment) || tenant.has(ObjectKind::DelegatedGrant))
        || intent()
}

/// Whether a resource's own service principal shows something the application asks for in another
/// light than the catalogue does.
fn is_exposed_otherwise(tenant: &Tenant, row: &ApplicationRow) -> bool {
    let kinds = PermissionKind::ALL;
    tenant.requested(row).any(|asked| {
        let listed =
            kinds.map(|kind| catalog::permission(asked.resource, asked.id, kind).is_some());
        tenant.principals_of(asked.resource).any(|principal| {
            let exposed = kinds.map(|kind| tenant.exposes(principal, asked.id, kind).is_some());
            let known_nowhere = listed == [false; 2] && exposed == [false; 2];
            (exposed != listed || known_nowhere)
                && (principal.exposed_known || exposed != [false; 2])
        })
    })
}

/// Notes how many findings a record has now.
fn set_dirty(source: &mut Source, record: Record, alone: bool, judged: &Sink, text: &str) {
    let findings = u32::try_from(judged.tally.total()).unwrap_or(u32::MAX);
    let at = source
        .dirty
        .binary_search_by_key(&record.offset, |dirty| dirty.record.offset);
    match (at, findings) {
        (Ok(at), 0) => {
            source.dirty.remove(at);
        }
        (Ok(at), findings) => {
            source.dirty[at].findings = findings;
            source.dirty[at].fired = judged.fired;
        }
        (Err(_), 0) => {}
        (Err(at), findings) => {
            let Ok(position) = source.position(record.offset) else {
                return;
            };
            source.dirty.insert(
                at,
                Dirty {
                    record,
                    line: position.line,
                    column: position.column,
                    findings,
                    alone,
                    fired: judged.fired,
                    mark: tenant::mark(text),
                },
            );
        }
    }
}
