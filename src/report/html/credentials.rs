//! Every credential: a timeline of the most urgent, and a table of all.

use std::fmt::Write as _;
use std::io;

use super::cards::{Order, person};
use super::page::Page;
use super::summary::cut;
use super::{tags, timeline};
use crate::inventory::{HeldCredential, Holder, Inventory, Standing};
use crate::model::Instant;
use crate::model::life::End;
use crate::report::phrase;

/// Rows of the table.
const MOST: usize = 10_000;

/// A credential and whose it is.
pub struct Row {
    /// Untrusted text.
    pub name: String,
    /// The same, leading to the card. Markup.
    link: String,
    pub held: HeldCredential,
}

pub fn write(page: &mut Page<'_>, inventory: &Inventory<'_>, order: &Order<'_>) -> io::Result<()> {
    let now = inventory.now();
    let mut rows = Vec::new();
    for (row, name) in &order.rows {
        for held in inventory.credentials_of(row) {
            rows.push(Row {
                name: name.clone(),
                link: order.link(row.at),
                held,
            });
        }
    }
    for principal in inventory.other_holders() {
        let called = inventory.called(principal.id);
        for held in inventory.credentials_at(principal.at) {
            rows.push(Row {
                name: called.name.clone().unwrap_or_else(|| called.id.clone()),
                link: person(&called),
                held,
            });
        }
    }
    rows.sort_by_cached_key(|row| {
        let end = match row.held.end {
            End::At(end) => end,
            End::Never | End::Unknown => Instant(i64::MAX),
        };
        (row.held.standing, end, row.name.to_lowercase())
    });
    let mut out = tags::section("credentials", "Credentials");
    if rows.is_empty() {
        out.push_str(
            "<p>The input shows no secret, certificate or federated credential.</p>\n</section>\n",
        );
        return page.put(&out);
    }
    let counts: Vec<String> = Standing::ALL
        .into_iter()
        .map(|standing| {
            (
                standing,
                rows.iter()
                    .filter(|row| row.held.standing == standing)
                    .count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .map(|(standing, count)| {
            let words = format!("{} {}", phrase::thousands(count as u64), standing.name());
            tags::badge(class(standing), &words)
        })
        .collect();
    let _ = writeln!(
        out,
        "<p>{} at {}: {}</p>",
        phrase::count(rows.len() as u64, "credential"),
        now.date(),
        counts.join(" ")
    );
    timeline::draw(&mut out, &rows, now);
    out.push_str(&tags::filters(
        "credentials-table",
        "credentials",
        &[("State", Some(0)), ("Kind", Some(2)), ("Text", None)],
    ));
    let caption = "Every credential, the most urgent first; values are never read";
    let columns = [
        "State",
        "Application",
        "Kind",
        "Name",
        "Key id or subject",
        "From",
        "Until",
    ];
    out.push_str(&tags::table("credentials-table", caption, &columns));
    page.put(&out)?;
    for row in rows.iter().take(MOST) {
        page.put(&line(row, now))?;
    }
    let mut out = tags::TABLE_END.to_owned();
    cut(&mut out, rows.len(), MOST, "credentials");
    out.push_str("</section>\n");
    page.put(&out)
}

fn line(row: &Row, now: Instant) -> String {
    let held = &row.held;
    let text = |part: &Option<String>| part.as_deref().map_or_else(String::new, tags::text);
    let holder = match held.holder {
        Holder::Application => "",
        Holder::ServicePrincipal => " <span class=\"quiet\">(service principal)</span>",
    };
    format!(
        "<tr><td data-v=\"{}\">{}</td><th scope=\"row\">{}{holder}</th><td>{}</td><td>{}</td>\
         <td><code>{}</code></td><td class=\"date\">{}</td><td>{}</td></tr>\n",
        held.standing as u8,
        tags::badge(class(held.standing), held.standing.name()),
        row.link,
        held.proof.name(),
        text(&held.name),
        text(&held.key),
        held.start.map_or_else(String::new, Instant::date),
        end(held, now)
    )
}

/// A credential in a line.
pub fn life(held: &HeldCredential, now: Instant) -> String {
    let name = held
        .name
        .as_deref()
        .map_or_else(String::new, |name| format!(" <q>{}</q>", tags::text(name)));
    format!(
        "{} {}{name}, until {}",
        tags::badge(class(held.standing), held.standing.name()),
        held.proof.name(),
        end(held, now)
    )
}

/// When it ends, and how many days that is from now.
fn end(held: &HeldCredential, now: Instant) -> String {
    match held.end {
        End::Never => "no end".to_owned(),
        End::Unknown => "not shown".to_owned(),
        End::At(end) => {
            let days = |days: i64| phrase::count(days.unsigned_abs(), "day");
            let far = if end <= now {
                format!("{} ago", days(now.days_since(end)))
            } else {
                format!("in {}", days(end.days_since(now)))
            };
            format!(
                "<span class=\"date\">{}</span> <span class=\"quiet\">({far})</span>",
                end.date()
            )
        }
    }
}

/// The class of a standing: its colour.
pub fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Expired | Standing::Inverted => "bad",
        Standing::Expiring | Standing::LongLived => "warn",
        Standing::Pending | Standing::Unknown => "info",
        Standing::Valid | Standing::Endless => "good",
    }
}
