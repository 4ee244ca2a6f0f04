//! What is compared of everything that says who may do what, and of instances.

use super::census::{Reader, Row};
use super::registered::{federated, nobody};
use super::{Aspect, Facts};
use crate::access::operations::role_name;
use crate::catalog::privileged_directory_role;
use crate::inventory::text;
use crate::kinds::Object;
use crate::model::{Guid, ObjectKind, PermissionKind, Schedule};
use crate::tenant::{
    AppRoleRow, AssignmentRow, At, Block, ConsentType, DefinitionRow, DenyRow, DirectoryRoleRow,
    FederatedRow, GrantRow, InstanceRow, Truth, guid,
};

impl Reader<'_, '_> {
    pub(super) fn assigned(&self, row: Row) -> Option<Facts> {
        let rows = &self.tenant().rows;
        Some(match row {
            Row::Grant(n) => self.grant(rows.grants.get(n as usize)?),
            Row::AppRole(n) => self.app_role(rows.app_roles.get(n as usize)?),
            Row::Federated(n) => self.federated(rows.federated.get(n as usize)?),
            Row::Assignment(n) => self.assignment(&rows.assignments.get(n as usize)?),
            Row::Definition(n) => self.definition(rows.definitions.get(n as usize)?),
            Row::Denial(n) => self.denial(rows.denials.get(n as usize)?),
            Row::Instance(n) => self.instance(rows.instances.get(n as usize)?),
            Row::DirectoryRole(n) => self.directory_role(rows.directory_roles.get(n as usize)?),
            Row::Application(_) | Row::Principal(_) => return None,
        })
    }

    /// Whom the object at `at` is about, where words are wanted; `title` says who has what.
    fn entitled(&self, kind: ObjectKind, at: At, title: impl FnOnce() -> Option<String>) -> Facts {
        let mut subject = nobody(kind);
        if self.words {
            if let Some(known) = self.stock.subject(at) {
                subject = known;
            }
            subject.name = title().or(subject.name);
        }
        Facts::new(subject)
    }

    fn grant(&self, row: &GrantRow) -> Facts {
        let tenant = self.tenant();
        let mut facts = self.entitled(ObjectKind::DelegatedGrant, row.at, || {
            let whom = match row.consent {
                ConsentType::AllPrincipals => "everyone".to_owned(),
                _ if row.principal == Guid::NIL => "a user".to_owned(),
                _ => self.called(row.principal),
            };
            Some(format!(
                "{} on {} for {whom}",
                self.called(row.client),
                self.stock.called_resource(row.resource)
            ))
        });
        let kind = PermissionKind::Scope.adjective();
        let all = tenant.scopes_of(row).map(|scope| {
            let words = self.say(|| {
                let api = self.stock.called_resource(row.resource);
                format!("{api} / {scope} ({kind})")
            });
            (scope.to_owned(), words, String::new())
        });
        facts.list(Aspect::Permission, true, all.collect::<Vec<_>>());
        facts
    }

    fn app_role(&self, row: &AppRoleRow) -> Facts {
        self.entitled(ObjectKind::AppRoleAssignment, row.at, || {
            let role = if row.role == Guid::NIL {
                let api = self.stock.called_resource(row.resource);
                format!("{api} / default access")
            } else {
                self.stock.app_role(row).words()
            };
            Some(format!("{}: {role}", self.called(row.principal)))
        })
    }

    fn federated(&self, row: &FederatedRow) -> Facts {
        let mut facts = self.entitled(ObjectKind::FederatedCredential, row.at, || None);
        self.open().open(row.at, &mut |object| {
            if let Object::FederatedCredential(credential) = object {
                let all = federated(credential);
                facts.list(Aspect::FederatedCredential, true, all);
            }
        });
        facts
    }

    fn assignment(&self, row: &AssignmentRow) -> Facts {
        let tenant = self.tenant();
        let (kind, how) = match row.schedule {
            Schedule::None => (ObjectKind::RoleAssignment, ""),
            Schedule::Eligible => (ObjectKind::RoleSchedule, "eligible for "),
            Schedule::Request => (ObjectKind::RoleSchedule, "request for "),
            Schedule::Assigned => (ObjectKind::RoleSchedule, ""),
            Schedule::Activated => (ObjectKind::RoleSchedule, "activated "),
        };
        let mut facts = self.entitled(kind, row.at, || {
            let (who, role) = (tenant.principal_of(row), tenant.role_of(row));
            let name = self.stock.holder(who, row).name;
            let name = name.unwrap_or_else(|| who.to_string());
            let role = role_name(tenant, role).map_or_else(|| role.to_string(), str::to_owned);
            let mut scope = tenant.rows.scopes.text(row.scope);
            self.open().open(row.at, &mut |object| {
                if let Object::RoleAssignment(assignment) = object {
                    scope = text(&assignment.scope).unwrap_or_default();
                }
            });
            Some(format!("{name}: {how}{role} at {scope}"))
        });
        let mut condition = "none".to_owned();
        if row.is(AssignmentRow::CONDITION) {
            self.open().open(row.at, &mut |object| {
                if let Object::RoleAssignment(assignment) = object {
                    condition = text(&assignment.condition).unwrap_or_default();
                }
            });
        }
        facts.value(Aspect::Condition, Some(condition));
        facts
    }

