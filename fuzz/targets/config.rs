//! `entralint.toml` of any bytes: it is a configuration or it has problems, each of which points
//! into it and can be shown; a configuration that was taken makes a run.
#![no_main]

use std::path::Path;
use std::sync::{LazyLock, Mutex};

use entralint::config;
use entralint::failure::Failure;
use entralint::report::safe;
use entralint_fuzz::common::parsers::assert_harmless;
use entralint_fuzz::common::run::check;
use entralint_fuzz::desk::Desk;
use libfuzzer_sys::fuzz_target;

static DESK: LazyLock<Mutex<Desk>> = LazyLock::new(Mutex::default);

fuzz_target!(|data: &[u8]| {
    let text = std::str::from_utf8(data).ok();
    let text = text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text));
    if let Some(text) = text {
        let masked = config::masked(text);
        assert_eq!(masked.chars().count(), text.chars().count());
    }
    match config::parse(data) {
        Ok(_) => {
            let text = text.expect("it was read");
            assert!(text.parse::<toml::Table>().is_ok());
            let desk = DESK.lock().expect("one target, one thread");
            let config = desk.put("entralint.toml", data);
            let app = Path::new(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../fixtures/tenants/first-steps"
            ));
            let told = check(["--config".into(), config, app.into()]);
            assert!(told.troubles.is_empty(), "{:?}", told.troubles);
        }
        Err(problems) => {
            assert!(!problems.is_empty() && problems.len() <= config::MOST + 1);
            let lines = text.map(|text| text.split('\n').count());
            for problem in &problems {
                assert!(problem.line >= 1 && problem.column >= 1);
                assert!(lines.is_none_or(|lines| problem.line <= lines));
            }
            let failure = Failure::Config("entralint.toml".to_owned(), problems);
            let shown = failure.render(false, &|text| safe::line(text).into_owned());
            assert_harmless(&shown);
            assert!(shown.len() < 64 * 1024);
        }
    }
});
