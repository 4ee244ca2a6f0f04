//! Limits that depend on who can sign in.

use std::collections::HashSet;

use crate::catalog::limits::{self, AudienceLimits};
use crate::model::{Application, Parts, Span};
use crate::rules::out::code;
use crate::rules::quick::{differ, longer_than};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// The application holds what its audience does not allow.
    ///
    /// **Why it matters.** Entra refuses the manifest, or the change of the audience. For
    /// applications that personal Microsoft accounts can sign in to, the limits are much lower.
    ///
    /// **What is checked.** The table "Validation differences by supported account types": number,
    /// length and form of `identifierUris`; number of exposed scopes and length of their values;
    /// `preAuthorizedApplications`; app roles, which personal accounts do not have; length of
    /// the display name; tags. Where the audience is unknown, the limits for work and school
    /// accounts hold. Redirect URIs, secrets, permissions and the logout URL have rules of their
    /// own.
    ///
    /// **Fix.** Remove or shorten what is over the limit, or restrict `signInAudience` to work
    /// and school accounts.
    pub static AUDIENCE_LIMIT = {
        id: "audience-limit",
        group: Audience,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation#validation-differences",
        ],
        peers: ["terraform-provider-azuread application_resource.go"],
        check: Application(limit),
    }
}

fn limit(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let personal = app.has_personal_accounts();
    let mut excess = Excess {
        limits: limits::for_audience(personal),
        personal,
        out,
    };
    excess.identifier_uris(app);
    excess.scopes(app);
    excess.preauthorized(app);
    excess.app_roles(app);
    excess.display_name(app);
    excess.tags(app);
}

/// The rows of the table, and where what exceeds them goes.
struct Excess<'x, 'o> {
    limits: &'static AudienceLimits,
    personal: bool,
    out: &'x mut Out<'o>,
}

impl Excess<'_, '_> {
    /// `name` is the limit's; `key` tells apart what is over it.
    fn report(
        &mut self,
        name: &'static str,
        span: Span,
        label: &'static str,
        message: impl FnOnce() -> (String, String),
    ) {
        let personal = self.personal;
        self.out.report(Severity::Error, span, |say| {
            let (message, key) = message();
            say.message(message)
                .label(label)
                .help(if personal {
                    "keep to the limit, or restrict signInAudience to work and school accounts"
                } else {
                    "keep to the limit"
                })
                .fact("limit", name)
                .key(if key.is_empty() {
                    name.to_owned()
                } else {
                    format!("{name} {key}")
                });
        });
    }

    /// `count` of something of which only `most` are allowed; `span` is the place of a surplus
    /// one.
    fn count(
        &mut self,
        name: &'static str,
        what: &'static str,
        (count, most): (usize, Option<usize>),
        span: impl FnOnce(usize) -> Option<Span>,
    ) {
        let Some(most) = most.filter(|most| count > *most) else {
            return;
        };
        let Some(span) = span(most) else {
            return;
        };
        self.report(name, span, "over the limit", || {
            (
                format!("the application has {count} {what}, but with personal Microsoft accounts at most {most} are allowed"),
                String::new(),
            )
        });
    }

    fn identifier_uris(&mut self, app: &Application<'_>) {
        let uris = &app.identifier_uris.items;
        self.count(
            "identifierUris",
            "identifier URIs",
            (uris.len(), self.limits.identifier_uris),
            |most| uris.get(most).map(|uri| uri.span),
        );
        for uri in uris.iter().filter(|uri| !uri.is_uri_template()) {
            let most = self.limits.identifier_uri_length;
            if let Some(length) = longer_than(uri, most) {
                self.report("identifierUris length", uri.span, "too long", || {
                    let shown = code(uri);
                    (
                        format!("the identifier URI {shown} has {length} characters, {} too many for this audience", length - most),
                        uri.to_string(),
                    )
                });
            }
            if !self.personal {
                // For work and school accounts the form is `identifier-uri-invalid`'s business.
                continue;
            }
            let parts = Parts::of(uri);
            let (name, label, what) = if parts.has_scheme("urn") {
                ("identifierUris scheme", "urn", "has the scheme urn")
            } else if parts.has_wildcard() {
                ("identifierUris wildcard", "wildcard", "holds a wildcard")
            } else if parts.query.is_some() || parts.fragment.is_some() {
                (
                    "identifierUris query",
                    "query or fragment",
                    "has a query or a fragment",
                )
            } else {
                continue;
            };
            self.report(name, uri.span, label, || {
                let shown = code(uri);
                (
                    format!("the identifier URI {shown} {what}, which personal Microsoft accounts rule out"),
                    uri.to_string(),
                )
            });
        }
    }

