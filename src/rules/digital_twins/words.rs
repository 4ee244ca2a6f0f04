//! Words and commands that several of these rules use.

use std::fmt::Write;

use crate::catalog::permission;
use crate::model::{Guid, Permission, PermissionKind};
use crate::rules::permission::reading::registration;
use crate::rules::{Context, Profile, Wording};

/// "Read.Write", or the scope's GUID when it has no name.
pub fn scope_name(profile: &Profile, scope: Guid) -> String {
    permission(profile.resource, scope, PermissionKind::Scope)
        .map_or_else(|| scope.to_string(), |known| known.value.to_owned())
}

/// "Azure Digital Twins › Read.Write (delegated)": the scope to name in a fix.
pub fn wanted(profile: &Profile) -> String {
    match profile.scopes.first() {
        Some(scope) => format!(
            "{} › {} ({})",
            profile.resource_name,
            scope_name(profile, *scope),
            PermissionKind::Scope.adjective()
        ),
        None => profile.resource_name.clone(),
    }
}

/// The scope that stands there, by its name.
pub fn wanted_of(permission: &Permission<'_>, profile: &Profile) -> String {
    match permission.guid {
        Some(scope) => format!("{} › {}", profile.resource_name, scope_name(profile, scope)),
        None => wanted(profile),
    }
}

/// The command that adds the scope to a registration that exists.
pub fn add(profile: &Profile, cx: &Context<'_>, say: &mut Wording) {
    if let (Some(app), Some(scope)) = (registration(cx), profile.scopes.first()) {
        say.command(format!(
            "az ad app permission add --id {app} --api {} --api-permissions {scope}=Scope",
            profile.resource
        ));
    }
}

/// Without permissions all of the resource's are deleted.
pub fn delete(app: &str, api: Guid, permissions: &[Guid]) -> String {
    let mut command = format!("az ad app permission delete --id {app} --api {api}");
    if !permissions.is_empty() {
        command.push_str(" --api-permissions");
    }
    for id in permissions {
        let _ = write!(command, " {id}");
    }
    command
}

/// The first few of a list, and how many more there are.
pub fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 4;
    if names.len() <= SHOWN {
        return names.join(", ");
    }
    format!(
        "{} and {} more",
        names[..SHOWN].join(", "),
        names.len() - SHOWN
    )
}
