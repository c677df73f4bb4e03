//! Parts of messages and results, written.
//!
//! Owns what has no part of its own here and becomes text: search results and documents of text.

use super::media::{file_name, image_mime, write_data};
use super::read_citation::write_citation;
use super::read_items::{OF_MESSAGE, SHORT};
use super::write_items::{Aim, ItemWriter, write_extras};
use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    CacheMark, Citation, Extra, Media, MediaKind, MediaSource, Part, PartKind, SearchResult,
};
use crate::canonical::reply::TokenLogprob;
use crate::canonical::text::Text;

type Result<T> = std::result::Result<T, FormatError>;

impl ItemWriter<'_> {
    /// The content of a message of somebody else than the model.
    pub(super) fn content(&mut self, parts: &[Part<'_>], short: bool) -> Result<()> {
        if let ([part], true) = (parts, short || !self.own)
            && let PartKind::Text(text) = &part.kind
            && part.cache.is_none()
        {
            self.out.text(text);
            return Ok(());
        }
        self.out.open_list();
        for part in parts {
            self.input_part(part)?;
        }
        self.out.close_list();
        Ok(())
    }

    /// A part of a message of the user's or of a result.
    pub(super) fn input_part(&mut self, part: &Part<'_>) -> Result<()> {
        match &part.kind {
            PartKind::Text(text) => {
                self.out.open();
                self.kind_of(part, "input_text");
                self.out.key("text").text(text);
                self.tail(part)
            }
            PartKind::Refusal(text) => {
                self.out.open();
                self.kind_of(part, "refusal");
                self.out.key("refusal").text(text);
                self.tail(part)
            }
            PartKind::Media(media) => self.media(part, media),
            PartKind::SearchResult(found) => self.search_result(part, found),
            PartKind::Other(raw) if self.own => {
                self.out.raw(raw);
                Ok(())
            }
            _ => Err(self.notes.refuse("content", part.origin)),
        }
    }

    /// A part of an answer.
    pub(super) fn answer_part(
        &mut self,
        part: &Part<'_>,
        logprobs: &[TokenLogprob<'_>],
    ) -> Result<()> {
        let PartKind::Text(text) = &part.kind else {
            return match &part.kind {
                PartKind::Media(_) if !self.own => Err(self.notes.refuse("content", part.origin)),
                _ => self.input_part(part),
            };
        };
        self.out.open();
        self.kind_of(part, "output_text");
        self.out.key("text").text(text);
        self.annotations(part, text)?;
        let raw = part.extras.iter().any(|extra| extra.field == "logprobs");
        if !(self.own && raw) && matches!(self.aim, Aim::Client { .. }) {
            self.out.key("logprobs");
            write_logprobs(self.out, logprobs, true);
        }
        self.tail(part)
    }

    fn annotations(&mut self, part: &Part<'_>, text: &Text<'_>) -> Result<()> {
        let said = part.extras.iter().any(|extra| extra.field == "annotations");
        if part.citations.is_empty() && (said || self.own) {
            return Ok(());
        }
        let length = text.decoded().chars().count() as u64;
        self.out.key("annotations").open_list();
        for citation in &part.citations {
            if !write_citation(self.out, citation, self.own, length) {
                self.notes.note("citations", citation.origin)?;
            } else if !self.own {
                self.note_rest_of(citation)?;
            }
        }
        self.out.close_list();
        Ok(())
    }

    /// What an annotation does not say of its source.
    fn note_rest_of(&mut self, citation: &Citation<'_>) -> Result<()> {
        let named = citation.url.is_some() || citation.id.is_some() || citation.title.is_some();
        let left_out = [
            ("citations.cited_text", citation.quoted.is_some()),
            ("citations.location", citation.place.is_some()),
            (
                "citations.document_index",
                citation.document.is_some() && named,
            ),
        ];
        for (field, _) in left_out.into_iter().filter(|(_, left_out)| *left_out) {
            self.notes.note(field, citation.origin)?;
        }
        Ok(())
    }

    fn kind_of(&mut self, part: &Part<'_>, usual: &str) {
        self.out.key("type");
        match part.extras.iter().find(|extra| extra.field == "type") {
            Some(kind) if self.own => self.out.raw(kind.raw),
            _ => self.out.plain(usual),
        };
    }

    /// Cache mark and what else the part had; the end of its object.
    fn tail(&mut self, part: &Part<'_>) -> Result<()> {
        match &part.cache {
            Some(mark) if self.takes_mark(part) => write_cache_mark(self.out, mark),
            Some(_) => self.notes.note("cache_control", part.origin)?,
            None => {}
        }
        if self.own {
            let plain = |extra: &&Extra<'_>| {
                let name: &str = &extra.field;
                name != "type" && name != SHORT && !name.starts_with(OF_MESSAGE)
            };
            for extra in part.extras.iter().filter(plain) {
                write_extras(self.out, std::slice::from_ref(extra), "");
            }
        }
        self.out.close();
        Ok(())
    }

    /// Only parts of input have a mark.
    fn takes_mark(&self, part: &Part<'_>) -> bool {
        self.own || matches!(part.kind, PartKind::Text(_) | PartKind::Media(_)) && !self.answers
    }

    /// A text that is no part of the conversation by itself.
    pub(super) fn input_text(&mut self, text: &Text<'_>) {
        self.out.open().key("type").plain("input_text");
        self.out.key("text").text(text).close();
    }

    fn media(&mut self, part: &Part<'_>, media: &Media<'_>) -> Result<()> {
        match media.kind {
            MediaKind::Image => self.image(part, media),
            MediaKind::Document => self.document(part, media),
            MediaKind::Audio => Err(self.notes.refuse("input_audio", part.origin)),
            MediaKind::Video => Err(self.notes.refuse("video", part.origin)),
        }
    }

    fn image(&mut self, part: &Part<'_>, media: &Media<'_>) -> Result<()> {
        self.out.open();
        self.kind_of(part, "input_image");
        match &media.source {
            MediaSource::Base64(data) => {
                let told = image_mime(data);
                self.out.key("image_url");
                write_data(self.out, media.mime.as_ref().unwrap_or(&told), data);
            }
            MediaSource::Url(address) if self.own || is_web(address) => {
                self.out.key("image_url").text(address);
            }
            MediaSource::FileId(id) => {
                self.out.key("file_id").text(id);
            }
            _ => return Err(self.notes.refuse("image_url", part.origin)),
        }
        match &media.detail {
            Some(detail) => self.out.key("detail").text(detail),
            None if self.own => &mut *self.out,
            None => self.out.key("detail").plain("auto"),
        };
        self.tail(part)
    }

    fn document(&mut self, part: &Part<'_>, media: &Media<'_>) -> Result<()> {
        if !self.own && media.citations == Some(true) {
            self.notes.note("citations", part.origin)?;
        }
        match &media.source {
            MediaSource::Text(text) => {
                let whole = [heading(media), Text::plain("\n\n"), text.borrowed()];
                return self.as_text(part, &Text::joined(whole, ""));
            }
            MediaSource::Parts(parts) => {
                self.input_text(&heading(media));
                return parts.iter().try_for_each(|inner| self.input_part(inner));
            }
            _ => {}
        }
        if let Some(context) = &media.context {
            self.input_text(context);
        }
        self.out.open();
        self.kind_of(part, "input_file");
        self.file_source(part, media)?;
        self.out.maybe_text("detail", media.detail.as_ref());
        self.tail(part)
    }

    fn file_source(&mut self, part: &Part<'_>, media: &Media<'_>) -> Result<()> {
        let mut name = media.name.as_ref().map(Text::borrowed);
        match (&media.source, &media.mime) {
            (MediaSource::Base64(data), None) if self.own => {
                self.out.key("file_data").text(data);
            }
            (MediaSource::Base64(data), mime) => {
                let mime = mime
                    .as_ref()
                    .map_or(Text::plain("application/pdf"), Text::borrowed);
                if !self.own && name.is_none() {
                    name = Some(Text::plain(file_name(&mime)));
                }
                self.out.key("file_data");
                write_data(self.out, &mime, data);
            }
            (MediaSource::Url(address), _) if self.own || is_web(address) => {
                self.out.key("file_url").text(address);
            }
            (MediaSource::FileId(id), _) => {
                self.out.key("file_id").text(id);
            }
            _ => return Err(self.notes.refuse("file_url", part.origin)),
        }
        self.out.maybe_text("filename", name.as_ref());
        Ok(())
    }

    fn search_result(&mut self, part: &Part<'_>, found: &SearchResult<'_>) -> Result<()> {
        if found.citations == Some(true) {
            self.notes.note("citations", part.origin)?;
        }
        let texts = found.content.iter().filter_map(|inner| match &inner.kind {
            PartKind::Text(text) => Some(text.borrowed()),
            _ => None,
        });
        let head = [found.title.borrowed(), found.source.borrowed()];
        let head = Text::joined(head, "\n");
        let whole = Text::joined(std::iter::once(head).chain(texts), "\n\n");
        self.as_text(part, &whole)
    }

    /// A part that becomes a text, with its mark.
    fn as_text(&mut self, part: &Part<'_>, text: &Text<'_>) -> Result<()> {
        self.out.open().key("type");
        self.out.plain(if self.answers {
            "output_text"
        } else {
            "input_text"
        });
        self.out.key("text").text(text);
        self.tail(part)
    }
}

