//! Applications as cards: what they are, what they hold, what was found and what to do about it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use super::credentials::life;
use super::findings::{About, Item, name_of, rank};
use super::page::Page;
use super::summary::cut;
use super::tags;
use crate::inventory::{Called, Inventory, PermissionUse, Scale, Sheet};
use crate::model::PermissionKind;
use crate::report::access::called;
use crate::report::phrase;
use crate::report::ranked::Ranked;
use crate::rules::{Severity, Subject};
use crate::tenant::{ApplicationRow, At, Truth};

/// So many applications have a card.
const MOST: usize = 10_000;
/// Entries of one list on a card.
const ENTRIES: usize = 40;

/// The applications in the order of their cards.
pub struct Order<'i> {
    pub rows: Vec<(&'i ApplicationRow, String)>,
    numbers: BTreeMap<At, usize>,
}

impl Order<'_> {
    /// An application's name, leading to its card. Markup.
    pub fn link(&self, at: At) -> String {
        match self.numbers.get(&at) {
            Some(number) => {
                let name = self.rows.get(*number).map_or("", |(_, name)| name.as_str());
                let name = tags::text(name);
                if *number < MOST {
                    format!("<a href=\"#a{number}\">{name}</a>")
                } else {
                    name
                }
            }
            None => String::new(),
        }
    }
}

/// Those with the worst findings first, then by name.
pub fn order<'i>(inventory: &Inventory<'i>, items: &Ranked<Item>) -> Order<'i> {
    let mut worst: BTreeMap<&About, usize> = BTreeMap::new();
    for (severity, item) in items.iter() {
        let known = worst.entry(&item.about).or_insert(usize::MAX);
        *known = rank(severity).min(*known);
    }
    let mut rows: Vec<(usize, String, &ApplicationRow)> = inventory
        .applications()
        .map(|row| {
            let subject = inventory.subject(row.at);
            let name = subject
                .as_ref()
                .map_or_else(String::new, |subject| called(subject).to_owned());
            let found = abouts(row, subject.as_ref())
                .iter()
                .filter_map(|about| worst.get(about))
                .min();
            (found.copied().unwrap_or(usize::MAX), name, row)
        })
        .collect();
    rows.sort_by_cached_key(|(worst, name, row)| (*worst, name.to_lowercase(), row.at));
    let rows: Vec<_> = rows.into_iter().map(|(_, name, row)| (row, name)).collect();
    let numbers = rows.iter().enumerate();
    let numbers = numbers.map(|(number, (row, _))| (row.at, number)).collect();
    Order { rows, numbers }
}

/// What findings about an application say that they are about: its ids, or the address that a
/// template gives it.
fn abouts(row: &ApplicationRow, subject: Option<&Subject>) -> [About; 3] {
    let address = subject.and_then(|subject| subject.id.clone());
    let object = |id: String| About::Object("application", id);
    [
        About::client(row.app_id),
        object(row.id.to_string()),
        object(address.unwrap_or_default()),
    ]
}

fn grouped(items: &Ranked<Item>) -> BTreeMap<&About, Vec<&Item>> {
    let mut groups: BTreeMap<&About, Vec<&Item>> = BTreeMap::new();
    for (_, item) in items.iter() {
        groups.entry(&item.about).or_default().push(item);
    }
    groups
}

pub fn write(
    page: &mut Page<'_>,
    inventory: &Inventory<'_>,
    order: &Order<'_>,
    items: &Ranked<Item>,
) -> io::Result<()> {
    let mut groups = grouped(items);
    begin(page, order.rows.len())?;
    for (number, (row, name)) in order.rows.iter().enumerate() {
        let subject = inventory.subject(row.at);
        let found: Vec<&Item> = abouts(row, subject.as_ref())
            .iter()
            .filter_map(|about| groups.remove(about))
            .flatten()
            .collect();
        if number >= MOST && found.is_empty() {
            continue;
        }
        let sheet = inventory.sheet(row);
        let id = sheet.subject.as_ref().and_then(|s| s.app_id.as_deref());
        let mut out = open(&format!("a{number}"), name, id.unwrap_or(""), &found);
        facts(&mut out, &sheet, inventory);
        list(&mut out, &found);
        out.push_str("</details>\n");
        page.put(&out)?;
    }
    let mut out = "</div>\n".to_owned();
    cut(&mut out, order.rows.len(), MOST, "applications");
    page.put(&out)?;
    rest(page, groups, "Everything else that has findings")?;
    page.put("</section>\n")
}

