//! Rules about a file as a whole: can it be read, is it JSON, is it all there?
//!
//! These are raised while a source is read, before there is a model, so most of them are wordings
//! that `engine` calls.

use crate::model::{Fault, FaultKind, ObjectKind, SyntaxFault};
use crate::rules::{Context, Out, Severity, Wording, declare_rule};

declare_rule! {
    /// An input cannot be read.
    ///
    /// **Why it matters.** What was not read was not checked; a clean result would be a lie.
    ///
    /// **What is checked.** A file or folder named on the command line, or found by walking,
    /// cannot be opened, is no file, or is larger than `--max-input-size`. The rest is still
    /// checked, and the run exits 2.
    ///
    /// **Fix.** Correct the path or the permissions, or raise `--max-input-size`.
    pub static UNREADABLE_INPUT = {
        id: "unreadable-input",
        group: Document,
        severity: Error,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        options: ["--max-input-size"],
        references: ["https://man7.org/linux/man-pages/man2/open.2.html"],
        check: Input,
    }
}

/// Words *unreadable-input*; `reason` is ours or the system's.
pub fn unreadable(say: &mut Wording, reason: &str) {
    let help = if reason.contains("--max-input-size") {
        "raise --max-input-size if it is meant to be so large; what was read of it was checked"
    } else {
        "correct the path or its permissions; everything else was still checked"
    };
    say.message(format!("this input cannot be read: {reason}"))
        .label("not read")
        .help(help)
        .fact("reason", reason);
}

declare_rule! {
    /// A file is not JSON.
    ///
    /// **Why it matters.** No tool reads it as it is: `az` and the portal refuse the file, and
    /// whatever is behind the mistake is not checked.
    ///
    /// **What is checked.** The text against RFC 8259, strictly. The usual causes are named: a
    /// comment, a trailing comma, single quotes, text after the closing bracket, a template that
    /// was not rendered, a file that was cut off, Bicep or Terraform that was not converted. ARM
    /// templates may have comments and trailing commas, as Azure takes them. In JSON Lines every line is judged by itself; in
    /// a long list the records around the mistake are still checked.
    ///
    /// **Fix.** Correct the file at the marked byte, or export it again. Convert Bicep with
    /// `az bicep build --file main.bicep`, and a Terraform plan with
    /// `terraform show -json plan.tfplan > plan.json`.
    pub static INVALID_JSON = {
        id: "invalid-json",
        group: Document,
        severity: Error,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: ["https://www.rfc-editor.org/rfc/rfc8259"],
        check: Input,
    }
}

/// What stands at the error, for telling templates from plain mistakes: at most some bytes.
fn is_template(near: &str) -> bool {
    let near = near.trim_start();
    ["{{", "{%", "<%", "${", "#{"]
        .iter()
        .any(|mark| near.starts_with(mark))
}