/// What stands before the words of a document.
fn heading(media: &Media<'_>) -> Text<'static> {
    let name = media
        .name
        .as_ref()
        .map_or(Text::plain("Document"), Text::borrowed);
    let context = media.context.as_ref().map(Text::borrowed);
    Text::joined(std::iter::once(name).chain(context), "\n")
}

fn is_web(address: &Text<'_>) -> bool {
    let address = address.decoded();
    ["https:", "http:", "data:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

/// Times to live here are 30 minutes and 12 hours; elsewhere 5 minutes and one hour.
pub(super) fn write_cache_mark(out: &mut Out, mark: &CacheMark<'_>) {
    out.key("prompt_cache_breakpoint").open();
    out.key("mode").plain("explicit");
    if let Some(ttl) = &mark.ttl {
        out.key("ttl");
        match ttl.decoded().as_ref() {
            "5m" => out.plain("30m"),
            "1h" => out.plain("12h"),
            _ => out.text(ttl),
        };
    }
    out.close();
}

/// Log probabilities as a list. Pieces of a stream have them without `bytes`.
pub(super) fn write_logprobs(out: &mut Out, tokens: &[TokenLogprob<'_>], bytes: bool) {
    out.open_list();
    for token in tokens {
        write_logprob(out, token, bytes);
        out.key("top_logprobs").open_list();
        for other in &token.top {
            write_logprob(out, other, bytes);
            out.close();
        }
        out.close_list().close();
    }
    out.close_list();
}

/// Leaves the object open.
fn write_logprob(out: &mut Out, token: &TokenLogprob<'_>, bytes: bool) {
    out.open().key("token").text(&token.token);
    match token.bytes.filter(|_| bytes) {
        Some(bytes) => {
            out.key("bytes").raw(bytes);
        }
        None if bytes => {
            out.key("bytes").open_list();
            for byte in token.token.decoded().bytes() {
                out.number(byte.into());
            }
            out.close_list();
        }
        None => {}
    }
    out.key("logprob").raw(token.logprob);
}
