//! Azure Digital Twins instances.

use super::{Date, Field, List, Span, Str};

/// A private endpoint connection of an instance.
#[derive(Clone, Debug, Default)]
pub struct Endpoint<'r> {
    /// `privateLinkServiceConnectionState.status`: `Approved`, `Pending`, `Rejected`,
    /// `Disconnected`.
    pub status: Field<Str<'r>>,
}

/// An Azure Digital Twins instance.
#[derive(Clone, Debug, Default)]
pub struct Instance<'r> {
    /// The whole object.
    pub span: Span,
    /// The resource id.
    pub id: Field<Str<'r>>,
    pub name: Field<Str<'r>>,
    pub location: Field<Str<'r>>,
    pub resource_group: Field<Str<'r>>,
    /// The data plane's host, without a scheme.
    pub host_name: Field<Str<'r>>,
    /// `provisioningState`.
    pub state: Field<Str<'r>>,
    /// `publicNetworkAccess`: `Enabled` or `Disabled`.
    pub network: Field<Str<'r>>,
    /// `privateEndpointConnections`.
    pub endpoints: List<Endpoint<'r>>,
    /// `None`, `SystemAssigned`, `UserAssigned`, or both with a comma between.
    pub identity_type: Field<Str<'r>>,
    pub identity_principal: Field<Str<'r>>,
    pub identity_tenant: Field<Str<'r>>,
    pub created: Field<Date>,
}
