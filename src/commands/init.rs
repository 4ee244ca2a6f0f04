//! `entralint init`: reads a folder and writes a configuration for it.
#![expect(
    clippy::disallowed_methods,
    reason = "writes the configuration, which is no report"
)]

use std::fs::{self, OpenOptions};
use std::io::Write;

use super::{clean, print, say};
use crate::access::shows_intent;
use crate::cli::{CheckArgs, Cli, Command, InitArgs};
use crate::config::{FILE_NAME, absolute};
use crate::engine::{self, Progress, Run};
use crate::failure::{EXIT_FAILURE, Failure};
use crate::init::{Found, FoundApp};
use crate::model::Guid;
use crate::report::safe;
use crate::rules::{Flow, Profile};
use crate::settings::{Settings, Surroundings};
use crate::tenant::ApplicationRow;

/// Writes `entralint.toml` into a folder that has none.
pub fn init(args: &InitArgs, around: &Surroundings) -> Result<u8, Failure> {
    let folder = absolute(&around.folder, &args.folder);
    let path = args.folder.join(FILE_NAME);
    let target = folder.join(FILE_NAME);
    let shown = path
        .strip_prefix(".")
        .unwrap_or(&path)
        .display()
        .to_string();
    if fs::symlink_metadata(&target).is_ok() {
        return Err(Failure::ConfigExists(shown));
    }
    let found = look(args, around)?;
    // Never over one that somebody else has written in the meantime.
    let mut options = OpenOptions::new();
    let mut file = match options.write(true).create_new(true).open(&target) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Failure::ConfigExists(shown));
        }
        other => other.map_err(|error| Failure::ConfigWrite(shown.clone(), error))?,
    };
    let written = file
        .write_all(found.0.configuration().as_bytes())
        .and_then(|()| file.sync_all());
    if let Err(error) = written {
        // Half a configuration is worse than none.
        let _ = fs::remove_file(&target);
        return Err(Failure::ConfigWrite(shown, error));
    }
    print(&summary(&found.0, &shown))?;
    Ok(if found.1 { EXIT_FAILURE } else { 0 })
}

/// What the folder holds, and whether something of it could not be read.
fn look(args: &InitArgs, around: &Surroundings) -> Result<(Found, bool), Failure> {
    let mut settings = Settings::load(&check_args(args)?, around)?;
    settings.verbosity.quiet = true;
    let run = engine::run(&settings, &Progress::default());
    for trouble in run.troubles() {
        say(&format!("error: {}", clean(trouble)));
    }
    Ok((found(&run), run.incomplete))
}

/// As if `check` were asked for the folder, with no configuration.
fn check_args(args: &InitArgs) -> Result<CheckArgs, Failure> {
    let words = ["entralint", "check", "--no-config", "--"].map(Into::into);
    let words = words
        .into_iter()
        .chain([args.folder.clone().into_os_string()]);
    match Cli::read(words, &clean).map(|cli| cli.command) {
        Ok(Command::Check(check)) => Ok(*check),
        _ => Err(Failure::Internal("init cannot ask for check".to_owned())),
    }
}

fn found(run: &Run<'_>) -> Found {
    let tenant = run.tenant();
    let profile = Profile::azure_digital_twins();
    let is_for_twins = |app: &&ApplicationRow| {
        let asks = tenant
            .requested(app)
            .any(|request| request.resource == profile.resource);
        app.app_id != Guid::NIL && !app.deleted && (asks || shows_intent(tenant, &profile, app))
    };
    let applications = &tenant.rows.applications;
    let mut twins: Vec<FoundApp> = applications
        .iter()
        .filter(is_for_twins)
        .map(|app| {
            let named = run.subject(app.at).and_then(|subject| subject.name);
            let name = named.unwrap_or_else(|| app.app_id.to_string());
            FoundApp {
                app_id: app.app_id,
                name: safe::line(&name).into_owned(),
                flows: flows(app),
            }
        })
        .collect();
    twins.sort_by(|left, right| (&left.name, left.app_id).cmp(&(&right.name, right.app_id)));
    twins.dedup_by_key(|app| app.app_id);
    let rows = &tenant.rows.instances;
    // An id that has to be changed to be shown is none.
    let ids = rows.iter().map(|row| row.id.to_string());
    let mut instances: Vec<String> = ids
        .filter(|id| !id.trim().is_empty() && safe::line(id) == id.as_str())
        .collect();
    instances.sort();
    instances.dedup();
    let mut owners = rows
        .iter()
        .map(|row| row.tenant)
        .filter(|id| *id != Guid::NIL);
    let owner = owners
        .next()
        .filter(|first| owners.all(|other| other == *first));
    Found {
        applications: applications.len(),
        twins,
        instances,
        tenant: owner.or(tenant.home_tenant()),
    }
}

/// The flows that a registration is made for. It is not certain which of them is used, so each
/// comes with what speaks for it.
fn flows(app: &ApplicationRow) -> Vec<(Flow, &'static str)> {
    let (platforms, held) = (app.platforms, app.held);
    let mut flows = Vec::new();
    if platforms.localhost.is_yes() {
        flows.push((Flow::Interactive, "has http://localhost as a redirect"));
    }
    let proves = held.any_secret || held.any_certificate || held.federated.is_yes();
    if platforms.web.is_yes() && proves {
        flows.push((Flow::Web, "has a web redirect and a credential"));
    }
    if platforms.spa.is_yes() {
        flows.push((Flow::Spa, "has a redirect of a single-page application"));
    }
    if app.public_client_flow.is_yes() && platforms.public.is_no() {
        flows.push((
            Flow::DeviceCode,
            "allows public client flows without any redirect",
        ));
    }
    if platforms.web.is_no() {
        // A web application proves who it is with them; nobody else does but to be itself.
        if held.any_secret {
            flows.push((Flow::AppOnlySecret, "has a secret and no web redirect"));
        }
        if held.any_certificate {
            let why = "has a certificate and no web redirect";
            flows.push((Flow::AppOnlyCertificate, why));
        }
        if held.federated.is_yes() {
            flows.push((Flow::AppOnlyFederated, "has a federated credential"));
        }
    }
    flows
}

/// What was written, in a line, and what to do next.
fn summary(found: &Found, path: &str) -> String {
    let count = |n: usize, one: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    };
    let mut parts = vec![format!("profile {}", found.profile())];
    if !found.twins.is_empty() {
        parts.push(count(found.twins.len(), "application"));
    }
    if !found.instances.is_empty() {
        parts.push(count(found.instances.len(), "instance"));
    }
    let flows: Vec<&str> = found.flows().into_iter().map(Flow::name).collect();
    if !flows.is_empty() {
        parts.push(format!("flows {}", flows.join(", ")));
    }
    format!(
        "wrote {}: {}\nread it, then run `entralint check`\n",
        clean(path),
        parts.join("; ")
    )
}