    fn scopes(&mut self, app: &Application<'_>) {
        let scopes = &app.scopes.items;
        self.count(
            "oauth2PermissionScopes",
            "exposed scopes",
            (scopes.len(), self.limits.scopes),
            |most| scopes.get(most).map(|scope| scope.span),
        );
        let most = self.limits.scope_name_length;
        for scope in scopes {
            let Some(value) = scope.value.spanned().filter(|v| !v.is_placeholder()) else {
                continue;
            };
            if let Some(length) = longer_than(value, most) {
                self.report("oauth2PermissionScopes length", value.span, "too long", || {
                    let shown = code(value);
                    (
                        format!("the scope {shown} has {length} characters, {} too many for this audience", length - most),
                        value.to_string(),
                    )
                });
            }
        }
    }

    fn preauthorized(&mut self, app: &Application<'_>) {
        let clients = &app.preauthorized.items;
        self.count(
            "preAuthorizedApplications",
            "pre-authorized clients",
            (clients.len(), self.limits.preauthorized_clients),
            |most| clients.get(most).map(|client| client.span),
        );
        // "Total maximum of 500" beside 100 clients: what is counted can only be the scopes.
        let total = clients
            .iter()
            .map(|client| client.permissions.items.len())
            .sum();
        self.count(
            "preAuthorizedApplications total",
            "pre-authorized scopes",
            (total, self.limits.preauthorized_total),
            |_| clients.last().map(|client| client.span),
        );
        for client in clients {
            let permissions = &client.permissions.items;
            let count = permissions.len();
            let most = self.limits.preauthorized_scopes_per_client;
            let Some(most) = most.filter(|most| count > *most) else {
                continue;
            };
            self.report(
                "preAuthorizedApplications scopes",
                permissions[most].span,
                "over the limit",
                || {
                    let id = client.app_id.value().map_or("", |id| id.trim());
                    (
                        format!("{count} scopes are pre-authorized for the client {}, but with personal Microsoft accounts at most {most} are allowed", code(id)),
                        id.to_ascii_lowercase(),
                    )
                },
            );
        }
    }

    fn app_roles(&mut self, app: &Application<'_>) {
        if self.limits.app_roles {
            return;
        }
        let Some(first) = app.roles.items.first() else {
            return;
        };
        let count = app.roles.items.len();
        self.report("appRoles", first.span, "app roles not supported", || {
            let roles = if count == 1 { "app role" } else { "app roles" };
            (
                format!("the application defines {count} {roles}, which personal Microsoft accounts rule out"),
                String::new(),
            )
        });
    }

    fn display_name(&mut self, app: &Application<'_>) {
        let Some(name) = app.display_name.spanned().filter(|n| !n.is_placeholder()) else {
            return;
        };
        let most = self.limits.display_name_length;
        if let Some(length) = longer_than(name, most) {
            self.report("displayName", name.span, "too long", || {
                (
                    format!(
                        "the display name has {length} characters, {} too many for this audience",
                        length - most
                    ),
                    String::new(),
                )
            });
        }
    }

    fn tags(&mut self, app: &Application<'_>) {
        let tags = &app.tags.items;
        let mut seen = (!differ(tags.iter().map(|tag| &tag.value))).then(|| {
            // A hostile document has millions of them; the hash is seeded anew in every process.
            let hasher = foldhash::fast::RandomState::default();
            HashSet::with_capacity_and_hasher(tags.len(), hasher)
        });
        for tag in tags.iter().filter(|tag| !tag.is_placeholder()) {
            let (label, what) = if tag.is_empty() {
                ("empty tag", "is empty")
            } else if longer_than(tag, limits::TAG_LENGTH).is_some() {
                ("too long", "has more than 256 characters")
            } else if tag.contains(char::is_whitespace) {
                ("blank in a tag", "holds a blank")
            } else if seen.as_mut().is_some_and(|seen| !seen.insert(&tag.value)) {
                ("twice", "stands there twice")
            } else {
                continue;
            };
            self.report("tags", tag.span, label, || {
                let message = if tag.is_empty() {
                    "a tag is empty".to_owned()
                } else {
                    format!("the tag {} {what}", code(tag))
                };
                (message, tag.to_string())
            });
        }
    }
}
