//! Redirect URIs that Entra, or a reader, takes for one another.

use std::cmp::Ordering;

use super::known;
use super::mend::{Mistake, commands};
use crate::model::{Application, Parts, Platform, Redirect};
use crate::rules::command::remove_redirects;
use crate::rules::out::code;
use crate::rules::quick::differ;
use crate::rules::{Context, Out, Severity, declare_rule};

/// Further places one finding marks, so that a hostile list cannot make it endless.
const MARKED: usize = 8;

declare_rule! {
    /// One redirect URI is registered under two platforms.
    ///
    /// **Why it matters.** The platform decides whether Entra demands a secret, allows a
    /// cross-origin request or neither, and for one address it can be only one. Entra refuses the
    /// registration ("Redirect URIs must have distinct values").
    ///
    /// **What is checked.** The same URI, letter by letter, under two or more of Web, Single-page
    /// application and Mobile and desktop applications.
    ///
    /// **Fix.** Keep it under the platform of the flow that uses it: a system browser that returns
    /// to an installed app is *Mobile and desktop applications*.
    pub static REDIRECT_ON_TWO_PLATFORMS = {
        id: "redirect-on-two-platforms",
        group: Redirect,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url",
            "https://github.com/MicrosoftDocs/azure-docs/issues/89929",
        ],
        fix: "keep `http://localhost`, where it has no port, under the public client platform alone",
        check: Application(on_two_platforms),
    }
}

fn on_two_platforms(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let mut platforms = app.redirects.iter().map(|redirect| redirect.platform);
    let first = platforms.next();
    if platforms.all(|platform| Some(platform) == first) {
        return;
    }
    let mut redirects: Vec<&Redirect<'_>> = known(app)
        .filter(|redirect| redirect.platform != Platform::Unspecified)
        .collect();
    redirects.sort_by(|a, b| a.uri.value.cmp(&b.uri.value).then(in_order(a, b)));
    for same in redirects.chunk_by(|a, b| a.uri.value == b.uri.value) {
        let first = same[0];
        let again = || same.iter().filter(|other| other.platform != first.platform);
        let Some(second) = again().next() else {
            continue;
        };
        out.report(Severity::Error, first.span(), |say| {
            say.message(format!(
                "{} is registered under {} and again under {}",
                code(&first.uri),
                first.platform.name(),
                second.platform.name()
            ))
            .label(format!("under {}", first.platform.name()))
            .key(&*first.uri.value);
            for other in again().take(MARKED) {
                say.also(
                    other.span(),
                    format!("again under {}", other.platform.name()),
                );
            }
            // What a system browser returns to belongs to an installed app; for other addresses
            // only the application knows.
            let public = same
                .iter()
                .any(|redirect| redirect.platform == Platform::Public);
            if public && first.parts().is_localhost_root() {
                say.help("keep it under Mobile and desktop applications and remove it elsewhere");
                say.commands.extend(commands(app, Mistake::LocalhostTwice));
                // A port is a sign of a server that was started to develop a web page.
                if first.parts().port.is_none() && app.legacy.is_none() {
                    let elsewhere = same
                        .iter()
                        .filter(|redirect| redirect.platform != Platform::Public);
                    say.fix(
                        "keep http://localhost under the public client platform alone",
                        remove_redirects(app, elsewhere.copied()),
                    );
                }
            } else {
                say.help(
                    "keep it under the platform of the flow that uses it and remove it elsewhere",
                );
            }
        });
    }
}

declare_rule! {
    /// Localhost redirect URIs differ in nothing but the port.
    ///
    /// **Why it matters.** Entra ignores the port of a localhost address when it compares. Of two
    /// that match it takes one arbitrarily, with the behaviour of that one's platform.
    ///
    /// **What is checked.** Redirect URIs on `localhost` that are equal but for the port: a
    /// warning on one platform, an error across platforms.
    ///
    /// **Fix.** Keep one of them (any port then matches), and tell flows apart by path.
    pub static REDIRECT_LOCALHOST_PORT_TWINS = {
        id: "redirect-localhost-port-twins",
        group: Redirect,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions",
            "https://www.rfc-editor.org/rfc/rfc8252#section-7.3",
        ],
        check: Application(port_twins),
    }
}

/// All of a localhost address that Entra compares.
fn without_port<'t>(parts: &Parts<'t>) -> (bool, &'t str, Option<&'t str>) {
    let path = if parts.path.is_empty() {
        "/"
    } else {
        parts.path
    };
    (parts.has_scheme("https"), path, parts.query)
}

