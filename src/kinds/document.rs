//! What is wrong with a record as a document: members that stand twice, values cut off by
//! PowerShell, placeholders, secrets, shapes that the schema does not allow.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem;

use super::fields::is_cut_off;
use super::secrets;
use crate::json::names::Mark;
use crate::json::schema::Schema;
use crate::json::survey::survey;
use crate::json::{Kind, Member, Name, Value};
use crate::model::{Fault, FaultKind, ObjectKind, SecretForm, Span, is_placeholder};

/// Faults of one object, in document order within each sort. The second value lists, for every
/// set of duplicate members, the names to skip so that the first, or the last, of them counts.
pub fn faults<'r>(text: &str, object: Value<'r>, kind: Option<ObjectKind>) -> Faults<'r> {
    let mut faults = Faults::default();
    let mut marks = Vec::new();
    // In templates of infrastructure an expression is how values are written.
    let templated = matches!(
        kind,
        Some(ObjectKind::Application | ObjectKind::RequiredResourceAccess)
    );
    let schema = kind.and_then(|kind| schema_of(object, kind));
    let may_be_odd = |first| begins_so(first, templated);
    let survey = match schema {
        Some(schema) => schema.survey(object, may_be_odd, is_odd),
        None => survey(object, None, may_be_odd, is_odd),
    };
    let escapes = Escapes::in_text(
        object.span().of(text),
        templated && object.may_have_braces(),
        survey.escaped,
    );
    if !survey.distinct || !survey.plain || escapes.any() {
        for value in object.descendants() {
            match value.kind() {
                Kind::Object => duplicates(value, &mut marks, &mut faults),
                Kind::String => string(value, &escapes, templated, &mut faults.list),
                _ => {}
            }
        }
    }
    secrets::find(object, kind, &mut faults.list);
    if kind == Some(ObjectKind::ErrorBody)
        && let Some(error) = object.get("error")
    {
        let code = error.get("code").and_then(|code| code.as_str());
        faults.list.push(fault(
            FaultKind::ErrorBody,
            error.get("code").unwrap_or(error).span(),
            code.unwrap_or_default(),
        ));
    }
    if let (Some(kind), Some(schema), false) = (kind, schema, survey.fits) {
        shapes(object, (kind, schema), &mut faults.list);
    }
    faults
}

/// The fault of a wrapper that links to a further page.
pub fn next_page<'r>(link: &Member<'r>) -> Fault<'r> {
    fault(FaultKind::NextPage, link.value.span(), link.name())
}

/// What [`faults`] found.
#[derive(Default)]
pub struct Faults<'r> {
    pub list: Vec<Fault<'r>>,
    /// Tape indices of duplicate names to skip so that each first one counts; sorted.
    pub all_but_first: Vec<u32>,
    /// The same, so that each last one counts.
    pub all_but_last: Vec<u32>,
}

/// What a record's text can hold at all, so that most strings need no look inside.
struct Escapes {
    mustache: bool,
    dollar: bool,
    private_key: bool,
    surrogate: bool,
    /// Characters are spelled by their number, as Windows PowerShell does with `<`, `>` and `'`.
    numbered: bool,
}

impl Escapes {
    /// Whether the text holds any of it.
    fn any(&self) -> bool {
        self.mustache || self.dollar || self.private_key || self.surrogate || self.numbered
    }