/// Without an inventory: what has findings.
pub fn write_stored(page: &mut Page<'_>, items: &Ranked<Item>) -> io::Result<()> {
    let (applications, others): (BTreeMap<_, _>, BTreeMap<_, _>) = grouped(items)
        .into_iter()
        .partition(|(about, _)| matches!(about, About::Client(_)));
    begin(page, applications.len())?;
    for (number, items) in applications.into_values().enumerate() {
        put_other(page, &format!("a{number}"), &items)?;
    }
    page.put("</div>\n")?;
    rest(page, others, "Everything else that has findings")?;
    page.put("</section>\n")
}

fn begin(page: &mut Page<'_>, count: usize) -> io::Result<()> {
    let mut out = tags::section("applications", "Applications");
    if count == 0 {
        out.push_str("<p>No application to show.</p>\n");
    } else {
        out.push_str(&tags::filters(
            "cards",
            "applications",
            &[("Name or id", None)],
        ));
    }
    out.push_str("<div id=\"cards\">\n");
    page.put(&out)
}

fn rest(page: &mut Page<'_>, groups: BTreeMap<&About, Vec<&Item>>, title: &str) -> io::Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    page.put(&format!("<h3>{title}</h3>\n<div>\n"))?;
    for (number, items) in groups.into_values().enumerate() {
        put_other(page, &format!("o{number}"), &items)?;
    }
    page.put("</div>\n")
}

fn put_other(page: &mut Page<'_>, id: &str, items: &[&Item]) -> io::Result<()> {
    let first = items.first();
    let subject = first.and_then(|item| item.subject.as_ref());
    let (name, ids) = match (subject, first.map(|item| &item.about)) {
        (Some(subject), _) => (name_of(subject), phrase::subject(subject).1),
        (None, Some(About::File(path))) => (path.clone(), "file".to_owned()),
        (None, _) => (String::new(), String::new()),
    };
    let mut out = open(id, &name, &ids, items);
    list(&mut out, items);
    out.push_str("</details>\n");
    page.put(&out)
}

fn open(id: &str, name: &str, ids: &str, found: &[&Item]) -> String {
    let mut out = format!(
        "<details class=\"card\" id=\"{id}\"><summary><span class=\"name\">{}</span> <code>{}</code>",
        tags::text(name),
        tags::text(ids)
    );
    for severity in Severity::ALL {
        let count = found.iter().filter(|item| item.severity == severity);
        let count = count.count() as u64;
        if count > 0 {
            let words = phrase::count(count, severity.name());
            let _ = write!(out, " {}", tags::badge(tags::class(severity), &words));
        }
    }
    out.push_str("</summary>\n");
    out
}

fn list(out: &mut String, found: &[&Item]) {
    if found.is_empty() {
        out.push_str("<p>No finding.</p>\n");
        return;
    }
    out.push_str("<ol class=\"list\">\n");
    for item in found {
        item.put(out);
    }
    out.push_str("</ol>\n");
}

/// A term and its markup.
fn fact(out: &mut String, term: &str, markup: &str) {
    let _ = write!(out, "<div><dt>{term}</dt><dd>{markup}</dd></div>");
}

