//! Tools and the choice between them, read.

use super::fields::Fields;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Weight};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::request::{Request, Tool, ToolChoice, ToolKind};
use crate::canonical::text::Text;

type Result<T> = std::result::Result<T, FormatError>;

/// # Errors
/// Fields of other types than the documents say.
pub(super) fn read_tools<'a>(fields: &mut Fields<'a>) -> Result<Vec<Tool<'a>>> {
    let mut tools = Vec::new();
    if let Some(list) = fields.take("tools") {
        raw::each_item(list, |item| {
            tools.push(read_tool(item)?);
            Ok(())
        })?;
    }
    Ok(tools)
}

fn read_tool(raw: Raw<'_>) -> Result<Tool<'_>> {
    let mut fields = Fields::of(raw)?;
    let kind = fields.needed_text("type")?;
    let kind = match kind.decoded().as_ref() {
        "function" => ToolKind::Function {
            name: fields.needed_text("name")?,
            description: fields.text("description")?,
            schema: fields.take("parameters"),
            strict: fields.boolean("strict")?,
        },
        "custom" => ToolKind::Custom {
            name: fields.needed_text("name")?,
            description: fields.text("description")?,
            format: fields.take("format"),
        },
        _ => {
            return Ok(Tool {
                kind: ToolKind::Own(raw),
                cache: None,
                origin: Some(raw),
                extras: Vec::new(),
            });
        }
    };
    Ok(Tool {
        kind,
        cache: None,
        origin: Some(raw),
        extras: fields.rest("", weigh),
    })
}

fn weigh(name: &str, raw: Raw<'_>) -> Weight {
    match (name, raw.get()) {
        ("defer_loading" | "async", "false") => Weight::Nothing,
        ("output_schema" | "defer_loading" | "allowed_callers" | "async", _) => Weight::Hint,
        _ => Weight::Unknown,
    }
}

/// # Errors
/// A choice that is neither a string nor an object with a type.
pub(super) fn read_tool_choice<'a>(
    fields: &mut Fields<'a>,
    request: &mut Request<'a>,
) -> Result<()> {
    let Some(raw) = fields.take("tool_choice") else {
        return Ok(());
    };
    request.tool_choice = if raw::kind(raw) == Kind::Text {
        word_choice(&raw::text(raw)?)
    } else {
        object_choice(raw, &request.tools)?
    };
    if request.tool_choice.is_none() {
        let extra = Extra::new("tool_choice", raw, Weight::Meaning);
        request.extras.push(extra);
    }
    Ok(())
}

fn word_choice<'a>(word: &Text<'a>) -> Option<ToolChoice<'a>> {
    match word.decoded().as_ref() {
        "auto" => Some(ToolChoice::Auto),
        "none" => Some(ToolChoice::None),
        "required" => Some(ToolChoice::Required),
        _ => None,
    }
}

/// `None` for choices among the provider's own tools, and for those with fields that we do not
/// know.
fn object_choice<'a>(raw: Raw<'a>, tools: &[Tool<'a>]) -> Result<Option<ToolChoice<'a>>> {
    let mut fields = Fields::of(raw)?;
    let kind = fields.needed_text("type")?;
    if kind.is("allowed_tools") {
        return allowed(fields, tools);
    }
    let name = named(&kind, &mut fields, tools)?;
    Ok(name.filter(|_| fields.is_empty()).map(ToolChoice::Named))
}

/// The name, if a tool of this kind has it: the writer finds the kind by the name.
fn named<'a>(
    kind: &Text<'a>,
    fields: &mut Fields<'a>,
    tools: &[Tool<'a>],
) -> Result<Option<Text<'a>>> {
    let custom = match kind.decoded().as_ref() {
        "function" => false,
        "custom" => true,
        _ => return Ok(None),
    };
    let name = fields.needed_text("name")?;
    Ok((is_custom(&name, tools) == custom).then_some(name))
}

fn allowed<'a>(mut fields: Fields<'a>, tools: &[Tool<'a>]) -> Result<Option<ToolChoice<'a>>> {
    let whole = fields.whole;
    let required = match fields.needed_text("mode")?.decoded().as_ref() {
        "auto" => false,
        "required" => true,
        _ => return Ok(None),
    };
    let list = fields
        .take("tools")
        .ok_or_else(|| FormatError::missing_in("tools", whole))?;
    let mut names = Vec::new();
    let mut all = fields.is_empty();
    raw::each_item(list, |item| {
        let mut fields = Fields::of(item)?;
        let kind = fields.needed_text("type")?;
        match named(&kind, &mut fields, tools)? {
            Some(name) if fields.is_empty() => names.push(name),
            _ => all = false,
        }
        Ok(())
    })?;
    Ok(all.then_some(ToolChoice::Allowed { names, required }))
}

/// Whether the tool of this name takes free text.
pub(super) fn is_custom(name: &Text<'_>, tools: &[Tool<'_>]) -> bool {
    tools
        .iter()
        .any(|tool| matches!(&tool.kind, ToolKind::Custom { name: own, .. } if own == name))
}
