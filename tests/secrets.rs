//! Secrets that stand where nobody expects them: no format, option, command or error tells one.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use common::run::NOW;
use entralint::report::Format;
use serde_json::{Value, json};
use tempfile::TempDir;

/// An application that can be mended in its file.
const MANIFEST: &str = "fixtures/rules/adt-localhost-redirect-wrong-platform/bad.json";
/// A registration, its service principal, instances, assignments, people.
const TENANT: &str = "fixtures/access/group-known";

/// In the shape of a client secret of Entra; the number tells where it was planted.
fn secret(number: u32) -> String {
    format!(
        "xY{}8Q~{}aBcDeFgHiJkLmNoPq0123456789",
        number % 10,
        mark(number)
    )
}

/// Without any shape: only a name tells.
fn mark(number: u32) -> String {
    format!("CANARY{number:02}")
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| {
            bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            out.push(if at <= chunk.len() {
                char::from(LETTERS[(bits >> (18 - 6 * at)) as usize & 63])
            } else {
                '='
            });
        }
    }
    out
}

/// Fails where `said` holds a canary: plain, in base64, percent-encoded, or escaped as in JSON.
fn assert_clean(said: &[u8], what: &str) {
    let mut said = String::from_utf8_lossy(said).into_owned();
    for _ in 0..3 {
        let lower = said.to_lowercase();
        for canary in [
            "canary",
            "q0foqvj",
            "nbtkfsw",
            "dqu5bul",
            "qwbbae4aqqbsafka",
        ] {
            if let Some(at) = lower.find(canary) {
                let around: String = lower
                    .chars()
                    .skip(lower[..at].chars().count().saturating_sub(120))
                    .take(240)
                    .collect();
                panic!("{what} tells {canary}: {around}");
            }
        }
        said = decoded(&said);
    }
}

