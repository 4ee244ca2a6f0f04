//! Resources of the Microsoft Graph extension, and managed identities, as the directory objects
//! that Microsoft Graph will answer with.

use super::evaluate::Evaluator;
use super::known::Known;
use super::reference::{APPLICATION, GROUP, IDENTITY, SERVICE_PRINCIPAL};
use super::resources::Block;
use crate::infrastructure::{Lowering, Writer};
use crate::json::Value;
use crate::model::{ObjectKind, Span};

/// Writes down one resource, if it is of a kind that rules know.
pub fn write<'r>(evaluator: &mut Evaluator<'r>, number: usize, out: &mut Lowering) {
    let (Some(block), Some(resource)) = (
        Block::of(evaluator, number),
        evaluator.resources.get(number),
    ) else {
        return;
    };
    match resource.kind.to_ascii_lowercase().as_str() {
        "microsoft.graph/applications" => {
            let kind = ObjectKind::Application;
            object(evaluator, number, &block, kind, "application", out);
        }
        "microsoft.graph/serviceprincipals" => {
            let kind = ObjectKind::ServicePrincipal;
            object(evaluator, number, &block, kind, "servicePrincipal", out);
        }
        "microsoft.graph/groups" => {
            let kind = ObjectKind::DirectoryObject;
            object(evaluator, number, &block, kind, "group", out);
        }
        "microsoft.graph/oauth2permissiongrants" => {
            relation(evaluator, &block, ObjectKind::DelegatedGrant, out);
        }
        "microsoft.graph/approleassignedto" => {
            relation(evaluator, &block, ObjectKind::AppRoleAssignment, out);
        }
        "microsoft.graph/applications/federatedidentitycredentials" => {
            let owner = application_of(evaluator, &block);
            let owner = owner.map(|owner| evaluator.stand_in(owner, "id"));
            federated(evaluator, &block, owner, out);
        }
        "microsoft.managedidentity/userassignedidentities" => {
            identity(evaluator, number, &block, out);
        }
        "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials" => {
            let owner = identity_of(evaluator, number);
            let owner = owner.map(|owner| evaluator.stand_in(owner, "principalId"));
            federated(evaluator, &block, owner, out);
        }
        _ => {}
    }
}

/// Writes down a principal that the file does not make, or does not name, and that something in it
/// refers to: without it the reference would lead nowhere.
pub fn referred<'r>(evaluator: &mut Evaluator<'r>, number: usize, out: &mut Lowering) {
    let (Some(block), Some(resource)) = (
        Block::of(evaluator, number),
        evaluator.resources.get(number),
    ) else {
        return;
    };
    let existing = resource.existing;
    let kind = ObjectKind::ServicePrincipal;
    if resource.is(SERVICE_PRINCIPAL) {
        if existing {
            object(evaluator, number, &block, kind, "servicePrincipal", out);
        }
    } else if resource.is(IDENTITY) {
        if existing {
            identity(evaluator, number, &block, out);
        }
    } else if !resource.is(APPLICATION) && !resource.is(GROUP) {
        // The identity that Azure gives a resource of its own.
        let Some(told) = block.value.get("identity") else {
            return;
        };
        let id = evaluator.stand_in(number, "identity.principalId");
        let origin = told.span();
        let address = format!("{}.identity", block.address);
        let name = block.value.get("name");
        out.resource(kind, address, origin, |writer| {
            managed(evaluator, writer, &id, (name, block.deployment), origin);
            writer.name("appId").unknown(origin);
        });
    }
}

/// An object of the directory: its Graph properties as they stand, with the ids that it will have.
fn object<'r>(
    evaluator: &mut Evaluator<'r>,
    number: usize,
    block: &Block<'r>,
    kind: ObjectKind,
    graph: &str,
    out: &mut Lowering,
) {
    let id = evaluator.stand_in(number, "id");
    let made = (kind == ObjectKind::Application).then(|| evaluator.stand_in(number, "appId"));
    let origin = block.origin;
    out.resource(kind, block.address.clone(), origin, |writer| {
        let odata = format!("#microsoft.graph.{graph}");
        writer.name("@odata.type").text(&odata, origin);
        evaluator.write_known(writer.name("id"), &id, origin);
        if let Some(app_id) = &made {
            evaluator.write_known(writer.name("appId"), app_id, origin);
        }
        for member in block.properties.into_iter().flat_map(|told| told.members()) {
            let is = |name: &str| member.is_named(name);
            if is("id") || is("@odata.type") || made.is_some() && is("appId") {
                continue;
            }
            if is("owners") || is("members") {
                writer.name(&member.name());
                related(evaluator, writer, member.value, block.deployment);
            } else {
                evaluator.write_one(writer, member, block.deployment);
            }
        }
    });
}

