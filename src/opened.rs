//! An object as it was read, wherever it stands: in a document of its own, or in a template.

use crate::infrastructure::Coded;
use crate::kinds::Object;
use crate::model::{Field, Guid, ObjectKind, Span, Str};
use crate::rules::Subject;

/// An object of a record, with what is known of where it stands.
#[derive(Copy, Clone)]
pub struct Opened<'o> {
    pub object: &'o Object<'o>,
    pub kind: ObjectKind,
    /// The resource it was written for, when a template, plan or state describes it.
    pub code: Option<Coded<'o>>,
}

impl<'o> Opened<'o> {
    /// An object that the record itself holds.
    pub fn plain(object: &'o Object<'o>, kind: ObjectKind) -> Opened<'o> {
        Opened {
            object,
            kind,
            code: None,
        }
    }

    /// What a resource of a template, plan or state describes.
    pub fn coded(object: &'o Object<'o>, code: Coded<'o>) -> Opened<'o> {
        Opened {
            object,
            kind: code.kind(),
            code: Some(code),
        }
    }

    /// Where it begins in the text that its record was read from: no other object begins there.
    pub fn start(&self) -> u32 {
        self.code
            .map_or(self.object.span(), |code| code.block())
            .start
    }

    /// The bytes of the record that a place of the object stands for.
    pub fn place(&self, span: Span) -> Span {
        self.code.map_or(span, |code| code.origin(span))
    }

    /// Whom a finding about it is about. What a template describes is called by its address.
    pub fn subject(&self) -> Subject {
        let mut subject = subject_of(self.object, self.kind);
        if let Some(code) = self.code {
            code.name(&mut subject);
        }
        subject
    }
}

/// An object as the subject of a finding.
fn subject_of(object: &Object<'_>, kind: ObjectKind) -> Subject {
    let text = |field: &Field<Str<'_>>| {
        let text = field.value()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let lower = |field: &Field<Str<'_>>| text(field).map(|text| text.to_lowercase());
    // Of an Azure resource id the last part tells one assignment or definition from another.
    let last = |field: &Field<Str<'_>>| {
        let text = lower(field)?;
        Some(text.rsplit('/').next().unwrap_or(&text).to_owned())
    };
    let (id, app_id, name) = match object {
        Object::Application(o) => (lower(&o.id), lower(&o.app_id), text(&o.display_name)),
        Object::ServicePrincipal(o) => (
            lower(&o.id),
            lower(&o.app_id),
            text(&o.display_name).or(text(&o.app_display_name)),
        ),
        Object::DelegatedGrant(o) => (text(&o.id), None, None),
        Object::AppRoleAssignment(o) => (text(&o.id), None, text(&o.principal_name)),
        Object::FederatedCredential(o) => (lower(&o.id), None, text(&o.name)),
        Object::RoleAssignment(o) => (last(&o.id), None, text(&o.role_name)),
        Object::RoleDefinition(o) => (o.guid().map(|id: Guid| id.to_string()), None, text(&o.name)),
        Object::DenyAssignment(o) => (last(&o.id), None, text(&o.name)),
        Object::Instance(o) => (lower(&o.id), None, text(&o.name)),
        Object::DirectoryObject(o) => (
            lower(&o.id),
            None,
            text(&o.display_name).or(text(&o.user_principal_name)),
        ),
        Object::DirectoryRoleAssignment(o) => (text(&o.id), None, None),
        Object::SignInActivity(o) => (text(&o.id), lower(&o.app_id), None),
        Object::ManagementGroup(o) => (lower(&o.id), None, text(&o.name)),
        Object::AuthorizationPolicy(o) => (text(&o.id), None, None),
        Object::ConsentPolicy(o) => (text(&o.id), None, None),
        Object::AppManagementPolicy(o) => (text(&o.id), None, text(&o.name)),
        Object::Credential(_) | Object::RequiredAccess(_) | Object::Other(_) => (None, None, None),
    };
    Subject {
        kind,
        id,
        app_id,
        name,
    }
}
