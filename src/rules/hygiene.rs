//! The rules of the group `hygiene`.
