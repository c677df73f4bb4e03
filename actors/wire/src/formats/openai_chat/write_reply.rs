//! Writes a whole reply.

use super::node;
use super::read_reply::kept;
use super::thinking::{self, Spelt};
use super::write_message::write_call_body;
use super::write_parts::image_url;
use super::{OWN, Outcome, stops, usage};
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    Call, Citation, Media, MediaKind, MediaSource, Part, PartKind, Thought,
};
use crate::canonical::reply::{Choice, Reply, StopReason, TokenLogprob};
use crate::canonical::text::Text;
use crate::formats::Asked;

/// Extras of the reply and of a choice that are written at places of their own.
const ELSEWHERE: [&str; 3] = ["usage", "created", "object"];
const OF_CHOICE: [&str; 3] = ["message.", "logprobs.", "finish_reason"];
const OF_CALL: [&str; 3] = ["function.", "custom.", "function_call"];

pub(super) fn write(reply: &Reply<'_>, asked: &Asked, notes: &mut Notes) -> Outcome<Vec<u8>> {
    let own = reply.from == Some(OWN);
    let mut out = Out::default();
    head(&mut out, reply, asked, own);
    out.key("choices").open_list();
    for choice in &reply.choices {
        Writer { own, notes }.choice(&mut out, choice)?;
    }
    out.close_list();
    match (kept(&reply.extras, "usage", own), &reply.usage) {
        (Some(spelt), _) => {
            out.key("usage").raw(spelt);
        }
        (None, Some(counts)) => usage::write(out.key("usage"), counts),
        (None, None) => {}
    }
    out.maybe_text("service_tier", reply.tier.as_ref());
    if own {
        let not = ["usage.", ELSEWHERE[0], ELSEWHERE[1], ELSEWHERE[2]];
        node::write_outer(&mut out, &reply.extras, &not);
    }
    out.close();
    Ok(out.into_bytes())
}

fn head(out: &mut Out, reply: &Reply<'_>, asked: &Asked, own: bool) {
    out.open().key("id");
    match &reply.id {
        Some(id) => out.text(id),
        None => out.plain(&format!("chatcmpl-{}", asked.request_id)),
    };
    match kept(&reply.extras, "object", own) {
        Some(object) => out.key("object").raw(object),
        None => out.key("object").plain("chat.completion"),
    };
    match kept(&reply.extras, "created", own) {
        Some(created) => out.key("created").raw(created),
        None => out
            .key("created")
            .number(reply.created.unwrap_or(asked.now)),
    };
    let asked = Text::plain(asked.model.as_str());
    out.key("model")
        .text(reply.model.as_ref().unwrap_or(&asked));
}

struct Writer<'w> {
    own: bool,
    notes: &'w mut Notes,
}

/// The parts of a message by what becomes of them.
#[derive(Default)]
struct Said<'p, 'a> {
    texts: Vec<&'p Part<'a>>,
    thoughts: Vec<&'p Thought<'a>>,
    refusals: Vec<Text<'p>>,
    calls: Vec<(&'p Part<'a>, &'p Call<'a>)>,
    images: Vec<&'p Media<'a>>,
    audio: Option<(&'p Part<'a>, &'p Media<'a>)>,
}

