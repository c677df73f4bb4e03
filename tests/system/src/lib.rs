//! The system tests: the built gateway under a real systemd and a real journald.
//!
//! Owns the list of cases and the order they run in. Runs as root inside the machine of
//! `machine.sh`, where the units are installed, the release binary is `/usr/bin/nenya`, the build
//! with the feature `faults` is `/usr/bin/nenya-faults`, and nothing else uses the ports. Never
//! run on a host: it stops services and writes below `/etc`. Called by `cargo xtask inside`,
//! which `cargo xtask test` starts in the machine.
//!
//! A case is a function that panics when a promise is broken. Each begins with the service in
//! the state of `Service::fresh`, whatever the one before left behind.

#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod cases;
mod inside;

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use inside::{Machine, Service};

/// One promise, and how it is tried.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    run: fn(&Service<'_>),
}

macro_rules! promises {
    ($($name:ident),* $(,)?) => {
        /// The cases of this theme, in the order they run in.
        pub(crate) const CASES: &[$crate::Case] = &[$($crate::Case { name: stringify!($name), run: $name }),*];
    };
}
pub(crate) use promises;

/// Runs the cases whose name holds `filter` and prints a line for each.
///
/// The last line is the count, in the form that test runners use.
pub fn run(filter: &str) -> ExitCode {
    let machine = Machine::prepare();
    let (mut passed, mut failed) = (0, 0);
    for case in cases::all().filter(|case| case.name.contains(filter)) {
        let began = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| (case.run)(&Service::fresh(&machine))));
        let verdict = if outcome.is_ok() { "ok  " } else { "FAIL" };
        say(&format!(
            "{verdict} {} ({:.1} s)",
            case.name,
            began.elapsed().as_secs_f64()
        ));
        if outcome.is_ok() {
            passed += 1;
        } else {
            failed += 1;
            say(&inside::journal::tail(30));
        }
    }
    say(&format!("{passed} passed, {failed} failed"));
    if failed == 0 && passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn say(line: &str) {
    // Nobody reads it: then nothing is lost but the words.
    writeln!(std::io::stdout(), "{line}").ok();
}
