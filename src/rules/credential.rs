//! The rules of the group `credential`.
