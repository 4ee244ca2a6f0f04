//! Commands that mend an application where one flag of `az ad app update` is not enough: lists
//! that are replaced as a whole, and properties without a flag.

use std::borrow::Cow;
use std::fmt::Write;

use super::shell_word;
use crate::model::{Application, Platform, Redirect};

/// Redirects a command line can bear; a longer list is better edited than typed.
const LISTED: usize = 6;

/// A call that sets properties of the application object. `body` is JSON without single quotes.
pub fn graph_patch(app: &Application<'_>, body: &str) -> String {
    let id = app
        .id
        .spanned()
        .and_then(|id| id.guid())
        .map_or_else(|| "<objectId>".to_owned(), |id| id.to_string());
    format!(
        "az rest --method PATCH --url https://graph.microsoft.com/v1.0/applications/{id} --body '{body}'"
    )
}

/// The command that takes one redirect off its platform.
pub fn remove(app: &Application<'_>, redirect: &Redirect<'_>) -> Option<String> {
    change(app, redirect.platform, |other| {
        (other.uri.value != redirect.uri.value).then_some(Cow::Borrowed(&other.uri.value))
    })
}

/// The command that puts `new` in a redirect's place, or only removes it where `new` stands
/// already.
pub fn replace(app: &Application<'_>, redirect: &Redirect<'_>, new: &str) -> Option<String> {
    let there = app
        .redirects_of(redirect.platform)
        .any(|other| other.uri.value == new);
    change(app, redirect.platform, |other| {
        if other.uri.value != redirect.uri.value {
            Some(Cow::Borrowed(&other.uri.value))
        } else if there {
            None
        } else {
            Some(Cow::Owned(new.to_owned()))
        }
    })
}

/// The commands that take a redirect off its platform and list it under another one.
pub fn relocate(
    app: &Application<'_>,
    redirect: &Redirect<'_>,
    platform: Platform,
) -> Option<[String; 2]> {
    let mut uris = list(app, platform)?;
    uris.push(Cow::Borrowed(&redirect.uri.value));
    Some([remove(app, redirect)?, set(app, platform, &uris)?])
}

/// The command after which a platform lists what `keep` makes of each of its redirects. `None`
/// where the document does not tell them all, or where they are too many for a command.
fn change<'a>(
    app: &'a Application<'_>,
    platform: Platform,
    keep: impl Fn(&'a Redirect<'_>) -> Option<Cow<'a, str>>,
) -> Option<String> {
    list(app, platform)?;
    let uris: Vec<_> = app.redirects_of(platform).filter_map(keep).collect();
    set(app, platform, &uris)
}

fn list<'a>(app: &'a Application<'_>, platform: Platform) -> Option<Vec<Cow<'a, str>>> {
    let known =
        app.knows_redirects_of(platform) && !app.redirects_of(platform).any(Redirect::is_unknown);
    known.then(|| {
        app.redirects_of(platform)
            .map(|redirect| Cow::Borrowed(&*redirect.uri.value))
            .collect()
    })
}

fn set(app: &Application<'_>, platform: Platform, uris: &[Cow<'_, str>]) -> Option<String> {
    // Text that would need escapes in JSON or at the prompt stays out of a command.
    let plain = |uri: &Cow<'_, str>| {
        !uri.is_empty()
            && !uri
                .chars()
                .any(|c| c.is_control() || matches!(c, '"' | '\\' | '\''))
    };
    if uris.len() > LISTED || !uris.iter().all(plain) {
        return None;
    }
    // `az ad app update` has a flag for two of the platforms, and it takes at least one URI.
    let flag = match platform {
        Platform::Web => Some("--web-redirect-uris"),
        Platform::Public => Some("--public-client-redirect-uris"),
        Platform::Spa => None,
        Platform::Unspecified => return None,
    };
    if let Some(flag) = flag.filter(|_| !uris.is_empty()) {
        let mut command = format!("az ad app update --id {} {flag}", app.cli_id());
        for uri in uris {
            let _ = write!(command, " {}", shell_word(uri));
        }
        return Some(command);
    }
    let quoted: Vec<String> = uris.iter().map(|uri| format!("\"{uri}\"")).collect();
    Some(graph_patch(
        app,
        &format!(
            "{{\"{}\":{{\"redirectUris\":[{}]}}}}",
            platform.key(),
            quoted.join(",")
        ),
    ))
}
