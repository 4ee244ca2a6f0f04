//! Applications: what they are for, and the mistakes in them.

use super::chance::{Random, Topic, World};
use super::json::{DAY, Guid, SECOND, TODAY, Time, hyphened};
use super::tables::*;

/// What an application is for; it decides which platforms and credentials it has.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Web,
    Browser,
    Daemon,
    Api,
    Native,
    /// A native client of Azure Digital Twins.
    Twins,
}

impl Kind {
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Web => "Portal",
            Kind::Browser => "Dashboard",
            Kind::Daemon => "Import Job",
            Kind::Api => "API",
            Kind::Native => "Desktop",
            Kind::Twins => "Twin Explorer",
        }
    }
}

/// The mistakes that can be asked for with `--faults`.
#[derive(Clone, Copy, PartialEq)]
pub enum Fault {
    ExpiredSecret,
    LongLivedSecret,
    EndlessSecret,
    ExpiredCertificate,
    InsecureRedirect,
    WildcardRedirect,
    LocalhostPortTwins,
    DuplicatePermission,
    RetiredGraph,
    UnknownAudience,
    TextForBoolean,
    ImplicitAccessTokens,
    /// Asks for Azure Digital Twins, but has no `http://localhost` to come back to (port twins, if
    /// they were drawn too, are taken away again).
    TwinsWithoutLocalhost,
}

impl Fault {
    pub const ALL: [Fault; 13] = [
        Fault::ExpiredSecret,
        Fault::LongLivedSecret,
        Fault::EndlessSecret,
        Fault::ExpiredCertificate,
        Fault::InsecureRedirect,
        Fault::WildcardRedirect,
        Fault::LocalhostPortTwins,
        Fault::DuplicatePermission,
        Fault::RetiredGraph,
        Fault::UnknownAudience,
        Fault::TextForBoolean,
        Fault::ImplicitAccessTokens,
        Fault::TwinsWithoutLocalhost,
    ];
}

/// A secret or a certificate.
pub struct Credential {
    pub key_id: Guid,
    pub start: Time,
    pub end: Option<Time>,
    /// A certificate's thumbprint, or what a secret begins with.
    pub mark: u128,
}

impl Credential {
    /// From one day to another, both counted from today.
    pub fn new(random: &mut Random, start: i64, end: Option<i64>) -> Credential {
        let moment = random.between(0, DAY / SECOND - 1) * SECOND;
        Credential {
            key_id: random.guid(),
            start: Time(TODAY.0 + start * DAY + moment),
            end: end.map(|end| Time(TODAY.0 + end * DAY + moment)),
            mark: random.wide(),
        }
    }

    /// Begun some time ago, with more than a month left, and lasting less than `limit` days in all.
    pub fn valid(random: &mut Random, limit: i64) -> Credential {
        let days = random.between(limit * 3 / 4, limit - 2);
        let left = random.between(40, days - 10);
        Credential::new(random, left - days, Some(left))
    }
}

/// One resource and the permissions asked for there, with true for an application permission.
pub struct Access {
    pub resource: Guid,
    pub permissions: Vec<(Guid, bool)>,
}

impl Access {
    pub fn delegated((resource, permission): (Guid, Guid)) -> Access {
        Access {
            resource,
            permissions: vec![(permission, false)],
        }
    }
}

