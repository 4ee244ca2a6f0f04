use std::borrow::Cow;

use super::*;
use crate::json::{Tape, read};

/// `text` after `edits`, each of which is made of the places of the texts in it.
fn edited(text: &str, edits: &[Edit]) -> Option<String> {
    let mut tape = Tape::default();
    read::parse(text, 0, &mut tape).expect("JSON");
    let changes = changes(tape.root(text), text, edits)?;
    let places = changes.iter().map(|change| {
        let (start, end) = (change.span.start as usize, change.span.end as usize);
        (start, end, change.text.as_str())
    });
    let after = apply(text, places);
    let mut tape = Tape::default();
    read::parse(&after, 0, &mut tape).unwrap_or_else(|error| panic!("{error:?}: {after}"));
    Some(after)
}

fn at(text: &str, part: &str) -> Span {
    let start = text
        .find(part)
        .unwrap_or_else(|| panic!("{part} in {text}"));
    Span::new(start as u32, (start + part.len()) as u32)
}

fn whole(text: &str) -> Span {
    Span::new(0, text.trim_end().len() as u32)
}

fn entry() -> NewValue {
    let permission = NewValue::Object(vec![("id", "x".into()), ("type", "Scope".into())]);
    NewValue::Object(vec![
        ("resourceAppId", "y".into()),
        ("resourceAccess", NewValue::List(vec![permission])),
    ])
}

fn append(text: &str, path: &'static [&'static str], value: NewValue) -> Option<String> {
    let of = whole(text);
    edited(text, &[Edit::Append { of, path, value }])
}

const LIST: &[&str] = &["requiredResourceAccess"];
const PUBLIC: &[&str] = &["publicClient", "redirectUris"];

#[test]
fn an_element_is_laid_out_like_the_one_before_it() {
    let tabs = "[\n\t{\n\t\t\"resourceAppId\" : \"a\",\n\t\t\"resourceAccess\" : [\n\t\t\t{ \"id\" : \"b\", \"type\" : \"Role\" }\n\t\t]\n\t}\n]\n";
    assert_eq!(
        append(tabs, &[], entry()).as_deref(),
        Some(
            "[\n\t{\n\t\t\"resourceAppId\" : \"a\",\n\t\t\"resourceAccess\" : [\n\t\t\t{ \"id\" : \"b\", \"type\" : \"Role\" }\n\t\t]\n\t},\n\t{\n\t\t\"resourceAppId\" : \"y\",\n\t\t\"resourceAccess\" : [\n\t\t\t{ \"id\" : \"x\", \"type\" : \"Scope\" }\n\t\t]\n\t}\n]\n"
        )
    );
    let one_line = r#"[{"resourceAppId":"a","resourceAccess":[{"id":"b","type":"Role"}]}]"#;
    assert_eq!(
        append(one_line, &[], entry()).as_deref(),
        Some(
            r#"[{"resourceAppId":"a","resourceAccess":[{"id":"b","type":"Role"}]},{"resourceAppId":"y","resourceAccess":[{"id":"x","type":"Scope"}]}]"#
        )
    );
    let brackets = "[{\n  \"resourceAppId\": \"a\",\n  \"resourceAccess\": [{\n    \"id\": \"b\",\n    \"type\": \"Role\"\n  }]\n}]";
    assert_eq!(
        append(brackets, &[], entry()).as_deref(),
        Some(
            "[{\n  \"resourceAppId\": \"a\",\n  \"resourceAccess\": [{\n    \"id\": \"b\",\n    \"type\": \"Role\"\n  }]\n}, {\n  \"resourceAppId\": \"y\",\n  \"resourceAccess\": [{\n    \"id\": \"x\",\n    \"type\": \"Scope\"\n  }]\n}]"
        )
    );
}

