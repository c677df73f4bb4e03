//! The words after `cargo xtask bench`.

use std::time::Duration;

/// How to call it.
pub(crate) const USAGE: &str = "\
usage: cargo xtask bench [--quick] [--rounds N] [--only PART]... [--no-access-log] [--patience SECONDS] [--built]
       PART: requests streams memory start micro
       --quick            short windows, two rounds, no micro-benchmarks unless asked for: about a minute
       --no-access-log    neither gateway writes a line for each request
       --patience SECONDS wait up to so long, all together, for other programs to be quiet,
                          and measure again what they disturbed
       --built            measure what is built already

       cargo xtask bench departures [--count N] [--at-once N] [--built]
       clients that leave at any moment: when their upstreams see it, and what is left of them
       --count N          so many departures; usually 10,000
       --at-once N        so many clients at a time; usually 8";

const ROUNDS: usize = 5;
const MOST_ROUNDS: usize = 100;
const WINDOW: Duration = Duration::from_secs(2);
const QUICK_ROUNDS: usize = 2;
const QUICK_WINDOW: Duration = Duration::from_millis(500);

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Requests,
    Streams,
    Memory,
    Start,
    Micro,
}

/// What one run does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) rounds: usize,
    /// How long each figure is measured, after a warm-up of a quarter of it.
    pub(super) window: Duration,
    pub(super) access_log: bool,
    pub(super) patience: Duration,
    pub(super) built: bool,
    parts: Vec<Part>,
}

impl Options {
    /// Reads the arguments.
    ///
    /// # Errors
    /// A sentence that names the word that is not understood.
    pub(super) fn read(arguments: &[&str]) -> Result<Self, String> {
        let (mut rounds, mut quick, mut parts) = (None, false, Vec::new());
        let (mut access_log, mut patience, mut built) = (true, 0, false);
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .copied()
                    .ok_or_else(|| format!("{word} takes a value"))
            };
            match *word {
                "--quick" => quick = true,
                "--no-access-log" => access_log = false,
                "--built" => built = true,
                "--rounds" => rounds = Some(count(value()?)?),
                "--patience" => patience = seconds(value()?)?,
                "--only" => parts.push(part(value()?)?),
                stray => return Err(format!("cannot understand `{stray}`")),
            }
        }
        if parts.is_empty() {
            parts = vec![Part::Requests, Part::Streams, Part::Memory, Part::Start];
            parts.extend((!quick).then_some(Part::Micro));
        }
        let (usual, window) = if quick {
            (QUICK_ROUNDS, QUICK_WINDOW)
        } else {
            (ROUNDS, WINDOW)
        };
        Ok(Self {
            rounds: rounds.unwrap_or(usual),
            window,
            access_log,
            patience: Duration::from_secs(patience),
            built,
            parts,
        })
    }

    pub(super) fn does(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

fn count(text: &str) -> Result<usize, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=MOST_ROUNDS).contains(number));
    number.ok_or_else(|| format!("--rounds takes a number from 1 to {MOST_ROUNDS}, not `{text}`"))
}

fn seconds(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("--patience takes seconds, not `{text}`"))
}

fn part(name: &str) -> Result<Part, String> {
    Ok(match name {
        "requests" => Part::Requests,
        "streams" => Part::Streams,
        "memory" => Part::Memory,
        "start" => Part::Start,
        "micro" => Part::Micro,
        _ => return Err(format!("no such part: {name}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_words_everything_is_measured_five_times() {
        let options = Options::read(&[]).unwrap();
        assert_eq!((options.rounds, options.access_log), (5, true));
        assert!(options.does(Part::Requests) && options.does(Part::Micro));
    }

    #[test]
    fn a_quick_run_leaves_the_micro_benchmarks_out_unless_asked_for() {
        assert!(!Options::read(&["--quick"]).unwrap().does(Part::Micro));
        let asked = Options::read(&["--quick", "--only", "micro"]).unwrap();
        assert!(asked.does(Part::Micro) && !asked.does(Part::Start));
    }

    #[test]
    fn given_numbers_go_before_the_usual_ones() {
        let options = Options::read(&["--rounds", "3", "--quick", "--patience", "60"]).unwrap();
        assert_eq!(
            (options.rounds, options.patience),
            (3, Duration::from_secs(60))
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in [
            &["--rounds"][..],
            &["--rounds", "0"],
            &["--rounds", "many"],
            &["--only", "luck"],
            &["--patience", "-1"],
            &["fast"],
        ] {
            assert!(Options::read(words).is_err(), "{words:?}");
        }
    }
}
