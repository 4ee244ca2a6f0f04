//! Who owns an application: nobody, or somebody from elsewhere.

use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{ApplicationRow, At, DirectoryKind, LinkRow, PrincipalRow};

declare_rule! {
    /// An application has no owner.
    ///
    /// **Why it matters.** Nobody is asked before its secret expires, and nobody answers when it
    /// is found in an incident. Only administrators can change it.
    ///
    /// **What is checked.** Applications of which the input lists the owners, and lists none:
    /// inside the application (`$expand=owners`), or in a list of their own. Deleted applications
    /// are left alone. Owners are few on purpose, so their number is not judged.
    ///
    /// **Fix.** Name the person or the team who runs it:
    /// `az ad app owner add --id <app> --owner-object-id <user>`.
    pub static OWNER_MISSING = {
        id: "owner-missing",
        group: Hygiene,
        severity: Warning,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
            "https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners",
        ],
        peers: [
            "Zero Trust Assessment 21867, 24518",
            "M365-Assess ENTAPP-018",
            "Monkey365 eid-application-lacks-owner",
            "M365-Assessment-Toolkit ENTRA-006",
        ],
        check: JoinedApplication(missing),
    }
}

fn missing(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    let ids = [app.id, app.app_id];
    let known = app.owners_known || ids.iter().any(|id| tenant.knows_owners(*id));
    if !known || app.deleted || owners(app.id, app.app_id, cx).next().is_some() {
        return;
    }
    out.report(Severity::Warning, Part::Object, |say| {
        let name = say.name(app.at);
        say.message(format!("nobody owns the application {name}"))
            .label("no owner")
            .help("name the person or the team who runs it")
            .command(format!(
                "az ad app owner add --id {} --owner-object-id <userObjectId>",
                app.app_id
            ));
    });
}

/// Owners of what has this object id, or this client id.
fn owners<'t>(id: Guid, app_id: Guid, cx: &Join<'t>) -> impl Iterator<Item = &'t LinkRow> {
    let tenant = cx.tenant;
    let other = if id == app_id { Guid::NIL } else { app_id };
    let nil = |id: &Guid| *id != Guid::NIL;
    [id, other]
        .into_iter()
        .filter(nil)
        .flat_map(|id| tenant.owners_of(id))
}

declare_rule! {
    /// A guest, or a service principal of another tenant, owns an application.
    ///
    /// **Why it matters.** An owner can add a credential and sign in as the application, with all
    /// its rights. Somebody from elsewhere is not covered by this organisation's joining and
    /// leaving, nor by its rules for signing in.
    ///
    /// **What is checked.** Owners of applications and service principals in the input: users whose
    /// `userType` is `Guest` or whose name has `#EXT#`, in the list of owners or in a list of
    /// users; service principals whose application is registered in another tenant than this one,
    /// but for Microsoft's. What the input does not tell of an owner is not guessed.
    ///
    /// **Fix.** Make a member of the organisation the owner, then
    /// `az ad app owner remove --id <app> --owner-object-id <owner>`.
    pub static OWNER_GUEST = {
        id: "owner-guest",
        group: Hygiene,
        severity: Warning,
        persona: Regular,
        needs: [DirectoryObject | Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
            "https://learn.microsoft.com/entra/external-id/user-properties",
        ],
        peers: [
            "Zero Trust Assessment 21868",
            "EntraFalcon application owners",
            "AzTS AuthZ_SPN_Owners_Governance",
        ],
        check: JoinedApplication(guest_of_application) | JoinedPrincipal(guest_of_principal),
    }
}

fn guest_of_application(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if app.deleted {
        return;
    }
    let whole = Whole {
        at: app.at,
        noun: "the application",
        command: "az ad app owner remove --id",
        id: if app.app_id == Guid::NIL {
            app.id
        } else {
            app.app_id
        },
    };
    from_elsewhere(&whole, owners(app.id, app.app_id, cx), cx, out);
}

fn guest_of_principal(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if principal.is_microsofts() || principal.deleted {
        return;
    }
    let whole = Whole {
        at: principal.at,
        noun: "the service principal",
        command: "",
        id: principal.id,
    };
    from_elsewhere(&whole, owners(principal.id, Guid::NIL, cx), cx, out);
}

/// What is owned.
struct Whole {
    at: At,
    noun: &'static str,
    /// Takes an owner off; empty where no command of `az ad` does.
    command: &'static str,
    id: Guid,
}

fn from_elsewhere<'t>(
    whole: &Whole,
    owners: impl Iterator<Item = &'t LinkRow>,
    cx: &Join<'t>,
    out: &mut JoinOut<'_>,
) {
    let mut last = Guid::NIL;
    for owner in owners {
        // One owner may stand in several lists, one after another.
        if owner.part == Guid::NIL || std::mem::replace(&mut last, owner.part) == owner.part {
            continue;
        }
        let Some(what) = elsewhere(owner, cx) else {
            continue;
        };
        let inside = owner.at == whole.at;
        let part = if inside {
            Part::Owner(owner.part)
        } else {
            Part::Object
        };
        out.report(Severity::Warning, part, |say| {
            let name = say.name(whole.at);
            let who = if inside {
                owner.part.to_string()
            } else {
                say.name(owner.at)
            };
            say.message(format!("{what} {who} owns {} {name}", whole.noun))
                .label(if inside {
                    "owner from elsewhere"
                } else {
                    "owned by somebody from elsewhere"
                })
                .help("make a member of the organisation the owner, then remove this one")
                .fact("owner", owner.part)
                .key(owner.part.to_string());
            if !inside {
                say.see(owner.at, Part::Type, "owner from elsewhere");
            }
            say.command(if whole.command.is_empty() {
                format!(
                    "az rest --method DELETE --url 'https://graph.microsoft.com/v1.0/servicePrincipals/{}/owners/{}/$ref'",
                    whole.id, owner.part
                )
            } else {
                format!("{} {} --owner-object-id {}", whole.command, whole.id, owner.part)
            });
        });
    }
}

/// What somebody from elsewhere is called.
fn elsewhere(owner: &LinkRow, cx: &Join<'_>) -> Option<&'static str> {
    let tenant = cx.tenant;
    if let Some(principal) = tenant.principal(owner.part) {
        let foreign = tenant.is_own(principal).is_no() && !principal.is_microsofts();
        return foreign.then_some("another tenant's service principal");
    }
    let person = tenant.directory_object(owner.part)?;
    let is_person = matches!(person.kind, DirectoryKind::User | DirectoryKind::Unknown);
    (is_person && person.guest.is_yes()).then_some("the guest")
}
