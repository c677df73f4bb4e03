//! The models that a provider says it has.
//!
//! Owns the reading of a provider's list: which pages are asked for, how much is taken, and what an
//! entry says of its model. Knows each API's shape of a list and no provider by name. Keeps nothing:
//! the provider's actor publishes what was found as [`Discovery`].
//!
//! Called by `actor.rs` by timer, and by the program's command line. Read next: `walk.rs` for the
//! pages, `page.rs` for their shapes, `entry.rs` for one model.

mod entry;
mod page;
mod walk;

use std::{collections::HashMap, sync::Arc, time::Duration};

use crate::{error::ProviderError, facts::ModelFacts};

/// Longest time for the list of one provider; what is shown of single models has as much again.
pub const LONGEST_LISTING: Duration = Duration::from_secs(10);
/// Most bytes of one list, all pages together.
pub const MOST_BYTES: usize = 10 << 20;
/// Most models of one list; the rest is dropped and counted.
pub const MOST_MODELS: usize = 5000;
/// Longest name of a model, in bytes.
pub const LONGEST_NAME: usize = 256;

/// How a provider's list is kept fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscoveryRules {
    /// Time between two listings; each is moved by up to a tenth, so that many gateways do not ask
    /// at once.
    pub every: Duration,
    /// How often a list that cannot be read is asked for again sooner than that; `None` for as
    /// long as it takes.
    pub retries: Option<u32>,
}

/// A list of models as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The models by name.
    pub models: HashMap<String, ModelFacts>,
    /// Entries left out: without a name, with one that is too long or not printable, or beyond
    /// [`MOST_MODELS`].
    pub dropped: usize,
}

/// What a provider's actor publishes of discovery.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    /// The last list that was read whole; kept when a later reading fails.
    pub catalogue: Arc<Catalogue>,
    /// Counts the lists; another number means another catalogue.
    pub version: u64,
    /// Readings that succeeded.
    pub succeeded: u64,
    /// Readings that failed.
    pub failed: u64,
    /// Why the last one failed; `None` if it did not.
    pub failure: Option<&'static str>,
}

/// Why there is no list.
#[derive(Debug)]
pub enum ListingError {
    /// The provider, or the way to it.
    Provider(ProviderError),
    /// It took longer than [`LONGEST_LISTING`].
    Timeout,
    /// It is longer than [`MOST_BYTES`].
    TooLarge,
    /// It is no list of models.
    Unreadable,
}

impl ListingError {
    /// A word for logs and metrics.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Provider(error) => error.label(),
            Self::Timeout => "timeout",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
        }
    }
}

impl From<ProviderError> for ListingError {
    fn from(error: ProviderError) -> Self {
        Self::Provider(error)
    }
}

impl Catalogue {
    /// Takes a model in, or counts it as dropped. A name that comes twice counts once.
    fn take(&mut self, name: Option<String>, facts: ModelFacts) {
        match name.filter(|name| is_usable(name)) {
            Some(name) if self.models.contains_key(&name) => {}
            Some(name) if self.models.len() < MOST_MODELS => {
                self.models.insert(name, facts);
            }
            _ => self.dropped += 1,
        }
    }
}

/// Whether a name can be shown and asked for: printable, without spaces, not too long.
fn is_usable(name: &str) -> bool {
    let turns_text = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && !name.contains(|c: char| c.is_control() || c.is_whitespace() || turns_text(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_be_shown_are_counted_and_not_taken() {
        let mut catalogue = Catalogue::default();
        let long = "m".repeat(LONGEST_NAME + 1);
        for name in [
            "a",
            "a",
            "org/b:1",
            "",
            "a\nb",
            "a b",
            "\u{202e}a",
            long.as_str(),
        ] {
            catalogue.take(Some(name.to_owned()), ModelFacts::default());
        }
        catalogue.take(None, ModelFacts::default());
        assert_eq!((catalogue.models.len(), catalogue.dropped), (2, 6));
    }

    #[test]
    fn a_list_without_end_is_cut() {
        let mut catalogue = Catalogue::default();
        for number in 0..MOST_MODELS + 7 {
            catalogue.take(Some(format!("m{number}")), ModelFacts::default());
        }
        assert_eq!(
            (catalogue.models.len(), catalogue.dropped),
            (MOST_MODELS, 7)
        );
    }
}
