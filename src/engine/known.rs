//! Findings that are known already: covered by a `[[suppress]]` of the configuration, or by the
//! baseline. They are told with their reason, and do not count.
//!
//! What is known goes by a finding's subject and key, which only its words have, and the counts
//! stand before the first finding in some formats. So a run that knows anything tells itself once
//! in silence, and counts anew; what is told after that is marked in the same way. A run that
//! knows nothing pays nothing.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::source::advance;
use super::{Run, statistics};
use crate::baseline::{self, Baseline, Entry};
use crate::config::{Suppress, masked};
use crate::model::{Guid, ObjectKind};
use crate::report::{
    Outcome, Place, Position, Report, Reported, SuppressedBy, Suppression, Window, safe,
};
use crate::rules::hygiene::suppression;
use crate::rules::{Check, Filter, Group, Persona, RULES, Rule, Tally, Wording};
use crate::settings::Settings;
use crate::tenant::Tenant;

/// Decides of each finding whether it counts, in the order in which they are told.
pub struct Matcher<'k> {
    settings: &'k Settings,
    /// Places in the list of suppressions that still hold, by the rule's place in [`RULES`].
    by_rule: BTreeMap<usize, Vec<usize>>,
    /// As long as the list of suppressions: whether one matched.
    used: Vec<bool>,
    baseline: Option<baseline::Known<'k>>,
}

impl<'k> Matcher<'k> {
    pub fn new(settings: &'k Settings) -> Matcher<'k> {
        let known = &settings.known;
        let mut by_rule: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, suppress) in known.suppress.iter().enumerate() {
            if suppress.holds(settings.rules.now) {
                by_rule.entry(suppress.rule).or_default().push(at);
            }
        }
        Matcher {
            settings,
            by_rule,
            used: vec![false; known.suppress.len()],
            baseline: known
                .baseline
                .as_ref()
                .map(|(_, baseline)| baseline::Known::new(baseline)),
        }
    }

    /// Marks a finding that is known. Of several suppressions the first gives the reason, and all
    /// of them are in use; the baseline is asked only where none matches.
    pub fn mark(&mut self, finding: &mut Reported) {
        if let Some(subject) = &finding.subject
            && let Some(candidates) = self.by_rule.get(&finding.rule.index())
        {
            for &at in candidates {
                let Some(suppress) = self.settings.known.suppress.get(at) else {
                    continue;
                };
                if suppress.covers(subject, &finding.key) {
                    self.used[at] = true;
                    finding.suppression.get_or_insert_with(|| Suppression {
                        source: SuppressedBy::Configuration,
                        reason: safe::hide(&masked(&suppress.reason)).into_owned(),
                        until: suppress.until.as_ref().map(|until| until.date.clone()),
                    });
                }
            }
        }
        if finding.suppression.is_none()
            && let Some(baseline) = &mut self.baseline
            && baseline.meet(&finding.fingerprint)
        {
            finding.suppression = Some(Suppression {
                source: SuppressedBy::Baseline,
                reason: "in the baseline".to_owned(),
                until: None,
            });
        }
    }
}

/// Counts what is told, and keeps what a new baseline needs.
struct Census {
    tally: Tally,
    by_rule: Vec<u64>,
    suppressed: u64,
    /// For a baseline that is written.
    entries: Option<Vec<Entry>>,
}

impl Census {
    fn count(&mut self, finding: &Reported) {
        let by = finding.suppression.as_ref().map(|known| known.source);
        if by.is_some() {
            self.suppressed += 1;
        } else {
            self.tally.add(finding.severity);
            if let Some(count) = self.by_rule.get_mut(finding.rule.index()) {
                *count += 1;
            }
        }
        if by != Some(SuppressedBy::Configuration)
            && let Some(entries) = &mut self.entries
        {
            entries.push(Entry::of(finding));
        }
    }
}

