//! Writes messages, of requests.
//!
//! Texts of one message are joined by a blank line, images stand beside them. Images in results
//! follow in a message of the user, since a result has none.

use super::{OWN, Outcome};
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    Call, Extras, Media, MediaKind, MediaSource, Part, PartKind, SearchResult, Thought, ToolResult,
};
use crate::canonical::raw::Raw;
use crate::canonical::request::{Request, Role, Turn};
use crate::canonical::text::Text;
use crate::formats::Target;

/// What a failed call's result begins with, since this format has no flag for it.
const FAILED: &str = "error: ";

/// Writes the messages of one request.
pub(super) struct Messages<'w, 'a> {
    pub(super) request: &'w Request<'a>,
    pub(super) target: &'w Target<'w>,
    pub(super) notes: &'w mut Notes,
    /// Images of results, that wait for the end of the results.
    pub(super) moved: Vec<Text<'w>>,
}

/// What a message consists of.
#[derive(Default)]
struct Said<'w, 'a> {
    texts: Vec<Text<'w>>,
    images: Vec<Text<'w>>,
    thoughts: Vec<Text<'w>>,
    calls: Vec<(&'w Part<'a>, &'w Call<'a>)>,
}

impl<'w, 'a> Messages<'w, 'a> {
    fn own(&self) -> bool {
        self.request.from == OWN
    }

    pub(super) fn write(mut self, out: &mut Out) -> Outcome {
        out.key("messages").open_list();
        let request = self.request;
        for turn in &request.turns {
            if turn.role == Role::Tool {
                self.results(out, turn)?;
            } else {
                self.flush(out);
                self.message(out, turn)?;
            }
        }
        self.flush(out);
        out.close_list();
        Ok(())
    }

    fn message(&mut self, out: &mut Out, turn: &'w Turn<'a>) -> Outcome {
        if turn.name.is_some() {
            self.notes.note("name", turn.origin)?;
        }
        let mut said = Said::default();
        for part in &turn.parts {
            self.part(part, &mut said)?;
        }
        let silent = said.texts.is_empty() && said.images.is_empty() && said.calls.is_empty();
        if silent && !self.own() {
            return Ok(());
        }
        out.open().key("role");
        self.role(out, turn);
        out.key("content").text(&Text::joined(said.texts, "\n\n"));
        if !said.thoughts.is_empty() {
            out.key("thinking")
                .text(&Text::joined(said.thoughts, "\n\n"));
        }
        images(out, &said.images);
        self.calls(out, &said.calls)?;
        self.extras(out, &turn.extras, &["role"]);
        out.close();
        Ok(())
    }

    fn role(&self, out: &mut Out, turn: &Turn<'_>) {
        let spelt = turn.extras.iter().find(|extra| extra.field == "role");
        match (spelt.filter(|_| self.own()), turn.role) {
            (Some(spelt), _) => out.raw(spelt.raw),
            (None, Role::System | Role::Developer) => out.plain("system"),
            (None, Role::User) => out.plain("user"),
            (None, Role::Assistant) => out.plain("assistant"),
            (None, Role::Tool) => out.plain("tool"),
        };
    }

    fn extras(&self, out: &mut Out, extras: &Extras<'_>, not: &[&str]) {
        for extra in extras.iter().filter(|_| self.own()) {
            if !not.iter().any(|not| extra.field.starts_with(not)) {
                out.key(&extra.field).raw(extra.raw);
            }
        }
    }

    fn part(&mut self, part: &'w Part<'a>, said: &mut Said<'w, 'a>) -> Outcome {
        if part.cache.is_some() {
            self.notes.note("cache_control", part.origin)?;
        }
        if !part.citations.is_empty() {
            self.notes.note("citations", part.origin)?;
        }
        match &part.kind {
            PartKind::Text(text) | PartKind::Refusal(text) => {
                if !said.images.is_empty() {
                    self.notes.note("order of text and images", part.origin)?;
                }
                said.texts.push(text.borrowed());
            }
            PartKind::Media(media) => self.media(media, part.origin, said)?,
            PartKind::SearchResult(found) => {
                said.texts.push(self.passage(found, part.origin)?);
            }
            PartKind::Thinking(thought) => said.thoughts.extend(self.thought(thought)),
            PartKind::Call(call) => said.calls.push((part, call)),
            PartKind::Result(_) | PartKind::Other(_) => {
                return Err(self.refuse("content", part.origin));
            }
        }
        Ok(())
    }

    fn refuse(&self, field: &'static str, at: Option<Raw<'_>>) -> FormatError {
        self.notes.refuse(field, at)
    }

