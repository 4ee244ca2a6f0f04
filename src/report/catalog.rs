//! The catalogue of rules as people and programs read it: `explain`, `rules` and RULES.md, all
//! derived from the rules' own declarations.

use serde::Serialize;

use super::docs::{self, Block};
use super::options::HumanOptions;
use super::paint::Paint;
use super::wrap::{cells, wrap};
use super::{json, phrase};
use crate::rules::{Group, Persona, Rule};

/// What each rule means, at length, for a terminal.
pub fn explain(rules: &[&Rule], options: &HumanOptions) -> String {
    let texts: Vec<String> = rules
        .iter()
        .map(|rule| explain_one(rule, options))
        .collect();
    texts.join("\n\n")
}

fn explain_one(rule: &Rule, options: &HumanOptions) -> String {
    let paint = Paint {
        color: options.color,
    };
    let width = options.width.clamp(40, 100);
    let mut text = String::new();
    paint.put(&mut text, paint.severity(rule.severity), rule.id);
    text.push('\n');
    let needs: Vec<String> = rule
        .kinds()
        .map(|kind| phrase::words(kind.name()))
        .collect();
    let mut facts = vec![
        rule.severity.name().to_owned(),
        rule.group.name().to_owned(),
        format!("since {}", rule.since),
    ];
    if rule.persona == Persona::Audit {
        facts.insert(1, "with --persona audit".to_owned());
    }
    if !needs.is_empty() {
        facts.push(format!("needs: {}", needs.join(", ")));
    }
    let dot = if options.unicode { " · " } else { " - " };
    put_wrapped(&mut text, &facts.join(dot), "", width);
    text.push('\n');
    let blocks = docs::blocks(rule.docs);
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(heading) => {
                paint.put(&mut text, Paint::BOLD, heading);
                text.push('\n');
            }
            Block::Paragraph(words) => {
                // The bad state stands first, below the rule's name.
                let indent = if at == 0 { "" } else { "  " };
                put_wrapped(&mut text, &docs::plain(words), indent, width);
            }
            Block::Item(words) => {
                let words = docs::plain(words);
                let lines = wrap(&words, width - 4, width - 4);
                text.push_str("  - ");
                text.push_str(&lines.join("\n    "));
                text.push('\n');
            }
            Block::Code(lines) => {
                for line in lines {
                    text.push_str("    ");
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        // Lists stand close to what introduces them, and so does all that is below a heading.
        let list = matches!(blocks.get(at + 1), Some(Block::Item(_)))
            && matches!(block, Block::Item(_) | Block::Paragraph(_));
        if !list && !matches!(block, Block::Heading(_)) {
            text.push('\n');
        }
    }
    for (heading, lines) in [
        ("Options in entralint.toml", rule.options),
        ("References", rule.references),
        ("What other tools call it", rule.peers),
    ] {
        if lines.is_empty() {
            continue;
        }
        paint.put(&mut text, Paint::BOLD, heading);
        text.push('\n');
        for line in lines {
            text.push_str(&format!("  {line}\n"));
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn put_wrapped(text: &mut String, words: &str, indent: &str, width: usize) {
    for line in wrap(words, width - indent.len(), width - indent.len()) {
        text.push_str(indent);
        text.push_str(line);
        text.push('\n');
    }
}

/// All rules by group: id, severity and the bad state.
pub fn table(rules: &[&Rule], options: &HumanOptions) -> String {
    let paint = Paint {
        color: options.color,
    };
    let column = rules.iter().map(|rule| cells(rule.id)).max().unwrap_or(0);
    let mut text = String::new();
    for (group, rules) in by_group(rules) {
        if !text.is_empty() {
            text.push('\n');
        }
        paint.put(&mut text, Paint::BOLD, group.name());
        text.push('\n');
        for rule in rules {
            let severity = rule.severity.name();
            text.push_str("  ");
            text.push_str(rule.id);
            text.push_str(&" ".repeat(column - cells(rule.id) + 2));
            paint.put(&mut text, paint.severity(rule.severity), severity);
            let audit = if rule.persona == Persona::Audit {
                " *"
            } else {
                "  "
            };
            text.push_str(audit);
            text.push_str(&" ".repeat(8 - severity.len()));
            // The first line of wrapped words; what they say in full, `explain` says.
            let indent = column + 14;
            let room = options.width.saturating_sub(indent).max(20);
            let summary = docs::plain(rule.summary());
            let lines = wrap(&summary, room, room);
            text.push_str(&lines.join(&format!("\n{}", " ".repeat(indent))));
            text.push('\n');
        }
    }
    let audit = rules
        .iter()
        .filter(|rule| rule.persona == Persona::Audit)
        .count();
    let mut words = phrase::count(rules.len() as u64, "rule");
    if audit > 0 {
        words.push_str(&format!("; {audit} of them (*) only with --persona audit"));
    }
    words.push_str(". `entralint explain RULE` tells more.");
    text.push('\n');
    put_wrapped(&mut text, &words, "", options.width);
    text
}

/// The groups in their order, each with its rules by id.
fn by_group<'r>(rules: &[&'r Rule]) -> Vec<(Group, Vec<&'r Rule>)> {
    let mut sorted = rules.to_vec();
    sorted.sort_by_key(|rule| (rule.group, rule.id));
    sorted
        .chunk_by(|a, b| a.group == b.group)
        .map(|rules| (rules[0].group, rules.to_vec()))
        .collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Catalogue<'r> {
    schema_version: u32,
    rules: Vec<Entry<'r>>,
}

#[derive(Serialize)]
struct Entry<'r> {
    id: &'r str,
    group: &'r str,
    severity: &'r str,
    persona: &'r str,
    needs: Vec<&'r str>,
    summary: &'r str,
    documentation: String,
    options: &'r [&'r str],
    references: &'r [&'r str],
    peers: &'r [&'r str],
    since: &'r str,
}

