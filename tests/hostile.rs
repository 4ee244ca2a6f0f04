//! Files that are broken, cut off, foreign, endless or meant to do harm: each gives what its
//! README says, none takes others with it, and no secret leaves any of them.

mod common;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use common::run::{Dice, Told, check, check_path};
use entralint::report::Reported;
use proptest::prelude::*;

const HOSTILE: &str = "fixtures/hostile";

/// What one file gives when it is named.
struct Row {
    file: &'static str,
    places: Vec<String>,
    /// Why no rule looked at it.
    skipped: Option<&'static str>,
}

fn row(file: &'static str, places: &[&str]) -> Row {
    Row {
        file,
        places: places.iter().map(|place| (*place).to_owned()).collect(),
        skipped: None,
    }
}

fn skipped(file: &'static str, places: &[&str], reason: &'static str) -> Row {
    Row {
        skipped: Some(reason),
        ..row(file, places)
    }
}

/// Expired secrets `apart` lines from each other.
fn expired(lines: std::ops::Range<u64>, apart: u64) -> Vec<String> {
    lines
        .map(|n| format!("{}:24 error secret-expired", 47 + n * apart))
        .collect()
}

/// The tables of the README, place by place.
fn table() -> Vec<Row> {
    let unknown = "1:1 warning unrecognized-document";
    let no_kind = "no known kind of export";
    let mut rows = vec![
        // Not JSON.
        row("not-json.json", &["1:1 error invalid-json"]),
        row("empty.json", &["1:1 error invalid-json"]),
        row("blanks.json", &["5:1 error invalid-json"]),
        row("binary.json", &["1:1 error invalid-json"]),
        row("comments.json", &["2:3 error invalid-json"]),
        row("trailing-comma.json", &["46:5 error invalid-json"]),
        row("single-quotes.json", &["2:3 error invalid-json"]),
        row("text-after.json", &["88:1 error invalid-json"]),
        row("template.json", &["8:14 error invalid-json"]),
        // Cut off, or one bad record among good ones.
        row(
            "truncated-array.json",
            &[
                "47:24 error secret-expired",
                "143:24 error secret-expired",
                "226:15 error invalid-json",
            ],
        ),
        row(
            "truncated-page.json",
            &["57:26 error secret-expired", "108:28 error invalid-json"],
        ),
        row(
            "bad-element.json",
            &[
                "47:24 error secret-expired",
                "143:24 error secret-expired",
                "214:5 error invalid-json",
                "335:24 error secret-expired",
            ],
        ),
        row(
            "bad-line.ndjson",
            &[
                "1:1241 error secret-expired",
                "2:553 error invalid-json",
                "3:1241 error secret-expired",
            ],
        ),
        row(
            "depth-truncated.json",
            &[
                "24:24 error secret-expired",
                "40:27 error depth-truncated",
                "84:24 error secret-expired",
                "100:27 error depth-truncated",
                "148:24 error secret-expired",
                "164:27 error depth-truncated",
                "208:24 error secret-expired",
                "216:21 error depth-truncated",
                "255:7 error depth-truncated",
            ],
        ),
        row("nextlink.json", &["3:22 warning export-truncated"]),
        row("hundred.json", &["1:1 warning export-truncated"]),
        // Not the data one hoped for.
        row("error-body.json", &["3:13 error error-response"]),
        row("error-in-batch.json", &["11:19 error error-response"]),
        // A list of nothing is no trouble.
        row("empty-array.json", &[]),
        row("empty-page.json", &[]),
        skipped("number-root.json", &[unknown], no_kind),
        skipped("string-root.json", &[unknown], no_kind),
        skipped("package.json", &[unknown], no_kind),
        skipped("tsconfig.json", &[unknown], no_kind),
        row("tsconfig.comments.json", &["2:5 error invalid-json"]),
        skipped("unknown-export.json", &[unknown], no_kind),
        row("conflict-a.json", &[]),
        row("conflict-b.json", &[]),
        // Keys.
        row(
            "duplicate-keys.json",
            &["46:22 error secret-expired", "53:3 error duplicate-key"],
        ),
        row(
            "duplicate-keys-case.json",
            &["46:22 error secret-expired", "53:3 error duplicate-key"],
        ),
        row("duplicate-keys-equal.json", &["65:3 warning duplicate-key"]),
        // The scan applied the profile to one reading and the telling to neither: all was lost.
        row(
            "readings-in-and-out-of-scope.json",
            &[
                "4:21 error adt-audience-not-single-tenant",
                "5:3 error duplicate-key",
                "5:12 info unresolved-placeholder",
            ],
        ),
        row(
            "copies-and-a-wrong-type.json",
            &[
                "2:11 warning shape-mismatch",
                "25:3 warning duplicate-key",
                "26:3 warning duplicate-key",
                "27:3 warning duplicate-key",
            ],
        ),
        // Numbers and depth.
        row("huge-number.json", &[]),
        row(
            "deep-100.json",
            &["47:24 error secret-expired", "230:24 error secret-expired"],
        ),
        row(
            "deep-600.json",
            &[
                "47:24 error secret-expired",
                "134:1546 error invalid-json",
                "230:24 error secret-expired",
            ],
        ),
        // Text that attacks.
        row(
            "escapes-name.json",
            &[
                "1461:20 error audience-limit",
                "1487:24 error secret-expired",
                "1563:7 warning identifier-uri-invalid",
                "1587:24 error secret-expired",
                "1636:20 error logout-url-invalid",
                "1639:9 error redirect-insecure",
                "1639:9 error redirect-invalid",
                "1640:9 error redirect-invalid",
                "1641:9 error redirect-invalid",
            ],
        ),
        row(
            "escapes-raw.json",
            &[
                "981:20 error audience-limit",
                "1007:24 error secret-expired",
            ],
        ),
        // Secrets.
        row(
            "secrets.json",
            &[
                "49:21 error secret-in-file",
                "55:22 error secret-long-lived",
                "58:21 error secret-in-file",
            ],
        ),
        row("secrets-legacy.json", &["18:13 error secret-in-file"]),
        row("credential-reset.json", &["3:15 error secret-in-file"]),
        row("create-for-rbac.json", &["4:15 error secret-in-file"]),
        row("sdk-auth.json", &["3:19 error secret-in-file"]),
        row("private-key.json", &["39:14 error secret-in-file"]),
        row("private-key-pkcs12.json", &["39:14 error secret-in-file"]),
        row("private-key.pem", &["1:2 error invalid-json"]),
        row("secrets-broken.json", &["49:20 error invalid-json"]),
        row("text-after-secret.json", &["88:1 error invalid-json"]),
        row(
            "secrets-minified.ndjson",
            &[
                "1:1256 error secret-long-lived",
                "1:1352 error secret-in-file",
            ],
        ),
        row(
            "secrets-duplicate.json",
            &[
                "49:21 error secret-in-file",
                "50:7 error duplicate-key",
                "50:21 error secret-in-file",
            ],
        ),
        row(
            "secrets-shape.json",
            &[
                "49:21 error secret-in-file",
                "49:21 error shape-mismatch",
                "60:21 error secret-in-file",
                "60:21 error shape-mismatch",
            ],
        ),
        row("secrets-unclosed.json", &["49:42 error invalid-json"]),
    ];
    for row in &mut rows {
        let first = match row.file {
            "escapes-name.json" => expired(0..15, 96),
            "escapes-raw.json" => expired(0..10, 96),
            _ => continue,
        };
        row.places.splice(0..0, first);
    }
    rows
}

