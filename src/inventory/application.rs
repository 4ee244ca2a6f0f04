//! One application registration as a card shows it.

use super::credential::text;
use super::{Called, HeldCredential, Inventory, PermissionUse};
use crate::kinds::Object;
use crate::model::{Application, Field, Guid, Instant, Platform};
use crate::rules::Subject;
use crate::tenant::{ApplicationRow, PrincipalRow, Truth};

/// Who owns a registration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// The input tells who they are, even if nobody is.
    pub known: bool,
    pub all: Vec<Called>,
}

/// Everything about one application but its findings.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Ids and name; `None` where the record can no longer be read.
    pub subject: Option<Subject>,
    /// `signInAudience` as written: untrusted text.
    pub audience: Option<String>,
    pub created: Option<Instant>,
    pub deleted: bool,
    pub disabled: bool,
    /// `isFallbackPublicClient`, where the document has it.
    pub public_client_flow: Option<bool>,
    /// Redirect URIs by platform; untrusted text.
    pub redirects: Vec<(Platform, String)>,
    pub identifier_uris: Vec<String>,
    pub credentials: Vec<HeldCredential>,
    /// Permissions that it asks for.
    pub asked: Vec<PermissionUse>,
    /// Permissions granted to its service principal.
    pub granted: Vec<PermissionUse>,
    pub owners: Owners,
    /// Its service principals: object id, and whether it is enabled.
    pub principals: Vec<(Guid, Truth)>,
}

impl Inventory<'_> {
    /// Reads an application again and puts together what the input tells of it.
    pub fn sheet(&self, row: &ApplicationRow) -> Sheet {
        let tenant = self.join.tenant;
        let mut sheet = Sheet {
            subject: self.subject(row.at),
            deleted: row.deleted,
            disabled: row.disabled,
            ..Sheet::default()
        };
        self.open.open(row.at, &mut |object| {
            if let Object::Application(app) = object {
                fill(&mut sheet, app);
            }
        });
        sheet.credentials = self.credentials_of(row);
        sheet.asked = self.asked_by(row);
        let mut owners: Vec<Guid> = Vec::new();
        for id in [row.id, row.app_id] {
            if id != Guid::NIL {
                sheet.owners.known |= tenant.knows_owners(id);
                owners.extend(tenant.owners_of(id).map(|link| link.part));
            }
        }
        owners.sort_unstable();
        owners.dedup();
        sheet.owners.all = owners.into_iter().map(|id| self.called(id)).collect();
        for principal in self.principals_of(row) {
            sheet.principals.push((principal.id, principal.enabled));
            self.granted_to(principal, &mut sheet.granted);
        }
        sheet.granted.sort();
        sheet.granted.dedup();
        sheet
    }

    /// Its credentials, those of its service principals and those in documents of their own.
    pub fn credentials_of(&self, row: &ApplicationRow) -> Vec<HeldCredential> {
        let mut out = self.credentials_at(row.at);
        let beside = self.join.tenant.federated_of(row);
        for federated in beside.filter(|other| other.at != row.at) {
            out.extend(self.credentials_at(federated.at));
        }
        for principal in self.principals_of(row) {
            if principal.held.any_secret || principal.held.any_certificate {
                let own = self.credentials_at(principal.at);
                // Federated credentials of a service principal were found above.
                out.extend(
                    own.into_iter()
                        .filter(|held| held.proof != super::Proof::Federated),
                );
            }
        }
        out
    }

    /// The service principals of an application.
    pub fn principals_of(&self, row: &ApplicationRow) -> impl Iterator<Item = &PrincipalRow> {
        let known = row.app_id != Guid::NIL;
        self.join
            .tenant
            .principals_of(row.app_id)
            .filter(move |_| known)
    }
}

fn fill(sheet: &mut Sheet, app: &Application<'_>) {
    sheet.audience = text(&app.audience);
    sheet.created = match &app.created {
        Field::Value(created) => created.instant(),
        _ => None,
    };
    sheet.public_client_flow = app.public_client_flow.value().copied();
    sheet.redirects = app
        .redirects
        .iter()
        .map(|redirect| (redirect.platform, redirect.uri.to_string()))
        .collect();
    sheet.identifier_uris = app
        .identifier_uris
        .iter()
        .map(|uri| uri.to_string())
        .collect();
}
