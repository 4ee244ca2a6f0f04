//! Azure Digital Twins: its application, its one permission, its data roles and all
//! its operations.
//!
//! Sources: Microsoft's documentation, August 2026: "Create an app registration to use
//! with Azure Digital Twins", "Azure built-in roles for Internet of Things", and "Azure
//! permissions for Internet of Things" (of 23 February 2026) for the operations.

use crate::model::Guid;

/// The appId of the resource application.
pub const RESOURCE: Guid = super::resources::DIGITAL_TWINS;
/// The name of the resource application.
pub const NAME: &str = "Azure Digital Twins";

/// The id of the delegated permission Read.Write. There is no application permission:
/// app-only access needs an Azure role instead.
pub const READ_WRITE: Guid = Guid(0x4589bd03_58cb_4e6c_b17f_b580e39652f8);

/// The role Azure Digital Twins Data Owner: every data action.
pub const DATA_OWNER: Guid = Guid(0xbcd981a7_7f74_457b_83e1_cceb9e632ffe);
/// The role Azure Digital Twins Data Reader: reads and queries.
pub const DATA_READER: Guid = Guid(0xd57506d4_4c8d_48b1_8587_93c323f6a5a3);
/// Names that the data roles had before October 2020. That of the reader is likely but
/// was not found in Microsoft's documentation.
pub const FORMER_ROLE_NAMES: [(&str, Guid); 2] = [
    ("Azure Digital Twins Owner (Preview)", DATA_OWNER),
    ("Azure Digital Twins Reader (Preview)", DATA_READER),
];

/// The resource provider.
pub const PROVIDER: &str = "Microsoft.DigitalTwins";

/// All data actions. They belong in `dataActions` of a role definition, never in `actions`.
pub const DATA_ACTIONS: [&str; 23] = [
    "Microsoft.DigitalTwins/digitaltwins/commands/action",
    "Microsoft.DigitalTwins/digitaltwins/delete",
    "Microsoft.DigitalTwins/digitaltwins/read",
    "Microsoft.DigitalTwins/digitaltwins/relationships/delete",
    "Microsoft.DigitalTwins/digitaltwins/relationships/read",
    "Microsoft.DigitalTwins/digitaltwins/relationships/write",
    "Microsoft.DigitalTwins/digitaltwins/write",
    "Microsoft.DigitalTwins/eventroutes/delete",
    "Microsoft.DigitalTwins/eventroutes/read",
    "Microsoft.DigitalTwins/eventroutes/write",
    "Microsoft.DigitalTwins/jobs/delete/read",
    "Microsoft.DigitalTwins/jobs/delete/write",
    "Microsoft.DigitalTwins/jobs/deletions/read",
    "Microsoft.DigitalTwins/jobs/deletions/write",
    "Microsoft.DigitalTwins/jobs/import/read",
    "Microsoft.DigitalTwins/jobs/imports/cancel/action",
    "Microsoft.DigitalTwins/jobs/imports/delete",
    "Microsoft.DigitalTwins/jobs/imports/read",
    "Microsoft.DigitalTwins/jobs/imports/write",
    "Microsoft.DigitalTwins/models/delete",
    "Microsoft.DigitalTwins/models/read",
    "Microsoft.DigitalTwins/models/write",
    "Microsoft.DigitalTwins/query/action",
];

