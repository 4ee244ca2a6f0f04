//! A finding as every format gets it.

use std::borrow::Cow;
use std::sync::Arc;

use super::secret::hide;
use super::{Fix, Place, Suppression};
use crate::digest::digest;
use crate::rules::{FactValue, Rule, Severity, Subject, Wording};

/// A finding as it is reported.
#[derive(Clone, Debug)]
pub struct Reported {
    pub rule: &'static Rule,
    pub severity: Severity,
    /// One sentence, no full stop; may quote the input.
    pub message: String,
    /// `None` when the finding is about the input as a whole.
    pub subject: Option<Arc<Subject>>,
    pub location: Place,
    pub related: Vec<Place>,
    pub help: Option<String>,
    pub commands: Vec<String>,
    pub facts: Vec<(&'static str, FactValue)>,
    /// What tells it from other findings of its rule on its subject, as a suppression names it; may
    /// be empty.
    pub key: String,
    /// 32 hexadecimal digits.
    pub fingerprint: String,
    pub suppression: Option<Suppression>,
    /// What mends it for certain; only where the file is one manifest, and never by a guess.
    pub fix: Option<Fix>,
}

impl Reported {
    /// A finding with its words, its place and the places beside it; `location` and `related` have
    /// their labels already. It counts, and nothing mends it.
    ///
    /// This is the one door for what rules say, so here secrets go: the fingerprint knows the key as
    /// it is, and nothing behind this does.
    pub fn of(
        (rule, severity): (&'static Rule, Severity),
        subject: Option<Arc<Subject>>,
        wording: Wording,
        location: Place,
        related: Vec<Place>,
    ) -> Reported {
        Reported {
            rule,
            severity,
            message: wording.message,
            fingerprint: fingerprint(rule, subject.as_deref(), &wording.key),
            key: wording.key,
            subject,
            location,
            related,
            help: wording.help,
            commands: wording.commands,
            facts: wording.facts,
            suppression: None,
            fix: None,
        }
        .hidden()
    }

    /// The same without secrets, but for the text around its places, of which excerpts are cut.
    pub(super) fn hidden(mut self) -> Reported {
        conceal(&mut self.message);
        conceal(&mut self.key);
        if let Some(help) = &mut self.help {
            conceal(help);
        }
        // A command with a mask in it would only seem to work.
        self.commands
            .retain(|command| matches!(hide(command), Cow::Borrowed(_)));
        for (_, fact) in &mut self.facts {
            if let FactValue::Text(text) = fact {
                conceal(text);
            }
        }
        for place in std::iter::once(&mut self.location).chain(&mut self.related) {
            conceal(&mut place.label);
            conceal(&mut place.pointer);
        }
        if let Some(known) = &mut self.suppression {
            conceal(&mut known.reason);
        }
        // Its findings share it, and hardly any has to be another one.
        if let Some(subject) = &mut self.subject
            && subject
                .texts()
                .any(|text| matches!(hide(text), Cow::Owned(_)))
        {
            *subject = Arc::new(named(Subject::clone(subject)));
        }
        self
    }
}

/// A subject without secrets in its ids and its name.
pub fn named(mut subject: Subject) -> Subject {
    let Subject {
        id, app_id, name, ..
    } = &mut subject;
    for text in [id, app_id, name].into_iter().flatten() {
        conceal(text);
    }
    subject
}

/// Masks the secrets of a text.
fn conceal(text: &mut String) {
    if let Cow::Owned(hidden) = hide(text) {
        *text = hidden;
    }
}

/// Tells findings apart over time: rule, subject and key, never a line, an index, a path or a
/// display name. 128 bits of SHA-256, so that nobody can make two findings look like one.
pub fn fingerprint(rule: &Rule, subject: Option<&Subject>, key: &str) -> String {
    let kind = subject.map_or("", |subject| subject.kind.name());
    let id = subject
        .and_then(|subject| subject.id.as_deref().or(subject.app_id.as_deref()))
        .unwrap_or("");
    format!("{:032x}", digest([rule.id, kind, id, key]))
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::model::ObjectKind;

    #[test]
    fn secrets_go_and_the_fingerprint_stays() {
        let secret = "abc8Q~abcdefghijklmnopqrstuvwxyzABCDEFGH";
        let url = format!("http://localhost/cb?client_secret={secret}");
        let rule = Rule::find("redirect-insecure").expect("a rule");
        let subject = Subject {
            kind: ObjectKind::Application,
            id: Some("0b07f429-9f4b-4714-9392-cc5e8e80c8b0".to_owned()),
            app_id: None,
            name: Some(secret.to_owned()),
        };
        let mut wording = Wording::default();
        wording.message(format!("`{url}` is not https")).key(&url);
        wording.help = Some(format!("register another than {url}"));
        wording.commands = vec![
            "az ad app show --id 0b07f429-9f4b-4714-9392-cc5e8e80c8b0".to_owned(),
            format!("az ad app update --web-redirect-uris '{url}'"),
        ];
        wording.facts = vec![
            ("uri", FactValue::Text(url.clone())),
            (
                "id",
                FactValue::Text("AVs6JuUDjkCFV7q2gd8QTPimBBgj5iBFj0C6GwwRxC0".to_owned()),
            ),
            ("count", FactValue::Number(2)),
        ];
        let place = samples::place("\"appId\"", &url);
        let raw = fingerprint(rule, Some(&subject), &url);
        let reported = Reported::of(
            (rule, Severity::Error),
            Some(Arc::new(subject)),
            wording,
            place.clone(),
            vec![place],
        );
        assert_eq!(reported.fingerprint, raw);
        assert_eq!(reported.key, "http://localhost/cb?client_secret=••••••");
        assert_eq!(reported.commands.len(), 1, "{:?}", reported.commands);
        assert_eq!(
            reported.facts[1..],
            [
                (
                    "id",
                    FactValue::Text("AVs6JuUDjkCFV7q2gd8QTPimBBgj5iBFj0C6GwwRxC0".to_owned())
                ),
                ("count", FactValue::Number(2)),
            ]
        );
        let said = format!(
            "{} {:?} {:?} {:?} {} {}",
            reported.message,
            reported.subject,
            reported.help,
            reported.facts,
            reported.location.label,
            reported.related[0].label
        );
        assert!(!said.contains("Q~"), "{said}");
    }
}
