//! The rules of the group `permission`.
