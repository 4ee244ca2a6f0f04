//! Resources of Azure Resource Manager as the documents that it will answer with.

use super::evaluate::Evaluator;
use super::graph;
use super::known::Known;
use crate::infrastructure::{Lowering, Writer};
use crate::json::Value;
use crate::model::{Guid, ObjectKind, Span};

pub const ROLE_DEFINITIONS: &str = "Microsoft.Authorization/roleDefinitions";
const INSTANCES: &str = "Microsoft.DigitalTwins/digitalTwinsInstances";

/// Writes down one resource, if it is of a kind that rules know.
pub fn write<'r>(evaluator: &mut Evaluator<'r>, number: usize, out: &mut Lowering) {
    let Some(resource) = evaluator.resources.get(number) else {
        return;
    };
    if resource.existing || resource.left_out {
        return;
    }
    match resource.kind.to_ascii_lowercase().as_str() {
        "microsoft.authorization/roleassignments" => {
            role_assignment(evaluator, number, ObjectKind::RoleAssignment, None, out);
        }
        "microsoft.authorization/roleeligibilityschedulerequests" => {
            let kinds = (
                "Microsoft.Authorization/roleEligibilityScheduleRequests",
                "Microsoft.Authorization/roleEligibilitySchedules",
            );
            schedule(evaluator, number, kinds, out);
        }
        "microsoft.authorization/roleassignmentschedulerequests" => {
            let kinds = (
                "Microsoft.Authorization/roleAssignmentScheduleRequests",
                "Microsoft.Authorization/roleAssignmentSchedules",
            );
            schedule(evaluator, number, kinds, out);
        }
        "microsoft.authorization/roledefinitions" => role_definition(evaluator, number, out),
        "microsoft.digitaltwins/digitaltwinsinstances" => instance(evaluator, number, out),
        _ => graph::write(evaluator, number, out),
    }
}

/// What every document of a resource is made of.
pub(super) struct Block<'r> {
    pub value: Value<'r>,
    pub properties: Option<Value<'r>>,
    pub deployment: usize,
    pub address: String,
    pub origin: Span,
}

impl<'r> Block<'r> {
    pub fn of(evaluator: &Evaluator<'r>, number: usize) -> Option<Block<'r>> {
        let resource = evaluator.resources.get(number)?;
        Some(Block {
            value: resource.value,
            properties: resource.value.get("properties"),
            deployment: resource.deployment,
            address: resource.address.clone(),
            origin: resource.value.span(),
        })
    }
}

/// A property of a resource and where it stands.
fn told<'r>(
    evaluator: &mut Evaluator<'r>,
    block: &Block<'r>,
    name: &str,
) -> Option<(Known<'r>, Span)> {
    let value = block.properties?.get(name)?;
    Some((evaluator.known(value, block.deployment), value.span()))
}

/// The name of what is named by a GUID: the GUID, or one in its stead.
fn guid_name(evaluator: &mut Evaluator<'_>, number: usize) -> String {
    let Some(resource) = evaluator.resources.get(number) else {
        return String::new();
    };
    match Guid::parse_strict(&resource.name) {
        Some(_) => resource.name.clone(),
        None => {
            let spelling = format!("{}.name", resource.address);
            evaluator.stand_ins.add(&spelling)
        }
    }
}

/// The scope of an assignment, and where it is told: by the resource, by its properties, or by
/// where the deployment goes to.
fn scope<'r>(
    evaluator: &mut Evaluator<'r>,
    block: &Block<'r>,
    number: usize,
) -> (Option<String>, Span) {
    let told_scope = told(evaluator, block, "scope");
    let Some(resource) = evaluator.resources.get(number) else {
        return (None, block.origin);
    };
    if let Some(scope) = &resource.scope {
        let place = block.value.get("scope").or(block.value.get("name"));
        let origin = place.map_or(block.origin, |value| value.span());
        return (scope.clone(), origin);
    }
    match told_scope {
        Some((scope, origin)) => (resource.place.absolute(&scope.piece()), origin),
        None => (Some(resource.place.scope()), block.origin),
    }
}

