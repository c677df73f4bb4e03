//! The file in which the gateway says how a reload ended.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Its name in the runtime directory.
pub const FILE: &str = "reload.json";

/// How one attempt to reload ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Counts attempts since the start, so that a reader knows a new verdict from an old one.
    pub attempt: u64,
    /// The generation in service.
    pub generation: u64,
    /// Why the attempt was refused, if it was.
    pub refusal: Option<String>,
}

impl Verdict {
    /// The last verdict, if there is a readable one.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Writes the verdict whole: a reader sees the old one or this one, never half of it.
    ///
    /// # Errors
    /// Those of writing and renaming a file.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        let fresh = directory.join("reload.json.new");
        fs::write(&fresh, serde_json::to_vec(self).map_err(io::Error::other)?)?;
        fs::rename(fresh, directory.join(FILE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_read_as_it_was_written() {
        let dir = tempfile::tempdir().expect("dir");
        let verdict = Verdict {
            attempt: 3,
            generation: 2,
            refusal: Some("`server.x` is not known".into()),
        };
        verdict.write(dir.path()).expect("written");
        assert_eq!(Verdict::read(&dir.path().join(FILE)), Some(verdict));
    }

    #[test]
    fn a_missing_or_torn_file_is_no_verdict() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join(FILE);
        assert_eq!(Verdict::read(&path), None);
        fs::write(&path, "{\"attempt\":1").expect("written");
        assert_eq!(Verdict::read(&path), None);
    }
}
