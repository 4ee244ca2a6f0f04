//! Builds the benchmark corpus from a seed.
//!
//! Real exports are confidential, and speed can only be compared on input that everybody can make
//! again. This program invents a tenant and prints it as the tools of the trade would: keys sorted,
//! nulls and empty lists kept, some 4.5 KB for an application and 1.2 KB for a role assignment.
//!
//! ```text
//! cargo run --release --example corpus -- KIND --count N --seed S --out PATH [--faults PERCENT]
//! ```
//!
//! | KIND               | PATH becomes                                                            |
//! |--------------------|-------------------------------------------------------------------------|
//! | `apps-array`       | what `az ad app list --all` prints: one array, two blanks               |
//! | `apps-minified`    | the same array on one line                                              |
//! | `apps-ndjson`      | one application a line                                                  |
//! | `apps-page`        | a Microsoft Graph page, `{"@odata.context": …, "value": […]}`           |
//! | `apps-tree`        | a folder as EntraExporter leaves it, one application a file:            |
//! |                    | `Applications/<object id>/<object id>.json`, half of them indented by   |
//! |                    | two blanks and half by four                                             |
//! | `role-assignments` | what `az role assignment list --all` of Azure CLI 2.60 prints           |
//!
//! The same seed and count give the same world in every layout, and everything about an application
//! follows from the seed and its number alone: a larger count only adds to a smaller one, and
//! `role-assignments` speaks of the applications of the same seed (`principalName` is the appId;
//! about one application for every eleven rows).
//!
//! In such a tree, and in any list, a profile applies only to applications that show intent; most of
//! this tenant has nothing to do with Azure Digital Twins.
//!
//! The world is made to be clean: judged on 2026-06-01, `--now 2026-06-01`, only rules for auditors
//! should have anything to say about it. `--faults` (default 1, whole percent) gives that share of
//! the applications one to four mistakes each, drawn from [`Fault`]; one mistake may break more than
//! one rule, and the applications at fault under a small share are at fault in the same way under a
//! larger one. Role assignments carry no faults.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

fn main() -> Result<(), Box<dyn Error>> {
    write(std::env::args().skip(1))
}

/// Writes what these words ask for; `benches/` calls it too.
pub fn write(words: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let order = Order::parse(words)?;
    let world = World {
        seed: order.seed,
        faults: order.faults,
    };
    match order.kind.as_str() {
        "apps-array" => Frame::ARRAY.applications(&world, &order),
        "apps-minified" => Frame::new("[", ",", "]\n", 0, 0).applications(&world, &order),
        "apps-ndjson" => Frame::new("", "\n", "\n", 0, 0).applications(&world, &order),
        "apps-page" => Frame::PAGE.applications(&world, &order),
        "apps-tree" => tree(&world, &order),
        "role-assignments" => Frame::ARRAY.assignments(&world, &order),
        other => return Err(format!("no such kind: {other}; {USAGE}").into()),
    }
    .map_err(|cause| format!("{}: {cause}", order.out.display()).into())
}

const USAGE: &str = "usage: corpus \
     apps-array|apps-minified|apps-ndjson|apps-page|apps-tree|role-assignments \
     --count N --seed S --out PATH [--faults PERCENT]";

/// What was typed.
struct Order {
    kind: String,
    count: u64,
    seed: u64,
    out: PathBuf,
    faults: u64,
}

impl Order {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Order, String> {
        let kind = words.next().ok_or(USAGE)?;
        let (mut count, mut seed, mut out, mut faults) = (None, None, None, None);
        while let Some(word) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("{word} without a value; {USAGE}"))?;
            let number = || {
                value
                    .parse::<u64>()
                    .map_err(|cause| format!("{word} {value}: {cause}"))
            };
            match word.as_str() {
                "--count" => count = Some(number()?),
                "--seed" => seed = Some(number()?),
                "--faults" => faults = Some(number()?),
                "--out" => out = Some(PathBuf::from(&value)),
                _ => return Err(format!("no such option: {word}; {USAGE}")),
            }
        }
        match (count, seed, out, faults) {
            (Some(0), ..) => Err("--count 0: nothing to write".into()),
            (.., Some(101..)) => Err("--faults is a percentage".into()),
            (.., Some(1..)) if kind == "role-assignments" => {
                Err("role assignments carry no faults".into())
            }
            (Some(count), Some(seed), Some(out), faults) => Ok(Order {
                kind,
                count,
                seed,
                out,
                faults: faults.unwrap_or(1),
            }),
            _ => Err(USAGE.into()),
        }
    }
}

// ---- layouts ------------------------------------------------------------------------------------

/// What stands around and between the records of a file, and how a record is indented there.
struct Frame {
    head: &'static str,
    between: &'static str,
    tail: &'static str,
    step: usize,
    depth: usize,
}

impl Frame {
    const ARRAY: Frame = Frame::new("[\n  ", ",\n  ", "\n]\n", 2, 1);
    const PAGE: Frame = Frame::new(
        "{\n  \"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#applications\",\n  \
         \"value\": [\n    ",
        ",\n    ",
        "\n  ]\n}\n",
        2,
        2,
    );

    const fn new(
        head: &'static str,
        between: &'static str,
        tail: &'static str,
        step: usize,
        depth: usize,
    ) -> Frame {
        Frame {
            head,
            between,
            tail,
            step,
            depth,
        }
    }

