use super::*;
use crate::report::Position;

const LOOK: Look = Look {
    width: 60,
    ellipsis: "…",
    mask: "••••••",
};

/// A place that marks `what` (its nth appearance from 0) in a file of `text`.
fn place(text: &str, what: &str, nth: usize, label: &str) -> Place {
    let at = text.match_indices(what).nth(nth).expect("it is there").0;
    mark(text, at, at + what.len(), label)
}

fn mark(text: &str, start: usize, end: usize, label: &str) -> Place {
    Place {
        path: "a.json".into(),
        pointer: String::new(),
        record: None,
        start: position(text, start),
        end: position(text, end),
        label: label.to_owned(),
        source: Some(Window {
            text: text.into(),
            start: Position::START,
        }),
    }
}

fn position(text: &str, at: usize) -> Position {
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: text[..at].matches('\n').count() as u64 + 1,
        column: text[line..at].chars().count() as u64 + 1,
        offset: at as u64,
    }
}

/// The excerpt with its marks between `⟦` and `⟧`.
fn shown(place: &Place, near: &[&Place], hide: bool) -> String {
    let excerpt = cut(place, near, hide, &LOOK).expect("an excerpt");
    assert_eq!(excerpt.lines, excerpt.text.matches('\n').count());
    let mut signs: Vec<(usize, char)> = Vec::new();
    for mark in &excerpt.marks {
        signs.push((mark.range.start, '⟦'));
        signs.push((mark.range.end, '⟧'));
    }
    signs.sort_by_key(|(at, sign)| (*at, *sign));
    let mut text = excerpt.text;
    for (at, sign) in signs.into_iter().rev() {
        text.insert(at, sign);
    }
    format!("{}\n{text}", excerpt.first_line)
}

#[test]
fn the_first_name_in_sight_is_no_secret() {
    let text = "[\n  {\n    \"id\": \"Gn8fWyp6g0ydVB8OajuMIcU2pYv0pZdDlO8gT5Ihf2U\",\n    \"appRoleId\": \"e2a3\",\n    \"x\": 1\n  }\n]\n";
    // What the window of a record holds: it does not begin where the file does.
    let record = |text: &str| {
        let mut place = place(text, "\"e2a3\"", 0, "");
        place.pointer = "/0/appRoleId".to_owned();
        let window = text.find('{').expect("it is there");
        place.source = Some(Window {
            text: text[window..].trim_end_matches("\n]\n").into(),
            start: position(text, window),
        });
        shown(&place, &[], false)
    };
    for text in [text.to_owned(), text.replace("\n", " ")] {
        assert!(!record(&text).contains(LOOK.mask), "{}", record(&text));
    }
    // Where a colon is in place of a comma, it is.
    let broken = "[\n{\"x\": 1, \"secretText\":\n\"CANARY\": \"e2a3\",\n\"y\": 1}]";
    assert!(!record(broken).contains("CANARY"));
}

#[test]
fn one_line_before_and_after() {
    let text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n";
    assert_eq!(
        shown(&place(text, "2", 0, "two"), &[], false),
        "2\n\"a\": 1,\n\"b\": ⟦2⟧,\n\"c\": 3\n"
    );
    assert_eq!(
        shown(&place(text, "{", 0, ""), &[], false),
        "1\n⟦{⟧\n  \"a\": 1,\n"
    );
    assert_eq!(
        shown(&place(text, "}", 0, ""), &[], false),
        "4\n  \"c\": 3\n⟦}⟧\n"
    );
    // At the end of the file, and with the other line ending.
    let end = mark(text, text.len(), text.len(), "ends here");
    assert_eq!(shown(&end, &[], false), "5\n}\n⟦⟧\n");
    let crlf = text.replace('\n', "\r\n");
    assert_eq!(
        shown(&place(&crlf, "2", 0, "two"), &[], false),
        "2\n\"a\": 1,\n\"b\": ⟦2⟧,\n\"c\": 3\n"
    );
}

