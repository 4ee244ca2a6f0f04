//! Applications and service principals: what verdicts and joins ask of them.

use super::*;

impl Harvest {
    pub(super) fn application(&mut self, app: &Application<'_>, at: At, note: &Note) -> bool {
        let start = self.requested_ids.len();
        for resource in &app.required.resources {
            for permission in &resource.permissions {
                let (Some(api), Some(id)) = (resource.guid, permission.guid) else {
                    continue;
                };
                let number = self.requested.add(Requested {
                    resource: api,
                    id,
                    kind: kind_of(permission.kind.value()),
                });
                self.requested_ids.push(number);
            }
        }
        let requested = slice(start, self.requested_ids.len());
        let uris = app
            .redirects
            .iter()
            .filter(|redirect| !redirect.is_unknown())
            .map(|redirect| mark(&redirect.uri));
        let redirects = push_marks(&mut self.marks, uris);
        let id = guid(&app.id);
        let app_id = guid(&app.app_id);
        for credential in app.federated.iter() {
            let owner = if app_id == Guid::NIL { id } else { app_id };
            self.federated.push(federated_row(credential, at, owner));
        }
        for owner in app.owners.iter() {
            let owned = if id == Guid::NIL { app_id } else { id };
            self.directory_object(owner, at, Link::default(), owned);
        }
        self.applications.push(ApplicationRow {
            at,
            id,
            app_id,
            deleted: app.deleted.value().is_some(),
            disabled: is_disabled(&app.disabled, &app.disabled_by_microsoft),
            single_tenant: match app.audience() {
                Some(audience) => Truth::from(audience == Audience::MyOrg),
                None => match app.available_to_other_tenants.value() {
                    Some(other) => Truth::from(!*other),
                    None => Truth::Unknown,
                },
            },
            public_client_flow: switched_on(&app.public_client_flow, app.complete),
            platforms: platforms(app),
            held: held(&app.secrets, &app.certificates, app.complete, note.now)
                .with_federated(&app.federated),
            exposes_api: exposes_api(app),
            knows_clients: !app.known_clients.items.is_empty()
                || !app.preauthorized.items.is_empty(),
            depends: note.depends,
            alone: note.alone,
            in_profile: note.in_profile,
            named: note.named,
            requests_known: matches!(app.required.list, Field::Value(_) | Field::Null(_))
                || app.complete && app.required.list.is_absent(),
            requested,
            owners_known: app.owners.is_known(),
            redirects_known: app.complete && app.redirects.iter().all(|r| !r.is_unknown()),
            redirects,
        });
        true
    }

    pub(super) fn principal(
        &mut self,
        principal: &ServicePrincipal<'_>,
        at: At,
        note: &Note,
    ) -> bool {
        let start = self.exposed.len();
        for role in principal.roles.iter() {
            let (kind, admin) = (PermissionKind::Role, Truth::Yes);
            self.push_exposed(&role.id, &role.value, &role.enabled, kind, admin);
        }
        for scope in principal.scopes.iter() {
            self.expose_scope(scope);
        }
        self.exposed[start..].sort_unstable_by_key(|row| (row.id, row.kind));
        let exposed = slice(start, self.exposed.len());
        let told = principal
            .reply_urls
            .iter()
            .filter(|url| !url.is_uri_template());
        let urls = told.map(|url| mark(url));
        let replies = push_marks(&mut self.marks, urls);
        let app_id = guid(&principal.app_id);
        let id = guid(&principal.id);
        for owner in principal.owners.iter() {
            self.directory_object(owner, at, Link::default(), id);
        }
        // A list of owners shows service principals with all their properties.
        if note.link.relation == Some(Relation::Owner) {
            self.owners.push(LinkRow {
                at,
                whole: note.link.owner(Relation::Owner, id),
                part: id,
                kind: DirectoryKind::ServicePrincipal,
            });
        }
        for credential in principal.federated.iter() {
            self.federated.push(federated_row(credential, at, app_id));
        }
        let named = |field: &Field<Str<'_>>, name: &str| {
            field
                .value()
                .is_some_and(|text| text.trim().eq_ignore_ascii_case(name))
        };
        let kind = principal
            .kind
            .value()
            .map_or(PrincipalKind::Unknown, |kind| PrincipalKind::parse(kind));
        self.principals.push(PrincipalRow {
            at,
            id,
            app_id,
            owner_tenant: guid(&principal.owner_tenant),
            tenant: guid(&principal.tenant),
            kind,
            enabled: truth(&principal.enabled),
            disabled: is_disabled(&principal.disabled, &principal.disabled_by_microsoft),
            deleted: principal.deleted.value().is_some(),
            depends: note.depends,
            assignment_required: truth(&principal.assignment_required),
            saml: named(&principal.sign_on_mode, "saml"),
            held: held(
                &principal.secrets,
                &principal.certificates,
                principal.complete,
                note.now,
            )
            .with_federated(&principal.federated),
            exposed,
            exposed_known: principal.roles.is_known() && principal.scopes.is_known(),
            replies,
        });
        true
    }

    fn expose_scope(&mut self, scope: &ExposedScope<'_>) {
        let admin = match scope.kind.value() {
            Some(kind) => Truth::from(kind.eq_ignore_ascii_case("Admin")),
            None => Truth::Unknown,
        };
        self.push_exposed(
            &scope.id,
            &scope.value,
            &scope.enabled,
            PermissionKind::Scope,
            admin,
        );
    }

    fn push_exposed(
        &mut self,
        id: &Field<Str<'_>>,
        value: &Field<Str<'_>>,
        enabled: &Field<bool>,
        kind: PermissionKind,
        admin: Truth,
    ) {
        let value = self.text(value.value().map_or("", |value| value.trim()));
        self.exposed.push(ExposedRow {
            id: guid(id),
            kind,
            value,
            enabled: truth(enabled),
            admin,
        });
    }
}

