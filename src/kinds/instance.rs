//! Azure Digital Twins instances: ARM's nested shape, `az dt`'s flat one, PowerShell's flatter one.

use super::fields::{Reading, date, keep, objects, part, text};
use crate::json::{Name, Value};
use crate::model::{Endpoint, Field, Instance, Spanned, Str};

/// Reads one instance.
pub fn instance<'r>(object: Value<'r>, reading: &Reading<'_>) -> Instance<'r> {
    let mut instance = Instance {
        span: object.span(),
        ..Instance::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => instance.id = text(value),
            Name::Name => instance.name = text(value),
            Name::Location => instance.location = text(value),
            Name::ResourceGroup | Name::ResourceGroupName => {
                instance.resource_group = text(value);
            }
            Name::Identity => identity(&mut instance, value, reading),
            Name::IdentityType => instance.identity_type = text(value),
            Name::IdentityPrincipalId => instance.identity_principal = text(value),
            Name::IdentityTenantId => instance.identity_tenant = text(value),
            Name::Properties => {
                for (name, value) in reading.members(value) {
                    property(&mut instance, name, value, reading);
                }
            }
            _ => property(&mut instance, name, value, reading),
        }
    }
    // ARM itself says it nowhere but in the id.
    let group = resource_group(&instance.id);
    keep(&mut instance.resource_group, group);
    instance
}

fn property<'r>(instance: &mut Instance<'r>, name: Name, value: Value<'r>, reading: &Reading<'_>) {
    match name {
        Name::HostName => instance.host_name = text(value),
        Name::ProvisioningState => instance.state = text(value),
        Name::PublicNetworkAccess => instance.network = text(value),
        Name::CreatedTime => instance.created = date(value),
        Name::PrivateEndpointConnections => {
            instance.endpoints = objects(value, |v| endpoint(v, reading));
        }
        _ => {}
    }
}

fn identity<'r>(instance: &mut Instance<'r>, value: Value<'r>, reading: &Reading<'_>) {
    if !value.is_object() {
        instance.identity_type = text(value);
        return;
    }
    for (name, value) in reading.members(value) {
        match name {
            Name::Type => instance.identity_type = text(value),
            Name::PrincipalId => instance.identity_principal = text(value),
            Name::TenantId => instance.identity_tenant = text(value),
            _ => {}
        }
    }
}

fn endpoint<'r>(object: Value<'r>, reading: &Reading<'_>) -> Endpoint<'r> {
    let mut endpoint = Endpoint::default();
    status(&mut endpoint, object, reading);
    endpoint
}

/// The connection's state, under `properties` or beside its id.
fn status<'r>(endpoint: &mut Endpoint<'r>, object: Value<'r>, reading: &Reading<'_>) {
    for (name, value) in reading.members(object) {
        match name {
            Name::Properties => {
                for (name, value) in reading.members(value) {
                    if name == Name::PrivateLinkServiceConnectionState {
                        state(endpoint, value, reading);
                    }
                }
            }
            Name::PrivateLinkServiceConnectionState => state(endpoint, value, reading),
            Name::PrivateLinkServiceConnectionStateStatus => endpoint.status = text(value),
            _ => {}
        }
    }
}

fn state<'r>(endpoint: &mut Endpoint<'r>, object: Value<'r>, reading: &Reading<'_>) {
    for (name, value) in reading.members(object) {
        if name == Name::Status {
            endpoint.status = text(value);
        }
    }
}

/// The resource group in a resource id.
fn resource_group<'r>(id: &Field<Str<'r>>) -> Field<Str<'r>> {
    let Some(id) = id.spanned() else {
        return Field::Absent;
    };
    let mut at = 0;
    let mut segments = id.split('/').map(|segment| {
        let place = at..at + segment.len();
        at = place.end + 1;
        (segment, place)
    });
    let found = segments.any(|(segment, _)| segment.eq_ignore_ascii_case("resourceGroups"));
    match segments.next() {
        Some((group, place)) if found && !group.is_empty() => {
            Field::Value(Spanned::new(part(id.value.clone(), place), id.span))
        }
        _ => Field::Absent,
    }
}
