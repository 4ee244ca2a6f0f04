//! The rules of the group `digital_twins`.
