//! One strict, linear scanner for JSON over bytes, without recursion.
//!
//! Owns: the grammar of RFC 8259, the depth and value limits, the refusal of duplicate keys.
//! It hands every value to a [`Listener`] as a slice of the document and builds nothing itself.
//!
//! Never does: decode what nobody asked for, or keep a value. A document of a million brackets
//! costs a million steps of a loop and no stack.
//!
//! Forces: gateway and provider must read the same document (so duplicates are refused, with keys
//! compared as they decode), untouched bytes must stay (so a listener gets offsets), and one parse
//! must serve everybody (so there is one pass with one listener, and no tree).
//!
//! Called by: the chat request, the text visitor and the field readers of this crate.

mod keys;
mod strings;

use std::borrow::Cow;
use std::ops::Range;

use crate::error::{JsonPath, WireError};
use crate::escape;
use keys::KeyStack;
pub(crate) use strings::plain_run;

/// Bounds on a document, beside its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonLimits {
    /// Deepest nesting of objects and arrays. Default 128, as most parsers have it.
    pub max_depth: u32,
    /// Most values, containers included, keys not. Default 1,000,000.
    pub max_values: u32,
}

impl Default for JsonLimits {
    fn default() -> Self {
        Self {
            max_depth: 128,
            max_values: 1_000_000,
        }
    }
}

/// A string of the document: what stands between its quotes, and where.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    raw: &'a str,
    at: usize,
    excess: usize,
}

impl<'a> Text<'a> {
    /// The spelling in the document.
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    /// Offset of the first byte after the opening quote.
    pub fn start(&self) -> usize {
        self.at
    }

    /// Whether the spelling has escapes.
    pub fn escaped(&self) -> bool {
        self.excess > 0
    }

    /// Length of the decoded text in bytes.
    pub fn decoded_len(&self) -> usize {
        self.raw.len() - self.excess
    }

    /// The text itself, where the spelling has no escapes.
    #[inline]
    pub(crate) fn plain(&self) -> Option<&'a str> {
        (self.excess == 0).then_some(self.raw)
    }

    /// The text itself; a lone surrogate is read as U+FFFD.
    pub fn decoded(&self) -> Cow<'a, str> {
        escape::decode_text(self.raw, self.escaped())
    }
}

