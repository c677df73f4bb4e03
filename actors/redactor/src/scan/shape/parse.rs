//! From the text of a pattern to a tree.

use std::fmt;

use crate::scan::classes::{ByteSet, DIGIT, WORD};

/// Why a pattern is none of the subset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ShapeError {
    /// Byte of the pattern.
    pub(crate) at: usize,
    /// What is wrong there.
    pub(crate) what: &'static str,
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {} of the pattern: {}", self.at, self.what)
    }
}

/// One after the other.
pub(super) type Sequence = Vec<Node>;

/// One of several.
pub(super) type Choice = Vec<Sequence>;

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    One(ByteSet),
    Run(ByteSet, Count),
    Group(Choice),
    Again(Choice, Count),
    Secret(Choice),
}

/// How often something is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) least: u32,
    /// `u32::MAX` for no bound.
    pub(super) most: u32,
}

impl Count {
    #[inline]
    pub(super) fn is_fixed(self) -> bool {
        self.least == self.most
    }

    /// The least and the most.
    #[inline]
    pub(super) fn bounds(self) -> (usize, usize) {
        let [least, most] = [self.least, self.most].map(usize::try_from);
        (least.unwrap_or(usize::MAX), most.unwrap_or(usize::MAX))
    }
}

/// A whole pattern.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) choice: Choice,
    pub(super) any_case: bool,
}

/// Groups within groups.
const DEEPEST: usize = 12;

/// Longest repetition that can be written.
const MOST_TIMES: u32 = 65_536;

const SPACE: ByteSet = ByteSet::of(b" \t\n\r\x0b\x0c");

pub(super) fn parse(pattern: &str) -> Result<Tree, ShapeError> {
    let body = pattern.strip_prefix("(?i)");
    let mut parser = Parser {
        pattern: pattern.as_bytes(),
        at: pattern.len() - body.unwrap_or(pattern).len(),
        any_case: body.is_some(),
        has_secret: false,
        depth: 0,
    };
    let choice = parser.choice()?;
    match parser.next() {
        Some(_) => Err(parser.error("this `)` closes no group")),
        None => Ok(Tree {
            choice,
            any_case: parser.any_case,
        }),
    }
}

struct Parser<'p> {
    pattern: &'p [u8],
    at: usize,
    any_case: bool,
    has_secret: bool,
    depth: usize,
}

