use super::*;

fn as_is(text: &str) -> String {
    text.to_owned()
}

fn problem() -> Problem {
    crate::config::read("profile = 1")
        .expect_err("a wrong type")
        .remove(0)
}

fn unfit(message: &str) -> Unfit {
    Unfit {
        line: 1,
        column: 2,
        message: message.to_owned(),
    }
}

fn every_failure() -> Vec<Failure> {
    let io = |kind: io::ErrorKind| io::Error::from(kind);
    vec![
        Failure::UnknownRule("--select", "cleint".to_owned()),
        Failure::UnknownRule("explain", "implicit".to_owned()),
        Failure::UnknownProfile("entr".to_owned(), vec!["entra".to_owned()]),
        Failure::UnknownSchema("x".to_owned(), vec!["config", "report"]),
        Failure::NoRuleLeft,
        Failure::BadNow("yesterday".to_owned()),
        Failure::BadSourceDateEpoch("1.5".to_owned()),
        Failure::BadGlob("[".to_owned(), "unclosed".to_owned()),
        Failure::ConfigIo("a.toml".to_owned(), io(io::ErrorKind::NotFound)),
        Failure::ConfigIo("a.toml".to_owned(), io(io::ErrorKind::PermissionDenied)),
        Failure::ConfigTooLarge("a.toml".to_owned()),
        Failure::Config("a.toml".to_owned(), vec![problem()]),
        Failure::FixStream("-".to_owned()),
        Failure::CurrentFolder(io(io::ErrorKind::NotFound)),
        Failure::Output(io(io::ErrorKind::StorageFull)),
        Failure::Target("a.csv".to_owned(), io::Error::other("it is a folder")),
        Failure::OneTarget("json", "sarif", None),
        Failure::OneTarget("json", "sarif", Some("a.json".to_owned())),
        Failure::StoredIo("r.json".to_owned(), io(io::ErrorKind::NotFound)),
        Failure::Stored("r.json".to_owned(), unfit("not JSON")),
        Failure::ConfigExists("entralint.toml".to_owned()),
        Failure::ConfigWrite(
            "entralint.toml".to_owned(),
            io(io::ErrorKind::PermissionDenied),
        ),
        Failure::NothingToLint(vec!["exports".to_owned()]),
        Failure::NothingToJudge,
        Failure::UnknownInstance(vec!["plant".to_owned()]),
        Failure::NoProfile,
        Failure::Internal("index out of bounds".to_owned()),
    ]
}

#[test]
fn each_says_what_happened_and_what_to_do() {
    for failure in every_failure() {
        let (message, shown) = (failure.message(), failure.render(false, &as_is));
        assert!(
            !message.contains('\n') && !message.ends_with('.'),
            "{message}"
        );
        assert!(!failure.to_string().contains('\n'));
        assert!(
            shown.starts_with("error: ") && shown.ends_with('\n'),
            "{shown}"
        );
        assert!(!shown.contains('\x1b'));
        let nothing = matches!(failure, Failure::NothingToLint(_) | Failure::NothingToJudge);
        assert_eq!(failure.exit_code(), if nothing { 3 } else { 2 });
    }
    let nearest = |at: usize| every_failure()[at].help().unwrap_or_default();
    assert_eq!(nearest(0), "did you mean the group `client`?");
    assert_eq!(nearest(1), "did you mean `implicit-grant`?");
    assert_eq!(nearest(2), "did you mean `entra`?");
    assert_eq!(nearest(3), "known: config, report");
}

#[test]
fn a_closed_pipe_is_told_from_a_full_disk() {
    let closed = Failure::Output(io::ErrorKind::BrokenPipe.into());
    assert!(closed.is_closed_pipe());
    assert!(!every_failure().iter().any(Failure::is_closed_pipe));
}

#[test]
fn nothing_foreign_gets_by_unclean() {
    let esc = "a\x1b[31m\u{202e}b";
    let clean = |text: &str| text.replace(['\x1b', '\u{202e}'], "?");
    let error = || io::Error::other(esc);
    let mut problem = problem();
    problem.help = Some(esc.to_owned());
    problem.excerpt.before = esc.to_owned();
    problem.message = esc.to_owned();
    for failure in [
        Failure::UnknownRule("--select", esc.to_owned()),
        Failure::UnknownProfile(esc.to_owned(), vec![esc.to_owned()]),
        Failure::BadNow(esc.to_owned()),
        Failure::BadSourceDateEpoch(esc.to_owned()),
        Failure::BadGlob(esc.to_owned(), esc.to_owned()),
        Failure::ConfigIo(esc.to_owned(), error()),
        Failure::ConfigTooLarge(esc.to_owned()),
        Failure::Config(esc.to_owned(), vec![problem]),
        Failure::Output(error()),
        Failure::Target(esc.to_owned(), error()),
        Failure::OneTarget("json", "sarif", Some(esc.to_owned())),
        Failure::StoredIo(esc.to_owned(), error()),
        Failure::Stored(esc.to_owned(), unfit(esc)),
        Failure::ConfigExists(esc.to_owned()),
        Failure::ConfigWrite(esc.to_owned(), io::Error::other(esc)),
        Failure::NothingToLint(vec![esc.to_owned()]),
        Failure::Internal(esc.to_owned()),
    ] {
        let shown = failure.render(false, &clean);
        assert!(!shown.contains(['\x1b', '\u{202e}']), "{shown:?}");
    }
}

#[test]
fn the_mark_stands_below_what_is_shown() {
    // What is cleaned may grow; the mark grows with it.
    let clean = |text: &str| text.replace('\u{202e}', "\\u{202e}");
    let problems = crate::config::read("profile = \"\u{202e}\"").expect_err("no profile");
    let shown = Failure::Config("a.toml".to_owned(), problems).render(false, &clean);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[3], "1 | profile = \"\\u{202e}\"");
    assert_eq!(lines[4], "  |           ^^^^^^^^^^");
}

#[test]
fn color_only_when_asked_for() {
    let failure = Failure::Config("a.toml".to_owned(), vec![problem()]);
    assert!(
        failure
            .render(true, &as_is)
            .starts_with("\x1b[1m\x1b[31merror")
    );
}
