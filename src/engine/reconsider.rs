//! Records that other documents put in another light: they are judged again when everything was
//! read, on every core, and the counts of their sources are corrected.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::piece::FileNote;
use super::source::{Dirty, Record, Source};
use super::sum::{Counts, Sum};
use crate::access;
use crate::catalog;
use crate::json::{Tape, read};
use crate::judge::{Judge, Known, Setting, Verdict};
use crate::model::{Guid, ObjectKind, PermissionKind};
use crate::report::Position;
use crate::rules::{RULES, Sink, Tally};
use crate::settings::Settings;
use crate::tenant::{self, ApplicationRow, Depends, Tenant};

/// Fewer are not worth another thread.
const FEW: usize = 64;

/// Judges the records again that other documents put in another light, and corrects the counts; the
/// sources, by their place, of which another record has findings now.
pub fn reconsider(
    settings: &Settings,
    judge: &Judge<'_>,
    tenant: &Tenant,
    sources: &mut [Box<Source>],
    sum: &mut Sum,
) -> Vec<u32> {
    let wanted = wanted(settings, tenant);
    let jobs = match wanted.len() {
        0..FEW => 1,
        _ => settings.jobs,
    };
    let share = wanted.len().div_ceil(jobs).max(1);
    let work = |share: &[Wanted]| {
        let mut reviewer = Reviewer {
            settings,
            judge,
            tenant,
            sources,
            tape: Tape::default(),
            met: None,
        };
        let judged = share.iter().filter_map(|wanted| reviewer.judge(*wanted));
        judged.collect::<Vec<Judged>>()
    };
    let judged = if jobs == 1 {
        work(&wanted)
    } else {
        std::thread::scope(|scope| {
            let work = &work;
            let workers: Vec<_> = wanted
                .chunks(share)
                .map(|share| scope.spawn(move || work(share)))
                .collect();
            let done = workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
            done.flatten().collect()
        })
    };
    let mut loud = Vec::new();
    for judged in judged.chunk_by(|one, other| one.wanted.source == other.wanted.source) {
        let place = judged.first().map_or(u32::MAX, |one| one.wanted.source);
        if let Some(source) = sources.get_mut(place as usize) {
            correct(source, judged);
            sum.failed |= source.failed;
            loud.extend(source.has_findings().then_some(place));
        }
        judged.iter().for_each(|one| recount(&mut sum.counts, one));
    }
    loud
}

/// A record that is to be judged again, by its place in the index.
#[derive(Copy, Clone, Debug)]
struct Wanted {
    source: u32,
    record: u32,
    alone: bool,
}

/// The records that are to be judged again, in order.
fn wanted(settings: &Settings, tenant: &Tenant) -> Vec<Wanted> {
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
    let wanted = |((source, record), alone)| Wanted {
        source,
        record,
        alone,
    };
    records.into_iter().map(wanted).collect()
}

/// What judging a record again gave.
struct Judged {
    wanted: Wanted,
    record: Record,
    /// What it is now, if it has findings.
    dirty: Option<Dirty>,
    /// What was found without the other documents, and what with them.
    before: Tally,
    after: Tally,
    /// By rule, how many findings there are more, or fewer; when statistics are wanted.
    by_rule: Vec<(usize, i64)>,
    /// Rules that panicked.
    failed: Vec<usize>,
    /// How many objects are, or are no longer, out of scope and left out.
    out_of_scope: i64,
    left_out: i64,
}

/// Judges records again, one after the other.
struct Reviewer<'r> {
    settings: &'r Settings,
    judge: &'r Judge<'r>,
    tenant: &'r Tenant,
    sources: &'r [Box<Source>],
    tape: Tape,
    /// A place that was counted out before, and its source: the next one is mostly near.
    met: Option<(u32, Position)>,
}

