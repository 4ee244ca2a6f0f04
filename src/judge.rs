//! One record: from its text to what the rules say of it.

use std::collections::HashSet;

use crate::json::Tape;
use crate::kinds::{self, Object, Part, Reading, Unrecognised};
use crate::model::{Application, Fault, ObjectKind, RequiredAccess};
use crate::rules::{
    Check, Context, Finding, Group, Out, Profile, RULES, Rule, RuleSettings, Sink, Subject,
    out::Filter,
};
use crate::tenant::Gathered;

/// What is known of the place a record comes from.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// The file holds this one object and nothing else, and is no leaf of a collector's tree: its
    /// author means it, so the profile applies to it.
    pub alone: bool,
}

/// Which applications the profile applies to (the scope rule of the `digital-twins` group).
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Client ids, object ids or names given on the command line or in the configuration; lower
    /// case.
    pub named: HashSet<String>,
    /// `--all-apps`.
    pub all: bool,
    /// `--app`: look at the named applications only.
    pub only_named: bool,
}

impl Scope {
    fn names(&self, app: &Application<'_>) -> bool {
        !self.named.is_empty()
            && [&app.app_id, &app.id, &app.display_name]
                .into_iter()
                .filter_map(|field| field.value())
                .any(|text| self.named.contains(&text.trim().to_lowercase()))
    }
}

/// The rules of a run, sorted by what they look at, with everything they may depend on.
pub struct Judge<'j> {
    settings: &'j RuleSettings,
    scope: &'j Scope,
    filter: &'j dyn Filter,
    document: Vec<(usize, DocumentCheck)>,
    application: Vec<(usize, ApplicationCheck)>,
    required: Vec<(usize, RequiredCheck)>,
}

