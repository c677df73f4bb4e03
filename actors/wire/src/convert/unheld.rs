//! What a format has no field for, whoever speaks: noted here once for all writers.
//!
//! Owns the table of which format holds which count, seal and part of a citation. What may not be
//! left out is refused by the writers; here are only hints, and what a client of the format could
//! never have read.

use memchr::memmem;

use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::parts::{
    CallInput, Citation, MediaKind, MediaSource, Part, PartKind, PlaceUnit,
};
use crate::canonical::raw::{self, Raw};
use crate::canonical::reply::{Choice, Counts, Reply, Stop, StopReason, TokenLogprob};
use crate::canonical::request::{OutputShape, Request, ToolChoice, ToolKind};
use crate::canonical::seal::Seal;
use crate::canonical::step::BlockHead;
use crate::canonical::text::Text;
use crate::format::ApiFormat::{
    self, Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAiChat, OpenAiResponses,
};
use crate::formats::Target;

/// Members of citations and of what they rest on that are in one format only.
const OF_CITATIONS: [&str; 7] = [
    "encrypted_index",
    "license",
    "publicationDate",
    "confidenceScores",
    "tool_output",
    "renderedContent",
    "webSearchQueries",
];

/// Free text as a call's input, where it must be an object. No client of such a format can have
/// asked for it.
///
/// # Errors
/// That it is one.
pub(super) fn refuse_block(head: &BlockHead<'_>, to: ApiFormat) -> Result<(), FormatError> {
    let free = matches!(head, BlockHead::Call { custom: true, .. });
    match free && !matches!(to, OpenAiChat | OpenAiResponses) {
        true => Err(FormatError::cannot_hold(to, "tool_calls[].custom", None)),
        false => Ok(()),
    }
}

/// The same of a whole reply.
///
/// # Errors
/// That there is one.
pub(super) fn refuse_reply(reply: &Reply<'_>, to: ApiFormat) -> Result<(), FormatError> {
    let mut parts = reply.choices.iter().flat_map(|choice| &choice.parts);
    let free = parts.any(|part| match &part.kind {
        PartKind::Call(call) => matches!(call.input, CallInput::Free(_)),
        _ => false,
    });
    match free && !matches!(to, OpenAiChat | OpenAiResponses) {
        true => Err(FormatError::cannot_hold(to, "tool_calls[].custom", None)),
        false => Ok(()),
    }
}

/// Adds what `to` cannot hold of a reply.
pub(super) fn of_reply(reply: &Reply<'_>, to: ApiFormat, notes: &mut Notes) {
    if let Some(counts) = &reply.usage {
        of_counts(counts, to, notes);
    }
    of_tier(reply.tier.as_ref(), to, notes);
    for extra in &reply.extras {
        let rated = memmem::find(extra.raw.get().as_bytes(), b"\"safetyRatings\"").is_some();
        if extra.field == "promptFeedback" && rated {
            notes.left_out("promptFeedback.safetyRatings");
        }
    }
    for choice in &reply.choices {
        of_choice(choice, to, notes);
    }
}

pub(super) fn of_tier(tier: Option<&Text<'_>>, to: ApiFormat, notes: &mut Notes) {
    let Some(tier) = tier.map(Text::decoded) else {
        return;
    };
    let told = match (&*tier, to) {
        ("default" | "standard", _) | (_, OpenAiChat) => true,
        ("priority", Anthropic | Bedrock) | ("batch", Anthropic) => true,
        ("flex" | "reserved", Bedrock) => true,
        (word, OpenAiResponses) => crate::formats::has_tier(word),
        _ => false,
    };
    if !told {
        notes.left_out("service_tier");
    }
}

pub(super) fn of_counts(counts: &Counts, to: ApiFormat, notes: &mut Notes) {
    let all: [(&str, Option<u64>, &[ApiFormat]); 13] = [
        (
            "usage.reasoning_tokens",
            counts.output_reasoning,
            &[OpenAiChat, OpenAiResponses, Anthropic, Gemini],
        ),
        (
            "usage.cached_tokens",
            counts.cache_read,
            &[
                OpenAiChat,
                OpenAiResponses,
                Anthropic,
                Gemini,
                Cohere,
                Bedrock,
            ],
        ),
        (
            "usage.cache_write_tokens",
            counts.cache_write_short,
            &[OpenAiChat, OpenAiResponses, Anthropic, Bedrock],
        ),
        (
            "usage.cache_write_tokens_long",
            counts.cache_write_long,
            &[OpenAiResponses, Anthropic, Bedrock],
        ),
        (
            "usage.audio_tokens",
            counts.input_audio,
            &[OpenAiChat, Gemini],
        ),
        (
            "usage.audio_tokens",
            counts.output_audio,
            &[OpenAiChat, Gemini],
        ),
        (
            "usage.image_tokens",
            counts.input_image,
            &[OpenAiChat, Gemini],
        ),
        (
            "usage.image_tokens",
            counts.output_image,
            &[OpenAiChat, Gemini],
        ),
        (
            "usage.accepted_prediction_tokens",
            counts.predicted_accepted,
            &[OpenAiChat],
        ),
        (
            "usage.rejected_prediction_tokens",
            counts.predicted_rejected,
            &[OpenAiChat],
        ),
        (
            "usage.searches",
            counts.searches,
            &[OpenAiResponses, Anthropic, Cohere],
        ),
        (
            "usage.billed_units.input_tokens",
            counts
                .billed_input
                .filter(|_| counts.billed_input != counts.input()),
            &[Cohere],
        ),
        (
            "usage.billed_units.output_tokens",
            counts
                .billed_output
                .filter(|_| counts.billed_output != counts.output()),
            &[Cohere],
        ),
    ];
    for (field, count, holders) in all {
        if count.is_some_and(|count| count > 0) && !holders.contains(&to) {
            notes.left_out(field);
        }
    }
}

