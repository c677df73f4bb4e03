//! A whole reply of any format, said to a client of this API.

use super::{citations, stops, usage};
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Call, Citation, Part, PartKind, Thought};
use crate::canonical::reply::{Choice, Reply, StopReason};
use crate::canonical::seal::Seal;
use crate::canonical::side::Side;
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::Asked;

type Result<T = ()> = std::result::Result<T, FormatError>;

pub(super) fn write(reply: &Reply<'_>, asked: &Asked, notes: &mut Notes) -> Result<Vec<u8>> {
    let own = reply.from == Some(ApiFormat::Anthropic);
    let mut out = Out::default();
    out.open().key("id");
    match &reply.id {
        Some(id) => out.text(id),
        None => out.plain(&format!("msg_{}", asked.request_id)),
    };
    out.key("type").plain("message");
    out.key("role").plain("assistant").key("model");
    match &reply.model {
        Some(model) => out.text(model),
        None => out.plain(&asked.model),
    };
    let nothing = Choice::default();
    let choice = reply.choices.first().unwrap_or(&nothing);
    if reply.choices.len() > 1 {
        notes.note("choices", None)?;
    }
    if !choice.logprobs.is_empty() {
        notes.note("logprobs", None)?;
    }
    out.key("content").open_list();
    for part in &choice.parts {
        block(part, own, &mut out, notes)?;
    }
    out.close_list();
    stop(choice, own, &mut out);
    spent(reply, own, &mut out);
    Side::of(&reply.extras, own).write(&mut out, "", &["usage."]);
    out.close();
    Ok(out.into_bytes())
}

fn block(part: &Part<'_>, own: bool, out: &mut Out, notes: &mut Notes) -> Result {
    match &part.kind {
        PartKind::Text(text) | PartKind::Refusal(text) if own || !text.is_empty() => {
            out.open().key("type").plain("text").key("text").text(text);
            cited(&part.citations, own, out, notes)?;
        }
        PartKind::Text(_) | PartKind::Refusal(_) => return Ok(()),
        PartKind::Thinking(thought) => thinking(thought, out),
        PartKind::Call(call) => return call_block(part, call, own, out, notes),
        PartKind::Other(raw) if own => {
            out.raw(raw);
            return Ok(());
        }
        PartKind::Other(_)
        | PartKind::Media(_)
        | PartKind::SearchResult(_)
        | PartKind::Result(_) => return notes.note("content[].type", part.origin),
    }
    Side::of(&part.extras, own).write(out, "", &[]);
    out.close();
    Ok(())
}

fn cited(all: &[Citation<'_>], own: bool, out: &mut Out, notes: &mut Notes) -> Result {
    if all.is_empty() {
        return Ok(());
    }
    if !own && !all.iter().any(citations::fits) {
        return notes.note("citations", None);
    }
    out.key("citations").open_list();
    for citation in all {
        match citation.origin.filter(|_| own) {
            Some(raw) => {
                out.raw(raw);
            }
            None if citations::write(citation, out) => {}
            None => notes.note("citations", citation.origin)?,
        }
    }
    out.close_list();
    Ok(())
}

/// Without its end. What only another provider can read travels in the same fields.
fn thinking(thought: &Thought<'_>, out: &mut Out) {
    let sealed = thought
        .seal
        .as_ref()
        .map(|seal| seal.for_client(ApiFormat::Anthropic));
    let sealed = sealed.unwrap_or_else(|| Text::plain(""));
    out.open().key("type");
    if thought.redacted {
        out.plain("redacted_thinking").key("data").text(&sealed);
        return;
    }
    let texts = thought.texts.iter().map(Text::borrowed);
    out.plain("thinking").key("thinking");
    out.text(&Text::joined(texts, "\n\n"));
    out.key("signature").text(&sealed);
}

fn call_block(
    part: &Part<'_>,
    call: &Call<'_>,
    own: bool,
    out: &mut Out,
    notes: &mut Notes,
) -> Result {
    let Some(input) = call.input.object_json() else {
        return Err(notes.refuse("tool_calls[].arguments", part.origin));
    };
    out.open().key("type").plain("tool_use");
    out.maybe_text("id", call.id.as_ref());
    out.key("name").text(&call.name);
    out.key("input").json(&input);
    Side::of(&part.extras, own).write(out, "", &[]);
    out.close();
    if let Some(seal) = &call.seal {
        carried(seal, out);
    }
    Ok(())
}

/// A seal of another provider's call follows it as a redacted block; the reader puts it back.
fn carried(seal: &Seal<'_>, out: &mut Out) {
    if seal.format != ApiFormat::Anthropic {
        out.open().key("type").plain("redacted_thinking");
        out.key("data").text(&seal.for_client(ApiFormat::Anthropic));
        out.close();
    }
}

fn stop(choice: &Choice<'_>, own: bool, out: &mut Out) {
    let side = Side::of(&choice.extras, own);
    out.key("stop_reason");
    match side.get("stop_reason") {
        Some(word) => out.raw(word),
        None => out.plain(stops::word(choice.stop.reason)),
    };
    out.key("stop_sequence");
    match &choice.stop.sequence {
        Some(sequence) => out.text(sequence),
        None => out.null(),
    };
    let refused = matches!(
        choice.stop.reason,
        StopReason::Refusal | StopReason::Filtered
    );
    if side.under("stop_details.") || (refused && choice.stop.details.is_some()) {
        out.key("stop_details").open();
        if side.get("stop_details.type").is_none() {
            out.key("type").plain("refusal");
        }
        out.maybe_text("explanation", choice.stop.details.as_ref());
        side.write(out, "stop_details.", &[]);
        out.close();
    }
}

/// The tier that was used, if this API has a word for it.
pub(super) fn tier_word<'t>(tier: &Text<'t>, own: bool) -> Option<Text<'t>> {
    match &*tier.decoded() {
        _ if own => Some(tier.clone()),
        "priority" | "batch" => Some(tier.clone()),
        "default" | "standard" => Some(Text::plain("standard")),
        _ => None,
    }
}

fn spent(reply: &Reply<'_>, own: bool, out: &mut Out) {
    let side = Side::of(&reply.extras, own);
    let counts = reply.usage.unwrap_or_default();
    out.key("usage").open();
    usage::write(&counts, side, out);
    usage::write_cache_creation(&counts, side, out);
    let tier = reply.tier.as_ref().and_then(|tier| tier_word(tier, own));
    out.maybe_text("service_tier", tier.as_ref());
    let deeper = [
        "usage.output_tokens_details.",
        "usage.server_tool_use.",
        "usage.cache_creation.",
    ];
    side.write(out, "usage.", &deeper);
    out.close();
}
