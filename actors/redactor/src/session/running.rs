//! A text that comes in pieces: scanned, treated, and let go as far as it is decided.
//!
//! Owns one running text: plain, or JSON inside of a string, whose string values are texts of
//! their own. Whole JSON is one piece, so both agree by construction.

use std::ops::Range;

use wire::{Fragment, FragmentSink, Respelling};

use crate::error::RedactError;
use crate::readings::Readings;
use crate::scan::family::RuleNumber;
use crate::scan::sink::{Sink, Stop};
use crate::side::Side;
use crate::treat::nesting::Nesting;
use crate::treat::treatment::{Treated, Treatment};

/// A text that comes in pieces.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are the large one, and no event should cost an allocation"
)]
pub(crate) enum Running {
    /// As it is.
    Plain(Readings, Beginning, Nesting),
    /// JSON inside of a string.
    Json(Box<RunningJson>),
}

/// See [`Running::Json`].
#[derive(Debug, Default)]
pub(crate) struct RunningJson {
    fragment: Fragment,
    /// Of the string value that is open.
    stream: Readings,
    nesting: Nesting,
}

impl Running {
    pub(crate) fn plain() -> Self {
        Self::Plain(
            Readings::default(),
            Beginning::default(),
            Nesting::default(),
        )
    }

    pub(crate) fn json() -> Self {
        Self::Json(Box::default())
    }

    /// Takes a piece, and adds to `out` what may go.
    ///
    /// # Errors
    /// [`RedactError::Blocked`], or that of the scan. `out` holds what may go all the same.
    pub(crate) fn push(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        piece: &str,
        out: &mut String,
    ) -> Result<(), RedactError> {
        match self {
            Self::Plain(stream, beginning, nesting) => {
                beginning.see(piece);
                let replaces = treatment.actions.replaces();
                let mut emit = Emit::text(treatment, *beginning, nesting, out);
                let pushed = stream.push(side.compiled(), replaces, piece, &mut emit);
                emit.end(pushed)
            }
            Self::Json(json) => {
                let (fragment, mut inside) = json.parts(side, treatment, out);
                fragment.push(piece, &mut inside)
            }
        }
    }

    /// Nothing follows: adds to `out` what was held back.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(crate) fn finish(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        out: &mut String,
    ) -> Result<(), RedactError> {
        match self {
            Self::Plain(stream, beginning, nesting) => {
                let (beginning, mut nesting) = (std::mem::take(beginning), std::mem::take(nesting));
                let replaces = treatment.actions.replaces();
                let mut emit = Emit::text(treatment, beginning, &mut nesting, out);
                let finished = stream.finish(side.compiled(), replaces, &mut emit);
                emit.end(finished)
            }
            Self::Json(json) => {
                let (fragment, mut inside) = json.parts(side, treatment, out);
                fragment.finish(&mut inside)
            }
        }
    }

    /// Nothing has come for a while: adds to `out` what is held back without being part of a
    /// secret yet. What is JSON waits: its reader wants whole values.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(crate) fn stall(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        out: &mut String,
    ) -> Result<(), RedactError> {
        let Self::Plain(stream, beginning, nesting) = self else {
            return Ok(());
        };
        let replaces = treatment.actions.replaces();
        let mut emit = Emit::text(treatment, *beginning, nesting, out);
        let stalled = stream.stall(side.compiled(), replaces, &mut emit);
        emit.end(stalled)
    }

    /// Bytes held back.
    pub(crate) fn held(&self) -> usize {
        match self {
            Self::Plain(stream, ..) => stream.held(),
            Self::Json(json) => json.stream.held() + json.fragment.torn(),
        }
    }
}

impl RunningJson {
    /// The reader, and what hears it.
    fn parts<'e, 't>(
        &'e mut self,
        side: &'e Side,
        treatment: &'e mut Treatment<'t>,
        out: &'e mut String,
    ) -> (&'e mut Fragment, Inside<'e, 't>) {
        let inside = Inside {
            side,
            treatment,
            stream: &mut self.stream,
            nesting: &mut self.nesting,
            out,
        };
        (&mut self.fragment, inside)
    }
}

/// JSON inside of a string, whole; `None` if nothing was replaced.
///
/// # Errors
/// As [`Running::push`].
pub(crate) fn rewrite_json(
    side: &Side,
    treatment: &mut Treatment<'_>,
    text: &str,
) -> Result<Option<String>, RedactError> {
    let mut out = String::with_capacity(text.len());
    let mut running = Running::json();
    running.push(side, treatment, text, &mut out)?;
    running.finish(side, treatment, &mut out)?;
    Ok((out != text).then_some(out))
}

