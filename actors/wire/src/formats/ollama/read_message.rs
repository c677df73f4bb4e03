//! Reads messages, of requests and of replies.

use super::{OWN, Outcome, SEAL};
use crate::canonical::error::FormatError;
use crate::canonical::parts::{
    Call, CallInput, Extra, Extras, Media, MediaKind, MediaSource, Part, PartKind, Thought,
    ToolResult, Weight,
};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::request::{Role, Turn};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;

/// The members of a message.
#[derive(Default)]
pub(super) struct Message<'a> {
    pub(super) role: Option<Raw<'a>>,
    pub(super) content: Option<Text<'a>>,
    pub(super) thinking: Option<Text<'a>>,
    pub(super) images: Option<Raw<'a>>,
    pub(super) tool_calls: Option<Raw<'a>>,
    tool_name: Option<Text<'a>>,
    tool_call_id: Option<Text<'a>>,
    pub(super) extras: Extras<'a>,
}

impl<'a> Message<'a> {
    pub(super) fn read(value: Raw<'a>) -> Outcome<Self> {
        let mut message = Message::default();
        raw::each_member(value, |key, inner| {
            match key {
                _ if raw::is_null(inner) => {}
                "role" => message.role = Some(inner),
                "content" => message.content = Some(raw::text(inner)?),
                "thinking" => message.thinking = Some(raw::text(inner)?),
                "images" => message.images = Some(inner),
                "tool_calls" => message.tool_calls = Some(inner),
                "tool_name" => message.tool_name = Some(raw::text(inner)?),
                "tool_call_id" => message.tool_call_id = Some(raw::text(inner)?),
                _ => message
                    .extras
                    .push(Extra::new(key.to_owned(), inner, Weight::Unknown)),
            }
            Ok(())
        })?;
        Ok(message)
    }

    /// Thinking, text, images and calls, in this order; the format has no other.
    pub(super) fn parts(&self, provider: Option<&'a str>) -> Outcome<Vec<Part<'a>>> {
        let mut parts = Vec::new();
        let said = |text: &Option<Text<'a>>| text.clone().filter(|text| !text.is_empty());
        if let Some(text) = said(&self.thinking) {
            let thought = Thought {
                texts: vec![text],
                seal: Some(seal(provider)),
                ..Thought::default()
            };
            parts.push(Part::new(PartKind::Thinking(thought)));
        }
        parts.extend(said(&self.content).map(Part::text));
        if let Some(images) = self.images {
            parts.append(&mut self::images(images)?);
        }
        if let Some(calls) = self.tool_calls {
            raw::each_item(calls, |item| {
                parts.push(call(item)?);
                Ok(())
            })?;
        }
        Ok(parts)
    }
}

/// The seal of thinking.
pub(super) fn seal(provider: Option<&str>) -> Seal<'_> {
    Seal {
        format: OWN,
        provider: provider.map(Into::into),
        value: Text::plain(SEAL),
    }
}

fn images(list: Raw<'_>) -> Outcome<Vec<Part<'_>>> {
    let mut all = Vec::new();
    raw::each_item(list, |item| {
        let source = MediaSource::Base64(raw::text(item)?);
        let media = Media::new(MediaKind::Image, source);
        all.push(Part::new(PartKind::Media(media)).from(item));
        Ok(())
    })?;
    Ok(all)
}

/// One call. Its input is an object; some templates of models give a string.
pub(super) fn call(item: Raw<'_>) -> Outcome<Part<'_>> {
    let mut extras = Vec::new();
    let (mut id, mut found) = (None, None);
    raw::each_member(item, |key, value| {
        match key {
            "function" => found = Some(function(value, &mut extras)?),
            _ if raw::is_null(value) => {}
            "id" => id = Some(raw::text(value)?).filter(|id| !id.is_empty()),
            // Written by clients that know OpenAI's calls.
            "type" => extras.push(Extra::new("type", value, Weight::Nothing)),
            _ => extras.push(Extra::new(key.to_owned(), value, Weight::Unknown)),
        }
        Ok(())
    })?;
    let missing = || FormatError::missing_in("function", item);
    let (name, input) = found.ok_or_else(missing)?;
    let call = Call {
        id,
        name,
        input,
        seal: None,
    };
    let mut part = Part::new(PartKind::Call(call)).from(item);
    part.extras = extras;
    Ok(part)
}

fn function<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<(Text<'a>, CallInput<'a>)> {
    let (mut name, mut input) = (None, None);
    raw::each_member(value, |key, inner| {
        let weight = match key {
            "name" => {
                name = Some(raw::text(inner)?);
                return Ok(());
            }
            _ if raw::is_null(inner) => return Ok(()),
            "arguments" => {
                input = Some(arguments(inner)?);
                return Ok(());
            }
            "index" => Weight::Nothing,
            _ => Weight::Unknown,
        };
        extras.push(Extra::new(format!("function.{key}"), inner, weight));
        Ok(())
    })?;
    let name = name.ok_or_else(|| FormatError::missing_in("name", value))?;
    Ok((name, input.unwrap_or(CallInput::Spelt(Text::plain("")))))
}

fn arguments(value: Raw<'_>) -> Outcome<CallInput<'_>> {
    match raw::kind(value) {
        Kind::Object => Ok(CallInput::Object(value)),
        Kind::Text => raw::text(value).map(CallInput::Spelt),
        _ => Err(FormatError::expected("an object", value)),
    }
}

/// The messages of a request.
pub(super) fn turns(value: Raw<'_>) -> Outcome<Vec<Turn<'_>>> {
    let mut all = Vec::new();
    raw::each_item(value, |item| {
        all.push(turn(item)?);
        Ok(())
    })?;
    Ok(all)
}

fn turn(item: Raw<'_>) -> Outcome<Turn<'_>> {
    let mut message = Message::read(item)?;
    let role = message
        .role
        .ok_or_else(|| FormatError::missing_in("role", item))?;
    let word = raw::text(role)?.decoded().into_owned();
    // The server takes roles in any letter case.
    let lower = word.to_ascii_lowercase();
    if lower != word {
        let spelling = Extra::new("role", role, Weight::Nothing);
        message.extras.push(spelling);
    }
    let mut turn = match lower.as_str() {
        "system" => Turn::new(Role::System, message.parts(None)?),
        "user" => Turn::new(Role::User, message.parts(None)?),
        "assistant" => Turn::new(Role::Assistant, message.parts(None)?),
        "tool" => Turn::new(Role::Tool, vec![result(&message)?]),
        _ => return Err(FormatError::expected("a known role", role)),
    };
    turn.origin = Some(item);
    turn.extras = message.extras;
    Ok(turn)
}

fn result<'a>(message: &Message<'a>) -> Outcome<Part<'a>> {
    let result = ToolResult {
        id: message.tool_call_id.clone(),
        name: message.tool_name.clone(),
        content: message.parts(None)?,
        structured: None,
        failed: None,
        custom: false,
    };
    Ok(Part::new(PartKind::Result(result)))
}