/// A rule's check of a `T`.
type RuleCheck<T> = fn(&T, &Context<'_>, &mut Out<'_>);
type DocumentCheck = fn(&[Fault<'_>], &Context<'_>, &mut Out<'_>);
type ApplicationCheck = fn(&Application<'_>, &Context<'_>, &mut Out<'_>);
type RequiredCheck = fn(&RequiredAccess<'_>, &Context<'_>, &mut Out<'_>);

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
    /// Applications that `--app` left out.
    pub left_out: u32,
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
            document: Vec::new(),
            application: Vec::new(),
            required: Vec::new(),
        };
        for (index, rule) in RULES.iter().enumerate() {
            if !enabled(rule, index) {
                continue;
            }
            match rule.check {
                Check::Document(check) => judge.document.push((index, check)),
                Check::Application(check) => judge.application.push((index, check)),
                Check::RequiredAccess(check) => judge.required.push((index, check)),
                Check::Joined | Check::Input => {}
            }
        }
        judge
    }

    /// Judges the record whose tape is `tape`.
    pub fn record(
        &self,
        text: &str,
        tape: &Tape,
        setting: Setting,
        sink: &mut Sink,
        gathered: &mut Gathered,
    ) -> Verdict {
        let mut verdict = Verdict::default();
        let unwrapped = kinds::unwrap(tape.root(text));
        let setting = Setting {
            alone: setting.alone && unwrapped.objects.len() == 1,
        };
        for part in unwrapped.objects {
            self.object(text, part, setting, sink, gathered, &mut verdict);
        }
        if !unwrapped.links.is_empty() {
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
        }
    }

    fn object(
        &self,
        text: &str,
        part: Part<'_>,
        setting: Setting,
        sink: &mut Sink,
        gathered: &mut Gathered,
        verdict: &mut Verdict,
    ) {
        let Part { value, whose } = part;
        let kind = match part.recognise() {
            Ok(kind) => kind,
            Err(unknown) => {
                verdict.unrecognised += 1;
                verdict.nearest.get_or_insert(unknown);
                return;
            }
        };
        verdict.count(kind);
        // A row that only shows the columns of an export (Zero Trust Assessment): no object.
        if value.get("isZtModelRow").and_then(|row| row.as_bool()) == Some(true) {
            return;
        }
        let faults = kinds::faults(text, value, Some(kind));
        if faults.all_but_first.is_empty() {
            let object = kinds::build(kind, value, &part.reading());
            self.one_reading(&object, kind, &faults.list, setting, sink, verdict);
            gathered.add(&object);
            return;
        }
        // Members that stand twice: readers disagree about which one holds, so both are judged
        // and the worst counts. What both readings find is one finding.
        let mut both = Sink {
            wording: true,
            ..Sink::default()
        };
        for (round, skip) in [&faults.all_but_first, &faults.all_but_last]
            .into_iter()
            .enumerate()
        {
            let object = kinds::build(kind, value, &Reading { skip, whose });
            let faults: &[Fault<'_>] = if round == 0 { &faults.list } else { &[] };
            let mut again = Verdict::default();
            let verdict = if round == 0 {
                &mut *verdict
            } else {
                &mut again
            };
            self.one_reading(&object, kind, faults, setting, &mut both, verdict);
            if round == 1 {
                gathered.add(&object);
            }
        }
        let mut seen = HashSet::new();
        both.findings.retain(|finding| {
            seen.insert((finding.rule.id, finding.span, finding.wording.key.clone()))
        });
        sink.take(both.findings);
    }

    fn one_reading(
        &self,
        object: &Object<'_>,
        kind: ObjectKind,
        faults: &[Fault<'_>],
        setting: Setting,
        sink: &mut Sink,
        verdict: &mut Verdict,
    ) {
        let mut context = self.context();
        match object {
            Object::Application(app) => {
                if self.scope.only_named && !self.scope.names(app) {
                    verdict.left_out += 1;
                    return;
                }
                context.application = Some(app);
                context.profile = self.profile_for(app, setting);
                if context.profile.is_none() && self.settings.profile.is_some() {
                    verdict.out_of_scope += 1;
                }
                if sink.wording {
                    sink.subject = Some(subject_of(app));
                }
                self.run(&self.document, faults, &context, sink);
                self.run(&self.application, app.as_ref(), &context, sink);
                self.run(&self.required, &app.required, &context, sink);
            }
            Object::RequiredAccess(access) => {
                if self.scope.only_named {
                    verdict.left_out += 1;
                    return;
                }
                context.profile = self.settings.profile.as_ref();
                if sink.wording {
                    sink.subject = Some(Subject {
                        kind,
                        id: None,
                        app_id: None,
                        name: None,
                    });
                }
                self.run(&self.document, faults, &context, sink);
                self.run(&self.required, access.as_ref(), &context, sink);
            }
            _ => {
                if sink.wording {
                    sink.subject = Some(Subject {
                        kind,
                        id: None,
                        app_id: None,
                        name: None,
                    });
                }
                self.run(&self.document, faults, &context, sink);
            }
        }
    }

    fn run<T: ?Sized>(
        &self,
        checks: &[(usize, RuleCheck<T>)],
        object: &T,
        context: &Context<'_>,
        sink: &mut Sink,
    ) {
        for &(index, check) in checks {
            let rule = RULES[index];
            if rule.group == Group::DigitalTwins && context.profile.is_none() {
                continue;
            }
            sink.current = index;
            check(
                object,
                context,
                &mut Out::new(rule, index, self.filter, sink),
            );
        }
    }

    /// The profile, when it applies to this application: named, alone in its file, or showing
    /// intent by asking for the profile's resource. A manifest whose ids a tool fills in (Teams
    /// Toolkit) is alone in its file because that tool wants it so; that is no intent.
    fn profile_for(&self, app: &Application<'_>, setting: Setting) -> Option<&'j Profile> {
        let profile = self.settings.profile.as_ref()?;
        let filled_in_later = [&app.id, &app.app_id]
            .into_iter()
            .any(|id| id.spanned().is_some_and(|text| text.is_placeholder()));
        let applies = self.scope.all
            || setting.alone && !filled_in_later
            || self.scope.names(app)
            || app.required.of(profile.resource).next().is_some();
        applies.then_some(profile)
    }
}

/// The application as the subject of a finding.
pub fn subject_of(app: &Application<'_>) -> Subject {
    let lower = |field: &crate::model::Field<crate::model::Str<'_>>| {
        field.value().map(|text| text.trim().to_lowercase())
    };
    Subject {
        kind: ObjectKind::Application,
        id: lower(&app.id),
        app_id: lower(&app.app_id),
        name: app.display_name.value().map(|name| name.to_string()),
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
    crate::json::read::parse(text, 0, &mut tape)?;
    let scope = Scope::default();
    let judge = Judge::new(settings, &scope, filter, |_, _| true);
    let mut sink = Sink {
        wording: true,
        ..Sink::default()
    };
    let mut gathered = Gathered::default();
    let setting = Setting { alone: true };
    judge.record(text, &tape, setting, &mut sink, &mut gathered);
    Ok(sink.findings)
}
