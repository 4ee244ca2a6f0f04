//! entralint: an offline linter for exported Microsoft Entra app registrations.
#![forbid(unsafe_code)]

pub mod catalog;
pub mod engine;
pub mod input;
pub mod json;
pub mod judge;
pub mod kinds;
pub mod model;
pub mod report;
pub mod rules;
pub mod tenant;
