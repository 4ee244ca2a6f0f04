//! The same application in every shape that an exporter gives it, and in every encoding, gives
//! the same findings with the same fingerprints. What a shape cannot express is listed here.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::run::{Told, check_path};

const SHAPES: &str = "fixtures/shapes";
const ENCODINGS: &str = "fixtures/encodings";

/// A shape, and what an audit of it finds otherwise; for everyone else nothing is lost.
struct Shape {
    path: &'static str,
    lost: &'static [(&'static str, &'static str)],
    more: &'static [(&'static str, &'static str)],
}

const fn shape(path: &'static str) -> Shape {
    Shape {
        path,
        lost: &[],
        more: &[],
    }
}

const NO_PUBLISHER: (&str, &str) = ("unverified-publisher", "it cannot tell of a publisher");
const RETIRED: (&str, &str) = ("legacy-manifest", "it is the retired format");

const REFERENCE: &str = "graph-az-show.json";

const ALL: [Shape; 19] = [
    shape("graph-portal.json"),
    shape(REFERENCE),
    shape("graph-az-list.json"),
    shape("graph-page.json"),
    shape("graph-batch.json"),
    shape("minified.json"),
    shape("apps.ndjson"),
    shape("apps.jsonl"),
    shape("exporter-tree"),
    shape("keys-upper.json"),
    shape("dates-offset.json"),
    shape("mg-powershell.json"),
    shape("entra-powershell.json"),
    shape("powershell51-array.json"),
    Shape {
        path: "az-powershell.json",
        lost: &[NO_PUBLISHER],
        more: &[],
    },
    shape("azurehound.json"),
    Shape {
        path: "legacy-manifest.json",
        lost: &[NO_PUBLISHER],
        more: &[RETIRED],
    },
    Shape {
        path: "aad-graph-1.6.json",
        lost: &[NO_PUBLISHER],
        more: &[RETIRED],
    },
    Shape {
        path: "az-2.36.json",
        lost: &[NO_PUBLISHER],
        more: &[RETIRED],
    },
];

/// Files with expectations of their own.
const OTHERS: [&str; 6] = [
    "teams-toolkit.json",
    "rra-wrapped.json",
    "rra-unwrapped.json",
    "rra-az-236.json",
    "rra-partial-manifest.json",
    "rra-pascal.json",
];

