//! Places in a text by characters and by bytes, without the text.
//!
//! Google counts bytes of UTF-8, the canonical conversation counts characters. A stream keeps no
//! text, but how many characters of which width came one after another.

use crate::canonical::text::Text;

/// Most changes of width that are kept; behind them no place can be told.
const MOST_RUNS: usize = 4096;

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct Widths {
    /// Number of characters, and bytes of each.
    runs: Vec<(u64, u64)>,
    bytes: u64,
    lost: bool,
}

impl Widths {
    /// Of a whole text.
    pub(super) fn of(text: &Text<'_>) -> Self {
        let mut widths = Self::default();
        widths.add(text);
        widths
    }

    /// Goes on with the next piece.
    pub(super) fn add(&mut self, text: &Text<'_>) {
        let text = text.decoded();
        self.bytes += text.len() as u64;
        if text.is_ascii() {
            return self.push(text.len() as u64, 1);
        }
        for letter in text.chars() {
            self.push(1, letter.len_utf8() as u64);
        }
    }

    fn push(&mut self, count: u64, width: u64) {
        let full = self.runs.len() == MOST_RUNS;
        match self.runs.last_mut() {
            _ if self.lost || count == 0 => {}
            Some((before, own)) if *own == width => *before += count,
            _ if full => self.lost = true,
            _ => self.runs.push((count, width)),
        }
    }

    /// Length in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The byte at which this character starts; the end of the text is a place too.
    pub(super) fn byte_at(&self, character: u64) -> Option<u64> {
        let (mut characters, mut bytes) = (0, 0);
        for (count, width) in &self.runs {
            if character <= characters + count {
                return Some(bytes + (character - characters) * width);
            }
            characters += count;
            bytes += count * width;
        }
        (character == 0).then_some(0)
    }

    /// The character that holds this byte; the end of the text is a place too.
    pub(super) fn character_at(&self, byte: u64) -> Option<u64> {
        let (mut characters, mut bytes) = (0, 0);
        for (count, width) in &self.runs {
            if byte <= bytes + count * width {
                return Some(characters + (byte - bytes) / width);
            }
            characters += count;
            bytes += count * width;
        }
        (byte == 0).then_some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_back_to_each_other_however_the_text_was_cut() {
        let text = "naïve / 🙂 日本 ok";
        let mut cut = Widths::default();
        for letter in text.chars() {
            cut.add(&Text::plain(letter.to_string()));
        }
        for (character, (byte, _)) in text.char_indices().enumerate() {
            let (character, byte) = (character as u64, byte as u64);
            for widths in [&cut, &Widths::of(&Text::plain(text))] {
                assert_eq!(widths.byte_at(character), Some(byte));
                assert_eq!(widths.character_at(byte), Some(character));
            }
        }
        assert_eq!(cut.byte_at(15), Some(cut.bytes()));
        assert_eq!(cut.byte_at(99), None);
        assert_eq!(cut.character_at(99), None);
    }

    #[test]
    fn an_endless_change_of_widths_is_given_up() {
        let mut widths = Widths::default();
        (0..5000).for_each(|_| widths.add(&Text::plain("aé")));
        assert_eq!(widths.byte_at(1), Some(1));
        assert_eq!(widths.byte_at(9000), None);
        assert_eq!(widths.runs.len(), MOST_RUNS);
    }

    #[test]
    fn an_empty_text_has_one_place() {
        let widths = Widths::of(&Text::plain(""));
        assert_eq!((widths.byte_at(0), widths.byte_at(1)), (Some(0), None));
    }
}
