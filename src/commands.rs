//! The commands: what each does, from arguments to exit code.

mod access;
mod baseline;
mod convert;
mod diff;
mod fix;
mod init;
mod write;

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::cli::{self, CheckArgs, Cli, Command, ListFormat};
use crate::collect;
use crate::engine::{self, Progress, Trouble};
use crate::failure::{EXIT_FAILURE, EXIT_FINDINGS, Failure};
use crate::fix::Fixer;
use crate::json::schema::Schema;
use crate::manual;
use crate::report::{HumanOptions, catalog, safe};
use crate::rules::RULES;
use crate::settings::{Fixing, Settings, Surroundings, Terminal, Verbosity, When, rule_to_explain};

/// Runs a command line; returns the exit code.
///
/// Everything that is written goes through checked writes: a closed pipe ends the run quietly, a
/// full disk is a failure with a message. A panic is one too; what rules do is caught much earlier.
pub fn main(words: impl IntoIterator<Item = std::ffi::OsString>) -> u8 {
    panic::set_hook(Box::new(|panicked| {
        report_failure(&internal(panicked), false);
    }));
    panic::catch_unwind(AssertUnwindSafe(|| answer_to(words))).unwrap_or(EXIT_FAILURE)
}

/// Where it panicked. Never with what words: those may quote an input, and so a secret.
fn internal(panicked: &PanicHookInfo<'_>) -> Failure {
    let place = panicked.location().map(ToString::to_string);
    Failure::Internal(format!(
        "at {}",
        place.as_deref().unwrap_or("no known place")
    ))
}

fn answer_to(words: impl IntoIterator<Item = std::ffi::OsString>) -> u8 {
    let around = match Surroundings::of_process() {
        Ok(around) => around,
        Err(failure) => return report_failure(&failure, false),
    };
    let cli = match Cli::read(words, &clean) {
        Ok(cli) => cli,
        Err(error) => return answer(&error, &around),
    };
    let color = around.stderr(cli.color).color;
    let done = match cli.command {
        Command::Check(args) => check(&args, cli.color, &around),
        Command::Access(args) => access::access(&args, cli.color, &around),
        Command::Diff(args) => diff::diff(&args, cli.color, &around),
        Command::Explain(args) => rule_to_explain(&args.rule).and_then(|rule| {
            let options = human(around.stdout(cli.color), 0, false);
            print(&catalog::explain(&[rule], &options))
        }),
        Command::Rules(args) => print(&match args.format {
            ListFormat::Human => catalog::table(RULES, &human(around.stdout(cli.color), 0, false)),
            ListFormat::Json => catalog::to_json(RULES),
            ListFormat::Markdown => catalog::to_markdown(RULES),
        }),
        Command::Schema(args) => schema(args.name.as_deref()),
        Command::Collect(args) => print(&collect::script(args.shell, &args.target())),
        Command::Completions(args) => print(&manual::completions(args.shell)),
        Command::Man => manual::page()
            .map_err(Failure::Output)
            .and_then(|page| print(&page)),
        Command::Init(args) => init::init(&args, &around),
        Command::Convert(args) => convert::convert(&args, cli.color, &around),
    };
    match done {
        Ok(code) => code,
        Err(failure) if failure.is_closed_pipe() => 0,
        Err(failure) => report_failure(&failure, color),
    }
}

/// Words from outside, made harmless for a line of text.
fn clean(text: &str) -> String {
    safe::line(text).into_owned()
}

/// Help, version, or a usage error: what clap says instead of a command.
fn answer(error: &clap::Error, around: &Surroundings) -> u8 {
    let (text, code) = if error.use_stderr() {
        (
            cli::answer(error, around.stderr(When::Auto).color),
            EXIT_FAILURE,
        )
    } else {
        (cli::answer(error, around.stdout(When::Auto).color), 0)
    };
    if error.use_stderr() {
        say(&text);
        return code;
    }
    match print(&text) {
        Ok(_) => code,
        Err(failure) if failure.is_closed_pipe() => 0,
        Err(failure) => report_failure(&failure, false),
    }
}

