//! Whether a list has the form that Azure CLI and Microsoft Graph read.

use super::reading::{first, key, mark, permission_name, resource_name};
use crate::catalog::permissions_with_id;
use crate::model::{
    Edit, Field, Malformed, NewValue, Permission, PermissionKind, RequiredAccess, RequiredResource,
    Span,
};
use crate::rules::out::quoted;
use crate::rules::{Context, Out, Severity, Wording, declare_rule};

declare_rule! {
    /// The file holds one permission entry without the list around it.
    ///
    /// **Why it matters.** `az ad app create --required-resource-accesses` wants a list. It takes
    /// a single object for a whole manifest, finds no `requiredResourceAccess` in it and requests
    /// nothing, without a word. The first sign-in then fails with AADSTS650057 (or AADSTS65005,
    /// AADSTS650056). PowerShell's `ConvertTo-Json` drops the list around one element.
    ///
    /// **What is checked.** The root of a file of required permissions is an object with
    /// `resourceAppId` and `resourceAccess`. The entry itself is judged as if it were wrapped.
    ///
    /// **Fix.** Put `[` before and `]` after the entry; in PowerShell,
    /// `ConvertTo-Json -InputObject @($entry) -Depth 10`.
    pub static PERMISSION_UNWRAPPED = {
        id: "permission-unwrapped",
        group: Permission,
        severity: Error,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/cli/azure/ad/app#az-ad-app-create",
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
        ],
        fix: "put the list around the entry",
        check: RequiredAccess(unwrapped),
    }
}

fn unwrapped(access: &RequiredAccess<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(span) = access.unwrapped else {
        return;
    };
    out.report(Severity::Error, first(span), |say| {
        say.message(
            "the permission entry has no list around it, so Azure CLI takes it for a whole \
             manifest and requests nothing",
        )
        .label("a list belongs here")
        .help("wrap the entry in [ ]")
        .fix("put the list around the entry", [Edit::Wrap { at: span }]);
    });
}

declare_rule! {
    /// The list of required permissions is not formed as Entra reads it.
    ///
    /// **Why it matters.** Microsoft Graph refuses such a list, or a tool drops the part it does
    /// not understand; what was dropped is not requested, and signing in fails with AADSTS650057
    /// (or AADSTS65005, AADSTS650056).
    ///
    /// **What is checked.** One object where a list belongs; an entry that is no object; a
    /// resource without `resourceAppId`; a permission without `id` or `type`; a `type` other than
    /// `Scope` (delegated) and `Role` (application), such as `Scopes`. A resource without
    /// permissions is *permission-empty*, a file without the outer list *permission-unwrapped*.
    ///
    /// **Fix.** Write every entry as
    /// `{"resourceAppId": "<guid>", "resourceAccess": [{"id": "<guid>", "type": "Scope"}]}`.
    pub static PERMISSION_MALFORMED = {
        id: "permission-malformed",
        group: Permission,
        severity: Error,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/requiredresourceaccess",
            "https://learn.microsoft.com/graph/api/resources/resourceaccess",
        ],
        fix: "put a list around the one object that stands in its place; correct a type that can \
              only mean one of the two, and never to an application permission that nothing but \
              its id speaks for",
        check: RequiredAccess(malformed),
    }
}

fn malformed(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for fault in &access.malformed {
        out.report(Severity::Error, mark(fault.span), |say| {
            shape(fault.value, Place::of(fault.span, access), say);
            if fault.value == Malformed::ObjectForList {
                say.fix(
                    "put the list around the object",
                    [Edit::Wrap { at: fault.span }],
                );
            }
        });
    }
    for resource in &access.resources {
        if let Field::Absent | Field::Null(_) = resource.app_id {
            let span = resource.app_id.span().unwrap_or(first(resource.span));
            out.report(Severity::Error, span, |say| {
                say.message("a requested resource has no resourceAppId")
                    .label("resourceAppId is missing")
                    .help("add resourceAppId with the app id of the API these permissions are of")
                    .key(
                        resource.permissions.first().map_or_else(
                            || "//".to_owned(),
                            |permission| key(resource, permission),
                        ),
                    );
            });
        }
        for permission in &resource.permissions {
            entry(resource, permission, cx, out);
        }
    }
}

/// Where a piece of the wrong shape stands.
#[derive(Copy, Clone)]
struct Place {
    /// `requiredResourceAccess` or `resourceAccess`.
    list: &'static str,
    /// It stands for the whole list and not for one entry.
    whole: bool,
}

impl Place {
    fn of(span: Span, access: &RequiredAccess<'_>) -> Place {
        let at = access
            .resources
            .partition_point(|resource| resource.span.start <= span.start);
        let inner = access.resources[..at]
            .last()
            .and_then(|resource| resource.list.span())
            .filter(|list| list.contains(span));
        match inner {
            Some(list) => Place {
                list: "resourceAccess",
                whole: list == span,
            },
            None => Place {
                list: "requiredResourceAccess",
                whole: access.list.span() == Some(span),
            },
        }
    }
}

