//! Joined rules at work: each is asked about every row of the tenant's index that it is about.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::cross::lacks;
use super::statistics;
use crate::access::Reach;
use crate::guard;
use crate::model::Guid;
use crate::rules::joined::{JoinedFinding, Look};
use crate::rules::{Check, Filter, Join, JoinOut, RULES, Rule, Sink};
use crate::settings::Settings;
use crate::tenant::{At, Tenant};

/// An object that joined rules found something about: 20 bytes, for there may be a million.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub at: At,
    list: List,
    row: u32,
}

macro_rules! lists {
    ($($list:ident($check:ident) = $rows:ident,)*) => {
        /// A list of the tenant's rows that joined checks look at.
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        enum List { $($list,)* }

        impl Crossing<'_> {
            /// Asks every joined check about every row.
            fn all(&self, found: &mut Found) {
                $({
                    let checks: Vec<_> = self.checks(|check| match check {
                        Check::$check(check) => Some(check),
                        _ => None,
                    });
                    let rows = &self.tenant.rows.$rows;
                    let count = match checks.is_empty() {
                        true => 0,
                        false => rows.len(),
                    };
                    self.share(count, found, |numbers, found| {
                        for number in numbers {
                            let Some(row) = rows.get(number) else {
                                break;
                            };
                            if !self.wants(row.at) {
                                continue;
                            }
                            let before = found.sink.tally.total();
                            let panicked = guard::each(&checks, |&(index, check)| {
                                let sink = &mut found.sink;
                                let mut out = JoinOut::new(
                                    RULES[index], index, self.filter, sink, row.at, None,
                                );
                                self.ask(index, || check(&row, &self.join(), &mut out));
                            });
                            let panicked = panicked.iter().map(|at| (checks[*at].0, row.at));
                            found.failed.extend(panicked);
                            if found.sink.tally.total() > before {
                                found.marks.push(Mark {
                                    at: row.at,
                                    list: List::$list,
                                    row: number as u32,
                                });
                            }
                        }
                    });
                })*
            }

            /// Asks the joined checks about one row again, in words; returns the rules that
            /// panicked, which may have done so before.
            pub fn say(
                &self,
                mark: Mark,
                look: &dyn Look,
                out: &mut Vec<JoinedFinding>,
            ) -> Vec<&'static Rule> {
                let mut sink = Sink::default();
                let mut failed = Vec::new();
                match mark.list {
                    $(List::$list => {
                        let Some(row) = self.tenant.rows.$rows.get(mark.row as usize) else {
                            return failed;
                        };
                        let checks = self.checks(|check| match check {
                            Check::$check(check) => Some(check),
                            _ => None,
                        });
                        let panicked = guard::each(&checks, |&(index, check)| {
                            let words = Some((look, &mut *out));
                            let mut out = JoinOut::new(
                                RULES[index], index, self.filter, &mut sink, mark.at, words,
                            );
                            self.ask(index, || check(&row, &self.join(), &mut out));
                        });
                        failed.extend(panicked.iter().map(|at| RULES[checks[*at].0]));
                    })*
                }
                failed
            }
        }
    };
}

lists! {
    Applications(JoinedApplication) = applications,
    Principals(JoinedPrincipal) = principals,
    Grants(JoinedGrant) = grants,
    AppRoles(JoinedAppRole) = app_roles,
    Federated(JoinedFederated) = federated,
    Owners(JoinedOwner) = owners,
    Assignments(JoinedAssignment) = assignments,
    Definitions(JoinedDefinition) = definitions,
    Instances(JoinedInstance) = instances,
    DirectoryRoles(JoinedDirectoryRole) = directory_roles,
    Policies(JoinedPolicy) = policies,
}

/// Joined rules at work on a tenant.
pub struct Crossing<'c> {
    pub tenant: &'c Tenant,
    settings: &'c Settings,
    filter: &'c dyn Filter,
    /// Rules whose needs are met, by their place in [`RULES`].
    able: Vec<bool>,
    reach: OnceLock<Reach>,
}

