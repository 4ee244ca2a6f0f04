//! What stands below the findings: how many there are, what was looked at, and what could not be
//! judged. Not evaluated must never look like clean.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::options::HumanOptions;
use super::paint::Paint;
use super::phrase::{count, tally, thousands, words};
use super::wrap::wrap;
use super::{NotEvaluated, Outcome, Reported, safe};
use crate::rules::Severity;

/// What was written so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// Files that have findings.
    pub files: u64,
    /// Whether anything was written.
    pub any: bool,
    /// Findings by severity, most severe first, and rule.
    rules: BTreeMap<(Reverse<Severity>, &'static str), u64>,
}

impl Seen {
    /// Counts a finding that is shown.
    pub fn count(&mut self, finding: &Reported) {
        let key = (Reverse(finding.severity), finding.rule.id);
        *self.rules.entry(key).or_insert(0) += 1;
    }
}

/// With more findings than this nobody remembers how they began: the summary says where most are.
const MANY: u64 = 20;
/// Rules that it names.
const NAMED: usize = 8;

/// Reasons for not evaluating that are shown unless all are asked for, and rules of each.
const REASONS: usize = 3;
const RULES: usize = 3;

/// Writes everything below the last finding; the verdict comes last, where the eye is.
pub fn write(text: &mut String, outcome: &Outcome, seen: &Seen, options: &HumanOptions) {
    let paint = Paint {
        color: options.color,
    };
    let mut blocks = Vec::new();
    blocks.extend(statistics(outcome, paint).or_else(|| overview(seen, paint)));
    blocks.extend(not_evaluated(outcome, options, paint));
    blocks.extend(skipped(outcome, options, paint));
    blocks.push(verdict(outcome, seen, options, paint));
    if seen.any {
        text.push('\n');
    }
    text.push_str(&blocks.join("\n"));
}

fn statistics(outcome: &Outcome, paint: Paint) -> Option<String> {
    let counts = outcome.statistics.as_ref()?;
    let number = |count: u64| thousands(count);
    let width = counts.iter().map(|(_, count)| number(*count).len()).max()?;
    let mut text = String::new();
    paint.put(&mut text, Paint::BOLD, "Findings by rule");
    text.push('\n');
    for (rule, count) in counts {
        text.push_str(&format!("  {:>width$}  ", number(*count)));
        text.push_str(rule.id);
        text.push('\n');
    }
    Some(text)
}

/// After many findings: which rules they are of, the most severe and then the most frequent first.
fn overview(seen: &Seen, paint: Paint) -> Option<String> {
    let total: u64 = seen.rules.values().sum();
    if total <= MANY || seen.rules.len() < 2 {
        return None;
    }
    let mut rows: Vec<_> = seen.rules.iter().collect();
    rows.sort_by_key(|((severity, id), count)| (*severity, Reverse(**count), *id));
    let width = rows
        .iter()
        .map(|(_, count)| thousands(**count).len())
        .max()?;
    let mut text = String::new();
    paint.put(&mut text, Paint::BOLD, "Where to begin");
    text.push('\n');
    for ((severity, id), number) in rows.iter().take(NAMED) {
        let Reverse(severity) = *severity;
        text.push_str(&format!("  {:>width$}  ", thousands(**number)));
        paint.put(&mut text, paint.severity(severity), severity.name());
        text.push('[');
        text.push_str(id);
        text.push_str("]\n");
    }
    if rows.len() > NAMED {
        let rest = count((rows.len() - NAMED) as u64, "more rule");
        text.push_str(&format!("  and {rest} (--statistics counts all)\n"));
    }
    Some(text)
}

/// Rules that could not be judged for one reason.
pub struct Missing<'o> {
    pub reason: &'o str,
    /// What supplies it; may be empty.
    pub command: &'o str,
    /// In order, each once; never none.
    pub rules: Vec<&'o str>,
}

/// What could not be judged, by what is missing; what would help most comes first.
pub fn missing(outcome: &Outcome) -> Vec<Missing<'_>> {
    let mut entries: Vec<&NotEvaluated> = outcome.not_evaluated.iter().collect();
    entries.sort_by(|a, b| (&a.reason, &a.command, &a.rule).cmp(&(&b.reason, &b.command, &b.rule)));
    let mut groups: Vec<Missing<'_>> = entries
        .chunk_by(|a, b| (&a.reason, &a.command) == (&b.reason, &b.command))
        .filter_map(|group| {
            let mut rules: Vec<&str> = group.iter().map(|entry| entry.rule.as_str()).collect();
            rules.dedup();
            let first = group.first()?;
            Some(Missing {
                reason: &first.reason,
                command: &first.command,
                rules,
            })
        })
        .collect();
    groups.sort_by_key(|group| Reverse(group.rules.len()));
    groups
}

