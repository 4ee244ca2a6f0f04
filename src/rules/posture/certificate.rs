//! Certificates with short keys or broken hashes.

use crate::model::certificate::{Certificate, PublicKey};
use crate::model::life::{Life, State, Usage};
use crate::model::{Application, Credential, CredentialKind, List, ServicePrincipal};
use crate::rules::credential::key_span;
use crate::rules::principal::is_microsofts;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A certificate has a short key or a broken hash.
    ///
    /// **Why it matters.** A certificate proves who the application is. An RSA key under 2048 bits
    /// can be computed from the public half with enough effort, and for MD5 and SHA-1 there are
    /// forged certificates.
    ///
    /// **What is checked.** Certificates that have not expired and that the export carries
    /// themselves (`key` in `keyCredentials`; most exports leave it null): an RSA key under 2048
    /// bits, or a signature with SHA-1, MD5 or older. A certificate to sign in with that is its own
    /// issuer is worth an info: no authority revokes it. Certificates that Microsoft Entra makes
    /// itself, for SAML and for managed identities, are self-signed by design and left alone. What
    /// cannot be read is not reported.
    ///
    /// **Fix.** Have a certificate issued with an RSA key of 2048 bits or more, or an elliptic
    /// curve key, and SHA-256; register it, then delete this one:
    /// `az ad app credential reset --id <app> --append --cert "@new-certificate.pem"`, then
    /// `az ad app credential delete --id <app> --key-id <keyId> --cert`.
    pub static CERTIFICATE_WEAK = {
        id: "certificate-weak",
        group: Posture,
        severity: Warning,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
            "https://learn.microsoft.com/graph/api/resources/keycredential",
            "https://csrc.nist.gov/pubs/sp/800/131/a/r2/final",
        ],
        peers: [
            "AzureADAssessment CredentialExpiration: self-signed, key size, algorithm",
            "Zero Trust Assessment 21894",
        ],
        check: Application(of_application) | Principal(of_principal),
    }
}

/// The shortest RSA key that is not reported, in bits (NIST SP 800-131A).
const SHORTEST: usize = 2048;

/// The certificates of one object.
struct Holder<'a, 'r> {
    certificates: &'a List<Credential<'r>>,
    /// Microsoft Entra makes its certificates, or some of them.
    managed: bool,
    /// What `az ad app credential` or `az ad sp credential` takes for its id.
    cli: &'a dyn Fn() -> Option<(&'static str, String)>,
}

fn of_application(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let holder = Holder {
        certificates: &app.certificates,
        managed: false,
        cli: &|| Some(("app", app.cli_id())),
    };
    check(&holder, cx, out);
}

fn of_principal(principal: &ServicePrincipal<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if is_microsofts(principal) || principal.is_managed_identity() {
        return;
    }
    let holder = Holder {
        certificates: &principal.certificates,
        managed: principal.signs_saml(),
        cli: &|| principal.guid().map(|id| ("sp", id.to_string())),
    };
    check(&holder, cx, out);
}

fn check(holder: &Holder<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for credential in holder.certificates.iter() {
        let Some(encoded) = credential.certificate.value() else {
            continue;
        };
        let life = Life::of(CredentialKind::Certificate, credential);
        if matches!(life.at(cx.now()), State::Expired | State::Inverted) {
            continue;
        }
        let Some(certificate) = encoded.read() else {
            continue;
        };
        let own = Usage::of(credential) == Usage::SignIn && !holder.managed;
        for (severity, words) in weaknesses(&certificate, own) {
            out.report(severity, key_span(credential), |say| {
                let name = CredentialKind::Certificate.called(credential);
                say.message(format!("the {name} {}", words.says))
                    .label(words.label)
                    .help(words.help)
                    .fact("keyId", credential.key().trim().to_lowercase())
                    .key(format!(
                        "{} {}",
                        credential.key().trim().to_lowercase(),
                        words.key
                    ));
                if let PublicKey::Rsa(bits) = certificate.key {
                    say.fact("keyBits", bits);
                }
                if let Some((noun, id)) = (holder.cli)().filter(|_| words.replace) {
                    say.command(format!(
                        "az ad {noun} credential reset --id {id} --append --cert \"@new-certificate.pem\""
                    ));
                }
            });
        }
    }
}

/// How one weakness is told.
struct Weakness {
    says: String,
    label: &'static str,
    help: &'static str,
    key: &'static str,
    replace: bool,
}

fn weaknesses(certificate: &Certificate, own: bool) -> Vec<(Severity, Weakness)> {
    const REPLACE: &str = "register a certificate with an RSA key of 2048 bits or more and SHA-256, then delete this one";
    let mut found = Vec::new();
    if let PublicKey::Rsa(bits) = certificate.key
        && bits < SHORTEST
    {
        let weakness = Weakness {
            says: format!("has an RSA key of only {bits} bits"),
            label: "an RSA key under 2048 bits",
            help: REPLACE,
            key: "key",
            replace: true,
        };
        found.push((Severity::Warning, weakness));
    }
    if let Some(hash) = certificate.weak_hash {
        let weakness = Weakness {
            says: format!("was signed with {}", hash.name()),
            label: "signed with a broken hash",
            help: REPLACE,
            key: "hash",
            replace: true,
        };
        found.push((Severity::Warning, weakness));
    }
    if certificate.self_signed && own {
        let weakness = Weakness {
            says: "is self-signed".to_owned(),
            label: "its own issuer",
            help: "have it issued by an authority that can revoke it, or use a federated credential",
            key: "self-signed",
            replace: false,
        };
        found.push((Severity::Info, weakness));
    }
    found
}
