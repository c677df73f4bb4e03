//! Writes a whole reply.

use super::{OWN, Outcome, clock};
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Call, Media, MediaKind, MediaSource, Part, PartKind};
use crate::canonical::reply::{Choice, Counts, Reply, StopReason, TokenLogprob};
use crate::canonical::text::Text;
use crate::formats::Asked;

pub(super) fn write(reply: &Reply<'_>, asked: &Asked, notes: &mut Notes) -> Outcome<Vec<u8>> {
    let own = reply.from == Some(OWN);
    let nothing = Choice::default();
    let choice = reply.choices.first().unwrap_or(&nothing);
    if reply.choices.len() > 1 {
        notes.note("choices", None)?;
    }
    let mut out = Out::default();
    let asked_model = Text::plain(asked.model.as_str());
    out.open().key("model");
    out.text(reply.model.as_ref().unwrap_or(&asked_model));
    let spelt = |field: &str| {
        let found = reply.extras.iter().find(|extra| extra.field == field);
        found.map(|extra| extra.raw).filter(|_| own)
    };
    match spelt("created_at") {
        Some(spelt) => out.key("created_at").raw(spelt),
        None => created(&mut out, reply.created.unwrap_or(asked.now)),
    };
    message(&mut out, choice, own, notes)?;
    match spelt("done") {
        Some(spelt) => out.key("done").raw(spelt),
        None => out.key("done").boolean(true),
    };
    let word = word(choice.stop.reason).ok_or_else(broken)?;
    match spelt("done_reason") {
        Some(spelt) => out.key("done_reason").raw(spelt),
        None => out.key("done_reason").plain(word),
    };
    if !choice.logprobs.is_empty() {
        tokens(out.key("logprobs"), &choice.logprobs);
    }
    counts(&mut out, reply.usage.as_ref());
    for extra in reply.extras.iter().filter(|_| own) {
        if !matches!(extra.field.as_ref(), "created_at" | "done" | "done_reason") {
            out.key(&extra.field).raw(extra.raw);
        }
    }
    out.close();
    Ok(out.into_bytes())
}

/// `created_at`.
pub(super) fn created(out: &mut Out, seconds: u64) -> &mut Out {
    out.key("created_at").plain(&clock::spelt(seconds))
}

/// The word for a reason; `None` if the answer is no answer.
pub(super) fn word(reason: StopReason) -> Option<&'static str> {
    match reason {
        StopReason::OutputLimit | StopReason::ContextFull => Some("length"),
        StopReason::Malformed | StopReason::Failed => None,
        _ => Some("stop"),
    }
}

fn broken() -> FormatError {
    FormatError::missing("a whole answer")
}

pub(super) fn counts(out: &mut Out, usage: Option<&Counts>) {
    let Some(counts) = usage else { return };
    out.maybe_number("prompt_eval_count", counts.input());
    out.maybe_number("eval_count", counts.output());
}

#[derive(Default)]
struct Said<'p, 'a> {
    texts: Vec<Text<'p>>,
    thoughts: Vec<Text<'p>>,
    images: Vec<&'p Text<'a>>,
    calls: Vec<(&'p Part<'a>, &'p Call<'a>)>,
}

fn message(out: &mut Out, choice: &Choice<'_>, own: bool, notes: &mut Notes) -> Outcome {
    let said = said(choice, notes)?;
    out.key("message").open();
    let role = choice
        .extras
        .iter()
        .find(|extra| extra.field == "message.role");
    match role.filter(|_| own) {
        Some(role) => out.key("role").raw(role.raw),
        None => out.key("role").plain("assistant"),
    };
    out.key("content").text(&Text::joined(said.texts, ""));
    if !said.thoughts.is_empty() {
        out.key("thinking")
            .text(&Text::joined(said.thoughts, "\n\n"));
    }
    if !said.images.is_empty() {
        out.key("images").open_list();
        said.images.iter().for_each(|image| {
            out.text(image);
        });
        out.close_list();
    }
    calls(out, &said.calls, own)?;
    for extra in choice.extras.iter().filter(|_| own) {
        let name = extra.field.strip_prefix("message.");
        if let Some(name) = name.filter(|name| *name != "role") {
            out.key(name).raw(extra.raw);
        }
    }
    out.close();
    Ok(())
}

fn said<'p, 'a>(choice: &'p Choice<'a>, notes: &mut Notes) -> Outcome<Said<'p, 'a>> {
    let mut said = Said::default();
    for part in &choice.parts {
        if !part.citations.is_empty() {
            notes.note("citations", part.origin)?;
        }
        match &part.kind {
            PartKind::Text(text) | PartKind::Refusal(text) => said.texts.push(text.borrowed()),
            PartKind::Thinking(thought) => {
                said.thoughts
                    .extend(thought.texts.iter().map(Text::borrowed));
            }
            PartKind::Call(call) => said.calls.push((part, call)),
            PartKind::Media(Media {
                kind: MediaKind::Image,
                source: MediaSource::Base64(data),
                ..
            }) => said.images.push(data),
            _ => notes.note("content", part.origin)?,
        }
    }
    // A refusal that is only a reason to stop has its explanation in the details.
    let details = choice.stop.details.as_ref();
    if let Some(details) = details.filter(|_| said.texts.is_empty()) {
        said.texts.push(details.borrowed());
    }
    Ok(said)
}

fn calls(out: &mut Out, calls: &[(&Part<'_>, &Call<'_>)], own: bool) -> Outcome {
    if calls.is_empty() {
        return Ok(());
    }
    out.key("tool_calls").open_list();
    for (number, (part, call)) in calls.iter().enumerate() {
        out.open();
        out.maybe_text("id", call.id.as_ref());
        out.key("function").open();
        if !own {
            out.key("index").number(number as u64);
        }
        for extra in part.extras.iter().filter(|_| own) {
            if let Some(key) = extra.field.strip_prefix("function.") {
                out.key(key).raw(extra.raw);
            }
        }
        out.key("name").text(&call.name).key("arguments");
        out.json(&call.input.object_json().ok_or_else(broken)?);
        out.close();
        for extra in part.extras.iter().filter(|_| own) {
            if !extra.field.starts_with("function.") {
                out.key(&extra.field).raw(extra.raw);
            }
        }
        out.close();
    }
    out.close_list();
    Ok(())
}

pub(super) fn tokens(out: &mut Out, all: &[TokenLogprob<'_>]) {
    out.open_list();
    for token in all {
        out.open();
        token_body(out, token);
        if !token.top.is_empty() {
            out.key("top_logprobs").open_list();
            for other in &token.top {
                out.open();
                token_body(out, other);
                out.close();
            }
            out.close_list();
        }
        out.close();
    }
    out.close_list();
}

fn token_body(out: &mut Out, token: &TokenLogprob<'_>) {
    out.key("token").text(&token.token);
    out.key("logprob").raw(token.logprob);
    out.maybe_raw("bytes", token.bytes);
}
