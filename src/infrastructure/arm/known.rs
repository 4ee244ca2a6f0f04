//! What is known of a value before the deployment.

use sha2::{Digest, Sha256};

use crate::json::Value;

/// What an expression is known to be.
///
/// What is unknown has a spelling, made of the spellings of what it depends on and not of how the
/// template writes it: two resources that are named by one expression, one of them through a
/// variable, are one.
#[derive(Clone)]
pub enum Known<'r> {
    /// Nothing but how it is spelled: `parameters('name')`.
    Unknown(String),
    /// A text with parts that are not known: `/subscriptions/…/{parameters('name')}`.
    Partly(String),
    Null,
    Truth(bool),
    Number(i64),
    Text(String),
    List(Vec<Known<'r>>),
    Object(Vec<(String, Known<'r>)>),
    /// A list, an object or another value of the template, and the number of the deployment whose
    /// expressions stand in it.
    Json(Value<'r>, usize),
    /// What a resource will be once it is deployed.
    Resource(usize, Part),
}

/// Which part of a deployed resource is meant.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// Its runtime properties.
    Properties,
    /// The whole of it, properties and all.
    Full,
    Identity,
    Outputs,
    Output(String),
}

/// Spellings are cut here: a name that unfolds without end is not written down without end.
const LONGEST_SPELLING: usize = 120;

/// Something unknown, spelled so that it can stand as one segment of a path.
pub fn unknown<'r>(spelling: impl AsRef<str>) -> Known<'r> {
    Known::Unknown(clipped(spelling.as_ref()))
}

/// A call of a function whose result is not known.
pub fn unknown_call<'r>(function: &str, arguments: &[Known<'r>]) -> Known<'r> {
    let mut spelling = format!("{function}(");
    for (number, argument) in arguments.iter().enumerate() {
        if number > 0 {
            spelling.push_str(", ");
        }
        spelling.push_str(&argument.spelling());
    }
    spelling.push(')');
    unknown(spelling)
}

/// A text, which is known if it has no part that is not.
pub fn text_or_partly<'r>(text: String) -> Known<'r> {
    match text.contains('{') {
        true => Known::Partly(text),
        false => Known::Text(text),
    }
}

fn clipped(spelling: &str) -> String {
    let plain = |c| match c {
        '/' | '\\' => '.',
        '{' | '<' => '(',
        '}' | '>' => ')',
        other => other,
    };
    if spelling.len() <= LONGEST_SPELLING {
        return spelling.chars().map(plain).collect();
    }
    let start = spelling.split(['(', '{']).next().unwrap_or_default();
    let mut out: String = start.chars().take(40).map(plain).collect();
    out.push_str("(…)~");
    for byte in Sha256::digest(spelling.as_bytes()).iter().take(8) {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

impl Known<'_> {
    /// How it is spelled inside something unknown.
    pub fn spelling(&self) -> String {
        match self {
            Known::Unknown(spelling) => spelling.clone(),
            Known::Partly(text) | Known::Text(text) => format!("'{text}'"),
            Known::Null => "null()".to_owned(),
            Known::Truth(truth) => format!("{truth}()"),
            Known::Number(number) => number.to_string(),
            Known::List(items) => {
                let items: Vec<String> = items.iter().map(Known::spelling).collect();
                clipped(&format!("createArray({})", items.join(", ")))
            }
            Known::Object(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| format!("{name}, {}", value.spelling()))
                    .collect();
                clipped(&format!("createObject({})", members.join(", ")))
            }
            Known::Json(value, deployment) => format!("json({deployment}, {})", value.index()),
            Known::Resource(number, _) => format!("reference({number})"),
        }
    }

    /// Its text as a part of a longer one; what is unknown stands in curly brackets.
    pub fn piece(&self) -> String {
        match self {
            Known::Partly(text) | Known::Text(text) => text.clone(),
            Known::Number(number) => number.to_string(),
            Known::Truth(true) => "True".to_owned(),
            Known::Truth(false) => "False".to_owned(),
            other => format!("{{{}}}", other.spelling()),
        }
    }

    /// A text of which everything is known.
    pub fn text(&self) -> Option<&str> {
        match self {
            Known::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn truth(&self) -> Option<bool> {
        match self {
            Known::Truth(truth) => Some(*truth),
            Known::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Known::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Known::Json(value, _) => value.as_bool(),
            _ => None,
        }
    }
}
