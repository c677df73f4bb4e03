//! A `GenerateContentRequest`, read.

use std::borrow::Cow;

use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Part, PartKind, Weight};
use crate::canonical::raw::{Raw, each_item, each_member, is_null, maybe_text, member, text};
use crate::canonical::request::{Request, Role, Tool, ToolKind, Turn};
use crate::canonical::text::Text;
use crate::formats::Source;

use super::read_parts::{Writer, object, read_all};
use super::read_settings::{read_generation, read_tool_config};
use super::words::{OWN, extra, named};

type Result<T> = std::result::Result<T, FormatError>;

/// Name of the mark of a tool whose schema is in Gemini's own dialect.
pub(super) const DIALECT: &str = "parameters";

/// Name of the extra that keeps a role of older clients.
pub(super) const ROLE: &str = "role";

/// # Errors
/// A member of another type than the format says.
pub(super) fn read<'a>(source: &Source<'a>) -> Result<Request<'a>> {
    let mut request = Request::new(OWN);
    request.stream = source.stream;
    let mut instructions = None;
    each_member(source.body, |key, value| {
        match named(key, value, source.body)?.as_ref() {
            _ if is_null(value) => {}
            "contents" => each_item(value, |content| read_content(content, &mut request))?,
            "systemInstruction" => instructions = Some(read_instructions(value)?),
            "tools" => each_item(value, |tool| read_tool(tool, &mut request))?,
            "toolConfig" => read_tool_config(value, &mut request)?,
            "generationConfig" => read_generation(value, &mut request)?,
            "labels" => request.metadata = Some(object(value)?),
            "serviceTier" => request.tier = Some(text(value)?),
            name => request.extras.push(top_extra(name, key, value)),
        }
        Ok(())
    })?;
    if let Some(turn) = instructions {
        request.turns.insert(0, turn);
    }
    mark_strict_tools(&mut request);
    Ok(request)
}

fn top_extra<'a>(name: &str, key: &str, value: Raw<'a>) -> Extra<'a> {
    let (field, weight) = match name {
        "cachedContent" => ("cachedContent", Weight::Meaning),
        "safetySettings" => ("safetySettings", safety_weight(value)),
        "store" => ("store", Weight::Hint),
        "model" => ("model", Weight::Nothing),
        _ => return Extra::new(key.to_owned(), value, Weight::Unknown),
    };
    Extra::new(field, value, weight)
}

/// Settings that only loosen Google's filters ask for nothing that another provider lacks.
fn safety_weight(settings: Raw<'_>) -> Weight {
    let mut weight = Weight::Hint;
    let read = each_item(settings, |setting| {
        let threshold = member(setting, "threshold").and_then(Text::of_raw);
        let threshold = threshold.map(|threshold| threshold.decoded().into_owned());
        let loose = ["OFF", "BLOCK_NONE", "BLOCK_ONLY_HIGH"];
        if !threshold.is_some_and(|word| loose.contains(&word.as_str())) {
            weight = Weight::Meaning;
        }
        Ok(())
    });
    if read.is_ok() {
        weight
    } else {
        Weight::Meaning
    }
}

/// Role, parts and what else a `Content` says.
struct Content<'a> {
    role: Option<Raw<'a>>,
    parts: Vec<Part<'a>>,
    extras: Vec<Extra<'a>>,
}

fn content<'a>(raw: Raw<'a>) -> Result<Content<'a>> {
    let mut content = Content {
        role: None,
        parts: Vec::new(),
        extras: Vec::new(),
    };
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "role" => content.role = Some(value),
            "parts" => content.parts = read_all(value, Writer::Client)?,
            _ => {
                let unknown = Extra::new(key.to_owned(), value, Weight::Unknown);
                content.extras.push(unknown);
            }
        }
        Ok(())
    })?;
    Ok(content)
}

/// The role is of no account there; SDKs send `user` or `system`.
fn read_instructions<'a>(raw: Raw<'a>) -> Result<Turn<'a>> {
    let content = content(raw)?;
    let mut turn = Turn::new(Role::System, content.parts);
    turn.origin = Some(raw);
    turn.extras = content.extras;
    if let Some(role) = content.role {
        turn.extras.push(Extra::new(ROLE, role, Weight::Nothing));
    }
    Ok(turn)
}

