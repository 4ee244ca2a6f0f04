//! Whether an application that acts as itself has a data role on its instances, and whether one
//! that only signs users in has it in vain.

use super::consent::configured;
use crate::access::{Access, Effective, Standing, Target};
use crate::model::Part;
use crate::rules::{Join, JoinOut, Severity, Want, Words, declare_rule, shell_word};
use crate::tenant::{ApplicationRow, PrincipalRow, Truth};

declare_rule! {
    /// The application's service principal has no role on the instance.
    ///
    /// **Why it matters.** Azure Digital Twins asks Azure role-based access control about every
    /// call. Whoever has no role with data actions on the instance gets 403, whatever permissions
    /// were requested and granted in Entra.
    ///
    /// **What is checked.** An application that can act as itself (it holds a secret, certificate
    /// or federated credential, or a configured flow is app-only): none of the role assignments of
    /// its service principal, or of the groups that contain it, reaches the instance. Each instance
    /// that the configuration names is judged; without any the application has to reach one of the
    /// export. The assignments have to be complete and of the instance's subscription. Silent where
    /// a group with the role has unknown members, and where the role was given to the application's
    /// object id or client id, which other rules report.
    ///
    /// **Fix.** `az role assignment create --assignee-object-id <sp> --assignee-principal-type
    /// ServicePrincipal --role "Azure Digital Twins Data Owner" --scope <dt>`.
    ///
    /// **Options.** `instances` and `flows` in the profile's table.
    pub static ADT_DATA_ROLE_MISSING = {
        id: "adt-data-role-missing",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application, ServicePrincipal, RoleAssignment, DigitalTwinsInstance],
        complete: [RoleAssignment, DigitalTwinsInstance],
        since: "0.1.0",
        options: ["azure-digital-twins.instances", "azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-403-digital-twins",
            "https://learn.microsoft.com/azure/digital-twins/concepts-security",
        ],
        check: JoinedApplication(role_missing),
    }
}

fn role_missing(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    report(app, cx, out, |short| matches!(short, Short::Nothing(_)));
}

declare_rule! {
    /// The application manages the instance, and may not touch its data.
    ///
    /// **Why it matters.** Owner, Contributor and every other role without data actions speak of
    /// the resource, not of the twins in it: `*` in `actions` never covers data. It is the
    /// commonest cause of 403 from Azure Digital Twins.
    ///
    /// **What is checked.** As for *adt-data-role-missing*, where the service principal has a role
    /// that reaches the instance, and none with data actions of Azure Digital Twins.
    ///
    /// **Fix.** Add a data role: `az role assignment create --assignee-object-id <sp>
    /// --assignee-principal-type ServicePrincipal --role "Azure Digital Twins Data Owner" --scope
    /// <dt>`.
    ///
    /// **Options.** `instances` and `flows` in the profile's table.
    pub static ADT_CONTROL_PLANE_ROLE_ONLY = {
        id: "adt-control-plane-role-only",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application, ServicePrincipal, RoleAssignment, DigitalTwinsInstance],
        complete: [RoleAssignment, DigitalTwinsInstance],
        since: "0.1.0",
        options: ["azure-digital-twins.instances", "azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-403-digital-twins",
            "https://learn.microsoft.com/azure/role-based-access-control/role-definitions",
        ],
        check: JoinedApplication(control_plane_only),
    }
}

fn control_plane_only(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    report(app, cx, out, |short| matches!(short, Short::Control(_)));
}

declare_rule! {
    /// The application's data role only reads.
    ///
    /// **Why it matters.** Creating or updating a twin or a relationship answers 403. Azure Digital
    /// Twins Data Reader reads and queries, and a custom role does what is written in it.
    ///
    /// **What is checked.** The profile wants to write, and what the service principal may do on the
    /// instance, over all its roles, certainly lacks `digitaltwins/write` or `relationships/write`.
    /// Scope and completeness as for *adt-data-role-missing*. Silent with `want = "read"`.
    ///
    /// **Fix.** `az role assignment create --assignee-object-id <sp> --assignee-principal-type
    /// ServicePrincipal --role "Azure Digital Twins Data Owner" --scope <dt>`, or say that reading
    /// is enough: `want = "read"`.
    ///
    /// **Options.** `want`, `instances` and `flows` in the profile's table.
    pub static ADT_DATA_ROLE_READ_ONLY = {
        id: "adt-data-role-read-only",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application, ServicePrincipal, RoleAssignment, DigitalTwinsInstance],
        complete: [RoleAssignment, DigitalTwinsInstance],
        since: "0.1.0",
        options: [
            "azure-digital-twins.want",
            "azure-digital-twins.instances",
            "azure-digital-twins.flows",
        ],
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/permissions/internet-of-things",
            "https://learn.microsoft.com/azure/digital-twins/concepts-security",
        ],
        check: JoinedApplication(read_only),
    }
}

fn read_only(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if cx.settings.want == Want::Write {
        report(app, cx, out, |short| matches!(short, Short::Reads(_)));
    }
}

