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
mod numbers;
mod strings;

use std::borrow::Cow;

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
    document: &'a str,
    at: usize,
    end: usize,
    excess: usize,
}

impl<'a> Text<'a> {
    /// The spelling in the document.
    #[inline]
    pub fn raw(&self) -> &'a str {
        self.document.get(self.at..self.end).unwrap_or_default()
    }

    /// The same as bytes, which costs less: nobody asks whether they are whole characters.
    #[inline]
    pub(crate) fn bytes(&self) -> &'a [u8] {
        let document = self.document.as_bytes();
        document.get(self.at..self.end).unwrap_or_default()
    }

    /// Offset of the closing quote.
    #[inline]
    pub(crate) fn end(&self) -> usize {
        self.end
    }

    /// Offset of the first byte after the opening quote.
    #[inline]
    pub fn start(&self) -> usize {
        self.at
    }

    /// Whether the spelling has escapes.
    #[inline]
    pub fn escaped(&self) -> bool {
        self.excess > 0
    }

    /// Length of the decoded text in bytes.
    #[inline]
    pub fn decoded_len(&self) -> usize {
        self.end - self.at - self.excess
    }

    /// The text itself, where the spelling has no escapes.
    #[inline]
    pub(crate) fn plain(&self) -> Option<&'a str> {
        (self.excess == 0).then(|| self.raw())
    }

    /// The text itself; a lone surrogate is read as U+FFFD.
    pub fn decoded(&self) -> Cow<'a, str> {
        escape::decode_text(self.raw(), self.escaped())
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
        frame: Frame::of(listener.root(), Kind::Document, 0),
        outer: Vec::with_capacity(FRAMES),
        keys: KeyStack::with_room(if L::UNIQUE_KEYS { KEYS } else { 0 }),
        listener,
    };
    scanner.run()
}

/// Nesting and keys for which there is room from the start. More of them would take the slow path
/// of the allocator, which costs as much as the scan of a short document.
const FRAMES: usize = 8;
const KEYS: usize = 32;

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Object,
    Array,
}

#[derive(Clone, Copy)]
struct Frame<C> {
    context: C,
    kind: Kind,
    keys_from: usize,
    /// Where the present key stands, for error messages.
    key: (usize, usize),
    count: u32,
}

impl<C> Frame<C> {
    #[inline(always)]
    fn of(context: C, kind: Kind, keys_from: usize) -> Self {
        Self {
            context,
            kind,
            keys_from,
            key: (0, 0),
            count: 0,
        }
    }
}

/// Methods that take it whole are part of the loop; what is called gets what it needs by value.
struct Scanner<'a, 'l, L: Listener<'a>> {
    text: &'a str,
    at: usize,
    limits: JsonLimits,
    values: u32,
    /// The innermost container, and those around it.
    frame: Frame<L::Context>,
    outer: Vec<Frame<L::Context>>,
    keys: KeyStack<'a>,
    listener: &'l mut L,
}

impl<'a, L: Listener<'a>> Scanner<'a, '_, L> {
    fn run(mut self) -> Result<(), WireError> {
        let mut context = self.frame.context;
        loop {
            self.value(context)?;
            match self.next_place()? {
                Some(next) => context = next,
                None => break,
            }
        }
        match self.skip_space() {
            None => Ok(()),
            Some(_) => Err(self.syntax("the end")),
        }
    }

    /// Moves to the next value, past what closes before it; `None` if the document is over.
    #[inline(always)]
    fn next_place(&mut self) -> Result<Option<L::Context>, WireError> {
        loop {
            let (kind, first) = (self.frame.kind, self.frame.count == 0);
            match (self.skip_space(), kind) {
                (_, Kind::Document) => return Ok(None),
                (Some(b'}'), Kind::Object) | (Some(b']'), Kind::Array) => {
                    self.close();
                    continue;
                }
                (Some(b','), _) if !first => self.at += 1,
                (Some(_), _) if first => {}
                (_, Kind::Object) => return Err(self.syntax("`,` or `}`")),
                (_, Kind::Array) => return Err(self.syntax("`,` or `]`")),
            }
            self.frame.count += 1;
            return Ok(Some(match kind {
                Kind::Object => self.member()?,
                _ => self.frame.context,
            }));
        }
    }

    #[inline(always)]
    fn close(&mut self) {
        self.at += 1;
        if self.frame.kind == Kind::Object {
            self.keys.close(self.frame.keys_from);
        }
        if let Some(outer) = self.outer.pop() {
            self.frame = outer;
        }
    }

