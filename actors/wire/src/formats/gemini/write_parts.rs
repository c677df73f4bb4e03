//! Writes parts of a `Content`, for upstreams and for clients.

use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    Call, Media, MediaSource, Part, PartKind, SearchResult, Thought, ToolResult, are_text,
};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;

use super::read_parts::{ON_PART_BEFORE, WHOLE_RESPONSE};
use super::words::{OWN, extra, write_inner};
use super::{base64, media};

type Result<T> = std::result::Result<T, FormatError>;

/// Stands for a signature on a call that another model made. Google's guide on thought signatures
/// names it for conversations moved over from other models (read 22 Nov 2026); without it a model
/// from Gemini 3 on refuses the whole request.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// Who the parts are for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reader<'p> {
    /// A client.
    Client,
    /// The upstream of this name.
    Provider(&'p str),
}

/// What writing a part depends on.
pub(super) struct Pen<'p> {
    pub(super) reader: Reader<'p>,
    /// Whether the value was read from this format: then its extras are written back.
    pub(super) own: bool,
    /// Whether the model refuses the first call of a turn without a signature.
    pub(super) needs_signatures: bool,
    /// Whether the model takes `mediaResolution` on a part.
    pub(super) takes_detail: bool,
    pub(super) notes: &'p mut Notes,
}

/// Members of a part that have extras of their own.
const NESTED: [&str; 4] = [
    "functionCall.",
    "functionResponse.",
    "inlineData.",
    "fileData.",
];

