//! What the process does to itself so that others cannot look into it, and what it asks the
//! system about itself.
//!
//! Owns no state. Called once by the program before secrets are read, and by `nenya doctor`.
//!
//! This file has unsafe code: four system calls. `docs/unsafe.md` lists each site.
#![allow(
    unsafe_code,
    reason = "process attributes and limits are set by system calls"
)]

use std::ffi::c_int;
use std::fmt;
use std::io;

/// One measure that was tried, for the log and for `nenya doctor`.
#[derive(Debug)]
pub struct Measure {
    /// What it does, in a few words.
    pub name: &'static str,
    /// Whether it took effect.
    pub outcome: Result<(), io::Error>,
}

impl Measure {
    /// Whether it took effect.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.outcome.is_ok()
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Ok(()) => write!(f, "{}: ok", self.name),
            Err(error) => write!(f, "{}: {error}", self.name),
        }
    }
}

/// Forbids core files, and where the system can, other processes to look into this one.
///
/// # Security
/// Of the two measures the first matters more: a handler that core files are piped to gets them
/// whatever the size limit is, but none is written for a process that is not dumpable. It also
/// keeps processes of the same user from attaching. Root still can.
#[must_use]
pub fn harden_process() -> Vec<Measure> {
    vec![
        Measure {
            name: "process is not dumpable",
            outcome: forbid_dumps(),
        },
        Measure {
            name: "core files have size zero",
            outcome: forbid_core_files(),
        },
    ]
}

#[cfg(target_os = "linux")]
fn forbid_dumps() -> io::Result<()> {
    // SAFETY: sets one attribute of this process; the call takes integers only.
    answered(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) })
}

#[cfg(not(target_os = "linux"))]
fn forbid_dumps() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn forbid_core_files() -> io::Result<()> {
    let none = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the kernel reads one `rlimit`, which is alive during the call.
    answered(unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) })
}

/// How much memory this process may lock, in bytes; `None` is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LockLimits {
    pub(crate) soft: Option<u64>,
    pub(crate) hard: Option<u64>,
}

/// A limit that cannot be read counts as unlimited: it is only shown.
pub(crate) fn lock_limits() -> LockLimits {
    let mut limit = libc::rlimit {
        rlim_cur: libc::RLIM_INFINITY,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: the kernel writes one `rlimit`, which is alive and ours during the call.
    let asked = answered(unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &raw mut limit) });
    match asked {
        Ok(()) => LockLimits {
            soft: finite(limit.rlim_cur),
            hard: finite(limit.rlim_max),
        },
        Err(_) => LockLimits {
            soft: None,
            hard: None,
        },
    }
}

#[allow(
    clippy::useless_conversion,
    reason = "the type is narrower on 32-bit systems"
)]
fn finite(limit: libc::rlim_t) -> Option<u64> {
    (limit != libc::RLIM_INFINITY).then(|| u64::from(limit))
}

/// The user whose rights this process has.
pub(crate) fn effective_user() -> u32 {
    // SAFETY: the call takes nothing, touches no memory and cannot fail.
    unsafe { libc::geteuid() }
}

fn answered(result: c_int) -> io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
