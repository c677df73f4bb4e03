//! A text that knows where its labels are, also after it was put into another text.

/// What a label says of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A secret of somebody: keys, tokens, passwords.
    Credential,
    /// Personal data.
    Pii,
    /// Documentation's own examples of real formats, addresses that name nobody: neither a hit
    /// nor an error, whatever a scanner says.
    Either,
}

impl Class {
    /// The classes that are scored.
    pub const SCORED: [Self; 2] = [Self::Credential, Self::Pii];

    /// What it is called in the manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Pii => "pii",
            Self::Either => "either",
        }
    }

    /// The class of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Credential, Self::Pii, Self::Either]
            .into_iter()
            .find(|class| class.name() == name)
    }
}

/// Bytes of a text that are of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// What it says.
    pub class: Class,
    /// Whose format it is, such as `aws-access-key`.
    pub kind: String,
}

impl Label {
    /// What it stands on, in the text that it belongs to.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A text with its labels, and the kinds of negatives that it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Where the labels stand in it.
    pub labels: Vec<Label>,
    /// What else it holds that only looks like something.
    pub negatives: Vec<String>,
}

impl Piece {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A text that looks like something and is nothing.
    pub(super) fn negative(kind: &str, text: impl Into<String>) -> Self {
        Self {
            negatives: vec![kind.to_owned()],
            ..Self::plain(text)
        }
    }

    pub(super) fn labelled(class: Class, kind: &str, text: impl Into<String>) -> Self {
        let mut piece = Self::plain(text);
        piece.label(0, piece.text.len(), class, kind);
        piece
    }

    pub(super) fn label(&mut self, start: usize, end: usize, class: Class, kind: &str) {
        let kind = kind.to_owned();
        self.labels.push(Label {
            start,
            end,
            class,
            kind,
        });
    }

    pub(super) fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn push(&mut self, other: Self) {
        let by = self.text.len();
        self.text.push_str(&other.text);
        let moved = |label: Label| Label {
            start: label.start + by,
            end: label.end + by,
            ..label
        };
        self.labels.extend(other.labels.into_iter().map(moved));
        self.negatives.extend(other.negatives);
    }

    /// The piece with each character replaced; labels move along.
    fn mapped(self, mut write: impl FnMut(char, &mut String)) -> Self {
        let mut text = String::with_capacity(self.text.len() + self.text.len() / 8);
        let mut places = Vec::with_capacity(self.labels.len() * 2);
        let mut borders: Vec<usize> = self
            .labels
            .iter()
            .flat_map(|label| [label.start, label.end])
            .collect();
        borders.sort_unstable();
        borders.dedup();
        let mut next = borders.into_iter().peekable();
        for (at, letter) in self.text.char_indices() {
            if let Some(border) = next.next_if(|border| *border <= at) {
                places.push((border, text.len()));
            }
            write(letter, &mut text);
        }
        places.extend(next.map(|border| (border, text.len())));
        let place = |border: usize| {
            let found = places.iter().find(|(before, _)| *before == border);
            found.map_or(border, |(_, after)| *after)
        };
        let labels = self.labels.into_iter();
        let labels = labels
            .map(|label| Label {
                start: place(label.start),
                end: place(label.end),
                ..label
            })
            .collect();
        Self {
            text,
            labels,
            negatives: self.negatives,
        }
    }

    /// As the inside of a JSON string.
    pub(super) fn escaped(self) -> Self {
        self.mapped(|letter, text| match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        })
    }

    /// Every line with `prefix` in front.
    pub(super) fn indented(self, prefix: &str) -> Self {
        self.mapped(|letter, text| {
            text.push(letter);
            if letter == '\n' {
                text.push_str(prefix);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(piece: &Piece) -> Vec<&str> {
        piece
            .labels
            .iter()
            .map(|label| label.of(&piece.text))
            .collect()
    }

    #[test]
    fn labels_point_at_the_same_words_after_joining_and_escaping() {
        let mut piece = Piece::plain("a \"quoted\"\n");
        piece.push(Piece::labelled(Class::Credential, "k", "se\"cret\n"));
        piece.push_str("é");
        piece.push(Piece::labelled(Class::Pii, "m", "mail"));
        assert_eq!(value(&piece), ["se\"cret\n", "mail"]);
        let escaped = piece.clone().escaped();
        assert_eq!(value(&escaped), ["se\\\"cret\\n", "mail"]);
        assert_eq!(value(&escaped.escaped()), ["se\\\\\\\"cret\\\\n", "mail"]);
        assert_eq!(value(&piece.indented("  ")), ["se\"cret\n  ", "mail"]);
    }

    #[test]
    fn two_labels_side_by_side_keep_their_border() {
        let mut piece = Piece::labelled(Class::Pii, "a", "\n");
        piece.push(Piece::labelled(Class::Pii, "b", "\n"));
        assert_eq!(value(&piece.escaped()), ["\\n", "\\n"]);
    }
}