fn port_twins(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let mut local: Vec<(&Redirect<'_>, Parts<'_>)> = known(app)
        .map(|redirect| (redirect, redirect.parts()))
        .filter(|(_, parts)| {
            parts.is_localhost()
                && parts.is_web()
                && parts.fragment.is_none()
                && !parts.has_wildcard()
        })
        .collect();
    if local.len() < 2 {
        return;
    }
    local.sort_by(|(a, left), (b, right)| {
        without_port(left)
            .cmp(&without_port(right))
            .then(in_order(a, b))
    });
    for same in local.chunk_by(|(_, left), (_, right)| without_port(left) == without_port(right)) {
        let (first, parts) = &same[0];
        let twins = || same.iter().filter(|(_, other)| other.port != parts.port);
        if twins().next().is_none() {
            continue;
        }
        // With two ports and two platforms, some two of them differ in both.
        let across = same.iter().any(|(r, _)| r.platform != first.platform);
        let severity = if across {
            Severity::Error
        } else {
            Severity::Warning
        };
        out.report(severity, first.span(), |say| {
            let others = twins().count();
            let uri = code(&first.uri);
            let count = if others == 1 {
                "one more".to_owned()
            } else {
                format!("{others} more")
            };
            say.message(if across {
                format!("{uri} and {count} differ only in the port, which Entra ignores, yet stand under different platforms")
            } else {
                format!("{uri} and {count} differ only in the port, which Entra ignores")
            })
            .label("the port is ignored")
            .help("keep one of them, for any port then matches, and tell flows apart by path")
            .fact("twins", others)
            .key(&*first.uri.value);
            for (other, _) in twins().take(MARKED) {
                say.also(other.span(), "the same to Entra");
            }
        });
    }
}

declare_rule! {
    /// Redirect URIs differ in nothing but case or a trailing slash.
    ///
    /// **Why it matters.** Entra compares the path letter by letter, so both are different
    /// addresses; mostly one of them was a try that never worked, and nobody dares remove it.
    ///
    /// **What is checked.** Redirect URIs that are equal when case and one trailing slash are
    /// ignored. `http://localhost` with and without its slash is taken for one.
    ///
    /// **Fix.** Keep the one the application sends.
    pub static REDIRECT_CASE_TWINS = {
        id: "redirect-case-twins",
        group: Redirect,
        severity: Info,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/entra/identity-platform/reply-url"],
        check: Application(case_twins),
    }
}

fn case_twins(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if differ(app.redirects.iter().map(Loosely::of)) {
        return;
    }
    let mut redirects: Vec<&Redirect<'_>> = known(app).collect();
    redirects.sort_by(|a, b| Loosely::of(a).cmp(&Loosely::of(b)).then(in_order(a, b)));
    for same in redirects.chunk_by(|a, b| Loosely::of(a) == Loosely::of(b)) {
        let first = same[0];
        let twins = || {
            same.iter()
                .filter(|other| other.uri.value != first.uri.value)
        };
        if twins().next().is_none() || first.parts().is_localhost_root() {
            continue;
        }
        out.report(Severity::Info, first.span(), |say| {
            say.message(format!(
                "{} is registered again with other case or another trailing slash",
                code(&first.uri)
            ))
            .label("almost the same")
            .help("keep the one the application sends")
            .key(&*first.uri.value);
            for other in twins().take(MARKED) {
                say.also(other.span(), "almost the same");
            }
        });
    }
}

/// A URI by its letters in either case, with or without a slash at its end.
#[derive(Copy, Clone)]
struct Loosely<'u>(&'u str);

impl<'u> Loosely<'u> {
    fn of(redirect: &'u Redirect<'_>) -> Loosely<'u> {
        Loosely(&redirect.uri)
    }

    fn letters(self) -> &'u [u8] {
        self.0.strip_suffix('/').unwrap_or(self.0).as_bytes()
    }
}

impl Ord for Loosely<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let lower = |byte: &u8| byte.to_ascii_lowercase();
        let (one, other) = (self.letters().iter(), other.letters().iter());
        one.map(lower).cmp(other.map(lower))
    }
}

impl PartialOrd for Loosely<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Loosely<'_> {}

impl PartialEq for Loosely<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.letters().eq_ignore_ascii_case(other.letters())
    }
}

fn in_order(a: &Redirect<'_>, b: &Redirect<'_>) -> Ordering {
    a.span().start.cmp(&b.span().start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_comparison() {
        for (a, b, same) in [
            (
                "https://contoso.com/Auth",
                "https://CONTOSO.com/auth/",
                true,
            ),
            ("https://contoso.com", "https://contoso.com/", true),
            ("https://contoso.com/a", "https://contoso.com/b", false),
            ("https://contoso.com/a//", "https://contoso.com/a", false),
        ] {
            assert_eq!(Loosely(a) == Loosely(b), same, "{a} {b}");
            assert_eq!(Loosely(a).cmp(&Loosely(b)).is_eq(), same, "{a} {b}");
        }
    }
}