fn of_choice(choice: &Choice<'_>, to: ApiFormat, notes: &mut Notes) {
    let wordless = !choice.parts.iter().any(is_text);
    of_stop(&choice.stop, wordless, to, notes);
    of_logprobs(&choice.logprobs, to, notes);
    for extra in &choice.extras {
        if matches!(&*extra.field, "groundingMetadata" | "citationMetadata") {
            of_origin(extra.raw, notes);
        }
    }
    for part in &choice.parts {
        of_answer(part, to, notes);
    }
}

/// `wordless` if there was no text before it.
pub(super) fn of_stop(stop: &Stop<'_>, wordless: bool, to: ApiFormat, notes: &mut Notes) {
    if stop.sequence.is_some() && !matches!(to, Anthropic | Bedrock) {
        notes.left_out("stop_sequence");
    }
    let told = match to {
        Anthropic => matches!(stop.reason, StopReason::Refusal | StopReason::Filtered),
        OpenAiChat | OpenAiResponses => stop.reason == StopReason::Refusal,
        Ollama => wordless,
        _ => false,
    };
    if stop.details.is_some() && !told {
        notes.left_out("stop_details");
    }
}

pub(super) fn of_logprobs(tokens: &[TokenLogprob<'_>], to: ApiFormat, notes: &mut Notes) {
    let spelt = |token: &TokenLogprob<'_>| {
        token.bytes.is_some() || token.top.iter().any(|top| top.bytes.is_some())
    };
    if matches!(to, Gemini | Cohere) && tokens.iter().any(spelt) {
        notes.left_out("logprobs.bytes");
    }
}

fn is_text(part: &Part<'_>) -> bool {
    matches!(part.kind, PartKind::Text(_) | PartKind::Refusal(_))
}

fn of_answer(part: &Part<'_>, to: ApiFormat, notes: &mut Notes) {
    for citation in &part.citations {
        of_citation(citation, to, notes);
    }
    if let PartKind::Other(raw) = &part.kind {
        notes.left_out(format!("content[].{}", type_of(raw)));
    }
    if seal_of(part).is_some() && matches!(to, Cohere | Ollama) {
        notes.left_out(seal_name(part));
    }
}

/// The type that a part of one format gives itself; Gemini names the member instead.
pub(super) fn type_of(raw: Raw<'_>) -> String {
    let named = raw::member(raw, "type").and_then(Text::of_raw);
    let mut first = None;
    let _walked = raw::each_member(raw, |key, _| {
        first.get_or_insert_with(|| key.to_owned());
        Ok(())
    });
    let named = named.map(|name| name.decoded().into_owned());
    named.or(first).unwrap_or_default()
}

pub(super) fn seal_of<'p, 'a>(part: &'p Part<'a>) -> Option<&'p Seal<'a>> {
    match &part.kind {
        PartKind::Thinking(thought) => thought.seal.as_ref(),
        PartKind::Call(call) => call.seal.as_ref(),
        _ => None,
    }
}