impl<'c> Crossing<'c> {
    pub fn new(tenant: &'c Tenant, settings: &'c Settings) -> Crossing<'c> {
        let able = RULES
            .iter()
            .enumerate()
            .map(|(index, rule)| {
                settings.policy.enabled(rule, index) && lacks(rule, tenant, settings).is_none()
            })
            .collect();
        Crossing {
            tenant,
            settings,
            filter: &settings.policy,
            able,
            reach: OnceLock::new(),
        }
    }

    pub fn join(&self) -> Join<'_> {
        Join {
            tenant: self.tenant,
            settings: &self.settings.rules,
            reach: &self.reach,
        }
    }

    /// Asks a rule, by its place in [`RULES`]; what that costs is added up where it is wanted.
    fn ask(&self, rule: usize, check: impl FnOnce()) {
        match &self.settings.costs {
            None => check(),
            Some(costs) => costs.time(rule, check),
        }
    }

    fn checks<T>(&self, pick: impl Fn(Check) -> Option<T>) -> Vec<(usize, T)> {
        let mut out = Vec::new();
        for (index, rule) in RULES.iter().enumerate() {
            if !self.able[index] {
                continue;
            }
            for check in rule.checks {
                if let Some(check) = pick(*check) {
                    out.push((index, check));
                }
            }
        }
        out
    }

    /// With `--app`, only the named applications, their service principals and their federated
    /// credentials are looked at.
    fn wants(&self, at: At) -> bool {
        if !self.settings.scope.only_named {
            return true;
        }
        let rows = &self.tenant.rows;
        let named = |id: Guid| self.settings.scope.names_id(id, Some(self.tenant));
        if let Some(app) = self.tenant.application_at(at) {
            return app.named;
        }
        if let Ok(row) = rows.principals.binary_search_by(|row| row.at.cmp(&at)) {
            return named(rows.principals[row].app_id);
        }
        rows.federated
            .binary_search_by(|row| row.at.cmp(&at))
            .is_ok_and(|row| named(rows.federated[row].owner))
    }

    /// Lets all workers look at stretches of a list of `rows` rows, and puts together what they
    /// found; in which order shows in nothing.
    fn share(
        &self,
        rows: usize,
        found: &mut Found,
        look: impl Fn(Range<usize>, &mut Found) + Sync,
    ) {
        // What one worker does in less time than another needs to start.
        const FEW: usize = 4096;
        // Small enough that nobody waits long for who took the last one.
        const STRETCH: usize = FEW / 4;
        if rows <= FEW || self.settings.jobs < 2 {
            return look(0..rows, found);
        }
        let next = AtomicUsize::new(0);
        let statistics = found.sink.by_rule.is_some();
        let work = || {
            let mut found = Found::new(statistics);
            loop {
                let start = next.fetch_add(STRETCH, Ordering::Relaxed);
                if start >= rows {
                    return found;
                }
                look(start..rows.min(start + STRETCH), &mut found);
            }
        };
        std::thread::scope(|scope| {
            let jobs = self.settings.jobs.min(rows.div_ceil(FEW));
            let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
            for worker in workers {
                found.take(worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
        });
    }

    /// What joined rules find, counted; rules are counted one by one for `statistics`. The marks
    /// come in the order of sources and records.
    pub fn cross(&self, statistics: bool) -> Found {
        let mut found = Found::new(statistics);
        self.all(&mut found);
        found.marks.sort_unstable();
        found.failed.sort_unstable();
        found
    }
}

/// What joined rules found.
pub struct Found {
    pub sink: Sink,
    pub marks: Vec<Mark>,
    /// Rules that panicked, by their place in [`RULES`], and on what.
    pub failed: Vec<(usize, At)>,
}

impl Found {
    fn new(statistics: bool) -> Found {
        Found {
            sink: Sink {
                by_rule: statistics.then(|| vec![0; RULES.len()]),
                ..Sink::default()
            },
            marks: Vec::new(),
            failed: Vec::new(),
        }
    }

    fn take(&mut self, mut other: Found) {
        self.sink.tally.merge(&other.sink.tally);
        if let (Some(totals), Some(counts)) = (&mut self.sink.by_rule, &other.sink.by_rule) {
            statistics::add(totals, counts);
        }
        self.marks.append(&mut other.marks);
        self.failed.append(&mut other.failed);
    }
}
