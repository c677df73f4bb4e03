//! A reply of any format as a chat reply.

use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Citation, Part, PartKind};
use crate::canonical::raw::Raw;
use crate::canonical::reply::{Choice, Counts, Reply, StopReason, TokenLogprob};
use crate::canonical::text::Text;
use crate::formats::Asked;

use super::side::{LIST, OWN};
use super::write_message::Pen;

type Result<T> = std::result::Result<T, FormatError>;

/// # Errors
/// Only where the operator is strict.
pub(super) fn write(reply: &Reply<'_>, asked: &Asked, notes: &mut Notes) -> Result<Vec<u8>> {
    let own = reply.from == Some(OWN);
    let mut out = Out::default();
    out.open();
    match &reply.id {
        Some(id) => _ = out.key("id").text(id),
        None if own => {}
        None => _ = out.key("id").plain(&asked.request_id),
    }
    if reply.choices.len() > 1 {
        notes.note("n", None)?;
    }
    if let Some(choice) = reply.choices.first() {
        write_choice(&mut out, choice, own, notes)?;
    }
    if own {
        for extra in &reply.extras {
            out.key(&extra.field).raw(extra.raw);
        }
    } else if let Some(counts) = &reply.usage {
        out.key("usage");
        write_usage(&mut out, counts);
    }
    out.close();
    Ok(out.into_bytes())
}

fn write_choice(out: &mut Out, choice: &Choice<'_>, own: bool, notes: &mut Notes) -> Result<()> {
    out.key("message").open();
    if !own {
        out.key("role").plain("assistant");
    }
    let mut pen = Pen {
        own,
        reply: true,
        notes,
    };
    let parts: Vec<&Part<'_>> = choice.parts.iter().collect();
    pen.assistant(out, &parts, &choice.extras)?;
    if own {
        write_message_extras(out, choice);
    } else {
        write_citations(out, &choice.parts);
    }
    out.close();
    if !own {
        out.key("finish_reason").plain(word(choice.stop.reason));
        if !choice.logprobs.is_empty() {
            write_logprobs(out, &choice.logprobs, notes)?;
        }
    }
    for extra in choice.extras.iter().filter(|_| own) {
        if !extra.field.starts_with("message.") {
            out.key(&extra.field).raw(extra.raw);
        }
    }
    Ok(())
}

fn write_message_extras(out: &mut Out, choice: &Choice<'_>) {
    for extra in &choice.extras {
        let name = extra.field.strip_prefix("message.");
        let empty = name == Some(LIST) && extra.raw.get() == "[]";
        if let Some(name) = name.filter(|name| *name != LIST || empty && choice.parts.is_empty()) {
            out.key(name).raw(extra.raw);
        }
    }
}

fn write_citations(out: &mut Out, parts: &[Part<'_>]) {
    if parts.iter().all(|part| part.citations.is_empty()) {
        return;
    }
    out.key("citations").open_list();
    let mut index = 0;
    for part in parts {
        if let PartKind::Text(said) = &part.kind {
            let said = said.decoded();
            for citation in &part.citations {
                write_citation(out, citation, &said, index);
            }
        }
        let shown = match &part.kind {
            PartKind::Thinking(thought) => !thought.texts.is_empty(),
            PartKind::Text(_) | PartKind::Refusal(_) => true,
            _ => false,
        };
        index += u64::from(shown);
    }
    out.close_list();
}

fn write_citation(out: &mut Out, citation: &Citation<'_>, said: &str, index: u64) {
    let (start, end) = citation
        .span
        .unwrap_or_else(|| (0, said.chars().count() as u64));
    let length = end.saturating_sub(start) as usize;
    let quoted: String = said.chars().skip(start as usize).take(length).collect();
    out.open().key("start").number(start).key("end").number(end);
    out.key("text").plain(&quoted);
    write_source(out, citation);
    out.key("content_index").number(index);
    out.key("type").plain("TEXT_CONTENT").close();
}

/// Writes `sources` with the one source of a citation.
pub(super) fn write_source(out: &mut Out, citation: &Citation<'_>) {
    let id = match (&citation.id, citation.document) {
        (Some(id), _) => id.borrowed(),
        (None, Some(number)) => Text::plain(format!("doc:{number}")),
        (None, None) => citation.url.clone().unwrap_or(Text::plain("doc")),
    };
    out.key("sources").open_list().open();
    out.key("type").plain("document").key("id").text(&id);
    out.key("document").open().key("id").text(&id);
    out.maybe_text("title", citation.title.as_ref());
    out.maybe_text("url", citation.url.as_ref());
    out.maybe_text("snippet", citation.quoted.as_ref());
    out.close().close().close_list();
}

/// The word for why a reply ended.
pub(super) fn word(reason: StopReason) -> &'static str {
    match reason {
        StopReason::End | StopReason::Pause | StopReason::Refusal | StopReason::Filtered => {
            "COMPLETE"
        }
        StopReason::Sequence => "STOP_SEQUENCE",
        StopReason::OutputLimit | StopReason::ContextFull => "MAX_TOKENS",
        StopReason::ToolCalls => "TOOL_CALL",
        StopReason::Malformed | StopReason::Failed => "ERROR",
    }
}

/// Writes the counts. The bill is the provider's: it is not made up.
pub(super) fn write_usage(out: &mut Out, counts: &Counts) {
    out.open();
    if counts.billed_input.or(counts.billed_output).is_some() || counts.searches.is_some() {
        out.key("billed_units").open();
        out.maybe_number("input_tokens", counts.billed_input);
        out.maybe_number("output_tokens", counts.billed_output);
        out.maybe_number("search_units", counts.searches).close();
    }
    out.key("tokens").open();
    out.maybe_number("input_tokens", counts.input());
    out.maybe_number("output_tokens", counts.output()).close();
    out.maybe_number("cached_tokens", counts.cache_read);
    out.close();
}

fn write_logprobs(out: &mut Out, tokens: &[TokenLogprob<'_>], notes: &mut Notes) -> Result<()> {
    if tokens.iter().any(|token| !token.top.is_empty()) {
        notes.note("top_logprobs", None)?;
    }
    out.key("logprobs").open_list();
    for token in tokens {
        write_logprob(out, &token.token, token.logprob);
    }
    out.close_list();
    Ok(())
}

/// Writes one token; its number in the vocabulary is known to its provider only.
pub(super) fn write_logprob(out: &mut Out, token: &Text<'_>, logprob: Raw<'_>) {
    out.open().key("text").text(token);
    out.key("token_ids").open_list().close_list();
    out.key("logprobs").open_list().raw(logprob).close_list();
    out.close();
}
