//! Why a text could not be redacted, or a rule set not be made.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use wire::WireError;

use crate::findings::Findings;

/// A refusal. None of them says anything about the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedactError {
    /// The queue of the pool is full.
    Busy {
        /// Jobs that may wait.
        queue: usize,
    },
    /// The pool did not finish within the deadline.
    Late {
        /// The deadline.
        deadline: Duration,
    },
    /// The scan of this text panicked.
    Panicked,
    /// The pool is not running.
    Closed,
    /// The body is not JSON as it must be.
    Json(WireError),
    /// A pattern gave up on this text, so that nobody knows what is in it.
    GaveUp,
    /// A configured pattern is not valid.
    Pattern {
        /// Which one, counted from 0.
        index: usize,
        /// What is wrong with it.
        problem: PatternProblem,
    },
    /// The patterns together are too large.
    PatternsTooLarge,
    /// A built-in rule does not find its own example.
    SelfTest {
        /// Its id.
        rule: String,
    },
    /// A rule blocks: the request is not sent, or the reply is ended.
    Blocked {
        /// The rule's label.
        rule: String,
        /// The field in which it found something.
        place: String,
        /// Everything that was found until then.
        findings: Box<Findings>,
    },
    /// More text had to be held back than a stream may hold.
    TooLong,
    /// A row of actions names a rule that is not there.
    UnknownRule {
        /// Which row, counted from 0.
        index: usize,
        /// The rule whose id is nearest, if one is near.
        nearest: Option<String>,
    },
    /// A row of actions names a rule that is not in service, or nearly so.
    RuleNotInService {
        /// Which row, counted from 0.
        index: usize,
        /// The rule.
        rule: String,
        /// Whether the row names it, and not only nearly.
        is_named: bool,
        /// What to do, or why it is not.
        remedy: &'static str,
    },
    /// A thread of the pool could not be started.
    NoThread,
}

/// What is wrong with a pattern, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternProblem {
    /// Offset in the pattern, where the engine says one.
    pub at: Option<usize>,
    /// The engine's words.
    pub what: String,
}

impl RedactError {
    /// Says where a blocking rule found something, if nobody has said it yet.
    pub(crate) fn at_place(mut self, at: impl FnOnce() -> String) -> Self {
        if let Self::Blocked { place, .. } = &mut self
            && place.is_empty()
        {
            *place = at();
        }
        self
    }

    /// Adds what else was found before a rule blocked.
    pub(crate) fn with_findings(mut self, all: &Findings) -> Self {
        if let Self::Blocked { findings, .. } = &mut self {
            (**findings).clone_from(all);
        }
        self
    }
}

impl fmt::Display for RedactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { queue } => write!(f, "redactor has {queue} jobs waiting already"),
            Self::Late { deadline } => write!(f, "redactor was not done within {deadline:?}"),
            Self::Panicked => f.write_str("redactor failed on this text"),
            Self::Closed => f.write_str("redactor is not running"),
            Self::Json(error) => write!(f, "body cannot be redacted: {error}"),
            Self::GaveUp => f.write_str("a configured pattern gave up on this text"),
            Self::Pattern { index, problem } => {
                write!(
                    f,
                    "redaction pattern {index} is not valid: {}",
                    problem.what
                )?;
                problem.at.map_or(Ok(()), |at| write!(f, " at byte {at}"))
            }
            Self::PatternsTooLarge => f.write_str("redaction patterns are too large together"),
            Self::SelfTest { rule } => write!(f, "rule `{rule}` does not find its own example"),
            Self::Blocked { rule, place, .. } => write!(f, "rule `{rule}` blocks `{place}`"),
            Self::TooLong => f.write_str("redactor would have to hold back too much text"),
            Self::UnknownRule { index, nearest } => {
                write!(f, "row {index} of actions names no rule")?;
                nearest
                    .as_ref()
                    .map_or(Ok(()), |nearest| write!(f, "; the nearest is `{nearest}`"))
            }
            Self::RuleNotInService {
                index,
                rule,
                is_named: true,
                remedy,
            } => write!(
                f,
                "the rule `{rule}` of row {index} of actions is not in service: {remedy}"
            ),
            Self::RuleNotInService {
                index,
                rule,
                remedy,
                ..
            } => write!(
                f,
                "row {index} of actions names no rule; the nearest is `{rule}`, which is not in service: {remedy}"
            ),
            Self::NoThread => f.write_str("redactor could not start a thread"),
        }
    }
}

impl Error for RedactError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            _ => None,
        }
    }
}
