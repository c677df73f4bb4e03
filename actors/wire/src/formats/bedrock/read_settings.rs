//! What a request says beside its messages.

use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{CacheMark, Extra, Extras, Weight};
use crate::canonical::raw::{
    Kind, Raw, boolean, each_item, each_member, is_null, kind, maybe_number, maybe_text, member,
    text,
};
use crate::canonical::request::{OutputShape, Request, ThinkingMode, Tool, ToolChoice, ToolKind};

type Result<T = ()> = std::result::Result<T, FormatError>;

/// Where a model's own parameters stand.
pub(super) const MORE: &str = "additionalModelRequestFields";

pub(super) fn add<'a>(extras: &mut Extras<'a>, key: &str, raw: Raw<'a>, weight: Weight) {
    extras.push(Extra::new(key.to_owned(), raw, weight));
}

/// A member of the request other than its messages; never `null`.
pub(super) fn setting<'a>(request: &mut Request<'a>, key: &str, raw: Raw<'a>) -> Result {
    match key {
        "modelId" => text(raw).map(drop)?,
        "inferenceConfig" => inference(request, raw)?,
        "toolConfig" => tool_config(request, raw)?,
        MORE => model_fields(request, raw)?,
        "outputConfig" => output_config(request, raw)?,
        "requestMetadata" if kind(raw) == Kind::Object => request.metadata = Some(raw),
        "requestMetadata" => return Err(FormatError::expected("an object", raw)),
        "serviceTier" => service_tier(request, raw)?,
        "guardrailConfig" | "promptVariables" => {
            add(&mut request.extras, key, raw, Weight::Meaning);
        }
        "performanceConfig" | "additionalModelResponseFieldPaths" => {
            add(&mut request.extras, key, raw, Weight::Hint);
        }
        _ => add(&mut request.extras, key, raw, Weight::Unknown),
    }
    Ok(())
}

fn inference<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result {
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "maxTokens" => request.max_output = maybe_number(value)?,
            "temperature" => request.sampling.temperature = maybe_number(value)?,
            "topP" => request.sampling.top_p = maybe_number(value)?,
            "stopSequences" => each_item(value, |item| {
                request.stop.push(text(item)?);
                Ok(())
            })?,
            _ => {
                let field = format!("inferenceConfig.{key}");
                add(&mut request.extras, &field, value, Weight::Unknown);
            }
        }
        Ok(())
    })
}

fn model_fields<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result {
    each_member(raw, |key, value| {
        match (key, kind(value)) {
            ("top_k", Kind::Number) => request.sampling.top_k = Some(value),
            ("thinking", Kind::Object) => thinking(request, value)?,
            _ => add(
                &mut request.extras,
                &format!("{MORE}.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })
}

/// As Anthropic's models take it; any other shape stays what it is.
fn thinking<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result {
    let (mut mode, mut budget, mut other) = (None, None, false);
    each_member(raw, |key, value| {
        match (key, value.get()) {
            ("type", r#""enabled""#) => mode = Some(ThinkingMode::On),
            ("type", r#""adaptive""#) => mode = Some(ThinkingMode::Adaptive),
            ("type", r#""disabled""#) => mode = Some(ThinkingMode::Off),
            ("budget_tokens", _) if kind(value) == Kind::Number => budget = Some(value),
            _ => other = true,
        }
        Ok(())
    })?;
    if other || mode.is_none() {
        let field = format!("{MORE}.thinking");
        add(&mut request.extras, &field, raw, Weight::Meaning);
    } else {
        (request.thinking.mode, request.thinking.budget) = (mode, budget);
    }
    Ok(())
}

fn output_config<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result {
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "effort" => match Effort::of_word(&text(value)?.decoded()) {
                Some(effort) => request.thinking.effort = Some(effort),
                None => add(
                    &mut request.extras,
                    "outputConfig.effort",
                    value,
                    Weight::Hint,
                ),
            },
            "textFormat" => text_format(request, value)?,
            _ => {
                let field = format!("outputConfig.{key}");
                add(&mut request.extras, &field, value, Weight::Unknown);
            }
        }
        Ok(())
    })
}

/// `{"type": "json_schema", "structure": {"jsonSchema": {…}}}`; any other shape stays what it is.
fn text_format<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result {
    let (mut typed, mut structure, mut other) = (false, None, false);
    each_member(raw, |key, value| {
        match key {
            "type" => typed = text(value)?.is("json_schema"),
            "structure" => structure = Some(value),
            _ => other = true,
        }
        Ok(())
    })?;
    let (mut schema, mut name, mut description) = (None, None, None);
    let inside = structure.and_then(|structure| member(structure, "jsonSchema"));
    if let Some(inside) = inside {
        each_member(inside, |key, value| {
            match key {
                "schema" => schema = Some(text(value)?),
                "name" => name = maybe_text(value)?,
                "description" => description = maybe_text(value)?,
                _ => other = true,
            }
            Ok(())
        })?;
    }
    match schema.filter(|_| typed && !other) {
        Some(schema) => {
            request.output = Some(OutputShape::SpeltSchema {
                schema,
                name,
                description,
            });
        }
        None => add(
            &mut request.extras,
            "outputConfig.textFormat",
            raw,
            Weight::Meaning,
        ),
    }
    Ok(())
}

fn service_tier<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result {
    each_member(raw, |key, value| {
        match key {
            "type" => request.tier = maybe_text(value)?,
            _ => {
                let field = format!("serviceTier.{key}");
                add(&mut request.extras, &field, value, Weight::Unknown);
            }
        }
        Ok(())
    })
}

fn tool_config<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result {
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "tools" => each_item(value, |item| tool(&mut request.tools, item))?,
            "toolChoice" => tool_choice(request, value)?,
            _ => {
                let field = format!("toolConfig.{key}");
                add(&mut request.extras, &field, value, Weight::Unknown);
            }
        }
        Ok(())
    })
}

fn tool_choice<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result {
    let mut choice = None;
    each_member(raw, |key, value| {
        choice = match (key, value.get()) {
            ("auto", "{}") => Some(ToolChoice::Auto),
            ("any", "{}") => Some(ToolChoice::Required),
            ("tool", _) => only_name(value)?.map(ToolChoice::Named),
            _ => None,
        };
        Ok(())
    })?;
    match choice {
        Some(choice) => request.tool_choice = Some(choice),
        None => add(
            &mut request.extras,
            "toolConfig.toolChoice",
            raw,
            Weight::Meaning,
        ),
    }
    Ok(())
}

fn only_name<'a>(raw: Raw<'a>) -> Result<Option<crate::canonical::text::Text<'a>>> {
    let (mut name, mut other) = (None, false);
    each_member(raw, |key, value| {
        match key {
            "name" => name = Some(text(value)?),
            _ => other = true,
        }
        Ok(())
    })?;
    Ok(name.filter(|_| !other))
}

