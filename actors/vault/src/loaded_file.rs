//! Opens one secrets file and reads it into locked pages.
//!
//! Owns the rule for links and the limit of size. What the file means, and who else can read it,
//! others decide. Its bytes are never in ordinary memory: `read(2)` writes them straight into the
//! pages.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::access::Access;
use crate::error::VaultError;
use crate::locked_pages::LockedPages;

/// Most bytes of one file. Room for 50,000 keys; a larger file is not a secrets file.
pub(crate) const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// One file in locked pages.
#[derive(Debug)]
pub(crate) struct LoadedFile {
    pub(crate) path: PathBuf,
    pages: LockedPages,
    len: usize,
}

impl LoadedFile {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.pages.bytes().get(..self.len).unwrap_or_default()
    }
}

/// Opens what the path leads to, after making sure that it does not lead out of `root`.
///
/// The last link is resolved by us and then not followed again, so that nobody can exchange
/// it in between; what is judged afterwards is the open file.
pub(crate) fn open(path: &Path, root: &Path) -> Result<(File, Metadata), VaultError> {
    let target = fs::canonicalize(path).map_err(unreadable(path))?;
    if !target.starts_with(root) {
        return Err(VaultError::LinkLeavesSource {
            link: path.to_owned(),
            target,
        });
    }
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(&target)
        .map_err(unreadable(path))?;
    let found = file.metadata().map_err(unreadable(path))?;
    if !found.is_file() {
        return Err(VaultError::NotAFile {
            path: path.to_owned(),
        });
    }
    if found.len() > LARGEST_FILE {
        return Err(VaultError::TooLarge {
            path: path.to_owned(),
            limit: LARGEST_FILE,
        });
    }
    Ok((file, found))
}

/// Reads a file of `len` bytes. One byte of room more shows whether it has grown.
pub(crate) fn read_to_pages(
    path: &Path,
    mut file: File,
    len: u64,
    memory_required: bool,
) -> Result<LoadedFile, VaultError> {
    let room = usize::try_from(len).unwrap_or(usize::MAX).saturating_add(1);
    // Why it is not locked, if it is not, is told once, when the vault's own pages are made.
    let (mut pages, _) = LockedPages::new(room, memory_required)?;
    let mut len = 0;
    while let Some(free) = pages
        .bytes_mut()
        .get_mut(len..)
        .filter(|free| !free.is_empty())
    {
        match file.read(free) {
            Ok(0) => {
                return Ok(LoadedFile {
                    path: path.to_owned(),
                    pages,
                    len,
                });
            }
            Ok(read) => len += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(path)(error)),
        }
    }
    Err(VaultError::ChangedWhileRead {
        path: path.to_owned(),
    })
}

pub(crate) fn access<'p>(path: &'p Path, found: &Metadata) -> Access<'p> {
    Access {
        path,
        mode: found.mode() & 0o7777,
        owner: found.uid(),
    }
}

pub(crate) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    move |error| VaultError::Unreadable {
        path: path.to_owned(),
        reason: error.kind(),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn file_with(text: &str) -> (TempDir, PathBuf) {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("secrets");
        fs::write(&path, text).unwrap();
        (dir, path)
    }

    #[test]
    fn a_file_is_read_whole() {
        let (_dir, path) = file_with("{\"client_token\"}");
        let loaded = read_to_pages(&path, File::open(&path).unwrap(), 16, true).unwrap();
        assert_eq!(loaded.bytes(), b"{\"client_token\"}");
        assert!(!format!("{loaded:?}").contains("client_token"));
    }

    #[test]
    fn a_file_that_grew_since_it_was_measured_is_refused() {
        let (_dir, path) = file_with("{\"client_token\"}");
        let refused = read_to_pages(&path, File::open(&path).unwrap(), 5, true).map(drop);
        assert_eq!(refused, Err(VaultError::ChangedWhileRead { path }));
    }

    #[test]
    fn a_file_that_shrank_since_is_read_to_its_end() {
        let (_dir, path) = file_with("{}");
        let loaded = read_to_pages(&path, File::open(&path).unwrap(), 5_000, true).unwrap();
        assert_eq!(loaded.bytes(), b"{}");
    }
}