/// `{"relationships": ["<id>", …]}`, or the list alone in older versions of the extension, as the
/// list of rows that Microsoft Graph answers.
fn related<'r>(
    evaluator: &mut Evaluator<'r>,
    writer: &mut Writer,
    value: Value<'r>,
    deployment: usize,
) {
    let list = value.get("relationships").unwrap_or(value);
    if !list.is_array() {
        return writer.unknown(value.span());
    }
    writer.list(list.span(), |writer| {
        for element in list.elements() {
            let origin = element.span();
            match evaluator.known(element, deployment) {
                Known::Text(id) => {
                    writer.object(origin, |writer| writer.name("id").text(&id, origin));
                }
                _ => writer.unknown(origin),
            }
        }
    });
}

/// A grant or an assignment of an app role: who is related to what.
fn relation<'r>(
    evaluator: &mut Evaluator<'r>,
    block: &Block<'r>,
    kind: ObjectKind,
    out: &mut Lowering,
) {
    let Some(properties) = block.properties else {
        return;
    };
    out.resource(kind, block.address.clone(), block.origin, |writer| {
        for member in properties.members() {
            evaluator.write_one(writer, member, block.deployment);
        }
    });
}

/// The application of a federated credential, which is named `<uniqueName>/<name>`.
fn application_of<'r>(evaluator: &mut Evaluator<'r>, block: &Block<'r>) -> Option<usize> {
    let name = block.properties?.get("name")?;
    let name = evaluator.known(name, block.deployment).piece();
    let (unique, _) = name.rsplit_once('/')?;
    evaluator.applications.get(unique).copied()
}

/// The identity that a federated credential is a child of.
fn identity_of(evaluator: &Evaluator<'_>, number: usize) -> Option<usize> {
    let id = evaluator.resources.get(number)?.id.as_ref()?;
    let (identity, _) = id.rsplit_once("/federatedIdentityCredentials/")?;
    evaluator.by_id.get(&identity.to_ascii_lowercase()).copied()
}

fn federated<'r>(
    evaluator: &mut Evaluator<'r>,
    block: &Block<'r>,
    owner: Option<Known<'r>>,
    out: &mut Lowering,
) {
    let kind = ObjectKind::FederatedCredential;
    out.resource(kind, block.address.clone(), block.origin, |writer| {
        if let Some(owner) = owner.as_ref().and_then(Known::text) {
            // As Microsoft Graph says whose it is, where it answers with one.
            let context = format!(
                "https://graph.microsoft.com/v1.0/$metadata#applications('{owner}')\
                 /federatedIdentityCredentials/$entity"
            );
            writer.name("@odata.context").text(&context, block.origin);
        }
        let told = |name: &str| block.properties.and_then(|told| told.get(name));
        if let Some(name) = told("name").or(block.value.get("name")) {
            let origin = name.span();
            let name = evaluator.known(name, block.deployment).piece();
            let last = name.rsplit('/').next().unwrap_or_default();
            match last.contains('{') {
                true => writer.name("name").unknown(origin),
                false => writer.name("name").text(last, origin),
            }
        }
        for name in ["issuer", "audiences"] {
            match told(name) {
                Some(value) => evaluator.write(writer.name(name), value, block.deployment),
                None => writer.name(name).unknown(block.origin),
            }
        }
        for name in ["subject", "description", "claimsMatchingExpression"] {
            evaluator.write_member(writer, block.properties, name, block.deployment);
        }
    });
}

/// A managed identity is a service principal.
fn identity<'r>(
    evaluator: &mut Evaluator<'r>,
    number: usize,
    block: &Block<'r>,
    out: &mut Lowering,
) {
    let id = evaluator.stand_in(number, "principalId");
    let client = evaluator.stand_in(number, "clientId");
    let name = block.value.get("name");
    let kind = ObjectKind::ServicePrincipal;
    out.resource(kind, block.address.clone(), block.origin, |writer| {
        let origin = block.origin;
        managed(evaluator, writer, &id, (name, block.deployment), origin);
        evaluator.write_known(writer.name("appId"), &client, origin);
    });
}

fn managed<'r>(
    evaluator: &mut Evaluator<'r>,
    writer: &mut Writer,
    id: &Known<'r>,
    (name, deployment): (Option<Value<'r>>, usize),
    origin: Span,
) {
    writer
        .name("servicePrincipalType")
        .text("ManagedIdentity", origin);
    evaluator.write_known(writer.name("id"), id, origin);
    if let Some(name) = name {
        evaluator.write(writer.name("displayName"), name, deployment);
    }
}
