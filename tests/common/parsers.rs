//! What reads our output: the runners of two CI systems, rebuilt from their sources, and what a
//! terminal must never get.

use std::collections::BTreeMap;

use entralint::report::safe::is_hidden;
use entralint::rules::RULES;

/// actions/runner, ActionCommand.cs: a line that begins with `::` after its blanks, or that holds
/// `##[` anywhere. azure-pipelines-agent, Command.cs: `##vso[` anywhere, in any case.
pub fn obeyed(text: &str) -> Option<&str> {
    text.split(['\n', '\r']).find(|line| {
        line.trim().starts_with("::")
            || line.contains("##[")
            || line.to_ascii_lowercase().contains("##vso[")
    })
}

pub fn assert_harmless(text: &str) {
    for c in text.chars() {
        assert!(
            c == '\n' || !c.is_control() && !is_hidden(c),
            "{c:?} in {text:?}"
        );
    }
    assert_eq!(obeyed(text), None);
}

/// Whether a link leads to Microsoft's documentation, or to a page that a rule of ours names.
pub fn is_ours(link: &str) -> bool {
    link.starts_with("https://learn.microsoft.com/")
        || RULES.iter().any(|rule| rule.references.contains(&link))
}

/// A workflow command as GitHub's runner understands it (actions/runner, `ActionCommand.cs`,
/// `TryParseV2`).
#[derive(Debug)]
pub struct Command {
    pub name: String,
    pub properties: BTreeMap<String, String>,
    pub data: String,
}

pub fn github(line: &str) -> Option<Command> {
    let line = line.trim_start();
    let body = line.strip_prefix("::")?;
    let (info, data) = body.split_once("::")?;
    let (name, rest) = info.trim().split_once(' ').unwrap_or((info.trim(), ""));
    let properties = rest
        .trim()
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), unescape(value, GITHUB)))
        .collect();
    Some(Command {
        name: name.to_owned(),
        properties,
        data: unescape(data, &GITHUB[..3]),
    })
}

/// The same for the agent of Azure Pipelines (azure-pipelines-agent, `Command.cs`, `TryParse`).
pub fn azure(line: &str) -> Option<Command> {
    let at = line.to_ascii_lowercase().find("##vso[")?;
    let (info, data) = line[at + 6..].split_once(']')?;
    let (name, rest) = info.split_once(' ').unwrap_or((info, ""));
    let properties = rest
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), unescape(value, AZURE)))
        .collect();
    Some(Command {
        name: name.to_owned(),
        properties,
        data: unescape(data, AZURE),
    })
}

/// The per cent sign comes last, as the runners do it.
const GITHUB: &[(&str, &str)] = &[
    ("%0D", "\r"),
    ("%0A", "\n"),
    ("%25", "%"),
    ("%3A", ":"),
    ("%2C", ","),
];
const AZURE: &[(&str, &str)] = &[
    ("%3B", ";"),
    ("%0D", "\r"),
    ("%0A", "\n"),
    ("%5D", "]"),
    ("%AZP25", "%"),
];

fn unescape(text: &str, table: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (from, to) in table.iter().filter(|(_, to)| *to != "%") {
        text = text.replace(from, to);
    }
    for (from, to) in table.iter().filter(|(_, to)| *to == "%") {
        text = text.replace(from, to);
    }
    text
}
