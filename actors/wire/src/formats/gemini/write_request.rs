//! A request of any format as a `GenerateContentRequest`.
//!
//! The model's name stands in the path, and whether to stream in the method, so neither is written.

use std::borrow::Cow;

use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Part, PartKind};
use crate::canonical::request::{Request, Role, Tool, ToolKind, Turn};
use crate::formats::{Target, ThinkingForm};

use super::read_request::{DIALECT, ROLE};
use super::words::{OWN, extra};
use super::write_parts::{Pen, Reader, says_something};
use super::write_settings::{write_generation, write_tool_config};

type Result<T> = std::result::Result<T, FormatError>;

/// # Errors
/// What the format cannot hold and may not be left out.
pub(super) fn write(
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<Vec<u8>> {
    let own = request.from == OWN;
    if !own {
        refuse_and_note(request, notes)?;
    }
    let mut out = Out::default();
    out.open();
    let by_effort = target.thinking == ThinkingForm::Effort;
    let mut pen = Pen {
        reader: Reader::Provider(target.provider),
        own,
        needs_signatures: by_effort && !older(target.model),
        takes_detail: by_effort,
        notes,
    };
    write_instructions(&mut out, request, &mut pen)?;
    write_contents(&mut out, request, &mut pen)?;
    write_tools(&mut out, request, notes)?;
    write_tool_config(&mut out, request);
    write_generation(&mut out, request, target, notes)?;
    write_rest(&mut out, request, notes)?;
    out.close();
    Ok(out.into_bytes())
}

/// Models that never asked for signatures.
fn older(model: &str) -> bool {
    ["gemini-1", "gemini-2", "gemma"]
        .iter()
        .any(|line| model.contains(line))
}

/// What another format can say and this one cannot, wherever it stands.
fn refuse_and_note(request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    if let Some(bias) = request.logit_bias {
        return Err(notes.refuse("logit_bias", Some(bias)));
    }
    if let Some(turn) = request
        .turns
        .last()
        .filter(|turn| turn.role == Role::Assistant)
    {
        return Err(notes.refuse("a last message of the assistant", turn.origin));
    }
    let hints = [
        ("verbosity", request.verbosity.is_some()),
        ("cache_control", request.cache.is_some()),
        ("prompt_cache_key", request.cache_key.is_some()),
        ("metadata", request.metadata.is_some()),
        ("user", request.user.is_some()),
        ("parallel_tool_calls", request.parallel_calls == Some(false)),
    ];
    for (field, _) in hints.iter().filter(|(_, said)| *said) {
        notes.note(*field, None)?;
    }
    request
        .turns
        .iter()
        .try_for_each(|turn| note_turn(turn, notes))
}

fn note_turn(turn: &Turn<'_>, notes: &mut Notes) -> Result<()> {
    if turn.name.is_some() {
        notes.note("name", turn.origin)?;
    }
    for part in &turn.parts {
        if part.cache.is_some() {
            notes.note("cache_control", part.origin)?;
        }
        if !part.citations.is_empty() {
            notes.note("citations", part.origin)?;
        }
    }
    Ok(())
}

fn write_instructions(out: &mut Out, request: &Request<'_>, pen: &mut Pen<'_>) -> Result<()> {
    let leading = request.turns.iter().take(request.instructions());
    let turns: Vec<_> = leading.collect();
    let parts: Vec<&Part<'_>> = turns.iter().flat_map(|turn| &turn.parts).collect();
    if turns.is_empty() || (parts.is_empty() && !pen.own) {
        return Ok(());
    }
    out.key("systemInstruction").open();
    out.key("parts").open_list();
    pen.parts(out, &parts)?;
    out.close_list();
    for turn in turns.iter().filter(|_| pen.own) {
        write_extras(out, turn);
    }
    out.close();
    Ok(())
}

fn write_extras(out: &mut Out, turn: &Turn<'_>) {
    for extra in &turn.extras {
        out.key(&extra.field).raw(extra.raw);
    }
}

/// Turns that go out as one `Content`.
struct Group<'r, 'a> {
    role: &'static str,
    first: &'r Turn<'a>,
    parts: Vec<Cow<'r, Part<'a>>>,
}

fn write_contents(out: &mut Out, request: &Request<'_>, pen: &mut Pen<'_>) -> Result<()> {
    out.key("contents").open_list();
    for group in groups(request, pen.own) {
        let parts: Vec<&Part<'_>> = group
            .parts
            .iter()
            .map(Cow::as_ref)
            .filter(|part| says_something(pen, part))
            .collect();
        if parts.is_empty() && !pen.own {
            continue;
        }
        out.open();
        if extra(&group.first.extras, ROLE).is_none() {
            out.key("role").plain(group.role);
        }
        out.key("parts").open_list();
        pen.parts(out, &parts)?;
        out.close_list();
        if pen.own {
            write_extras(out, group.first);
        }
        out.close();
    }
    out.close_list();
    Ok(())
}

/// Results of one turn of calls, and what the user says right after, are one message.
fn groups<'r, 'a>(request: &'r Request<'a>, own: bool) -> Vec<Group<'r, 'a>> {
    let mut groups: Vec<Group<'r, 'a>> = Vec::new();
    let mut before = None;
    for turn in request.turns.iter().skip(request.instructions()) {
        let role = if turn.role == Role::Assistant {
            "model"
        } else {
            "user"
        };
        let parts = turn.parts.iter().map(|part| spoken(turn, part));
        let joins = match before {
            Some(before) if own => same_origin(before, turn),
            Some(before) => joined(before, turn),
            None => false,
        };
        match groups.last_mut().filter(|_| joins) {
            Some(group) => group.parts.extend(parts),
            None => groups.push(Group {
                role,
                first: turn,
                parts: parts.collect(),
            }),
        }
        before = Some(turn);
    }
    groups
}

fn same_origin(before: &Turn<'_>, turn: &Turn<'_>) -> bool {
    match (before.origin, turn.origin) {
        (Some(before), Some(origin)) => std::ptr::eq(before, origin),
        _ => false,
    }
}

/// A user's words join the results before them; instructions join what the user says next.
fn joined(before: &Turn<'_>, turn: &Turn<'_>) -> bool {
    let user = |role: Role| role != Role::Assistant;
    let waits = matches!(before.role, Role::Tool | Role::System | Role::Developer);
    waits && user(turn.role)
}

/// A part as it is said: instructions inside a conversation are marked as such.
fn spoken<'r, 'a>(turn: &Turn<'a>, part: &'r Part<'a>) -> Cow<'r, Part<'a>> {
    match (&part.kind, turn.role) {
        (PartKind::Text(said), Role::System | Role::Developer) => {
            let marked = format!("<system>\n{}\n</system>", said.decoded());
            let text = crate::canonical::text::Text::plain(marked);
            Cow::Owned(Part::text(text))
        }
        _ => Cow::Borrowed(part),
    }
}

fn write_tools(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let own = request.from == OWN;
    if request.tools.is_empty() {
        return Ok(());
    }
    out.key("tools").open_list();
    let mut in_functions = false;
    for tool in &request.tools {
        let function = matches!(tool.kind, ToolKind::Function { .. });
        if function && !std::mem::replace(&mut in_functions, true) {
            out.open().key("functionDeclarations").open_list();
        } else if !function && std::mem::take(&mut in_functions) {
            out.close_list().close();
        }
        write_tool(out, tool, own, notes)?;
    }
    if in_functions {
        out.close_list().close();
    }
    out.close_list();
    Ok(())
}

fn write_tool(out: &mut Out, tool: &Tool<'_>, own: bool, notes: &mut Notes) -> Result<()> {
    if tool.cache.is_some() {
        notes.note("cache_control", tool.origin)?;
    }
    match &tool.kind {
        ToolKind::Function {
            name,
            description,
            schema,
            ..
        } => {
            out.open().key("name").text(name);
            out.maybe_text("description", description.as_ref());
            let dialect = extra(&tool.extras, DIALECT);
            let schema = schema
                .filter(|schema| dialect.is_none_or(|dialect| !std::ptr::eq(dialect, *schema)));
            out.maybe_raw("parametersJsonSchema", schema);
            for extra in tool.extras.iter().filter(|_| own) {
                out.key(&extra.field).raw(extra.raw);
            }
            out.close();
        }
        ToolKind::Own(raw) if own => {
            let name = tool.extras.first().map(|name| name.field.as_ref());
            out.open().key(name.unwrap_or_default()).raw(raw).close();
        }
        ToolKind::Own(_) => return Err(notes.refuse("tools", tool.origin)),
        ToolKind::Custom { .. } => return Err(notes.refuse("custom tool", tool.origin)),
    }
    Ok(())
}

fn write_rest(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let own = request.from == OWN;
    match &request.tier {
        Some(tier) if own => _ = out.key("serviceTier").text(tier),
        Some(tier) => match tier.decoded().as_ref() {
            "auto" => {}
            "default" | "standard" | "standard_only" => {
                _ = out.key("serviceTier").plain("standard")
            }
            word @ ("flex" | "priority") => _ = out.key("serviceTier").plain(word),
            _ => notes.note("service_tier", None)?,
        },
        None => {}
    }
    if !own {
        return Ok(());
    }
    out.maybe_raw("labels", request.metadata);
    for extra in &request.extras {
        let nested = ["generationConfig.", "toolConfig."]
            .iter()
            .any(|member| extra.field.starts_with(member));
        if !nested && extra.field != "model" {
            out.key(&extra.field).raw(extra.raw);
        }
    }
    Ok(())
}
