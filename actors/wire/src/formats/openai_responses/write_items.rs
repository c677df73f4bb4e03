//! Items of input and output, written: what the model said, thought and called.
//!
//! Owns where an item begins and ends, and which of its fields each side needs: an upstream takes
//! items without ids, a client's SDK wants them all. Read next: `write_parts`.

use super::ids;
use super::read_items::{ITEM, MESSAGE, OF_MESSAGE, RAW_THOUGHT, SHORT};
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    Call, CallInput, Extra, MediaKind, MediaSource, Part, PartKind, Thought, ToolResult,
};
use crate::canonical::reply::TokenLogprob;
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;
use crate::format::ApiFormat;

type Result<T> = std::result::Result<T, FormatError>;

const FORMAT: ApiFormat = ApiFormat::OpenAiResponses;

/// Whom items are written for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Aim<'p> {
    Upstream {
        provider: &'p str,
    },
    Client {
        /// What ids that we make follow from.
        seed: &'p str,
        /// Whether the reply was cut short.
        cut: bool,
    },
}

/// See the module's text.
#[derive(Debug)]
pub(super) struct ItemWriter<'w> {
    pub(super) out: &'w mut Out,
    pub(super) notes: &'w mut Notes,
    /// Whether what is written was read from this format.
    pub(super) own: bool,
    pub(super) aim: Aim<'w>,
    /// How many items were written.
    pub(super) count: u32,
    /// Whether the model's own words are being written.
    pub(super) answers: bool,
}