    /// What stands in `text`, which is `escaped` if a string or a name in it is, and may have `braces`
    /// in its strings that are looked for.
    fn in_text(text: &str, braces: bool, escaped: bool) -> Escapes {
        // Made once: for short texts, making a searcher costs more than the search.
        static PRIVATE_KEY: LazyLock<memmem::Finder<'static>> =
            LazyLock::new(|| memmem::Finder::new(b"PRIVATE KEY"));
        let bytes = text.as_bytes();
        let has = |needle: &[u8]| memmem::find(bytes, needle).is_some();
        let mut escapes = Escapes {
            mustache: false,
            dollar: false,
            // To look for its rarest byte first takes a third of the time.
            private_key: memchr::memchr(b'Y', bytes).is_some() && PRIVATE_KEY.find(bytes).is_some(),
            surrogate: escaped && (has(b"\\ud") || has(b"\\uD")),
            numbered: escaped && has(b"\\u00"),
        };
        if braces {
            // Most of these brackets begin an object, and stand behind neither.
            for at in memchr::memchr_iter(b'{', bytes) {
                match bytes[..at].last() {
                    Some(b'{') => escapes.mustache = true,
                    Some(b'$') => escapes.dollar = true,
                    _ => {}
                }
            }
        }
        escapes
    }
}

fn string<'r>(value: Value<'r>, escapes: &Escapes, templated: bool, out: &mut Vec<Fault<'r>>) {
    let first = value.first_byte();
    if first.is_some_and(|first| begins_so(first, templated)) || escapes.any() {
        look_into(value, escapes, templated, out);
    }
}

/// Whether a string that begins with this byte begins like something that is looked for. Nearly
/// every string begins like none of it, in a record that holds none.
fn begins_so(first: u8, templated: bool) -> bool {
    match first {
        b'@' | b'S' | b'M' => true,
        b'<' | b'{' | b'[' => templated,
        _ => false,
    }
}

/// Whether a string that begins so may be what is looked for, in a record without escapes.
#[inline(never)]
fn is_odd(text: Value<'_>) -> bool {
    let raw = text.inner_raw();
    is_cut_off(raw) || is_pkcs12(raw) || raw.starts_with(['<', '{', '['])
}

fn look_into<'r>(value: Value<'r>, escapes: &Escapes, templated: bool, out: &mut Vec<Fault<'r>>) {
    let numbered = escapes.numbered && value.is_escaped();
    let decoded = match numbered {
        true => value.as_str().unwrap_or_default(),
        false => Cow::Borrowed(value.inner_raw()),
    };
    let raw = decoded.as_ref();
    let first = raw.as_bytes().first().copied().unwrap_or(0);
    if is_cut_off(raw) {
        out.push(fault(FaultKind::DepthTruncated, value.span(), ""));
    }
    if templated
        && (matches!(first, b'<' | b'{' | b'[') || escapes.mustache || escapes.dollar || numbered)
        && is_placeholder(raw)
    {
        out.push(fault(FaultKind::Placeholder, value.span(), ""));
    }
    let pem = (escapes.private_key || numbered)
        && raw.contains("-----BEGIN")
        && raw.contains("PRIVATE KEY-----");
    if pem || first == b'M' && is_pkcs12(raw) {
        out.push(fault(
            FaultKind::Secret(SecretForm::PrivateKey),
            value.span(),
            "",
        ));
    }
    if escapes.surrogate && value.has_lone_surrogate() {
        out.push(fault(FaultKind::LoneSurrogate, value.span(), ""));
    }
}

/// Whether a text is base64 of a PKCS#12 file, which carries a private key: a sequence that begins
/// with version 3 and a ContentInfo (RFC 7292, section 4), of definite or indefinite length.
fn is_pkcs12(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.starts_with(b"MIACAQMwg")
        || bytes.starts_with(b"MII") && bytes.get(6..12) == Some(b"IBAzCC".as_slice())
}

pub(super) fn fault<'r>(kind: FaultKind, span: Span, name: impl Into<Cow<'r, str>>) -> Fault<'r> {
    Fault {
        kind,
        span,
        other: None,
        name: name.into(),
        expected: Cow::Borrowed(""),
    }
}

/// Objects up to this many members are compared as they come; of a hostile one, sorted.
const FEW_MEMBERS: usize = 256;

