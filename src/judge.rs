//! One record: from its text to what the rules say of it.

mod counts;
mod keep;
mod readings;
mod scope;

use std::sync::OnceLock;

use crate::access::Reach;
use crate::costs::Costs;
use crate::guard;
use crate::infrastructure::{self, Lowered};
use crate::input::Link;
use crate::json::{Name, Tape, Value};
use crate::kinds::{self, Faults, Reading, Unrecognised};
use crate::model::{
    AppManagementPolicy, AppRoleAssignment, Application, AuthorizationPolicy, ConsentPolicy,
    DelegatedGrant, Fault, FederatedCredential, Guid, Instance, ObjectKind, RequiredAccess,
    RoleAssignment, RoleDefinition, ServicePrincipal,
};
use crate::opened::Opened;
use crate::rules::{
    Check, Context, Finding, Group, Out, RULES, Rule, RuleSettings, Sink, out::Filter,
};
use crate::tenant::{Depends, Tenant};

pub use counts::add_all;
pub use keep::Keep;
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
    pub objects: Vec<(ObjectKind, u64)>,
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
        counts::add(&mut self.objects, kind, 1);
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
        if let Some(part) = kinds::bare(root) {
            self.object(text, part, setting, sink, keep, &mut verdict);
            return verdict;
        }
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
            let faults = faults(text, value, kind, sink);
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
        let faults = faults(text, value, kind, sink);
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
        // Members stand twice: which one holds depends on who reads them.
        let objects = [&faults.all_but_first, &faults.all_but_last]
            .map(|skip| kinds::build(kind, value, &Reading { skip, whose }));
        self.two_readings((&objects, kind), &faults.list, setting, sink, keep, verdict);
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
            keep.harvest().stand_ins.absorb(lowered.stand_ins());
        }
        if let Some(reason) = lowered.unsupported() {
            verdict.unsupported.get_or_insert(reason.to_owned());
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
            if sink.only.is_some_and(|only| !only.has(index)) {
                return;
            }
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
}

/// The faults of an object's document; none where it is known to have none.
fn faults<'r>(text: &str, value: Value<'r>, kind: ObjectKind, sink: &mut Sink) -> Faults<'r> {
    if sink.only.is_some_and(|only| !only.has_faults()) {
        return Faults::default();
    }
    let faults = kinds::faults(text, value, Some(kind));
    if !faults.list.is_empty() || !faults.all_but_first.is_empty() {
        sink.fired.add_faults();
    }
    faults
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
