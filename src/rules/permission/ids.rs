//! Names and URLs where GUIDs belong.

use std::cell::LazyCell;

use super::reading::{key, permission_name, resource_name, word};
use crate::catalog::{
    GRAPH, SHAREPOINT_ONLINE, find_application_by_name, permission_by_value,
    permission_by_value_anywhere,
};
use crate::model::{
    Edit, Field, Guid, NewValue, Permission, RequiredAccess, RequiredResource, Str, Text,
};
use crate::rules::out::quoted;
use crate::rules::{Context, Out, Severity, Wording, declare_rule, shell_word};

declare_rule! {
    /// A name or a URL stands where a GUID belongs.
    ///
    /// **Why it matters.** `resourceAppId` and the `id` of a permission are GUIDs; nothing
    /// resolves `Microsoft Graph`, `https://digitaltwins.azure.net` or `User.Read` there. Azure
    /// CLI and the portal refuse the value or request nothing, and signing in then fails with
    /// AADSTS650057 (or AADSTS65005, AADSTS650056).
    ///
    /// **What is checked.** Every `resourceAppId` and every permission's `id`. Braces, blanks and
    /// missing hyphens that still name one GUID are a warning. Where the document shows a
    /// placeholder such as `${{AAD_APP_CLIENT_ID}}`, names are left alone, since Teams Toolkit
    /// resolves those of Microsoft Graph and SharePoint when it fills the manifest; it does not
    /// know the profile's API.
    ///
    /// **Fix.** Write the GUID; the finding names it where it is known. For other APIs:
    /// `az ad sp show --id <identifier URI> --query appId`.
    pub static PERMISSION_NOT_GUID = {
        id: "permission-not-guid",
        group: Permission,
        severity: Error,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/requiredresourceaccess",
            "https://learn.microsoft.com/graph/permissions-reference",
            "https://learn.microsoft.com/microsoftteams/platform/toolkit/aad-manifest-customization",
        ],
        fix: "write a loosely spelled GUID as a plain one",
        check: RequiredAccess(not_guid),
    }
}

fn not_guid(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let template = LazyCell::new(|| is_template(access, cx));
    for resource in &access.resources {
        let resolved = || *template && toolkit_may_resolve(api_of(resource, cx), cx);
        if let Some((text, meant)) = unspelt(&resource.app_id, resource.guid) {
            match meant {
                Some(api) => out.report(Severity::Warning, text.span, |say| {
                    loose("resourceAppId", &resource_name(cx, api), text, api, say);
                    say.key(api.to_string());
                }),
                None if resolved() => {}
                None => out.report(Severity::Error, text.span, |say| {
                    named_resource(text, cx, say);
                    say.key(word(&resource.app_id));
                }),
            }
        }
        for permission in &resource.permissions {
            let Some((text, meant)) = unspelt(&permission.id, permission.guid) else {
                continue;
            };
            match meant {
                Some(id) => out.report(Severity::Warning, text.span, |say| {
                    let name = resource.guid.map_or_else(
                        || id.to_string(),
                        |api| permission_name(cx, api, id, permission.known_kind),
                    );
                    loose("the id", &name, text, id, say);
                    say.key(key(resource, permission));
                }),
                None if resolved() => {}
                None => out.report(Severity::Error, text.span, |say| {
                    named_permission(text, resource, permission, cx, say);
                    say.key(key(resource, permission));
                }),
            }
        }
    }
}

/// A text that is not the plain spelling of a GUID, and the GUID that it still `spells`.
fn unspelt<'a, 'r>(
    field: &'a Field<Str<'r>>,
    spells: Option<Guid>,
) -> Option<(&'a Text<'r>, Option<Guid>)> {
    let text = field.spanned()?;
    if spells.is_some() && Guid::is_plainly_spelled(text) || text.is_placeholder() {
        return None;
    }
    Some((text, spells))
}

fn loose(what: &str, name: &str, text: &Text<'_>, meant: Guid, say: &mut Wording) {
    say.message(format!("{what} of {name} is not spelled as a plain GUID"))
        .label("loosely spelled GUID")
        .help(format!("write {meant}"))
        .fact("guid", meant)
        .fix(
            format!("write {meant}"),
            [Edit::Replace {
                at: text.span,
                value: NewValue::from(meant),
            }],
        );
}

