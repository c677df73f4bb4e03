//! The step `redaction` of `cargo xtask test`: what the built program finds in the corpus.
//!
//! Owns the lowest figures that pass. They are counts of findings and never times, so the step
//! passes or fails alike on every machine.

use std::io;

use crate::corpus::{Half, ITEMS, piece::Class};
use crate::run::{Tally, say, target};

use super::options::Options;
use super::score::{Score, score};
use super::tools::Tool;
use super::{scan, written};

/// The lowest recall and the lowest precision that pass.
const LEAST: f64 = 0.95;

/// Two corpora: one of them is that of the table in `docs/redaction-benchmark.md`.
const SEEDS: [u64; 2] = [1, 2];

/// Whether recall and precision are high enough, for each half and class.
pub(crate) fn run() -> Tally {
    let figures = SEEDS.iter().map(|seed| judge(*seed));
    figures.fold(Tally::default(), |all, one| match one {
        Ok(tally) => all.plus(tally),
        Err(problem) => {
            say(&format!("redaction: {problem}"));
            all.plus(Tally::BAD)
        }
    })
}

fn judge(seed: u64) -> io::Result<Tally> {
    let options = Options {
        seed,
        items: ITEMS,
        quick: false,
        tools: vec![Tool::Ours],
        halves: Half::BOTH.to_vec(),
        explain: false,
        json: false,
        built: true,
    };
    let folder = target().join("redaction-quality");
    let mut tally = Tally::default();
    for half in Half::BOTH {
        let items = written(&options, half, &folder)?;
        let (findings, _) = scan(Tool::Ours, &folder, &items)?;
        for class in Class::SCORED {
            let (score, ..) = score(&items, &findings, class);
            let title = format!("seed {seed}, {}, {}", half.name(), class.name());
            tally = tally.plus(judged(&title, &score));
        }
    }
    Ok(tally)
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
