//! `generationConfig` and `toolConfig`, read.

use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Weight};
use crate::canonical::raw::{
    Kind, Raw, boolean, each_item, each_member, is_null, items, kind, maybe_number, member, text,
};
use crate::canonical::request::{OutputShape, Request, Thinking, ThinkingMode, ToolChoice, Voice};
use crate::canonical::text::Text;

use super::read_parts::object;
use super::read_request::VALIDATED;
use super::words::{camel, named};

type Result<T> = std::result::Result<T, FormatError>;

/// Name of the mark of an answer's schema that is in Gemini's own dialect.
pub(super) const SCHEMA_DIALECT: &str = "generationConfig.responseSchema";

/// Name of the extra for a MIME type that says more than whether the answer is JSON.
pub(super) const MIME: &str = "generationConfig.responseMimeType";

/// Reads `generationConfig`.
///
/// # Errors
/// A member of another type than the format says.
pub(super) fn read_generation<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    let mut shape = Shape::default();
    each_member(raw, |key, value| {
        let name = named(key, value, raw)?;
        if is_null(value) || sampling(&name, value, request)? {
            return Ok(());
        }
        match name.as_ref() {
            "maxOutputTokens" => request.max_output = maybe_number(value)?,
            "candidateCount" => request.candidates = maybe_number(value)?,
            "stopSequences" => request.stop = texts(value)?,
            "responseMimeType" => shape.mime = Some((value, text(value)?)),
            "responseSchema" => shape.dialect = Some(object(value)?),
            "responseJsonSchema" => shape.schema = Some(value),
            "responseModalities" => request.modalities = modalities(value)?,
            "responseLogprobs" => {
                request.logprobs.get_or_insert_default().wanted = boolean(value)?;
            }
            "logprobs" => request.logprobs.get_or_insert_default().top = maybe_number(value)?,
            "thinkingConfig" => read_thinking(value, request)?,
            "speechConfig" if voice(value, request)? => {}
            name => request.extras.push(other(name, key, value)),
        }
        Ok(())
    })?;
    shape.settle(request);
    Ok(())
}

fn sampling<'a>(name: &str, value: Raw<'a>, request: &mut Request<'a>) -> Result<bool> {
    let all = &mut request.sampling;
    let slot = match name {
        "temperature" => &mut all.temperature,
        "topP" => &mut all.top_p,
        "topK" => &mut all.top_k,
        "seed" => &mut all.seed,
        "presencePenalty" => &mut all.presence_penalty,
        "frequencyPenalty" => &mut all.frequency_penalty,
        _ => return Ok(false),
    };
    *slot = maybe_number(value)?;
    Ok(true)
}

fn other<'a>(name: &str, key: &str, value: Raw<'a>) -> Extra<'a> {
    let weight = match name {
        "mediaResolution" | "routingConfig" | "modelConfig" | "modelSelectionConfig" => {
            Weight::Hint
        }
        "speechConfig"
        | "imageConfig"
        | "audioTimestamp"
        | "enableEnhancedCivicAnswers"
        | "enableAffectiveDialog"
        | "translationConfig"
        | "responseFormat" => Weight::Meaning,
        _ => return Extra::new(format!("generationConfig.{key}"), value, Weight::Unknown),
    };
    Extra::new(format!("generationConfig.{name}"), value, weight)
}

fn texts<'a>(raw: Raw<'a>) -> Result<Vec<Text<'a>>> {
    items(raw)?.into_iter().map(text).collect()
}

fn modalities<'a>(raw: Raw<'a>) -> Result<Vec<Text<'a>>> {
    let words = texts(raw)?.into_iter();
    let low = words.map(|word| Text::plain(word.decoded().to_ascii_lowercase()));
    Ok(low.collect())
}

/// A voice by its name alone; anything more than that only Gemini can say.
fn voice<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<bool> {
    let only = |raw: Raw<'a>, name: &str| {
        let mut count = 0;
        let mut found = None;
        each_member(raw, |key, value| {
            count += 1;
            found = (camel(key) == name).then_some(value);
            Ok(())
        })?;
        Ok(found.filter(|_| count == 1))
    };
    let mut at = Some(object(raw)?);
    for name in ["voiceConfig", "prebuiltVoiceConfig", "voiceName"] {
        at = match at {
            Some(inner) if kind(inner) == Kind::Object => only(inner, name)?,
            _ => None,
        };
    }
    let name = at.and_then(Text::of_raw);
    let found = name.is_some();
    if found {
        request.voice = Some(Voice {
            voice: name,
            coding: None,
        });
    }
    Ok(found)
}

/// What shape the answer shall have, before it is known whether all of it can be said.
#[derive(Default)]
struct Shape<'a> {
    mime: Option<(Raw<'a>, Text<'a>)>,
    schema: Option<Raw<'a>>,
    dialect: Option<Raw<'a>>,
}

