//! Permissions that applications ask for and that were granted, by how dangerous they are.

use std::collections::BTreeMap;

use super::Inventory;
use crate::catalog::{self, Risk};
use crate::model::{Guid, PermissionKind};
use crate::tenant::{AppRoleRow, ApplicationRow, ConsentType, PrincipalRow, Requested};

/// How dangerous a permission is in the wrong hands; the worst first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// Leads to full control of the tenant by itself.
    TierZero,
    Critical,
    High,
    Medium,
    Low,
    /// On no list.
    Unrated,
}

impl Danger {
    /// As a table names it.
    pub fn name(self) -> &'static str {
        match self {
            Danger::TierZero => "tier zero",
            Danger::Critical => "critical",
            Danger::High => "high",
            Danger::Medium => "medium",
            Danger::Low => "low",
            Danger::Unrated => "not rated",
        }
    }
}

/// To whom a permission was granted.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// Asked for, which grants nothing.
    Asked,
    /// To the application itself.
    Application,
    /// Delegated, for everyone in the tenant.
    Everyone,
    /// Delegated, for single users.
    Users,
}

/// One permission, asked for or granted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PermissionUse {
    pub danger: Danger,
    /// The API's name, or its GUID.
    pub api: String,
    /// The permission's value, or its GUID; untrusted text where only the export knows it.
    pub value: String,
    pub kind: Option<PermissionKind>,
    pub scale: Scale,
}

/// Who asks for a permission and who has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Rows of applications that ask for it.
    pub asked: Vec<u32>,
    /// Rows of service principals that have it: as themselves, or for everyone in the tenant.
    pub granted: Vec<u32>,
    /// Rows of service principals that have it for single users.
    pub for_users: Vec<u32>,
}

/// What tells one permission from another.
type Key = (Danger, String, String, Option<PermissionKind>);

impl PermissionUse {
    fn key(self) -> Key {
        (self.danger, self.api, self.value, self.kind)
    }

    /// In one line: `Microsoft Graph / User.Read (delegated)`.
    pub fn words(&self) -> String {
        let kind = self
            .kind
            .map_or_else(String::new, |kind| format!(" ({})", kind.adjective()));
        format!("{} / {}{kind}", self.api, self.value)
    }
}