pub struct Application {
    pub object_id: Guid,
    pub app_id: Guid,
    pub name: String,
    /// Unique, and fit for a host name.
    pub host: String,
    pub subject: &'static str,
    pub created: Time,
    pub created_by: Option<Guid>,
    pub description: Option<String>,
    pub notes: Option<&'static str>,
    pub tags: Vec<&'static str>,
    pub audience: &'static str,
    pub token_version: Option<u64>,
    pub verified: bool,
    pub locked: bool,
    pub public_flow: Option<bool>,
    pub public_flow_as_text: bool,
    pub implicit_access_tokens: bool,
    pub group_claims: Option<&'static str>,
    pub claims: Option<Vec<&'static str>>,
    pub home_page: Option<String>,
    pub logout: Option<String>,
    pub web: Vec<String>,
    pub spa: Vec<String>,
    pub public: Vec<String>,
    pub secrets: Vec<Credential>,
    pub certificates: Vec<Credential>,
    pub access: Vec<Access>,
    pub scopes: Vec<(Guid, &'static str)>,
    pub roles: Vec<(Guid, &'static str)>,
    pub clients: Vec<Guid>,
    pub known_clients: Vec<Guid>,
}

impl Application {
    pub fn new(world: &World, number: u64) -> Application {
        let mut application = Application::clean(world, number);
        let mut random = world.stream(Topic::Fault, number);
        if random.percent(world.faults) {
            let wanted = 1 + random.below(4);
            for fault in random.some(&Fault::ALL, wanted) {
                application.spoil(fault, &mut random);
            }
        }
        application
    }

    pub fn clean(world: &World, number: u64) -> Application {
        let kind = world.kind(number);
        let random = &mut world.stream(Topic::Application, number);
        let app_id = world.guid(Topic::AppId, number);
        let created = Time(TODAY.0 - random.between(200 * 86_400, 2400 * 86_400) * SECOND);
        let (subject, stage) = (random.pick(&SUBJECTS), random.pick(&STAGES));
        let name = format!("{subject} {} {stage} {number}", kind.noun());
        let host = name.to_lowercase().replace(' ', "-").replace('ü', "ue");
        let page = |path: &str| format!("https://{host}.contoso.com/{path}");

        let confidential = matches!(kind, Kind::Web | Kind::Daemon | Kind::Api);
        let audience = match random.below(100) {
            0..=1 if kind == Kind::Web => "AzureADandPersonalMicrosoftAccount",
            0..=9 if confidential => "AzureADMultipleOrgs",
            _ => "AzureADMyOrg",
        };
        let personal = audience == "AzureADandPersonalMicrosoftAccount";
        let verified = audience != "AzureADMyOrg";

        let (mut web, mut spa, mut public) = (Vec::new(), Vec::new(), Vec::new());
        match kind {
            Kind::Web => {
                web.push(page("auth"));
                web.extend(random.percent(60).then(|| page("auth/silent")));
                web.extend(random.percent(30).then(|| page("signin-oidc")));
            }
            Kind::Browser => spa.extend([page(""), page("login/callback")]),
            Kind::Native | Kind::Twins => {
                let broker = format!("msal{}://auth", hyphened(app_id));
                public.extend(["http://localhost".to_owned(), broker]);
            }
            Kind::Daemon | Kind::Api => {}
        }
        let (mut secrets, mut certificates) = (Vec::new(), Vec::new());
        if confidential {
            if random.percent(40) {
                certificates.push(Credential::valid(random, 365));
            }
            if certificates.is_empty() || random.percent(40) {
                secrets.push(Credential::valid(random, 180));
            }
            if !secrets.is_empty() && random.percent(30) {
                secrets.push(Credential::valid(random, 180));
            }
        }

        let mut scopes = Vec::new();
        let mut clients = Vec::new();
        if kind == Kind::Api || (kind == Kind::Web && random.percent(25)) {
            let wanted = 1 + random.below(SCOPES.len() as u64);
            let ids = (number * 4..).map(|slot| world.guid(Topic::ScopeId, slot));
            scopes.extend(ids.zip(SCOPES).take(wanted as usize));
            clients = random.some(&[AZURE_CLI, AZURE_POWERSHELL], wanted - 1);
        }
        let mut roles = Vec::new();
        if !personal && (kind == Kind::Api || random.percent(15)) {
            let wanted = 1 + random.below(ROLES.len() as u64);
            let values = random.some(&ROLES, wanted);
            roles.extend(values.into_iter().map(|value| (random.guid(), value)));
        }
        let mut known_clients = Vec::new();
        if kind == Kind::Api && number > 0 && random.percent(30) {
            known_clients.push(world.guid(Topic::AppId, random.below(number)));
        }
        let wanted = random.below(3);
        let tags = random.some(&TAGS, wanted);
        let claims = random.some(&CLAIMS, wanted + 1);

        Application {
            object_id: world.guid(Topic::ObjectId, number),
            app_id,
            subject,
            created,
            created_by: random.chance(20, || AZURE_CLI),
            description: random.chance(50, || format!("{subject}: {}, {stage}", kind.noun())),
            notes: NOTES.get(random.below(12) as usize).copied(),
            tags,
            audience,
            token_version: (personal || random.percent(60)).then_some(2),
            verified,
            locked: verified || random.percent(70),
            public_flow: match kind {
                Kind::Native | Kind::Twins => Some(true),
                _ => random.chance(30, || false),
            },
            public_flow_as_text: false,
            implicit_access_tokens: false,
            group_claims: random.chance(25, || "SecurityGroup"),
            claims: (!personal && random.percent(50)).then_some(claims),
            home_page: (!web.is_empty() && random.percent(60)).then(|| page("")),
            logout: (!web.is_empty() && random.percent(40)).then(|| page("signout")),
            web,
            spa,
            public,
            secrets,
            certificates,
            access: Application::clean_access(world, number, random),
            scopes,
            roles,
            clients,
            known_clients,
            name,
            host,
        }
    }

    /// What it asks for: always something, and nothing twice.
    pub fn clean_access(world: &World, number: u64, random: &mut Random) -> Vec<Access> {
        let kind = world.kind(number);
        if kind == Kind::Twins {
            return vec![Access::delegated(DIGITAL_TWINS)];
        }
        let mut permissions = Vec::new();
        if kind != Kind::Daemon {
            let wanted = 3 + random.below(5);
            let delegated = random.some(&DELEGATED, wanted);
            permissions.push((USER_READ, false));
            permissions.extend(delegated.into_iter().map(|(id, _)| (id, false)));
        }
        if matches!(kind, Kind::Daemon | Kind::Api) {
            let wanted = 2 + random.below(5);
            let app_only = random.some(&APP_ONLY, wanted);
            permissions.extend(app_only.into_iter().map(|(id, _)| (id, true)));
        }
        let mut access = vec![Access {
            resource: GRAPH,
            permissions,
        }];
        if kind != Kind::Daemon && random.percent(10) {
            access.push(Access::delegated(SHAREPOINT));
        }
        let other = random.below(number + 1);
        if kind != Kind::Daemon && other != number && world.kind(other) == Kind::Api {
            access.push(Access::delegated((
                world.guid(Topic::AppId, other),
                world.guid(Topic::ScopeId, other * 4),
            )));
        }
        access
    }

    pub fn spoil(&mut self, fault: Fault, random: &mut Random) {
        let past = -random.between(3, 300);
        match fault {
            Fault::ExpiredSecret => {
                let secret = Credential::new(random, past - 170, Some(past));
                self.secrets.push(secret);
            }
            Fault::LongLivedSecret => {
                let end = random.between(300, 1500);
                let secret = Credential::new(random, past, Some(end));
                self.secrets.push(secret);
            }
            Fault::EndlessSecret => self.secrets.push(Credential::new(random, past, None)),
            Fault::ExpiredCertificate => {
                let certificate = Credential::new(random, past - 360, Some(past));
                self.certificates.push(certificate);
            }
            Fault::InsecureRedirect => {
                self.web
                    .push(format!("http://{}.fabrikam.com/auth", self.host));
            }
            Fault::WildcardRedirect => {
                self.web
                    .push(format!("https://*.{}.contoso.com/", self.host));
            }
            Fault::LocalhostPortTwins => {
                let twins = ["http://localhost:3000", "http://localhost:5000"];
                self.public.extend(twins.map(str::to_owned));
            }
            Fault::DuplicatePermission => {
                let permissions = &mut self.access[0].permissions;
                permissions.push(permissions[0]);
            }
            Fault::RetiredGraph => self.access.push(Access::delegated(RETIRED_GRAPH)),
            Fault::UnknownAudience => self.audience = random.pick(&UNKNOWN_AUDIENCES),
            Fault::TextForBoolean => self.public_flow_as_text = true,
            Fault::ImplicitAccessTokens => self.implicit_access_tokens = true,
            Fault::TwinsWithoutLocalhost => {
                let localhost = |uri: &String| uri.starts_with("http://localhost");
                self.public.retain(|uri| !localhost(uri));
                if self.access[0].resource != DIGITAL_TWINS.0 {
                    self.access.push(Access::delegated(DIGITAL_TWINS));
                }
            }
        }
    }
}
