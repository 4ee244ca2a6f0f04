//! Verdicts in words: who is asked about, in which order, and what a reader has to know besides.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use super::Run;
use super::crossing::Crossing;
use super::look::Looker;
use crate::access::{Access, FLOWS, Reason, Target, Verdict, message};
use crate::collect::supply;
use crate::model::{Guid, ObjectKind};
use crate::report::access::{
    AccessApplication, AccessEnd, AccessHead, AccessInstance, AccessReason, AccessReport,
    AccessThrough, AccessVerdict,
};
use crate::report::{NotEvaluated, named, safe};
use crate::rules::joined::Look;
use crate::rules::{Flow, Subject, Want, out};
use crate::tenant::{ApplicationRow, At, DirectoryKind, PrincipalRow, Truth};

/// Assignments that are named for one verdict.
const THROUGH: usize = 50;
/// Notes of one sort; further ones are counted.
const NOTES: usize = 5;

impl Run<'_> {
    /// Named instances that are neither in the input nor resource ids.
    pub fn unknown_instances(&self) -> Vec<String> {
        let crossing = Crossing::new(&self.tenant, self.settings);
        let unknown = crossing.join().access().map(|access| {
            let names = access.reach.unknown.iter();
            names.filter(|name| !name.contains('/')).cloned().collect()
        });
        unknown.unwrap_or_default()
    }

    /// Writes the verdicts; what was counted on the way, or `None` when there was nothing to judge
    /// (then nothing was written).
    ///
    /// # Errors
    /// Writing to `out` failed.
    pub fn access(
        &self,
        report: &mut dyn AccessReport,
        out: &mut dyn Write,
    ) -> io::Result<Option<AccessEnd>> {
        let crossing = Crossing::new(&self.tenant, self.settings);
        let join = crossing.join();
        let Some(access) = join.access() else {
            return Ok(None);
        };
        let teller = Teller {
            run: self,
            access,
            looker: Looker::new(&self.sources),
            flows: self.settings.rules.flows.as_deref(),
            places: report.wants_places(),
            through: RefCell::default(),
        };
        let mut applications: Vec<(Subject, &ApplicationRow)> = Vec::new();
        for row in &self.tenant.rows.applications {
            let meant = if self.settings.scope.only_named {
                row.named
            } else {
                join.profile_of(row).is_some()
            };
            if meant {
                applications.push((teller.subject(row.at), row));
            }
        }
        // By name and id, so that the order of files changes nothing.
        applications.sort_by_cached_key(|(subject, row)| order(subject, row.app_id, row.at));
        let mut identities: Vec<(Subject, &PrincipalRow)> = teller
            .identities()
            .into_iter()
            .map(|row| (teller.subject(row.at), row))
            .filter(|(subject, row)| teller.is_wanted(subject, row))
            .collect();
        identities.sort_by_cached_key(|(subject, row)| order(subject, row.id, row.at));
        if applications.is_empty() && identities.is_empty() {
            return Ok(None);
        }
        let versions = versions(applications.iter().map(|(_, row)| row.app_id));
        let head = AccessHead {
            evaluated_at: self.settings.rules.now,
            profile: self.settings.profile.name().to_owned(),
            want: self.settings.rules.want,
            files: self.outcome.files,
            notes: teller.notes(&applications, &versions),
        };
        report.begin(&head, out)?;
        let mut end = AccessEnd {
            applications: (applications.len() + identities.len()) as u64,
            out_of_scope: (self.tenant.rows.applications.len() - applications.len()) as u64,
            ..AccessEnd::default()
        };
        let mut needed = BTreeSet::new();
        let targets: Vec<Option<&Target>> = match access.reach.targets.as_slice() {
            [] => vec![None],
            targets => targets.iter().map(Some).collect(),
        };
        for target in targets {
            let instance = target.map(|target| teller.instance(target));
            report.instance(instance.as_ref(), out)?;
            for (subject, row) in &applications {
                let mut verdicts = access.application(row, target, &teller.wanted());
                let again = versions.contains(&row.app_id);
                let told = teller.application(subject, row.at, again, &mut verdicts);
                teller.count(&told, &verdicts, &mut end, &mut needed);
                report.application(&told, out)?;
            }
            for (subject, row) in &identities {
                let mut verdicts = vec![access.identity(row, target)];
                let told = teller.application(subject, row.at, false, &mut verdicts);
                teller.count(&told, &verdicts, &mut end, &mut needed);
                report.application(&told, out)?;
            }
        }
        end.not_evaluated = needed.into_iter().collect();
        report.end(&end, out)?;
        Ok(Some(end))
    }
}