    fn definition(&self, row: &DefinitionRow) -> Facts {
        let mut facts = self.entitled(ObjectKind::RoleDefinition, row.at, || None);
        blocks(&mut facts, &row.blocks, row.known);
        let scopes = &self.tenant().rows.scopes;
        let all: Vec<String> = row.scopes.iter().map(|scope| scopes.text(*scope)).collect();
        // A built-in role can be assigned everywhere, and is listed once for each scope.
        let own = row.custom.is_yes() && !all.is_empty();
        facts.texts(Aspect::AssignableScope, own, all);
        facts
    }

    fn denial(&self, row: &DenyRow) -> Facts {
        let mut facts = self.entitled(ObjectKind::DenyAssignment, row.at, || None);
        blocks(&mut facts, &row.blocks, row.known);
        for (aspect, ids) in [
            (Aspect::Principal, &row.principals),
            (Aspect::ExcludedPrincipal, &row.excluded),
        ] {
            let all = ids.iter().map(|id| {
                let words = self.say(|| match *id {
                    Guid::NIL => "everyone".to_owned(),
                    id => self.called(id),
                });
                (id.to_string(), words, String::new())
            });
            facts.list(aspect, row.known, all);
        }
        facts
    }

    fn instance(&self, row: &InstanceRow) -> Facts {
        let mut facts = self.entitled(ObjectKind::DigitalTwinsInstance, row.at, || None);
        let words = |truth: Truth, yes, no| match truth {
            Truth::Yes => Some(yes),
            Truth::No => Some(no),
            Truth::Unknown => None,
        };
        let network = words(row.private, "Disabled", "Enabled");
        facts.value(Aspect::PublicNetworkAccess, network);
        let endpoint = words(row.endpoint, "approved", "none approved");
        facts.value(Aspect::PrivateEndpoint, endpoint);
        let (mut kind, mut identity) = (None, Guid::NIL);
        self.open().open(row.at, &mut |object| {
            if let Object::Instance(instance) = object {
                kind = text(&instance.identity_type);
                identity = guid(&instance.identity_principal);
            }
        });
        let identity = match (kind, identity) {
            (kind, Guid::NIL) => kind,
            (Some(kind), id) => Some(format!("{kind} {id}")),
            (None, id) => Some(id.to_string()),
        };
        facts.value(Aspect::Identity, identity);
        facts
    }

    fn directory_role(&self, row: &DirectoryRoleRow) -> Facts {
        self.entitled(ObjectKind::DirectoryRoleAssignment, row.at, || {
            let role = privileged_directory_role(row.role)
                .map_or_else(|| row.role.to_string(), |role| role.name.to_owned());
            let how = match row.schedule {
                Schedule::Eligible => "eligible for ",
                Schedule::Request => "request for ",
                _ => "",
            };
            let at = match self.directory_scope(row.at) {
                scope if scope.is_empty() || scope == "/" => String::new(),
                scope => format!(" at {scope}"),
            };
            Some(format!("{}: {how}{role}{at}", self.called(row.principal)))
        })
    }

    /// The directory scope, or the application's, as written; empty where the document has none.
    pub(super) fn directory_scope(&self, at: At) -> String {
        let mut scope = String::new();
        self.open().open(at, &mut |object| {
            if let Object::DirectoryRoleAssignment(row) = object {
                let own = text(&row.directory_scope).or_else(|| text(&row.app_scope));
                scope = own.unwrap_or_default().to_lowercase();
            }
        });
        scope
    }
}

/// Operations of all blocks together; they compare without regard to case.
fn blocks(facts: &mut Facts, blocks: &[Block], known: bool) {
    type Operations = fn(&Block) -> &Vec<Box<str>>;
    let lists: [(Aspect, Operations); 4] = [
        (Aspect::Action, |block| &block.actions),
        (Aspect::NotAction, |block| &block.not_actions),
        (Aspect::DataAction, |block| &block.data_actions),
        (Aspect::NotDataAction, |block| &block.not_data_actions),
    ];
    for (aspect, of) in lists {
        let all = blocks.iter().flat_map(of).map(|operation| {
            let key = operation.trim().to_lowercase();
            (key, operation.trim().to_owned(), String::new())
        });
        facts.list(aspect, known, all);
    }
}
