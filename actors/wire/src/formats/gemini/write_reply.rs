//! A reply of any format as a `GenerateContentResponse`.

use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Part, PartKind};
use crate::canonical::reply::{Choice, Reply, StopReason};
use crate::formats::Asked;

use super::citations::Grounding;
use super::read_parts::ON_PART_BEFORE;
use super::read_reply::{FEEDBACK, FINISH};
use super::widths::Widths;
use super::words::{OWN, extra};
use super::write_parts::{Pen, Reader};
use super::{logprobs, usage};

type Result<T> = std::result::Result<T, FormatError>;

/// # Errors
/// Only where the operator is strict.
pub(super) fn write(reply: &Reply<'_>, asked: &Asked, notes: &mut Notes) -> Result<Vec<u8>> {
    let own = reply.from == Some(OWN);
    let mut out = Out::default();
    out.open();
    if !(own && is_blocked(reply)) {
        out.key("candidates").open_list();
        for choice in &reply.choices {
            write_candidate(&mut out, choice, own, notes)?;
        }
        out.close_list();
    }
    if own {
        for extra in &reply.extras {
            out.key(&extra.field).raw(extra.raw);
        }
    } else if let Some(counts) = &reply.usage {
        out.key("usageMetadata");
        usage::write(&mut out, counts, None);
    }
    match &reply.model {
        Some(model) => out.key("modelVersion").text(model),
        None => out.key("modelVersion").plain(&asked.model),
    };
    match &reply.id {
        Some(id) => out.key("responseId").text(id),
        None => out.key("responseId").plain(&asked.request_id),
    };
    out.close();
    Ok(out.into_bytes())
}

/// Whether the one choice stands for a prompt that was blocked.
fn is_blocked(reply: &Reply<'_>) -> bool {
    let stands =
        |choice: &Choice<'_>| choice.parts.is_empty() && extra(&choice.extras, FINISH).is_none();
    extra(&reply.extras, FEEDBACK).is_some() && reply.choices.iter().all(stands)
}

fn write_candidate(out: &mut Out, choice: &Choice<'_>, own: bool, notes: &mut Notes) -> Result<()> {
    out.open();
    if !choice.parts.is_empty() || !own {
        write_content(out, choice, own, notes)?;
    }
    if !own {
        out.key(FINISH).plain(word(choice.stop.reason));
    }
    out.key("index").number(choice.index);
    out.maybe_text("finishMessage", choice.stop.details.as_ref());
    if !own {
        write_added(out, choice);
    }
    for extra in choice.extras.iter().filter(|_| own) {
        if !extra.field.starts_with("content.") {
            out.key(&extra.field).raw(extra.raw);
        }
    }
    out.close();
    Ok(())
}

fn write_content(out: &mut Out, choice: &Choice<'_>, own: bool, notes: &mut Notes) -> Result<()> {
    out.key("content").open().key("parts").open_list();
    let mut pen = Pen {
        reader: Reader::Client,
        own,
        needs_signatures: false,
        takes_detail: true,
        notes,
    };
    let parts: Vec<&Part<'_>> = choice.parts.iter().collect();
    pen.parts(out, &parts)?;
    if parts.is_empty() {
        out.open().key("text").plain("").close();
    }
    out.close_list();
    if !own || extra(&choice.extras, "content.role").is_none() {
        out.key("role").plain("model");
    }
    for extra in choice.extras.iter().filter(|_| own) {
        if let Some(name) = extra.field.strip_prefix("content.") {
            out.key(name).raw(extra.raw);
        }
    }
    out.close();
    Ok(())
}

/// What Gemini says beside the content and another format in it.
fn write_added(out: &mut Out, choice: &Choice<'_>) {
    let mut grounding = Grounding::default();
    let mut number = 0;
    for part in &choice.parts {
        if let PartKind::Text(said) = &part.kind {
            let widths = Widths::of(said);
            for citation in &part.citations {
                grounding.add(citation, number, &widths);
            }
        }
        number += elements(part);
    }
    grounding.write(out);
    if !choice.logprobs.is_empty() {
        out.key("logprobsResult");
        logprobs::write(out, &choice.logprobs);
    }
}

/// How many parts are written for one.
fn elements(part: &Part<'_>) -> u64 {
    match &part.kind {
        PartKind::Thinking(thought) => match thought.texts.len() {
            0 if extra(&part.extras, ON_PART_BEFORE).is_some() => 0,
            0 => u64::from(thought.seal.is_some()),
            texts => texts as u64,
        },
        PartKind::Other(_) => 0,
        _ => 1,
    }
}

/// The word for why a candidate ended.
pub(super) fn word(reason: StopReason) -> &'static str {
    match reason {
        StopReason::End | StopReason::Sequence | StopReason::ToolCalls | StopReason::Pause => {
            "STOP"
        }
        StopReason::OutputLimit | StopReason::ContextFull => "MAX_TOKENS",
        StopReason::Refusal | StopReason::Filtered => "SAFETY",
        StopReason::Malformed => "MALFORMED_FUNCTION_CALL",
        StopReason::Failed => "OTHER",
    }
}