/// What telling needs of the whole run.
struct Teller<'t> {
    run: &'t Run<'t>,
    access: Access<'t>,
    looker: Looker<'t>,
    /// Flows that were named.
    flows: Option<&'t [Flow]>,
    places: bool,
    /// Assignments in words, by their row: the same few let everybody in.
    through: RefCell<HashMap<u32, AccessThrough>>,
}

fn order(subject: &Subject, id: Guid, at: At) -> (String, Guid, At) {
    let name = subject.name.as_deref().unwrap_or("").to_lowercase();
    (name, id, at)
}

/// Client ids that stand in the input more than once.
fn versions(ids: impl Iterator<Item = Guid>) -> BTreeSet<Guid> {
    let mut seen = BTreeSet::new();
    ids.filter(|id| *id != Guid::NIL && !seen.insert(*id))
        .collect()
}

impl<'t> Teller<'t> {
    fn subject(&self, at: At) -> Subject {
        self.looker.subject(at).unwrap_or(Subject {
            kind: ObjectKind::Application,
            id: None,
            app_id: None,
            name: None,
        })
    }

    /// Flows to judge: those that were named, or all.
    fn wanted(&self) -> Vec<Flow> {
        match self.flows {
            None => FLOWS.to_vec(),
            Some(named) => FLOWS
                .into_iter()
                .filter(|flow| is_named(named, *flow))
                .collect(),
        }
    }

