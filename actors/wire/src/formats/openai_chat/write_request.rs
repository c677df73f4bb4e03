//! Writes a request.

use super::node;
use super::write_message::Messages;
use super::{OWN, Outcome, write_tools};
use crate::canonical::effort::Effort;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw};
use crate::canonical::request::{Request, Role, ThinkingMode};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::Target;

/// Longest `safety_identifier` that OpenAI takes, in bytes. Clients of Anthropic's API send longer
/// ones.
const LONGEST_USER: usize = 64;

/// Extras of the request that stand inside an object which is written by itself, or are written
/// at a place of their own.
const ELSEWHERE: [&str; 9] = [
    "audio.",
    "tool_choice.",
    "response_format.",
    "thinking.",
    "reasoning.",
    "extra_body.",
    "stream",
    "functions",
    "function_call",
];

pub(super) fn write(
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Outcome<Vec<u8>> {
    refuse_prefill(request, notes)?;
    let mut out = Out::default();
    let mut writer = Writer {
        own: request.from == OWN,
        request,
        target,
        notes,
    };
    out.open().key("model").plain(target.model);
    Messages::new(request, target, writer.notes).write(&mut out)?;
    write_tools::write(&mut out, request, writer.notes)?;
    writer.shape(&mut out)?;
    writer.thinking(&mut out)?;
    writer.sampling(&mut out)?;
    writer.caching(&mut out)?;
    writer.about(&mut out)?;
    writer.streaming(&mut out);
    writer.extras(&mut out);
    out.close();
    Ok(out.into_bytes())
}

/// Only some formats go on with what the assistant began.
fn refuse_prefill(request: &Request<'_>, notes: &Notes) -> Outcome {
    let last = request.turns.last().filter(|_| request.from != OWN);
    match last {
        Some(turn) if turn.role == Role::Assistant => {
            Err(notes.refuse("prefill of the answer", turn.origin))
        }
        _ => Ok(()),
    }
}

struct Writer<'w, 'a> {
    /// Whether the client spoke this format too.
    own: bool,
    request: &'w Request<'a>,
    target: &'w Target<'w>,
    notes: &'w mut Notes,
}

impl Writer<'_, '_> {
    fn kept(&self, field: &str) -> Option<Raw<'_>> {
        node::find(&self.request.extras, field).filter(|_| self.own)
    }

    fn shape(&mut self, out: &mut Out) -> Outcome {
        let request = self.request;
        self.limit(out);
        out.maybe_raw("n", request.candidates);
        if let Some(shape) = &request.output {
            write_tools::output(out, shape, &request.extras, self.own, self.notes)?;
        }
        self.modalities(out)?;
        self.audio(out);
        out.maybe_text("verbosity", request.verbosity.as_ref());
        if self.kept("stop").is_none() && !request.stop.is_empty() {
            texts(out.key("stop"), &request.stop);
        }
        if let Some(logprobs) = &request.logprobs {
            out.key("logprobs").boolean(logprobs.wanted);
            out.maybe_raw("top_logprobs", logprobs.top);
        }
        out.maybe_raw("logit_bias", request.logit_bias);
        Ok(())
    }

    /// A client that used the older name has an upstream that knows it.
    fn limit(&self, out: &mut Out) {
        let older = self.kept("max_tokens");
        let limit = self.request.max_output;
        let same = |older: Raw<'_>| limit.is_some_and(|limit| std::ptr::eq(limit, older));
        if !older.is_some_and(same) {
            out.maybe_raw("max_completion_tokens", limit);
        }
    }

    fn modalities(&mut self, out: &mut Out) -> Outcome {
        let wanted = &self.request.modalities;
        let foreign = |kind: &&Text<'_>| !kind.is("text") && !kind.is("audio");
        if !self.own && wanted.iter().any(|kind| foreign(&kind)) {
            return Err(self.notes.refuse("modalities", None));
        }
        if !wanted.is_empty() {
            texts(out.key("modalities"), wanted);
        }
        Ok(())
    }

    fn audio(&self, out: &mut Out) {
        let Some(voice) = &self.request.voice else {
            return;
        };
        out.key("audio").open();
        out.maybe_text("voice", voice.voice.as_ref());
        let coding = if self.request.stream { "pcm16" } else { "wav" };
        let coding = Text::plain(coding);
        let default = (!self.own).then_some(&coding);
        out.maybe_text("format", voice.coding.as_ref().or(default));
        if self.own {
            node::write_inner(out, &self.request.extras, "audio.");
        }
        out.close();
    }

    fn thinking(&mut self, out: &mut Out) -> Outcome {
        if self.own {
            return Ok(());
        }
        let asked = &self.request.thinking;
        let summary = asked.summary.as_ref();
        if summary.is_some_and(|summary| !summary.is("none")) {
            self.notes.note("reasoning.summary", None)?;
        }
        let effort = match (asked.mode, asked.effort, asked.budget.and_then(raw::count)) {
            (Some(ThinkingMode::Off), _, _) => Some(Effort::None),
            // Words above this one are of other APIs.
            (_, Some(effort), _) => Some(effort.min(Effort::XHigh)),
            (_, None, Some(budget)) => Some(Effort::of_budget(budget).min(Effort::XHigh)),
            (Some(_), None, None) => Some(Effort::Medium),
            (None, None, None) => None,
        };
        if let Some(effort) = effort {
            out.key("reasoning_effort").plain(effort.word());
        }
        Ok(())
    }

    fn sampling(&mut self, out: &mut Out) -> Outcome {
        let asked = &self.request.sampling;
        let fields = [
            ("temperature", asked.temperature),
            ("top_p", asked.top_p),
            ("presence_penalty", asked.presence_penalty),
            ("frequency_penalty", asked.frequency_penalty),
            ("top_k", asked.top_k),
            ("seed", asked.seed),
        ];
        for (field, value) in fields {
            let Some(value) = value else { continue };
            let taken = match field {
                "seed" => true,
                // Not OpenAI's, but of many who imitate it.
                "top_k" => self.own && self.target.takes_sampling,
                _ => self.target.takes_sampling,
            };
            if taken {
                out.key(field).raw(value);
            } else {
                self.notes.note(field, Some(value))?;
            }
        }
        Ok(())
    }

    fn caching(&mut self, out: &mut Out) -> Outcome {
        out.maybe_text("prompt_cache_key", self.request.cache_key.as_ref());
        // OpenAI caches by itself; only the time to live is lost.
        if self
            .request
            .cache
            .as_ref()
            .is_some_and(|mark| mark.ttl.is_some())
        {
            self.notes.note("cache_control.ttl", None)?;
        }
        if self.request.from == ApiFormat::OpenAiResponses {
            let shared = ["prompt_cache_options", "prompt_cache_retention"];
            self.take(out, &shared);
        }
        Ok(())
    }

    /// Writes extras of the sister format that mean the same here.
    fn take(&self, out: &mut Out, fields: &[&str]) {
        for extra in &self.request.extras {
            if fields.contains(&extra.field.as_ref()) {
                out.key(&extra.field).raw(extra.raw);
                extra.used.set(true);
            }
        }
    }

    fn about(&mut self, out: &mut Out) -> Outcome {
        let request = self.request;
        if let Some(metadata) = request.metadata {
            self.metadata(out, metadata)?;
        }
        if let Some(user) = request.user.as_ref().filter(|_| !self.own) {
            if user.decoded().len() <= LONGEST_USER {
                out.key("safety_identifier").text(user);
            } else {
                self.notes.note("user", None)?;
            }
        }
        match request.tier.as_ref().map(|tier| (tier, self.tier(tier))) {
            Some((_, Some(tier))) => {
                out.key("service_tier").text(&tier);
            }
            Some((_, None)) => self.notes.note("service_tier", None)?,
            None => {}
        }
        Ok(())
    }

    /// Metadata belong to a stored completion: without `store` OpenAI refuses the request (issue
    /// 1484 of `tmc/langchaingo`, 16 Mar 2026).
    fn metadata(&mut self, out: &mut Out, metadata: Raw<'_>) -> Outcome {
        let stored = node::find(&self.request.extras, "store");
        if self.own || stored.is_some_and(|store| store.get() == "true") {
            out.key("metadata").raw(metadata);
            if !self.own {
                self.take(out, &["store"]);
            }
            return Ok(());
        }
        self.notes.note("metadata", Some(metadata))
    }

    /// OpenAI's word for a tier, if it has one.
    fn tier<'t>(&self, tier: &'t Text<'_>) -> Option<Text<'t>> {
        if self.own || self.request.from == ApiFormat::OpenAiResponses {
            return Some(tier.borrowed());
        }
        match tier.decoded().as_ref() {
            "auto" | "default" | "flex" | "priority" => Some(tier.borrowed()),
            "standard" | "standard_only" => Some(Text::plain("default")),
            _ => None,
        }
    }

    fn streaming(&self, out: &mut Out) {
        let said = self.kept("stream");
        if self.request.stream || said.is_some() {
            out.key("stream").boolean(self.request.stream);
        }
        let options = self.kept("stream_options");
        let wanted = self.target.wants_usage && self.request.stream;
        match (options, wanted) {
            (Some(options), false) => {
                out.key("stream_options").raw(options);
            }
            (Some(options), true) => with_usage(out, options),
            (None, true) => {
                out.key("stream_options").open();
                out.key("include_usage").boolean(true).close();
            }
            (None, false) => {}
        }
    }

    fn extras(&self, out: &mut Out) {
        if !self.own {
            return;
        }
        let covered = |field: &str| {
            ELSEWHERE
                .iter()
                .any(|start| field == *start || (start.ends_with('.') && field.starts_with(start)))
        };
        for extra in &self.request.extras {
            if !covered(&extra.field) && extra.field != "stream_options" {
                out.key(&extra.field).raw(extra.raw);
            }
        }
    }
}

fn with_usage(out: &mut Out, options: Raw<'_>) {
    out.key("stream_options").open();
    let walked = raw::each_member(options, |key, value| {
        if key != "include_usage" {
            out.key(key).raw(value);
        }
        Ok(())
    });
    debug_assert!(walked.is_ok() || raw::kind(options) != raw::Kind::Object);
    out.key("include_usage").boolean(true).close();
}

fn texts(out: &mut Out, all: &[Text<'_>]) {
    out.open_list();
    for text in all {
        out.text(text);
    }
    out.close_list();
}
