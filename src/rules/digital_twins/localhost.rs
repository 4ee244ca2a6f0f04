//! The redirect of a sign-in in the system browser: `http://localhost` on the public platform.
//!
//! One judgement, three rules: exactly one of them speaks.

use std::borrow::Cow;

use crate::model::{Application, Edit, NewValue, Platform, Redirect, Span};
use crate::rules::command::remove_redirects;
use crate::rules::permission::reading::{first, mark, registration};
use crate::rules::{Context, Out, Severity, declare_rule, shell_word};

const LOCALHOST: &str = "http://localhost";

/// What an application's redirects say of a sign-in in the system browser.
enum Localhost<'a> {
    /// It works, is not expected, or cannot be told.
    Fine,
    /// `http://localhost` stands on no platform.
    Missing,
    /// It stands under web or single-page application alone.
    WrongPlatform(&'a Redirect<'a>),
    /// The public platform has what comes near, and nothing that matches.
    Unmatched(&'a Redirect<'a>),
}

fn judge<'a>(app: &'a Application<'a>, cx: &Context<'_>) -> Localhost<'a> {
    let public = || app.redirects_of(Platform::Public);
    let is_root = |redirect: &&Redirect<'_>| redirect.parts().is_localhost_root();
    if cx.profile.is_none()
        || !cx.expects_browser_sign_in()
        || public().any(|redirect| is_root(&redirect))
        // Azure AD Graph lists redirects without their platform unless the client is public.
        || app.redirects_of(Platform::Unspecified).next().is_some()
        || !app.knows_redirects_of(Platform::Public)
    {
        return Localhost::Fine;
    }
    let elsewhere = |redirect: &&Redirect<'_>| {
        matches!(redirect.platform, Platform::Web | Platform::Spa) && is_root(redirect)
    };
    if let Some(redirect) = app.redirects.iter().find(elsewhere) {
        return Localhost::WrongPlatform(redirect);
    }
    let loopback = public().find(|redirect| redirect.parts().is_loopback());
    let near = loopback.or_else(|| public().find(|redirect| redirect.parts().has_scheme("https")));
    let is_unknown = |redirect: &Redirect<'_>| redirect.uri.is_placeholder();
    match near {
        Some(redirect) => Localhost::Unmatched(redirect),
        None if app.knows_all_redirects() && !app.redirects.iter().any(is_unknown) => {
            Localhost::Missing
        }
        None => Localhost::Fine,
    }
}

/// Whether a redirect is one that has to leave its platform, which says all there is to say of it.
pub(super) fn is_told_by_localhost_rules(
    redirect: &Redirect<'_>,
    app: &Application<'_>,
    cx: &Context<'_>,
) -> bool {
    redirect.parts().is_localhost_root() && matches!(judge(app, cx), Localhost::WrongPlatform(_))
}

/// The command that registers `http://localhost` beside what the public platform already has: it
/// replaces the whole list. `more` moves it away from elsewhere in the same request, because one
/// URI on two platforms is refused.
fn register(app: &Application<'_>, id: &str, more: &str) -> String {
    let mut command =
        format!("az ad app update --id {id} --public-client-redirect-uris {LOCALHOST}");
    for redirect in app.redirects_of(Platform::Public) {
        command.push(' ');
        command.push_str(&shell_word(&redirect.uri));
    }
    command + more
}

declare_rule! {
    /// No platform has `http://localhost` as a redirect.
    ///
    /// **Why it matters.** A sign-in in the system browser (`InteractiveBrowserCredential`, MSAL)
    /// listens on `http://localhost` with a port of its choice and sends that as the redirect.
    /// Entra refuses one that is not registered: AADSTS50011, or AADSTS900971 when there is none
    /// at all. Registrations made by the portal steps of 2025 have no redirect.
    ///
    /// **What is checked.** Neither the public client platform ("Mobile and desktop applications")
    /// nor web nor single-page application has `http://localhost`, with any port and at most a
    /// slash after it. Judged when the configured flows include `interactive`, or none are
    /// configured, and only when the document tells the redirects of every platform.
    ///
    /// **Fix.** `az ad app update --id <app> --public-client-redirect-uris http://localhost <the
    /// existing ones>`: it replaces the whole list. Not needed for device code, on-behalf-of and
    /// app-only flows: configure `flows`.
    ///
    /// **Options.** `flows` in the profile's table.
    pub static ADT_LOCALHOST_REDIRECT_MISSING = {
        id: "adt-localhost-redirect-missing",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
            "https://learn.microsoft.com/entra/identity-platform/reply-url",
        ],
        check: Application(missing),
    }
}

