//! Where the configuration stands, and how its bytes become text.
#![expect(
    clippy::disallowed_methods,
    reason = "the home of looking for the configuration"
)]

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use super::problem::{Show, Source};
use super::{Config, Problem, read};
use crate::failure::Failure;

/// What a configuration is called.
pub const FILE_NAME: &str = "entralint.toml";

/// No configuration is longer, in bytes.
pub const LARGEST: u64 = 1 << 20;

/// The configuration that applies to `input`: the nearest one from its folder upwards, as it is
/// called from `folder`, the current one. The search ends at the repository root, which is the
/// first folder that holds `.git`; without a repository it ends at the root of the file system.
///
/// A pipe or a device stands nowhere in a project: for one the search starts in `folder`.
///
/// # Errors
/// [`Failure::ConfigIo`], when a folder of the way cannot be looked into.
pub fn find(input: &Path, folder: &Path) -> Result<Option<PathBuf>, Failure> {
    let input = absolute(folder, input);
    let start = match input.metadata() {
        Ok(meta) if meta.is_dir() => &input,
        Ok(meta) if !meta.is_file() => folder,
        // It may be missing, which is reported in its turn; its folder may be there.
        _ => input.parent().unwrap_or(&input),
    };
    for place in start.ancestors() {
        let candidate = place.join(FILE_NAME);
        let fault = match candidate.metadata() {
            Ok(meta) if meta.is_file() => return Ok(Some(way(&candidate, folder))),
            // A pipe would keep us waiting for ever.
            Ok(_) => io::Error::other("it is no regular file"),
            Err(error) => error,
        };
        if !matches!(fault.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
            return Err(Failure::ConfigIo(
                way(&candidate, folder).display().to_string(),
                fault,
            ));
        }
        if place.join(".git").exists() {
            return Ok(None);
        }
    }
    Ok(None)
}

/// Reads the configuration at `path`, seen from `folder`.
///
/// # Errors
/// The file cannot be read, is too long, or has errors.
pub fn load(path: &Path, folder: &Path) -> Result<Config, Failure> {
    let shown = path.display().to_string();
    let path = absolute(folder, path);
    let mut bytes = Vec::new();
    let done = File::open(&path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    if let Err(error) = done {
        return Err(Failure::ConfigIo(shown, error));
    }
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::ConfigTooLarge(shown));
    }
    let mut config = parse(&bytes).map_err(|problems| Failure::Config(shown.clone(), problems))?;
    config.path = shown;
    config.folder = path.parent().unwrap_or(&path).to_owned();
    Ok(config)
}

/// Reads a configuration from its bytes.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file, up to a limit.
pub fn parse(bytes: &[u8]) -> Result<Config, Vec<Problem>> {
    read(text(bytes)?)
}

/// The bytes as text: UTF-8, with or without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, Vec<Problem>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let good = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or("");
    let message = if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        "the file is UTF-16, not UTF-8"
    } else {
        "the file is not UTF-8"
    };
    let help = "save it as UTF-8".to_owned();
    let end = good.len();
    let problem = Source::new(good).problem(end..end, Show::UpToMark, message, Some(help));
    Err(vec![problem])
}

/// `path` seen from `folder`, without `.` and `..`; symbolic links stay what they are.
pub fn absolute(folder: &Path, path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in folder.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The way from `folder` to a file that was found, not named: the same project gives the same
/// messages wherever it stands on a machine.
fn way(path: &Path, folder: &Path) -> PathBuf {
    for (up, ancestor) in folder.ancestors().enumerate() {
        // A file elsewhere on the machine is better called by its full name.
        if up > 0 && path.parent() != Some(ancestor) {
            continue;
        }
        if let Ok(rest) = path.strip_prefix(ancestor) {
            let mut short: PathBuf = std::iter::repeat_n("..", up).collect();
            short.push(rest);
            return short;
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn found(input: &Path, folder: &Path) -> Option<PathBuf> {
        let found = find(input, folder).expect("readable folders");
        found.map(|path| absolute(folder, &path))
    }

    #[test]
    fn the_nearest_one_up_to_the_repository_root() {
        let temp = tempfile::tempdir().unwrap();
        let top = temp.path();
        let deep = top.join("repo/exports/deep");
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir(top.join("repo/.git")).unwrap();
        fs::write(deep.join("apps.json"), "{}").unwrap();
        fs::write(top.join(FILE_NAME), "").unwrap();
        // Beyond the repository root nothing is looked for.
        assert_eq!(found(&deep, top), None);
        fs::write(top.join("repo").join(FILE_NAME), "").unwrap();
        let want = Some(top.join("repo").join(FILE_NAME));
        assert_eq!(found(&deep, top), want);
        assert_eq!(found(&deep.join("apps.json"), top), want);
        assert_eq!(found(&deep.join("missing.json"), top), want);
        assert_eq!(
            found(Path::new("deep/../deep"), &top.join("repo/exports")),
            want
        );
        fs::write(deep.join(FILE_NAME), "").unwrap();
        assert_eq!(found(&deep, top), Some(deep.join(FILE_NAME)));
    }

    #[test]
    fn pipes_and_devices_belong_to_the_current_folder() {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join(".git")).unwrap();
        fs::write(temp.path().join(FILE_NAME), "").unwrap();
        let want = Some(temp.path().join(FILE_NAME));
        assert_eq!(found(Path::new("/dev/null"), temp.path()), want);
    }

    #[test]
    fn a_folder_of_that_name_is_an_error() {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join(FILE_NAME)).unwrap();
        let error = find(Path::new("."), temp.path()).unwrap_err();
        assert!(matches!(error, Failure::ConfigIo(name, _) if name == FILE_NAME));
    }

    #[test]
    fn files_are_called_by_their_way_from_here() {
        for (path, folder, want) in [
            ("/w/repo/entralint.toml", "/w/repo", "entralint.toml"),
            ("/w/repo/a/entralint.toml", "/w/repo", "a/entralint.toml"),
            (
                "/w/repo/entralint.toml",
                "/w/repo/a/b",
                "../../entralint.toml",
            ),
            ("/other/entralint.toml", "/w/repo", "/other/entralint.toml"),
        ] {
            assert_eq!(way(Path::new(path), Path::new(folder)), Path::new(want));
        }
    }

    #[test]
    fn only_utf_8_is_read() {
        assert_eq!(text(b"\xef\xbb\xbfa = 1"), Ok("a = 1"));
        let problem = text(b"a = 1\n# caf\xe9").unwrap_err().remove(0);
        assert_eq!((problem.line, problem.column), (2, 6));
        let problem = text(b"\xff\xfea\0").unwrap_err().remove(0);
        assert!(problem.message.contains("UTF-16"));
    }

    #[test]
    fn what_cannot_be_a_configuration() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(
            temp.path().join("big.toml"),
            vec![b'#'; LARGEST as usize + 1],
        )
        .unwrap();
        let error = load(Path::new("big.toml"), temp.path()).unwrap_err();
        assert!(matches!(error, Failure::ConfigTooLarge(name) if name == "big.toml"));
        for path in ["missing.toml", "."] {
            let error = load(Path::new(path), temp.path()).unwrap_err();
            assert!(matches!(error, Failure::ConfigIo(..)), "{path}");
        }
    }
}