#[test]
fn near_places_share_it() {
    let text = "[\n 1,\n 2,\n 3,\n 4,\n 5,\n 6,\n 7,\n 8,\n 9\n]";
    let four = place(text, "4", 0, "four");
    let two = place(text, "2", 0, "two");
    let nine = place(text, "9", 0, "nine");
    assert!(is_near(&four, &two, &LOOK));
    assert!(is_near(&four, &nine, &LOOK));
    assert!(!is_near(&two, &nine, &LOOK));
    assert_eq!(shown(&four, &[&two], false), "2\n1,\n⟦2⟧,\n3,\n⟦4⟧,\n5,\n");
    let here = place(text, "4,", 0, "with comma");
    assert_eq!(shown(&four, &[&here], false), "4\n3,\n⟦⟦4⟧,⟧\n5,\n");
}

#[test]
fn of_a_span_over_lines_the_first_is_marked() {
    let text = "{\n  \"a\": {\n    \"b\": 1\n  }\n}";
    let all = place(text, "{\n    \"b\": 1\n  }", 0, "");
    assert_eq!(
        shown(&all, &[], false),
        "1\n{\n  \"a\": ⟦{⟧\n    \"b\": 1\n"
    );
}

#[test]
fn blanks_that_all_lines_begin_with_are_taken_off() {
    let text = "\t\t{\n\t\t\t\"a\": 1,\n\t\t\t\"b\":\t2\n\t\t}";
    assert_eq!(
        shown(&place(text, "1", 0, ""), &[], false),
        "1\n{\n    \"a\": ⟦1⟧,\n    \"b\":    2\n"
    );
    // But not those that are marked.
    assert_eq!(
        shown(&mark(text, 5, 6, ""), &[], false),
        "1\n    {\n⟦    ⟧    \"a\": 1,\n        \"b\":    2\n"
    );
}

#[test]
fn a_minified_line_is_clipped_around_the_mark() {
    let mut text = "{".to_owned();
    for at in 0..200_000 {
        text.push_str(&format!("\"member{at}\":\"value {at}\","));
    }
    text.push('}');
    let far = place(&text, "\"value 150000\"", 0, "here");
    assert_eq!(
        shown(&far, &[], false),
        "1\n… 149999\",\"member150000\":⟦\"value 150000\"⟧,\"member150001\"…\n"
    );
    let first = place(&text, "\"value 0\"", 0, "here");
    assert_eq!(
        shown(&first, &[], false),
        "1\n{\"member0\":⟦\"value 0\"⟧,\"member1\":\"value 1\",\"member2\":\"va…\n"
    );
    let last = mark(&text, text.len() - 1, text.len(), "ends");
    assert!(shown(&last, &[], false).ends_with("\"value 199999\",⟦}⟧\n"));
    let second = place(&text, "value 150001", 0, "there");
    assert!(!is_near(&far, &first, &LOOK));
    assert!(!is_near(&far, &second, &LOOK));
}

#[test]
fn a_window_may_begin_in_the_middle_of_a_line() {
    let mut place = place("ue\",\"b\":2,\"c\":3", "2", 0, "two");
    let offset = 1_000_000;
    let shift = |position: Position| Position {
        line: 7,
        column: position.column + offset,
        offset: position.offset + offset,
    };
    (place.start, place.end) = (shift(place.start), shift(place.end));
    if let Some(window) = &mut place.source {
        window.start = shift(window.start);
    }
    // What stands before the first comma may be the end of a secret.
    assert_eq!(shown(&place, &[], false), "7\n…••••••,\"b\":⟦2⟧,\"c\":3\n");
    // Unless what is marked is a value, which tells where strings begin.
    let records = r#"},{"id":"1","appId":"2","tags":["x"]},{"#;
    let mut record = self::place(records, "\"2\"", 0, "");
    record.pointer = "/3/appId".to_owned();
    record.start.offset += 500;
    record.end.offset += 500;
    if let Some(window) = &mut record.source {
        window.text = records[2..].into();
        (window.start.offset, window.start.column) = (502, 503);
    }
    assert_eq!(
        shown(&record, &[], false),
        "1\n…{\"id\":\"1\",\"appId\":⟦\"2\"⟧,\"tags\":[\"x\"]},{\n"
    );
    place.start.offset = 5;
    assert!(cut(&place, &[], false, &LOOK).is_none());
}