impl Inventory<'_> {
    /// What an application asks for.
    pub fn asked_by(&self, row: &ApplicationRow) -> Vec<PermissionUse> {
        let mut all: Vec<PermissionUse> = self
            .join
            .tenant
            .requested(row)
            .map(|requested| self.requested(requested))
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// A permission that is asked for.
    pub fn requested(&self, Requested { resource, id, kind }: Requested) -> PermissionUse {
        self.by_id(resource, id, kind, Scale::Asked)
    }

    fn by_id(
        &self,
        resource: Guid,
        id: Guid,
        kind: Option<PermissionKind>,
        scale: Scale,
    ) -> PermissionUse {
        let known = kind.and_then(|kind| catalog::permission(resource, id, kind));
        let value = match known {
            Some(known) => known.value.to_owned(),
            None => self.exposed(resource, id).unwrap_or_else(|| id.to_string()),
        };
        PermissionUse {
            danger: danger(known),
            api: self.api(resource),
            value,
            kind,
            scale,
        }
    }

    /// What the export of the API's own service principal calls a permission.
    fn exposed(&self, resource: Guid, id: Guid) -> Option<String> {
        let tenant = self.join.tenant;
        let row = tenant
            .principals_of(resource)
            .flat_map(|principal| tenant.exposed(principal))
            .find(|exposed| exposed.id == id && resource != Guid::NIL)?;
        let value = tenant.text(row.value);
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// An API by its app id.
    fn api(&self, resource: Guid) -> String {
        match &self.join.settings.profile {
            Some(profile) if profile.resource == resource => profile.resource_name.clone(),
            _ => match catalog::describe_resource(resource) {
                id if id == resource.to_string() => self.called_api(resource).unwrap_or(id),
                known => known,
            },
        }
    }

    /// What an API's own service principal is called.
    fn called_api(&self, resource: Guid) -> Option<String> {
        let tenant = self.join.tenant;
        let mut own = tenant.principals_of(resource);
        own.find_map(|principal| self.called(principal.id).name)
    }

    /// An app role that somebody was assigned, other than default access.
    pub fn app_role(&self, role: &AppRoleRow) -> PermissionUse {
        let kind = Some(PermissionKind::Role);
        let resource = match self.join.tenant.principal(role.resource) {
            Some(row) => row.app_id,
            // The id of a permission tells its API, where the catalogue knows it.
            None => catalog::permission_anywhere(role.role)
                .find(|known| Some(known.kind) == kind)
                .map_or(role.resource, |known| known.resource),
        };
        self.by_id(resource, role.role, kind, Scale::Application)
    }

    /// What an API is called, by its service principal's object id.
    pub fn called_resource(&self, resource: Guid) -> String {
        let own = self.join.tenant.principal(resource);
        self.api(own.map_or(resource, |row| row.app_id))
    }

    /// Everything granted to a service principal, added to `out`.
    pub fn granted_to(&self, principal: &PrincipalRow, out: &mut Vec<PermissionUse>) {
        let tenant = self.join.tenant;
        if principal.id == Guid::NIL {
            return;
        }
        let app_of = |resource: Guid| tenant.principal(resource).map(|row| row.app_id);
        for role in tenant.app_roles_of(principal.id) {
            // Nil is "default access": an assignment to an app, no permission of an API.
            if role.role == Guid::NIL {
                continue;
            }
            out.push(self.app_role(role));
        }
        for grant in tenant.grants_of(principal.id) {
            let scale = match grant.consent {
                ConsentType::AllPrincipals => Scale::Everyone,
                ConsentType::Principal | ConsentType::Unknown => Scale::Users,
            };
            let resource = app_of(grant.resource);
            for value in tenant.scopes_of(grant) {
                let kind = PermissionKind::Scope;
                let known =
                    resource.and_then(|app| catalog::permission_by_value(app, value, Some(kind)));
                out.push(PermissionUse {
                    danger: danger(known),
                    api: self.api(resource.unwrap_or(grant.resource)),
                    value: known.map_or(value, |known| known.value).to_owned(),
                    kind: Some(kind),
                    scale,
                });
            }
        }
    }

    /// Every permission that is asked for or granted, the most dangerous first.
    pub fn permissions(&self) -> Vec<(PermissionUse, Used)> {
        let tenant = self.join.tenant;
        let mut all: BTreeMap<Key, Used> = BTreeMap::new();
        for (number, row) in tenant.rows.applications.iter().enumerate() {
            if self.only_named && !row.named {
                continue;
            }
            for asked in self.asked_by(row) {
                all.entry(asked.key())
                    .or_default()
                    .asked
                    .push(number as u32);
            }
        }
        let mut granted = Vec::new();
        for (number, row) in tenant.rows.principals.iter().enumerate() {
            let named = || tenant.application(row.app_id).is_some_and(|app| app.named);
            if self.only_named && !named() {
                continue;
            }
            self.granted_to(row, &mut granted);
            for permission in granted.drain(..) {
                let scale = permission.scale;
                let used = all.entry(permission.key()).or_default();
                let list = match scale {
                    Scale::Users => &mut used.for_users,
                    _ => &mut used.granted,
                };
                // One after another for one principal, so the last tells.
                if list.last() != Some(&(number as u32)) {
                    list.push(number as u32);
                }
            }
        }
        let whole = |((danger, api, value, kind), used): (Key, Used)| {
            let permission = PermissionUse {
                danger,
                api,
                value,
                kind,
                scale: Scale::Asked,
            };
            (permission, used)
        };
        all.into_iter().map(whole).collect()
    }
}

fn danger(known: Option<&catalog::Permission>) -> Danger {
    match known {
        Some(known) if known.core => Danger::TierZero,
        Some(known) => match known.risk {
            Some(Risk::Critical) => Danger::Critical,
            Some(Risk::High) => Danger::High,
            Some(Risk::Medium) => Danger::Medium,
            Some(Risk::Low) => Danger::Low,
            None => Danger::Unrated,
        },
        None => Danger::Unrated,
    }
}
