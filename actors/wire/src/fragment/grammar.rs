//! Where in a JSON text a reader stands, so that it knows keys from values.
//!
//! Owns the grammar between strings. Lenient in one way only: several documents may follow each
//! other. Everything else that JSON does not allow there is the beginning of plain text, and so are
//! numbers and words outside of all objects and arrays: arguments are never one.

use std::borrow::Cow;

use crate::escape::decode_key;

/// Deepest nesting that is followed; beyond it everything is plain text.
const DEEPEST: usize = 1024;

/// Objects and arrays in one word.
const WORD: usize = 64;

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Brackets, keys, numbers, words, white space.
    Structure,
    /// The inside of a string value.
    String,
    /// No JSON.
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Before a document, or between two.
    #[default]
    Document,
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    /// After a value: a comma or the end of its container.
    After,
    InKey {
        escaped: bool,
    },
    Number,
    Word {
        word: &'static [u8],
        read: usize,
    },
    String,
    Plain,
}

/// Bytes that are known of a key: its last ones.
const KNOWN_KEY: usize = 64;

/// Reads structure.
#[derive(Debug, Default)]
pub(super) struct Grammar {
    state: State,
    containers: Containers,
    /// The end of the last key, as it is spelt; cleared where a value of its own follows.
    key: Vec<u8>,
    is_key_cut: bool,
    /// The same of the key that the innermost open object is the value of.
    parent: Vec<u8>,
    is_parent_cut: bool,
}

impl Grammar {
    #[inline]
    pub(super) fn token(&self) -> Token {
        match self.state {
            State::String => Token::String,
            State::Plain => Token::Plain,
            _ => Token::Structure,
        }
    }

