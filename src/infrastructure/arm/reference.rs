//! What expressions read from resources that are deployed beside them.

use super::evaluate::Evaluator;
use super::known::{Known, Part, text_or_partly, unknown};

/// The types that a template may make principals of.
pub const APPLICATION: &str = "Microsoft.Graph/applications";
pub const SERVICE_PRINCIPAL: &str = "Microsoft.Graph/servicePrincipals";
pub const GROUP: &str = "Microsoft.Graph/groups";
pub const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

impl<'r> Evaluator<'r> {
    /// `reference(…).name`. Ids that the deployment will make up are stood in for.
    pub(super) fn of_resource(&mut self, number: usize, part: &Part, name: &str) -> Known<'r> {
        let Some(resource) = self.resources.get(number) else {
            return unknown("…");
        };
        let missing = unknown(format!("{}.{name}", resource.address));
        if resource.left_out {
            return missing;
        }
        let (value, deployment) = (resource.value, resource.deployment);
        let nested = resource.nested;
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        match part {
            Part::Full if is("id") => self.id_of(number),
            Part::Full if is("name") => text_or_partly(resource.name.clone()),
            Part::Full if is("identity") => Known::Resource(number, Part::Identity),
            Part::Full if is("properties") => Known::Resource(number, Part::Properties),
            Part::Full => missing,
            Part::Identity => match is("principalId") && self.has_identity(number) {
                true => self.stand_in(number, "identity.principalId"),
                false => missing,
            },
            Part::Outputs => Known::Resource(number, Part::Output(name.to_owned())),
            Part::Output(output) if is("value") => {
                let found = nested.and_then(|(template, inner)| {
                    let outputs = template.get("outputs")?;
                    Some((outputs.get(output)?.get("value")?, inner, outputs.len()))
                });
                match found {
                    Some((value, inner, cost)) if self.pay(cost) => self.value(value, inner),
                    _ => missing,
                }
            }
            Part::Output(_) => missing,
            Part::Properties if is("outputs") && nested.is_some() => {
                Known::Resource(number, Part::Outputs)
            }
            Part::Properties => {
                let graph = [APPLICATION, SERVICE_PRINCIPAL, GROUP];
                let is_graph = graph.into_iter().any(|kind| resource.is(kind));
                if is_graph && is("id") {
                    return self.stand_in(number, "id");
                }
                if resource.is(APPLICATION) && is("appId") {
                    return self.stand_in(number, "appId");
                }
                if resource.is(IDENTITY) && (is("principalId") || is("clientId")) {
                    return self.stand_in(number, name);
                }
                let told = value.get("properties").and_then(|told| {
                    let cost = told.len();
                    Some((told.get(name)?, cost))
                });
                match told {
                    Some((value, cost)) if self.pay(cost) => self.value(value, deployment),
                    _ => missing,
                }
            }
        }
    }

    /// The id in `member` of a resource that the deployment will make up.
    pub(super) fn stand_in(&mut self, number: usize, member: &str) -> Known<'r> {
        let Some(resource) = self.resources.get(number) else {
            return unknown("…");
        };
        let spelling = format!("{}.{member}", resource.address);
        self.principals.insert(number);
        Known::Text(self.stand_ins.add(&spelling))
    }

    /// Whether Azure gives the resource an identity of its own.
    fn has_identity(&mut self, number: usize) -> bool {
        let Some(resource) = self.resources.get(number) else {
            return false;
        };
        let deployment = resource.deployment;
        let Some(identity) = resource.value.get("identity") else {
            return false;
        };
        let identity = self.value(identity, deployment);
        self.property(&identity, "type")
            .text()
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("systemassigned"))
    }
}
