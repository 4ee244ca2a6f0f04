//! An input, and what its path tells.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;

use crate::infrastructure::File;
use crate::model::{Guid, Relation};

/// One input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The path in reports, with forward slashes; `<stdin>` or what `--stdin-filename` says.
    pub name: String,
    place: Place,
    /// Named on the command line, not found by walking.
    pub named: bool,
    /// The text of the parameters file beside an ARM template.
    pub parameters: Option<Arc<str>>,
}

/// Where to read an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    #[default]
    Stdin,
    /// The file whose path is the name, as nearly all are: there may be many thousand.
    Name,
    /// A file whose path is spelled in another way.
    Path(PathBuf),
}

impl Origin {
    /// A file: one that was `named`, or one that was found.
    pub fn file_at(path: PathBuf, named: bool) -> Origin {
        let (name, place) = match path.into_os_string().into_string() {
            Ok(path) if MAIN_SEPARATOR == '/' => match path.starts_with("./") {
                // It is the same file.
                true => (name_of(path.as_ref()), Place::Name),
                false => (path, Place::Name),
            },
            Ok(path) => (name_of(path.as_ref()), Place::Path(path.into())),
            Err(path) => (name_of(path.as_ref()), Place::Path(path.into())),
        };
        Origin {
            name,
            place,
            named,
            parameters: None,
        }
    }

    /// Standard input, under the name that it has in reports.
    pub fn stdin(name: &str) -> Origin {
        Origin {
            named: true,
            ..Origin::called(name)
        }
    }

    /// What only has a name, and is not read.
    pub fn called(name: impl Into<String>) -> Origin {
        Origin {
            name: name.into(),
            ..Origin::default()
        }
    }

    /// Where to read it; `None` is standard input.
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::Stdin => None,
            Place::Name => Some(Path::new(&self.name)),
            Place::Path(path) => Some(path),
        }
    }

    /// A collector's tree has one file per object, `<id>/<id>.json`: such a file is a leaf of a
    /// larger export, not a manifest that somebody wrote.
    pub fn is_leaf_of_tree(&self) -> bool {
        let name = self.name.as_bytes();
        let names_it = memchr::memrchr(b'/', name).is_some_and(|slash| {
            let (folder, file) = (&name[..slash], &name[slash + 1..]);
            let stem = memchr::memrchr(b'.', file).map_or(file, |dot| &file[..dot]);
            let rest = folder.strip_suffix(stem);
            !stem.is_empty() && rest.is_some_and(|rest| rest.last().is_none_or(|b| *b == b'/'))
        });
        !self.named && self.path().is_some() && names_it
    }

    /// What the path tells of the things in the file.
    pub fn link(&self) -> Link {
        Link::of(&self.name)
    }

    /// What decides of the templates and plans in the file.
    pub fn file(&self) -> File<'_> {
        File {
            name: &self.name,
            parameters: self.parameters.as_deref(),
        }
    }

    /// Where the parameters of a template stand beside it: `main.parameters.json` of `main.json`
    /// (the convention of Azure's tools), `parameters.json` of the portal's `template.json`.
    pub fn parameters_path(&self) -> Option<PathBuf> {
        let path = self.path()?;
        let name = path.file_name()?.to_str()?;
        let stem = name.strip_suffix(".json")?;
        Some(path.with_file_name(match stem {
            "template" => "parameters.json".to_owned(),
            stem => format!("{stem}.parameters.json"),
        }))
    }

    /// Whether the name says that every line is a record.
    pub fn is_lines(&self) -> bool {
        self.name.rsplit_once('.').is_some_and(|(_, extension)| {
            extension.eq_ignore_ascii_case("jsonl") || extension.eq_ignore_ascii_case("ndjson")
        })
    }
}

/// What the path of a file tells of the things in it: `owners/<application>.json`,
/// `Applications/<id>/Owners/<owner>/<owner>.json`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How the things stand to something else, told by the names of the folders.
    pub relation: Option<Relation>,
    /// GUIDs in the path, the nearest to the file's end first; nil where there are fewer, and where
    /// the path tells no relation.
    pub ids: [Guid; 3],
}

impl Default for Link {
    fn default() -> Self {
        Link {
            relation: None,
            ids: [Guid::NIL; 3],
        }
    }
}

impl Link {
    /// Reads a path with slashes of either kind.
    pub fn of(path: &str) -> Link {
        let mut link = Link::default();
        // Most paths speak of nothing, and there is one for each of many small files.
        if relation(path).is_none() {
            return link;
        }
        let mut found = 0;
        for part in path.rsplit(['/', '\\']) {
            let stem = part.split('.').next().unwrap_or(part);
            if let Some(id) = Guid::parse_strict(stem.trim()) {
                if let Some(slot) = link.ids.get_mut(found) {
                    *slot = id;
                    found += 1;
                }
                continue;
            }
            link.relation = link.relation.or_else(|| relation(stem));
        }
        link
    }

    /// Whose owner, member or credential a thing is that has the id `own` itself: the nearest
    /// other GUID of the path. Nil when the path does not speak of `relation`.
    pub fn owner(&self, relation: Relation, own: Guid) -> Guid {
        if self.relation != Some(relation) {
            return Guid::NIL;
        }
        self.ids
            .into_iter()
            .find(|id| *id != own)
            .unwrap_or(Guid::NIL)
    }
}

