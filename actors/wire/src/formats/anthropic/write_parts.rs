//! Content blocks of a request.

use super::citations;
use crate::canonical::base64::decoded_text;
use crate::canonical::error::FormatError;
use crate::canonical::exchange::{marked, plain_id};
use crate::canonical::media::sniffed;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    CacheMark, Call, Media, MediaKind, MediaSource, Part, PartKind, SearchResult, Thought,
    ToolResult,
};
use crate::canonical::raw::{Kind, Raw, kind};
use crate::canonical::request::{Role, Turn};
use crate::canonical::side::Side;
use crate::canonical::text::Text;
use crate::format::ApiFormat;

type Result = std::result::Result<(), FormatError>;

/// A request that is being written.
pub(super) struct Pen<'n, 't> {
    pub(super) out: Out,
    pub(super) notes: &'n mut Notes,
    /// Whether the request is of this format: then extras and parts of its own go back.
    pub(super) own: bool,
    pub(super) provider: &'t str,
}

impl Pen<'_, '_> {
    /// Whether anything of this part is to be written: the API takes no empty text, and no thought
    /// without the signature that it made itself.
    pub(super) fn writes(&self, part: &Part<'_>) -> bool {
        match &part.kind {
            PartKind::Text(text) => self.own || !text.is_empty(),
            PartKind::Refusal(text) => !text.is_empty(),
            PartKind::Thinking(thought) => self.signature(thought).is_some(),
            _ => true,
        }
    }

    fn signature<'t>(&self, thought: &'t Thought<'_>) -> Option<Text<'t>> {
        let seal = thought.seal.as_ref()?;
        seal.for_upstream(ApiFormat::Anthropic, self.provider)
    }
}

/// A string if one text is all there is and its author did not write a list; else a list.
pub(super) fn content(
    pen: &mut Pen<'_, '_>,
    parts: &[(&Turn<'_>, &Part<'_>)],
    of_user: bool,
) -> Result {
    if let [(turn, part)] = parts
        && let Some(text) = short(pen, part)
    {
        pen.out.text(&said(&text, turn, of_user));
        return Ok(());
    }
    pen.out.open_list();
    for (turn, part) in parts {
        match &part.kind {
            PartKind::Text(text) => {
                let text = said(text, turn, of_user);
                text_block(pen, part, &text, turn.role == Role::Assistant || pen.own)?;
            }
            _ => block(pen, part)?,
        }
    }
    pen.out.close_list();
    Ok(())
}

/// An instruction among the user's words is marked as one.
fn said<'t>(text: &'t Text<'_>, turn: &Turn<'_>, of_user: bool) -> Text<'t> {
    match turn.role {
        Role::System | Role::Developer if of_user => marked(text),
        _ => text.borrowed(),
    }
}

fn short<'t>(pen: &Pen<'_, '_>, part: &'t Part<'_>) -> Option<Text<'t>> {
    let PartKind::Text(text) = &part.kind else {
        return None;
    };
    let listed = pen.own && part.origin.is_some_and(|raw| kind(raw) != Kind::Text);
    let bare = part.cache.is_none() && part.citations.is_empty();
    (bare && !listed).then(|| text.borrowed())
}

