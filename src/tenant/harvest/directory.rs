//! Users, groups, owners and members.

use super::*;

impl Harvest {
    /// A directory object: by itself, or as the owner or member of `whole` (where that is nil, of
    /// what the file's path tells).
    pub(super) fn directory_object(
        &mut self,
        object: &DirectoryObject<'_>,
        at: At,
        link: Link,
        whole: Guid,
    ) {
        let id = guid(&object.id);
        let kind = directory_kind(&object.kind);
        let guest = match (object.user_type.value(), object.user_principal_name.value()) {
            (Some(kind), _) => Truth::from(kind.eq_ignore_ascii_case("Guest")),
            (None, Some(name)) if name.to_ascii_uppercase().contains("#EXT#") => Truth::Yes,
            _ => Truth::Unknown,
        };
        let said = [whole, guid(&object.owned)]
            .into_iter()
            .find(|whole| *whole != Guid::NIL);
        // What the document says itself is to be believed before its path.
        let relation = object.relation.or(link.relation);
        self.directory.push(DirectoryRow {
            at,
            id,
            kind,
            guest,
            enabled: truth(&object.enabled),
            itself: matches!(relation, None | Some(Relation::Federated)) && said.is_none(),
        });
        for member in object.members.iter() {
            self.directory_object(member, at, Link::default(), id);
        }
        let Some(relation) = relation else {
            return;
        };
        let row = LinkRow {
            at,
            whole: said.unwrap_or_else(|| link.owner(relation, id)),
            part: id,
            kind,
        };
        match relation {
            Relation::Owner => self.owners.push(row),
            Relation::Member => self.members.push(row),
            Relation::Federated => {}
        }
    }
}
