//! When everything was read: the tenant, and what rules lack to judge by.

use super::source::Source;
use super::sum::Sum;
use crate::model::ObjectKind;
use crate::rules::Rule;
use crate::settings::Settings;
use crate::tenant::{Coverage, Harvest, Tenant};

/// Puts together what joins know, and what the sources tell of the whole.
pub fn tenant(sources: &[Box<Source>], sum: &mut Sum, mut rows: Harvest) -> Tenant {
    if sum.has_code {
        let source = |place: u32| sources.get(place as usize);
        rows.settle(|place| source(place).is_some_and(|source| source.is_code()));
    }
    let mut coverage = std::mem::take(&mut sum.coverage);
    // Owners inside the document of what they own are documents of owners, too.
    if !rows.owners.is_empty() {
        let owners = coverage.entry(ObjectKind::DirectoryObject).or_default();
        owners.present = true;
    }
    Tenant::new(rows, coverage, std::mem::take(&mut sum.listed))
}

/// The first kind of document that a rule lacks to judge by, and whether some of it is there.
pub fn lacks(rule: &Rule, tenant: &Tenant, settings: &Settings) -> Option<(ObjectKind, Coverage)> {
    // Where the instances are named, an export of them tells nothing more of who has roles there,
    // and for the profile of another API there is none.
    let ids = &settings.rules.instances;
    let named = !ids.is_empty();
    let by_id = named && ids.iter().all(|id| id.starts_with('/')) && rule.needs.len() > 1;
    for group in rule.needs {
        let there = |kind: ObjectKind| {
            tenant.has(kind) || by_id && kind == ObjectKind::DigitalTwinsInstance
        };
        if !group.iter().any(|kind| there(*kind)) {
            return group.first().map(|kind| (*kind, tenant.covers(*kind)));
        }
    }
    let enough = |kind: ObjectKind| {
        tenant.is_complete(kind) || named && kind == ObjectKind::DigitalTwinsInstance
    };
    rule.complete
        .iter()
        .find(|kind| !enough(**kind))
        .map(|kind| (*kind, tenant.covers(*kind)))
}
