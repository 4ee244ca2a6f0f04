//! From TOML to a [`Config`], every complaint with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, Show, Source, quoted};
use super::profiles::PROFILE_KEYS;
use super::suppress::Suppress;
use super::{AdminConsent, Config, FailOn, Level, Usage};
use crate::nearest::nearest;
use crate::rules::{RULES, Rule, Want};

/// Keys at the top.
pub const ROOT_KEYS: &[&str] = &[
    "profile",
    "fail-on",
    "exclude",
    "azure-digital-twins",
    "credentials",
    "profiles",
    "rules",
    "suppress",
];
/// Keys of `[azure-digital-twins]`.
pub const DIGITAL_TWINS_KEYS: &[&str] = &[
    "flows",
    "want",
    "admin-consent",
    "instances",
    "tenant",
    "apps",
];
/// Keys of `[credentials]`.
pub const CREDENTIALS_KEYS: &[&str] =
    &["expiring-within", "secret-lifetime", "certificate-lifetime"];

/// The most errors that are told of one file. One with more is another file, and the rest only
/// wastes time and paper.
pub const MOST: usize = 20;

/// A value with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// Reads a configuration's text.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file, up to a limit.
pub fn read(text: &str) -> Result<Config, Vec<Problem>> {
    let mut reader = Reader {
        source: Source::new(text),
        problems: Vec::new(),
        config: Config::default(),
    };
    if is_json(text) {
        let help = "name a TOML file; inputs are given without --config".to_owned();
        reader.problems.push(reader.source.problem(
            0..0,
            Show::UpToMark,
            "this is JSON, and a configuration is TOML",
            Some(help),
        ));
        return Err(reader.problems);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    // What follows a syntax error is mostly its echo.
    if let Some(error) = errors.first() {
        let span = error.span().unwrap_or(0..0);
        let (message, help) = syntax(error.message(), text.get(span.clone()).unwrap_or(""));
        reader.problem(span, message, help);
        return Err(reader.problems);
    }
    reader.root(table.get_ref());
    if reader.problems.is_empty() {
        if !reader.config.suppress.is_empty() {
            reader.config.text = text.into();
        }
        Ok(reader.config)
    } else {
        reader
            .problems
            .sort_by_key(|problem| (problem.line, problem.column));
        Err(reader.problems)
    }
}

/// A syntax error in the parser's words, with a help where there is one.
fn syntax(message: &str, marked: &str) -> (String, Option<String>) {
    let help = |text: &str| Some(text.to_owned());
    if message == "duplicate key" {
        let message = format!("{} stands here for the second time", quoted(marked));
        return (message, help("keep one of them"));
    }
    let unquoted = message.starts_with("string values must be quoted");
    let help = help("put the value in quotes").filter(|_| unquoted);
    (message.replace('\n', ", "), help)
}

/// An export that was given for the configuration: nothing of it may be shown.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    match text.strip_prefix('[') {
        Some(rest) => rest.trim_start().starts_with('{'),
        None => text.starts_with('{'),
    }
}

/// Collects the configuration, and the complaints about it.
pub(super) struct Reader<'t> {
    source: Source<'t>,
    problems: Vec<Problem>,
    pub(super) config: Config,
}

