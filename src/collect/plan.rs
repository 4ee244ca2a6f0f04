//! What is exported: one table of steps, for every shell.
//!
//! Graph paths and the permissions they need are those of Microsoft Learn, "Microsoft Graph REST
//! API"; api-versions those of "Azure REST API"; commands those of the Azure CLI, 2.37 or later.

use super::{Ids, Keep, Source, Step};
use crate::model::ObjectKind;

const APPLICATIONS: Option<Keep> = Some(Keep {
    ids: Ids::Applications,
    key: "id",
});
const SERVICE_PRINCIPALS: Option<Keep> = Some(Keep {
    ids: Ids::ServicePrincipals,
    key: "id",
});
/// As the Azure CLI prints assignments, flattened.
const GROUPS: Option<Keep> = Some(Keep {
    ids: Ids::Groups,
    key: "(principalType == 'Group' && principalId) || '-'",
});
/// As Azure Resource Manager answers.
const NESTED_GROUPS: Option<Keep> = Some(Keep {
    ids: Ids::Groups,
    key: "(properties.principalType == 'Group' && properties.principalId) || '-'",
});

/// Every step, in the order in which they run: what others go through stands before them. The
/// first of a kind is the one that [`super::supply`] names.
pub const PLAN: &[Step] = &[
    Step {
        kind: ObjectKind::Application,
        file: "applications.json",
        holds: "Every app registration.",
        needs: "the directory role Directory Readers, or the Graph permission Application.Read.All",
        supply: "az ad app list --all",
        source: Source::Graph {
            path: "v1.0/applications?$top=999",
            keep: APPLICATIONS,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::ServicePrincipal,
        file: "service-principals.json",
        holds: "Every service principal, managed identities and other tenants' apps included.",
        needs: "the directory role Directory Readers, or the Graph permission Application.Read.All",
        supply: "az ad sp list --all",
        source: Source::Graph {
            path: "v1.0/servicePrincipals?$top=999",
            keep: SERVICE_PRINCIPALS,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::DelegatedGrant,
        file: "oauth2-permission-grants.json",
        holds: "Consent to delegated permissions.",
        needs: "the directory role Directory Readers, or the Graph permission Directory.Read.All",
        supply: "az rest --url 'https://graph.microsoft.com/v1.0/oauth2PermissionGrants?$top=999'",
        source: Source::Graph {
            path: "v1.0/oauth2PermissionGrants?$top=999",
            keep: None,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::AppRoleAssignment,
        file: "app-role-assignments.json",
        holds: "Application permissions that were granted, and who is assigned to which app.",
        needs: "the directory role Directory Readers, or the Graph permission Application.Read.All",
        supply: "az rest --url 'https://graph.microsoft.com/v1.0/servicePrincipals/<object id of the resource>/appRoleAssignedTo?$top=999'",
        source: Source::Each {
            ids: Ids::ServicePrincipals,
            path: "v1.0/servicePrincipals/{id}/appRoleAssignedTo?$top=999",
            joined: Some("appRoleAssignments"),
        },
    },
    Step {
        // Flexible credentials have their expression in beta alone.
        kind: ObjectKind::FederatedCredential,
        file: "federated-identity-credentials/{id}.json",
        holds: "Federated credentials of each app registration.",
        needs: "the directory role Directory Readers, or the Graph permission Application.Read.All",
        supply: "az rest --url https://graph.microsoft.com/beta/applications/<object id>/federatedIdentityCredentials",
        source: Source::Each {
            ids: Ids::Applications,
            path: "beta/applications/{id}/federatedIdentityCredentials",
            joined: None,
        },
    },
    Step {
        kind: ObjectKind::DirectoryObject,
        file: "users.json",
        holds: "Users: who is a guest, and whose account is disabled.",
        needs: "the directory role Directory Readers, or the Graph permission User.Read.All",
        supply: "az rest --url 'https://graph.microsoft.com/v1.0/users?$select=id,userPrincipalName,displayName,userType,accountEnabled&$top=999'",
        source: Source::Graph {
            path: "v1.0/users?$select=id,userPrincipalName,displayName,userType,accountEnabled&$top=999",
            keep: None,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::DirectoryObject,
        file: "groups.json",
        holds: "Groups.",
        needs: "the directory role Directory Readers, or the Graph permission Group.Read.All",
        supply: "az rest --url 'https://graph.microsoft.com/v1.0/groups?$select=id,displayName,securityEnabled,groupTypes,isAssignableToRole&$top=999'",
        source: Source::Graph {
            path: "v1.0/groups?$select=id,displayName,securityEnabled,groupTypes,isAssignableToRole&$top=999",
            keep: None,
            of_type: "#microsoft.graph.group",
        },
    },
    Step {
        // v1.0 leaves service principals out where directory objects are listed (Microsoft Graph,
        // "List group members": known issue; microsoftgraph/msgraph-sdk-powershell#923).
        kind: ObjectKind::DirectoryObject,
        file: "owners/{id}.json",
        holds: "Owners of each app registration.",
        needs: "the directory role Directory Readers, or the Graph permission Directory.Read.All",
        supply: "az rest --url 'https://graph.microsoft.com/beta/applications/<object id>/owners?$select=id,displayName,userPrincipalName,userType'",
        source: Source::Each {
            ids: Ids::Applications,
            path: "beta/applications/{id}/owners?$select=id,displayName,userPrincipalName,userType",
            joined: None,
        },
    },
    Step {
        kind: ObjectKind::DirectoryObject,
        file: "service-principal-owners/{id}.json",
        holds: "Owners of each service principal.",
        needs: "the directory role Directory Readers, or the Graph permission Directory.Read.All",
        supply: "az rest --url 'https://graph.microsoft.com/beta/servicePrincipals/<object id>/owners?$select=id,displayName,userPrincipalName,userType'",
        source: Source::Each {
            ids: Ids::ServicePrincipals,
            path: "beta/servicePrincipals/{id}/owners?$select=id,displayName,userPrincipalName,userType",
            joined: None,
        },
    },
    Step {
        kind: ObjectKind::DirectoryRoleAssignment,
        file: "directory-role-assignments.json",
        holds: "Standing assignments of Entra directory roles.",
        needs: "the directory role Directory Readers, or the Graph permission RoleManagement.Read.Directory",
        supply: "az rest --url https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments",
        source: Source::Graph {
            path: "v1.0/roleManagement/directory/roleAssignments",
            keep: None,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::DirectoryRoleAssignment,
        file: "directory-role-eligibility-schedules.json",
        holds: "Entra directory roles that can be activated.",
        needs: "Entra ID P2, the directory role Global Reader, and the Graph permission RoleEligibilitySchedule.Read.Directory",
        supply: "az rest --url https://graph.microsoft.com/v1.0/roleManagement/directory/roleEligibilitySchedules",
        source: Source::Graph {
            path: "v1.0/roleManagement/directory/roleEligibilitySchedules",
            keep: None,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::DirectoryRoleAssignment,
        file: "directory-role-assignment-schedules.json",
        holds: "Entra directory roles that were activated, or assigned until a date.",
        needs: "Entra ID P2, the directory role Global Reader, and the Graph permission RoleAssignmentSchedule.Read.Directory",
        supply: "az rest --url https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignmentSchedules",
        source: Source::Graph {
            path: "v1.0/roleManagement/directory/roleAssignmentSchedules",
            keep: None,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::AuthorizationPolicy,
        file: "authorization-policy.json",
        holds: "What users may consent to and register.",
        needs: "the directory role Global Reader, and the Graph permission Policy.Read.All",
        supply: "az rest --url https://graph.microsoft.com/v1.0/policies/authorizationPolicy",
        source: Source::Object {
            path: "v1.0/policies/authorizationPolicy",
        },
    },
    Step {
        kind: ObjectKind::ConsentPolicy,
        file: "admin-consent-request-policy.json",
        holds: "Whether users can ask an administrator for consent.",
        needs: "the directory role Global Reader, and the Graph permission Policy.Read.All",
        supply: "az rest --url https://graph.microsoft.com/v1.0/policies/adminConsentRequestPolicy",
        source: Source::Object {
            path: "v1.0/policies/adminConsentRequestPolicy",
        },
    },
    Step {
        kind: ObjectKind::AppManagementPolicy,
        file: "default-app-management-policy.json",
        holds: "Which secrets and certificates apps may have, and for how long.",
        needs: "the directory role Global Reader, and the Graph permission Policy.Read.All",
        supply: "az rest --url https://graph.microsoft.com/v1.0/policies/defaultAppManagementPolicy",
        source: Source::Object {
            path: "v1.0/policies/defaultAppManagementPolicy",
        },
    },
    Step {
        kind: ObjectKind::AppManagementPolicy,
        file: "app-management-policies.json",
        holds: "Policies of single apps that replace it.",
        needs: "the directory role Global Reader, and the Graph permission Policy.Read.All",
        supply: "az rest --url https://graph.microsoft.com/v1.0/policies/appManagementPolicies",
        source: Source::Graph {
            path: "v1.0/policies/appManagementPolicies",
            keep: None,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::SignInActivity,
        file: "service-principal-sign-in-activities.json",
        holds: "When each app was last signed in to.",
        needs: "Entra ID P1 or P2, the directory role Reports Reader, and the Graph permission AuditLog.Read.All",
        supply: "az rest --url https://graph.microsoft.com/beta/reports/servicePrincipalSignInActivities",
        source: Source::Graph {
            path: "beta/reports/servicePrincipalSignInActivities",
            keep: None,
            of_type: "",
        },
    },
    Step {
        kind: ObjectKind::ManagementGroup,
        file: "management-groups.json",
        holds: "Which management groups stand above which subscription.",
        needs: "the Azure role Reader or Management Group Reader on the root management group",
        supply: "az account management-group entities list",
        source: Source::Command {
            words: &["account", "management-group", "entities", "list"],
        },
    },
    Step {
        kind: ObjectKind::RoleAssignment,
        file: "role-assignments/{subscription}.json",
        holds: "Azure role assignments, from the root down to single resources.",
        needs: "the Azure role Reader on the subscription",
        supply: "az role assignment list --all --include-inherited --include-groups",
        source: Source::Subscription {
            words: &[
                "role",
                "assignment",
                "list",
                "--all",
                "--include-inherited",
                "--include-groups",
            ],
            keep: GROUPS,
        },
    },
    Step {
        // Without the filter roles that exist in resource groups alone are left out.
        kind: ObjectKind::RoleDefinition,
        file: "role-definitions/{subscription}.json",
        holds: "Azure role definitions, built-in and custom.",
        needs: "the Azure role Reader on the subscription",
        supply: "az role definition list",
        source: Source::Arm {
            path: "providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01&$filter=atScopeAndBelow()",
            keep: None,
        },
    },
    Step {
        kind: ObjectKind::DenyAssignment,
        file: "deny-assignments/{subscription}.json",
        holds: "Deny assignments.",
        needs: "the Azure role Reader on the subscription",
        supply: "az rest --url 'https://management.azure.com/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01'",
        source: Source::Arm {
            path: "providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01",
            keep: None,
        },
    },
    Step {
        kind: ObjectKind::RoleSchedule,
        file: "role-eligibility-schedules/{subscription}.json",
        holds: "Azure roles that can be activated.",
        needs: "Entra ID P2, and the Azure role Reader on the subscription",
        supply: "az rest --url 'https://management.azure.com/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/roleEligibilitySchedules?api-version=2020-10-01'",
        source: Source::Arm {
            path: "providers/Microsoft.Authorization/roleEligibilitySchedules?api-version=2020-10-01",
            keep: NESTED_GROUPS,
        },
    },
    Step {
        kind: ObjectKind::RoleSchedule,
        file: "role-assignment-schedules/{subscription}.json",
        holds: "Azure roles that were activated, or assigned until a date.",
        needs: "Entra ID P2, and the Azure role Reader on the subscription",
        supply: "az rest --url 'https://management.azure.com/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/roleAssignmentSchedules?api-version=2020-10-01'",
        source: Source::Arm {
            path: "providers/Microsoft.Authorization/roleAssignmentSchedules?api-version=2020-10-01",
            keep: NESTED_GROUPS,
        },
    },
    Step {
        // `az dt list` gets the same, but needs an extension.
        kind: ObjectKind::DigitalTwinsInstance,
        file: "digital-twins-instances/{subscription}.json",
        holds: "Azure Digital Twins instances.",
        needs: "the Azure role Reader on the subscription",
        supply: "az dt list",
        source: Source::Arm {
            path: "providers/Microsoft.DigitalTwins/digitalTwinsInstances?api-version=2023-01-31",
            keep: None,
        },
    },
    Step {
        kind: ObjectKind::DirectoryObject,
        file: "group-members/{id}.json",
        holds: "Members, also indirect, of each group that holds an Azure role.",
        needs: "the directory role Directory Readers, or the Graph permission GroupMember.Read.All",
        supply: "az rest --url 'https://graph.microsoft.com/beta/groups/<object id>/transitiveMembers?$select=id,displayName,userPrincipalName,userType&$top=999'",
        source: Source::Each {
            ids: Ids::Groups,
            path: "beta/groups/{id}/transitiveMembers?$select=id,displayName,userPrincipalName,userType&$top=999",
            joined: None,
        },
    },
];
