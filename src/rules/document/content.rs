//! Rules about what stands in a document, before its meaning: names that stand twice, values of
//! the wrong type, values that are not values yet or not any more.

use crate::model::{Edit, Fault, FaultKind};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A property stands twice in one object.
    ///
    /// **Why it matters.** Readers disagree about which one holds: most take the last, some the
    /// first, PowerShell refuses names that differ only in case. What one reviewer saw is not what
    /// another tool applies, which also makes it a way to hide something.
    ///
    /// **What is checked.** Names within one object, without regard to case, since Microsoft's own
    /// tools ignore it. A warning when both values are equal. Every other rule judges the object
    /// with each of the values, and the worst counts.
    ///
    /// **Fix.** Remove the one that is wrong.
    pub static DUPLICATE_KEY = {
        id: "duplicate-key",
        group: Document,
        severity: Error,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: ["https://www.rfc-editor.org/rfc/rfc8259#section-4"],
        fix: "remove the last where all have equal values",
        check: Document(duplicate_key),
    }
}

fn duplicate_key(faults: &[Fault<'_>], _: &Context<'_>, out: &mut Out<'_>) {
    for fault in faults {
        let FaultKind::DuplicateKey { equal_values } = fault.kind else {
            continue;
        };
        let severity = if equal_values {
            Severity::Warning
        } else {
            Severity::Error
        };
        out.report(severity, fault.span, |say| {
            say.message(format!(
                "the property {} stands twice in one object{}",
                fault.name,
                if equal_values {
                    ", with equal values"
                } else {
                    ", with different values"
                }
            ))
            .label("again here")
            .help("remove the one that is wrong")
            .key(fault.name.to_lowercase());
            if equal_values {
                say.fix("remove the copy", [Edit::RemoveMember { name: fault.span }]);
            }
            if let Some(first) = fault.other {
                say.also(first, "first here");
            }
        });
    }
}

declare_rule! {
    /// A value has another JSON type than its property has.
    ///
    /// **Why it matters.** `az` and Microsoft Graph refuse the object or, worse, ignore the value.
    ///
    /// **What is checked.** Every property of every object against the published types
    /// (`entralint schema` lists the schemas and prints each). Unknown properties are fine. A
    /// warning where the meaning is still clear: "false" in quotes for a truth value, one string
    /// for a list of strings. Values are never quoted in this message, since they may be secrets.
    ///
    /// **Fix.** Write the value in the type the message names.
    pub static SHAPE_MISMATCH = {
        id: "shape-mismatch",
        group: Document,
        severity: Error,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/graph/api/resources/application"],
        fix: "take the quotes off a truth value or number, put a list around a single value",
        check: Document(shape_mismatch),
    }
}

fn shape_mismatch(faults: &[Fault<'_>], _: &Context<'_>, out: &mut Out<'_>) {
    for fault in faults {
        let FaultKind::ShapeMismatch { clear } = fault.kind else {
            continue;
        };
        let severity = if clear {
            Severity::Warning
        } else {
            Severity::Error
        };
        out.report(severity, fault.span, |say| {
            let subject = if fault.name.is_empty() {
                "this value".to_owned()
            } else {
                format!("the value of {}", fault.name)
            };
            let expected = article(&fault.expected);
            say.message(format!(
                "{subject} has the wrong JSON type: it must be {expected}"
            ))
            .label(format!("must be {expected}"))
            .help(if clear {
                "its meaning is clear and was used here; other tools may refuse it"
            } else {
                "write it in the right type; what it says is treated as unknown"
            })
            .fact("expected", fault.expected.as_ref())
            .key(fault.name.as_ref());
            if clear && fault.expected.contains("array") {
                say.fix(
                    "put a list around the value",
                    [Edit::Wrap { at: fault.span }],
                );
            } else if clear {
                say.fix(
                    "take the quotes off the value",
                    [Edit::Unquote { at: fault.span }],
                );
            }
        });
    }
}

fn article(types: &str) -> String {
    match types {
        "" => "of another type".to_owned(),
        types if types.starts_with(['a', 'i', 'o']) => format!("an {types}"),
        types => format!("a {types}"),
    }
}

/// Labels on one finding: enough to see the pattern.
const LABELS: usize = 5;

declare_rule! {
    /// An export was cut off at PowerShell's depth limit.
    ///
    /// **Why it matters.** `ConvertTo-Json` writes a .NET type's name where deeper values would
    /// stand. What the permissions are, is gone from the file.
    ///
    /// **What is checked.** Strings such as `System.Object[]`, `@{Id=...}` or
    /// `Microsoft.Graph.PowerShell.Models.…` as a value. What stood there is unknown to every
    /// other rule.
    ///
    /// **Fix.** Export again with a depth that suffices: `ConvertTo-Json -Depth 10`.
    pub static DEPTH_TRUNCATED = {
        id: "depth-truncated",
        group: Document,
        severity: Error,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/convertto-json",
        ],
        check: Document(depth_truncated),
    }
}

fn depth_truncated(faults: &[Fault<'_>], _: &Context<'_>, out: &mut Out<'_>) {
    together(faults, FaultKind::DepthTruncated, |places| {
        let Some((first, rest)) = places.split_first() else {
            return;
        };
        out.report(Severity::Error, first.span, |say| {
            say.message(format!(
                "PowerShell cut off {} of this object: a type's name stands where data belongs",
                amount(places.len(), "value")
            ))
            .label("cut off here")
            .help("export again with ConvertTo-Json -Depth 10")
            .command("Get-MgApplication -All | ConvertTo-Json -Depth 10")
            .fact("values", places.len());
            for place in rest.iter().take(LABELS) {
                say.also(place.span, "and here");
            }
        });
    });
}

declare_rule! {
    /// A template's placeholder stands where a value belongs.
    ///
    /// **Why it matters.** The value is decided elsewhere, so rules that need it stay silent: the
    /// file as it is says less than it seems to.
    ///
    /// **What is checked.** `${{NAME}}`, `{{name}}`, `<client id>`, `[parameters('x')]`,
    /// `{subscriptionId}` in applications, lists of permissions and templates.
    ///
    /// **Fix.** Check the rendered file as well.
    pub static UNRESOLVED_PLACEHOLDER = {
        id: "unresolved-placeholder",
        group: Document,
        severity: Info,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/microsoftteams/platform/toolkit/use-existing-aad-app",
        ],
        check: Document(unresolved_placeholder),
    }
}

fn unresolved_placeholder(faults: &[Fault<'_>], _: &Context<'_>, out: &mut Out<'_>) {
    together(faults, FaultKind::Placeholder, |places| {
        let Some((first, rest)) = places.split_first() else {
            return;
        };
        out.report(Severity::Info, first.span, |say| {
            say.message(format!(
                "{} not filled in yet: what {} for is unknown to the other rules",
                match places.len() {
                    1 => "a placeholder is".to_owned(),
                    n => format!("{n} placeholders are"),
                },
                if places.len() == 1 {
                    "it stands"
                } else {
                    "they stand"
                }
            ))
            .label("placeholder")
            .help("check the rendered file as well")
            .fact("placeholders", places.len());
            for place in rest.iter().take(LABELS) {
                say.also(place.span, "");
            }
        });
    });
}

fn together<'f, 'r>(
    faults: &'f [Fault<'r>],
    kind: FaultKind,
    mut report: impl FnMut(&[&'f Fault<'r>]),
) {
    if faults.iter().any(|fault| fault.kind == kind) {
        let places: Vec<&Fault<'_>> = faults.iter().filter(|fault| fault.kind == kind).collect();
        report(&places);
    }
}

fn amount(count: usize, noun: &str) -> String {
    match count {
        1 => format!("one {noun}"),
        n => format!("{n} {noun}s"),
    }
}
