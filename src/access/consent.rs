//! Whether the resource's permission is asked for and granted.

use super::Access;
use super::principal::Standing;
use super::reason::{Gate, Reason, Why};
use crate::catalog::permission;
use crate::model::{Guid, ObjectKind, Part, PermissionKind};
use crate::rules::Flow;
use crate::tenant::{ApplicationRow, At, ConsentType, GrantRow, Truth};

/// What is granted to an application of the profile's permission.
#[derive(Clone, Debug, Default)]
pub struct Consent {
    /// Granted for all users.
    pub everyone: Option<At>,
    /// Granted for one user each.
    pub users: Vec<Guid>,
    /// A grant for the resource without the permission.
    pub lacks: Option<At>,
    /// The permission's name, granted for another resource.
    pub another: Option<At>,
    /// The permission's name, granted for a resource that is not in the input.
    pub of_unknown: Option<At>,
}

impl Consent {
    /// Somebody consented to the right thing.
    pub fn is_given(&self) -> bool {
        self.everyone.is_some() || !self.users.is_empty()
    }
}

impl<'t> Access<'t> {
    /// Whether the application asks for the profile's permission.
    pub fn requests(&self, app: &ApplicationRow) -> Truth {
        let asked = self.tenant.requested(app).any(|row| {
            row.resource == self.profile.resource && self.profile.scopes.contains(&row.id)
        });
        match (asked, app.requests_known) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::No,
            (false, false) => Truth::Unknown,
        }
    }

    /// The permission by the values that grants name it by: of the exported resource, else the
    /// published ones.
    pub fn scope_values(&self) -> Vec<&'t str> {
        let tenant = self.tenant;
        let exported = |id: Guid| {
            tenant
                .principals_of(self.profile.resource)
                .flat_map(|row| tenant.exposed(row))
                .find(|row| row.id == id && row.kind == PermissionKind::Scope)
                .map(|row| tenant.text(row.value))
                .filter(|value| !value.is_empty())
        };
        let published = |id: Guid| {
            permission(self.profile.resource, id, PermissionKind::Scope).map(|known| known.value)
        };
        let scopes = self.profile.scopes.iter();
        scopes
            .filter_map(|id| exported(*id).or_else(|| published(*id)))
            .collect()
    }

    /// Whether a grant names the permission; values compare exactly.
    pub fn names_scope(&self, grant: &GrantRow) -> bool {
        let values = self.scope_values();
        self.tenant
            .scopes_of(grant)
            .any(|scope| values.contains(&scope))
    }

    /// What is granted to a client, by its service principal's object id.
    pub fn consent(&self, client: Guid) -> Consent {
        let mut out = Consent::default();
        if client == Guid::NIL {
            return out;
        }
        for grant in self.tenant.grants_of(client) {
            let named = self.names_scope(grant);
            let resource = self.tenant.principal(grant.resource);
            match resource.map(|row| row.app_id == self.profile.resource) {
                Some(true) if named => match grant.consent {
                    ConsentType::Principal => out.users.push(grant.principal),
                    _ => out.everyone = out.everyone.or(Some(grant.at)),
                },
                Some(true) => out.lacks = out.lacks.or(Some(grant.at)),
                Some(false) if named => out.another = out.another.or(Some(grant.at)),
                None if named => out.of_unknown = out.of_unknown.or(Some(grant.at)),
                _ => {}
            }
        }
        out
    }

    /// The `consent` gate of a delegated flow. `has_role` tells whether a user has a data role on
    /// the instance.
    pub(super) fn consented(
        &self,
        app: &ApplicationRow,
        flow: Flow,
        standing: Standing<'_>,
        has_role: impl Fn(Guid) -> bool,
        out: &mut Vec<Reason>,
    ) {
        let gate = Gate::Consent;
        let entry = Part::Resource(self.profile.resource);
        let unknown = |why| Reason::unknown(gate, why, app.at, entry);
        let complete = self.tenant.is_complete(ObjectKind::DelegatedGrant);
        let consent = match standing {
            Standing::One(row) => self.consent(row.id),
            // Nothing can be granted to what does not exist; that is the principal's gate.
            _ => Consent::default(),
        };
        if consent.everyone.is_some() || consent.users.iter().any(|user| has_role(*user)) {
            return;
        }
        match self.requests(app) {
            Truth::Yes => {}
            Truth::No => {
                let known = complete || matches!(standing, Standing::Missing);
                out.push(Reason {
                    closed: known && !consent.is_given(),
                    part: Part::RequiredAccess,
                    ..unknown(Why::NotRequested)
                });
                if !known {
                    return;
                }
            }
            Truth::Unknown => out.push(Reason {
                part: Part::RequiredAccess,
                ..unknown(Why::RequestsUntold)
            }),
        }
        if matches!(standing, Standing::Missing) {
            return;
        }
        if !self.tenant.is_complete(ObjectKind::DelegatedGrant) {
            out.push(unknown(Why::Needs(ObjectKind::DelegatedGrant)));
            return;
        }
        if matches!(standing, Standing::Untold | Standing::Several(_)) {
            // Grants name service principals; the principal's gate tells which are missing.
            return;
        }
        if consent.is_given() {
            out.push(unknown(Why::GrantForOthers));
            return;
        }
        let found = [
            (consent.lacks, Why::GrantLacksScope, Part::Scope),
            (consent.another, Why::GrantForAnother, Part::ResourceId),
            (consent.of_unknown, Why::GrantOfUnknown, Part::ResourceId),
        ];
        for (at, why, part) in found {
            if let Some(at) = at {
                // Without the right grant the user is asked, as without any.
                let certain = self.settings.admin_consent_required || flow == Flow::OnBehalfOf;
                out.push(Reason {
                    closed: certain && why != Why::GrantOfUnknown,
                    ..Reason::unknown(gate, why, at, part)
                });
                return;
            }
        }
        if flow == Flow::OnBehalfOf {
            // Users of a known client are asked for both applications at once.
            out.push(Reason {
                closed: !app.knows_clients,
                ..unknown(Why::UnpreparedOnBehalfOf)
            });
            return;
        }
        out.push(Reason {
            closed: self.settings.admin_consent_required,
            ..unknown(Why::NotGranted {
                admin: self.settings.admin_consent_required || self.needs_administrator(),
            })
        });
    }

    /// The exported resource says that only an administrator may consent.
    fn needs_administrator(&self) -> bool {
        self.tenant
            .principals_of(self.profile.resource)
            .flat_map(|row| self.tenant.exposed(row))
            .any(|row| self.profile.scopes.contains(&row.id) && row.admin.is_yes())
    }
}