impl Report for Census {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        self.count(finding);
        Ok(())
    }

    fn end(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

impl Run<'_> {
    /// Counts anew without what is known, and finds what is known for nothing.
    pub(super) fn settle(&mut self) {
        let settings = self.settings;
        let known = &settings.known;
        if known.is_empty() {
            return;
        }
        let mut census = Census {
            tally: Tally::default(),
            by_rule: vec![0; RULES.len()],
            suppressed: 0,
            entries: known.write.as_ref().map(|_| Vec::new()),
        };
        let mut matcher = Matcher::new(settings);
        // What cannot be told is said when the report is written; then nothing is concluded.
        let told = self.tell_all(&mut census, &mut io::sink(), &mut matcher);
        let all = !self.incomplete && told.is_ok_and(|troubles| troubles.is_empty());
        self.extra = Extra {
            settings,
            tenant: &self.tenant,
            outcome: &self.outcome,
            all,
        }
        .findings(&matcher.used);
        for finding in &mut self.extra {
            matcher.mark(finding);
            census.count(finding);
        }
        self.outcome.tally = census.tally;
        self.outcome.suppressed = census.suppressed;
        self.outcome.statistics = settings
            .statistics()
            .then(|| statistics::rows(&census.by_rule));
        let baseline = matcher.baseline.as_ref();
        self.stale = baseline.map_or_else(Vec::new, |baseline| {
            let gone = baseline.entries().filter(|(entry, met)| {
                *met < entry.count && all && settings.known.folders && self.concludes_of(entry)
            });
            gone.map(|(entry, met)| Entry {
                count: entry.count - met,
                ..entry.clone()
            })
            .collect()
        });
        self.baseline = census.entries.filter(|_| all).map(|entries| {
            match baseline.filter(|_| known.prunes) {
                // The same file: nothing comes in, and what is gone goes.
                Some(baseline) => prune(baseline, &self.stale),
                None => Baseline::collect(entries),
            }
        });
        // What is told again is matched again.
        for finding in &mut self.extra {
            finding.suppression = None;
        }
    }

    /// Whether this run would have found what an entry of the baseline speaks of.
    fn concludes_of(&self, entry: &Entry) -> bool {
        Rule::find(&entry.rule).is_some_and(|rule| is_concluded(rule, self.settings, &self.outcome))
    }

    /// Entries of the baseline that nothing was found for; empty where the run cannot tell. Their
    /// count is how many findings are gone.
    pub fn stale(&self) -> &[Entry] {
        &self.stale
    }

    /// The baseline to write; `None` where none was asked for, or not all could be read.
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
    }
}

/// The entries of a baseline without those that are stale.
fn prune(known: &baseline::Known<'_>, stale: &[Entry]) -> Baseline {
    let gone: HashMap<&str, u32> = stale
        .iter()
        .map(|stale| (stale.fingerprint.as_str(), stale.count))
        .collect();
    let entries = known.entries().filter_map(|(entry, _)| {
        let gone = gone.get(entry.fingerprint.as_str()).copied();
        let count = entry.count.saturating_sub(gone.unwrap_or(0));
        (count > 0).then(|| Entry {
            count,
            ..entry.clone()
        })
    });
    Baseline::collect(entries)
}

/// Whether a rule said all that it could in this run.
fn is_concluded(rule: &'static Rule, settings: &Settings, outcome: &Outcome) -> bool {
    let (all_severities, audit) = settings.policy.hears();
    let selected = settings
        .policy
        .judge(rule, rule.index(), rule.severity)
        .is_some();
    let of_a_profile = rule.group == Group::DigitalTwins;
    let says_more = !audit && rule.more_for == Some(Persona::Audit);
    selected
        && all_severities
        && !says_more
        && !settings.scope.only_named
        && !(of_a_profile && (settings.rules.profile.is_none() || outcome.out_of_scope > 0))
        && !outcome.not_evaluated.iter().any(|not| not.rule == rule.id)
}

