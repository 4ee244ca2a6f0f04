//! Whether a resource exposes what is asked of it.

use std::cell::LazyCell;

use super::ids::exposed;
use super::reading::{Asked, Shown, asked, permission_name, registration, resource_name, shown};
use super::swapped::{instead_of_permission, instead_of_resource};
use crate::catalog::{
    AS_OF, DIGITAL_TWINS, Permission, knows_resource, permission, permission_anywhere,
    permission_by_value, permissions_with_id,
};
use crate::model::{Edit, NewValue, Part, PermissionKind, RequiredAccess};
use crate::rules::digital_twins::request::{Request, request};
use crate::rules::{Context, Out, Severity, declare_rule};
use crate::tenant::Depends;

declare_rule! {
    /// A permission is requested with the type it does not have.
    ///
    /// **Why it matters.** `Scope` asks for a delegated permission, `Role` for an application
    /// permission, and the id is looked up among those only. Read.Write of Azure Digital Twins,
    /// requested as `Role`, can never be granted: its API has no application permission, and
    /// access as the application itself takes an Azure role on the instance instead. Consent and
    /// sign-in fail with AADSTS650056 or AADSTS65005.
    ///
    /// **What is checked.** Permissions that exist with one type and are requested with the other:
    /// as the API's own service principal tells where it is in the input, else by the catalogue. An id that is both (`User.Export.All` of Microsoft Graph) is
    /// right with either.
    ///
    /// **Fix.** Correct `type`, or take the id of the permission of the same name and the other
    /// type: `az ad app permission delete`, then `az ad app permission add`.
    pub static PERMISSION_WRONG_TYPE = {
        id: "permission-wrong-type",
        group: Permission,
        severity: Error,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/resourceaccess",
            "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
        ],
        fix: "correct the type to Scope where no application permission has the same name",
        check: RequiredAccess(wrong_type),
    }
}

fn wrong_type(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for asked in asked(access) {
        let Some(kind) = asked.permission.known_kind else {
            continue;
        };
        out.depends_on(Depends::EXPOSED);
        let Some(right) = only_other_type(asked, kind, cx) else {
            continue;
        };
        let span = asked
            .permission
            .kind
            .span()
            .unwrap_or(asked.permission.span);
        out.report(Severity::Error, span, |say| {
            let (api, id) = (asked.api, asked.id);
            say.message(format!(
                "{} is requested as {}",
                permission_name(cx, api, id, Some(right)),
                kind.key()
            ))
            .label(format!("{} is its type", right.key()))
            .help(advice(asked, kind, right))
            .fact("type", right.key())
            .key(asked.key());
            // What was asked for must not reach further afterwards.
            if right == PermissionKind::Scope && twin(asked, kind).is_none() {
                say.fix(
                    "write Scope as its type",
                    [Edit::Replace {
                        at: span,
                        value: NewValue::from(right.key()),
                    }],
                );
            }
            if let Some(app) = registration(cx) {
                say.command(format!(
                    "az ad app permission delete --id {app} --api {api} --api-permissions {id}"
                ))
                .command(format!(
                    "az ad app permission add --id {app} --api {api} --api-permissions {id}={}",
                    right.key()
                ));
            }
        });
    }
}

/// The type of a permission that is known, but not with the type `kind`. What the resource itself
/// tells is believed first; the profile's scopes are delegated whether anything else has them or
/// not.
fn only_other_type(
    asked: Asked<'_>,
    kind: PermissionKind,
    cx: &Context<'_>,
) -> Option<PermissionKind> {
    if let Shown::Exposed(kinds) = shown(asked, cx) {
        let [delegated, application] = kinds;
        return match kind {
            PermissionKind::Scope => (!delegated && application).then_some(PermissionKind::Role),
            PermissionKind::Role => (delegated && !application).then_some(PermissionKind::Scope),
        };
    }
    if permission(asked.api, asked.id, kind).is_some() {
        return None;
    }
    if let Some(known) = permissions_with_id(asked.api, asked.id).next() {
        return Some(known.kind);
    }
    let profile = cx.profile?;
    (kind == PermissionKind::Role
        && profile.resource == asked.api
        && profile.scopes.contains(&asked.id))
    .then_some(PermissionKind::Scope)
}

fn advice(asked: Asked<'_>, kind: PermissionKind, right: PermissionKind) -> String {
    let write = format!("write {}", right.key());
    if asked.api == DIGITAL_TWINS && kind == PermissionKind::Role {
        return format!(
            "{write}; for access as the application itself assign an Azure role on the instance instead"
        );
    }
    match twin(asked, kind) {
        Some(twin) => format!(
            "{write}, or {} as id for the {} permission of that name",
            twin.id,
            kind.adjective()
        ),
        None => write,
    }
}