fn named_resource(text: &Text<'_>, cx: &Context<'_>, say: &mut Wording) {
    let is_uri = text.contains("://");
    say.message(format!(
        "resourceAppId is the {} {}, not a GUID",
        if is_uri { "URL" } else { "text" },
        quoted(text)
    ))
    .label("the app id belongs here");
    if let Some(api) = api_named(text, cx) {
        say.help(format!(
            "write {api}, the app id of {}",
            resource_name(cx, api)
        ))
        .fact("guid", api);
        return;
    }
    say.help("write the app id of that API, which its enterprise application shows")
        .command(if is_uri {
            format!(
                "az ad sp show --id {} --query appId",
                shell_word(text.trim())
            )
        } else {
            format!(
                "az ad sp list --display-name {} --query \"[].{{name:displayName,appId:appId}}\"",
                shell_word(text.trim())
            )
        });
}

fn named_permission(
    text: &Text<'_>,
    resource: &RequiredResource<'_>,
    permission: &Permission<'_>,
    cx: &Context<'_>,
    say: &mut Wording,
) {
    say.message(format!("the permission id {} is not a GUID", quoted(text)))
        .label("the permission's GUID belongs here");
    let api = api_of(resource, cx);
    if let Some((api, id)) = permission_named(text, api, permission) {
        let name = permission_name(cx, api, id, permission.known_kind);
        say.help(format!("write {id}, the id of {name}"))
            .fact("guid", id);
        return;
    }
    // What is asked of the profile's resource is most likely meant to be the profile's scope.
    let profile = cx.profile.filter(|profile| Some(profile.resource) == api);
    if let Some((profile, scope)) = profile.and_then(|p| Some((p, p.scopes.first()?))) {
        let name = permission_name(cx, profile.resource, *scope, permission.known_kind);
        say.help(format!("write {scope}, the id of {name}"));
        return;
    }
    say.help("write the id that the API's enterprise application lists for the permission");
    if let Some(api) = api {
        say.command(exposed(api));
    }
}

/// Lists what a resource exposes.
pub(super) fn exposed(api: Guid) -> String {
    format!(
        "az ad sp show --id {api} --query \"{{scopes:oauth2PermissionScopes[].[value,id],roles:appRoles[].[value,id]}}\""
    )
}

/// The resource of an entry, by its app id or by its name.
fn api_of(resource: &RequiredResource<'_>, cx: &Context<'_>) -> Option<Guid> {
    resource
        .guid
        .or_else(|| api_named(resource.app_id.value()?, cx))
}

fn api_named(name: &str, cx: &Context<'_>) -> Option<Guid> {
    let own = cx
        .profile
        .filter(|profile| profile.resource_name.eq_ignore_ascii_case(name.trim()));
    own.map(|profile| profile.resource)
        .or_else(|| find_application_by_name(name))
}

/// The permission a text names: `User.Read`, `https://graph.microsoft.com/User.Read`.
fn permission_named(
    text: &str,
    api: Option<Guid>,
    permission: &Permission<'_>,
) -> Option<(Guid, Guid)> {
    let value = text.trim().rsplit('/').next().unwrap_or(text);
    let kind = permission.known_kind;
    let Some(api) = api else {
        let mut all = permission_by_value_anywhere(value)
            .filter(|known| kind.is_none_or(|kind| known.kind == kind));
        let only = all.next().filter(|_| all.next().is_none())?;
        return Some((only.resource, only.id));
    };
    let known =
        permission_by_value(api, value, kind).or_else(|| permission_by_value(api, value, None))?;
    Some((api, known.id))
}

/// Whether the tool that fills a template may resolve the names of this resource: documented for
/// Microsoft Graph and SharePoint (Microsoft Learn, "Edit Microsoft Entra manifest"), so certainly
/// not for the profile's own.
fn toolkit_may_resolve(api: Option<Guid>, cx: &Context<'_>) -> bool {
    let Some(api) = api else {
        return true;
    };
    api == GRAPH
        || api == SHAREPOINT_ONLINE
        || cx.profile.is_none_or(|profile| profile.resource != api)
}

/// Whether the document is a template that its tool fills.
fn is_template(access: &RequiredAccess<'_>, cx: &Context<'_>) -> bool {
    let mustache = |text: &str| text.contains("{{") && text.contains("}}");
    let shows = |field: &Field<Str<'_>>| field.value().is_some_and(|text| mustache(text));
    access.resources.iter().any(|resource| {
        shows(&resource.app_id)
            || resource
                .permissions
                .iter()
                .any(|permission| shows(&permission.id) || shows(&permission.kind))
    }) || cx.application.is_some_and(|app| {
        [&app.id, &app.app_id, &app.display_name]
            .into_iter()
            .any(shows)
            || app.identifier_uris.iter().any(|uri| mustache(uri))
            || app.redirects.iter().any(|redirect| mustache(&redirect.uri))
    })
}
