//! Dates as the exports write them, all in UTC.

use jiff::civil;
use jiff::fmt::temporal::{Pieces, PiecesOffset};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
///
/// Exports carry up to seven fraction digits; what is finer than a millisecond is dropped.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

const DAY_MS: i64 = 86_400_000;

impl Instant {
    /// Whole days from `earlier` to `self`, rounded down; negative when `self` is earlier.
    pub fn days_since(self, earlier: Instant) -> i64 {
        (self.0 - earlier.0).div_euclid(DAY_MS)
    }

    /// The moment `days` days later.
    pub fn plus_days(self, days: i64) -> Instant {
        Instant(self.0.saturating_add(days.saturating_mul(DAY_MS)))
    }

    /// `2026-11-23`.
    pub fn date(self) -> String {
        self.civil().date().to_string()
    }

    /// `2026-11-23T00:00:00Z`, whole seconds.
    pub fn rfc3339(self) -> String {
        let c = self.civil();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            c.year(),
            c.month(),
            c.day(),
            c.hour(),
            c.minute(),
            c.second()
        )
    }

    fn civil(self) -> civil::DateTime {
        let span = jiff::SignedDuration::from_millis(self.0);
        EPOCH.saturating_add(span)
    }
}

const EPOCH: civil::DateTime = civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// What a date property says.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Date {
    At(Instant),
    /// A stand-in for "never", such as 9999-12-31 (.NET `DateTime.MaxValue`) or 2299-12-31.
    Never,
    /// A stand-in for "not set": 0001-01-01 (`DateTime.MinValue`) or 1900-01-01 (tool models).
    Unset,
    /// Not a date that can be read without guessing its locale, such as `10/19/2021 2:50:24 PM`.
    Unreadable,
}

impl Date {
    /// The moment, when there is one.
    pub fn instant(self) -> Option<Instant> {
        match self {
            Date::At(instant) => Some(instant),
            _ => None,
        }
    }

    /// Reads every spelling that Microsoft's tools export: RFC 3339 with 0 to 9 fraction digits
    /// and `Z`, an offset or no zone (taken as UTC), a date alone, and PowerShell 5.1's
    /// `/Date(ms)/` (Microsoft Learn, "ConvertTo-Json").
    pub fn parse(text: &str) -> Date {
        let text = text.trim();
        if let Some(inner) = text.strip_prefix("/Date(") {
            return powershell(inner).map_or(Date::Unreadable, Date::judge);
        }
        Date::parse_common(text).unwrap_or_else(|| general(text))
    }

    /// Reads the commonest spellings: `2026-12-20T07:50:01Z`, with or without a fraction and with
    /// `Z`, an offset or no zone. `None` for all others.
    pub fn parse_common(text: &str) -> Option<Date> {
        plain(text.as_bytes()).map(Date::judge)
    }

    /// Tells moments from stand-ins.
    fn judge(instant: Instant) -> Date {
        // Nothing in a directory is dated before it existed, and no credential is meant to live
        // for two centuries: such dates are how .NET and tools spell "unset" and "never".
        const YEAR_1950: i64 = -631_152_000_000;
        const YEAR_2199: i64 = 7_226_582_400_000;
        match instant.0 {
            ms if ms < YEAR_1950 => Date::Unset,
            ms if ms >= YEAR_2199 => Date::Never,
            _ => Date::At(instant),
        }
    }
}

