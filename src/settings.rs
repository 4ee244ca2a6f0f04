//! What was typed and what the configuration says, become what a run does.
//!
//! The command line outranks the configuration, and that the defaults. Everything that can be
//! wrong is wrong here, before the first input is opened.

pub mod exclude;
pub mod policy;
pub mod terminal;

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use exclude::Exclude;
pub use policy::{Policy, Wishes, groups, rule_to_explain};
pub use terminal::{Environment, Stream, Terminal, When};

use crate::baseline::Baseline;
use crate::cli::{AccessArgs, CheckArgs, DiffArgs};
use crate::clock;
use crate::config::{self, AdminConsent, Config, FailOn, ProfileName, Suppress, Usage};
use crate::costs::Costs;
use crate::failure::Failure;
use crate::input::{Drafts, LONGEST_RECORD};
use crate::judge::Scope;
use crate::model::{Guid, Instant};
use crate::report::{Format, Output, safe, target};
use crate::rules::{Persona, RuleSettings, Severity, Tally, Want};

/// Inputs larger than this are not read, unless `--max-input-size` says otherwise.
pub const MAX_INPUT_SIZE: u64 = 8 << 30;

/// More workers than this only wait for each other.
const MOST_JOBS: usize = 64;

/// What a process knows of the world around it. Taken once, so that tests can make one up.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The current folder.
    pub folder: PathBuf,
    /// `SOURCE_DATE_EPOCH`.
    pub source_date_epoch: Option<OsString>,
    pub environment: Environment,
    pub stdout: Stream,
    pub stderr: Stream,
    /// Processors that this process may use, when that is known.
    pub processors: Option<NonZeroUsize>,
}

impl Surroundings {
    /// Those of this process.
    ///
    /// # Errors
    /// [`Failure::CurrentFolder`].
    #[expect(
        clippy::disallowed_methods,
        reason = "the one look at the world around the process"
    )]
    pub fn of_process() -> Result<Surroundings, Failure> {
        let width = |size: Option<(terminal_size::Width, terminal_size::Height)>| {
            size.map(|(terminal_size::Width(width), _)| width)
        };
        let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
        Ok(Surroundings {
            folder: std::env::current_dir().map_err(Failure::CurrentFolder)?,
            source_date_epoch: std::env::var_os("SOURCE_DATE_EPOCH"),
            environment: Environment::of_process(),
            stdout: Stream {
                is_terminal: stdout.is_terminal(),
                width: width(terminal_size::terminal_size_of(&stdout)),
            },
            stderr: Stream {
                is_terminal: stderr.is_terminal(),
                width: width(terminal_size::terminal_size_of(&stderr)),
            },
            processors: std::thread::available_parallelism().ok(),
        })
    }

    /// How standard output is written to.
    pub fn stdout(&self, color: When) -> Terminal {
        Terminal::decide(color, &self.environment, self.stdout)
    }

    /// How a file is written to.
    pub fn file(&self, color: When) -> Terminal {
        Terminal::decide(color, &self.environment, Stream::default())
    }

    /// How standard error is written to.
    pub fn stderr(&self, color: When) -> Terminal {
        Terminal::decide(color, &self.environment, self.stderr)
    }
}

/// How much is said besides the report.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Verbosity {
    /// `-q`: the findings and nothing else.
    pub quiet: bool,
    /// How many times `-v`.
    pub verbose: u8,
}

/// What becomes of what can be mended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Fixing {
    /// `--fix`: it is written.
    Write,
    /// `--diff`: it is printed.
    Diff,
}

/// Findings that are known already.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// `[[suppress]]`, in the order of the file; none under `--no-suppressions`.
    pub suppress: Vec<Suppress>,
    /// The configuration's text, masked, for pointing into it.
    pub text: Arc<str>,
    /// The folder of the configuration is among those that are checked, with all below it.
    pub everything: bool,
    /// Folders are checked, and no single file: what rules join is as complete as it will be.
    pub folders: bool,
    /// The baseline that is written is the one that was read: then nothing is added to it.
    pub prunes: bool,
    /// `--baseline`, and its file.
    pub baseline: Option<(PathBuf, Baseline)>,
    /// `--write-baseline`.
    pub write: Option<PathBuf>,
}

impl Known {
    /// Whether nothing is known and nothing is to be.
    pub fn is_empty(&self) -> bool {
        self.suppress.is_empty() && self.baseline.is_none() && self.write.is_none()
    }
}

