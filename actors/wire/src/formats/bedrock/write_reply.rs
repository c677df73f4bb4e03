//! A whole reply of any format, said to a client of this API.

use super::read_reply::MORE;
use super::{citations, stops, usage};
use crate::canonical::base64;
use crate::canonical::error::FormatError;
use crate::canonical::mimes::name_of;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    Call, Citation, Media, MediaKind, MediaSource, Part, PartKind, Thought,
};
use crate::canonical::reply::{Choice, Reply};
use crate::canonical::seal::Seal;
use crate::canonical::side::Side;
use crate::canonical::text::Text;
use crate::format::ApiFormat;

type Result<T = ()> = std::result::Result<T, FormatError>;

pub(super) fn write(reply: &Reply<'_>, notes: &mut Notes) -> Result<Vec<u8>> {
    let own = reply.from == Some(ApiFormat::Bedrock);
    let side = Side::of(&reply.extras, own);
    let nothing = Choice::default();
    let choice = reply.choices.first().unwrap_or(&nothing);
    if reply.choices.len() > 1 {
        notes.note("choices", None)?;
    }
    if !choice.logprobs.is_empty() {
        notes.note("logprobs", None)?;
    }
    let mut out = Out::default();
    out.open().key("output").open().key("message").open();
    out.key("role").plain("assistant");
    out.key("content").open_list();
    for part in &choice.parts {
        block(part, own, &mut out, notes)?;
    }
    out.close_list();
    side.write(&mut out, "output.message.", &[]);
    out.close();
    side.write(&mut out, "output.", &["output.message."]);
    out.close();
    stop(choice, own, &mut out);
    usage::write(&reply.usage.unwrap_or_default(), side, &mut out);
    if side.get("metrics").is_none() && !own {
        out.key("metrics").open().key("latencyMs").number(0).close();
    }
    let word = reply.tier.as_ref().and_then(|tier| tier_word(tier, own));
    if word.is_some() || side.under("serviceTier.") {
        tier(word.as_ref(), reply, own, &mut out);
    }
    side.write(&mut out, "", &["usage.", "output.", "serviceTier."]);
    out.close();
    Ok(out.into_bytes())
}

/// The tier that was used, if this API has a word for it.
pub(super) fn tier_word<'t>(tier: &Text<'t>, own: bool) -> Option<Text<'t>> {
    match &*tier.decoded() {
        _ if own => Some(tier.clone()),
        "priority" | "flex" | "reserved" => Some(tier.clone()),
        "default" | "standard" => Some(Text::plain("default")),
        _ => None,
    }
}

fn tier(word: Option<&Text<'_>>, reply: &Reply<'_>, own: bool, out: &mut Out) {
    out.key("serviceTier").open();
    out.maybe_text("type", word);
    Side::of(&reply.extras, own).write(out, "serviceTier.", &[]);
    out.close();
}

fn stop(choice: &Choice<'_>, own: bool, out: &mut Out) {
    let side = Side::of(&choice.extras, own);
    out.key("stopReason");
    match side.get("stopReason") {
        Some(word) => out.raw(word),
        None => out.plain(stops::word(choice.stop.reason)),
    };
    let prefix = "additionalModelResponseFields.";
    let sequence = choice.stop.sequence.as_ref();
    if sequence.is_some() || side.under(prefix) {
        out.key(MORE).open();
        out.maybe_text("stop_sequence", sequence);
        side.write(out, prefix, &[]);
        out.close();
    } else {
        out.maybe_raw(MORE, side.get(MORE));
    }
}

fn block(part: &Part<'_>, own: bool, out: &mut Out, notes: &mut Notes) -> Result {
    match &part.kind {
        PartKind::Text(text) | PartKind::Refusal(text) if own || !text.is_empty() => {
            text_block(part, text, own, out, notes)
        }
        PartKind::Text(_) | PartKind::Refusal(_) => Ok(()),
        PartKind::Thinking(thought) => {
            thinking(thought, out);
            Ok(())
        }
        PartKind::Call(call) => call_block(part, call, own, out, notes),
        PartKind::Other(raw) if own => {
            out.raw(raw);
            Ok(())
        }
        PartKind::Media(media) if media.kind == MediaKind::Image => {
            image(part, media, own, out, notes)
        }
        PartKind::Other(_)
        | PartKind::Media(_)
        | PartKind::SearchResult(_)
        | PartKind::Result(_) => notes.note("content[].type", part.origin),
    }
}

