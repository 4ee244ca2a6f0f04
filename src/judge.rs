//! One record: from its text to what the rules say of it.

mod scope;

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::access::Reach;
use crate::costs::Costs;
use crate::guard;
use crate::infrastructure::{self, Lowered};
use crate::input::Link;
use crate::json::{Name, Tape, Value};
use crate::kinds::{self, Object, Reading, Unrecognised};
use crate::model::{
    AppManagementPolicy, AppRoleAssignment, Application, AuthorizationPolicy, ConsentPolicy,
    DelegatedGrant, Fault, FederatedCredential, Guid, Instance, ObjectKind, RequiredAccess,
    RoleAssignment, RoleDefinition, ServicePrincipal,
};
use crate::opened::Opened;
use crate::rules::context::Beside;
use crate::rules::{
    Check, Context, Finding, Group, Join, Out, Profile, RULES, Rule, RuleSettings, Sink,
    out::Filter,
};
use crate::tenant::{At, Depends, Harvest, Note, Tenant};

pub use scope::Scope;

/// What is known of the place a record comes from.
#[derive(Copy, Clone, Debug, Default)]
pub struct Setting<'t> {
    /// The file holds this one object and nothing else, and is no leaf of a collector's tree: its
    /// author means it, so the profile applies to it.
    pub alone: bool,
    /// What the file's path tells.
    pub link: Link,
    /// The file, which decides of templates and plans.
    pub file: infrastructure::File<'t>,
    /// All documents of the run, when they were read already.
    pub known: Option<Known<'t>>,
}

/// A record that is read again, when the whole tenant is known.
#[derive(Copy, Clone, Debug)]
pub struct Known<'t> {
    pub tenant: &'t Tenant,
    /// The record's own place: its source and its number there.
    pub source: u32,
    pub record: u32,
}

/// What joins need of the records, while they are read for the first time.
pub struct Keep<'k> {
    pub harvest: &'k mut Harvest,
    /// The record's number, and where it begins in the text.
    pub record: u32,
    pub start: u32,
    /// Whether anything of this record was kept.
    pub kept: bool,
}

/// A rule's check of a `T`.
type RuleCheck<T> = fn(&T, &Context<'_>, &mut Out<'_>);

macro_rules! judge {
    ($($list:ident: $check:ident($model:ty),)*) => {
        /// The rules of a run, sorted by what they look at, with everything they may depend on.
        pub struct Judge<'j> {
            settings: &'j RuleSettings,
            scope: &'j Scope,
            filter: &'j dyn Filter,
            reach: OnceLock<Reach>,
            costs: Option<&'j Costs>,
            $($list: Vec<(usize, fn(&$model, &Context<'_>, &mut Out<'_>))>,)*
        }

        impl<'j> Judge<'j> {
            /// A judge for one run. Rules that `enabled` refuses are not even asked.
            pub fn new(
                settings: &'j RuleSettings,
                scope: &'j Scope,
                filter: &'j dyn Filter,
                enabled: impl Fn(&Rule, usize) -> bool,
            ) -> Judge<'j> {
                let mut judge = Judge {
                    settings,
                    scope,
                    filter,
                    reach: OnceLock::new(),
                    costs: None,
                    $($list: Vec::new(),)*
                };
                for (index, rule) in RULES.iter().enumerate() {
                    if !enabled(rule, index) {
                        continue;
                    }
                    for check in rule.checks {
                        match *check {
                            $(Check::$check(check) => judge.$list.push((index, check)),)*
                            // Joined checks wait for the tenant (`engine::cross`).
                            _ => {}
                        }
                    }
                }
                judge
            }

            /// The same, adding up what its rules cost.
            #[must_use]
            pub fn costing(self, costs: Option<&'j Costs>) -> Judge<'j> {
                Judge { costs, ..self }
            }
        }
    };
}

