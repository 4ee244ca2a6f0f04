//! Rules that join documents: what they ask, and where they put what they find.
//!
//! A joined rule is a check of one object's row in the index of the tenant. It runs once when
//! everything was read, counting only; the objects it found something about are read again for the
//! report, and then it runs for them once more, in words. So it says *which thing* it means (a
//! [`Part`]), and the engine finds the bytes, in whichever file they stand.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use super::out::{Filter, Sink, Subject, Wording};
use super::{Profile, Rule, RuleSettings, Severity};
use crate::access::{Access, Reach};
use crate::model::{Guid, Part};
use crate::tenant::{ApplicationRow, At, PrincipalRow, Tenant};

/// Everything a joined check may ask.
#[derive(Copy, Clone)]
pub struct Join<'t> {
    pub tenant: &'t Tenant,
    pub settings: &'t RuleSettings,
    /// Who has what on the instances: laid out when the first check asks.
    pub reach: &'t OnceLock<Reach>,
}

impl<'t> Join<'t> {
    /// The profile, when it applies to this application: while it was read (named, alone in its
    /// file, asks for the resource), or because other documents show intent: a grant for the
    /// profile's resource, one of its data roles.
    pub fn profile_of(&self, app: &ApplicationRow) -> Option<&'t Profile> {
        let profile = self.settings.profile.as_ref()?;
        let applies = app.in_profile || crate::access::shows_intent(self.tenant, profile, app);
        applies.then_some(profile)
    }

    /// What may be asked about access to the profile's resource; `None` without a profile.
    pub fn access(&self) -> Option<Access<'t>> {
        let profile = self.settings.profile.as_ref()?;
        let lay_out = || Reach::new(self.tenant, self.settings, profile);
        Some(Access {
            tenant: self.tenant,
            settings: self.settings,
            profile,
            reach: self.reach.get_or_init(lay_out),
        })
    }

    /// The one service principal of an application; `None` when there is none, or more than one
    /// (of several tenants), so that nothing can be said.
    pub fn principal_of(&self, app: &ApplicationRow) -> Option<&'t PrincipalRow> {
        let mut all = self.tenant.principals_of(app.app_id);
        let first = all.next()?;
        all.all(|other| other.id == first.id).then_some(first)
    }

    /// The tenant that the documents come from: configured, or what they agree on.
    pub fn home_tenant(&self) -> Option<Guid> {
        self.settings.tenant.or(self.tenant.home_tenant())
    }
}

/// Reads an object again, to name it.
pub trait Look {
    /// Kind, ids and name of the object that stands there.
    fn subject(&self, at: At) -> Option<Subject>;

    /// The text of a part of the object that stands there, when that part is a string.
    fn text(&self, at: At, part: Part) -> Option<String>;
}

/// What a joined finding says: a [`Wording`], and places in other objects.
pub struct Words<'w> {
    wording: Wording,
    look: &'w dyn Look,
}

/// A further place of a finding, in whichever document it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub at: At,
    pub part: Part,
    pub label: Cow<'static, str>,
}

impl Words<'_> {
    /// Kind, ids and name of another object.
    pub fn subject(&self, at: At) -> Option<Subject> {
        self.look.subject(at)
    }

    /// The text of a part of another object, as a message can quote it; `None` where it has none.
    pub fn text(&self, at: At, part: Part) -> Option<String> {
        self.look.text(at, part)
    }

    /// What a message calls another object: its name between quotation marks, else its id.
    pub fn name(&self, at: At) -> String {
        match self.subject(at) {
            Some(Subject {
                name: Some(name), ..
            }) if !name.trim().is_empty() => super::out::quoted(&name),
            Some(Subject { app_id, id, .. }) => id.or(app_id).map_or_else(
                || "without a name".to_owned(),
                |id| super::out::one_line(&id),
            ),
            None => "without a name".to_owned(),
        }
    }
}

impl Deref for Words<'_> {
    type Target = Wording;
    fn deref(&self) -> &Wording {
        &self.wording
    }
}

impl DerefMut for Words<'_> {
    fn deref_mut(&mut self) -> &mut Wording {
        &mut self.wording
    }
}

/// A worded finding of a joined rule, before its places are looked up.
#[derive(Clone, Debug)]
pub struct JoinedFinding {
    pub rule: &'static Rule,
    pub severity: Severity,
    /// The object it is about, and the thing of it to mark.
    pub at: At,
    pub part: Part,
    pub wording: Wording,
}

/// Where a joined check reports to.
pub struct JoinOut<'o> {
    rule: &'static Rule,
    index: usize,
    filter: &'o dyn Filter,
    /// Counts; its own findings stay empty.
    sink: &'o mut Sink,
    at: At,
    /// Words, when the finding is printed.
    words: Option<(&'o dyn Look, &'o mut Vec<JoinedFinding>)>,
}

impl<'o> JoinOut<'o> {
    /// For the object at `at`. Without `words`, findings are only counted.
    pub fn new(
        rule: &'static Rule,
        index: usize,
        filter: &'o dyn Filter,
        sink: &'o mut Sink,
        at: At,
        words: Option<(&'o dyn Look, &'o mut Vec<JoinedFinding>)>,
    ) -> JoinOut<'o> {
        JoinOut {
            rule,
            index,
            filter,
            sink,
            at,
            words,
        }
    }

    /// Reports a finding at `part` of the object that is being judged; `say` words it and runs
    /// only when it is printed.
    pub fn report(&mut self, severity: Severity, part: Part, say: impl FnOnce(&mut Words<'_>)) {
        let Some(severity) = self.filter.judge(self.rule, self.index, severity) else {
            return;
        };
        self.sink.tally.add(severity);
        if let Some(counts) = &mut self.sink.by_rule {
            counts[self.index] += 1;
        }
        if let Some((look, findings)) = &mut self.words {
            let mut words = Words {
                wording: Wording::default(),
                look: *look,
            };
            say(&mut words);
            findings.push(JoinedFinding {
                rule: self.rule,
                severity,
                at: self.at,
                part,
                wording: words.wording,
            });
        }
    }
}
