//! Runs other programs, shows what they say as they say it, and counts what they report.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::failures;

/// How many checks went well and how many did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) const GOOD: Self = Self {
        passed: 1,
        failed: 0,
    };
    pub(crate) const BAD: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// One check that went well or not.
    pub(crate) const fn of(good: bool) -> Self {
        if good { Self::GOOD } else { Self::BAD }
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }

    /// A program that failed without naming a failed test still failed.
    pub(crate) fn and_success(self, success: bool) -> Self {
        if success || self.failed > 0 {
            self
        } else {
            self.plus(Self::BAD)
        }
    }
}

/// Prints a line.
pub(crate) fn say(line: &str) {
    // Nobody reads it: then nothing is lost but the words.
    writeln!(io::stdout(), "{line}").ok();
}

/// Whether the words for a command ask how it is used.
pub(crate) fn asks_for_help(words: &[&str]) -> bool {
    let asks = |word: &&str| matches!(*word, "--help" | "-h" | "help");
    words.iter().any(asks)
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// Where builds and everything that tests make go.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command in the repository's root, without a standard input.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null());
    command
}

/// Cargo, the one that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    command(
        &std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()),
        arguments,
    )
}

/// Runs a command to its end and shows its lines; true if it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    reading(command, |_| ()).unwrap_or_else(|error| {
        say(&format!("{}: {error}", command.get_program().display()));
        false
    })
}

/// Runs a command, shows its lines, and hands each to `read`; true if it succeeded.
///
/// What a command that fails says about it is kept for the end of the run.
pub(crate) fn reading(command: &mut Command, mut read: impl FnMut(&str)) -> io::Result<bool> {
    let (output, writer) = io::pipe()?;
    let mut child = command.stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // The command holds two ends for writing; the pipe would never end with them.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut failed = failures::Reader::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        say(&line);
        failed.read(&line);
        read(&line);
    }
    let success = child.wait()?.success();
    if !success {
        failed.keep();
    }
    Ok(success)
}

/// Runs a command whose lines are counted by `count`.
pub(crate) fn counting(command: &mut Command, count: fn(&str) -> Option<Tally>) -> Tally {
    let mut tally = Tally::default();
    let ended = reading(command, |line| {
        tally = tally.plus(count(line).unwrap_or_default())
    });
    match ended {
        Ok(success) => tally.and_success(success),
        Err(error) => {
            say(&format!("{}: {error}", command.get_program().display()));
            tally.plus(Tally::BAD)
        }
    }
}

/// `test result: ok. 29 passed; 0 failed; 0 ignored; ...`
pub(crate) fn cargo_test(line: &str) -> Option<Tally> {
    let counts = line.strip_prefix("test result: ")?;
    Some(Tally {
        passed: number_before(counts, " passed")?,
        failed: number_before(counts, " failed")?,
    })
}

/// `12 passed, 0 failed`
pub(crate) fn plain(line: &str) -> Option<Tally> {
    let (passed, failed) = line.strip_suffix(" failed")?.split_once(" passed, ")?;
    Some(Tally {
        passed: passed.parse().ok()?,
        failed: failed.parse().ok()?,
    })
}

/// `# pass 11` and `# fail 0`, as node's test runner ends.
pub(crate) fn node_test(line: &str) -> Option<Tally> {
    let (what, count) = line.strip_prefix("# ")?.split_once(' ')?;
    let count = count.parse().ok()?;
    match what {
        "pass" => Some(Tally {
            passed: count,
            failed: 0,
        }),
        "fail" => Some(Tally {
            passed: 0,
            failed: count,
        }),
        _ => None,
    }
}

/// `test_a (...) ... ok`, one line for each, as Python's unittest has it.
pub(crate) fn python_unittest(line: &str) -> Option<Tally> {
    if line.ends_with(" ... ok") {
        return Some(Tally::GOOD);
    }
    (line.ends_with(" ... FAIL") || line.ends_with(" ... ERROR")).then_some(Tally::BAD)
}

fn number_before(text: &str, word: &str) -> Option<u64> {
    let (before, _) = text.split_once(word)?;
    before.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_all_runners_are_counted() {
        let counts = |passed, failed| Some(Tally { passed, failed });
        assert_eq!(
            cargo_test("test result: FAILED. 28 passed; 1 failed; 0 ignored"),
            counts(28, 1)
        );
        assert_eq!(plain("12 passed, 3 failed"), counts(12, 3));
        assert_eq!(node_test("# pass 11"), counts(11, 0));
        assert_eq!(node_test("# fail 2"), counts(0, 2));
        assert_eq!(python_unittest("test_a (x.T.test_a) ... ok"), counts(1, 0));
        assert_eq!(
            python_unittest("test_a (x.T.test_a) ... ERROR"),
            counts(0, 1)
        );
    }

    #[test]
    fn other_lines_count_for_nothing() {
        for line in [
            "",
            "running 3 tests",
            "# tests 11",
            "# pass many",
            "passed, failed",
        ] {
            assert_eq!(
                [
                    cargo_test(line),
                    plain(line),
                    node_test(line),
                    python_unittest(line)
                ],
                [None; 4],
                "{line}"
            );
        }
    }

    #[test]
    fn a_runner_that_dies_without_a_count_is_a_failure() {
        assert_eq!(counting(&mut command("false", &[]), plain), Tally::BAD);
        assert_eq!(
            counting(&mut command("/no/such/program", &[]), plain),
            Tally::BAD
        );
        let half = "echo 'a ... ok'; echo 'b ... FAIL'; exit 1";
        let counted = counting(&mut command("sh", &["-c", half]), python_unittest);
        assert_eq!((counted.passed, counted.failed), (1, 1));
    }
}
