//! Custom roles whose operations are not what their author meant.

use super::{Plane, UPDATE, allows, called, is_custom, named};
use crate::access::operations::{TWINS_READ, covers};
use crate::catalog;
use crate::catalog::digital_twins::PROVIDER;
use crate::model::RoleDefinition;
use crate::nearest::nearest;
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A custom role has operations of Azure Digital Twins in the wrong list.
    ///
    /// **Why it matters.** Operations on twins, models and queries are data actions: under
    /// `actions` they give nothing, and the application gets 403. Operations on instances are
    /// actions: under `dataActions` they give nothing either. Azure refuses to create such a
    /// role, but files and templates have them.
    ///
    /// **What is checked.** An entry of `actions` or `notActions` that covers data operations of
    /// Azure Digital Twins and none on instances, and the reverse.
    ///
    /// **Fix.** Move the entry to the other list, then
    /// `az role definition update --role-definition @role.json`.
    pub static CUSTOM_ROLE_MISPLACED_DATA_ACTION = {
        id: "custom-role-misplaced-data-action",
        group: Role,
        severity: Error,
        persona: Regular,
        needs: [RoleDefinition],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/role-definitions#control-and-data-actions",
            "https://learn.microsoft.com/azure/role-based-access-control/permissions/internet-of-things#microsoftdigitaltwins",
        ],
        check: Definition(misplaced),
    }
}

fn misplaced(role: &RoleDefinition<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if !is_custom(role) {
        return;
    }
    for found in named(role) {
        let pattern = found.pattern.trim();
        if !is_of_provider(pattern)
            || found.plane.knows(pattern)
            || !found.plane.other().knows(pattern)
        {
            continue;
        }
        out.report(Severity::Error, found.pattern.span, |say| {
            let (is, belongs) = match (found.plane, found.excluded) {
                (Plane::Control, false) => ("an operation on data", "dataActions"),
                (Plane::Control, true) => ("an operation on data", "notDataActions"),
                (Plane::Data, false) => ("an operation on instances", "actions"),
                (Plane::Data, true) => ("an operation on instances", "notActions"),
            };
            say.message(format!(
                "{} has {} in `{}`, where it has no effect: it is {is}",
                called(role),
                code(pattern),
                found.list
            ))
            .label(format!("belongs in {belongs}"))
            .help(format!("move it to `{belongs}`"))
            .fact("belongsIn", belongs)
            .key(found.key())
            .command(UPDATE);
        });
    }
}

declare_rule! {
    /// A custom role names an operation that Azure Digital Twins does not have.
    ///
    /// **Why it matters.** An operation that does not exist allows nothing. The role looks as if
    /// it gave access, and the application gets 403.
    ///
    /// **What is checked.** Entries that begin with `Microsoft.DigitalTwins/` (or with a usual
    /// misspelling of it) and cover none of the provider's operations as they were published.
    ///
    /// **Fix.** Write the operation as
    /// `az provider operation show --namespace Microsoft.DigitalTwins` lists it.
    pub static CUSTOM_ROLE_UNKNOWN_OPERATION = {
        id: "custom-role-unknown-operation",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleDefinition],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/permissions/internet-of-things#microsoftdigitaltwins",
        ],
        check: Definition(unknown_operation),
    }
}

/// Names of no provider that are written for Microsoft.DigitalTwins.
const MISSPELT: [&str; 3] = [
    "Microsoft.DigitalTwin",
    "Microsoft.AzureDigitalTwins",
    "Microsoft.Digital.Twins",
];

