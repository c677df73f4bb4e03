//! Parts of a `Content`, as requests and replies have them.
//!
//! A signature on a text or on media becomes a part of sealed thinking behind it, since only
//! thinking and calls can hold a seal; a mark on it says that it stood on the part before.

use crate::canonical::error::FormatError;
use crate::canonical::parts::{
    Call, CallInput, Extra, Extras, Part, PartKind, Thought, ToolResult, Weight,
};
use crate::canonical::raw::{
    Kind, Raw, boolean, each_item, each_member, is_null, kind, member, text,
};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;

use super::words::{OWN, named};
use super::{base64, media};

/// Name of the mark of a seal that stood on the part before.
pub(super) const ON_PART_BEFORE: &str = "thoughtSignature";

/// Name of the extra that keeps a tool's answer which has not the usual one key.
pub(super) const WHOLE_RESPONSE: &str = "functionResponse.response";

type Result<T> = std::result::Result<T, FormatError>;

/// Who wrote the parts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Writer<'a> {
    /// A client, who sends back what it got.
    Client,
    /// The upstream of this name.
    Provider(&'a str),
}

impl<'a> Writer<'a> {
    /// The seal that a `thoughtSignature` is.
    pub(super) fn seal(self, value: Text<'a>) -> Seal<'a> {
        match self {
            Self::Client => base64::carried(value),
            Self::Provider(provider) => Seal::fresh(OWN, provider, value),
        }
    }
}

/// All parts of a list.
///
/// # Errors
/// A member of another type than the format says.
pub(super) fn read_all<'a>(list: Raw<'a>, writer: Writer<'a>) -> Result<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    each_item(list, |raw| read(raw, writer, &mut parts))?;
    Ok(parts)
}

/// What one part says, before it is known what it is.
#[derive(Default)]
struct Members<'a> {
    text: Option<Text<'a>>,
    thought: Option<Raw<'a>>,
    signature: Option<Raw<'a>>,
    call: Option<Raw<'a>>,
    result: Option<Raw<'a>>,
    media: Option<(&'static str, Raw<'a>)>,
    resolution: Option<Raw<'a>>,
    /// Whether there is a member that no other format could know.
    own: bool,
    extras: Extras<'a>,
}

impl<'a> Members<'a> {
    fn take(&mut self, name: &str, key: &str, value: Raw<'a>) -> Result<()> {
        if is_null(value) {
            return Ok(());
        }
        match name {
            "text" => self.text = Some(text(value)?),
            "thought" => self.thought = Some(value),
            "thoughtSignature" => self.signature = Some(value),
            "functionCall" => self.call = Some(value),
            "functionResponse" => self.result = Some(value),
            "inlineData" => self.media = Some(("inlineData", value)),
            "fileData" => self.media = Some(("fileData", value)),
            "mediaResolution" => self.resolution = Some(value),
            "videoMetadata" => self.keep("videoMetadata", value, Weight::Meaning),
            "partMetadata" => self.keep("partMetadata", value, Weight::Hint),
            "executableCode" | "codeExecutionResult" | "toolCall" | "toolResponse" => {
                self.own = true;
            }
            _ => self
                .extras
                .push(Extra::new(key.to_owned(), value, Weight::Unknown)),
        }
        Ok(())
    }

    fn keep(&mut self, field: &'static str, value: Raw<'a>, weight: Weight) {
        self.extras.push(Extra::new(field, value, weight));
    }

    fn thinks(&self) -> Result<bool> {
        self.thought.map_or(Ok(false), boolean)
    }
}

fn read<'a>(raw: Raw<'a>, writer: Writer<'a>, out: &mut Vec<Part<'a>>) -> Result<()> {
    let mut seen = Members::default();
    each_member(raw, |key, value| {
        let name = named(key, value, raw)?;
        seen.take(&name, key, value)
    })?;
    let signature = seen.signature.map(text).transpose()?;
    if seen.own {
        out.push(Part::new(PartKind::Other(raw)).from(raw));
    } else if let Some(call) = seen.call {
        let seal = signature.map(|value| writer.seal(value));
        let call = read_call(call, seal, &mut seen.extras)?;
        keep_thought(&mut seen);
        push(out, raw, PartKind::Call(call), seen);
    } else if let Some(result) = seen.result {
        let result = read_result(result, writer, &mut seen.extras)?;
        keep_thought(&mut seen);
        if let Some(value) = seen.signature {
            seen.keep(ON_PART_BEFORE, value, Weight::Hint);
        }
        push(out, raw, PartKind::Result(result), seen);
    } else if let Some((name, value)) = seen.media {
        let mut media = media::read(name, value, &mut seen.extras)?;
        media.detail = detail(&mut seen)?;
        keep_thought(&mut seen);
        push_sealed(out, raw, PartKind::Media(media), seen, writer)?;
    } else {
        read_text(out, raw, seen, writer)?;
    }
    Ok(())
}

fn push<'a>(out: &mut Vec<Part<'a>>, raw: Raw<'a>, kind: PartKind<'a>, seen: Members<'a>) {
    let mut part = Part::new(kind).from(raw);
    part.extras = seen.extras;
    out.push(part);
}

fn keep_thought(seen: &mut Members<'_>) {
    if let Some(thought) = seen.thought.take() {
        seen.keep("thought", thought, Weight::Hint);
    }
}

/// A part, and behind it the seal that stood on it.
fn push_sealed<'a>(
    out: &mut Vec<Part<'a>>,
    raw: Raw<'a>,
    kind: PartKind<'a>,
    seen: Members<'a>,
    writer: Writer<'a>,
) -> Result<()> {
    let signature = seen.signature;
    push(out, raw, kind, seen);
    if let Some(signature) = signature {
        let mut sealed = sealed(writer.seal(text(signature)?), raw);
        let mark = Extra::new(ON_PART_BEFORE, signature, Weight::Nothing);
        sealed.extras.push(mark);
        out.push(sealed);
    }
    Ok(())
}