/// All control-plane actions. They belong in `actions`, never in `dataActions`.
pub const CONTROL_ACTIONS: [&str; 31] = [
    "Microsoft.DigitalTwins/digitalTwinsInstances/delete",
    "Microsoft.DigitalTwins/digitalTwinsInstances/diagnosticSettings/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/diagnosticSettings/write",
    "Microsoft.DigitalTwins/digitalTwinsInstances/endpoints/delete",
    "Microsoft.DigitalTwins/digitalTwinsInstances/endpoints/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/endpoints/write",
    "Microsoft.DigitalTwins/digitalTwinsInstances/logDefinitions/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/metricDefinitions/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/operationResults/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnectionProxies/delete",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnectionProxies/operationResults/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnectionProxies/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnectionProxies/validate/action",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnectionProxies/write",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnections/delete",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnections/operationResults/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnections/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateEndpointConnections/write",
    "Microsoft.DigitalTwins/digitalTwinsInstances/PrivateEndpointConnectionsApproval/action",
    "Microsoft.DigitalTwins/digitalTwinsInstances/privateLinkResources/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/timeSeriesDatabaseConnections/delete",
    "Microsoft.DigitalTwins/digitalTwinsInstances/timeSeriesDatabaseConnections/read",
    "Microsoft.DigitalTwins/digitalTwinsInstances/timeSeriesDatabaseConnections/write",
    "Microsoft.DigitalTwins/digitalTwinsInstances/write",
    "Microsoft.DigitalTwins/locations/checkNameAvailability/action",
    "Microsoft.DigitalTwins/locations/operationResults/read",
    "Microsoft.DigitalTwins/locations/operationsStatuses/read",
    "Microsoft.DigitalTwins/operations/read",
    "Microsoft.DigitalTwins/register/action",
    "Microsoft.DigitalTwins/unregister/action",
];

/// Whether an API is known to answer no cross-origin requests, so that no script in a browser can
/// call it ("Security for Azure Digital Twins solutions": "Azure Digital Twins doesn't currently
/// support Cross-Origin Resource Sharing (CORS)"). Nothing is known of other APIs.
pub fn lacks_cors(resource: Guid) -> bool {
    resource == RESOURCE
}

/// The role that once had this name, without regard to case.
pub fn role_formerly_named(name: &str) -> Option<Guid> {
    FORMER_ROLE_NAMES
        .iter()
        .find(|(former, _)| former.eq_ignore_ascii_case(name))
        .map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use super::super::roles::{definition, role};
    use super::super::search::ignoring_case;
    use super::*;

    #[test]
    fn operations_are_sorted_and_told_apart() {
        for table in [&DATA_ACTIONS[..], &CONTROL_ACTIONS[..]] {
            assert!(table.is_sorted_by(|left, right| ignoring_case(left, right).is_lt()));
            assert!(
                table
                    .iter()
                    .all(|name| name.starts_with("Microsoft.DigitalTwins/"))
            );
        }
        for name in DATA_ACTIONS {
            let mut control = CONTROL_ACTIONS.into_iter();
            assert!(
                !control.any(|other| other.eq_ignore_ascii_case(name)),
                "{name}"
            );
        }
    }

    #[test]
    fn the_reader_role_is_made_of_data_actions() {
        let [block] = definition(DATA_READER).unwrap().permissions else {
            panic!("one block")
        };
        assert!(
            block
                .data_actions
                .iter()
                .all(|name| DATA_ACTIONS.contains(name))
        );
        assert_eq!(block.data_actions.len(), 8);
    }

    #[test]
    fn names_agree_with_the_other_tables() {
        assert_eq!(super::super::application_name(RESOURCE), Some(NAME));
        let (owner, reader) = (
            "Azure Digital Twins Data Owner",
            "Azure Digital Twins Data Reader",
        );
        assert_eq!(role(DATA_OWNER).map(|r| r.name), Some(owner));
        assert_eq!(role(DATA_READER).map(|r| r.name), Some(reader));
        assert!(role_formerly_named("azure digital twins owner (preview)") == Some(DATA_OWNER));
        assert!(role_formerly_named(owner).is_none());
        for name in [
            "https://digitaltwins.azure.net",
            NAME,
            // Before July 2020; a tenant may still show it.
            "Azure Smart Spaces Service",
            // As the documentation printed it up to 2023.
            "http://digitaltwins.azure.net",
            "https://digitaltwins.azure.net/.default",
        ] {
            assert!(
                super::super::find_application_by_name(name) == Some(RESOURCE),
                "{name}"
            );
        }
    }
}