fn unknown_operation(role: &RoleDefinition<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if !is_custom(role) {
        return;
    }
    for found in named(role) {
        let pattern = found.pattern.trim();
        let Some((provider, rest)) = pattern.split_once('/') else {
            continue;
        };
        let misspelt = MISSPELT
            .iter()
            .any(|name| name.eq_ignore_ascii_case(provider));
        if !misspelt
            && (!is_of_provider(pattern)
                || Plane::Control.knows(pattern)
                || Plane::Data.knows(pattern))
        {
            continue;
        }
        out.report(Severity::Warning, found.pattern.span, |say| {
            let known = [found.plane, found.plane.other()]
                .into_iter()
                .flat_map(|plane| plane.operations())
                .filter_map(|name| Some(name.split_once('/')?.1));
            let near = nearest(rest, known).map(|name| format!("{PROVIDER}/{name}"));
            say.message(match misspelt {
                true => format!(
                    "{} names {}, but the provider is called {PROVIDER}",
                    called(role),
                    code(pattern)
                ),
                false => format!(
                    "{} names {}, which is no operation of {PROVIDER} known in {}",
                    called(role),
                    code(pattern),
                    catalog::AS_OF
                ),
            })
            .label("no such operation")
            .key(found.key())
            .command(format!("az provider operation show --namespace {PROVIDER}"));
            match near {
                Some(near) => {
                    say.help(format!("write `{near}`, if that is meant"))
                        .fact("nearest", near);
                }
                None => {
                    say.help("look the operation up and write it as it is listed");
                }
            }
        });
    }
}

/// Whether an entry names operations of Azure Digital Twins.
fn is_of_provider(pattern: &str) -> bool {
    pattern
        .split_once('/')
        .is_some_and(|(provider, _)| provider.eq_ignore_ascii_case(PROVIDER))
}

declare_rule! {
    /// A custom role reads twins, but not all that reading needs.
    ///
    /// **Why it matters.** Queries, models and relationships have operations of their own, which
    /// `digitaltwins/read` does not contain. A client that lists twins runs a query, and
    /// explorers load models and relationships: they get 403 half way.
    ///
    /// **What is checked.** The data actions of a custom role, exclusions deducted, allow
    /// `Microsoft.DigitalTwins/digitaltwins/read`, but not all of `query/action`, `models/read`
    /// and `digitaltwins/relationships/read`. Silent where the export cut the lists off.
    ///
    /// **Fix.** Add the missing operations to `dataActions`, or use Azure Digital Twins Data
    /// Reader.
    pub static CUSTOM_ROLE_INCOMPLETE_READ = {
        id: "custom-role-incomplete-read",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleDefinition],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/permissions/internet-of-things#microsoftdigitaltwins",
            "https://learn.microsoft.com/azure/digital-twins/concepts-security",
        ],
        check: Definition(incomplete_read),
    }
}

fn incomplete_read(role: &RoleDefinition<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    // A placeholder may stand for any of them.
    let certain = role.blocks.iter().all(|block| {
        let mut texts = block
            .data_actions
            .iter()
            .chain(block.not_data_actions.iter());
        !texts.any(|text| text.is_placeholder())
    });
    if !is_custom(role) || !role.blocks_known || !certain {
        return;
    }
    let allowed = |operation: &str| {
        let mut blocks = role.blocks.iter();
        blocks.any(|block| allows(block, Plane::Data, operation))
    };
    let [read, besides @ ..] = TWINS_READ;
    if !allowed(read) {
        return;
    }
    let missing: Vec<&str> = besides
        .into_iter()
        .filter(|operation| !allowed(operation))
        .collect();
    let reads = |pattern: &str| covers(pattern, read);
    let reading = named(role)
        .find(|found| found.plane == Plane::Data && !found.excluded && reads(found.pattern));
    let (Some(reading), false) = (reading, missing.is_empty()) else {
        return;
    };
    out.report(Severity::Warning, reading.pattern.span, |say| {
        let list: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        say.message(format!(
            "{} reads twins, but lacks {}",
            called(role),
            list.join(" and ")
        ))
        .label("does not read all")
        .help("add the missing operations to `dataActions`")
        .fact("missing", missing.join(" "))
        .command(UPDATE);
    });
}