/// `%41` and `\u0041` undone.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['%', '\\']) {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at..];
        let (skip, digits) = if rest.starts_with("\\u") {
            (2, 4)
        } else {
            (1, 2)
        };
        let code = (skip == 2 || rest.starts_with('%'))
            .then(|| rest.get(skip..skip + digits))
            .flatten();
        let length =
            match code.and_then(|code| u8::try_from(u32::from_str_radix(code, 16).ok()?).ok()) {
                Some(byte) => {
                    bytes.push(byte);
                    skip + digits
                }
                None => {
                    bytes.push(rest.as_bytes()[0]);
                    1
                }
            };
        rest = &rest[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The application with a secret in nearly every text that it has.
fn planted() -> Value {
    let text = fs::read_to_string(MANIFEST).expect("a fixture");
    let mut app: Value = serde_json::from_str(&text).expect("JSON");
    let url = |number: u32| {
        format!(
            "http://Fabrikam.example/cb?state=1&client_secret={}#x",
            mark(number)
        )
    };
    app["displayName"] = json!(format!("Gateway {}", secret(1)));
    app["notes"] = json!(format!("the password is {}", secret(2)));
    app["description"] = json!(format!("Bearer eyJhbGciOiJub25lIn0.{}.x", mark(3)));
    app["tags"] = json!([secret(4), secret(4)]);
    app["web"]["redirectUris"] = json!([
        "http://localhost",
        url(5),
        url(5),
        format!("http://a.example/*/{}", secret(6)),
        format!("https://joe:{}@a.example/cb", mark(7)),
        format!("https://a.example/#access_token={}", mark(8)),
    ]);
    app["web"]["logoutUrl"] = json!(url(9));
    app["web"]["homePageUrl"] = json!(url(9));
    app["identifierUris"] = json!([url(10), format!("api://{}", secret(10))]);
    app["passwordCredentials"] = json!([
        {
            "displayName": secret(11),
            "customKeyIdentifier": base64(&secret(12)),
            "keyId": "5e0c8d17-42ab-4a3e-8f92-d7b16c9e0a34",
            "startDateTime": "2020-01-01T00:00:00Z",
            "endDateTime": "2026-01-01T00:00:00Z",
            "secretText": mark(13),
            "hint": "abc"
        },
        { "keyId": secret(14), "endDateTime": secret(14) }
    ]);
    app["keyCredentials"] = json!([{
        "displayName": format!("CN={}", secret(15)),
        "customKeyIdentifier": secret(15),
        "keyId": "6e0c8d17-42ab-4a3e-8f92-d7b16c9e0a35",
        "type": "AsymmetricX509Cert", "usage": "Verify",
        "startDateTime": "2020-01-01T00:00:00Z",
        "endDateTime": "2026-01-01T00:00:00Z",
        "key": format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", mark(16))
    }]);
    app["owners"] = json!([{
        "@odata.type": "#microsoft.graph.user",
        "id": "7e0c8d17-42ab-4a3e-8f92-d7b16c9e0a36",
        "displayName": format!("Joe {}", secret(17)),
        "userPrincipalName": format!("{}@a.example", secret(17))
    }]);
    app["appRoles"] = json!([
        { "id": "8e0c8d17-42ab-4a3e-8f92-d7b16c9e0a37", "value": secret(18), "displayName": secret(18),
          "description": secret(18), "isEnabled": true, "allowedMemberTypes": ["User"] },
        { "id": "9e0c8d17-42ab-4a3e-8f92-d7b16c9e0a38", "value": secret(18), "displayName": secret(18),
          "description": secret(18), "isEnabled": true, "allowedMemberTypes": ["User"] }
    ]);
    app["federatedIdentityCredentials"] = json!([{
        "id": "1f0c8d17-42ab-4a3e-8f92-d7b16c9e0a39", "name": secret(19),
        "issuer": url(19), "subject": format!("repo:{}:*", secret(19)), "audiences": [secret(19)],
        "description": secret(19)
    }]);
    app["info"] = json!({ "marketingUrl": url(20), "supportUrl": url(20) });
    app["optionalClaims"] = json!({ "idToken": [{ "name": secret(21) }] });
    app["signInAudience"] = json!(secret(22));
    app
}

/// Every file that is told to hold a secret, by its name.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let app = planted();
    let pretty = serde_json::to_string_pretty(&app).expect("JSON");
    let line = app.to_string();
    let mut wrong = app.clone();
    wrong["displayName"] = json!({ "secretText": mark(30) });
    wrong["passwordCredentials"] = json!(secret(31));
    wrong["web"] = json!(secret(32));
    wrong["tags"] = json!({ "password": mark(33) });
    wrong["requiredResourceAccess"] = json!([secret(34)]);
    let deep = format!(
        "{}{{\"secretText\": \"{}\"}}{}",
        "{\"a\": [".repeat(300),
        mark(35),
        "]}".repeat(300)
    );
    let error = json!({ "error": {
        "code": "InvalidAuthenticationToken",
        "message": format!("the secret {} of ?client_secret={} is wrong", secret(36), mark(36)),
        "innerError": { "request-id": secret(36) }
    }});
    let twice = pretty.replacen('{', &format!("{{ \"{0}\": 1, \"{0}\": 2,", secret(37)), 1);
    let credential = json!([{
        "id": "2f0c8d17-42ab-4a3e-8f92-d7b16c9e0a40", "name": secret(38),
        "issuer": format!("https://a.example/?sig={}", mark(38)),
        "subject": secret(38), "audiences": ["api://AzureADTokenExchange"]
    }]);
    let utf16 = |text: &str| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let at = pretty.find("\"tags\"").expect("tags");
    vec![
        ("app.json", pretty.clone().into_bytes()),
        ("cut.json", pretty[..pretty.len() / 2].into()),
        (
            "broken.json",
            format!("{} : {}", &pretty[..at], &pretty[at..]).into_bytes(),
        ),
        (
            "unquoted.json",
            format!(
                "{{ clientSecret: {}, 'password': '{}' }}",
                secret(39),
                mark(39)
            )
            .into_bytes(),
        ),
        (
            "lines.ndjson",
            format!("{line}\n{line}\n{{\"secretText\": \"{}\" \"x\"\n", mark(40)).into_bytes(),
        ),
        (
            "page.json",
            format!("{{\"value\":[{line},{line}]}}").into_bytes(),
        ),
        ("wrong.json", wrong.to_string().into_bytes()),
        ("deep.json", deep.into_bytes()),
        ("error.json", error.to_string().into_bytes()),
        ("twice.json", twice.into_bytes()),
        ("federated.json", credential.to_string().into_bytes()),
        ("utf16.json", utf16(&pretty)),
        ("utf16-cut.json", utf16(&pretty[..at + 30])),
    ]
}