/// What the scanner found. Containers are told when they open.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// `{`, with members to follow.
    Object,
    /// `[`, with elements to follow.
    Array,
    /// A string.
    Text(Text<'a>),
    /// A number, as it is spelt.
    Number(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

/// Hears the values of a document in order.
pub trait Listener<'a> {
    /// What a listener knows of a place. Elements of an array have the context of the array.
    type Context: Copy;

    /// Whether a key that stands twice in one object is an error.
    const UNIQUE_KEYS: bool = true;

    /// The context of the whole document.
    fn root(&mut self) -> Self::Context;

    /// The context of the value that follows `key` in an object that has the context `object`.
    ///
    /// # Errors
    /// Whatever the listener refuses; the scan ends with it.
    fn member(&mut self, object: Self::Context, key: &Text<'a>)
    -> Result<Self::Context, WireError>;

    /// A value at a place with this context.
    ///
    /// # Errors
    /// Whatever the listener refuses; the scan ends with it.
    fn value(&mut self, context: Self::Context, value: Value<'a>) -> Result<(), WireError>;
}

/// Scans one document.
///
/// # Errors
/// [`WireError::NotUtf8`], [`WireError::Syntax`], [`WireError::TooDeep`],
/// [`WireError::TooManyValues`], [`WireError::DuplicateKey`], or what the listener refused.
///
/// # Security
/// Time is linear in the length of the body (keys of wide objects are hashed with a random key),
/// stack use is constant, and memory grows with depth and with the keys of open objects only.
///
/// # Source
/// Grammar: RFC 8259. Lone surrogates in escapes are taken, as section 8.2 allows: clients that
/// cut text at UTF-16 units produce them.
pub fn scan<'a, L: Listener<'a>>(
    body: &'a [u8],
    limits: &JsonLimits,
    listener: &mut L,
) -> Result<(), WireError> {
    let text = std::str::from_utf8(body).map_err(|error| WireError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let scanner = Scanner {
        text,
        at: 0,
        limits: *limits,
        values: 0,
        frames: Vec::with_capacity(FRAMES),
        keys: KeyStack::with_room(if L::UNIQUE_KEYS { KEYS } else { 0 }),
        listener,
    };
    scanner.run()
}

/// Nesting and keys for which there is room from the start. More of them would take the slow path
/// of the allocator, which costs as much as the scan of a short document.
const FRAMES: usize = 8;
const KEYS: usize = 32;

struct Frame<C> {
    context: C,
    object: bool,
    keys_from: usize,
    /// Where the present key stands, for error messages.
    key: Range<usize>,
    count: u32,
}

struct Scanner<'a, 'l, L: Listener<'a>> {
    text: &'a str,
    at: usize,
    limits: JsonLimits,
    values: u32,
    frames: Vec<Frame<L::Context>>,
    keys: KeyStack<'a>,
    listener: &'l mut L,
}

impl<'a, L: Listener<'a>> Scanner<'a, '_, L> {
    fn run(mut self) -> Result<(), WireError> {
        let root = self.listener.root();
        self.value(root)?;
        while let Some(frame) = self.frames.last() {
            let (object, context, first) = (frame.object, frame.context, frame.count == 0);
            if !self.next_item(object, first)? {
                continue;
            }
            let context = if object {
                self.member(context)?
            } else {
                context
            };
            self.value(context)?;
        }
        self.skip_space();
        if self.at == self.text.len() {
            Ok(())
        } else {
            Err(self.syntax("the end"))
        }
    }

    /// Moves to the next member or element of the innermost container; `false` if it closed.
    #[inline]
    fn next_item(&mut self, object: bool, first: bool) -> Result<bool, WireError> {
        self.skip_space();
        let closing = if object { b'}' } else { b']' };
        match self.peek() {
            Some(byte) if byte == closing => {
                self.at += 1;
                self.close();
                return Ok(false);
            }
            Some(b',') if !first => self.at += 1,
            Some(_) if first => {}
            _ if object => return Err(self.syntax("`,` or `}`")),
            _ => return Err(self.syntax("`,` or `]`")),
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.count += 1;
        }
        Ok(true)
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop()
            && frame.object
        {
            self.keys.close(frame.keys_from);
        }
    }

    #[inline]
    fn member(&mut self, object: L::Context) -> Result<L::Context, WireError> {
        self.skip_space();
        if self.peek() != Some(b'"') {
            return Err(self.syntax("a key in quotes"));
        }
        let key = self.string()?;
        self.note_key(key)?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.syntax("`:`"));
        }
        self.at += 1;
        self.listener.member(object, &key)
    }

    fn note_key(&mut self, key: Text<'a>) -> Result<(), WireError> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        frame.key = key.at..key.at + key.raw.len();
        if L::UNIQUE_KEYS
            && !self
                .keys
                .insert(frame.keys_from, key.raw.as_bytes(), key.escaped())
        {
            return Err(WireError::DuplicateKey { path: self.path() });
        }
        Ok(())
    }

    #[inline]
    fn value(&mut self, context: L::Context) -> Result<(), WireError> {
        self.skip_space();
        self.values += 1;
        if self.values > self.limits.max_values {
            return Err(WireError::TooManyValues {
                limit: self.limits.max_values,
            });
        }
        let value = match self.peek() {
            Some(b'"') => Value::Text(self.string()?),
            Some(b'{') => return self.open(context, true),
            Some(b'[') => return self.open(context, false),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return Err(self.syntax("a value")),
        };
        self.listener.value(context, value)
    }

    fn open(&mut self, context: L::Context, object: bool) -> Result<(), WireError> {
        let deep = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        if deep >= self.limits.max_depth {
            return Err(WireError::TooDeep {
                limit: self.limits.max_depth,
            });
        }
        self.at += 1;
        self.frames.push(Frame {
            context,
            object,
            keys_from: self.keys.open(),
            key: 0..0,
            count: 0,
        });
        self.listener
            .value(context, if object { Value::Object } else { Value::Array })
    }

    fn word(&mut self, word: &'static str, value: Value<'a>) -> Result<Value<'a>, WireError> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.syntax("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    /// Reads a string whose opening quote is next.
    #[inline(always)]
    fn string(&mut self) -> Result<Text<'a>, WireError> {
        let at = self.at + 1;
        let excess = self.string_excess().map_err(|error| *error)?;
        let raw = self.text.get(at..self.at - 1).unwrap_or_default();
        Ok(Text { raw, at, excess })
    }

    /// Passes a string; says how many bytes its escapes are longer than what they stand for.
    ///
    /// The error is boxed so that the result fits in registers: through memory it cost a fifth
    /// of the whole scan.
    fn string_excess(&mut self) -> Result<usize, Box<WireError>> {
        self.at += 1;
        let strings::Inside { len, excess } = strings::inside(self.rest());
        self.at += len;
        let expected = match self.peek() {
            Some(b'"') => {
                self.at += 1;
                return Ok(excess);
            }
            Some(b'\\') => "an escape that json knows",
            Some(_) => "no control character in a string",
            None => "a closing quote",
        };
        Err(Box::new(self.syntax(expected)))
    }

    fn number(&mut self) -> Result<&'a str, WireError> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(self.text.get(from..self.at).unwrap_or_default())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), WireError> {
        let len = self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if len == 0 {
            return Err(self.syntax("a digit"));
        }
        self.at += len;
        Ok(())
    }

    #[inline]
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[cold]
    fn syntax(&self, expected: &'static str) -> WireError {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        WireError::Syntax {
            line,
            column: before.len() - line_start + 1,
            expected,
        }
    }

    #[cold]
    fn path(&self) -> JsonPath {
        let mut path = JsonPath::default();
        for frame in &self.frames {
            if frame.object {
                let raw = self.text.get(frame.key.clone()).unwrap_or_default();
                path.push_key(&escape::decode_key(raw.as_bytes()));
            } else {
                path.push_index(frame.count.saturating_sub(1));
            }
        }
        path
    }
}

#[cfg(test)]
mod tests;
