//! Builds the benchmark corpus from a seed.
//!
//! Real exports are confidential, and speed can only be compared on input that everybody can make
//! again. This program invents a tenant and prints it as the tools of the trade would: keys sorted,
//! nulls and empty lists kept, some 4.5 KB for an application and 1.2 KB for a role assignment.
//!
//! ```text
//! cargo run --release --example corpus -- KIND --count N --seed S --out PATH [--faults PERCENT]
//! ```
//!
//! | KIND               | PATH becomes                                                            |
//! |--------------------|-------------------------------------------------------------------------|
//! | `apps-array`       | what `az ad app list --all` prints: one array, two blanks               |
//! | `apps-minified`    | the same array on one line                                              |
//! | `apps-ndjson`      | one application a line                                                  |
//! | `apps-page`        | a Microsoft Graph page, `{"@odata.context": …, "value": […]}`           |
//! | `apps-tree`        | a folder as EntraExporter leaves it, one application a file:            |
//! |                    | `Applications/<object id>/<object id>.json`, half of them indented by   |
//! |                    | two blanks and half by four                                             |
//! | `role-assignments` | what `az role assignment list --all` of Azure CLI 2.60 prints           |
//! | `tenant`           | a folder as `entralint collect` leaves it: N applications, their        |
//! |                    | service principals, consent, app roles and role assignments (ten for    |
//! |                    | each application; `--assignments` says otherwise), and an instance of   |
//! |                    | Azure Digital Twins for every five hundred                              |
//!
//! The same seed and count give the same world in every layout, and everything about an application
//! follows from the seed and its number alone: a larger count only adds to a smaller one, and
//! `role-assignments` speaks of the applications of the same seed (`principalName` is the appId;
//! about one application for every eleven rows).
//!
//! In such a tree, and in any list, a profile applies only to applications that show intent; most of
//! this tenant has nothing to do with Azure Digital Twins.
//!
//! The world is made to be clean: judged on 2026-06-01, `--now 2026-06-01`, only rules for auditors
//! should have anything to say about it. `--faults` (default 1, whole percent) gives that share of
//! the applications one to four mistakes each, drawn from [`Fault`]; one mistake may break more than
//! one rule, and the applications at fault under a small share are at fault in the same way under a
//! larger one. In a tenant the same share has a [`Gap`](gap::Gap) between its documents, too.
//! Role assignments by themselves carry no faults.

mod application;
mod assignment;
mod chance;
mod gap;
mod grant;
mod instance;
mod json;
mod layouts;
mod principal;
mod printing;
mod tables;
mod tenant;

use std::error::Error;
use std::path::PathBuf;

use chance::World;
use layouts::{Frame, tree};
use tenant::tenant;

fn main() -> Result<(), Box<dyn Error>> {
    write(std::env::args().skip(1))
}

/// Writes what these words ask for; `benches/` calls it too.
pub fn write(words: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let order = Order::parse(words)?;
    let world = World {
        seed: order.seed,
        faults: order.faults,
    };
    match order.kind.as_str() {
        "apps-array" => Frame::ARRAY.applications(&world, &order),
        "apps-minified" => Frame::new("[", ",", "]\n", 0, 0).applications(&world, &order),
        "apps-ndjson" => Frame::new("", "\n", "\n", 0, 0).applications(&world, &order),
        "apps-page" => Frame::PAGE.applications(&world, &order),
        "apps-tree" => tree(&world, &order),
        "tenant" => tenant(&world, &order),
        "role-assignments" => Frame::ARRAY.assignments(&world, &order),
        other => return Err(format!("no such kind: {other}; {USAGE}").into()),
    }
    .map_err(|cause| format!("{}: {cause}", order.out.display()).into())
}

const USAGE: &str = "usage: corpus \
     apps-array|apps-minified|apps-ndjson|apps-page|apps-tree|role-assignments|tenant \
     --count N --seed S --out PATH [--faults PERCENT] [--assignments PER-APPLICATION]";

/// What was typed.
struct Order {
    kind: String,
    count: u64,
    seed: u64,
    out: PathBuf,
    faults: u64,
    /// Role assignments for each application of a tenant.
    assignments: Option<u64>,
}

impl Order {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Order, String> {
        let kind = words.next().ok_or(USAGE)?;
        let (mut count, mut seed, mut out) = (None, None, None);
        let (mut faults, mut assignments) = (None, None);
        while let Some(word) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("{word} without a value; {USAGE}"))?;
            let number = || {
                value
                    .parse::<u64>()
                    .map_err(|cause| format!("{word} {value}: {cause}"))
            };
            match word.as_str() {
                "--count" => count = Some(number()?),
                "--seed" => seed = Some(number()?),
                "--faults" => faults = Some(number()?),
                "--assignments" if kind == "tenant" => assignments = Some(number()?),
                "--out" => out = Some(PathBuf::from(&value)),
                _ => return Err(format!("no such option: {word}; {USAGE}")),
            }
        }
        match (count, seed, out, faults) {
            (Some(0), ..) => Err("--count 0: nothing to write".into()),
            (.., Some(101..)) => Err("--faults is a percentage".into()),
            (.., Some(1..)) if kind == "role-assignments" => {
                Err("role assignments carry no faults".into())
            }
            (Some(count), Some(seed), Some(out), faults) => Ok(Order {
                kind,
                count,
                seed,
                out,
                faults: faults.unwrap_or(1),
                assignments,
            }),
            _ => Err(USAGE.into()),
        }
    }
}