fn missing(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if !matches!(judge(app, cx), Localhost::Missing) {
        return;
    }
    out.report(Severity::Error, place(app), |say| {
        say.message("http://localhost is not registered, and a browser sign-in redirects to it")
            .label("no http://localhost")
            .help(in_the_file(app, "add"));
        if let Some(id) = registration(cx) {
            say.command(register(app, &id, ""));
        }
    });
}

/// Where the redirect is missing: the public platform, or what names the application.
fn place(app: &Application<'_>) -> Span {
    app.reply_urls
        .span()
        .or(app.public_redirects.span())
        .map(mark)
        .or_else(|| {
            [&app.app_id, &app.id, &app.display_name]
                .into_iter()
                .find_map(|field| field.span())
        })
        .unwrap_or(first(app.span))
}

/// Says where in the document the redirect belongs; `verb` is `add` or `move`.
fn in_the_file(app: &Application<'_>, verb: &str) -> String {
    let has_types = |name: &Cow<'_, str>| name.eq_ignore_ascii_case("replyUrlsWithType");
    match &app.legacy {
        None => format!("{verb} http://localhost to publicClient.redirectUris"),
        Some(names) if names.used.iter().any(has_types) => {
            format!("{verb} http://localhost to the type InstalledClient of replyUrlsWithType")
        }
        Some(_) => format!(
            "{verb} http://localhost to the platform \"{}\"",
            Platform::Public.name()
        ),
    }
}

declare_rule! {
    /// `http://localhost` is registered under a platform that takes the client for something else.
    ///
    /// **Why it matters.** Under web, Entra takes the client for a confidential one and wants a
    /// secret that an installed app does not send: AADSTS7000218. Under single-page application it
    /// redeems the code for scripts in a browser only (AADSTS9002327). The documented command of
    /// 2021, without `--native-app`, put the redirect under web.
    ///
    /// **What is checked.** `http://localhost`, with any port and at most a slash after it, stands
    /// under web or single-page application and not under the public client platform ("Mobile and
    /// desktop applications"). Judged when the configured flows include `interactive`, or none are
    /// configured.
    ///
    /// **Fix.** Move it, in one step, because one URI on two platforms is refused:
    /// `az ad app update --id <app> --public-client-redirect-uris http://localhost <the existing
    /// ones> --web-redirect-uris <the others>`.
    ///
    /// **Options.** `flows` in the profile's table.
    pub static ADT_LOCALHOST_REDIRECT_WRONG_PLATFORM = {
        id: "adt-localhost-redirect-wrong-platform",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url",
            "https://learn.microsoft.com/entra/identity-platform/scenario-desktop-app-registration",
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
        ],
        fix: "move `http://localhost`, where it has no port, to the public client platform",
        check: Application(wrong_platform),
    }
}

fn wrong_platform(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Localhost::WrongPlatform(redirect) = judge(app, cx) else {
        return;
    };
    out.report(Severity::Error, redirect.span(), |say| {
        let treated = match redirect.platform {
            Platform::Spa => "a script in a browser",
            _ => "a client with a secret",
        };
        say.message(format!(
            "http://localhost is registered under {}, where Entra expects {treated}",
            redirect.platform.name()
        ))
        .label("belongs under publicClient")
        .help(in_the_file(app, "move"))
        .fact("platform", redirect.platform.key());
        let others = app.redirects.iter().filter(|other| {
            other.span() != redirect.span()
                && matches!(other.platform, Platform::Web | Platform::Spa)
                && other.parts().is_localhost_root()
        });
        for other in others {
            say.also(other.span(), "this one too");
        }
        if let Some(id) = registration(cx) {
            say.command(register(app, &id, &without_localhost(app)));
        }
        if let Some(edits) = moved(app) {
            say.fix("move http://localhost to the public client platform", edits);
        }
    });
}

