//! The service principals of the application and of the resource, and their tenants.

use super::Access;
use super::reach::Target;
use super::reason::{Gate, Reason, Why};
use crate::model::{Guid, ObjectKind, Part};
use crate::rules::Flow;
use crate::tenant::{ApplicationRow, At, PrincipalRow, Truth};

/// The service principal of an application, as far as the input tells.
#[derive(Copy, Clone, Debug)]
pub enum Standing<'t> {
    One(&'t PrincipalRow),
    /// Of several tenants; which one is meant is not known.
    Several(&'t PrincipalRow),
    /// A complete export has none.
    Missing,
    /// None in the input, and the export is not complete.
    Untold,
}

impl<'t> Standing<'t> {
    pub fn row(self) -> Option<&'t PrincipalRow> {
        match self {
            Standing::One(row) => Some(row),
            _ => None,
        }
    }
}

impl<'t> Access<'t> {
    /// The service principal of an application in the tenant of `target`.
    pub fn standing(&self, app: &ApplicationRow, target: Option<&Target>) -> Standing<'t> {
        let mut all = self.tenant.principals_of(app.app_id);
        let Some(first) = all.next() else {
            return if app.app_id != Guid::NIL
                && self.tenant.is_complete(ObjectKind::ServicePrincipal)
            {
                Standing::Missing
            } else {
                Standing::Untold
            };
        };
        if all.all(|other| other.id == first.id) {
            return Standing::One(first);
        }
        // One per tenant: that of the instance, where both say which that is.
        let home = self.tenant_of(target);
        let mut here = self
            .tenant
            .principals_of(app.app_id)
            .filter(|row| home.is_some() && Some(row.tenant) == home);
        match here.next() {
            Some(row) if here.all(|other| other.id == row.id) => Standing::One(row),
            _ => Standing::Several(first),
        }
    }

    /// The tenant an instance is in: its managed identity's, or the configured one.
    pub fn tenant_of(&self, target: Option<&Target>) -> Option<Guid> {
        target
            .and_then(|target| target.instance(self.tenant))
            .map(|row| row.tenant)
            .filter(|id| *id != Guid::NIL)
            .or(self.settings.tenant)
    }

    /// The `principal` gate, of the application's own service principal.
    pub(super) fn principal(
        &self,
        app: &ApplicationRow,
        flow: Flow,
        standing: Standing<'_>,
        out: &mut Vec<Reason>,
    ) {
        let unknown = |why| Reason::unknown(Gate::Principal, why, app.at, Part::AppId);
        match standing {
            Standing::Missing => out.push(Reason::closed(
                Gate::Principal,
                Why::NoServicePrincipal,
                app.at,
                Part::AppId,
            )),
            Standing::Untold => out.push(unknown(Why::Needs(ObjectKind::ServicePrincipal))),
            Standing::Several(row) => out.push(Reason {
                at: row.at,
                ..unknown(Why::SeveralServicePrincipals)
            }),
            Standing::One(row) => {
                self.enabled(row, out);
                if !flow.is_app_only() && row.assignment_required.is_yes() {
                    self.assigned(row, out);
                }
            }
        }
        self.resource(app.at, flow, out);
    }

    /// Whether a service principal may get tokens at all.
    pub(super) fn enabled(&self, row: &PrincipalRow, out: &mut Vec<Reason>) {
        if row.enabled.is_no() || row.disabled {
            let part = if row.disabled {
                Part::Disabled
            } else {
                Part::Enabled
            };
            out.push(Reason::closed(
                Gate::Principal,
                Why::ServicePrincipalDisabled,
                row.at,
                part,
            ));
        }
    }

    fn assigned(&self, row: &PrincipalRow, out: &mut Vec<Reason>) {
        if self.tenant.app_roles_for(row.id).next().is_some() {
            return;
        }
        let kind = ObjectKind::AppRoleAssignment;
        let (gate, part) = (Gate::Principal, Part::AssignmentRequired);
        out.push(if self.tenant.is_complete(kind) {
            Reason::closed(gate, Why::Unassigned, row.at, part)
        } else {
            Reason::unknown(gate, Why::Needs(kind), row.at, part)
        });
    }

    /// The resource's service principal, without which nobody gets a token for it. An export that
    /// is not complete tells nothing of it.
    pub(super) fn resource(&self, at: At, flow: Flow, out: &mut Vec<Reason>) {
        let mut all = self.tenant.principals_of(self.profile.resource);
        if let Some(row) = all.next() {
            let off = |row: &PrincipalRow| row.enabled.is_no() || row.disabled;
            if off(row) && all.all(off) {
                out.push(Reason::closed(
                    Gate::Principal,
                    Why::ResourcePrincipalDisabled,
                    row.at,
                    Part::Enabled,
                ));
            }
        } else if flow != Flow::ManagedIdentity && self.lacks_resource_principal() {
            // Entra makes the service principal of Microsoft's own API when it first issues a
            // token for it in some flows, so for those it is not certain.
            out.push(Reason {
                closed: !flow.is_app_only(),
                ..Reason::closed(
                    Gate::Principal,
                    Why::NoResourcePrincipal,
                    at,
                    Part::Resource(self.profile.resource),
                )
            });
        }
    }

    /// A complete export of service principals has none for the resource.
    pub fn lacks_resource_principal(&self) -> bool {
        self.tenant.is_complete(ObjectKind::ServicePrincipal)
            && self
                .tenant
                .principals_of(self.profile.resource)
                .next()
                .is_none()
    }

    /// The `tenant` gate.
    pub(super) fn same_tenant(
        &self,
        app: &ApplicationRow,
        standing: Standing<'_>,
        target: Option<&Target>,
        out: &mut Vec<Reason>,
    ) {
        let Standing::One(row) = standing else {
            return;
        };
        let (gate, part) = (Gate::Tenant, Part::Tenant);
        match self.is_foreign(Some(app), row, target) {
            Truth::Yes => out.push(Reason::closed(gate, Why::ForeignTenant, row.at, part)),
            Truth::Unknown => out.push(Reason::unknown(gate, Why::TenantUntold, row.at, part)),
            Truth::No => {}
        }
    }

    /// Whether a service principal is of another tenant than the instance. No, where nothing
    /// speaks for it: documents of one folder are taken for those of one tenant.
    pub fn is_foreign(
        &self,
        app: Option<&ApplicationRow>,
        row: &PrincipalRow,
        target: Option<&Target>,
    ) -> Truth {
        let Some(home) = self.tenant_of(target) else {
            return Truth::No;
        };
        if row.tenant != Guid::NIL {
            return Truth::from(row.tenant != home);
        }
        if row.owner_tenant == Guid::NIL || row.owner_tenant == home {
            return Truth::No;
        }
        // Registered elsewhere: only an application of several tenants can be here as well.
        match app.map_or(Truth::Unknown, |app| app.single_tenant) {
            Truth::Yes => Truth::Yes,
            Truth::No => Truth::No,
            Truth::Unknown => Truth::Unknown,
        }
    }
}
