//! Hosts whose names anyone can come to own.

use super::known;
use crate::model::{Application, Parts};
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A redirect URI is on a host whose name others can claim.
    ///
    /// **Why it matters.** When the site or tunnel behind it is gone, its name is free again;
    /// whoever takes it receives the codes and tokens that Entra still sends there.
    ///
    /// **What is checked.** Hosts below `azurewebsites.net`, `cloudapp.net`,
    /// `cloudapp.azure.com`, `trafficmanager.net`, `logic.azure.com`, `github.io` and the domains
    /// of well-known tunnels, and link shorteners. App Service's *unique default hostname*
    /// (`name-<hash>.<region>.azurewebsites.net`) is given to nobody else and therefore fine.
    ///
    /// **Fix.** Use a host under a domain of your own, and remove the redirect URI before the
    /// site behind it.
    pub static REDIRECT_CLAIMABLE_HOST = {
        id: "redirect-claimable-host",
        group: Redirect,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/security/fundamentals/subdomain-takeover",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration#redirect-uri",
        ],
        peers: [
            "Zero Trust Assessment 21885",
            "Zero Trust Assessment 23183",
            "EntraFalcon redirect URI patterns",
            "Monkey365 eid-application-with-unsafe-redirect-uri",
        ],
        check: Application(claimable_host),
    }
}

/// Why a name can change hands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Claim {
    /// A name below the domain is free again once the resource is deleted.
    Released,
    /// One host serves what everybody runs there.
    Shared,
    /// A tunnel's name ends with the tunnel.
    Tunnel,
    /// A link leads where its owner sends it.
    Shortener,
}

/// Domains with the reason. Short on purpose: only what is certain.
///
/// Azure's own are from Microsoft Learn, "Prevent dangling DNS entries and avoid subdomain
/// takeover".
const CLAIMABLE: [(&str, Claim); 22] = [
    ("azurewebsites.net", Claim::Released),
    ("cloudapp.azure.com", Claim::Released),
    ("cloudapp.net", Claim::Released),
    ("github.io", Claim::Released),
    ("trafficmanager.net", Claim::Released),
    ("logic.azure.com", Claim::Shared),
    ("devtunnels.ms", Claim::Tunnel),
    ("lhr.life", Claim::Tunnel),
    ("loca.lt", Claim::Tunnel),
    ("ngrok-free.app", Claim::Tunnel),
    ("ngrok-free.dev", Claim::Tunnel),
    ("ngrok.app", Claim::Tunnel),
    ("ngrok.dev", Claim::Tunnel),
    ("ngrok.io", Claim::Tunnel),
    ("serveo.net", Claim::Tunnel),
    ("trycloudflare.com", Claim::Tunnel),
    ("bit.ly", Claim::Shortener),
    ("goo.gl", Claim::Shortener),
    ("is.gd", Claim::Shortener),
    ("ow.ly", Claim::Shortener),
    ("t.co", Claim::Shortener),
    ("tinyurl.com", Claim::Shortener),
];

/// The domain that makes this URI's host claimable, and why.
fn claim(parts: &Parts<'_>) -> Option<(&'static str, Claim)> {
    if !parts.is_web() {
        return None;
    }
    let found = CLAIMABLE
        .iter()
        .find(|(domain, _)| parts.is_under(domain))?;
    // A provider's bare domain is the provider's; a shortener is its bare domain.
    let bare = parts.host.len() == found.0.len();
    let claimable = match found.1 {
        Claim::Shortener => true,
        _ => !bare && !is_unique_default(parts.host),
    };
    claimable.then_some(*found)
}

/// App Service's unique default hostname, `<name>-<16 letters and digits>.<region>-<two digits>`
/// below `azurewebsites.net` (Microsoft Learn, "Unique default hostname for App Service").
fn is_unique_default(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let [name, region, app_service, _] = labels[..] else {
        return false;
    };
    let hashed = name.rsplit_once('-').is_some_and(|(name, hash)| {
        !name.is_empty() && hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    let regional = region.rsplit_once('-').is_some_and(|(name, number)| {
        !name.is_empty() && number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit())
    });
    hashed && regional && app_service.eq_ignore_ascii_case("azurewebsites")
}

fn claimable_host(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    for redirect in known(app) {
        let parts = redirect.parts();
        let Some((domain, claim)) = claim(&parts) else {
            continue;
        };
        out.report(Severity::Warning, redirect.span(), |say| {
            let uri = code(&redirect.uri);
            say.message(match claim {
                Claim::Released => {
                    format!("{uri} is below {domain}, where a released name goes to whoever asks next")
                }
                Claim::Shared => {
                    format!("{uri} is below {domain}, where everybody's workflows share the hosts")
                }
                Claim::Tunnel => {
                    format!("{uri} is a tunnel below {domain}, whose name others can get after it ends")
                }
                Claim::Shortener => {
                    format!("{uri} is a link of {domain}, which leads wherever its owner points it")
                }
            })
            .label("claimable host")
            .help("use a host under a domain of your own, and remove the redirect URI before what it leads to")
            .fact("host", parts.host)
            .fact("domain", domain)
            .key(&*redirect.uri.value);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_name_it_is() {
        let of = |uri| claim(&Parts::of(uri)).map(|(_, claim)| claim);
        assert_eq!(
            of("https://contoso.azurewebsites.net/cb"),
            Some(Claim::Released)
        );
        assert_eq!(of("https://contoso.GITHUB.io/"), Some(Claim::Released));
        assert_eq!(of("https://a.b.cloudapp.azure.com/"), Some(Claim::Released));
        assert_eq!(of("https://x-3000.euw.devtunnels.ms/"), Some(Claim::Tunnel));
        assert_eq!(of("https://bit.ly/3xYz"), Some(Claim::Shortener));
        for own in [
            "https://azurewebsites.net/",
            "https://contoso.com/azurewebsites.net",
            "https://notazurewebsites.net/",
            "https://myapp-ds27dh7271aah175.westus-01.azurewebsites.net/cb",
            "https://token.botframework.com/.auth/web/redirect",
            "msauth.ngrok.io://auth",
        ] {
            assert_eq!(of(own), None, "{own}");
        }
        let almost = "https://myapp-ds27dh7271aah175.azurewebsites.net/cb";
        assert_eq!(of(almost), Some(Claim::Released));
    }
}
