//! The plan as a bash script: bash 3.2 (macOS) or later.

use super::{Dialect, Keep, Source, Step, Target, fill, steps};

const FRAME: &str = include_str!("script.sh");

const DIALECT: Dialect = Dialect {
    begin: "\nwhile IFS= read -r subscription <&3; do\n",
    end: "done 3<\"$work/ids.subscriptions\"\n",
    indent: "",
    inner: "    ",
    continued: " \\",
    call,
};

/// The script for a target.
pub fn script(target: &Target) -> String {
    fill(FRAME, &settings(target), &steps(&DIALECT))
}

fn settings(target: &Target) -> String {
    let folder = match &target.folder {
        Some(folder) => single(folder),
        None => "entralint-export-$(date -u +%Y-%m-%d)".to_owned(),
    };
    let tenant = target.tenant.map(|id| id.to_string()).unwrap_or_default();
    let subscriptions: Vec<String> = target
        .subscriptions
        .iter()
        .map(ToString::to_string)
        .collect();
    format!(
        "folder={folder}\n[ \"$#\" -eq 0 ] || folder=$1\n\
         # The tenant to be signed in to, and the subscriptions: empty, any and all.\n\
         wanted={}\nsubscriptions={}\n",
        single(&tenant),
        single(&subscriptions.join("\n")),
    )
}

/// A call of one of the frame's functions: its words, the long ones on lines of their own.
fn call(step: &Step) -> Vec<String> {
    let file = match step.file.split_once("{subscription}") {
        Some((before, after)) => format!("\"{before}$subscription{after}\""),
        None => word(step.file),
    };
    let needs = single(step.needs);
    let kept = |keep: &Option<Keep>| match keep {
        Some(keep) => format!("\"{}\" {}", keep.key, keep.ids.name()),
        None => "'' ''".to_owned(),
    };
    match &step.source {
        Source::Graph {
            path,
            keep,
            of_type,
        } => {
            let mut words = vec![
                format!("list {file}"),
                needs,
                format!("\"$graph/\"{}", word(path)),
            ];
            if keep.is_some() || !of_type.is_empty() {
                words.push(kept(keep));
            }
            if !of_type.is_empty() {
                words.push(single(of_type));
            }
            words
        }
        Source::Object { path } => vec![
            format!("object {file}"),
            needs,
            format!("\"$graph/\"{}", word(path)),
        ],
        Source::Each { ids, path, joined } => {
            let mut words = vec![format!("each {} {file}", ids.name()), needs, word(path)];
            words.extend(joined.map(str::to_owned));
            words
        }
        Source::Command { words } => vec![
            format!("command_list {file}"),
            needs,
            kept(&None),
            words.join(" "),
        ],
        Source::Subscription { words, keep } => vec![
            format!("command_list {file}"),
            needs,
            kept(keep),
            format!("{} --subscription \"$subscription\"", words.join(" ")),
        ],
        Source::Arm { path, keep } => {
            let mut words = vec![
                format!("list {file}"),
                needs,
                format!("\"$arm/subscriptions/$subscription/\"{}", word(path)),
            ];
            words.extend(keep.is_some().then(|| kept(keep)));
            words
        }
    }
}

/// A text of our own as one word, quoted where it has to be.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=".contains(c);
    match text.chars().all(plain) {
        true => text.to_owned(),
        false => single(text),
    }
}

/// A text as one word, exactly as it is.
fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
