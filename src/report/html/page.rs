//! The frame of the page: head, policy, navigation.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::tags;
use crate::model::base64;
use crate::report::{Outcome, safe};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Where the page goes.
pub struct Page<'p> {
    pub out: &'p mut dyn Write,
}

/// The sections, as the navigation names them.
const SECTIONS: [(&str, &str); 7] = [
    ("summary", "Summary"),
    ("findings", "Findings"),
    ("credentials", "Credentials"),
    ("access", "Access"),
    ("people", "Who can reach"),
    ("permissions", "Permissions"),
    ("applications", "Applications"),
];
/// Sections of a page that was made of a stored report.
const STORED: [&str; 3] = ["summary", "findings", "applications"];

impl Page<'_> {
    /// Writes a block of markup.
    pub fn put(&mut self, block: &str) -> io::Result<()> {
        self.out.write_all(safe::defuse(block).as_bytes())
    }

    /// Everything up to the first section.
    pub fn begin(&mut self, outcome: &Outcome, whole: bool) -> io::Result<()> {
        let date = outcome.evaluated_at.date();
        self.out.write_all(
            format!(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                 <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
                 style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
                 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
                 <meta name=\"referrer\" content=\"no-referrer\">\n\
                 <meta name=\"color-scheme\" content=\"light dark\">\n\
                 <link rel=\"icon\" href=\"data:,\">\n\
                 <title>entralint audit, {date}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
                hash(STYLE),
                hash(SCRIPT)
            )
            .as_bytes(),
        )?;
        let mut head =
            String::from("<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header>\n");
        head.push_str(&format!(
            "<h1>App registrations and Azure access: audit</h1>\n<p>Evaluated at \
             <time datetime=\"{date}\">{date}</time> · profile {} · entralint {}</p>\n",
            tags::text(&outcome.profile),
            env!("CARGO_PKG_VERSION")
        ));
        head.push_str("<nav aria-label=\"Sections\"><ul>");
        let shown = |id: &str| whole || STORED.contains(&id);
        for (id, name) in SECTIONS.iter().filter(|(id, _)| shown(id)) {
            head.push_str(&format!("<li><a href=\"#{id}\">{name}</a></li>"));
        }
        head.push_str("</ul></nav>\n</header>\n<main id=\"main\" tabindex=\"-1\">\n");
        self.put(&head)
    }

    /// Everything after the last section.
    pub fn end(&mut self) -> io::Result<()> {
        self.put(
            "</main>\n<footer><p>Written by entralint from exported documents, offline. This page \
             loads nothing and sends nothing; its links lead to learn.microsoft.com.</p></footer>\n",
        )?;
        self.out
            .write_all(format!("<script>{SCRIPT}</script>\n</body>\n</html>\n").as_bytes())
    }
}

/// What a Content-Security-Policy calls an inline style or script (CSP Level 3, section 2.3.1).
fn hash(inline: &str) -> String {
    format!(
        "sha256-{}",
        base64::encode(&Sha256::digest(inline.as_bytes()))
    )
}
