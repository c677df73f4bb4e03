//! Tools, numbers, shape of the answer and thinking.

use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::PartKind;
use crate::canonical::raw;
use crate::canonical::request::{OutputShape, Request, ThinkingMode, Tool, ToolChoice, ToolKind};
use crate::canonical::text::Text;
use crate::formats::Target;

use super::side::{OWN, extra};

type Result<T> = std::result::Result<T, FormatError>;

/// Most sequences that the API takes.
const MOST_STOPS: usize = 5;

/// Writes the tools, and whether one must be called. A choice of some tools leaves the others out.
///
/// # Errors
/// A tool that the format cannot hold; a choice that would hide a tool of the conversation.
pub(super) fn write_tools(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let own = request.from == OWN;
    let (names, required): (Option<&[Text<'_>]>, _) = match &request.tool_choice {
        None | Some(ToolChoice::Auto) => (None, None),
        Some(ToolChoice::None) => (None, Some("NONE")),
        Some(ToolChoice::Required) => (None, Some("REQUIRED")),
        Some(ToolChoice::Named(name)) => (Some(std::slice::from_ref(name)), Some("REQUIRED")),
        Some(ToolChoice::Allowed { names, required }) => {
            (Some(names), required.then_some("REQUIRED"))
        }
    };
    if let Some(names) = names.filter(|names| calls_another(request, names)) {
        let _ = names;
        return Err(notes.refuse("tool_choice", None));
    }
    let offered = |tool: &&Tool<'_>| names.is_none_or(|names| is_one_of(tool, names));
    let tools: Vec<&Tool<'_>> = request.tools.iter().filter(offered).collect();
    if !tools.is_empty() {
        out.key("tools").open_list();
        for tool in &tools {
            write_tool(out, tool, own, notes)?;
        }
        out.close_list();
    }
    if let Some(word) = required {
        out.key("tool_choice").plain(word);
    }
    if own {
        Ok(())
    } else {
        write_strict(out, &tools, notes)
    }
}

/// Whether the conversation has a call of a tool that is none of these.
fn calls_another(request: &Request<'_>, names: &[Text<'_>]) -> bool {
    let parts = request.turns.iter().flat_map(|turn| &turn.parts);
    let mut calls = parts.filter_map(|part| match &part.kind {
        PartKind::Call(call) => Some(&call.name),
        _ => None,
    });
    calls.any(|name| !names.contains(name))
}

fn is_one_of(tool: &Tool<'_>, names: &[Text<'_>]) -> bool {
    match &tool.kind {
        ToolKind::Function { name, .. } | ToolKind::Custom { name, .. } => names.contains(name),
        ToolKind::Own(_) => true,
    }
}

