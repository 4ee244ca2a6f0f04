//! The kinds, their shapes, and what each shape does not tell.

use entralint::model::ObjectKind;

/// One object in several shapes.
pub struct Family {
    pub folder: &'static str,
    pub kind: ObjectKind,
    /// The shape that tells most.
    pub reference: &'static str,
    /// What even that one does not tell.
    pub unset: &'static [&'static str],
    /// The others, with what each does not tell, or says otherwise.
    pub others: &'static [(&'static str, &'static [&'static str])],
}

pub const FAMILIES: [Family; 18] = [
    Family {
        folder: "service-principal",
        kind: ObjectKind::ServicePrincipal,
        reference: "az-show.json",
        unset: &["tenant", "deleted", "federated", "owners"],
        others: &[
            ("graph-page.json", &[]),
            ("mg-powershell.json", &[]),
            ("az-powershell.json", &[]),
            ("azurehound.json", &["complete", "tenant"]),
            (
                "aad-graph-1.6.json",
                &[
                    "tenant",
                    "created",
                    "disabled",
                    "disabled_by_microsoft",
                    "publisher",
                    "secrets",
                    "certificates",
                ],
            ),
        ],
    },
    Family {
        folder: "oauth2-permission-grant",
        kind: ObjectKind::DelegatedGrant,
        reference: "graph-page.json",
        unset: &[],
        others: &[
            ("az-list-grants.json", &[]),
            ("mg-powershell.json", &[]),
            ("az-2.36.json", &[]),
            ("azurehound.json", &[]),
        ],
    },
    Family {
        folder: "app-role-assignment",
        kind: ObjectKind::AppRoleAssignment,
        reference: "graph-page.json",
        unset: &["deleted"],
        others: &[
            ("mg-powershell.json", &[]),
            ("azurehound.json", &[]),
            ("aad-graph-1.6.json", &["created"]),
        ],
    },
    Family {
        folder: "federated-identity-credential",
        kind: ObjectKind::FederatedCredential,
        reference: "graph-entity.json",
        unset: &[],
        others: &[
            ("graph-page.json", &[]),
            ("graph-batch.json", &[]),
            ("wrapped.json", &[]),
            ("azurehound.json", &[]),
            ("az-list.json", &["application"]),
            ("mg-powershell.json", &["application"]),
            ("az-powershell.json", &["application"]),
        ],
    },
    Family {
        folder: "credential",
        kind: ObjectKind::CredentialList,
        reference: "az-credential-list.json",
        unset: &["certificate"],
        others: &[("az-2.36.json", &[]), ("az-powershell.json", &[])],
    },
    Family {
        folder: "role-assignment",
        kind: ObjectKind::RoleAssignment,
        reference: "az-list.json",
        unset: &["ends", "status", "member_type"],
        others: &[
            ("arm-list.json", &["principal_name", "role_name"]),
            (
                "arm-2015.json",
                &[
                    "principal_name",
                    "role_name",
                    "principal_type",
                    "condition",
                    "condition_version",
                    "delegated_identity",
                ],
            ),
            ("az-2.45.json", &["created", "delegated_identity"]),
            (
                "az-nested.json",
                &[
                    "principal_type",
                    "condition",
                    "condition_version",
                    "created",
                    "delegated_identity",
                ],
            ),
            (
                "powershell.json",
                &["principal_name", "role", "created", "delegated_identity"],
            ),
            (
                "portal.json",
                &[
                    "principal_name",
                    "principal_type",
                    "role",
                    "condition",
                    "condition_version",
                    "created",
                    "delegated_identity",
                ],
            ),
            ("resource-graph.json", &["principal_name", "role_name"]),
            (
                "entra-exporter.json",
                &["id", "condition", "condition_version", "delegated_identity"],
            ),
            ("azurehound.json", &["principal_name", "role_name"]),
        ],
    },
    Family {
        folder: "role-schedule",
        kind: ObjectKind::RoleSchedule,
        reference: "arm-list.json",
        unset: &["condition", "condition_version", "delegated_identity"],
        others: &[("az-powershell.json", &[])],
    },
    Family {
        folder: "role-definition",
        kind: ObjectKind::RoleDefinition,
        reference: "arm-list.json",
        unset: &[],
        others: &[
            ("az-list.json", &[]),
            ("az-2.45.json", &[]),
            ("powershell.json", &["id"]),
            ("powershell-16.json", &["id"]),
            ("input.json", &["id"]),
            ("input-az.json", &["id"]),
            ("portal.json", &["id", "custom"]),
        ],
    },
    Family {
        folder: "deny-assignment",
        kind: ObjectKind::DenyAssignment,
        reference: "arm-list.json",
        unset: &[],
        others: &[("powershell.json", &[])],
    },
    Family {
        folder: "digital-twins-instance",
        kind: ObjectKind::DigitalTwinsInstance,
        reference: "arm-list.json",
        unset: &[],
        others: &[
            ("az-dt-show.json", &[]),
            ("az-powershell.json", &["endpoints"]),
            ("resource-graph.json", &[]),
        ],
    },
    Family {
        folder: "directory-object",
        kind: ObjectKind::DirectoryObject,
        reference: "graph-members.json",
        unset: &["members"],
        others: &[
            ("wrapped.json", &[]),
            ("azurehound-member.json", &[]),
            ("graph-users.json", &["owned", "relation"]),
            ("az-member-list.json", &["owned", "relation"]),
            ("azurehound-user.json", &["owned", "relation"]),
            ("mg-powershell.json", &["owned", "relation"]),
            ("aad-graph-1.6.json", &["owned", "relation"]),
        ],
    },
    Family {
        folder: "owner",
        kind: ObjectKind::DirectoryObject,
        reference: "wrapped.json",
        unset: &["user_principal_name", "user_type", "members"],
        others: &[("graph-owners.json", &[]), ("azurehound.json", &[])],
    },
    Family {
        folder: "directory-role-assignment",
        kind: ObjectKind::DirectoryRoleAssignment,
        reference: "instances-page.json",
        unset: &["app_scope"],
        others: &[
            ("mg-powershell.json", &[]),
            (
                "assignments-page.json",
                &["schedule", "ends", "assignment_type"],
            ),
            ("azurehound.json", &["schedule", "ends", "assignment_type"]),
            ("eligible-page.json", &["schedule", "assignment_type"]),
            (
                "eligible-azurehound.json",
                &["schedule", "ends", "assignment_type"],
            ),
            ("request.json", &["schedule", "assignment_type"]),
        ],
    },
    Family {
        folder: "sign-in-activity",
        kind: ObjectKind::SignInActivity,
        reference: "graph-page.json",
        unset: &[],
        others: &[("mg-powershell.json", &[])],
    },
    Family {
        folder: "management-group",
        kind: ObjectKind::ManagementGroup,
        reference: "az-entities-list.json",
        unset: &[],
        others: &[("arm-list.json", &[]), ("az-powershell.json", &[])],
    },
    Family {
        folder: "authorization-policy",
        kind: ObjectKind::AuthorizationPolicy,
        reference: "graph-v1.json",
        unset: &[],
        others: &[("graph-beta.json", &[]), ("mg-powershell.json", &[])],
    },
    Family {
        folder: "admin-consent-request-policy",
        kind: ObjectKind::ConsentPolicy,
        reference: "graph-v1.json",
        unset: &["id"],
        others: &[("mg-powershell.json", &[])],
    },
    Family {
        folder: "app-management-policy",
        kind: ObjectKind::AppManagementPolicy,
        reference: "graph-default.json",
        unset: &["applies_to"],
        others: &[
            ("mg-powershell.json", &[]),
            (
                "graph-assigned.json",
                &[
                    "id",
                    "name",
                    "default",
                    "service_principal_restrictions",
                    "applies_to",
                ],
            ),
        ],
    },
];
