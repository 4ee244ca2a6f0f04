//! Findings in the words of the language that a resource is written in: its address, the attribute
//! to change. A command for the tenant would be undone by the next deployment, so there is none.

use super::{Coded, Language, StandIns};
use crate::json::{Value, pointer};
use crate::model::{Guid, Span};
use crate::rules::{FactValue, Finding, Subject, Wording};

/// Properties of Microsoft Graph and Azure Resource Manager that help speaks of, and what the
/// Terraform providers azuread and azurerm call them (their documentation, version 3 and 4).
const TERRAFORM: &[(&str, &str)] = &[
    ("accountEnabled", "account_enabled"),
    (
        "api.requestedAccessTokenVersion",
        "api.requested_access_token_version",
    ),
    ("appRoleAssignmentRequired", "app_role_assignment_required"),
    ("appRoles", "app_role"),
    ("assignableScopes", "assignable_scopes"),
    ("groupMembershipClaims", "group_membership_claims"),
    ("identifierUris", "identifier_uris"),
    ("isFallbackPublicClient", "fallback_public_client_enabled"),
    ("knownClientApplications", "api.known_client_applications"),
    ("oauth2PermissionScopes", "api.oauth2_permission_scope"),
    ("passwordCredentials", "azuread_application_password"),
    ("keyCredentials", "azuread_application_certificate"),
    (
        "preAuthorizedApplications",
        "azuread_application_pre_authorized",
    ),
    ("principalId", "principal_id"),
    ("principalType", "principal_type"),
    ("publicClient.redirectUris", "public_client.redirect_uris"),
    ("publicClient", "public_client"),
    (
        "requestedAccessTokenVersion",
        "requested_access_token_version",
    ),
    ("requiredResourceAccess", "required_resource_access"),
    ("roleDefinitionId", "role_definition_id"),
    ("signInAudience", "sign_in_audience"),
    ("spa.redirectUris", "single_page_application.redirect_uris"),
    ("web.redirectUris", "web.redirect_uris"),
    ("web.logoutUrl", "web.logout_url"),
    ("redirectUris", "redirect_uris"),
    ("logoutUrl", "logout_url"),
];

/// Makes findings that are located speak of what is written in the record, in one walk for all of
/// them: a plan may have as many findings as resources. The resources they were found in are
/// `coded`, one for each; `root` is the record.
pub fn speak_all(root: Value<'_>, coded: &[Coded<'_>], findings: &mut [Finding]) {
    let all = || coded.iter().zip(&*findings);
    let spans: Vec<Span> = all()
        .flat_map(|(coded, finding)| [coded.said_by(finding.span).1, finding.span])
        .collect();
    let pointers = pointer::pointers(root, &spans);
    for ((coded, finding), pointers) in coded.iter().zip(findings).zip(pointers.chunks(2)) {
        coded.speak_of(pointers, finding.span, &mut finding.wording);
        coded.stand_ins().spell_all(&mut finding.wording);
    }
}

impl Coded<'_> {
    /// Names what it describes: by its address, and by ids only that exist.
    pub fn name(&self, subject: &mut Subject) {
        let exists =
            |id: &String| Guid::parse_strict(id).is_none_or(|id| !self.stand_ins().has(id));
        subject.id = Some(self.address().to_owned());
        subject.app_id = subject.app_id.take().filter(exists);
    }

    /// Moves a finding about its document into the record it stands in.
    pub fn locate(&self, finding: &mut Finding) {
        finding.span = self.origin(finding.span);
        for (span, _) in &mut finding.wording.also {
            *span = self.origin(*span);
        }
    }

    /// Makes help speak of the attribute at `span` of the record, and leaves commands and edits
    /// out: the next deployment would undo the ones, and the others know exports alone. `pointer`
    /// gives the pointer to a place of the record.
    pub fn speak(&self, pointer: impl Fn(Span) -> String, span: Span, wording: &mut Wording) {
        let (_, block) = self.said_by(span);
        self.speak_of(&[pointer(block), pointer(span)], span, wording);
    }

    /// The same, when the pointers to the block that says it and to the place are known.
    fn speak_of(&self, pointers: &[String], span: Span, wording: &mut Wording) {
        wording.commands.clear();
        wording.fix = None;
        let (address, _) = self.said_by(span);
        let language = match self.lowered.language {
            Language::Arm => "the template",
            Language::Bicep => "Bicep",
            Language::Terraform => "Terraform",
        };
        let attribute = self.attribute(pointers);
        let place = match attribute.as_str() {
            "" => format!("In {language}, change `{address}`"),
            attribute => format!("In {language}, change `{attribute}` of `{address}`"),
        };
        wording.help = Some(match wording.help.take() {
            Some(help) => format!("{place}: {}", self.translate(&help)),
            None => place,
        });
    }

    /// The attribute at a place of a block, as the language writes it; empty for the resource
    /// itself.
    fn attribute(&self, pointers: &[String]) -> String {
        let [block, place] = pointers else {
            return String::new();
        };
        let Some(path) = place.strip_prefix(block.as_str()) else {
            return String::new();
        };
        let terraform = self.lowered.language == Language::Terraform;
        let mut out = String::new();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let index = part.bytes().all(|byte| byte.is_ascii_digit());
            let part = part.replace("~1", "/").replace("~0", "~");
            match index {
                // Blocks are lists in plans, and are not written as such.
                true if terraform => {}
                true => out += &format!("[{part}]"),
                false => {
                    if !out.is_empty() {
                        out.push('.');
                    }
                    out += &part;
                }
            }
        }
        out
    }

    /// Help as the language says it.
    fn translate(&self, help: &str) -> String {
        if self.lowered.language != Language::Terraform {
            return help.to_owned();
        }
        let mut out = help.to_owned();
        for (graph, terraform) in TERRAFORM {
            if out.contains(graph) {
                out = out.replace(graph, terraform);
            }
        }
        out
    }

    fn stand_ins(&self) -> &StandIns {
        &self.lowered.stand_ins
    }
}

impl StandIns {
    /// Spells out the stand-ins in everything a finding says; a command with one is no command.
    pub fn spell_all(&self, wording: &mut Wording) {
        if self.is_empty() {
            return;
        }
        let spell = |text: &mut String| *text = self.spelled(std::mem::take(text));
        spell(&mut wording.message);
        spell(&mut wording.key);
        if let Some(help) = &mut wording.help {
            spell(help);
        }
        for label in std::iter::once(&mut wording.label)
            .chain(wording.also.iter_mut().map(|(_, label)| label))
            .chain(wording.see.iter_mut().map(|seen| &mut seen.label))
        {
            if let std::borrow::Cow::Owned(spelled) = self.spell(label) {
                *label = spelled.into();
            }
        }
        wording
            .commands
            .retain(|command| matches!(self.spell(command), std::borrow::Cow::Borrowed(_)));
        for (_, value) in &mut wording.facts {
            if let FactValue::Text(text) = value {
                spell(text);
            }
        }
    }
}