/// An image goes as it is where the client speaks as the provider does.
fn image(
    part: &Part<'_>,
    media: &Media<'_>,
    own: bool,
    out: &mut Out,
    notes: &mut Notes,
) -> Result {
    if let (true, Some(raw)) = (own, part.origin) {
        out.raw(raw);
        return Ok(());
    }
    let mime = media.mime.as_ref().map(Text::decoded).unwrap_or_default();
    let MediaSource::Base64(data) = &media.source else {
        return notes.note("image", part.origin);
    };
    out.open().key("image").open();
    out.key("format").plain(name_of(&mime).unwrap_or("png"));
    out.key("source").open().key("bytes").text(data);
    out.close().close().close();
    Ok(())
}

fn text_block(
    part: &Part<'_>,
    text: &Text<'_>,
    own: bool,
    out: &mut Out,
    notes: &mut Notes,
) -> Result {
    if let Some(exact) = Side::of(&part.extras, own).get("citationsContent") {
        out.open().key("citationsContent").raw(exact).close();
        return Ok(());
    }
    let cited = |one: &Citation<'_>| own || one.url.is_some() || one.document.is_some();
    if !part.citations.iter().any(cited) {
        out.open().key("text").text(text).close();
        return match part.citations.is_empty() {
            true => Ok(()),
            false => notes.note("citations", part.origin),
        };
    }
    out.open().key("citationsContent").open();
    out.key("content").open_list().open();
    out.key("text").text(text).close().close_list();
    out.key("citations").open_list();
    for citation in &part.citations {
        write_cited(citation, own, out, notes)?;
    }
    out.close_list().close().close();
    Ok(())
}

fn write_cited(citation: &Citation<'_>, own: bool, out: &mut Out, notes: &mut Notes) -> Result {
    match citation.origin.filter(|_| own) {
        Some(raw) => {
            out.raw(raw);
            Ok(())
        }
        None if citations::write(citation, out) => Ok(()),
        None => notes.note("citations", citation.origin),
    }
}

/// The value of a field of bytes: what another provider sealed is base64 of our prefix.
pub(super) fn blob(seal: &Seal<'_>) -> Text<'static> {
    let value = seal.for_client(ApiFormat::Bedrock);
    if seal.format == ApiFormat::Bedrock {
        return value.into_owned();
    }
    Text::plain(base64::encoded(value.decoded().as_bytes()))
}

fn thinking(thought: &Thought<'_>, out: &mut Out) {
    out.open().key("reasoningContent").open();
    match &thought.seal {
        Some(seal) if thought.redacted => {
            out.key("redactedContent").text(&blob(seal));
        }
        seal => {
            let texts = thought.texts.iter().map(Text::borrowed);
            out.key("reasoningText").open();
            out.key("text").text(&Text::joined(texts, "\n\n"));
            if let Some(seal) = seal {
                out.key("signature")
                    .text(&seal.for_client(ApiFormat::Bedrock));
            }
            out.close();
        }
    }
    out.close().close();
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
    out.open().key("toolUse").open();
    out.maybe_text("toolUseId", call.id.as_ref());
    out.key("name").text(&call.name);
    out.key("input").json(&input);
    Side::of(&part.extras, own).write(out, "", &[]);
    out.close().close();
    if let Some(seal) = call
        .seal
        .as_ref()
        .filter(|seal| seal.format != ApiFormat::Bedrock)
    {
        out.open().key("reasoningContent").open();
        out.key("redactedContent").text(&blob(seal));
        out.close().close();
    }
    Ok(())
}