fn duplicates<'r>(object: Value<'r>, marks: &mut Vec<u64>, faults: &mut Faults<'r>) {
    let count = object.len();
    if count < 2 {
        return;
    }
    marks.clear();
    if count > FEW_MEMBERS {
        marks.extend(object.members().map(|member| Mark::of(&member).summary()));
        marks.sort_unstable();
        if marks.windows(2).any(|pair| pair[0] == pair[1]) {
            settle(object, faults);
        }
        return;
    }
    // Known names are numbers already. Of others each sets one of 512 bits: a bit that is set
    // already is mostly chance, so then (and only then) the marks before are looked at; equal
    // marks are settled by the names themselves.
    let mut known = [0u64; Name::COUNT.div_ceil(64)];
    let mut seen = [0u64; 8];
    for member in object.members() {
        let name = Name::of(&member);
        if name != Name::Other {
            let (word, bit) = ((name as u16 >> 6) as usize, 1u64 << (name as u16 & 63));
            if known[word] & bit != 0 {
                return settle(object, faults);
            }
            known[word] |= bit;
            continue;
        }
        let mark = Mark::of(&member).summary();
        let (word, bit) = ((mark >> 61) as usize, 1u64 << (mark >> 55 & 63));
        if seen[word] & bit != 0 && marks.contains(&mark) {
            return settle(object, faults);
        }
        seen[word] |= bit;
        marks.push(mark);
    }
}

/// Compares names for good and records what stands twice.
fn settle<'r>(object: Value<'r>, faults: &mut Faults<'r>) {
    let mut members: Vec<(String, Member<'r>)> = object
        .members()
        .map(|member| (member.name().to_ascii_lowercase(), member))
        .collect();
    members.sort_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| a.1.key.index().cmp(&b.1.key.index()))
    });
    for group in members.chunk_by(|a, b| a.0 == b.0) {
        if group.len() < 2 {
            continue;
        }
        let first = &group[0].1;
        let (_, last) = &group[group.len() - 1];
        let equal = group
            .iter()
            .all(|(_, member)| member.value.raw() == first.value.raw());
        faults.list.push(Fault {
            kind: FaultKind::DuplicateKey {
                equal_values: equal,
            },
            span: last.key.span(),
            other: Some(first.key.span()),
            name: last.name(),
            expected: Cow::Borrowed(""),
        });
        let index = |entry: &(String, Member<'r>)| entry.1.key.index();
        faults.all_but_first.extend(group[1..].iter().map(index));
        faults
            .all_but_last
            .extend(group[..group.len() - 1].iter().map(index));
    }
    faults.all_but_first.sort_unstable();
    faults.all_but_last.sort_unstable();
}

fn shapes<'r>(object: Value<'r>, (kind, schema): (ObjectKind, Schema), out: &mut Vec<Fault<'r>>) {
    for mismatch in schema.mismatches(object) {
        let text = mismatch.text.as_deref().unwrap_or("");
        // Both are reported as what they are, by the pass over all strings.
        if is_cut_off(text) || is_placeholder(text) {
            continue;
        }
        // Lists of permissions have a rule of their own that says more.
        if matches!(
            mismatch.name.as_str(),
            "requiredResourceAccess" | "resourceAccess"
        ) || kind == ObjectKind::RequiredResourceAccess && mismatch.name.is_empty()
        {
            continue;
        }
        let expects = |name: &str| mismatch.expected.contains(&name);
        let clear = match mismatch.found {
            Kind::String => {
                expects("array")
                    || expects("boolean")
                        && (text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"))
                    || (expects("integer") || expects("number")) && text.parse::<i64>().is_ok()
            }
            Kind::Object => expects("array"),
            _ => false,
        };
        out.push(Fault {
            kind: FaultKind::ShapeMismatch { clear },
            span: mismatch.span,
            other: None,
            name: Cow::Owned(mismatch.name),
            expected: Cow::Owned(mismatch.expected.join(" or ")),
        });
    }
}