#[test]
fn marks_move_with_what_was_cleaned() {
    let text = "\t\"n\u{202e}\": \"東\u{1b}[1m京\", \"x\": ##vso[y]";
    assert_eq!(
        shown(&place(text, "\"東\u{1b}[1m京\"", 0, ""), &[], false),
        "1\n\"n\\u{202e}\": ⟦\"東␛[1m京\"⟧, \"x\": \\u{23}#vso[y]\n"
    );
    let stacked = format!("\"a{}\"", "\u{301}".repeat(40));
    let shown = shown(&mark(&stacked, 0, 1, ""), &[], false);
    assert_eq!(shown.matches('\u{301}').count(), 2, "{shown}");
}

#[test]
fn secrets_are_masked_wherever_they_stand() {
    let text = "{\n  \"secretText\": \"CANARY\",\n  \"endDateTime\": \"2026-01-01\"\n}";
    assert_eq!(
        shown(&place(text, "\"2026-01-01\"", 0, ""), &[], false),
        "2\n  \"secretText\": \"••••••\",\n  \"endDateTime\": ⟦\"2026-01-01\"⟧\n}\n"
    );
    assert_eq!(
        shown(&place(text, "\"CANARY\"", 0, "a live secret"), &[], false),
        "1\n{\n  \"secretText\": ⟦\"••••••\"⟧,\n  \"endDateTime\": \"2026-01-01\"\n"
    );
    // By the pointer, by the caller, and when it is longer than the line.
    let text = format!("{{ \"a\": \"{}\", \"b\": 1 }}", "CANARY ".repeat(99));
    let mut long = place(&text, "\"CANARY", 0, "");
    long.end.offset = long.start.offset + 7 * 99 + 2;
    assert!(shown(&long, &[], false).contains("CANARY"));
    let want = "1\n{ \"a\": ⟦\"••••••⟧…\n";
    assert_eq!(shown(&long, &[], true), want);
    long.pointer = "/passwordCredentials/0/value".to_owned();
    assert_eq!(shown(&long, &[], false), want);
}

#[test]
fn labels_stay_within_the_width() {
    let text = format!("{{\"{}\": true}}", "k".repeat(45));
    let place = place(&text, "true", 0, "a label of exactly six words");
    let excerpt = cut(&place, &[], false, &LOOK).expect("an excerpt");
    let mark = &excerpt.marks[0];
    let middle = excerpt.text[..mark.range.start].chars().count() + 2;
    assert!(middle + 4 + place.label.len() <= 60 - 5, "{excerpt:?}");
}

#[test]
fn a_window_cut_anywhere_hides_secrets_near_any_value() {
    let text = r#"[{"tags":["a\"b"],"passwordCredentials":[{"keyId":"k","secretText":"CANARY\"CANARY"},{"value":"CANARY","keyId":"l"}]},{"id":"1","key":"CANARY.and.sixteen.more","x":"y"}]"#;
    let strings: Vec<(usize, usize)> = {
        let quotes: Vec<usize> = text
            .match_indices('"')
            .map(|(at, _)| at)
            .filter(|&at| text.as_bytes()[at - 1] != b'\\')
            .collect();
        quotes
            .chunks(2)
            .map(|pair| (pair[0], pair[1] + 1))
            .collect()
    };
    for begin in 0..text.len() {
        for &(start, end) in strings.iter().filter(|(start, _)| *start >= begin) {
            let mut place = mark(text, start, end, "");
            place.pointer = "/0/x".to_owned();
            place.source = Some(Window {
                text: text[begin..].into(),
                start: position(text, begin),
            });
            let excerpt = cut(&place, &[], false, &LOOK).expect("an excerpt");
            assert!(
                !excerpt.text.contains("CANARY"),
                "{begin} {start}: {excerpt:?}"
            );
        }
    }
}