fn seal_name(part: &Part<'_>) -> &'static str {
    match &part.kind {
        PartKind::Thinking(thought) if thought.redacted => "redacted_thinking",
        _ => "signature",
    }
}

pub(super) fn of_citation(citation: &Citation<'_>, to: ApiFormat, notes: &mut Notes) {
    let page = citation.url.is_some();
    let all: [(&str, bool, &[ApiFormat]); 6] = [
        (
            "citations.cited_text",
            citation.quoted.is_some(),
            &[Anthropic, Bedrock, Cohere, Gemini],
        ),
        (
            "citations.document_index",
            citation.document.is_some(),
            &[Anthropic, Bedrock, Cohere],
        ),
        (
            "citations.id",
            citation.id.is_some(),
            if page {
                &[Cohere]
            } else {
                &[Cohere, OpenAiResponses]
            },
        ),
        (
            match citation.place.map(|place| place.unit) {
                Some(PlaceUnit::Pages) => "citations.pages",
                Some(PlaceUnit::Blocks) => "citations.blocks",
                _ => "citations.characters",
            },
            citation.place.is_some(),
            &[Anthropic, Bedrock],
        ),
        (
            "citations.search_result_index",
            citation.search_result().is_some(),
            &[Anthropic, Bedrock],
        ),
        (
            "citations.span",
            citation.span.is_some(),
            &[OpenAiChat, OpenAiResponses, Gemini, Cohere],
        ),
    ];
    for (field, said, holders) in all {
        if said && !holders.contains(&to) {
            notes.left_out(field);
        }
    }
    if let Some(origin) = citation.origin {
        of_origin(origin, notes);
    }
}

/// Members that only one format has, however deep they stand.
fn of_origin(origin: Raw<'_>, notes: &mut Notes) {
    let spelt = origin.get().as_bytes();
    for name in OF_CITATIONS {
        let quoted = format!("\"{name}\"");
        if memmem::find(spelt, quoted.as_bytes()).is_some() {
            notes.left_out(format!("citations.{name}"));
        }
    }
}

/// Adds what `to` cannot hold of a request, if it cannot change what the answer means.
///
/// # Errors
/// Where the operator is strict.
pub(super) fn of_request(
    request: &Request<'_>,
    to: ApiFormat,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<(), FormatError> {
    let mut fields = Vec::new();
    for part in request.turns.iter().flat_map(|turn| &turn.parts) {
        of_said(part, to, target, &mut fields);
    }
    if to == Cohere && cites_some(request) {
        fields.push("citations.enabled");
    }
    if matches!(to, Gemini | Cohere | Ollama) {
        of_schema(request, &mut fields);
    }
    if matches!(to, Cohere | Ollama) && request.thinking.summary.is_some() {
        fields.push("reasoning.summary");
    }
    let strict = request.tools.iter().filter(|tool| is_strict(tool)).count();
    let validated = matches!(
        request.tool_choice,
        None | Some(
            ToolChoice::Auto
                | ToolChoice::Allowed {
                    required: false,
                    ..
                }
        )
    );
    // One mode for all tools.
    if to == Gemini && strict > 0 && (!validated || strict < request.tools.len()) {
        fields.push("strict");
    }
    let mut fields = fields.into_iter();
    fields.try_for_each(|field| notes.note(field, None))
}

/// Whether some of the documents shall be cited and some not.
fn cites_some(request: &Request<'_>) -> bool {
    let parts = request.turns.iter().flat_map(|turn| &turn.parts);
    let wishes = parts.filter_map(|part| match &part.kind {
        PartKind::Media(media) if media.kind == MediaKind::Document => Some(media.citations),
        PartKind::SearchResult(found) => Some(found.citations),
        _ => None,
    });
    let (wanted, unwanted): (Vec<_>, Vec<_>) = wishes.partition(|wish| *wish == Some(true));
    !wanted.is_empty() && !unwanted.is_empty()
}

fn is_strict(tool: &crate::canonical::request::Tool<'_>) -> bool {
    matches!(
        tool.kind,
        ToolKind::Function {
            strict: Some(true),
            ..
        }
    )
}

fn of_said(part: &Part<'_>, to: ApiFormat, target: &Target<'_>, fields: &mut Vec<&'static str>) {
    let home = |seal: &Seal<'_>| seal.for_upstream(to, target.provider).is_some();
    let seal = seal_of(part);
    if seal.is_some_and(|seal| !home(seal)) {
        fields.push(seal_name(part));
    }
    let cites = match &part.kind {
        PartKind::Media(media) => media.citations,
        PartKind::SearchResult(found) => found.citations,
        PartKind::Thinking(thought) => {
            let said = thought.texts.iter().any(|text| !text.is_empty());
            // Gemini and Cohere take thoughts of others as they are.
            let needs_seal = !matches!(to, Gemini | Cohere);
            if said && needs_seal && !seal.is_some_and(home) {
                fields.push("thinking");
            }
            None
        }
        _ => None,
    };
    // Cohere has one switch for all documents.
    if cites == Some(true) && !matches!(to, Anthropic | Bedrock | Cohere) {
        fields.push("citations.enabled");
    }
    let inner: &[Part<'_>] = match &part.kind {
        PartKind::Result(result) => &result.content,
        PartKind::SearchResult(found) => &found.content,
        PartKind::Media(media) => match &media.source {
            MediaSource::Parts(parts) => parts,
            _ => &[],
        },
        _ => &[],
    };
    for part in inner {
        of_said(part, to, target, fields);
    }
}

fn of_schema(request: &Request<'_>, fields: &mut Vec<&'static str>) {
    let (name, description, strict) = match &request.output {
        Some(OutputShape::Schema {
            name,
            description,
            strict,
            ..
        }) => (name.is_some(), description.is_some(), strict.is_some()),
        Some(OutputShape::SpeltSchema {
            name, description, ..
        }) => (name.is_some(), description.is_some(), false),
        _ => return,
    };
    let all = [
        ("json_schema.name", name),
        ("json_schema.description", description),
        ("json_schema.strict", strict),
    ];
    fields.extend(
        all.iter()
            .filter(|(_, said)| *said)
            .map(|(field, _)| *field),
    );
}
