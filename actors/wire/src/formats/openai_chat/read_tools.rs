//! Reads tools, the choice among them, and the shape of the answer.

use super::Outcome;
use super::node::{inside, keep_spelling, member};
use crate::canonical::error::FormatError;
use crate::canonical::parts::{CacheMark, Extra, Extras, Weight};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::request::{OutputShape, Tool, ToolChoice, ToolKind};
use crate::canonical::text::Text;

pub(super) fn tools(value: Raw<'_>) -> Outcome<Vec<Tool<'_>>> {
    let mut all = Vec::new();
    raw::each_item(value, |item| {
        all.push(tool(item)?);
        Ok(())
    })?;
    Ok(all)
}

fn tool(item: Raw<'_>) -> Outcome<Tool<'_>> {
    let kind = member(item, "type").map(raw::text).transpose()?;
    let kind = kind
        .unwrap_or(Text::plain("function"))
        .decoded()
        .into_owned();
    if !matches!(kind.as_str(), "function" | "custom") {
        return Ok(made(ToolKind::Own(item), item));
    }
    let mut found = None;
    let mut extras = Vec::new();
    let mut cache = None;
    raw::each_member(item, |key, value| {
        match key {
            "type" => {}
            "function" | "custom" if key == kind => {
                found = Some(definition(value, key, &mut extras)?)
            }
            "cache_control" => cache = cache_control(value, &mut extras)?,
            _ => extras.push(Extra::new(key.to_owned(), value, Weight::Unknown)),
        }
        Ok(())
    })?;
    let missing = || FormatError::missing_in("function", item);
    let mut tool = made(found.ok_or_else(missing)?, item);
    tool.extras = extras;
    tool.cache = cache;
    Ok(tool)
}

fn made<'a>(kind: ToolKind<'a>, origin: Raw<'a>) -> Tool<'a> {
    Tool {
        kind,
        cache: None,
        origin: Some(origin),
        extras: Vec::new(),
    }
}

/// OpenRouter's `cache_control`, as Anthropic has it.
pub(super) fn cache_control<'a>(
    value: Raw<'a>,
    extras: &mut Extras<'a>,
) -> Outcome<Option<CacheMark<'a>>> {
    keep_spelling(extras, "cache_control", value);
    let ttl = member(value, "ttl").map(raw::text).transpose()?;
    Ok(Some(CacheMark { ttl }))
}

/// The legacy form: functions without a cover.
pub(super) fn functions(value: Raw<'_>) -> Outcome<Vec<Tool<'_>>> {
    let mut all = Vec::new();
    raw::each_item(value, |item| {
        let mut extras = vec![Extra::new("functions", item, Weight::Nothing)];
        let kind = definition(item, "function", &mut extras)?;
        let mut tool = made(kind, item);
        tool.extras = extras;
        all.push(tool);
        Ok(())
    })?;
    Ok(all)
}

#[derive(Default)]
struct Definition<'a> {
    name: Option<Text<'a>>,
    description: Option<Text<'a>>,
    schema: Option<Raw<'a>>,
    strict: Option<bool>,
    format: Option<Raw<'a>>,
}

fn definition<'a>(value: Raw<'a>, kind: &str, extras: &mut Extras<'a>) -> Outcome<ToolKind<'a>> {
    let mut found = Definition::default();
    let function = kind == "function";
    raw::each_member(value, |key, inner| {
        match key {
            "name" => found.name = Some(raw::text(inner)?),
            "description" => found.description = raw::maybe_text(inner)?,
            _ if raw::is_null(inner) => {}
            "parameters" if function => found.schema = Some(inner),
            "strict" if function => found.strict = Some(raw::boolean(inner)?),
            "format" if !function => found.format = Some(inner),
            _ => extras.push(inside(&format!("{kind}."), key, inner, Weight::Unknown)),
        }
        Ok(())
    })?;
    let missing = || FormatError::missing_in("name", value);
    let name = found.name.ok_or_else(missing)?;
    let description = found.description;
    Ok(if function {
        ToolKind::Function {
            name,
            description,
            schema: found.schema,
            strict: found.strict,
        }
    } else {
        ToolKind::Custom {
            name,
            description,
            format: found.format,
        }
    })
}

pub(super) fn choice<'a>(
    value: Raw<'a>,
    extras: &mut Extras<'a>,
) -> Outcome<Option<ToolChoice<'a>>> {
    if raw::kind(value) == Kind::Text {
        return word(value).map(Some);
    }
    let kind = member(value, "type").map(raw::text).transpose()?;
    let kind = kind.ok_or_else(|| FormatError::missing_in("type", value))?;
    let kind = kind.decoded().into_owned();
    match kind.as_str() {
        "function" | "custom" => {
            let inner = member(value, &kind);
            let inner = inner.ok_or_else(|| FormatError::missing_in("function", value))?;
            others(value, &["type", &kind], "tool_choice.", extras)?;
            others(inner, &["name"], "tool_choice.function.", extras)?;
            name(inner).map(|name| Some(ToolChoice::Named(name)))
        }
        "allowed_tools" => allowed(value, extras).map(Some),
        _ => {
            extras.push(Extra::new("tool_choice", value, Weight::Meaning));
            Ok(None)
        }
    }
}