/// Parts inside of a result or a document.
fn nested(pen: &mut Pen<'_, '_>, parts: &[Part<'_>]) -> Result {
    if let [part] = parts
        && let Some(text) = short(pen, part)
    {
        pen.out.text(&text);
        return Ok(());
    }
    pen.out.open_list();
    list(pen, parts)?;
    pen.out.close_list();
    Ok(())
}

fn list(pen: &mut Pen<'_, '_>, parts: &[Part<'_>]) -> Result {
    for part in parts {
        if pen.writes(part) {
            block(pen, part)?;
        }
    }
    Ok(())
}

fn block(pen: &mut Pen<'_, '_>, part: &Part<'_>) -> Result {
    match &part.kind {
        PartKind::Text(text) | PartKind::Refusal(text) => text_block(pen, part, text, pen.own),
        PartKind::Media(media) => media_block(pen, part, media),
        PartKind::Call(call) => call_block(pen, part, call),
        PartKind::Result(result) => result_block(pen, part, result),
        PartKind::Thinking(thought) => thinking_block(pen, part, thought),
        PartKind::SearchResult(found) => search_block(pen, part, found),
        PartKind::Other(raw) if pen.own => {
            pen.out.raw(raw);
            Ok(())
        }
        PartKind::Other(raw) => Err(pen.notes.refuse("content[].type", Some(raw))),
    }
}

/// What every block may have, and its end.
fn finish(pen: &mut Pen<'_, '_>, part: &Part<'_>) -> Result {
    if let Some(mark) = &part.cache {
        pen.out.key("cache_control");
        cache_mark(&mut pen.out, mark);
    }
    Side::of(&part.extras, pen.own).write(&mut pen.out, "", &["source.", "citations."]);
    pen.out.close();
    Ok(())
}

/// Times to live of other formats become the one of ours that is as short or as long.
pub(super) fn cache_mark(out: &mut Out, mark: &CacheMark<'_>) {
    out.open().key("type").plain("ephemeral");
    if let Some(ttl) = &mark.ttl {
        match &*ttl.decoded() {
            "30m" => out.key("ttl").plain("5m"),
            "12h" | "24h" => out.key("ttl").plain("1h"),
            _ => out.key("ttl").text(ttl),
        };
    }
    out.close();
}

fn text_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, text: &Text<'_>, cites: bool) -> Result {
    pen.out
        .open()
        .key("type")
        .plain("text")
        .key("text")
        .text(text);
    let fitting = |pen: &Pen<'_, '_>, citation: &crate::canonical::parts::Citation<'_>| {
        cites && (pen.own || (citation.document.is_some() && citation.place.is_some()))
    };
    let (kept, lost): (Vec<_>, Vec<_>) = part
        .citations
        .iter()
        .partition(|citation| fitting(pen, citation));
    if !lost.is_empty() {
        pen.notes.note("citations", part.origin)?;
    }
    if !kept.is_empty() {
        pen.out.key("citations").open_list();
        for citation in kept {
            match citation.origin.filter(|_| pen.own) {
                Some(raw) => {
                    pen.out.raw(raw);
                }
                None => {
                    citations::write(citation, &mut pen.out);
                }
            }
        }
        pen.out.close_list();
    }
    finish(pen, part)
}

fn call_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, call: &Call<'_>) -> Result {
    let Some(input) = call.input.object_json() else {
        return Err(pen.notes.refuse("tool_calls[].arguments", part.origin));
    };
    pen.out.open().key("type").plain("tool_use");
    id(pen, "id", call.id.as_ref());
    pen.out.key("name").text(&call.name);
    pen.out.key("input").json(&input);
    finish(pen, part)
}

fn id(pen: &mut Pen<'_, '_>, key: &str, id: Option<&Text<'_>>) {
    let Some(id) = id else { return };
    pen.out.key(key);
    if pen.own {
        pen.out.text(id);
    } else {
        pen.out.plain(&plain_id(id, "", usize::MAX));
    }
}

fn result_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, result: &ToolResult<'_>) -> Result {
    pen.out.open().key("type").plain("tool_result");
    id(pen, "tool_use_id", result.id.as_ref());
    match result.structured {
        Some(json) => {
            pen.out.key("content").open_list();
            structured(pen, json);
            list(pen, &result.content)?;
            pen.out.close_list();
        }
        None if result.content.is_empty() => {}
        None => {
            pen.out.key("content");
            nested(pen, &result.content)?;
        }
    }
    if let Some(failed) = result.failed.filter(|failed| *failed || pen.own) {
        pen.out.key("is_error").boolean(failed);
    }
    finish(pen, part)
}

/// A result that is JSON goes as text.
fn structured(pen: &mut Pen<'_, '_>, json: Raw<'_>) {
    pen.out.open().key("type").plain("text");
    pen.out.key("text").plain(json.get()).close();
}

fn thinking_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, thought: &Thought<'_>) -> Result {
    let Some(signature) = pen.signature(thought) else {
        return Ok(());
    };
    pen.out.open().key("type");
    if thought.redacted {
        pen.out.plain("redacted_thinking");
        pen.out.key("data").text(&signature);
    } else {
        let texts = thought.texts.iter().map(Text::borrowed);
        pen.out.plain("thinking");
        pen.out.key("thinking").text(&Text::joined(texts, "\n\n"));
        pen.out.key("signature").text(&signature);
    }
    finish(pen, part)
}