impl Writer<'_> {
    fn choice(&mut self, out: &mut Out, choice: &Choice<'_>) -> Outcome {
        out.open().key("index").number(choice.index);
        self.message(out, choice)?;
        self.logprobs(out, choice);
        out.key("finish_reason");
        match kept(&choice.extras, "finish_reason", self.own) {
            Some(spelt) => out.raw(spelt),
            // An answer that broke off is an error of the provider, not an answer.
            None => out.plain(stops::word(choice.stop.reason).ok_or_else(broken)?),
        };
        if self.own {
            node::write_outer(out, &choice.extras, &OF_CHOICE);
        }
        out.close();
        Ok(())
    }

    fn message(&mut self, out: &mut Out, choice: &Choice<'_>) -> Outcome {
        let said = self.said(&choice.parts)?;
        out.key("message").open();
        match kept(&choice.extras, "message.role", self.own) {
            Some(role) => out.key("role").raw(role),
            None => out.key("role").plain("assistant"),
        };
        content(out, &said);
        self.refusal(out, choice, &said);
        self.annotations(out, &said)?;
        self.thoughts(out, choice, &said);
        self.calls(out, &said);
        self.media(out, &said);
        if self.own {
            for extra in &choice.extras {
                let name = extra.field.strip_prefix("message.");
                if let Some(name) = name.filter(|name| *name != "role") {
                    out.key(name).raw(extra.raw);
                }
            }
        }
        out.close();
        Ok(())
    }

    fn said<'p, 'a>(&mut self, parts: &'p [Part<'a>]) -> Outcome<Said<'p, 'a>> {
        let mut said = Said::default();
        for part in parts {
            match &part.kind {
                PartKind::Text(_) => said.texts.push(part),
                PartKind::Thinking(thought) => said.thoughts.push(thought),
                PartKind::Refusal(text) => said.refusals.push(text.borrowed()),
                PartKind::Call(call) => said.calls.push((part, call)),
                PartKind::Media(media) if media.kind == MediaKind::Image => {
                    said.images.push(media);
                }
                PartKind::Media(media) if media.kind == MediaKind::Audio => {
                    said.audio = Some((part, media));
                }
                _ => self.notes.note("content", part.origin)?,
            }
        }
        Ok(said)
    }

    /// A refusal that is only a reason to stop has its explanation in the details.
    fn refusal(&self, out: &mut Out, choice: &Choice<'_>, said: &Said<'_, '_>) {
        let details = choice.stop.details.as_ref();
        let details = details.filter(|_| choice.stop.reason == StopReason::Refusal);
        if !said.refusals.is_empty() {
            let whole = Text::joined(said.refusals.iter().map(Text::borrowed), "\n\n");
            out.key("refusal").text(&whole);
        } else if let Some(details) = details {
            out.key("refusal").text(details);
        } else {
            out.key("refusal").null();
        }
    }

    fn annotations(&mut self, out: &mut Out, said: &Said<'_, '_>) -> Outcome {
        let all = said.texts.iter().flat_map(|part| &part.citations);
        let (mut all, own) = (all.peekable(), self.own);
        if all.peek().is_none() {
            return Ok(());
        }
        if !own && !all.any(|citation| citation.url.is_some()) {
            return self.notes.note("citations", None);
        }
        out.key("annotations").open_list();
        let mut before = 0;
        for part in &said.texts {
            let length = length(part);
            for citation in &part.citations {
                let whole = (before, before + length);
                let shifted = citation
                    .span
                    .map(|(start, end)| (before + start, before + end));
                self.citation(out, citation, shifted.unwrap_or(whole))?;
            }
            before += length;
        }
        out.close_list();
        Ok(())
    }

    fn citation(&mut self, out: &mut Out, citation: &Citation<'_>, span: (u64, u64)) -> Outcome {
        match citation.origin.filter(|_| self.own) {
            Some(origin) => {
                out.raw(origin);
            }
            None if citation.url.is_some() => url_citation(out, citation, span),
            None => self.notes.note("citations", citation.origin)?,
        }
        Ok(())
    }

    fn thoughts(&self, out: &mut Out, choice: &Choice<'_>, said: &Said<'_, '_>) {
        if said.thoughts.is_empty() {
            return;
        }
        let spelt = |name| kept(&choice.extras, name, self.own).is_some();
        if !spelt("message.reasoning") && !spelt("message.reasoning_content") {
            self.plain(out, &said.thoughts);
        }
        let sealed = said.thoughts.iter().filter(|thought| is_detail(thought));
        let sealed: Vec<_> = sealed.collect();
        if sealed.is_empty() {
            return;
        }
        out.key("reasoning_details").open_list();
        for (index, thought) in sealed.into_iter().enumerate() {
            detail(out, thought, index as u64);
        }
        out.close_list();
    }

    fn plain(&self, out: &mut Out, thoughts: &[&Thought<'_>]) {
        let texts = thoughts.iter().flat_map(|thought| &thought.texts);
        let texts: Vec<_> = texts.map(Text::borrowed).collect();
        if texts.is_empty() {
            return;
        }
        let dialect = thoughts.iter().find_map(|thought| own_spelling(thought));
        let name = match dialect {
            Some(Spelt::Member(name)) => name,
            _ => "reasoning_content".to_owned(),
        };
        out.key(&name).text(&Text::joined(texts, "\n\n"));
    }

    fn calls(&self, out: &mut Out, said: &Said<'_, '_>) {
        if let [(part, _)] = said.calls.as_slice()
            && let Some(call) = kept(&part.extras, "function_call", self.own)
        {
            out.key("function_call").raw(call);
            return;
        }
        if said.calls.is_empty() {
            return;
        }
        out.key("tool_calls").open_list();
        for (part, call) in &said.calls {
            out.open();
            out.maybe_text("id", call.id.as_ref());
            write_call_body(out, part, call, self.own);
            if let Some(seal) = &call.seal {
                thinking::write_call_seal(out, seal);
            }
            if self.own {
                node::write_outer(out, &part.extras, &OF_CALL);
            }
            out.close();
        }
        out.close_list();
    }

    fn media(&mut self, out: &mut Out, said: &Said<'_, '_>) {
        if !said.images.is_empty() {
            out.key("images").open_list();
            said.images.iter().for_each(|media| image(out, media));
            out.close_list();
        }
        let Some((part, media)) = said.audio else {
            return;
        };
        if let MediaSource::Base64(data) = &media.source {
            out.key("audio").open();
            if self.own {
                node::write_inner(out, &part.extras, "audio.");
            } else {
                out.key("id").plain("audio").key("expires_at").number(0);
                out.key("transcript").plain("");
            }
            out.key("data").text(data).close();
        }
    }

    fn logprobs(&self, out: &mut Out, choice: &Choice<'_>) {
        out.key("logprobs");
        let refused = self.own && node::find(&choice.extras, "logprobs.refusal").is_some();
        if choice.logprobs.is_empty() && !refused {
            out.null();
            return;
        }
        out.open().key("content");
        tokens(out, &choice.logprobs);
        if self.own {
            node::write_inner(out, &choice.extras, "logprobs.");
        }
        if !refused {
            out.key("refusal").null();
        }
        out.close();
    }
}

