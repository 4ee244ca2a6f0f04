//! Lists of required permissions: a property of every generation of applications, and a file of
//! its own for `az ad app create --required-resource-accesses`.

use super::fields::{Reading, is_cut_off, text};
use crate::infrastructure::is_unknown;
use crate::json::{Kind, Name, Value};
use crate::model::{
    Field, Guid, Malformed, Permission, PermissionKind, RequiredAccess, RequiredResource, Spanned,
    Str, is_placeholder,
};

/// Reads a bare file: a list, or the one unwrapped entry that `az` takes for a whole manifest.
pub fn required_access<'r>(root: Value<'r>, reading: &Reading<'_>) -> RequiredAccess<'r> {
    if root.is_object() {
        let mut access = RequiredAccess {
            list: Field::Value(Spanned::new((), root.span())),
            unwrapped: Some(root.span()),
            ..RequiredAccess::default()
        };
        let entry = resource(root, reading, &mut access.malformed);
        access.resources.push(entry);
        return access;
    }
    list(root, reading)
}

/// Reads the value of `requiredResourceAccess`.
pub fn list<'r>(value: Value<'r>, reading: &Reading<'_>) -> RequiredAccess<'r> {
    let mut access = RequiredAccess::default();
    let span = value.span();
    access.list = match value.kind() {
        Kind::Null => Field::Null(span),
        Kind::Array if is_unknown(value) => Field::Unknown(span),
        Kind::Array => {
            access.resources = Vec::with_capacity(value.len());
            let mut known = true;
            for element in value.elements() {
                if element.is_object() {
                    let entry = resource(element, reading, &mut access.malformed);
                    access.resources.push(entry);
                } else {
                    known = false;
                    not_an_entry(element, &mut access.malformed);
                }
            }
            if known {
                Field::Value(Spanned::new((), span))
            } else {
                Field::Unknown(span)
            }
        }
        Kind::Object if value.is_empty() => Field::Value(Spanned::new((), span)),
        Kind::Object => {
            access
                .malformed
                .push(Spanned::new(Malformed::ObjectForList, span));
            let entry = resource(value, reading, &mut access.malformed);
            access.resources.push(entry);
            Field::Value(Spanned::new((), span))
        }
        _ => {
            not_an_entry(value, &mut access.malformed);
            Field::Unknown(span)
        }
    };
    access
}

fn not_an_entry(value: Value<'_>, malformed: &mut Vec<Spanned<Malformed>>) {
    if is_unknown(value) {
        return;
    }
    // What PowerShell cut off and what a template leaves open is reported as that.
    let told = |text: &str| is_cut_off(text) || is_placeholder(text);
    if !value.as_str().is_some_and(|text| told(&text)) {
        malformed.push(Spanned::new(Malformed::NotAnEntry, value.span()));
    }
}

fn resource<'r>(
    object: Value<'r>,
    reading: &Reading<'_>,
    malformed: &mut Vec<Spanned<Malformed>>,
) -> RequiredResource<'r> {
    let mut resource = RequiredResource {
        span: object.span(),
        app_id: Field::Absent,
        guid: None,
        list: Field::Absent,
        permissions: Vec::new(),
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::ResourceAppId => {
                resource.app_id = text(value);
                resource.guid = named(&resource.app_id);
            }
            Name::ResourceAccess => {
                resource.permissions.reserve(value.len());
                resource.list = permissions(value, reading, &mut resource.permissions, malformed);
            }
            _ => {}
        }
    }
    resource
}

fn permissions<'r>(
    value: Value<'r>,
    reading: &Reading<'_>,
    out: &mut Vec<Permission<'r>>,
    malformed: &mut Vec<Spanned<Malformed>>,
) -> Field<()> {
    let span = value.span();
    match value.kind() {
        Kind::Null => Field::Null(span),
        Kind::Array if is_unknown(value) => Field::Unknown(span),
        Kind::Array => {
            let mut known = true;
            for element in value.elements() {
                if element.is_object() {
                    out.push(permission(element, reading));
                } else {
                    known = false;
                    not_an_entry(element, malformed);
                }
            }
            if known {
                Field::Value(Spanned::new((), span))
            } else {
                Field::Unknown(span)
            }
        }
        Kind::Object if value.is_empty() => Field::Value(Spanned::new((), span)),
        Kind::Object => {
            malformed.push(Spanned::new(Malformed::ObjectForList, span));
            out.push(permission(value, reading));
            Field::Value(Spanned::new((), span))
        }
        _ => {
            not_an_entry(value, malformed);
            Field::Unknown(span)
        }
    }
}

fn permission<'r>(object: Value<'r>, reading: &Reading<'_>) -> Permission<'r> {
    let mut permission = Permission {
        span: object.span(),
        id: Field::Absent,
        guid: None,
        kind: Field::Absent,
        known_kind: None,
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => {
                permission.id = text(value);
                permission.guid = named(&permission.id);
            }
            Name::Type => {
                permission.kind = text(value);
                let word = permission.kind.value();
                permission.known_kind = word.and_then(|word| PermissionKind::parse(word));
            }
            _ => {}
        }
    }
    permission
}

fn named(field: &Field<Str<'_>>) -> Option<Guid> {
    Guid::parse_loose(field.value()?)
}
