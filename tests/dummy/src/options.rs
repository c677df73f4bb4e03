//! What may follow a model's name: `golden-plain+chunks=1+delay=5`. Pure.
//!
//! | option | what it does to the answer |
//! |---|---|
//! | `+chunks=<n>` | the body in pieces of `n` bytes, each in a write of its own |
//! | `+parts=<n>` | texts and arguments in parts of `n` characters, each in an event of its own |
//! | `+delay=<ms>` | a pause before each piece |
//! | `+cut=<n>` | the connection ends after `n` bytes of the body |
//! | `+stall=<n>` | silence after `n` bytes of the body |
//! | `+lie=<n>` | a whole body's `Content-Length` is `n` too large |
//! | `+try=<n>` | nothing: makes a name that nobody has asked for yet |

use std::time::Duration;

/// The options of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) chunks: Option<usize>,
    pub(crate) parts: Option<usize>,
    pub(crate) delay: Duration,
    pub(crate) cut: Option<usize>,
    pub(crate) stall: Option<usize>,
    pub(crate) lie: usize,
}

impl Options {
    /// Splits a model into its name and its options; the text of one that is unknown is the error.
    pub(crate) fn split(model: &str) -> (&str, Result<Self, String>) {
        let mut pieces = model.split('+');
        let name = pieces.next().unwrap_or_default();
        let mut options = Self::default();
        for piece in pieces {
            if options.set(piece).is_none() {
                return (name, Err(format!("unknown option `{piece}`")));
            }
        }
        (name, Ok(options))
    }

    fn set(&mut self, piece: &str) -> Option<()> {
        let (name, number) = piece.split_once('=')?;
        let number: usize = number.parse().ok()?;
        match name {
            "chunks" => self.chunks = Some(number).filter(|&size| size > 0),
            "parts" => self.parts = Some(number).filter(|&size| size > 0),
            "delay" => self.delay = Duration::from_millis(u64::try_from(number).ok()?),
            "cut" => self.cut = Some(number),
            "stall" => self.stall = Some(number),
            "lie" => self.lie = number,
            "try" => {}
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_behind_the_name() {
        let (name, options) = Options::split("golden-tools-parallel+chunks=1+delay=20+cut=99");
        let options = options.unwrap();
        assert_eq!(name, "golden-tools-parallel");
        assert_eq!((options.chunks, options.cut), (Some(1), Some(99)));
        assert_eq!(options.delay, Duration::from_millis(20));
        assert_eq!(Options::split("gpt-4o"), ("gpt-4o", Ok(Options::default())));
    }

    #[test]
    fn an_option_that_is_not_known_is_told() {
        for model in ["ok+chunk=1", "ok+cut=x", "ok+cut"] {
            assert!(Options::split(model).1.is_err(), "{model}");
        }
    }
}
