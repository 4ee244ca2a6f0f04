//! Whatever stands in an input: no report breaks, none passes on what it must not, no excerpt
//! shows a secret. The two runners' parsers of workflow commands are written down here again, from
//! their sources, to see what they would obey.

mod common;

use common::attacks::{run, source};
use common::parsers::{assert_harmless, obeyed};
use common::{finding, outcome, render, rule};
use entralint::report::{
    Concise, Human, HumanOptions, Json, Ndjson, Place, Position, Reported, Window,
};
use proptest::prelude::*;

fn options() -> impl Strategy<Value = HumanOptions> {
    (
        any::<[bool; 4]>(),
        prop_oneof![40..200_usize, any::<usize>()],
        0..2_u8,
    )
        .prop_map(
            |([links, quiet, unicode, show_suppressed], width, verbose)| HumanOptions {
                color: false,
                links,
                width,
                verbose,
                quiet,
                unicode,
                show_suppressed,
            },
        )
}

/// The text without our own hyperlinks.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}]8;;") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find("\u{1b}\\").expect("a hyperlink ends");
        let address = &rest[at + 5..at + end];
        assert!(address.is_empty() || address.starts_with("https://"));
        rest = &rest[at + end + 2..];
    }
    out + rest
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn human_is_harmless((outcome, findings) in run(), options in options()) {
        let text = render(&mut Human::new(options.clone()), &outcome, &findings);
        assert_harmless(&without_links(&text));
        // Colours add themselves and nothing else.
        let colored = HumanOptions { color: true, links: false, ..options };
        let text = render(&mut Human::new(colored), &outcome, &findings);
        prop_assert_eq!(obeyed(&text), None);
    }

    #[test]
    fn concise_is_harmless((outcome, findings) in run(), show in any::<bool>()) {
        let text = render(&mut Concise::new(false, show), &outcome, &findings);
        assert_harmless(&text);
        let shown = findings.iter().filter(|finding| show || finding.suppression.is_none()).count();
        prop_assert_eq!(text.lines().count(), shown);
    }

    #[test]
    fn json_is_harmless_and_exact((outcome, findings) in run()) {
        let text = render(&mut Json::new(), &outcome, &findings);
        assert_harmless(&text);
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let entries = report["findings"].as_array().expect("findings");
        prop_assert_eq!(entries.len(), findings.len());
        for (entry, finding) in entries.iter().zip(&findings) {
            assert_exact(entry, finding);
        }
        prop_assert_eq!(report["profile"].as_str(), Some(outcome.profile.as_str()));
        prop_assert_eq!(report["skipped"][0]["path"].as_str(), Some(outcome.skipped[0].path.as_str()));
    }

    #[test]
    fn ndjson_is_harmless_and_exact((outcome, findings) in run()) {
        let text = render(&mut Ndjson::new(), &outcome, &findings);
        assert_harmless(&text);
        prop_assert_eq!(text.lines().count(), findings.len() + 1);
        for (line, finding) in text.lines().zip(&findings) {
            assert_exact(&serde_json::from_str(line).expect("JSON"), finding);
        }
    }

    /// A secret among any text, near any place, in a window that begins anywhere.
    #[test]
    fn no_excerpt_shows_a_secret(
        before in source(),
        key in prop::sample::select(vec![
            "\"secretText\": \"CANARY.x\"", "\"secretText\":\"CANARY\\\"CANARY\"",
            "\"SecretText\" : [ \"CANARY\", \"CANARY\" ]", "\"secretText\": { \"value\": \"CANARY\" }",
            "\"password\":\"CANARY\"", "\"clientSecret\":\n\"CANARY\"", "\"secretText\" \"CANARY",
            "\"keyId\": \"k\", \"value\": \"CANARY\"", "\"passwordCredentials\": [{\"value\": \"CANARY\"}]",
            "\"x\": \"a;AccountKey=CANARY\"", "\"x\": \"sig=CANARY\"", "\nclient secret: CANARY\n",
            "\"key\": \"CANARY.and-more-than-sixteen\"", "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----",
        ]),
        after in source(),
        cut in any::<prop::sample::Index>(),
        at in any::<(prop::sample::Index, u8)>(),
        width in 40..200_usize,
    ) {
        // What comes before may open a string; in JSON a line break ends it.
        let text = format!("{before}\n{{{key},{after}");
        let secret = text.find("CANARY").expect("it is there");
        // Anywhere before the value, so that its name may be cut off.
        let begin = boundary(&text, cut.index(secret));
        let near = (secret + usize::from(at.1)).saturating_sub(100).clamp(begin, text.len());
        let near = boundary(&text, near).max(begin);
        let end = boundary(&text, near + at.0.index(text.len() - near + 1)).max(near);
        let position = |at: usize| {
            let column = text[..at].chars().rev().take_while(|c| *c != '\n').count() as u64;
            Position { line: 1 + text[..at].matches('\n').count() as u64, column: 1 + column, offset: at as u64 }
        };
        let place = Place {
            path: "a.json".into(),
            pointer: String::new(),
            record: None,
            start: position(near),
            end: position(end),
            label: "here".to_owned(),
            source: Some(Window { text: text[begin..].into(), start: position(begin) }),
        };
        let finding = finding(rule("implicit-grant"), "a message", place);
        let options = HumanOptions { width, ..HumanOptions::default() };
        let shown = render(&mut Human::new(options), &outcome(), &[finding]);
        prop_assert!(!shown.contains("CANARY"), "{}", shown);
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

fn assert_exact(entry: &serde_json::Value, finding: &Reported) {
    assert_eq!(entry["message"].as_str(), Some(finding.message.as_str()));
    assert_eq!(entry["help"].as_str(), finding.help.as_deref());
    assert_eq!(
        entry["location"]["path"].as_str(),
        Some(&*finding.location.path)
    );
    assert_eq!(
        entry["location"]["label"].as_str().unwrap_or(""),
        finding.location.label
    );
    assert_eq!(
        entry["related"].as_array().map(Vec::len),
        Some(finding.related.len())
    );
    assert_eq!(
        entry["facts"]["fact"].as_str(),
        Some(finding.message.as_str())
    );
    let name = finding
        .subject
        .as_ref()
        .and_then(|subject| subject.name.as_deref());
    assert_eq!(entry["subject"]["name"].as_str(), name);
    let commands: Vec<&str> = entry["commands"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|text| text.as_str())
        .collect();
    assert_eq!(commands, finding.commands);
    let reason = finding
        .suppression
        .as_ref()
        .map(|suppression| suppression.reason.as_str());
    assert_eq!(entry["suppression"]["reason"].as_str(), reason);
}

/// Every file of the hostile fixtures, with a mark wherever a line begins, whole and minified.
#[test]
fn no_fixture_shows_its_secret() {
    let mut files = 0;
    for entry in std::fs::read_dir("fixtures/hostile")
        .expect("the fixtures")
        .flatten()
    {
        let Ok(bytes) = std::fs::read(entry.path()) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let name = entry.path().display().to_string();
        if !text.contains("CANARY") || name.ends_with(".md") {
            continue;
        }
        files += 1;
        let minified: String = text.lines().map(str::trim).collect();
        for text in [text, minified] {
            let file = common::File::new(&name, &text);
            let mut marks: Vec<usize> = text
                .match_indices(['\n', '"', ','])
                .map(|(at, _)| at)
                .collect();
            marks.push(text.len());
            for at in marks {
                for width in [60, 120] {
                    let place = file.mark(at, at, "here");
                    let options = HumanOptions {
                        width,
                        quiet: true,
                        ..HumanOptions::default()
                    };
                    let finding = finding(rule("invalid-json"), "not JSON", place);
                    let shown = render(&mut Human::new(options), &outcome(), &[finding]);
                    assert!(!shown.contains("CANARY"), "{name} at {at}: {shown}");
                    assert!(shown.contains('│'), "{name} at {at}: {shown}");
                }
            }
        }
    }
    assert!(files >= 14, "{files}");
}