    fn applications(&self, world: &World, order: &Order) -> io::Result<()> {
        let mut numbers = 0..order.count;
        self.write(&order.out, |json| {
            numbers
                .next()
                .map(|number| Application::new(world, number).write(json))
        })
    }

    fn assignments(&self, world: &World, order: &Order) -> io::Result<()> {
        let mut rows = Assignments::new(world).take(order.count as usize);
        self.write(&order.out, |json| rows.next().map(|row| row.write(json)))
    }

    /// Writes records for as long as `next` makes one.
    fn write(&self, path: &Path, mut next: impl FnMut(&mut Json) -> Option<()>) -> io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let mut json = Json::new(self.step, self.depth);
        let mut lead = self.head;
        while next(&mut json).is_some() {
            file.write_all(lead.as_bytes())?;
            file.write_all(&json.text)?;
            json.text.clear();
            lead = self.between;
        }
        file.write_all(self.tail.as_bytes())?;
        file.flush()
    }
}

/// One file for each application. An old tree is not written over: what is left of it would mix in.
fn tree(world: &World, order: &Order) -> io::Result<()> {
    let root = order.out.join("Applications");
    if root.exists() {
        return Err(io::Error::other("the folder holds a tree already"));
    }
    for number in 0..order.count {
        let application = Application::new(world, number);
        let mut json = Json::new(if number % 2 == 0 { 2 } else { 4 }, 0);
        application.write(&mut json);
        json.text.push(b'\n');
        let id = hyphened(application.object_id);
        let folder = root.join(&id);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(id + ".json"), &json.text)?;
    }
    Ok(())
}

// ---- chance -------------------------------------------------------------------------------------

/// The invented tenant: everything in it is a function of the seed, a topic and a number.
struct World {
    seed: u64,
    faults: u64,
}

/// Topics have a stream of numbers each, so that one object can name another without making it.
#[derive(Clone, Copy)]
enum Topic {
    Kind,
    ObjectId,
    AppId,
    ScopeId,
    Application,
    Fault,
    Principal,
    PrincipalId,
    Assignment,
    Subscription,
}

