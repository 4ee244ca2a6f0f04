//! entralint: an offline linter for exported Microsoft Entra app registrations.
//!
//! The way of the data, one direction: paths → `input` (walk, decode, split) → `json` (record
//! to tree) → `kinds` (tree to model) → `rules` over the `model` → `engine` (joins, order) →
//! `report`. A large export is a list of records; each is read, judged and dropped before the next
//! one needs memory. What joins need across records goes into `tenant`, an index of ids.
#![warn(
    clippy::exit,
    clippy::expect_used,
    clippy::get_unwrap,
    clippy::iter_over_hash_type,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used
)]
// Files, the clock, the environment and the terminal have few homes (clippy.toml).
#![cfg_attr(not(test), warn(clippy::disallowed_methods, clippy::disallowed_macros))]

pub mod access;
pub mod baseline;
pub mod catalog;
pub mod changes;
pub mod cli;
pub mod clock;
pub mod collect;
pub mod commands;
pub mod config;
pub mod costs;
mod digest;
pub mod engine;
pub mod failure;
pub mod fix;
mod guard;
pub mod infrastructure;
pub mod init;
pub mod input;
pub mod inventory;
pub mod json;
pub mod judge;
pub mod kinds;
pub mod manual;
pub mod model;
pub mod nearest;
pub mod opened;
pub mod report;
pub mod rules;
pub mod settings;
pub mod tenant;
