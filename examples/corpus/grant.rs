//! Consent: delegated permissions, and assignments to app roles.

use super::chance::Random;
use super::json::{DAY, Guid, Json, TODAY, Time};

/// An `oauth2PermissionGrant`.
pub struct Grant {
    /// The client's service principal, the resource's, and the user if only one consented.
    ids: (Guid, Guid, Option<Guid>),
    scope: String,
}

impl Grant {
    pub fn new(client: Guid, resource: Guid, user: Option<Guid>, scopes: &[&str]) -> Grant {
        Grant {
            ids: (client, resource, user),
            scope: scopes.join(" "),
        }
    }

    pub fn write(&self, json: &mut Json) {
        let (client, resource, user) = self.ids;
        let consent = if user.is_some() {
            "Principal"
        } else {
            "AllPrincipals"
        };
        let parts: Vec<Guid> = [client, resource].into_iter().chain(user).collect();
        json.braces(|json| {
            json.put("clientId", &client);
            json.put("consentType", consent);
            json.put("id", &base64(&parts));
            json.put("principalId", &user);
            json.put("resourceId", &resource);
            json.put("scope", &self.scope);
        });
    }
}

/// An `appRoleAssignment`.
pub struct AppRole<'n> {
    id: (Guid, Guid),
    role: Guid,
    principal: (Guid, String, &'static str),
    resource: (Guid, &'n str),
    created: Time,
}

impl<'n> AppRole<'n> {
    /// An application permission of Microsoft Graph that was granted to a client.
    pub fn new(
        random: &mut Random,
        client: (Guid, &str),
        resource: Guid,
        role: Guid,
    ) -> AppRole<'n> {
        AppRole {
            id: (client.0, random.guid()),
            role,
            principal: (client.0, client.1.to_owned(), "ServicePrincipal"),
            resource: (resource, "Microsoft Graph"),
            created: some_day(random),
        }
    }

    /// A person who may use an application, without a role of its own.
    pub fn of_user(random: &mut Random, person: Guid, resource: (Guid, &'n str)) -> AppRole<'n> {
        AppRole {
            id: (person, random.guid()),
            role: 0,
            principal: (person, format!("Person {:04x}", person as u16), "User"),
            resource,
            created: some_day(random),
        }
    }

    pub fn write(&self, json: &mut Json) {
        let (id, name, kind) = &self.principal;
        json.braces(|json| {
            json.put("appRoleId", &self.role);
            json.put("createdDateTime", &self.created);
            json.null("deletedDateTime");
            json.put("id", &base64(&[self.id.0, self.id.1]));
            json.put("principalDisplayName", name);
            json.put("principalId", id);
            json.put("principalType", *kind);
            json.put("resourceDisplayName", self.resource.1);
            json.put("resourceId", &self.resource.0);
        });
    }
}

fn some_day(random: &mut Random) -> Time {
    Time(TODAY.0 - random.between(2 * DAY, 180 * DAY))
}

/// The ids of Microsoft Graph are GUIDs in base64 for URLs (RFC 4648, section 5), without padding.
fn base64(parts: &[Guid]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes: Vec<u8> = parts.iter().flat_map(|part| part.to_be_bytes()).collect();
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 2);
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0, |number, at| {
            number << 8 | u32::from(group.get(at).copied().unwrap_or(0))
        });
        for digit in 0..=group.len() {
            let six = number >> (18 - 6 * digit) & 63;
            text.push(DIGITS[six as usize].into());
        }
    }
    text
}
