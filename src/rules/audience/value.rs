//! `signInAudience` itself, and the token version it demands.

use crate::model::{Application, Audience, Edit, Field, NewValue};
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, command, declare_rule};

declare_rule! {
    /// The sign-in audience is missing or not one that Entra knows.
    ///
    /// **Why it matters.** Entra refuses the manifest; and until it is mended nobody can say which
    /// limits hold for the application.
    ///
    /// **What is checked.** `signInAudience` against `AzureADMyOrg`, `AzureADMultipleOrgs`,
    /// `AzureADandPersonalMicrosoftAccount` and `PersonalMicrosoftAccount`, letter by letter. That
    /// it is absent or null counts only in an export that shows every property, and not where the
    /// older `availableToOtherTenants` answers the question.
    ///
    /// **Fix.** `az ad app update --id <app> --sign-in-audience AzureADMyOrg`, or whichever of the
    /// four is meant.
    pub static AUDIENCE_UNKNOWN_VALUE = {
        id: "audience-unknown-value",
        group: Audience,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation",
            "https://learn.microsoft.com/graph/api/resources/application#properties",
        ],
        fix: "correct the spelling of signInAudience where at most two letters differ",
        check: Application(unknown_value),
    }
}

fn unknown_value(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(audience) = app.audience.spanned() else {
        missing(app, out);
        return;
    };
    if audience.is_placeholder() || Audience::parse(audience).is_some() {
        return;
    }
    out.report(Severity::Error, audience.span, |say| {
        let nearest = nearest(audience);
        say.message(format!(
            "the sign-in audience {} is none that Entra knows",
            code(audience)
        ))
        .label("unknown audience")
        .key("signInAudience");
        match nearest {
            Some(nearest) => {
                let key = nearest.key();
                say.help(format!("write {key}, in exactly this spelling"))
                    .fact("nearest", key)
                    .command(set_audience(app, nearest));
                if is_misspelt(audience, nearest) {
                    let (at, value) = (audience.span, NewValue::from(key));
                    say.fix(format!("write {key}"), [Edit::Replace { at, value }]);
                }
            }
            None => {
                let keys = Audience::ALL.map(Audience::key).join(", ");
                say.help(format!("write one of {keys}"));
            }
        }
    });
}

fn missing(app: &Application<'_>, out: &mut Out<'_>) {
    let unset = match &app.audience {
        Field::Absent | Field::Null(_) => app.complete,
        Field::Unknown(_) | Field::Value(_) => false,
    };
    // Without an id it is a template or a model of the format, and nothing that exists.
    let exists = app.app_id.value().or(app.id.value()).is_some();
    // Azure AD Graph told it with another property.
    let told = app.legacy.is_some() && !app.available_to_other_tenants.is_unset(app.complete);
    if !unset || !exists || told {
        return;
    }
    let place = app.audience.span().or(app.app_id.span());
    out.report(Severity::Error, place.unwrap_or(app.span), |say| {
        say.message("the application has no sign-in audience")
            .label("no signInAudience")
            .help("set signInAudience; AzureADMyOrg lets accounts of this tenant alone sign in")
            .command(set_audience(app, Audience::MyOrg))
            .key("signInAudience");
    });
}

fn set_audience(app: &Application<'_>, audience: Audience) -> String {
    format!(
        "az ad app update --id {} --sign-in-audience {}",
        app.cli_id(),
        audience.key()
    )
}

/// The audience that `text` most likely means: a third of the letters may differ.
fn nearest(text: &str) -> Option<Audience> {
    let text = text.trim().to_ascii_lowercase();
    Audience::ALL
        .into_iter()
        .map(|audience| {
            let key = audience.key().to_ascii_lowercase();
            (distance(&text, &key), key.len(), audience)
        })
        .min_by_key(|(distance, _, _)| *distance)
        .filter(|(distance, length, _)| distance * 3 <= *length)
        .map(|(_, _, audience)| audience)
}

