//! The reader against serde_json, which is trusted: what is JSON, where its tokens stand, and what
//! its strings say.
//!
//! The one difference: containers may nest [`MAX_DEPTH`] deep here, while `IgnoredAny` has no
//! limit and `Value` one of 128. Lone surrogates, numbers out of range and duplicate names are
//! JSON to both. Generated texts nest less than 100 deep.

mod common;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use common::Dice;
use entralint::json::read::{MAX_DEPTH, parse, skip_blanks};
use entralint::json::{ErrorKind, Kind, Tape, Value, pointer};
use entralint::model::Span;
use entralint::rules::out::Everything;
use entralint::rules::{RULES, RuleSettings};
use proptest::prelude::*;

/// A value and nothing but blanks behind it.
fn is_json_here(text: &str) -> bool {
    parse(text, 0, &mut Tape::default())
        .is_ok_and(|end| skip_blanks(text.as_bytes(), end) == text.len())
}

fn is_json_to_serde(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// A JSON value by its meaning; how it is written is for the dice.
#[derive(Clone, Debug)]
enum Json {
    Word(&'static str),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z@.$ -]{0,12}",
        2 => any::<String>(),
        1 => prop::sample::select(vec![
            "", "/", "~", "~1", "a/b", "\"", "\\", "\\u0041", "\u{0}\u{1f}\u{7f}\u{80}", "🏭", "\u{2028}",
            "{\"id\":", "\n  {", "ÿ\u{ffff}\u{10000}", "1234567\"", "12345678", "1234567\\",
        ])
        .prop_map(str::to_owned),
    ]
}

fn json(unique_names: bool) -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "false"]).prop_map(Json::Word),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?".prop_map(Json::Number),
        text().prop_map(Json::Text),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        let members = prop::collection::vec((text(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Json::List),
            members.prop_map(move |members| {
                let mut seen = BTreeSet::new();
                let fresh = |(name, _): &(String, Json)| !unique_names || seen.insert(name.clone());
                Json::Object(members.into_iter().filter(fresh).collect())
            }),
        ]
    })
}

/// Writes a value with blanks and escapes where JSON allows them.
fn write(value: &Json, dice: &mut Dice, out: &mut String) {
    blanks(dice, out);
    match value {
        Json::Word(word) => out.push_str(word),
        Json::Number(number) => out.push_str(number),
        Json::Text(text) => write_text(text, dice, out),
        Json::List(list) => {
            out.push('[');
            for (at, element) in list.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(element, dice, out);
            }
            blanks(dice, out);
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (at, (name, member)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                blanks(dice, out);
                write_text(name, dice, out);
                blanks(dice, out);
                out.push(':');
                write(member, dice, out);
            }
            blanks(dice, out);
            out.push('}');
        }
    }
    blanks(dice, out);
}

fn blanks(dice: &mut Dice, out: &mut String) {
    let choices = ["", "", "", " ", "\n", "\r\n", "\t", "         ", "\n      "];
    out.push_str(dice.pick(&choices));
}

fn write_text(text: &str, dice: &mut Dice, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '/' => "\\/",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => "",
        };
        let must = matches!(c, '"' | '\\') || c < ' ';
        if !short.is_empty() && (must || dice.roll(3) == 0) && dice.roll(4) > 0 {
            out.push_str(short);
        } else if must || dice.roll(12) == 0 {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let digits = format!("\\u{unit:04x}");
                let upper = dice.roll(2) == 0;
                out.push_str(&if upper {
                    digits.to_uppercase().replace("\\U", "\\u")
                } else {
                    digits
                });
            }
        } else {
            out.push(c);
        }
    }
    out.push('"');
}

fn written(unique_names: bool) -> impl Strategy<Value = String> {
    (json(unique_names), any::<u64>()).prop_map(|(value, seed)| {
        let mut text = String::new();
        write(&value, &mut Dice::new(seed), &mut text);
        text
    })
}

/// Pieces of JSON in any order: more often nearly JSON than random characters are.
fn soup() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"\\u00e9\"",
        "\\",
        "\\u",
        "\\ud800",
        "d83d",
        "null",
        "true",
        "fals",
        "e",
        "E",
        "0",
        "-",
        "1",
        "12",
        ".",
        "5",
        "+",
        " ",
        "\n",
        "\t",
        "\r",
        "\u{feff}",
        "é",
        "🏭",
        "\u{0}",
        "\u{1f}",
        "\u{7f}",
        "//",
        "'",
        "NaN",
        "\"\\",
        "x\"",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|parts| parts.concat())
}

