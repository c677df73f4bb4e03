//! The words after `cargo xtask bench-redaction`.

use corpus::{Half, ITEMS};

use super::tools::Tool;

/// How to call it.
pub(crate) const USAGE: &str = "\
usage: cargo xtask bench-redaction [--seed N] [--quick] [--items N] [--only TOOL,...] [--split tune|held-out]
                                   [--explain] [--json] [--built]
       TOOL: ours detect-secrets credsweeper secretlint
       --quick    a quarter of the files, and nothing is written to docs/
       --split    one half only, and nothing is written to docs/
       --explain  what each tool missed and reported in error, by kind and place, in the half `tune`
       --json     the figures as one line of JSON, the last line
       --built    run the release build that is there";

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) seed: u64,
    pub(super) items: usize,
    pub(super) quick: bool,
    pub(super) tools: Vec<Tool>,
    pub(super) halves: Vec<Half>,
    pub(super) explain: bool,
    pub(super) json: bool,
    pub(super) built: bool,
}

impl Options {
    /// Reads the arguments.
    ///
    /// # Errors
    /// A sentence that names the word that is not understood.
    pub(super) fn read(arguments: &[&str]) -> Result<Self, String> {
        let mut options = Self {
            seed: 1,
            items: ITEMS,
            quick: false,
            tools: Tool::ALL.to_vec(),
            halves: Half::BOTH.to_vec(),
            explain: false,
            json: false,
            built: false,
        };
        let mut items = None;
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .copied()
                    .ok_or_else(|| format!("{word} takes a value"))
            };
            match *word {
                "--quick" => options.quick = true,
                "--explain" => options.explain = true,
                "--json" => options.json = true,
                "--built" => options.built = true,
                "--seed" => options.seed = number(value()?)?,
                "--items" => items = usize::try_from(number(value()?)?).ok(),
                "--only" => {
                    options.tools = value()?.split(',').map(tool).collect::<Result<_, _>>()?
                }
                "--split" => options.halves = halves(value()?)?,
                stray => return Err(format!("cannot understand `{stray}`")),
            }
        }
        let usual = if options.quick { ITEMS / 4 } else { ITEMS };
        options.items = items.unwrap_or(usual);
        Ok(options)
    }

    /// Only a run of all tools over all files is a result to keep.
    pub(super) fn is_whole(&self) -> bool {
        !self.quick && self.items >= ITEMS && self.tools == Tool::ALL && self.halves == Half::BOTH
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn tool(name: &str) -> Result<Tool, String> {
    Tool::named(name).ok_or_else(|| format!("no such tool: {name}"))
}

fn halves(name: &str) -> Result<Vec<Half>, String> {
    match name {
        "all" => Ok(Half::BOTH.to_vec()),
        _ => Half::named(name)
            .map(|half| vec![half])
            .ok_or_else(|| format!("no such half: {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_of_everything_is_whole() {
        let whole = |words: &[&str]| Options::read(words).unwrap().is_whole();
        assert!(whole(&[]) && whole(&["--seed", "5", "--json"]));
        for words in [
            &["--quick"][..],
            &["--items", "5"],
            &["--only", "ours"],
            &["--split", "tune"],
        ] {
            assert!(!whole(words), "{words:?}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in [
            &["--only", "luck"][..],
            &["--seed"],
            &["--items", "x"],
            &["--split", "both"],
            &["fast"],
        ] {
            assert!(Options::read(words).is_err(), "{words:?}");
        }
    }
}