fn role_assignment<'r>(
    evaluator: &mut Evaluator<'r>,
    number: usize,
    kind: ObjectKind,
    schedule: Option<&str>,
    out: &mut Lowering,
) {
    let Some(block) = Block::of(evaluator, number) else {
        return;
    };
    let name = guid_name(evaluator, number);
    let (scope, scope_origin) = scope(evaluator, &block, number);
    let role = role(evaluator, &block);
    let id = scope.as_ref().map(|scope| {
        let kind = schedule.unwrap_or("Microsoft.Authorization/roleAssignments");
        let scope = scope.trim_end_matches('/');
        format!("{scope}/providers/{kind}/{name}")
    });
    let origin = block.origin;
    out.resource(kind, block.address.clone(), origin, |writer| {
        text_or_unknown(writer.name("id"), id.as_deref(), origin);
        writer.name("name").text(&name, origin);
        if let Some(kind) = schedule {
            writer.name("type").text(kind, origin);
        }
        writer.name("properties");
        let inner = block.properties.map_or(origin, |value| value.span());
        writer.object(inner, |writer| {
            let principal = told(evaluator, &block, "principalId")
                .filter(|(known, _)| is_principal(known, &block));
            match &principal {
                Some((principal, origin)) => {
                    evaluator.write_known(writer.name("principalId"), principal, *origin);
                }
                None => {
                    let written = block.properties.and_then(|told| told.get("principalId"));
                    let origin = written.map_or(inner, |value| value.span());
                    writer.name("principalId").unknown(origin);
                }
            }
            // Of a principal that is not known, its type alone would say too much.
            match (
                &principal,
                block.properties.and_then(|told| told.get("principalType")),
            ) {
                (Some(_), Some(kind)) => {
                    evaluator.write(writer.name("principalType"), kind, block.deployment);
                }
                (None, Some(kind)) => writer.name("principalType").unknown(kind.span()),
                (_, None) => {}
            }
            let (role, role_origin) = &role;
            text_or_unknown(
                writer.name("roleDefinitionId"),
                role.as_deref(),
                *role_origin,
            );
            text_or_unknown(writer.name("scope"), scope.as_deref(), scope_origin);
            for name in [
                "condition",
                "conditionVersion",
                "delegatedManagedIdentityResourceId",
            ] {
                evaluator.write_member(writer, block.properties, name, block.deployment);
            }
            if schedule.is_some() {
                ends(evaluator, writer, &block);
            }
        });
    });
}

/// Whether an assignment tells whose it is. What a default says instead of an id is what the caller
/// is to replace.
fn is_principal(known: &Known<'_>, block: &Block<'_>) -> bool {
    let Some(text) = known.text() else {
        return matches!(known, Known::Null);
    };
    let written = block.properties.and_then(|told| told.get("principalId"));
    let literal = written.and_then(|value| value.as_str());
    Guid::parse_loose(text).is_some() || literal.as_deref() == Some(text)
}

fn text_or_unknown(writer: &mut Writer, text: Option<&str>, origin: Span) {
    match text {
        Some(text) => writer.text(text, origin),
        None => writer.unknown(origin),
    }
}

/// `roleDefinitionId`, as far as it names a role. The last segment counts: a role's GUID is the
/// same under every subscription.
fn role<'r>(evaluator: &mut Evaluator<'r>, block: &Block<'r>) -> (Option<String>, Span) {
    let Some((known, origin)) = told(evaluator, block, "roleDefinitionId") else {
        return (None, block.origin);
    };
    let text = match known {
        Known::Text(text) => return (Some(text), origin),
        Known::Partly(text) => text,
        _ => return (None, origin),
    };
    let last = text.rsplit('/').next().unwrap_or_default();
    if Guid::parse_strict(last).is_some() {
        return (Some(role_id("/", last)), origin);
    }
    // A role that the file defines beside the assignment, under a name that is not known.
    let defined = evaluator.roles.get(last).copied();
    let found = defined.map(|number| role_id("/", &guid_name(evaluator, number)));
    (found, origin)
}

fn role_id(scope: &str, name: &str) -> String {
    let scope = scope.trim_end_matches('/');
    format!("{scope}/providers/{ROLE_DEFINITIONS}/{name}")
}

/// A request for a schedule, as the schedule that it makes: a deployment asks in its own name, so
/// what it asks for is there afterwards.
fn schedule<'r>(
    evaluator: &mut Evaluator<'r>,
    number: usize,
    (request, kind): (&str, &str),
    out: &mut Lowering,
) {
    let Some(block) = Block::of(evaluator, number) else {
        return;
    };
    let asked = told(evaluator, &block, "requestType");
    let asked = asked.as_ref().and_then(|(known, _)| known.text());
    const MAKES: [&str; 5] = [
        "AdminAssign",
        "AdminUpdate",
        "AdminExtend",
        "AdminRenew",
        "SelfActivate",
    ];
    let makes = |wanted: &str| MAKES.iter().any(|made| made.eq_ignore_ascii_case(wanted));
    let resulting = match asked {
        Some(asked) if makes(asked) => kind,
        // It takes something away.
        Some(_) => return,
        // Whatever it asks for, it stays a request.
        None => request,
    };
    role_assignment(
        evaluator,
        number,
        ObjectKind::RoleSchedule,
        Some(resulting),
        out,
    );
}

