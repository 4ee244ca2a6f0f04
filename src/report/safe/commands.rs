//! Foreign text in the commands that a CI system reads from a log.
//!
//! GitHub: actions/toolkit, `command.ts`. Azure Pipelines: azure-pipelines-agent, `Command.cs`,
//! which has an escape of its own for the per cent sign.

use super::capped;

/// The message of a GitHub workflow command; `lines` are joined, each is foreign.
pub fn github_message(lines: &[&str], longest: usize) -> String {
    joined(lines, longest, |c| match c {
        '%' => Some("%25"),
        '\r' => Some("%0D"),
        '\n' => Some("%0A"),
        _ => None,
    })
}

/// A property's value of a GitHub workflow command.
pub fn github_property(text: &str, longest: usize) -> String {
    joined(&[text], longest, |c| match c {
        '%' => Some("%25"),
        '\r' => Some("%0D"),
        '\n' => Some("%0A"),
        ':' => Some("%3A"),
        ',' => Some("%2C"),
        _ => None,
    })
}

/// The message of an Azure Pipelines logging command; `lines` are joined, each is foreign.
pub fn azure_message(lines: &[&str], longest: usize) -> String {
    joined(lines, longest, |c| match c {
        '%' => Some("%AZP25"),
        '\r' => Some("%0D"),
        '\n' => Some("%0A"),
        _ => None,
    })
}

/// A property's value of an Azure Pipelines logging command.
pub fn azure_property(text: &str, longest: usize) -> String {
    joined(&[text], longest, |c| match c {
        '%' => Some("%AZP25"),
        '\r' => Some("%0D"),
        '\n' => Some("%0A"),
        ']' => Some("%5D"),
        ';' => Some("%3B"),
        _ => None,
    })
}

/// Cleans each line, so that the only line breaks left are ours, then escapes them.
fn joined(lines: &[&str], longest: usize, escape: fn(char) -> Option<&'static str>) -> String {
    let mut out = String::new();
    let clean: Vec<_> = lines.iter().map(|line| capped(line, longest)).collect();
    for c in clean.join("\n").chars() {
        match escape(c) {
            Some(escaped) => out.push_str(escaped),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_has_its_escapes() {
        assert_eq!(
            github_message(&["50%: a,b", "c\n::d"], 200),
            "50%25: a,b%0Ac␊::d"
        );
        assert_eq!(github_property("a:b,c%", 200), "a%3Ab%2Cc%25");
        assert_eq!(azure_message(&["50%; a]", "b"], 200), "50%AZP25; a]%0Ab");
        assert_eq!(
            azure_property("a]b;c%##vso[d", 200),
            "a%5Db%3Bc%AZP25\\u{23}#vso[d"
        );
    }
}