    /// Managed identities to judge: where their flow was named, all; else those that are meant.
    fn identities(&self) -> Vec<&'t PrincipalRow> {
        let scope = &self.run.settings.scope;
        match self.flows {
            Some(flows) if !flows.contains(&Flow::ManagedIdentity) => Vec::new(),
            flows => self
                .access
                .identities(flows.is_some() || scope.all || scope.only_named),
        }
    }

    /// With `--app`, only those it names.
    fn is_wanted(&self, subject: &Subject, row: &PrincipalRow) -> bool {
        let scope = &self.run.settings.scope;
        let name = subject.name.as_deref().unwrap_or("").trim().to_lowercase();
        !scope.only_named
            || [row.id.to_string(), row.app_id.to_string(), name]
                .iter()
                .chain(subject.id.as_ref())
                .any(|text| scope.named.contains(text))
    }

    fn instance(&self, target: &Target) -> AccessInstance {
        let targets = &self.access.reach.targets;
        let same_id = targets
            .iter()
            .filter(|other| other.id.eq_ignore_ascii_case(&target.id))
            .count();
        let same_name = targets
            .iter()
            .filter(|other| other.name.eq_ignore_ascii_case(&target.name))
            .count();
        let row = target.instance(self.access.tenant);
        let apart = if same_id > 1 {
            row.map(|row| format!("in {}", self.path(row.at)))
        } else if same_name > 1 {
            let parts: Vec<&str> = target.id.split('/').collect();
            match parts.as_slice() {
                [_, _, subscription, _, group, ..] => Some(self.spell(format!(
                    "subscription {subscription}, resource group {group}"
                ))),
                _ => None,
            }
        } else {
            None
        };
        AccessInstance {
            id: self.spell(target.id.to_string()),
            name: self.spell(target.name.to_string()),
            apart,
        }
    }

    /// A text as it may be shown: without secrets, ids that do not exist yet spelled out.
    fn spell(&self, text: String) -> String {
        let text = self.run.tenant.rows.stand_ins.spelled(text);
        safe::hide(&text).into_owned()
    }

    fn is_code(&self, at: At) -> bool {
        let source = self.run.sources.get(at.source as usize);
        source.is_some_and(|source| source.is_code())
    }

    fn path(&self, at: At) -> &str {
        let source = self.run.sources.get(at.source as usize);
        source.map_or("", |source| &source.origin.name)
    }

    fn application(
        &self,
        subject: &Subject,
        at: At,
        again: bool,
        verdicts: &mut [Verdict],
    ) -> AccessApplication {
        let offers_any = verdicts.iter().any(|verdict| verdict.offered);
        let offers_app_only = verdicts
            .iter()
            .any(|verdict| verdict.offered && verdict.flow.is_app_only());
        let asked = |verdict: &Verdict| match self.flows {
            // What is not offered is asked for only where nothing is.
            None => verdict.offered || !offers_any,
            Some(flows) if flows.contains(&verdict.flow) => true,
            // `app-only` is any of them.
            Some(_) => verdict.offered || !offers_app_only,
        };
        AccessApplication {
            subject: named(subject.clone()),
            apart: again.then(|| self.path(at).to_owned()),
            verdicts: verdicts
                .iter()
                .map(|verdict| AccessVerdict {
                    flow: verdict.flow,
                    offered: verdict.offered,
                    asked: asked(verdict),
                    read: verdict.read,
                    write: verdict.write,
                    through: verdict
                        .through
                        .iter()
                        .take(THROUGH)
                        .map(|row| self.through(*row))
                        .collect(),
                    more: verdict.through.len().saturating_sub(THROUGH),
                    reasons: verdict
                        .reasons
                        .iter()
                        .map(|reason| AccessReason {
                            gate: reason.gate,
                            closed: reason.closed,
                            only_write: reason.only_write,
                            rule: reason.rule(),
                            message: self.message(reason),
                            command: reason.needs().map(supply),
                            location: self
                                .places
                                .then(|| self.looker.place(reason.at, reason.part, ""))
                                .flatten(),
                        })
                        .collect(),
                })
                .collect(),
        }
    }

    /// A reason in words, with the command that would decide it only where it has no rule: what has
    /// one stands at the end of the report, once for all.
    fn message(&self, reason: &Reason) -> String {
        let text = message(&self.access, reason);
        let text = match reason.needs() {
            Some(kind) if reason.rule().is_none() => {
                format!("{text} ({})", supply(kind))
            }
            _ => text,
        };
        self.spell(text)
    }

    fn through(&self, number: u32) -> AccessThrough {
        if let Some(known) = self.through.borrow().get(&number) {
            return known.clone();
        }
        let tenant = self.access.tenant;
        let mut told = AccessThrough {
            what: "principal",
            principal: Subject {
                kind: ObjectKind::DirectoryObject,
                id: None,
                app_id: None,
                name: None,
            },
            role: String::new(),
            scope: String::new(),
        };
        if let Some(row) = tenant.rows.assignments.get(number as usize) {
            let id = tenant.principal_of(&row);
            let seen = tenant.directory_object(id).map(|object| object.kind);
            let kind = match row.principal_kind {
                DirectoryKind::Unknown if tenant.principal(id).is_some() => {
                    DirectoryKind::ServicePrincipal
                }
                DirectoryKind::Unknown => seen.unwrap_or_default(),
                kind => kind,
            };
            told.what = kind.called();
            let written = self.looker.assignment(row.at);
            let (name, scope) = written.unwrap_or_default();
            let known = tenant
                .principal(id)
                .map(|principal| principal.at)
                .or_else(|| tenant.directory_object(id).map(|object| object.at));
            told.principal = known
                .and_then(|at| self.looker.subject(at))
                .filter(|subject| {
                    // What a template describes is called by its address.
                    subject.id.as_deref() == Some(&*id.to_string())
                        || known.is_some_and(|at| self.is_code(at))
                })
                .unwrap_or(Subject {
                    id: Some(self.spell(id.to_string())),
                    name,
                    ..told.principal
                });
            let role = tenant.role_of(&row);
            told.role = crate::access::operations::role_name(tenant, role)
                .map_or_else(|| role.to_string(), str::to_owned);
            let scope = scope.unwrap_or_else(|| tenant.rows.scopes.text(row.scope));
            told.scope = self.spell(scope);
        }
        told.principal = named(told.principal);
        told.role = safe::hide(&told.role).into_owned();
        self.through.borrow_mut().insert(number, told.clone());
        told
    }

    /// Counts what was asked for, and notes which exports would decide what is not known.
    fn count(
        &self,
        told: &AccessApplication,
        verdicts: &[Verdict],
        end: &mut AccessEnd,
        needed: &mut BTreeSet<NotEvaluated>,
    ) {
        for (verdict, told) in verdicts.iter().zip(&told.verdicts) {
            if !told.asked {
                continue;
            }
            end.asked += 1;
            let answer = match self.run.settings.rules.want {
                Want::Read => told.read,
                Want::Write => told.write,
            };
            match answer {
                Truth::Yes => end.yes += 1,
                Truth::No => end.no += 1,
                Truth::Unknown => end.unknown += 1,
            }
            for reason in &verdict.reasons {
                let (Some(kind), Some(rule)) = (reason.needs(), reason.rule()) else {
                    continue;
                };
                let reason = if !self.access.tenant.has(kind) {
                    format!("no {} in the input", kind.plural())
                } else if self.access.tenant.is_complete(kind) {
                    format!("the {} of the input do not tell enough", kind.plural())
                } else {
                    format!("the input has only a part of the {}", kind.plural())
                };
                needed.insert(NotEvaluated {
                    rule: rule.to_owned(),
                    reason,
                    command: supply(kind).to_owned(),
                });
            }
        }
    }

    fn notes(
        &self,
        applications: &[(Subject, &ApplicationRow)],
        versions: &BTreeSet<Guid>,
    ) -> Vec<String> {
        let tenant = self.access.tenant;
        let reach = self.access.reach;
        let mut notes = Vec::new();
        if let Some((one, other)) = tenant.is_mixed() {
            notes.push(format!(
                "the input mixes tenants: {} has the service principals {} and {}",
                one.app_id,
                one.id.min(other.id),
                one.id.max(other.id)
            ));
        }
        let mut several: Vec<String> = Vec::new();
        for id in versions {
            let paths: BTreeSet<&str> = applications
                .iter()
                .filter(|(_, row)| row.app_id == *id)
                .map(|(_, row)| self.path(row.at))
                .collect();
            let paths: Vec<&str> = paths.into_iter().collect();
            several.push(self.spell(format!(
                "the application {id} stands in the input more than once, and each is judged: {}",
                paths.join(", ")
            )));
        }
        some(several, "applications", &mut notes);
        let mut names: BTreeMap<String, Vec<&Target>> = BTreeMap::new();
        for target in &reach.targets {
            names
                .entry(target.name.to_lowercase())
                .or_default()
                .push(target);
        }
        let mut several = Vec::new();
        for targets in names.into_values().filter(|targets| targets.len() > 1) {
            let name = out::quoted(&targets[0].name);
            several.push(if targets.iter().any(|target| target.repeated) {
                format!(
                    "the instance {name} stands in the input more than once, and each is judged"
                )
            } else {
                format!(
                    "{} instances are called {name}, and each is judged",
                    targets.len()
                )
            });
        }
        some(several, "instances", &mut notes);
        if reach.targets.is_empty() {
            let how = if tenant.has(ObjectKind::DigitalTwinsInstance) {
                "the export of instances is empty"
            } else {
                "no instances in the input"
            };
            notes.push(format!(
                "{how}: the verdicts cover the applications' own side alone ({})",
                supply(ObjectKind::DigitalTwinsInstance)
            ));
        }
        let unread = self.run.unread().map(|name| {
            format!("{name} could not be read, or not all of it: see `entralint check`")
        });
        some(unread.collect(), "files", &mut notes);
        notes
            .iter()
            .map(|note| safe::hide(note).into_owned())
            .collect()
    }
}

/// Whether a flow is among those that were named; `app-only` names three.
fn is_named(named: &[Flow], flow: Flow) -> bool {
    let any_app_only = flow.is_app_only() && flow != Flow::ManagedIdentity;
    named.contains(&flow) || any_app_only && named.contains(&Flow::AppOnly)
}

/// Takes over the first of some notes, and how many more there are.
fn some(mut from: Vec<String>, what: &str, notes: &mut Vec<String>) {
    let rest = from.len().saturating_sub(NOTES);
    from.truncate(NOTES);
    notes.append(&mut from);
    if rest > 0 {
        notes.push(format!("the same holds of {rest} more {what}"));
    }
}
