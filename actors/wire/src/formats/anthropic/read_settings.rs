//! What a request says beside its messages: limits, sampling, tools, thinking, output.

use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{CacheMark, Extra, Extras, Weight};
use crate::canonical::raw::{
    Kind, Raw, boolean, each_item, each_member, is_null, kind, maybe_number, maybe_text, member,
    text,
};
use crate::canonical::request::{OutputShape, Request, ThinkingMode, Tool, ToolChoice, ToolKind};
use crate::canonical::text::Text;

type Result<T> = std::result::Result<T, FormatError>;

/// A member of the request other than its messages; never `null`.
pub(super) fn setting<'a>(request: &mut Request<'a>, key: &str, raw: Raw<'a>) -> Result<()> {
    match key {
        "model" => text(raw).map(drop)?,
        "stream" => boolean(raw).map(drop)?,
        "max_tokens" => request.max_output = maybe_number(raw)?,
        "temperature" => request.sampling.temperature = maybe_number(raw)?,
        "top_p" => request.sampling.top_p = maybe_number(raw)?,
        "top_k" => request.sampling.top_k = maybe_number(raw)?,
        "stop_sequences" => each_item(raw, |item| {
            request.stop.push(text(item)?);
            Ok(())
        })?,
        "tools" => each_item(raw, |item| {
            request.tools.push(tool(item)?);
            Ok(())
        })?,
        "tool_choice" => tool_choice(request, raw)?,
        "thinking" => thinking(request, raw)?,
        "output_config" => output_config(request, raw)?,
        "metadata" => metadata(request, raw)?,
        "service_tier" => request.tier = Some(text(raw)?),
        "cache_control" => request.cache = cache_mark(raw, &mut request.extras)?,
        _ => add(&mut request.extras, key, raw, weight_of(key)),
    }
    Ok(())
}

fn weight_of(key: &str) -> Weight {
    match key {
        "container" | "inference_geo" | "mcp_servers" | "context_management" => Weight::Meaning,
        "speed" | "diagnostics" | "user_profile_id" | "workspace_id" | "anthropic_beta" => {
            Weight::Hint
        }
        "anthropic_version" => Weight::Nothing,
        _ => Weight::Unknown,
    }
}

pub(super) fn add<'a>(extras: &mut Extras<'a>, key: &str, raw: Raw<'a>, weight: Weight) {
    extras.push(Extra::new(key.to_owned(), raw, weight));
}

/// A cache mark that is of the one known kind; any other is kept as an extra.
pub(super) fn cache_mark<'a>(
    raw: Raw<'a>,
    extras: &mut Extras<'a>,
) -> Result<Option<CacheMark<'a>>> {
    if is_null(raw) {
        return Ok(None);
    }
    let (mut mark, mut typed, mut other) = (CacheMark::default(), false, false);
    each_member(raw, |key, value| {
        match key {
            "type" => typed = text(value)?.is("ephemeral"),
            "ttl" => mark.ttl = maybe_text(value)?,
            _ => other = true,
        }
        Ok(())
    })?;
    if typed && !other {
        return Ok(Some(mark));
    }
    add(extras, "cache_control", raw, Weight::Hint);
    Ok(None)
}

fn tool<'a>(raw: Raw<'a>) -> Result<Tool<'a>> {
    let kind = member(raw, "type").filter(|kind| !is_null(kind));
    if let Some(kind) = kind
        && !text(kind)?.is("custom")
    {
        return Ok(Tool {
            kind: ToolKind::Own(raw),
            cache: None,
            origin: Some(raw),
            extras: Vec::new(),
        });
    }
    function(raw)
}

fn function<'a>(raw: Raw<'a>) -> Result<Tool<'a>> {
    let (mut extras, mut cache, mut named) = (Vec::new(), None, None);
    let (mut description, mut schema, mut strict) = (None, None, None);
    each_member(raw, |key, value| {
        match key {
            "name" => named = Some(text(value)?),
            "description" => description = maybe_text(value)?,
            "input_schema" if kind(value) == Kind::Object => schema = Some(value),
            "input_schema" => return Err(FormatError::expected("an object", value)),
            "strict" if !is_null(value) => strict = Some(boolean(value)?),
            "cache_control" => cache = cache_mark(value, &mut extras)?,
            "type" => add(&mut extras, key, value, Weight::Nothing),
            _ if is_null(value) => {}
            _ => add(&mut extras, key, value, weight_in_tool(key, value)),
        }
        Ok(())
    })?;
    let name = named.ok_or_else(|| FormatError::missing_in("name", raw))?;
    let kind = ToolKind::Function {
        name,
        description,
        schema,
        strict,
    };
    Ok(Tool {
        kind,
        cache,
        origin: Some(raw),
        extras,
    })
}

