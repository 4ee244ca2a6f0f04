//! Which files to read: those that are named, and what is found in folders.
#![expect(clippy::disallowed_methods, reason = "the home of the walk")]

use std::collections::HashSet;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use walkdir::WalkDir;

use super::origin::name_of;
use super::{Origin, reason_of};
use crate::settings::Exclude;

/// File names that are read when a folder is walked.
const EXTENSIONS: [&str; 4] = ["json", "jsonl", "ndjson", "tfstate"];

/// Finds the inputs below some paths, each once: from one thread, or from many that share the
/// folders.
///
/// They come in any order, for whoever puts them together sorts them all by name. Hidden folders
/// and `node_modules` are left out, symbolic links are not followed, `.gitignore` is not read
/// (exports are usually ignored by git). A path that is named is read whatever it is called, unless
/// `force_exclude` and the globs say otherwise.
pub struct Walk<'w> {
    exclude: &'w Exclude,
    /// Names that were handed on, as far as they can come again: files that were named, and all
    /// where several folders were, which may lie in one another.
    seen: HashSet<String>,
    again: Option<Mutex<HashSet<String>>>,
}

/// Something that is to be looked at.
#[derive(Debug)]
pub enum Item<'w> {
    File(Origin),
    Folder(Folder<'w>),
}

/// A folder that nobody has walked yet.
#[derive(Debug)]
pub struct Folder<'w> {
    /// The one that was named, in which it lies; globs are about what is below that.
    root: &'w Path,
    path: PathBuf,
}

/// Those who walk folders beside the one who does.
pub trait Helpers<'w> {
    /// Whether some of them have nothing to do. Handing a folder over costs more than walking one.
    fn are_idle(&self) -> bool;

    /// Gives them a folder; what is in it is theirs.
    fn give(&self, folder: Folder<'w>);
}

/// Nobody walks beside.
impl Helpers<'_> for () {
    fn are_idle(&self) -> bool {
        false
    }

    fn give(&self, _: Folder<'_>) {}
}

impl<'w> Walk<'w> {
    /// A walk of `paths`, and what to look at first: a file that is both named and found counts as
    /// named.
    pub fn of(
        paths: &'w [PathBuf],
        stdin_name: &str,
        exclude: &'w Exclude,
        force_exclude: bool,
    ) -> (Walk<'w>, Vec<Item<'w>>) {
        let (folders, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
            paths.iter().partition(|path| path.is_dir());
        let mut walk = Walk {
            exclude,
            seen: HashSet::new(),
            again: (folders.len() > 1).then(Mutex::default),
        };
        let mut items = Vec::new();
        for path in files {
            let origin = if path.as_os_str() == "-" {
                Origin::stdin(stdin_name)
            } else if force_exclude && !exclude.is_empty() && exclude.matches(path, path) {
                continue;
            } else {
                Origin::file_at(path.clone(), true)
            };
            if walk.seen.insert(origin.name.clone()) {
                items.push(Item::File(origin));
            }
        }
        items.extend(folders.into_iter().map(|path| {
            Item::Folder(Folder {
                root: path,
                path: path.clone(),
            })
        }));
        (walk, items)
    }

    /// Hands every file of a folder to `found`, but for those in folders that `helpers` get. What
    /// could not be looked at is returned, by name and reason.
    pub fn folder(
        &self,
        folder: &Folder<'w>,
        helpers: &dyn Helpers<'w>,
        found: &mut dyn FnMut(Origin),
    ) -> Vec<(String, String)> {
        let Folder { root, path } = folder;
        let exclude = self.exclude;
        let entries = WalkDir::new(path).into_iter().filter_entry(|entry| {
            if entry.depth() == 0 {
                return true;
            }
            let is_folder = entry.file_type().is_dir();
            let hidden = is_folder && is_hidden(last_name(entry.path()));
            if hidden || !exclude.is_empty() && exclude.matches(root, entry.path()) {
                return false;
            }
            let given = is_folder && helpers.are_idle();
            if given {
                helpers.give(Folder {
                    root,
                    path: entry.path().to_owned(),
                });
            }
            !given
        });
        let mut failures = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_file() && is_wanted(last_name(entry.path())) => {
                    let origin = Origin::file_at(entry.into_path(), false);
                    if self.is_new(&origin.name) {
                        found(origin);
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    let name = error.path().map_or_else(|| name_of(path), name_of);
                    let reason = error
                        .into_io_error()
                        .map_or_else(|| "a loop of folders".to_owned(), |io| reason_of(&io));
                    failures.push((name, reason));
                }
            }
        }
        failures
    }

