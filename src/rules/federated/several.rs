//! Federated credentials of one application together: too many, or the same twice.

use std::collections::BTreeSet;

use crate::catalog::limits::FEDERATED_CREDENTIALS;
use crate::model::{Application, FederatedCredential, Guid, Part};
use crate::rules::out::{code, quoted};
use crate::rules::{Context, Join, JoinOut, Out, Severity, declare_rule};
use crate::tenant::{ApplicationRow, FederatedRow};

declare_rule! {
    /// An application has two federated credentials with one issuer and subject.
    ///
    /// **Why it matters.** Issuer and subject together have to be unique on an application: the
    /// second credential is refused, and a deployment that creates both fails.
    ///
    /// **What is checked.** Credentials of one application, in its own document or in others, that
    /// agree in both to the letter and have different ids. A credential that was exported twice
    /// is one; of two without ids in different documents nothing is said.
    ///
    /// **Fix.** Delete one of them:
    /// `az ad app federated-credential delete --id <app> --federated-credential-id <id>`.
    pub static FEDERATED_DUPLICATE = {
        id: "federated-duplicate",
        group: Federated,
        severity: Error,
        persona: Regular,
        needs: [FederatedCredential | Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
        ],
        check: Application(duplicate_within) | JoinedFederated(duplicate_beside),
    }
}

const DISTINCT: &str = "delete one of the two";

/// Credentials inside one application's document.
fn duplicate_within(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let pair = |o: &FederatedCredential<'_>| {
        let issuer = o.issuer.value()?.to_string();
        Some((issuer, o.subject.value()?.to_string()))
    };
    let own = |o: &FederatedCredential<'_>| o.id.spanned().and_then(|id| id.guid());
    let list = &app.federated.items;
    for (at, later) in list.iter().enumerate() {
        let Some(wanted) = pair(later) else { continue };
        let same = |o: &&FederatedCredential<'_>| {
            let differs = own(o).is_none() || own(o) != own(later);
            differs && pair(o).as_ref() == Some(&wanted)
        };
        let Some(earlier) = list.iter().take(at).find(same) else {
            continue;
        };
        let span = later.subject.span().unwrap_or(later.span);
        out.report(Severity::Error, span, |say| {
            say.message(format!(
                "the application {} has two federated credentials for the subject {}",
                app.display_name
                    .value()
                    .map_or_else(|| app.cli_id(), |name| quoted(name)),
                code(&wanted.1)
            ))
            .label("the same again")
            .also(earlier.subject.span().unwrap_or(earlier.span), "the first")
            .help(DISTINCT)
            .key(format!("{} {}", wanted.0, wanted.1));
            if let Some(id) = own(later) {
                say.command(delete(&app.cli_id(), id));
            }
        });
    }
}

/// How many credentials of one application are compared with each other; it may have 20.
const COMPARED: usize = 100;

/// Credentials in documents of their own, against all others of their application.
fn duplicate_beside(row: &FederatedRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let stands_alone = cx.tenant.application_at(row.at).is_none();
    if !row.exact || !stands_alone {
        return;
    }
    let beside = cx.tenant.federated_beside(row).take(COMPARED);
    let Some(other) = beside
        .filter(|other| other.exact && other.mark == row.mark && other.at != row.at)
        .filter(|other| {
            // Those inside the application's document come first, wherever that stands.
            other.at < row.at || cx.tenant.application_at(other.at).is_some()
        })
        .find(|other| {
            let known = other.id != Guid::NIL && row.id != Guid::NIL;
            let one_list =
                (other.at.source, row.id, other.id) == (row.at.source, Guid::NIL, Guid::NIL);
            known && other.id != row.id || one_list
        })
    else {
        return;
    };
    out.report(Severity::Error, Part::Federated(row.mark), |say| {
        let (name, twin) = (say.name(row.at), say.name(other.at));
        say.message(format!(
            "the federated credential {name} has the issuer and subject of {twin} on the same application"
        ))
        .label("the same again")
        .help(DISTINCT)
        .key(format!("{:016x}", row.mark));
        say.see(other.at, Part::Federated(other.mark), "the first");
        if row.id != Guid::NIL {
            say.command(delete(&row.owner.to_string(), row.id));
        }
    });
}