/// The catalogue for programs (`schemas/rules.schema.json`).
pub fn to_json<'r>(rules: &[&'r Rule]) -> String {
    let mut sorted = rules.to_vec();
    sorted.sort_by_key(|rule| rule.id);
    let entry = |rule: &&'r Rule| Entry {
        id: rule.id,
        group: rule.group.name(),
        severity: rule.severity.name(),
        persona: rule.persona.name(),
        needs: rule.kinds().map(|kind| kind.name()).collect(),
        summary: rule.summary(),
        documentation: docs::source(rule.docs),
        options: rule.options,
        references: rule.references,
        peers: rule.peers,
        since: rule.since,
    };
    let mut text = json::pretty_text(&Catalogue {
        schema_version: 1,
        rules: sorted.iter().map(entry).collect(),
    });
    text.push('\n');
    text
}

/// RULES.md: the rules by group, each with its documentation.
pub fn to_markdown(rules: &[&Rule]) -> String {
    let groups = by_group(rules);
    let mut text = format!(
        "# Rules\n\n\
         <!-- Generated by `entralint rules --format markdown`. Edit the rules, not this file. -->\n\n\
         {} in {}. A rule marked *audit* is silent without `--persona audit`; \
         `entralint explain RULE` prints what stands here.\n\n",
        phrase::count(rules.len() as u64, "rule"),
        phrase::count(groups.len() as u64, "group")
    );
    for (group, rules) in &groups {
        let links: Vec<String> = rules
            .iter()
            .map(|rule| format!("[{0}](#{0})", rule.id))
            .collect();
        text.push_str(&format!(
            "- [{0}](#{0}): {1}\n",
            group.name(),
            links.join(", ")
        ));
    }
    for (group, rules) in &groups {
        text.push_str(&format!("\n## {}\n", group.name()));
        for rule in rules {
            section(&mut text, rule);
        }
    }
    text
}

fn section(text: &mut String, rule: &Rule) {
    let needs: Vec<String> = rule
        .kinds()
        .map(|kind| phrase::words(kind.name()))
        .collect();
    text.push_str(&format!(
        "\n### {}\n\n**{}**",
        rule.id,
        rule.severity.name()
    ));
    if rule.persona == Persona::Audit {
        text.push_str(" · *audit*");
    }
    if !needs.is_empty() {
        text.push_str(&format!(" · needs {}", needs.join(", ")));
    }
    text.push_str(&format!(
        " · since {}\n\n{}\n",
        rule.since,
        docs::source(rule.docs)
    ));
    let code = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
        texts.join(", ")
    };
    if !rule.options.is_empty() {
        text.push_str(&format!("\nConfigured by {}.\n", code(rule.options)));
    }
    if !rule.peers.is_empty() {
        text.push_str(&format!("\nOther tools call it {}.\n", code(rule.peers)));
    }
    if !rule.references.is_empty() {
        let links: Vec<String> = rule
            .references
            .iter()
            .map(|reference| format!("<{reference}>"))
            .collect();
        text.push_str(&format!("\nSee {}.\n", links.join(", ")));
    }
}

#[cfg(test)]
mod tests;
