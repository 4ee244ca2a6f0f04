//! Who can reach each instance.

use std::fmt::Write as _;
use std::io;

use super::cards::person;
use super::page::Page;
use super::summary::cut;
use super::tags;
use crate::inventory::{Inventory, Members, Person};
use crate::tenant::Truth;

/// Assignments that are shown for one instance.
const MOST: usize = 500;
/// Instances that are shown.
const INSTANCES: usize = 200;

pub fn write(page: &mut Page<'_>, inventory: &Inventory<'_>) -> io::Result<()> {
    page.put(&tags::section("people", "Who can reach each instance"))?;
    let Some(access) = inventory.access() else {
        return page.put("<p>Instances belong to a profile, and none is in use.</p>\n</section>\n");
    };
    let targets = inventory.targets();
    if targets.is_empty() {
        page.put("<p>No instance in the input.</p>\n")?;
    }
    for (number, target) in targets.iter().enumerate().take(INSTANCES) {
        let (people, count) = inventory.people(&access, target, MOST);
        let (id, called) = (&target.id, &target.name);
        let [id, called] = [id, called].map(|text| inventory.spelled(text.to_string()));
        let mut out = String::new();
        if !target.covered {
            let _ = writeln!(
                out,
                "<p class=\"note\">{}: the input does not have all role assignments of its \
                 subscription, so there may be more.</p>",
                tags::text(&called)
            );
        }
        if people.is_empty() {
            let name = tags::text(&called);
            let _ = writeln!(
                out,
                "<p>{name}: nobody has data actions on it in the input.</p>"
            );
            page.put(&out)?;
            continue;
        }
        let caption = format!("{} <code>{}</code>", tags::text(&called), tags::whole(&id));
        let columns = [
            "Who",
            "Kind",
            "Role",
            "Assigned at",
            "When",
            "Read",
            "Write",
        ];
        out.push_str(&tags::table(
            &format!("people-{number}"),
            &caption,
            &columns,
        ));
        for person in &people {
            out.push_str(&row(person, &id));
        }
        out.push_str(tags::TABLE_END);
        cut(&mut out, count, people.len(), "assignments");
        page.put(&out)?;
    }
    let mut out = String::new();
    cut(&mut out, targets.len(), INSTANCES, "instances");
    out.push_str("</section>\n");
    page.put(&out)
}

fn row(somebody: &Person, instance: &str) -> String {
    let scope = if somebody.scope.eq_ignore_ascii_case(instance) {
        "the instance".to_owned()
    } else {
        format!("<code>{}</code>", tags::whole(&somebody.scope))
    };
    let mut who = person(&somebody.who);
    if let Some(members) = &somebody.members {
        who.push_str(&group(members));
    }
    let mut when = if somebody.active {
        "now".to_owned()
    } else {
        "may be activated".to_owned()
    };
    if somebody.conditional {
        when.push_str(", under a condition");
    }
    match somebody.reaches {
        Truth::Yes => {}
        Truth::No => when.push_str(", does not reach it"),
        Truth::Unknown => when.push_str(", not known whether it reaches"),
    }
    format!(
        "<tr><td>{who}</td><td>{}</td><td>{}</td><td>{scope}</td><td>{when}</td>\
         <td>{}</td><td>{}</td></tr>\n",
        somebody.kind.called(),
        tags::text(&somebody.role),
        truth(somebody.read),
        truth(somebody.write)
    )
}

fn group(members: &Members) -> String {
    if members.count == 0 {
        let words = if members.known {
            "nobody is in it"
        } else {
            "its members are not in the input"
        };
        return format!(" <span class=\"quiet\">({words})</span>");
    }
    let at_least = if members.known { "" } else { "at least " };
    let mut out = format!(
        "<details><summary>{at_least}{}</summary><ul>",
        crate::report::phrase::count(members.count as u64, "member")
    );
    for member in &members.shown {
        let _ = write!(out, "<li>{}</li>", person(member));
    }
    if members.count > members.shown.len() {
        let rest = members.count - members.shown.len();
        let _ = write!(out, "<li>and {rest} more</li>");
    }
    out.push_str("</ul></details>");
    out
}

fn truth(truth: Truth) -> String {
    match truth {
        Truth::Yes => tags::badge("good", "yes"),
        Truth::No => tags::badge("none", "no"),
        Truth::Unknown => tags::badge("warn", "unknown"),
    }
}
