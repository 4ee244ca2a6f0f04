//! Putting harvests together: a source's from its pieces', the tenant's from its sources'.

use super::*;

/// Does the same with every list of rows that say where they stand, but for the assignments, which
/// are kept otherwise.
macro_rules! placed {
    ($do:ident) => {
        $do!(
            applications,
            principals,
            grants,
            app_roles,
            federated,
            directory,
            owners,
            members,
            definitions,
            denials,
            instances,
            directory_roles,
            sign_ins,
            policies
        )
    };
}

/// The same with the lists of what these rows point to.
macro_rules! pointed_to {
    ($do:ident) => {
        $do!(
            management_groups,
            requested_ids,
            exposed,
            marks,
            shared,
            removed
        )
    };
}

impl Harvest {
    /// Takes over the rows of another harvest, whose records are numbered from `record` and whose
    /// source is `source`.
    pub fn absorb(&mut self, other: Harvest, source: u32, record: u32) {
        self.absorb_at(other, |at| At {
            source,
            record: at.record + record,
            ..at
        });
    }

    /// Takes over the rows of another harvest; `here` tells where what stood at a place stands now,
    /// and moves the records of one source together.
    pub fn absorb_at(&mut self, mut other: Harvest, here: impl Fn(At) -> At) {
        other.place(here);
        if self.is_empty() {
            // Where no number was given yet, those of the other are as good as any.
            let mut stand_ins = std::mem::take(&mut self.stand_ins);
            stand_ins.absorb(&other.stand_ins);
            *self = Harvest { stand_ins, ..other };
            return;
        }
        other.translate(self);
        macro_rules! append {
            ($($list:ident),*) => { $(self.$list.append(&mut other.$list);)* };
        }
        placed!(append);
        pointed_to!(append);
        self.assignments.append(&mut other.assignments);
        self.stand_ins.absorb(&other.stand_ins);
    }

    /// Whether nothing was noted and no number given.
    fn is_empty(&self) -> bool {
        let tables = self.texts.is_empty()
            && self.guids.is_empty()
            && self.scopes.is_empty()
            && self.requested.is_empty();
        macro_rules! all_empty {
            ($($list:ident),*) => { $(self.$list.is_empty())&&* };
        }
        tables && placed!(all_empty) && pointed_to!(all_empty) && self.assignments.is_empty()
    }

    /// Whether what is noted of an object can be taken over in any order: the rows can be put in
    /// order again, and no number in them that decides about the order of something follows from
    /// who came first, as those of ids and scopes do.
    pub fn is_mixable(object: &Object<'_>) -> bool {
        !matches!(
            object,
            Object::RoleAssignment(_)
                | Object::RoleDefinition(_)
                | Object::DenyAssignment(_)
                | Object::Instance(_)
                | Object::ManagementGroup(_)
        )
    }

    /// Puts the rows in the order of their sources; those of one source stay as they are. Shared
    /// keys stay in any order: whoever compares them sorts them by key.
    pub fn sort_by_source(&mut self) {
        macro_rules! sort {
            ($($list:ident),*) => { $(self.$list.sort_by_key(|row| row.at.source);)* };
        }
        placed!(sort);
        self.assignments.sort_by_source();
        self.removed.sort_by_key(|at| at.source);
    }

    /// Notes of every row where it stands now.
    fn place(&mut self, here: impl Fn(At) -> At) {
        self.assignments.place(&here);
        let here = |at: &mut At| *at = here(*at);
        macro_rules! place_rows {
            ($($list:ident),*) => { $(self.$list.iter_mut().for_each(|row| here(&mut row.at));)* };
        }
        placed!(place_rows);
        self.shared.iter_mut().for_each(|(at, _)| here(at));
        self.removed.iter_mut().for_each(here);
    }

    /// Gives every row the numbers that what it points to has, or will have, in `whole`.
    fn translate(&mut self, whole: &mut Harvest) {
        let texts = whole.texts.absorb_texts(&self.texts);
        let guids = whole.guids.absorb(&self.guids);
        let scopes = whole.scopes.absorb(&self.scopes);
        let requested = whole.requested.absorb(&self.requested);
        let marks = whole.marks.len() as u32;
        let exposed = whole.exposed.len() as u32;
        let ids = whole.requested_ids.len() as u32;
        let scope = |id: &mut ScopeId| {
            if *id != ScopeId::NONE {
                *id = ScopeId(number(&scopes, id.0));
            }
        };
        for row in &mut self.applications {
            row.requested.start += ids;
            row.redirects.start += marks;
        }
        for row in &mut self.principals {
            row.exposed.start += exposed;
            row.replies.start += marks;
        }
        for row in &mut self.grants {
            row.scope = number(&texts, row.scope);
        }
        self.assignments.translate(|id| number(&guids, id), scope);
        for row in &mut self.definitions {
            row.scopes.iter_mut().for_each(scope);
            scope(&mut row.listed_at);
        }
        let denials = self.denials.iter_mut().filter_map(|row| row.scope.as_mut());
        denials.for_each(scope);
        let instances = self.instances.iter_mut();
        instances
            .filter_map(|row| row.scope.as_mut())
            .for_each(scope);
        for row in &mut self.exposed {
            row.value = number(&texts, row.value);
        }
        for id in &mut self.requested_ids {
            *id = number(&requested, *id);
        }
    }
}

fn number(map: &[u32], id: u32) -> u32 {
    map.get(id as usize).copied().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn harvest(principal: u128, scope: &str) -> Harvest {
        let mut rows = Harvest::default();
        let row = AssignmentRow {
            at: At::default(),
            principal: rows.guids.add(Guid(principal)),
            role: rows.guids.add(Guid(9)),
            scope: rows.scopes.add(scope),
            own: 0,
            principal_kind: DirectoryKind::User,
            schedule: Schedule::None,
            bits: 0,
        };
        rows.assignments.push(row);
        rows.shared
            .push((At::default(), Entry { mark: 1, span: 2 }));
        rows
    }

    #[test]
    fn the_first_is_taken_as_it_is_and_others_are_translated() {
        let mut whole = Harvest::default();
        whole.absorb(harvest(1, "/subscriptions/s"), 3, 0);
        whole.absorb(harvest(2, "/subscriptions/t"), 3, 5);
        whole.absorb(harvest(1, "/subscriptions/S"), 4, 7);
        let rows: Vec<_> = whole.assignments.iter().collect();
        let told: Vec<_> = rows
            .iter()
            .map(|row| {
                let id = whole.guids.get(row.principal).expect("an id").0;
                let role = whole.guids.get(row.role).expect("an id").0;
                let scope = whole.scopes.text(row.scope);
                (row.at.source, row.at.record, id, role, scope)
            })
            .collect();
        let (s, t) = ("/subscriptions/s", "/subscriptions/t");
        let wanted = [(3, 0, 1, 9, s), (3, 5, 2, 9, t), (4, 7, 1, 9, s)];
        let wanted = wanted.map(|(a, b, c, d, scope)| (a, b, c, d, scope.to_owned()));
        assert_eq!(told, wanted);
        assert_eq!(rows[0].scope, rows[2].scope);
        let shared: Vec<_> = whole.shared.iter().map(|(at, _)| at.record).collect();
        assert_eq!(shared, [0, 5, 7]);
    }
}