fn write_tool(out: &mut Out, tool: &Tool<'_>, own: bool, notes: &mut Notes) -> Result<()> {
    if tool.cache.is_some() {
        notes.note("cache_control", tool.origin)?;
    }
    let ToolKind::Function {
        name,
        description,
        schema,
        ..
    } = &tool.kind
    else {
        return Err(notes.refuse("tools", tool.origin));
    };
    out.open();
    if !own {
        out.key("type").plain("function");
    }
    out.key("function").open().key("name").text(name);
    out.maybe_text("description", description.as_ref());
    match schema {
        Some(schema) => _ = out.key("parameters").raw(schema),
        None if own => {}
        None => {
            out.key("parameters")
                .json(r#"{"type":"object","properties":{}}"#);
        }
    }
    let extras = tool.extras.iter().filter(|_| own);
    let (inner, outer): (Vec<_>, Vec<_>) =
        extras.partition(|extra| extra.field.starts_with("function."));
    for extra in inner {
        let name = extra.field.strip_prefix("function.");
        out.key(name.unwrap_or_default()).raw(extra.raw);
    }
    out.close();
    for extra in outer {
        out.key(&extra.field).raw(extra.raw);
    }
    out.close();
    Ok(())
}

/// `strict_tools` is said of all tools at once.
fn write_strict(out: &mut Out, tools: &[&Tool<'_>], notes: &mut Notes) -> Result<()> {
    let strict = |tool: &&&Tool<'_>| {
        matches!(
            tool.kind,
            ToolKind::Function {
                strict: Some(true),
                ..
            }
        )
    };
    let count = tools.iter().filter(strict).count();
    if count == 0 {
        return Ok(());
    }
    if count < tools.len() {
        return notes.note("strict", None);
    }
    out.key("strict_tools").boolean(true);
    Ok(())
}

/// Writes the numbers, the stop sequences and whether log probabilities are wanted.
///
/// # Errors
/// A temperature above 1, or too many sequences.
pub(super) fn write_numbers(
    out: &mut Out,
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<()> {
    let own = request.from == OWN;
    let all = &request.sampling;
    let hot = |raw: &raw::Raw<'_>| raw.get().parse::<f64>().is_ok_and(|number| number > 1.0);
    if let Some(temperature) = all.temperature.filter(|raw| !own && hot(raw)) {
        return Err(notes.refuse("temperature", Some(temperature)));
    }
    out.maybe_raw("max_tokens", request.max_output);
    let fields = [
        ("temperature", "temperature", all.temperature),
        ("p", "top_p", all.top_p),
        ("k", "top_k", all.top_k),
        ("presence_penalty", "presence_penalty", all.presence_penalty),
        (
            "frequency_penalty",
            "frequency_penalty",
            all.frequency_penalty,
        ),
    ];
    for (name, told, value) in fields {
        if own || target.takes_sampling {
            out.maybe_raw(name, value);
        } else if value.is_some() {
            notes.note(told, value)?;
        }
    }
    out.maybe_raw("seed", all.seed);
    if let Some(logprobs) = request.logprobs.as_ref().filter(|all| all.wanted || own) {
        out.key("logprobs").boolean(logprobs.wanted);
    }
    write_stops(out, request, notes)
}

fn write_stops(out: &mut Out, request: &Request<'_>, notes: &Notes) -> Result<()> {
    if request.stop.is_empty() {
        return Ok(());
    }
    if request.stop.len() > MOST_STOPS && request.from != OWN {
        return Err(notes.refuse("stop", None));
    }
    out.key("stop_sequences").open_list();
    for stop in &request.stop {
        out.text(stop);
    }
    out.close_list();
    Ok(())
}

/// Writes the members of this object that only this format knows.
fn write_inner(out: &mut Out, request: &Request<'_>, object: &str) {
    for extra in request.extras.iter().filter(|_| request.from == OWN) {
        let name = extra.field.strip_prefix(object);
        if let Some(name) = name.and_then(|name| name.strip_prefix('.')) {
            out.key(name).raw(extra.raw);
        }
    }
}

/// Writes the shape of the answer.
///
/// # Errors
/// A schema that is no JSON.
pub(super) fn write_shape(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let own = request.from == OWN;
    let odd = own && extra(&request.extras, "response_format.type").is_some();
    if request.output.is_none() && !odd {
        return Ok(());
    }
    out.key("response_format").open();
    if !odd {
        out.key("type").plain("json_object");
    }
    match &request.output {
        Some(OutputShape::Schema { schema, .. }) => {
            out.key("json_schema").raw(schema);
        }
        Some(OutputShape::SpeltSchema { schema, .. }) => {
            let json = schema.decoded();
            let parsed = raw::parse(&json);
            let parsed = parsed.ok_or_else(|| notes.refuse("schema", None))?;
            out.key("json_schema").raw(parsed);
        }
        _ => {}
    }
    write_inner(out, request, "response_format");
    out.close();
    Ok(())
}

/// Writes how much to think; an effort becomes a budget.
pub(super) fn write_thinking(out: &mut Out, request: &Request<'_>) {
    let own = request.from == OWN;
    let thinking = &request.thinking;
    let off = thinking.mode == Some(ThinkingMode::Off) || thinking.effort == Some(Effort::None);
    let asked = thinking.mode.is_some() || thinking.effort.is_some() || thinking.budget.is_some();
    let kept = own
        && request
            .extras
            .iter()
            .any(|extra| extra.field.starts_with("thinking."));
    if !asked && !kept {
        return;
    }
    out.key("thinking").open();
    if !own || thinking.mode.is_some() {
        let word = if off { "disabled" } else { "enabled" };
        out.key("type").plain(word);
    }
    match (thinking.budget, thinking.effort) {
        (Some(budget), _) if own || !off => _ = out.key("token_budget").raw(budget),
        (None, Some(effort)) if !off => {
            out.key("token_budget").number(effort.budget());
        }
        _ => {}
    }
    write_inner(out, request, "thinking");
    out.close();
}