impl<'a> Shape<'a> {
    fn settle(self, request: &mut Request<'a>) {
        let mime = self.mime.as_ref().map(|(_, mime)| mime.decoded());
        let json = mime
            .as_deref()
            .is_none_or(|mime| mime == "application/json");
        let plain = mime.as_deref() == Some("text/plain");
        if let Some((raw, _)) = self.mime.as_ref().filter(|_| !json) {
            let weight = if plain {
                Weight::Nothing
            } else {
                Weight::Meaning
            };
            request.extras.push(Extra::new(MIME, raw, weight));
        }
        if let Some(dialect) = self.dialect {
            let lost = self.schema.is_some() || !json;
            let weight = if lost {
                Weight::Meaning
            } else {
                Weight::Nothing
            };
            request
                .extras
                .push(Extra::new(SCHEMA_DIALECT, dialect, weight));
        }
        request.output = match self.schema.or(self.dialect) {
            Some(schema) if json => Some(OutputShape::Schema {
                schema,
                name: None,
                description: None,
                strict: None,
            }),
            None if json && self.mime.is_some() => Some(OutputShape::Json),
            _ => None,
        };
    }
}

/// A budget of 0 is no thinking, one of -1 leaves it to the model.
fn read_thinking<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    let mut thinking = Thinking::default();
    let extras = &mut request.extras;
    each_member(raw, |key, value| {
        match named(key, value, raw)?.as_ref() {
            _ if is_null(value) => {}
            "includeThoughts" => {
                let word = if boolean(value)? { "auto" } else { "none" };
                thinking.summary = Some(Text::plain(word));
            }
            "thinkingBudget" => {
                thinking.budget = maybe_number(value)?;
                thinking.mode = Some(match value.get() {
                    "0" => ThinkingMode::Off,
                    budget if budget.starts_with('-') => ThinkingMode::Adaptive,
                    _ => ThinkingMode::On,
                });
            }
            "thinkingLevel" => {
                thinking.effort = Effort::of_word(&text(value)?.decoded());
                if thinking.effort.is_none() {
                    extras.push(inner_extra("thinkingConfig.thinkingLevel", value));
                }
            }
            _ => extras.push(inner_extra(&format!("thinkingConfig.{key}"), value)),
        }
        Ok(())
    })?;
    request.thinking = thinking;
    Ok(())
}

fn inner_extra<'a>(path: &str, value: Raw<'a>) -> Extra<'a> {
    Extra::new(format!("generationConfig.{path}"), value, Weight::Unknown)
}

/// Reads `toolConfig`.
///
/// # Errors
/// A member of another type than the format says.
pub(super) fn read_tool_config<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    each_member(raw, |key, value| {
        match named(key, value, raw)?.as_ref() {
            _ if is_null(value) => {}
            "functionCallingConfig" => read_calling(value, request)?,
            name @ ("retrievalConfig" | "includeServerSideToolInvocations") => {
                let field = format!("toolConfig.{name}");
                request.extras.push(Extra::new(field, value, Weight::Hint));
            }
            _ => {
                let field = format!("toolConfig.{key}");
                request
                    .extras
                    .push(Extra::new(field, value, Weight::Unknown));
            }
        }
        Ok(())
    })
}

fn read_calling<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    let mut names = Vec::new();
    let mode = member(raw, "mode").filter(|mode| !is_null(mode));
    each_member(raw, |key, value| {
        match named(key, value, raw)?.as_ref() {
            _ if is_null(value) => {}
            "mode" => {}
            "allowedFunctionNames" => names = texts(value)?,
            name => {
                let known = name == "streamFunctionCallArguments";
                let weight = if known { Weight::Hint } else { Weight::Unknown };
                let field = format!("toolConfig.functionCallingConfig.{key}");
                request.extras.push(Extra::new(field, value, weight));
            }
        }
        Ok(())
    })?;
    let word = mode.map(text).transpose()?;
    let word = word.map(|word| word.decoded().into_owned());
    request.tool_choice = choice(word.as_deref(), names);
    if let Some(raw) = mode {
        let weight = match word.as_deref() {
            Some("AUTO" | "ANY" | "NONE") => return Ok(()),
            Some("VALIDATED" | "MODE_UNSPECIFIED") => Weight::Nothing,
            _ => Weight::Meaning,
        };
        request.extras.push(Extra::new(VALIDATED, raw, weight));
    }
    Ok(())
}

fn choice<'a>(mode: Option<&str>, mut names: Vec<Text<'a>>) -> Option<ToolChoice<'a>> {
    let required = mode == Some("ANY");
    match (mode, names.len()) {
        (Some("NONE"), _) => Some(ToolChoice::None),
        (Some("ANY"), 0) => Some(ToolChoice::Required),
        (Some("ANY"), 1) => names.pop().map(ToolChoice::Named),
        (Some("AUTO" | "VALIDATED"), 0) => Some(ToolChoice::Auto),
        (_, 0) => None,
        _ => Some(ToolChoice::Allowed { names, required }),
    }
}

/// Hands on each element, for lists that may be missing.
pub(super) fn each_of<'a>(
    list: Option<Raw<'a>>,
    each: impl FnMut(Raw<'a>) -> Result<()>,
) -> Result<()> {
    match list {
        Some(list) if !is_null(list) => each_item(list, each),
        _ => Ok(()),
    }
}
