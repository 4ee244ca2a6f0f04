//! Azure role assignments.

use std::rc::Rc;

use super::application::Kind;
use super::chance::{Random, Topic, World};
use super::json::{DAY, Guid, Json, Precise, TODAY, Time, hyphened};
use super::tables::SUBJECTS;

/// Built-in roles that a principal may hold on a subscription, a resource group or a resource.
#[rustfmt::skip]
pub const BUILT_IN: [(Guid, &str); 20] = [
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
pub const BLOB_READER: Guid = BUILT_IN[1].0;
pub const BLOB_CONDITION: &str = "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/\
    containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/\
    containers:name] StringEquals 'reports'))";
pub const TWINS_OWNER: (Guid, &str) = (
    0xbcd981a7_7f74_457b_83e1_cceb9e632ffe,
    "Azure Digital Twins Data Owner",
);
/// Instances of Azure Digital Twins.
pub const INSTANCES: u64 = 16;
pub const SUBSCRIPTIONS: u64 = 24;
pub const RESOURCES: [&str; 6] = [
    "Microsoft.Storage/storageAccounts/contosodata",
    "Microsoft.KeyVault/vaults/kv-contoso-",
    "Microsoft.Web/sites/app-contoso-",
    "Microsoft.ServiceBus/namespaces/sb-contoso-",
    "Microsoft.ContainerRegistry/registries/contosoimages",
    "Microsoft.OperationalInsights/workspaces/log-contoso-",
];
pub const GIVEN: [&str; 6] = ["ada", "grace", "emmy", "sofia", "karl", "maria"];
pub const FAMILY: [&str; 6] = ["keller", "meier", "bernasconi", "favre", "moser", "huber"];
pub const PLACES: [&str; 4] = ["westeurope", "northeurope", "switzerlandnorth", "eastus2"];

/// All rows, principal after principal, without end.
///
/// No principal has a role twice, so that no row repeats another, or one of a scope above it. The
/// first principals are the people who run the instances of Digital Twins, one for each of them;
/// later only the clients of Digital Twins have that role.
pub struct Assignments<'w> {
    pub world: &'w World,
    pub rows: u64,
    pub principals: u64,
    pub applications: u64,
    /// The rest of the present principal's rows, last one first.
    pub pending: Vec<Assignment>,
}

pub struct Principal {
    pub id: Guid,
    pub name: String,
    pub kind: &'static str,
}

pub struct Assignment {
    pub id: Guid,
    pub principal: Rc<Principal>,
    pub role: (Guid, &'static str),
    pub subscription: Guid,
    pub resource_group: Option<String>,
    pub resource: Option<String>,
    pub condition: Option<&'static str>,
    pub description: Option<&'static str>,
    pub author: Guid,
    pub created: Time,
}

impl<'w> Assignments<'w> {
    pub fn new(world: &'w World) -> Self {
        Assignments {
            world,
            rows: 0,
            principals: 0,
            applications: 0,
            pending: Vec::new(),
        }
    }

    pub fn next_principal(&mut self) {
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

    pub fn row(
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
    /// With the nulls that Azure CLI 2.46 to 2.87 prints, or as later ones without.
    pub fn write(&self, json: &mut Json, nulls: bool) {
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
            self.put_condition(json, nulls);
            json.put("createdBy", &self.author);
            json.put("createdOn", &Precise(self.created));
            if nulls {
                json.null("delegatedManagedIdentityResourceId");
            }
            if nulls || self.description.is_some() {
                json.put("description", &self.description);
            }
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

    fn put_condition(&self, json: &mut Json, nulls: bool) {
        if nulls || self.condition.is_some() {
            json.put("condition", &self.condition);
            json.put("conditionVersion", &self.condition.and(Some("2.0")));
        }
    }
}