/// A tenant whose names and texts are secrets.
fn tenant(folder: &Path) {
    let entries = fs::read_dir(TENANT).expect("a case").flatten();
    for entry in entries.filter(|entry| entry.path().is_file()) {
        let mut text = fs::read_to_string(entry.path()).expect("a file");
        let mut number = 50;
        for name in [
            "displayName",
            "principalName",
            "name",
            "appDisplayName",
            "description",
            "roleName",
            "condition",
        ] {
            let mut out = String::new();
            let mut rest = text.as_str();
            let member = format!("\"{name}\": \"");
            while let Some(at) = rest.find(&member) {
                let value = at + member.len();
                let end = value + rest[value..].find('"').expect("an end");
                let _ = write!(
                    out,
                    "{}{} {}",
                    &rest[..value],
                    &rest[value..end],
                    secret(number)
                );
                rest = &rest[end..];
                number += 1;
            }
            out.push_str(rest);
            text = out;
        }
        fs::write(folder.join(entry.file_name()), text).expect("a file");
    }
}

struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().expect("a folder"));
        for (name, bytes) in files() {
            fs::write(desk.0.path().join(name), bytes).expect("a file");
        }
        desk
    }

    /// What the program says, on both streams, of words typed in the folder.
    fn run(&self, words: &[&str], input: &[u8]) -> Vec<u8> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_entralint"))
            .args(words)
            .current_dir(self.0.path())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        // It may not want it all.
        let _ = child.stdin.take().expect("a pipe").write_all(input);
        let done = child.wait_with_output().expect("it ends");
        assert!(
            matches!(done.status.code(), Some(0..=3)),
            "{words:?}: {:?}",
            done.status
        );
        [done.stdout, done.stderr].concat()
    }

    fn check(&self, words: &[&str]) -> Vec<u8> {
        let said = self.run(
            &[&["check", "--now", NOW, "--no-config", "--all-apps"], words].concat(),
            b"",
        );
        assert_clean(&said, &format!("check {words:?}"));
        said
    }
}

#[test]
fn canaries_are_found_in_every_dress() {
    for dress in [
        "xCaNaRy",
        "%43%41%4e%41%52%59",
        "\\u0043\\u0041NARY",
        "%2543ANARY",
        &base64("CANARY0"),
        &base64("1CANARY0"),
        &base64("12CANARY0"),
    ] {
        let dressed = dress.to_owned();
        let told = std::panic::catch_unwind(move || assert_clean(dressed.as_bytes(), "it"));
        assert!(told.is_err(), "{dress}");
    }
    assert_clean(b"can ary %4 \\u00", "it");
}

#[test]
fn no_format_tells_a_secret() {
    let desk = Desk::new();
    for format in Format::ALL {
        let format = format.name();
        for more in [
            &["--persona", "audit"][..],
            &[
                "-vv",
                "--persona",
                "audit",
                "--show-suppressed",
                "--statistics",
            ],
            &["-q", "--statistics"],
        ] {
            let said = desk.check(&[&["--format", format, "."], more].concat());
            assert!(said.len() > 100, "{format} {more:?}");
        }
    }
}

/// The rules that quote what they find were all here.
#[test]
fn what_was_planted_is_found() {
    let desk = Desk::new();
    let said = desk.check(&["--format", "concise", "--persona", "audit", "app.json"]);
    let said = String::from_utf8(said).expect("UTF-8");
    let masked = said.lines().filter(|line| line.contains("••••••")).count();
    assert!(masked > 10, "{masked} of {said}");
    // What is no secret is still there to be found.
    assert!(said.contains("state=1&client_secret=••••••#x"), "{said}");
}

