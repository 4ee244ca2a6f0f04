use std::collections::BTreeSet;

use super::{PLAN, Shell, Source, Target, script, supply};
use crate::model::{Guid, ObjectKind};

const TENANT: &str = "6f0c2d0e-93f4-4c2c-8f0f-3b7f3f1d5a10";

fn both(target: &Target) -> [String; 2] {
    [Shell::Bash, Shell::PowerShell].map(|shell| script(shell, target))
}

#[test]
fn every_file_has_one_name_and_is_written_by_both() {
    let files: BTreeSet<&str> = PLAN.iter().map(|step| step.file).collect();
    assert_eq!(files.len(), PLAN.len());
    for script in both(&Target::default()) {
        assert!(!script.contains("#:"), "a place that was not filled");
        let plain = script.replace("${subscription}", "$subscription");
        for step in PLAN {
            let file = step.file.replace("{subscription}", "$subscription");
            assert!(plain.contains(&file), "{file}");
            assert!(script.contains(step.needs), "{file}");
        }
    }
}

#[test]
fn commands_ask_for_what_the_scripts_ask_for() {
    for step in PLAN {
        let path = match step.source {
            Source::Graph { path, .. } | Source::Each { path, .. } | Source::Object { path } => {
                path
            }
            Source::Arm { path, .. } => path,
            Source::Command { words } | Source::Subscription { words, .. } => {
                assert_eq!(step.supply, format!("az {}", words.join(" ")));
                continue;
            }
        };
        if step.supply.starts_with("az rest") {
            let (_, tail) = path.rsplit_once("{id}").unwrap_or(("", path));
            assert!(step.supply.contains(tail), "{}", step.file);
        }
    }
}

#[test]
fn every_kind_has_its_command() {
    for kind in ObjectKind::ALL {
        let command = supply(kind);
        assert!(!command.is_empty() && !command.contains('\n'), "{kind:?}");
        // What no step exports and nobody supplies on purpose.
        let none = matches!(kind, ObjectKind::SecretFile | ObjectKind::ErrorBody);
        assert_eq!(command == "entralint collect", none, "{kind:?}");
    }
    assert_eq!(
        supply(ObjectKind::RoleAssignment),
        "az role assignment list --all --include-inherited --include-groups"
    );
}

#[test]
fn what_is_typed_stays_one_word() {
    let target = Target {
        folder: Some("it's $(here) `now` \u{2019} \"x\"".to_owned()),
        tenant: Guid::parse_strict(TENANT),
        subscriptions: [1, 2].map(Guid).to_vec(),
    };
    let [bash, powershell] = both(&target);
    assert!(bash.contains("\nfolder='it'\\''s $(here) `now` \u{2019} \"x\"'\n"));
    assert!(
        powershell
            .contains("$Folder = ('' + 'it''s $(here) `now` ' + [char] 0x2019 + ' \"x\"'))\n")
    );
    for script in [bash, powershell] {
        assert!(script.contains(&format!("'{TENANT}'")));
        assert!(script.contains("00000000-0000-0000-0000-000000000002"));
    }
}

#[test]
fn scripts_hold_no_character_that_a_code_page_would_change() {
    // Windows PowerShell 5.1 reads a script without a mark in the machine's code page.
    for script in both(&Target::default()) {
        assert!(script.is_ascii());
    }
}

#[test]
fn both_scripts() {
    let [bash, powershell] = both(&Target::default());
    insta::assert_snapshot!("bash", bash);
    insta::assert_snapshot!("powershell", powershell);
}
