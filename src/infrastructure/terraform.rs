//! Terraform.
use super::{Language, Lowering};
use crate::json::Value;
pub fn plan(_root: Value<'_>, out: &mut Lowering) {
    out.written_in(Language::Terraform);
}
pub fn state(_root: Value<'_>, out: &mut Lowering) {
    out.written_in(Language::Terraform);
}