impl Pen<'_> {
    fn seal<'s>(&self, seal: Option<&'s Seal<'_>>) -> Option<Text<'s>> {
        match self.reader {
            Reader::Client => seal.map(base64::for_client),
            Reader::Provider(provider) => seal?.for_upstream(OWN, provider),
        }
    }

    /// Writes the parts of one message, each as an element of the open list.
    ///
    /// # Errors
    /// A part that the format cannot hold.
    pub(super) fn parts(&mut self, out: &mut Out, parts: &[&Part<'_>]) -> Result<()> {
        let mut at = 0;
        let mut calls = 0;
        while let Some(part) = parts.get(at) {
            let next = parts.get(at + 1).copied();
            if let (Some(seal), Some(call)) = (self.loose_seal(part), next.and_then(bare_call)) {
                self.call(out, next.unwrap_or(part), call, Some(seal))?;
                (at, calls) = (at + 2, calls + 1);
                continue;
            }
            let behind = next.and_then(seal_of_part_before);
            if let PartKind::Call(call) = &part.kind {
                let seal = self.call_seal(call, calls == 0);
                self.call(out, part, call, seal)?;
                calls += 1;
            } else {
                let seal = self.seal(behind);
                self.part(out, part, seal)?;
            }
            at += 1 + usize::from(behind.is_some());
        }
        Ok(())
    }

    /// The seal of a part that is nothing else, if it is ours and did not stand on another part:
    /// clients of other formats carry a call's seal so.
    fn loose_seal<'s>(&self, part: &'s Part<'_>) -> Option<Text<'s>> {
        match &part.kind {
            PartKind::Thinking(thought) if !self.own && thought.texts.is_empty() => {
                self.seal(thought.seal.as_ref())
            }
            _ => None,
        }
    }

    fn call_seal<'s>(&self, call: &'s Call<'_>, first: bool) -> Option<Text<'s>> {
        let missing = first && self.needs_signatures && !self.own;
        self.seal(call.seal.as_ref())
            .or_else(|| missing.then(|| Text::plain(NO_SIGNATURE)))
    }

    /// One part that is no call.
    fn part(&mut self, out: &mut Out, part: &Part<'_>, seal: Option<Text<'_>>) -> Result<()> {
        match &part.kind {
            PartKind::Text(said) | PartKind::Refusal(said) => {
                out.open().key("text").text(said);
                self.end(out, part, seal);
            }
            PartKind::Thinking(thought) => self.thinking(out, part, thought),
            PartKind::Media(found) => self.media(out, part, found, seal)?,
            PartKind::Result(result) => self.result(out, part, result, seal)?,
            PartKind::SearchResult(found) => {
                out.open().key("text").plain(&passage(found)).close();
            }
            PartKind::Other(raw) if self.own => {
                out.raw(raw);
            }
            PartKind::Other(_) => self.leave_out("part", part)?,
            PartKind::Call(call) => self.call(out, part, call, seal)?,
        }
        Ok(())
    }

    /// A reply was paid for: what cannot be shown is noted. A request is refused.
    fn leave_out(&mut self, field: &'static str, part: &Part<'_>) -> Result<()> {
        match self.reader {
            Reader::Client => self.notes.note(field, part.origin),
            Reader::Provider(_) => Err(self.notes.refuse(field, part.origin)),
        }
    }

    fn end(&self, out: &mut Out, part: &Part<'_>, seal: Option<Text<'_>>) {
        out.maybe_text("thoughtSignature", seal.as_ref());
        for extra in part.extras.iter().filter(|_| self.own) {
            let nested = NESTED.iter().any(|member| extra.field.starts_with(member));
            let mark = extra.field == ON_PART_BEFORE && seal_of_part_before(part).is_some();
            if !nested && !mark {
                out.key(&extra.field).raw(extra.raw);
            }
        }
        out.close();
    }

    fn thinking(&self, out: &mut Out, part: &Part<'_>, thought: &Thought<'_>) {
        let seal = self.seal(thought.seal.as_ref());
        let Some((last, before)) = thought.texts.split_last() else {
            if seal.is_some() {
                out.open().key("text").plain("");
                self.end(out, part, seal);
            }
            return;
        };
        for said in before {
            out.open().key("text").text(said);
            out.key("thought").boolean(true).close();
        }
        out.open().key("text").text(last);
        out.key("thought").boolean(true);
        self.end(out, part, seal);
    }

    fn call(
        &mut self,
        out: &mut Out,
        part: &Part<'_>,
        call: &Call<'_>,
        seal: Option<Text<'_>>,
    ) -> Result<()> {
        let args = call.input.object_json();
        if args.is_none() && matches!(self.reader, Reader::Provider(_)) {
            return Err(self.notes.refuse("input of a custom tool", part.origin));
        }
        out.open().key("functionCall").open();
        out.maybe_text("id", call.id.as_ref());
        out.key("name").text(&call.name).key("args");
        match args {
            Some(args) => out.json(&args),
            None => out.open().key("input").text(&call.input.as_text()).close(),
        };
        if self.own {
            write_inner(out, &part.extras, "functionCall");
        }
        out.close();
        self.end(out, part, seal);
        Ok(())
    }

    fn media(
        &mut self,
        out: &mut Out,
        part: &Part<'_>,
        found: &Media<'_>,
        seal: Option<Text<'_>>,
    ) -> Result<()> {
        match &found.source {
            MediaSource::Text(said) => {
                let said = titled(found, &said.decoded());
                out.open().key("text").plain(&said).close();
                return Ok(());
            }
            MediaSource::Parts(parts) if !are_text(parts) => {
                return Err(self.notes.refuse("document.content", part.origin));
            }
            MediaSource::Parts(parts) => {
                let said = titled(found, &joined(parts));
                out.open().key("text").plain(&said).close();
                return Ok(());
            }
            _ => {}
        }
        if !self.own {
            self.heading(out, found)?;
        }
        out.open();
        let own = self.own.then_some(&part.extras);
        media::write(out, found, own, part.origin, self.notes)?;
        self.detail(out, found)?;
        self.end(out, part, seal);
        Ok(())
    }

    /// What the author says of a document goes before it as text.
    fn heading(&mut self, out: &mut Out, found: &Media<'_>) -> Result<()> {
        if found.context.is_some() {
            let said = titled(found, "");
            out.open().key("text").plain(said.trim_end()).close();
        } else if found.name.is_some() {
            self.notes.note("filename", None)?;
        }
        if found.citations == Some(true) {
            self.notes.note("citations", None)?;
        }
        Ok(())
    }

    fn detail(&mut self, out: &mut Out, found: &Media<'_>) -> Result<()> {
        let Some(detail) = &found.detail else {
            return Ok(());
        };
        let level = match detail.decoded().as_ref() {
            "low" => "LOW",
            "high" => "HIGH",
            "auto" => return Ok(()),
            "original" => "ULTRA_HIGH",
            _ => return self.notes.note("detail", None),
        };
        if !self.takes_detail && !self.own {
            return self.notes.note("detail", None);
        }
        let level = format!("MEDIA_RESOLUTION_{level}");
        out.key("mediaResolution").open();
        out.key("level").plain(&level).close();
        Ok(())
    }

    fn result(
        &mut self,
        out: &mut Out,
        part: &Part<'_>,
        result: &ToolResult<'_>,
        seal: Option<Text<'_>>,
    ) -> Result<()> {
        let name = result.name.as_ref();
        let name = name.ok_or_else(|| FormatError::missing("name"))?;
        out.open().key("functionResponse").open();
        out.maybe_text("id", result.id.as_ref());
        out.key("name").text(name).key("response");
        match extra(&part.extras, WHOLE_RESPONSE).filter(|_| self.own) {
            Some(raw) => _ = out.raw(raw),
            None => write_response(out, result),
        }
        self.result_media(out, result)?;
        if self.own {
            write_result_extras(out, part);
        }
        out.close();
        self.end(out, part, seal);
        Ok(())
    }

    fn result_media(&mut self, out: &mut Out, result: &ToolResult<'_>) -> Result<()> {
        let pictures = result.content.iter().filter(|part| !is_text(part));
        let pictures: Vec<_> = pictures.collect();
        if pictures.is_empty() {
            return Ok(());
        }
        out.key("parts").open_list();
        for part in pictures {
            self.part(out, part, None)?;
        }
        out.close_list();
        Ok(())
    }
}

