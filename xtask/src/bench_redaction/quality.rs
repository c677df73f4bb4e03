//! The step `redaction` of `cargo xtask test`: what the built program finds in the corpus.
//!
//! Owns the lowest figures that pass. They are counts of findings and never times, so the step
//! passes or fails alike on every machine.

use std::io;

use crate::run::{Tally, say, target};
use corpus::{Class, Half, ITEMS};

use super::options::Options;
use super::score::{Score, score};
use super::tools::Tool;
use super::{scan, written};

/// The lowest recall and the lowest precision that pass.
const LEAST: f64 = 0.95;

/// Corpora: the first is that of the table in `docs/redaction-benchmark.md`.
const SEEDS: [u64; 4] = [1, 2, 3, 4];

/// Whether recall and precision are high enough, for each half and class over all seeds: one
/// corpus has some 950 credentials in a half, too few for a tenth of a percent.
pub(crate) fn run() -> Tally {
    let mut tally = Tally::default();
    for half in Half::BOTH {
        match scores(half) {
            Ok(scores) => {
                for (class, score) in Class::SCORED.iter().zip(&scores) {
                    let title = format!("{}, {}", half.name(), class.name());
                    tally = tally.plus(judged(&title, score));
                }
            }
            Err(problem) => {
                say(&format!("redaction: {problem}"));
                tally = tally.plus(Tally::BAD);
            }
        }
    }
    tally
}

/// The figures of a half for each class, over all seeds.
fn scores(half: Half) -> io::Result<Vec<Score>> {
    let folder = target().join("redaction-quality");
    let mut all = vec![Score::default(); Class::SCORED.len()];
    for seed in SEEDS {
        let items = written(&options(seed), half, &folder)?;
        let (findings, _) = scan(Tool::Ours, &folder, &items)?;
        for (class, sum) in Class::SCORED.iter().zip(&mut all) {
            let (one, ..) = score(&items, &findings, *class);
            sum.labels += one.labels;
            sum.found += one.found;
            sum.alarms += one.alarms;
        }
    }
    Ok(all)
}

fn options(seed: u64) -> Options {
    Options {
        seed,
        items: ITEMS,
        quick: false,
        tools: vec![Tool::Ours],
        halves: Half::BOTH.to_vec(),
        explain: false,
        json: false,
        built: true,
    }
}

fn judged(title: &str, score: &Score) -> Tally {
    let good = score.recall() >= LEAST && score.precision() >= LEAST;
    say(&format!(
        "{}: {title}: recall {:.1} %, precision {:.1} %",
        if good { "good" } else { "TOO LOW" },
        100.0 * score.recall(),
        100.0 * score.precision()
    ));
    Tally::of(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_figure_fails() {
        let score = |found, alarms| Score {
            labels: 100,
            found,
            alarms,
            ..Score::default()
        };
        assert_eq!(judged("good", &score(96, 2)).failed, 0);
        assert_eq!(judged("misses", &score(90, 0)).failed, 1);
        assert_eq!(judged("alarms", &score(99, 20)).failed, 1);
    }
}
