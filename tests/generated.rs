//! Derived files are tested, not trusted: RULES.md, the README's table and the configuration's
//! schema follow the one list of rules. `ENTRALINT_UPDATE=1 cargo test --test generated` writes
//! the first two anew.

use std::collections::BTreeSet;
use std::fs;

use entralint::report::catalog;
use entralint::rules::{Persona, RULES};

fn hold(path: &str, current: &str, wanted: &str) {
    if current == wanted {
        return;
    }
    if std::env::var_os("ENTRALINT_UPDATE").is_some() {
        fs::write(path, wanted).expect("the project's own file can be written");
        return;
    }
    panic!("{path} is stale: run ENTRALINT_UPDATE=1 cargo test --test generated");
}

#[test]
fn rules_md_follows_the_rules() {
    let path = "RULES.md";
    let current = fs::read_to_string(path).unwrap_or_default();
    hold(path, &current, &catalog::to_markdown(RULES));
}

#[test]
fn the_readmes_table_follows_the_rules() {
    const BEGIN: &str = "<!-- rules: derived, see tests/generated.rs -->\n";
    const END: &str = "<!-- /rules -->";
    let path = "README.md";
    let current = fs::read_to_string(path).expect("README.md");
    let (head, rest) = current.split_once(BEGIN).expect("the table's begin");
    let (_, tail) = rest.split_once(END).expect("the table's end");
    hold(
        path,
        &current,
        &format!("{head}{BEGIN}{}{END}{tail}", table()),
    );
}

/// The rules by group, each with what is wrong.
fn table() -> String {
    let mut groups: Vec<_> = RULES.iter().map(|rule| rule.group).collect();
    groups.sort();
    groups.dedup();
    let mut out = String::from("| rule | severity | says |\n| --- | --- | --- |\n");
    for group in groups {
        out += &format!("| **{}** | | |\n", group.name());
        for rule in RULES.iter().filter(|rule| rule.group == group) {
            let audit = match rule.persona {
                Persona::Audit => " (audit)",
                Persona::Regular => "",
            };
            out += &format!(
                "| [`{id}`](RULES.md#{id}) | {}{audit} | {} |\n",
                rule.severity,
                rule.summary(),
                id = rule.id,
            );
        }
    }
    out
}

#[test]
fn the_configurations_schema_names_the_rules() {
    let text = fs::read_to_string("schemas/config.schema.json").expect("the schema");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rules = schema["properties"]["rules"]["properties"]
        .as_object()
        .expect("[rules] lists its keys");
    let named: BTreeSet<&str> = rules.keys().map(String::as_str).collect();
    let wanted: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(named, wanted);
    for rule in RULES {
        assert_eq!(rules[rule.id]["description"], rule.summary(), "{}", rule.id);
    }
}

#[test]
fn the_readmes_example_is_real_output() {
    const BEGIN: &str = "<!-- example: real output, see tests/generated.rs -->\n";
    const END: &str = "<!-- /example -->";
    let path = "README.md";
    let current = fs::read_to_string(path).expect("README.md");
    let (head, rest) = current.split_once(BEGIN).expect("the example's begin");
    let (_, tail) = rest.split_once(END).expect("the example's end");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args([
            "check",
            "--now",
            "2026-11-23",
            "--no-config",
            "--color",
            "never",
        ])
        .arg("fixtures/tenants/first-steps")
        .env_clear()
        .output()
        .expect("the program runs");
    assert_eq!(run.status.code(), Some(1));
    let output = String::from_utf8(run.stdout).expect("UTF-8");
    let example = format!(
        "```console\n$ entralint check --now 2026-11-23 fixtures/tenants/first-steps\n{output}```\n"
    );
    hold(
        path,
        &current,
        &format!("{head}{BEGIN}{example}{END}{tail}"),
    );
}

/// The example of `access` in the README is what it prints.
#[test]
fn the_readmes_verdict_is_real_output() {
    let readme = fs::read_to_string("README.md").expect("the README");
    let command = "$ entralint access --now 2026-11-23 fixtures/access/owner-only\n";
    let (_, behind) = readme.split_once(command).expect("the example");
    let (shown, _) = behind.split_once("```").expect("its end");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args([
            "access",
            "--now",
            "2026-11-23",
            "fixtures/access/owner-only",
        ])
        .env_clear()
        .output()
        .expect("it runs");
    assert_eq!(shown, String::from_utf8_lossy(&done.stdout));
}
