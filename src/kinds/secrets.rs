//! Live secrets in documents, by the names they stand under. Their values are looked at only to see
//! that there is something.

use std::borrow::Cow;
use std::collections::HashSet;

use super::document::fault;
use crate::json::{Kind, Name, Value};
use crate::model::{Fault, FaultKind, Guid, ObjectKind, SecretForm, is_placeholder};

/// Live secrets of a record of this kind.
pub fn find<'r>(object: Value<'r>, kind: Option<ObjectKind>, out: &mut Vec<Fault<'r>>) {
    match kind {
        Some(ObjectKind::SecretFile) => {
            for name in ["password", "clientSecret"] {
                if let Some(value) = object.get(name)
                    && is_secret(value)
                {
                    let app = object.get("appId").or(object.get("clientId"));
                    let app = app.and_then(|id| Guid::parse_strict(&id.as_str()?));
                    let app = app.map_or(String::new(), |id| id.to_string());
                    out.push(fault(
                        FaultKind::Secret(SecretForm::CliOutput),
                        value.span(),
                        app,
                    ));
                }
            }
        }
        Some(ObjectKind::Application | ObjectKind::ServicePrincipal) => {
            for member in object.members() {
                if Name::of(&member) != Name::PasswordCredentials {
                    continue;
                }
                let entries: Vec<Value<'r>> = if member.value.is_object() {
                    vec![member.value]
                } else {
                    member.value.elements().collect()
                };
                for entry in entries {
                    password_credential(entry, out);
                }
            }
        }
        Some(ObjectKind::CredentialList) => password_credential(object, out),
        Some(ObjectKind::TerraformPlan | ObjectKind::TerraformState) => terraform(object, out),
        Some(ObjectKind::ArmTemplate) => secure_parameters(object, out),
        _ => {}
    }
}

fn password_credential<'r>(entry: Value<'r>, out: &mut Vec<Fault<'r>>) {
    for member in entry.members() {
        for name in ["secretText", "value"] {
            if member.is_named(name) && is_secret(member.value) {
                let key = entry.get("keyId").and_then(|id| id.as_str());
                let key = key.and_then(|id| Guid::parse_strict(&id));
                let mut secret = fault(
                    FaultKind::Secret(SecretForm::PasswordCredential),
                    member.value.span(),
                    "",
                );
                secret.expected = key.map_or(Cow::Borrowed(""), |id| Cow::Owned(id.to_string()));
                out.push(secret);
            }
        }
    }
}

/// Secrets that Terraform keeps: of credentials that it made (Terraform Registry, azuread, their
/// attribute `value`), and outputs that are marked as sensitive.
fn terraform<'r>(root: Value<'r>, out: &mut Vec<Fault<'r>>) {
    // A plan shows one value up to four times: before, after, planned, and in the prior state.
    let mut seen = HashSet::new();
    let mut found = |value: Value<'r>, holder: Value<'r>, out: &mut Vec<Fault<'r>>| {
        if value.kind() == Kind::String && is_secret(value) && seen.insert(value.raw()) {
            let key = holder.get("key_id").and_then(|id| id.as_str());
            let key = key.and_then(|id| Guid::parse_strict(&id));
            let mut secret = fault(FaultKind::Secret(SecretForm::Terraform), value.span(), "");
            secret.expected = key.map_or(Cow::Borrowed(""), |id| Cow::Owned(id.to_string()));
            out.push(secret);
        }
    };
    for object in root.descendants().filter(|value| value.is_object()) {
        let kind = object.get("type").and_then(|kind| kind.as_str());
        let password = match kind.as_deref() {
            Some("azuread_application_password" | "azuread_service_principal_password") => true,
            Some("azuread_application") => false,
            _ => {
                let sensitive = object.get("sensitive").and_then(|s| s.as_bool());
                if let (Some(true), Some(value)) = (sensitive, object.get("value")) {
                    found(value, object, out);
                }
                continue;
            }
        };
        let change = object.get("change");
        let change = ["after", "before"].map(|name| change.and_then(|change| change.get(name)));
        let instances = object.get("instances");
        let instances = instances.iter().flat_map(|instances| instances.elements());
        let holders = [object.get("values")]
            .into_iter()
            .chain(change)
            .flatten()
            .chain(instances.filter_map(|instance| instance.get("attributes")));
        for holder in holders {
            if password {
                if let Some(value) = holder.get("value") {
                    found(value, holder, out);
                }
                continue;
            }
            for block in holder.get("password").iter().flat_map(|b| b.elements()) {
                if let Some(value) = block.get("value") {
                    found(value, block, out);
                }
            }
        }
    }
}

/// Secure parameters of a template with a default that is no expression: whoever may read the
/// template, or the deployment's history, has it.
fn secure_parameters<'r>(root: Value<'r>, out: &mut Vec<Fault<'r>>) {
    for parameter in root.descendants().filter(|value| value.is_object()) {
        let kind = parameter.get("type").and_then(|kind| kind.as_str());
        let secure = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("securestring"));
        if secure
            && let Some(value) = parameter.get("defaultValue")
            && value.kind() == Kind::String
            && !value.as_str().is_some_and(|text| text.starts_with('['))
            && is_secret(value)
        {
            let form = FaultKind::Secret(SecretForm::SecureParameter);
            out.push(fault(form, value.span(), ""));
        }
    }
}

/// Whether a value is there, and is neither a placeholder nor blanked out.
fn is_secret(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Null | Kind::True | Kind::False => false,
        Kind::String => value
            .as_str()
            .is_some_and(|text| !text.is_empty() && !is_placeholder(&text) && !is_masked(&text)),
        Kind::Array | Kind::Object => !value.is_empty(),
        _ => true,
    }
}

/// A value that was blanked out before the file was shared: `***`, `REDACTED`, `<hidden>`.
fn is_masked(text: &str) -> bool {
    let core = text
        .trim()
        .trim_matches(['*', 'x', 'X', '.', '-', '_', '•', '…']);
    core.is_empty()
        || [
            "redacted",
            "hidden",
            "removed",
            "masked",
            "secret",
            "sanitized",
        ]
        .iter()
        .any(|word| {
            core.trim_matches(['[', ']', '(', ')'])
                .eq_ignore_ascii_case(word)
        })
}