/// What the first characters of a text say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Beginning {
    /// Nothing yet: blanks, or one bracket.
    #[default]
    Open,
    /// A bracket, after which only some characters mean JSON.
    Bracket,
    /// It is JSON: an answer in a structure that the client asked for, or a line of JSON.
    Json,
    /// It is not.
    Prose,
}

impl Beginning {
    /// What a whole text begins with.
    pub(crate) fn of(text: &str) -> Self {
        let mut beginning = Self::default();
        beginning.see(text);
        beginning
    }

    fn see(&mut self, piece: &str) {
        if matches!(self, Self::Json | Self::Prose) {
            return;
        }
        for byte in piece.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
            *self = match (*self, byte) {
                (Self::Open, b'[') => Self::Bracket,
                (Self::Open, b'{') | (Self::Bracket, b'{' | b'[' | b'"') => Self::Json,
                _ => Self::Prose,
            };
            if *self != Self::Bracket {
                return;
            }
        }
    }

    pub(crate) fn is_json(self) -> bool {
        self == Self::Json
    }
}

/// Takes what a scan lets go, and puts what is to stand in its place.
struct Emit<'e, 't> {
    treatment: &'e mut Treatment<'t>,
    nesting: &'e mut Nesting,
    out: &'e mut String,
    spelling: Option<&'e mut Respelling>,
    blocked: Option<RuleNumber>,
}

impl<'e, 't> Emit<'e, 't> {
    /// A text of which `nesting` knows what is out.
    fn plain(
        treatment: &'e mut Treatment<'t>,
        nesting: &'e mut Nesting,
        out: &'e mut String,
    ) -> Self {
        treatment.nesting = *nesting;
        Self {
            treatment,
            nesting,
            out,
            spelling: None,
            blocked: None,
        }
    }

    /// A text as it is; values are restored as its beginning asks for.
    fn text(
        treatment: &'e mut Treatment<'t>,
        beginning: Beginning,
        nesting: &'e mut Nesting,
        out: &'e mut String,
    ) -> Self {
        treatment.in_json = beginning.is_json();
        Self::plain(treatment, nesting, out)
    }

    fn end(self, scanned: Result<(), RedactError>) -> Result<(), RedactError> {
        *self.nesting = self.treatment.nesting;
        self.treatment.in_json = false;
        match self.blocked {
            Some(rule) => Err(self.treatment.blocked(rule)),
            None => scanned,
        }
    }

    fn put(&mut self, found: usize, text: &str) {
        match &mut self.spelling {
            Some(spelling) => spelling.replace(found, text, self.out),
            None => self.out.push_str(text),
        }
    }
}

impl Sink for Emit<'_, '_> {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        self.treatment.pass(text);
        match &mut self.spelling {
            Some(spelling) => spelling.keep(text, self.out),
            None => self.out.push_str(text),
        }
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        match self.treatment.treat(rules, text) {
            Treated::Kept => self.keep(text),
            Treated::Replaced(new) => {
                self.treatment.pass(text);
                self.put(text.len(), &new);
                Ok(())
            }
            Treated::Blocked(rule) => {
                self.blocked = Some(rule);
                Err(Stop)
            }
        }
    }

    fn observed(&mut self, rule: RuleNumber, _range: Range<usize>) {
        self.treatment.observe(rule);
    }
}

/// The string values inside of JSON.
struct Inside<'e, 't> {
    side: &'e Side,
    treatment: &'e mut Treatment<'t>,
    stream: &'e mut Readings,
    /// Within that value.
    nesting: &'e mut Nesting,
    out: &'e mut String,
}

impl FragmentSink for Inside<'_, '_> {
    type Error = RedactError;

    fn raw(&mut self, text: &str) -> Result<(), RedactError> {
        self.out.push_str(text);
        Ok(())
    }

    fn open(&mut self, key: &str) -> Result<(), RedactError> {
        *self.nesting = Nesting::default();
        let Some(before) = self.side.before_value_of(key) else {
            return Ok(());
        };
        let replaces = self.treatment.actions.replaces();
        self.stream.follow(self.side.compiled(), replaces, &before)
    }

    fn text(&mut self, decoded: &str, spelling: &mut Respelling) -> Result<(), RedactError> {
        let replaces = self.treatment.actions.replaces();
        let mut emit = Emit {
            spelling: Some(spelling),
            ..Emit::plain(self.treatment, self.nesting, self.out)
        };
        let pushed = self
            .stream
            .push(self.side.compiled(), replaces, decoded, &mut emit);
        emit.end(pushed)
    }

    fn close(&mut self, spelling: &mut Respelling) -> Result<(), RedactError> {
        let replaces = self.treatment.actions.replaces();
        let mut emit = Emit {
            spelling: Some(spelling),
            ..Emit::plain(self.treatment, self.nesting, self.out)
        };
        let finished = self
            .stream
            .finish(self.side.compiled(), replaces, &mut emit);
        emit.end(finished)
    }
}