/// Whether `text` can be nothing but a slip of the pen for `meant`: the four are further apart
/// from each other than that.
fn is_misspelt(text: &str, meant: Audience) -> bool {
    const SLIPS: usize = 2;
    let (text, key) = (
        text.trim().to_ascii_lowercase(),
        meant.key().to_ascii_lowercase(),
    );
    text.chars().count().abs_diff(key.chars().count()) <= SLIPS && distance(&text, &key) <= SLIPS
}

/// Letters to insert, remove or change to make one text of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    // No audience is longer; what is, is no near miss.
    for (line, letter) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

declare_rule! {
    /// Personal accounts can sign in, but the API does not ask for version 2 access tokens.
    ///
    /// **Why it matters.** Tokens for personal Microsoft accounts exist in version 2 only, and
    /// Entra refuses the audience with any other (`Property api.requestedAccessTokenVersion is
    /// invalid`).
    ///
    /// **What is checked.** `api.requestedAccessTokenVersion` (older manifests:
    /// `accessTokenAcceptedVersion`) is 2 where `signInAudience` includes personal accounts; null
    /// means 1. That it is absent counts only in an export that shows every property.
    ///
    /// **Fix.** Set it to 2, and have the API accept version 2 tokens first.
    pub static AUDIENCE_TOKEN_VERSION = {
        id: "audience-token-version",
        group: Audience,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/apiapplication#properties",
            "https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest",
        ],
        peers: ["terraform-provider-azuread application_resource.go"],
        check: Application(token_version),
    }
}

fn token_version(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if !app.has_personal_accounts() {
        return;
    }
    match &app.token_version {
        Field::Value(version) if version.value != 2 => {}
        Field::Null(_) => {}
        // Azure AD Graph 1.x did not have the property.
        Field::Absent if app.complete && app.legacy.is_none() => {}
        _ => return,
    }
    let place = app.token_version.span().or(app.audience_span());
    out.report(Severity::Error, place.unwrap_or(app.span), |say| {
        let found = match &app.token_version {
            Field::Value(version) => version.value.to_string(),
            Field::Null(_) => "null".to_owned(),
            _ => "not set".to_owned(),
        };
        say.message(format!(
            "personal Microsoft accounts need access tokens of version 2, but requestedAccessTokenVersion is {found}"
        ))
        .label(format!("{found}, must be 2"))
        .help("set requestedAccessTokenVersion to 2, once the API accepts version 2 tokens")
        .command(command::graph_patch(
            app,
            "{\"api\":{\"requestedAccessTokenVersion\":2}}",
        ))
        .fact("found", found.as_str())
        .key("requestedAccessTokenVersion");
        if let Some(span) = app.audience_span().filter(|span| Some(*span) != place) {
            say.also(span, "personal accounts can sign in");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen() {
        assert!(is_misspelt("AzureADMyOrgs", Audience::MyOrg));
        assert!(is_misspelt(" azureadmultipleorg ", Audience::MultipleOrgs));
        assert!(!is_misspelt("AzureADMultiOrg", Audience::MultipleOrgs));
        for one in Audience::ALL {
            for other in Audience::ALL {
                let close = is_misspelt(one.key(), other);
                assert_eq!(close, one == other, "{one:?} {other:?}");
                let (one_key, other_key) = (one.key(), other.key());
                let far = distance(one_key, other_key) > 4;
                assert_eq!(far, one != other, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn the_nearest_audience() {
        for (text, expected) in [
            (
                "AzureADAndPersonalMicrosoftAccount",
                Audience::MultipleOrgsAndPersonal,
            ),
            ("AzureADMultipleOrg", Audience::MultipleOrgs),
            ("azureadmyorg", Audience::MyOrg),
            ("AzureADMyOrgs", Audience::MyOrg),
            ("PersonalMicrosoftAccounts", Audience::Personal),
        ] {
            assert_eq!(nearest(text), Some(expected), "{text}");
        }
        assert_eq!(nearest("Everyone"), None);
        assert_eq!(nearest(""), None);
    }
}
