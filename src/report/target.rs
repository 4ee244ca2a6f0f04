//! Where a report goes: standard output, or a file that is there whole or not at all.
#![expect(
    clippy::disallowed_methods,
    reason = "the home of writing reports to files"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::aside::Aside;

/// A place to write a report to; nothing is there before [`Target::finish`].
#[derive(Debug)]
pub struct Target(Kind);

#[derive(Debug)]
enum Kind {
    Stdout(io::Stdout),
    /// Aside until it is whole, and then there in one step.
    Whole(Aside, PathBuf),
    /// A pipe or a device: nothing to rename.
    Straight(File),
}

impl Target {
    /// Standard output.
    pub fn stdout() -> Target {
        Target(Kind::Stdout(io::stdout()))
    }

    /// The file at `path`, which need not exist; `is_input` tells whether a file (by its canonical
    /// path) is one that was read. A symbolic link is followed.
    ///
    /// # Errors
    /// Nothing can be written there, or it must not be.
    pub fn file(path: &Path, is_input: &dyn Fn(&Path) -> bool) -> io::Result<Target> {
        let refuse = |why: &str| Err(io::Error::other(why));
        let real = match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => return refuse("it is a folder"),
            Ok(meta) if !meta.is_file() => {
                let file = OpenOptions::new().write(true).open(path)?;
                return Ok(Target(Kind::Straight(file)));
            }
            Ok(meta) if meta.permissions().readonly() => return refuse("it is read-only"),
            Ok(_) => {
                let real = fs::canonicalize(path)?;
                if is_input(&real) {
                    return refuse("it is one of the inputs");
                }
                real
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if fs::symlink_metadata(path).is_ok() {
                    return refuse("it is a link that leads nowhere");
                }
                if path
                    .to_string_lossy()
                    .ends_with(['/', std::path::MAIN_SEPARATOR])
                {
                    return refuse("it is the name of a folder");
                }
                path.to_owned()
            }
            Err(error) => return Err(error),
        };
        let folder = match real.parent() {
            Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
            Some(folder) => folder,
            None => return refuse("it is the name of a folder"),
        };
        match fs::metadata(folder) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return refuse("what should be its folder is a file"),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return refuse("its folder does not exist");
            }
            Err(error) => return Err(error),
        }
        let file = Aside::new(folder)?;
        Ok(Target(Kind::Whole(file, real)))
    }

    /// The report is complete: puts it where it belongs.
    ///
    /// # Errors
    /// It could not be written to its end, or not be renamed; what was there before is still there.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Kind::Stdout(mut stdout) => stdout.flush(),
            Kind::Straight(mut file) => file.flush(),
            Kind::Whole(file, path) => {
                // Some file systems only now find out that they are full.
                file.file().sync_all()?;
                file.persist(&path)
            }
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Stdout(stdout) => stdout.write(bytes),
            Kind::Whole(file, _) => file.file().write(bytes),
            Kind::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Stdout(stdout) => stdout.flush(),
            Kind::Whole(file, _) => file.file().flush(),
            Kind::Straight(file) => file.flush(),
        }
    }
}

/// Whether two paths name one file, through whatever links; `-` is what standard input comes from,
/// where the system tells.
pub fn is_same(path: &Path, canonical: &Path) -> bool {
    let stdin = Path::new("/dev/stdin");
    let path = if path.as_os_str() == "-" { stdin } else { path };
    fs::canonicalize(path).is_ok_and(|path| path == canonical)
}

/// The canonical path of a folder; `None` for anything else.
pub fn folder(path: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(path).ok()?;
    fs::metadata(&real)
        .is_ok_and(|meta| meta.is_dir())
        .then_some(real)
}

/// Whether a file is a report that this tool wrote, or holds nothing that could be lost: a second
/// run may replace the report of the first, although a walk comes across it.
pub fn is_old_report(path: &Path) -> bool {
    // A pipe would keep us waiting for ever.
    if !fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
        return false;
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    read.is_ok() && tells_of_us(&String::from_utf8_lossy(&head))
}

