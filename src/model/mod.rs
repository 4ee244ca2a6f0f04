//! What rules talk about: applications and what they hold, principals, grants, role assignments
//! and definitions, instances, policies; each value with its place. Rules never see JSON; `kinds` turns every dialect into these types.

mod application;
mod assignment;
pub mod base64;
pub mod certificate;
mod consent;
mod date;
mod definition;
mod directory;
mod edit;
mod fault;
mod federated;
mod guid;
mod instance;
pub mod life;
mod part;
mod permission;
mod policy;
mod principal;
mod redirect;
mod search;
mod span;
mod uri;

use std::borrow::Cow;

pub use application::{
    AppRole, Application, Audience, Credential, ExposedScope, LegacyNames, List, Preauthorized,
    PropertyLock,
};
pub use assignment::{DenyAssignment, DenyPrincipal, RoleAssignment, Schedule};
pub use consent::{AppRoleAssignment, DelegatedGrant};
pub use date::{Date, Instant};
pub use definition::{PermissionBlock, RoleDefinition};
pub use directory::{
    DirectoryObject, DirectoryRoleAssignment, ManagementGroupEntity, Relation, SignInActivity,
};
pub use edit::{Edit, Fix, NewValue};
pub use fault::{Fault, FaultKind, SecretForm, SyntaxFault};
pub use federated::FederatedCredential;
pub use guid::Guid;
pub use instance::{Endpoint, Instance};
pub use life::CredentialKind;
pub use part::Part;
pub use permission::{Malformed, Permission, PermissionKind, RequiredAccess, RequiredResource};
pub use policy::{
    AppManagementPolicy, AuthorizationPolicy, ConsentPolicy, Restriction, RestrictionOf, Reviewer,
};
pub use principal::ServicePrincipal;
pub use redirect::{Platform, Redirect};
pub use search::find_ignoring_case;
pub use span::{Field, Span, Spanned};
pub use uri::Parts;

/// A string of the record with its place; decoded, borrowed where the document has no escapes.
pub type Text<'r> = Spanned<Str<'r>>;

/// A decoded string, borrowed from the record where it has no escapes.
pub type Str<'r> = Cow<'r, str>;

impl Spanned<Str<'_>> {
    /// The text as a GUID in Microsoft's spelling, blanks around it forgiven.
    pub fn guid(&self) -> Option<Guid> {
        Guid::parse_strict(self.value.trim())
    }

    /// Whether the text holds a placeholder where a value belongs; what it stands for is unknown.
    pub fn is_placeholder(&self) -> bool {
        is_placeholder(&self.value)
    }

    /// Whether the text is a URI with a placeholder anywhere in it.
    pub fn is_uri_template(&self) -> bool {
        is_uri_template(&self.value)
    }
}

impl AsRef<str> for Spanned<Str<'_>> {
    fn as_ref(&self) -> &str {
        &self.value
    }
}

/// Whether a text is, or contains, a template's placeholder: `${{NAME}}` and `{{name}}` (Teams
/// Toolkit), `<client id>`, `[parameters('x')]` (ARM), `{subscriptionId}`.
pub fn is_placeholder(text: &str) -> bool {
    if !may_hold(text.as_bytes(), BRACKETS) {
        return false;
    }
    let trimmed = text.trim();
    if trimmed.contains("{{") && trimmed.contains("}}") || trimmed.contains("${") {
        return true;
    }
    // A whole value in angle or curly brackets, or an ARM expression. A GUID in braces is a
    // spelling of a GUID, and a bracketed IPv6 host is no expression.
    let inner = |open: char, close: char| {
        trimmed
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
    };
    if let Some(name) = inner('<', '>').or(inner('{', '}')) {
        // `</script>…` is markup, `{"a": 1}` is JSON in a string.
        return !name.is_empty()
            && !name.starts_with('/')
            && !name.contains('"')
            && Guid::parse_loose(name).is_none();
    }
    inner('[', ']').is_some_and(|expression| expression.contains('(') && expression.contains(')'))
}

/// What a placeholder begins with, `{`, `[` or `<`, as [`may_hold`] asks for it.
const BRACKETS: [u8; 2] = [b'{', b'<'];

