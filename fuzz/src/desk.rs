//! A folder that a target reads from, in memory where the system has such a place.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::BETWEEN_FILES;

/// The most files that one input stands for.
const MOST_FILES: usize = 16;

/// A folder; what was in it before the last input is gone.
pub struct Desk {
    folder: TempDir,
    /// How many files the last input had.
    files: usize,
}

impl Default for Desk {
    fn default() -> Desk {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            TempDir::new_in(memory)
        } else {
            TempDir::new()
        };
        Desk {
            folder: folder.expect("a folder"),
            files: 0,
        }
    }
}

impl Desk {
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    pub fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// Writes the files of an input, in place of those before.
    pub fn put_all(&mut self, data: &[u8]) {
        for at in 0..self.files {
            fs::remove_file(self.folder.path().join(name(at))).expect("it was written");
        }
        let parts = data.split(|byte| *byte == BETWEEN_FILES).take(MOST_FILES);
        self.files = 0;
        for part in parts {
            self.put(&name(self.files), part);
            self.files += 1;
        }
    }
}

/// Every fourth is JSON Lines.
fn name(at: usize) -> String {
    let kind = if at % 4 == 3 { "ndjson" } else { "json" };
    format!("{at:02}.{kind}")
}
