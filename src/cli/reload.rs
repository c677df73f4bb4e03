//! `nenya reload`: makes the running gateway read its configuration again, and tells its verdict.
//!
//! A signal has no answer, so the gateway writes one file after each attempt, and this command
//! waits for it. `systemctl reload` fails if this command does.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use super::{complain, say};
use crate::reload::verdict::{FILE, Verdict};

/// How long a reload may take before the command gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which gateway to reload.
#[derive(Debug, Args)]
pub(crate) struct Reload {
    /// Process to signal (default: MAINPID, which systemd sets)
    #[arg(long, env = "MAINPID")]
    pid: i32,
    /// Directory of the verdict file (default: RUNTIME_DIRECTORY, which systemd sets)
    #[arg(long, env = "RUNTIME_DIRECTORY")]
    runtime_dir: PathBuf,
}

pub(super) fn run(reload: &Reload) -> ExitCode {
    let path = reload.runtime_dir.join(FILE);
    let before = Verdict::read(&path).map_or(0, |verdict| verdict.attempt);
    if let Err(error) = crate::process::signal_reload(reload.pid) {
        return complain(&format!("cannot signal process {}: {error}", reload.pid));
    }
    match wait(&path, before) {
        None => complain(
            "the gateway gave no verdict in time; `journalctl -u nenya` shows what it does",
        ),
        Some(Verdict {
            refusal: Some(why), ..
        }) => complain(&format!(
            "refused, the old configuration stays in service: {why}"
        )),
        Some(Verdict {
            refusal: None,
            generation,
            ..
        }) => say(&format!("reloaded, generation {generation}")),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a command of one thread that waits for a file"
)]
fn wait(path: &std::path::Path, before: u64) -> Option<Verdict> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(verdict) = Verdict::read(path).filter(|verdict| verdict.attempt > before) {
            return Some(verdict);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}
