//! Reads a request.

use super::{OWN, Outcome, read_message};
use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Extras, Weight};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::request::{Logprobs, OutputShape, Request, ThinkingMode, Tool, ToolKind};
use crate::formats::Source;

/// Options of the server that runs the model; no other format has them.
const OPTIONS: [&str; 13] = [
    "num_ctx",
    "num_keep",
    "num_batch",
    "num_gpu",
    "main_gpu",
    "num_thread",
    "use_mmap",
    "min_p",
    "typical_p",
    "repeat_last_n",
    "repeat_penalty",
    "penalize_newline",
    "low_vram",
];

pub(super) fn read<'a>(source: &Source<'a>) -> Outcome<Request<'a>> {
    let mut request = Request::new(OWN);
    request.stream = source.stream;
    raw::each_member(source.body, |key, value| {
        if raw::is_null(value) {
            return Ok(());
        }
        member(&mut request, key, value)
    })?;
    Ok(request)
}

fn member<'a>(request: &mut Request<'a>, key: &str, value: Raw<'a>) -> Outcome {
    match key {
        "model" => {}
        "messages" => request.turns = read_message::turns(value)?,
        "tools" => request.tools = tools(value)?,
        "format" => format(request, value)?,
        "options" => raw::each_member(value, |key, inner| option(request, key, inner))?,
        "think" => think(request, value)?,
        "logprobs" => logprobs(request).wanted = raw::boolean(value)?,
        "top_logprobs" => logprobs(request).top = raw::maybe_number(value)?,
        "stream" => {
            raw::boolean(value)?;
            request
                .extras
                .push(Extra::new("stream", value, Weight::Nothing));
        }
        "keep_alive" | "truncate" | "shift" => {
            let extra = Extra::new(key.to_owned(), value, Weight::Hint);
            request.extras.push(extra);
        }
        _ => {
            let extra = Extra::new(key.to_owned(), value, Weight::Unknown);
            request.extras.push(extra);
        }
    }
    Ok(())
}

fn logprobs<'r, 'a>(request: &'r mut Request<'a>) -> &'r mut Logprobs<'a> {
    request.logprobs.get_or_insert_default()
}

/// `json`, a schema, or nothing in an empty string.
fn format<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    request.output = match raw::kind(value) {
        Kind::Object => Some(OutputShape::Schema {
            schema: value,
            name: None,
            description: None,
            strict: None,
        }),
        Kind::Text if raw::text(value)?.is("json") => Some(OutputShape::Json),
        Kind::Text if raw::text(value)?.is_empty() => None,
        _ => return Err(FormatError::expected("`json` or a schema", value)),
    };
    Ok(())
}

fn think<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    if raw::kind(value) == Kind::Bool {
        let on = raw::boolean(value)?;
        let mode = if on {
            ThinkingMode::On
        } else {
            ThinkingMode::Off
        };
        request.thinking.mode = Some(mode);
        return Ok(());
    }
    let word = raw::text(value)?;
    let effort = Effort::of_word(&word.decoded());
    request.thinking.effort =
        Some(effort.ok_or_else(|| FormatError::expected("true, false or a level", value))?);
    request.thinking.mode = Some(ThinkingMode::On);
    Ok(())
}

fn option<'a>(request: &mut Request<'a>, key: &str, value: Raw<'a>) -> Outcome {
    if raw::is_null(value) {
        return Ok(());
    }
    let sampling = &mut request.sampling;
    let place = match key {
        "temperature" => &mut sampling.temperature,
        "top_p" => &mut sampling.top_p,
        "top_k" => &mut sampling.top_k,
        "presence_penalty" => &mut sampling.presence_penalty,
        "frequency_penalty" => &mut sampling.frequency_penalty,
        "seed" => &mut sampling.seed,
        "num_predict" if !value.get().starts_with('-') => &mut request.max_output,
        "stop" => return stop(request, value),
        _ => {
            let weight = match key {
                // A negative limit is no limit.
                "num_predict" => Weight::Nothing,
                _ if OPTIONS.contains(&key) => Weight::Hint,
                _ => Weight::Unknown,
            };
            inside(&mut request.extras, "options.", key, value, weight);
            return Ok(());
        }
    };
    *place = raw::maybe_number(value)?;
    Ok(())
}

fn stop<'a>(request: &mut Request<'a>, value: Raw<'a>) -> Outcome {
    if raw::kind(value) == Kind::Text {
        request.stop = vec![raw::text(value)?];
        return Ok(());
    }
    raw::each_item(value, |item| {
        request.stop.push(raw::text(item)?);
        Ok(())
    })
}

fn inside<'a>(extras: &mut Extras<'a>, inner: &str, key: &str, value: Raw<'a>, weight: Weight) {
    extras.push(Extra::new(format!("{inner}{key}"), value, weight));
}

fn tools(value: Raw<'_>) -> Outcome<Vec<Tool<'_>>> {
    let mut all = Vec::new();
    raw::each_item(value, |item| {
        all.push(tool(item)?);
        Ok(())
    })?;
    Ok(all)
}

fn tool(item: Raw<'_>) -> Outcome<Tool<'_>> {
    let mut extras = Vec::new();
    let mut found = None;
    raw::each_member(item, |key, value| {
        match key {
            _ if raw::is_null(value) => {}
            "type" if raw::text(value)?.is("function") => {}
            "type" => return Err(FormatError::expected("`function`", value)),
            "function" => found = Some(function(value, &mut extras)?),
            _ => extras.push(Extra::new(key.to_owned(), value, Weight::Unknown)),
        }
        Ok(())
    })?;
    Ok(Tool {
        kind: found.ok_or_else(|| FormatError::missing_in("function", item))?,
        cache: None,
        origin: Some(item),
        extras,
    })
}

fn function<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<ToolKind<'a>> {
    let (mut name, mut description, mut schema) = (None, None, None);
    raw::each_member(value, |key, inner| {
        match key {
            _ if raw::is_null(inner) => {}
            "name" => name = Some(raw::text(inner)?),
            "description" => description = Some(raw::text(inner)?),
            "parameters" => schema = Some(inner),
            _ => inside(extras, "function.", key, inner, Weight::Unknown),
        }
        Ok(())
    })?;
    Ok(ToolKind::Function {
        name: name.ok_or_else(|| FormatError::missing_in("name", value))?,
        description,
        schema,
        strict: None,
    })
}
