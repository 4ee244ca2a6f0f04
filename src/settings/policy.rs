//! Which findings count, and how much.

use std::collections::HashSet;

use crate::config::Level;
use crate::failure::Failure;
use crate::rules::{Check, Filter, Persona, RULES, Rule, Severity};

/// What was said of rules, on the command line and in the configuration.
#[derive(Clone, Debug, Default)]
pub struct Wishes<'w> {
    /// `--select`: ids and groups.
    pub select: &'w [String],
    /// `--ignore`: ids and groups.
    pub ignore: &'w [String],
    /// `[rules]`, by the rule's place in [`RULES`].
    pub levels: &'w [(usize, Level)],
    /// `--persona audit`.
    pub audit: bool,
    pub min_severity: Option<Severity>,
}

/// The decision on every rule, made once.
#[derive(Clone, Debug)]
pub struct Policy {
    /// As long as [`RULES`].
    rulings: Vec<Ruling>,
    min_severity: Severity,
    audit: bool,
    /// The rule that panics, for the test that nothing else is lost then.
    #[cfg(test)]
    pub panics: Option<&'static str>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Ruling {
    Silent,
    AsReported,
    At(Severity),
}

impl Policy {
    /// Decides, in this order:
    ///
    /// 1. `--ignore` silences a rule or a group.
    /// 2. `--select` silences all rules but those it names, except for those without which an
    ///    input could go unjudged unnoticed (`invalid-json`).
    /// 3. `[rules]` silences with `off`, unless `--select` names the rule or its group.
    /// 4. A rule of the audit persona is silent under the regular one, unless `--select` names the
    ///    rule itself or `[rules]` gives it a severity.
    /// 5. The severity of `[rules]` stands for all findings of the rule, whatever its check says.
    /// 6. What is below `--min-severity` is left out.
    ///
    /// # Errors
    /// An unknown name; no rule left.
    pub fn new(wishes: &Wishes<'_>) -> Result<Policy, Failure> {
        let select = Names::read("--select", wishes.select)?;
        let ignore = Names::read("--ignore", wishes.ignore)?;
        let min_severity = wishes.min_severity.unwrap_or(Severity::Info);
        let rulings: Vec<Ruling> = RULES
            .iter()
            .enumerate()
            .map(|(index, rule)| {
                let level = wishes.levels.iter().rev().find(|(of, _)| *of == index);
                let level = level.map(|(_, level)| *level);
                ruling(rule, level, &select, &ignore, wishes.audit)
            })
            .collect();
        let policy = Policy {
            rulings,
            min_severity,
            audit: wishes.audit,
            #[cfg(test)]
            panics: None,
        };
        // A gate that checks nothing and passes would be a trap.
        let wanted = |rule: &Rule| select.is_empty() || select.name(rule);
        let mut rules = RULES.iter().enumerate();
        if rules.any(|(index, rule)| wanted(rule) && policy.enabled(rule, index)) {
            Ok(policy)
        } else {
            Err(Failure::NoRuleLeft)
        }
    }

    /// Whether a finding of this rule could count; `index` is its place in [`RULES`]. Rules that
    /// are not enabled need not be asked.
    pub fn enabled(&self, _: &Rule, index: usize) -> bool {
        match self.ruling(index) {
            Ruling::Silent => false,
            Ruling::AsReported => true,
            Ruling::At(severity) => severity >= self.min_severity,
        }
    }

    /// Leaves only the rules about inputs themselves: for who asks another question of the
    /// documents than what is wrong with them.
    pub fn keep_inputs_alone(&mut self) {
        for (ruling, rule) in self.rulings.iter_mut().zip(RULES) {
            if !matches!(rule.checks, [Check::Input]) {
                *ruling = Ruling::Silent;
            }
        }
    }

    /// Whether findings of every severity count, and those that only auditors want too.
    pub fn hears(&self) -> (bool, bool) {
        (self.min_severity == Severity::Info, self.audit)
    }

    /// As [`Filter::judge`], of the rule at `index` in [`RULES`].
    pub fn weigh(&self, index: usize, severity: Severity) -> Option<Severity> {
        let severity = match self.ruling(index) {
            Ruling::Silent => return None,
            Ruling::AsReported => severity,
            Ruling::At(severity) => severity,
        };
        (severity >= self.min_severity).then_some(severity)
    }

