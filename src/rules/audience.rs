//! The rules of the group `audience`.