/// The permission of the same name and the type `kind`.
fn twin(asked: Asked<'_>, kind: PermissionKind) -> Option<&'static Permission> {
    let known = permissions_with_id(asked.api, asked.id).next()?;
    permission_by_value(asked.api, known.value, Some(kind))
}

declare_rule! {
    /// A requested permission is not one that the resource exposes.
    ///
    /// **Why it matters.** Nobody can consent to it: signing in fails with AADSTS650056 or
    /// AADSTS65005, or the permission is silently left out. The id may be mistyped, invented, of
    /// another API, or of a permission that was withdrawn.
    ///
    /// **What is checked.** A warning, where the API's own service principal is in the input and
    /// exposes no such scope or app role. Without it, ids requested of Microsoft Graph and of Azure
    /// Digital Twins, whose permissions the catalogue lists completely; the catalogue is a
    /// snapshot, so that is a hint only: a permission may be younger. Of other APIs nothing is
    /// said.
    ///
    /// **Fix.** Compare with what the API exposes in your tenant,
    /// `az ad sp show --id <resourceAppId>`, then delete or replace the entry:
    /// `az ad app permission delete --id <app> --api <resource> --api-permissions <id>`.
    pub static PERMISSION_UNKNOWN = {
        id: "permission-unknown",
        group: Permission,
        severity: Warning,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/permissions-reference",
            "https://learn.microsoft.com/graph/api/resources/requiredresourceaccess",
        ],
        check: RequiredAccess(unknown),
    }
}

fn unknown(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if access.resources.iter().any(|r| !r.permissions.is_empty()) {
        out.depends_on(Depends::EXPOSED);
    }
    let strays = asked(access).filter_map(|asked| {
        let shown = shown(asked, cx);
        let stray = match shown {
            Shown::Exposed(_) => false,
            Shown::Not(_) => true,
            Shown::Untold => {
                knows_resource(asked.api)
                    && permissions_with_id(asked.api, asked.id).next().is_none()
            }
        };
        let stray = stray
            && instead_of_resource(asked.resource, cx).is_none()
            && instead_of_permission(asked.resource, asked.permission, cx).is_none();
        stray.then_some((asked, shown))
    });
    let request = LazyCell::new(|| Some((cx.profile?, request(access, cx, cx.profile?))));
    for (asked, shown) in strays {
        // Whether a rule of the profile tells this mistake: its scope is asked of another
        // resource, or something else is asked of its resource in place of the scope.
        let told = match &*request {
            Some((profile, Request::Missing { .. })) => profile.scopes.contains(&asked.id),
            Some((profile, Request::Lacks(_))) => profile.resource == asked.api,
            _ => false,
        };
        if told {
            continue;
        }
        // Without the resource's own service principal the catalogue is all there is to go by, so
        // it is worth knowing and no more.
        let severity = match shown {
            Shown::Not(_) => Severity::Warning,
            _ => Severity::Info,
        };
        out.report(severity, asked.span(), |say| {
            let resource = resource_name(cx, asked.api);
            let elsewhere = permission_anywhere(asked.id).find(|known| known.resource != asked.api);
            if let Shown::Not(api) = shown {
                say.see(api.at, Part::AppId, "exposes no such permission");
            }
            say.message(match (elsewhere, shown) {
                (Some(known), _) => format!(
                    "{} is requested of {resource}",
                    permission_name(cx, known.resource, known.id, None)
                ),
                (None, Shown::Not(_)) => format!(
                    "{resource} exposes no permission {} in this tenant",
                    asked.id
                ),
                (None, _) => format!("{resource} exposed no permission {} in {AS_OF}", asked.id),
            })
            .label(match elsewhere {
                Some(_) => "permission of another API",
                None => "unknown permission",
            })
            .help(match elsewhere {
                Some(known) => format!(
                    "move it to an entry with the resourceAppId {}, or remove it",
                    known.resource
                ),
                None => {
                    "compare the id with what the API exposes, then correct or remove it".to_owned()
                }
            })
            .key(asked.key());
            match (elsewhere, registration(cx), asked.permission.known_kind) {
                (None, ..) => {
                    say.command(exposed(asked.api));
                }
                (Some(known), Some(app), Some(kind)) => {
                    let (api, id) = (asked.api, asked.id);
                    say.command(format!(
                        "az ad app permission delete --id {app} --api {api} --api-permissions {id}"
                    ))
                    .command(format!(
                        "az ad app permission add --id {app} --api {} --api-permissions {id}={}",
                        known.resource,
                        kind.key()
                    ));
                }
                _ => {}
            }
        });
    }
}
