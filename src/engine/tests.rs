//! What no input and no command line can bring about for certain: a rule that panics, and workers
//! that are far ahead of each other.

use std::io::{self, Write};

use super::merge::Merger;
use super::piece::{FileNote, Splitting, Worker};
use super::scan::judge_part;
use super::*;
use crate::cli::{Cli, Command};
use crate::input::decode::Decoded;
use crate::report::Report;
use crate::settings::Surroundings;

#[derive(Default)]
struct Keeper(Vec<String>);

impl Report for Keeper {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        let Reported { rule, location, .. } = finding;
        let line = format!("{}:{} {}", location.path, location.start.line, rule.id);
        self.0.push(line);
        Ok(())
    }

    fn end(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// What `check --now 2026-11-23 --no-config` with these words behind it means.
pub fn settings(line: &str) -> Settings {
    let words = ["entralint", "check", "--now", "2026-11-23", "--no-config"];
    let words = words.into_iter().chain(line.split(' ')).map(Into::into);
    let cli = Cli::read(words, &|word| word.to_owned()).unwrap();
    let Command::Check(args) = cli.command else {
        panic!("not `check`");
    };
    let around = Surroundings {
        folder: env!("CARGO_MANIFEST_DIR").into(),
        ..Surroundings::default()
    };
    Settings::load(&args, &around).unwrap()
}

/// What is found, what is said of internal errors, and whether the run counts as complete.
fn told(line: &str, panics: Option<&'static str>) -> (Vec<String>, Vec<String>, bool) {
    let mut settings = settings(line);
    settings.policy.panics = panics;
    let run = run(&settings, &Progress::default());
    let mut keeper = Keeper::default();
    let further = run.tell(&mut keeper, &mut io::sink()).unwrap();
    assert!(further.is_empty(), "{further:?}");
    let troubles = run.troubles().map(str::to_owned).collect();
    (keeper.0, troubles, run.incomplete)
}

#[test]
fn a_rule_that_panics_takes_nothing_with_it() {
    for (line, rule, found) in [
        // One that looks at one object, on all of many records.
        ("fixtures/hostile/escapes-name.json", "secret-expired", 15),
        // The same where several workers read.
        ("--jobs 3 fixtures/tenants", "redirect-insecure", 1),
        (
            "--jobs 2 fixtures/rules/secret-expired",
            "secret-expired",
            1,
        ),
        // One that joins documents.
        ("fixtures/rules/role-orphaned", "role-orphaned", 1),
        // One that reads both values of a member that stands twice.
        ("fixtures/hostile/duplicate-keys.json", "secret-expired", 1),
    ] {
        let (before, none, incomplete) = told(line, None);
        assert!(none.is_empty() && !incomplete, "{line}: {none:?}");
        let of_rule = |line: &String| line.ends_with(&format!(" {rule}"));
        let (its, others): (Vec<String>, Vec<String>) = before.into_iter().partition(of_rule);
        assert!(its.len() >= found, "{line}: {its:?}");
        let (after, troubles, incomplete) = told(line, Some(rule));
        assert_eq!(after, others, "{line}");
        assert!(incomplete, "{line}");
        // Once for each file, with the first record that it met.
        let mut files: Vec<&str> = its
            .iter()
            .filter_map(|line| line.split(':').next())
            .collect();
        files.dedup();
        assert_eq!(troubles.len(), files.len(), "{line}: {troubles:?}");
        for (trouble, file) in troubles.iter().zip(files) {
            let start = format!("internal error: the rule {rule} failed on the record at byte ");
            assert!(
                trouble.starts_with(&start) && trouble.ends_with(file),
                "{trouble}"
            );
        }
    }
}

/// Found by fuzzing: every piece that another worker had read of it by the time the first mistake
/// showed was counted as a further error.
#[test]
fn how_much_was_read_of_what_is_not_json_does_not_show() {
    let settings = settings("text.json");
    let judge = judge(&settings);
    let mut worker = Worker::new(&judge, false);
    let mut said = |ahead: usize| {
        let splitting = Splitting::Whole;
        let mut merger = Merger::new(Box::default(), None, splitting, true, usize::MAX);
        let mut raw = 0;
        for number in 0..=ahead {
            // Later pieces begin with what could be a record.
            let bytes = [b"value\n".as_slice(), b"\"id\": 1\n"][number.min(1)].to_vec();
            let (splitting, first, file) = (&merger.splitting, number == 0, FileNote::default());
            let len = bytes.len() as u64;
            let part = judge_part(
                &mut worker,
                splitting,
                Decoded::of(bytes),
                raw,
                0,
                first,
                false,
                file,
            );
            raw += len;
            assert_eq!(part.reading.errors.len(), 1);
            merger.accept(&mut worker, part);
            assert!(merger.is_done());
        }
        let mut source = merger.finish().source;
        assert_eq!(source.findings.len(), 1);
        let found = source.findings.remove(0);
        assert_eq!(found.rule.id, "invalid-json");
        (found.at, found.wording.message, found.wording.facts)
    };
    let alone = said(0);
    for ahead in [1, 2, 40] {
        assert_eq!(said(ahead), alone, "{ahead}");
    }
}

/// A folder is not walked in the order of the names of its files (`a/x.json` comes before
/// `a-b/x.json` in a walk, and behind it by name), and several workers share the files. What is
/// kept of them has to stand in the order of the names all the same.
#[test]
fn what_is_kept_of_small_files_is_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let id = |number: u32| format!("a0000000-0000-4000-8000-{number:012}");
    for number in 0..60 {
        let name = ["a", "a-b", "a.b"][number as usize % 3];
        let file = folder.path().join(format!("{name}/{number:02}.json"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = match number % 10 {
            // Numbers of scopes follow from who came first, so these are kept by themselves.
            7 => format!(
                r#"[{{"id": "/subscriptions/{id}/providers/Microsoft.Authorization/roleAssignments/{id}", "scope": "/subscriptions/{id}", "principalId": "{id}", "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/{id}"}}]"#,
                id = id(number)
            ),
            _ => format!(
                r#"[{{"id": "{id}", "appId": "{id}", "displayName": "App", "signInAudience": "AzureADMyOrg"}}]"#,
                id = id(number)
            ),
        };
        std::fs::write(file, text).unwrap();
    }
    for jobs in ["1", "3"] {
        let folder = folder.path().to_str().unwrap();
        let words = ["entralint", "check", "--no-config", "--jobs", jobs, folder];
        let cli = Cli::read(words.map(Into::into), &|word| word.to_owned()).unwrap();
        let Command::Check(args) = cli.command else {
            panic!("not `check`");
        };
        let settings = Settings::load(&args, &Surroundings::default()).unwrap();
        let run = run(&settings, &Progress::default());
        let rows = &run.tenant.rows;
        assert_eq!((rows.applications.len(), rows.assignments.len()), (54, 6));
        assert!(rows.applications.is_sorted_by_key(|row| row.at));
        assert!(rows.assignments.iter().is_sorted_by_key(|row| row.at));
        for row in &rows.applications {
            let name = &run.sources[row.at.source as usize].origin.name;
            let number = row.app_id.to_string();
            assert!(
                name.ends_with(&format!("/{}.json", &number[34..])),
                "{name} {number}"
            );
            assert!(run.tenant.application_at(row.at).is_some());
        }
    }
}