/// The commonest spellings, read without the general parser: four of these stand in every
/// application, one in every role assignment.
fn plain(b: &[u8]) -> Option<Instant> {
    let (head, tail) = b.split_first_chunk::<19>()?;
    if (head[4], head[7], head[13], head[16]) != (b'-', b'-', b':', b':')
        || !matches!(head[10], b'T' | b't' | b' ')
    {
        return None;
    }
    let two = |at: usize| number(head[at], head[at + 1]);
    let (year, month, day) = (two(0)? * 100 + two(2)?, two(5)?, two(8)?);
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let (ms, zone) = match tail.strip_prefix(b".") {
        Some(fraction) => milliseconds(fraction)?,
        None => (0, tail),
    };
    let offset = match zone {
        b"" | b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(*h1, *h2)?, number(*m1, *m2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = (hours * 60 + minutes) * 60_000;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date = civil::Date::new(year as i16, month as i8, day as i8).ok()?;
    Some(Instant(
        days_from_civil(date) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms - offset,
    ))
}

/// The number that two digits write.
fn number(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}

/// The milliseconds of a fraction of one to nine digits, and what stands behind it.
fn milliseconds(fraction: &[u8]) -> Option<(i64, &[u8])> {
    let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
    if !(1..=9).contains(&digits) {
        return None;
    }
    let (digits, behind) = fraction.split_at(digits);
    let digit = |at: usize| digits.get(at).map_or(0, |digit| i64::from(digit - b'0'));
    Some((digit(0) * 100 + digit(1) * 10 + digit(2), behind))
}

/// Every spelling of ISO 8601 that names a day.
fn general(text: &str) -> Date {
    let Ok(pieces) = Pieces::parse(text) else {
        return Date::Unreadable;
    };
    let time = pieces.time().unwrap_or(civil::Time::midnight());
    let civil = pieces.date().to_datetime(time);
    let offset = match pieces.offset() {
        Some(PiecesOffset::Numeric(numeric)) => i64::from(numeric.offset().seconds()),
        _ => 0,
    };
    let ms = civil.duration_since(EPOCH).as_millis();
    Date::judge(Instant(ms as i64 - offset * 1000))
}

/// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn days_from_civil(date: civil::Date) -> i64 {
    let (y, m, d) = (
        i64::from(date.year()),
        i64::from(date.month()),
        i64::from(date.day()),
    );
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

/// `1697738399652)/` or `1697738399652+0200)/`: milliseconds in UTC; the offset is decoration.
fn powershell(inner: &str) -> Option<Instant> {
    let inner = inner.strip_suffix(")/")?;
    let end = inner
        .char_indices()
        .skip(1)
        .find(|(_, c)| matches!(c, '+' | '-'))
        .map_or(inner.len(), |(at, _)| at);
    inner[..end].parse::<i64>().ok().map(Instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> String {
        match Date::parse(text) {
            Date::At(instant) => instant.rfc3339(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn every_spelling_that_exports_use() {
        for (text, want) in [
            ("2022-06-09T05:55:05Z", "2022-06-09T05:55:05Z"),
            ("2024-12-07T09:02:39.7238884Z", "2024-12-07T09:02:39Z"),
            ("2020-09-09T21:33:06.3Z", "2020-09-09T21:33:06Z"),
            ("2020-08-21T06:27:56.96504Z", "2020-08-21T06:27:56Z"),
            ("2020-08-21T06:27:56.123456789Z", "2020-08-21T06:27:56Z"),
            ("2025-07-07T10:40:28.221615+00:00", "2025-07-07T10:40:28Z"),
            ("2018-10-12T00:00:00-05:00", "2018-10-12T05:00:00Z"),
            ("2025-02-13T10:17:05", "2025-02-13T10:17:05Z"),
            ("2026-03-01", "2026-03-01T00:00:00Z"),
            ("/Date(1697738399652)/", "2023-10-19T17:59:59Z"),
            ("/Date(1697738399652+0200)/", "2023-10-19T17:59:59Z"),
            ("/Date(-62135596800000)/", "Unset"),
            ("0001-01-01T00:00:00", "Unset"),
            ("1900-01-01T00:00:00Z", "Unset"),
            ("9999-12-31T23:59:59.9999999Z", "Never"),
            ("9999-12-31T23:59:59.9999999", "Never"),
            ("2299-12-31T00:00:00Z", "Never"),
            ("10/19/2021 2:50:24 PM", "Unreadable"),
            ("2025-06-06 09:44:17 AM", "Unreadable"),
            ("2025-13-01T00:00:00Z", "Unreadable"),
            ("2025-02-30T00:00:00Z", "Unreadable"),
            ("", "Unreadable"),
        ] {
            assert_eq!(at(text), want, "{text}");
        }
    }

    #[test]
    fn the_short_way_agrees_with_the_general_one() {
        for year in [1970, 1999, 2000, 2024, 2026, 2100] {
            for (month, day) in [(1, 1), (2, 28), (3, 1), (12, 31)] {
                for zone in [
                    "Z", "z", "", "+00:00", "-00:00", "+05:30", "-08:00", "+23:59",
                ] {
                    for fraction in ["", ".7", ".789", ".7890123", ".789012345"] {
                        let text = format!("{year}-{month:02}-{day:02}T12:34:56{fraction}{zone}");
                        let short = plain(text.as_bytes()).map(Date::judge);
                        assert_eq!(short, Some(general(&text)), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn days_round_down() {
        let noon = Instant(DAY_MS / 2);
        assert_eq!(noon.days_since(Instant(0)), 0);
        assert_eq!(Instant(0).days_since(noon), -1);
        assert_eq!(noon.plus_days(3).days_since(noon), 3);
    }
}