fn delete(app: &str, credential: Guid) -> String {
    format!(
        "az ad app federated-credential delete --id {app} --federated-credential-id {credential}"
    )
}

declare_rule! {
    /// An application has more federated credentials than Entra allows.
    ///
    /// **Why it matters.** An application, and a user-assigned managed identity, can have 20. The
    /// next one is refused, and the deployment or cluster that needs it cannot sign in.
    ///
    /// **What is checked.** Credentials of one application, in its own document and in others; one
    /// that was exported twice counts once.
    ///
    /// **Fix.** Delete those that nothing uses, give workloads an identity of their own, or match
    /// several subjects with one `claimsMatchingExpression`.
    pub static FEDERATED_LIMIT = {
        id: "federated-limit",
        group: Federated,
        severity: Error,
        persona: Regular,
        needs: [FederatedCredential | Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
        ],
        check: JoinedApplication(limit) | JoinedFederated(limit_without_application),
    }
}

/// Distinct credentials: those with ids by these, the others by what they match.
fn distinct<'t>(all: impl Iterator<Item = &'t FederatedRow>) -> (usize, Option<&'t FederatedRow>) {
    let (mut ids, mut marks, mut last) = (BTreeSet::new(), BTreeSet::new(), None);
    let rows: Vec<&FederatedRow> = all.collect();
    for row in rows.iter().filter(|row| row.id != Guid::NIL) {
        if ids.insert(row.id) {
            last = Some(*row);
        }
        marks.insert(row.mark);
    }
    let mut more = 0;
    for row in rows.iter().filter(|row| row.id == Guid::NIL && row.exact) {
        if marks.insert(row.mark) {
            more += 1;
            last = Some(*row);
        }
    }
    (ids.len() + more, last)
}

fn limit(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let (count, last) = distinct(cx.tenant.federated_of(app));
    let Some(last) = last.filter(|_| count > FEDERATED_CREDENTIALS) else {
        return;
    };
    out.report(Severity::Error, Part::Id, |say| {
        let name = say.name(app.at);
        say.message(format!(
            "the application {name} has {count} federated credentials, and {FEDERATED_CREDENTIALS} are allowed"
        ))
        .label(format!("{count} federated credentials"))
        .help("delete those that nothing uses, or match several subjects with one expression")
        .command(format!("az ad app federated-credential list --id {}", app.app_id))
        .fact("count", count);
        say.see(last.at, Part::Federated(last.mark), "the last of them");
    });
}

/// Without the application's document, the first of its credentials speaks for all.
fn limit_without_application(row: &FederatedRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let known = cx
        .tenant
        .application(row.owner)
        .or_else(|| cx.tenant.application_by_id(row.owner));
    let is_first = |mut all: Box<dyn Iterator<Item = &FederatedRow> + '_>| {
        all.next().is_some_and(|first| std::ptr::eq(first, row))
    };
    if row.owner == Guid::NIL
        || known.is_some()
        || !is_first(Box::new(cx.tenant.federated_beside(row)))
    {
        return;
    }
    let (count, last) = distinct(cx.tenant.federated_beside(row));
    let Some(last) = last.filter(|_| count > FEDERATED_CREDENTIALS) else {
        return;
    };
    out.report(Severity::Error, Part::Federated(row.mark), |say| {
        say.message(format!(
            "the application {} has {count} federated credentials, and {FEDERATED_CREDENTIALS} are allowed",
            row.owner
        ))
        .label(format!("the first of {count}"))
        .help("delete those that nothing uses, or match several subjects with one expression")
        .fact("count", count);
        say.see(last.at, Part::Federated(last.mark), "the last of them");
    });
}
