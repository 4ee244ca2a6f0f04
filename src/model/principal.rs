//! A service principal: an application's (or a managed identity's) account in one tenant.

use super::life::Usage;
use super::{
    AppRole, Credential, Date, DirectoryObject, ExposedScope, FederatedCredential, Field, Guid,
    List, Span, Str, Text,
};

/// A service principal, whatever dialect it was exported in.
#[derive(Clone, Debug, Default)]
pub struct ServicePrincipal<'r> {
    /// The whole object.
    pub span: Span,
    /// The document shows every property of its format, so what is absent is not set.
    pub complete: bool,
    /// The object id, which grants and role assignments point to.
    pub id: Field<Str<'r>>,
    /// The client id of the application it stands for.
    pub app_id: Field<Str<'r>>,
    pub display_name: Field<Str<'r>>,
    pub app_display_name: Field<Str<'r>>,
    /// `servicePrincipalType`: `Application`, `ManagedIdentity`, `Legacy`, `SocialIdp`.
    pub kind: Field<Str<'r>>,
    /// The tenant the application is registered in: `appOwnerOrganizationId`, Azure AD Graph's
    /// `appOwnerTenantId`.
    pub owner_tenant: Field<Str<'r>>,
    /// The tenant this principal lives in, where the document says so: AzureHound's `tenantId`,
    /// the GUID inside Azure AD Graph's `odata.metadata`.
    pub tenant: Field<Str<'r>>,
    /// `accountEnabled`.
    pub enabled: Field<bool>,
    /// `disabledByMicrosoftStatus`.
    pub disabled_by_microsoft: Field<Str<'r>>,
    /// `isDisabled`.
    pub disabled: Field<bool>,
    /// `appRoleAssignmentRequired`: only who is assigned may get a token.
    pub assignment_required: Field<bool>,
    /// `preferredSingleSignOnMode`.
    pub sign_on_mode: Field<Str<'r>>,
    /// `signInAudience`, as written.
    pub audience: Field<Str<'r>>,
    pub reply_urls: List<Text<'r>>,
    /// `servicePrincipalNames`: the client id and the identifier URIs.
    pub names: List<Text<'r>>,
    /// `alternativeNames`: for a managed identity, the resource it belongs to.
    pub alternative_names: List<Text<'r>>,
    pub tags: List<Text<'r>>,
    /// Application roles its API defines (`appRoles`).
    pub roles: List<AppRole<'r>>,
    /// Delegated permissions its API exposes (`oauth2PermissionScopes`).
    pub scopes: List<ExposedScope<'r>>,
    pub secrets: List<Credential<'r>>,
    pub certificates: List<Credential<'r>>,
    /// `verifiedPublisher.verifiedPublisherId`; null also when the whole object is.
    pub publisher: Field<Str<'r>>,
    pub created: Field<Date>,
    pub deleted: Field<Date>,
    /// Federated identity credentials, when the export expanded them.
    pub federated: List<FederatedCredential<'r>>,
    /// Owners, when the export expanded them; absent otherwise.
    pub owners: List<DirectoryObject<'r>>,
}

impl ServicePrincipal<'_> {
    /// The object id, when it is a GUID.
    pub fn guid(&self) -> Option<Guid> {
        self.id.spanned()?.guid()
    }

    /// What `--id` of an `az ad sp` command takes: the object id, else the client id, else a
    /// placeholder that reads as one.
    pub fn cli_id(&self) -> String {
        [&self.id, &self.app_id]
            .into_iter()
            .filter_map(|field| field.spanned()?.guid())
            .map(|guid| guid.to_string())
            .next()
            .unwrap_or_else(|| "<objectId>".to_owned())
    }

    /// The application's client id, when it is a GUID.
    pub fn app_guid(&self) -> Option<Guid> {
        self.app_id.spanned()?.guid()
    }

    /// It is a managed identity's, whose credentials Azure keeps and replaces.
    pub fn is_managed_identity(&self) -> bool {
        is_word(&self.kind, "ManagedIdentity")
    }

    /// Users sign in to it by SAML, with tokens that it signs with certificates that Microsoft
    /// Entra made: set up so, or holding such a certificate.
    pub fn signs_saml(&self) -> bool {
        is_word(&self.sign_on_mode, "saml")
            || self
                .certificates
                .iter()
                .any(|certificate| Usage::of(certificate) == Usage::Sign)
    }
}

fn is_word(field: &Field<Str<'_>>, word: &str) -> bool {
    field
        .value()
        .is_some_and(|text| text.trim().eq_ignore_ascii_case(word))
}
