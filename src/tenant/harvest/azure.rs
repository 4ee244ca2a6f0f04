//! Role assignments, permission blocks and instances.

use super::*;
use crate::model::find_ignoring_case;

impl Harvest {
    pub(super) fn assignment(&mut self, row: &RoleAssignment<'_>, at: At, now: Instant) -> bool {
        let principal = self.guids.add(guid(&row.principal));
        let role = self.guids.add(row.role_guid().unwrap_or(Guid::NIL));
        let scope = row
            .scope
            .value()
            .map_or(ScopeId::NONE, |scope| self.scopes.add(scope));
        let principal_kind = directory_kind(&row.principal_type);
        let mut bits = 0;
        let unknown_type = row
            .principal_type
            .value()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("Unknown"));
        // An empty name says that the principal is gone only where other names were looked up: the
        // portal leaves names and types blank for who may not read the directory, and a foreign
        // group has none here.
        let looked_up = row.role_name.value().is_some()
            && row.principal_type.value().is_some()
            && principal_kind != DirectoryKind::ForeignGroup;
        if unknown_type || looked_up && matches!(row.principal_name, Field::Null(_)) {
            bits |= AssignmentRow::NAMELESS;
        }
        if row.condition.value().is_some() {
            bits |= AssignmentRow::CONDITION;
        }
        if row.is_classic() {
            bits |= AssignmentRow::CLASSIC;
        }
        let ended = row
            .ends
            .value()
            .and_then(|end| end.instant())
            .is_some_and(|end| end <= now);
        let revoked = row.status.value().is_some_and(|status| {
            [
                "Revoked",
                "Failed",
                "Denied",
                "Canceled",
                "PendingRevocation",
            ]
            .iter()
            .any(|bad| status.eq_ignore_ascii_case(bad))
        });
        if ended || revoked {
            bits |= AssignmentRow::INACTIVE;
        }
        if row.delegated_identity.value().is_some() {
            bits |= AssignmentRow::DELEGATED;
        }
        if row.ends.value().is_some_and(|end| end.instant().is_some()) {
            bits |= AssignmentRow::ENDS;
        }
        let own = row.id.value().map_or(0, |id| {
            let start = memchr::memrchr(b'/', id.as_bytes()).map_or(0, |slash| slash + 1);
            let name = id.get(start..).unwrap_or(id);
            mark(&name.to_ascii_lowercase()) as u32
        });
        self.assignments.push(AssignmentRow {
            at,
            principal,
            role,
            scope,
            own,
            principal_kind,
            schedule: row.schedule,
            bits,
        });
        true
    }
}

pub(super) fn block(block: &PermissionBlock<'_>) -> Block {
    let texts = |list: &List<crate::model::Text<'_>>| -> Vec<Box<str>> {
        list.iter().map(|text| text.trim().into()).collect()
    };
    Block {
        actions: texts(&block.actions),
        not_actions: texts(&block.not_actions),
        data_actions: texts(&block.data_actions),
        not_data_actions: texts(&block.not_data_actions),
        conditional: block.condition.value().is_some(),
    }
}

/// Where the provider begins in the resource id of a role definition.
pub(super) fn find_provider(id: &str) -> Option<usize> {
    find_ignoring_case(id, "/providers/microsoft.authorization/")
}

pub(super) fn endpoint(instance: &crate::model::Instance<'_>) -> Truth {
    let approved = instance.endpoints.iter().any(|endpoint| {
        endpoint
            .status
            .value()
            .is_some_and(|status| status.eq_ignore_ascii_case("Approved"))
    });
    if approved {
        Truth::Yes
    } else if instance.endpoints.is_known()
        && instance
            .endpoints
            .iter()
            .all(|e| e.status.value().is_some())
    {
        Truth::No
    } else {
        Truth::Unknown
    }
}