fn tells_of_us(head: &str) -> bool {
    let text = head.trim_start_matches('\u{feff}').trim();
    let has = |what: &str| text.contains(what);
    let json = text.starts_with('{')
        && has("\"schemaVersion\"")
        && (has("\"name\": \"entralint\"") || has("\"name\":\"entralint\""));
    let sarif = text.starts_with("{\n\"$schema\"") && has("\"driver\": {\"name\": \"entralint\"");
    let lines = text.starts_with("{\"rule\":\"") && has("\"severity\":");
    let gitlab = text.starts_with("[\n{\"description\":") && has("\"check_name\":");
    text.is_empty() || text == "[]" || json || sarif || lines || gitlab
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, HumanOptions, samples};

    #[test]
    fn our_own_reports_are_known_again() {
        let (outcome, findings) = samples::run();
        for format in [Format::Json, Format::Ndjson, Format::Sarif, Format::Gitlab] {
            for findings in [&findings[..], &[]] {
                let mut report = format.report(&HumanOptions::default(), "");
                let text = samples::render(report.as_mut(), &outcome, findings);
                let head: String = text.chars().take(4000).collect();
                assert!(tells_of_us(&head), "{format:?}: {head}");
            }
        }
        assert!(tells_of_us("") && tells_of_us("[]\n"));
        assert!(!tells_of_us("[{\"displayName\":\"entralint\"}]"));
        assert!(!tells_of_us("{\"id\":\"x\",\"name\": \"entralint\"}"));
    }

    #[test]
    fn what_cannot_be_written_says_why() {
        let temp = tempfile::tempdir().unwrap();
        let at = |name: &str| temp.path().join(name);
        fs::write(at("old.txt"), "old").unwrap();
        fs::write(at("closed.txt"), "old").unwrap();
        let mut closed = fs::metadata(at("closed.txt")).unwrap().permissions();
        closed.set_readonly(true);
        fs::set_permissions(at("closed.txt"), closed).unwrap();
        let why = |path: PathBuf| {
            let opened = Target::file(&path, &|real| real.ends_with("old.txt"));
            opened.map(drop).unwrap_err().to_string()
        };
        assert_eq!(why(temp.path().to_owned()), "it is a folder");
        assert_eq!(why(at("none/x.txt")), "its folder does not exist");
        assert_eq!(why(at("none/")), "it is the name of a folder");
        assert_eq!(why(at("closed.txt")), "it is read-only");
        assert_eq!(why(at("old.txt")), "it is one of the inputs");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("old.txt"), at("link.txt")).unwrap();
            std::os::unix::fs::symlink(at("gone"), at("dangling")).unwrap();
            assert_eq!(why(at("link.txt")), "it is one of the inputs");
            assert_eq!(why(at("dangling")), "it is a link that leads nowhere");
        }
        assert_eq!(fs::read(at("old.txt")).unwrap(), b"old");
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("report.txt");
        fs::write(&path, "old").unwrap();
        let mut target = Target::file(&path, &|_| false).unwrap();
        target.write_all(b"new").unwrap();
        target.flush().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        target.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
        // One that is given up leaves nothing behind.
        let mut target = Target::file(&path, &|_| false).unwrap();
        target.write_all(b"half").unwrap();
        drop(target);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_it_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let temp = tempfile::tempdir().unwrap();
        let at = |name: &str| temp.path().join(name);
        fs::write(at("real.txt"), "old").unwrap();
        symlink("real.txt", at("link.txt")).unwrap();
        let mut target = Target::file(&at("link.txt"), &|_| false).unwrap();
        target.write_all(b"new").unwrap();
        target.finish().unwrap();
        assert!(fs::symlink_metadata(at("link.txt")).unwrap().is_symlink());
        assert_eq!(fs::read(at("real.txt")).unwrap(), b"new");
        let mode = fs::metadata(at("real.txt")).unwrap().permissions().mode();
        // What the umask takes away is not ours to say; 0600 would be the temporary file's own.
        let plain = at("plain.txt");
        fs::write(&plain, "").unwrap();
        let usual = fs::metadata(&plain).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, usual & 0o644);
    }
}