judge! {
    document: Document([Fault<'_>]),
    application: Application(Application<'_>),
    required: RequiredAccess(RequiredAccess<'_>),
    principal: Principal(ServicePrincipal<'_>),
    grant: Grant(DelegatedGrant<'_>),
    app_role: AppRole(AppRoleAssignment<'_>),
    federated: Federated(FederatedCredential<'_>),
    assignment: Assignment(RoleAssignment<'_>),
    definition: Definition(RoleDefinition<'_>),
    instance: Instance(Instance<'_>),
    authorization: Authorization(AuthorizationPolicy<'_>),
    consent_requests: ConsentRequests(ConsentPolicy<'_>),
    app_management: AppManagement(AppManagementPolicy<'_>),
}

/// What a record turned out to hold.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Objects by kind, in document order of their first appearance.
    pub objects: Vec<(ObjectKind, u32)>,
    /// Objects of no known kind.
    pub unrecognised: u32,
    /// The first object of no known kind: what it comes nearest to.
    pub nearest: Option<Unrecognised>,
    /// Applications the profile was not applied to.
    pub out_of_scope: u32,
    /// Objects that `--app` left out.
    pub left_out: u32,
    /// A wrapper links to a further page.
    pub linked: bool,
    /// Why nothing, or not all, of a template or plan was understood.
    pub unsupported: Option<String>,
    /// The record is an empty list or page; of what, where it tells.
    pub empty: Option<Option<ObjectKind>>,
}

impl Verdict {
    fn count(&mut self, kind: ObjectKind) {
        match self.objects.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => self.objects.push((kind, 1)),
        }
    }
}

impl<'j> Judge<'j> {
    /// Whether somebody means the profile to apply to what stands in `text`: applications were
    /// named, or the text speaks of the profile's resource.
    pub fn is_meant(&self, text: &str) -> bool {
        let speaks = |resource: Guid| resource.is_written_in(text);
        self.scope.all
            || !self.scope.named.is_empty()
            || self
                .settings
                .profile
                .as_ref()
                .is_some_and(|profile| speaks(profile.resource))
    }

    /// Judges the record whose tape is `tape`.
    pub fn record(
        &self,
        text: &str,
        tape: &Tape,
        setting: Setting<'_>,
        sink: &mut Sink,
        mut keep: Option<&mut Keep<'_>>,
    ) -> Verdict {
        let mut verdict = Verdict::default();
        let root = tape.root(text);
        let unwrapped = kinds::unwrap(root);
        if unwrapped.objects.is_empty() {
            let context = root
                .get("@odata.context")
                .and_then(|context| context.as_str());
            verdict.empty = Some(context.and_then(|context| kinds::kind_of_list(&context)));
        }
        let setting = Setting {
            alone: setting.alone && unwrapped.objects.len() == 1,
            ..setting
        };
        for part in unwrapped.objects {
            self.object(text, part, setting, sink, keep.as_deref_mut(), &mut verdict);
        }
        if !unwrapped.links.is_empty() {
            verdict.linked = true;
            let faults: Vec<Fault<'_>> = unwrapped.links.iter().map(kinds::next_page).collect();
            sink.subject = None;
            self.run(&self.document, &faults[..], &self.context(), sink);
        }
        verdict
    }

    fn context(&self) -> Context<'_> {
        Context {
            settings: self.settings,
            profile: None,
            application: None,
            beside: None,
        }
    }

    fn object(
        &self,
        text: &str,
        part: kinds::Part<'_>,
        setting: Setting<'_>,
        sink: &mut Sink,
        keep: Option<&mut Keep<'_>>,
        verdict: &mut Verdict,
    ) {
        let kinds::Part { value, whose } = part;
        let kind = match part.recognise() {
            Ok(kind) => kind,
            Err(unknown) => {
                verdict.unrecognised += 1;
                verdict.nearest.get_or_insert(unknown);
                return;
            }
        };
        verdict.count(kind);
        if let Some(lowered) = infrastructure::lower(kind, value, setting.file) {
            let faults = kinds::faults(text, value, Some(kind));
            sink.subject = None;
            self.run(&self.document, &faults.list[..], &self.context(), sink);
            self.infrastructure(value, &lowered, setting, sink, keep, verdict);
            return;
        }
        // A row that only shows the columns of an export (Zero Trust Assessment): no object.
        if value
            .named(Name::IsZtModelRow)
            .and_then(|row| row.as_bool())
            == Some(true)
        {
            return;
        }
        let faults = kinds::faults(text, value, Some(kind));
        if faults.all_but_first.is_empty() {
            let object = kinds::build(kind, value, &part.reading());
            sink.depends = Depends::default();
            let opened = Opened::plain(&object, kind);
            let note = self.one_reading((opened, None), &faults.list, setting, sink, verdict);
            if let Some(keep) = keep {
                keep.add(opened, &note);
            }
            return;
        }
        // Members that stand twice: readers disagree about which one holds, so both are judged
        // and the worst counts. What both readings find is one finding.
        let mut both = Sink {
            wording: true,
            ..Sink::default()
        };
        let objects = [&faults.all_but_first, &faults.all_but_last]
            .map(|skip| kinds::build(kind, value, &Reading { skip, whose }));
        // The index keeps one of them, so where the profile applies to one, it does to both.
        let profile = objects.iter().find_map(|object| match object {
            Object::Application(app) => self.profile_for(app, setting.alone, self.scope.names(app)),
            _ => None,
        });
        let mut depends = Depends::default();
        let mut keep = keep;
        for (round, object) in objects.iter().enumerate() {
            let faults: &[Fault<'_>] = if round == 0 { &faults.list } else { &[] };
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

    /// Judges what a template, plan or state describes: each resource as the object it will be.
    fn infrastructure(
        &self,
        root: Value<'_>,
        lowered: &Lowered,
        setting: Setting<'_>,
        sink: &mut Sink,
        mut keep: Option<&mut Keep<'_>>,
        verdict: &mut Verdict,
    ) {
        let setting = Setting {
            // A template describes what belongs together; that it holds one application alone
            // says nothing of what that is for.
            alone: false,
            link: Link::default(),
            ..setting
        };
        let first = sink.findings.len();
        let mut found_in = Vec::new();
        for coded in lowered.resources() {
            let object = kinds::build(coded.kind(), coded.value(), &Reading::default());
            let opened = Opened::coded(&object, coded);
            if coded.is_removed() {
                if let Some(keep) = keep.as_deref_mut() {
                    keep.add_removed(opened, &self.note(setting));
                }
                continue;
            }
            verdict.count(coded.kind());
            sink.depends = Depends::default();
            let before = sink.findings.len();
            let note = self.one_reading((opened, None), &[], setting, sink, verdict);
            for finding in sink.findings.get_mut(before..).unwrap_or_default() {
                coded.locate(finding);
                found_in.push(coded);
            }
            if let Some(keep) = keep.as_deref_mut() {
                keep.add(opened, &note);
            }
        }
        if let Some(findings) = sink.findings.get_mut(first..).filter(|f| !f.is_empty()) {
            infrastructure::speak_all(root, &found_in, findings);
        }
        if let Some(keep) = keep {
            keep.harvest.stand_ins.absorb(lowered.stand_ins());
        }
        if let Some(reason) = lowered.unsupported() {
            verdict.unsupported.get_or_insert(reason.to_owned());
        }
    }

    /// What is noted of an object before any rule was asked.
    fn note(&self, setting: Setting<'_>) -> Note {
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
    fn one_reading(
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
            sink.subject = Some(opened.subject());
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
                self.run(&self.document, faults, &context, sink);
                self.run(&self.application, app.as_ref(), &context, sink);
                self.run(&self.required, &app.required, &context, sink);
                for credential in app.federated.iter() {
                    self.run(&self.federated, credential, &context, sink);
                }
            }
            Object::RequiredAccess(access) => {
                context.profile = self.settings.profile.as_ref();
                self.run(&self.document, faults, &context, sink);
                self.run(&self.required, access.as_ref(), &context, sink);
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
                self.run(&self.document, faults, &context, sink);
                self.other(object, &context, sink);
            }
        }
        note.depends = sink.depends;
        note
    }

    fn other(&self, object: &Object<'_>, context: &Context<'_>, sink: &mut Sink) {
        match object {
            Object::ServicePrincipal(o) => {
                self.run(&self.principal, o.as_ref(), context, sink);
                for credential in o.federated.iter() {
                    self.run(&self.federated, credential, context, sink);
                }
            }
            Object::DelegatedGrant(o) => self.run(&self.grant, o.as_ref(), context, sink),
            Object::AppRoleAssignment(o) => self.run(&self.app_role, o.as_ref(), context, sink),
            Object::FederatedCredential(o) => self.run(&self.federated, o.as_ref(), context, sink),
            Object::RoleAssignment(o) => self.run(&self.assignment, o.as_ref(), context, sink),
            Object::RoleDefinition(o) => self.run(&self.definition, o.as_ref(), context, sink),
            Object::Instance(o) => self.run(&self.instance, o.as_ref(), context, sink),
            Object::AuthorizationPolicy(o) => {
                self.run(&self.authorization, o.as_ref(), context, sink);
            }
            Object::ConsentPolicy(o) => self.run(&self.consent_requests, o.as_ref(), context, sink),
            Object::AppManagementPolicy(o) => {
                self.run(&self.app_management, o.as_ref(), context, sink);
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

    fn run<T: ?Sized>(
        &self,
        checks: &[(usize, RuleCheck<T>)],
        object: &T,
        context: &Context<'_>,
        sink: &mut Sink,
    ) {
        // A rule that panics takes neither the others with it nor what it found before.
        let failed = guard::each(checks, |&(index, check)| {
            let rule = RULES[index];
            if rule.group != Group::DigitalTwins || context.profile.is_some() {
                let out = &mut Out::new(rule, index, self.filter, sink);
                match self.costs {
                    None => check(object, context, out),
                    Some(costs) => costs.time(index, || check(object, context, out)),
                }
            }
        });
        for place in failed {
            sink.fail(checks[place].0);
        }
    }

    /// The profile, when it applies to this application: named, alone in its file, or showing
    /// intent by asking for the profile's resource. A manifest whose ids a tool fills in (Teams
    /// Toolkit) is alone in its file because that tool wants it so; that is no intent.
    fn profile_for(&self, app: &Application<'_>, alone: bool, named: bool) -> Option<&'j Profile> {
        let profile = self.settings.profile.as_ref()?;
        let filled_in_later = [&app.id, &app.app_id]
            .into_iter()
            .any(|id| id.spanned().is_some_and(|text| text.is_placeholder()));
        let applies = self.scope.all
            || alone && !filled_in_later
            || named
            || app.required.of(profile.resource).next().is_some();
        applies.then_some(profile)
    }
}

impl Keep<'_> {
    fn add(&mut self, opened: Opened<'_>, note: &Note) {
        let at = self.at(opened);
        // Places in a resource's document count from that document's start.
        let start = if opened.code.is_some() { 0 } else { self.start };
        self.kept |= self.harvest.add(opened.object, at, start, note);
    }

    /// Keeps an object that is there now and will be gone.
    fn add_removed(&mut self, opened: Opened<'_>, note: &Note) {
        self.add(opened, note);
        let at = self.at(opened);
        self.harvest.removed.push(at);
    }

    fn at(&self, opened: Opened<'_>) -> At {
        At {
            source: 0,
            record: self.record,
            object: opened.start() - self.start,
        }
    }
}

/// Judges a text that is one JSON value, with every rule on; for tests and tools.
///
/// # Errors
/// The text is not JSON.
pub fn judge_text(
    text: &str,
    settings: &RuleSettings,
    filter: &dyn Filter,
) -> Result<Vec<Finding>, crate::json::SyntaxError> {
    let mut tape = Tape::default();
    crate::json::read::record(text, &mut tape)?;
    let scope = Scope::default();
    let judge = Judge::new(settings, &scope, filter, |_, _| true);
    let mut sink = Sink {
        wording: true,
        ..Sink::default()
    };
    let setting = Setting {
        alone: true,
        ..Setting::default()
    };
    judge.record(text, &tape, setting, &mut sink, None);
    Ok(sink.findings)
}