/// Grouped by what is missing, with the command that supplies it.
fn not_evaluated(outcome: &Outcome, options: &HumanOptions, paint: Paint) -> Option<String> {
    if outcome.not_evaluated.is_empty() {
        return None;
    }
    let groups = missing(outcome);
    let all = options.verbose > 0 || groups.len() <= REASONS;
    let shown = if all { groups.len() } else { REASONS - 1 };
    let mut text = String::new();
    paint.put(
        &mut text,
        Paint::BOLD,
        "Not evaluated, because something is missing",
    );
    text.push('\n');
    for group in &groups[..shown] {
        let rules = &group.rules;
        let mut named = rules.len();
        if options.verbose == 0 && rules.len() > RULES {
            named = RULES - 1;
        }
        let mut line = format!(
            "{}: {}",
            options.clean(group.reason, safe::LONGEST),
            rules[..named].join(", ")
        );
        if named < rules.len() {
            line.push_str(&format!(" and {} more", rules.len() - named));
        }
        for line in wrap(&line, options.prose() - 2, options.prose() - 2) {
            text.push_str("  ");
            text.push_str(line);
            text.push('\n');
        }
        if !group.command.is_empty() {
            text.push_str("    ");
            text.push_str(&safe::path(group.command));
            text.push('\n');
        }
    }
    if shown < groups.len() {
        let rest = groups.len() - shown;
        text.push_str(&format!(
            "  and {rest} more reasons (-v shows them; `entralint collect` exports what is missing)\n"
        ));
    }
    Some(text)
}

fn skipped(outcome: &Outcome, options: &HumanOptions, paint: Paint) -> Option<String> {
    if options.verbose == 0 || outcome.skipped.is_empty() {
        return None;
    }
    let mut text = String::new();
    paint.put(&mut text, Paint::BOLD, "Skipped");
    text.push('\n');
    for entry in &outcome.skipped {
        let (path, reason) = (
            safe::path(&entry.path),
            options.clean(&entry.reason, safe::LONGEST),
        );
        text.push_str(&format!("  {path}: {reason}\n"));
    }
    Some(text)
}

