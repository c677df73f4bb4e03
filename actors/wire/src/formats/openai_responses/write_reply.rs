//! A whole reply, written; the events that carry the whole response use the same object.
//!
//! Owns the fields that the SDK's types need and no other format has: they get the API's defaults,
//! since what the client asked for is not known here.

use super::counts::write_counts;
use super::ids;
use super::tiers::tier_word;
use super::write_items::{Aim, ItemWriter};
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Extra, Part, PartKind};
use crate::canonical::reply::{Counts, Reply, Stop, StopReason};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::Asked;

type Result<T> = std::result::Result<T, FormatError>;

/// Fields in the order of the API, with what they say if nobody said otherwise.
const DEFAULTS: [(&str, &str); 19] = [
    ("background", "false"),
    ("instructions", "null"),
    ("max_output_tokens", "null"),
    ("max_tool_calls", "null"),
    ("parallel_tool_calls", "true"),
    ("previous_response_id", "null"),
    ("prompt_cache_key", "null"),
    ("reasoning", r#"{"effort":null,"summary":null}"#),
    ("safety_identifier", "null"),
    ("store", "false"),
    ("temperature", "null"),
    ("text", r#"{"format":{"type":"text"}}"#),
    ("tool_choice", r#""auto""#),
    ("tools", "[]"),
    ("top_logprobs", "0"),
    ("top_p", "null"),
    ("truncation", r#""disabled""#),
    ("user", "null"),
    ("metadata", "{}"),
];

/// The SDK's type of `tool_usage` needs counts of images too.
const NO_IMAGES: &str = r#"{"input_tokens":0,"input_tokens_details":{"image_tokens":0,"text_tokens":0},"output_tokens":0,"total_tokens":0}"#;

/// What is known of a response as a whole.
#[derive(Debug)]
pub(super) struct Head<'h> {
    pub(super) id: &'h str,
    pub(super) model: &'h Text<'h>,
    pub(super) created: u64,
    /// Unix seconds, once it is complete.
    pub(super) completed: Option<u64>,
    pub(super) status: &'h str,
    pub(super) stop: Option<&'h Stop<'h>>,
    pub(super) tier: Option<&'h Text<'h>>,
    pub(super) usage: Option<&'h Counts>,
}

/// # Errors
/// Only where the operator is strict.
pub(super) fn write_reply(reply: &Reply<'_>, asked: &Asked, notes: &mut Notes) -> Result<Vec<u8>> {
    let own = reply.from == Some(ApiFormat::OpenAiResponses);
    let id = response_id(reply.id.as_ref(), asked);
    let asked_model = Text::plain(asked.model.as_str());
    let stop = reply.choices.first().map(|choice| &choice.stop);
    let status = stop.map_or("completed", |stop| status(stop.reason));
    let tier = reply.tier.as_ref().and_then(|tier| known_tier(tier, own));
    let head = Head {
        id: &id,
        model: reply.model.as_ref().unwrap_or(&asked_model),
        created: reply.created.unwrap_or(asked.now),
        completed: (status == "completed").then_some(asked.now),
        status,
        stop,
        tier: tier.as_ref(),
        usage: reply.usage.as_ref(),
    };
    let extras: &[Extra<'_>] = if own { &reply.extras } else { &[] };
    let mut out = Out::default();
    out.open();
    head.write(&mut out, extras);
    out.key("output").open_list();
    let seed = ids::derived("", id.strip_prefix("resp_").unwrap_or(&id));
    let mut items = ItemWriter {
        out: &mut out,
        notes,
        own,
        aim: Aim::Client {
            seed: &seed,
            cut: status == "incomplete",
        },
        count: 0,
        answers: false,
    };
    for choice in &reply.choices {
        items.said(&choice.parts, &choice.logprobs)?;
        let said = |part: &Part<'_>| matches!(part.kind, PartKind::Refusal(_));
        if choice.stop.reason == StopReason::Refusal && !choice.parts.iter().any(said) {
            let words = Part::new(PartKind::Refusal(refusal(&choice.stop)));
            items.said(&[words], &[])?;
        }
    }
    if !own {
        note_rest(reply, items.notes)?;
    }
    out.close_list().close();
    Ok(out.into_bytes())
}

/// The tier that was used, if the API has a word for it; the SDK reads no other.
pub(super) fn known_tier(tier: &Text<'_>, own: bool) -> Option<Text<'static>> {
    if own {
        return Some(tier.clone().into_owned());
    }
    tier_word(&tier.decoded()).map(Text::plain)
}

/// What is said of a refusal where its own words are no part of the answer.
pub(super) fn refusal(stop: &Stop<'_>) -> Text<'static> {
    let words = stop.details.as_ref().map(|text| text.clone().into_owned());
    words.unwrap_or(Text::Plain("The model refused to answer.".into()))
}

/// What the API has no place for.
fn note_rest(reply: &Reply<'_>, notes: &mut Notes) -> Result<()> {
    for stop in reply.choices.iter().map(|choice| &choice.stop) {
        if stop.sequence.is_some() {
            notes.note("stop_sequence", None)?;
        }
        let told = matches!(stop.reason, StopReason::Refusal | StopReason::Failed);
        if stop.details.is_some() && !told {
            notes.note("stop_details", None)?;
        }
    }
    let tier = reply.tier.as_ref();
    if tier.is_some_and(|tier| known_tier(tier, false).is_none()) {
        notes.note("service_tier", None)?;
    }
    Ok(())
}

/// The response's id: the upstream's, marked as one of this API.
pub(super) fn response_id(id: Option<&Text<'_>>, asked: &Asked) -> String {
    match id {
        Some(id) => ids::derived("resp_", &id.decoded()),
        None => ids::derived("resp_", &asked.request_id),
    }
}

/// The word for why it ended.
pub(super) fn status(reason: StopReason) -> &'static str {
    match reason {
        StopReason::End
        | StopReason::Sequence
        | StopReason::ToolCalls
        | StopReason::Pause
        | StopReason::Refusal => "completed",
        StopReason::OutputLimit | StopReason::ContextFull | StopReason::Filtered => "incomplete",
        StopReason::Malformed | StopReason::Failed => "failed",
    }
}

impl Head<'_> {
    /// All members of the response but `output`.
    pub(super) fn write(&self, out: &mut Out, extras: &[Extra<'_>]) {
        out.key("id").plain(self.id);
        out.key("object").plain("response");
        self.write_known(out, extras);
        for (field, default) in DEFAULTS {
            match given(extras, field) {
                Some(extra) => out.key(field).raw(extra.raw),
                None => out.key(field).json(default),
            };
        }
        let known = |extra: &&Extra<'_>| {
            DEFAULTS.iter().any(|(field, _)| extra.field == *field) || is_written(&extra.field)
        };
        for extra in extras.iter().filter(|extra| !known(extra)) {
            out.key(&extra.field).raw(extra.raw);
        }
    }

    fn write_known(&self, out: &mut Out, extras: &[Extra<'_>]) {
        let mut member = |field: &'static str, write: &dyn Fn(&mut Out)| {
            out.key(field);
            match given(extras, field) {
                Some(extra) => {
                    out.raw(extra.raw);
                }
                None => write(out),
            }
        };
        member("created_at", &|out| {
            out.number(self.created);
        });
        member("status", &|out| {
            out.plain(self.status);
        });
        member("completed_at", &|out| {
            match self.completed {
                Some(time) => out.number(time),
                None => out.null(),
            };
        });
        member("error", &|out| self.write_error(out));
        member("incomplete_details", &|out| self.write_details(out));
        member("usage", &|out| match self.usage {
            Some(counts) => write_counts(out, counts),
            None => {
                out.null();
            }
        });
        out.key("model").text(self.model);
        out.maybe_text("service_tier", self.tier);
        let searches = self.usage.and_then(|counts| counts.searches);
        let own = given(extras, "tool_usage").is_some();
        if let Some(searches) = searches.filter(|count| *count > 0 && !own) {
            out.key("tool_usage").open();
            out.key("image_gen").json(NO_IMAGES);
            out.key("web_search").open();
            out.key("num_requests").number(searches).close().close();
        }
    }

    fn write_error(&self, out: &mut Out) {
        let Some(stop) = self.stop.filter(|_| self.status == "failed") else {
            out.null();
            return;
        };
        let fallback = Text::plain("The model failed to generate a response.");
        out.open().key("code").plain("server_error");
        out.key("message")
            .text(stop.details.as_ref().unwrap_or(&fallback))
            .close();
    }

    fn write_details(&self, out: &mut Out) {
        let Some(stop) = self.stop.filter(|_| self.status == "incomplete") else {
            out.null();
            return;
        };
        let reason = match stop.reason {
            StopReason::Filtered => "content_filter",
            _ => "max_output_tokens",
        };
        out.open().key("reason").plain(reason).close();
    }
}

fn given<'e, 'a>(extras: &'e [Extra<'a>], field: &str) -> Option<&'e Extra<'a>> {
    extras.iter().find(|extra| extra.field == field)
}

fn is_written(field: &str) -> bool {
    matches!(
        field,
        "created_at" | "status" | "completed_at" | "error" | "incomplete_details" | "usage"
    )
}