    /// Whether a file was not handed on yet.
    fn is_new(&self, name: &str) -> bool {
        if self.seen.contains(name) {
            return false;
        }
        self.again.as_ref().is_none_or(|again| {
            let mut again = again.lock().unwrap_or_else(PoisonError::into_inner);
            again.insert(name.to_owned())
        })
    }
}

/// The last name of a path that the walk has made. Nothing ends it but its bytes: the general way
/// looks at what it may be, and every entry is asked.
fn last_name(path: &Path) -> &[u8] {
    let path = path.as_os_str().as_encoded_bytes();
    memchr::memrchr(MAIN_SEPARATOR as u8, path).map_or(path, |at| &path[at + 1..])
}

fn is_hidden(folder: &[u8]) -> bool {
    folder.starts_with(b".") || folder == b"node_modules"
}

fn is_wanted(file: &[u8]) -> bool {
    // As for a path's extension, a name that is nothing else has none.
    memchr::memrchr(b'.', file).is_some_and(|dot| {
        let extension = &file[dot + 1..];
        dot > 0
            && EXTENSIONS
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::fs;

    /// Helpers who take every folder.
    #[derive(Default)]
    struct Eager<'w>(RefCell<Vec<Folder<'w>>>);

    impl<'w> Helpers<'w> for Eager<'w> {
        fn are_idle(&self) -> bool {
            true
        }

        fn give(&self, folder: Folder<'w>) {
            self.0.borrow_mut().push(folder);
        }
    }

    fn all(paths: &[PathBuf], exclude: &Exclude, eager: bool) -> Vec<(String, bool)> {
        let (walk, items) = Walk::of(paths, "<stdin>", exclude, false);
        let helpers = Eager::default();
        let mut origins = Vec::new();
        let mut failures = Vec::new();
        for item in items {
            match item {
                Item::File(origin) => origins.push(origin),
                Item::Folder(folder) => helpers.give(folder),
            }
        }
        loop {
            let next = helpers.0.borrow_mut().pop();
            let Some(folder) = next else { break };
            let with: &dyn Helpers<'_> = if eager { &helpers } else { &() };
            let found = &mut |origin| origins.push(origin);
            failures.extend(walk.folder(&folder, with, found));
        }
        assert!(failures.is_empty(), "{failures:?}");
        origins.sort();
        origins.into_iter().map(|o| (o.name, o.named)).collect()
    }

    #[test]
    fn all_find_the_same_once_and_nothing_that_is_hidden() {
        let root = tempfile::tempdir().unwrap();
        let deep = format!("{}v.json", "d/".repeat(30));
        for file in [
            "b.json",
            "a/z.jsonl",
            "a/deep/er/w.tfstate",
            "a-b/y.ndjson",
            ".git/x.json",
            "node_modules/p/package.json",
            "a/node_modules/q.json",
            "old/v.json",
            "readme.md",
            "T.JSON",
            ".json",
            "json",
            &deep,
        ] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        let at = |file: &str| name_of(&root.path().join(file));
        let mut exclude = Exclude::new(root.path());
        exclude.add(root.path(), &["old".to_owned()]).unwrap();
        let want = [
            ("T.JSON", false),
            ("a-b/y.ndjson", false),
            ("a/deep/er/w.tfstate", false),
            ("a/z.jsonl", false),
            ("b.json", true),
            (&deep, false),
        ]
        .map(|(file, named)| (at(file), named));
        let below = root.path().join("a");
        for folders in [
            vec![root.path().to_owned()],
            vec![below, root.path().to_owned()],
        ] {
            let paths = [folders, vec![root.path().join("b.json")]].concat();
            for eager in [false, true] {
                assert_eq!(all(&paths, &exclude, eager), want, "{paths:?} {eager}");
            }
        }
        let hidden = [root.path().join(".git")];
        let named = all(&hidden, &Exclude::default(), true);
        assert_eq!(named, [(at(".git/x.json"), false)]);
    }
}