fn report_failure(failure: &Failure, color: bool) -> u8 {
    say(&failure.render(color, &clean));
    failure.exit_code()
}

/// Writes to standard error; when that fails there is nobody left to tell.
fn say(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = stderr.write_all(b"\n");
    }
}

/// Writes a text to standard output.
fn print(text: &str) -> Result<u8, Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::Output)?;
    Ok(0)
}

fn human(terminal: Terminal, verbose: u8, quiet: bool) -> HumanOptions {
    HumanOptions {
        color: terminal.color,
        links: terminal.hyperlinks,
        width: terminal.width,
        verbose,
        quiet,
        ..HumanOptions::default()
    }
}

fn schema(name: Option<&str>) -> Result<u8, Failure> {
    let Some(name) = name else {
        let width = Schema::ALL
            .iter()
            .map(|s| s.name().len())
            .max()
            .unwrap_or(0);
        let list: String = Schema::ALL
            .iter()
            .map(|schema| format!("{:width$}  {}\n", schema.name(), schema.title()))
            .collect();
        return print(&list);
    };
    match Schema::ALL.iter().find(|schema| schema.name() == name) {
        Some(schema) => print(schema.text()),
        None => Err(Failure::UnknownSchema(
            name.to_owned(),
            Schema::ALL.map(Schema::name).to_vec(),
        )),
    }
}

fn check(args: &CheckArgs, color: When, around: &Surroundings) -> Result<u8, Failure> {
    let mut settings = Settings::load(args, around)?;
    write::leave_out_old_reports(&mut settings, &around.folder);
    let mut fixer = Fixer::new(&settings)?;
    let progress = Progress::default();
    let mut run = loop {
        let run = if settings.progress {
            watched(&progress, || engine::run(&settings, &progress))
        } else {
            engine::run(&settings, &progress)
        };
        match fixer.as_mut().and_then(|fixer| fixer.next(&run)) {
            Some(drafts) => {
                drop(run);
                settings.drafts = drafts;
            }
            None => break run,
        }
    };
    // A hook names whatever was changed, and mostly none of it is an export.
    let nothing = (run.is_empty() && !run.incomplete && !settings.force_exclude).then(|| {
        let typed = settings.paths.iter();
        Failure::NothingToLint(
            typed
                .map(|path| path.to_string_lossy().into_owned())
                .collect(),
        )
    });
    if let Some(fixer) = fixer
        .as_ref()
        .filter(|_| settings.fixing == Some(Fixing::Diff))
    {
        return match nothing {
            Some(failure) => Err(failure),
            None => fix::print_diff(&run, fixer, around.stdout(color).color, settings.verbosity),
        };
    }
    run.outcome.fixed = fixer.as_ref().map(Fixer::fixed).unwrap_or_default();
    let paper = write::Paper {
        around,
        color,
        verbosity: settings.verbosity,
        show_suppressed: settings.show_suppressed,
    };
    let is_taken = |real: &std::path::Path| write::is_taken(&settings, real);
    let outputs = settings.outputs.iter();
    // A program that reads the report gets one all the same.
    let wanted = outputs.filter(|output| {
        nothing.is_none() || output.path.is_some() || !output.format.is_for_people()
    });
    let mut outlets = paper.outlets(wanted, &is_taken);
    let mut troubles = Vec::new();
    let mut complete = true;
    if !outlets.is_empty() {
        match run.tell(&mut outlets, &mut io::sink()) {
            Ok(told) => troubles = told,
            // The outlets know which of them it was.
            Err(Trouble::Output(_)) => {}
            Err(other) => {
                complete = false;
                troubles.push(other);
            }
        }
    }
    let unwritten = if complete {
        outlets.finish()
    } else {
        outlets.give_up()
    };
    let lost = write::lost(unwritten, settings.outputs.len() == 1)?;
    if complete && !settings.verbosity.quiet && nothing.is_none() {
        write::say_where(&settings.outputs, &lost, &run.outcome);
    }
    let color = around.stderr(color).color;
    for failure in &lost {
        report_failure(failure, color);
    }
    if let Some(failure) = nothing {
        return if lost.is_empty() {
            Err(failure)
        } else {
            report_failure(&failure, color);
            Ok(EXIT_FAILURE)
        };
    }
    let read_by_people = settings
        .outputs
        .iter()
        .any(|output| output.format == cli::Format::Human);
    if !read_by_people && !settings.verbosity.quiet {
        fix::say_fixed(&run.outcome.fixed);
    }
    let unmended = fix::say_troubles(fixer.as_ref());
    baseline::say_stale(&run, &settings);
    let is_input = |real: &std::path::Path| write::is_input(&settings, real);
    let unkept = match baseline::write(&run, &settings, &is_input) {
        Ok(()) => false,
        Err(failure) => {
            report_failure(&failure, color);
            true
        }
    };
    // Beside the report: what it says is the same in every run, and times are not.
    if let Some(costs) = &settings.costs {
        let table = costs.table();
        if !table.is_empty() {
            say(&format!("\n{table}"));
        }
    }
    for trouble in &troubles {
        say(&format!("error: {}", clean(&trouble.to_string())));
    }
    for trouble in run.troubles() {
        say(&format!("error: {}", clean(trouble)));
    }
    let failed = run.incomplete || unmended || unkept || !troubles.is_empty() || !lost.is_empty();
    let code = if failed {
        EXIT_FAILURE
    } else if settings.fails(&run.outcome.tally) {
        EXIT_FINDINGS
    } else {
        0
    };
    #[expect(
        clippy::mem_forget,
        reason = "the process ends here, which gives everything back at once"
    )]
    std::mem::forget(run);
    Ok(code)
}

