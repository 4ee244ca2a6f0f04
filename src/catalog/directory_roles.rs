//! The roles of the directory itself that Microsoft marks as privileged.
//!
//! Source: Microsoft Learn, "Microsoft Entra built-in roles", whose table bears the label
//! PRIVILEGED, as of August 2026. What the label means: "Privileged roles and permissions in
//! Microsoft Entra ID". Other built-in roles, and roles that a tenant defines itself, are not in
//! here: nothing is said of them.

use crate::model::Guid;

/// What the holder of a privileged role can do with it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Reads what is guarded, and changes nothing.
    Reads,
    /// Changes credentials, policies, devices or applications.
    Changes,
    /// Can make anyone, itself included, Global Administrator: assigns every role, or resets the
    /// credentials of every administrator.
    Everything,
}

/// A privileged role of the directory.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct DirectoryRole {
    /// The id of the role's template, which `roleDefinitionId` holds for a built-in role.
    pub id: Guid,
    /// The role's name.
    pub name: &'static str,
    /// What its holder can do.
    pub reach: Reach,
}

impl DirectoryRole {
    /// It does more than read.
    pub fn changes(&self) -> bool {
        self.reach != Reads
    }
}

/// The privileged role with this template id; `None` for every other role.
pub fn privileged_directory_role(id: Guid) -> Option<&'static DirectoryRole> {
    let place = PRIVILEGED.binary_search_by_key(&id, |role| role.id).ok()?;
    Some(&PRIVILEGED[place])
}

const fn r(id: u128, name: &'static str, reach: Reach) -> DirectoryRole {
    DirectoryRole {
        id: Guid(id),
        name,
        reach,
    }
}

use Reach::{Changes, Everything, Reads};

/// Sorted by id.
#[rustfmt::skip]
static PRIVILEGED: [DirectoryRole; 34] = [
    r(0x0b00bede_4072_4d22_b441_e7df02a1ef63, "Authentication Extensibility Password Administrator", Changes),
    r(0x158c047a_c907_4556_b7ef_446551a6b5f7, "Cloud Application Administrator", Changes),
    r(0x194ae4cb_b126_40b2_bd5b_6091b380977d, "Security Administrator", Changes),
    r(0x1981f584_96e9_4a6f_95b0_f522373f8fae, "Tenant Governance Administrator", Changes),
    r(0x1fe13547_53f6_408d_ac04_7f8eed167b38, "AI Reader", Reads),
    r(0x25a516ed_2fa0_40ea_a2d0_12923a21473a, "Authentication Extensibility Administrator", Changes),
    r(0x3a2c62db_5318_420d_8d74_23affee5d9d5, "Intune Administrator", Changes),
    r(0x422218e4_db15_4ef9_bbe0_8afb41546d79, "Attribute Provisioning Reader", Reads),
    r(0x45d8d3c5_c802_45c6_b32a_1d70b5e1e86e, "Identity Governance Administrator", Changes),
    r(0x4ba39ca4_527c_499a_b93d_d9b492c50246, "Partner Tier1 Support", Changes),
    r(0x59d46f88_662b_457b_bceb_5c3809e5908f, "Lifecycle Workflows Administrator", Changes),
    r(0x5d6b6bb7_de71_4623_b4af_96380a352509, "Security Reader", Reads),
    r(0x5f2222b1_57c3_48ba_8ad5_d4759f1fde6f, "Security Operator", Changes),
    r(0x62e90394_69f5_4237_9190_012177145e10, "Global Administrator", Everything),
    r(0x729827e3_9c14_49f7_bb1b_9608f156bbb8, "Helpdesk Administrator", Changes),
    r(0x7698a772_787b_4ac8_901f_60d6b08affd2, "Cloud Device Administrator", Changes),
    r(0x7be44c8a_adaf_4e2a_84d6_ab2649e08a13, "Privileged Authentication Administrator", Everything),
    r(0x8329153b_31d0_4727_b945_745eb3bc5f31, "Domain Name Administrator", Changes),
    r(0x8ac3fc64_6eca_42ea_9e69_59f4c7b60eb2, "Hybrid Identity Administrator", Changes),
    r(0x9360feb5_f418_4baa_8175_e2a00bac4301, "Directory Writers", Changes),
    r(0x966707d0_3269_4727_9be2_8c3a10f19b9d, "Password Administrator", Changes),
    r(0x9b895d92_2cd3_44c7_9d02_a6ac2d5ea5c3, "Application Administrator", Changes),
    r(0xaaf43236_0c0d_4d5f_883a_6955382ac081, "B2C IEF Keyset Administrator", Changes),
    r(0xb1be1c3e_b65d_4f19_8427_f6fa0d97feb9, "Conditional Access Administrator", Changes),
    r(0xbe2f45a1_457d_42af_a067_6ec1fa63bc45, "External Identity Provider Administrator", Changes),
    r(0xc4e39bd9_1100_46d3_8c65_fb160da0071f, "Authentication Administrator", Changes),
    r(0xcf1c38e5_3621_4004_a7cb_879624dced7c, "Application Developer", Changes),
    r(0xd2562ede_74db_457e_a7b6_544e236ebb61, "AI Administrator", Changes),
    r(0xdb506228_d27e_4b7d_95e5_295956d6615f, "Agent ID Administrator", Changes),
    r(0xe00e864a_17c5_4a4b_9c06_f5b95a8d5bd8, "Partner Tier2 Support", Everything),
    r(0xe8611ab8_c189_46e8_94e1_60213ab1f814, "Privileged Role Administrator", Everything),
    r(0xecb2c6bf_0ab6_418e_bd87_7986f8d63bbe, "Attribute Provisioning Administrator", Changes),
    r(0xf2ef992c_3afb_46b9_b7cf_a126ee74c451, "Global Reader", Reads),
    r(0xfe930be7_5e62_47db_91af_98c3a49a38b1, "User Administrator", Changes),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_strictly_sorted_and_found() {
        assert!(PRIVILEGED.is_sorted_by(|left, right| left.id < right.id));
        for role in &PRIVILEGED {
            assert_eq!(privileged_directory_role(role.id), Some(role));
            assert_eq!(role.name.ends_with("Reader"), role.reach == Reads);
        }
        assert!(privileged_directory_role(Guid(0)).is_none());
    }

    #[test]
    fn the_label_and_not_the_name_decides() {
        let global_administrator = Guid(0x62e90394_69f5_4237_9190_012177145e10);
        let found = privileged_directory_role(global_administrator);
        assert_eq!(
            found.map(|role| (role.name, role.reach)),
            Some(("Global Administrator", Everything))
        );
        // Exchange Administrator and Directory Readers bear no such label.
        for other in [
            0x29232cdf_9323_42fd_ade2_1d097af3e4de,
            0x88d8e3e3_8f55_4a1e_953a_9b9898b8876b,
        ] {
            assert!(privileged_directory_role(Guid(other)).is_none());
        }
    }
}