fn read_content<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    let mut content = content(raw)?;
    let role = content.role.map(maybe_text).transpose()?.flatten();
    let role = role.as_ref().map_or(Cow::Borrowed("user"), Text::decoded);
    let role = match role.as_ref() {
        "model" => Role::Assistant,
        "user" | "" => Role::User,
        "function" | "tool" => {
            let role = content.role.into_iter();
            let kept = role.map(|role| Extra::new(ROLE, role, Weight::Nothing));
            content.extras.extend(kept);
            Role::User
        }
        _ => {
            let role = content.role.unwrap_or(raw);
            return Err(FormatError::expected("`user` or `model`", role));
        }
    };
    push_turns(raw, role, content, request);
    Ok(())
}

/// Results become a turn of their own, before what else was said.
fn push_turns<'a>(raw: Raw<'a>, role: Role, content: Content<'a>, request: &mut Request<'a>) {
    let is_result = |part: &Part<'a>| matches!(part.kind, PartKind::Result(_));
    let (results, rest): (Vec<_>, Vec<_>) = content.parts.into_iter().partition(is_result);
    let mut extras = content.extras;
    for (role, parts) in [(Role::Tool, results), (role, rest)] {
        let only = role != Role::Tool && request.turns.last().is_none_or(|turn| !same(turn, raw));
        if parts.is_empty() && !only {
            continue;
        }
        let mut turn = Turn::new(role, parts);
        turn.origin = Some(raw);
        turn.extras = std::mem::take(&mut extras);
        request.turns.push(turn);
    }
}

/// Whether a turn was read from this value.
fn same(turn: &Turn<'_>, raw: Raw<'_>) -> bool {
    turn.origin.is_some_and(|origin| std::ptr::eq(origin, raw))
}

/// One element of `tools`: any number of functions, and tools that Google runs, by name.
fn read_tool<'a>(raw: Raw<'a>, request: &mut Request<'a>) -> Result<()> {
    each_member(raw, |key, value| {
        let name = named(key, value, raw)?;
        if name == "functionDeclarations" {
            return each_item(value, |function| {
                request.tools.push(read_function(function)?);
                Ok(())
            });
        }
        if !is_null(value) {
            let name = Extra::new(name.into_owned(), value, Weight::Nothing);
            request
                .tools
                .push(tool(ToolKind::Own(value), value, vec![name]));
        }
        Ok(())
    })
}

fn tool<'a>(kind: ToolKind<'a>, raw: Raw<'a>, extras: Vec<Extra<'a>>) -> Tool<'a> {
    Tool {
        kind,
        cache: None,
        origin: Some(raw),
        extras,
    }
}

fn read_function<'a>(raw: Raw<'a>) -> Result<Tool<'a>> {
    let (mut name, mut description, mut schema) = (None, None, None);
    let mut dialect = None;
    let mut extras = Vec::new();
    each_member(raw, |key, value| {
        match named(key, value, raw)?.as_ref() {
            _ if is_null(value) => {}
            "name" => name = Some(text(value)?),
            "description" => description = Some(text(value)?),
            "parametersJsonSchema" => schema = Some(value),
            "parameters" => dialect = Some(object(value)?),
            field @ ("response" | "responseJsonSchema" | "behavior") => {
                extras.push(Extra::new(field.to_owned(), value, Weight::Hint));
            }
            _ => extras.push(Extra::new(key.to_owned(), value, Weight::Unknown)),
        }
        Ok(())
    })?;
    if let Some(dialect) = dialect {
        let weight = match schema {
            Some(_) => Weight::Meaning,
            None => Weight::Nothing,
        };
        extras.push(Extra::new(DIALECT, dialect, weight));
    }
    let kind = ToolKind::Function {
        name: name.ok_or_else(|| FormatError::missing_in("name", raw))?,
        description,
        schema: schema.or(dialect),
        strict: None,
    };
    Ok(tool(kind, raw, extras))
}

/// The mode `VALIDATED` is said of all tools at once.
fn mark_strict_tools(request: &mut Request<'_>) {
    let mode = extra(&request.extras, VALIDATED);
    if mode.is_none_or(|mode| mode.get() != "\"VALIDATED\"") {
        return;
    }
    for tool in &mut request.tools {
        if let ToolKind::Function { strict, .. } = &mut tool.kind {
            *strict = Some(true);
        }
    }
}

/// Name of the extra that says that the mode was `VALIDATED`.
pub(super) const VALIDATED: &str = "toolConfig.functionCallingConfig.mode";