#[test]
fn no_way_in_and_none_to_mend_tells_a_secret() {
    let desk = Desk::new();
    for (name, bytes) in files() {
        let words = [
            "check",
            "--now",
            NOW,
            "--no-config",
            "--color",
            "always",
            "-v",
            "-",
        ];
        assert_clean(
            &desk.run(&words, &bytes),
            &format!("standard input of {name}"),
        );
        desk.check(&["--diff", name]);
        let fixed = desk.check(&["--fix", name]);
        assert!(!fixed.is_empty(), "{name}");
        // `--fix` writes the file that is there; the next must find it as it was.
        fs::write(desk.0.path().join(name), bytes).expect("a file");
    }
    for baseline in ["app.json", "cut.json"] {
        desk.check(&["--baseline", baseline, "app.json"]);
    }
    let said = desk.run(&["check", "--config", "broken.json", "app.json"], b"");
    assert_clean(&said, "a file that is no configuration");
    for report in ["app.json", "cut.json", "twice.json"] {
        assert_clean(&desk.run(&["convert", report], b""), "what is no report");
    }
}

#[test]
fn no_stored_report_and_no_baseline_tells_a_secret() {
    let desk = Desk::new();
    let path = |name: &str| desk.0.path().join(name);
    let outside = tempfile::tempdir().expect("a folder");
    let stored = outside.path().join("report.json").display().to_string();
    let baseline = outside.path().join("known.json").display().to_string();
    desk.check(&[
        "--persona",
        "audit",
        "--format",
        &format!("json={stored}"),
        "--write-baseline",
        &baseline,
        ".",
    ]);
    for file in [&stored, &baseline] {
        let text = fs::read(file).expect("it was written");
        assert!(text.len() > 1000, "{file}");
        assert_clean(&text, file);
    }
    desk.check(&[
        "--persona",
        "audit",
        "--baseline",
        &baseline,
        "--show-suppressed",
        "-v",
        ".",
    ]);
    for format in Format::ALL {
        let said = desk.run(&["convert", &stored, "--format", format.name()], b"");
        assert_clean(&said, &format!("convert to {}", format.name()));
    }
    // A report that another version wrote, or a person.
    let text = fs::read_to_string(&stored).expect("a report");
    let older = text.replace("••••••", &secret(60));
    assert_ne!(older, text);
    fs::write(&stored, older).expect("it is written");
    for format in Format::ALL {
        let said = desk.run(&["convert", &stored, "--format", format.name(), "-v"], b"");
        assert_clean(
            &said,
            &format!("convert an older report to {}", format.name()),
        );
    }
    // Suppressions: their reasons, keys and subjects.
    let mut config = String::new();
    for (subject, key) in [
        (secret(61), mark(61)),
        (
            "3d1c2b64-8a0f-4f0e-9d4b-6f5a0c3e7b19".to_owned(),
            secret(62),
        ),
    ] {
        let _ = write!(
            config,
            "[[suppress]]\nrule = \"secret-expired\"\nsubject = \"{subject}\"\nkey = \"https://a.example/?client_secret={key}\"\n\
             reason = \"it is {}\"\nuntil = 2020-01-01\n",
            secret(63)
        );
    }
    fs::write(path("entralint.toml"), config).expect("it is written");
    for format in Format::ALL {
        let words = ["check", "--now", NOW, "--format", format.name(), "app.json"];
        assert_clean(
            &desk.run(&words, b""),
            &format!("suppressions in {}", format.name()),
        );
    }
}

#[test]
fn no_verdict_and_no_page_tells_a_secret() {
    let desk = Desk(tempfile::tempdir().expect("a folder"));
    tenant(desk.0.path());
    for words in [
        &["--format", "human"][..],
        &["-v"],
        &["--format", "json"],
        &["--format", "markdown"],
    ] {
        let said = desk.run(
            &[
                &["access", "--now", NOW, "--no-config", "--all-apps", "."],
                words,
            ]
            .concat(),
            b"",
        );
        assert!(said.len() > 300, "{words:?}");
        assert_clean(&said, &format!("access {words:?}"));
    }
    for format in Format::ALL {
        desk.check(&["--persona", "audit", "--format", format.name(), "."]);
    }
}
