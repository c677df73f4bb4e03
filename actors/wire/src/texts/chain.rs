//! Which texts are adjacent parts of one message.
//!
//! Owns the one fact that zones cannot know: the list that a part stands in. Each value under a key
//! such as `content` gets a number, and a part continues the text before it if both have the same
//! one. A part that is no text (an image) between them breaks the chain; an empty text does not.

use super::{TextKind, TextSpan};
use crate::scanner::Text;
use crate::zones::{self, Zone, is_text};

/// What is known of a place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) zone: Zone,
    /// Number of the list of parts that it belongs to, 0 for none.
    list: u32,
}

impl Place {
    /// The whole document.
    pub(crate) const TOP: Self = Self::of(Zone::Top);

    /// The place in 32 bits, for a listener that packs more beside it. Lists are told apart by
    /// their last 24 bits, which is enough: only two that follow each other are ever compared.
    #[inline]
    pub(crate) fn packed(self) -> u32 {
        self.list << 8 | self.zone as u32
    }

    /// The place that was packed.
    #[inline]
    pub(crate) fn unpacked(packed: u32) -> Self {
        let [zone, ..] = packed.to_le_bytes();
        Self {
            zone: Zone::of(zone),
            list: packed >> 8,
        }
    }

    /// A place in a zone, in no list.
    pub(crate) const fn of(zone: Zone) -> Self {
        Self { zone, list: 0 }
    }
}

/// The list that the last text belongs to, while a document is scanned.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    lists: u32,
    /// The list of the last text, 0 if the next one cannot continue it.
    open: u32,
    /// Whether the present part of that list had a text.
    filled: bool,
}

impl Chain {
    /// The place of the value that follows `key`.
    #[inline]
    pub(crate) fn member(&mut self, parent: Place, key: &[u8]) -> Place {
        let zone = zones::member(parent.zone, key);
        let list = match zone {
            Zone::Parts => {
                self.lists = (self.lists + 1) & 0x00ff_ffff;
                self.lists
            }
            Zone::PartText => parent.list,
            _ => 0,
        };
        Place { zone, list }
    }

    /// An object opens at this place; in a list it is the next part.
    #[inline]
    pub(crate) fn element(&mut self, place: Place) {
        if place.list != 0 && place.list == self.open {
            if !self.filled {
                self.open = 0;
            }
            self.filled = false;
        }
    }

    /// The span of a string, if it is text.
    #[inline]
    pub(crate) fn span(&mut self, place: Place, text: &Text<'_>) -> Option<TextSpan> {
        let in_chain = place.list != 0 && place.list == self.open;
        if text.end() == text.start() {
            self.filled |= in_chain;
            return None;
        }
        if !place.zone.holds_text_only() && !is_text(place.zone, text.raw()) {
            return None;
        }
        self.open = place.list;
        self.filled = true;
        Some(TextSpan {
            start: text.start(),
            end: text.end(),
            escaped: text.escaped(),
            kind: if place.zone == Zone::Arguments {
                TextKind::Json
            } else {
                TextKind::Plain
            },
            joins: in_chain,
            ..TextSpan::default()
        })
    }
}