fn write_result_extras(out: &mut Out, part: &Part<'_>) {
    for extra in part
        .extras
        .iter()
        .filter(|extra| extra.field != WHOLE_RESPONSE)
    {
        if let Some(name) = extra.field.strip_prefix("functionResponse.") {
            out.key(name).raw(extra.raw);
        }
    }
}

/// `{"output": ..}` or `{"error": ..}`, which is how Google's guide names the two.
fn write_response(out: &mut Out, result: &ToolResult<'_>) {
    let failed = result.failed == Some(true);
    let said = joined(&result.content);
    out.open().key(if failed { "error" } else { "output" });
    match result.structured {
        Some(raw) if said.is_empty() => out.raw(raw),
        Some(raw) => out.raw(raw).key("text").plain(&said),
        None => out.plain(&said),
    };
    out.close();
}

fn is_text(part: &Part<'_>) -> bool {
    are_text(std::slice::from_ref(part))
}

/// All that is text, with a blank line between the parts.
fn joined(parts: &[Part<'_>]) -> String {
    let texts = parts.iter().filter_map(|part| match &part.kind {
        PartKind::Text(said) | PartKind::Refusal(said) => Some(said.decoded().into_owned()),
        PartKind::SearchResult(found) => Some(passage(found)),
        PartKind::Media(media) => match &media.source {
            MediaSource::Text(said) => Some(titled(media, &said.decoded())),
            MediaSource::Parts(parts) => Some(titled(media, &joined(parts))),
            _ => None,
        },
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

/// A document's text under its title and what its author says of it.
fn titled(media: &Media<'_>, said: &str) -> String {
    let heads = [media.name.as_ref(), media.context.as_ref()];
    let mut lines: Vec<_> = heads.into_iter().flatten().map(Text::decoded).collect();
    lines.push(said.into());
    lines.join("\n\n")
}

fn passage(found: &SearchResult<'_>) -> String {
    let (title, source) = (found.title.decoded(), found.source.decoded());
    format!("{title}\n{source}\n\n{}", joined(&found.content))
}

/// Whether a part leaves anything for this reader.
pub(super) fn says_something(pen: &Pen<'_>, part: &Part<'_>) -> bool {
    match &part.kind {
        PartKind::Thinking(thought) => {
            !thought.texts.is_empty() || pen.seal(thought.seal.as_ref()).is_some()
        }
        _ => true,
    }
}

/// The call of a part, if it has no seal.
fn bare_call<'s, 'a>(part: &'s Part<'a>) -> Option<&'s Call<'a>> {
    match &part.kind {
        PartKind::Call(call) if call.seal.is_none() => Some(call),
        _ => None,
    }
}

/// The seal that was read from the part before.
fn seal_of_part_before<'s, 'a>(part: &'s Part<'a>) -> Option<&'s Seal<'a>> {
    match &part.kind {
        PartKind::Thinking(thought) => {
            extra(&part.extras, ON_PART_BEFORE)?;
            thought.seal.as_ref()
        }
        _ => None,
    }
}
