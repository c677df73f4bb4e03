//! How long a pattern makes streamed text wait, for whoever writes one.

use super::beginnings::Beginnings;
use super::{Letters, SET_SIZE, plain};

/// What a reader of a stream waits for because of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamDelay {
    /// Nothing but beginnings of matches, at most so many bytes.
    Bytes(usize),
    /// Beginnings of matches, which may be of any length.
    Matches,
    /// Ordinary prose too, to the end of its line or further: the pattern can begin with anything.
    Prose,
    /// The end of the text: the pattern looks around, or back, or is too large.
    Text,
}

/// A line that is not the beginning of anything that a careful pattern looks for.
const PROSE: &str =
    "the gateway answered the question in plain words and nobody had to wait for it";

/// What a pattern of the operator's makes the readers of streams wait for.
///
/// Means something for patterns only that [`RuleSet::compile`](crate::RuleSet::compile) takes: for
/// others it says [`StreamDelay::Text`].
#[must_use]
pub fn stream_delay(pattern: &str) -> StreamDelay {
    let Ok(Some(expression)) = plain::expression(pattern, Letters::Unicode) else {
        return StreamDelay::Text;
    };
    let longest = expression.properties().maximum_len();
    let Some(beginnings) = Beginnings::new(&[expression], SET_SIZE) else {
        return StreamDelay::Text;
    };
    let held = beginnings
        .live(PROSE.as_bytes(), 0)
        .map_or(0, |live| live.first(0, PROSE.len()));
    match longest {
        _ if held < PROSE.len() / 2 => StreamDelay::Prose,
        Some(bytes) => StreamDelay::Bytes(bytes),
        None => StreamDelay::Matches,
    }
}
