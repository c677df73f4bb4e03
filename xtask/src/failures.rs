//! Keeps what failing commands said about it, so that it stands again at the end.
//!
//! Who sees the last lines of a long run then knows which check failed and why. Lines of
//! commands that succeed are not kept, and of others only those that tell of a failure.

use std::mem;
use std::sync::{Mutex, PoisonError};

/// Most lines that are kept of one command.
const MOST_LINES: usize = 200;

/// How the report of a failure begins and ends in what a runner prints.
struct Report {
    begins: fn(&str) -> bool,
    ends: fn(&str) -> bool,
    most_lines: usize,
}

/// Cargo's tests, node's, Python's, our system cases, and compilers; then what panics.
const REPORTS: &[Report] = &[
    Report {
        begins: |line| line == "failures:",
        ends: |line| line.starts_with("test result: "),
        most_lines: MOST_LINES,
    },
    Report {
        begins: |line| line.trim_start().starts_with("not ok "),
        ends: |line| line.trim() == "...",
        most_lines: 40,
    },
    Report {
        begins: |line| line.starts_with("FAIL: ") || line.starts_with("ERROR: "),
        ends: |line| line.starts_with("Ran "),
        most_lines: 60,
    },
    Report {
        begins: |line| line.starts_with("FAIL "),
        ends: |line| line.starts_with("ok  "),
        most_lines: 40,
    },
    Report {
        begins: |line| line.starts_with("error: ") || line.starts_with("error["),
        ends: str::is_empty,
        most_lines: 20,
    },
    Report {
        begins: |line| line.starts_with("thread '") && line.contains(" panicked at "),
        ends: |_| false,
        most_lines: 4,
    },
];

static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Reads the lines of one command.
#[derive(Default)]
pub(crate) struct Reader {
    kept: Vec<String>,
    within: Option<&'static Report>,
    left: usize,
}

impl Reader {
    pub(crate) fn read(&mut self, line: &str) {
        if self.within.is_none() {
            self.within = REPORTS.iter().find(|report| (report.begins)(line));
            self.left = self.within.map_or(0, |report| report.most_lines);
        }
        let Some(report) = self.within else { return };
        if self.kept.len() < MOST_LINES {
            self.kept.push(line.to_owned());
        }
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || (report.ends)(line) {
            self.within = None;
        }
    }

    /// Keeps what was read, for the end of the run.
    pub(crate) fn keep(self) {
        KEPT.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(self.kept);
    }
}

/// All that was kept so far; it is told once.
pub(crate) fn take() -> Vec<String> {
    mem::take(&mut *KEPT.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(lines: &[&str]) -> Vec<String> {
        let mut reader = Reader::default();
        lines.iter().for_each(|line| reader.read(line));
        reader.kept
    }

    #[test]
    fn a_failed_rust_test_is_kept_from_its_panic_to_the_count() {
        let report = [
            "failures:",
            "",
            "---- a stdout ----",
            "assertion failed: x",
            "failures:",
            "    a",
            "",
            "test result: FAILED. 1 passed; 1 failed",
        ];
        let around = [
            &["test a ... FAILED", ""],
            &report[..],
            &["running 2 tests"],
        ]
        .concat();
        assert_eq!(kept(&around), report);
    }

    #[test]
    fn failures_of_the_other_runners_are_kept_too() {
        for report in [
            &["    not ok 2 - streamed", "      ---", "      ..."][..],
            &[
                "FAIL: test_a (x.T.test_a)",
                "Traceback",
                "Ran 3 tests in 1 s",
            ],
            &["FAIL starts_again (0.3 s)", "a line of the journal", "ok  "],
            &["error[E0308]: mismatched types", " --> src/a.rs:1:1", ""],
        ] {
            let around = [&["ok 1 - whole"], report, &["# Subtest: next"]].concat();
            assert_eq!(kept(&around), report);
        }
    }

    #[test]
    fn a_panic_outside_a_test_is_kept_with_its_first_lines() {
        let panic = ["thread 'main' (7) panicked at src/a.rs:1:1:", "1", "2", "3"];
        assert_eq!(kept(&[&panic[..], &["4", "5"]].concat()), panic);
    }

    #[test]
    fn no_command_fills_more_than_its_share() {
        let many = vec!["failures:"; 3 * MOST_LINES];
        assert_eq!(kept(&many).len(), MOST_LINES);
    }
}