/// What a run says of suppressions themselves.
struct Extra<'e> {
    settings: &'e Settings,
    tenant: &'e Tenant,
    outcome: &'e Outcome,
    /// Everything could be read, and every finding told.
    all: bool,
}

impl Extra<'_> {
    /// Findings in the configuration file, in the order of the file.
    fn findings(&self, used: &[bool]) -> Vec<Reported> {
        let known = &self.settings.known;
        let mut out: Vec<Reported> = known
            .suppress
            .iter()
            .zip(used)
            .filter_map(|(suppress, used)| self.finding(suppress, *used))
            .collect();
        out.sort_by(super::tell::by_order);
        out
    }

    fn finding(&self, suppress: &Suppress, used: bool) -> Option<Reported> {
        let rule = *RULES.get(suppress.rule)?;
        let (subject, key) = (
            masked(&suppress.subject),
            suppress.key.as_deref().map(masked),
        );
        let mut say = Wording::default();
        let days = suppress.days_late(self.settings.rules.now);
        let (own, at) = match (&suppress.until, days) {
            (Some(until), Some(days)) => {
                let date = &until.date;
                suppression::expired(&mut say, rule.id, &subject, key.as_deref(), date, days);
                (&suppression::SUPPRESSION_EXPIRED, &until.at)
            }
            _ if used => return None,
            _ => {
                let seen = self.sees(&suppress.subject);
                if !self.concludes(rule, seen) || !self.sees_all(rule, &suppress.subject) {
                    return None;
                }
                suppression::unused(&mut say, rule.id, &subject, key.as_deref(), seen);
                (&suppression::SUPPRESSION_UNUSED, &suppress.subject_at)
            }
        };
        let policy = &self.settings.policy;
        let severity = policy.judge(own, own.index(), own.severity)?;
        let text = &self.settings.known.text;
        let start = advance(Position::START, text.get(..at.start)?);
        let location = Place {
            path: self.settings.config.as_deref()?.into(),
            pointer: String::new(),
            record: None,
            start,
            end: advance(start, text.get(at.clone())?),
            label: say.label.clone().into_owned(),
            source: Some(Window {
                text: text.clone().into(),
                start: Position::START,
            }),
        };
        Some(Reported::of(
            (own, severity),
            None,
            say,
            location,
            Vec::new(),
        ))
    }

    /// Whether this run can tell that a suppression of `rule` is of no use.
    fn concludes(&self, rule: &'static Rule, seen: bool) -> bool {
        let known = &self.settings.known;
        let enough = known.everything
            || seen && (known.folders || rule.checks.iter().all(Check::is_of_one_object));
        self.all && enough && is_concluded(rule, self.settings, self.outcome)
    }

    /// Whether of a client id, which an application shares with its service principal, all is seen
    /// that a rule judges: what is found in one of them, the other does not tell.
    fn sees_all(&self, rule: &Rule, subject: &str) -> bool {
        let Some(id) = Guid::parse_loose(subject.trim()) else {
            return true;
        };
        let (tenant, checks) = (self.tenant, rule.checks);
        let application = tenant.application(id).is_some();
        let principal = tenant.principals_of(id).next().is_some();
        let judges = |kind| checks.iter().any(|check| check.judges() == Some(kind));
        let told = |kind, seen| seen || !judges(kind) || tenant.is_complete(kind);
        !application && !principal
            || told(ObjectKind::Application, application)
                && told(ObjectKind::ServicePrincipal, principal)
    }

    /// Whether an object of this id is among what was read.
    fn sees(&self, subject: &str) -> bool {
        let last = subject.rsplit('/').next().unwrap_or_default();
        let Some(id) = Guid::parse_loose(last) else {
            return false;
        };
        let tenant = self.tenant;
        tenant.application(id).is_some()
            || tenant.application_by_id(id).is_some()
            || tenant.principal(id).is_some()
            || tenant.principals_of(id).next().is_some()
            || tenant.definition(id).is_some()
            || tenant.directory_object(id).is_some()
    }
}
