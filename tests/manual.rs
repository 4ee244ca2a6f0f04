//! Completions and the manual page know every command and every option that can be typed.

use clap::{Command, CommandFactory, ValueEnum};
use clap_complete::Shell;
use entralint::cli::Cli;
use entralint::manual;

fn cli() -> Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Every command with its own options, and the options of the tool.
fn typed() -> Vec<(String, Vec<String>)> {
    let options = |command: &Command| {
        command
            .get_arguments()
            .filter_map(|arg| arg.get_long().map(str::to_owned))
            .collect()
    };
    let command = cli();
    let mut typed = vec![(String::new(), options(&command))];
    for sub in command.get_subcommands() {
        typed.push((sub.get_name().to_owned(), options(sub)));
    }
    assert!(typed.len() >= 8, "{typed:?}");
    typed
}

#[test]
fn completions_know_all_of_it() {
    for shell in Shell::value_variants() {
        let script = manual::completions(*shell);
        assert!(script.ends_with('\n'), "{shell}");
        for (command, options) in typed() {
            assert!(script.contains(&command), "{shell}: {command}");
            for option in options {
                // fish knows an option by its bare name.
                let spelled = match shell {
                    Shell::Fish => format!("-l {option}"),
                    _ => format!("--{option}"),
                };
                assert!(script.contains(&spelled), "{shell}: {command} {option}");
            }
        }
    }
}

#[test]
fn the_page_knows_all_of_it() {
    let page = manual::page().expect("memory takes everything");
    // Each option stands below its own command; those of every command stand below the tool.
    for (command, options) in typed() {
        let below = match command.as_str() {
            "" => "\n.SH OPTIONS OF EVERY COMMAND\n".to_owned(),
            command => format!("\n.SS entralint {command}\n"),
        };
        let (_, part) = page.split_once(&below).expect(&below);
        let end = part
            .find("\n.SS ")
            .into_iter()
            .chain(part.find("\n.SH "))
            .min()
            .unwrap_or(part.len());
        for option in options {
            let common = matches!(option.as_str(), "color" | "help" | "version");
            let spelled = format!("\\-\\-{}\\fR", option.replace('-', "\\-"));
            assert_eq!(
                part[..end].contains(&spelled),
                command.is_empty() || !common,
                "{command} {option}"
            );
        }
    }
    for heading in ["NAME", "SYNOPSIS", "EXIT STATUS", "FILES", "ENVIRONMENT"] {
        assert!(page.contains(&format!("\n.SH {heading}\n")), "{heading}");
    }
    assert!(page.is_ascii());
}

#[test]
fn the_exit_codes_of_the_page_are_those_of_the_help() {
    let page = manual::page().expect("memory takes everything");
    let help = cli().render_help().to_string();
    for code in 0..=3 {
        assert!(page.contains(&format!("\n\\fB{code}\\fR\n")), "{code}");
        assert!(help.contains(&format!("{code} ")), "{code}");
    }
}
