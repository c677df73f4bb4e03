//! How hard to think, as a word and as a number of tokens.
//!
//! # Source
//! Words: OpenAI `reasoning_effort` (`none` to `xhigh`), Anthropic `output_config.effort` (`low` to
//! `max`), Gemini `thinkingLevel`; read 22 Nov 2026. The budgets follow Gemini's table for its
//! OpenAI compatibility (1024, 8192, 24576), doubled beyond.

/// How hard to think, from not at all on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is called by its word")]
pub enum Effort {
    None,
    Minimal,
    Low,
    Medium,
    High,
    XHigh,
    Max,
}

impl Effort {
    const WORDS: [(Self, &'static str, u64); 7] = [
        (Self::None, "none", 0),
        (Self::Minimal, "minimal", 512),
        (Self::Low, "low", 1024),
        (Self::Medium, "medium", 8192),
        (Self::High, "high", 24_576),
        (Self::XHigh, "xhigh", 49_152),
        (Self::Max, "max", 65_536),
    ];

    /// All of them, the least first.
    #[must_use]
    pub fn all() -> [Self; 7] {
        Self::WORDS.map(|(effort, _, _)| effort)
    }

    /// The effort of this word, in any letter case.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let found = Self::WORDS
            .iter()
            .find(|(_, name, _)| word.eq_ignore_ascii_case(name));
        found.map(|(effort, _, _)| *effort)
    }

    /// The word, in lower case.
    #[must_use]
    pub fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(effort, _, _)| *effort == self);
        found.map_or("medium", |(_, word, _)| word)
    }

    /// Tokens that stand for it where a format has only a budget.
    pub(crate) fn budget(self) -> u64 {
        let found = Self::WORDS.iter().find(|(effort, _, _)| *effort == self);
        found.map_or(8192, |(_, _, budget)| *budget)
    }

    /// The effort that a budget comes next to, from below.
    pub(crate) fn of_budget(tokens: u64) -> Self {
        let reached = Self::WORDS
            .iter()
            .rev()
            .find(|(_, _, budget)| tokens >= *budget);
        reached.map_or(Self::None, |(effort, _, _)| *effort)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_budgets_lead_back_to_each_other() {
        for (effort, word, budget) in Effort::WORDS {
            assert_eq!(Effort::of_word(word), Some(effort));
            assert_eq!(Effort::of_budget(budget), effort);
            assert_eq!((effort.word(), effort.budget()), (word, budget));
        }
        assert_eq!(Effort::of_budget(2000), Effort::Low);
    }
}
