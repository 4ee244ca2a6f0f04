//! Identifier URIs (Application ID URIs): the names under which an API is asked for.

use crate::model::{Application, Guid, Parts};
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// An identifier URI has a form that Entra does not support.
    ///
    /// **Why it matters.** Who can choose the identifier of an API freely can choose another's:
    /// tokens then carry an audience that several applications may accept. Since 2025 most
    /// tenants refuse such a URI when it is added.
    ///
    /// **What is checked.** A trailing slash, a wildcard, a GUID alone after `api://` that is not
    /// this application's client id, and `api://` or `https://` with neither a GUID nor a domain
    /// in it. An API that takes version 2 tokens may choose its name freely; other schemes, as
    /// SAML applications have them, are not judged.
    ///
    /// **Fix.** Use `api://<appId>`, `api://<name>/<appId>`, or `https://` with a verified domain
    /// of the tenant, and move clients over before the old URI is removed.
    pub static IDENTIFIER_URI_INVALID = {
        id: "identifier-uri-invalid",
        group: Hygiene,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration#application-id-uri",
        ],
        peers: ["terraform-provider-azuread validation/uri.go"],
        check: Application(identifier_uri_invalid),
    }
}

/// What is wrong with an identifier URI.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Flaw {
    Wildcard,
    Slash,
    ForeignGuid,
    Anyones,
}

impl Flaw {
    fn of(uri: &str, app_id: Option<Guid>, version_2: bool) -> Option<Flaw> {
        let parts = Parts::of(uri);
        let api = parts.has_scheme("api");
        if !api && !parts.has_scheme("https") {
            return None;
        }
        if parts.has_wildcard() {
            return Some(Flaw::Wildcard);
        }
        if uri.ends_with('/') {
            return Some(Flaw::Slash);
        }
        if api && parts.path.is_empty() && parts.query.is_none() && parts.fragment.is_none() {
            // Followed by a path, the GUID may be the tenant's, which an export does not name.
            if let Some(guid) = Guid::parse_strict(parts.host) {
                return app_id.filter(|own| *own != guid).map(|_| Flaw::ForeignGuid);
            }
        }
        let named = parts.host.contains('.') || holds_guid(uri);
        (!named && !version_2).then_some(Flaw::Anyones)
    }
}

/// A GUID stands somewhere in the text; whose it is cannot always be told.
fn holds_guid(text: &str) -> bool {
    text.as_bytes()
        .windows(36)
        .any(|window| std::str::from_utf8(window).is_ok_and(|w| Guid::parse_strict(w).is_some()))
}

fn identifier_uri_invalid(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let version_2 = app.token_version.value() == Some(&2);
    // With personal accounts a wildcard is refused: `audience-limit` says so.
    let personal = app.has_personal_accounts();
    for uri in app.identifier_uris.iter().filter(|u| !u.is_uri_template()) {
        let Some(flaw) = Flaw::of(uri, app.app_guid(), version_2) else {
            continue;
        };
        if flaw == Flaw::Wildcard && personal {
            continue;
        }
        out.report(Severity::Warning, uri.span, |say| {
            let shown = code(uri);
            let (message, label) = match flaw {
                Flaw::Wildcard => (
                    format!("the identifier URI {shown} holds a wildcard, which no audience allows"),
                    "wildcard",
                ),
                Flaw::Slash => (
                    format!("the identifier URI {shown} ends with a slash"),
                    "trailing slash",
                ),
                Flaw::ForeignGuid => (
                    format!("the GUID of the identifier URI {shown} is not this application's client id"),
                    "not this application's client id",
                ),
                Flaw::Anyones => (
                    format!("the identifier URI {shown} names neither the application nor a domain, so any application could claim it"),
                    "no client id, no domain",
                ),
            };
            let proper = match app.app_guid() {
                Some(id) => format!("api://{id}"),
                None => "api://<appId>".to_owned(),
            };
            say.message(message)
                .label(label)
                .help(format!(
                    "use {proper} or a verified domain of the tenant, and move clients over before you remove the old URI"
                ))
                .key(&*uri.value);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "8a119b9e-16bc-4732-8f7b-7676d015b0dc";
    const OTHER: &str = "2c63888f-28f0-4481-be6d-dce7a7ace732";

    fn flaw(uri: &str) -> Option<Flaw> {
        Flaw::of(uri, Guid::parse_strict(OWN), false)
    }

    #[test]
    fn supported_forms() {
        for uri in [
            format!("api://{OWN}"),
            format!("api://{}", OWN.to_uppercase()),
            format!("api://{OTHER}/{OWN}"),
            format!("api://{OTHER}/twins"),
            format!("api://twins/{OWN}"),
            format!("api://botid-{OWN}"),
            format!("api://localhost:53000/botid-{OWN}"),
            "api://twins.contoso.com/api".to_owned(),
            "https://contoso.onmicrosoft.com/twins".to_owned(),
            "https://twins.contoso.com".to_owned(),
            "urn:contoso:twins".to_owned(),
            "http://azure-cli-2020-01-01-00-00-00".to_owned(),
            "spn:contoso".to_owned(),
            "contoso".to_owned(),
        ] {
            assert_eq!(flaw(&uri), None, "{uri}");
        }
    }

    #[test]
    fn unsupported_forms() {
        assert_eq!(flaw(&format!("api://{OTHER}")), Some(Flaw::ForeignGuid));
        assert_eq!(Flaw::of(&format!("api://{OTHER}"), None, false), None);
        assert_eq!(flaw("api://twins"), Some(Flaw::Anyones));
        assert_eq!(flaw("api://twins/api"), Some(Flaw::Anyones));
        assert_eq!(flaw("https://localhost/api"), Some(Flaw::Anyones));
        assert_eq!(Flaw::of("api://twins", None, true), None);
        assert_eq!(flaw("https://contoso.com/api/"), Some(Flaw::Slash));
        assert_eq!(flaw("https://*.contoso.com"), Some(Flaw::Wildcard));
    }
}
