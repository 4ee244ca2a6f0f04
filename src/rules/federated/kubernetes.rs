//! Subjects that a Kubernetes cluster never sends.

use super::{called, issuer, key, subject, update};
use crate::model::{FederatedCredential, Parts};
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A federated credential for an AKS cluster names no service account.
    ///
    /// **Why it matters.** The tokens of a cluster carry
    /// `system:serviceaccount:<namespace>:<name>`, and an issuer with a slash at its end. Any
    /// other subject, and the issuer without its slash, match none of them: AADSTS70021.
    ///
    /// **What is checked.** The subject, and the issuer's trailing slash, of credentials whose
    /// issuer is a cluster of Azure Kubernetes Service (`….oic.prod-aks.azure.com`).
    ///
    /// **Fix.** Write `system:serviceaccount:<namespace>:<service account>`, and the issuer as
    /// `az aks show --query oidcIssuerProfile.issuerUrl` prints it.
    pub static FEDERATED_KUBERNETES_SUBJECT = {
        id: "federated-kubernetes-subject",
        group: Federated,
        severity: Warning,
        persona: Regular,
        needs: [FederatedCredential | Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/workload-identity-overview",
            "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust",
        ],
        check: Federated(kubernetes_subject),
    }
}

fn kubernetes_subject(credential: &FederatedCredential<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(issuer) = issuer(credential).filter(|issuer| is_aks(issuer)) else {
        return;
    };
    let report = |out: &mut Out<'_>, span, flaw: &str, message: String, label, help: &str| {
        out.report(Severity::Warning, span, |say| {
            say.message(format!("{} {message}", called(credential)))
                .label(label)
                .help(help)
                .key(key(credential, flaw));
            if let Some(command) = update(credential, cx) {
                say.command(command);
            }
        });
    };
    if !issuer.ends_with('/') {
        let message = format!("has the issuer {} without its last slash", code(issuer));
        let help =
            "write the issuer as `az aks show --query oidcIssuerProfile.issuerUrl` prints it";
        report(
            out,
            issuer.span,
            "issuer",
            message,
            "the slash is missing",
            help,
        );
    }
    // Wildcards are told of by federated-invalid.
    let Some(subject) = subject(credential).filter(|subject| !subject.contains('*')) else {
        return;
    };
    if !is_service_account(subject) {
        let message = format!(
            "has the subject {}, which names no service account",
            code(subject)
        );
        let help = "write `system:serviceaccount:<namespace>:<service account>`";
        report(
            out,
            subject.span,
            "subject",
            message,
            "no service account",
            help,
        );
    }
}

/// Whether an issuer is a cluster of Azure Kubernetes Service: `https://<region>.oic.prod-aks.azure.com/…`
/// or `https://oidc.prod-aks.azure.com/…`, in national clouds under `.us` and `.cn`.
fn is_aks(issuer: &str) -> bool {
    let host = Parts::of(issuer.trim()).host.to_ascii_lowercase();
    host.split_once("prod-aks.azure.")
        .is_some_and(|(before, after)| {
            (before.ends_with("oic.") || before.ends_with("oidc."))
                && ["com", "us", "cn"].contains(&after)
        })
}

/// `system:serviceaccount:<namespace>:<name>`, the names as Kubernetes allows them (RFC 1123).
fn is_service_account(subject: &str) -> bool {
    let named = |text: &str, dots: bool| {
        !text.is_empty()
            && text.bytes().all(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || dots && b == b'.'
            })
    };
    let mut parts = subject.split(':');
    parts.next() == Some("system")
        && parts.next() == Some("serviceaccount")
        && parts
            .next()
            .is_some_and(|namespace| named(namespace, false))
        && parts.next().is_some_and(|name| named(name, true))
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_and_service_accounts() {
        assert!(is_aks("https://westeurope.oic.prod-aks.azure.com/t/c/"));
        assert!(is_aks("https://oidc.prod-aks.azure.com/c/"));
        assert!(!is_aks("https://prod-aks.azure.com.contoso.com/"));
        assert!(!is_aks("https://token.actions.githubusercontent.com"));
        assert!(is_service_account(
            "system:serviceaccount:default:workload-1.a"
        ));
        for subject in [
            "system:serviceaccount:default",
            "system:serviceaccounts:default:x",
            "serviceaccount:default:x",
            "system:serviceaccount::x",
            "system:serviceaccount:Default:x",
            "system:serviceaccount:default:x:y",
        ] {
            assert!(!is_service_account(subject), "{subject}");
        }
    }
}
