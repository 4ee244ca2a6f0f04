//! Applications of Microsoft that other applications meet: the resources they request
//! permissions of, and the clients they authorise.

use crate::model::Guid;

use super::search::{Buckets, equal_range, first_bits, ignoring_case};
use super::tables::applications::{APPLICATIONS, BY_NAME};

/// Microsoft Graph.
pub const GRAPH: Guid = Guid(0x00000003_0000_0000_c000_000000000000);
/// Azure Digital Twins, called Azure Smart Spaces Service before July 2020.
pub const DIGITAL_TWINS: Guid = Guid(0x0b07f429_9f4b_4714_9392_cc5e8e80c8b0);
/// Azure AD Graph (`graph.windows.net`), retired; in some exports "Windows Azure Active Directory".
pub const AAD_GRAPH: Guid = Guid(0x00000002_0000_0000_c000_000000000000);
/// Azure Resource Manager (`management.azure.com`), the audience of the control plane.
pub const AZURE_RESOURCE_MANAGER: Guid = Guid(0x797f4846_ba00_4fd7_ba43_dac1f8f63013);
/// Azure Storage.
pub const AZURE_STORAGE: Guid = Guid(0xe406a681_f3d4_42a8_90b6_c2b029497af1);
/// Azure Key Vault.
pub const KEY_VAULT: Guid = Guid(0xcfa8b339_82a2_471a_a3c9_0fc0be7a4093);
/// Exchange Online, in the portal "Office 365 Exchange Online".
pub const EXCHANGE_ONLINE: Guid = Guid(0x00000002_0000_0ff1_ce00_000000000000);
/// SharePoint Online, in the portal "Office 365 SharePoint Online".
pub const SHAREPOINT_ONLINE: Guid = Guid(0x00000003_0000_0ff1_ce00_000000000000);
/// Office 365 Management APIs.
pub const OFFICE_MANAGEMENT: Guid = Guid(0xc5393580_f805_4401_95e8_94b7a6ef2fc2);
/// Power BI Service.
pub const POWER_BI: Guid = Guid(0x00000009_0000_0000_c000_000000000000);
/// Dataverse, formerly Common Data Service and Dynamics CRM.
pub const DATAVERSE: Guid = Guid(0x00000007_0000_0000_c000_000000000000);
/// PowerApps Service.
pub const POWER_APPS: Guid = Guid(0x475226c6_020e_4fb2_8a90_7a972cbfc1d4);
/// Microsoft Flow Service, the API of Power Automate.
pub const POWER_AUTOMATE: Guid = Guid(0x7df0a125_d3be_4c96_aa54_591f83ff541c);
/// The client Azure CLI.
pub const AZURE_CLI: Guid = Guid(0x04b07795_8ddb_461a_bbee_02f9e1bf7b46);
/// The client Azure PowerShell.
pub const AZURE_POWERSHELL: Guid = Guid(0x1950a258_227b_4e31_a9cf_717495945fc2);
/// The client Visual Studio Code.
pub const VISUAL_STUDIO_CODE: Guid = Guid(0xaebc6443_996d_45c2_90f0_388ff96faa56);

/// The tenant "Microsoft Services", which owns most first-party applications
/// (`appOwnerOrganizationId`).
pub const MICROSOFT_SERVICES_TENANT: Guid = Guid(0xf8cdef31_a31e_4b4a_93e4_5f571e91255a);
/// Microsoft's corporate tenant, which owns the other first-party applications.
pub const MICROSOFT_CORP_TENANT: Guid = Guid(0x72f988bf_86f1_41af_91ab_2d7cd011db47);

/// Whether a tenant is one in which Microsoft registers its own applications.
pub fn is_microsofts_tenant(tenant: Guid) -> bool {
    [MICROSOFT_SERVICES_TENANT, MICROSOFT_CORP_TENANT].contains(&tenant)
}

/// The name of a Microsoft application, by its appId. `None`: not in the list, which
/// does not prove that the application is not Microsoft's.
pub fn application_name(app: Guid) -> Option<&'static str> {
    let rows = &APPLICATIONS[BUCKETS.rows(app)];
    let place = rows.binary_search_by_key(&app, |row| row.0).ok()?;
    Some(rows[place].1)
}

static BUCKETS: Buckets = {
    let mut bits = [0; APPLICATIONS.len()];
    let mut at = 0;
    while at < bits.len() {
        bits[at] = first_bits(APPLICATIONS[at].0);
        at += 1;
    }
    Buckets::of(&bits)
};

