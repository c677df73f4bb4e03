//! Reads messages and their parts.

use super::node::{inside, keep_spelling, member};
use super::{Outcome, read_tools, thinking};
use crate::canonical::error::FormatError;
use crate::canonical::media;
use crate::canonical::parts::{
    CacheMark, Call, CallInput, Extra, Extras, Media, MediaKind, MediaSource, Part, PartKind,
    Thought, ToolResult, Weight,
};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::request::{Role, Turn};
use crate::canonical::text::Text;

pub(super) fn turns(value: Raw<'_>) -> Outcome<Vec<Turn<'_>>> {
    let mut all = Vec::new();
    raw::each_item(value, |item| {
        all.push(turn(item)?);
        Ok(())
    })?;
    Ok(all)
}

/// The members of a message, before its role says what they mean.
#[derive(Default)]
pub(super) struct Message<'a> {
    pub(super) role: Option<Raw<'a>>,
    content: Option<Raw<'a>>,
    refusal: Option<Raw<'a>>,
    name: Option<Text<'a>>,
    tool_calls: Option<Raw<'a>>,
    function_call: Option<Raw<'a>>,
    tool_call_id: Option<Text<'a>>,
    thinking: thinking::Members<'a>,
    /// Beside what this format has no place for: `audio`, `images`, `annotations`.
    pub(super) extras: Extras<'a>,
}

impl<'a> Message<'a> {
    pub(super) fn read(value: Raw<'a>) -> Outcome<Self> {
        let mut message = Message::default();
        raw::each_member(value, |key, inner| {
            if !raw::is_null(inner) {
                message.member(key, inner)?;
            }
            Ok(())
        })?;
        Ok(message)
    }

    fn member(&mut self, key: &str, value: Raw<'a>) -> Outcome {
        match key {
            "role" => self.role = Some(value),
            "content" => self.content = Some(value),
            "refusal" => self.refusal = Some(value),
            "name" => self.name = Some(raw::text(value)?),
            "tool_calls" => self.tool_calls = Some(value),
            "function_call" => self.function_call = Some(value),
            "tool_call_id" => self.tool_call_id = Some(raw::text(value)?),
            "reasoning_content" => self.thinking.reasoning_content = Some(value),
            // An object of this name is something else (a cover of the request's field).
            "reasoning" if raw::kind(value) == Kind::Text => self.thinking.reasoning = Some(value),
            "reasoning_details" => self.thinking.details = Some(value),
            "annotations" | "images" => self.extra(key, value, Weight::Hint),
            "audio" => self.extra(key, value, Weight::Meaning),
            _ => self.extra(key, value, Weight::Unknown),
        }
        Ok(())
    }

    fn extra(&mut self, key: &str, value: Raw<'a>, weight: Weight) {
        let empty =
            raw::kind(value) == Kind::Array && raw::items(value).is_ok_and(|all| all.is_empty());
        let weight = if empty { Weight::Nothing } else { weight };
        self.extras.push(Extra::new(key.to_owned(), value, weight));
    }

