//! What a tenant lets its users do with applications.

use crate::model::{AuthorizationPolicy, ConsentPolicy, Text};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// Users may consent to applications that nobody looked at.
    ///
    /// **Why it matters.** Consent phishing needs nothing else: a user clicks "Accept", and an
    /// application that a stranger registered reads the user's mail and files, without a password
    /// and past multifactor authentication.
    ///
    /// **What is checked.** The consent policies of the tenant's users
    /// (`permissionGrantPoliciesAssigned`): `microsoft-user-default-legacy` allows every permission
    /// that needs no administrator, of any publisher. Low-risk permissions of verified publishers
    /// (`microsoft-user-default-low`), no consent at all, and policies of one's own are fine.
    /// Microsoft's managed default (`microsoft-user-default-recommended`), which leaves out files,
    /// sites and mail but asks for no verified publisher, is told to auditors as info.
    ///
    /// **Fix.** Allow low-risk permissions of verified publishers alone, and turn the admin consent
    /// workflow on (*tenant-consent-workflow-off*). The command replaces the whole list.
    pub static TENANT_USER_CONSENT = {
        id: "tenant-user-consent",
        group: Posture,
        severity: Warning,
        persona: Regular,
        more_for: Audit,
        needs: [AuthorizationPolicy],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/configure-user-consent",
            "https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies",
        ],
        peers: [
            "Maester EIDSCA.AP08",
            "Maester EIDSCA.AP09",
            "Maester EIDSCA.CP03",
            "Maester CISA.MS.AAD.5.2",
            "ScubaGear MS.AAD.5.2",
            "Zero Trust Assessment 21776, 21810",
            "Prowler entra_policy_restricts_user_consent_for_apps",
            "Prowler entra_policy_user_consent_for_verified_apps",
            "Guerrilla EIDAPP-012",
            "Guerrilla EIDAPP-013",
            "Guerrilla EIDAPP-020",
            "M365-Assess CONSENT-001",
            "M365-Assess CONSENT-003",
            "Monkey365 eid-users-can-*",
            "CIPP-API consent standards",
            "365Inspect Inspect-OAUTHUserConsent",
            "cnspec m365 consent",
            "Steampipe azure-compliance ad_authorization_policy_*",
            "CIS Microsoft 365 5.1.5.1",
        ],
        check: Authorization(user_consent),
    }
}

const AUTHORIZATION_POLICY: &str = "https://graph.microsoft.com/v1.0/policies/authorizationPolicy";

/// How policies for one's own consent are told from those of owners of groups and chats.
const FOR_SELF: &str = "ManagePermissionGrantsForSelf.";
const LOW: &str = "microsoft-user-default-low";
const LEGACY: &str = "microsoft-user-default-legacy";
const RECOMMENDED: &str = "microsoft-user-default-recommended";

/// The consent policy that an entry assigns to users; older exports name it alone.
fn policy(entry: &str) -> Option<&str> {
    let entry = entry.trim();
    match entry.rsplit_once('.') {
        None => Some(entry),
        Some((_, policy)) => entry
            .get(..FOR_SELF.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(FOR_SELF))
            .then_some(policy),
    }
}

fn user_consent(tenant: &AuthorizationPolicy<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    for entry in tenant.permission_grant_policies.iter() {
        let Some(policy) = policy(entry) else {
            continue;
        };
        let legacy = policy.eq_ignore_ascii_case(LEGACY);
        if !legacy && !policy.eq_ignore_ascii_case(RECOMMENDED) {
            continue;
        }
        let says = if legacy {
            "users may consent to any application that asks for no administrator's permission"
        } else {
            "users may consent to applications of unverified publishers"
        };
        let label = if legacy {
            "every publisher, most permissions"
        } else {
            "every publisher"
        };
        let say = |say: &mut crate::rules::Wording| {
            say.message(says)
                .label(label)
                .help("allow low-risk permissions of verified publishers alone, or none")
                .fact("policy", if legacy { LEGACY } else { RECOMMENDED })
                .key(policy.to_ascii_lowercase());
            if let Some(command) = replace_policies(&tenant.permission_grant_policies.items) {
                say.command(command);
            }
        };
        if legacy {
            out.report(Severity::Warning, entry.span, say);
        } else {
            out.report_audit(Severity::Info, entry.span, say);
        }
    }
}

