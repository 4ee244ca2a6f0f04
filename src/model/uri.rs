//! What URIs are made of.
//!
//! Taken apart by hand, from the raw text: a normalising URL parser hides exactly what Entra and
//! a reviewer look at (blanks, case, `%61`, `127.1`).

use super::Guid;

/// A URI's parts as written: nothing decoded, nothing normalised.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Parts<'t> {
    pub whole: &'t str,
    /// Before the first colon; `None` when the text has no scheme (RFC 3986, 3.1).
    pub scheme: Option<&'t str>,
    /// Host without user information and port, brackets of an IPv6 address included; empty when
    /// the URI has no authority.
    pub host: &'t str,
    pub port: Option<&'t str>,
    /// From the first slash after the authority up to the query or fragment.
    pub path: &'t str,
    pub query: Option<&'t str>,
    pub fragment: Option<&'t str>,
}

impl<'t> Parts<'t> {
    pub fn of(whole: &'t str) -> Parts<'t> {
        let (scheme, rest) = split_scheme(whole);
        let (rest, query, fragment) = match memchr::memchr2(b'?', b'#', rest.as_bytes()) {
            None => (rest, None, None),
            Some(at) => {
                let (rest, mark, behind) = (&rest[..at], rest.as_bytes()[at], &rest[at + 1..]);
                if mark == b'#' {
                    (rest, None, Some(behind))
                } else {
                    let (query, fragment) = split(behind, b'#');
                    (rest, Some(query), fragment)
                }
            }
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(after) => {
                let end = memchr::memchr(b'/', after.as_bytes()).unwrap_or(after.len());
                after.split_at(end)
            }
            None => ("", rest),
        };
        let (host, port) = host_and_port(authority);
        Parts {
            whole,
            scheme,
            host,
            port,
            path,
            query,
            fragment,
        }
    }

    pub fn has_scheme(&self, scheme: &str) -> bool {
        self.scheme.is_some_and(|s| s.eq_ignore_ascii_case(scheme))
    }

    /// `http` or `https`.
    pub fn is_web(&self) -> bool {
        self.has_scheme("http") || self.has_scheme("https")
    }

    /// `localhost` by name, whatever the scheme and port.
    pub fn is_localhost(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
    }

    /// The host is this machine: `localhost`, 127.0.0.0/8 or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        self.is_localhost() || self.is_ipv4_loopback() || self.is_ipv6_loopback()
    }

    /// 127.0.0.0/8 in any notation, but no name that only begins so (`127.0.0.1.contoso.com`).
    fn is_ipv4_loopback(&self) -> bool {
        self.host.starts_with("127.") && self.host.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    }

    pub fn is_ipv6_loopback(&self) -> bool {
        self.host == "[::1]" || self.host == "[0:0:0:0:0:0:0:1]"
    }

