//! Permissions that are asked for and granted, the most dangerous first.

use std::fmt::Write as _;
use std::io;

use super::cards::{Order, kind, person};
use super::page::Page;
use super::summary::cut;
use super::tags;
use crate::inventory::{Danger, Inventory};
use crate::report::phrase;

/// Permissions that are shown.
const MOST: usize = 2000;
/// Holders of one permission that are named.
const NAMED: usize = 20;

pub fn write(page: &mut Page<'_>, inventory: &Inventory<'_>, order: &Order<'_>) -> io::Result<()> {
    let permissions = inventory.permissions();
    let mut out = tags::section("permissions", "Permissions");
    if permissions.is_empty() {
        out.push_str("<p>Nobody asks for a permission or has one.</p>\n</section>\n");
        return page.put(&out);
    }
    out.push_str(&tags::filters(
        "permissions-table",
        "permissions",
        &[("Risk", Some(0)), ("API", Some(1)), ("Text", None)],
    ));
    let caption = "Permissions by risk: who asks for each, and to whom it was granted";
    let columns = [
        "Risk",
        "API",
        "Permission",
        "Type",
        "Asked for by",
        "Granted to",
        "Granted for single users to",
    ];
    out.push_str(&tags::table("permissions-table", caption, &columns));
    let rows = &inventory.join.tenant.rows;
    for (permission, used) in permissions.iter().take(MOST) {
        let apps = |number: &u32| {
            let row = rows.applications.get(*number as usize);
            row.map_or_else(String::new, |row| order.link(row.at))
        };
        let principals = |number: &u32| {
            let row = rows.principals.get(*number as usize);
            row.map_or_else(String::new, |row| person(&inventory.called(row.id)))
        };
        let _ = writeln!(
            out,
            "<tr><td data-v=\"{}\">{}</td><td>{}</td><th scope=\"row\"><code>{}</code></th><td>{}</td>{}{}{}</tr>",
            permission.danger as u8,
            danger(permission.danger),
            tags::text(&permission.api),
            tags::text(&permission.value),
            kind(permission.kind),
            holders(&used.asked, apps),
            holders(&used.granted, principals),
            holders(&used.for_users, principals)
        );
    }
    out.push_str(tags::TABLE_END);
    cut(&mut out, permissions.len(), MOST, "permissions");
    out.push_str("</section>\n");
    page.put(&out)
}

/// A cell with how many, and the first of them by name.
fn holders(numbers: &[u32], name: impl Fn(&u32) -> String) -> String {
    let count = numbers.len();
    if count == 0 {
        return "<td class=\"n\" data-v=\"0\">0</td>".to_owned();
    }
    let mut out = format!(
        "<td class=\"n\" data-v=\"{count}\"><details><summary>{}</summary><ul>",
        phrase::thousands(count as u64)
    );
    for number in numbers.iter().take(NAMED) {
        let _ = write!(out, "<li>{}</li>", name(number));
    }
    if count > NAMED {
        let _ = write!(out, "<li>and {} more</li>", count - NAMED);
    }
    out.push_str("</ul></details></td>");
    out
}

/// A risk as a badge.
pub fn danger(danger: Danger) -> String {
    let class = match danger {
        Danger::TierZero | Danger::Critical => "bad",
        Danger::High => "warn",
        Danger::Medium => "info",
        Danger::Low => "good",
        Danger::Unrated => "none",
    };
    tags::badge(class, danger.name())
}