fn sealed<'a>(seal: Seal<'a>, raw: Raw<'a>) -> Part<'a> {
    let thought = Thought {
        seal: Some(seal),
        redacted: true,
        ..Thought::default()
    };
    Part::new(PartKind::Thinking(thought)).from(raw)
}

fn read_text<'a>(
    out: &mut Vec<Part<'a>>,
    raw: Raw<'a>,
    mut seen: Members<'a>,
    writer: Writer<'a>,
) -> Result<()> {
    let thinks = seen.thinks()?;
    let said = seen.text.take();
    let signature = seen.signature.map(text).transpose()?;
    match (said, signature) {
        (Some(said), signature) if thinks => {
            let thought = Thought {
                texts: vec![said],
                seal: signature.map(|value| writer.seal(value)),
                ..Thought::default()
            };
            push(out, raw, PartKind::Thinking(thought), seen);
        }
        (said, Some(signature)) if said.as_ref().is_none_or(Text::is_empty) => {
            let mut part = sealed(writer.seal(signature), raw);
            part.extras = seen.extras;
            out.push(part);
        }
        (Some(said), _) => push_sealed(out, raw, PartKind::Text(said), seen, writer)?,
        (None, _) => out.push(Part::new(PartKind::Other(raw)).from(raw)),
    }
    Ok(())
}

/// `mediaResolution` as OpenAI's `detail`, where both have the word.
fn detail<'a>(seen: &mut Members<'a>) -> Result<Option<Text<'a>>> {
    let Some(raw) = seen.resolution else {
        return Ok(None);
    };
    let level = member(raw, "level").map(text).transpose()?;
    let level = level.map(|level| level.decoded().into_owned());
    let word = match level.as_deref() {
        Some("MEDIA_RESOLUTION_LOW") => Some("low"),
        Some("MEDIA_RESOLUTION_HIGH") => Some("high"),
        _ => None,
    };
    if word.is_none() || raw.get().matches(':').count() > 1 {
        seen.keep("mediaResolution", raw, Weight::Hint);
        return Ok(None);
    }
    Ok(word.map(Text::plain))
}

/// A `functionCall`.
///
/// # Errors
/// No name, or arguments that are no object.
fn read_call<'a>(
    raw: Raw<'a>,
    seal: Option<Seal<'a>>,
    extras: &mut Extras<'a>,
) -> Result<Call<'a>> {
    let (mut id, mut name, mut input) = (None, None, CallInput::Spelt(Text::plain("")));
    each_member(raw, |key, value| {
        match named(key, value, raw)?.as_ref() {
            _ if is_null(value) => {}
            "id" => id = Some(text(value)?),
            "name" => name = Some(text(value)?),
            "args" => input = CallInput::Object(object(value)?),
            field @ ("partialArgs" | "willContinue") => {
                let field = format!("functionCall.{field}");
                extras.push(Extra::new(field, value, Weight::Meaning));
            }
            _ => extras.push(unknown("functionCall", key, value)),
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| FormatError::missing_in("name", raw))?;
    Ok(Call {
        id,
        name,
        input,
        seal,
    })
}

/// The value, if it is an object.
///
/// # Errors
/// That it is none.
pub(super) fn object(raw: Raw<'_>) -> Result<Raw<'_>> {
    match kind(raw) {
        Kind::Object => Ok(raw),
        _ => Err(FormatError::expected("an object", raw)),
    }
}

fn unknown<'a>(inside: &str, key: &str, value: Raw<'a>) -> Extra<'a> {
    Extra::new(format!("{inside}.{key}"), value, Weight::Unknown)
}

fn read_result<'a>(
    raw: Raw<'a>,
    writer: Writer<'a>,
    extras: &mut Extras<'a>,
) -> Result<ToolResult<'a>> {
    let mut result = ToolResult {
        id: None,
        name: None,
        content: Vec::new(),
        structured: None,
        failed: None,
        custom: false,
    };
    let mut parts = Vec::new();
    each_member(raw, |key, value| {
        match named(key, value, raw)?.as_ref() {
            _ if is_null(value) => {}
            "id" => result.id = Some(text(value)?),
            "name" => result.name = Some(text(value)?),
            "response" => read_response(object(value)?, &mut result, extras)?,
            "parts" => parts = read_all(value, writer)?,
            field @ ("willContinue" | "scheduling") => {
                let field = format!("functionResponse.{field}");
                extras.push(Extra::new(field, value, Weight::Meaning));
            }
            _ => extras.push(unknown("functionResponse", key, value)),
        }
        Ok(())
    })?;
    result.content.append(&mut parts);
    Ok(result)
}

/// An answer with the one key `output` or `error` is what stands under it; any other is itself.
fn read_response<'a>(
    raw: Raw<'a>,
    result: &mut ToolResult<'a>,
    extras: &mut Extras<'a>,
) -> Result<()> {
    let mut members = 0;
    let mut usual = None;
    each_member(raw, |key, value| {
        members += 1;
        if matches!(key, "output" | "error") {
            usual = Some((key == "error", value));
        }
        Ok(())
    })?;
    let Some((failed, value)) = usual.filter(|_| members == 1) else {
        result.structured = Some(raw);
        extras.push(Extra::new(WHOLE_RESPONSE, raw, Weight::Nothing));
        return Ok(());
    };
    result.failed = failed.then_some(true);
    match Text::of_raw(value) {
        Some(said) => result.content.insert(0, Part::text(said).from(value)),
        None => result.structured = Some(value),
    }
    Ok(())
}