    fn media(
        &mut self,
        media: &'w Media<'a>,
        at: Option<Raw<'_>>,
        said: &mut Said<'w, 'a>,
    ) -> Outcome {
        if media.detail.is_some() {
            self.notes.note("detail", at)?;
        }
        if media.citations == Some(true) {
            self.notes.note("citations", at)?;
        }
        match (media.kind, &media.source) {
            (MediaKind::Image, MediaSource::Base64(data)) => said.images.push(data.borrowed()),
            (MediaKind::Image, _) => return Err(self.refuse("image by address or id", at)),
            (MediaKind::Document, MediaSource::Text(text)) => {
                let heading = heading("Document", media.name.as_ref(), media.context.as_ref());
                let whole = Text::joined([heading, text.borrowed()], "\n\n");
                said.texts.push(whole);
            }
            (MediaKind::Document, MediaSource::Parts(parts)) => {
                let heading = heading("Document", media.name.as_ref(), media.context.as_ref());
                said.texts.push(self.with_heading(heading, parts, at)?);
            }
            (MediaKind::Document, _) => return Err(self.refuse("document", at)),
            (MediaKind::Audio, _) => return Err(self.refuse("audio", at)),
            (MediaKind::Video, _) => return Err(self.refuse("video", at)),
        }
        Ok(())
    }

    fn passage(&mut self, found: &SearchResult<'_>, at: Option<Raw<'_>>) -> Outcome<Text<'static>> {
        if found.citations == Some(true) {
            self.notes.note("citations", at)?;
        }
        let heading = heading("Search result", Some(&found.title), Some(&found.source));
        self.with_heading(heading, &found.content, at)
    }

    fn with_heading(
        &self,
        heading: Text<'static>,
        parts: &[Part<'_>],
        at: Option<Raw<'_>>,
    ) -> Outcome<Text<'static>> {
        let mut texts = vec![heading];
        for part in parts {
            match &part.kind {
                PartKind::Text(text) => texts.push(text.clone().into_owned()),
                _ => return Err(self.refuse("document with images", at)),
            }
        }
        Ok(Text::joined(texts, "\n\n"))
    }

    /// The text of a thought that came from here.
    fn thought(&self, thought: &'w Thought<'a>) -> Option<Text<'w>> {
        let provider = self.target.provider;
        let home = match &thought.seal {
            Some(seal) => seal.for_upstream(OWN, provider).is_some(),
            None => self.own(),
        };
        let text = Text::joined(thought.texts.iter().map(Text::borrowed), "\n\n");
        Some(text).filter(|text| home && !text.is_empty())
    }

    fn calls(&self, out: &mut Out, calls: &[(&Part<'_>, &Call<'_>)]) -> Outcome {
        if calls.is_empty() {
            return Ok(());
        }
        out.key("tool_calls").open_list();
        for (part, call) in calls {
            out.open();
            out.maybe_text("id", call.id.as_ref());
            self.extras(out, &part.extras, &["function."]);
            out.key("function").open();
            for extra in part.extras.iter().filter(|_| self.own()) {
                if let Some(key) = extra.field.strip_prefix("function.") {
                    out.key(key).raw(extra.raw);
                }
            }
            out.key("name").text(&call.name).key("arguments");
            let input = call.input.object_json();
            out.json(&input.ok_or_else(|| self.refuse("arguments", part.origin))?);
            out.close().close();
        }
        out.close_list();
        Ok(())
    }

    fn results(&mut self, out: &mut Out, turn: &'w Turn<'a>) -> Outcome {
        for part in &turn.parts {
            let PartKind::Result(result) = &part.kind else {
                continue;
            };
            let mut said = Said::default();
            for part in &result.content {
                self.part(part, &mut said)?;
            }
            out.open().key("role");
            self.role(out, turn);
            out.maybe_text("tool_name", result.name.as_ref());
            out.maybe_text("tool_call_id", result.id.as_ref());
            out.key("content").text(&self.outcome(result, &said));
            if self.own() {
                images(out, &said.images);
            } else {
                self.moved.append(&mut said.images);
            }
            self.extras(out, &turn.extras, &["role"]);
            out.close();
        }
        Ok(())
    }

    fn outcome(&self, result: &ToolResult<'_>, said: &Said<'_, '_>) -> Text<'static> {
        let mut texts: Vec<Text<'_>> = said.texts.iter().map(Text::borrowed).collect();
        if let Some(structured) = result.structured {
            texts.insert(0, Text::plain(structured.get()));
        }
        if texts.is_empty() && !said.images.is_empty() && !self.own() {
            texts.push(Text::plain("See the next message."));
        }
        let whole = Text::joined(texts, "\n\n");
        let told = whole
            .decoded()
            .get(..5)
            .is_some_and(|head| head.eq_ignore_ascii_case("error"));
        if result.failed == Some(true) && !told {
            return Text::joined([Text::plain(FAILED), whole], "");
        }
        whole
    }

    /// Writes the images that were taken out of results.
    fn flush(&mut self, out: &mut Out) {
        if self.moved.is_empty() {
            return;
        }
        out.open().key("role").plain("user");
        out.key("content").plain("The images of the results above.");
        images(out, &std::mem::take(&mut self.moved));
        out.close();
    }
}

fn images(out: &mut Out, images: &[Text<'_>]) {
    if images.is_empty() {
        return;
    }
    out.key("images").open_list();
    for image in images {
        out.text(image);
    }
    out.close_list();
}

fn heading(kind: &str, name: Option<&Text<'_>>, more: Option<&Text<'_>>) -> Text<'static> {
    let name = name.map_or_else(String::new, |name| format!(": {}", name.decoded()));
    let more = more.map_or_else(String::new, |more| format!(" ({})", more.decoded()));
    Text::plain(format!("[{kind}{name}{more}]"))
}
