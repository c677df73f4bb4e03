//! How deep in strings of JSON a place of a text stands: a value that is restored there must be
//! escaped once for each of them.
//!
//! Owns the reading of quotes and backslashes, piece by piece and in order: JSON may be all of a
//! text, stand in prose or in a program, and be the text of a string in other JSON. It never
//! refuses: what turns out to be no JSON is prose again from there on.
//!
//! Called by: the treatment, for replies only.

/// Most strings within each other that are told apart: each of them may double the length of a
/// value.
const DEEPEST: u8 = 4;

/// What is known at the end of what has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Nesting {
    inner: Inner,
    /// Strings that are open, each in the one before it.
    strings: u8,
    /// Brackets that are open outside of all strings.
    brackets: u32,
    /// Backslashes directly before the next byte.
    slashes: u32,
}

/// What the innermost of the open strings holds, or the text where none is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inner {
    /// No JSON; no string is open.
    #[default]
    Prose,
    /// A bracket stood in prose: a quote would make it JSON.
    Bracket,
    Json,
    /// A string in which nothing stands yet.
    Begun,
    /// A string that is no JSON.
    Text,
}

impl Nesting {
    /// Strings of JSON that are open here.
    pub(crate) fn strings(&self) -> u8 {
        self.strings
    }

    /// Reads on.
    pub(crate) fn see(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        loop {
            if self.slashes == 0 {
                rest = rest.get(self.passes(rest)..).unwrap_or_default();
            }
            let Some((byte, after)) = rest.split_first() else {
                return;
            };
            self.step(*byte);
            rest = after;
        }
    }

    /// How many bytes at the beginning change nothing.
    fn passes(&self, bytes: &[u8]) -> usize {
        let next = match self.inner {
            Inner::Prose => memchr::memchr2(b'{', b'[', bytes),
            Inner::Text => memchr::memchr3(b'"', b'\\', b'\n', bytes),
            Inner::Bracket | Inner::Json | Inner::Begun => return 0,
        };
        next.unwrap_or(bytes.len())
    }

    fn step(&mut self, byte: u8) {
        let slashes = std::mem::take(&mut self.slashes);
        match byte {
            // A line ends every string: this was none.
            b'\n' if self.strings > 0 => *self = Self::default(),
            b'\\' if self.strings > 0 => {
                self.slashes = slashes.saturating_add(1);
                self.hold(byte);
            }
            b'"' => self.quote(slashes),
            _ if self.strings > 0 => self.hold(byte),
            _ => self.outside(byte),
        }
    }

    /// A byte of a string, but no quote.
    fn hold(&mut self, byte: u8) {
        self.inner = match (self.inner, byte) {
            (Inner::Begun, b' ') => Inner::Begun,
            (Inner::Begun, b'{' | b'[') if self.strings < DEEPEST => Inner::Json,
            (Inner::Begun, _) => Inner::Text,
            (inner, _) => inner,
        };
    }

    /// A byte outside of all strings, but no quote.
    fn outside(&mut self, byte: u8) {
        match (self.inner, byte) {
            (Inner::Prose, b'{' | b'[') => (self.inner, self.brackets) = (Inner::Bracket, 1),
            (Inner::Bracket | Inner::Json, b'{' | b'[') => {
                self.brackets = self.brackets.saturating_add(1);
            }
            (Inner::Json, b'}' | b']') => {
                self.brackets = self.brackets.saturating_sub(1);
                if self.brackets == 0 {
                    self.inner = Inner::Prose;
                }
            }
            (Inner::Bracket, byte) if !byte.is_ascii_whitespace() => self.inner = Inner::Prose,
            _ => {}
        }
    }

    /// A quote with so many backslashes before it: each string that it stands in takes one of them
    /// for itself, and half of the others.
    fn quote(&mut self, mut slashes: u32) {
        for string in 0..self.strings {
            if slashes.is_multiple_of(2) {
                (self.strings, self.inner) = (string, Inner::Json);
                return;
            }
            slashes /= 2;
        }
        match self.inner {
            Inner::Json | Inner::Bracket if slashes == 0 => {
                (self.strings, self.inner) = (self.strings + 1, Inner::Begun);
            }
            Inner::Begun => self.inner = Inner::Text,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is open where `@` stands, read byte by byte and at once.
    fn strings(text: &str) -> u8 {
        let before = text.split('@').next().unwrap();
        let (mut whole, mut pieces) = (Nesting::default(), Nesting::default());
        whole.see(before);
        for letter in before.chars() {
            pieces.see(letter.encode_utf8(&mut [0; 4]));
        }
        assert_eq!(whole, pieces, "{text}");
        whole.strings()
    }

    /// `@` in a string of JSON in a string of JSON, and so on.
    fn nested(depth: usize) -> String {
        (0..depth).fold("@".to_owned(), |text, _| {
            serde_json::json!({"a": "say \"no\" to C:\\", "x": text, "z": [1]}).to_string()
        })
    }

    #[test]
    fn strings_within_each_other_are_counted() {
        for depth in 0..=usize::from(DEEPEST) {
            assert_eq!(usize::from(strings(&nested(depth))), depth, "{depth}");
        }
    }

    #[test]
    fn json_in_prose_counts_while_its_brackets_are_open() {
        for (text, depth) in [
            ("say \"@", 0),
            ("Here: {\"k\": \"@", 1),
            ("```json\n{\n  \"k\": [\"a\", \"x @", 1),
            ("{\"k\": \"v\"} and \"@", 0),
            ("[\"a\"] [{\"b\":[\"@", 1),
            ("f(a[0], \"@", 0),
            ("{name} said \"@", 0),
            ("[{\"k\": \"a \\\"quoted\\\" @", 1),
            ("{\"k\": \"C:\\\\\", \"l\": \"@", 1),
            ("{\"k\": \"C:\\\\\"} \"@", 0),
            ("{\"k\": @", 0),
        ] {
            assert_eq!(strings(text), depth, "{text}");
        }
    }

    #[test]
    fn a_string_that_goes_over_a_line_is_none() {
        assert_eq!(strings("[\"no end\nand \"@"), 0);
    }
}