/// Words *invalid-json*. `near` is the text at the error, looked at and never quoted; `further`
/// counts errors of the same source that are not reported.
pub fn invalid_json(say: &mut Wording, fault: SyntaxFault, near: &str, further: u64) {
    use SyntaxFault as F;
    let (message, label, help) = match fault {
        _ if is_template(near) => (
            "this is a template, not JSON: a placeholder stands where JSON has none",
            "template not rendered",
            "render the template and check its result",
        ),
        F::Empty => (
            "this file is empty",
            "nothing here",
            "export it again; the command that wrote it may have failed",
        ),
        F::UnexpectedEnd if near.is_empty() => (
            "this is not JSON: the text ends in the middle of a value, it seems cut off",
            "ends here",
            "export it again; the download or the pipe may have broken off",
        ),
        F::UnexpectedEnd => (
            "this is not JSON: the text ends in the middle of a value",
            "a value is not closed",
            "close what is open, or export it again",
        ),
        F::ExpectedValue => (
            "this is not JSON: a value is expected here",
            "no JSON value",
            "write a string in double quotes, a number, true, false, null, [ or {",
        ),
        F::ExpectedName => (
            "this is not JSON: a name in double quotes is expected here",
            "no name in double quotes",
            "put the property's name in double quotes",
        ),
        F::ExpectedColon => (
            "this is not JSON: a colon is expected after the name",
            "colon expected",
            "put a colon between name and value",
        ),
        F::ExpectedCommaOrEnd => (
            "this is not JSON: a comma or a closing bracket is expected here",
            "comma or bracket expected",
            "add the missing comma before this, or close what is open",
        ),
        F::TrailingComma => (
            "this is not JSON: a comma stands before a closing bracket",
            "after a trailing comma",
            "remove the comma before this bracket",
        ),
        F::Comment => (
            "this is not JSON: it has a comment",
            "comment",
            "remove the comment; JSON has none",
        ),
        F::SingleQuote => (
            "this is not JSON: it has text in single quotes",
            "single quote",
            "use double quotes around names and strings",
        ),
        F::InvalidNumber => (
            "this is not JSON: this number has a form that JSON does not know",
            "not a JSON number",
            "write the number without leading zeros, plus sign or bare point",
        ),
        F::InvalidEscape => (
            "this is not JSON: this escape sequence does not exist",
            "unknown escape",
            "double the backslash, or use one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
        ),
        F::ControlCharacter => (
            "this is not JSON: a string holds a raw control character, or was not closed",
            "control character in a string",
            "close the string on its line, and write line breaks in it as \\n",
        ),
        F::TooDeep => (
            "this file nests brackets deeper than any export does (512 levels)",
            "too deep",
            "check where this file comes from; nothing below this is read",
        ),
        F::TextAfter => (
            "this is not JSON: text follows the closing bracket",
            "text after the end",
            "remove what stands behind the JSON value",
        ),
        F::TooLong => (
            "one record of this file is larger than 4 GiB",
            "too long",
            "export the objects one by one",
        ),
    };
    say.message(message)
        .label(label)
        .help(help)
        .key(fault.name());
    if further > 0 {
        say.fact("furtherErrors", further as i64);
    }
}

declare_rule! {
    /// A file is not in a Unicode encoding, or half a character stands in it.
    ///
    /// **Why it matters.** Names with umlauts or other characters may be read wrongly, here and
    /// by every other tool. Windows PowerShell's `Set-Content` writes such files.
    ///
    /// **What is checked.** UTF-8, UTF-16 and UTF-32, with and without a byte order mark, are
    /// read as they are. Bytes that are none of them are read as Windows-1252 and reported; so is
    /// a surrogate without its other half (`\ud800`). Everything is still checked.
    ///
    /// **Fix.** Write the file as UTF-8, in Windows PowerShell with `Out-File -Encoding utf8`.
    pub static INVALID_ENCODING = {
        id: "invalid-encoding",
        group: Document,
        severity: Warning,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding",
        ],
        check: Document(invalid_encoding),
    }
}

fn invalid_encoding(faults: &[Fault<'_>], _: &Context<'_>, out: &mut Out<'_>) {
    for fault in faults {
        if fault.kind == FaultKind::LoneSurrogate {
            out.report(Severity::Warning, fault.span, |say| {
                say.message(
                    "this string holds half a character: a surrogate without its other half",
                )
                .label("half a character")
                .help("export the object again, or correct the text");
            });
        }
    }
}

/// Words *invalid-encoding* for a whole file: bytes that are no UTF-8, or (with the encoding's
/// name) units of UTF-16 or UTF-32 that are no characters.
pub fn not_unicode(say: &mut Wording, encoding: Option<&str>) {
    match encoding {
        None => say.message(
            "this file is neither UTF-8 nor UTF-16; it was read as Windows-1252 and may be wrong",
        ),
        Some(encoding) => say.message(format!(
            "this file is {encoding}, but not all of it is; what is not was replaced"
        )),
    };
    say.label("first such byte")
        .help("write the file as UTF-8, in Windows PowerShell with Out-File -Encoding utf8");
}

declare_rule! {
    /// An export is not complete.
    ///
    /// **Why it matters.** What is missing was not checked, and nothing may be concluded from its
    /// absence. `az ad app list` without `--all` stops after 100 objects and says so only on
    /// standard error.
    ///
    /// **What is checked.** A leftover link to the next page (`@odata.nextLink`, `nextLink`,
    /// `skip_token`), or a list of exactly 100 applications or service principals as `az ad … list`
    /// prints it.
    ///
    /// **Fix.** Export again with `--all`, or follow the links until there is none.
    pub static EXPORT_TRUNCATED = {
        id: "export-truncated",
        group: Document,
        severity: Warning,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/paging",
            "https://learn.microsoft.com/cli/azure/ad/app#az-ad-app-list",
        ],
        check: Document(export_truncated),
    }
}

