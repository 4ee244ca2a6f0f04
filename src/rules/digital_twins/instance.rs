//! The instances: whether they are there, can be reached, and are of the same tenant.

use crate::access::{Standing, State, Target, is_reachable, state};
use crate::catalog::digital_twins::RESOURCE;
use crate::model::Part;
use crate::rules::{Join, JoinOut, Severity, declare_rule, out};
use crate::tenant::{ApplicationRow, InstanceRow, Truth};

declare_rule! {
    /// The application is of another tenant than the instance.
    ///
    /// **Why it matters.** Azure Digital Twins knows one tenant, that of its subscription. A token
    /// of another one is answered with "404 Sub-Domain not found", even where its principal has a
    /// data role as a guest.
    ///
    /// **What is checked.** The tenant of the application's service principal, or of a single-tenant
    /// application, is not that of the instance: of its managed identity, or `tenant` of the
    /// configuration. Each instance that the configuration names is judged; without any, all of the
    /// input have to be of other tenants.
    ///
    /// **Fix.** Register the application in the instance's tenant, or ask for the token there:
    /// `az account get-access-token --tenant <tenant> --resource https://digitaltwins.azure.net`.
    ///
    /// **Options.** `tenant` and `instances` in the profile's table.
    pub static ADT_FOREIGN_TENANT = {
        id: "adt-foreign-tenant",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application, ServicePrincipal, DigitalTwinsInstance],
        since: "0.1.0",
        options: ["azure-digital-twins.tenant", "azure-digital-twins.instances"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-404-digital-twins",
            "https://learn.microsoft.com/azure/digital-twins/concepts-security",
        ],
        check: JoinedApplication(foreign_tenant),
    }
}

fn foreign_tenant(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if cx.profile_of(app).is_none() || app.deleted {
        return;
    }
    let Some(access) = cx.access() else {
        return;
    };
    let Standing::One(principal) = access.standing(app, None) else {
        return;
    };
    let each = !cx.settings.instances.is_empty();
    let mut foreign: Vec<&Target> = Vec::new();
    for target in access.reach.each() {
        if access
            .is_foreign(Some(app), principal, Some(target))
            .is_yes()
        {
            foreign.push(target);
        } else if !each {
            return;
        }
    }
    if !each {
        foreign.truncate(1);
    }
    for target in foreign {
        let Some(home) = access.tenant_of(Some(target)) else {
            continue;
        };
        out.report(Severity::Error, Part::AppId, |say| {
            let name = say.name(app.at);
            let own = if principal.tenant == crate::model::Guid::NIL {
                principal.owner_tenant
            } else {
                principal.tenant
            };
            say.message(format!(
                "{name} is of the tenant {own}, and the instance {} of {home}",
                out::quoted(&target.name)
            ))
            .label("of another tenant")
            .help("register the application in the instance's tenant, and sign in there")
            .command(format!(
                "az account get-access-token --tenant {home} --resource \
                 https://digitaltwins.azure.net"
            ))
            .fact("tenant", own)
            .fact("instanceTenant", home);
            if each {
                say.key(target.id.to_lowercase());
            }
            say.see(principal.at, Part::Tenant, "the application's tenant");
            if let Some(row) = target.instance(cx.tenant) {
                say.see(row.at, Part::Tenant, "the instance's tenant");
            }
        });
    }
}

declare_rule! {
    /// An instance is not in working order.
    ///
    /// **Why it matters.** What failed to be made, or is being deleted, answers nobody; one without
    /// a host name has no address. An instance that is being made or changed may answer soon.
    ///
    /// **What is checked.** `provisioningState` is not `Succeeded` (a warning while it is
    /// `Provisioning`, `Updating`, `Restoring`, `Moving` or `Warning`), or `hostName` is null. A
    /// state that is not told, or not known, is left alone. Where the configuration names instances,
    /// only these.
    ///
    /// **Fix.** `az dt show --dt-name <name> --resource-group <group>`; make it anew with
    /// `az dt create` when it failed.
    ///
    /// **Options.** `instances` in the profile's table.
    pub static ADT_INSTANCE_UNAVAILABLE = {
        id: "adt-instance-unavailable",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [DigitalTwinsInstance],
        since: "0.1.0",
        options: ["azure-digital-twins.instances"],
        references: [
            "https://learn.microsoft.com/rest/api/digital-twins/controlplane/endpoints",
            "https://learn.microsoft.com/azure/digital-twins/how-to-set-up-instance-cli",
        ],
        check: JoinedInstance(unavailable),
    }
}

