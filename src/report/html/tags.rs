//! Small pieces of markup. Whatever comes in as text goes out escaped.

use std::fmt::Write as _;

use crate::report::safe;
use crate::rules::Severity;

/// A longer command is not shown: one that was cut must not be run. In characters.
const LONGEST_COMMAND: usize = 2000;

/// Foreign text, cut where it is too long for a line.
pub fn text(foreign: &str) -> String {
    safe::html(foreign, safe::LONGEST)
}

/// Foreign text that is there to be copied, and so is whole.
pub fn whole(foreign: &str) -> String {
    safe::html(foreign, usize::MAX)
}

/// Foreign text of some sentences.
pub fn prose(foreign: &str) -> String {
    safe::html(foreign, 1000)
}

/// Words of ours with Markdown's code spans.
pub fn code_spans(words: &str) -> String {
    let mut out = String::new();
    for (at, part) in words.split('`').enumerate() {
        let part = prose(part);
        if at % 2 == 1 {
            let _ = write!(out, "<code>{part}</code>");
        } else {
            out.push_str(&part);
        }
    }
    out
}

/// A command to copy; nothing for one that is too long to be one.
pub fn command(foreign: &str) -> String {
    if foreign.is_empty() || foreign.chars().nth(LONGEST_COMMAND).is_some() {
        return String::new();
    }
    format!(
        "<div class=\"command\"><code>{}</code></div>",
        whole(foreign)
    )
}

/// A word on a coloured ground; the class names the colour.
pub fn badge(class: &str, word: &str) -> String {
    format!("<span class=\"badge {class}\">{word}</span>")
}

/// The class of a severity.
pub fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Info => "info",
    }
}

/// A page of ours about something, or just its name where there is none.
pub fn page(url: &str, name: &str) -> String {
    // The addresses of rules are constants; nothing else is ever linked.
    if url.starts_with("https://learn.microsoft.com/") {
        let url = whole(url);
        format!("<a href=\"{url}\" rel=\"noreferrer\"><code>{name}</code></a>")
    } else {
        format!("<code>{name}</code>")
    }
}

/// A section's beginning: its heading names it.
pub fn section(id: &str, title: &str) -> String {
    format!("<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{title}</h2>\n")
}

/// A table's beginning, up to its first row. The caption is markup.
pub fn table(id: &str, caption: &str, columns: &[&str]) -> String {
    let mut out =
        format!("<div class=\"scroll\"><table id=\"{id}\"><caption>{caption}</caption><thead><tr>");
    for column in columns {
        // Writing to a String does not fail.
        let _ = write!(out, "<th scope=\"col\">{column}</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    out
}

/// A table's end.
pub const TABLE_END: &str = "</tbody></table></div>\n";

/// Fields to narrow a table or a list with; the script brings them to life. Each has a label, and
/// the number of the column whose values it offers, or `None` for any text.
pub fn filters(target: &str, what: &str, fields: &[(&str, Option<usize>)]) -> String {
    let mut out = format!(
        "<div class=\"filters\" data-for=\"{target}\" data-what=\"{what}\" role=\"group\" \
         aria-label=\"Filter the {what}\" hidden>"
    );
    for (at, (label, column)) in fields.iter().enumerate() {
        let id = format!("{target}-f{at}");
        let _ = write!(out, "<label for=\"{id}\">{label}</label>");
        let _ = match column {
            Some(column) => write!(
                out,
                "<select id=\"{id}\" data-column=\"{column}\"><option value=\"\">all</option></select>"
            ),
            None => write!(
                out,
                "<input id=\"{id}\" type=\"search\" autocomplete=\"off\">"
            ),
        };
    }
    out.push_str(
        "<button type=\"button\">Clear</button><p class=\"shown\" role=\"status\"></p></div>\n",
    );
    out
}
