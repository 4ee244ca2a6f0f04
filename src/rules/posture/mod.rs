//! What assessors of a whole tenant look for, and an export can answer.
//!
//! Never judged by counting over the tenant: a verdict belongs to an object.

pub mod privileged;

mod amount;
mod certificate;
mod directory_role;
mod foreign;
mod owner;
mod policy;
mod rotation;
mod secret;
mod settings;
mod unused;

pub use amount::PERMISSION_MANY;
pub use certificate::CERTIFICATE_WEAK;
pub use directory_role::DIRECTORY_ROLE_PRIVILEGED;
pub use foreign::PRIVILEGED_FOREIGN;
pub use owner::PRIVILEGED_WITH_OWNER;
pub use policy::TENANT_CREDENTIAL_POLICY;
pub use rotation::CREDENTIAL_NOT_ROTATED;
pub use secret::PRIVILEGED_WITH_SECRET;
pub use settings::{TENANT_CONSENT_WORKFLOW_OFF, TENANT_USER_CONSENT, TENANT_USER_REGISTRATION};
pub use unused::APPLICATION_UNUSED;
mod role_scope;
mod roles;

pub use role_scope::{ROLE_AT_ROOT, ROLE_CLASSIC_ADMINISTRATOR, ROLE_OWNER_COUNT};
pub use roles::{
    ROLE_DIRECT_USER, ROLE_GUEST_PRIVILEGED, ROLE_ON_DISABLED_PRINCIPAL, ROLE_PERMANENT,
};