    #[inline(always)]
    fn member(&mut self) -> Result<L::Context, WireError> {
        if self.skip_space() != Some(b'"') {
            return Err(self.syntax("a key in quotes"));
        }
        let key = self.string()?;
        self.frame.key = (key.at, key.end);
        if L::UNIQUE_KEYS
            && !self
                .keys
                .insert(self.frame.keys_from, key.bytes(), key.escaped())
        {
            let path = path(self.text, &self.outer, self.frame);
            return Err(WireError::DuplicateKey { path });
        }
        if self.skip_space() != Some(b':') {
            return Err(self.syntax("`:`"));
        }
        self.at += 1;
        self.listener.member(self.frame.context, &key)
    }

    #[inline(always)]
    fn value(&mut self, context: L::Context) -> Result<(), WireError> {
        let first = self.skip_space();
        self.values += 1;
        if self.values > self.limits.max_values {
            return Err(WireError::TooManyValues {
                limit: self.limits.max_values,
            });
        }
        let value = match first {
            Some(b'"') => Value::Text(self.string()?),
            Some(b'{') => {
                self.open(context, Kind::Object)?;
                Value::Object
            }
            Some(b'[') => {
                self.open(context, Kind::Array)?;
                Value::Array
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return Err(self.syntax("a value")),
        };
        self.listener.value(context, value)
    }

    #[inline(always)]
    fn open(&mut self, context: L::Context, kind: Kind) -> Result<(), WireError> {
        let deep = u32::try_from(self.outer.len()).unwrap_or(u32::MAX);
        if deep >= self.limits.max_depth {
            return Err(WireError::TooDeep {
                limit: self.limits.max_depth,
            });
        }
        self.at += 1;
        self.outer.push(self.frame);
        self.frame = Frame::of(context, kind, self.keys.open());
        Ok(())
    }

    #[inline(always)]
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
        self.at = at;
        let (len, excess) = match strings::short(self.rest()) {
            Some(len) => (len, 0),
            None => {
                let strings::Inside { len, excess } = strings::inside(self.rest());
                (len, excess)
            }
        };
        self.at += len;
        if self.peek() != Some(b'"') {
            return Err(self.syntax(wrong_in_string(self.peek())));
        }
        let end = self.at;
        self.at += 1;
        Ok(Text {
            document: self.text,
            at,
            end,
            excess,
        })
    }

    #[inline(always)]
    fn number(&mut self) -> Result<Value<'a>, WireError> {
        let from = self.at;
        let (len, is_whole) = numbers::number(self.rest());
        self.at += len;
        match is_whole {
            true => Ok(Value::Number(
                self.text.get(from..self.at).unwrap_or_default(),
            )),
            false => Err(self.syntax("a digit")),
        }
    }

    /// Passes white space; says what follows it.
    #[inline(always)]
    fn skip_space(&mut self) -> Option<u8> {
        match self.peek() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => {
                self.at += space_len(self.rest());
                self.peek()
            }
        }
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline(always)]
    fn syntax(&self, expected: &'static str) -> WireError {
        syntax(self.text, self.at, expected)
    }
}

#[inline(never)]
fn space_len(bytes: &[u8]) -> usize {
    let space = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
    bytes.iter().take_while(space).count()
}

/// What the grammar wants instead of this in a string.
#[cold]
fn wrong_in_string(found: Option<u8>) -> &'static str {
    match found {
        Some(b'\\') => "an escape that json knows",
        Some(_) => "no control character in a string",
        None => "a closing quote",
    }
}

#[cold]
fn syntax(text: &str, at: usize, expected: &'static str) -> WireError {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    WireError::Syntax {
        line,
        column: before.len() - line_start + 1,
        expected,
    }
}

#[cold]
fn path<C: Copy>(text: &str, outer: &[Frame<C>], last: Frame<C>) -> JsonPath {
    let mut path = JsonPath::default();
    for frame in outer.iter().copied().chain([last]) {
        match frame.kind {
            Kind::Document => {}
            Kind::Object => {
                let raw = text.get(frame.key.0..frame.key.1).unwrap_or_default();
                path.push_key(&escape::decode_key(raw.as_bytes()));
            }
            Kind::Array => path.push_index(frame.count.saturating_sub(1)),
        }
    }
    path
}

#[cfg(test)]
mod tests;
