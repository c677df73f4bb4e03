//! What kind of memory can be had for secrets, and what stands in the way of a better one.
//!
//! Only looks and reports; [`crate::locked_pages`] maps.

use std::fmt;

use serde::Serialize;

use crate::error::{ShownLimit, VaultError};
use crate::harden::lock_limits;
use crate::locked_pages::LockedPages;

/// What secrets are kept in, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryKind {
    /// `memfd_secret`: locked, and unreadable through `/proc/<pid>/mem` even for root.
    SecretMemory,
    /// Anonymous pages under `mlock`: never swapped out.
    LockedPages,
    /// Ordinary pages: wiped on drop, but may be swapped out.
    Plain,
}

impl fmt::Display for MemoryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecretMemory => "secret memory",
            Self::LockedPages => "locked pages",
            Self::Plain => "plain pages",
        })
    }
}

/// What `nenya doctor` says about memory for secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemoryReport {
    /// The best kind that could be had just now.
    pub kind: MemoryKind,
    /// How many bytes were tried.
    pub bytes: usize,
    /// Soft limit of locked memory in bytes; `None` is unlimited.
    pub soft_limit: Option<u64>,
    /// Hard limit of locked memory in bytes; `None` is unlimited.
    pub hard_limit: Option<u64>,
    /// Why no locked memory could be had and what to do, if none could.
    pub problem: Option<String>,
}

impl fmt::Display for MemoryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes in {}", self.bytes, self.kind)?;
        write!(
            f,
            "; limit {} (hard {})",
            ShownLimit(self.soft_limit),
            ShownLimit(self.hard_limit)
        )?;
        match &self.problem {
            Some(problem) => write!(f, "; {problem}"),
            None => Ok(()),
        }
    }
}

/// Tries to get `bytes` of locked memory, gives them back and reports.
#[must_use]
pub fn probe_memory(bytes: usize) -> MemoryReport {
    let limits = lock_limits();
    let found = LockedPages::locked(bytes);
    MemoryReport {
        kind: found.as_ref().map_or(MemoryKind::Plain, LockedPages::kind),
        bytes,
        soft_limit: limits.soft,
        hard_limit: limits.hard,
        problem: found.err().map(|error: VaultError| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_can_be_locked() {
        let report = probe_memory(100);
        assert_ne!(report.kind, MemoryKind::Plain, "{report}");
        assert_eq!(report.problem, None);
    }

    #[test]
    fn more_than_the_machine_has_is_reported_with_name_limit_and_remedy() {
        let report = probe_memory(usize::MAX / 2);
        assert_eq!(report.kind, MemoryKind::Plain);
        let problem = report.problem.unwrap();
        assert!(problem.starts_with("ErrMLockFailure"), "{problem}");
        assert!(
            problem.contains("LimitMEMLOCK=") && problem.contains("ulimit -l"),
            "{problem}"
        );
    }
}