    fn ruling(&self, index: usize) -> Ruling {
        self.rulings.get(index).copied().unwrap_or(Ruling::Silent)
    }
}

impl Filter for Policy {
    fn judge(&self, _rule: &Rule, index: usize, severity: Severity) -> Option<Severity> {
        #[cfg(test)]
        if self.panics == Some(_rule.id) {
            panic!("a rule that panics, as the test wants it");
        }
        self.weigh(index, severity)
    }

    fn audits(&self) -> bool {
        self.audit
    }
}

fn ruling(
    rule: &Rule,
    level: Option<Level>,
    select: &Names<'_>,
    ignore: &Names<'_>,
    audit: bool,
) -> Ruling {
    if ignore.name(rule) {
        return Ruling::Silent;
    }
    let selected = select.name(rule);
    if !select.is_empty() && !selected && !keeps_inputs_judged(rule) {
        return Ruling::Silent;
    }
    match level {
        Some(Level::At(severity)) => return Ruling::At(severity),
        Some(Level::Off) if !selected => return Ruling::Silent,
        Some(Level::Off) | None => {}
    }
    if rule.persona == Persona::Audit && !audit && !select.ids.contains(rule.id) {
        return Ruling::Silent;
    }
    Ruling::AsReported
}

/// A file that is not JSON is judged by no rule at all: when that is not said, `--select` would
/// turn a broken export into a clean one.
fn keeps_inputs_judged(rule: &Rule) -> bool {
    matches!(rule.checks, [Check::Input]) && rule.severity == Severity::Error
}

/// The rule that `explain` was asked for.
///
/// # Errors
/// There is none of that id.
pub fn rule_to_explain(id: &str) -> Result<&'static Rule, Failure> {
    let id = id.trim();
    Rule::find(id).ok_or_else(|| Failure::UnknownRule("explain", id.to_owned()))
}

/// The names of groups that have rules, in the order of [`RULES`].
pub fn groups() -> Vec<&'static str> {
    let mut groups = Vec::new();
    for rule in RULES {
        if !groups.contains(&rule.group.name()) {
            groups.push(rule.group.name());
        }
    }
    groups
}

/// Rules and groups that were named.
struct Names<'w> {
    ids: HashSet<&'w str>,
    groups: HashSet<&'w str>,
}

