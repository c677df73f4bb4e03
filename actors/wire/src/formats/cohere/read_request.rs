//! A chat request, read.

use crate::canonical::error::FormatError;
use crate::canonical::parts::{Part, PartKind, Weight};
use crate::canonical::raw::{
    Raw, boolean, each_item, each_member, is_null, items, maybe_number, member, text,
};
use crate::canonical::request::{
    OutputShape, Request, Role, ThinkingMode, Tool, ToolChoice, ToolKind,
};
use crate::canonical::text::Text;
use crate::formats::Source;

use super::documents;
use super::read_message;
use super::side::{DOCUMENTS, OWN, extra, keep};

type Result<T> = std::result::Result<T, FormatError>;

/// # Errors
/// A member of another type than the format says.
pub(super) fn read<'a>(source: &Source<'a>) -> Result<Request<'a>> {
    let mut request = Request::new(OWN);
    request.stream = source.stream;
    let mut given = None;
    each_member(source.body, |key, value| {
        if is_null(value) || number(key, value, &mut request)? {
            return Ok(());
        }
        match key {
            "messages" => each_item(value, |message| {
                request.turns.push(read_message::read(message)?);
                Ok(())
            })?,
            "documents" => given = Some(value),
            "tools" => each_item(value, |tool| {
                request.tools.push(read_tool(tool)?);
                Ok(())
            })?,
            "tool_choice" => request.tool_choice = read_choice(value, &mut request)?,
            "strict_tools" => {
                boolean(value)?;
                keep(&mut request.extras, "strict_tools", value, Weight::Nothing);
            }
            "response_format" => read_shape(value, &mut request)?,
            "thinking" => read_thinking(value, &mut request)?,
            "logprobs" => request.logprobs.get_or_insert_default().wanted = boolean(value)?,
            "stop_sequences" => {
                request.stop = items(value)?.into_iter().map(text).collect::<Result<_>>()?
            }
            "safety_mode" => {
                let weight = safety_weight(&text(value)?);
                keep(&mut request.extras, "safety_mode", value, weight);
            }
            "model" => {}
            "stream" => keep(&mut request.extras, "stream", value, Weight::Nothing),
            "citation_options" | "priority" => keep(&mut request.extras, key, value, Weight::Hint),
            "raw_prompting" => keep(&mut request.extras, key, value, Weight::Meaning),
            _ => keep(&mut request.extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    mark_strict_tools(&mut request);
    if let Some(given) = given {
        place_documents(given, &mut request)?;
    }
    Ok(request)
}

fn number<'a>(key: &str, value: Raw<'a>, request: &mut Request<'a>) -> Result<bool> {
    let all = &mut request.sampling;
    let slot = match key {
        "temperature" => &mut all.temperature,
        "p" => &mut all.top_p,
        "k" => &mut all.top_k,
        "seed" => &mut all.seed,
        "presence_penalty" => &mut all.presence_penalty,
        "frequency_penalty" => &mut all.frequency_penalty,
        "max_tokens" => &mut request.max_output,
        _ => return Ok(false),
    };
    *slot = maybe_number(value)?;
    Ok(true)
}

/// `CONTEXTUAL` is the default; what is looser asks for nothing that another provider lacks.
fn safety_weight(mode: &Text<'_>) -> Weight {
    match mode.decoded().as_ref() {
        "CONTEXTUAL" => Weight::Nothing,
        "OFF" | "NONE" => Weight::Hint,
        _ => Weight::Meaning,
    }
}

fn read_tool(raw: Raw<'_>) -> Result<Tool<'_>> {
    let mut extras = Vec::new();
    let mut function = None;
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "type" => keep(&mut extras, "type", value, Weight::Nothing),
            "function" => function = Some(value),
            _ => keep(&mut extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    let function = function.ok_or_else(|| FormatError::missing_in("function", raw))?;
    let (mut name, mut description, mut schema) = (None, None, None);
    each_member(function, |key, value| {
        match key {
            _ if is_null(value) => {}
            "name" => name = Some(text(value)?),
            "description" => description = Some(text(value)?),
            "parameters" => schema = Some(value),
            _ => keep(
                &mut extras,
                &format!("function.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| FormatError::missing_in("name", function))?;
    Ok(Tool {
        kind: ToolKind::Function {
            name,
            description,
            schema,
            strict: None,
        },
        cache: None,
        origin: Some(raw),
        extras,
    })
}

fn read_choice<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<Option<ToolChoice<'a>>> {
    let word = text(raw)?;
    Ok(match word.decoded().to_ascii_uppercase().as_str() {
        "REQUIRED" => Some(ToolChoice::Required),
        "NONE" => Some(ToolChoice::None),
        _ => {
            keep(&mut request.extras, "tool_choice", raw, Weight::Meaning);
            None
        }
    })
}

fn mark_strict_tools(request: &mut Request<'_>) {
    let Some(raw) = extra(&request.extras, "strict_tools") else {
        return;
    };
    for tool in &mut request.tools {
        if let ToolKind::Function { strict, .. } = &mut tool.kind {
            *strict = Some(raw.get() == "true");
        }
    }
}

fn read_shape<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    let mut type_ = None;
    let mut schema = None;
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "type" => type_ = Some((value, text(value)?)),
            "json_schema" | "schema" => schema = Some(value),
            _ => {
                let field = format!("response_format.{key}");
                keep(&mut request.extras, &field, value, Weight::Unknown);
            }
        }
        Ok(())
    })?;
    let json = type_
        .as_ref()
        .is_some_and(|(_, type_)| type_.is("json_object"));
    if let Some((word, type_)) = type_.filter(|_| !json) {
        let weight = if type_.is("text") {
            Weight::Nothing
        } else {
            Weight::Meaning
        };
        keep(&mut request.extras, "response_format.type", word, weight);
    }
    request.output = match schema {
        Some(schema) => Some(OutputShape::Schema {
            schema,
            name: None,
            description: None,
            strict: None,
        }),
        None => json.then_some(OutputShape::Json),
    };
    Ok(())
}

fn read_thinking<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    let Request {
        thinking, extras, ..
    } = request;
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "type" => match text(value)?.decoded().as_ref() {
                "enabled" => thinking.mode = Some(ThinkingMode::On),
                "disabled" => thinking.mode = Some(ThinkingMode::Off),
                _ => keep(extras, "thinking.type", value, Weight::Meaning),
            },
            "token_budget" => thinking.budget = maybe_number(value)?,
            _ => keep(extras, &format!("thinking.{key}"), value, Weight::Unknown),
        }
        Ok(())
    })
}

/// The documents of a request are those of the user's last message.
fn place_documents<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    let mode = extra(&request.extras, "citation_options");
    let mode = mode
        .and_then(|options| member(options, "mode"))
        .and_then(Text::of_raw);
    let off = mode.is_some_and(|mode| mode.is("OFF") || mode.is("DISABLED"));
    let mut parts = Vec::new();
    each_item(raw, |document| {
        let mut part = documents::read(document, DOCUMENTS)?;
        cite(&mut part, !off);
        parts.push(part);
        Ok(())
    })?;
    let last = request.turns.iter_mut().rev();
    let mut users = last.filter(|turn| turn.role == Role::User);
    match users.next() {
        Some(turn) => _ = turn.parts.splice(0..0, parts),
        None => keep(&mut request.extras, DOCUMENTS, raw, Weight::Meaning),
    }
    Ok(())
}

fn cite(part: &mut Part<'_>, wanted: bool) {
    if let PartKind::Media(media) = &mut part.kind {
        media.citations = Some(wanted);
    }
}
