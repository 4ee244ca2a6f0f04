//! Each format, as its reader understands it: nothing in it but what is ours.

use std::collections::HashSet;

use entralint::report::safe::is_hidden;
use entralint::report::{Azure, Csv, Github, Gitlab, Junit, Markdown, Outcome, Reported, Sarif};
use entralint::rules::{Rule, Severity};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::common::parsers::{assert_harmless, azure, github, is_ours, obeyed};
use crate::common::render;

fn annotated(findings: &[Reported], severity: Severity) -> usize {
    let of = findings
        .iter()
        .filter(|finding| finding.severity == severity && finding.suppression.is_none());
    of.count().min(10)
}

/// No line but `commands` of ours is one, and no character is more than its glyph.
fn assert_log(text: &str, commands: usize, is_ours: impl Fn(&str) -> bool) {
    let lines: Vec<&str> = text.lines().collect();
    let ours = lines.iter().filter(|line| is_ours(line)).count();
    assert_eq!(ours, commands, "{text}");
    for line in &lines {
        assert!(
            line.chars().all(|c| !c.is_control() && !is_hidden(c)),
            "{line:?}"
        );
        assert!(is_ours(line) || obeyed(line).is_none(), "{line:?}");
    }
}

fn render_all(outcome: &Outcome, findings: &[Reported]) -> [String; 7] {
    [
        render(&mut Github::new("/w"), outcome, findings),
        render(&mut Azure::new("/w"), outcome, findings),
        render(&mut Junit::new("/w"), outcome, findings),
        render(&mut Markdown::new("/w"), outcome, findings),
        render(&mut Csv::new(), outcome, findings),
        render(&mut Sarif::new("/w"), outcome, findings),
        render(&mut Gitlab::new("/w"), outcome, findings),
    ]
}

fn check_github(text: &str, findings: &[Reported]) {
    let wanted: usize = Severity::ALL
        .map(|severity| annotated(findings, severity))
        .iter()
        .sum();
    assert_log(text, wanted, |line| {
        let Some(command) = github(line) else {
            return false;
        };
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        line.starts_with("::")
            && !line.contains("##[")
            && ["error", "warning", "notice"].contains(&command.name.as_str())
            && command
                .properties
                .keys()
                .all(|key| known.contains(&key.as_str()))
            && Rule::find(&command.properties["title"]).is_some()
            && command.properties["line"]
                .bytes()
                .all(|b| b.is_ascii_digit())
    });
}

fn check_azure(text: &str, findings: &[Reported]) {
    let issues = annotated(findings, Severity::Error) + annotated(findings, Severity::Warning);
    assert_log(text, issues + usize::from(issues > 0), |line| {
        let Some(command) = azure(line) else {
            return false;
        };
        let known = [
            "type",
            "sourcepath",
            "linenumber",
            "columnnumber",
            "code",
            "result",
        ];
        line.starts_with("##vso[")
            && line.to_ascii_lowercase().matches("##vso[").count() == 1
            && !line.contains("##[")
            && ["task.logissue", "task.complete"].contains(&command.name.as_str())
            && command
                .properties
                .keys()
                .all(|key| known.contains(&key.as_str()))
    });
}

/// Elements with their depth, attributes' names, and that every character may stand in XML.
fn check_junit(text: &str, findings: &[Reported]) {
    use quick_xml::events::Event;
    assert_harmless(text);
    let xml = |c: char| matches!(c, '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(xml), "{text:?}");
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open: Vec<String> = Vec::new();
    let mut cases = 0;
    loop {
        let (element, closed) = match reader.read_event().expect("XML") {
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Eof => break,
            Event::Decl(_) | Event::Text(_) | Event::GeneralRef(_) => continue,
            other => panic!("{other:?} in {text}"),
        };
        let name = String::from_utf8(element.name().as_ref().to_vec()).expect("UTF-8");
        let inside = open.last().map_or("", String::as_str);
        let allowed: (&str, &[&str]) = match name.as_str() {
            "testsuites" => ("", &["name"]),
            "testsuite" => (
                "testsuites",
                &["name", "tests", "failures", "errors", "skipped"],
            ),
            "testcase" => ("testsuite", &["name", "classname"]),
            "failure" => ("testcase", &["type", "message"]),
            "skipped" => ("testcase", &["message"]),
            "system-out" => ("testcase", &[]),
            other => panic!("<{other}> in {text}"),
        };
        assert_eq!(inside, allowed.0);
        let names: Vec<String> = element
            .attributes()
            .map(|attribute| {
                let attribute = attribute.expect("an attribute");
                attribute.unescape_value().expect("a value");
                String::from_utf8(attribute.key.as_ref().to_vec()).expect("UTF-8")
            })
            .collect();
        assert_eq!(names, allowed.1);
        cases += usize::from(name == "testcase");
        if !closed {
            open.push(name);
        }
    }
    assert!(open.is_empty());
    assert_eq!(cases, findings.len().max(1));
}

/// No markup, link or HTML but ours, and nothing that GitHub would make a link of.
fn check_markdown(text: &str) {
    assert_harmless(text);
    assert!(text.len() <= 65_536);
    let mut outside = String::new();
    let mut code = false;
    for event in Parser::new_ext(text, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(_) if code => {}
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(is_ours(&dest_url), "{dest_url}");
            }
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::Strong
                | Tag::List(None)
                | Tag::Item
                | Tag::HtmlBlock,
            )
            | Event::End(_)
            | Event::Code(_)
            | Event::SoftBreak
            | Event::HardBreak => {}
            Event::Text(text) => outside.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.trim();
                let summary = html
                    .strip_prefix("<details><summary>")
                    .and_then(|rest| rest.strip_suffix("</summary>"));
                let ours = |words: &str| {
                    words
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | ','))
                };
                assert!(html == "</details>" || summary.is_some_and(ours), "{html}");
            }
            other => panic!("{other:?} in {text}"),
        }
    }
    for mark in ["://", "www.", "@", "#"] {
        assert!(!outside.contains(mark), "{mark} in {outside:?}");
    }
}

