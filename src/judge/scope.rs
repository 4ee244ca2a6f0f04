//! Whom a run is about: what `--app` and `--all-apps` name.

use std::collections::HashSet;

use super::Setting;
use crate::infrastructure::Coded;
use crate::kinds::Object;
use crate::model::{Application, Guid};
use crate::tenant::{Tenant, federated_owner, guid};

/// Which applications the profile applies to (the scope rule of the `digital-twins` group).
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Client ids, object ids or names given on the command line or in the configuration; lower
    /// case.
    pub named: HashSet<String>,
    /// `--all-apps`.
    pub all: bool,
    /// `--app`: look at the named applications only, and at their service principals and federated
    /// credentials.
    pub only_named: bool,
}

impl Scope {
    pub(super) fn names(&self, app: &Application<'_>) -> bool {
        !self.named.is_empty()
            && [&app.app_id, &app.id, &app.display_name]
                .into_iter()
                .filter_map(|field| field.value())
                .any(|text| self.named.contains(&text.trim().to_lowercase()))
    }

    /// Whether the address of a template's resource was given.
    pub(super) fn names_resource(&self, code: Option<Coded<'_>>) -> bool {
        code.is_some_and(|code| self.named.contains(&code.address().to_lowercase()))
    }

    /// Whether an app id or object id is a named application's: it was named itself or, once the
    /// whole `tenant` is known, by its application's name.
    pub fn names_id(&self, id: Guid, tenant: Option<&Tenant>) -> bool {
        let application = |tenant: &Tenant| {
            let app = tenant.application(id).or(tenant.application_by_id(id));
            app.is_some_and(|app| app.named)
        };
        id != Guid::NIL && (self.named.contains(&id.to_string()) || tenant.is_some_and(application))
    }

    /// Whether an object belongs to a named application.
    pub(super) fn is_of_named(&self, object: &Object<'_>, setting: &Setting<'_>) -> bool {
        let tenant = setting.known.map(|known| known.tenant);
        match object {
            Object::ServicePrincipal(o) => self.names_id(guid(&o.app_id), tenant),
            Object::FederatedCredential(o) => {
                self.names_id(federated_owner(o, setting.link), tenant)
            }
            _ => false,
        }
    }
}
