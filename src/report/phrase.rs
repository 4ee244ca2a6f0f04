//! Numbers, kinds and names as people read them.

use super::Outcome;
use crate::rules::{Severity, Subject};

/// A subject's name, and its kind and ids.
pub fn subject(subject: &Subject) -> (&str, String) {
    let mut ids = words(subject.kind.name());
    if let Some(app_id) = &subject.app_id {
        ids.push_str(", appId ");
        ids.push_str(app_id);
    }
    // Of an application the client id is what people know it by.
    if let Some(id) = &subject.id
        && (subject.app_id.is_none() || subject.kind.name() != "application")
    {
        ids.push_str(", id ");
        ids.push_str(id);
    }
    (subject.name.as_deref().unwrap_or(""), ids)
}

/// `3 errors, 1 warning`, or that there is nothing.
pub fn tally(outcome: &Outcome) -> String {
    let counts: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|&severity| outcome.tally.of(severity) > 0)
        .map(|severity| count(outcome.tally.of(severity), severity.name()))
        .collect();
    match counts.as_slice() {
        [] if outcome.not_evaluated.is_empty() => "no findings".to_owned(),
        [] => "no findings among the rules that could be judged".to_owned(),
        counts => counts.join(", "),
    }
}

/// `servicePrincipal` in words.
pub fn words(kind: &str) -> String {
    match kind {
        "error" => return "error response".to_owned(),
        "requiredResourceAccess" => return "permission list".to_owned(),
        _ => {}
    }
    let mut words = String::with_capacity(kind.len() + 4);
    for c in kind.chars() {
        if c.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

/// `1 file`, `2 files`, `2 policies`.
pub fn count(number: u64, what: &str) -> String {
    let many = match what.strip_suffix('y') {
        _ if number == 1 => what.to_owned(),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{what}s"),
    };
    format!("{} {many}", thousands(number))
}

/// `100,000`
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(2, "day"), "2 days");
        assert_eq!(count(1_234_567, "file"), "1,234,567 files");
        assert_eq!(
            count(2, &words("authorizationPolicy")),
            "2 authorization policies"
        );
        assert_eq!(count(0, &words("servicePrincipal")), "0 service principals");
    }
}
