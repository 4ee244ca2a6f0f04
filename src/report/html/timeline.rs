//! The lives of credentials on one axis of time, as an inline SVG.

use std::fmt::Write as _;

use super::credentials::{Row, class};
use super::tags;
use crate::inventory::Standing;
use crate::model::life::End;
use crate::model::{Date, Instant};
use crate::report::{phrase, safe};

/// Credentials that are drawn.
const MOST: usize = 200;
const WIDTH: f64 = 1000.0;
const LEFT: f64 = 250.0;
const RIGHT: f64 = 110.0;
const TOP: f64 = 30.0;
const ROW: f64 = 20.0;
/// Characters of a name.
const NAME: usize = 34;
/// Days before and after the evaluation date that are drawn at most, and after it at least.
const BEFORE: i64 = 3 * 365;
const AFTER: i64 = 3 * 365;
const NEAR: i64 = 90;

/// Draws the first of them; a federated credential has no time of its own.
pub fn draw(out: &mut String, rows: &[Row], now: Instant) {
    let all: Vec<&Row> = rows
        .iter()
        .filter(|row| row.held.standing != Standing::Endless)
        .collect();
    if all.is_empty() {
        return;
    }
    let drawn: Vec<&Row> = all.iter().copied().take(MOST).collect();
    let axis = Axis::of(&drawn, now);
    let height = TOP + ROW * drawn.len() as f64 + 8.0;
    let more = if all.len() > drawn.len() {
        format!(" The {} most urgent are drawn.", drawn.len())
    } else {
        String::new()
    };
    let _ = write!(
        out,
        "<figure><figcaption>When secrets and certificates live. The line is {}.{more} The table \
         below has the same in words.</figcaption>\n<div class=\"scroll\">\
         <svg class=\"timeline\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"Timeline of {}; the table below says the same\">\n",
        now.date(),
        phrase::count(drawn.len() as u64, "credential"),
    );
    for (at, year) in axis.years() {
        let _ = writeln!(
            out,
            "<path class=\"tick\" d=\"M{at:.1} {TOP}V{height}\"/><text class=\"axis\" x=\"{:.1}\" y=\"18\">{year}</text>",
            at + 3.0
        );
    }
    for (number, row) in drawn.iter().enumerate() {
        bar(out, row, &axis, TOP + ROW * number as f64);
    }
    let _ = writeln!(
        out,
        "<path class=\"now\" d=\"M{0:.1} {1}V{height}\"/>\n</svg></div></figure>",
        axis.x(now),
        TOP - 8.0
    );
}

fn bar(out: &mut String, row: &Row, axis: &Axis, y: f64) {
    let held = &row.held;
    let class = class(held.standing);
    let (mut from, mut to) = (
        axis.x(held.start.unwrap_or(axis.from)),
        match held.end {
            End::At(end) => axis.x(end),
            End::Never => axis.x(axis.to),
            End::Unknown => axis.x(held.start.unwrap_or(axis.from)),
        },
    );
    if from > to {
        (from, to) = (to, from);
    }
    let end = match held.end {
        End::At(end) => end.date(),
        End::Never => "no end".to_owned(),
        End::Unknown => "not shown".to_owned(),
    };
    let mut name = row.name.clone();
    if let Some(own) = &held.name {
        name.push_str(" · ");
        name.push_str(own);
    }
    let _ = writeln!(
        out,
        "<g><title>{} · {}: {}, until {end}</title><text x=\"0\" y=\"{:.1}\">{}</text>\
         <rect class=\"life {class}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"10\" rx=\"2\"/>\
         <text class=\"end {class}\" x=\"{:.1}\" y=\"{:.1}\">{end}</text></g>",
        tags::text(&name),
        held.proof.name(),
        held.standing.name(),
        y + 14.0,
        safe::html(&name, NAME),
        y + 5.0,
        (to - from).max(3.0),
        WIDTH - RIGHT + 8.0,
        y + 14.0,
    );
}

/// What is drawn of time.
struct Axis {
    from: Instant,
    to: Instant,
}

impl Axis {
    fn of(rows: &[&Row], now: Instant) -> Axis {
        let starts = rows.iter().filter_map(|row| row.held.start);
        let ends = rows.iter().filter_map(|row| match row.held.end {
            End::At(end) => Some(end),
            End::Never | End::Unknown => None,
        });
        let mut axis = Axis {
            from: now.plus_days(-NEAR),
            to: now.plus_days(NEAR),
        };
        for instant in starts.chain(ends) {
            axis.from = axis.from.min(instant);
            axis.to = axis.to.max(instant);
        }
        axis.from = axis.from.max(now.plus_days(-BEFORE));
        axis.to = axis.to.min(now.plus_days(AFTER));
        axis
    }

    fn x(&self, at: Instant) -> f64 {
        let at = at.clamp(self.from, self.to);
        let whole = (self.to.0 - self.from.0).max(1) as f64;
        LEFT + (WIDTH - LEFT - RIGHT) * (at.0 - self.from.0) as f64 / whole
    }

    /// Where years begin.
    fn years(&self) -> Vec<(f64, i64)> {
        let year = |at: Instant| at.date().get(..4).and_then(|year| year.parse().ok());
        let (Some(first), Some(last)) = (year(self.from), year(self.to)) else {
            return Vec::new();
        };
        let years: std::ops::RangeInclusive<i64> = first + 1..=last;
        years
            .filter_map(|year| {
                let date = Date::parse(&format!("{year:04}-01-01T00:00:00Z"));
                Some((self.x(date.instant()?), year))
            })
            .collect()
    }
}
