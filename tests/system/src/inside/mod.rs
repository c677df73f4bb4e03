//! What the cases share: the machine, the service, its files, a client, load, the journal.

#[expect(
    dead_code,
    reason = "shared with the tests of the program, which need more of it"
)]
#[path = "../../../program/harness/http.rs"]
pub(crate) mod http;
pub(crate) mod journal;
pub(crate) mod load;
pub(crate) mod machine;
pub(crate) mod service;

pub(crate) use http::{Client, Request};
pub(crate) use machine::Machine;
pub(crate) use service::Service;

use std::time::{Duration, Instant};

/// Long enough for a slow machine; nothing waits for it when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until `met` gives something.
pub(crate) fn until<T>(what: &str, mut met: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = met() {
            return value;
        }
        assert!(Instant::now() < end, "never came to pass: {what}");
        pause(Duration::from_millis(20));
    }
}

/// Lets time pass: the service manager acts on a clock of its own that no test can turn.
pub(crate) fn pause(time: Duration) {
    let end = Instant::now() + time;
    while let Some(left) = end
        .checked_duration_since(Instant::now())
        .filter(|left| !left.is_zero())
    {
        std::thread::park_timeout(left);
    }
}