#[test]
fn each_file_gives_what_the_readme_says() {
    let rows = table();
    let readme = fs::read_to_string(format!("{HOSTILE}/README.md")).expect("the README");
    let files: BTreeSet<String> = fs::read_dir(HOSTILE)
        .expect("the folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    let known: BTreeSet<String> = rows.iter().map(|row| row.file.to_owned()).collect();
    assert_eq!(files, known);
    let mut wrong = Vec::new();
    for row in rows {
        assert!(
            readme.contains(row.file),
            "{} is not in the README",
            row.file
        );
        let told = check_path(Path::new(HOSTILE).join(row.file), &["--no-config"]);
        if told.places() != row.places {
            wrong.push(format!("{}: {:#?}", row.file, told.places()));
        }
        let skipped: Vec<&str> = told
            .outcome
            .skipped
            .iter()
            .map(|s| s.reason.as_str())
            .collect();
        if skipped != Vec::from_iter(row.skipped) {
            wrong.push(format!("{}: skipped {skipped:?}", row.file));
        }
        assert!(!told.incomplete && told.troubles.is_empty(), "{}", row.file);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `file.json rule`, for files of the folder.
fn by_file(told: &Told) -> Vec<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or("").to_owned();
    let line = |found: &Reported| format!("{} {}", name(&found.location.path), found.rule.id);
    told.findings.iter().map(line).collect()
}

#[test]
fn walking_the_folder_leaves_out_what_belongs_to_others() {
    let told = check_path(HOSTILE, &["--no-config"]);
    let mut want: Vec<String> = table()
        .iter()
        .filter(|row| !matches!(row.file, "private-key.pem" | "tsconfig.comments.json"))
        .flat_map(|row| {
            let rules = row
                .places
                .iter()
                .filter_map(|place| place.rsplit(' ').next());
            let rules = rules.filter(|rule| *rule != "unrecognized-document");
            rules
                .map(|rule| format!("{} {rule}", row.file))
                .collect::<Vec<_>>()
        })
        .collect();
    // What only both files together tell.
    want.push("conflict-b.json conflicting-objects".to_owned());
    want.sort();
    let mut found = by_file(&told);
    found.sort();
    // The two files with escapes name the same applications, once with and once without them.
    let twin =
        |line: &String| line.starts_with("escapes-") && line.ends_with(" display-name-shared");
    assert_eq!(found.extract_if(.., |line| twin(line)).count(), 11);
    assert_eq!(found, want);
    let conflict = told
        .findings
        .iter()
        .find(|f| f.rule.id == "conflicting-objects");
    let other = &conflict.expect("a conflict").related[0];
    assert!(other.path.ends_with("conflict-a.json"), "{other:?}");
    let reason = |file: &str| {
        let mut skipped = told.outcome.skipped.iter();
        let found = skipped.find(|skipped| skipped.path.ends_with(file));
        found.map(|skipped| skipped.reason.as_str())
    };
    for (file, want) in [
        (
            "/tsconfig.comments.json",
            "JSON with comments, and no export",
        ),
        ("/tsconfig.json", "no known kind of export"),
        ("/package.json", "no known kind of export"),
        ("/unknown-export.json", "no known kind of export"),
        ("/number-root.json", "no known kind of export"),
    ] {
        assert_eq!(reason(file), Some(want), "{file}");
    }
    assert_eq!(reason("/empty-array.json"), None);
    // A hundred web applications that have nothing to do with the profile, and two whose
    // permissions were cut off.
    assert!(told.outcome.out_of_scope >= 100);
    assert!(!told.incomplete);
}

#[test]
fn what_is_not_json_is_named() {
    for (file, named) in [
        ("comments.json", "comment"),
        (
            "trailing-comma.json",
            "comma stands before a closing bracket",
        ),
        ("single-quotes.json", "single quotes"),
        ("text-after.json", "comment"),
        ("text-after-secret.json", "text follows the closing bracket"),
        ("template.json", "template"),
        ("empty.json", "empty"),
        ("blanks.json", "empty"),
        ("truncated-array.json", "cut off"),
        ("secrets-unclosed.json", "cut off"),
        ("deep-600.json", "512 levels"),
        ("bad-element.json", "comma"),
        ("bad-line.ndjson", "colon"),
    ] {
        let told = check_path(Path::new(HOSTILE).join(file), &["--no-config"]);
        let found = told.findings.iter().find(|f| f.rule.id == "invalid-json");
        let found = found.expect(file);
        assert!(found.message.contains(named), "{file}: {}", found.message);
        let record = (file == "bad-line.ndjson").then_some(2);
        assert_eq!(found.location.record, record, "{file}");
    }
}

#[test]
fn the_text_around_a_mistake_is_there_to_be_shown() {
    for file in [
        "truncated-array.json",
        "truncated-page.json",
        "bad-element.json",
        "deep-600.json",
        "text-after.json",
    ] {
        let path = Path::new(HOSTILE).join(file);
        let text = fs::read_to_string(&path).expect("a fixture");
        let told = check_path(&path, &["--no-config"]);
        let found = told.findings.iter().find(|f| f.rule.id == "invalid-json");
        let place = &found.expect(file).location;
        let at = place.start.offset as usize;
        let window = place.source.as_ref().expect(file);
        let from = window.start.offset as usize;
        assert!(text[from..].starts_with(&*window.text), "{file}");
        // Some of what stands before the mistake, in the same record, is always shown.
        let seen = from..from + window.text.len();
        assert!(
            seen.contains(&(at - 100)) && seen.end >= at,
            "{file}: {seen:?} {at}"
        );
    }
}

#[test]
fn pointers_behind_a_bad_record_are_right() {
    for (file, want) in [
        ("bad-element.json", ["/0", "/1", "/3"].as_slice()),
        ("deep-600.json", &["/0", "/2"]),
    ] {
        let told = check_path(Path::new(HOSTILE).join(file), &["--no-config"]);
        let expired = told
            .findings
            .iter()
            .filter(|f| f.rule.id == "secret-expired");
        let pointers: Vec<&str> = expired
            .map(|f| {
                f.location
                    .pointer
                    .split("/passwordCredentials")
                    .next()
                    .unwrap_or("")
            })
            .collect();
        assert_eq!(pointers, want, "{file}");
    }
}

#[test]
fn escaped_or_not_the_same_is_found() {
    // Rule by rule, for each name: the names are what is written in two ways.
    let findings = |file: &str| -> BTreeSet<(Option<String>, &str)> {
        let told = check_path(Path::new(HOSTILE).join(file), &["--no-config"]);
        let found = told.findings.into_iter();
        let pair = |f: Reported| {
            (
                f.subject.and_then(|subject| subject.name.clone()),
                f.rule.id,
            )
        };
        found.map(pair).collect()
    };
    let escaped = findings("escapes-name.json");
    let raw = findings("escapes-raw.json");
    assert!(
        raw.len() > 10 && raw.is_subset(&escaped),
        "{raw:?} {escaped:?}"
    );
}

/// Base64 of the canary's first letters, at each of the three places where a group may begin.
const CANARIES: [&str; 5] = ["CANARY", "canary", "Q0FOQVJ", "NBTkFSW", "DQU5BUl"];

fn assert_no_secret(told: &Told, of: &str) {
    let said = told.dump();
    for canary in CANARIES {
        assert!(!said.contains(canary), "{of}: {canary} in {said}");
    }
}

#[test]
fn no_secret_is_told() {
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in [HOSTILE, "fixtures/rules/secret-in-file"] {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        files.extend(entries.map(|entry| entry.path()));
    }
    let mut planted = 0;
    for file in files {
        let bytes = fs::read(&file).expect("a fixture");
        planted += usize::from(bytes.windows(6).any(|window| window == b"CANARY"));
        let audit = [
            "--no-config",
            "--persona",
            "audit",
            "--all-apps",
            "--statistics",
        ];
        assert_no_secret(&check_path(&file, &audit), &file.display().to_string());
    }
    assert!(planted > 20, "{planted}");
    assert_no_secret(&check_path(HOSTILE, &["--no-config"]), HOSTILE);
}

/// A file in a folder of its own, which is deleted with it.
struct Temp(tempfile::TempDir);

impl Temp {
    fn new() -> Temp {
        Temp(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, bytes).expect("a temporary file");
        path
    }

    /// Checks bytes as a file of that name.
    fn check(&self, name: &str, bytes: impl AsRef<[u8]>) -> Told {
        check_path(self.write(name, bytes), &PLAIN)
    }
}

/// What an application alone in its file would be asked about Azure Digital Twins is left out.
const PLAIN: [&str; 3] = ["--no-config", "--profile", "entra"];

/// The same with further words.
fn plain<W: Into<OsString>>(words: impl IntoIterator<Item = W>) -> Vec<OsString> {
    let plain = PLAIN.into_iter().map(OsString::from);
    plain.chain(words.into_iter().map(Into::into)).collect()
}

/// A complete application with an expired secret, from the fixtures.
fn application() -> String {
    fs::read_to_string("fixtures/rules/secret-expired/bad.json").expect("a fixture")
}

#[test]
fn a_file_may_end_anywhere() {
    let whole = fs::read(format!("{HOSTILE}/secrets-legacy.json")).expect("a fixture");
    let utf16: Vec<u8> = String::from_utf8(whole.clone())
        .expect("UTF-8")
        .split_whitespace()
        .flat_map(str::encode_utf16)
        .flat_map(u16::to_le_bytes)
        .collect();
    let temp = Temp::new();
    for (bytes, step) in [(whole.trim_ascii_end(), 1), (&utf16, 7)] {
        for end in (0..bytes.len()).step_by(step) {
            let told = temp.check("cut.json", &bytes[..end]);
            assert_eq!(told.rules(), ["invalid-json"], "at {end}");
            assert!(!told.incomplete && told.troubles.is_empty(), "at {end}");
            assert_no_secret(&told, "cut.json");
        }
    }
}

proptest! {


    /// Any bytes, and files whose bytes were changed: no panic, places inside of the file, the
    /// same with any number of workers, and no secret.
    #[test]
    fn any_bytes_are_told_of(
        file in prop::option::weighted(0.8, any::<prop::sample::Index>()),
        noise in prop::collection::vec(any::<u8>(), 1..400),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let rows = table();
        let mut bytes = match file {
            Some(index) => {
                let file = rows[index.index(rows.len())].file;
                fs::read(Path::new(HOSTILE).join(file)).expect("a fixture")
            }
            None => Vec::new(),
        };
        if bytes.is_empty() || bytes.len() > 20_000 {
            bytes = noise;
        }
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let temp = Temp::new();
        let path = temp.write("any.json", &bytes);
        let told = check_path(&path, &["--no-config", "--jobs", "1", "--persona", "audit"]);
        prop_assert!(told.troubles.is_empty() && !told.incomplete);
        for found in &told.findings {
            let place = &found.location;
            prop_assert!(place.start <= place.end);
            // A byte becomes at most three where it is no Unicode.
            prop_assert!(place.end.offset <= 3 * bytes.len() as u64);
            prop_assert!(!found.message.contains(['\n', '\r']));
        }
        // A changed byte may spoil a name or a canary itself, never let one out.
        prop_assert!(!told.dump().contains("CANARY"));
        let again = check_path(&path, &["--no-config", "--jobs", "3", "--persona", "audit"]);
        prop_assert_eq!(told.dump(), again.dump());
    }
}

#[test]
fn depth_and_length_cost_a_message_at_most() {
    let temp = Temp::new();
    let app = application();
    let long = app.replacen(
        "\"notes\": null",
        &format!("\"notes\": \"{}\"", "x".repeat(5 << 20)),
        1,
    );
    let expired = "error secret-expired";
    let too_deep = |told: &Told, file: &str| {
        let invalid: Vec<&str> = told
            .rules()
            .into_iter()
            .filter(|r| *r == "invalid-json")
            .collect();
        assert_eq!(invalid.len(), 1, "{file}");
        let message = |f: &Reported| f.message.contains("512 levels");
        assert!(told.findings.iter().any(message), "{file}");
    };
    too_deep(
        &temp.check("brackets.json", "[".repeat(100_000)),
        "brackets",
    );
    too_deep(
        &temp.check("braces.json", "{\"a\":".repeat(200_000)),
        "braces",
    );
    too_deep(&temp.check("both.json", "[{\"a\":".repeat(100_000)), "both");
    too_deep(
        &temp.check("lines.ndjson", "{\"a\":".repeat(200_000)),
        "lines",
    );
    let amid = format!(
        "[\n  {app},\n  {{\"x\": {}1{}}},\n  {app}]",
        "[".repeat(600),
        "]".repeat(600)
    );
    let told = temp.check("amid.json", amid);
    too_deep(&told, "amid");
    assert_eq!(
        told.places()
            .iter()
            .filter(|p| p.ends_with(expired))
            .count(),
        2
    );
    // A string of 5 MB, closed and not.
    let told = temp.check("long.json", &long);
    assert_eq!(told.rules(), ["secret-expired"]);
    let cut = long.len() - 3000;
    let told = temp.check("cut.json", &long[..cut]);
    assert_eq!(told.rules(), ["invalid-json"]);
    assert_eq!(told.findings[0].location.start.offset, cut as u64);
    // An element of 1 MB among small ones.
    let large = app.replacen(
        "\"notes\": null",
        &format!("\"notes\": \"{}\"", "é\\n  {".repeat(150_000)),
        1,
    );
    let told = temp.check(
        "list.json",
        format!("[\n  {app},\n  {large},\n  {app}\n]\n"),
    );
    assert_eq!(told.rules(), ["secret-expired"; 3]);
    let pointers: Vec<&str> = told
        .findings
        .iter()
        .map(|f| &f.location.pointer[..2])
        .collect();
    assert_eq!(pointers, ["/0", "/1", "/2"]);
}

#[test]
fn many_of_anything_cost_no_more_than_each() {
    // Were the cost the square of the amount, this would take minutes.
    const MANY: usize = 20_000;
    let temp = Temp::new();
    let app = application();
    let with = |name: &str, value: String| {
        let end = app.rfind('}').expect("an object");
        format!("{},\"{name}\": {value}}}", &app[..end])
    };
    let list = |element: &dyn Fn(usize) -> String| {
        let elements: Vec<String> = (0..MANY).map(element).collect();
        format!("[{}]", elements.join(","))
    };
    let members: Vec<String> = (0..MANY).map(|n| format!("\"name{n}\":{n}")).collect();
    // Equal but for the middle, which a summary of the name may leave out.
    let alike: Vec<String> = (0..MANY)
        .map(|n| format!("\"aaaaaaaa{n:08}zzzzzzzz\":1"))
        .collect();
    for (name, value) in [
        ("members", format!("{{{}}}", members.join(","))),
        ("alike", format!("{{{}}}", alike.join(","))),
        ("tags", list(&|n| n.to_string())),
        ("addIns", list(&|_| "\"<placeholder>\"".to_owned())),
        ("nested", list(&|_| "[[{\"value\":[]}]]".to_owned())),
    ] {
        let told = temp.check("many.json", with(name, value));
        assert!(
            told.rules().contains(&"secret-expired") || name == "tags",
            "{name}"
        );
        assert!(told.findings.len() < 200, "{name}");
    }
    // One mistake a line: the first of them are told, the others are counted.
    let told = temp.check("many.ndjson", "{\"id\":1 1}\n".repeat(MANY));
    let invalid = told
        .rules()
        .iter()
        .filter(|rule| **rule == "invalid-json")
        .count();
    assert!((1..100).contains(&invalid), "{invalid}");
    // In a list there is one mistake, whatever the guesses behind it lead to.
    for text in [
        format!("[{}{{}}]", "{\"id\":{\"id\":{\"id\":1 1}}},".repeat(MANY)),
        format!("[\n  {{\"id\": 1}},{}", "\n  {\"id\":".repeat(MANY)),
    ] {
        let told = temp.check("many.json", text);
        assert_eq!(told.rules(), ["invalid-json"]);
    }
}

#[test]
fn western_bytes_in_what_is_cut_off_move_nothing() {
    // What is left of a record that never ends is counted in characters too, not in bytes.
    let temp = Temp::new();
    let text = "[\n  {\"appId\": \"x\"},\n  {\"displayName\": \"Köln für übermorgen";
    let western: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    let (one, two) = (temp.check("a.json", text), temp.check("a.json", western));
    assert_eq!(one.rules(), ["invalid-json"]);
    let places = |told: &Told| {
        (
            told.findings[0].location.start,
            told.findings[0].location.end,
        )
    };
    assert_eq!(places(&one), places(&two));
    assert_eq!(places(&one).0.offset, text.len() as u64);
}

#[test]
fn half_a_character_in_a_large_utf_16_file_costs_nothing_else() {
    let temp = Temp::new();
    let app = application();
    let mut apps = vec![app; 120];
    apps[60] = apps[60].replacen("Payroll Sync", "Payroll \u{fffd} Sync", 1);
    let text = format!("[{}]", apps.join(",\r\n"));
    assert!(text.len() > 300_000);
    let mut utf16: Vec<u16> = text.encode_utf16().collect();
    let half = utf16
        .iter()
        .position(|unit| *unit == 0xFFFD)
        .expect("it is there");
    utf16[half] = 0xD83D;
    let bytes: Vec<u8> = std::iter::once(0xFEFF)
        .chain(utf16)
        .flat_map(u16::to_le_bytes)
        .collect();
    let whole = temp.check("apps.json", &text);
    let broken = temp.check("apps.json", bytes);
    assert_eq!(whole.findings.len(), 120);
    let (encoding, expired): (Vec<_>, Vec<_>) = broken
        .places()
        .into_iter()
        .partition(|place| place.ends_with("invalid-encoding"));
    assert_eq!(expired, whole.places());
    assert_eq!(encoding.len(), 1);
    let found = broken
        .findings
        .iter()
        .find(|f| f.rule.id == "invalid-encoding");
    let place = &found.expect("a finding").location;
    let at = text.find('\u{fffd}').expect("it is there") as u64;
    assert_eq!((place.start.offset, place.end.offset), (at, at + 3));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_checked() {
    let temp = Temp::new();
    let good = temp.write("good.json", application());
    let missing = temp.path("missing.json");
    fs::create_dir(temp.path("empty")).expect("a folder");
    let large = temp.write("large.json", application() + &" ".repeat(4000));
    let words: Vec<OsString> = vec![
        "--max-input-size".into(),
        "4000".into(),
        temp.path("empty").into(),
        missing.clone().into(),
        good.clone().into(),
        large.clone().into(),
    ];
    let told = check(plain(words));
    assert!(told.incomplete && told.troubles.is_empty());
    let lines = by_file(&told);
    assert_eq!(
        lines,
        [
            "good.json secret-expired",
            "large.json unreadable-input",
            "missing.json unreadable-input"
        ]
    );
    let reasons: Vec<&str> = told.findings[1..]
        .iter()
        .map(|f| f.message.as_str())
        .collect();
    assert!(reasons[0].contains("4000"), "{reasons:?}");
    assert!(reasons[1].contains("there is no such file"), "{reasons:?}");
    // A large file is read by all workers together; it too is told once.
    let huge = temp.write(
        "huge.json",
        format!("[{}]", vec![application(); 120].join(",")),
    );
    for jobs in ["1", "3"] {
        let told = check_path(
            &huge,
            &["--no-config", "--jobs", jobs, "--max-input-size", "290k"],
        );
        assert!(told.incomplete);
        assert_eq!(
            told.rules()
                .iter()
                .filter(|r| **r == "unreadable-input")
                .count(),
            1
        );
    }
    // Nothing at all is nothing to lint, no error.
    let told = check_path(temp.path("empty"), &PLAIN);
    assert!(told.findings.is_empty() && !told.incomplete && told.outcome.files == 0);
    // Silencing the finding does not make the run complete.
    let told = check_path(&missing, &["--no-config", "--ignore", "unreadable-input"]);
    assert!(told.incomplete && told.findings.is_empty());
}

#[test]
fn code_that_is_not_converted_is_told_how() {
    let temp = Temp::new();
    for (file, text, command) in [
        (
            "main.bicep",
            "param name string\n\nresource twins 'Microsoft.DigitalTwins/x@2023-01-31' = {\n}\n",
            "az bicep build --file main.bicep",
        ),
        (
            "main.tf",
            "resource \"azuread_application\" \"twins\" {\n  display_name = \"x\"\n}\n",
            "terraform show -json plan.tfplan > plan.json",
        ),
        (
            "tfplan",
            "PK\u{3}\u{4}\u{14}\0\u{8}\0",
            "terraform show -json plan.tfplan > plan.json",
        ),
    ] {
        let told = check_path(temp.write(file, text), &["--no-config"]);
        assert_eq!(told.rules(), ["invalid-json"], "{file}");
        assert_eq!(told.findings[0].commands, [command], "{file}");
    }
}

#[test]
fn arm_templates_may_have_comments_and_bring_their_parameters() {
    let template = "fixtures/arm/comments/azuredeploy.json";
    let told = check_path(template, &["--no-config"]);
    assert!(
        !told.rules().contains(&"invalid-json"),
        "{:?}",
        told.rules()
    );
    let temp = Temp::new();
    let parameters = "{\n  // of the template\n  \"$schema\": \"https://schema.management.azure.com/\
                      schemas/2019-04-01/deploymentParameters.json#\",\n  \"parameters\": {},\n}";
    let told = check_path(
        temp.write("main.parameters.json", parameters),
        &["--no-config"],
    );
    assert!(told.findings.is_empty(), "{:?}", told.rules());
    assert_eq!(
        told.outcome.skipped[0].reason,
        "parameters of an ARM template"
    );
}

#[test]
fn what_is_about_an_input_obeys_the_settings_too() {
    let nextlink = format!("{HOSTILE}/nextlink.json");
    let comments = format!("{HOSTILE}/comments.json");
    let unknown = format!("{HOSTILE}/unknown-export.json");
    assert_eq!(
        check_path(&nextlink, &["--no-config"]).rules(),
        ["export-truncated"]
    );
    let silent = |path: &str, words: &[&str]| {
        let words = [&["--no-config"], words].concat();
        let told = check_path(path, &words);
        assert!(told.findings.is_empty(), "{path} {words:?}");
        assert_eq!(told.outcome.tally.total(), 0, "{path} {words:?}");
    };
    silent(&nextlink, &["--ignore", "export-truncated"]);
    silent(&nextlink, &["--min-severity", "error"]);
    silent(&nextlink, &["--select", "secret-expired"]);
    silent(&unknown, &["--ignore", "document"]);
    silent(&comments, &["--ignore", "invalid-json"]);
    // Without it, a selection would turn a broken file into a clean one.
    let told = check_path(&comments, &["--no-config", "--select", "secret-expired"]);
    assert_eq!(told.rules(), ["invalid-json"]);
    let temp = Temp::new();
    let config = temp.write(
        "entralint.toml",
        "[rules]\nexport-truncated = \"error\"\nunrecognized-document = \"off\"\n",
    );
    let config = config.to_str().expect("a path");
    let told = check_path(&nextlink, &["--config", config]);
    assert_eq!(told.places(), ["3:22 error export-truncated"]);
    assert_eq!(
        (told.outcome.tally.errors, told.outcome.tally.warnings),
        (1, 0)
    );
    assert!(
        check_path(&unknown, &["--config", config])
            .findings
            .is_empty()
    );
}

#[test]
fn the_same_is_told_by_any_number_of_workers_in_any_order_of_paths() {
    let temp = Temp::new();
    let app = application();
    temp.write(
        "large/apps.json",
        format!("[\n{}\n]", vec![app.clone(); 150].join(",\n")),
    );
    temp.write(
        "large/bad.json",
        format!("[\n{}\n", vec![app; 90].join(",\n  ")),
    );
    let mut paths: Vec<OsString> = vec![
        HOSTILE.into(),
        "fixtures/shapes".into(),
        "fixtures/encodings/utf16le.json".into(),
        "fixtures/encodings/windows-1252.json".into(),
        "fixtures/rules/credential-shared".into(),
        "fixtures/rules/conflicting-objects/bad".into(),
        temp.path("large").into(),
        "missing.json".into(),
    ];
    let mut dice = Dice::new(7);
    let mut first: Option<String> = None;
    for jobs in ["1", "2", "3", "4"] {
        for at in (1..paths.len()).rev() {
            paths.swap(at, dice.roll(at + 1));
        }
        let words = ["--no-config", "--jobs", jobs].map(OsString::from);
        let told = check(words.into_iter().chain(paths.clone()));
        assert!(told.findings.len() > 300 && told.troubles.is_empty());
        // Sorted by path, place and rule.
        let keys: Vec<_> = told
            .findings
            .iter()
            .map(|f| {
                (
                    f.location.path.to_string(),
                    f.location.start.offset,
                    f.rule.id,
                )
            })
            .collect();
        assert!(keys.is_sorted());
        let dump = told.dump();
        assert_eq!(first.get_or_insert_with(|| dump.clone()), &dump, "{jobs}");
    }
}

#[test]
fn a_path_that_is_named_twice_is_read_once() {
    let temp = Temp::new();
    let file = temp.write("app.json", application());
    let folder = file.parent().expect("a folder").to_owned();
    let told = check(plain([&folder, &file, &file, &folder]));
    assert_eq!(
        (told.outcome.files, told.rules()),
        (1, vec!["secret-expired"])
    );
}

#[cfg(unix)]
mod unix {
    //! Pipes, links and permissions.

    use super::*;
    use std::fs::{File, Permissions};
    use std::io::Write;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::thread;

    impl Temp {
        /// A pipe with a name; `write` runs in a thread of its own until the reader goes away.
        fn pipe(&self, name: &str, write: impl FnOnce(File) + Send + 'static) -> PathBuf {
            let path = self.path(name);
            let made = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(made.expect("mkfifo").success());
            let for_writing = path.clone();
            thread::spawn(move || {
                let pipe = File::options().write(true).open(for_writing);
                write(pipe.expect("a pipe"));
            });
            path
        }
    }

    #[test]
    fn a_pipe_is_read_like_a_file() {
        let app = application();
        let list = format!("[\n  {}\n]", vec![app.clone(); 150].join(",\n  "));
        let utf16 = list.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let lines = app.replace('\n', " ") + "\n";
        for (name, bytes) in [
            ("app.json", app.clone().into_bytes()),
            ("list.json", list.clone().into_bytes()),
            ("utf16.json", utf16),
            ("lines.ndjson", lines.repeat(150).into_bytes()),
            ("cut.json", list.as_bytes()[..300_000].to_vec()),
            (
                "bad.json",
                list.replacen("\"notes\":", "\"notes\"", 1).into_bytes(),
            ),
            ("text.json", b"hello".to_vec()),
            ("empty.json", Vec::new()),
        ] {
            let temp = Temp::new();
            let as_file = temp.check(&format!("file/{name}"), &bytes);
            for jobs in ["1", "3"] {
                fs::create_dir_all(temp.path(jobs)).expect("a folder");
                let bytes = bytes.clone();
                let pipe = temp.pipe(&format!("{jobs}/{name}"), move |mut pipe| {
                    // In bits and pieces, as programs write.
                    for bit in bytes.chunks(7777) {
                        if pipe.write_all(bit).is_err() {
                            return;
                        }
                    }
                });
                let as_pipe = check(plain(["--jobs".into(), jobs.into(), pipe]));
                assert_eq!(as_file.dump(), as_pipe.dump(), "{name} {jobs}");
            }
        }
    }

    #[test]
    fn what_never_ends_is_cut_at_the_limit() {
        let temp = Temp::new();
        let good = temp.write("good.json", application());
        for (number, (head, again, told_of)) in [
            ("", "{\"a\":1}\n", "unreadable-input"),
            ("[", "{\"appId\":1},", "unreadable-input"),
            ("[\n", "  {\n    \"id\": 1\n  },\n", "unreadable-input"),
            (
                "{\"value\":[{\"id\":1}],\"x\":\"",
                "yyyyyyyy",
                "unreadable-input",
            ),
            ("\"", "endless text ", "unreadable-input"),
            ("", "    \n", "unreadable-input"),
            ("\u{feff}[", "1, ", "unreadable-input"),
            // What cannot become JSON any more need not be read at all.
            ("", "y\n", "invalid-json"),
            ("", "\0\0\0\0", "invalid-json"),
        ]
        .into_iter()
        .enumerate()
        {
            for jobs in ["1", "3"] {
                let name = format!("endless-{number}-{jobs}.json");
                let pipe = temp.pipe(&name, move |mut pipe| {
                    let block = again.repeat(4000);
                    let mut done = pipe.write_all(head.as_bytes());
                    while done.is_ok() {
                        done = pipe.write_all(block.as_bytes());
                    }
                });
                let words = ["--max-input-size", "1M", "--jobs", jobs];
                let words = words.map(OsString::from).into_iter();
                let told = check(plain(words.chain([pipe.into(), good.clone().into()])));
                let want = [
                    format!("{name} {told_of}"),
                    "good.json secret-expired".to_owned(),
                ];
                assert_eq!(by_file(&told), want, "{head}{again} {jobs}");
                assert_eq!(told.incomplete, told_of == "unreadable-input");
            }
        }
    }

    #[test]
    fn links_and_special_files_lead_nowhere() {
        let temp = Temp::new();
        temp.write("tree/app.json", application());
        let tree = temp.path("tree");
        let outside = temp.write("outside.json", application());
        symlink(&tree, tree.join("loop")).expect("a link");
        symlink("..", tree.join("up.json")).expect("a link");
        symlink(&outside, tree.join("out.json")).expect("a link");
        symlink("nowhere.json", tree.join("dangling.json")).expect("a link");
        // Nobody ever writes to it: whoever opened it would wait.
        let made = std::process::Command::new("mkfifo")
            .arg(tree.join("pipe.json"))
            .status();
        assert!(made.expect("mkfifo").success());
        fs::create_dir(tree.join("folder.json")).expect("a folder");
        let told = check_path(&tree, &PLAIN);
        assert_eq!(by_file(&told), ["app.json secret-expired"]);
        assert!(!told.incomplete);
        // A link that is named is followed; one to nowhere cannot be read.
        let told = check_path(tree.join("out.json"), &PLAIN);
        assert_eq!(told.rules(), ["secret-expired"]);
        for nowhere in ["dangling.json", "dangling.json/x.json", "app.json/x.json"] {
            let told = check_path(tree.join(nowhere), &PLAIN);
            assert_eq!(told.rules(), ["unreadable-input"], "{nowhere}");
            assert!(told.incomplete, "{nowhere}");
        }
    }

    #[test]
    fn what_may_not_be_read_is_told() {
        let temp = Temp::new();
        temp.write("tree/good.json", application());
        let secret = temp.write("tree/not-mine.json", application());
        temp.write("tree/locked/app.json", application());
        let locked = temp.path("tree/locked");
        for path in [&secret, &locked] {
            fs::set_permissions(path, Permissions::from_mode(0o000)).expect("my file");
        }
        // Nothing is locked for root.
        if File::open(&secret).is_err() {
            let told = check_path(temp.path("tree"), &PLAIN);
            assert!(told.incomplete);
            assert_eq!(
                by_file(&told),
                [
                    "good.json secret-expired",
                    "locked unreadable-input",
                    "not-mine.json unreadable-input"
                ]
            );
            let reasons = told.findings[1..].iter().map(|found| &found.message);
            assert!(
                reasons
                    .into_iter()
                    .all(|reason| reason.contains("permission denied"))
            );
        }
        for path in [&secret, &locked] {
            fs::set_permissions(path, Permissions::from_mode(0o700)).expect("my file");
        }
    }
}