/// Whether a text may hold one of some characters; certainly not, if not. With the bit set that
/// small letters have and capital ones lack, curly and square brackets are one, so a mark stands
/// for both. Every third string of every record is asked, and most are short.
fn may_hold<const N: usize>(text: &[u8], marks: [u8; N]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const SMALL: u8 = 0x20;
    let has = |eight: &[u8; 8]| {
        let eight = u64::from_le_bytes(*eight) | (ONES * u64::from(SMALL));
        let found = marks.map(|mark| {
            let bytes = eight ^ (ONES * u64::from(mark));
            // A byte that became 0 borrows into its highest bit, which was not set.
            bytes.wrapping_sub(ONES) & !bytes
        });
        found.into_iter().fold(0, |all, one| all | one) & (ONES * 0x80) != 0
    };
    match text.last_chunk() {
        Some(last) => text.as_chunks().0.iter().any(has) || has(last),
        None => text.iter().any(|byte| marks.contains(&(byte | SMALL))),
    }
}

/// The kinds of objects that exports hold.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    Application,
    RequiredResourceAccess,
    ServicePrincipal,
    DelegatedGrant,
    AppRoleAssignment,
    FederatedCredential,
    CredentialList,
    DirectoryObject,
    RoleAssignment,
    RoleDefinition,
    RoleSchedule,
    DenyAssignment,
    DirectoryRoleAssignment,
    DigitalTwinsInstance,
    AuthorizationPolicy,
    ConsentPolicy,
    AppManagementPolicy,
    SignInActivity,
    ManagementGroup,
    ArmTemplate,
    TerraformPlan,
    TerraformState,
    /// A file whose whole point is a secret: the output of `credential reset`, `create-for-rbac`.
    SecretFile,
    /// An API's error body that was saved instead of data.
    ErrorBody,
}

impl ObjectKind {
    pub const ALL: [ObjectKind; 24] = [
        ObjectKind::Application,
        ObjectKind::RequiredResourceAccess,
        ObjectKind::ServicePrincipal,
        ObjectKind::DelegatedGrant,
        ObjectKind::AppRoleAssignment,
        ObjectKind::FederatedCredential,
        ObjectKind::CredentialList,
        ObjectKind::DirectoryObject,
        ObjectKind::RoleAssignment,
        ObjectKind::RoleDefinition,
        ObjectKind::RoleSchedule,
        ObjectKind::DenyAssignment,
        ObjectKind::DirectoryRoleAssignment,
        ObjectKind::DigitalTwinsInstance,
        ObjectKind::AuthorizationPolicy,
        ObjectKind::ConsentPolicy,
        ObjectKind::AppManagementPolicy,
        ObjectKind::SignInActivity,
        ObjectKind::ManagementGroup,
        ObjectKind::ArmTemplate,
        ObjectKind::TerraformPlan,
        ObjectKind::TerraformState,
        ObjectKind::SecretFile,
        ObjectKind::ErrorBody,
    ];

    /// Whether it describes what is to be deployed: a template, a plan, or a state.
    pub fn is_code(self) -> bool {
        matches!(
            self,
            ObjectKind::ArmTemplate | ObjectKind::TerraformPlan | ObjectKind::TerraformState
        )
    }