    /// What the model said, in the order in which it is said: thoughts, text, refusal, calls.
    pub(super) fn said(&mut self, provider: Option<&'a str>) -> Outcome<Vec<Part<'a>>> {
        let (mut said, repeated) = thinking::read(&self.thinking, provider)?;
        if repeated {
            let members = [
                ("reasoning_content", self.thinking.reasoning_content),
                ("reasoning", self.thinking.reasoning),
            ];
            for (name, raw) in members {
                raw.into_iter()
                    .for_each(|raw| keep_spelling(&mut self.extras, name, raw));
            }
        }
        if let Some(content) = self.content {
            said.append(&mut parts(content, provider)?);
        }
        if let Some(refusal) = self.refusal {
            let text = raw::text(refusal)?;
            said.push(Part::new(PartKind::Refusal(text)).from(refusal));
        }
        let calls = self.calls(provider)?;
        if !calls.is_empty() {
            said.retain(|part| !is_empty_text(part));
        }
        said.extend(calls);
        Ok(said)
    }

    fn calls(&self, provider: Option<&'a str>) -> Outcome<Vec<Part<'a>>> {
        let mut calls = Vec::new();
        if let Some(list) = self.tool_calls {
            raw::each_item(list, |item| {
                calls.push(call(item, provider)?);
                Ok(())
            })?;
        }
        if let Some(legacy) = self.function_call {
            calls.push(legacy_call(legacy)?);
        }
        Ok(calls)
    }

    /// Members that only an assistant's message has keep their place in others.
    fn misplaced(&mut self) {
        let members = [
            ("refusal", self.refusal),
            ("tool_calls", self.tool_calls),
            ("function_call", self.function_call),
            ("reasoning_content", self.thinking.reasoning_content),
            ("reasoning", self.thinking.reasoning),
            ("reasoning_details", self.thinking.details),
        ];
        for (name, raw) in members {
            let extra = raw.map(|raw| Extra::new(name, raw, Weight::Unknown));
            self.extras.extend(extra);
        }
    }
}

/// Many clients write an empty text beside calls.
fn is_empty_text(part: &Part<'_>) -> bool {
    matches!(&part.kind, PartKind::Text(text) if text.is_empty())
}

fn turn(item: Raw<'_>) -> Outcome<Turn<'_>> {
    let mut message = Message::read(item)?;
    let role = message
        .role
        .ok_or_else(|| FormatError::missing_in("role", item))?;
    let word = raw::text(role)?.decoded().into_owned();
    let mut turn = match word.as_str() {
        "assistant" => Turn::new(Role::Assistant, message.said(None)?),
        "tool" | "function" => result(&mut message, &word)?,
        other => {
            message.misplaced();
            Turn::new(speaker(other, role)?, content(&message)?)
        }
    };
    if word == "function" {
        keep_spelling(&mut message.extras, "role", role);
    }
    if turn.role != Role::Tool {
        turn.name = message.name;
    }
    turn.origin = Some(item);
    turn.extras = message.extras;
    Ok(turn)
}

fn speaker(word: &str, at: Raw<'_>) -> Outcome<Role> {
    match word {
        "system" => Ok(Role::System),
        "developer" => Ok(Role::Developer),
        "user" => Ok(Role::User),
        _ => Err(FormatError::expected("a known role", at)),
    }
}

fn content<'a>(message: &Message<'a>) -> Outcome<Vec<Part<'a>>> {
    message
        .content
        .map_or(Ok(Vec::new()), |content| parts(content, None))
}

fn result<'a>(message: &mut Message<'a>, role: &str) -> Outcome<Turn<'a>> {
    message.misplaced();
    let id = message.tool_call_id.take();
    let result = ToolResult {
        id: id.filter(|_| role == "tool"),
        name: message.name.take(),
        content: content(message)?,
        structured: None,
        failed: None,
        custom: false,
    };
    Ok(Turn::new(
        Role::Tool,
        vec![Part::new(PartKind::Result(result))],
    ))
}

