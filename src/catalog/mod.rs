//! What Microsoft has published, embedded: names of applications, permissions and
//! their risk, built-in Azure roles, the operations of Azure Digital Twins, and the
//! limits of an app registration.
//!
//! The catalogue turns a GUID in an export into something a reader knows, and tells
//! "unknown" from "wrong". It is a snapshot ([`AS_OF`]): an export that carries the
//! fact itself (the service principal of a resource, a role definition) is to be
//! believed first.
//!
//! | facts | source | licence |
//! |---|---|---|
//! | permissions of Microsoft Graph | merill/microsoft-info, microsoftgraph/microsoft-graph-devx-content | MIT |
//! | risk of permissions | cisagov/ScubaGear | CC0 |
//! | application names | merill/microsoft-info | MIT |
//! | built-in Azure roles | iann0036/iam-dataset | MIT |
//! | privileged roles of the directory | Microsoft's documentation | facts |
//! | Azure Digital Twins, limits | Microsoft's documentation | facts |
//!
//! Everything is a sorted `static` table searched by halves: nothing is parsed, built
//! or allocated when the program starts.

#![allow(
    clippy::unusual_byte_groupings,
    reason = "a GUID keeps its 8-4-4-4-12 groups, so that it can be searched for by eye"
)]

pub mod digital_twins;
pub mod directory_roles;
pub mod limits;
pub mod names;
pub mod permissions;
pub mod resources;
pub mod roles;
mod search;
mod tables;

pub use digital_twins::lacks_cors;
pub use directory_roles::{DirectoryRole, Reach, privileged_directory_role};
pub use names::{describe_permission, describe_resource, kind_word};
pub use permissions::{
    BASIC_SIGN_IN, Permission, Risk, knows_resource, openid_scope, permission, permission_anywhere,
    permission_by_value, permission_by_value_anywhere, permissions_with_id,
};
pub use resources::{
    AAD_GRAPH, AZURE_CLI, AZURE_POWERSHELL, AZURE_RESOURCE_MANAGER, AZURE_STORAGE, DIGITAL_TWINS,
    EXCHANGE_ONLINE, GRAPH, KEY_VAULT, MICROSOFT_CORP_TENANT, MICROSOFT_SERVICES_TENANT,
    SHAREPOINT_ONLINE, VISUAL_STUDIO_CODE, application_name, find_application_by_name,
    is_microsofts_tenant,
};
pub use roles::{
    Permissions, Role, RoleAssignmentsWrite, RoleDefinition, definition, role, role_by_name,
};

/// When the facts were gathered, for messages such as "not known in August 2026".
pub const AS_OF: &str = "August 2026";