impl World {
    fn stream(&self, topic: Topic, number: u64) -> Random {
        let mut random = Random(self.seed ^ ((topic as u64 + 1) << 56));
        Random(random.next() ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn guid(&self, topic: Topic, number: u64) -> Guid {
        self.stream(topic, number).guid()
    }

    fn kind(&self, number: u64) -> Kind {
        match self.stream(Topic::Kind, number).below(100) {
            0..=41 => Kind::Web,
            42..=55 => Kind::Browser,
            56..=74 => Kind::Daemon,
            75..=89 => Kind::Api,
            90..=98 => Kind::Native,
            _ => Kind::Twins,
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood: "Fast splittable pseudorandom number generators").
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// A version 4 GUID (RFC 9562, section 5.4).
    fn guid(&mut self) -> Guid {
        self.wide() & !(0xf << 76 | 0x3 << 62) | 4 << 76 | 2 << 62
    }

    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn chance<T>(&mut self, chance: u64, make: impl FnOnce() -> T) -> Option<T> {
        self.percent(chance).then(make)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// `wanted` different members, in the order of the table.
    fn some<T: Copy>(&mut self, from: &[T], mut wanted: u64) -> Vec<T> {
        let mut left = from.len() as u64;
        let mut chosen = Vec::with_capacity(wanted as usize);
        for &member in from {
            if self.below(left) < wanted {
                chosen.push(member);
                wanted -= 1;
            }
            left -= 1;
        }
        chosen
    }
}

// ---- applications -------------------------------------------------------------------------------

const GRAPH: Guid = 0x00000003_0000_0000_c000_000000000000;
const RETIRED_GRAPH: (Guid, Guid) = (
    0x00000002_0000_0000_c000_000000000000,
    0x311a71cc_e848_46a1_bdf8_97ff7156d8e6,
);
/// Azure Digital Twins and its one delegated permission, Read.Write.
const DIGITAL_TWINS: (Guid, Guid) = (
    0x0b07f429_9f4b_4714_9392_cc5e8e80c8b0,
    0x4589bd03_58cb_4e6c_b17f_b580e39652f8,
);
/// Office 365 SharePoint Online and AllSites.Read.
const SHAREPOINT: (Guid, Guid) = (
    0x00000003_0000_0ff1_ce00_000000000000,
    0x4e0d77b0_96ba_4398_af14_3baa780278f4,
);
const USER_READ: Guid = 0xe1fe6dd8_ba31_4d61_89e7_88639da4683d;
const AZURE_CLI: Guid = 0x04b07795_8ddb_461a_bbee_02f9e1bf7b46;
const AZURE_POWERSHELL: Guid = 0x1950a258_227b_4e31_a9cf_717495945fc2;

/// Delegated permissions of Microsoft Graph ("Microsoft Graph permissions reference").
const DELEGATED: [Guid; 22] = [
    0x37f7f235_527c_4136_accd_4a02d197296e, // openid
    0x14dad69e_099b_42c9_810b_d002981feec1, // profile
    0x64a6cdd6_aab1_4aaf_94b8_3cc8405e90d0, // email
    0x7427e0e9_2fba_42fe_b0c0_848c9e6a8182, // offline_access
    0xb340eb25_3456_403f_be2f_af7a0d370277, // User.ReadBasic.All
    0x5f8c59db_677d_491f_a6b8_5f174b11ec1d, // Group.Read.All
    0xbc024368_1153_4739_b217_4326f2e966d0, // GroupMember.Read.All
    0x570282fd_fa5c_430d_a7fd_fc8dc98a9dca, // Mail.Read
    0xe383f46e_2787_4529_855e_0e479a3ffac0, // Mail.Send
    0x465a38f9_76ea_45b9_9f34_9e8b0d4b0b42, // Calendars.Read
    0x1ec239c2_d7c9_4623_a91a_a9775856bb36, // Calendars.ReadWrite
    0xff74d97f_43af_4b68_9f2a_b77ee6968c5d, // Contacts.Read
    0x10465720_29dd_4523_a11a_6a75c743c9d9, // Files.Read
    0xdf85f4d6_205c_4ac5_a5ea_6bf408dba283, // Files.Read.All
    0x205e70e5_aba6_4c52_a976_6d2d46c48043, // Sites.Read.All
    0xba47897c_39ec_4d83_8086_ee8256fa737d, // People.Read
    0x76bc735e_aecd_4a1d_8b4c_2b915deabb79, // Presence.Read
    0x485be79e_c497_4b35_9400_0e3fa7f2a5d4, // Team.ReadBasic.All
    0x9d8982ae_4365_4f57_95e9_d6032a4c0b87, // Channel.ReadBasic.All
    0xf45671fb_e0fe_4b4b_be20_3d3ce43f1bcb, // Tasks.Read
    0x2219042f_cab5_40cc_b0d2_16b1540b4c5f, // Tasks.ReadWrite
    0x371361e4_b9e2_4a3f_8315_2a301a3b0a3d, // Notes.Read
];

/// Application permissions of Microsoft Graph, none of which leads to the whole tenant.
const APP_ONLY: [Guid; 14] = [
    0xdf021288_bdef_4463_88db_98f22de89214, // User.Read.All
    0x5b567255_7703_4780_807c_7be8301ae99b, // Group.Read.All
    0x98830695_27a2_44f7_8c18_0c3ebc9698f6, // GroupMember.Read.All
    0x7438b122_aefc_4978_80ed_43db9fcc7715, // Device.Read.All
    0x798ee544_9d2d_430c_a058_570e29e34338, // Calendars.Read
    0xb633e1c5_b582_4048_a93e_9f11b44c7e96, // Mail.Send
    0x332a536c_c7ef_4017_ab91_336970924f0d, // Sites.Read.All
    0xb0afded3_3588_46d8_8b3d_9842eff778da, // AuditLog.Read.All
    0x9a5d68dd_52b0_4cc2_bd40_abcf44ac3a30, // Application.Read.All
    0x230c1aed_a721_4c5d_9cb4_a90514e508ef, // Reports.Read.All
    0x498476ce_e0fe_48b0_b801_37ba7e2685c6, // Organization.Read.All
    0x79c261e0_fe76_4144_aad5_bdc68fbe4037, // ServiceHealth.Read.All
    0x1b620472_6534_4fe6_9df2_4680e8aa28ec, // ServiceMessage.Read.All
    0xbf394140_e372_4bf9_a898_299cfc7564e5, // SecurityEvents.Read.All
];

const SUBJECTS: [&str; 16] = [
    "Payroll",
    "Invoice",
    "Warehouse",
    "Campus",
    "Claims",
    "Fleet",
    "Laboratory",
    "Recruiting",
    "Travel",
    "Customer",
    "Maintenance",
    "Energy",
    "Contract",
    "Inventory",
    "Züri",
    "Training",
];
const STAGES: [&str; 4] = ["Development", "Test", "Staging", "Production"];
const CLAIMS: [&str; 6] = [
    "email",
    "family_name",
    "given_name",
    "groups",
    "ipaddr",
    "upn",
];
const TAGS: [&str; 5] = [
    "HideApp",
    "WindowsAzureActiveDirectoryIntegratedApp",
    "cost-center:4711",
    "managed-by:terraform",
    "team:identity",
];
const NOTES: [&str; 4] = [
    "Owned by the platform team. Ask in the service desk before changing anything here.",
    "Created from the landing zone template.\nSee the runbook \"App registrations\", chapter 4.",
    "Secret is rotated by a pipeline every quarter; do not create one by hand.",
    "Prüfung durch die Revision: zuletzt im März, ohne Befund.",
];

const SCOPES: [&str; 3] = ["Records.Read", "Records.Write", "Records.Approve"];
const ROLES: [&str; 3] = ["Records.Read.All", "Records.Audit", "Records.Administer"];
const UNKNOWN_AUDIENCES: [&str; 3] = [
    "AzureADAndPersonalMicrosoftAccount",
    "AzureADMyOrgs",
    "AzureAdMultipleOrgs",
];

/// What an application is for; it decides which platforms and credentials it has.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Web,
    Browser,
    Daemon,
    Api,
    Native,
    /// A native client of Azure Digital Twins.
    Twins,
}

impl Kind {
    fn noun(self) -> &'static str {
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
enum Fault {
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
    const ALL: [Fault; 13] = [
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
struct Credential {
    key_id: Guid,
    start: Time,
    end: Option<Time>,
    /// A certificate's thumbprint, or what a secret begins with.
    mark: u128,
}

impl Credential {
    /// From one day to another, both counted from today.
    fn new(random: &mut Random, start: i64, end: Option<i64>) -> Credential {
        let moment = random.between(0, DAY / SECOND - 1) * SECOND;
        Credential {
            key_id: random.guid(),
            start: Time(TODAY.0 + start * DAY + moment),
            end: end.map(|end| Time(TODAY.0 + end * DAY + moment)),
            mark: random.wide(),
        }
    }

    /// Begun some time ago, with more than a month left, and lasting less than `limit` days in all.
    fn valid(random: &mut Random, limit: i64) -> Credential {
        let days = random.between(limit * 3 / 4, limit - 2);
        let left = random.between(40, days - 10);
        Credential::new(random, left - days, Some(left))
    }
}

/// One resource and the permissions asked for there, with true for an application permission.
struct Access {
    resource: Guid,
    permissions: Vec<(Guid, bool)>,
}

impl Access {
    fn delegated((resource, permission): (Guid, Guid)) -> Access {
        Access {
            resource,
            permissions: vec![(permission, false)],
        }
    }
}

struct Application {
    object_id: Guid,
    app_id: Guid,
    name: String,
    /// Unique, and fit for a host name.
    host: String,
    subject: &'static str,
    created: Time,
    created_by: Option<Guid>,
    description: Option<String>,
    notes: Option<&'static str>,
    tags: Vec<&'static str>,
    audience: &'static str,
    token_version: Option<u64>,
    verified: bool,
    locked: bool,
    public_flow: Option<bool>,
    public_flow_as_text: bool,
    implicit_access_tokens: bool,
    group_claims: Option<&'static str>,
    claims: Option<Vec<&'static str>>,
    home_page: Option<String>,
    logout: Option<String>,
    web: Vec<String>,
    spa: Vec<String>,
    public: Vec<String>,
    secrets: Vec<Credential>,
    certificates: Vec<Credential>,
    access: Vec<Access>,
    scopes: Vec<(Guid, &'static str)>,
    roles: Vec<(Guid, &'static str)>,
    clients: Vec<Guid>,
    known_clients: Vec<Guid>,
}

impl Application {
    fn new(world: &World, number: u64) -> Application {
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

    fn clean(world: &World, number: u64) -> Application {
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
    fn clean_access(world: &World, number: u64, random: &mut Random) -> Vec<Access> {
        let kind = world.kind(number);
        if kind == Kind::Twins {
            return vec![Access::delegated(DIGITAL_TWINS)];
        }
        let mut permissions = Vec::new();
        if kind != Kind::Daemon {
            let wanted = 3 + random.below(5);
            let delegated = random.some(&DELEGATED, wanted);
            permissions.push((USER_READ, false));
            permissions.extend(delegated.into_iter().map(|id| (id, false)));
        }
        if matches!(kind, Kind::Daemon | Kind::Api) {
            let wanted = 2 + random.below(5);
            let app_only = random.some(&APP_ONLY, wanted);
            permissions.extend(app_only.into_iter().map(|id| (id, true)));
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

    fn spoil(&mut self, fault: Fault, random: &mut Random) {
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

    /// Keys in byte order, as the Azure CLI sorts them.
    fn write(&self, json: &mut Json) {
        let page = |path: &str| format!("https://{}.contoso.com/{path}", self.host);
        let own_uri = format!("api://{}", hyphened(self.app_id));
        json.braces(|json| {
            json.none("addIns");
            json.object("api", |json| self.write_api(json));
            json.put("appId", &self.app_id);
            json.list("appRoles", &self.roles, |json, role| {
                self.write_role(json, *role);
            });
            json.null("applicationTemplateId");
            json.null("certification");
            json.put("createdByAppId", &self.created_by);
            json.put("createdDateTime", &self.created);
            json.null("defaultRedirectUri");
            json.null("deletedDateTime");
            json.put("description", &self.description);
            json.null("disabledByMicrosoftStatus");
            json.put("displayName", &self.name);
            json.put("groupMembershipClaims", &self.group_claims);
            json.put("id", &self.object_id);
            let uris = if self.scopes.is_empty() {
                &[][..]
            } else {
                &[own_uri]
            };
            json.put("identifierUris", uris);
            json.object("info", |json| {
                json.null("logoUrl");
                json.null("marketingUrl");
                json.put(
                    "privacyStatementUrl",
                    &self.verified.then(|| page("privacy")),
                );
                json.put("supportUrl", &self.verified.then(|| page("support")));
                json.put("termsOfServiceUrl", &self.verified.then(|| page("terms")));
            });
            json.null("isDeviceOnlyAuthSupported");
            json.null("isDisabled");
            if self.public_flow_as_text {
                json.put("isFallbackPublicClient", "false");
            } else {
                json.put("isFallbackPublicClient", &self.public_flow);
            }
            json.list("keyCredentials", &self.certificates, |json, certificate| {
                self.write_certificate(json, certificate);
            });
            json.null("nativeAuthenticationApisEnabled");
            json.put("notes", &self.notes);
            match &self.claims {
                Some(claims) => json.object("optionalClaims", |json| {
                    json.list("accessToken", &claims[..1], write_claim);
                    json.list("idToken", claims, write_claim);
                    json.none("saml2Token");
                }),
                None => json.null("optionalClaims"),
            }
            json.object("parentalControlSettings", |json| {
                json.none("countriesBlockedForMinors");
                json.put("legalAgeGroupRule", "Allow");
            });
            json.list("passwordCredentials", &self.secrets, write_secret);
            json.object("publicClient", |json| {
                json.put("redirectUris", &self.public);
            });
            json.put("publisherDomain", "contoso.com");
            json.null("requestSignatureVerification");
            json.list("requiredResourceAccess", &self.access, write_access);
            json.null("samlMetadataUrl");
            json.null("serviceManagementReference");
            if self.locked {
                json.object("servicePrincipalLockConfiguration", |json| {
                    json.put("allProperties", &true);
                    json.put("credentialsWithUsageSign", &true);
                    json.put("credentialsWithUsageVerify", &true);
                    json.put("identifierUris", &false);
                    json.put("isEnabled", &true);
                    json.put("tokenEncryptionKeyId", &true);
                });
            } else {
                json.null("servicePrincipalLockConfiguration");
            }
            json.put("signInAudience", self.audience);
            json.object("spa", |json| json.put("redirectUris", &self.spa));
            json.put("tags", &self.tags);
            json.null("tokenEncryptionKeyId");
            json.null("uniqueName");
            json.object("verifiedPublisher", |json| {
                json.put("addedDateTime", &self.verified.then_some(self.created));
                json.put("displayName", &self.verified.then_some("Contoso Ltd."));
                json.put("verifiedPublisherId", &self.verified.then_some("5206095"));
            });
            json.object("web", |json| self.write_web(json));
        });
    }

    fn write_api(&self, json: &mut Json) {
        json.null("acceptMappedClaims");
        json.put("knownClientApplications", &self.known_clients);
        json.list("oauth2PermissionScopes", &self.scopes, |json, scope| {
            self.write_scope(json, *scope);
        });
        let ids: Vec<Guid> = self.scopes.iter().map(|&(id, _)| id).collect();
        json.list(
            "preAuthorizedApplications",
            &self.clients,
            |json, client| {
                json.braces(|json| {
                    json.put("appId", client);
                    json.put("delegatedPermissionIds", &ids);
                });
            },
        );
        json.put("requestedAccessTokenVersion", &self.token_version);
    }

    fn write_scope(&self, json: &mut Json, (id, value): (Guid, &str)) {
        let what = format!("{} ({})", value, self.subject);
        let kind = if value == SCOPES[0] { "User" } else { "Admin" };
        let admin = format!("Allows the app to use {what} on behalf of the signed-in user.");
        let user = format!("Allows the app to use {what} on your behalf.");
        json.braces(|json| {
            json.put("adminConsentDescription", &admin);
            json.put("adminConsentDisplayName", &what);
            json.put("id", &id);
            json.put("isEnabled", &true);
            json.put("type", kind);
            json.put("userConsentDescription", &user);
            json.put("userConsentDisplayName", &what);
            json.put("value", value);
        });
    }

    fn write_role(&self, json: &mut Json, (id, value): (Guid, &str)) {
        let what = format!("{} {value}", self.subject);
        let description = format!("Members have the role {what} in this application.");
        json.braces(|json| {
            json.put("allowedMemberTypes", &["User", "Application"][..]);
            json.put("description", &description);
            json.put("displayName", &what);
            json.put("id", &id);
            json.put("isEnabled", &true);
            json.put("origin", "Application");
            json.put("value", value);
        });
    }

    fn write_certificate(&self, json: &mut Json, certificate: &Credential) {
        // 40 hexadecimal digits, as of SHA-1
        let (mark, more) = (certificate.mark, certificate.key_id as u32);
        json.braces(|json| {
            json.put("customKeyIdentifier", &format!("{mark:032X}{more:08X}"));
            json.put("displayName", &format!("CN={}.contoso.com", self.host));
            json.put("endDateTime", &certificate.end);
            json.null("key");
            json.put("keyId", &certificate.key_id);
            json.put("startDateTime", &certificate.start);
            json.put("type", "AsymmetricX509Cert");
            json.put("usage", "Verify");
        });
    }

    fn write_web(&self, json: &mut Json) {
        json.put("homePageUrl", &self.home_page);
        json.object("implicitGrantSettings", |json| {
            json.put("enableAccessTokenIssuance", &self.implicit_access_tokens);
            json.put("enableIdTokenIssuance", &false);
        });
        json.put("logoutUrl", &self.logout);
        json.list("redirectUriSettings", &self.web, |json, uri| {
            json.braces(|json| {
                json.null("index");
                json.put("uri", uri);
            });
        });
        json.put("redirectUris", &self.web);
    }
}

fn write_secret(json: &mut Json, secret: &Credential) {
    json.braces(|json| {
        json.null("customKeyIdentifier");
        json.put("displayName", "rotated by pipeline");
        json.put("endDateTime", &secret.end);
        json.put("hint", &format!("{:03x}", secret.mark & 0xfff));
        json.put("keyId", &secret.key_id);
        json.null("secretText");
        json.put("startDateTime", &secret.start);
    });
}

fn write_access(json: &mut Json, access: &Access) {
    json.braces(|json| {
        json.list("resourceAccess", &access.permissions, |json, permission| {
            json.braces(|json| {
                json.put("id", &permission.0);
                json.put("type", if permission.1 { "Role" } else { "Scope" });
            });
        });
        json.put("resourceAppId", &access.resource);
    });
}

fn write_claim(json: &mut Json, name: &&str) {
    json.braces(|json| {
        json.none("additionalProperties");
        json.put("essential", &false);
        json.put("name", name);
        json.null("source");
    });
}

// ---- role assignments ---------------------------------------------------------------------------

/// Built-in roles that a principal may hold on a subscription, a resource group or a resource.
#[rustfmt::skip]
const BUILT_IN: [(Guid, &str); 20] = [
    (0xacdd72a7_3385_48ef_bd42_f606fba81ae7, "Reader"),
    (0x2a2b9908_6ea1_4ae2_8e65_a410df84e7d1, "Storage Blob Data Reader"),
    (0xba92f5b4_2d11_453d_a403_e96b0029c9fe, "Storage Blob Data Contributor"),
    (0x974c5e8b_45b9_4653_ba55_5f855dd0fb88, "Storage Queue Data Contributor"),
    (0x17d1049b_9a84_46fb_8f53_869881c3d3ab, "Storage Account Contributor"),
    (0x4633458b_17de_408a_b874_0445c86b69e6, "Key Vault Secrets User"),
    (0x21090545_7ca7_4776_b22c_e363652d74d2, "Key Vault Reader"),
    (0x12338af0_0e69_4776_bea7_57ae8d297424, "Key Vault Crypto User"),
    (0x9980e02c_c2be_4d73_94e8_173b1dc7cf3c, "Virtual Machine Contributor"),
    (0x4d97b98b_1d4f_4787_a291_c67834d212e7, "Network Contributor"),
    (0x7f951dda_4ed3_4680_a7ca_43fe172d538d, "AcrPull"),
    (0x8311e382_0749_4cb8_b61a_304f252e45ec, "AcrPush"),
    (0x43d0d8ad_25c7_4714_9337_8ba259a9fe05, "Monitoring Reader"),
    (0x3913510d_42f4_4e42_8a64_420c390055eb, "Monitoring Metrics Publisher"),
    (0x73c42c96_874c_492b_b04d_ab87d138a893, "Log Analytics Reader"),
    (0xde139f84_1756_47ae_9be6_808fbbe84772, "Website Contributor"),
    (0x69a216fc_b8fb_44d8_bc22_1f3c2cd27a39, "Azure Service Bus Data Sender"),
    (0x4f6d3b9b_027b_4f4c_9142_0e5a2a2247e0, "Azure Service Bus Data Receiver"),
    (0x72fafb9e_0641_4937_9268_a91bfd8191a3, "Cost Management Reader"),
    (0x516239f1_63e1_4d78_a4de_a74fb236a071, "App Configuration Data Reader"),
];
const BLOB_READER: Guid = BUILT_IN[1].0;
const BLOB_CONDITION: &str = "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/\
    containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/\
    containers:name] StringEquals 'reports'))";
const TWINS_OWNER: (Guid, &str) = (
    0xbcd981a7_7f74_457b_83e1_cceb9e632ffe,
    "Azure Digital Twins Data Owner",
);
/// Instances of Azure Digital Twins.
const INSTANCES: u64 = 16;
const SUBSCRIPTIONS: u64 = 24;
const RESOURCES: [&str; 6] = [
    "Microsoft.Storage/storageAccounts/contosodata",
    "Microsoft.KeyVault/vaults/kv-contoso-",
    "Microsoft.Web/sites/app-contoso-",
    "Microsoft.ServiceBus/namespaces/sb-contoso-",
    "Microsoft.ContainerRegistry/registries/contosoimages",
    "Microsoft.OperationalInsights/workspaces/log-contoso-",
];
const GIVEN: [&str; 6] = ["ada", "grace", "emmy", "sofia", "karl", "maria"];
const FAMILY: [&str; 6] = ["keller", "meier", "bernasconi", "favre", "moser", "huber"];
const PLACES: [&str; 4] = ["westeurope", "northeurope", "switzerlandnorth", "eastus2"];

/// All rows, principal after principal, without end.
///
/// No principal has a role twice, so that no row repeats another, or one of a scope above it. The
/// first principals are the people who run the instances of Digital Twins, one for each of them;
/// later only the clients of Digital Twins have that role.
struct Assignments<'w> {
    world: &'w World,
    rows: u64,
    principals: u64,
    applications: u64,
    /// The rest of the present principal's rows, last one first.
    pending: Vec<Assignment>,
}

struct Principal {
    id: Guid,
    name: String,
    kind: &'static str,
}

struct Assignment {
    id: Guid,
    principal: Rc<Principal>,
    role: (Guid, &'static str),
    subscription: Guid,
    resource_group: Option<String>,
    resource: Option<String>,
    condition: Option<&'static str>,
    description: Option<&'static str>,
    author: Guid,
    created: Time,
}

impl<'w> Assignments<'w> {
    fn new(world: &'w World) -> Self {
        Assignments {
            world,
            rows: 0,
            principals: 0,
            applications: 0,
            pending: Vec::new(),
        }
    }

    fn next_principal(&mut self) {
        let number = self.principals;
        self.principals += 1;
        let random = &mut self.world.stream(Topic::Principal, number);
        let mut instance = (number < INSTANCES).then_some(number);
        let (kind, name) = match random.below(100) {
            roll if roll < 20 || instance.is_some() => {
                let (given, family) = (random.pick(&GIVEN), random.pick(&FAMILY));
                ("User", format!("{given}.{family}{number}@contoso.com"))
            }
            20..=54 => {
                let subject = random.pick(&SUBJECTS);
                ("Group", format!("{subject} operators {number}"))
            }
            _ => {
                let application = self.applications;
                self.applications += 1;
                if self.world.kind(application) == Kind::Twins {
                    instance = Some(random.below(INSTANCES));
                }
                let app_id = self.world.guid(Topic::AppId, application);
                ("ServicePrincipal", hyphened(app_id))
            }
        };
        let id = self.world.guid(Topic::PrincipalId, number);
        let principal = Rc::new(Principal { id, name, kind });
        let wanted = 1 + random.below(9);
        for role in random.some(&BUILT_IN, wanted) {
            let row = self.row(random, &principal, role);
            self.pending.push(row);
        }
        if let Some(instance) = instance {
            let row = self.row(random, &principal, TWINS_OWNER);
            let kind = "Microsoft.DigitalTwins/digitalTwinsInstances";
            self.pending.push(Assignment {
                subscription: self.world.guid(Topic::Subscription, instance),
                resource_group: Some(format!("rg-twins-{instance:02}")),
                resource: Some(format!("{kind}/twins-{instance:02}")),
                ..row
            });
        }
    }

    fn row(
        &mut self,
        random: &mut Random,
        principal: &Rc<Principal>,
        role: (Guid, &'static str),
    ) -> Assignment {
        let row = self.rows;
        self.rows += 1;
        let guid = |topic, number| self.world.guid(topic, number);
        let number = random.below(400);
        let group = format!("rg-contoso-{number:03}-{}", random.pick(&PLACES));
        let resource = format!("{}{number:03}", random.pick(&RESOURCES));
        let depth = random.below(100);
        let age = random.between(2 * DAY, 1500 * DAY);
        Assignment {
            id: guid(Topic::Assignment, row),
            principal: Rc::clone(principal),
            role,
            subscription: guid(Topic::Subscription, random.below(SUBSCRIPTIONS)),
            resource_group: (depth >= 10).then_some(group),
            resource: (depth >= 35).then_some(resource),
            condition: (role.0 == BLOB_READER && random.percent(10)).then_some(BLOB_CONDITION),
            description: random.chance(10, || "Requested through the service desk"),
            author: guid(Topic::PrincipalId, random.below(INSTANCES)),
            created: Time(TODAY.0 - age),
        }
    }
}

impl Iterator for Assignments<'_> {
    type Item = Assignment;

    fn next(&mut self) -> Option<Assignment> {
        if self.pending.is_empty() {
            self.next_principal();
        }
        self.pending.pop()
    }
}

impl Assignment {
    fn write(&self, json: &mut Json) {
        let subscription = format!("/subscriptions/{}", hyphened(self.subscription));
        let mut scope = subscription.clone();
        let parts = [
            ("/resourceGroups/", &self.resource_group),
            ("/providers/", &self.resource),
        ];
        for (part, name) in parts {
            if let Some(name) = name {
                scope.push_str(part);
                scope.push_str(name);
            }
        }
        let authorization = "/providers/Microsoft.Authorization";
        let (id, role) = (hyphened(self.id), hyphened(self.role.0));
        let definition = format!("{subscription}{authorization}/roleDefinitions/{role}");
        let path = format!("{scope}{authorization}/roleAssignments/{id}");
        json.braces(|json| {
            json.put("condition", &self.condition);
            json.put("conditionVersion", &self.condition.and(Some("2.0")));
            json.put("createdBy", &self.author);
            json.put("createdOn", &Precise(self.created));
            json.null("delegatedManagedIdentityResourceId");
            json.put("description", &self.description);
            json.put("id", &path);
            json.put("name", &self.id);
            json.put("principalId", &self.principal.id);
            json.put("principalName", &self.principal.name);
            json.put("principalType", self.principal.kind);
            if let Some(group) = &self.resource_group {
                json.put("resourceGroup", group);
            }
            json.put("roleDefinitionId", &definition);
            json.put("roleDefinitionName", self.role.1);
            json.put("scope", &scope);
            json.put("type", "Microsoft.Authorization/roleAssignments");
            json.put("updatedBy", &self.author);
            json.put("updatedOn", &Precise(self.created));
        });
    }
}

// ---- JSON ---------------------------------------------------------------------------------------

/// Text in the making, laid out as Python's `json.dumps` does it; on one line when `step` is 0.
struct Json {
    text: Vec<u8>,
    step: usize,
    depth: usize,
    /// Nothing stands in the present container yet.
    fresh: bool,
}

impl Json {
    fn new(step: usize, depth: usize) -> Json {
        Json {
            text: Vec::with_capacity(1 << 14),
            step,
            depth,
            fresh: true,
        }
    }

    /// A member with a value that knows how to print itself.
    fn put<V: Value + ?Sized>(&mut self, key: &str, value: &V) {
        self.key(key);
        value.write(self);
    }

    fn null(&mut self, key: &str) {
        self.key(key);
        self.raw("null");
    }

    /// A member that is an empty list.
    fn none(&mut self, key: &str) {
        self.key(key);
        self.raw("[]");
    }

    fn object(&mut self, key: &str, fill: impl FnOnce(&mut Json)) {
        self.key(key);
        self.braces(fill);
    }

    fn list<T>(&mut self, key: &str, items: &[T], each: impl FnMut(&mut Json, &T)) {
        self.key(key);
        self.brackets(items, each);
    }

    /// An object with at least one member.
    fn braces(&mut self, fill: impl FnOnce(&mut Json)) {
        self.text.push(b'{');
        self.depth += 1;
        self.fresh = true;
        fill(self);
        self.close(b'}');
    }

    fn brackets<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Json, &T)) {
        if items.is_empty() {
            return self.raw("[]");
        }
        self.text.push(b'[');
        self.depth += 1;
        self.fresh = true;
        for item in items {
            self.advance();
            each(self, item);
        }
        self.close(b']');
    }

    fn close(&mut self, end: u8) {
        self.depth -= 1;
        self.fresh = false;
        self.line();
        self.text.push(end);
    }

    /// No key of ours needs escaping.
    fn key(&mut self, key: &str) {
        self.advance();
        self.text.push(b'"');
        self.raw(key);
        self.raw(if self.step > 0 { "\": " } else { "\":" });
    }

    /// To the place of the next member or element.
    fn advance(&mut self) {
        if !self.fresh {
            self.text.push(b',');
        }
        self.fresh = false;
        self.line();
    }

    fn line(&mut self) {
        const BLANKS: [u8; 64] = [b' '; 64];
        if self.step > 0 {
            self.text.push(b'\n');
            self.text
                .extend_from_slice(&BLANKS[..self.step * self.depth]);
        }
    }

    fn raw(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn number(&mut self, value: i64, width: u32) {
        for place in (0..width).rev() {
            self.text.push(b'0' + (value / 10i64.pow(place) % 10) as u8);
        }
    }
}

trait Value {
    fn write(&self, json: &mut Json);
}

impl<V: Value + ?Sized> Value for &V {
    fn write(&self, json: &mut Json) {
        (**self).write(json);
    }
}

impl<V: Value> Value for Option<V> {
    fn write(&self, json: &mut Json) {
        match self {
            Some(value) => value.write(json),
            None => json.raw("null"),
        }
    }
}

impl<V: Value> Value for [V] {
    fn write(&self, json: &mut Json) {
        json.brackets(self, |json, value| value.write(json));
    }
}

impl<V: Value> Value for Vec<V> {
    fn write(&self, json: &mut Json) {
        self.as_slice().write(json);
    }
}

impl Value for bool {
    fn write(&self, json: &mut Json) {
        json.raw(if *self { "true" } else { "false" });
    }
}

impl Value for u64 {
    fn write(&self, json: &mut Json) {
        json.raw(&self.to_string());
    }
}

impl Value for String {
    fn write(&self, json: &mut Json) {
        self.as_str().write(json);
    }
}

/// Quotes and line breaks are all that ours contain of what has to be escaped.
impl Value for str {
    fn write(&self, json: &mut Json) {
        json.text.push(b'"');
        let mut rest = self;
        while let Some(place) = rest.find(['"', '\n']) {
            json.raw(&rest[..place]);
            let quote = rest.as_bytes()[place] == b'"';
            json.raw(if quote { "\\\"" } else { "\\n" });
            rest = &rest[place + 1..];
        }
        json.raw(rest);
        json.text.push(b'"');
    }
}

/// 128 bits, printed in the usual 8-4-4-4-12 groups.
type Guid = u128;

impl Value for Guid {
    fn write(&self, json: &mut Json) {
        json.text.push(b'"');
        json.text.extend_from_slice(&digits(*self));
        json.text.push(b'"');
    }
}

fn hyphened(guid: Guid) -> String {
    digits(guid).iter().copied().map(char::from).collect()
}

fn digits(guid: Guid) -> [u8; 36] {
    let mut text = [b'-'; 36];
    let mut shift = 128;
    for (place, digit) in text.iter_mut().enumerate() {
        if !matches!(place, 8 | 13 | 18 | 23) {
            shift -= 4;
            *digit = b"0123456789abcdef"[(guid >> shift) as usize & 15];
        }
    }
    text
}

/// Milliseconds since 1970. Microsoft Graph prints `2026-01-14T09:32:11Z`.
#[derive(Clone, Copy)]
struct Time(i64);

/// As the Azure CLI prints what came from Azure: `2025-07-07T10:40:27.527000+00:00`.
struct Precise(Time);

const SECOND: i64 = 1000;
const DAY: i64 = 86_400 * SECOND;
/// 2026-06-01T00:00:00Z, the date on which the world is clean.
const TODAY: Time = Time(20_605 * DAY);

impl Value for Time {
    fn write(&self, json: &mut Json) {
        json.text.push(b'"');
        self.civil(json);
        json.raw("Z\"");
    }
}

impl Value for Precise {
    fn write(&self, json: &mut Json) {
        json.text.push(b'"');
        self.0.civil(json);
        json.text.push(b'.');
        json.number(self.0.0.rem_euclid(SECOND), 3);
        json.raw("000+00:00\"");
    }
}

impl Time {
    fn civil(self, json: &mut Json) {
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let second = self.0.rem_euclid(DAY) / SECOND;
        json.number(year, 4);
        for (lead, value) in [
            (b'-', month),
            (b'-', day),
            (b'T', second / 3600),
            (b':', second / 60 % 60),
            (b':', second % 60),
        ] {
            json.text.push(lead);
            json.number(value, 2);
        }
    }
}

/// Year, month and day of a day since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms": `civil_from_days`).
fn date(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}