/// The appId that somebody meant who wrote a name ("Microsoft Graph", "SharePoint") or
/// an identifier URI (`https://digitaltwins.azure.net/`, `…/.default`) where the GUID
/// belongs. Case, surrounding blanks, `http` or `https` and trailing slashes do not
/// matter. `None` for unknown names and for names that several applications bear.
pub fn find_application_by_name(name: &str) -> Option<Guid> {
    let name = name.trim();
    let place = without_scheme(name);
    let place = place
        .strip_suffix("/.default")
        .unwrap_or(place)
        .trim_end_matches('/');
    if let [(_, app)] = equal_range(&HOSTS, |row| ignoring_case(row.0, place)) {
        return Some(*app);
    }
    if let [(_, app)] = equal_range(&OTHER_NAMES, |row| ignoring_case(row.0, name)) {
        return Some(*app);
    }
    match equal_range(&BY_NAME, |&at| {
        ignoring_case(APPLICATIONS[usize::from(at)].1, name)
    }) {
        [at] => Some(APPLICATIONS[usize::from(*at)].0),
        _ => None,
    }
}

fn without_scheme(uri: &str) -> &str {
    ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| {
            let head = uri.get(..scheme.len())?;
            head.eq_ignore_ascii_case(scheme)
                .then(|| &uri[scheme.len()..])
        })
        .unwrap_or(uri)
}

/// Identifier URIs without scheme and trailing slash, sorted.
static HOSTS: [(&str, Guid); 19] = [
    ("analysis.windows.net/powerbi/api", POWER_BI),
    (
        "api.loganalytics.io",
        Guid(0xca7f3f0b_7d91_482c_8e09_c5d840d0eac5),
    ),
    (
        "app.vssps.visualstudio.com",
        Guid(0x499b84ac_1321_427f_aa17_267ca6975798),
    ),
    (
        "database.windows.net",
        Guid(0x022907d3_0f1b_48f7_badc_1ba6abab6d66),
    ),
    ("digitaltwins.azure.net", DIGITAL_TWINS),
    (
        "eventhubs.azure.net",
        Guid(0x80369ed6_5f11_4dd9_bef3_692475845e77),
    ),
    ("graph.microsoft.com", GRAPH),
    ("graph.windows.net", AAD_GRAPH),
    ("manage.office.com", OFFICE_MANAGEMENT),
    (
        "managedhsm.azure.net",
        Guid(0x589d5083_6f11_4d30_a62a_a4b316a14abf),
    ),
    ("management.azure.com", AZURE_RESOURCE_MANAGER),
    ("management.core.windows.net", AZURE_RESOURCE_MANAGER),
    ("outlook.office.com", EXCHANGE_ONLINE),
    ("outlook.office365.com", EXCHANGE_ONLINE),
    (
        "purview.azure.net",
        Guid(0x73c2949e_da2d_457a_9607_fcc665198967),
    ),
    ("service.flow.microsoft.com", POWER_AUTOMATE),
    ("service.powerapps.com", POWER_APPS),
    ("storage.azure.com", AZURE_STORAGE),
    ("vault.azure.net", KEY_VAULT),
];

