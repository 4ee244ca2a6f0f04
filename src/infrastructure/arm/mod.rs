//! ARM templates, and what Bicep compiles to.
//!
//! The strings in brackets are evaluated as far as the template alone tells: literals, variables,
//! parameters with a default, ids of resources. What depends on more is unknown and never wrong.
//! `collect` finds the resources, `resources` and `graph` write them down.

mod collect;
mod evaluate;
mod expression;
mod functions;
mod graph;
mod known;
mod parameters;
mod place;
mod reference;
mod resources;
#[cfg(test)]
mod tests;
mod write;

use super::{Language, Lowering};
use crate::json::Value;
use evaluate::Evaluator;

/// Writes down what a template deploys.
pub fn template(root: Value<'_>, parameters: Option<&str>, out: &mut Lowering) {
    let generator = root
        .get("metadata")
        .and_then(|metadata| metadata.get("_generator")?.get("name")?.as_str());
    out.written_in(match generator {
        Some(name) if name.eq_ignore_ascii_case("bicep") => Language::Bicep,
        _ => Language::Arm,
    });
    let mut evaluator = Evaluator::new(std::mem::take(&mut out.stand_ins));
    evaluator.given = parameters.map(parameters::read).unwrap_or_default();
    collect::collect(&mut evaluator, root, out);
    for number in 0..evaluator.resources.len() {
        resources::write(&mut evaluator, number, out);
    }
    // What is only referred to is known once everything else is written.
    let principals = std::mem::take(&mut evaluator.principals);
    for number in principals {
        graph::referred(&mut evaluator, number, out);
    }
    if evaluator.is_exhausted() {
        out.cannot("its expressions unfold beyond measure; what was not evaluated is unknown");
    }
    out.stand_ins = evaluator.stand_ins;
}