/// Everything about a run of `check` that is not in its inputs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is linted, as it was typed; the current folder when nothing was. `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// What rules may know.
    pub rules: RuleSettings,
    pub profile: ProfileName,
    /// Which applications the profile applies to.
    pub scope: Scope,
    /// Which findings count.
    pub policy: Policy,
    pub persona: Persona,
    pub fail_on: FailOn,
    /// What a walk leaves out.
    pub exclude: Exclude,
    /// `exclude` holds for paths named on the command line too.
    pub force_exclude: bool,
    /// What standard input is called in reports.
    pub stdin_filename: Option<PathBuf>,
    /// In bytes.
    pub max_input_size: u64,
    /// [`LONGEST_RECORD`]; tests want less.
    pub longest_record: usize,
    /// What is mended, and how.
    pub fixing: Option<Fixing>,
    /// Read instead of files; empty but between two rounds of mending.
    pub drafts: Drafts,
    /// At least 1.
    pub jobs: usize,
    /// Never empty; at most one goes to standard output, and no two to one file.
    pub outputs: Vec<Output>,
    /// Suppressed findings in every format, not only in those for programs.
    pub show_suppressed: bool,
    /// Findings that do not count, and where that is said.
    pub known: Known,
    /// Draw progress on standard error.
    pub progress: bool,
    pub verbosity: Verbosity,
    /// Where it is added up what rules cost, which only `--statistics` asks for: measuring costs,
    /// too.
    pub costs: Option<Arc<Costs>>,
    /// The configuration in use, as messages show it.
    pub config: Option<String>,
}

impl Settings {
    /// Finds and reads the configuration, asks the clock, and puts everything together.
    ///
    /// # Errors
    /// What was typed or configured makes no sense.
    pub fn load(args: &CheckArgs, around: &Surroundings) -> Result<Settings, Failure> {
        let now = clock::evaluation_date(
            args.judge.now.as_deref(),
            around.source_date_epoch.as_deref(),
        )?;
        let config = match &args.configuration.config {
            _ if args.configuration.no_config => None,
            Some(path) => {
                let mut config = config::load(path, &around.folder)?;
                config.folder.clone_from(&around.folder);
                Some(config)
            }
            None => config::find(first_input(args), &around.folder)?
                .map(|path| config::load(&path, &around.folder))
                .transpose()?,
        };
        Settings::new(args, config, now, around)
    }

    /// The same for `access`, whose instances and flows outrank the configuration's.
    ///
    /// # Errors
    /// As for [`Settings::load`].
    pub fn for_access(args: &AccessArgs, around: &Surroundings) -> Result<Settings, Failure> {
        let mut settings = Settings::load(&args.as_check(), around)?;
        settings.policy.keep_inputs_alone();
        if !args.instance.is_empty() {
            settings.rules.instances.clone_from(&args.instance);
        }
        if !args.flow.is_empty() {
            settings.rules.flows = Some(args.flow.clone());
        }
        Ok(settings)
    }

    /// The same for `diff`, of OLD and of NEW: the configuration is NEW's, and the evaluation date
    /// is one, or what expired in between would be a change.
    ///
    /// # Errors
    /// As for [`Settings::load`].
    pub fn for_diff(args: &DiffArgs, around: &Surroundings) -> Result<[Settings; 2], Failure> {
        let new = Settings::load(&args.as_check(&args.new), around)?;
        let old = Settings {
            paths: vec![args.old.clone()],
            ..new.clone()
        };
        Ok([old, new])
    }

    /// Puts together what was typed and what was read.
    ///
    /// # Errors
    /// As for [`Settings::load`].
    pub fn new(
        args: &CheckArgs,
        config: Option<Config>,
        now: Instant,
        around: &Surroundings,
    ) -> Result<Settings, Failure> {
        let shown = config.as_ref().map(|config| config.path.clone());
        let mut config = config.unwrap_or_default();
        let profile = match &args.judge.profile {
            Some(name) => {
                let unknown = || Failure::UnknownProfile(name.clone(), config.profile_names());
                config.profile_name(name).ok_or_else(unknown)?
            }
            None => config.profile.clone().unwrap_or_default(),
        };
        let usage = config.usage(&profile);
        let persona = args.rule.persona.unwrap_or(Persona::Regular);
        let policy = Policy::new(&Wishes {
            select: &args.rule.select,
            ignore: &args.rule.ignore,
            levels: &config.rules,
            audit: persona == Persona::Audit,
            min_severity: args.rule.min_severity,
        })?;
        let bad_glob = |(glob, why)| Failure::BadGlob(glob, why);
        let mut exclude = Exclude::new(&around.folder);
        exclude
            .add(&around.folder, &args.input.exclude)
            .map_err(bad_glob)?;
        exclude
            .add(&config.folder, &config.exclude)
            .map_err(bad_glob)?;
        let jobs = args.input.jobs.map(usize::from);
        let jobs = jobs.or(around.processors.map(usize::from)).unwrap_or(1);
        Ok(Settings {
            paths: match args.paths.as_slice() {
                [] => vec![PathBuf::from(".")],
                paths => paths.to_vec(),
            },
            rules: RuleSettings {
                now,
                profile: config.profile(&profile),
                flows: usage.flows.clone(),
                want: usage.want.unwrap_or(Want::Write),
                admin_consent_required: usage.admin_consent == Some(AdminConsent::Required),
                instances: usage.instances.clone().unwrap_or_default(),
                tenant: usage.tenant,
                credentials: config.credentials,
            },
            scope: scope(args, usage),
            profile,
            policy,
            persona,
            fail_on: args
                .rule
                .fail_on
                .or(config.fail_on)
                .unwrap_or(FailOn::From(Severity::Error)),
            exclude,
            force_exclude: args.input.force_exclude,
            stdin_filename: args.input.stdin_filename.clone(),
            max_input_size: args.input.max_input_size.unwrap_or(MAX_INPUT_SIZE),
            longest_record: LONGEST_RECORD,
            fixing: match (args.fix, args.diff) {
                (_, true) => Some(Fixing::Diff),
                (true, _) => Some(Fixing::Write),
                _ => None,
            },
            drafts: Drafts::new(),
            jobs: jobs.clamp(1, MOST_JOBS),
            outputs: outputs(&args.format, &around.folder)?,
            show_suppressed: args.show_suppressed,
            known: known(args, &mut config, around)?,
            progress: match args.talk.progress {
                When::Always => true,
                When::Never => false,
                When::Auto => around.stderr.is_terminal && !args.talk.quiet,
            },
            verbosity: Verbosity {
                quiet: args.talk.quiet,
                verbose: args.talk.verbose,
            },
            costs: args.statistics.then(Arc::default),
            config: shown,
        })
    }

