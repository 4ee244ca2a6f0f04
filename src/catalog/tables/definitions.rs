//! The full definitions of the built-in roles that bear on Azure Digital Twins: the
//! two with its data actions, the two that write its instances, and those that write
//! role assignments without a condition.
//!
//! Source: iann0036/iam-dataset (MIT), August 2026.

use crate::catalog::roles::{Permissions, RoleDefinition};
use crate::model::Guid;

/// Sorted by id.
pub(in crate::catalog) static DEFINITIONS: [RoleDefinition; 6] = [
    RoleDefinition {
        id: Guid(0x18d7d88d_d35e_4fb5_a5c3_7773c20a72d9),
        name: "User Access Administrator",
        permissions: &[Permissions {
            actions: &["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
            not_actions: &[],
            data_actions: &[],
            not_data_actions: &[],
            conditional: false,
        }],
    },
    RoleDefinition {
        id: Guid(0x8e3af657_a8ff_443c_a75c_2fe8c4bcb635),
        name: "Owner",
        permissions: &[Permissions {
            actions: &["*"],
            not_actions: &[],
            data_actions: &[],
            not_data_actions: &[],
            conditional: false,
        }],
    },
    RoleDefinition {
        id: Guid(0xb24988ac_6180_42a0_ab88_20f7382dd24c),
        name: "Contributor",
        permissions: &[Permissions {
            actions: &["*"],
            not_actions: &[
                "Microsoft.Authorization/*/Delete",
                "Microsoft.Authorization/*/Write",
                "Microsoft.Authorization/elevateAccess/Action",
                "Microsoft.Blueprint/blueprintAssignments/write",
                "Microsoft.Blueprint/blueprintAssignments/delete",
                "Microsoft.Compute/galleries/share/action",
                "Microsoft.Purview/consents/write",
                "Microsoft.Purview/consents/delete",
                "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
                "Microsoft.Subscription/cancel/action",
                "Microsoft.Subscription/enable/action",
            ],
            data_actions: &[],
            not_data_actions: &[],
            conditional: false,
        }],
    },
    RoleDefinition {
        id: Guid(0xbcd981a7_7f74_457b_83e1_cceb9e632ffe),
        name: "Azure Digital Twins Data Owner",
        permissions: &[Permissions {
            actions: &[],
            not_actions: &[],
            data_actions: &[
                "Microsoft.DigitalTwins/digitaltwins/*",
                "Microsoft.DigitalTwins/digitaltwins/commands/*",
                "Microsoft.DigitalTwins/digitaltwins/relationships/*",
                "Microsoft.DigitalTwins/eventroutes/*",
                "Microsoft.DigitalTwins/jobs/*",
                "Microsoft.DigitalTwins/models/*",
                "Microsoft.DigitalTwins/query/*",
            ],
            not_data_actions: &[],
            conditional: false,
        }],
    },
    RoleDefinition {
        id: Guid(0xd57506d4_4c8d_48b1_8587_93c323f6a5a3),
        name: "Azure Digital Twins Data Reader",
        permissions: &[Permissions {
            actions: &[],
            not_actions: &[],
            data_actions: &[
                "Microsoft.DigitalTwins/digitaltwins/read",
                "Microsoft.DigitalTwins/digitaltwins/relationships/read",
                "Microsoft.DigitalTwins/eventroutes/read",
                "Microsoft.DigitalTwins/jobs/import/read",
                "Microsoft.DigitalTwins/jobs/imports/read",
                "Microsoft.DigitalTwins/jobs/deletions/read",
                "Microsoft.DigitalTwins/models/read",
                "Microsoft.DigitalTwins/query/action",
            ],
            not_data_actions: &[],
            conditional: false,
        }],
    },
    RoleDefinition {
        id: Guid(0xf58310d9_a9f6_439a_9e8d_f62e7b41a168),
        name: "Role Based Access Control Administrator",
        permissions: &[Permissions {
            actions: &[
                "Microsoft.Authorization/roleAssignments/write",
                "Microsoft.Authorization/roleAssignments/delete",
                "*/read",
                "Microsoft.Support/*",
            ],
            not_actions: &[],
            data_actions: &[],
            not_data_actions: &[],
            conditional: false,
        }],
    },
];
