//! `requiredResourceAccess`: what an application asks for. It grants nothing by itself.

use super::{Field, Guid, Span, Spanned, Str};

/// How a permission is exercised.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PermissionKind {
    /// Delegated: on behalf of a signed-in user.
    Scope,
    /// Application: as the application itself.
    Role,
}

impl PermissionKind {
    pub const ALL: [PermissionKind; 2] = [PermissionKind::Scope, PermissionKind::Role];

    /// The type that `type` names; case is forgiven, other words are not.
    pub fn parse(text: &str) -> Option<PermissionKind> {
        PermissionKind::ALL
            .into_iter()
            .find(|kind| text.eq_ignore_ascii_case(kind.key()))
    }

    /// `delegated` or `application`.
    pub fn adjective(self) -> &'static str {
        match self {
            PermissionKind::Scope => "delegated",
            PermissionKind::Role => "application",
        }
    }

    /// `Scope` or `Role`, as manifests spell it.
    pub fn key(self) -> &'static str {
        match self {
            PermissionKind::Scope => "Scope",
            PermissionKind::Role => "Role",
        }
    }
}

/// The list of resources an application asks permissions of, of an application or in a file of
/// its own (for `az ad app create --required-resource-accesses`).
#[derive(Clone, Debug, Default)]
pub struct RequiredAccess<'r> {
    /// The list itself: absent, null, unusable (not a list) or there.
    pub list: Field<()>,
    pub resources: Vec<RequiredResource<'r>>,
    /// The file's root is one `{resourceAppId, resourceAccess}` object instead of a list of them.
    pub unwrapped: Option<Span>,
    /// Places where something has the wrong JSON shape: an object where a list belongs, an entry
    /// that is no object. `shape-mismatch` leaves these to `permission-malformed`.
    pub malformed: Vec<Spanned<Malformed>>,
}

/// What is wrong with a piece of a permission list.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// One object where a list of them belongs.
    ObjectForList,
    /// Something that is neither an object nor a list.
    NotAnEntry,
}

/// One resource (API) and the permissions asked of it.
#[derive(Clone, Debug)]
pub struct RequiredResource<'r> {
    /// The whole entry.
    pub span: Span,
    pub app_id: Field<Str<'r>>,
    /// The GUID that `app_id` names, in any spelling that names exactly one. Read once: most rules
    /// about permissions ask for it.
    pub guid: Option<Guid>,
    /// The list of permissions: absent, null, unusable or there.
    pub list: Field<()>,
    pub permissions: Vec<Permission<'r>>,
}

/// One permission that is asked for.
#[derive(Clone, Debug)]
pub struct Permission<'r> {
    /// The whole entry.
    pub span: Span,
    pub id: Field<Str<'r>>,
    /// The GUID that `id` names, in any spelling that names exactly one.
    pub guid: Option<Guid>,
    /// `type` as written.
    pub kind: Field<Str<'r>>,
    /// The type that `kind` names. Read once, as the GUIDs are.
    pub known_kind: Option<PermissionKind>,
}

impl<'r> RequiredAccess<'r> {
    /// Entries for the resource `app`.
    pub fn of(&self, app: Guid) -> impl Iterator<Item = &RequiredResource<'r>> {
        self.resources
            .iter()
            .filter(move |resource| resource.guid == Some(app))
    }

    /// Whether anything in the list is unknown (a placeholder, a value that was cut off), so that
    /// what is missing from it cannot be told.
    pub fn has_unknowns(&self) -> bool {
        self.list.is_unknown()
            || self.resources.iter().any(|resource| {
                resource.list.is_unknown()
                    || unsure(&resource.app_id)
                    || resource.permissions.iter().any(|p| unsure(&p.id))
            })
    }
}

fn unsure(field: &Field<Str<'_>>) -> bool {
    field.is_unknown() || field.spanned().is_some_and(|text| text.is_placeholder())
}

#[cfg(test)]
mod tests {
    use super::PermissionKind;

    #[test]
    fn types_in_any_case_and_no_other_words() {
        for (word, kind) in [
            ("Scope", Some(PermissionKind::Scope)),
            ("ROLE", Some(PermissionKind::Role)),
            ("role ", None),
            ("delegated", None),
            ("", None),
        ] {
            assert_eq!(PermissionKind::parse(word), kind, "{word:?}");
        }
    }
}