    /// Whether findings are counted by rule, beside what each rule costs (`--statistics`).
    pub fn statistics(&self) -> bool {
        self.costs.is_some()
    }

    /// Whether a run with these findings has failed (exit code 1).
    pub fn fails(&self, tally: &Tally) -> bool {
        match self.fail_on {
            FailOn::Never => false,
            FailOn::From(lowest) => Severity::ALL
                .into_iter()
                .any(|severity| severity >= lowest && tally.of(severity) > 0),
        }
    }

    /// What standard input is called in reports.
    pub fn stdin_name(&self) -> String {
        self.stdin_filename.as_ref().map_or_else(
            || "<stdin>".to_owned(),
            |path| path.to_string_lossy().into_owned(),
        )
    }
}

/// What is known of findings, from what was typed and what the configuration says.
fn known(args: &CheckArgs, config: &mut Config, around: &Surroundings) -> Result<Known, Failure> {
    let mut known = Known {
        folders: args.paths.iter().all(|path| target::folder(path).is_some()),
        write: args.write_baseline.clone(),
        ..Known::default()
    };
    if !args.no_suppressions && !config.suppress.is_empty() {
        known.suppress = std::mem::take(&mut config.suppress);
        // Findings have their keys without secrets, as reports print them.
        for suppress in &mut known.suppress {
            suppress.key = suppress.key.take().map(|key| safe::hide(&key).into_owned());
        }
        // Whatever looks like a secret keeps its length.
        known.text = config::masked(&config.text).into();
        let file = config::absolute(&around.folder, Path::new(&config.path));
        let home = file.parent().unwrap_or(&file);
        let mut paths = args.paths.iter().map(PathBuf::as_path);
        let whole = |path: &Path| home.starts_with(config::absolute(&around.folder, path));
        known.everything = args.input.exclude.is_empty()
            && (args.paths.is_empty() && home.starts_with(&around.folder) || paths.any(whole));
    }
    if let Some(path) = &args.baseline {
        let real = |path: &Path| config::absolute(&around.folder, path);
        let written = args.write_baseline.as_deref().map(real);
        known.prunes = written == Some(real(path));
        known.baseline = Some((path.clone(), Baseline::load(path)?));
    }
    Ok(known)
}

/// What is written, from what was typed in `folder`.
///
/// # Errors
/// Two reports would be one text.
pub fn outputs(typed: &[Output], folder: &Path) -> Result<Vec<Output>, Failure> {
    let path_of = |output: &Output| {
        let path = output.path.as_ref();
        path.map(|path| config::absolute(folder, path))
    };
    for (at, output) in typed.iter().enumerate() {
        let path = path_of(output);
        let Some(other) = typed[..at].iter().find(|other| path_of(other) == path) else {
            continue;
        };
        return Err(Failure::OneTarget(
            other.format.name(),
            output.format.name(),
            output.path.as_ref().map(|path| path.display().to_string()),
        ));
    }
    Ok(match typed {
        [] => vec![Output {
            format: Format::Human,
            path: None,
        }],
        typed => typed.to_vec(),
    })
}

/// What the search for a configuration starts from.
fn first_input(args: &CheckArgs) -> &Path {
    match args.paths.first() {
        None => Path::new("."),
        Some(path) if path == Path::new("-") => args
            .input
            .stdin_filename
            .as_deref()
            .unwrap_or(Path::new(".")),
        Some(path) => path,
    }
}

/// `--app` replaces the configuration's `apps`; ids in any spelling become Microsoft's.
fn scope(args: &CheckArgs, usage: &Usage) -> Scope {
    let named: HashSet<String> = if args.scope.app.is_empty() {
        let apps = usage.apps.iter().flatten();
        apps.map(Guid::to_string).collect()
    } else {
        let typed = args.scope.app.iter().map(|app| {
            Guid::parse_loose(app).map_or_else(|| app.trim().to_lowercase(), |id| id.to_string())
        });
        typed.collect()
    };
    Scope {
        named,
        all: args.scope.all_apps,
        only_named: !args.scope.app.is_empty(),
    }
}

#[cfg(test)]
mod tests;
