//! How many objects there are of each kind, in the order in which kinds first appear.

use crate::model::ObjectKind;

/// Adds to the count of a kind.
pub(super) fn add(objects: &mut Vec<(ObjectKind, u64)>, kind: ObjectKind, count: u64) {
    match objects.iter_mut().find(|(known, _)| *known == kind) {
        Some((_, total)) => *total += count,
        None => {
            if objects.is_empty() {
                // Most sources hold one kind, and there may be many.
                objects.reserve_exact(1);
            }
            objects.push((kind, count));
        }
    }
}

/// Adds the counts of what comes behind. Most sources are one record, whose counts are taken as
/// they are.
pub fn add_all(objects: &mut Vec<(ObjectKind, u64)>, more: Vec<(ObjectKind, u64)>) {
    if objects.is_empty() {
        *objects = more;
        return;
    }
    for (kind, count) in more {
        add(objects, kind, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ObjectKind::{Application, RoleAssignment, ServicePrincipal};

    #[test]
    fn kinds_are_counted_in_the_order_of_their_appearance() {
        let mut objects = Vec::new();
        add_all(&mut objects, vec![(RoleAssignment, 2), (Application, 1)]);
        add_all(&mut objects, Vec::new());
        add_all(&mut objects, vec![(ServicePrincipal, 1), (Application, 4)]);
        add(&mut objects, RoleAssignment, 1);
        let all = [(RoleAssignment, 3), (Application, 5), (ServicePrincipal, 1)];
        assert_eq!(objects, all);
    }
}