/// What happens to a text on its way.
#[derive(Clone, Debug)]
enum Accident {
    Delete(prop::sample::Index, usize),
    Insert(prop::sample::Index, String),
    Replace(prop::sample::Index, char),
    CutOff(prop::sample::Index),
}

fn accident() -> impl Strategy<Value = Accident> {
    let at = any::<prop::sample::Index>;
    let character = prop_oneof![
        prop::sample::select(
            "{}[],:\"\\/'0123456789-+.eEtrufalsn \n\t\u{0}\u{1f}"
                .chars()
                .collect::<Vec<_>>()
        ),
        any::<char>(),
    ];
    prop_oneof![
        (at(), 1..4usize).prop_map(|(at, count)| Accident::Delete(at, count)),
        (at(), soup()).prop_map(|(at, text)| Accident::Insert(at, text)),
        (at(), character).prop_map(|(at, c)| Accident::Replace(at, c)),
        at().prop_map(Accident::CutOff),
    ]
}

fn suffer(text: &str, accidents: &[Accident]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for accident in accidents {
        let places = chars.len() + 1;
        match accident {
            Accident::Delete(at, count) => {
                let at = at.index(places);
                let end = (at + count).min(chars.len());
                chars.drain(at..end);
            }
            Accident::Insert(at, text) => {
                let at = at.index(places);
                chars.splice(at..at, text.chars());
            }
            Accident::Replace(at, c) => {
                let at = at.index(places);
                if let Some(place) = chars.get_mut(at) {
                    *place = *c;
                }
            }
            Accident::CutOff(at) => chars.truncate(at.index(places)),
        }
    }
    chars.into_iter().collect()
}

/// Every token of an accepted text: names, and values with their depth-first place.
fn tokens<'r>(value: Value<'r>, out: &mut Vec<Value<'r>>) {
    out.push(value);
    for element in value.elements() {
        tokens(element, out);
    }
    for member in value.members() {
        out.push(member.key);
        tokens(member.value, out);
    }
}

/// Places are in order, on characters and inside of what holds them; each token read alone is the
/// same token; strings say what serde_json reads in them.
fn tokens_are_sound(text: &str, tape: &Tape) -> Result<(), TestCaseError> {
    let root = tape.root(text);
    let mut all = Vec::new();
    tokens(root, &mut all);
    let mut values = all.iter().filter(|token| token.kind() != Kind::Key);
    for descendant in root.descendants() {
        prop_assert_eq!(values.next().map(Value::index), Some(descendant.index()));
    }
    prop_assert!(values.next().is_none());
    for pair in all.windows(2) {
        let (one, two) = (pair[0].span(), pair[1].span());
        prop_assert!(one.start < two.start);
        prop_assert!(
            one.end <= two.start || one.contains(two),
            "{:?} {:?}",
            one,
            two
        );
    }
    for token in &all {
        let span = token.span();
        let raw = text.get(span.start as usize..span.end as usize);
        prop_assert_eq!(raw, Some(token.raw()));
        let raw = token.raw();
        prop_assert!(!raw.is_empty() && raw.trim_matches([' ', '\t', '\r', '\n']) == raw);
        let mut alone = Tape::default();
        prop_assert_eq!(parse(raw, 0, &mut alone), Ok(raw.len()));
        let again = alone.root(raw);
        prop_assert_eq!((again.raw(), again.len()), (raw, token.len()));
        prop_assert_eq!(
            token.len(),
            token.elements().count() + token.members().count()
        );
        match token.kind() {
            Kind::Key => prop_assert_eq!(again.kind(), Kind::String),
            kind => prop_assert_eq!(again.kind(), kind),
        }
        match token.kind() {
            Kind::Key | Kind::String => string_is_sound(token, &again)?,
            Kind::True | Kind::False => {
                prop_assert_eq!(
                    token.as_bool().map(|yes| yes.to_string()),
                    Some(raw.to_owned())
                );
            }
            Kind::Null => prop_assert!(token.is_null() && raw == "null"),
            Kind::Number => {
                prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(raw).is_ok())
            }
            Kind::Array => prop_assert_eq!(
                (raw.as_bytes()[0], raw.as_bytes()[raw.len() - 1]),
                (b'[', b']')
            ),
            Kind::Object => prop_assert_eq!(
                (raw.as_bytes()[0], raw.as_bytes()[raw.len() - 1]),
                (b'{', b'}')
            ),
        }
    }
    Ok(())
}