/// One call of `tool_calls`.
fn call<'a>(item: Raw<'a>, provider: Option<&'a str>) -> Outcome<Part<'a>> {
    let mut extras = Vec::new();
    let (mut id, mut seal, mut found) = (None, None, None);
    raw::each_member(item, |key, value| {
        match key {
            _ if raw::is_null(value) => {}
            "id" => id = Some(raw::text(value)?).filter(|id| !id.is_empty()),
            "type" => kind_of_call(value)?,
            "function" | "custom" => found = Some(named(value, key, &mut extras)?),
            "extra_content" if raw::kind(value) == Kind::Object => {
                seal = Some(thinking::call_seal(value, provider));
            }
            "index" => extras.push(Extra::new("index", value, Weight::Nothing)),
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
        seal,
    };
    let mut part = Part::new(PartKind::Call(call)).from(item);
    part.extras = extras;
    Ok(part)
}

fn kind_of_call(value: Raw<'_>) -> Outcome {
    let kind = raw::text(value)?;
    if kind.is("function") || kind.is("custom") {
        Ok(())
    } else {
        Err(FormatError::expected("`function` or `custom`", value))
    }
}

/// Name and input of a `function` or `custom` object.
fn named<'a>(
    value: Raw<'a>,
    kind: &str,
    extras: &mut Extras<'a>,
) -> Outcome<(Text<'a>, CallInput<'a>)> {
    let (mut name, mut input) = (None, None);
    raw::each_member(value, |key, inner| {
        match key {
            "name" => name = Some(raw::text(inner)?),
            _ if raw::is_null(inner) => {}
            "input" if kind == "custom" => input = Some(CallInput::Free(raw::text(inner)?)),
            "arguments" if kind == "function" => input = Some(arguments(inner)?),
            _ => extras.push(inside(&format!("{kind}."), key, inner, Weight::Unknown)),
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| FormatError::missing_in("name", value))?;
    Ok((name, input.unwrap_or(CallInput::Spelt(Text::plain("")))))
}

/// A string; some servers send the object itself.
fn arguments(value: Raw<'_>) -> Outcome<CallInput<'_>> {
    match raw::kind(value) {
        Kind::Object => Ok(CallInput::Object(value)),
        _ => raw::text(value).map(CallInput::Spelt),
    }
}

fn legacy_call(value: Raw<'_>) -> Outcome<Part<'_>> {
    let mut extras = Vec::new();
    let (name, input) = named(value, "function", &mut extras)?;
    keep_spelling(&mut extras, "function_call", value);
    let call = Call {
        id: None,
        name,
        input,
        seal: None,
    };
    let mut part = Part::new(PartKind::Call(call)).from(value);
    part.extras = extras;
    Ok(part)
}

/// `content`: a string, or a list of parts.
pub(super) fn parts<'a>(value: Raw<'a>, provider: Option<&'a str>) -> Outcome<Vec<Part<'a>>> {
    match raw::kind(value) {
        Kind::Text => Ok(vec![Part::text(raw::text(value)?).from(value)]),
        Kind::Array => {
            let mut all = Vec::new();
            raw::each_item(value, |item| {
                all.push(part(item, provider)?);
                Ok(())
            })?;
            Ok(all)
        }
        _ => Err(FormatError::expected("a string or a list of parts", value)),
    }
}

fn part<'a>(item: Raw<'a>, provider: Option<&'a str>) -> Outcome<Part<'a>> {
    let kind = member(item, "type").map(raw::text).transpose()?;
    let kind = kind.ok_or_else(|| FormatError::missing_in("type", item))?;
    let kind = kind.decoded().into_owned();
    let mut extras = Vec::new();
    let mut cache = None;
    let mut found = None;
    raw::each_member(item, |key, value| {
        match key {
            "type" => {}
            _ if key == kind => found = Some(value),
            _ if raw::is_null(value) => {}
            "prompt_cache_breakpoint" => cache = breakpoint(value, &mut extras)?,
            "cache_control" => cache = read_tools::cache_control(value, &mut extras)?,
            _ => extras.push(Extra::new(key.to_owned(), value, Weight::Unknown)),
        }
        Ok(())
    })?;
    let Some(made) = of_kind(&kind, found, item, &mut extras, provider)? else {
        return Ok(Part::new(PartKind::Other(item)).from(item));
    };
    let mut part = Part::new(made).from(item);
    part.cache = cache;
    // What else a thought has is in its seal.
    if !matches!(part.kind, PartKind::Thinking(_)) {
        part.extras = extras;
    }
    Ok(part)
}

/// The part of a known kind; `value` is the member that has the kind's name.
fn of_kind<'a>(
    kind: &str,
    value: Option<Raw<'a>>,
    item: Raw<'a>,
    extras: &mut Extras<'a>,
    provider: Option<&'a str>,
) -> Outcome<Option<PartKind<'a>>> {
    let needed = |name| value.ok_or_else(|| FormatError::missing_in(name, item));
    Ok(Some(match kind {
        "text" => PartKind::Text(raw::text(needed("text")?)?),
        "refusal" => PartKind::Refusal(raw::text(needed("refusal")?)?),
        "image_url" => PartKind::Media(image(needed("image_url")?, extras)?),
        "input_audio" => PartKind::Media(audio(needed("input_audio")?, extras)?),
        "file" => PartKind::Media(file(needed("file")?, extras)?),
        "thinking" => PartKind::Thinking(thought(needed("thinking")?, item, provider)?),
        _ => return Ok(None),
    }))
}

/// Mistral's part: its text is a list of parts, the rest of it goes back as it was.
fn thought<'a>(value: Raw<'a>, item: Raw<'a>, provider: Option<&'a str>) -> Outcome<Thought<'a>> {
    let mut texts = Vec::new();
    for part in parts(value, provider)? {
        if let PartKind::Text(text) = part.kind {
            texts.push(text);
        }
    }
    let rest = thinking::without(item, &["thinking"]);
    Ok(Thought {
        texts,
        seal: rest.map(|rest| thinking::own_seal(provider, rest)),
        ..Thought::default()
    })
}

fn breakpoint<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<Option<CacheMark<'a>>> {
    let mut mark = CacheMark::default();
    raw::each_member(value, |key, inner| {
        match key {
            "mode" if raw::text(inner)?.is("explicit") => {}
            "ttl" => mark.ttl = raw::maybe_text(inner)?,
            _ => extras.push(inside("prompt_cache_breakpoint.", key, inner, Weight::Hint)),
        }
        Ok(())
    })?;
    Ok(Some(mark))
}