fn export_truncated(faults: &[Fault<'_>], _: &Context<'_>, out: &mut Out<'_>) {
    for fault in faults {
        if fault.kind == FaultKind::NextPage {
            let name = fault.name.clone();
            out.report(Severity::Warning, fault.span, |say| next_page(say, &name));
        }
    }
}

/// Words *export-truncated* for a leftover link called `name`.
pub fn next_page(say: &mut Wording, name: &str) {
    say.message(format!(
        "this export is one page of several: {name} leads to the next"
    ))
    .label("more pages follow")
    .help("export again with --all, or follow this link until there is none")
    .command("az ad app list --all")
    .key("next page");
}

/// Words *export-truncated* for a list of exactly 100 objects.
pub fn exactly_one_page(say: &mut Wording, kind: ObjectKind) {
    let (plural, noun) = match kind {
        ObjectKind::ServicePrincipal => ("service principals", "sp"),
        _ => ("applications", "app"),
    };
    say.message(format!(
        "this list has exactly 100 {plural}, which is where az ad {noun} list stops without --all"
    ))
    .label("probably cut off at 100")
    .help("export again with --all")
    .command(format!("az ad {noun} list --all"))
    .key("exactly 100");
}

declare_rule! {
    /// A file holds an API's error instead of data.
    ///
    /// **Why it matters.** The export failed, and the file looks as if it had been made.
    ///
    /// **What is checked.** An object with `error.code`, as Microsoft Graph and Azure Resource
    /// Manager answer, alone or as one answer of a batch.
    ///
    /// **Fix.** Grant the reader what it lacks, or correct the request, and export again.
    pub static ERROR_RESPONSE = {
        id: "error-response",
        group: Document,
        severity: Error,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/graph/errors"],
        check: Document(error_response),
    }
}

fn error_response(faults: &[Fault<'_>], _: &Context<'_>, out: &mut Out<'_>) {
    for fault in faults {
        if fault.kind != FaultKind::ErrorBody {
            continue;
        }
        out.report(Severity::Error, fault.span, |say| {
            let code = if fault.name.is_empty() {
                "an unnamed error"
            } else {
                &fault.name
            };
            say.message(format!(
                "this is no data but an error that the API answered: {code}"
            ))
            .label("an error, not data")
            .help("grant the exporting account what it lacks, then export again")
            .fact("code", code)
            .key(code);
        });
    }
}

declare_rule! {
    /// A file is no export that this tool knows.
    ///
    /// **Why it matters.** It was named to be checked, and it was not.
    ///
    /// **What is checked.** JSON that is no application, no list of required permissions and no
    /// other known kind. Only a warning, and only for a file named on the command line: what
    /// walking finds may simply belong to another tool.
    ///
    /// **Fix.** Name the right file; for a projection (`--query`) keep the properties' own names.
    pub static UNRECOGNIZED_DOCUMENT = {
        id: "unrecognized-document",
        group: Document,
        severity: Warning,
        persona: Regular,
        needs: [],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/graph/api/resources/application"],
        check: Input,
    }
}

/// Words *unrecognized-document*.
pub fn unrecognized(say: &mut Wording, nearest: Option<(ObjectKind, &'static str)>) {
    say.message("this file is no export of a known kind, so nothing in it was checked")
        .label("no known kind");
    match nearest {
        Some((kind, lacks)) => say.help(format!(
            "it comes nearest to {}, but lacks {lacks}",
            kind.name()
        )),
        None => say.help("name an exported application, for example the output of az ad app show"),
    };
}
