//! Runs that attack: any text in any field, and pieces that a terminal, a CI system or a parser
//! might obey.

use std::sync::Arc;

use entralint::model::ObjectKind;
use entralint::report::{
    NotEvaluated, Outcome, Place, Position, Reported, Skipped, SuppressedBy, Suppression, Window,
};
use entralint::rules::{FactValue, Severity, Subject};
use proptest::prelude::*;

use super::{finding, outcome, rule};

/// Pieces that attack, and pieces that are merely unusual.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<char>().prop_map(String::from),
        "[ -~]{0,12}".prop_map(String::from),
        prop::sample::select(vec![
            "\u{1b}[31m",
            "\u{1b}]8;;http://x\u{7}",
            "\0",
            "\u{7}",
            "\u{8}",
            "\r",
            "\n",
            "\t",
            "\r\n",
            "\u{85}",
            "\u{9b}31m",
            "\u{7f}",
            "\u{202e}",
            "\u{2066}",
            "\u{200b}",
            "\u{200d}",
            "\u{feff}",
            "\u{2028}",
            "\u{2029}",
            "\u{ad}",
            "\u{e0041}",
            "\u{301}",
            "::",
            "::error::",
            "\n::set-env name=PATH::",
            "##vso[task.setvariable variable=a]b",
            "##VSO[task.x]",
            "##",
            "#",
            "vso[",
            "[",
            "##[error]",
            "##[",
            " ",
            "  ",
            "\u{a0}",
            "\u{3000}",
            "東京",
            "🏭",
            "é",
            "\"",
            "'",
            "\\",
            "{",
            "}",
            ",",
            ":",
            "=",
            "\"secretText\":",
            "-----BEGIN ",
            "eyJ",
            "](http://x)",
            "[a](",
            "![a](b)",
            "{0}",
            "</script><script>alert(1)</script>",
            "<b onclick=x>",
            "-->",
            "]]>",
            "<!--",
            "&lt;",
            "&#64;",
            "@admin",
            "#1",
            "www.contoso.com",
            "http://contoso.com",
            "`",
            "``",
            "```",
            "|",
            "*",
            "_x_",
            "~~",
            "$",
            "- ",
            "1. ",
            "%0A",
            "%AZP25",
            "%",
            ";",
            "]",
            "=cmd|' /c calc'!A1",
            "+1",
            "-1",
            "@SUM(1)",
            "＝1",
            "\u{ffff}",
            "\u{fdd0}",
        ])
        .prop_map(String::from),
    ]
}

pub fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

/// A source: short, or one whose lines go beyond every limit.
pub fn source() -> impl Strategy<Value = String> {
    (
        prop::collection::vec(piece(), 0..40),
        0..4_usize,
        any::<prop::sample::Index>(),
    )
        .prop_map(|(mut pieces, long, at)| {
            if long == 0 {
                let at = at.index(pieces.len() + 1);
                pieces.insert(at, "\"filler\":\"東\", ".repeat(6000));
            }
            pieces.concat()
        })
}

/// A place somewhere in, at the end of, or outside of a window.
fn place() -> impl Strategy<Value = Place> {
    (
        (text(), text(), text(), source()),
        any::<(prop::sample::Index, prop::sample::Index, bool)>(),
        prop_oneof![
            Just((1_u64, 1_u64, 0_u64)),
            any::<(u64, u64, u64)>(),
            (1..99_u64, 1..99_u64, 0..99_u64)
        ],
        prop_oneof![Just(None), any::<(u64, u64)>().prop_map(Some)],
        0..8_u8,
    )
        .prop_map(
            |((path, pointer, label, source), (from, to, empty), base, wild, kind)| {
                let start = Position {
                    line: base.0,
                    column: base.1,
                    offset: base.2,
                };
                let from = from.index(source.len() + 1);
                let to = if empty {
                    from
                } else {
                    to.index(source.len() + 1)
                };
                let position = |at: usize| {
                    let before = source.get(..at).unwrap_or("");
                    let column = before.chars().rev().take_while(|c| *c != '\n').count() as u64;
                    Position {
                        line: start
                            .line
                            .saturating_add(before.matches('\n').count() as u64),
                        column: column.saturating_add(1),
                        offset: start.offset.saturating_add(at as u64),
                    }
                };
                let (mut first, mut last) = (position(from.min(to)), position(from.max(to)));
                if let Some((a, b)) = wild {
                    first.offset = a;
                    last.offset = b;
                }
                Place {
                    path: if kind == 0 {
                        "a.json".into()
                    } else {
                        Arc::from(path)
                    },
                    pointer,
                    record: (kind == 1).then_some(7),
                    start: first,
                    end: last,
                    label,
                    source: (kind != 2).then(|| Window {
                        text: source.into(),
                        start,
                    }),
                }
            },
        )
}

fn reported() -> impl Strategy<Value = Reported> {
    (
        (
            text(),
            prop::option::of(text()),
            prop::collection::vec(text(), 0..3),
        ),
        prop::option::of((
            prop::option::of(text()),
            prop::option::of(text()),
            prop::option::of(text()),
        )),
        place(),
        prop::collection::vec((place(), 0..3_usize, 0..200_u64), 0..5),
        prop::option::of(text()),
        (prop::sample::select(Severity::ALL.to_vec()), any::<bool>()),
    )
        .prop_map(
            |((message, help, commands), subject, location, related, reason, (severity, hide))| {
                let mut finding = finding(
                    rule(if hide {
                        "secret-in-file"
                    } else {
                        "implicit-grant"
                    }),
                    &message,
                    location,
                );
                finding.severity = severity;
                finding.facts = vec![
                    ("fact", FactValue::Text(message)),
                    ("truth", FactValue::Bool(true)),
                ];
                finding.help = help;
                finding.commands = commands;
                finding.subject = subject.map(|(id, app_id, name)| {
                    Arc::new(Subject {
                        kind: ObjectKind::Application,
                        id,
                        app_id,
                        name,
                    })
                });
                finding.related = related
                    .into_iter()
                    .map(|(place, kind, shift)| {
                        if kind == 0 {
                            return place;
                        }
                        // One beside the place itself.
                        let mut near = finding.location.clone();
                        let by = |position: Position, shift: u64| Position {
                            offset: position.offset.saturating_add(shift),
                            line: position.line.saturating_add(shift % 3),
                            ..position
                        };
                        near.start = by(near.start, shift);
                        near.end = by(near.end, shift * kind as u64);
                        near.label = place.label;
                        near
                    })
                    .collect();
                finding.suppression = reason.map(|reason| Suppression {
                    source: SuppressedBy::Configuration,
                    reason,
                    until: None,
                });
                finding
            },
        )
}

pub fn run() -> impl Strategy<Value = (Outcome, Vec<Reported>)> {
    (
        prop::collection::vec(reported(), 0..4),
        prop::collection::vec(text(), 6),
    )
        .prop_map(|(findings, texts)| {
            let mut outcome = outcome();
            outcome.profile = texts[0].clone();
            outcome.tally.errors = findings.len() as u64;
            outcome.suppressed = 3;
            outcome.out_of_scope = 2;
            outcome.not_evaluated = vec![NotEvaluated {
                rule: "adt-data-role-missing".to_owned(),
                reason: texts[1].clone(),
                command: texts[2].clone(),
            }];
            outcome.skipped = vec![Skipped {
                path: texts[3].clone(),
                reason: texts[4].clone(),
            }];
            (outcome, findings)
        })
}