/// `3 errors, 1 warning in 2 of 14 files · 120 applications, …`, and below it what else there was.
fn verdict(outcome: &Outcome, seen: &Seen, options: &HumanOptions, paint: Paint) -> String {
    let profile = options.clean(&outcome.profile, safe::LONGEST);
    let date = outcome.evaluated_at.date();
    let dot = if options.unicode { " · " } else { " - " };
    let (main, others) = objects(outcome, options.verbose > 0);
    let files = count(outcome.files, "file");
    let scope = thousands(outcome.out_of_scope);
    let worst = Severity::ALL
        .into_iter()
        .find(|&severity| outcome.tally.of(severity) > 0);
    let (style, lead, rest);
    let mut below = Vec::from_iter(others);
    if let Some(worst) = worst {
        style = paint.severity(worst);
        lead = tally(outcome);
        let of = match seen.files {
            0 => String::new(),
            // A configuration file may have findings too, and is no input.
            with if with > outcome.files => String::new(),
            with => format!("{} of ", thousands(with)),
        };
        let scope = match outcome.out_of_scope {
            0 => format!("profile {profile}"),
            _ => format!("{scope} out of scope for the profile {profile}"),
        };
        rest = format!(" in {of}{files}{dot}{main}, {scope}");
        below.push(format!("evaluated at {date}"));
    } else {
        style = Paint::GOOD;
        lead = tally(outcome).replacen('n', "N", 1);
        let scope = match outcome.out_of_scope {
            0 => String::new(),
            _ => format!(" ({scope} out of its scope)"),
        };
        rest = format!(": {main} in {files}, profile {profile}{scope}, evaluated at {date}");
    }
    if outcome.left_out > 0 {
        below.push(format!("{} left out by --app", thousands(outcome.left_out)));
    }
    if outcome.suppressed > 0 {
        below.push(format!("{} suppressed", thousands(outcome.suppressed)));
    }
    if !outcome.skipped.is_empty() {
        let more = if options.verbose > 0 {
            ""
        } else {
            " (-v lists them)"
        };
        below.push(format!(
            "{} skipped{more}",
            count(outcome.skipped.len() as u64, "file")
        ));
    }
    let mut text = String::new();
    paint.put(&mut text, style, &lead);
    // What is painted takes no more room than its letters.
    for (at, line) in wrap(&(lead.clone() + &rest), options.prose(), options.prose())
        .into_iter()
        .enumerate()
    {
        text.push_str(if at == 0 {
            line.strip_prefix(&lead).unwrap_or("")
        } else {
            line
        });
        text.push('\n');
    }
    for line in wrap(&below.join(dot), options.prose(), options.prose()) {
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// `120 applications`, and what else was read: `118 service principals, 30 other objects`. Where
/// there are no applications, the first of the others takes their place.
pub fn objects(outcome: &Outcome, all: bool) -> (String, Option<String>) {
    let mut kinds: Vec<(&str, u64)> = outcome
        .objects
        .iter()
        .map(|(kind, number)| (*kind, *number))
        .filter(|(_, number)| *number > 0)
        .collect();
    kinds.sort_by_key(|(kind, _)| *kind != "application");
    let mut named = kinds
        .iter()
        .map(|(kind, number)| count(*number, &words(kind)));
    let Some(main) = named.next() else {
        return ("no objects".to_owned(), None);
    };
    let shown = if all || kinds.len() <= 4 {
        kinds.len()
    } else {
        3
    };
    let mut others: Vec<String> = named.take(shown - 1).collect();
    let rest: u64 = kinds[shown..].iter().map(|(_, number)| *number).sum();
    if rest > 0 {
        others.push(count(rest, "other object"));
    }
    (
        main,
        Some(others.join(", ")).filter(|others| !others.is_empty()),
    )
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn summary(outcome: &Outcome, options: &HumanOptions) -> String {
        let mut text = String::new();
        let seen = Seen {
            files: 2,
            ..Seen::default()
        };
        write(&mut text, outcome, &seen, options);
        text
    }

    #[test]
    fn after_many_findings_it_says_where_to_begin() {
        let (outcome, findings) = samples::run();
        let mut seen = Seen {
            files: 2,
            any: true,
            ..Seen::default()
        };
        let begin = |seen: &Seen| {
            let mut text = String::new();
            write(&mut text, &outcome, seen, &HumanOptions::default());
            text.contains("Where to begin").then_some(text)
        };
        for at in 0..20 {
            seen.count(&findings[usize::from(at % 5 > 0)]);
        }
        assert_eq!(begin(&seen), None);
        seen.count(&findings[0]);
        let text = begin(&seen).unwrap_or_default();
        let want = "Where to begin\n   5  error[secret-expired]\n  16  warning[implicit-grant]\n\n";
        assert!(text.contains(want), "{text}");
    }

    #[test]
    fn a_clean_run_says_what_was_looked_at() {
        let mut outcome = samples::outcome();
        outcome.tally = crate::rules::Tally::default();
        outcome.not_evaluated.clear();
        outcome.skipped.clear();
        (outcome.suppressed, outcome.out_of_scope) = (0, 0);
        outcome.objects = [("application", 12)].into();
        outcome.files = 3;
        assert_eq!(
            summary(&outcome, &HumanOptions::default()),
            "No findings: 12 applications in 3 files, profile azure-digital-twins, evaluated at 2026-11-23\n"
        );
        outcome.not_evaluated = samples::outcome().not_evaluated;
        assert!(
            summary(&outcome, &HumanOptions::default())
                .contains("\n\nNo findings among the rules that could be judged: 12 applications")
        );
    }

    #[test]
    fn what_is_missing_is_grouped() {
        let mut outcome = samples::outcome();
        for (rule, reason) in [
            ("role-orphaned", "no role assignments in the input"),
            ("role-denied", "no role assignments in the input"),
            ("role-duplicate", "no role assignments in the input"),
            ("owner-missing", "no owners in the input"),
            ("federated-limit", "no federated credentials in the input"),
            ("adt-consent-missing", "no grants in the input"),
        ] {
            outcome.not_evaluated.push(NotEvaluated {
                rule: rule.to_owned(),
                reason: reason.to_owned(),
                command: if reason.contains("role") {
                    outcome.not_evaluated[0].command.clone()
                } else {
                    String::new()
                },
            });
        }
        insta::assert_snapshot!(summary(&outcome, &HumanOptions::default()), @r"
        Not evaluated, because something is missing
          no role assignments in the input: adt-data-role-missing, role-denied and 2 more
            az role assignment list --all --include-inherited --include-groups
          no federated credentials in the input: federated-limit
          and 2 more reasons (-v shows them; `entralint collect` exports what is missing)

        1 error, 1 warning in 2 of 14 files · 120 applications, 1 out of scope for the profile
        azure-digital-twins
        1 service principal · evaluated at 2026-11-23 · 1 suppressed · 1 file skipped (-v lists them)
        ");
        let all = HumanOptions {
            verbose: 1,
            ..HumanOptions::default()
        };
        insta::assert_snapshot!(summary(&outcome, &all), @r"
        Not evaluated, because something is missing
          no role assignments in the input: adt-data-role-missing, role-denied, role-duplicate,
          role-orphaned
            az role assignment list --all --include-inherited --include-groups
          no federated credentials in the input: federated-limit
          no grants in the input: adt-consent-missing
          no owners in the input: owner-missing

        Skipped
          package.json: no known kind of export

        1 error, 1 warning in 2 of 14 files · 120 applications, 1 out of scope for the profile
        azure-digital-twins
        1 service principal · evaluated at 2026-11-23 · 1 suppressed · 1 file skipped
        ");
    }
}