impl ItemWriter<'_> {
    /// Writes what the model said as items; `logprobs` are those of its first text.
    pub(super) fn said(&mut self, parts: &[Part<'_>], logprobs: &[TokenLogprob<'_>]) -> Result<()> {
        self.answers = true;
        let mut rest = parts;
        let mut logprobs = logprobs;
        while let Some((first, later)) = rest.split_first() {
            let length = 1 + self.further_content(first, later);
            let (item, later) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            if self.is_content(first) {
                self.message(item, logprobs, later.is_empty())?;
                logprobs = &[];
            } else {
                self.single(first)?;
            }
            rest = later;
        }
        self.answers = false;
        Ok(())
    }

    /// How many parts after the first belong to the same message item.
    fn further_content(&self, first: &Part<'_>, later: &[Part<'_>]) -> usize {
        if !self.is_content(first) {
            return 0;
        }
        let goes_on = |part: &&Part<'_>| self.is_content(part) && !has(part, MESSAGE);
        later.iter().take_while(goes_on).count()
    }

    fn is_content(&self, part: &Part<'_>) -> bool {
        match &part.kind {
            PartKind::Text(_) | PartKind::Refusal(_) | PartKind::SearchResult(_) => true,
            PartKind::Media(_) => !matches!(self.aim, Aim::Client { .. }) || self.own,
            PartKind::Other(_) => self.own && !has(part, ITEM),
            PartKind::Call(_) | PartKind::Result(_) | PartKind::Thinking(_) => false,
        }
    }

    fn message(
        &mut self,
        parts: &[Part<'_>],
        logprobs: &[TokenLogprob<'_>],
        last: bool,
    ) -> Result<()> {
        let id = self.next_id("msg_");
        self.out.open();
        match (self.own, self.aim, parts.first()) {
            (true, _, Some(first)) => write_extras(self.out, &first.extras, OF_MESSAGE),
            (_, Aim::Client { cut, .. }, _) => {
                let status = if cut && last {
                    "incomplete"
                } else {
                    "completed"
                };
                self.out.key("id").plain(&id).key("type").plain("message");
                self.out.key("status").plain(status);
            }
            _ => {
                self.out.key("type").plain("message");
            }
        }
        self.out.key("role").plain("assistant").key("content");
        match self.short_form(parts) {
            Some(text) => {
                self.out.text(text);
            }
            None => self.list(parts, logprobs)?,
        }
        self.out.close();
        Ok(())
    }

    fn list(&mut self, parts: &[Part<'_>], logprobs: &[TokenLogprob<'_>]) -> Result<()> {
        self.out.open_list();
        for (number, part) in parts.iter().enumerate() {
            let logprobs = if number == 0 { logprobs } else { &[] };
            self.answer_part(part, logprobs)?;
        }
        self.out.close_list();
        Ok(())
    }

    /// The text, where a string says all.
    fn short_form<'p>(&self, parts: &'p [Part<'_>]) -> Option<&'p Text<'p>> {
        let [part] = parts else { return None };
        let PartKind::Text(text) = &part.kind else {
            return None;
        };
        let short = match (self.own, self.aim) {
            (true, _) => has(part, SHORT),
            (false, Aim::Upstream { .. }) => part.citations.is_empty(),
            (false, Aim::Client { .. }) => false,
        };
        short.then_some(text)
    }

    /// A part that is an item of its own.
    pub(super) fn single(&mut self, part: &Part<'_>) -> Result<()> {
        match &part.kind {
            PartKind::Call(call) => self.call(part, call),
            PartKind::Thinking(thought) => {
                self.thought(part, thought);
                Ok(())
            }
            PartKind::Result(result) => self.result(part, result),
            PartKind::Media(media) => match (&media.kind, &media.source) {
                (MediaKind::Image, MediaSource::Base64(data)) => {
                    self.made_image(media.mime.as_ref(), data);
                    Ok(())
                }
                _ => self.notes.note("content", part.origin),
            },
            PartKind::Other(raw) if self.own => {
                self.out.raw(raw);
                Ok(())
            }
            _ => self.foreign(part),
        }
    }

    /// A part that only another format has.
    fn foreign(&mut self, part: &Part<'_>) -> Result<()> {
        match self.aim {
            Aim::Upstream { .. } => Err(self.notes.refuse("content", part.origin)),
            Aim::Client { .. } => self.notes.note("content", part.origin),
        }
    }

    fn call(&mut self, part: &Part<'_>, call: &Call<'_>) -> Result<()> {
        let custom = matches!(call.input, CallInput::Free(_));
        let (kind, prefix, input) = if custom {
            ("custom_tool_call", "ctc_", "input")
        } else {
            ("function_call", "fc_", "arguments")
        };
        let call_id = call.id.as_ref().map(|id| id.decoded());
        let call_id = self.call_id(call_id.as_deref().unwrap_or_default());
        self.out.open().key("type").plain(kind);
        self.head(part, prefix, &call_id);
        if call.id.is_some() {
            self.out.key("call_id").plain(&call_id);
        }
        self.out.key("name").text(&call.name).key(input);
        match &call.input {
            CallInput::Spelt(text) if text.is_empty() && !self.own => self.out.plain("{}"),
            input => self.out.text(&input.as_text()),
        };
        self.out.close();
        self.seal_of_call(call, &call_id);
        Ok(())
    }

    fn call_id(&self, id: &str) -> String {
        if self.own {
            id.to_owned()
        } else {
            ids::of_call(id)
        }
    }

    /// Id and status of an item, or whatever it had.
    fn head(&mut self, part: &Part<'_>, prefix: &str, seed: &str) {
        self.count += 1;
        if self.own {
            write_extras(self.out, &part.extras, "");
        } else if let Aim::Client { .. } = self.aim {
            let id = ids::derived(prefix, seed);
            self.out.key("id").plain(&id);
            self.out.key("status").plain("completed");
        }
    }

    /// What the call's provider sealed travels in an item of its own right behind the call; the
    /// request's reader puts it back.
    fn seal_of_call(&mut self, call: &Call<'_>, call_id: &str) {
        let (Aim::Client { .. }, Some(seal)) = (self.aim, &call.seal) else {
            return;
        };
        self.count += 1;
        self.out.open().key("type").plain("reasoning");
        self.out.key("id").plain(&ids::derived("rs_", call_id));
        self.out.key("summary").open_list().close_list();
        let sealed = seal.for_client(FORMAT);
        self.out.key("encrypted_content").text(&sealed).close();
    }

    fn thought(&mut self, part: &Part<'_>, thought: &Thought<'_>) {
        let Some(sealed) = self.sealed(thought.seal.as_ref()) else {
            return;
        };
        let made = self.next_id("rs_");
        self.out.open().key("type").plain("reasoning");
        match (&thought.id, self.aim) {
            (Some(id), _) if self.own => {
                self.out.key("id").text(id);
            }
            (_, Aim::Client { .. }) => {
                self.out.key("id").plain(&made);
            }
            _ => {}
        }
        if self.own {
            write_extras(self.out, &part.extras, "");
        }
        self.thought_texts(part, thought);
        self.out
            .maybe_text("encrypted_content", sealed.as_ref())
            .close();
    }

    /// What stands under `encrypted_content`; no item at all if it belongs elsewhere, or if an
    /// upstream could not know the thought by anything else.
    fn sealed<'s>(&self, seal: Option<&'s Seal<'_>>) -> Option<Option<Text<'s>>> {
        match (self.aim, seal) {
            (Aim::Upstream { provider }, Some(seal)) => {
                seal.for_upstream(FORMAT, provider).map(Some)
            }
            (Aim::Upstream { .. }, None) => self.own.then_some(None),
            (Aim::Client { .. }, seal) => Some(seal.map(|seal| seal.for_client(FORMAT))),
        }
    }

    fn thought_texts(&mut self, part: &Part<'_>, thought: &Thought<'_>) {
        let raw = self.own && has(part, RAW_THOUGHT);
        let (field, kind) = if raw {
            ("content", "reasoning_text")
        } else {
            ("summary", "summary_text")
        };
        self.out.key(field).open_list();
        for text in &thought.texts {
            self.summary(kind, text);
        }
        // An empty text says that the thought was left out by the model's provider and not
        // redacted: the two have different fields in other formats.
        if thought.texts.is_empty() && thought.seal.is_some() && !thought.redacted && !self.own {
            self.summary(kind, &Text::plain(""));
        }
        self.out.close_list();
    }

    fn summary(&mut self, kind: &str, text: &Text<'_>) {
        self.out.open().key("type").plain(kind);
        self.out.key("text").text(text).close();
    }

    fn made_image(&mut self, mime: Option<&Text<'_>>, data: &Text<'_>) {
        let id = self.next_id("ig_");
        self.out.open().key("id").plain(&id);
        self.out.key("type").plain("image_generation_call");
        self.out.key("status").plain("completed");
        if let Some(mime) = mime {
            let mime = mime.decoded();
            let coding = mime.strip_prefix("image/").unwrap_or(&mime);
            self.out.key("output_format").plain(coding);
        }
        self.out.key("result").text(data).close();
    }

    fn result(&mut self, part: &Part<'_>, result: &ToolResult<'_>) -> Result<()> {
        let kind = if result.custom {
            "custom_tool_call_output"
        } else {
            "function_call_output"
        };
        self.out.open().key("type").plain(kind);
        if let Some(id) = &result.id {
            let id = self.call_id(&id.decoded());
            self.out.key("call_id").plain(&id);
        }
        if self.own {
            write_extras(self.out, &part.extras, "");
        }
        match (result.failed, self.own) {
            (Some(true), _) => self.out.key("status").plain("incomplete"),
            (Some(false), true) => self.out.key("status").plain("completed"),
            _ => &mut *self.out,
        };
        self.out.key("output");
        self.output(part, result)?;
        self.out.close();
        Ok(())
    }

    fn output(&mut self, part: &Part<'_>, result: &ToolResult<'_>) -> Result<()> {
        match (&result.content[..], result.structured) {
            ([], Some(json)) => {
                self.out.plain(json.get());
                return Ok(());
            }
            ([single], None) => {
                if let PartKind::Text(text) = &single.kind {
                    let short = has(part, SHORT) || !self.own && single.cache.is_none();
                    if short {
                        self.out.text(text);
                        return Ok(());
                    }
                }
            }
            _ => {}
        }
        self.out.open_list();
        if let Some(json) = result.structured {
            self.input_text(&Text::plain(json.get()));
        }
        for inner in &result.content {
            self.input_part(inner)?;
        }
        self.out.close_list();
        Ok(())
    }

    /// An id for the next item.
    fn next_id(&mut self, prefix: &str) -> String {
        self.count += 1;
        match self.aim {
            Aim::Client { seed, .. } => ids::derived(prefix, &format!("{seed}_{}", self.count)),
            Aim::Upstream { .. } => String::new(),
        }
    }
}

/// Whether a part has this marker.
pub(super) fn has(part: &Part<'_>, marker: &str) -> bool {
    part.extras.iter().any(|extra| extra.field == marker)
}

/// Writes back what the reader did not know, if its name starts with `prefix`.
pub(super) fn write_extras(out: &mut Out, extras: &[Extra<'_>], prefix: &str) {
    for extra in extras {
        let field: &str = &extra.field;
        let marker = field.starts_with('(');
        let elsewhere = prefix.is_empty() && field.starts_with(OF_MESSAGE);
        if let (Some(name), false) = (field.strip_prefix(prefix), marker || elsewhere) {
            out.key(name).raw(extra.raw);
        }
    }
}