    /// As a sentence calls one of them.
    pub fn called(self) -> &'static str {
        self.words().0
    }

    /// As a sentence calls several of them.
    pub fn plural(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            ObjectKind::Application => ("application", "applications"),
            ObjectKind::RequiredResourceAccess => (
                "list of required permissions",
                "lists of required permissions",
            ),
            ObjectKind::ServicePrincipal => ("service principal", "service principals"),
            ObjectKind::DelegatedGrant => ("delegated grant", "delegated grants"),
            ObjectKind::AppRoleAssignment => ("app role assignment", "app role assignments"),
            ObjectKind::FederatedCredential => ("federated credential", "federated credentials"),
            ObjectKind::CredentialList => ("credential list", "credential lists"),
            ObjectKind::DirectoryObject => ("user, group or owner", "users, groups and owners"),
            ObjectKind::RoleAssignment => ("role assignment", "role assignments"),
            ObjectKind::RoleDefinition => ("role definition", "role definitions"),
            ObjectKind::RoleSchedule => ("PIM schedule", "PIM schedules"),
            ObjectKind::DenyAssignment => ("deny assignment", "deny assignments"),
            ObjectKind::DirectoryRoleAssignment => {
                ("directory role assignment", "directory role assignments")
            }
            ObjectKind::DigitalTwinsInstance => {
                ("Digital Twins instance", "Digital Twins instances")
            }
            ObjectKind::AuthorizationPolicy => ("authorization policy", "authorization policies"),
            ObjectKind::ConsentPolicy => (
                "admin consent request policy",
                "admin consent request policies",
            ),
            ObjectKind::AppManagementPolicy => ("app management policy", "app management policies"),
            ObjectKind::SignInActivity => ("sign-in activity", "sign-in activities"),
            ObjectKind::ManagementGroup => ("management group", "management groups"),
            ObjectKind::ArmTemplate => ("ARM template", "ARM templates"),
            ObjectKind::TerraformPlan => ("Terraform plan", "Terraform plans"),
            ObjectKind::TerraformState => ("Terraform state", "Terraform states"),
            ObjectKind::SecretFile => ("file with a secret", "files with a secret"),
            ObjectKind::ErrorBody => ("error body", "error bodies"),
        }
    }

    /// The kind's name in reports, in the field's own words.
    pub fn name(self) -> &'static str {
        match self {
            ObjectKind::Application => "application",
            ObjectKind::RequiredResourceAccess => "requiredResourceAccess",
            ObjectKind::ServicePrincipal => "servicePrincipal",
            ObjectKind::DelegatedGrant => "oauth2PermissionGrant",
            ObjectKind::AppRoleAssignment => "appRoleAssignment",
            ObjectKind::FederatedCredential => "federatedIdentityCredential",
            ObjectKind::CredentialList => "credential",
            ObjectKind::DirectoryObject => "directoryObject",
            ObjectKind::RoleAssignment => "roleAssignment",
            ObjectKind::RoleDefinition => "roleDefinition",
            ObjectKind::RoleSchedule => "roleSchedule",
            ObjectKind::DenyAssignment => "denyAssignment",
            ObjectKind::DirectoryRoleAssignment => "directoryRoleAssignment",
            ObjectKind::DigitalTwinsInstance => "digitalTwinsInstance",
            ObjectKind::AuthorizationPolicy => "authorizationPolicy",
            ObjectKind::ConsentPolicy => "adminConsentRequestPolicy",
            ObjectKind::AppManagementPolicy => "appManagementPolicy",
            ObjectKind::SignInActivity => "servicePrincipalSignInActivity",
            ObjectKind::ManagementGroup => "managementGroupEntity",
            ObjectKind::ArmTemplate => "armTemplate",
            ObjectKind::TerraformPlan => "terraformPlan",
            ObjectKind::TerraformState => "terraformState",
            ObjectKind::SecretFile => "secret",
            ObjectKind::ErrorBody => "error",
        }
    }
}

/// Whether a URI is, or has anywhere in it, a template's placeholder. No URI may hold angle or
/// curly brackets (RFC 3986, appendix A), so here they tell a placeholder wherever they stand:
/// `https://<your-app>.contoso.com`, `http://{host}/cb`, `https://$(siteName).contoso.com`.
pub fn is_uri_template(text: &str) -> bool {
    let [curly, angle] = BRACKETS;
    if !may_hold(text.as_bytes(), [curly, angle, b'$']) {
        return false;
    }
    let within = |open: &str, close: char| {
        text.split_once(open)
            .is_some_and(|(_, rest)| rest.contains(close))
    };
    is_placeholder(text) || within("<", '>') || within("{", '}') || within("$(", ')')
}

#[cfg(test)]
mod tests {
    use super::{BRACKETS, is_placeholder, is_uri_template, may_hold};

    #[test]
    fn marks_are_seen_wherever_they_stand() {
        for length in 1..20 {
            for at in 0..length {
                for byte in b' '..=b'~' {
                    for filler in ["a", "\u{7f}", "é"] {
                        let mut text = filler.repeat(length).into_bytes();
                        text[at] = byte;
                        let want = matches!(byte, b'{' | b'<' | b'[');
                        assert_eq!(may_hold(&text, BRACKETS), want, "{text:?}");
                        assert_eq!(may_hold(&text, [b'$']), byte == b'$', "{text:?}");
                    }
                }
            }
        }
        assert!(!may_hold(b"", BRACKETS));
    }

    #[test]
    fn placeholders_and_what_only_looks_like_one() {
        for text in [
            "${{AAD_APP_CLIENT_ID}}",
            "api://{{state.x.domain}}/botid",
            "<client-id>",
            "[parameters('appId')]",
            "{subscriptionId}",
            "${var.name}",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "",
            "User.Read",
            "{0b07f429-9f4b-4714-9392-cc5e8e80c8b0}",
            "http://[::1]/",
            "[text](https://contoso.com)x",
            "<>",
            "</script><script>alert(1)</script>",
            "{\"scope\": \"all\"}",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn placeholders_inside_uris() {
        for text in [
            "https://${{HOST}}/auth",
            "https://<your-app>.azurewebsites.net/cb",
            "http://{host}:3000",
            "https://$(siteName).contoso.com",
        ] {
            assert!(is_uri_template(text), "{text}");
        }
        for text in [
            "https://contoso.com/$x",
            "http://[::1]",
            "a<b",
            "https://contoso.com/(x)",
        ] {
            assert!(!is_uri_template(text), "{text}");
        }
    }
}
