//! How a client signs in, and whether it can.

mod flow;
mod public;

use super::{Context, Out, Severity, declare_rule};
use crate::model::{Application, Span};

pub use flow::{NO_USABLE_FLOW, PUBLIC_CLIENT_FLOW_OFF, PUBLIC_CLIENT_FLOW_ON};
pub use public::PUBLIC_CLIENT_WITH_CREDENTIAL;

/// The place that names the application, for findings about all of it.
pub(super) fn identity_span(app: &Application<'_>) -> Span {
    [&app.app_id, &app.id, &app.display_name]
        .into_iter()
        .find_map(|field| field.span())
        .unwrap_or(app.span)
}

declare_rule! {
    /// Tokens are issued straight from the authorization endpoint (implicit grant).
    ///
    /// **Why it matters.** A token in a redirect's fragment is seen by the browser's history and
    /// by every script on the page, and no client ever proves who it is. The authorization code
    /// flow with PKCE does the same without it.
    ///
    /// **What is checked.** `web.implicitGrantSettings.enableAccessTokenIssuance` (a warning) and
    /// `enableIdTokenIssuance` (worth knowing: some server-side libraries still use ID tokens this
    /// way); `oauth2AllowImplicitFlow` and `oauth2AllowIdTokenImplicitFlow` in older manifests.
    ///
    /// **Fix.** Switch it off:
    /// `az ad app update --id <app> --enable-access-token-issuance false`.
    pub static IMPLICIT_GRANT = {
        id: "implicit-grant",
        group: Client,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-implicit-grant-flow",
        ],
        peers: [
            "M365-Assessment-Toolkit ENTRA-008",
            "EntraFalcon implicit grant",
            "NovaPoint NeedsReview",
        ],
        check: Application(implicit_grant),
    }
}

fn implicit_grant(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let settings = [
        (
            &app.implicit_access_tokens,
            Severity::Warning,
            "access tokens",
            "--enable-access-token-issuance",
        ),
        (
            &app.implicit_id_tokens,
            Severity::Info,
            "ID tokens",
            "--enable-id-token-issuance",
        ),
    ];
    for (field, severity, tokens, option) in settings {
        let Some(on) = field.spanned().filter(|on| on.value) else {
            continue;
        };
        out.report(severity, on.span, |say| {
            say.message(format!("the implicit grant issues {tokens}"))
                .label(format!("{tokens} on"))
                .help("use the authorization code flow with PKCE and switch the implicit grant off")
                .command(format!(
                    "az ad app update --id {} {option} false",
                    app.cli_id()
                ))
                .key(tokens);
        });
    }
}

declare_rule! {
    /// Native authentication is switched on.
    ///
    /// **Why it matters.** The application may then collect passwords and one-time codes in a user
    /// interface of its own. That is wanted only in external (customer) tenants.
    ///
    /// **What is checked.** `nativeAuthenticationApisEnabled` is `all`.
    ///
    /// **Fix.** Unless the application signs customers in through its own screens, set the
    /// property to `none`.
    pub static NATIVE_AUTHENTICATION = {
        id: "native-authentication",
        group: Client,
        severity: Info,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/concept-native-authentication",
        ],
        check: Application(native_authentication),
    }
}

fn native_authentication(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(apis) = app
        .native_authentication
        .spanned()
        .filter(|apis| apis.eq_ignore_ascii_case("all"))
    else {
        return;
    };
    out.report(Severity::Info, apis.span, |say| {
        say.message("native authentication is on: the application may collect passwords itself")
            .label("all APIs enabled")
            .help("set nativeAuthenticationApisEnabled to none unless customers sign in through the application's own screens")
            .command(format!(
                "az ad app update --id {} --set nativeAuthenticationApisEnabled=none",
                app.cli_id()
            ));
    });
}
