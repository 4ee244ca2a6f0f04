//! What refers to what in a configuration, and what may mean another.

use super::{lowered, member};

/// A plan of applications and principals that refer to them, with every id unknown.
fn referring(applications: &[&str], principals: &[&str], references: &str, more: &str) -> String {
    let one = |kind: &str, key: &&str| {
        let address = format!("azuread_{kind}.x{key}").replace('"', "\\\"");
        format!(
            r#"{{"address": "{address}", "mode": "managed", "type": "azuread_{kind}", "change":
            {{"actions": ["create"], "before": null, "after": {{}},
              "after_unknown": {{"client_id": true, "object_id": true}}}}}}"#
        )
    };
    let all: Vec<String> = applications
        .iter()
        .map(|key| one("application", key))
        .chain(principals.iter().map(|key| one("service_principal", key)))
        .collect();
    format!(
        r#"{{"format_version": "1.2", "resource_changes": [{}], "configuration": {{"root_module": {{
        "resources": [{{"address": "azuread_service_principal.x",
        "expressions": {{"client_id": {{"references": [{references}]}}}} {more}}}]}}}}}}"#,
        all.join(", ")
    )
}

#[test]
fn references_that_may_mean_another_are_left_unknown() {
    const NAMED: &str = r#""azuread_application.x.client_id", "azuread_application.x""#;
    const KEYED: &str = r#""azuread_application.x", "each.key""#;
    let app_id = |applications: &[&str], key: &str, references: &str, more: &str| {
        let all = lowered(&referring(applications, &[key], references, more));
        member(&all, &format!("azuread_service_principal.x{key}"), "appId")
    };
    let known = |key: &str| format!("\"azuread_application.x{key}.client_id\"");
    let two = [r#"["a"]"#, r#"["b"]"#];
    assert_eq!(app_id(&[""], "", NAMED, ""), known(""));
    assert_eq!(app_id(&["[0]"], "[0]", NAMED, ""), known("[0]"));
    assert_eq!(app_id(&two, r#"["b"]"#, KEYED, ""), known(r#"["b"]"#));
    let literal = r#""azuread_application.x[\"a\"].client_id", "azuread_application.x[\"a\"]", "azuread_application.x""#;
    assert_eq!(app_id(&two, "", literal, ""), known(r#"["a"]"#));
    // Another attribute is another id.
    let object = r#""azuread_application.x.object_id", "azuread_application.x""#;
    assert_eq!(
        app_id(&[""], "", object, ""),
        r#""azuread_application.x.object_id""#
    );
    for (applications, key, references) in [
        (&two[..], "", NAMED),
        (&two[..], r#"["c"]"#, KEYED),
        // A text around an id, perhaps.
        (&[""][..], r#"["a"]"#, KEYED),
        (
            &two[..],
            r#"["a"]"#,
            r#""azuread_application.x", "each.value.app", "each.value""#,
        ),
        (
            &[""][..],
            "",
            r#""azuread_application.x.client_id", "azuread_application.x", "var.other""#,
        ),
        (&[""][..], "", r#""local.app""#),
        (
            &[""][..],
            "",
            r#""azuread_application.y.client_id", "azuread_application.y""#,
        ),
        (&[][..], "", NAMED),
    ] {
        assert_eq!(
            app_id(applications, key, references, ""),
            "[0]",
            "{references}"
        );
    }
    let each = r#""each.value.client_id", "each.value""#;
    let for_each = r#", "for_each_expression": {"references": ["azuread_application.x"]}"#;
    assert_eq!(app_id(&two, r#"["a"]"#, each, for_each), known(r#"["a"]"#));
    assert_eq!(app_id(&two, r#"["c"]"#, each, for_each), "[0]");
}

#[test]
fn variables_lead_out_of_modules_that_call_each_other_in_circles() {
    let text = r#"{"format_version": "1.2", "resource_changes": [
        {"address": "azuread_application.x", "type": "azuread_application", "change":
          {"actions": ["create"], "after": {}, "after_unknown": {"client_id": true}}},
        {"address": "module.a[0].module.b.azuread_service_principal.x", "type": "azuread_service_principal",
          "change": {"actions": ["create"], "after": {}, "after_unknown": {"client_id": true}}},
        {"address": "module.a[0].module.b.azuread_service_principal.y", "type": "azuread_service_principal",
          "change": {"actions": ["create"], "after": {}, "after_unknown": {"client_id": true}}}],
      "configuration": {"root_module": {"module_calls": {"a": {
        "expressions": {"app": {"references": ["azuread_application.x"]}},
        "module": {"module_calls": {"b": {
          "expressions": {"id": {"references": ["var.app.client_id", "var.app"]},
                          "round": {"references": ["module.b.round", "module.b"]}},
          "module": {"outputs": {"round": {"expression": {"references": ["var.round"]}}},
            "resources": [
            {"address": "azuread_service_principal.x", "expressions": {"client_id": {"references": ["var.id"]}}},
            {"address": "azuread_service_principal.y", "expressions": {"client_id": {"references": ["var.round"]}}}
          ]}}}}}}}}}"#;
    let all = lowered(text);
    let of = |name: &str| {
        member(
            &all,
            &format!("module.a[0].module.b.azuread_service_principal.{name}"),
            "appId",
        )
    };
    assert_eq!(of("x"), r#""azuread_application.x.client_id""#);
    assert_eq!(of("y"), "[0]");
}
