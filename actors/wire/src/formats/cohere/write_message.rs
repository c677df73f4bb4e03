//! Turns of a conversation as messages.

use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    Call, CallInput, Extras, Media, MediaKind, MediaSource, Part, PartKind, ToolResult,
};
use crate::canonical::raw::Raw;
use crate::canonical::request::{Role, Turn};
use crate::canonical::text::Text;

use super::documents::{is_document, joined, said, write_data};
use super::read_message::RESULT_DOCUMENT;
use super::side::{DOCUMENTS, LIST, PLAN, extra};

type Result<T> = std::result::Result<T, FormatError>;

/// What writing a message depends on.
pub(super) struct Pen<'p> {
    /// Whether the value was read from this format: then its extras are written back.
    pub(super) own: bool,
    /// A reply was paid for: what it cannot say is noted, while a request is refused.
    pub(super) reply: bool,
    pub(super) notes: &'p mut Notes,
}

impl Pen<'_> {
    /// Writes one message; `moved` are images of results before it.
    ///
    /// # Errors
    /// A part that the format cannot hold.
    pub(super) fn turn(
        &mut self,
        out: &mut Out,
        turn: &Turn<'_>,
        moved: &[&Part<'_>],
    ) -> Result<()> {
        if turn.role == Role::Tool {
            return turn.parts.iter().try_for_each(|part| match &part.kind {
                PartKind::Result(result) => self.result(out, result, turn),
                _ => Err(self.notes.refuse("part", part.origin)),
            });
        }
        let parts: Vec<&Part<'_>> = moved.iter().copied().chain(&turn.parts).collect();
        out.open().key("role").plain(role(turn.role));
        if turn.role == Role::Assistant {
            self.assistant(out, &parts, &turn.extras)?;
        } else {
            let shown = shown(&parts, self.own);
            self.content(out, &shown, &turn.extras)?;
        }
        self.extras(out, &turn.extras, "");
        out.close();
        Ok(())
    }

    /// The members of an assistant's message: content, plan, calls, citations.
    ///
    /// # Errors
    /// A part that the format cannot hold.
    pub(super) fn assistant(
        &mut self,
        out: &mut Out,
        parts: &[&Part<'_>],
        extras: &Extras<'_>,
    ) -> Result<()> {
        let calls: Vec<&&Part<'_>> = parts.iter().filter(|part| is_call(part)).collect();
        let planned = |part: &&Part<'_>| match self.own {
            true => extra(&part.extras, PLAN).is_some(),
            false => !calls.is_empty() && matches!(part.kind, PartKind::Text(_)),
        };
        let plans: Vec<&Part<'_>> = parts.iter().copied().filter(planned).collect();
        let content: Vec<&Part<'_>> = parts
            .iter()
            .copied()
            .filter(|part| !planned(part) && !is_call(part) && !is_sealed(part))
            .collect();
        if !content.is_empty() || (self.own && extra(extras, LIST).is_some()) {
            self.content(out, &content, extras)?;
        }
        match plans.as_slice() {
            [] => {}
            [only] => {
                if let PartKind::Text(text) = &only.kind {
                    out.key("tool_plan").text(text);
                }
            }
            several => {
                let texts = several.iter().map(|part| said(part));
                let whole = texts.collect::<Vec<_>>().join("\n\n");
                out.key("tool_plan").plain(&whole);
            }
        }
        if !calls.is_empty() {
            out.key("tool_calls").open_list();
            for part in calls {
                self.call(out, part)?;
            }
            out.close_list();
        }
        if self.own {
            write_origins(out, parts);
        }
        Ok(())
    }

    /// A single text is a string, unless it was a list before.
    fn content(&mut self, out: &mut Out, parts: &[&Part<'_>], extras: &Extras<'_>) -> Result<()> {
        let list = self.reply || (self.own && extra(extras, LIST).is_some());
        out.key("content");
        if let ([only], false) = (parts, list)
            && let PartKind::Text(text) | PartKind::Refusal(text) = &only.kind
        {
            out.text(text);
            return Ok(());
        }
        out.open_list();
        for part in parts {
            self.part(out, part)?;
        }
        out.close_list();
        Ok(())
    }

    fn part(&mut self, out: &mut Out, part: &Part<'_>) -> Result<()> {
        match &part.kind {
            PartKind::Text(text) | PartKind::Refusal(text) => {
                out.open().key("type").plain("text");
                out.key("text").text(text);
            }
            PartKind::Thinking(thought) => {
                let texts = thought.texts.iter().map(Text::borrowed);
                out.open().key("type").plain("thinking");
                out.key("thinking").text(&Text::joined(texts, "\n\n"));
            }
            PartKind::Media(media) if media.kind == MediaKind::Image => {
                return self.image(out, part, media);
            }
            _ if is_document(part) => {
                out.open().key("type").plain("text");
                out.key("text").plain(&said(part));
            }
            PartKind::Other(raw) if self.own => {
                out.raw(raw);
                return Ok(());
            }
            _ => return self.leave_out(name_of(part), part.origin),
        }
        self.extras(out, &part.extras, "image_url.");
        out.close();
        Ok(())
    }

    fn image(&mut self, out: &mut Out, part: &Part<'_>, media: &Media<'_>) -> Result<()> {
        let url = match &media.source {
            MediaSource::Base64(data) => {
                let mime = media.mime.clone().unwrap_or(Text::plain("image/png"));
                let pieces = [
                    Text::plain("data:"),
                    mime,
                    Text::plain(";base64,"),
                    data.borrowed(),
                ];
                Text::joined(pieces, "")
            }
            MediaSource::Url(url) => url.borrowed(),
            _ => return self.leave_out("file_id", part.origin),
        };
        out.open().key("type").plain("image_url");
        out.key("image_url").open().key("url").text(&url);
        out.maybe_text("detail", media.detail.as_ref());
        for extra in part.extras.iter().filter(|_| self.own) {
            if let Some(name) = extra.field.strip_prefix("image_url.") {
                out.key(name).raw(extra.raw);
            }
        }
        out.close();
        self.extras(out, &part.extras, "image_url.");
        out.close();
        Ok(())
    }

    fn leave_out(&mut self, field: &'static str, at: Option<Raw<'_>>) -> Result<()> {
        if self.reply {
            self.notes.note(field, at)
        } else {
            Err(self.notes.refuse(field, at))
        }
    }

    fn call(&mut self, out: &mut Out, part: &Part<'_>) -> Result<()> {
        let PartKind::Call(call) = &part.kind else {
            return Ok(());
        };
        if matches!(call.input, CallInput::Free(_)) && !self.reply {
            return Err(self.notes.refuse("input of a custom tool", part.origin));
        }
        out.open();
        out.maybe_text("id", call.id.as_ref());
        if !self.own {
            out.key("type").plain("function");
        }
        self.extras(out, &part.extras, "function.");
        out.key("function").open();
        write_function(out, call);
        for extra in part.extras.iter().filter(|_| self.own) {
            if let Some(name) = extra.field.strip_prefix("function.") {
                out.key(name).raw(extra.raw);
            }
        }
        out.close().close();
        Ok(())
    }

    fn result(&mut self, out: &mut Out, result: &ToolResult<'_>, turn: &Turn<'_>) -> Result<()> {
        out.open().key("role").plain("tool");
        out.maybe_text("tool_call_id", result.id.as_ref());
        let content: Vec<&Part<'_>> = result
            .content
            .iter()
            .filter(|part| self.own || !is_picture(part))
            .collect();
        let texts = content
            .iter()
            .all(|part| matches!(part.kind, PartKind::Text(_)));
        if self.own {
            self.own_result(out, &content, turn)?;
        } else if let (true, None, [only]) = (texts, result.structured, content.as_slice()) {
            out.key("content").plain(&marked(result, &said(only)));
        } else if texts {
            let said = result.structured.map(|raw| raw.get().to_owned());
            let said = said.into_iter().chain(Some(joined(&result.content)));
            let said: Vec<_> = said.filter(|said| !said.is_empty()).collect();
            out.key("content")
                .plain(&marked(result, &said.join("\n\n")));
        } else {
            self.mixed_result(out, result, &content)?;
        }
        self.extras(out, &turn.extras, "");
        out.close();
        Ok(())
    }

    fn own_result(&mut self, out: &mut Out, content: &[&Part<'_>], turn: &Turn<'_>) -> Result<()> {
        let list = extra(&turn.extras, LIST).is_some();
        if let ([only], false) = (content, list)
            && let PartKind::Text(text) = &only.kind
        {
            out.key("content").text(text);
            return Ok(());
        }
        if content.is_empty() && !list {
            return Ok(());
        }
        out.key("content").open_list();
        for part in content {
            match extra(&part.extras, RESULT_DOCUMENT) {
                Some(raw) => {
                    out.open().key("type").plain("document");
                    out.key("document").raw(raw);
                    self.extras(out, &part.extras, RESULT_DOCUMENT);
                    out.close();
                }
                None => self.part(out, part)?,
            }
        }
        out.close_list();
        Ok(())
    }

    fn mixed_result(
        &mut self,
        out: &mut Out,
        result: &ToolResult<'_>,
        content: &[&Part<'_>],
    ) -> Result<()> {
        out.key("content").open_list();
        if let Some(raw) = result.structured {
            out.open().key("type").plain("text");
            out.key("text").plain(&marked(result, raw.get())).close();
        }
        for part in content {
            if is_document(part) {
                out.open().key("type").plain("document");
                out.key("document").open().key("data");
                write_data(out, part);
                out.close().close();
            } else if let PartKind::Text(_) = part.kind {
                out.open().key("type").plain("text");
                out.key("text").plain(&marked(result, &said(part))).close();
            } else {
                self.leave_out(name_of(part), part.origin)?;
            }
        }
        out.close_list();
        Ok(())
    }

    /// Writes back what stood beside the known members.
    fn extras(&self, out: &mut Out, extras: &Extras<'_>, nested: &str) {
        for extra in extras.iter().filter(|_| self.own) {
            let inside = !nested.is_empty() && extra.field.starts_with(nested);
            let mark = [LIST, PLAN, DOCUMENTS].contains(&extra.field.as_ref());
            if !inside && !mark {
                out.key(&extra.field).raw(extra.raw);
            }
        }
    }
}

/// Citations as they were read: each stands once, though it may have several sources.
fn write_origins(out: &mut Out, parts: &[&Part<'_>]) {
    let mut origins: Vec<Raw<'_>> = Vec::new();
    let citations = parts.iter().flat_map(|part| &part.citations);
    for origin in citations.filter_map(|citation| citation.origin) {
        if !origins.iter().any(|known| std::ptr::eq(*known, origin)) {
            origins.push(origin);
        }
    }
    if origins.is_empty() {
        return;
    }
    out.key("citations").open_list();
    for origin in origins {
        out.raw(origin);
    }
    out.close_list();
}

/// What a part that cannot be said is called in an error.
fn name_of(part: &Part<'_>) -> &'static str {
    match &part.kind {
        PartKind::Media(media) => match media.kind {
            MediaKind::Image => "image",
            MediaKind::Document => "document",
            MediaKind::Audio => "audio",
            MediaKind::Video => "video",
        },
        _ => "part",
    }
}

/// A result that failed says so in its text, for there is no field.
fn marked(result: &ToolResult<'_>, said: &str) -> String {
    match result.failed {
        Some(true) if !said.starts_with("error:") => format!("error: {said}"),
        _ => said.to_owned(),
    }
}

fn write_function(out: &mut Out, call: &Call<'_>) {
    out.key("name").text(&call.name);
    out.key("arguments").text(&call.input.as_text());
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System | Role::Developer => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    }
}

fn is_call(part: &Part<'_>) -> bool {
    matches!(part.kind, PartKind::Call(_))
}

/// Thinking of which nothing can be shown.
fn is_sealed(part: &Part<'_>) -> bool {
    matches!(&part.kind, PartKind::Thinking(thought) if thought.texts.is_empty())
}

/// Whether a part of a result is an image, which only a user's message can hold.
pub(super) fn is_picture(part: &Part<'_>) -> bool {
    matches!(&part.kind, PartKind::Media(media) if media.kind == MediaKind::Image)
}

/// The parts that stay in the message: documents go to the request, unless nothing were left.
fn shown<'r, 'a>(parts: &[&'r Part<'a>], own: bool) -> Vec<&'r Part<'a>> {
    let elsewhere = |part: &&&'r Part<'a>| match own {
        true => extra(&part.extras, DOCUMENTS).is_some(),
        false => is_document(part),
    };
    let shown: Vec<_> = parts
        .iter()
        .filter(|part| !elsewhere(part))
        .copied()
        .collect();
    if shown.is_empty() {
        parts.to_vec()
    } else {
        shown
    }
}

/// The documents of a message that go to the request.
pub(super) fn moved_documents<'r, 'a>(turn: &'r Turn<'a>) -> Vec<&'r Part<'a>> {
    let found: Vec<_> = turn.parts.iter().filter(|part| is_document(part)).collect();
    let all = found.len() == turn.parts.len();
    if all || turn.role == Role::Assistant {
        Vec::new()
    } else {
        found
    }
}