impl Reviewer<'_> {
    /// `None` where it cannot be read again, which the scan told, or the end of the run will.
    fn judge(&mut self, wanted: Wanted) -> Option<Judged> {
        let source = self.sources.get(wanted.source as usize)?;
        let record = source.indexed.get(wanted.record as usize)?;
        // What changed is noted, and told at the end.
        let (text, true) = source.record(record).ok()? else {
            return None;
        };
        read::record(&text, &mut self.tape).ok()?;
        let known = Known {
            tenant: self.tenant,
            source: wanted.source,
            record: wanted.record,
        };
        // Reading that fails here failed in the scan, which told so.
        let (before, old) = self.ask(source, &text, wanted.alone, None)?;
        let (after, new) = self.ask(source, &text, wanted.alone, Some(known))?;
        let findings = u32::try_from(after.tally.total()).unwrap_or(u32::MAX);
        let dirty = match (findings, source.dirty_at(record.offset)) {
            (0, _) => None,
            (findings, Some(dirty)) => Some(Dirty {
                findings,
                fired: after.fired,
                ..*dirty
            }),
            (findings, None) => {
                let met = self.met.filter(|(source, _)| *source == wanted.source);
                let at = source.position_from(met.map(|(_, at)| at), record.offset);
                self.met = at.as_ref().ok().map(|at| (wanted.source, *at));
                at.ok().map(|at| Dirty {
                    record,
                    line: at.line,
                    column: at.column,
                    findings,
                    alone: wanted.alone,
                    fired: after.fired,
                    mark: tenant::mark(&text),
                })
            }
        };
        let counts = before
            .by_rule
            .iter()
            .zip(&after.by_rule)
            .flat_map(|(a, b)| a.iter().zip(b));
        let by_rule = counts
            .map(|(before, after)| *after as i64 - *before as i64)
            .enumerate()
            .filter(|(_, more)| *more != 0)
            .collect();
        Some(Judged {
            wanted,
            record,
            dirty,
            before: before.tally,
            after: after.tally,
            by_rule,
            failed: after.failed,
            out_of_scope: i64::from(new.out_of_scope) - i64::from(old.out_of_scope),
            left_out: i64::from(new.left_out) - i64::from(old.left_out),
        })
    }

    fn ask(
        &self,
        source: &Source,
        text: &str,
        alone: bool,
        known: Option<Known<'_>>,
    ) -> Option<(Sink, Verdict)> {
        let mut sink = Sink {
            by_rule: self.settings.statistics().then(|| vec![0; RULES.len()]),
            ..Sink::default()
        };
        let file = FileNote::of(&source.origin);
        let setting = Setting {
            alone,
            link: file.link,
            file: file.file,
            known,
        };
        let judged = catch_unwind(AssertUnwindSafe(|| {
            self.judge
                .record(text, &self.tape, setting, &mut sink, None)
        }));
        judged.ok().map(|verdict| (sink, verdict))
    }
}

/// Corrects what is kept of a source; the records come in order.
fn correct(source: &mut Source, judged: &[Judged]) {
    for one in judged {
        for rule in &one.failed {
            source.fail(RULES.get(*rule).copied(), one.record.offset);
        }
    }
    let again = |dirty: &Dirty| {
        judged
            .binary_search_by_key(&dirty.record.offset, |one| one.record.offset)
            .is_ok()
    };
    source.dirty.retain(|dirty| !again(dirty));
    source
        .dirty
        .extend(judged.iter().filter_map(|one| one.dirty));
    source.dirty.sort_by_key(|dirty| dirty.record.offset);
}

/// Corrects what was counted of all records.
fn recount(counts: &mut Counts, one: &Judged) {
    counts.tally.subtract(&one.before);
    counts.tally.merge(&one.after);
    for (rule, more) in &one.by_rule {
        if let Some(total) = counts.by_rule.get_mut(*rule) {
            *total = total.saturating_add_signed(*more);
        }
    }
    counts.out_of_scope = counts.out_of_scope.saturating_add_signed(one.out_of_scope);
    counts.left_out = counts.left_out.saturating_add_signed(one.left_out);
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
    // Most inputs have applications and nothing else.
    if tenant.rows.principals.is_empty() {
        return false;
    }
    tenant.requested(row).any(|asked| {
        tenant.principals_of(asked.resource).any(|principal| {
            let listed =
                kinds.map(|kind| catalog::permission(asked.resource, asked.id, kind).is_some());
            let exposed = kinds.map(|kind| tenant.exposes(principal, asked.id, kind).is_some());
            let known_nowhere = listed == [false; 2] && exposed == [false; 2];
            (exposed != listed || known_nowhere)
                && (principal.exposed_known || exposed != [false; 2])
        })
    })
}
