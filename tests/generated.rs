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
