//! The calls of one choice of a stream that is read.
//!
//! Owns which piece belongs to which call, and what of a call's input comes before its name.

use super::Outcome;
use super::node::member;
use super::stream_state::Choice;
use super::thinking;
use crate::canonical::error::FormatError;
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::step::{Block, BlockHead, Step};
use crate::canonical::text::Text;
use crate::formats::Steps;

/// Most bytes of a call's input that may come before the call's name.
const MOST_UNNAMED: usize = 64 * 1024;

/// One call of a choice.
pub(super) struct Call {
    /// `None` until its name is known.
    pub(super) at: Option<Block>,
    index: Option<u64>,
    id: Option<String>,
    unnamed: Vec<u8>,
}

impl Choice {
    pub(super) fn legacy_call(
        &mut self,
        value: Raw<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        let piece = Piece {
            name: member(value, "name").and_then(Text::of_raw),
            input: member(value, "arguments").and_then(Text::of_raw),
            ..Piece::default()
        };
        self.piece(piece, provider, steps)
    }

    pub(super) fn call(&mut self, item: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        let mut piece = Piece::read(item)?;
        for field in std::mem::take(&mut piece.unknown) {
            steps(Step::Unknown {
                field: field.into(),
            })?;
        }
        self.piece(piece, provider, steps)
    }

    fn piece(&mut self, mut piece: Piece<'_>, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        let seal = piece
            .extra
            .map(|raw| thinking::call_seal(raw, Some(provider)));
        let number = self.call_of(&piece);
        if let Some(name) = piece.name.take_if(|_| self.is_unnamed(number)) {
            self.close_open(provider, steps)?;
            self.open_call(number, name, &piece, steps)?;
        }
        let Some(call) = self.calls.get_mut(number) else {
            return Ok(());
        };
        let input = piece.input.filter(|input| !input.is_empty());
        let Some(at) = call.at else {
            return call.keep(input.as_ref());
        };
        if let Some(text) = input {
            steps(Step::Delta { at, text })?;
        }
        match seal {
            Some(seal) => steps(Step::Seal { at, seal }),
            None => Ok(()),
        }
    }

    fn is_unnamed(&self, number: usize) -> bool {
        self.calls.get(number).is_some_and(|call| call.at.is_none())
    }

    /// The call that a piece belongs to. Gemini's endpoint gives no index, others give 0 to all:
    /// then a new id is a new call.
    fn call_of(&mut self, piece: &Piece<'_>) -> usize {
        let same = |call: &&Call| match (piece.index, piece.id.as_deref()) {
            (Some(index), id) => call.index == Some(index) && id.is_none_or(|id| call.is_id(id)),
            (None, Some(id)) => call.is_id(id),
            (None, None) => piece.name.is_none() || call.at.is_none(),
        };
        let found = self.calls.iter().rev().find(same);
        if let Some(found) = found {
            let number = self.calls.iter().position(|call| std::ptr::eq(call, found));
            return number.unwrap_or(0);
        }
        self.calls.push(Call {
            at: None,
            index: piece.index,
            id: piece.id.clone(),
            unnamed: Vec::new(),
        });
        self.calls.len() - 1
    }

    fn open_call(
        &mut self,
        number: usize,
        name: Text<'_>,
        piece: &Piece<'_>,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        self.before.calls = true;
        let at = self.new_block();
        let Some(call) = self.calls.get_mut(number) else {
            return Ok(());
        };
        call.at = Some(at);
        call.id = call.id.take().or_else(|| piece.id.clone());
        let id = call.id.as_deref().map(Text::plain);
        let custom = piece.custom;
        let head = BlockHead::Call { id, name, custom };
        steps(Step::Open { at, head })?;
        let earlier = std::mem::take(&mut call.unnamed);
        if earlier.is_empty() {
            return Ok(());
        }
        let text = Text::Spelt(String::from_utf8(earlier).unwrap_or_default().into());
        steps(Step::Delta { at, text })
    }
}

impl Call {
    fn is_id(&self, id: &str) -> bool {
        self.id.as_deref().is_none_or(|own| own == id)
    }

    fn keep(&mut self, input: Option<&Text<'_>>) -> Outcome {
        if let Some(input) = input {
            input.write_inside(&mut self.unnamed);
        }
        if self.unnamed.len() > MOST_UNNAMED {
            return Err(FormatError::too_much_held());
        }
        Ok(())
    }
}

/// One element of `tool_calls` of an event.
#[derive(Default)]
struct Piece<'a> {
    index: Option<u64>,
    id: Option<String>,
    name: Option<Text<'a>>,
    input: Option<Text<'a>>,
    custom: bool,
    extra: Option<Raw<'a>>,
    /// What no document names.
    unknown: Vec<String>,
}

impl<'a> Piece<'a> {
    fn read(item: Raw<'a>) -> Outcome<Self> {
        let mut piece = Piece::default();
        raw::each_member(item, |key, value| {
            match key {
                _ if raw::is_null(value) => {}
                "index" => piece.index = raw::count(value),
                "id" => {
                    let id = raw::text(value)?;
                    piece.id = (!id.is_empty()).then(|| id.decoded().into_owned());
                }
                "type" => {
                    let word = raw::text(value)?;
                    piece.custom |= word.is("custom");
                    if !["function", "custom", ""]
                        .iter()
                        .any(|known| word.is(known))
                    {
                        piece.unknown.push("tool_calls[].type".to_owned());
                    }
                }
                "function" | "custom" => {
                    piece.custom |= key == "custom";
                    piece.name = member(value, "name").map(raw::text).transpose()?;
                    piece.name.take_if(|name| name.is_empty());
                    let input = member(value, "arguments").or(member(value, "input"));
                    piece.input = input.map(input_text).transpose()?;
                }
                "extra_content" if raw::kind(value) == Kind::Object => piece.extra = Some(value),
                _ => piece.unknown.push(format!("tool_calls[].{key}")),
            }
            Ok(())
        })?;
        Ok(piece)
    }
}

/// A string; some servers send the object itself, whole.
fn input_text(value: Raw<'_>) -> Outcome<Text<'_>> {
    match raw::kind(value) {
        Kind::Object => Ok(Text::plain(value.get())),
        _ => raw::text(value),
    }
}
