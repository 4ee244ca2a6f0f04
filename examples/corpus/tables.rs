//! What objects of the tenant are made of.

use super::json::Guid;

pub const GRAPH: Guid = 0x00000003_0000_0000_c000_000000000000;
pub const RETIRED_GRAPH: (Guid, Guid) = (
    0x00000002_0000_0000_c000_000000000000,
    0x311a71cc_e848_46a1_bdf8_97ff7156d8e6,
);
/// Azure Digital Twins and its one delegated permission, Read.Write.
pub const DIGITAL_TWINS: (Guid, Guid) = (
    0x0b07f429_9f4b_4714_9392_cc5e8e80c8b0,
    0x4589bd03_58cb_4e6c_b17f_b580e39652f8,
);
/// Office 365 SharePoint Online and AllSites.Read.
pub const SHAREPOINT: (Guid, Guid) = (
    0x00000003_0000_0ff1_ce00_000000000000,
    0x4e0d77b0_96ba_4398_af14_3baa780278f4,
);
pub const USER_READ: Guid = 0xe1fe6dd8_ba31_4d61_89e7_88639da4683d;
pub const AZURE_CLI: Guid = 0x04b07795_8ddb_461a_bbee_02f9e1bf7b46;
pub const AZURE_POWERSHELL: Guid = 0x1950a258_227b_4e31_a9cf_717495945fc2;

/// Delegated permissions of Microsoft Graph ("Microsoft Graph permissions reference").
#[rustfmt::skip]
pub const DELEGATED: [(Guid, &str); 22] = [
    (0x37f7f235_527c_4136_accd_4a02d197296e, "openid"),
    (0x14dad69e_099b_42c9_810b_d002981feec1, "profile"),
    (0x64a6cdd6_aab1_4aaf_94b8_3cc8405e90d0, "email"),
    (0x7427e0e9_2fba_42fe_b0c0_848c9e6a8182, "offline_access"),
    (0xb340eb25_3456_403f_be2f_af7a0d370277, "User.ReadBasic.All"),
    (0x5f8c59db_677d_491f_a6b8_5f174b11ec1d, "Group.Read.All"),
    (0xbc024368_1153_4739_b217_4326f2e966d0, "GroupMember.Read.All"),
    (0x570282fd_fa5c_430d_a7fd_fc8dc98a9dca, "Mail.Read"),
    (0xe383f46e_2787_4529_855e_0e479a3ffac0, "Mail.Send"),
    (0x465a38f9_76ea_45b9_9f34_9e8b0d4b0b42, "Calendars.Read"),
    (0x1ec239c2_d7c9_4623_a91a_a9775856bb36, "Calendars.ReadWrite"),
    (0xff74d97f_43af_4b68_9f2a_b77ee6968c5d, "Contacts.Read"),
    (0x10465720_29dd_4523_a11a_6a75c743c9d9, "Files.Read"),
    (0xdf85f4d6_205c_4ac5_a5ea_6bf408dba283, "Files.Read.All"),
    (0x205e70e5_aba6_4c52_a976_6d2d46c48043, "Sites.Read.All"),
    (0xba47897c_39ec_4d83_8086_ee8256fa737d, "People.Read"),
    (0x76bc735e_aecd_4a1d_8b4c_2b915deabb79, "Presence.Read"),
    (0x485be79e_c497_4b35_9400_0e3fa7f2a5d4, "Team.ReadBasic.All"),
    (0x9d8982ae_4365_4f57_95e9_d6032a4c0b87, "Channel.ReadBasic.All"),
    (0xf45671fb_e0fe_4b4b_be20_3d3ce43f1bcb, "Tasks.Read"),
    (0x2219042f_cab5_40cc_b0d2_16b1540b4c5f, "Tasks.ReadWrite"),
    (0x371361e4_b9e2_4a3f_8315_2a301a3b0a3d, "Notes.Read"),
];

/// Application permissions of Microsoft Graph, none of which leads to the whole tenant.
#[rustfmt::skip]
pub const APP_ONLY: [(Guid, &str); 14] = [
    (0xdf021288_bdef_4463_88db_98f22de89214, "User.Read.All"),
    (0x5b567255_7703_4780_807c_7be8301ae99b, "Group.Read.All"),
    (0x98830695_27a2_44f7_8c18_0c3ebc9698f6, "GroupMember.Read.All"),
    (0x7438b122_aefc_4978_80ed_43db9fcc7715, "Device.Read.All"),
    (0x798ee544_9d2d_430c_a058_570e29e34338, "Calendars.Read"),
    (0xb633e1c5_b582_4048_a93e_9f11b44c7e96, "Mail.Send"),
    (0x332a536c_c7ef_4017_ab91_336970924f0d, "Sites.Read.All"),
    (0xb0afded3_3588_46d8_8b3d_9842eff778da, "AuditLog.Read.All"),
    (0x9a5d68dd_52b0_4cc2_bd40_abcf44ac3a30, "Application.Read.All"),
    (0x230c1aed_a721_4c5d_9cb4_a90514e508ef, "Reports.Read.All"),
    (0x498476ce_e0fe_48b0_b801_37ba7e2685c6, "Organization.Read.All"),
    (0x79c261e0_fe76_4144_aad5_bdc68fbe4037, "ServiceHealth.Read.All"),
    (0x1b620472_6534_4fe6_9df2_4680e8aa28ec, "ServiceMessage.Read.All"),
    (0xbf394140_e372_4bf9_a898_299cfc7564e5, "SecurityEvents.Read.All"),
];

pub const SUBJECTS: [&str; 16] = [
    "Payroll",
    "Invoice",
    "Warehouse",
    "Campus",
    "Claims",
    "Fleet",
    "Laboratory",
    "Recruiting",
    "Travel",
    "Customer",
    "Maintenance",
    "Energy",
    "Contract",
    "Inventory",
    "Züri",
    "Training",
];
pub const STAGES: [&str; 4] = ["Development", "Test", "Staging", "Production"];
pub const CLAIMS: [&str; 6] = [
    "email",
    "family_name",
    "given_name",
    "groups",
    "ipaddr",
    "upn",
];
pub const TAGS: [&str; 5] = [
    "HideApp",
    "WindowsAzureActiveDirectoryIntegratedApp",
    "cost-center:4711",
    "managed-by:terraform",
    "team:identity",
];
pub const NOTES: [&str; 4] = [
    "Owned by the platform team. Ask in the service desk before changing anything here.",
    "Created from the landing zone template.\nSee the runbook \"App registrations\", chapter 4.",
    "Secret is rotated by a pipeline every quarter; do not create one by hand.",
    "Prüfung durch die Revision: zuletzt im März, ohne Befund.",
];

pub const SCOPES: [&str; 3] = ["Records.Read", "Records.Write", "Records.Approve"];
pub const ROLES: [&str; 3] = ["Records.Read.All", "Records.Audit", "Records.Administer"];
pub const UNKNOWN_AUDIENCES: [&str; 3] = [
    "AzureADAndPersonalMicrosoftAccount",
    "AzureADMyOrgs",
    "AzureAdMultipleOrgs",
];
