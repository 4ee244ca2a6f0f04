//! From JSON to the model: what a record is, and what it says.
//!
//! `unwrap` takes wrappers off, `recognise` tells the kinds apart, one file per family builds the
//! model. After this module nobody sees JSON.

pub mod application;
pub mod assignment;
pub mod consent;
pub mod definition;
pub mod directory;
pub mod document;
pub mod federated;
pub mod fields;
pub mod instance;
pub mod legacy;
mod place;
pub mod policy;
pub mod principal;
pub mod recognise;
pub mod registration;
pub mod required_access;
mod secrets;
pub mod unwrap;

use crate::json::Value;
use crate::model::{
    AppManagementPolicy, AppRoleAssignment, Application, AuthorizationPolicy, ConsentPolicy,
    Credential, DelegatedGrant, DenyAssignment, DirectoryObject, DirectoryRoleAssignment,
    FederatedCredential, Instance, ManagementGroupEntity, ObjectKind, RequiredAccess,
    RoleAssignment, RoleDefinition, ServicePrincipal, SignInActivity, Span,
};

pub use document::{Faults, faults, next_page};
pub use fields::{Reading, Whose};
pub use recognise::{Unrecognised, kind_of_list, recognise};
pub use unwrap::{Part, bare, unwrap};

macro_rules! objects {
    ($($kind:ident($model:ident) = $($object:ident)|+ => $read:path;)*) => {
        /// One object of a record, as the rules see it. There is one at a time, so it lies where
        /// it is used: large ones would cost more to allocate than to build.
        #[derive(Clone, Debug)]
        #[expect(clippy::large_enum_variant, reason = "there is one at a time")]
        pub enum Object<'r> {
            $($kind($model<'r>),)*
            RequiredAccess(RequiredAccess<'r>),
            /// Recognised, and nothing in it is read.
            Other(Span),
        }

        impl Object<'_> {
            /// The whole object; of a bare list of required permissions, the list.
            pub fn span(&self) -> Span {
                match self {
                    $(Object::$kind(object) => object.span,)*
                    Object::RequiredAccess(access) => access.list.span().unwrap_or_default(),
                    Object::Other(span) => *span,
                }
            }
        }

        /// Builds the model of an object that was recognised as `kind`.
        pub fn build<'r>(kind: ObjectKind, value: Value<'r>, reading: &Reading<'r>) -> Object<'r> {
            match kind {
                $($(ObjectKind::$object)|+ => Object::$kind($read(value, reading)),)*
                ObjectKind::RequiredResourceAccess => Object::RequiredAccess(
                    required_access::required_access(value, reading),
                ),
                ObjectKind::ArmTemplate
                | ObjectKind::TerraformPlan
                | ObjectKind::TerraformState
                | ObjectKind::SecretFile
                | ObjectKind::ErrorBody => Object::Other(value.span()),
            }
        }
    };
}

objects! {
    Application(Application) = Application => application::application;
    ServicePrincipal(ServicePrincipal) = ServicePrincipal => principal::service_principal;
    DelegatedGrant(DelegatedGrant) = DelegatedGrant => consent::delegated_grant;
    AppRoleAssignment(AppRoleAssignment) = AppRoleAssignment => consent::app_role_assignment;
    FederatedCredential(FederatedCredential) = FederatedCredential => federated::federated_credential;
    Credential(Credential) = CredentialList => registration::credential;
    RoleAssignment(RoleAssignment) = RoleAssignment | RoleSchedule => assignment::role_assignment;
    RoleDefinition(RoleDefinition) = RoleDefinition => definition::role_definition;
    DenyAssignment(DenyAssignment) = DenyAssignment => assignment::deny_assignment;
    Instance(Instance) = DigitalTwinsInstance => instance::instance;
    DirectoryObject(DirectoryObject) = DirectoryObject => directory::directory_object;
    DirectoryRoleAssignment(DirectoryRoleAssignment) = DirectoryRoleAssignment => directory::directory_role_assignment;
    SignInActivity(SignInActivity) = SignInActivity => directory::sign_in_activity;
    ManagementGroup(ManagementGroupEntity) = ManagementGroup => directory::management_group;
    AuthorizationPolicy(AuthorizationPolicy) = AuthorizationPolicy => policy::authorization_policy;
    ConsentPolicy(ConsentPolicy) = ConsentPolicy => policy::consent_policy;
    AppManagementPolicy(AppManagementPolicy) = AppManagementPolicy => policy::app_management_policy;
}