declare_rule! {
    /// Only the application has a data role, and only users sign in through it.
    ///
    /// **Why it matters.** When somebody signs in, Azure Digital Twins asks for *their* role. A role
    /// on the application's service principal serves the application when it acts as itself, which
    /// one without a credential never does: every user gets 403.
    ///
    /// **What is checked.** An application without a credential, or whose configured flows are all
    /// delegated, signs users in; its service principal has a data role on an instance, and no user
    /// and no group has one there. Role assignments have to be complete and of the instance's
    /// subscription.
    ///
    /// **Fix.** Give the role to the users, best through a group: `az role assignment create
    /// --assignee-object-id <group> --assignee-principal-type Group --role "Azure Digital Twins
    /// Data Owner" --scope <dt>`.
    ///
    /// **Options.** `instances` and `flows` in the profile's table.
    pub static ADT_DATA_ROLE_ON_APP_ONLY = {
        id: "adt-data-role-on-app-only",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [Application, ServicePrincipal, RoleAssignment, DigitalTwinsInstance],
        complete: [RoleAssignment],
        since: "0.1.0",
        options: ["azure-digital-twins.instances", "azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/concepts-security",
            "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
        ],
        check: JoinedApplication(on_app_only),
    }
}

fn on_app_only(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let Some((access, principal)) = judged(app, cx) else {
        return;
    };
    if !is_delegated_only(app, cx, &access, principal) {
        return;
    }
    let mut in_vain = Vec::new();
    for target in access.reach.each() {
        let effective = access.effective(target, principal.id);
        if effective.data.certain.is_empty() {
            continue;
        }
        let people = access.people(target);
        let nobody = target.covered && people.through.is_empty() && people.doubts.is_empty();
        if !nobody && cx.settings.instances.is_empty() {
            // Where a user has a role, the application is of use.
            return;
        }
        if nobody {
            in_vain.push((target, effective));
        }
    }
    let all = if cx.settings.instances.is_empty() {
        1
    } else {
        in_vain.len()
    };
    for (target, effective) in in_vain.into_iter().take(all) {
        let Some(held) = effective.through().next().map(|held| held.assignment) else {
            continue;
        };
        out.report(Severity::Warning, Part::AppId, |say| {
            let name = say.name(app.at);
            say.message(format!(
                "on the instance {} only {name} itself has a data role, and no user who signs in \
                 through it",
                instance_name(target)
            ))
            .label("signs users in, never itself")
            .help("give the data role to the users, or to a group of them")
            .command(format!(
                "az role assignment create --assignee-object-id <group> --assignee-principal-type \
                 Group --role {} --scope {}",
                shell_word(&access.data_role()),
                shell_word(&target.id)
            ));
            say.see(principal.at, Part::Id, "its service principal");
            if let Some(row) = cx.tenant.rows.assignments.get(held as usize) {
                say.see(row.at, Part::Principal, "the application, not a user");
            }
            see_instance(say, &access, target);
            keyed(say, cx, target);
        });
    }
}

/// What an application that acts as itself lacks on an instance.
enum Short {
    Nothing(Effective),
    /// This assignment reaches it and gives no data.
    Control(u32),
    /// It has data actions, and not all that writing needs.
    Reads(Effective),
}

/// What is said of one way to fall short.
struct Told {
    /// Behind the application's name.
    message: String,
    label: &'static str,
    /// What marks the service principal.
    principal: &'static str,
    /// The assignment that has to do with it, and what marks its role.
    assignment: Option<(u32, &'static str)>,
    /// The data actions that are missing, where some are there.
    missing: Option<String>,
}

impl Short {
    fn told(&self, access: &Access<'_>, target: &Target) -> Told {
        let instance = instance_name(target);
        match self {
            Short::Nothing(effective) => Told {
                message: match effective.eligible {
                    Some(_) => {
                        format!("has a role on the instance {instance} that is only eligible")
                    }
                    None => format!("has no role on the instance {instance}"),
                },
                label: "acts as itself, without a role",
                principal: "no assignment reaches there",
                assignment: effective.eligible.map(|row| (row, "eligible, not active")),
                missing: None,
            },
            Short::Control(row) => Told {
                message: format!(
                    "has {} on the instance {instance}, which gives none of its data",
                    access.role_called(*row)
                ),
                label: "acts as itself, without data actions",
                principal: "its service principal",
                assignment: Some((*row, "no data action in it")),
                missing: None,
            },
            Short::Reads(effective) => {
                let write = access.profile.operations.write;
                let missing = access.actions_called(write.without(effective.data.possible));
                let held = effective.through().next();
                Told {
                    message: format!("cannot write on the instance {instance}: it lacks {missing}"),
                    label: "wants to write, only reads",
                    principal: "its service principal",
                    assignment: held.map(|held| (held.assignment, "the role it has")),
                    missing: Some(missing),
                }
            }
        }
    }
}

/// Reports each instance on which an application that acts as itself falls short in this way.
fn report(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>, is: impl Fn(&Short) -> bool) {
    let Some((access, principal)) = acting(app, cx) else {
        return;
    };
    for (target, short) in shortfalls(&access, app, principal) {
        if !is(&short) {
            continue;
        }
        out.report(Severity::Error, Part::AppId, |say| {
            let told = short.told(&access, target);
            let name = say.name(app.at);
            say.message(format!("{name} {}", told.message))
                .label(told.label);
            if let Some(missing) = told.missing {
                say.fact("missingDataActions", missing);
            }
            assign(say, &access, principal, target);
            say.see(principal.at, Part::Id, told.principal);
            let row = |row: u32| cx.tenant.rows.assignments.get(row as usize);
            if let Some((row, label)) = told
                .assignment
                .and_then(|(number, label)| Some((row(number)?, label)))
            {
                say.see(row.at, Part::Role, label);
            }
            see_instance(say, &access, target);
            keyed(say, cx, target);
        });
    }
}

/// Where, and how, an application falls short: on every configured instance by itself; without
/// any, on the nearest instance when it reaches none.
fn shortfalls<'a>(
    access: &'a Access<'_>,
    app: &ApplicationRow,
    principal: &PrincipalRow,
) -> Vec<(&'a Target, Short)> {
    let each = !access.settings.instances.is_empty();
    let mut found: Vec<(&Target, Short)> = Vec::new();
    for target in access.reach.each() {
        match short(access, target, app, principal) {
            Some(short) => found.push((target, short)),
            // It has enough somewhere, or that cannot be told.
            None if !each => return Vec::new(),
            None => {}
        }
    }
    if each {
        return found;
    }
    // The nearest: where it may read, else where it has any role at all.
    let nearness = |short: &Short| match short {
        Short::Reads(_) => 0,
        Short::Control(_) => 1,
        Short::Nothing(_) => 2,
    };
    found.sort_by_key(|(_, short)| nearness(short));
    found.truncate(1);
    found
}

