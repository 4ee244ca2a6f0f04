//! What no Terraform wrote, and what one of another version did.

use super::{fixture, lowered, member};
use crate::infrastructure::{File, Lowered, lower};
use crate::json::{Tape, read};
use crate::kinds::{self, Reading};
use crate::model::Span;

#[test]
fn versions_that_are_not_read_are_told() {
    for (text, reason) in [
        (
            r#"{"format_version": "2.0", "planned_values": {}}"#,
            "a Terraform plan of format 2.0; this version reads 1.x",
        ),
        (
            r#"{"format_version": "2.1", "values": {}}"#,
            "a Terraform state of format 2.1; this version reads 1.x",
        ),
        (
            r#"{"format_version": "\u001b[31m", "planned_values": {}}"#,
            "a Terraform plan of format unknown; this version reads 1.x",
        ),
        (
            r#"{"version": 3, "terraform_version": "0.11.0", "lineage": "x", "resources": []}"#,
            "a Terraform state of version 3; this version reads 4",
        ),
        (
            r#"{"format_version": "1.2", "planned_values": {}, "errored": true}"#,
            "a Terraform plan that ended in an error: not all that was to come is in it",
        ),
    ] {
        let all = lowered(text);
        assert_eq!(all.unsupported(), Some(reason));
        assert_eq!(all.text(), "[]");
    }
    assert_eq!(
        lowered(r#"{"format_version": "0.1", "planned_values": {}}"#).unsupported(),
        None
    );
}

/// Puts something else in the place of each value, one after the other.
#[test]
fn wrong_types_anywhere_do_no_harm() {
    for (name, step) in [
        ("state/terraform.tfstate", 1),
        ("first-plan/plan.json", 23),
        ("delete-plan/plan.json", 5),
    ] {
        let text = fixture(name);
        let mut tape = Tape::default();
        read::parse(&text, 0, &mut tape).expect("JSON");
        let spans: Vec<Span> = tape
            .root(&text)
            .descendants()
            .skip(1)
            .map(|v| v.span())
            .collect();
        for (number, span) in spans.iter().enumerate().step_by(step) {
            let wrong = [
                "\"x\"", "1", "null", "[]", "{}", "true", "[null]", "[[\"\"]]",
            ];
            let wrong = wrong[number / step % wrong.len()];
            let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
            let changed = format!("{before}{wrong}{after}");
            let mut tape = Tape::default();
            read::parse(&changed, 0, &mut tape).expect("JSON");
            let root = tape.root(&changed);
            let Ok(kind) = kinds::recognise(root) else {
                continue;
            };
            let all = lower(kind, root, File::default());
            for one in all.iter().flat_map(Lowered::resources) {
                assert!(!one.value().raw().contains("not-a-real-value"), "{changed}");
                kinds::build(one.kind(), one.value(), &Reading::default());
            }
        }
    }
}

/// Addresses and lists of a length that nobody writes are done with at once.
#[test]
fn size_does_no_harm() {
    let deep = "module.a.".repeat(100_000);
    let many: Vec<String> = (0..3000)
        .map(|n| {
            format!(
                r#"{{"address": "azuread_application.x[{n}]", "type": "azuread_application", "change":
                {{"actions": ["create"], "after": {{}}, "after_unknown": {{"client_id": true}}}}}},
                {{"address": "azuread_service_principal.x[{n}]", "type": "azuread_service_principal",
                "change": {{"actions": ["create"], "after": {{}}, "after_unknown": {{"client_id": true}}}}}}"#
            )
        })
        .collect();
    let text = format!(
        r#"{{"format_version": "1.2", "resource_changes": [{{"address": "{deep}azuread_group.x",
        "type": "azuread_group", "change": {{"actions": ["create"], "after": {{"members": ["x"]}}}}}}, {}],
        "configuration": {{"root_module": {{"resources": [{{"address": "azuread_service_principal.x",
        "expressions": {{"client_id": {{"references": ["azuread_application.x", "count.index"]}}}}}}]}}}}}}"#,
        many.join(", ")
    );
    let all = lowered(&text);
    assert_eq!(all.resources().count(), 6000);
    assert_eq!(
        member(&all, "azuread_service_principal.x[2999]", "appId"),
        r#""azuread_application.x[2999].client_id""#
    );
}
