//! What one redirect URI may look like, and how many there may be.

use super::known;
use super::mend::{Mistake, commands};
use crate::catalog::limits;
use crate::model::{Application, Parts, Redirect};
use crate::rules::out::code;
use crate::rules::quick::longer_than;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A redirect URI is plain HTTP on a host that is not this machine.
    ///
    /// **Why it matters.** The authorization code, or the token itself, crosses the network in
    /// the clear: whoever listens can redeem it. Entra accepts `http` for localhost only.
    ///
    /// **What is checked.** Redirect URIs of every platform whose scheme is `http`. `localhost`,
    /// 127.0.0.0/8 and `[::1]` never leave the machine and are not meant here.
    ///
    /// **Fix.** Serve the address over HTTPS and register it with `https`.
    pub static REDIRECT_INSECURE = {
        id: "redirect-insecure",
        group: Redirect,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url#supported-schemes",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration#redirect-uri",
        ],
        peers: [
            "Zero Trust Assessment 21885",
            "Zero Trust Assessment 23183",
            "Guerrilla EIDAPP-019",
            "M365-Assess APPREG-003",
            "Monkey365 eid-application-with-unsafe-redirect-uri",
            "AzSK.AAD HTTPS return URLs",
            "terraform-provider-azuread validation/uri.go",
        ],
        check: Application(insecure),
    }
}

fn insecure(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    for redirect in known(app) {
        let parts = redirect.parts();
        if !is_insecure(&parts) {
            continue;
        }
        out.report(Severity::Error, redirect.span(), |say| {
            say.message(format!(
                "{} receives codes and tokens over plain HTTP",
                code(&redirect.uri)
            ))
            .label("not https")
            .help("serve the address over HTTPS and register it with the scheme https")
            .fact("host", parts.host)
            .key(&*redirect.uri.value);
            say.commands.extend(commands(app, Mistake::Insecure));
        });
    }
}

/// Plain HTTP that leaves this machine.
pub(super) fn is_insecure(parts: &Parts<'_>) -> bool {
    parts.has_scheme("http") && !parts.host.is_empty() && !parts.is_loopback()
}

declare_rule! {
    /// A redirect URI holds a wildcard.
    ///
    /// **Why it matters.** Every address the pattern matches receives codes and tokens, also a
    /// forgotten subdomain or an open redirect below it. Query and fragment of the address are
    /// lost, too.
    ///
    /// **What is checked.** `*` anywhere in a redirect URI. An error where personal Microsoft
    /// accounts can sign in, for Entra refuses it there; else a warning.
    ///
    /// **Fix.** Register each address in full. For a return to many pages use one redirect URI
    /// and carry the page in the `state` parameter.
    pub static REDIRECT_WILDCARD = {
        id: "redirect-wildcard",
        group: Redirect,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url#restrictions-on-wildcards-in-redirect-uris",
        ],
        peers: [
            "M365-Assess APPREG-004",
            "Monkey365 eid-application-with-unsafe-redirect-uri",
            "EntraFalcon redirect URI patterns",
            "NovaPoint NeedsReview",
            "terraform-provider-azuread validation/uri.go",
        ],
        check: Application(wildcard),
    }
}

fn wildcard(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let personal = app.has_personal_accounts();
    for redirect in known(app).filter(|redirect| redirect.parts().has_wildcard()) {
        let severity = if personal {
            Severity::Error
        } else {
            Severity::Warning
        };
        out.report(severity, redirect.span(), |say| {
            let uri = code(&redirect.uri);
            say.message(if personal {
                format!("{uri} holds a wildcard, which an application for personal Microsoft accounts cannot have")
            } else {
                format!("{uri} holds a wildcard: every address that matches receives codes and tokens")
            })
            .label("wildcard")
            .help("register each address in full, and carry the page to return to in the state parameter")
            .key(&*redirect.uri.value);
        });
    }
}

declare_rule! {
    /// A redirect URI is not one that Entra accepts.
    ///
    /// **Why it matters.** Entra refuses the registration, or no request ever matches it
    /// (AADSTS50011).
    ///
    /// **What is checked.** The URI is not absolute (no scheme, no host), has a fragment, a blank
    /// or one of the characters `! $ ' ( ) , ;`, is a Markdown link, or has a query although
    /// personal Microsoft accounts can sign in. Custom schemes of installed apps are fine.
    ///
    /// **Fix.** Write the address exactly as the application sends it.
    pub static REDIRECT_INVALID = {
        id: "redirect-invalid",
        group: Redirect,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url",
            "https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2",
        ],
        peers: ["terraform-provider-azuread validation/uri.go"],
        check: Application(invalid),
    }
}

/// What makes a URI invalid.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Flaw {
    Empty,
    MarkdownLink,
    Blank,
    NotAbsolute,
    Fragment,
    Character(char),
    Query,
}

/// For each byte of a URI, whether it is a flaw in none.
static UNREMARKABLE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut marks = b"-._~:/?@%&=+".as_slice();
    while let [mark, rest @ ..] = marks {
        table[*mark as usize] = true;
        marks = rest;
    }
    table
};

impl Flaw {
    /// The first flaw of a URI, the ones that explain others before them.
    fn of(parts: &Parts<'_>, personal: bool) -> Option<Flaw> {
        let uri = parts.whole;
        if parts.is_absolute()
            && parts.query.is_none()
            && uri.bytes().all(|byte| UNREMARKABLE[usize::from(byte)])
        {
            return None;
        }
        if uri.trim().is_empty() {
            Some(Flaw::Empty)
        } else if parts.is_markdown_link() {
            Some(Flaw::MarkdownLink)
        } else if uri.contains(|c: char| c.is_whitespace() || c.is_control()) {
            Some(Flaw::Blank)
        } else if !parts.is_absolute() {
            Some(Flaw::NotAbsolute)
        } else if parts.fragment.is_some() {
            Some(Flaw::Fragment)
        } else if let Some(refused) = uri.chars().find(|c| "!$'(),;".contains(*c)) {
            Some(Flaw::Character(refused))
        } else if personal && parts.query.is_some() {
            Some(Flaw::Query)
        } else {
            None
        }
    }
}