fn weight_in_tool(key: &str, raw: Raw<'_>) -> Weight {
    match key {
        "allowed_callers" if raw.get().trim_matches(['[', ']', ' ']) == r#""direct""# => {
            Weight::Nothing
        }
        "allowed_callers" => Weight::Meaning,
        "defer_loading" | "eager_input_streaming" | "input_examples" => Weight::Hint,
        _ => Weight::Unknown,
    }
}

fn tool_choice<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result<()> {
    let (mut kind, mut name, mut parallel) = (None, None, None);
    let mut extras = Vec::new();
    each_member(raw, |key, value| {
        match key {
            "type" => kind = Some(text(value)?),
            "name" => name = Some(text(value)?),
            "disable_parallel_tool_use" if !is_null(value) => parallel = Some(!boolean(value)?),
            _ => add(
                &mut extras,
                &format!("tool_choice.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })?;
    let kind = kind.ok_or_else(|| FormatError::missing_in("type", raw))?;
    let choice = match (&*kind.decoded(), name) {
        ("auto", None) => ToolChoice::Auto,
        ("any", None) => ToolChoice::Required,
        ("none", None) => ToolChoice::None,
        ("tool", Some(name)) => ToolChoice::Named(name),
        ("tool", None) => return Err(FormatError::missing_in("name", raw)),
        _ => {
            add(&mut request.extras, "tool_choice", raw, Weight::Meaning);
            return Ok(());
        }
    };
    request.tool_choice = Some(choice);
    request.parallel_calls = parallel;
    request.extras.append(&mut extras);
    Ok(())
}

fn thinking<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result<()> {
    let kind = member(raw, "type").ok_or_else(|| FormatError::missing_in("type", raw))?;
    let (mode, exact) = match &*text(kind)?.decoded() {
        "enabled" => (ThinkingMode::On, true),
        "adaptive" => (ThinkingMode::Adaptive, true),
        "disabled" => (ThinkingMode::Off, true),
        "between_tools" => (ThinkingMode::Adaptive, false),
        _ => {
            add(&mut request.extras, "thinking", raw, Weight::Meaning);
            return Ok(());
        }
    };
    request.thinking.mode = Some(mode);
    if !exact {
        add(&mut request.extras, "thinking.type", kind, Weight::Hint);
    }
    each_member(raw, |key, value| {
        match key {
            "type" => {}
            "budget_tokens" => request.thinking.budget = maybe_number(value)?,
            "display" if is_null(value) => {}
            "display" => display(request, value)?,
            _ => add(
                &mut request.extras,
                &format!("thinking.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })
}

fn display<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result<()> {
    let (summary, weight) = match &*text(raw)?.decoded() {
        "summarized" => (Some("auto"), Weight::Nothing),
        "omitted" => (Some("none"), Weight::Nothing),
        _ => (None, Weight::Unknown),
    };
    request.thinking.summary = summary.map(Text::plain);
    add(&mut request.extras, "thinking.display", raw, weight);
    Ok(())
}

fn output_config<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result<()> {
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "effort" => match Effort::of_word(&text(value)?.decoded()) {
                Some(effort) => request.thinking.effort = Some(effort),
                None => add(
                    &mut request.extras,
                    "output_config.effort",
                    value,
                    Weight::Hint,
                ),
            },
            "format" => output_format(request, value)?,
            _ => add(
                &mut request.extras,
                &format!("output_config.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })
}

fn output_format<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result<()> {
    let (mut typed, mut other, mut schema) = (false, false, None);
    each_member(raw, |key, value| {
        match key {
            "type" => typed = text(value)?.is("json_schema"),
            "schema" => schema = Some(value),
            _ => other = true,
        }
        Ok(())
    })?;
    match schema.filter(|schema| typed && !other && kind(schema) == Kind::Object) {
        Some(schema) => {
            request.output = Some(OutputShape::Schema {
                schema,
                name: None,
                description: None,
                strict: None,
            });
        }
        None => add(
            &mut request.extras,
            "output_config.format",
            raw,
            Weight::Meaning,
        ),
    }
    Ok(())
}

fn metadata<'a>(request: &mut Request<'a>, raw: Raw<'a>) -> Result<()> {
    each_member(raw, |key, value| {
        match key {
            "user_id" => request.user = maybe_text(value)?,
            _ => add(
                &mut request.extras,
                &format!("metadata.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })
}
