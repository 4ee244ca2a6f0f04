//! What an application exposes to its clients: scopes and app roles.

use std::collections::HashMap;

use crate::model::{Application, Field, Guid, Span, Str, Text};
use crate::rules::out::code;
use crate::rules::quick::differ;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A scope or an app role that the application exposes is not valid.
    ///
    /// **Why it matters.** Entra refuses the whole manifest for one bad entry.
    ///
    /// **What is checked.** Among scopes and app roles: an `id` that is no GUID; a `value` with
    /// a character that is not allowed (a blank, a quote, a letter outside ASCII) or a full stop
    /// at its start; an app role's value of more than 250 characters (a scope's length depends on
    /// the audience and is *audience-limit*'s); an app role with empty `allowedMemberTypes`; an id
    /// or a value that stands twice. A scope and an app role may share both id and value, not one
    /// of them alone.
    ///
    /// **Fix.** Give each scope and role a GUID and a value of its own, such as `Twins.Read`. An
    /// entry has to be disabled before it can be changed.
    pub static EXPOSED_SCOPE_INVALID = {
        id: "exposed-scope-invalid",
        group: Hygiene,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/permissionscope#properties",
            "https://learn.microsoft.com/graph/api/resources/approle#properties",
            "https://github.com/MicrosoftDocs/azure-docs/issues/81899",
        ],
        peers: [
            "terraform-provider-azuread validate/tokens.go",
            "terraform-provider-azuread applicationValidateRolesScopes",
        ],
        check: Application(exposed_scope_invalid),
    }
}

/// Characters of an app role's value that Entra takes. Microsoft Learn says 120, but longer ones
/// are in use (SAML roles of AWS) and are accepted up to this length.
const ROLE_VALUE_LENGTH: usize = 250;

/// A scope or an app role, as far as both are alike.
#[derive(Copy, Clone)]
struct Exposed<'a, 'r> {
    role: bool,
    id: &'a Field<Str<'r>>,
    value: &'a Field<Str<'r>>,
    /// The GUID that `id` is.
    guid: Option<Guid>,
    /// What `value` says, unless that is a placeholder.
    text: Option<&'a Text<'r>>,
}

impl<'a, 'r> Exposed<'a, 'r> {
    fn new(role: bool, id: &'a Field<Str<'r>>, value: &'a Field<Str<'r>>) -> Exposed<'a, 'r> {
        Exposed {
            role,
            id,
            value,
            guid: id.spanned().and_then(|id| id.guid()),
            text: value.spanned().filter(|value| !value.is_placeholder()),
        }
    }

    fn noun(&self) -> &'static str {
        if self.role { "app role" } else { "scope" }
    }

    /// How a message calls it: by its value, else by its id.
    fn name(&self) -> String {
        match self.value.value().or(self.id.value()) {
            Some(name) => format!("the {} {}", self.noun(), code(name)),
            None => format!("a {}", self.noun()),
        }
    }
}

fn exposed_scope_invalid(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let scopes = app.scopes.iter();
    let scopes = scopes.map(|scope| Exposed::new(false, &scope.id, &scope.value));
    let roles = app.roles.iter();
    let roles = roles.map(|role| Exposed::new(true, &role.id, &role.value));
    let all: Vec<Exposed<'_, '_>> = scopes.chain(roles).collect();
    if all.is_empty() {
        return;
    }
    for exposed in &all {
        ill_formed(exposed, out);
    }
    let roles = all.iter().filter(|exposed| exposed.role);
    for (role, exposed) in app.roles.iter().zip(roles) {
        let types = &role.member_types;
        if let (Field::Value(list), true) = (&types.state, types.items.is_empty()) {
            out.report(Severity::Error, list.span, |say| {
                say.message(format!(
                    "{} has no allowedMemberTypes, so nobody can be assigned to it",
                    exposed.name()
                ))
                .label("no member type")
                .help("set allowedMemberTypes to User, Application or both")
                .key(format!(
                    "allowedMemberTypes {}",
                    key_of(&role.id, &role.value)
                ));
            });
        }
    }
    twice(&all, out);
}

