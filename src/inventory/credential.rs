//! Secrets, certificates and federated credentials: when they live, never what they are.

use super::Inventory;
use crate::kinds::Object;
use crate::model::life::{End, Life, State, Usage};
use crate::model::{Credential, CredentialKind, FederatedCredential, Field, Instant, Str};
use crate::tenant::At;

/// How somebody proves to be an application.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    Secret,
    Certificate,
    /// A certificate that signs tokens (SAML), or encrypts.
    OtherCertificate,
    Federated,
}

impl Proof {
    /// As a table names it.
    pub fn name(self) -> &'static str {
        match self {
            Proof::Secret => "client secret",
            Proof::Certificate => "certificate",
            Proof::OtherCertificate => "certificate, not for sign-in",
            Proof::Federated => "federated credential",
        }
    }
}

/// Where a credential stands at the evaluation date. The order is that of urgency.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Valid, and ends within `credentials.expiring-within`.
    Expiring,
    Expired,
    /// Valid, and lives longer than the configured limit, or for ever.
    LongLived,
    /// Ends at or before its own start.
    Inverted,
    /// Its start lies ahead.
    Pending,
    /// The document does not show when it ends.
    Unknown,
    Valid,
    /// A federated credential, which has no end of its own.
    Endless,
}

impl Standing {
    pub const ALL: [Standing; 8] = [
        Standing::Expiring,
        Standing::Expired,
        Standing::LongLived,
        Standing::Inverted,
        Standing::Pending,
        Standing::Unknown,
        Standing::Valid,
        Standing::Endless,
    ];

    /// As a table names it.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Expiring => "expiring",
            Standing::Expired => "expired",
            Standing::LongLived => "long-lived",
            Standing::Inverted => "dates inverted",
            Standing::Pending => "not yet valid",
            Standing::Unknown => "end unknown",
            Standing::Valid => "valid",
            Standing::Endless => "no expiry",
        }
    }
}

/// Whether a credential belongs to the registration or to a service principal.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    Application,
    ServicePrincipal,
}

/// A credential, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCredential {
    pub proof: Proof,
    pub holder: Holder,
    /// Untrusted text; of a federated credential its own name.
    pub name: Option<String>,
    /// The key id; of a federated credential its subject. Untrusted text.
    pub key: Option<String>,
    pub start: Option<Instant>,
    pub end: End,
    pub standing: Standing,
}

impl HeldCredential {
    fn of(
        kind: CredentialKind,
        holder: Holder,
        credential: &Credential<'_>,
        inventory: &Inventory<'_>,
    ) -> HeldCredential {
        let limits = &inventory.join.settings.credentials;
        let now = inventory.now();
        let life = Life::of(kind, credential);
        let (proof, limit) = match (kind, Usage::of(credential)) {
            (CredentialKind::Secret, _) => (Proof::Secret, Some(limits.secret)),
            (_, Usage::SignIn) => (Proof::Certificate, Some(limits.certificate)),
            _ => (Proof::OtherCertificate, None),
        };
        let soon = life.end != End::Unknown && !life.outlasts(now.plus_days(limits.expiring));
        let standing = match life.at(now) {
            State::Unknown => Standing::Unknown,
            State::Inverted => Standing::Inverted,
            State::Pending => Standing::Pending,
            State::Expired => Standing::Expired,
            State::Valid if soon => Standing::Expiring,
            State::Valid if limit.is_some_and(|limit| life.is_longer_than(limit)) => {
                Standing::LongLived
            }
            State::Valid => Standing::Valid,
        };
        HeldCredential {
            proof,
            holder,
            name: text(&credential.name),
            key: text(&credential.key_id),
            start: life.start,
            end: life.end,
            standing,
        }
    }

    fn federated(holder: Holder, credential: &FederatedCredential<'_>) -> HeldCredential {
        HeldCredential {
            proof: Proof::Federated,
            holder,
            name: text(&credential.name),
            key: text(&credential.subject).or_else(|| text(&credential.expression)),
            start: None,
            end: End::Never,
            standing: Standing::Endless,
        }
    }
}

/// A field's text, unless it is blank.
pub fn text(field: &Field<Str<'_>>) -> Option<String> {
    let text = field.value()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl Inventory<'_> {
    /// The credentials in an object: an application, a service principal, a federated credential's
    /// own document.
    pub(super) fn credentials_in(&self, object: &Object<'_>, out: &mut Vec<HeldCredential>) {
        let (holder, secrets, certificates, federated) = match object {
            Object::Application(app) => (
                Holder::Application,
                &app.secrets,
                &app.certificates,
                &app.federated,
            ),
            Object::ServicePrincipal(principal) => (
                Holder::ServicePrincipal,
                &principal.secrets,
                &principal.certificates,
                &principal.federated,
            ),
            Object::FederatedCredential(credential) => {
                out.push(HeldCredential::federated(Holder::Application, credential));
                return;
            }
            _ => return,
        };
        let lists = [
            (CredentialKind::Secret, secrets),
            (CredentialKind::Certificate, certificates),
        ];
        for (kind, list) in lists {
            let all = list.iter();
            out.extend(all.map(|credential| HeldCredential::of(kind, holder, credential, self)));
        }
        let all = federated.iter();
        out.extend(all.map(|credential| HeldCredential::federated(holder, credential)));
    }

    /// The credentials of the object at `at`.
    pub fn credentials_at(&self, at: At) -> Vec<HeldCredential> {
        let mut out = Vec::new();
        self.open
            .open(at, &mut |object| self.credentials_in(object, &mut out));
        out
    }
}
