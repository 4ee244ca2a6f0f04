//! Secrets, certificates and federated credentials. Their values are never looked at.

use std::collections::BTreeSet;

use super::Deployment;
use super::block::{Gathered, renamed};
use super::ids::Want;
use super::parts::Parts;
use super::resource::Resource;
use super::said::{Said, State};
use crate::infrastructure::{Lowering, Writer};
use crate::model::{ObjectKind, Span};

/// Writes the secrets and certificates of an application or a service principal. Terraform tells
/// of those alone that it makes: others may have been made elsewhere, unless their owner does not
/// exist before.
pub fn credentials(
    deployment: &Deployment<'_>,
    number: usize,
    resource: &Resource<'_>,
    parts: &Parts,
    out: &mut Writer,
) {
    let (secrets, certificates): (&[&str], &[&str]) = match resource.kind.as_str() {
        "azuread_service_principal" => (
            &["azuread_service_principal_password"],
            &[
                "azuread_service_principal_certificate",
                "azuread_service_principal_token_signing_certificate",
            ],
        ),
        _ => (
            &["azuread_application_password"],
            &["azuread_application_certificate"],
        ),
    };
    let inline = resource.said.get("password").though_sensitive();
    let (mut blocks, _) = inline.elements();
    let added = parts.of_kinds(deployment, number, secrets);
    // A state shows a secret in both places.
    let keys: BTreeSet<_> = added
        .iter()
        .filter_map(|other| other.said.get("key_id").text())
        .collect();
    blocks.retain(|block| {
        !block
            .get("key_id")
            .text()
            .is_some_and(|key| keys.contains(&key))
    });
    let told = match inline.state() {
        State::Known(_) | State::Unset => true,
        State::Absent => resource.kind != "azuread_application",
        State::Unknown => deployment.configuration.has(resource, "password") == Some(false),
    };
    let place = inline.place();
    let new = deployment.configuration.shows_all_of(resource);
    let whole = new && !parts.stray(secrets);
    list(out, "passwordCredentials", place, whole && told, |out| {
        for block in blocks {
            out.object(block.place(), |out| dates(out, block));
        }
        for other in added {
            out.object(other.said.place(), |out| dates(out, other.said));
        }
    });
    let whole = new && !parts.stray(certificates);
    list(out, "keyCredentials", resource.said.place(), whole, |out| {
        for other in parts.of_kinds(deployment, number, certificates) {
            out.object(other.said.place(), |out| {
                out.name("usage").text("Verify", other.said.place());
                other.said.get("type").put(out, "type");
                dates(out, other.said);
            });
        }
    });
}

/// A list that may have more elements than are written.
fn list(out: &mut Writer, name: &str, place: Span, whole: bool, fill: impl FnOnce(&mut Writer)) {
    out.name(name).list(place, |out| {
        fill(out);
        if !whole {
            out.unknown(place);
        }
    });
}

fn dates(out: &mut Writer, said: Said<'_>) {
    let open = said.though_sensitive();
    said.get("display_name").put(out, "displayName");
    // A lifetime that is relative counts from the apply.
    renamed(
        out,
        open,
        &[
            ("keyId", "key_id"),
            ("startDateTime", "start_date"),
            ("endDateTime", "end_date"),
        ],
    );
}

impl Deployment<'_> {
    /// A federated identity credential of an application.
    pub fn federated(&self, resource: &Resource<'_>, out: &mut Lowering) {
        let application = match self.application_of(resource) {
            Ok(Some(number)) => self.ids.get(number).and_then(|ids| ids.object.clone()),
            Ok(None) => {
                let names = ["application_id", "application_object_id"];
                self.id(resource, &names, Want::Object)
            }
            Err(()) => None,
        };
        resource.document(ObjectKind::FederatedCredential, out, |out| {
            if let Some(id) = application {
                // As Microsoft Graph says whose it is.
                let context = format!(
                    "https://graph.microsoft.com/v1.0/$metadata#applications('{}')/federatedIdentityCredentials/$entity",
                    id.text
                );
                let names = ["application_id", "application_object_id"];
                let said = resource.said.any(&names);
                out.name("@odata.context").text(&context, said.place());
            }
            super::block::shown(
                out,
                resource,
                &[
                    ("id", "credential_id"),
                    ("name", "display_name"),
                    ("description", "description"),
                    ("subject", "subject"),
                ],
            );
            renamed(out, resource.said, &[("issuer", "issuer")]);
            let one = resource.said.get("audience");
            if one.is_absent() {
                Gathered::of(resource.said.get("audiences")).texts(out, "audiences");
            } else {
                out.name("audiences").list(one.place(), |out| one.copy(out));
            }
            let expression = resource.said.get("claims_matching_expression");
            if !expression.is_absent() {
                out.name("claimsMatchingExpression").object(expression.place(), |out| {
                    expression.put(out, "value");
                });
            }
        });
    }
}