/// The name of a path in reports: as reached, with forward slashes, without a leading `./`.
pub fn name_of(path: &Path) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let name = path.to_string_lossy();
    if MAIN_SEPARATOR == '\\' {
        name.replace('\\', "/")
    } else {
        name.into_owned()
    }
}

/// What the name of a file or folder speaks of: the first of owner, member and federated that is in
/// it, in any case.
fn relation(name: &str) -> Option<Relation> {
    let name = name.as_bytes();
    // The letter that all three have, and ids in paths have not.
    let places = memchr::memchr2_iter(b'r', b'R', name);
    places.filter_map(|at| relation_at(name, at)).min()
}

/// What a name speaks of with the word whose `r` stands `at` this place.
fn relation_at(name: &[u8], at: usize) -> Option<Relation> {
    let (before, behind) = (&name[..at], &name[at..]);
    let is = |start: &[u8], end: &[u8]| {
        let before = before
            .len()
            .checked_sub(start.len())
            .map(|from| &before[from..]);
        let behind = behind.get(..end.len());
        before.is_some_and(|before| before.eq_ignore_ascii_case(start))
            && behind.is_some_and(|behind| behind.eq_ignore_ascii_case(end))
    };
    match before.last()? {
        b'e' | b'E' if is(b"owne", b"r") => Some(Relation::Owner),
        b'e' | b'E' if is(b"membe", b"r") => Some(Relation::Member),
        b'e' | b'E' if is(b"fede", b"rated") => Some(Relation::Federated),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_whose_things_a_file_lists() {
        let (app, owner) = (
            "0f3c8a1e-5b7d-4c2a-9e61-2d4b8f0a7c35",
            "7d2e9b40-1c6f-4a83-b5d8-3e0f6a9c2b71",
        );
        let guid = |text: &str| Guid::parse_strict(text).unwrap();
        for (path, relation, whole) in [
            (
                format!("export/owners/{app}.json"),
                Relation::Owner,
                guid(app),
            ),
            (
                format!("Applications\\{app}\\Owners\\{owner}\\{owner}.json"),
                Relation::Owner,
                guid(app),
            ),
            (
                format!("group-members/{app}.json"),
                Relation::Member,
                guid(app),
            ),
            (
                format!("federated-identity-credentials/{app}.json"),
                Relation::Federated,
                guid(app),
            ),
            ("owners.json".to_owned(), Relation::Owner, Guid::NIL),
        ] {
            let link = Link::of(&path);
            assert_eq!(link.relation, Some(relation), "{path}");
            assert_eq!(link.owner(relation, guid(owner)), whole, "{path}");
        }
    }

    #[test]
    fn names_speak_of_relations() {
        for (name, told) in [
            ("", None),
            ("r", None),
            ("apps", None),
            ("servers/r\u{e9}f\u{e9}r\u{e9}", None),
            ("wner", None),
            ("federate", None),
            ("myOwnerList", Some(Relation::Owner)),
            ("MEMBERS", Some(Relation::Member)),
            ("remembers-of-owners", Some(Relation::Owner)),
            ("federated/member", Some(Relation::Member)),
            ("FederatedIdentityCredentials", Some(Relation::Federated)),
            ("preFEDERATED", Some(Relation::Federated)),
        ] {
            assert_eq!(relation(name), told, "{name}");
        }
    }

    #[test]
    fn a_file_is_read_at_its_path_whatever_its_name() {
        for path in ["a/b.json", "/a/./b.json", "../a.json", ".a.json"] {
            let origin = Origin::file_at(path.into(), true);
            assert_eq!(origin.path(), Some(Path::new(path)));
            assert_eq!(origin.name, path);
        }
        let here = Origin::file_at("./a.json".into(), true);
        assert_eq!(
            (here.path(), &*here.name),
            (Some(Path::new("a.json")), "a.json")
        );
        assert_eq!(Origin::stdin("x.json").path(), None);
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt;
            let path = PathBuf::from(std::ffi::OsString::from_vec(b"a/\xff.json".to_vec()));
            let origin = Origin::file_at(path.clone(), false);
            assert_eq!(origin.path(), Some(path.as_path()));
            assert_eq!(origin.name, "a/\u{fffd}.json");
        }
    }

    #[test]
    fn leaves_of_a_collectors_tree() {
        let leaf = |path: &str, named| Origin::file_at(path.into(), named);
        for path in ["x1/x1.json", "x.1/x.1.json", "x1/x1", "/x1/x1.ndjson"] {
            assert!(leaf(path, false).is_leaf_of_tree(), "{path}");
        }
        for path in [
            "x1.json",
            "/x1.json",
            "x/.json",
            "yx1/x1.json",
            "x1//x1.json",
            "x1/a/x1.json",
        ] {
            assert!(!leaf(path, false).is_leaf_of_tree(), "{path}");
        }
        assert!(leaf("Applications/x1/x1.json", false).is_leaf_of_tree());
        assert!(!leaf("Applications/x1/x1.json", true).is_leaf_of_tree());
        assert!(!leaf("apps/x1.json", false).is_leaf_of_tree());
    }
}
