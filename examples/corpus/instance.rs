//! Instances of Azure Digital Twins.

use super::assignment::SUBSCRIPTIONS;
use super::chance::{Topic, World};
use super::json::{DAY, Guid, Json, TODAY, Time, hyphened};

pub struct Instance {
    pub name: String,
    pub group: String,
    pub subscription: Guid,
    /// Its system-assigned identity: client id and object id.
    pub identity: (Guid, Guid),
    tenant: Guid,
    pub created: Time,
}

impl Instance {
    pub const TYPE: &str = "Microsoft.DigitalTwins/digitalTwinsInstances";

    pub fn new(world: &World, number: u64) -> Instance {
        let random = &mut world.stream(Topic::Instance, number);
        Instance {
            name: format!("twins-{number:02}"),
            group: format!("rg-twins-{number:02}"),
            subscription: world.guid(Topic::Subscription, number % SUBSCRIPTIONS),
            identity: (random.guid(), random.guid()),
            tenant: world.guid(Topic::Tenant, 0),
            created: Time(TODAY.0 - random.between(30 * DAY, 900 * DAY)),
        }
    }

    pub fn id(&self) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/{}/{}",
            hyphened(self.subscription),
            self.group,
            Instance::TYPE,
            self.name
        )
    }

    /// As Azure Resource Manager lists them.
    pub fn write(&self, json: &mut Json) {
        let host = format!("{}.api.weu.digitaltwins.azure.net", self.name);
        json.braces(|json| {
            json.put("id", &self.id());
            json.object("identity", |json| {
                json.put("principalId", &self.identity.1);
                json.put("tenantId", &self.tenant);
                json.put("type", "SystemAssigned");
            });
            json.put("location", "westeurope");
            json.put("name", &self.name);
            json.object("properties", |json| {
                json.put("createdTime", &self.created);
                json.put("hostName", &host);
                json.put("lastUpdatedTime", &self.created);
                json.none("privateEndpointConnections");
                json.put("provisioningState", "Succeeded");
                json.put("publicNetworkAccess", "Enabled");
            });
            json.put("type", Instance::TYPE);
        });
    }
}