fn search_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, found: &SearchResult<'_>) -> Result {
    pen.out.open().key("type").plain("search_result");
    pen.out.key("source").text(&found.source);
    pen.out.key("title").text(&found.title);
    pen.out.key("content").open_list();
    list(pen, &found.content)?;
    pen.out.close_list();
    citing(pen, part, found.citations);
    finish(pen, part)
}

fn citing(pen: &mut Pen<'_, '_>, part: &Part<'_>, enabled: Option<bool>) {
    let side = Side::of(&part.extras, pen.own);
    if enabled.is_some() || side.under("citations.") {
        pen.out.key("citations").open();
        pen.out.maybe_boolean("enabled", enabled);
        side.write(&mut pen.out, "citations.", &[]);
        pen.out.close();
    }
}

fn media_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, media: &Media<'_>) -> Result {
    let kind = match media.kind {
        MediaKind::Image => "image",
        MediaKind::Document => "document",
        MediaKind::Audio => return Err(pen.notes.refuse("audio", part.origin)),
        MediaKind::Video => return Err(pen.notes.refuse("video", part.origin)),
    };
    if media
        .detail
        .as_ref()
        .is_some_and(|detail| !detail.is("auto"))
    {
        pen.notes.note("detail", part.origin)?;
    }
    pen.out.open().key("type").plain(kind).key("source").open();
    source(pen, part, media)?;
    Side::of(&part.extras, pen.own).write(&mut pen.out, "source.", &[]);
    pen.out.close();
    if media.kind == MediaKind::Document {
        pen.out.maybe_text("title", media.name.as_ref());
        pen.out.maybe_text("context", media.context.as_ref());
        citing(pen, part, media.citations);
    }
    finish(pen, part)
}

fn source(pen: &mut Pen<'_, '_>, part: &Part<'_>, media: &Media<'_>) -> Result {
    match &media.source {
        MediaSource::Base64(data) => base64(pen, part, media, data),
        MediaSource::Url(url) => {
            let web = url
                .decoded()
                .get(..4)
                .is_some_and(|head| head.eq_ignore_ascii_case("http"));
            if !web && !pen.own {
                return Err(pen.notes.refuse("url", part.origin));
            }
            pen.out.key("type").plain("url").key("url").text(url);
            Ok(())
        }
        MediaSource::FileId(id) => {
            pen.out.key("type").plain("file").key("file_id").text(id);
            Ok(())
        }
        MediaSource::Text(text) => {
            plain_text(pen, media.mime.as_ref().filter(|_| pen.own), text);
            Ok(())
        }
        MediaSource::Parts(parts) => {
            pen.out.key("type").plain("content").key("content");
            nested(pen, parts)
        }
    }
}

fn plain_text(pen: &mut Pen<'_, '_>, mime: Option<&Text<'_>>, text: &Text<'_>) {
    pen.out.key("type").plain("text").key("media_type");
    match mime {
        Some(mime) => pen.out.text(mime),
        None => pen.out.plain("text/plain"),
    };
    pen.out.key("data").text(text);
}

fn base64(pen: &mut Pen<'_, '_>, part: &Part<'_>, media: &Media<'_>, data: &Text<'_>) -> Result {
    let told = media.mime.as_ref().map(Text::decoded);
    let mime = told.as_deref().or_else(|| sniffed(data));
    let fits = match (media.kind, mime) {
        (MediaKind::Image, Some(mime)) => mime.starts_with("image/"),
        (_, Some(mime)) if is_text(mime) && !pen.own => {
            let text = decoded_text(data);
            let text = text.ok_or_else(|| pen.notes.refuse("document.data", part.origin))?;
            plain_text(pen, None, &Text::plain(text));
            return Ok(());
        }
        (_, mime) => mime == Some("application/pdf"),
    };
    if !fits && !pen.own {
        return Err(pen.notes.refuse("media_type", part.origin));
    }
    pen.out.key("type").plain("base64");
    if let Some(mime) = mime.map(|mime| {
        if mime == "image/jpg" {
            "image/jpeg"
        } else {
            mime
        }
    }) {
        pen.out.key("media_type").plain(mime);
    }
    pen.out.key("data").text(data);
    Ok(())
}

fn is_text(mime: &str) -> bool {
    mime.starts_with("text/") || mime == "application/json"
}
