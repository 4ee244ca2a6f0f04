//! Which files to read.
#![expect(clippy::disallowed_methods, reason = "the home of the walk")]

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::settings::Exclude;

/// One input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The path in reports, with forward slashes; `<stdin>` or what `--stdin-filename` says.
    pub name: String,
    /// Where to read it; `None` is standard input.
    pub path: Option<PathBuf>,
    /// Named on the command line, not found by walking.
    pub named: bool,
}

impl Origin {
    /// A collector's tree has one file per object, `<id>/<id>.json`: such a file is a leaf of a
    /// larger export, not a manifest that somebody wrote.
    pub fn is_leaf_of_tree(&self) -> bool {
        let Some(path) = &self.path else {
            return false;
        };
        let stem = path.file_stem();
        !self.named && stem.is_some() && stem == path.parent().and_then(Path::file_name)
    }

    /// Whether the name says that every line is a record.
    pub fn is_lines(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        name.ends_with(".jsonl") || name.ends_with(".ndjson")
    }
}

/// What walking found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Sorted by name, each file once.
    pub origins: Vec<Origin>,
    /// What could not be looked at: name and reason.
    pub failures: Vec<(String, String)>,
}

/// File names that are read when a folder is walked.
const EXTENSIONS: [&str; 4] = ["json", "jsonl", "ndjson", "tfstate"];

/// Finds the inputs below `paths`.
///
/// Folders are walked in sorted order; hidden folders and `node_modules` are left out, symbolic
/// links are not followed, `.gitignore` is not read (exports are usually ignored by git). A path
/// named here is read whatever it is called, unless `force_exclude` and the globs say otherwise.
pub fn discover(
    paths: &[PathBuf],
    stdin_name: &str,
    exclude: &Exclude,
    force_exclude: bool,
) -> Walk {
    let mut walk = Walk::default();
    for path in paths {
        if path.as_os_str() == "-" {
            walk.origins.push(Origin {
                name: stdin_name.to_owned(),
                path: None,
                named: true,
            });
        } else if path.is_dir() {
            walk_folder(path, exclude, &mut walk);
        } else if !(force_exclude && !exclude.is_empty() && exclude.matches(path, path)) {
            walk.origins.push(Origin {
                name: name_of(path),
                path: Some(path.clone()),
                named: true,
            });
        }
    }
    walk.origins.sort();
    // A file that is both named and found counts as named.
    walk.origins.reverse();
    walk.origins.dedup_by(|a, b| {
        a.name == b.name && {
            b.named |= a.named;
            true
        }
    });
    walk.origins.reverse();
    walk.failures.sort();
    walk
}

fn walk_folder(root: &Path, exclude: &Exclude, walk: &mut Walk) {
    let entries = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            let folder = entry.file_type().is_dir();
            entry.depth() == 0
                || !(folder && (name.starts_with('.') || name == "node_modules"))
                    && (exclude.is_empty() || !exclude.matches(root, entry.path()))
        });
    for entry in entries {
        match entry {
            Ok(entry) => {
                let wanted = entry.file_type().is_file()
                    && entry
                        .path()
                        .extension()
                        .and_then(|extension| extension.to_str())
                        .is_some_and(|extension| {
                            EXTENSIONS
                                .iter()
                                .any(|known| extension.eq_ignore_ascii_case(known))
                        });
                if wanted {
                    walk.origins.push(Origin {
                        name: name_of(entry.path()),
                        path: Some(entry.into_path()),
                        named: false,
                    });
                }
            }
            Err(error) => {
                let name = error.path().map_or_else(|| name_of(root), name_of);
                let reason = error
                    .into_io_error()
                    .map_or_else(|| "a loop of folders".to_owned(), |io| reason_of(&io));
                walk.failures.push((name, reason));
            }
        }
    }
}

/// The name of a path in reports: as reached, with forward slashes, without a leading `./`.
fn name_of(path: &Path) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let name = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '\\' {
        name.replace('\\', "/")
    } else {
        name.into_owned()
    }
}

/// An I/O error in a few words that are the same on every machine and in every language.
pub fn reason_of(error: &std::io::Error) -> String {
    use std::io::ErrorKind as K;
    match error.kind() {
        K::NotFound => "there is no such file or folder".to_owned(),
        K::PermissionDenied => "permission denied".to_owned(),
        K::IsADirectory => "it is a folder".to_owned(),
        K::InvalidData => "it is not text".to_owned(),
        K::UnexpectedEof => "it ended too early".to_owned(),
        _ => match error.raw_os_error() {
            Some(code) => format!("the system refused (error {code})"),
            None => error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn sorted_once_and_without_what_is_hidden() {
        let root = tempfile::tempdir().unwrap();
        for file in [
            "b.json",
            "a/z.jsonl",
            "a-b/y.ndjson",
            ".git/x.json",
            "node_modules/p/package.json",
            "readme.md",
            "T.JSON",
        ] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        let paths = [root.path().to_owned(), root.path().join("b.json")];
        let walk = discover(&paths, "<stdin>", &Exclude::default(), false);
        let found: Vec<(String, bool)> = walk
            .origins
            .iter()
            .map(|o| {
                let path = o.path.as_ref().unwrap();
                let name = path.strip_prefix(root.path()).unwrap();
                (name.to_string_lossy().into_owned(), o.named)
            })
            .collect();
        let want = [
            ("T.JSON", false),
            ("a-b/y.ndjson", false),
            ("a/z.jsonl", false),
            ("b.json", true),
        ];
        assert_eq!(
            found,
            want.map(|(name, named)| (name.to_owned(), named)).to_vec()
        );
    }

    #[test]
    fn leaves_of_a_collectors_tree() {
        let leaf = |path: &str, named| Origin {
            name: path.to_owned(),
            path: Some(path.into()),
            named,
        };
        assert!(leaf("Applications/x1/x1.json", false).is_leaf_of_tree());
        assert!(!leaf("Applications/x1/x1.json", true).is_leaf_of_tree());
        assert!(!leaf("apps/x1.json", false).is_leaf_of_tree());
    }
}
