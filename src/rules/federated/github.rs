//! Subjects that GitHub never sends.

use super::{called, is_github, issuer, key, subject, update};
use crate::model::FederatedCredential;
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A federated credential for GitHub has an issuer or subject that GitHub never sends.
    ///
    /// **Why it matters.** Entra accepts any subject and compares it letter by letter when a
    /// workflow signs in: one that GitHub never sends fails every time with AADSTS70021 or
    /// 700213. Two of the mistakes stand in Microsoft's own pages.
    ///
    /// **What is checked.** For the issuer `https://token.actions.githubusercontent.com`: a
    /// trailing slash; `pull-request` for `pull_request`; `ref:` without `refs/heads/` or
    /// `refs/tags/`, and `branch:` or `tag:` instead of it; a blank after `repo:`, a URL or a name
    /// without its owner there; a subject that begins with `owner/name`; an environment without a
    /// name. Other claims are left alone, for an organisation may choose its own.
    ///
    /// **Fix.** Write `repo:<owner>/<name>:ref:refs/heads/<branch>`, `…:ref:refs/tags/<tag>`,
    /// `…:environment:<name>` or `…:pull_request`.
    pub static FEDERATED_GITHUB_SUBJECT = {
        id: "federated-github-subject",
        group: Federated,
        severity: Error,
        persona: Regular,
        needs: [FederatedCredential | Application],
        since: "0.1.0",
        references: [
            "https://docs.github.com/actions/reference/security/oidc",
            "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust",
        ],
        peers: ["Checkov CKV_AZURE_249"],
        check: Federated(github_subject),
    }
}

fn github_subject(credential: &FederatedCredential<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(issuer) = issuer(credential).filter(|issuer| is_github(issuer)) else {
        return;
    };
    if issuer.trim().ends_with('/') {
        out.report(Severity::Error, issuer.span, |say| {
            let right = issuer.trim().trim_end_matches('/');
            say.message(format!(
                "{} has the issuer {}, and GitHub's has no trailing slash",
                called(credential),
                code(issuer)
            ))
            .label("ends with a slash")
            .help(format!("write `{}`", crate::rules::out::one_line(right)))
            .key(key(credential, "issuer"));
            if let Some(command) = update(credential, cx) {
                say.command(command);
            }
        });
    }
    let Some(subject) = subject(credential) else {
        return;
    };
    let Some((label, help)) = flaw(subject) else {
        return;
    };
    out.report(Severity::Error, subject.span, |say| {
        say.message(format!(
            "{} has the subject {}, which GitHub never sends",
            called(credential),
            code(subject)
        ))
        .label(label)
        .help(help)
        .key(key(credential, "subject"));
        if let Some(command) = update(credential, cx) {
            say.command(command);
        }
    });
}

/// What is wrong with a subject, as a label and as help.
fn flaw(subject: &str) -> Option<(&'static str, &'static str)> {
    const REPOSITORY: &str = "write `repo:<owner>/<name>`";
    if subject.trim() != subject {
        return Some(("blanks around it", "take out the blanks around the subject"));
    }
    let Some(rest) = subject.strip_prefix("repo:") else {
        // Subjects that an organisation has chosen begin with the name of a claim.
        let first = subject.split(':').next().unwrap_or_default();
        return first
            .contains('/')
            .then_some(("`repo:` is missing", "begin the subject with `repo:`"));
    };
    if rest.starts_with(char::is_whitespace) {
        return Some(("a blank after `repo:`", "take out the blank after `repo:`"));
    }
    let (repository, rest) = rest.split_once(':').unwrap_or((rest, ""));
    let whole = matches!(repository.split_once('/'), Some((owner, name))
        if !owner.is_empty() && !name.is_empty() && !name.contains('/'));
    if !whole {
        return Some(("no `owner/name`", REPOSITORY));
    }
    let (claim, value) = rest.split_once(':').unwrap_or((rest, ""));
    match claim {
        "" => Some((
            "nothing after the repository",
            "say for what: `:ref:refs/heads/<branch>`, `:environment:<name>` or `:pull_request`",
        )),
        "ref"
            if !["refs/heads/", "refs/tags/", "refs/pull/"]
                .iter()
                .any(|prefix| value.len() > prefix.len() && value.starts_with(prefix)) =>
        {
            Some((
                "no `refs/heads/` or `refs/tags/`",
                "write the whole ref: `ref:refs/heads/<branch>` or `ref:refs/tags/<tag>`",
            ))
        }
        "environment" if value.is_empty() => Some((
            "no environment",
            "name the environment: `environment:<name>`",
        )),
        "branch" | "branches" | "heads" | "refs" => {
            Some(("not a claim of GitHub's", "write `ref:refs/heads/<branch>`"))
        }
        "tag" | "tags" => Some(("not a claim of GitHub's", "write `ref:refs/tags/<tag>`")),
        "pull-request" | "pull-requests" | "pull_requests" | "pullrequest" | "pull request" => {
            Some(("`pull_request`, with an underscore", "write `pull_request`"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::flaw;

    #[test]
    fn subjects_that_github_sends() {
        for subject in [
            "repo:contoso/app:ref:refs/heads/main",
            "repo:contoso/app:ref:refs/heads/feature/x",
            "repo:contoso/app:ref:refs/tags/v1",
            "repo:contoso/app:environment:Production EU",
            "repo:contoso/app:pull_request",
            "repo:contoso@123/app@456:ref:refs/heads/main",
            "repo:contoso/app:environment:prod:job_workflow_ref:contoso/x/.github/workflows/a.yml@main",
            "repository_owner:contoso:environment:prod",
            "job_workflow_ref:contoso/x/.github/workflows/a.yml@refs/heads/main",
            "repo:contoso/app:actor:someone",
        ] {
            assert_eq!(flaw(subject), None, "{subject}");
        }
    }

    #[test]
    fn subjects_that_github_never_sends() {
        for subject in [
            "repo:contoso/app:pull-request",
            "repo:contoso/app:ref:main",
            "repo:contoso/app:ref:heads/main",
            "repo:contoso/app:ref:refs/heads/",
            "repo:contoso/app:branch:main",
            "repo: contoso/app:ref:refs/heads/main",
            "repo:contoso/app:ref:refs/heads/main ",
            "repo:app:ref:refs/heads/main",
            "repo:https://github.com/contoso/app:ref:refs/heads/main",
            "contoso/app:ref:refs/heads/main",
            "repo:contoso/app",
            "repo:contoso/app:environment:",
        ] {
            assert!(flaw(subject).is_some(), "{subject}");
        }
    }
}