    /// Passes structure up to the inside of a string value or to where JSON ends; says how much.
    pub(super) fn pass(&mut self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if let State::InKey { escaped: false } = self.state {
                let rest = bytes.get(at..).unwrap_or_default();
                at += memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
                let start = bytes.len() - rest.len();
                self.note_key(bytes.get(start..at).unwrap_or_default());
                let Some(&end) = bytes.get(at) else { break };
                self.state = match end {
                    b'\\' => {
                        self.note_key(b"\\");
                        State::InKey { escaped: true }
                    }
                    _ => State::Colon,
                };
                at += 1;
                continue;
            }
            self.hear_key(byte);
            self.step(byte);
            if self.state == State::Plain {
                return at;
            }
            at += 1;
            if self.state == State::String {
                return at;
            }
        }
        at
    }

    /// The key that a value at this place belongs to, decoded; of a long one the end.
    pub(super) fn key(&self) -> Cow<'_, str> {
        shown(&self.key, self.is_key_cut)
    }

    /// The same for the object that the value is a member of, while no other object or list was
    /// in it.
    pub(super) fn parent(&self) -> Cow<'_, str> {
        shown(&self.parent, self.is_parent_cut)
    }

    fn note_key(&mut self, more: &[u8]) {
        self.key.extend_from_slice(more);
        let Some(excess) = self.key.len().checked_sub(KNOWN_KEY + 1) else {
            return;
        };
        // Whole characters stay.
        let is_inside = |byte: &&u8| **byte & 0xC0 == 0x80;
        let rest = self.key.get(excess + 1..).unwrap_or_default();
        let torn = rest.iter().take_while(is_inside).count();
        self.key.drain(..=excess + torn);
        self.is_key_cut = true;
    }

    /// Before a byte that is no plain part of a key: the end of one, or the end of its reach.
    #[inline(always)]
    fn hear_key(&mut self, byte: u8) {
        match (self.state, byte) {
            (State::InKey { escaped: true }, _) => self.note_key(&[byte]),
            (State::Key | State::KeyOrEnd, b'"') => self.forget_key(),
            (_, b'{') => {
                std::mem::swap(&mut self.parent, &mut self.key);
                self.is_parent_cut = self.is_key_cut;
                self.forget_key();
            }
            (_, b'}' | b']') => {
                self.parent.clear();
                self.forget_key();
            }
            _ => {}
        }
    }

    fn forget_key(&mut self) {
        self.key.clear();
        self.is_key_cut = false;
    }

    /// The string value has been read to its end.
    pub(super) fn string_closed(&mut self) {
        self.state = self.after();
    }

    #[inline]
    fn after(&self) -> State {
        if self.containers.depth == 0 {
            State::Document
        } else {
            State::After
        }
    }

    #[inline(always)]
    fn step(&mut self, byte: u8) {
        self.state = match self.state {
            State::InKey { escaped: true } => State::InKey { escaped: false },
            State::InKey { .. } if byte == b'"' => State::Colon,
            State::InKey { .. } => State::InKey {
                escaped: byte == b'\\',
            },
            State::Number if matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') => {
                State::Number
            }
            State::Word { word, read } => self.word(word, read, byte),
            State::Number => self.between(self.after(), byte),
            state => self.between(state, byte),
        };
    }

    #[inline(always)]
    fn between(&mut self, state: State, byte: u8) -> State {
        if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            return state;
        }
        match (state, byte) {
            (State::Document | State::Value | State::ValueOrEnd, _) => self.value(state, byte),
            (State::Key | State::KeyOrEnd, b'"') => State::InKey { escaped: false },
            (State::Colon, b':') => State::Value,
            (State::After, b',') if self.containers.in_object() => State::Key,
            (State::After, b',') => State::Value,
            (State::KeyOrEnd, b'}') => self.close(true),
            (State::After, b'}' | b']') => self.close(byte == b'}'),
            _ => State::Plain,
        }
    }

    #[inline]
    fn value(&mut self, state: State, byte: u8) -> State {
        let inside = state != State::Document;
        match byte {
            b'{' => self.open(true),
            b'[' => self.open(false),
            b'"' => State::String,
            b']' if state == State::ValueOrEnd => self.close(false),
            b'-' | b'0'..=b'9' if inside => State::Number,
            b't' if inside => word(b"true"),
            b'f' if inside => word(b"false"),
            b'n' if inside => word(b"null"),
            _ => State::Plain,
        }
    }

    fn word(&self, word: &'static [u8], read: usize, byte: u8) -> State {
        if word.get(read) != Some(&byte) {
            return State::Plain;
        }
        if read + 1 == word.len() {
            return self.after();
        }
        State::Word {
            word,
            read: read + 1,
        }
    }

    fn open(&mut self, object: bool) -> State {
        match self.containers.push(object) {
            false => State::Plain,
            true if object => State::KeyOrEnd,
            true => State::ValueOrEnd,
        }
    }

    #[inline]
    fn close(&mut self, object: bool) -> State {
        if self.containers.in_object() != object {
            return State::Plain;
        }
        self.containers.depth = self.containers.depth.saturating_sub(1);
        self.after()
    }
}

/// A key as it was meant; of one that is cut the spelling.
fn shown(key: &[u8], is_cut: bool) -> Cow<'_, str> {
    if key.contains(&b'\\') && !is_cut {
        return Cow::Owned(String::from_utf8_lossy(&decode_key(key)).into_owned());
    }
    String::from_utf8_lossy(key)
}

fn word(word: &'static [u8]) -> State {
    State::Word { word, read: 1 }
}

/// Which of the open containers are objects, one bit each.
#[derive(Debug, Default)]
struct Containers {
    near: u64,
    far: Vec<u64>,
    depth: usize,
}

impl Containers {
    fn push(&mut self, object: bool) -> bool {
        if self.depth >= DEEPEST {
            return false;
        }
        let bit = 1 << (self.depth % WORD);
        let word = match (self.depth / WORD).checked_sub(1) {
            None => &mut self.near,
            Some(number) => {
                if self.far.len() == number {
                    self.far.push(0);
                }
                match self.far.get_mut(number) {
                    Some(word) => word,
                    None => return false,
                }
            }
        };
        *word = if object { *word | bit } else { *word & !bit };
        self.depth += 1;
        true
    }

    /// Whether the innermost container is an object.
    #[inline]
    fn in_object(&self) -> bool {
        let Some(last) = self.depth.checked_sub(1) else {
            return false;
        };
        let word = match (last / WORD).checked_sub(1) {
            None => self.near,
            Some(number) => self.far.get(number).copied().unwrap_or(0),
        };
        word & (1 << (last % WORD)) != 0
    }
}