/// A term and a list of markup; nothing where it is empty.
fn facts_of(out: &mut String, term: &str, entries: &[String]) {
    if entries.is_empty() {
        return;
    }
    let mut markup = String::from("<ul>");
    for entry in entries.iter().take(ENTRIES) {
        let _ = write!(markup, "<li>{entry}</li>");
    }
    if entries.len() > ENTRIES {
        let _ = write!(markup, "<li>and {} more</li>", entries.len() - ENTRIES);
    }
    markup.push_str("</ul>");
    fact(out, term, &markup);
}

fn facts(out: &mut String, sheet: &Sheet, inventory: &Inventory<'_>) {
    out.push_str("<dl class=\"facts\">");
    if let Some(id) = sheet.subject.as_ref().and_then(|s: &Subject| s.id.as_ref()) {
        fact(
            out,
            "Object id",
            &format!("<code>{}</code>", tags::text(id)),
        );
    }
    if sheet.deleted {
        fact(out, "State", &tags::badge("warn", "deleted"));
    } else if sheet.disabled {
        fact(out, "State", &tags::badge("warn", "disabled"));
    }
    if let Some(audience) = &sheet.audience {
        fact(
            out,
            "Who may sign in",
            &format!("<code>{}</code>", tags::text(audience)),
        );
    }
    if let Some(created) = sheet.created {
        fact(out, "Created", &created.date());
    }
    if let Some(flow) = sheet.public_client_flow {
        fact(
            out,
            "Public client flows",
            if flow { "allowed" } else { "not allowed" },
        );
    }
    let principals: Vec<String> = sheet
        .principals
        .iter()
        .map(|(id, enabled)| {
            let state = match enabled {
                Truth::Yes => "enabled",
                Truth::No => "disabled",
                Truth::Unknown => "not known whether enabled",
            };
            let id = inventory.spelled(id.to_string());
            format!("<code>{}</code>, {state}", tags::text(&id))
        })
        .collect();
    facts_of(out, "Service principal", &principals);
    let owners: Vec<String> = sheet.owners.all.iter().map(person).collect();
    facts_of(out, "Owners", &owners);
    if owners.is_empty() && sheet.owners.known {
        fact(out, "Owners", "nobody");
    }
    let redirects: Vec<String> = sheet
        .redirects
        .iter()
        .map(|(platform, uri)| format!("<code>{}</code> ({})", tags::text(uri), platform.name()))
        .collect();
    facts_of(out, "Redirect URIs", &redirects);
    let uris = sheet.identifier_uris.iter();
    let uris: Vec<String> = uris
        .map(|uri| format!("<code>{}</code>", tags::text(uri)))
        .collect();
    facts_of(out, "Identifier URIs", &uris);
    let held: Vec<String> = sheet
        .credentials
        .iter()
        .map(|held| life(held, inventory.now()))
        .collect();
    facts_of(out, "Credentials", &held);
    let asked: Vec<String> = sheet.asked.iter().map(permission).collect();
    facts_of(out, "Asks for", &asked);
    let granted: Vec<String> = sheet.granted.iter().map(permission).collect();
    facts_of(out, "Was granted", &granted);
    out.push_str("</dl>\n");
}

/// Somebody's name and id.
pub fn person(called: &Called) -> String {
    let id = tags::text(&called.id);
    match &called.name {
        Some(name) => format!("{} <code>{id}</code>", tags::text(name)),
        None => format!("<code>{id}</code>"),
    }
}

fn permission(permission: &PermissionUse) -> String {
    let scale = match permission.scale {
        Scale::Asked | Scale::Application => "",
        Scale::Everyone => ", for everyone",
        Scale::Users => ", for single users",
    };
    format!(
        "{} {}: <code>{}</code>, {}{scale}",
        super::permissions::danger(permission.danger),
        tags::text(&permission.api),
        tags::text(&permission.value),
        kind(permission.kind)
    )
}

/// As the portal calls it.
pub fn kind(kind: Option<PermissionKind>) -> &'static str {
    match kind {
        Some(PermissionKind::Scope) => "delegated",
        Some(PermissionKind::Role) => "application",
        None => "of unknown type",
    }
}