fn short(
    access: &Access<'_>,
    target: &Target,
    app: &ApplicationRow,
    principal: &PrincipalRow,
) -> Option<Short> {
    let effective = access.effective(target, principal.id);
    // What a deny assignment takes away, the rule about it reports.
    if effective.denied.is_some() {
        return None;
    }
    if effective.data.is_empty() {
        let misplaced = [app.id, app.app_id]
            .into_iter()
            .any(|id| access.misplaced(target, id).is_some());
        if misplaced {
            return None;
        }
        return Some(match effective.control() {
            Some(assignment) if effective.eligible.is_none() => Short::Control(assignment),
            _ => Short::Nothing(effective),
        });
    }
    let write = access.profile.operations.write;
    let short = effective.data.allows(write) == Truth::No && !effective.data.certain.is_empty();
    short.then_some(Short::Reads(effective))
}

/// An application that the profile applies to, with its one service principal.
fn judged<'t>(app: &ApplicationRow, cx: &Join<'t>) -> Option<(Access<'t>, &'t PrincipalRow)> {
    cx.profile_of(app)?;
    let access = cx.access()?;
    match access.standing(app, None) {
        Standing::One(principal) if !app.deleted => Some((access, principal)),
        _ => None,
    }
}

/// The same for one that can act as itself: so it is configured, or it holds a credential that is
/// valid or may be.
fn acting<'t>(app: &ApplicationRow, cx: &Join<'t>) -> Option<(Access<'t>, &'t PrincipalRow)> {
    let (access, principal) = judged(app, cx)?;
    let acts = configured(cx, |flow| flow.is_app_only())
        .unwrap_or_else(|| access.may_hold(app, principal));
    acts.then_some((access, principal))
}

fn is_delegated_only(
    app: &ApplicationRow,
    cx: &Join<'_>,
    access: &Access<'_>,
    principal: &PrincipalRow,
) -> bool {
    if let Some(app_only) = configured(cx, |flow| flow.is_app_only()) {
        return !app_only && configured(cx, |_| true) == Some(true);
    }
    let platforms = app.platforms;
    // A web application proves who it is, so one without a credential has a federated one that
    // the input does not show, or does not work at all.
    let public = [platforms.public, platforms.spa, app.public_client_flow];
    public.contains(&Truth::Yes) && !access.may_hold(app, principal)
}

/// The instance's name between quotation marks.
fn instance_name(target: &Target) -> String {
    crate::rules::out::quoted(&target.name)
}

fn assign(say: &mut Words<'_>, access: &Access<'_>, principal: &PrincipalRow, target: &Target) {
    let role = access.data_role();
    say.help(format!("assign {role} to the service principal there"))
        .command(format!(
            "az role assignment create --assignee-object-id {} --assignee-principal-type \
             ServicePrincipal --role {} --scope {}",
            principal.id,
            shell_word(&role),
            shell_word(&target.id)
        ));
}

fn see_instance(say: &mut Words<'_>, access: &Access<'_>, target: &Target) {
    if let Some(row) = target.instance(access.tenant) {
        say.see(row.at, Part::Id, "the instance");
    }
}

/// With configured instances there is a finding for each.
fn keyed(say: &mut Words<'_>, cx: &Join<'_>, target: &Target) {
    if !cx.settings.instances.is_empty() {
        say.key(target.id.to_lowercase());
    }
    say.fact("instance", &*target.id);
}