/// A cache mark of the one known kind.
pub(super) fn cache_mark<'a>(raw: Raw<'a>) -> Result<Option<CacheMark<'a>>> {
    let (mut mark, mut typed, mut other) = (CacheMark::default(), false, false);
    each_member(raw, |key, value| {
        match key {
            "type" => typed = text(value)?.is("default"),
            "ttl" => mark.ttl = maybe_text(value)?,
            _ => other = true,
        }
        Ok(())
    })?;
    Ok(Some(mark).filter(|_| typed && !other))
}

/// A mark belongs to the tool before it.
fn tool<'a>(tools: &mut Vec<Tool<'a>>, raw: Raw<'a>) -> Result {
    if let Some(spec) = member(raw, "toolSpec") {
        tools.push(function(spec, raw)?);
        return Ok(());
    }
    if kind(raw) != Kind::Object {
        return Err(FormatError::expected("an object", raw));
    }
    let mark = member(raw, "cachePoint").map(cache_mark).transpose()?;
    match (tools.last_mut(), mark.flatten()) {
        (Some(before), Some(mark)) if before.cache.is_none() => before.cache = Some(mark),
        _ => tools.push(Tool {
            kind: ToolKind::Own(raw),
            cache: None,
            origin: Some(raw),
            extras: Vec::new(),
        }),
    }
    Ok(())
}

fn function<'a>(spec: Raw<'a>, raw: Raw<'a>) -> Result<Tool<'a>> {
    let (mut extras, mut name, mut description) = (Vec::new(), None, None);
    let (mut schema, mut strict) = (None, None);
    each_member(spec, |key, value| {
        match key {
            "name" => name = Some(text(value)?),
            "description" => description = maybe_text(value)?,
            "strict" if !is_null(value) => strict = Some(boolean(value)?),
            "inputSchema" => schema = json_of(value, &mut extras)?,
            _ => add(&mut extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    let kind = ToolKind::Function {
        name: name.ok_or_else(|| FormatError::missing_in("name", spec))?,
        description,
        schema,
        strict,
    };
    Ok(Tool {
        kind,
        cache: None,
        origin: Some(raw),
        extras,
    })
}

fn json_of<'a>(raw: Raw<'a>, extras: &mut Extras<'a>) -> Result<Option<Raw<'a>>> {
    let mut schema = None;
    each_member(raw, |key, value| {
        match key {
            "json" if kind(value) == Kind::Object => schema = Some(value),
            "json" => return Err(FormatError::expected("an object", value)),
            _ => {
                let field = format!("inputSchema.{key}");
                add(extras, &field, value, Weight::Unknown);
            }
        }
        Ok(())
    })?;
    Ok(schema)
}
