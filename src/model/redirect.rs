//! Redirect URIs and the platforms they stand under.

use std::borrow::Cow;

use super::{Parts, Span, Text};

/// The platform a redirect URI is registered under; it decides how Entra treats the client
/// (Microsoft Learn, "Redirect URI restrictions and limitations").
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// A confidential client: has to authenticate when it redeems a code.
    Web,
    /// A single-page app: code with PKCE, by cross-origin requests only.
    Spa,
    /// "Mobile and desktop applications": a public client (`InstalledClient` in older manifests).
    Public,
    /// Azure AD Graph listed redirects without a platform.
    Unspecified,
}

impl Platform {
    /// The platform's name as the portal has it.
    pub fn name(self) -> &'static str {
        match self {
            Platform::Web => "Web",
            Platform::Spa => "Single-page application",
            Platform::Public => "Mobile and desktop applications",
            Platform::Unspecified => "no platform",
        }
    }

    /// The platform's name in a manifest.
    pub fn key(self) -> &'static str {
        match self {
            Platform::Web => "web",
            Platform::Spa => "spa",
            Platform::Public => "publicClient",
            Platform::Unspecified => "replyUrls",
        }
    }
}

/// One redirect URI with its platform.
#[derive(Clone, Debug)]
pub struct Redirect<'r> {
    pub platform: Platform,
    pub uri: Text<'r>,
    unknown: bool,
    /// What it is made of, where it is written without escapes, as nearly all are.
    parts: Option<Parts<'r>>,
}

impl<'r> Redirect<'r> {
    pub fn new(platform: Platform, uri: Text<'r>) -> Redirect<'r> {
        // Nearly every rule of redirects asks, so both are found out once.
        let unknown = uri.is_uri_template();
        let parts = match uri.value {
            Cow::Borrowed(whole) => Some(Parts::of(whole)),
            Cow::Owned(_) => None,
        };
        Redirect {
            platform,
            uri,
            unknown,
            parts,
        }
    }

    pub fn span(&self) -> Span {
        self.uri.span
    }

    pub fn parts(&self) -> Parts<'_> {
        self.parts.unwrap_or_else(|| Parts::of(&self.uri))
    }

    /// Something in the URI is still to be filled in, so nothing can be said of it.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }
}