fn unavailable(row: &InstanceRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if !is_meant(row, cx) {
        return;
    }
    let severity = match state(row) {
        State::Failed => Severity::Error,
        State::Passing => Severity::Warning,
        State::Ready | State::Untold if row.has_host.is_no() => Severity::Error,
        State::Ready | State::Untold => return,
    };
    let by_state = !matches!(state(row), State::Ready | State::Untold);
    let part = if by_state {
        Part::State
    } else {
        Part::HostName
    };
    out.report(severity, part, |say| {
        let name = out::quoted(&row.name);
        if by_state {
            say.message(format!(
                "the instance {name} is in the state {}",
                out::one_line(&row.state)
            ))
            .label("not Succeeded")
            .fact("provisioningState", &*row.state);
        } else {
            say.message(format!("the instance {name} has no host name"))
                .label("no address to call");
        }
        say.help(match severity {
            Severity::Error => "look what became of it, and make it anew when it failed",
            _ => "wait until it is done, then export it again",
        });
        say.command(show(row, cx));
    });
}

declare_rule! {
    /// An instance can be reached over no network.
    ///
    /// **Why it matters.** Public network access is disabled and no private endpoint is approved,
    /// so every call is refused (403, "Public network access is disabled"), whoever makes it.
    ///
    /// **What is checked.** `publicNetworkAccess` is `Disabled`, and the list of private endpoint
    /// connections is there without an approved one. Where the configuration names instances, only
    /// these.
    ///
    /// **Fix.** Approve a private endpoint connection, `az dt network private-endpoint connection
    /// set --status Approved …`, or open it: `az dt create --dt-name <name> --resource-group
    /// <group> --public-network-access Enabled`.
    ///
    /// **Options.** `instances` in the profile's table.
    pub static ADT_INSTANCE_UNREACHABLE = {
        id: "adt-instance-unreachable",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [DigitalTwinsInstance],
        since: "0.1.0",
        options: ["azure-digital-twins.instances"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/how-to-enable-private-link",
            "https://learn.microsoft.com/azure/digital-twins/concepts-security",
        ],
        check: JoinedInstance(unreachable),
    }
}

fn unreachable(row: &InstanceRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if !is_meant(row, cx) || is_reachable(row) != Truth::No {
        return;
    }
    out.report(Severity::Warning, Part::Network, |say| {
        say.message(format!(
            "the instance {} has no public network access and no approved private endpoint",
            out::quoted(&row.name)
        ))
        .label("and no approved private endpoint")
        .help("approve a private endpoint connection, or enable public network access");
        say.command(show(row, cx));
    });
}

/// The profile is that of Azure Digital Twins, and the instance one of those it names, if any.
fn is_meant(row: &InstanceRow, cx: &Join<'_>) -> bool {
    let Some(access) = cx.access() else {
        return false;
    };
    access.profile.resource == RESOURCE
        && access.reach.each().any(|target| {
            target
                .instance(cx.tenant)
                .is_some_and(|other| other.at == row.at)
        })
}

/// The command that shows an instance.
fn show(row: &InstanceRow, cx: &Join<'_>) -> String {
    let segments = row.scope.map(|scope| cx.tenant.rows.scopes.segments(scope));
    let group = match segments.as_deref() {
        Some(["subscriptions", _, "resourcegroups", group, ..]) => group,
        _ => "<group>",
    };
    format!(
        "az dt show --dt-name {} --resource-group {}",
        crate::rules::shell_word(&row.name),
        if group.starts_with('<') {
            group.to_owned()
        } else {
            crate::rules::shell_word(group)
        }
    )
}