impl Reader<'_> {
    pub(super) fn full(&self) -> bool {
        self.problems.len() >= MOST
    }

    pub(super) fn problem(&mut self, span: Range<usize>, message: String, help: Option<String>) {
        if !self.full() {
            let problem = self.source.problem(span, Show::Line, message, help);
            self.problems.push(problem);
        }
    }

    fn root(&mut self, table: &DeTable<'_>) {
        // `profile` may name one of them.
        if let Some(value) = table.get("profiles") {
            self.config.profiles = self.profiles(value);
        }
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "profile" => self.config.profile = self.profile(value),
                "fail-on" => {
                    self.config.fail_on =
                        self.one_of("fail-on", value, &FailOn::NAMES, FailOn::parse);
                }
                "exclude" => {
                    let globs = self.list("exclude", value, Reader::glob);
                    self.config.exclude = globs.unwrap_or_default();
                }
                "azure-digital-twins" => self.digital_twins(value),
                "credentials" => self.credentials(value),
                "profiles" => {}
                "rules" => self.rules(value),
                "suppress" => self.suppressions(value),
                _ => self.unknown(key, None, ROOT_KEYS),
            }
        }
    }

    fn digital_twins(&mut self, value: &Value<'_>) {
        let mut usage = Usage::default();
        for (key, value) in self.table("azure-digital-twins", value) {
            if !self.usage(&mut usage, key, value) {
                self.unknown(key, Some("azure-digital-twins"), DIGITAL_TWINS_KEYS);
            }
        }
        self.config.digital_twins = usage;
    }

    /// Reads a key that says how apps use an API; false for any other.
    pub(super) fn usage(
        &mut self,
        usage: &mut Usage,
        key: &Spanned<impl AsRef<str>>,
        value: &Value<'_>,
    ) -> bool {
        match key.get_ref().as_ref() {
            "flows" => usage.flows = self.list("flows", value, Reader::flow),
            "want" => {
                let want = |name: &str| match name {
                    "read" => Some(Want::Read),
                    "write" => Some(Want::Write),
                    _ => None,
                };
                usage.want = self.one_of("want", value, &["read", "write"], want);
            }
            "admin-consent" => {
                let names = &AdminConsent::NAMES;
                usage.admin_consent =
                    self.one_of("admin-consent", value, names, AdminConsent::parse);
            }
            "instances" => {
                usage.instances = self.list("instances", value, |reader, value| {
                    reader.filled("an element of instances", value)
                });
            }
            "tenant" => usage.tenant = self.guid("tenant", value),
            "apps" => usage.apps = self.guids("apps", value),
            _ => return false,
        }
        true
    }

    fn credentials(&mut self, value: &Value<'_>) {
        for (key, value) in self.table("credentials", value) {
            match key.get_ref().as_ref() {
                "expiring-within" => {
                    if let Some(days) = self.days("expiring-within", value) {
                        self.config.credentials.expiring = days;
                    }
                }
                "secret-lifetime" => {
                    if let Some(days) = self.days("secret-lifetime", value) {
                        self.config.credentials.secret = days;
                    }
                }
                "certificate-lifetime" => {
                    if let Some(days) = self.days("certificate-lifetime", value) {
                        self.config.credentials.certificate = days;
                    }
                }
                _ => self.unknown(key, Some("credentials"), CREDENTIALS_KEYS),
            }
        }
    }

    fn rules(&mut self, value: &Value<'_>) {
        for (key, value) in self.table("rules", value) {
            if self.full() {
                return;
            }
            let id = key.get_ref().as_ref();
            let moved = home(id).map(move_help);
            let Some(index) = self.known_rule(id, key.span(), moved) else {
                continue;
            };
            if let Some(level) = self.one_of(id, value, &Level::NAMES, Level::parse) {
                self.config.rules.push((index, level));
            }
        }
    }

    /// The place in [`RULES`] of the rule that is named at `span`; `help` outranks a guess.
    pub(super) fn known_rule(
        &mut self,
        id: &str,
        span: Range<usize>,
        help: Option<String>,
    ) -> Option<usize> {
        if let Some(rule) = Rule::find(id) {
            return Some(rule.index());
        }
        let help = if let Some(help) = help {
            help
        } else if RULES.iter().any(|rule| rule.group.name() == id) {
            format!("{} is a group; name its rules one by one", quoted(id))
        } else {
            unknown_rule_help(id)
        };
        self.problem(
            span,
            format!("no rule is called {}", quoted(id)),
            Some(help),
        );
        None
    }

    pub(super) fn suppress(&mut self, suppress: Suppress) {
        self.config.suppress.push(suppress);
    }

    /// How many complaints there are.
    pub(super) fn count(&self) -> usize {
        self.problems.len()
    }

    pub(super) fn unknown(
        &mut self,
        key: &Spanned<impl AsRef<str>>,
        table: Option<&str>,
        known: &[&str],
    ) {
        if self.full() {
            return;
        }
        let name = key.get_ref().as_ref();
        let place = match table {
            Some("suppress") => " in [[suppress]]".to_owned(),
            Some(table) => format!(" in [{table}]"),
            None => String::new(),
        };
        let help = if let Some(home) = home(name).filter(|home| *home != table) {
            move_help(home)
        } else if let Some(near) = nearest(name, known.iter().copied()) {
            format!("did you mean `{near}`?")
        } else {
            format!("known here: {}", known.join(", "))
        };
        let problem = self.source.problem(
            key.span(),
            Show::UpToMark,
            format!("unknown key {}{place}", quoted(name)),
            Some(help),
        );
        self.problems.push(problem);
    }
}

/// Where a key is known: `Some(None)` at the top, `Some(table)` in a table.
fn home(key: &str) -> Option<Option<&'static str>> {
    if ROOT_KEYS.contains(&key) {
        Some(None)
    } else if DIGITAL_TWINS_KEYS.contains(&key) {
        Some(Some("azure-digital-twins"))
    } else if CREDENTIALS_KEYS.contains(&key) {
        Some(Some("credentials"))
    } else if PROFILE_KEYS.contains(&key) {
        Some(Some("profiles.NAME"))
    } else {
        Rule::find(key).map(|_| Some("rules"))
    }
}

fn move_help(home: Option<&str>) -> String {
    match home {
        Some(table) => format!("move it below [{table}]"),
        None => "move it to the top, before the first [table]".to_owned(),
    }
}

/// What to say of a rule that does not exist.
pub fn unknown_rule_help(id: &str) -> String {
    match nearest(id, RULES.iter().map(|rule| rule.id)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`entralint rules` lists all of them".to_owned(),
    }
}
