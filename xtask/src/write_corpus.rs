//! `cargo xtask corpus`: writes the labelled corpus of `tests/corpus` into a folder.

use std::path::PathBuf;
use std::process::ExitCode;

use corpus::{Half, ITEMS, generate, summary, write};

use crate::run::{asks_for_help, say, target};

/// How to call it.
const USAGE: &str = "\
usage: cargo xtask corpus --seed N [--split tune|held-out|all] [--items N] [--out DIR]
       --split HALF  which half, `tune` unless said otherwise: rules are tuned on no other
       --items N     files of each half, 600 unless said otherwise
       --out DIR     where to, target/corpus unless said otherwise; a corpus that is there is replaced";

#[derive(Debug, PartialEq, Eq)]
struct Options {
    seed: u64,
    halves: Vec<Half>,
    items: usize,
    out: PathBuf,
}

impl Options {
    /// Reads the arguments.
    ///
    /// # Errors
    /// A sentence that names the word that is not understood.
    fn read(arguments: &[&str]) -> Result<Self, String> {
        let (mut seed, mut halves, mut items, mut out) =
            (None, vec![Half::Tune], ITEMS, target().join("corpus"));
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("`{word}` is not understood, or lacks its value"))?;
            match *word {
                "--seed" => {
                    seed = Some(
                        value
                            .parse()
                            .map_err(|_| format!("--seed takes a number, not `{value}`"))?,
                    )
                }
                "--items" => {
                    items = value
                        .parse()
                        .map_err(|_| format!("--items takes a number, not `{value}`"))?
                }
                "--out" => out = PathBuf::from(value),
                "--split" if *value == "all" => halves = Half::BOTH.to_vec(),
                "--split" => {
                    halves =
                        vec![Half::named(value).ok_or_else(|| format!("no such half: {value}"))?]
                }
                stray => return Err(format!("cannot understand `{stray}`")),
            }
        }
        let seed = seed.ok_or("--seed is missing")?;
        Ok(Self {
            seed,
            halves,
            items,
            out,
        })
    }
}

/// Reads the words, makes the corpus, writes it.
pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    if asks_for_help(arguments) {
        say(USAGE);
        return ExitCode::SUCCESS;
    }
    let options = match Options::read(arguments) {
        Ok(options) => options,
        Err(problem) => {
            say(&format!("xtask corpus: {problem}\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let items: Vec<_> = options
        .halves
        .iter()
        .flat_map(|half| generate(options.seed, *half, options.items))
        .collect();
    match write(&options.out, &items) {
        Ok(()) => {
            say(&format!("{}: {}", options.out.display(), summary(&items)));
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("{}: {error}", options.out.display()));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_word_only_the_half_for_tuning_is_written() {
        let options = Options::read(&["--seed", "7"]).unwrap();
        assert_eq!((options.seed, options.halves), (7, vec![Half::Tune]));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in [
            &[][..],
            &["--seed"],
            &["--seed", "x"],
            &["--seed", "1", "--split", "half"],
            &["--sead", "1"],
        ] {
            assert!(Options::read(words).is_err(), "{words:?}");
        }
    }
}