fn string_is_sound(token: &Value<'_>, alone: &Value<'_>) -> Result<(), TestCaseError> {
    let raw = token.raw();
    prop_assert_eq!(token.inner_raw(), &raw[1..raw.len() - 1]);
    prop_assert_eq!(token.is_escaped(), raw.contains('\\'));
    let said = alone.as_str().expect("a string");
    match serde_json::from_str::<String>(raw) {
        Ok(want) => {
            prop_assert_eq!(said, want);
            prop_assert!(!token.has_lone_surrogate());
        }
        // serde_json has no string for half a character.
        Err(_) => {
            prop_assert!(token.has_lone_surrogate());
            prop_assert!(said.contains(char::REPLACEMENT_CHARACTER));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_json_to_both_or_to_neither(text in prop_oneof![any::<String>(), soup()]) {
        prop_assert_eq!(is_json_here(&text), is_json_to_serde(&text), "{:?}", text);
        let mut tape = Tape::default();
        if parse(&text, 0, &mut tape).is_ok() {
            tokens_are_sound(&text, &tape)?;
        }
    }

    #[test]
    fn what_is_written_is_read(text in written(false)) {
        prop_assert!(is_json_here(&text) && is_json_to_serde(&text));
        let mut tape = Tape::default();
        parse(&text, 0, &mut tape).expect("JSON");
        tokens_are_sound(&text, &tape)?;
    }

    #[test]
    fn what_was_damaged_is_json_to_both_or_to_neither(
        text in written(false),
        accidents in prop::collection::vec(accident(), 1..4),
    ) {
        let text = suffer(&text, &accidents);
        prop_assert_eq!(is_json_here(&text), is_json_to_serde(&text), "{:?}", text);
        let mut tape = Tape::default();
        match parse(&text, 0, &mut tape) {
            Ok(_) => tokens_are_sound(&text, &tape)?,
            Err(error) => {
                prop_assert!(error.offset <= text.len());
                prop_assert!(text.is_char_boundary(error.offset), "{:?} {:?}", text, error);
                // More could follow only where the text ended too early.
                let open = matches!(error.kind, ErrorKind::UnexpectedEnd);
                prop_assert_eq!(open, error.offset == text.len(), "{:?} {:?}", text, error);
            }
        }
    }

    #[test]
    fn a_value_in_the_middle_of_a_text_is_the_same_value(
        before in "[,\\[{:\"é ]{0,9}",
        text in written(false),
    ) {
        let (mut alone, mut inside) = (Tape::default(), Tape::default());
        let end = parse(&text, 0, &mut alone).expect("JSON");
        let whole = format!("{before}{text},{{");
        prop_assert_eq!(parse(&whole, before.len(), &mut inside), Ok(before.len() + end));
        let (mut one, mut two) = (Vec::new(), Vec::new());
        tokens(alone.root(&text), &mut one);
        tokens(inside.root(&whole), &mut two);
        prop_assert_eq!(one.len(), two.len());
        for (one, two) in one.iter().zip(&two) {
            let shift = before.len() as u32;
            let span = one.span();
            prop_assert_eq!(Span::new(span.start + shift, span.end + shift), two.span());
            prop_assert_eq!((one.kind(), one.raw()), (two.kind(), two.raw()));
        }
    }

    #[test]
    fn names_that_stand_twice_are_kept_in_order(
        members in prop::collection::vec(
            (prop::sample::select(vec!["id", "ID", "Id", "key", ""]), json(false)),
            0..12,
        ),
        seed in any::<u64>(),
    ) {
        let members: Vec<(String, Json)> =
            members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let (mut dice, mut text) = (Dice::new(seed), String::new());
        write(&Json::Object(members.clone()), &mut dice, &mut text);
        let mut tape = Tape::default();
        parse(&text, 0, &mut tape).expect("JSON");
        let root = tape.root(&text);
        let names: Vec<Cow<'_, str>> = root.members().map(|member| member.name()).collect();
        let want: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        prop_assert_eq!(&names, &want);
        // `get` takes the first of a name, whatever its case.
        let first = root.members().find(|member| member.name().eq_ignore_ascii_case("id"));
        prop_assert_eq!(
            root.get("iD").map(|value| value.index()),
            first.map(|member| member.value.index())
        );
    }

    #[test]
    fn pointers_lead_serde_json_to_the_same_value(text in written(true)) {
        let whole: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let mut tape = Tape::default();
        parse(&text, 0, &mut tape).expect("JSON");
        let root = tape.root(&text);
        let values: Vec<Value<'_>> = root.descendants().collect();
        let spans: Vec<Span> = values.iter().map(Value::span).collect();
        let pointers = pointer::pointers(root, &spans);
        let different: BTreeSet<&String> = pointers.iter().collect();
        prop_assert_eq!(different.len(), values.len());
        for ((value, span), found) in values.iter().zip(&spans).zip(&pointers) {
            prop_assert_eq!(found, &pointer::pointer(root, *span));
            let want: serde_json::Value = serde_json::from_str(value.raw()).expect("JSON");
            prop_assert_eq!(whole.pointer(found), Some(&want), "{} {}", found, text);
        }
        // A place on a name points at its member; in any order of places.
        let mut names = BTreeMap::new();
        for object in root.descendants() {
            for member in object.members() {
                names.insert(std::cmp::Reverse(member.key.index()), (member.key.span(), member.value.span()));
            }
        }
        let (keys, values): (Vec<Span>, Vec<Span>) = names.into_values().unzip();
        prop_assert_eq!(pointer::pointers(root, &keys), pointer::pointers(root, &values));
    }
}

/// Runs `work` in a thread with as much stack as a small platform gives.
fn with_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("no overflow, no panic");
}

#[test]
fn depth_costs_no_stack() {
    with_a_small_stack(|| {
        let mut tape = Tape::default();
        for open in ["[", "{\"a\":", "[{\"a\":[", "[ \n"] {
            let text = open.repeat(200_000);
            let error = parse(&text, 0, &mut tape).expect_err("too deep");
            assert_eq!(error.kind, ErrorKind::TooDeep, "{open}");
            assert!(error.offset < 8 * MAX_DEPTH as usize);
        }
        let deepest = MAX_DEPTH as usize;
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let end = parse(&nested(deepest), 0, &mut tape);
        assert_eq!(end, Ok(2 * deepest));
        let error = parse(&nested(deepest + 1), 0, &mut tape).expect_err("too deep");
        assert_eq!((error.kind, error.offset), (ErrorKind::TooDeep, deepest));
        // Beside each other they may be as many as they like.
        let wide = format!("[{}[]]", "[[]],".repeat(100_000));
        assert_eq!(parse(&wide, 0, &mut tape), Ok(wide.len()));
        assert_eq!(tape.root(&wide).len(), 100_001);
    });
}

#[test]
fn judging_what_is_deep_costs_no_stack() {
    with_a_small_stack(|| {
        let now = entralint::model::Date::parse(common::NOW).instant();
        let settings = RuleSettings::new(now.expect("a moment"));
        for (open, close) in [("[", "]"), ("{\"web\":", "}"), ("{\"value\":[", "]}")] {
            let times = (MAX_DEPTH as usize - 1) / open.matches(['[', '{']).count();
            let deep = format!("{}1{}", open.repeat(times), close.repeat(times));
            for name in [
                "x",
                "web",
                "requiredResourceAccess",
                "passwordCredentials",
                "value",
            ] {
                let text =
                    format!("{{\"appId\": \"x\", \"signInAudience\": \"x\", \"{name}\": {deep}}}");
                entralint::judge::judge_text(&text, &settings, &Everything).expect("JSON");
            }
        }
        assert!(RULES.len() > 50);
    });
}

#[test]
fn half_characters_and_far_numbers_are_json() {
    for (text, lone) in [
        ("\"\\ud800\"", true),
        ("\"\\udc00\\ud800\"", true),
        ("\"\\ud83d\\u0041\"", true),
        ("\"\\ud83dx\"", true),
        ("\"\\ud83c\\udfed\"", false),
        ("\"\\uFFFD\"", false),
    ] {
        assert!(is_json_here(text) && is_json_to_serde(text), "{text}");
        let mut tape = Tape::default();
        parse(text, 0, &mut tape).expect("JSON");
        assert_eq!(tape.root(text).has_lone_surrogate(), lone, "{text}");
    }
    for text in [
        "1e400",
        "-0",
        "1E-400",
        "123456789012345678901234567890",
        "0.0e+00",
    ] {
        assert!(is_json_here(text) && is_json_to_serde(text), "{text}");
    }
}
