//! Which resources add to which application, service principal or group.

use std::collections::{BTreeMap, BTreeSet};

use super::Deployment;
use super::resource::Resource;
use crate::infrastructure::Lowering;

/// What other resources add to applications, service principals and groups.
#[derive(Default)]
pub struct Parts {
    added: BTreeMap<usize, Vec<usize>>,
    /// Types of resources that add to one knows not what.
    strays: BTreeSet<String>,
}

impl Parts {
    /// Finds out what adds to what.
    pub fn of(deployment: &Deployment<'_>) -> Parts {
        let mut parts = Parts::default();
        for (number, resource) in deployment.resources.iter().enumerate() {
            if resource.gone || resource.data {
                continue;
            }
            let whole = match resource.kind.as_str() {
                "azuread_service_principal_password"
                | "azuread_service_principal_certificate"
                | "azuread_service_principal_token_signing_certificate" => {
                    deployment.principal_of(resource)
                }
                "azuread_group_member" => deployment.group_of(resource),
                "azuread_application_registration" => continue,
                kind if kind.starts_with("azuread_application_") => {
                    deployment.application_of(resource)
                }
                _ => continue,
            };
            match whole {
                Ok(Some(whole)) => parts.added.entry(whole).or_default().push(number),
                // Of an application that is not in this file.
                Ok(None) => {}
                Err(()) => {
                    parts.strays.insert(resource.kind.clone());
                }
            }
        }
        parts
    }

    /// Tells the addresses of all that adds to something.
    pub fn tell(&self, deployment: &Deployment<'_>, out: &mut Lowering) {
        for part in self.added.values().flatten() {
            if let Some(part) = deployment.resources.get(*part) {
                out.part(part.address.as_str(), part.said.place());
            }
        }
    }

    /// The resources of these types that add to one.
    pub fn of_kinds<'d, 'r>(
        &self,
        deployment: &'d Deployment<'r>,
        number: usize,
        kinds: &[&str],
    ) -> Vec<&'d Resource<'r>> {
        let added = self.added.get(&number).into_iter().flatten();
        added
            .filter_map(|part| deployment.resources.get(*part))
            .filter(|part| kinds.contains(&part.kind.as_str()))
            .collect()
    }

    /// Whether a resource of these types may add to anything.
    pub fn stray(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|kind| self.strays.contains(*kind))
    }
}