/// When a schedule ends: `scheduleInfo.expiration`, of the type `AfterDateTime`, `AfterDuration` or
/// `NoExpiration`.
fn ends<'r>(evaluator: &mut Evaluator<'r>, writer: &mut Writer, block: &Block<'r>) {
    let info = block.properties.and_then(|told| told.get("scheduleInfo"));
    let Some(info) = info else {
        return;
    };
    let origin = info.span();
    let expiration = info.get("expiration");
    let member = |name: &str| expiration.and_then(|told| told.get(name));
    writer.name("endDateTime");
    if let Some(end) = member("endDateTime") {
        return evaluator.write(writer, end, block.deployment);
    }
    let kind = member("type").map(|kind| evaluator.known(kind, block.deployment));
    match kind.as_ref().and_then(Known::text) {
        Some(kind) if kind.eq_ignore_ascii_case("NoExpiration") => writer.null(origin),
        _ => writer.unknown(origin),
    }
}

fn role_definition<'r>(evaluator: &mut Evaluator<'r>, number: usize, out: &mut Lowering) {
    let Some(block) = Block::of(evaluator, number) else {
        return;
    };
    let name = guid_name(evaluator, number);
    let (scope, _) = scope(evaluator, &block, number);
    let origin = block.origin;
    let kind = ObjectKind::RoleDefinition;
    out.resource(kind, block.address.clone(), origin, |writer| {
        let scope = scope.as_deref().unwrap_or("/");
        writer.name("id").text(&role_id(scope, &name), origin);
        writer.name("name").text(&name, origin);
        writer.name("type").text(ROLE_DEFINITIONS, origin);
        writer.name("properties");
        let inner = block.properties.map_or(origin, |value| value.span());
        writer.object(inner, |writer| {
            for name in ["roleName", "description"] {
                evaluator.write_member(writer, block.properties, name, block.deployment);
            }
            // A template makes no others.
            writer.name("type").text("CustomRole", origin);
            let member = |name: &str| block.properties.and_then(|told| told.get(name));
            match member("permissions") {
                Some(blocks) if blocks.is_array() => {
                    writer.name("permissions").list(blocks.span(), |writer| {
                        for block_value in blocks.elements() {
                            permission(evaluator, writer, block_value, block.deployment);
                        }
                    });
                }
                Some(blocks) => {
                    writer.name("permissions");
                    evaluator.write(writer, blocks, block.deployment);
                }
                None => writer.name("permissions").unknown(origin),
            }
            match member("assignableScopes") {
                Some(scopes) if scopes.is_array() => {
                    writer
                        .name("assignableScopes")
                        .list(scopes.span(), |writer| {
                            for one in scopes.elements() {
                                assignable(evaluator, writer, one, &block);
                            }
                        });
                }
                Some(scopes) => {
                    writer.name("assignableScopes");
                    evaluator.write(writer, scopes, block.deployment);
                }
                None => writer.name("assignableScopes").unknown(origin),
            }
        });
    });
}

/// A block of permissions with its four lists: those that a template leaves out are empty in what
/// Azure answers.
fn permission<'r>(
    evaluator: &mut Evaluator<'r>,
    writer: &mut Writer,
    block: Value<'r>,
    deployment: usize,
) {
    if !block.is_object() {
        return evaluator.write(writer, block, deployment);
    }
    writer.object(block.span(), |writer| {
        for name in ["actions", "notActions", "dataActions", "notDataActions"] {
            match block.get(name) {
                Some(list) => evaluator.write(writer.name(name), list, deployment),
                // A loop may make the list.
                None if block.get("copy").is_some() => writer.name(name).unknown(block.span()),
                None => writer.name(name).list(block.span(), |_| {}),
            }
        }
        for name in ["condition", "conditionVersion"] {
            evaluator.write_member(writer, Some(block), name, deployment);
        }
    });
}

/// A scope that a role may be assigned at. A path whose names are not known is as good as one whose
/// names are.
fn assignable<'r>(
    evaluator: &mut Evaluator<'r>,
    writer: &mut Writer,
    value: Value<'r>,
    block: &Block<'r>,
) {
    match evaluator.known(value, block.deployment) {
        Known::Partly(text) if text.starts_with("/subscriptions/") => {
            writer.text(&text, value.span());
        }
        known => evaluator.write_known(writer, &known, value.span()),
    }
}

fn instance<'r>(evaluator: &mut Evaluator<'r>, number: usize, out: &mut Lowering) {
    let Some(block) = Block::of(evaluator, number) else {
        return;
    };
    let id = evaluator.resources.get(number).and_then(|r| r.id.clone());
    let origin = block.origin;
    let kind = ObjectKind::DigitalTwinsInstance;
    out.resource(kind, block.address.clone(), origin, |writer| {
        let told_at = |name: &str| block.value.get(name).map_or(origin, |value| value.span());
        text_or_unknown(writer.name("id"), id.as_deref(), told_at("name"));
        writer.name("type").text(INSTANCES, told_at("type"));
        // A deployment fails unless its instances are made: once it is done, they are ready.
        writer.name("provisioningState").text("Succeeded", origin);
        for name in ["name", "location", "identity", "properties"] {
            evaluator.write_member(writer, Some(block.value), name, block.deployment);
        }
    });
}