/// Names in lower case that the list of applications does not have, or gives to
/// several applications; sorted.
static OTHER_NAMES: [(&str, Guid); 32] = [
    ("azure active directory graph", AAD_GRAPH),
    ("azure ad graph", AAD_GRAPH),
    ("azure cli", AZURE_CLI),
    (
        "azure digital twins (azure smart spaces service)",
        DIGITAL_TWINS,
    ),
    (
        "azure digital twins (formerly azure smart spaces service)",
        DIGITAL_TWINS,
    ),
    ("azure management", AZURE_RESOURCE_MANAGER),
    ("azure powershell", AZURE_POWERSHELL),
    ("azure service management", AZURE_RESOURCE_MANAGER),
    ("azure smart spaces service", DIGITAL_TWINS),
    ("azuredigitaltwins", DIGITAL_TWINS),
    ("common data service", DATAVERSE),
    ("digital twins", DIGITAL_TWINS),
    ("dynamics crm", DATAVERSE),
    ("exchange", EXCHANGE_ONLINE),
    ("exchange online", EXCHANGE_ONLINE),
    ("graph", GRAPH),
    ("key vault", KEY_VAULT),
    ("microsoft azure management", AZURE_RESOURCE_MANAGER),
    ("microsoft graph api", GRAPH),
    ("microsoft.digitaltwins", DIGITAL_TWINS),
    ("microsoftgraph", GRAPH),
    ("ms graph", GRAPH),
    ("msgraph", GRAPH),
    ("office 365 exchange online", EXCHANGE_ONLINE),
    ("office 365 sharepoint online", SHAREPOINT_ONLINE),
    ("power automate", POWER_AUTOMATE),
    ("power bi", POWER_BI),
    ("powerapps", POWER_APPS),
    ("sharepoint", SHAREPOINT_ONLINE),
    ("vs code", VISUAL_STUDIO_CODE),
    ("windows azure active directory", AAD_GRAPH),
    (
        "windows azure service management api",
        AZURE_RESOURCE_MANAGER,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn strictly_sorted(table: &[(&str, Guid)]) -> bool {
        table.is_sorted_by(|left, right| left.0 < right.0)
            && table.iter().all(|row| row.0 == row.0.to_ascii_lowercase())
    }

    #[test]
    fn tables_are_sorted_and_complete() {
        assert_eq!(APPLICATIONS.len(), 765);
        assert!(APPLICATIONS.is_sorted_by(|left, right| left.0 < right.0));
        assert!(
            APPLICATIONS
                .iter()
                .all(|row| !row.1.is_empty() && row.1.trim() == row.1)
        );
        assert!(strictly_sorted(&HOSTS));
        assert!(strictly_sorted(&OTHER_NAMES));
        assert!(
            HOSTS
                .iter()
                .chain(&OTHER_NAMES)
                .all(|row| application_name(row.1).is_some())
        );
    }

    #[test]
    fn the_name_index_holds_every_application_once() {
        let key = |at: &u16| {
            let (app, name) = APPLICATIONS[usize::from(*at)];
            (name.to_ascii_lowercase(), app)
        };
        assert_eq!(BY_NAME.len(), APPLICATIONS.len());
        assert!(BY_NAME.is_sorted_by(|left, right| key(left) < key(right)));
    }

    #[test]
    fn well_known_applications_have_their_names() {
        for (app, name) in [
            (GRAPH, "Microsoft Graph"),
            (DIGITAL_TWINS, "Azure Digital Twins"),
            (AAD_GRAPH, "Azure AD Graph (retired)"),
            (AZURE_RESOURCE_MANAGER, "Azure Resource Manager"),
            (AZURE_STORAGE, "Azure Storage"),
            (KEY_VAULT, "Azure Key Vault"),
            (EXCHANGE_ONLINE, "Exchange Online"),
            (SHAREPOINT_ONLINE, "SharePoint Online"),
            (OFFICE_MANAGEMENT, "Office 365 Management APIs"),
            (POWER_BI, "Power BI Service"),
            (DATAVERSE, "Dataverse"),
            (POWER_APPS, "PowerApps Service"),
            (POWER_AUTOMATE, "Microsoft Flow Service"),
            (AZURE_CLI, "Microsoft Azure CLI"),
            (AZURE_POWERSHELL, "Microsoft Azure PowerShell"),
            (VISUAL_STUDIO_CODE, "Visual Studio Code"),
        ] {
            assert_eq!(application_name(app), Some(name));
        }
    }

    #[test]
    fn a_permission_id_is_no_application() {
        assert_eq!(
            application_name(super::super::digital_twins::READ_WRITE),
            None
        );
        assert_eq!(application_name(Guid(0)), None);
        assert_eq!(application_name(Guid(u128::MAX)), None);
    }

    #[test]
    fn names_and_uris_lead_to_the_app_id() {
        for (written, app) in [
            ("Microsoft Graph", GRAPH),
            ("microsoft graph", GRAPH),
            ("https://graph.microsoft.com", GRAPH),
            ("https://graph.microsoft.com/.default", GRAPH),
            ("Azure Digital Twins", DIGITAL_TWINS),
            ("Azure Smart Spaces Service", DIGITAL_TWINS),
            ("https://digitaltwins.azure.net", DIGITAL_TWINS),
            ("HTTP://DigitalTwins.azure.net/", DIGITAL_TWINS),
            (" https://digitaltwins.azure.net//.default ", DIGITAL_TWINS),
            ("digitaltwins.azure.net", DIGITAL_TWINS),
            ("Azure AD Graph", AAD_GRAPH),
            ("Windows Azure Active Directory", AAD_GRAPH),
            ("https://graph.windows.net/", AAD_GRAPH),
            ("https://management.azure.com/", AZURE_RESOURCE_MANAGER),
            ("Azure Resource Manager", AZURE_RESOURCE_MANAGER),
            ("SharePoint", SHAREPOINT_ONLINE),
            ("SharePoint Online", SHAREPOINT_ONLINE),
            ("Office 365 SharePoint Online", SHAREPOINT_ONLINE),
            ("Exchange Online", EXCHANGE_ONLINE),
            ("Office 365 Exchange Online", EXCHANGE_ONLINE),
        ] {
            assert!(find_application_by_name(written) == Some(app), "{written}");
        }
    }

    #[test]
    fn unknown_and_ambiguous_names_lead_nowhere() {
        for written in [
            "",
            "/",
            "https://",
            "é",
            "https:/é/",
            "User.Read",
            "Microsoft To-Do",
            "https://example.com",
        ] {
            assert!(find_application_by_name(written).is_none(), "{written}");
        }
    }
}
