//! The rules of the group `redirect`.