/// Runs `work` while another thread draws how far it is, once it lasts longer than a moment.
fn watched<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let drawer = scope.spawn(|| draw(progress, &done));
        let result = work();
        done.store(true, Ordering::Release);
        drawer.thread().unpark();
        let _ = drawer.join();
        result
    })
}

fn draw(progress: &Progress, done: &AtomicBool) {
    const PATIENCE: Duration = Duration::from_millis(400);
    const TICK: Duration = Duration::from_millis(100);
    const TICKS_A_LINE: u32 = 100;
    std::thread::park_timeout(PATIENCE);
    if done.load(Ordering::Acquire) {
        return;
    }
    let bar = indicatif::ProgressBar::new_spinner();
    let style = indicatif::ProgressStyle::with_template("{spinner} {elapsed}  {msg}");
    bar.set_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()));
    let mut ticks = 0_u32;
    while !done.load(Ordering::Acquire) {
        let read = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
        let (bytes, records) = (read(&progress.bytes), read(&progress.records));
        let mut message = format!("{}, {} read", files(read(&progress.files)), amount(bytes));
        if records > 0 {
            message += &format!(", {records} records");
        }
        if bar.is_hidden() {
            // `--progress always` where there is no terminal: a log has lines.
            if ticks.is_multiple_of(TICKS_A_LINE) {
                say(&format!("entralint: {message}"));
            }
        } else {
            bar.set_message(message);
            bar.tick();
        }
        ticks = ticks.wrapping_add(1);
        std::thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}

fn files(count: u64) -> String {
    match count {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    }
}

fn amount(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes / 1000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_by_its_place_alone() {
        let text = "CANARY für Köln".to_owned();
        let (sender, receiver) = std::sync::mpsc::channel();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            let _ = sender.send(internal(panicked).render(false, &clean));
        }));
        // The message of such a panic quotes the text.
        let cut = panic::catch_unwind(|| text[..9].to_owned());
        panic::set_hook(before);
        assert!(cut.is_err());
        let told = receiver.recv().unwrap();
        assert!(
            told.starts_with("error: internal error: at src/commands.rs:"),
            "{told}"
        );
        assert!(!told.contains("CANARY"));
    }
}
