//! A request: its messages, and everything beside them by `read_settings`.

use super::read_parts::{Maker, content};
use super::read_settings::setting;
use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Part, PartKind, Weight};
use crate::canonical::raw::{Raw, each_item, each_member, is_null, text};
use crate::canonical::request::{Request, Role, Turn};
use crate::format::ApiFormat;
use crate::formats::Source;

pub(super) fn read<'a>(source: &Source<'a>) -> Result<Request<'a>, FormatError> {
    let mut request = Request::new(ApiFormat::Anthropic);
    request.stream = source.stream;
    let (mut system, mut messages) = (None, None);
    each_member(source.body, |key, raw| {
        match key {
            "system" => system = Some(raw),
            "messages" => messages = Some(raw),
            _ if is_null(raw) => {}
            _ => setting(&mut request, key, raw)?,
        }
        Ok(())
    })?;
    let messages = messages.ok_or_else(|| FormatError::missing_in("messages", source.body))?;
    if let Some(system) = system.filter(|raw| !is_null(raw)) {
        let mut turn = Turn::new(Role::System, content(system, Maker::CLIENT)?);
        turn.origin = Some(system);
        request.turns.push(turn);
    }
    each_item(messages, |raw| message(raw, &mut request.turns))?;
    Ok(request)
}

fn message<'a>(raw: Raw<'a>, turns: &mut Vec<Turn<'a>>) -> Result<(), FormatError> {
    let (mut role, mut parts, mut extras) = (None, None, Vec::new());
    each_member(raw, |key, value| {
        match key {
            "role" => role = Some(role_of(value)?),
            "content" => parts = Some(content(value, Maker::CLIENT)?),
            _ => extras.push(Extra::new(key.to_owned(), value, Weight::Unknown)),
        }
        Ok(())
    })?;
    let role = role.ok_or_else(|| FormatError::missing_in("role", raw))?;
    let parts = parts.ok_or_else(|| FormatError::missing_in("content", raw))?;
    let from = turns.len();
    if role == Role::User {
        apart(parts, turns);
    } else {
        turns.push(Turn::new(role, sealed_calls(parts)));
    }
    for turn in turns.iter_mut().skip(from) {
        turn.origin = Some(raw);
        turn.extras = std::mem::take(&mut extras);
    }
    Ok(())
}

fn role_of(raw: Raw<'_>) -> Result<Role, FormatError> {
    match &*text(raw)?.decoded() {
        "user" => Ok(Role::User),
        "assistant" => Ok(Role::Assistant),
        "system" => Ok(Role::System),
        _ => Err(FormatError::expected("user, assistant or system", raw)),
    }
}

/// Results of tools are a turn of their own, before the words around them.
fn apart<'a>(parts: Vec<Part<'a>>, turns: &mut Vec<Turn<'a>>) {
    let is_result = |part: &Part<'_>| matches!(part.kind, PartKind::Result(_));
    let (results, words): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_result);
    let only_results = words.is_empty() && !results.is_empty();
    if !results.is_empty() {
        turns.push(Turn::new(Role::Tool, results));
    }
    if !only_results {
        turns.push(Turn::new(Role::User, words));
    }
}

/// Our own writer lets the seal of a foreign call follow it as a redacted block.
fn sealed_calls(parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    let mut kept: Vec<Part<'_>> = Vec::with_capacity(parts.len());
    for mut part in parts {
        if let (PartKind::Thinking(thought), Some(before)) = (&mut part.kind, kept.last_mut()) {
            let foreign = thought
                .seal
                .as_ref()
                .is_some_and(|seal| seal.format != ApiFormat::Anthropic);
            if let (true, true, PartKind::Call(call)) =
                (foreign, thought.redacted, &mut before.kind)
            {
                call.seal = thought.seal.take();
                continue;
            }
        }
        kept.push(part);
    }
    kept
}