fn invalid(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let personal = app.has_personal_accounts();
    for redirect in known(app) {
        let parts = redirect.parts();
        let Some(flaw) = Flaw::of(&parts, personal) else {
            continue;
        };
        if parts.has_wildcard() {
            continue;
        }
        out.report(Severity::Error, redirect.span(), |say| {
            let uri = code(&redirect.uri);
            let (message, label, help) = match flaw {
                Flaw::Empty => (
                    "a redirect URI is empty".to_owned(),
                    "empty",
                    "remove the entry",
                ),
                Flaw::MarkdownLink => (
                    format!("{uri} is a Markdown link, not a URI"),
                    "Markdown link",
                    "keep the address alone, without brackets",
                ),
                Flaw::Blank => (
                    format!("{uri} holds a blank"),
                    "blank in a URI",
                    "remove the blank",
                ),
                Flaw::NotAbsolute => (
                    format!("{uri} is not an absolute URI"),
                    "not absolute",
                    "write scheme and host in full, as in https://app.contoso.com/signin-oidc",
                ),
                Flaw::Fragment => (
                    format!("{uri} has a fragment, which a redirect URI cannot have"),
                    "fragment",
                    "register the address without # and what follows it",
                ),
                Flaw::Character(c) => (
                    format!("{uri} holds {c}, which Entra does not support in redirect URIs"),
                    "unsupported character",
                    "register an address without any of ! $ ' ( ) , ;",
                ),
                Flaw::Query => (
                    format!("{uri} has a query, which an application for personal Microsoft accounts cannot register"),
                    "query",
                    "register the address without its query, and carry the values in the state parameter",
                ),
            };
            say.message(message)
                .label(label)
                .help(help)
                .key(&*redirect.uri.value);
        });
    }
}

declare_rule! {
    /// A redirect URI is too long, or there are too many.
    ///
    /// **Why it matters.** Entra refuses the application object beyond these limits, and they
    /// cannot be raised.
    ///
    /// **What is checked.** 256 characters in one redirect URI; over all platforms 256 entries, or
    /// 100 where personal Microsoft accounts can sign in.
    ///
    /// **Fix.** Remove addresses that are no longer served. For many subdomains use one redirect
    /// URI and the `state` parameter.
    pub static REDIRECT_LIMIT = {
        id: "redirect-limit",
        group: Redirect,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url#maximum-number-of-redirect-uris",
        ],
        peers: [
            "terraform-provider-azuread validation/uri.go",
            "terraform-provider-azuread application_resource.go",
        ],
        check: Application(limit),
    }
}

fn limit(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    for redirect in known(app) {
        let Some(length) = longer_than(&redirect.uri, limits::REDIRECT_URI_LENGTH) else {
            continue;
        };
        out.report(Severity::Error, redirect.span(), |say| {
            say.message(format!(
                "{} has {length} characters, {} more than a redirect URI may have",
                code(&redirect.uri),
                length - limits::REDIRECT_URI_LENGTH
            ))
            .label(format!("{length} characters"))
            .help("register a shorter address, and carry what varies in the state parameter")
            .fact("length", length)
            .fact("limit", limits::REDIRECT_URI_LENGTH)
            .key(&*redirect.uri.value);
        });
    }
    let most = limits::for_audience(app.has_personal_accounts()).redirect_uris;
    if let Some(first_over) = app.redirects.get(most).map(Redirect::span) {
        let count = app.redirects.len();
        out.report(Severity::Error, first_over, |say| {
            say.message(format!(
                "{count} redirect URIs are registered, {} more than this audience allows",
                count - most
            ))
            .label(format!("number {} of {count}", most + 1))
            .help("remove addresses that are no longer served")
            .fact("count", count)
            .fact("limit", most)
            .key("redirectUris");
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_flaw_is_the_one_that_explains() {
        let flaw = |uri| Flaw::of(&Parts::of(uri), false);
        assert_eq!(flaw("https://contoso.com/cb?x=1"), None);
        assert_eq!(flaw("msauth.com.contoso.app://auth"), None);
        assert_eq!(flaw("brk-multihub://contoso.com"), None);
        assert_eq!(flaw("urn:ietf:wg:oauth:2.0:oob"), None);
        assert_eq!(
            flaw("msauth://com.contoso.app/ga0RGNYHvNM5d0SLGQfpQWAPGJ8%3D"),
            None
        );
        assert_eq!(flaw(" "), Some(Flaw::Empty));
        assert_eq!(
            flaw("[https://contoso.com](https://contoso.com)"),
            Some(Flaw::MarkdownLink)
        );
        assert_eq!(flaw("https://contoso.com/a b"), Some(Flaw::Blank));
        assert_eq!(flaw("localhost:3000"), Some(Flaw::NotAbsolute));
        assert_eq!(flaw("https://contoso.com/#/cb"), Some(Flaw::Fragment));
        assert_eq!(flaw("https://contoso.com/(x)"), Some(Flaw::Character('(')));
        let personal = Flaw::of(&Parts::of("https://contoso.com/cb?x=1"), true);
        assert_eq!(personal, Some(Flaw::Query));
    }
}
