//! The rules of the group `document`.
