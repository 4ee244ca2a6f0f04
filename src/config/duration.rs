//! Time spans as people write them: `30d`, `2w`, `6mo`, `1y`, `P30D`, `P1Y6M`.

use jiff::civil::{Date, date};
use jiff::{Span, Unit};

/// What a time span may look like, for messages.
pub const FORMS: &str = "30d, 2w, 6mo, 1y, or ISO 8601 such as P30D";

/// Where months and years are counted from. Long months and a leap day follow, so that a span
/// counts at its longest: a secret that was made for six months, whichever, is not longer
/// than `6mo`.
const FROM: Date = date(2023, 7, 1);

/// Nobody limits anything to more than a century.
const LONGEST: i64 = 36_525;

/// The days of a time span; `None` for any other text, and for more than a century.
pub fn days(text: &str) -> Option<i64> {
    if !is_friendly(text) && !is_iso(text) {
        return None;
    }
    let span: Span = text.parse().ok()?;
    let end = FROM.checked_add(span).ok()?;
    let days = FROM.until((Unit::Day, end)).ok()?.get_days();
    Some(i64::from(days)).filter(|days| *days <= LONGEST)
}

/// One number and one unit: what the configuration's schema allows, and nothing that has to be
/// thought about (`1 day 2 hours ago`).
fn is_friendly(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < text.len() && ["d", "w", "mo", "y"].contains(&unit)
}

/// ISO 8601: years, months and days in this order, or weeks alone.
fn is_iso(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix('P') else {
        return false;
    };
    let mut units = String::new();
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(letter) = unit.chars().next().filter(|_| unit.len() < rest.len()) else {
            return false;
        };
        units.push(letter);
        rest = &unit[letter.len_utf8()..];
    }
    ["Y", "YM", "YD", "YMD", "M", "MD", "W", "D"].contains(&units.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        for (text, want) in [
            ("30d", Some(30)),
            ("0d", Some(0)),
            ("2w", Some(14)),
            ("1mo", Some(31)),
            ("6mo", Some(184)),
            ("1y", Some(366)),
            ("2y", Some(731)),
            ("P30D", Some(30)),
            ("P2W", Some(14)),
            ("P6M", Some(184)),
            ("P1Y6M", Some(366 + 184)),
            ("P1Y1D", Some(367)),
            ("P1Y2M3D", Some(366 + 62 + 3)),
            ("100y", Some(36_524)),
        ] {
            assert_eq!(days(text), want, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_span() {
        for text in [
            "",
            "30",
            "d",
            "P",
            "PD",
            "P30",
            "-30d",
            "30 d",
            "30days",
            "1d2w",
            "PT24H",
            "P1D1Y",
            "P1W1D",
            "P1.5D",
            "1.5d",
            "30d ago",
            "p30d",
            "30D",
            "200y",
            "99999999999999999999d",
            " 30d",
            "P99999999999Y",
            "٣d",
            "P٣D",
        ] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
