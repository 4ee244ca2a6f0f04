//! One object, exported twice.

use crate::model::Guid;
use crate::rules::{Wording, declare_rule};

declare_rule! {
    /// The same object stands twice in the input, with different content.
    ///
    /// **Why it matters.** One of the two is out of date, and it is not certain which; findings
    /// about the old one may be mended already.
    ///
    /// **What is checked.** Applications with one object id in several places, compared by what
    /// both of them tell: name, audience, redirects, credentials, permissions. Different formats
    /// and order make no difference. Both are judged; the one in the later file, by name, is taken
    /// for the newer.
    ///
    /// **Fix.** Remove the older export.
    pub static CONFLICTING_OBJECTS = {
        id: "conflicting-objects",
        group: Document,
        severity: Warning,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/graph/api/resources/application"],
        check: Shared,
    }
}

/// Words *conflicting-objects*: the two differ in `differences`.
pub fn conflicting(say: &mut Wording, id: Guid, differences: &[String]) {
    say.message(format!(
        "the application {id} stands twice in the input and differs in {}",
        differences.join(", ")
    ))
    .label("taken for the newer")
    .help("remove the older export; both were judged")
    .key(id.to_string());
}
