//! The evaluation date. The only file that reads the clock: everything else is told what time it
//! is, so that the same input gives the same report at any time.

use std::ffi::OsStr;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::failure::Failure;
use crate::model::{Date, Instant};

/// The evaluation date: `--now`, else `SOURCE_DATE_EPOCH`, else the system clock. Whole seconds:
/// what a report says it was evaluated at, given to `--now`, gives that report again.
///
/// # Errors
/// [`Failure::BadNow`] and [`Failure::BadSourceDateEpoch`].
pub fn evaluation_date(
    now: Option<&str>,
    source_date_epoch: Option<&OsStr>,
) -> Result<Instant, Failure> {
    if let Some(text) = now {
        return typed(text).ok_or_else(|| Failure::BadNow(text.to_owned()));
    }
    if let Some(text) = source_date_epoch {
        return epoch(text)
            .ok_or_else(|| Failure::BadSourceDateEpoch(text.to_string_lossy().into_owned()));
    }
    Ok(system())
}

/// A date (its midnight in UTC) or an RFC 3339 date and time.
fn typed(text: &str) -> Option<Instant> {
    let text = text.trim();
    if !is_date(text) && !is_rfc3339(text) {
        return None;
    }
    Date::parse(text).instant().map(whole_seconds)
}

fn is_date(text: &str) -> bool {
    looks_like(text.as_bytes(), "0000-00-00")
}

/// RFC 3339, section 5.6: a zone is not optional.
fn is_rfc3339(text: &str) -> bool {
    let Some((moment, rest)) = text.as_bytes().split_at_checked(19) else {
        return false;
    };
    let digits = match rest {
        [b'.', rest @ ..] => rest.iter().take_while(|b| b.is_ascii_digit()).count() + 1,
        _ => 0,
    };
    let zone = &rest[digits..];
    let time = ["0000-00-00T00:00:00", "0000-00-00t00:00:00"];
    let zoned =
        matches!(zone, b"Z" | b"z") || looks_like(zone, "+00:00") || looks_like(zone, "-00:00");
    time.iter().any(|form| looks_like(moment, form)) && zoned && digits != 1
}

/// Whether `text` has a digit wherever `form` has a zero, and is otherwise equal to it.
fn looks_like(text: &[u8], form: &str) -> bool {
    text.len() == form.len()
        && text
            .iter()
            .zip(form.bytes())
            .all(|(&byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            })
}

/// "An ASCII representation of an integer", seconds since 1970
/// (reproducible-builds.org, "SOURCE_DATE_EPOCH specification").
fn epoch(text: &OsStr) -> Option<Instant> {
    let text = text.to_str()?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let instant = Instant(text.parse::<i64>().ok()?.checked_mul(1000)?);
    // The same range as `--now`: milliseconds given for seconds are an error, not the year 58000.
    (instant < typed("2198-12-31")?).then_some(instant)
}

#[expect(clippy::disallowed_methods, reason = "the home of the clock")]
fn system() -> Instant {
    let ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    };
    whole_seconds(Instant(ms))
}

fn whole_seconds(instant: Instant) -> Instant {
    Instant(instant.0.saturating_sub(instant.0.rem_euclid(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(now: Option<&str>, epoch: Option<&str>) -> Option<String> {
        evaluation_date(now, epoch.map(OsStr::new))
            .ok()
            .map(Instant::rfc3339)
    }

    #[test]
    fn now_is_a_date_or_rfc_3339() {
        for (text, want) in [
            ("2026-11-23", Some("2026-11-23T00:00:00Z")),
            ("2026-11-23T01:02:03Z", Some("2026-11-23T01:02:03Z")),
            ("2026-11-23t01:02:03.999z", Some("2026-11-23T01:02:03Z")),
            ("2026-11-23T01:02:03+02:00", Some("2026-11-22T23:02:03Z")),
            ("2026-11-23T01:02:03.5-02:00", Some("2026-11-23T03:02:03Z")),
            ("2026-11-23T01:02:03", None),
            ("2026-11-23T01:02:03.Z", None),
            ("2026-11-23T01:02Z", None),
            ("2026-02-30", None),
            ("20261123", None),
            ("11/23/2026", None),
            ("/Date(1697738399652)/", None),
            ("0001-01-01", None),
            ("9999-12-31T23:59:59Z", None),
            ("tomorrow", None),
            ("2026-11-2\u{660}", None),
            ("", None),
        ] {
            assert_eq!(at(Some(text), None).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn source_date_epoch_is_whole_seconds() {
        for (text, want) in [
            ("0", Some("1970-01-01T00:00:00Z")),
            ("1795392000", Some("2026-11-23T00:00:00Z")),
            ("1795392000000", None),
            ("99999999999999999999", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            (" 1", None),
            ("", None),
        ] {
            assert_eq!(at(None, Some(text)).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn now_outranks_the_environment_and_that_the_clock() {
        assert_eq!(
            at(Some("2026-11-23"), Some("nonsense")).as_deref(),
            Some("2026-11-23T00:00:00Z")
        );
        let clock = evaluation_date(None, None).expect("the clock is always there");
        assert_eq!(clock.0 % 1000, 0);
        assert!(clock.rfc3339().as_str() > "2026-01-01");
    }
}
