//! Federated identity credentials: whose tokens an application takes instead of a secret.
//!
//! Entra compares issuer, subject and audience of a token exactly with what the credential says,
//! and accepts any text when the credential is made: a wrong one only fails when a workload signs
//! in (AADSTS70021 and its like).

mod broad;
mod form;
mod github;
mod kubernetes;
mod several;

pub use broad::FEDERATED_BROAD;
pub use form::FEDERATED_INVALID;
pub use github::FEDERATED_GITHUB_SUBJECT;
pub use kubernetes::FEDERATED_KUBERNETES_SUBJECT;
pub use several::{FEDERATED_DUPLICATE, FEDERATED_LIMIT};

use crate::model::{FederatedCredential, Guid, Parts, Text};
use crate::rules::Context;
use crate::rules::out::quoted;

/// The issuer of GitHub Actions; it has no trailing slash (GitHub Docs, "OpenID Connect
/// reference").
const GITHUB_HOST: &str = "token.actions.githubusercontent.com";

/// "the federated credential "deploy""
fn called(credential: &FederatedCredential<'_>) -> String {
    match credential.name.value() {
        Some(name) => format!("the federated credential {}", quoted(name)),
        None => "the federated credential".to_owned(),
    }
}

/// What tells the credentials of one application apart in a finding's key.
fn key(credential: &FederatedCredential<'_>, flaw: &str) -> String {
    let own = [&credential.id, &credential.name, &credential.subject]
        .into_iter()
        .find_map(|field| field.value())
        .map_or("", |text| text.trim());
    format!("{flaw} {own}")
}

/// The issuer, where it is a value to judge.
fn issuer<'a, 'r>(credential: &'a FederatedCredential<'r>) -> Option<&'a Text<'r>> {
    credential
        .issuer
        .spanned()
        .filter(|issuer| !issuer.is_uri_template())
}

/// The subject, where it is a value to judge: no template, no `<owner>/<repo>`.
fn subject<'a, 'r>(credential: &'a FederatedCredential<'r>) -> Option<&'a Text<'r>> {
    credential
        .subject
        .spanned()
        .filter(|subject| !subject.is_uri_template())
}

/// Whether tokens come from GitHub Actions, an enterprise's issuer included.
fn is_github(issuer: &str) -> bool {
    Parts::of(issuer.trim())
        .host
        .eq_ignore_ascii_case(GITHUB_HOST)
}

/// The command that puts a corrected credential in place of one.
fn update(credential: &FederatedCredential<'_>, cx: &Context<'_>) -> Option<String> {
    let own = credential.id.spanned()?.guid()?;
    let app = match cx.application {
        Some(app) => app.cli_id(),
        None => Guid::parse_strict(credential.application.value()?.trim())?.to_string(),
    };
    Some(format!(
        "az ad app federated-credential update --id {app} --federated-credential-id {own} --parameters @credential.json"
    ))
}
