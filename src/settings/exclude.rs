//! What a walk leaves out.

use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::config::absolute;

/// Longer globs are refused: nested braces would cost more stack than a thread has.
const LONGEST: usize = 512;

/// The globs of `--exclude` (relative to the current folder) and of `exclude` in the configuration
/// (relative to its own folder).
///
/// A glob without a slash names a file or folder anywhere: `archive`, `*.bak.json`. One with a
/// slash is a path: `exports/old/*.json`, `**/archive/**`. One that begins with a slash is a path
/// of the machine. `*` stops at slashes. Whatever names a folder leaves out all that is in it.
#[derive(Clone, Debug, Default)]
pub struct Exclude {
    /// The current folder.
    here: PathBuf,
    /// By folder; without one, for paths of the machine.
    sets: Vec<(Option<PathBuf>, GlobSet)>,
}

impl Exclude {
    /// No globs, as seen from `here`.
    pub fn new(here: &Path) -> Exclude {
        Exclude {
            here: here.to_owned(),
            sets: Vec::new(),
        }
    }

    /// Adds globs that are relative to `folder`.
    ///
    /// # Errors
    /// The first that is no glob, and why.
    pub fn add(&mut self, folder: &Path, globs: &[String]) -> Result<(), (String, String)> {
        let (absolute, relative): (Vec<_>, Vec<_>) =
            globs.iter().partition(|glob| glob.starts_with('/'));
        for (folder, globs) in [(None, absolute), (Some(folder.to_owned()), relative)] {
            let Some(first) = globs.first() else {
                continue;
            };
            let mut set = GlobSetBuilder::new();
            for glob in &globs {
                for form in forms(glob) {
                    set.add(compile(&form).map_err(|why| ((*glob).clone(), why))?);
                }
            }
            let set = set.build().map_err(|error| {
                let glob = error.glob().unwrap_or(first).to_owned();
                (glob, error.kind().to_string())
            })?;
            self.sets.push((folder, set));
        }
        Ok(())
    }

    /// Whether there is nothing to ask.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// Whether `path`, a file or folder below the input `root`, is left out. Both are as they were
    /// named or reached. What lies outside a glob's folder is matched from `root` on.
    pub fn matches(&self, root: &Path, path: &Path) -> bool {
        let whole = absolute(&self.here, path);
        self.sets.iter().any(|(folder, set)| {
            let Some(folder) = folder else {
                return set.is_match(&whole);
            };
            let below = match whole.strip_prefix(folder) {
                Ok(below) => below,
                Err(_) => path.strip_prefix(root).unwrap_or(path),
            };
            if below.as_os_str().is_empty() {
                // The input itself: its name is all there is to match.
                return set.is_match(whole.file_name().map_or(path, Path::new));
            }
            set.is_match(plain(below))
        })
    }
}

/// Whether `glob` is one.
///
/// # Errors
/// Why not.
pub fn check(glob: &str) -> Result<(), String> {
    for form in forms(glob) {
        compile(&form)?;
    }
    Ok(())
}

/// What is matched for a glob: the thing itself, and all that is in it.
fn forms(glob: &str) -> [String; 2] {
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    let path = glob.trim_end_matches('/');
    let path = if path.contains('/') {
        path.to_owned()
    } else {
        format!("**/{path}")
    };
    let inside = format!("{path}/**");
    // With a slash at its end only a folder is meant: what is in it matches, the thing does not.
    if glob.ends_with('/') {
        [inside.clone(), inside]
    } else {
        [path, inside]
    }
}

fn compile(glob: &str) -> Result<globset::Glob, String> {
    if glob.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    GlobBuilder::new(glob)
        .literal_separator(true)
        .build()
        .map_err(|error| error.kind().to_string())
}

/// Without leading `.`, `..` and `/`, which no glob means.
fn plain(path: &Path) -> PathBuf {
    path.components()
        .filter(|component| matches!(component, Component::Normal(_)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excluded(glob: &str, folder: &str, root: &str, path: &str) -> bool {
        let mut exclude = Exclude::new(Path::new("/w/repo"));
        exclude
            .add(Path::new(folder), &[glob.to_owned()])
            .expect("a glob");
        exclude.matches(Path::new(root), Path::new(path))
    }

    #[test]
    fn names_paths_and_what_is_in_them() {
        for (glob, path, want) in [
            ("archive", "archive", true),
            ("archive", "a/archive", true),
            ("archive", "a/archive/b/app.json", true),
            ("archive", "a/archives/app.json", false),
            ("archive/", "a/archive", false),
            ("archive/", "a/archive/app.json", true),
            ("*.bak.json", "a/app.bak.json", true),
            ("*.bak.json", "a/app.json", false),
            ("**/archive/**", "a/archive/app.json", true),
            ("**/archive/**", "archive/app.json", true),
            ("a/*.json", "a/app.json", true),
            ("a/*.json", "./a/app.json", true),
            ("./a/*.json", "a/app.json", true),
            ("a/*.json", "/w/repo/a/app.json", true),
            ("a/*.json", "b/a/app.json", false),
            ("a/*.json", "a/b/app.json", false),
            ("/w/repo/a", "a/app.json", true),
            ("/a", "a/app.json", false),
            ("{a,b}/x.json", "b/x.json", true),
            ("[ab].json", "b.json", true),
            // The folder above is no part of what is walked.
            ("repo", "a/app.json", false),
            ("w", "a/app.json", false),
        ] {
            assert_eq!(excluded(glob, "/w/repo", ".", path), want, "{glob} {path}");
        }
    }

    #[test]
    fn the_configurations_globs_start_in_its_folder() {
        assert!(excluded(
            "old/*.json",
            "/w/repo/exports",
            ".",
            "exports/old/a.json"
        ));
        assert!(excluded("repo/a.json", "/w", ".", "a.json"));
    }

    #[test]
    fn outside_its_folder_a_glob_starts_at_the_input() {
        for root in ["../exports", "/x/archive/exports"] {
            let path = |rest: &str| format!("{root}/{rest}");
            assert!(excluded(
                "archive",
                "/w/repo",
                root,
                &path("archive/a.json")
            ));
            assert!(excluded("a/*.json", "/w/repo", root, &path("a/b.json")));
            assert!(!excluded("archive", "/w/repo", root, &path("a/b.json")));
        }
        assert!(excluded("*.json", "/w/repo", "/x/a.json", "/x/a.json"));
        assert!(excluded("x", "/w/repo/x", "x", "x"));
    }

    #[test]
    fn what_is_no_glob() {
        for glob in ["[", "{a", "a**{", "[z-a]"] {
            assert!(check(glob).is_err(), "{glob}");
        }
        for deep in [200, 100_000] {
            let _ = check(&("{".repeat(deep) + &"}".repeat(deep)));
        }
        assert!(check("**/archive/**").is_ok());
        let mut exclude = Exclude::new(Path::new("/"));
        let error = exclude.add(Path::new("/"), &["ok".into(), "[".into()]);
        assert_eq!(error.unwrap_err().0, "[");
        assert!(exclude.is_empty());
        // Nested braces: refused by the regex engine, in time and without a crash.
        let deep = "{".repeat(250) + "a" + &"}".repeat(250);
        let _ = exclude.add(Path::new("/"), &[deep]);
    }
}
