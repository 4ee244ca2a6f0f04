//! Federated credentials that more than one pipeline can use.

use super::{called, is_github, issuer, key, subject, update};
use crate::model::{FederatedCredential, Parts};
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A federated credential trusts any pull request, or a whole organisation.
    ///
    /// **Why it matters.** With `pull_request` every pull request of the repository, its changed
    /// workflow included, signs in as the application before anybody has reviewed it. With an
    /// expression over an organisation anybody who may create a repository there can.
    ///
    /// **What is checked.** A subject of GitHub Actions that ends in `pull_request`; an expression
    /// of a flexible credential whose pattern leaves the repository (GitHub), the project
    /// (GitLab) or the project and workspace (Terraform Cloud) open, or begins with a wildcard.
    /// An expression that asks for a further claim is left alone.
    ///
    /// **Fix.** Trust one branch or, better, an environment that asks for approval:
    /// `repo:<owner>/<name>:environment:<name>`.
    pub static FEDERATED_BROAD = {
        id: "federated-broad",
        group: Federated,
        severity: Warning,
        persona: Regular,
        needs: [FederatedCredential | Application],
        since: "0.1.0",
        references: [
            "https://docs.github.com/actions/reference/security/oidc",
            "https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials",
        ],
        peers: ["Checkov CKV_AZURE_249", "BloodHound AZFederatedIdentityCredential"],
        check: Federated(broad),
    }
}

fn broad(credential: &FederatedCredential<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(issuer) = issuer(credential) else {
        return;
    };
    let (span, text, who, label) = match (subject(credential), credential.expression.spanned()) {
        (Some(subject), _) if is_github(issuer) && is_any_pull_request(subject) => (
            subject.span,
            subject,
            "any pull request of the repository",
            "any pull request",
        ),
        (None, Some(expression)) if !expression.is_placeholder() => {
            let Some(who) = trusted(issuer, expression) else {
                return;
            };
            (expression.span, expression, who, "leaves too much open")
        }
        _ => return,
    };
    out.report(Severity::Warning, span, |say| {
        say.message(format!(
            "{} trusts {who} with {}",
            called(credential),
            code(text)
        ))
        .label(label)
        .help("trust one branch, or an environment that asks for approval")
        .key(key(credential, "broad"));
        if let Some(command) = update(credential, cx) {
            say.command(command);
        }
    });
}

fn is_any_pull_request(subject: &str) -> bool {
    subject.starts_with("repo:") && subject.trim().ends_with(":pull_request")
}

/// Whom an expression trusts, where that is too many.
fn trusted(issuer: &str, expression: &str) -> Option<&'static str> {
    // `claims['sub'] matches 'repo:contoso/*:ref:refs/heads/main' and …`
    let lower = expression.to_ascii_lowercase();
    if lower.contains(" and ") {
        return None;
    }
    let (_, after) = expression.split_at_checked(lower.find(" matches ")? + " matches ".len())?;
    let quote = after
        .trim_start()
        .chars()
        .next()
        .filter(|c| matches!(c, '\'' | '"'))?;
    let pattern = after.trim_start().get(1..)?.split(quote).next()?;
    if pattern.starts_with(['*', '?']) {
        return Some("whoever the issuer has tokens for");
    }
    let open = |part: Option<&str>| part.is_some_and(|part| part.starts_with('*'));
    let mut parts = pattern.split(':');
    let host = Parts::of(issuer.trim()).host.to_ascii_lowercase();
    match parts.next()? {
        "repo" if is_github(issuer) => {
            let repository = parts.next()?;
            let (owner, name) = repository.split_once('/').unwrap_or((repository, ""));
            if owner.contains('*') {
                Some("repositories of any owner")
            } else {
                open(Some(name)).then_some("every repository of the organisation")
            }
        }
        "project_path" if host.contains("gitlab") => {
            let (group, project) = parts.next()?.split_once('/')?;
            (group.contains('*') || open(Some(project))).then_some("every project of the group")
        }
        "organization" if host.contains("terraform") => {
            // organization:<name>:project:<name>:workspace:<name>:run_phase:<phase>
            let values: Vec<&str> = pattern.split(':').skip(1).step_by(2).collect();
            let wide = values.first().is_some_and(|name| name.contains('*'))
                || open(values.get(1).copied()) && open(values.get(2).copied().or(Some("*")));
            wide.then_some("every workspace of the organisation")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::trusted;

    #[test]
    fn expressions_over_a_whole_organisation() {
        let github = "https://token.actions.githubusercontent.com";
        let of = |pattern: &str| trusted(github, &format!("claims['sub'] matches '{pattern}'"));
        assert!(of("repo:contoso/*").is_some());
        assert!(of("repo:contoso/*:ref:refs/heads/main").is_some());
        assert!(of("repo:*:ref:refs/heads/main").is_some());
        assert!(of("*").is_some());
        assert!(of("repo:contoso/app:ref:refs/heads/*").is_none());
        assert!(of("repo:contoso/app-*:environment:prod").is_none());
        assert!(trusted(github, "claims['sub'] eq 'repo:contoso/app:pull_request'").is_none());
        let two = "claims['sub'] matches 'repo:contoso/*' and claims['job_workflow_ref'] eq 'x'";
        assert!(trusted(github, two).is_none());
        let gitlab = "https://gitlab.com";
        assert!(
            trusted(
                gitlab,
                "claims['sub'] matches 'project_path:contoso/*:ref_type:branch:ref:main'"
            )
            .is_some()
        );
        assert!(
            trusted(
                gitlab,
                "claims['sub'] matches 'project_path:contoso/app:ref_type:branch:ref:*'"
            )
            .is_none()
        );
        let terraform = "https://app.terraform.io";
        let of =
            |pattern: &str| trusted(terraform, &format!("claims['sub'] matches \"{pattern}\""));
        assert!(of("organization:contoso:project:*:workspace:*:run_phase:apply").is_some());
        assert!(of("organization:contoso:project:*:workspace:prod:run_phase:apply").is_none());
        assert!(of("organization:contoso:project:core:workspace:*:run_phase:*").is_none());
    }
}
