//! One object: how it may be read, and which rules are asked about each reading, in what context.

use std::collections::HashSet;

use super::{Judge, Keep, Setting, Verdict};
use crate::kinds::Object;
use crate::model::{Application, Fault, ObjectKind};
use crate::opened::Opened;
use crate::rules::context::Beside;
use crate::rules::{Context, Join, Profile, Sink};
use crate::tenant::{At, Depends, Note};

impl<'j> Judge<'j> {
    /// Judges both readings of an object in which members stand twice. Readers disagree about
    /// which one holds, so the worst counts; what both readings find is one finding.
    pub(super) fn two_readings(
        &self,
        (objects, kind): (&[Object<'_>; 2], ObjectKind),
        faults: &[Fault<'_>],
        setting: Setting<'_>,
        sink: &mut Sink,
        mut keep: Option<&mut Keep<'_>>,
        verdict: &mut Verdict,
    ) {
        let mut both = Sink {
            wording: true,
            only: sink.only,
            ..Sink::default()
        };
        // The index keeps one of them, so where the profile applies to one, it does to both.
        let profile = objects.iter().find_map(|object| match object {
            Object::Application(app) => self.profile_for(app, setting.alone, self.scope.names(app)),
            _ => None,
        });
        let mut depends = Depends::default();
        for (round, object) in objects.iter().enumerate() {
            let faults = if round == 0 { faults } else { &[] };
            let mut again = Verdict::default();
            let verdict = if round == 0 {
                &mut *verdict
            } else {
                &mut again
            };
            both.depends = depends;
            let opened = Opened::plain(object, kind);
            let note = self.one_reading((opened, profile), faults, setting, &mut both, verdict);
            depends = both.depends;
            if round == 1
                && let Some(keep) = keep.as_deref_mut()
            {
                keep.add(opened, &note);
            }
        }
        let mut seen = HashSet::new();
        both.findings.retain(|finding| {
            seen.insert((finding.rule.id, finding.span, finding.wording.key.clone()))
        });
        for rule in both.failed {
            sink.fail(rule);
        }
        sink.take(both.findings);
    }

    /// What is noted of an object before any rule was asked.
    pub(super) fn note(&self, setting: Setting<'_>) -> Note {
        Note {
            now: self.settings.now,
            alone: setting.alone,
            in_profile: false,
            named: false,
            depends: Depends::default(),
            link: setting.link,
        }
    }

    /// Judges one reading of an object; with the profile, if another reading of the same object
    /// has it.
    pub(super) fn one_reading(
        &self,
        (opened, profile): (Opened<'_>, Option<&'j Profile>),
        faults: &[Fault<'_>],
        setting: Setting<'_>,
        sink: &mut Sink,
        verdict: &mut Verdict,
    ) -> Note {
        let object = opened.object;
        let mut context = self.context();
        let mut note = self.note(setting);
        if sink.wording {
            sink.subject = Some(opened.subject().into());
        }
        if let Object::Application(app) = object {
            note.named = self.scope.names(app) || self.scope.names_resource(opened.code);
        }
        if self.scope.only_named && !note.named && !self.scope.is_of_named(object, &setting) {
            verdict.left_out += 1;
            return note;
        }
        match object {
            Object::Application(app) => {
                context.application = Some(app);
                context.beside = setting.known.and_then(|known| {
                    let row = known.tenant.application_at(At {
                        source: known.source,
                        record: known.record,
                        object: opened.start(),
                    })?;
                    let join = Join {
                        tenant: known.tenant,
                        settings: self.settings,
                        reach: &self.reach,
                    };
                    Some(Beside { join, row })
                });
                context.profile = match context.beside {
                    Some(beside) => beside.join.profile_of(beside.row),
                    None => profile.or_else(|| self.profile_for(app, setting.alone, note.named)),
                };
                note.in_profile = context.profile.is_some();
                if context.profile.is_none() && self.settings.profile.is_some() {
                    verdict.out_of_scope += 1;
                }
                self.documents(faults, &context, sink);
                self.run(&self.application, app, &context, sink);
                self.run(&self.required, &app.required, &context, sink);
                for credential in app.federated.iter() {
                    self.run(&self.federated, credential, &context, sink);
                }
            }
            Object::RequiredAccess(access) => {
                context.profile = self.settings.profile.as_ref();
                self.documents(faults, &context, sink);
                self.run(&self.required, access, &context, sink);
            }
            _ => {
                if let Object::ServicePrincipal(principal) = object {
                    context.beside = setting.known.and_then(|known| {
                        let row = known.tenant.application(principal.app_guid()?)?;
                        let join = Join {
                            tenant: known.tenant,
                            settings: self.settings,
                            reach: &self.reach,
                        };
                        Some(Beside { join, row })
                    });
                }
                // What is about an instance, a role or a grant speaks of the profile's resource.
                context.profile = self.settings.profile.as_ref();
                self.documents(faults, &context, sink);
                self.other(object, &context, sink);
            }
        }
        note.depends = sink.depends;
        note
    }

    /// Most documents have no fault, and the rules about those have nothing else to look at.
    fn documents(&self, faults: &[Fault<'_>], context: &Context<'_>, sink: &mut Sink) {
        if !faults.is_empty() {
            self.run(&self.document, faults, context, sink);
        }
    }

    fn other(&self, object: &Object<'_>, context: &Context<'_>, sink: &mut Sink) {
        match object {
            Object::ServicePrincipal(o) => {
                self.run(&self.principal, o, context, sink);
                for credential in o.federated.iter() {
                    self.run(&self.federated, credential, context, sink);
                }
            }
            Object::DelegatedGrant(o) => self.run(&self.grant, o, context, sink),
            Object::AppRoleAssignment(o) => self.run(&self.app_role, o, context, sink),
            Object::FederatedCredential(o) => self.run(&self.federated, o, context, sink),
            Object::RoleAssignment(o) => self.run(&self.assignment, o, context, sink),
            Object::RoleDefinition(o) => self.run(&self.definition, o, context, sink),
            Object::Instance(o) => self.run(&self.instance, o, context, sink),
            Object::AuthorizationPolicy(o) => {
                self.run(&self.authorization, o, context, sink);
            }
            Object::ConsentPolicy(o) => self.run(&self.consent_requests, o, context, sink),
            Object::AppManagementPolicy(o) => {
                self.run(&self.app_management, o, context, sink);
            }
            Object::Application(_)
            | Object::RequiredAccess(_)
            | Object::Credential(_)
            | Object::DenyAssignment(_)
            | Object::DirectoryObject(_)
            | Object::DirectoryRoleAssignment(_)
            | Object::SignInActivity(_)
            | Object::ManagementGroup(_)
            | Object::Other(_) => {}
        }
    }

    /// The profile, when it applies to this application: named, alone in its file, or showing
    /// intent by asking for the profile's resource. A manifest whose ids a tool fills in (Teams
    /// Toolkit) is alone in its file because that tool wants it so; that is no intent.
    fn profile_for(&self, app: &Application<'_>, alone: bool, named: bool) -> Option<&'j Profile> {
        let profile = self.settings.profile.as_ref()?;
        let filled_in_later = || {
            [&app.id, &app.app_id]
                .into_iter()
                .any(|id| id.spanned().is_some_and(|text| text.is_placeholder()))
        };
        let applies = self.scope.all
            || named
            || app.required.of(profile.resource).next().is_some()
            || alone && !filled_in_later();
        applies.then_some(profile)
    }
}