/// An image by its `image_url`, which some servers take as a bare string.
pub(super) fn image<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<Media<'a>> {
    if raw::kind(value) == Kind::Text {
        return Ok(image_at(raw::text(value)?));
    }
    let (mut url, mut detail) = (None, None);
    raw::each_member(value, |key, inner| {
        match key {
            "url" => url = Some(raw::text(inner)?),
            "detail" => detail = raw::maybe_text(inner)?,
            _ => extras.push(inside("image_url.", key, inner, Weight::Unknown)),
        }
        Ok(())
    })?;
    let url = url.ok_or_else(|| FormatError::missing_in("url", value))?;
    let mut media = image_at(url);
    media.detail = detail;
    Ok(media)
}

fn image_at(url: Text<'_>) -> Media<'_> {
    let Some((mime, base64)) = media::of_data_url(&url) else {
        return Media::new(MediaKind::Image, MediaSource::Url(url));
    };
    let mut media = Media::new(MediaKind::Image, MediaSource::Base64(base64));
    media.mime = Some(mime);
    media
}

fn audio<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<Media<'a>> {
    let (mut data, mut coding) = (None, None);
    raw::each_member(value, |key, inner| {
        match key {
            "data" => data = Some(raw::text(inner)?),
            "format" => coding = Some(raw::text(inner)?),
            _ => extras.push(inside("input_audio.", key, inner, Weight::Unknown)),
        }
        Ok(())
    })?;
    let data = data.ok_or_else(|| FormatError::missing_in("data", value))?;
    let mut media = Media::new(MediaKind::Audio, MediaSource::Base64(data));
    media.coding = coding;
    Ok(media)
}

fn file<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<Media<'a>> {
    let (mut data, mut name, mut id) = (None, None, None);
    raw::each_member(value, |key, inner| {
        match key {
            _ if raw::is_null(inner) => {}
            "file_data" => data = Some(raw::text(inner)?),
            "filename" => name = Some(raw::text(inner)?),
            "file_id" => id = Some((raw::text(inner)?, inner)),
            _ => extras.push(inside("file.", key, inner, Weight::Unknown)),
        }
        Ok(())
    })?;
    let (source, mime) = match (data, id) {
        (Some(data), id) => {
            let id = id.map(|(_, raw)| inside("file.", "file_id", raw, Weight::Hint));
            extras.extend(id);
            match media::of_data_url(&data) {
                Some((mime, base64)) => (MediaSource::Base64(base64), Some(mime)),
                None if is_address(&data) => (MediaSource::Url(data), None),
                None => (MediaSource::Base64(data), None),
            }
        }
        (None, Some((id, _))) => (MediaSource::FileId(id), None),
        (None, None) => return Err(FormatError::missing_in("file_data", value)),
    };
    let mut media = Media::new(MediaKind::Document, source);
    (media.mime, media.name) = (mime, name);
    Ok(media)
}

/// OpenRouter takes an address as `file_data`.
fn is_address(data: &Text<'_>) -> bool {
    let data = data.decoded();
    data.starts_with("https://") || data.starts_with("http://")
}