#[test]
fn what_is_missing_on_the_way_is_made() {
    let text = "{\r\n    \"appId\": \"a\",\r\n    \"web\": {}\r\n}\r\n";
    assert_eq!(
        append(text, PUBLIC, "http://localhost".into()).as_deref(),
        Some(
            "{\r\n    \"appId\": \"a\",\r\n    \"web\": {},\r\n    \"publicClient\": {\r\n        \"redirectUris\": [\r\n            \"http://localhost\"\r\n        ]\r\n    }\r\n}\r\n"
        )
    );
    for (text, after) in [
        (
            r#"{"PublicClient": null, "AppId": "a"}"#,
            r#"{"PublicClient": {"RedirectUris": ["u"]}, "AppId": "a"}"#,
        ),
        (
            r#"{"publicClient": {"redirectUris": null}}"#,
            r#"{"publicClient": {"redirectUris": ["u"]}}"#,
        ),
        (
            r#"{"publicClient": {"redirectUris": []}}"#,
            r#"{"publicClient": {"redirectUris": ["u"]}}"#,
        ),
        (
            r#"{"publicClient": {}}"#,
            r#"{"publicClient": {"redirectUris": ["u"]}}"#,
        ),
        (
            r#"{"PublicClient":{"RedirectUri":["a","b"]}}"#,
            r#"{"PublicClient":{"RedirectUri":["a","b","u"]}}"#,
        ),
        (
            "{\n  \"publicClient\": {\n    \"redirectUris\": []\n  }\n}",
            "{\n  \"publicClient\": {\n    \"redirectUris\": [\n      \"u\"\n    ]\n  }\n}",
        ),
    ] {
        assert_eq!(append(text, PUBLIC, "u".into()).as_deref(), Some(after));
    }
}