    /// The URI names a scheme and, where the scheme needs one, a host. `localhost:3000` has none:
    /// what stands before the colon there is a host.
    pub fn is_absolute(&self) -> bool {
        let Some(scheme) = self.scheme else {
            return false;
        };
        if self.is_web() {
            return !self.host.is_empty();
        }
        let rest = &self.whole[scheme.len() + 1..];
        let port = rest.split(['/', '?', '#']).next().unwrap_or("");
        !rest.is_empty() && (port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()))
    }

    pub fn has_wildcard(&self) -> bool {
        memchr::memchr(b'*', self.whole.as_bytes()).is_some()
    }

    /// Text and target of a Markdown link, pasted as they were: `[x](https://x)`.
    pub fn is_markdown_link(&self) -> bool {
        self.whole.trim().starts_with('[')
            && self.whole.trim().ends_with(')')
            && self.whole.contains("](")
    }

    /// `urn:ietf:wg:oauth:2.0:oob`, with which the code was once shown to the user.
    pub fn is_out_of_band(&self) -> bool {
        strip_prefix_any_case(self.whole.trim(), "urn:ietf:wg:oauth:2.0:oob").is_some()
    }

    /// Nested app authentication: the host application brokers the sign-in of a page inside it
    /// (Microsoft Learn, "Enable single sign-on in an Office Add-in with nested app
    /// authentication"). Registered as a single-page application.
    pub fn is_nested_app(&self) -> bool {
        self.scheme
            .is_some_and(|scheme| strip_prefix_any_case(scheme, "brk-").is_some())
    }

    /// Plain `http://localhost` with any port and at most a slash after it: what MSAL and
    /// Azure.Identity open for a browser sign-in.
    pub fn is_localhost_root(&self) -> bool {
        self.has_scheme("http")
            && self.is_localhost()
            && matches!(self.path, "" | "/")
            && self.query.is_none()
            && self.fragment.is_none()
    }

    /// Whether the host is `domain` or a name below it.
    pub fn is_under(&self, domain: &str) -> bool {
        let host = self.host.as_bytes();
        let domain = domain.as_bytes();
        let Some(start) = host.len().checked_sub(domain.len()) else {
            return false;
        };
        // The dot rules out nearly all domains.
        (start == 0 || host[start - 1] == b'.') && host[start..].eq_ignore_ascii_case(domain)
    }

    /// The client id inside a broker or MSAL redirect (`msal<guid>://auth`,
    /// `ms-appx-web://microsoft.aad.brokerplugin/<guid>`).
    pub fn client_id(&self) -> Option<Guid> {
        let scheme = self.scheme?;
        if let Some(id) = strip_prefix_any_case(scheme, "msal") {
            return Guid::parse_strict(id);
        }
        if self.has_scheme("ms-appx-web") && self.host.eq_ignore_ascii_case(BROKER_HOST) {
            return Guid::parse_strict(self.path.trim_start_matches('/'));
        }
        None
    }

    /// A redirect that only an installed app can receive: a custom scheme, Microsoft's
    /// `nativeclient` page, or an authentication broker.
    pub fn is_native(&self) -> bool {
        match self.scheme {
            Some(_) if self.is_web() => {
                self.path.ends_with("/oauth2/nativeclient") || self.whole == LIVE_DESKTOP
            }
            Some(scheme) => !scheme.eq_ignore_ascii_case("urn"),
            None => false,
        }
    }
}

const BROKER_HOST: &str = "microsoft.aad.brokerplugin";
const LIVE_DESKTOP: &str = "https://login.live.com/oauth20_desktop.srf";

/// The text before and after the first ASCII byte `at`.
fn split(text: &str, at: u8) -> (&str, Option<&str>) {
    match memchr::memchr(at, text.as_bytes()) {
        Some(index) => (&text[..index], Some(&text[index + 1..])),
        None => (text, None),
    }
}

/// The scheme (RFC 3986, section 3.1), where there is one, and what stands behind its colon.
fn split_scheme(whole: &str) -> (Option<&str>, &str) {
    let within = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let length = whole.bytes().take_while(within).count();
    let (scheme, rest) = whole.split_at(length);
    match rest.strip_prefix(':') {
        Some(rest) if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) => (Some(scheme), rest),
        _ => (None, whole),
    }
}

/// The host, an IPv6 address with its brackets, and what stands behind its colon.
fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    // Most have no user, no port, and a name.
    if memchr::memchr3(b'@', b':', b'[', authority.as_bytes()).is_none() {
        return (authority, None);
    }
    let server =
        memchr::memrchr(b'@', authority.as_bytes()).map_or(authority, |at| &authority[at + 1..]);
    if !server.starts_with('[') {
        return split(server, b':');
    }
    match server.find(']') {
        Some(end) => (&server[..=end], server[end + 1..].strip_prefix(':')),
        None => (server, None),
    }
}

