//! Service principals.

use super::application::Application;
use super::chance::{Topic, World};
use super::instance::Instance;
use super::json::{DAY, Guid, Json, TODAY, Time, hyphened};
use super::tables::{
    APP_ONLY, DELEGATED, DIGITAL_TWINS, GRAPH, RETIRED_GRAPH, SHAREPOINT, USER_READ,
};

/// The tenant that owns Microsoft's applications.
const MICROSOFT: Guid = 0xf8cdef31_a31e_4b4a_93e4_5f571e91255a;

pub struct ServicePrincipal<'a> {
    pub id: Guid,
    app_id: Guid,
    pub name: String,
    /// The tenant that owns the application; a managed identity has no application.
    owner: Option<Guid>,
    audience: Option<&'a str>,
    created: Time,
    pub assignment_required: bool,
    replies: Vec<&'a str>,
    names: Vec<String>,
    alternatives: Vec<String>,
    scopes: Vec<(Guid, &'a str)>,
    roles: Vec<(Guid, &'a str)>,
}

/// The object id in this tenant, which a client id tells.
pub fn id(world: &World, app_id: Guid) -> Guid {
    world
        .stream(Topic::Enterprise, (app_id >> 64) as u64 ^ app_id as u64)
        .guid()
}

/// Those of Microsoft's that expose what is asked for.
pub fn resources(world: &World) -> Vec<ServicePrincipal<'static>> {
    let read_write = vec![(DIGITAL_TWINS.1, "Read.Write")];
    let all_sites = vec![(SHAREPOINT.1, "AllSites.Read")];
    let user_read = vec![(RETIRED_GRAPH.1, "User.Read")];
    let mut graph = DELEGATED.to_vec();
    graph.push((USER_READ, "User.Read"));
    let roles = APP_ONLY.to_vec();
    [
        (
            GRAPH,
            "Microsoft Graph",
            "https://graph.microsoft.com",
            graph,
            roles,
        ),
        (
            RETIRED_GRAPH.0,
            "Windows Azure Active Directory",
            "https://graph.windows.net",
            user_read,
            vec![],
        ),
        (
            SHAREPOINT.0,
            "Office 365 SharePoint Online",
            "https://contoso.sharepoint.com",
            all_sites,
            vec![],
        ),
        (
            DIGITAL_TWINS.0,
            "Azure Digital Twins",
            "https://digitaltwins.azure.net",
            read_write,
            vec![],
        ),
    ]
    .map(|(app_id, name, uri, scopes, roles)| ServicePrincipal {
        id: id(world, app_id),
        app_id,
        name: name.to_owned(),
        owner: Some(MICROSOFT),
        audience: Some("AzureADMultipleOrgs"),
        created: Time(TODAY.0 - 2500 * DAY),
        assignment_required: false,
        replies: Vec::new(),
        names: vec![hyphened(app_id), uri.to_owned()],
        alternatives: Vec::new(),
        scopes,
        roles,
    })
    .into()
}

impl<'a> ServicePrincipal<'a> {
    pub fn of_application(world: &World, number: u64, app: &'a Application) -> Self {
        let random = &mut world.stream(Topic::Enterprise, number);
        let redirects = app.web.iter().chain(&app.spa).chain(&app.public);
        let mut names = vec![hyphened(app.app_id)];
        if !app.scopes.is_empty() {
            names.push(format!("api://{}", hyphened(app.app_id)));
        }
        ServicePrincipal {
            id: id(world, app.app_id),
            app_id: app.app_id,
            name: app.name.clone(),
            owner: Some(world.guid(Topic::Tenant, 0)),
            audience: Some(app.audience),
            created: app.created,
            assignment_required: !app.web.is_empty() && random.percent(20),
            replies: redirects.map(String::as_str).collect(),
            names,
            alternatives: Vec::new(),
            scopes: app.scopes.clone(),
            roles: app.roles.clone(),
        }
    }

    pub fn of_instance(instance: &Instance) -> ServicePrincipal<'a> {
        ServicePrincipal {
            id: instance.identity.1,
            app_id: instance.identity.0,
            name: instance.name.clone(),
            owner: None,
            audience: None,
            created: instance.created,
            assignment_required: false,
            replies: Vec::new(),
            names: vec![hyphened(instance.identity.0)],
            alternatives: vec!["isExplicit=False".to_owned(), instance.id()],
            scopes: Vec::new(),
            roles: Vec::new(),
        }
    }

    /// Without the texts that describe permissions: they are most of what Microsoft Graph answers.
    pub fn write(&self, json: &mut Json) {
        let kind = if self.owner.is_some() {
            "Application"
        } else {
            "ManagedIdentity"
        };
        let members = if self.owner == Some(MICROSOFT) {
            &["Application"][..]
        } else {
            &["User", "Application"]
        };
        json.braces(|json| {
            json.put("accountEnabled", &true);
            json.none("addIns");
            json.put("alternativeNames", &self.alternatives);
            json.put("appDisplayName", &self.owner.map(|_| &self.name));
            json.put("appId", &self.app_id);
            json.put("appOwnerOrganizationId", &self.owner);
            json.put("appRoleAssignmentRequired", &self.assignment_required);
            json.list("appRoles", &self.roles, |json, (id, value)| {
                json.braces(|json| {
                    json.put("allowedMemberTypes", members);
                    json.put("id", id);
                    json.put("isEnabled", &true);
                    json.put("value", *value);
                });
            });
            json.put("createdDateTime", &self.created);
            json.null("deletedDateTime");
            json.null("disabledByMicrosoftStatus");
            json.put("displayName", &self.name);
            json.null("homepage");
            json.put("id", &self.id);
            json.none("keyCredentials");
            json.null("logoutUrl");
            json.null("notes");
            json.list(
                "oauth2PermissionScopes",
                &self.scopes,
                |json, (id, value)| {
                    json.braces(|json| {
                        json.put("id", id);
                        json.put("isEnabled", &true);
                        json.put("type", "User");
                        json.put("value", *value);
                    });
                },
            );
            json.none("passwordCredentials");
            json.null("preferredSingleSignOnMode");
            json.put("replyUrls", &self.replies);
            json.put("servicePrincipalNames", &self.names);
            json.put("servicePrincipalType", kind);
            json.put("signInAudience", &self.audience);
            json.none("tags");
        });
    }
}
