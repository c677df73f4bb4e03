//! Reads a whole reply.

use super::read_message::Message;
use super::{OWN, Outcome, clock};
use crate::canonical::error::FormatError;
use crate::canonical::logprobs::tokens;
use crate::canonical::parts::{Extra, PartKind, Weight};
use crate::canonical::raw::{self, Raw};
use crate::canonical::reply::{Choice, Counts, Reply, Stop, StopReason};
use crate::canonical::text::Text;

/// What a document says that ends a reply, whole or as the last line of a stream.
#[derive(Default)]
pub(super) struct Last<'a> {
    pub(super) reason: Option<Text<'a>>,
    input: Option<u64>,
    output: Option<u64>,
}

impl<'a> Last<'a> {
    /// Whether the member belongs here.
    pub(super) fn member(&mut self, key: &str, value: Raw<'a>) -> Outcome<bool> {
        match key {
            "done_reason" => self.reason = raw::maybe_text(value)?,
            "prompt_eval_count" => self.input = raw::count(value),
            "eval_count" => self.output = raw::count(value),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Thinking is counted with the text.
    pub(super) fn counts(&self) -> Option<Counts> {
        let known = self.input.is_some() || self.output.is_some();
        known.then(|| Counts {
            input_fresh: self.input,
            output_text: self.output,
            ..Counts::default()
        })
    }

    /// A reply with calls ends with `stop` too.
    pub(super) fn stop(&self, calls: bool) -> StopReason {
        let word = self.reason.as_ref().map(Text::decoded);
        match word.as_deref() {
            Some("length") => StopReason::OutputLimit,
            Some("error") => StopReason::Failed,
            _ if calls => StopReason::ToolCalls,
            _ => StopReason::End,
        }
    }
}

pub(super) fn read<'a>(body: Raw<'a>, provider: &'a str) -> Outcome<Reply<'a>> {
    let mut reply = Reply {
        from: Some(OWN),
        ..Reply::default()
    };
    let mut choice = Choice::default();
    let mut message = None;
    let mut last = Last::default();
    raw::each_member(body, |key, value| {
        let extra = Extra::new(key.to_owned(), value, Weight::Nothing);
        match key {
            _ if raw::is_null(value) => {}
            "model" => reply.model = Some(raw::text(value)?),
            "message" => message = Some(value),
            "created_at" => {
                reply.created = clock::seconds(&raw::text(value)?.decoded());
                reply.extras.push(extra);
            }
            "logprobs" => choice.logprobs = tokens(value)?,
            // Times that the server took.
            "done"
            | "total_duration"
            | "load_duration"
            | "prompt_eval_duration"
            | "eval_duration" => reply.extras.push(extra),
            "remote_model" | "remote_host" => {
                reply
                    .extras
                    .push(Extra::new(key.to_owned(), value, Weight::Hint));
            }
            _ if last.member(key, value)? => reply.extras.extend(spelt(key, extra)),
            _ => {
                let extra = Extra::new(key.to_owned(), value, Weight::Unknown);
                reply.extras.push(extra);
            }
        }
        Ok(())
    })?;
    let message = message.ok_or_else(|| FormatError::missing_in("message", body))?;
    said(message, &mut choice, provider)?;
    let calls = choice
        .parts
        .iter()
        .any(|part| matches!(part.kind, PartKind::Call(_)));
    choice.stop = Stop::of(last.stop(calls));
    reply.usage = last.counts();
    reply.choices.push(choice);
    Ok(reply)
}

/// `load` and `unload` have no place among the reasons, `stop` and `length` have.
fn spelt<'a>(key: &str, extra: Extra<'a>) -> Option<Extra<'a>> {
    let told = matches!(extra.raw.get(), "\"stop\"" | "\"length\"");
    let weight = match is_known(extra.raw) {
        true => Weight::Nothing,
        false => Weight::Hint,
    };
    let spelt = Extra::new("done_reason", extra.raw, weight);
    (key == "done_reason" && !told).then_some(spelt)
}

/// Whether the documents name this reason; others count as the end.
pub(super) fn is_known(reason: Raw<'_>) -> bool {
    const REASONS: [&str; 4] = ["\"stop\"", "\"length\"", "\"load\"", "\"unload\""];
    REASONS.contains(&reason.get())
}

fn said<'a>(value: Raw<'a>, choice: &mut Choice<'a>, provider: &'a str) -> Outcome {
    let mut message = Message::read(value)?;
    choice.parts = message.parts(Some(provider))?;
    let role = message
        .role
        .map(|raw| Extra::new("role", raw, Weight::Nothing));
    for extra in role.into_iter().chain(std::mem::take(&mut message.extras)) {
        let field = format!("message.{}", extra.field);
        choice
            .extras
            .push(Extra::new(field, extra.raw, extra.weight));
    }
    Ok(())
}
