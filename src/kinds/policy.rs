//! Policies of a tenant: authorization, admin consent, app management.

use super::fields::{Reading, boolean, date, keep, objects, text, texts};
use crate::json::{Name, Value};
use crate::model::{
    AppManagementPolicy, AuthorizationPolicy, ConsentPolicy, Field, Restriction, RestrictionOf,
    Reviewer, Text,
};

/// Reads the authorization policy.
pub fn authorization_policy<'r>(
    object: Value<'r>,
    reading: &Reading<'_>,
) -> AuthorizationPolicy<'r> {
    let mut policy = AuthorizationPolicy {
        span: object.span(),
        ..AuthorizationPolicy::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => policy.id = text(value),
            Name::GuestUserRoleId => policy.guest_role = text(value),
            Name::AllowInvitesFrom => policy.invites_from = text(value),
            // Microsoft Graph beta has it at the root, v1.0 among the user role's permissions.
            Name::PermissionGrantPolicyIdsAssignedToDefaultUserRole => {
                policy.permission_grant_policies = texts(value);
            }
            Name::DefaultUserRolePermissions => {
                for (name, value) in reading.members(value) {
                    match name {
                        Name::AllowedToCreateApps => policy.may_create_apps = boolean(value),
                        Name::PermissionGrantPoliciesAssigned => {
                            policy.permission_grant_policies = texts(value);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    policy
}

/// Reads the admin consent workflow.
pub fn consent_policy<'r>(object: Value<'r>, reading: &Reading<'_>) -> ConsentPolicy<'r> {
    let mut policy = ConsentPolicy {
        span: object.span(),
        ..ConsentPolicy::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => policy.id = text(value),
            Name::IsEnabled => policy.enabled = boolean(value),
            Name::Reviewers => policy.reviewers = objects(value, |v| reviewer(v, reading)),
            _ => {}
        }
    }
    policy
}

fn reviewer<'r>(object: Value<'r>, reading: &Reading<'_>) -> Reviewer<'r> {
    let mut reviewer = Reviewer::default();
    for (name, value) in reading.members(object) {
        if name == Name::Query {
            reviewer.query = text(value);
        }
    }
    reviewer
}

/// Reads one app management policy.
pub fn app_management_policy<'r>(
    object: Value<'r>,
    reading: &Reading<'_>,
) -> AppManagementPolicy<'r> {
    let mut policy = AppManagementPolicy {
        span: object.span(),
        ..AppManagementPolicy::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => policy.id = text(value),
            Name::DisplayName => policy.name = text(value),
            Name::IsEnabled => policy.enabled = boolean(value),
            Name::ApplicationRestrictions => {
                policy.default = true;
                policy.restrictions = restrictions(value, reading);
            }
            Name::ServicePrincipalRestrictions => {
                policy.default = true;
                policy.service_principal_restrictions = restrictions(value, reading);
            }
            Name::Restrictions => policy.restrictions = restrictions(value, reading),
            Name::AppliesTo => {
                let ids = objects(value, |v| id_of(v, reading));
                policy.applies_to.state = ids.state;
                policy.applies_to.items = ids.items.into_iter().flatten().collect();
            }
            _ => {}
        }
    }
    policy
}

fn id_of<'r>(object: Value<'r>, reading: &Reading<'_>) -> Option<Text<'r>> {
    let mut id = Field::Absent;
    for (name, value) in reading.members(object) {
        if matches!(name, Name::Id | Name::ObjectId) {
            keep(&mut id, text(value));
        }
    }
    match id {
        Field::Value(id) => Some(id),
        _ => None,
    }
}

fn restrictions<'r>(container: Value<'r>, reading: &Reading<'_>) -> Vec<Restriction<'r>> {
    let mut out = Vec::new();
    for (name, value) in reading.members(container) {
        let of = match name {
            Name::PasswordCredentials => RestrictionOf::Password,
            Name::KeyCredentials => RestrictionOf::Key,
            _ => continue,
        };
        out.extend(objects(value, |v| restriction(of, v, reading)).items);
    }
    out
}

fn restriction<'r>(of: RestrictionOf, object: Value<'r>, reading: &Reading<'_>) -> Restriction<'r> {
    let mut restriction = Restriction {
        span: object.span(),
        of,
        ..Restriction::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::RestrictionType => restriction.kind = text(value),
            Name::State => restriction.state = text(value),
            Name::MaxLifetime => restriction.max_lifetime = text(value),
            Name::RestrictForAppsCreatedAfterDateTime => restriction.created_after = date(value),
            _ => {}
        }
    }
    restriction
}
