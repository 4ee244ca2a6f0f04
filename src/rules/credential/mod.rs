//! Secrets and certificates: whether they are valid, for how long, and how many there are.
//!
//! Secrets and certificates are twins: a rule about the one mostly has a sibling about the other,
//! and both stand in one file with one check.

mod dates;
mod expiry;
mod holder;
mod holdings;
mod lifetime;
mod missing;
mod policy;
mod principal;
mod shared;

use super::{Context, Wording, shell_word};
use crate::model::{Credential, Instant, Span};
use crate::rules::out::one_line;

pub use dates::{CERTIFICATE_DATES_INVERTED, SECRET_DATES_INVERTED, SECRET_NOT_YET_VALID};
pub use expiry::{CERTIFICATE_EXPIRED, CERTIFICATE_EXPIRING, SECRET_EXPIRED, SECRET_EXPIRING};
pub use holdings::{SECRET_IN_USE, SECRET_NO_OVERLAP, TOO_MANY_SECRETS};
pub use lifetime::{CERTIFICATE_LONG_LIVED, SECRET_LONG_LIVED, SECRET_NEVER_EXPIRES};
pub use missing::CREDENTIAL_MISSING;
pub use policy::CREDENTIAL_VIOLATES_POLICY;
pub use principal::{CREDENTIAL_ON_FIRST_PARTY, CREDENTIAL_ON_SERVICE_PRINCIPAL};
pub use shared::{CREDENTIAL_SHARED, shared};

pub(super) use crate::model::CredentialKind as Kind;
pub(super) use crate::model::life::{Holder, Life, State, Usage, sign_in_credentials};
pub(super) use holder::standing;

impl Kind {
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Secret => "secret",
            Kind::Certificate => "certificate",
        }
    }

    /// What a message calls a credential: its name, else its key id.
    pub fn called(self, credential: &Credential<'_>) -> String {
        if let Some(name) = credential.name.value() {
            return format!("{} \"{}\"", self.noun(), one_line(name));
        }
        match credential.key() {
            "" => format!("a {} without name or key id", self.noun()),
            key => format!("{} {}", self.noun(), one_line(key)),
        }
    }
}

/// A key credential that is no certificate but a key both sides know.
fn is_symmetric(credential: &Credential<'_>) -> bool {
    credential
        .kind
        .value()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("Symmetric"))
}

/// What all findings about one credential carry: what tells it apart, and its dates.
fn identify(say: &mut Wording, credential: &Credential<'_>) {
    // One key id, however it is spelled: a second export must not make a second finding.
    let mut key = crate::model::Guid::parse_loose(credential.key()).map_or_else(
        || credential.key().trim().to_lowercase(),
        |id| id.to_string(),
    );
    if !key.is_empty() {
        say.fact("keyId", key.as_str());
    }
    for (name, date) in [
        ("startDateTime", &credential.start),
        ("endDateTime", &credential.end),
    ] {
        let Some(instant) = date.value().and_then(|date| date.instant()) else {
            continue;
        };
        say.fact(name, instant.rfc3339());
        if credential.key().is_empty() {
            key.push_str(&instant.rfc3339());
        }
    }
    say.key(key);
}

/// The place that names a credential. Never the whole entry where it can be helped: in a file
/// that should not exist, a secret's value stands in it.
pub(super) fn key_span(credential: &Credential<'_>) -> Span {
    credential
        .key_id
        .span()
        .or(credential.name.span())
        .or(credential.end.span())
        .unwrap_or(credential.span)
}

/// The place of a credential's end; where it has none, of what names it.
fn end_span(credential: &Credential<'_>) -> Span {
    credential
        .end
        .span()
        .unwrap_or_else(|| key_span(credential))
}

/// The place of a credential's start; where it has none, of what names it.
fn start_span(credential: &Credential<'_>) -> Span {
    credential
        .start
        .span()
        .unwrap_or_else(|| key_span(credential))
}

/// Adds a credential beside the existing ones. What it makes keeps to the limits: without an end
/// date `az` makes secrets of one year.
pub(super) fn add_command<'a, 'r: 'a>(
    kind: Kind,
    holder: impl Into<Holder<'a, 'r>>,
    cx: &Context<'_>,
) -> String {
    let holder = holder.into();
    let (command, id) = (holder.command(), holder.cli_id());
    match kind {
        Kind::Secret => {
            let end = cx.now().plus_days(cx.settings.credentials.secret);
            format!(
                "{command} reset --id {id} --append --end-date {}",
                end.date()
            )
        }
        Kind::Certificate => {
            format!("{command} reset --id {id} --append --cert \"@new-certificate.pem\"")
        }
    }
}

/// Deletes one credential.
pub(super) fn delete_command<'a, 'r: 'a>(
    kind: Kind,
    holder: impl Into<Holder<'a, 'r>>,
    credential: &Credential<'_>,
) -> String {
    let holder = holder.into();
    let key = match credential.key_id.spanned() {
        Some(key) if !key.is_placeholder() => shell_word(key.trim()),
        _ => "<keyId>".to_owned(),
    };
    let cert = match kind {
        Kind::Secret => "",
        Kind::Certificate => " --cert",
    };
    format!(
        "{} delete --id {} --key-id {key}{cert}",
        holder.command(),
        holder.cli_id()
    )
}

/// How to add a credential of this kind, as the beginning of a help text.
fn add_help(kind: Kind) -> &'static str {
    match kind {
        Kind::Secret => "create a new secret, store it in a vault (it is printed only once)",
        Kind::Certificate => "register a new certificate",
    }
}

/// "1 day", "5 days", "less than a day".
fn days(count: i64) -> String {
    match count {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        _ => format!("{count} days"),
    }
}

/// Whole days from `from` to `to`, rounded down.
fn days_between(from: Instant, to: Instant) -> i64 {
    to.days_since(from)
}
