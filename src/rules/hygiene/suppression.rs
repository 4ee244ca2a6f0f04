//! Suppressions that have outlived what they were written for. Raised when a run knows which of
//! them matched something, so these are wordings that `engine` calls.

use crate::rules::{Wording, declare_rule};

declare_rule! {
    /// A suppression matches no finding.
    ///
    /// **Why it matters.** What it was written for is mended, or it never said what was meant. It
    /// will hide the next finding of its kind, and nobody will have decided that.
    ///
    /// **What is checked.** Every `[[suppress]]` of the configuration that still holds and that
    /// matched nothing in this run, where the run can tell: its rule was selected and evaluated,
    /// nothing was left out with `--app` or `--min-severity`, everything could be read, and its
    /// object was read. With files instead of folders on the command line, as from a pre-commit
    /// hook, only rules that judge this one object are concluded about. An object that is nowhere
    /// in the input counts only when the folder of the configuration itself was checked. A client
    /// id names an application and its service principal: of a rule that judges both, nothing is
    /// concluded while the input may lack one of them. A rule
    /// that says more to auditors is concluded about under `--persona audit`.
    ///
    /// **Fix.** Remove the `[[suppress]]`, or correct its subject or its key: `entralint check -v`
    /// prints both for every finding. A finding about a file as a whole has no subject; a baseline
    /// covers it.
    pub static SUPPRESSION_UNUSED = {
        id: "suppression-unused",
        group: Hygiene,
        severity: Warning,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        options: ["suppress"],
        references: [
            "https://docs.astral.sh/ruff/rules/unused-noqa/",
        ],
        check: Input,
    }
}

/// Words *suppression-unused* for a suppression of `rule`; `seen` tells whether the object it names
/// is in the input.
pub fn unused(say: &mut Wording, rule: &str, subject: &str, key: Option<&str>, seen: bool) {
    say.message(format!("this suppression of {rule} matches no finding"))
        .label(if seen {
            "no such finding"
        } else {
            "no such object in the input"
        })
        .help("remove it, or correct its subject or its key (entralint check -v prints both)")
        .fact("suppressedRule", rule)
        .fact("subject", subject)
        .key(key_of(rule, subject, key));
}

declare_rule! {
    /// A suppression is past its date.
    ///
    /// **Why it matters.** Somebody accepted the finding up to a day, and that day is over. The
    /// finding counts again.
    ///
    /// **What is checked.** `until` of every `[[suppress]]` of the configuration against the date
    /// of evaluation. It is the last day: from the next one on, in UTC, the suppression is without
    /// effect.
    ///
    /// **Fix.** Mend the finding and remove the `[[suppress]]`; or decide anew, with a new date.
    pub static SUPPRESSION_EXPIRED = {
        id: "suppression-expired",
        group: Hygiene,
        severity: Warning,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        options: ["suppress"],
        references: [
            "https://learn.microsoft.com/azure/defender-for-cloud/exempt-resource",
        ],
        check: Input,
    }
}

/// Words *suppression-expired* for a suppression of `rule` whose last day was `until`, `days` days
/// ago.
pub fn expired(
    say: &mut Wording,
    rule: &str,
    subject: &str,
    key: Option<&str>,
    until: &str,
    days: i64,
) {
    let ago = match days {
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    };
    say.message(format!("this suppression of {rule} expired {ago}"))
        .label(format!("expired {ago}"))
        .help("mend the finding and remove the suppression, or decide anew with a new date")
        .fact("suppressedRule", rule)
        .fact("subject", subject)
        .fact("daysPastExpiry", days)
        .fact("until", until)
        .key(key_of(rule, subject, key));
}

/// What tells one suppression from another: never its place in the file.
fn key_of(rule: &str, subject: &str, key: Option<&str>) -> String {
    let subject = subject.to_lowercase();
    match key {
        Some(key) => format!("{rule}/{subject}/{key}"),
        None => format!("{rule}/{subject}"),
    }
}