/// The schema that an object of a kind has to match.
fn schema_of(object: Value<'_>, kind: ObjectKind) -> Option<Schema> {
    Some(match kind {
        ObjectKind::Application if is_legacy(object) => Schema::ApplicationLegacy,
        ObjectKind::Application => Schema::Application,
        ObjectKind::RequiredResourceAccess => Schema::RequiredResourceAccess,
        ObjectKind::ServicePrincipal => Schema::ServicePrincipal,
        ObjectKind::DelegatedGrant => Schema::DelegatedGrant,
        ObjectKind::AppRoleAssignment => Schema::AppRoleAssignment,
        ObjectKind::FederatedCredential => Schema::FederatedCredential,
        ObjectKind::CredentialList => Schema::Credential,
        ObjectKind::DirectoryObject => Schema::DirectoryObject,
        ObjectKind::RoleAssignment | ObjectKind::RoleSchedule => Schema::RoleAssignment,
        ObjectKind::RoleDefinition => Schema::RoleDefinition,
        ObjectKind::DenyAssignment => Schema::DenyAssignment,
        ObjectKind::DirectoryRoleAssignment => Schema::DirectoryRoleAssignment,
        ObjectKind::DigitalTwinsInstance => Schema::DigitalTwinsInstance,
        ObjectKind::SignInActivity => Schema::SignInActivity,
        ObjectKind::ManagementGroup => Schema::ManagementGroup,
        ObjectKind::AuthorizationPolicy => Schema::AuthorizationPolicy,
        ObjectKind::ConsentPolicy => Schema::ConsentPolicy,
        ObjectKind::AppManagementPolicy => Schema::AppManagementPolicy,
        ObjectKind::ArmTemplate
        | ObjectKind::TerraformPlan
        | ObjectKind::TerraformState
        | ObjectKind::SecretFile
        | ObjectKind::ErrorBody => return None,
    })
}

/// Which of the two schemas of applications to use: the containers of Microsoft Graph decide, and
/// `publicClient` by its type, since it has opposite ones.
fn is_legacy(object: Value<'_>) -> bool {
    let mut old = false;
    for member in object.members() {
        match Name::of(&member) {
            Name::Web | Name::Spa | Name::Api | Name::IsFallbackPublicClient => return false,
            Name::PublicClient => match member.value.kind() {
                Kind::Object => return false,
                Kind::True | Kind::False => old = true,
                _ => {}
            },
            Name::ReplyUrlsWithType
            | Name::AllowPublicClient
            | Name::AccessTokenAcceptedVersion
            | Name::AvailableToOtherTenants
            | Name::ReplyUrls
            | Name::Oauth2AllowImplicitFlow
            | Name::Oauth2Permissions
            | Name::SignInUrl => old = true,
            _ => {}
        }
    }
    old
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_tell_what_their_strings_can_hold() {
        let of = |text: &str, templated, escaped| {
            let Escapes {
                mustache,
                dollar,
                private_key,
                surrogate,
                numbered,
            } = Escapes::in_text(text, templated, escaped);
            [mustache, dollar, private_key, surrogate, numbered]
        };
        for (text, told) in [
            (r#"{"a": {"b": "{c} $d YES"}}"#, [false; 5]),
            (
                r#"{"a": "api://{{id}}"}"#,
                [true, false, false, false, false],
            ),
            (
                r#"{"a": "api://${id}"}"#,
                [false, true, false, false, false],
            ),
            (
                r#"{"a": "api://${{id}}"}"#,
                [true, true, false, false, false],
            ),
            (
                r#"{"a": "Y PRIVATE KEY"}"#,
                [false, false, true, false, false],
            ),
            (r#"{"a": "\ud800"}"#, [false, false, false, true, false]),
            (r#"{"a": "\u003c"}"#, [false, false, false, false, true]),
        ] {
            assert_eq!(of(text, true, true), told, "{text}");
            let [_, _, private_key, surrogate, numbered] = told;
            let plain = [false, false, private_key, surrogate, numbered];
            assert_eq!(of(text, false, true), plain, "{text}");
            let unescaped = [told[0], told[1], private_key, false, false];
            assert_eq!(of(text, true, false), unescaped, "{text}");
        }
    }
}