fn ill_formed(exposed: &Exposed<'_, '_>, out: &mut Out<'_>) {
    if let Some(id) = exposed.id.spanned()
        && exposed.guid.is_none()
        && !id.is_placeholder()
    {
        out.report(Severity::Error, id.span, |say| {
            say.message(format!(
                "the id {} of a {} is not a GUID",
                code(id),
                exposed.noun()
            ))
            .label("not a GUID")
            .help("give it a new GUID")
            .key(format!("id {}", id.value));
        });
    }
    let Some(value) = exposed.text else {
        return;
    };
    // What is allowed is ASCII, and bytes are quicker to look at than characters.
    let in_order = value.bytes().all(|byte| is_allowed(char::from(byte)));
    let refused = || value.chars().find(|c| !is_allowed(*c));
    let what = if !in_order && let Some(c) = refused() {
        match c {
            c if c.is_whitespace() => "holds a blank".to_owned(),
            c if c.is_control() => "holds a control character".to_owned(),
            c => format!("holds {c}, which is not allowed there"),
        }
    } else if value.starts_with('.') {
        "begins with a full stop".to_owned()
    } else if exposed.role && value.len() > ROLE_VALUE_LENGTH {
        format!("has more than {ROLE_VALUE_LENGTH} characters")
    } else {
        return;
    };
    out.report(Severity::Error, value.span, |say| {
        say.message(format!("{} {what}", exposed.name()))
            .label("ill-formed value")
            .help("choose a short value of letters, digits and full stops, as in Twins.Read")
            .key(format!("value {}", value.value));
    });
}

/// "Allowed characters" of `permissionScope.value` and `appRole.value` in Microsoft Graph: all
/// that ASCII can print, without the blank, the quotation mark and the backslash.
fn is_allowed(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '\\')
}

/// By a key of the input: quick for the few of one application, and safe from crafted collisions.
type By<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// Ids and values that stand for two things.
fn twice(all: &[Exposed<'_, '_>], out: &mut Out<'_>) {
    let values = all.iter().map(|exposed| Some(&exposed.text?.value));
    if differ(all.iter().map(|exposed| exposed.guid)) && differ(values) {
        return;
    }
    let mut ids: By<(Guid, bool), &Exposed<'_, '_>> = By::default();
    let mut values: By<(&str, bool), &Exposed<'_, '_>> = By::default();
    for exposed in all {
        let mut same_id = None;
        if let Some(guid) = exposed.guid {
            let partner = ids.get(&(guid, !exposed.role)).copied();
            same_id = ids.get(&(guid, exposed.role)).copied().or_else(|| {
                // A scope and a role may be one permission with two faces.
                partner.filter(|other| differs(other.text, exposed.text))
            });
            ids.entry((guid, exposed.role)).or_insert(exposed);
        }
        if let Some(first) = same_id {
            report_twice(exposed, first, exposed.id, first.id, "id", out);
        }
        let Some(value) = exposed.text else {
            continue;
        };
        let text: &str = &value.value;
        let other = [exposed.role, !exposed.role]
            .into_iter()
            .filter_map(|role| values.get(&(text, role)).copied())
            .find(|other| match (other.guid, exposed.guid) {
                // The id has been said to stand there twice, or makes them one permission.
                (Some(a), Some(b)) => a != b,
                _ => false,
            });
        if let Some(first) = other {
            report_twice(exposed, first, exposed.value, first.value, "value", out);
        }
        values.entry((text, exposed.role)).or_insert(exposed);
    }
}

/// Both values are known, and they are two.
fn differs(a: Option<&Text<'_>>, b: Option<&Text<'_>>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a.value != b.value)
}

fn report_twice(
    exposed: &Exposed<'_, '_>,
    first: &Exposed<'_, '_>,
    here: &Field<Str<'_>>,
    there: &Field<Str<'_>>,
    what: &'static str,
    out: &mut Out<'_>,
) {
    let place = |field: &Field<Str<'_>>| field.span().unwrap_or(Span::at(0));
    out.report(Severity::Error, place(here), |say| {
        let text = here.value().map_or("", |text| text.trim());
        let (noun, other) = (exposed.noun(), first.noun());
        let between = if noun == other {
            format!("two {noun}s")
        } else {
            format!("a {other} and an {noun}")
        };
        say.message(format!("{between} have the {what} {}", code(text)))
            .label(format!("the same {what}"))
            .also(place(there), "first here")
            .help(format!("give each of them its own {what}"))
            .key(match exposed.guid {
                Some(guid) if what == "id" => format!("duplicate id {guid}"),
                _ => format!("duplicate {what} {text}"),
            });
    });
}

fn key_of(id: &Field<Str<'_>>, value: &Field<Str<'_>>) -> String {
    match id.spanned() {
        Some(id) => id
            .guid()
            .map_or_else(|| id.to_string(), |guid| guid.to_string()),
        None => value.value().map(ToString::to_string).unwrap_or_default(),
    }
}