fn word(value: Raw<'_>) -> Outcome<ToolChoice<'_>> {
    match raw::text(value)?.decoded().as_ref() {
        "auto" => Ok(ToolChoice::Auto),
        "none" => Ok(ToolChoice::None),
        // Mistral's word for it is `any`.
        "required" | "any" => Ok(ToolChoice::Required),
        _ => Err(FormatError::expected("`auto`, `none` or `required`", value)),
    }
}

fn name(value: Raw<'_>) -> Outcome<Text<'_>> {
    let name = member(value, "name");
    raw::text(name.ok_or_else(|| FormatError::missing_in("name", value))?)
}

fn allowed<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<ToolChoice<'a>> {
    let set = member(value, "allowed_tools");
    let set = set.ok_or_else(|| FormatError::missing_in("allowed_tools", value))?;
    others(value, &["type", "allowed_tools"], "tool_choice.", extras)?;
    others(
        set,
        &["mode", "tools"],
        "tool_choice.allowed_tools.",
        extras,
    )?;
    let required = match member(set, "mode") {
        Some(mode) => matches!(word(mode)?, ToolChoice::Required),
        None => false,
    };
    let tools = member(set, "tools").ok_or_else(|| FormatError::missing_in("tools", set))?;
    let mut names = Vec::new();
    raw::each_item(tools, |item| {
        let kind = member(item, "type").map(raw::text).transpose()?;
        let kind = kind.map_or("function".to_owned(), |kind| kind.decoded().into_owned());
        let inner = member(item, &kind).filter(|_| matches!(kind.as_str(), "function" | "custom"));
        names.push(name(inner.ok_or_else(|| {
            FormatError::expected("a function or a custom tool", item)
        })?)?);
        Ok(())
    })?;
    Ok(ToolChoice::Allowed { names, required })
}

fn others<'a>(value: Raw<'a>, known: &[&str], inner: &str, extras: &mut Extras<'a>) -> Outcome {
    raw::each_member(value, |key, member| {
        if !known.contains(&key) {
            extras.push(inside(inner, key, member, Weight::Unknown));
        }
        Ok(())
    })
}

/// `function_call` of a request.
pub(super) fn legacy_choice<'a>(
    value: Raw<'a>,
    extras: &mut Extras<'a>,
) -> Outcome<Option<ToolChoice<'a>>> {
    keep_spelling(extras, "function_call", value);
    let choice = match raw::kind(value) {
        Kind::Text => word(value)?,
        _ => ToolChoice::Named(name(value)?),
    };
    Ok(Some(choice))
}

pub(super) fn output<'a>(
    value: Raw<'a>,
    extras: &mut Extras<'a>,
) -> Outcome<Option<OutputShape<'a>>> {
    let kind = member(value, "type").map(raw::text).transpose()?;
    let kind = kind.ok_or_else(|| FormatError::missing_in("type", value))?;
    match kind.decoded().as_ref() {
        "json_object" => {
            others(value, &["type"], "response_format.", extras)?;
            Ok(Some(OutputShape::Json))
        }
        "json_schema" => schema(value, extras).map(Some),
        "text" => {
            keep_spelling(extras, "response_format", value);
            Ok(None)
        }
        _ => {
            extras.push(Extra::new("response_format", value, Weight::Meaning));
            Ok(None)
        }
    }
}

fn schema<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<OutputShape<'a>> {
    others(value, &["type", "json_schema"], "response_format.", extras)?;
    let inner = member(value, "json_schema");
    let inner = inner.ok_or_else(|| FormatError::missing_in("json_schema", value))?;
    let (mut schema, mut name, mut description, mut strict) = (None, None, None, None);
    raw::each_member(inner, |key, member| {
        match key {
            _ if raw::is_null(member) => {}
            "schema" => schema = Some(member),
            "name" => name = Some(raw::text(member)?),
            "description" => description = Some(raw::text(member)?),
            "strict" => strict = Some(raw::boolean(member)?),
            _ => extras.push(inside(
                "response_format.json_schema.",
                key,
                member,
                Weight::Unknown,
            )),
        }
        Ok(())
    })?;
    Ok(OutputShape::Schema {
        schema: schema.ok_or_else(|| FormatError::missing_in("schema", inner))?,
        name,
        description,
        strict,
    })
}
