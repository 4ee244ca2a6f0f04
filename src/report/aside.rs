//! A file that has no name until it is whole, so that a run that is stopped leaves nothing behind.
#![expect(
    clippy::disallowed_methods,
    reason = "the home of writing reports to files"
)]

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Something to write to on the file system of where it will be; given up when it is dropped.
#[derive(Debug)]
pub struct Aside(Kind);

#[derive(Debug)]
enum Kind {
    /// The system removes it whatever ends the process: Ctrl-C, the agent of a pipeline, `kill -9`.
    #[cfg(target_os = "linux")]
    Nameless(File, std::path::PathBuf),
    /// Where there is no such thing; what ends the process leaves it behind, hidden.
    Named(NamedTempFile),
}

impl Aside {
    /// An empty file in `folder`, of which nothing is seen there if the system can do that.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn new(folder: &Path) -> io::Result<Aside> {
        #[cfg(target_os = "linux")]
        if let Some(file) = nameless::open(folder) {
            return Ok(Aside(Kind::Nameless(file, folder.to_owned())));
        }
        builder().tempfile_in(folder).map(Kind::Named).map(Aside)
    }

    /// What to write to.
    pub fn file(&self) -> &File {
        match &self.0 {
            #[cfg(target_os = "linux")]
            Kind::Nameless(file, _) => file,
            Kind::Named(file) => file.as_file(),
        }
    }

    /// Puts it at `path`, in one step, instead of what is there; `path` is on the file system of
    /// the folder it was made in.
    ///
    /// # Errors
    /// It stays as it was there.
    pub fn persist(self, path: &Path) -> io::Result<()> {
        match self.0 {
            #[cfg(target_os = "linux")]
            Kind::Nameless(file, folder) => nameless::persist(file, &folder, path),
            Kind::Named(file) => file.persist(path).map(drop).map_err(|error| error.error),
        }
    }
}

/// Names and rights of what is named for a while.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".entralint-").suffix(".tmp");
    // Others are to read it, as far as the umask lets them; by itself it would be ours alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    builder
}

/// `O_TMPFILE` of open(2).
#[cfg(target_os = "linux")]
mod nameless {
    use std::fs::{self, File};
    use std::io::{self, Seek};
    use std::os::fd::AsRawFd;
    use std::path::{Path, PathBuf};

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat};

    /// `None` where the file system has no such files, or where they could not be named later.
    pub fn open(folder: &Path) -> Option<File> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::open(folder, flags, Mode::from(0o644)).ok()?);
        fs::metadata(descriptor(&file)).ok()?;
        Some(file)
    }

    /// The way that open(2) names to such a file.
    fn descriptor(file: &File) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
    }

    /// A link cannot replace a file, but a rename can: it has a name of its own for that moment.
    pub fn persist(mut file: File, folder: &Path, path: &Path) -> io::Result<()> {
        let link = |to: &Path| {
            let linked = linkat(CWD, descriptor(&file), CWD, to, AtFlags::SYMLINK_FOLLOW);
            linked.map_err(io::Error::from)
        };
        if let Ok(named) = super::builder().make_in(folder, link) {
            return named.persist(path).map(drop).map_err(|error| error.error);
        }
        let mut named = super::builder().tempfile_in(folder)?;
        file.rewind()?;
        io::copy(&mut file, &mut named)?;
        named.as_file().sync_all()?;
        named.persist(path).map(drop).map_err(|error| error.error)
    }
}