impl Parser<'_> {
    fn next(&self) -> Option<u8> {
        self.pattern.get(self.at).copied()
    }

    fn take(&mut self, text: &[u8]) -> bool {
        let rest = self.pattern.get(self.at..).unwrap_or_default();
        let takes = rest.starts_with(text);
        self.at += if takes { text.len() } else { 0 };
        takes
    }

    fn error(&self, what: &'static str) -> ShapeError {
        ShapeError { at: self.at, what }
    }

    fn choice(&mut self) -> Result<Choice, ShapeError> {
        let mut choice = vec![self.sequence()?];
        while self.take(b"|") {
            choice.push(self.sequence()?);
        }
        Ok(joined(choice))
    }

    fn sequence(&mut self) -> Result<Sequence, ShapeError> {
        let mut sequence = Sequence::new();
        while !matches!(self.next(), None | Some(b'|' | b')')) {
            let at = self.at;
            let kind = self.atom()?;
            let kind = self.repeated(kind)?;
            sequence.push(Node { at, kind });
        }
        Ok(sequence)
    }

    fn atom(&mut self) -> Result<Kind, ShapeError> {
        let Some(byte) = self.next() else {
            return Err(self.error("something is missing"));
        };
        match byte {
            b'(' => self.group(),
            b'[' => self.class().map(Kind::One),
            b'\\' => self.escape().map(|set| Kind::One(self.cased(set))),
            b'.' => Err(self.error("`.` stands for anything: write a class")),
            b'^' | b'$' => Err(self.error("edges are not part of a pattern")),
            b'*' | b'+' | b'?' | b'{' => Err(self.error("nothing to repeat")),
            0x80.. => Err(self.error("only ASCII")),
            _ => {
                self.at += 1;
                Ok(Kind::One(self.cased(ByteSet::of(&[byte]))))
            }
        }
    }

    fn group(&mut self) -> Result<Kind, ShapeError> {
        let opening = self.at;
        let is_secret = self.take(b"(?<secret>");
        if !is_secret && !self.take(b"(?:") {
            return Err(self.error("only `(?:...)` and `(?<secret>...)` are groups"));
        }
        if is_secret && self.has_secret {
            let what = "there is a group `secret` already";
            return Err(ShapeError { at: opening, what });
        }
        self.has_secret |= is_secret;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error("too many groups within groups"));
        }
        let choice = self.choice()?;
        self.depth -= 1;
        if !self.take(b")") {
            let what = "this group has no end";
            return Err(ShapeError { at: opening, what });
        }
        Ok(if is_secret {
            Kind::Secret(choice)
        } else {
            Kind::Group(choice)
        })
    }

    /// A set, in both cases if the pattern says so.
    fn cased(&self, set: ByteSet) -> ByteSet {
        if !self.any_case {
            return set;
        }
        let letters = (b'a'..=b'z').zip(b'A'..=b'Z');
        letters.fold(set, |set, (lower, upper)| {
            if set.has(lower) || set.has(upper) {
                set.with(lower).with(upper)
            } else {
                set
            }
        })
    }

    /// What a `\` and what follows it stand for.
    fn escape(&mut self) -> Result<ByteSet, ShapeError> {
        self.at += 1;
        let set = match self.next() {
            Some(b'd') => DIGIT,
            Some(b'w') => WORD,
            Some(b's') => SPACE,
            Some(b'D') => DIGIT.not(),
            Some(b'W') => WORD.not(),
            Some(b'S') => SPACE.not(),
            Some(b'n') => ByteSet::of(b"\n"),
            Some(b'r') => ByteSet::of(b"\r"),
            Some(b't') => ByteSet::of(b"\t"),
            Some(byte) if byte.is_ascii_punctuation() => ByteSet::of(&[byte]),
            _ => return Err(self.error("no such escape")),
        };
        self.at += 1;
        Ok(set)
    }

    fn class(&mut self) -> Result<ByteSet, ShapeError> {
        let opening = self.at;
        self.at += 1;
        let is_negated = self.take(b"^");
        let mut set = ByteSet::default();
        while !self.take(b"]") {
            set = set.or(self.class_item(opening)?);
        }
        if set.is_empty() {
            let what = "an empty class";
            return Err(ShapeError { at: opening, what });
        }
        let set = self.cased(set);
        Ok(if is_negated { set.not() } else { set })
    }

    fn class_item(&mut self, opening: usize) -> Result<ByteSet, ShapeError> {
        let (first, set) = self.class_member(opening)?;
        let is_range =
            self.next() == Some(b'-') && self.pattern.get(self.at + 1).is_some_and(|b| *b != b']');
        if !is_range {
            return Ok(set);
        }
        self.at += 1;
        let (last, _) = self.class_member(opening)?;
        match (first, last) {
            (Some(first), Some(last)) if first <= last => Ok(ByteSet::range(first, last)),
            _ => Err(self.error("no range")),
        }
    }

    /// One byte of a class, or a set that an escape stands for.
    fn class_member(&mut self, opening: usize) -> Result<(Option<u8>, ByteSet), ShapeError> {
        let what = "this class has no end";
        let byte = self.next().ok_or(ShapeError { at: opening, what })?;
        match byte {
            b'\\' => {
                let named = self.pattern.get(self.at + 1).copied();
                let set = self.escape()?;
                let byte = named.filter(u8::is_ascii_punctuation);
                Ok((byte, set))
            }
            b'[' => Err(self.error("a `[` in a class needs a backslash")),
            b'&' if self.pattern.get(self.at + 1) == Some(&b'&') => {
                Err(self.error("classes cannot be intersected"))
            }
            0x80.. => Err(self.error("only ASCII")),
            _ => {
                self.at += 1;
                Ok((Some(byte), ByteSet::of(&[byte])))
            }
        }
    }

    fn repeated(&mut self, kind: Kind) -> Result<Kind, ShapeError> {
        let at = self.at;
        let Some(count) = self.count()? else {
            return Ok(kind);
        };
        if matches!(self.next(), Some(b'*' | b'+' | b'?' | b'{')) {
            return Err(self.error("this is repeated already"));
        }
        match kind {
            Kind::One(set) => Ok(Kind::Run(set, count)),
            Kind::Group(choice) => Ok(Kind::Again(choice, count)),
            Kind::Run(..) | Kind::Again(..) | Kind::Secret(_) => Err(ShapeError {
                at,
                what: "the secret cannot be repeated",
            }),
        }
    }

    fn count(&mut self) -> Result<Option<Count>, ShapeError> {
        let (least, most) = match self.next() {
            Some(b'?') => (0, 1),
            Some(b'*') => (0, u32::MAX),
            Some(b'+') => (1, u32::MAX),
            Some(b'{') => return self.braces().map(Some),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(Count { least, most }))
    }

    fn braces(&mut self) -> Result<Count, ShapeError> {
        self.at += 1;
        let least = self.number()?;
        let most = match (self.take(b","), self.next()) {
            (true, Some(b'}')) => u32::MAX,
            (true, _) => self.number()?,
            (false, _) => least,
        };
        if !self.take(b"}") || most == 0 || most < least {
            return Err(self.error("no such count"));
        }
        Ok(Count { least, most })
    }

    fn number(&mut self) -> Result<u32, ShapeError> {
        let mut number = None;
        while let Some(byte) = self.next().filter(u8::is_ascii_digit) {
            let next = number.unwrap_or(0) * 10 + u32::from(byte - b'0');
            if next > MOST_TIMES {
                return Err(self.error("too many times"));
            }
            number = Some(next);
            self.at += 1;
        }
        number.ok_or_else(|| self.error("a number is missing"))
    }
}

/// Joins alternatives that begin with the same byte: `pat|ptt` is `p(?:at|tt)`.
fn joined(choice: Choice) -> Choice {
    if choice.len() == 1 {
        return choice;
    }
    let mut kinds: Vec<(Option<ByteSet>, Choice)> = Vec::new();
    for sequence in choice {
        let first = match sequence.first() {
            Some(Node {
                kind: Kind::One(set),
                ..
            }) => Some(*set),
            _ => None,
        };
        let alike =
            |(other, _): &&mut (Option<ByteSet>, Choice)| first.is_some() && *other == first;
        match kinds.iter_mut().find(alike) {
            Some((_, like)) => like.push(sequence),
            None => kinds.push((first, vec![sequence])),
        }
    }
    kinds.into_iter().flat_map(|(_, like)| join(like)).collect()
}

fn join(alike: Choice) -> Choice {
    if alike.len() < 2 {
        return alike;
    }
    let first = alike.first().and_then(|sequence| sequence.first()).cloned();
    let tails = alike.into_iter().map(|mut sequence| sequence.split_off(1));
    let tails = joined(tails.collect());
    let at = first.as_ref().map_or(0, |node| node.at);
    let group = Node {
        at,
        kind: Kind::Group(tails),
    };
    vec![first.into_iter().chain([group]).collect()]
}
