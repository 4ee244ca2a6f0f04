//! Commands that mend an application where no flag of `az ad app update` does it alone: lists that
//! are replaced as a whole, and properties without a flag.

use std::borrow::Cow;
use std::fmt::Write;

use super::shell_word;
use crate::model::{Application, Edit, Platform, Redirect};

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

/// The edits that take redirects out of the lists they stand in, and out of the settings that
/// repeat a web platform's redirects (`redirectUriSettings`).
pub fn remove_redirects<'a, 'r: 'a>(
    app: &Application<'_>,
    redirects: impl Iterator<Item = &'a Redirect<'r>>,
) -> Vec<Edit> {
    redirects
        .flat_map(|redirect| {
            let settings: &'static [&'static str] = match redirect.platform {
                Platform::Spa => &["spa", "redirectUriSettings"],
                _ => &["web", "redirectUriSettings"],
            };
            [
                Edit::Remove {
                    at: redirect.span(),
                },
                Edit::RemoveWhere {
                    of: app.span,
                    path: settings,
                    name: "uri",
                    text: redirect.uri.value.clone().into_owned().into(),
                },
            ]
        })
        .collect()
}

/// The command after which `platform` lists `uris` and no others. `None` where they are too many
/// for a command, or hold what a shell or JSON would need escapes for.
pub fn set_redirects(
    app: &Application<'_>,
    platform: Platform,
    uris: &[Cow<'_, str>],
) -> Option<String> {
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
    let code: Vec<String> = uris.iter().map(|uri| format!("\"{uri}\"")).collect();
    Some(graph_patch(
        app,
        &format!(
            "{{\"{}\":{{\"redirectUris\":[{}]}}}}",
            platform.key(),
            code.join(",")
        ),
    ))
}
