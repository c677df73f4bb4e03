//! What the service wrote to the journal.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::machine::{run, said, succeeds};
use super::service::UNIT;

/// Where the case that runs began: what earlier cases wrote is not its business.
static BEGINNING: Mutex<String> = Mutex::new(String::new());

/// From here on, only what is written later is found.
pub(crate) fn begin() {
    succeeds("journalctl", &["--sync"]);
    let said = succeeds("journalctl", &["--show-cursor", "--lines=0", "--quiet"]);
    let cursor = said.rsplit("-- cursor: ").next().unwrap_or_default();
    cursor.clone_into(&mut BEGINNING.lock().unwrap_or_else(PoisonError::into_inner));
}

fn since_the_beginning() -> String {
    format!(
        "--after-cursor={}",
        BEGINNING.lock().unwrap_or_else(PoisonError::into_inner)
    )
}

/// The records of the unit that match, such as `REQUEST_ID=a`, oldest first.
pub(crate) fn records(matches: &[&str]) -> Vec<Value> {
    succeeds("journalctl", &["--sync"]);
    let unit = format!("_SYSTEMD_UNIT={UNIT}");
    let since = since_the_beginning();
    let mut arguments = vec!["--output=json", "--no-pager", "--all", &since, &unit];
    arguments.extend(matches);
    let lines = succeeds("journalctl", &arguments);
    lines
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// Waits for the first record that matches: records are written behind the answer.
pub(crate) fn record(matches: &[&str]) -> Value {
    super::until(&format!("a record with {matches:?}"), || {
        records(matches).into_iter().next()
    })
}

/// Everything about the unit, the manager's own lines too.
pub(crate) fn text() -> String {
    succeeds("journalctl", &["--sync"]);
    succeeds(
        "journalctl",
        &[
            "--output=cat",
            "--no-pager",
            "--all",
            &since_the_beginning(),
            "--unit",
            UNIT,
        ],
    )
}

/// Waits for a line that holds `words`.
pub(crate) fn until_said(words: &str) {
    super::until(&format!("`{words}` in the journal"), || {
        text().contains(words).then_some(())
    });
}

/// The whole journal with every field, for searches.
pub(crate) fn everything() -> String {
    succeeds("journalctl", &["--sync"]);
    succeeds("journalctl", &["--output=export", "--no-pager", "--all"])
}

/// The last lines, for a case that failed.
pub(crate) fn tail(lines: u32) -> String {
    said(&run(
        "journalctl",
        &[
            "--no-pager",
            "--output=short-monotonic",
            "--lines",
            &lines.to_string(),
        ],
    ))
}
