//! Putting a changed file in the place of the old one, whole or not at all.
#![expect(clippy::disallowed_methods, reason = "the home of writing inputs")]

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Why a file is left as it is.
#[derive(Debug)]
pub enum Refused {
    ReadOnly,
    NotAFile,
    /// It is no longer what was judged.
    Changed,
    TooLarge,
    /// What was tried, and what the system said.
    Io(&'static str, io::Error),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::ReadOnly => f.write_str("it is read-only; make it writable and run again"),
            Refused::NotAFile => f.write_str("it is no regular file"),
            Refused::Changed => f.write_str("it changed meanwhile; run again"),
            Refused::TooLarge => f.write_str("it grew beyond --max-input-size"),
            Refused::Io(what, error) => write!(f, "cannot {what}: {error}"),
        }
    }
}

/// Whether a path is standard input or something else that can be read only once.
pub fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
        || fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// The bytes of a file of at most `limit` bytes.
///
/// # Errors
/// Why it cannot be read.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let read = |bytes: &mut Vec<u8>| {
        let file = File::open(path)?;
        file.take(limit.saturating_add(1)).read_to_end(bytes)
    };
    read(&mut bytes).map_err(|error| Refused::Io("read it", error))?;
    if bytes.len() as u64 > limit {
        return Err(Refused::TooLarge);
    }
    Ok(bytes)
}

/// Writes `after` in the place of `before`. Of a symbolic link the file it leads to is written, as
/// an editor does, and the link stays.
///
/// The new file is written and flushed beside the old one and then renamed, so that at any moment
/// there is one of the two. It has the old one's mode, and its owner where that may be set.
///
/// # Errors
/// Why nothing was written.
pub fn replace(path: &Path, before: &[u8], after: &[u8]) -> Result<(), Refused> {
    let target = fs::canonicalize(path).map_err(|error| Refused::Io("find it", error))?;
    let data = fs::metadata(&target).map_err(|error| Refused::Io("look at it", error))?;
    if !data.is_file() {
        return Err(Refused::NotAFile);
    }
    // A rename asks for no right to write the file, only the folder.
    if data.permissions().readonly() {
        return Err(Refused::ReadOnly);
    }
    match OpenOptions::new().write(true).open(&target) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(Refused::ReadOnly);
        }
        Err(error) => return Err(Refused::Io("write it", error)),
    }
    let folder = target.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let new = beside(&folder, after, &data)
        .map_err(|error| Refused::Io("write a file beside it", error))?;
    // As late as can be.
    let now = read(&target, before.len().max(after.len()) as u64);
    match now {
        Ok(now) if now == before => {}
        // The file was named twice.
        Ok(now) if now == after => return Ok(()),
        _ => return Err(Refused::Changed),
    }
    new.persist(&target)
        .map_err(|error| Refused::Io("put the new file in its place", error.error))?;
    Ok(())
}

/// A complete file with a name of its own, which is removed again unless it is kept.
fn beside(folder: &Path, bytes: &[u8], like: &Metadata) -> io::Result<tempfile::NamedTempFile> {
    let mut new = tempfile::Builder::new()
        .prefix(".entralint-")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    new.write_all(bytes)?;
    own(new.as_file(), like);
    new.as_file().set_permissions(like.permissions())?;
    new.as_file().sync_all()?;
    Ok(new)
}

/// Gives a file to the owner of another, where that is allowed.
#[cfg(unix)]
fn own(file: &File, like: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let differs = |data: Metadata| data.uid() != like.uid() || data.gid() != like.gid();
    if file.metadata().is_ok_and(differs) {
        // Whoever may not do so gets a file of his own, as with most editors.
        let _ = fchown(file, Some(like.uid()), Some(like.gid()));
    }
}

#[cfg(not(unix))]
fn own(_: &File, _: &Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_changed_meanwhile_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        for now in ["other", "befor", "before and more", ""] {
            fs::write(&path, now).expect("it is written");
            let refused = replace(&path, b"before", b"after");
            assert!(matches!(refused, Err(Refused::Changed)), "{now}");
            assert_eq!(fs::read_to_string(&path).expect("it is there"), now);
        }
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let refused = replace(folder.path(), b"", b"x");
        assert!(matches!(refused, Err(Refused::NotAFile)));
        let gone = replace(&folder.path().join("gone"), b"", b"x");
        assert!(matches!(gone, Err(Refused::Io(..))));
        assert!(names(folder.path()).is_empty());
    }
}