fn broken() -> FormatError {
    FormatError::missing("a whole answer")
}

/// `null` beside calls and the like, an empty string if there is nothing at all.
fn content(out: &mut Out, said: &Said<'_, '_>) {
    out.key("content");
    let other = !said.calls.is_empty() || !said.refusals.is_empty() || said.audio.is_some();
    if said.texts.is_empty() && other {
        out.null();
        return;
    }
    let texts = said.texts.iter().filter_map(|part| match &part.kind {
        PartKind::Text(text) => Some(text.borrowed()),
        _ => None,
    });
    out.text(&Text::joined(texts, ""));
}

fn length(part: &Part<'_>) -> u64 {
    match &part.kind {
        PartKind::Text(text) => text.decoded().chars().count() as u64,
        _ => 0,
    }
}

pub(super) fn url_citation(out: &mut Out, citation: &Citation<'_>, (start, end): (u64, u64)) {
    let unnamed = Text::plain("");
    out.open().key("type").plain("url_citation");
    out.key("url_citation").open();
    out.key("start_index").number(start);
    out.key("end_index").number(end);
    out.key("title")
        .text(citation.title.as_ref().unwrap_or(&unnamed));
    out.maybe_text("url", citation.url.as_ref());
    out.close().close();
}

fn own_spelling(thought: &Thought<'_>) -> Option<Spelt> {
    let seal = thought.seal.as_ref().filter(|seal| seal.format == OWN)?;
    Spelt::of(&seal.value)
}

/// Whether a thought stands in `reasoning_details`.
fn is_detail(thought: &Thought<'_>) -> bool {
    match &thought.seal {
        Some(seal) if seal.format == OWN => {
            matches!(own_spelling(thought), Some(Spelt::Detail(_)))
        }
        seal => seal.is_some(),
    }
}

fn detail(out: &mut Out, thought: &Thought<'_>, index: u64) {
    match own_spelling(thought) {
        Some(Spelt::Detail(skeleton)) => {
            thinking::write_own_detail(out, &skeleton, &thinking::text_of(thought));
        }
        _ => thinking::write_foreign_detail(out, thought, index),
    }
}

fn image(out: &mut Out, media: &Media<'_>) {
    let Some(url) = image_url(media) else { return };
    out.open().key("type").plain("image_url");
    out.key("image_url").open().key("url").text(&url);
    out.close().close();
}

pub(super) fn tokens(out: &mut Out, all: &[TokenLogprob<'_>]) {
    out.open_list();
    for token in all {
        out.open();
        token_body(out, token);
        out.key("top_logprobs").open_list();
        for other in &token.top {
            out.open();
            token_body(out, other);
            out.close();
        }
        out.close_list().close();
    }
    out.close_list();
}

fn token_body(out: &mut Out, token: &TokenLogprob<'_>) {
    out.key("token").text(&token.token);
    out.key("logprob").raw(token.logprob);
    match token.bytes {
        Some(bytes) => out.key("bytes").raw(bytes),
        None => out.key("bytes").null(),
    };
}