fn check_csv(text: &str, findings: &[Reported]) {
    assert_harmless(&text.replace("\r\n", "\n"));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), findings.len() + 1);
    for row in &rows {
        assert_eq!(row.len(), 20);
        for cell in row {
            let formula = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
            assert!(!cell.trim_start().starts_with(formula), "{cell:?}");
        }
    }
}

/// The numbers of the links in a SARIF message (SARIF 2.1.0, section 3.11.6), and that it has no
/// placeholder.
fn links(text: &str) -> Vec<&str> {
    for at in text.match_indices('{').map(|(at, _)| at) {
        let number = text[at + 1..]
            .split_once('}')
            .map_or("", |(number, _)| number);
        let placeholder = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        assert!(!placeholder || text[..at].ends_with('{'), "{text}");
    }
    let mut links = Vec::new();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if !escaped && c == ']' && text[at + 1..].starts_with('(') {
            links.push(text[at + 2..].split_once(')').expect("an end").0);
        }
        escaped = !escaped && c == '\\';
    }
    links
}

fn check_sarif(text: &str, findings: &[Reported]) {
    assert_harmless(text);
    let log: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), findings.len());
    let mut seen = HashSet::new();
    for result in results {
        let message = result["message"]["text"].as_str().expect("a text");
        assert!(!message.is_empty());
        let related = result["relatedLocations"].as_array().map_or(0, Vec::len);
        let numbers: Vec<String> = (1..=related).map(|number| number.to_string()).collect();
        assert_eq!(links(message), numbers);
        let none = Vec::new();
        let related = result["relatedLocations"].as_array().unwrap_or(&none);
        let locations = result["locations"].as_array().expect("locations");
        assert_eq!(locations.len(), 1);
        for location in locations.iter().chain(related) {
            assert!(links(location["message"]["text"].as_str().unwrap_or("")).is_empty());
            let physical = &location["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"].as_str().expect("a URI");
            let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b);
            let path = uri.strip_prefix("file:///").unwrap_or(uri);
            // A drive of Windows.
            let drive = |path: &str| path.starts_with(|c: char| c.is_ascii_alphabetic());
            let rest = path.get(1..).and_then(|rest| rest.strip_prefix(":/"));
            let path = rest.filter(|_| uri != path && drive(path)).unwrap_or(path);
            assert!(!uri.is_empty() && path.bytes().all(allowed), "{uri}");
            assert!(!path.starts_with('/'), "{uri}");
            let at = |name: &str| physical["region"][name].as_u64().expect("a number");
            let start = (at("startLine"), at("startColumn"));
            assert!(start.0 > 0 && start.1 > 0 && start <= (at("endLine"), at("endColumn")));
        }
        let hash = result["partialFingerprints"]["primaryLocationLineHash"].to_string();
        assert!(seen.insert(hash));
    }
}

fn check_gitlab(text: &str, findings: &[Reported]) {
    assert_harmless(text);
    let issues: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let issues = issues.as_array().expect("issues");
    assert_eq!(issues.len(), findings.len());
    let prints: HashSet<String> = issues
        .iter()
        .map(|it| it["fingerprint"].to_string())
        .collect();
    assert_eq!(prints.len(), issues.len());
    for issue in issues {
        let path = issue["location"]["path"].as_str().expect("a path");
        assert!(!path.is_empty() && !path.starts_with("./"));
        let description = issue["description"].as_str().expect("a description");
        assert!(
            description
                .chars()
                .all(|c| !c.is_control() && !is_hidden(c))
        );
    }
}

/// Every format for tools, of one run.
pub fn check_all(outcome: &Outcome, findings: &[Reported]) {
    let [github, azure, junit, markdown, csv, sarif, gitlab] = render_all(outcome, findings);
    check_github(&github, findings);
    check_azure(&azure, findings);
    check_junit(&junit, findings);
    check_markdown(&markdown);
    check_csv(&csv, findings);
    check_sarif(&sarif, findings);
    check_gitlab(&gitlab, findings);
}