/// The command that puts the low-risk policy in the place of the others and leaves those alone
/// that are not about one's own consent; `None` where an entry is no plain name.
fn replace_policies(entries: &[Text<'_>]) -> Option<String> {
    let mut list = vec![format!("\"{FOR_SELF}{LOW}\"")];
    for entry in entries {
        if policy(entry).is_some() {
            continue;
        }
        let name = entry.trim();
        if !name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        {
            return None;
        }
        list.push(format!("\"{name}\""));
    }
    Some(format!(
        "az rest --method PATCH --url {AUTHORIZATION_POLICY} --body '{{\"defaultUserRolePermissions\":{{\"permissionGrantPoliciesAssigned\":[{}]}}}}'",
        list.join(",")
    ))
}

declare_rule! {
    /// Every user may register applications.
    ///
    /// **Why it matters.** Who registers an application owns it and can add credentials to it.
    /// Registrations that nobody knows of keep their consent when their maker has left.
    ///
    /// **What is checked.** `allowedToCreateApps` is true. It is Microsoft's default.
    ///
    /// **Fix.** Turn it off, and give the role Application Developer to those who need it.
    pub static TENANT_USER_REGISTRATION = {
        id: "tenant-user-registration",
        group: Posture,
        severity: Info,
        persona: Audit,
        needs: [AuthorizationPolicy],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/role-based-access-control/delegate-app-roles",
            "https://learn.microsoft.com/entra/fundamentals/users-default-permissions",
        ],
        peers: [
            "Maester EIDSCA.AP10",
            "Maester CISA.MS.AAD.5.1",
            "ScubaGear MS.AAD.5.1",
            "Zero Trust Assessment 21807",
            "Prowler entra_policy_ensure_default_user_cannot_create_apps",
            "M365-Assess APPREG-001",
            "Monkey365 eid-users-can-*",
            "Steampipe azure-compliance iam_user_not_allowed_to_register_application",
            "CIS Microsoft 365 5.1.2.2",
        ],
        check: Authorization(user_registration),
    }
}

fn user_registration(tenant: &AuthorizationPolicy<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(may) = tenant.may_create_apps.spanned().filter(|may| may.value) else {
        return;
    };
    out.report(Severity::Info, may.span, |say| {
        say.message("every user may register applications")
            .label("anybody may")
            .help("turn it off, and give the role Application Developer to those who need it")
            .command(format!(
                "az rest --method PATCH --url {AUTHORIZATION_POLICY} --body '{{\"defaultUserRolePermissions\":{{\"allowedToCreateApps\":false}}}}'"
            ));
    });
}

declare_rule! {
    /// Users cannot ask an administrator for consent.
    ///
    /// **Why it matters.** Where users may not consent themselves, they meet a dead end
    /// (AADSTS90094) and look for ways around it; or consent of users is left open because there is
    /// no other way.
    ///
    /// **What is checked.** `isEnabled` of the admin consent workflow
    /// (`adminConsentRequestPolicy`) is false.
    ///
    /// **Fix.** Name reviewers and turn the workflow on: in the Entra admin center under
    /// *Enterprise applications*, *Consent and permissions*, *Admin consent settings*.
    pub static TENANT_CONSENT_WORKFLOW_OFF = {
        id: "tenant-consent-workflow-off",
        group: Posture,
        severity: Info,
        persona: Audit,
        needs: [ConsentPolicy],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/configure-admin-consent-workflow",
            "https://learn.microsoft.com/graph/api/resources/adminconsentrequestpolicy",
        ],
        peers: [
            "Maester EIDSCA.CP04",
            "Maester EIDSCA.CR01",
            "Maester CISA.MS.AAD.5.3",
            "ScubaGear MS.AAD.5.3",
            "Zero Trust Assessment 21809",
            "M365-Assess CONSENT-002",
            "CIPP-API consent standards",
            "CIS Microsoft 365 5.1.5.2",
        ],
        check: ConsentRequests(workflow_off),
    }
}

fn workflow_off(policy: &ConsentPolicy<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(off) = policy.enabled.spanned().filter(|enabled| !enabled.value) else {
        return;
    };
    out.report(Severity::Info, off.span, |say| {
        say.message("users cannot ask an administrator for consent")
            .label("the workflow is off")
            .help("name reviewers and turn the admin consent workflow on")
            .command(
                "az rest --method GET --url https://graph.microsoft.com/v1.0/policies/adminConsentRequestPolicy",
            );
    });
}
