//! One object of each kind in every shape that it is exported in: the model says the same of each,
//! but for what a shape cannot tell, which is listed in `families`. No shape is a mismatch to its schema.

mod families;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use entralint::json::{Tape, read::parse};
use entralint::kinds::{self, Object};
use entralint::model::{ObjectKind, Schedule};
use families::{FAMILIES, Family};

const SHAPES: &str = "fixtures/shapes";

/// What the model says of the one object in a file, by field, without places; ids and names in
/// lower case, since AzureHound writes them in upper case.
fn facts(family: &Family, file: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    with_object(family.folder, file, family.kind, |object| {
        let text = format!("{object:#?}");
        // Variant, box, struct: its fields stand eight blanks in.
        let mut field = String::new();
        for line in text.lines() {
            let inner = line.strip_prefix("        ").unwrap_or_default();
            if inner.is_empty() {
                continue;
            }
            let name = inner.split_once(':').map_or("", |(name, _)| name);
            if !inner.starts_with(' ') && !name.is_empty() {
                field = name.to_owned();
            }
            let value: &mut String = out.entry(field.clone()).or_default();
            value.push_str(&inner.split_whitespace().collect::<String>());
        }
    });
    out.remove("span");
    for value in out.values_mut() {
        *value = without_places(&value.to_lowercase());
    }
    out
}

/// Cuts `span: Span { … },` out, and takes null for absent: az leaves nulls out since 2.88.
fn without_places(text: &str) -> String {
    let mut out = text.to_owned();
    for (begin, end, instead) in [
        ("span:span{", "},", ""),
        ("null(span{", "},)", "absent"),
        // Empty and absent lists differ by what a shape leaves out.
        (
            "list{state:value(spanned{value:(),},),items:[]",
            "",
            "list{state:absent,items:[]",
        ),
    ] {
        while let Some(at) = out.find(begin) {
            let rest = &out[at + begin.len()..];
            let length = rest.find(end).expect("the end of a place") + end.len();
            out.replace_range(at..at + begin.len() + length, instead);
        }
    }
    out
}

fn with_object(folder: &str, file: &str, kind: ObjectKind, tell: impl FnOnce(&Object<'_>)) {
    let path = Path::new(SHAPES).join(folder).join(file);
    let text = fs::read_to_string(&path).expect("a fixture");
    let mut tape = Tape::default();
    parse(&text, 0, &mut tape).expect("JSON");
    let parts = kinds::unwrap(tape.root(&text)).objects;
    assert_eq!(parts.len(), 1, "{}", path.display());
    let part = parts[0];
    assert_eq!(part.recognise(), Ok(kind), "{}", path.display());
    let faults = kinds::faults(&text, part.value, Some(kind));
    assert!(faults.list.is_empty(), "{path:?} {:?}", faults.list);
    let object = kinds::build(kind, part.value, &part.reading());
    assert_eq!(object.span(), part.value.span(), "{}", path.display());
    tell(&object);
}

#[test]
fn the_reference_of_each_kind_tells_every_field() {
    for family in &FAMILIES {
        let facts = facts(family, family.reference);
        let unset: BTreeSet<&str> = facts
            .iter()
            .filter(|(name, value)| {
                value.starts_with(&format!("{name}:absent"))
                    || value.starts_with(&format!("{name}:list{{state:absent"))
                    || *value == &format!("{name}:none,") && *name != "schedule"
            })
            .map(|(name, _)| name.as_str())
            .collect();
        let want: BTreeSet<&str> = family.unset.iter().copied().collect();
        assert_eq!(unset, want, "{}", family.folder);
        assert!(facts.len() > 2, "{} {facts:?}", family.folder);
    }
}

#[test]
fn every_shape_tells_the_same() {
    let mut wrong = Vec::new();
    for family in &FAMILIES {
        let want = facts(family, family.reference);
        for (file, otherwise) in family.others {
            let found = facts(family, file);
            for (name, value) in &want {
                let listed = otherwise.contains(&name.as_str());
                if listed == (found[name] == *value) {
                    wrong.push(format!("{}/{file}: {} {value}", family.folder, found[name]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_is_in_the_list() {
    let mut known = BTreeSet::new();
    for family in &FAMILIES {
        let files = family.others.iter().map(|(file, _)| *file);
        for file in files.chain([family.reference]) {
            assert!(known.insert(format!("{}/{file}", family.folder)));
        }
    }
    let mut files = BTreeSet::new();
    for folder in fs::read_dir(SHAPES).expect("the folder").flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        if !folder.path().is_dir() || name == "exporter-tree" {
            continue;
        }
        for file in fs::read_dir(folder.path()).expect("a folder").flatten() {
            files.insert(format!("{name}/{}", file.file_name().to_string_lossy()));
        }
    }
    assert_eq!(files, known);
}

#[test]
fn roles_are_told_by_their_last_guid_whatever_stands_before() {
    let family = &FAMILIES[5];
    let mut roles = BTreeSet::new();
    for (file, _) in family.others {
        with_object(family.folder, file, family.kind, |object| {
            let Object::RoleAssignment(assignment) = object else {
                panic!("{file}");
            };
            assert_eq!(assignment.schedule, Schedule::None, "{file}");
            roles.insert(assignment.role_guid());
        });
    }
    let roles: Vec<String> = roles
        .iter()
        .flatten()
        .map(|role| role.to_string())
        .collect();
    assert_eq!(roles, ["bcd981a7-7f74-457b-83e1-cceb9e632ffe"]);
}

#[test]
fn what_is_eligible_or_asked_for_is_not_held() {
    let schedule = |folder: &str, file: &str, kind| {
        let mut found = None;
        with_object(folder, file, kind, |object| {
            found = match object {
                Object::RoleAssignment(assignment) => Some(assignment.schedule),
                Object::DirectoryRoleAssignment(assignment) => Some(assignment.schedule),
                _ => None,
            };
        });
        found.expect("an assignment")
    };
    for file in ["arm-list.json", "az-powershell.json"] {
        let found = schedule("role-schedule", file, ObjectKind::RoleSchedule);
        assert_eq!(found, Schedule::Eligible, "{file}");
    }
    for (file, want) in [
        ("instances-page.json", Schedule::Activated),
        ("assignments-page.json", Schedule::None),
        ("azurehound.json", Schedule::None),
        ("eligible-page.json", Schedule::Eligible),
        ("eligible-azurehound.json", Schedule::Eligible),
        ("request.json", Schedule::Request),
    ] {
        let kind = ObjectKind::DirectoryRoleAssignment;
        let found = schedule("directory-role-assignment", file, kind);
        assert_eq!(found, want, "{file}");
    }
}
