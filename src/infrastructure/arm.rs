//! ARM templates.
use super::{Language, Lowering};
use crate::json::Value;
pub fn template(_root: Value<'_>, out: &mut Lowering) {
    out.written_in(Language::Arm);
}