fn kind_of(kind: Option<&Str<'_>>) -> Option<PermissionKind> {
    let kind = kind?;
    let called = |name: &str| {
        [PermissionKind::Scope, PermissionKind::Role]
            .into_iter()
            .find(|known| known.key().eq_ignore_ascii_case(name))
    };
    // Nearly none has blanks around it, and there may be millions.
    called(kind).or_else(|| called(kind.trim()))
}

/// A switch whose default is off: null is off, and so is what a complete document leaves out.
fn switched_on(field: &Field<bool>, complete: bool) -> Truth {
    match field {
        Field::Value(value) => Truth::from(value.value),
        Field::Null(_) => Truth::No,
        Field::Absent if complete => Truth::No,
        _ => Truth::Unknown,
    }
}

fn is_disabled(disabled: &Field<bool>, by_microsoft: &Field<Str<'_>>) -> bool {
    disabled.is_true()
        || by_microsoft
            .value()
            .is_some_and(|status| !status.eq_ignore_ascii_case("NotDisabled"))
}

pub(super) fn federated_row(
    credential: &FederatedCredential<'_>,
    at: At,
    owner: Guid,
) -> FederatedRow {
    let text = |field: &Field<Str<'_>>| field.value().map_or(String::new(), |t| t.to_string());
    let (issuer, subject) = (text(&credential.issuer), text(&credential.subject));
    FederatedRow {
        at,
        owner,
        well_formed: !issuer.is_empty()
            && (!subject.is_empty() || credential.expression.value().is_some()),
        mark: federated_mark(&issuer, &subject),
        exact: !issuer.is_empty() && !subject.is_empty(),
        id: guid(&credential.id),
    }
}

fn platforms(app: &Application<'_>) -> Platforms {
    let on = |platform: Platform, list: &Field<()>| {
        let any = app.redirects.iter().any(|r| r.platform == platform);
        let known =
            matches!(list, Field::Value(_) | Field::Null(_)) || app.complete && list.is_absent();
        match (any, known) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::No,
            (false, false) => Truth::Unknown,
        }
    };
    let public = on(Platform::Public, &app.public_redirects);
    let localhost = app
        .redirects
        .iter()
        .any(|r| r.platform == Platform::Public && r.parts().is_localhost_root());
    // A list that names no platform (Azure AD Graph) may hold redirects of any.
    let unknown = app
        .redirects
        .iter()
        .any(|r| r.is_unknown() || r.platform == Platform::Unspecified);
    let soften = |truth: Truth| match truth {
        Truth::No if unknown => Truth::Unknown,
        truth => truth,
    };
    Platforms {
        localhost: match (localhost, public) {
            (true, _) => Truth::Yes,
            (false, Truth::Unknown) => Truth::Unknown,
            (false, _) => soften(Truth::No),
        },
        public: soften(public),
        web: soften(on(Platform::Web, &app.web_redirects)),
        spa: soften(on(Platform::Spa, &app.spa_redirects)),
    }
}

fn held(
    secrets: &List<Credential<'_>>,
    certificates: &List<Credential<'_>>,
    complete: bool,
    now: Instant,
) -> Held {
    let valid = |kind: CredentialKind, list: &List<Credential<'_>>| {
        let mut unknown = !(list.is_known() || complete && list.state.is_absent());
        for credential in list.iter().filter(|credential| signs_in(credential)) {
            match Life::of(kind, credential).at(now) {
                State::Valid => return Truth::Yes,
                State::Unknown => unknown = true,
                State::Expired | State::Inverted | State::Pending => {}
            }
        }
        if unknown { Truth::Unknown } else { Truth::No }
    };
    Held {
        secret: valid(CredentialKind::Secret, secrets),
        certificate: valid(CredentialKind::Certificate, certificates),
        federated: Truth::Unknown,
        any_secret: !secrets.items.is_empty(),
        any_certificate: certificates.iter().any(signs_in),
    }
}

impl Held {
    fn with_federated(self, list: &List<FederatedCredential<'_>>) -> Held {
        let federated = if !list.items.is_empty() {
            Truth::Yes
        } else if list.is_known() {
            Truth::No
        } else {
            Truth::Unknown
        };
        Held { federated, ..self }
    }
}

fn exposes_api(app: &Application<'_>) -> Truth {
    let uri = !app.identifier_uris.items.is_empty();
    let scope = app
        .scopes
        .iter()
        .any(|scope| scope.id.value().is_some() && !matches!(scope.enabled.value(), Some(false)));
    if uri && scope {
        Truth::Yes
    } else if app.complete || app.identifier_uris.is_known() && app.scopes.is_known() {
        Truth::No
    } else {
        Truth::Unknown
    }
}
