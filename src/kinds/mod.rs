//! From JSON to the model: what a record is, and what it says.
//!
//! `unwrap` takes wrappers off, `recognise` tells the kinds apart, one file per family builds the
//! model. After this module nobody sees JSON.

pub mod application;
pub mod document;
pub mod fields;
pub mod names;
pub mod recognise;
pub mod required_access;
pub mod unwrap;

use crate::json::Value;
use crate::model::{Application, ObjectKind, RequiredAccess};

pub use document::{faults, next_page};
pub use fields::Reading;
pub use recognise::{Unrecognised, recognise};
pub use unwrap::unwrap;

/// One object of a record, as the rules see it.
pub enum Object<'r> {
    Application(Box<Application<'r>>),
    RequiredAccess(Box<RequiredAccess<'r>>),
    /// Recognised, but no rule reads it yet.
    Other,
}

/// Builds the model of an object that was recognised as `kind`.
pub fn build<'r>(kind: ObjectKind, value: Value<'r>, reading: &Reading<'_>) -> Object<'r> {
    match kind {
        ObjectKind::Application => {
            Object::Application(Box::new(application::application(value, reading)))
        }
        ObjectKind::RequiredResourceAccess => {
            Object::RequiredAccess(Box::new(required_access::required_access(value, reading)))
        }
        _ => Object::Other,
    }
}