fn shape(fault: Malformed, place: Place, say: &mut Wording) {
    let list = place.list;
    match fault {
        Malformed::ObjectForList => say
            .message(format!("{list} is one object where a list belongs"))
            .label("a list belongs here")
            .help("wrap the object in [ ]"),
        Malformed::NotAnEntry if place.whole => say
            .message(format!("{list} is not a list"))
            .label("a list belongs here")
            .help("write a list of objects"),
        Malformed::NotAnEntry => say
            .message(format!("an entry of {list} is not an object"))
            .label("an object belongs here")
            .help(match list {
                "resourceAccess" => "write {\"id\": \"<guid>\", \"type\": \"Scope\"}",
                _ => "write {\"resourceAppId\": \"<guid>\", \"resourceAccess\": [ … ]}",
            }),
    }
    .key(list);
}

/// One permission: both of its members are there, and its type is one.
fn entry(
    resource: &RequiredResource<'_>,
    permission: &Permission<'_>,
    cx: &Context<'_>,
    out: &mut Out<'_>,
) {
    let unset = |field: &Field<_>| matches!(field, Field::Absent | Field::Null(_));
    let missing = match (unset(&permission.id), unset(&permission.kind)) {
        (true, true) => Some(("neither id nor type", "id and type are missing")),
        (true, false) => Some(("no id", "id is missing")),
        (false, true) => Some(("no type", "type is missing")),
        (false, false) => None,
    };
    if let Some((what, label)) = missing {
        out.report(Severity::Error, mark(permission.span), |say| {
            say.message(format!(
                "a permission requested of {} has {what}",
                name_of(resource, cx)
            ))
            .label(label)
            .help("write the permission's GUID as id, and Scope (delegated) or Role (application) as type")
            .key(key(resource, permission));
        });
        return;
    }
    let Some(text) = permission.kind.spanned() else {
        return;
    };
    if permission.known_kind.is_some() || text.is_placeholder() {
        return;
    }
    out.report(Severity::Error, text.span, |say| {
        let meant = meant_kind(resource, permission, text);
        say.message(format!(
            "{} has the type {}, which is neither Scope nor Role",
            permission_of(resource, permission, cx),
            quoted(text)
        ))
        .label("neither Scope nor Role")
        .help(match meant {
            Some(kind) => format!("write {}", kind.key()),
            None => "write Scope for a delegated or Role for an application permission".to_owned(),
        })
        .key(key(resource, permission));
        if let Some(kind) = meant {
            say.fact("type", kind.key());
            let word = meant_by_word(text);
            if word == Some(kind) || word.is_none() && kind == PermissionKind::Scope {
                let (at, value) = (text.span, NewValue::from(kind.key()));
                say.fix(
                    format!("write {} as its type", kind.key()),
                    [Edit::Replace { at, value }],
                );
            }
        }
    });
}

fn name_of(resource: &RequiredResource<'_>, cx: &Context<'_>) -> String {
    match resource.guid {
        Some(api) => resource_name(cx, api),
        None => resource
            .app_id
            .value()
            .map_or_else(|| "an unnamed resource".to_owned(), |text| quoted(text)),
    }
}

fn permission_of(
    resource: &RequiredResource<'_>,
    permission: &Permission<'_>,
    cx: &Context<'_>,
) -> String {
    match (resource.guid, permission.guid) {
        (Some(api), Some(id)) => permission_name(cx, api, id, None),
        _ => format!(
            "{} › {}",
            name_of(resource, cx),
            permission
                .id
                .value()
                .map_or_else(String::new, |id| quoted(id))
        ),
    }
}

/// The type that was meant: what the catalogue says of the permission, else what the word says.
fn meant_kind(
    resource: &RequiredResource<'_>,
    permission: &Permission<'_>,
    text: &str,
) -> Option<PermissionKind> {
    if let (Some(api), Some(id)) = (resource.guid, permission.guid) {
        let mut known = permissions_with_id(api, id);
        if let (Some(only), None) = (known.next(), known.next()) {
            return Some(only.kind);
        }
    }
    meant_by_word(text)
}

/// The type that a word other than the two stands for.
fn meant_by_word(text: &str) -> Option<PermissionKind> {
    let word = text.trim().to_ascii_lowercase();
    if word.starts_with("scope") || word.starts_with("delegated") || word == "oauth2permission" {
        Some(PermissionKind::Scope)
    } else if word.starts_with("role") || word.starts_with("app") {
        Some(PermissionKind::Role)
    } else {
        None
    }
}
