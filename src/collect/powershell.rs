//! The plan as a script for Windows PowerShell 5.1 and PowerShell 7.

use super::{Dialect, Keep, Source, Step, Target, fill, steps};

const FRAME: &str = include_str!("script.ps1");

const DIALECT: Dialect = Dialect {
    begin: "\n    foreach ($subscription in $subscriptions) {\n",
    end: "    }\n",
    indent: "    ",
    inner: "        ",
    continued: " `",
    call,
};

/// The script for a target.
pub fn script(target: &Target) -> String {
    fill(FRAME, &settings(target), &steps(&DIALECT))
}

fn settings(target: &Target) -> String {
    let folder = match &target.folder {
        Some(folder) => foreign(folder),
        // Some cultures count years otherwise.
        None => "('entralint-export-' + [DateTime]::UtcNow.ToString('yyyy-MM-dd', \
                 [Globalization.CultureInfo]::InvariantCulture))"
            .to_owned(),
    };
    let tenant = target.tenant.map(|id| id.to_string()).unwrap_or_default();
    let subscriptions: Vec<String> = target
        .subscriptions
        .iter()
        .map(|id| single(&id.to_string()))
        .collect();
    format!(
        "param([string] $Folder = {folder})\n\n\
         # The tenant to be signed in to, and the subscriptions: empty, any and all.\n\
         $wanted = {}\n$subscriptions = @({})\n",
        single(&tenant),
        subscriptions.join(", "),
    )
}

/// A call of one of the frame's functions: its words, the long ones on lines of their own.
fn call(step: &Step) -> Vec<String> {
    let file = match step.file.split_once("{subscription}") {
        Some((before, after)) => format!("\"{before}${{subscription}}{after}\""),
        None => single(step.file),
    };
    let needs = single(step.needs);
    let kept = |keep: &Option<Keep>| {
        keep.map(|keep| {
            let list = single(keep.ids.name());
            format!("-Key {} -List {list}", single(keep.key))
        })
    };
    let array = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| single(word)).collect();
        words.join(", ")
    };
    match &step.source {
        Source::Graph {
            path,
            keep,
            of_type,
        } => {
            let mut words = vec![
                format!("Export-List {file}"),
                needs,
                format!("($graph + {})", single(&slash(path))),
            ];
            words.extend(kept(keep));
            if !of_type.is_empty() {
                words.push(format!("-Type {}", single(of_type)));
            }
            words
        }
        Source::Object { path } => vec![
            format!("Export-Object {file}"),
            needs,
            format!("($graph + {})", single(&slash(path))),
        ],
        Source::Each { ids, path, joined } => {
            let ids = single(ids.name());
            let mut words = vec![format!("Export-Each {ids} {file}"), needs, single(path)];
            words.extend(joined.map(|set| format!("-Set {}", single(set))));
            words
        }
        Source::Command { words } => vec![
            format!("Export-Command {file}"),
            needs,
            format!("-Words @({})", array(words)),
        ],
        Source::Subscription { words, keep } => {
            let mut call = vec![format!("Export-Command {file}"), needs];
            call.extend(kept(keep));
            call.push(format!(
                "-Words @({}, '--subscription', $subscription)",
                array(words)
            ));
            call
        }
        Source::Arm { path, keep } => {
            let path = single(&slash(path));
            let mut words = vec![
                format!("Export-List {file}"),
                needs,
                format!("($arm + '/subscriptions/' + $subscription + {path})"),
            ];
            words.extend(kept(keep));
            words
        }
    }
}

fn slash(path: &str) -> String {
    format!("/{path}")
}

/// A text of our own as one word, exactly as it is.
fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Any text as one value. Windows PowerShell reads a script in the machine's code page, and takes
/// typographic quotes for straight ones (PowerShell language specification, 2.3.5.2), so what is
/// not ASCII is written by its number.
fn foreign(text: &str) -> String {
    if text.is_ascii() {
        return single(text);
    }
    let mut parts = String::from("(''");
    for part in text.split_inclusive(|c: char| !c.is_ascii()) {
        let plain = part.trim_end_matches(|c: char| !c.is_ascii());
        if !plain.is_empty() {
            parts += &format!(" + {}", single(plain));
        }
        for unit in part[plain.len()..].encode_utf16() {
            parts += &format!(" + [char] 0x{unit:04x}");
        }
    }
    parts + ")"
}