/// What a finding says to a program, whatever its object was written in.
type Said = (String, &'static str, String, String);

fn said(told: &Told) -> BTreeSet<Said> {
    let said: BTreeSet<Said> = told
        .findings
        .iter()
        .map(|found| {
            (
                found.severity.to_string(),
                found.rule.id,
                found.fingerprint.clone(),
                format!("{:?}", found.facts),
            )
        })
        .collect();
    assert_eq!(said.len(), told.findings.len(), "two findings are one");
    said
}

fn without(said: &BTreeSet<Said>, rules: &[(&str, &str)]) -> BTreeSet<Said> {
    let mut said = said.clone();
    for (rule, why) in rules {
        let before = said.len();
        said.retain(|(_, fired, ..)| fired != rule);
        assert!(
            said.len() < before,
            "{rule} ({why}) is not there to be lost"
        );
    }
    said
}

/// Each by itself: all of them carry the same object id. A tree's leaf shows its intent by the
/// permission that it requests.
fn regular(path: &str) -> Told {
    check_path(Path::new(SHAPES).join(path), &["--no-config"])
}

#[test]
fn the_reference_says_what_the_readme_says() {
    let told = regular(REFERENCE);
    let found: Vec<String> = told
        .findings
        .iter()
        .map(|f| format!("{} {} {}", f.severity, f.rule.id, f.location.pointer))
        .collect();
    assert_eq!(
        found,
        [
            "error certificate-long-lived /keyCredentials/0/endDateTime",
            "info secret-expired /passwordCredentials/0/endDateTime",
            "error secret-expiring /passwordCredentials/1/endDateTime",
            "warning permission-tier-zero /requiredResourceAccess/1/resourceAccess/1/id",
            "warning adt-extra-permission /requiredResourceAccess/1/resourceAppId",
            "error adt-audience-not-single-tenant /signInAudience",
            "warning implicit-grant /web/implicitGrantSettings/enableAccessTokenIssuance",
            "error redirect-insecure /web/redirectUris/1",
        ]
    );
    let subject = told.findings[0].subject.as_ref().expect("an application");
    assert_eq!(
        subject.id.as_deref(),
        Some("2c63888f-28f0-4481-be6d-dce7a7ace732")
    );
    assert_eq!(told.outcome.out_of_scope, 0);
}

#[test]
fn every_file_is_one_of_them() {
    let known = ALL.iter().map(|shape| shape.path).chain(OTHERS);
    let known: BTreeSet<String> = known.map(str::to_owned).collect();
    let files: BTreeSet<String> = fs::read_dir(SHAPES)
        .expect("the folder")
        .flatten()
        // The other kinds' folders are told in tests/kinds.
        .filter(|entry| entry.path().is_file() || entry.file_name() == "exporter-tree")
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    assert_eq!(files, known);
}

#[test]
fn every_shape_gives_the_same_findings() {
    let want = said(&regular(REFERENCE));
    for shape in &ALL {
        let told = regular(shape.path);
        assert_eq!(said(&told), want, "{}", shape.path);
        assert_eq!(told.outcome.objects.get("application"), Some(&1));
        assert_eq!(told.outcome.out_of_scope, 0, "{}", shape.path);
        assert!(told.outcome.skipped.is_empty(), "{}", shape.path);
    }
}

#[test]
fn an_audit_loses_only_what_a_shape_cannot_express() {
    let audit = |path: &str| {
        let words = ["--no-config", "--persona", "audit"];
        said(&check_path(Path::new(SHAPES).join(path), &words))
    };
    let reference = audit(REFERENCE);
    for shape in &ALL {
        let found = without(&audit(shape.path), shape.more);
        let want = without(&reference, shape.lost);
        assert_eq!(found, want, "{}", shape.path);
    }
}

#[test]
fn lists_of_required_permissions_are_the_same_in_every_shape() {
    let want = said(&regular("rra-wrapped.json"));
    let rules: Vec<&str> = want.iter().map(|(_, rule, ..)| *rule).collect();
    assert_eq!(rules, ["adt-extra-permission", "permission-tier-zero"]);
    for path in ["rra-az-236.json", "rra-pascal.json"] {
        assert_eq!(said(&regular(path)), want, "{path}");
    }
    // A partial manifest is an application, so its fingerprints are an application's.
    let mut partial = regular("rra-partial-manifest.json").rules();
    partial.sort_unstable();
    assert_eq!(partial, rules);
    assert_eq!(
        regular("rra-unwrapped.json").rules(),
        ["permission-unwrapped"]
    );
}

#[test]
fn placeholders_are_unknown_not_wrong() {
    let told = regular("teams-toolkit.json");
    assert_eq!(
        told.rules(),
        [
            "unresolved-placeholder",
            "adt-audience-not-single-tenant",
            "redirect-insecure",
            "implicit-grant",
        ]
    );
    assert_eq!(told.findings[0].related.len(), 5);
}

fn encoded(file: &str) -> Told {
    check_path(Path::new(ENCODINGS).join(file), &["--no-config"])
}

/// Everything that is told of a file, but for its name.
fn anonymous(file: &str) -> String {
    encoded(file).dump().replace(file, "…")
}

#[test]
fn every_unicode_encoding_gives_the_same_at_the_same_places() {
    let want = anonymous("utf8.json");
    for file in [
        "utf8-bom.json",
        "utf16le-bom.json",
        "utf16be-bom.json",
        "utf16le.json",
        "utf16be.json",
        "utf32le-bom.json",
        "utf32be-bom.json",
    ] {
        assert_eq!(anonymous(file), want, "{file}");
    }
    let told = encoded("utf8.json");
    assert_eq!(said(&told), said(&regular(REFERENCE)));
    let text = fs::read_to_string(format!("{ENCODINGS}/utf8.json")).expect("UTF-8");
    for found in &told.findings {
        let (start, end) = (found.location.start, found.location.end);
        let line = text.lines().nth(start.line as usize - 1).expect("a line");
        let before: String = line.chars().take(start.column as usize - 1).collect();
        let marked = &text[start.offset as usize..end.offset as usize];
        assert!(line.starts_with(&(before + marked)), "{line} {marked}");
    }
}

#[test]
fn line_ends_move_offsets_alone() {
    let (lf, crlf) = (encoded("utf8.json"), encoded("crlf.json"));
    assert_eq!(lf.places(), crlf.places());
    assert_eq!(said(&lf), said(&crlf));
    for (lf, crlf) in lf.findings.iter().zip(&crlf.findings) {
        let (lf, crlf) = (lf.location.start, crlf.location.start);
        assert_eq!(crlf.offset, lf.offset + lf.line - 1);
    }
}

/// Takes the one warning about the encoding out, and gives it with what is left.
fn without_warning(told: &Told) -> (String, Vec<String>) {
    let (mut warning, rest): (Vec<String>, Vec<String>) = told
        .places()
        .into_iter()
        .partition(|place| place.ends_with(" warning invalid-encoding"));
    assert_eq!(warning.len(), 1, "{warning:?}");
    (warning.remove(0), rest)
}

#[test]
fn what_is_no_unicode_costs_a_warning_and_nothing_else() {
    let (warning, rest) = without_warning(&encoded("lone-surrogate.json"));
    assert!(warning.starts_with("32:18 "), "{warning}");
    assert_eq!(rest, encoded("utf8.json").places());
    let western = encoded("windows-1252.json");
    let (warning, _) = without_warning(&western);
    assert!(warning.starts_with("32:30 "), "{warning}");
    // Offsets count in the text as decoded, so they too are those of the twin in UTF-8.
    let twin = encoded("windows-1252.utf8.json");
    let places = |told: &Told| {
        let rest = told
            .findings
            .iter()
            .filter(|f| f.rule.id != "invalid-encoding");
        let place = |f: &entralint::report::Reported| (f.rule.id, f.location.start, f.location.end);
        rest.map(place).collect::<Vec<_>>()
    };
    assert_eq!(places(&western), places(&twin));
    let names = |told: &Told| {
        let subjects = told.findings.iter().filter_map(|f| f.subject.clone());
        subjects
            .map(|subject| subject.name.clone())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(names(&western), names(&twin));
}