fn strip_prefix_any_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_as_written() {
        let p = Parts::of("HTTPS://user@Host.Contoso.com:8443/a/b?q=1#f");
        assert!(p.has_scheme("https"));
        assert_eq!((p.host, p.port), ("Host.Contoso.com", Some("8443")));
        assert_eq!(
            (p.path, p.query, p.fragment),
            ("/a/b", Some("q=1"), Some("f"))
        );
        assert!(p.is_under("contoso.com") && !p.is_under("ontoso.com"));
    }

    #[test]
    fn marks_where_they_part_nothing() {
        let parts = |uri| {
            let p = Parts::of(uri);
            (p.scheme, p.host, p.port, p.path, p.query, p.fragment)
        };
        let web = Some("https");
        for (uri, want) in [
            ("https://a/b#c?d", (web, "a", None, "/b", None, Some("c?d"))),
            (
                "https://a?b#c#d",
                (web, "a", None, "", Some("b"), Some("c#d")),
            ),
            ("https://a?b?c:d", (web, "a", None, "", Some("b?c:d"), None)),
            ("//a/b?c://d", (None, "a", None, "/b", Some("c://d"), None)),
            ("#a:b", (None, "", None, "", None, Some("a:b"))),
            ("1a://b", (None, "", None, "1a://b", None, None)),
            (":a", (None, "", None, ":a", None, None)),
            ("a b:c", (None, "", None, "a b:c", None, None)),
            ("a", (None, "", None, "a", None, None)),
            (
                "https://a@b@c:1:2/d",
                (web, "c", Some("1:2"), "/d", None, None),
            ),
            ("https://u:p@h/", (web, "h", None, "/", None, None)),
            (
                "https://[::1]:8/x",
                (web, "[::1]", Some("8"), "/x", None, None),
            ),
            ("https://[a/x", (web, "[a", None, "/x", None, None)),
            ("https://a[b/x", (web, "a[b", None, "/x", None, None)),
            ("", (None, "", None, "", None, None)),
        ] {
            assert_eq!(parts(uri), want, "{uri}");
        }
    }

    #[test]
    fn domains_end_hosts_at_a_dot() {
        let under = |host: &str| Parts::of(&format!("https://{host}/")).is_under("contoso.com");
        for host in [
            "contoso.com",
            "CONTOSO.com",
            "a.contoso.com",
            ".contoso.com",
        ] {
            assert!(under(host), "{host}");
        }
        for host in ["acontoso.com", "contoso.co", "a.contoso.org", "com", ""] {
            assert!(!under(host), "{host}");
        }
    }

    #[test]
    fn loopback_in_its_spellings() {
        for root in [
            "http://localhost",
            "http://localhost/",
            "http://LOCALHOST:4859",
        ] {
            assert!(Parts::of(root).is_localhost_root(), "{root}");
        }
        for other in [
            "https://localhost",
            "http://localhost/path",
            "http://127.0.0.1",
            "http://[::1]",
            "http://localhost.contoso.com",
            "http://localhost?x",
        ] {
            assert!(!Parts::of(other).is_localhost_root(), "{other}");
        }
        assert!(Parts::of("http://[::1]:80/x").is_ipv6_loopback());
        assert!(Parts::of("http://127.1:80/x").is_loopback());
        assert!(!Parts::of("http://127.0.0.1.contoso.com/x").is_loopback());
    }

    #[test]
    fn absolute_or_not() {
        for absolute in [
            "https://contoso.com",
            "http://localhost:3000",
            "msauth.com.contoso.app://auth",
            "com.contoso.app:/callback",
            "urn:ietf:wg:oauth:2.0:oob",
            "myapp://",
        ] {
            assert!(Parts::of(absolute).is_absolute(), "{absolute}");
        }
        for relative in [
            "",
            "/signin-oidc",
            "contoso.com/cb",
            "localhost:3000",
            "localhost:3000/cb",
            "https:/contoso.com",
            "https://",
            "https:",
            "myapp:",
        ] {
            assert!(!Parts::of(relative).is_absolute(), "{relative}");
        }
    }

    #[test]
    fn peculiar_uris() {
        assert!(Parts::of("[https://contoso.com](https://contoso.com)").is_markdown_link());
        assert!(!Parts::of("https://contoso.com/[x](y)").is_markdown_link());
        assert!(Parts::of("URN:ietf:wg:oauth:2.0:oob:auto").is_out_of_band());
        assert!(Parts::of("brk-multihub://contoso.com").is_nested_app());
        assert!(
            Parts::of("brk-9d1c0a52-8f4b-4c22-a0f5-6d0f6ad7b1c3://contoso.com").is_nested_app()
        );
        assert!(!Parts::of("broker://contoso.com").is_nested_app());
    }

    #[test]
    fn native_redirects_and_whose_they_are() {
        let id = "0b07f429-9f4b-4714-9392-cc5e8e80c8b0";
        let want = Guid::parse_strict(id);
        let msal = format!("msal{id}://auth");
        let broker = format!("ms-appx-web://Microsoft.AAD.BrokerPlugin/{id}");
        assert_eq!(Parts::of(&msal).client_id(), want);
        assert_eq!(Parts::of(&broker).client_id(), want);
        assert!(Parts::of(&msal).is_native());
        assert!(
            Parts::of("https://login.microsoftonline.com/common/oauth2/nativeclient").is_native()
        );
        assert!(!Parts::of("https://contoso.com/cb").is_native());
        assert!(!Parts::of("urn:ietf:wg:oauth:2.0:oob").is_native());
        assert!(!Parts::of("no scheme").is_native());
    }
}
