//! entralint: an offline linter for exported Microsoft Entra app registrations.
#![forbid(unsafe_code)]

pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod failure;
pub mod json;
pub mod judge;
pub mod kinds;
pub mod model;
pub mod nearest;
pub mod report;
pub mod rules;
pub mod settings;
pub mod tenant;