#[test]
fn what_does_not_fit_is_left_alone() {
    for text in [
        r#"{"publicClient": true}"#,
        r#"{"publicClient": {"redirectUris": "x"}}"#,
        r#"{"publicClient": {}, "publicclient": {}}"#,
        r#"[]"#,
        r#"{"publicClient": []}"#,
    ] {
        assert_eq!(append(text, PUBLIC, "u".into()), None, "{text}");
    }
    assert_eq!(
        append(r#"{"requiredResourceAccess": {}}"#, LIST, entry()),
        None
    );
    let text = r#"{"a": "x y", "b": "", "c": "7x", "d": 1}"#;
    for part in [r#""x y""#, r#""""#] {
        assert_eq!(edited(text, &[Edit::Wrap { at: at(text, part) }]), None);
    }
    for part in [r#""7x""#, "1"] {
        assert_eq!(edited(text, &[Edit::Unquote { at: at(text, part) }]), None);
    }
    let no_value = Span::new(1, 3);
    assert_eq!(edited(text, &[Edit::Wrap { at: no_value }]), None);
    // A name is no value, and a member's value no element.
    let name = at(text, r#""a""#);
    assert_eq!(edited(text, &[Edit::Wrap { at: name }]), None);
    assert_eq!(edited(text, &[Edit::Remove { at: at(text, "1") }]), None);
}

#[test]
fn values_change_their_type() {
    let text = r#"{"a": "TRUE", "b": "007", "c": "-3", "d": "u", "e": {}}"#;
    let edits = [
        Edit::Unquote {
            at: at(text, r#""TRUE""#),
        },
        Edit::Unquote {
            at: at(text, r#""007""#),
        },
        Edit::Unquote {
            at: at(text, r#""-3""#),
        },
        Edit::Wrap {
            at: at(text, r#""u""#),
        },
        Edit::Wrap { at: at(text, "{}") },
    ];
    assert_eq!(
        edited(text, &edits).as_deref(),
        Some(r#"{"a": true, "b": 7, "c": -3, "d": ["u"], "e": []}"#)
    );
}

#[test]
fn a_list_around_lines_moves_them_to_the_right() {
    let text = "{\r\n  \"a\": [\r\n    1\r\n\r\n  ]\r\n}\r\n";
    let edit = Edit::Wrap { at: whole(text) };
    assert_eq!(
        edited(text, &[edit]).as_deref(),
        Some("[\r\n  {\r\n    \"a\": [\r\n      1\r\n\r\n    ]\r\n  }\r\n]\r\n")
    );
    let text = "{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}";
    let edit = Edit::Wrap {
        at: at(text, "{\n\t\t\"b\": 1\n\t}"),
    };
    assert_eq!(
        edited(text, &[edit]).as_deref(),
        Some("{\n\t\"a\": [\n\t\t{\n\t\t\t\"b\": 1\n\t\t}\n\t]\n}")
    );
}

#[test]
fn what_leaves_takes_its_comma_along() {
    let list = "[\n  \"a\",\n  \"b\",\n  \"c\"\n]";
    for (parts, after) in [
        (&["\"a\""][..], "[\n  \"b\",\n  \"c\"\n]"),
        (&["\"b\""], "[\n  \"a\",\n  \"c\"\n]"),
        (&["\"c\""], "[\n  \"a\",\n  \"b\"\n]"),
        (&["\"a\"", "\"b\""], "[\n  \"c\"\n]"),
        (&["\"a\"", "\"c\""], "[\n  \"b\"\n]"),
        (&["\"c\"", "\"b\""], "[\n  \"a\"\n]"),
        (&["\"a\"", "\"b\"", "\"c\""], "[]"),
    ] {
        let edits: Vec<Edit> = parts
            .iter()
            .map(|part| Edit::Remove { at: at(list, part) })
            .collect();
        assert_eq!(edited(list, &edits).as_deref(), Some(after), "{parts:?}");
    }
    let object = "{\"a\": 1, \"A\": 1}";
    let name = at(object, "\"A\"");
    assert_eq!(
        edited(object, &[Edit::RemoveMember { name }]).as_deref(),
        Some("{\"a\": 1}")
    );
}

#[test]
fn what_is_found_by_its_text_leaves() {
    let text = r#"{"a": {"b": [{"u": "x"}, {"u": "y"}, {"v": "x"}, "x"]}, "c": null}"#;
    let remove = |path, wanted| Edit::RemoveWhere {
        of: whole(text),
        path,
        name: "u",
        text: Cow::Borrowed(wanted),
    };
    assert_eq!(
        edited(text, &[remove(&["a", "b"], "x")]).as_deref(),
        Some(r#"{"a": {"b": [{"u": "y"}, {"v": "x"}, "x"]}, "c": null}"#)
    );
    let null = at(text, "null");
    let value = NewValue::Bool(true);
    let other = Edit::Replace { at: null, value };
    for path in [&["a", "b"][..], &["a", "x"], &["c"], &["a"]] {
        let edits = [remove(path, "z"), other.clone()];
        assert_eq!(
            edited(text, &edits),
            Some(text.replace("null", "true")),
            "{path:?}"
        );
    }
}

#[test]
fn only_copies_leave_as_copies() {
    let list =
        r#"[{"id": "AB", "n": [1]}, {"n":[1],"id":"ab"}, {"id": "ab", "n": [2]}, {"id": "ab"}]"#;
    let of = at(list, r#"{"id": "AB", "n": [1]}"#);
    let copy = Edit::RemoveCopy {
        at: at(list, r#"{"n":[1],"id":"ab"}"#),
        of,
    };
    assert_eq!(
        edited(list, &[copy]).as_deref(),
        Some(r#"[{"id": "AB", "n": [1]}, {"id": "ab", "n": [2]}, {"id": "ab"}]"#)
    );
    for other in [
        r#"{"id": "ab", "n": [2]}"#,
        r#"{"id": "ab"}"#,
        r#"{"id": "AB", "n": [1]}"#,
    ] {
        let at = at(list, other);
        assert_eq!(
            edited(list, &[Edit::RemoveCopy { at, of }]),
            None,
            "{other}"
        );
    }
}

#[test]
fn a_member_beside_another_is_set_or_made() {
    for (text, after) in [
        (
            r#"[{"url": "u", "type": "Web"}]"#,
            r#"[{"url": "u", "type": "InstalledClient"}]"#,
        ),
        (
            r#"[{"url": "u"}]"#,
            r#"[{"url": "u", "type": "InstalledClient"}]"#,
        ),
    ] {
        let edit = Edit::SetBeside {
            beside: at(text, r#""u""#),
            name: "type",
            value: "InstalledClient".into(),
        };
        assert_eq!(edited(text, &[edit]).as_deref(), Some(after));
    }
}

#[test]
fn edits_that_meet_are_none() {
    let text = r#"{"a": ["x"]}"#;
    let replace = |part: &str| Edit::Replace {
        at: at(text, part),
        value: "y\"\u{1}".into(),
    };
    assert_eq!(
        edited(text, &[replace(r#""x""#)]).as_deref(),
        Some(r#"{"a": ["y\"\u0001"]}"#)
    );
    assert_eq!(
        edited(text, &[replace(r#""x""#), replace(r#"["x"]"#)]),
        None
    );
    assert_eq!(edited(text, &[replace(r#""x""#), replace(r#""x""#)]), None);
    assert_eq!(edited(text, &[]), None);
}