/// The edits that move `http://localhost` to the public platform. A port is a sign of a server
/// that was started to develop a web page, which does belong where it stands; and one of them must
/// not stay behind, for Entra ignores the port.
fn moved(app: &Application<'_>) -> Option<Vec<Edit>> {
    let elsewhere = || {
        app.redirects.iter().filter(|redirect| {
            redirect.platform != Platform::Public && redirect.parts().is_localhost_root()
        })
    };
    let plain = |redirect: &Redirect<'_>| {
        let uri: &str = &redirect.uri;
        uri.strip_suffix('/').unwrap_or(uri) == LOCALHOST
    };
    if !elsewhere().all(plain) {
        return None;
    }
    let first = elsewhere().next()?;
    if app.legacy.is_some() {
        let only = elsewhere().nth(1).is_none();
        return only.then(|| {
            vec![Edit::SetBeside {
                beside: first.span(),
                name: "type",
                value: "InstalledClient".into(),
            }]
        });
    }
    let mut edits = vec![Edit::Append {
        of: app.span,
        path: &["publicClient", "redirectUris"],
        value: NewValue::from(LOCALHOST),
    }];
    edits.extend(remove_redirects(app, elsewhere()));
    Some(edits)
}

/// Options that leave the web and single-page platforms what else they have. Azure CLI has no
/// option for single-page redirects (Azure/azure-cli#25766) and none that empties a list, but
/// takes the property as JSON.
fn without_localhost(app: &Application<'_>) -> String {
    let mut options = String::new();
    for platform in [Platform::Web, Platform::Spa] {
        let (out, rest): (Vec<_>, Vec<_>) = app
            .redirects_of(platform)
            .partition(|redirect| redirect.parts().is_localhost_root());
        if out.is_empty() {
            continue;
        }
        if platform == Platform::Web && !rest.is_empty() {
            options.push_str(" --web-redirect-uris");
            for redirect in rest {
                options.push(' ');
                options.push_str(&shell_word(&redirect.uri));
            }
            continue;
        }
        let uris: Vec<String> = rest
            .iter()
            .map(|redirect| {
                let escaped = redirect.uri.replace('\\', "\\\\").replace('"', "\\\"");
                format!("\"{escaped}\"")
            })
            .collect();
        let json = format!(
            "{}={{\"redirectUris\":[{}]}}",
            platform.key(),
            uris.join(",")
        );
        options.push_str(" --set ");
        options.push_str(&shell_word(&json));
    }
    options
}

declare_rule! {
    /// What the public client platform has does not match `http://localhost`.
    ///
    /// **Why it matters.** A sign-in in the system browser (`InteractiveBrowserCredential`, MSAL)
    /// sends plain `http://localhost` with a port of its choice. Entra ignores the port there and
    /// nothing else: `https://localhost`, `http://127.0.0.1`, `http://[::1]` and a path after the
    /// host do not match, and neither does the `nativeclient` page, which is for embedded
    /// browsers. The sign-in ends with AADSTS50011.
    ///
    /// **What is checked.** The public client platform has redirects of these forms, and no
    /// platform has `http://localhost` with at most a port and a slash. Judged when the configured
    /// flows include `interactive`, or none are configured. A warning, because a client can set
    /// its redirect to one of these.
    ///
    /// **Fix.** Add it, `az ad app update --id <app> --public-client-redirect-uris
    /// http://localhost <the existing ones>` (it replaces the whole list), or set the client's
    /// redirect to exactly what is registered.
    ///
    /// **Options.** `flows` in the profile's table.
    pub static ADT_LOCALHOST_REDIRECT_UNMATCHED = {
        id: "adt-localhost-redirect-unmatched",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url",
            "https://learn.microsoft.com/entra/identity-platform/scenario-desktop-app-registration",
        ],
        check: Application(unmatched),
    }
}

fn unmatched(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Localhost::Unmatched(redirect) = judge(app, cx) else {
        return;
    };
    out.report(Severity::Warning, redirect.span(), |say| {
        let parts = redirect.parts();
        let what = if parts.has_scheme("https") {
            "an https redirect"
        } else if parts.is_localhost() {
            "a redirect with a path"
        } else {
            "a loopback address"
        };
        say.message(format!(
            "{what} is registered, and a browser sign-in redirects to plain http://localhost"
        ))
        .label("is not http://localhost")
        .help(in_the_file(app, "add"));
        if let Some(id) = registration(cx) {
            say.command(register(app, &id, ""));
        }
    });
}
