//! Commands that put redirect URIs right.
//!
//! `az ad app update` replaces a platform's list as a whole, so a command names all that remains.
//! It mends every entry that has the same mistake; and where the list holds another mistake that
//! could be mended there is no command, for the next one would bring the first mistake back.

use std::borrow::Cow;

use crate::model::{Application, Platform, Redirect};
use crate::rules::command;

/// Mistakes that leave no doubt what was meant.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    Insecure,
    Ipv6Loopback,
    OutOfBand,
    WrongPlatform,
    ForeignClient,
    LocalhostTwice,
}

/// The platforms with a list of their own; those that lose entries before the one that gains.
const PLATFORMS: [Platform; 3] = [Platform::Web, Platform::Spa, Platform::Public];

/// The commands after which no redirect has `mistake` any more; none where the document does not
/// tell all, where the lists are long, or where one command would undo another.
pub fn commands(app: &Application<'_>, mistake: Mistake) -> Vec<String> {
    let mut commands = Vec::new();
    for platform in PLATFORMS {
        let now: Vec<_> = app
            .redirects_of(platform)
            .map(|redirect| Cow::Borrowed(&*redirect.uri.value))
            .collect();
        let mended = list(app, platform, &|each| each == mistake);
        if now == mended {
            continue;
        }
        let known = app.knows_redirects_of(platform)
            && !app.redirects_of(platform).any(Redirect::is_unknown)
            && mended == list(app, platform, &|_| true);
        match command::set_redirects(app, platform, &mended) {
            Some(command) if known => commands.push(command),
            _ => return Vec::new(),
        }
    }
    commands
}

/// What `platform` lists once the mistakes that `mends` accepts are mended.
fn list<'a>(
    app: &'a Application<'_>,
    platform: Platform,
    mends: &dyn Fn(Mistake) -> bool,
) -> Vec<Cow<'a, str>> {
    let mut uris: Vec<Cow<'a, str>> = Vec::new();
    for redirect in &app.redirects {
        if place(app, redirect, mends) == Some(platform) {
            let uri = uri(app, redirect, mends);
            if !uris.contains(&uri) {
                uris.push(uri);
            }
        }
    }
    uris
}

/// Where a redirect belongs; nowhere when it stands there already.
fn place(
    app: &Application<'_>,
    redirect: &Redirect<'_>,
    mends: &dyn Fn(Mistake) -> bool,
) -> Option<Platform> {
    if mends(Mistake::LocalhostTwice)
        && redirect.platform != Platform::Public
        && redirect.parts().is_localhost_root()
        && app
            .redirects_of(Platform::Public)
            .any(|other| other.uri.value == redirect.uri.value)
    {
        return None;
    }
    Some(
        super::platform::belongs_to(redirect)
            .filter(|_| mends(Mistake::WrongPlatform))
            .unwrap_or(redirect.platform),
    )
}

/// A redirect URI as it was meant.
fn uri<'a>(
    app: &Application<'_>,
    redirect: &'a Redirect<'_>,
    mends: &dyn Fn(Mistake) -> bool,
) -> Cow<'a, str> {
    let uri = &*redirect.uri.value;
    let parts = redirect.parts();
    if redirect.is_unknown() {
        Cow::Borrowed(uri)
    } else if mends(Mistake::Insecure) && super::form::is_insecure(&parts) && parts.port.is_none() {
        // With a port of its own the address over HTTPS is anybody's guess.
        Cow::Owned(format!("https{}", &uri["http".len()..]))
    } else if mends(Mistake::Ipv6Loopback) && parts.is_ipv6_loopback() {
        Cow::Owned(uri.replacen(parts.host, "localhost", 1))
    } else if mends(Mistake::OutOfBand)
        && parts.is_out_of_band()
        && redirect.platform == Platform::Public
    {
        Cow::Borrowed("http://localhost")
    } else if mends(Mistake::ForeignClient)
        && let Some(own) = app.app_guid()
        && let Some(other) = parts.client_id().filter(|other| *other != own)
    {
        // The GUID stands there in any case; in lower case it has the same place.
        match uri.to_ascii_lowercase().find(&other.to_string()) {
            Some(start) => {
                let mut mended = uri.to_owned();
                mended.replace_range(start..start + 36, &own.to_string());
                Cow::Owned(mended)
            }
            None => Cow::Borrowed(uri),
        }
    } else {
        Cow::Borrowed(uri)
    }
}
