//! Many documents: what keeping them for the joins costs, and what they tell together.

use std::fs;
use std::path::Path;
use std::process::Command;

use entralint::rules::{Check, RULES};

use super::measure::{Contender, Field};
use super::{Corpus, Goal, NOW, Outcome, entralint, installed, myself};

/// The largest export there is: every assignment is kept for the joins, and none is at fault.
pub fn role_assignments(corpus: &Corpus, rounds: usize, goals: &mut Vec<Goal>) -> Outcome<()> {
    let path = &corpus.assignments;
    let field = Field::run(
        &format!("{} role assignments", corpus.applications * 10),
        Some(fs::metadata(path)?.len()),
        rounds,
        [
            Some(entralint(path)),
            Some(myself("IgnoredAny", &["--ignored-any"], path)),
            installed("jq empty", "jq", &["empty"], path),
        ],
    )?;
    goals.push(Goal::new(
        "role assignments: time / IgnoredAny",
        field.ratio("entralint", "IgnoredAny"),
        1.5,
    ));
    goals.push(Goal::new(
        "role assignments: time / jq empty",
        field.ratio("entralint", "jq empty"),
        1.0 / 12.0,
    ));
    goals.push(Goal::new(
        "role assignments: peak memory, MiB",
        field.peak("entralint"),
        64.0,
    ));
    Ok(())
}

/// What documents tell together, against what it takes to read them: the same files with every
/// rule, without those that join documents, with next to none, and for the verdicts.
///
/// The index of the tenant is built in all of them, for it grows while records stream by. So what
/// the joined rules add is what leaving them out saves, and what the verdicts add is what they take
/// beyond reading.
pub fn together(corpus: &Corpus, rounds: usize, goals: &mut Vec<Goal>) -> Outcome<()> {
    let path = &corpus.tenant;
    let joined = joined_rules();
    let verdicts = has_verdicts().then(|| {
        let words = ["access", "--no-config", "--now", NOW, "--format", "json"];
        Contender::new("verdicts", env!("CARGO_BIN_EXE_entralint"), &words, path).may_exit(&[0, 1])
    });
    let field = Field::run(
        &format!("a tenant of {} applications", corpus.applications / 5),
        Some(size(path)?),
        rounds,
        [
            Some(entralint(path)),
            Some(
                entralint(path)
                    .named("without joined rules")
                    .with(&["--ignore", &joined]),
            ),
            Some(
                entralint(path)
                    .named("reading alone")
                    .with(&["--select", "invalid-json"]),
            ),
            verdicts,
        ],
    )?;
    let reading = field.seconds("reading alone");
    for (what, one, other) in [
        ("joined rules", "entralint", "without joined rules"),
        ("verdicts", "verdicts", "reading alone"),
    ] {
        let more = field.difference(one, other).zip(reading);
        goals.push(Goal::new(
            &format!("tenant: time of {what} / reading"),
            more.map(|(more, reading)| more / reading),
            0.5,
        ));
    }
    Ok(())
}

/// The rules that look at more than one document, as a list for the command line.
fn joined_rules() -> String {
    let joins = |check: &Check| {
        matches!(
            check,
            Check::JoinedApplication(_)
                | Check::JoinedPrincipal(_)
                | Check::JoinedGrant(_)
                | Check::JoinedAppRole(_)
                | Check::JoinedFederated(_)
                | Check::JoinedOwner(_)
                | Check::JoinedAssignment(_)
                | Check::JoinedDefinition(_)
                | Check::JoinedInstance(_)
                | Check::JoinedDirectoryRole(_)
                | Check::JoinedPolicy(_)
                | Check::Shared
        )
    };
    let rules = RULES.iter().filter(|rule| rule.checks.iter().any(joins));
    let ids: Vec<&str> = rules.map(|rule| rule.id).collect();
    ids.join(",")
}

/// Whether this build has the command `access`.
fn has_verdicts() -> bool {
    let help = Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args(["access", "--help"])
        .output();
    help.is_ok_and(|help| help.status.success())
}

/// The bytes of all files in a folder and in the folders there.
fn size(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(bytes)
}