impl<'w> Names<'w> {
    fn read(option: &'static str, names: &'w [String]) -> Result<Names<'w>, Failure> {
        let known = groups();
        let mut read = Names {
            ids: HashSet::new(),
            groups: HashSet::new(),
        };
        for name in names {
            let name = name.trim();
            if Rule::find(name).is_some() {
                read.ids.insert(name);
            } else if known.contains(&name) {
                read.groups.insert(name);
            } else {
                return Err(Failure::UnknownRule(option, name.to_owned()));
            }
        }
        Ok(read)
    }

    fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.groups.is_empty()
    }

    fn name(&self, rule: &Rule) -> bool {
        self.ids.contains(rule.id) || self.groups.contains(rule.group.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WARNING: &str = "implicit-grant";
    const AUDIT: &str = "native-authentication";

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    /// What becomes of a warning of `id`, as a word.
    fn becomes(
        id: &str,
        select: &[&str],
        ignore: &[&str],
        levels: &[(&str, Level)],
        audit: bool,
    ) -> &'static str {
        let (select, ignore) = (names(select), names(ignore));
        let levels: Vec<(usize, Level)> = levels
            .iter()
            .map(|(id, level)| (Rule::find(id).expect("a rule").index(), *level))
            .collect();
        let wishes = Wishes {
            select: &select,
            ignore: &ignore,
            levels: &levels,
            audit,
            min_severity: None,
        };
        let rule = Rule::find(id).expect("a rule");
        let policy = match Policy::new(&wishes) {
            Ok(policy) => policy,
            Err(Failure::NoRuleLeft) => return "nothing left",
            Err(other) => panic!("{other}"),
        };
        let verdict = policy.judge(rule, rule.index(), Severity::Warning);
        assert_eq!(verdict.is_some(), policy.enabled(rule, rule.index()));
        verdict.map_or("silent", Severity::name)
    }

    #[test]
    fn who_is_heard() {
        use Level::{At, Off};
        let error = At(Severity::Error);
        let both = &[WARNING, AUDIT];
        for (id, select, ignore, levels, audit, want) in [
            (WARNING, &[][..], &[][..], &[][..], false, "warning"),
            (AUDIT, &[], &[], &[], false, "silent"),
            (AUDIT, &[], &[], &[], true, "warning"),
            // Selecting.
            (WARNING, &[AUDIT], &[], &[], true, "silent"),
            (AUDIT, &[AUDIT], &[], &[], false, "warning"),
            (AUDIT, &["client"], &[], &[], false, "silent"),
            (AUDIT, &["client"], &[], &[], true, "warning"),
            (WARNING, &["client"], &[], &[], false, "warning"),
            // Ignoring wins.
            (WARNING, &[], &[WARNING], &[], false, "silent"),
            (WARNING, both, &[WARNING], &[], false, "silent"),
            (AUDIT, both, &[WARNING], &[], false, "warning"),
            (AUDIT, &[], &["client"], &[(AUDIT, error)], false, "silent"),
            // The configuration's severity.
            (WARNING, &[], &[], &[(WARNING, error)], false, "error"),
            (
                WARNING,
                &[],
                &[],
                &[(WARNING, At(Severity::Info))],
                false,
                "info",
            ),
            (WARNING, &[], &[], &[(WARNING, Off)], false, "silent"),
            (AUDIT, &[], &[], &[(AUDIT, error)], false, "error"),
            (AUDIT, &[], &[], &[(AUDIT, Off)], true, "silent"),
            // The command line outranks the configuration.
            (
                WARNING,
                &[WARNING],
                &[],
                &[(WARNING, Off)],
                false,
                "warning",
            ),
            (
                WARNING,
                &["client"],
                &[],
                &[(WARNING, Off)],
                false,
                "warning",
            ),
            (
                WARNING,
                &[WARNING],
                &[],
                &[(WARNING, error)],
                false,
                "error",
            ),
            (AUDIT, &["client"], &[], &[(AUDIT, Off)], false, "silent"),
            (AUDIT, &["client"], &[], &[(AUDIT, error)], false, "error"),
            (WARNING, &[AUDIT], &[], &[(WARNING, error)], false, "silent"),
            (
                WARNING,
                &[WARNING],
                &[WARNING],
                &[],
                false,
                "nothing left or silent",
            ),
        ] {
            let got = becomes(id, select, ignore, levels, audit);
            let fits = got == want || got == "nothing left" && want.contains("silent");
            assert!(
                fits,
                "{id} {select:?} {ignore:?} {levels:?} {audit}: {got}, not {want}"
            );
        }
    }

    #[test]
    fn below_the_minimum_nothing_counts() {
        let rule = Rule::find(WARNING).expect("a rule");
        let index = rule.index();
        let levels = [(index, Level::At(Severity::Info))];
        let mut wishes = Wishes {
            min_severity: Some(Severity::Warning),
            ..Wishes::default()
        };
        let policy = Policy::new(&wishes).expect("rules");
        for severity in Severity::ALL {
            let counts = policy.judge(rule, index, severity).is_some();
            assert_eq!(counts, severity >= Severity::Warning);
        }
        // Lowered by the configuration, it need not even be asked.
        wishes.levels = &levels;
        let silent = Policy::new(&wishes).is_ok_and(|policy| policy.enabled(rule, index));
        assert!(!silent);
    }

    #[test]
    fn names_are_known() {
        assert!(rule_to_explain(" implicit-grant ").is_ok_and(|rule| rule.id == WARNING));
        let failure = rule_to_explain("client").unwrap_err();
        assert!(
            failure
                .help()
                .is_some_and(|help| help.contains("is a group"))
        );
        assert!(groups().contains(&"client"));
        for (select, ignore) in [("no-such-rule", ""), ("", "no-such-rule"), ("Client", "")] {
            let list = |name: &str| names(&[name])[..usize::from(!name.is_empty())].to_vec();
            let wishes = Wishes {
                select: &list(select),
                ignore: &list(ignore),
                ..Wishes::default()
            };
            assert!(matches!(
                Policy::new(&wishes),
                Err(Failure::UnknownRule(..))
            ));
        }
    }
}
