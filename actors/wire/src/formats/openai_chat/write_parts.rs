//! Writes the parts of a message, and the content of a result.

use super::Outcome;
use super::node;
use crate::canonical::error::FormatError;
use crate::canonical::media;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{
    CacheMark, Media, MediaKind, MediaSource, Part, PartKind, SearchResult, Thought, ToolResult,
};
use crate::canonical::raw::{self, Kind};
use crate::canonical::text::Text;

/// What a failed call's result begins with, since this format has no flag for it.
const FAILED: &str = "error: ";

/// Extras that stand inside an object of the part.
const INNER: [&str; 4] = [
    "image_url.",
    "input_audio.",
    "file.",
    "prompt_cache_breakpoint.",
];

/// What writing a part depends on.
pub(super) struct Context<'w> {
    /// Whether the client spoke this format too.
    pub(super) own: bool,
    pub(super) notes: &'w mut Notes,
}

impl Context<'_> {
    pub(super) fn refuse(&self, field: &'static str, part: &Part<'_>) -> FormatError {
        self.notes.refuse(field, part.origin)
    }
}

/// Whether a part was a member of the message, not an element of its content.
pub(super) fn stood_alone(part: &Part<'_>) -> bool {
    part.origin
        .is_none_or(|origin| raw::kind(origin) == Kind::Text)
}

/// `content`: one text is a string, unless its client wrote a list; nothing is `null`.
pub(super) fn content(out: &mut Out, parts: &[&Part<'_>], context: &mut Context<'_>) -> Outcome {
    out.key("content");
    match parts {
        [] => {
            out.null();
        }
        [part] if is_short(part, context) => short(out, part, context)?,
        _ => {
            out.open_list();
            for part in parts {
                write(out, part, context)?;
            }
            out.close_list();
        }
    }
    Ok(())
}

fn is_short(part: &Part<'_>, context: &Context<'_>) -> bool {
    let text = matches!(part.kind, PartKind::Text(_));
    text && part.cache.is_none() && (stood_alone(part) || !context.own)
}

fn short(out: &mut Out, part: &Part<'_>, context: &mut Context<'_>) -> Outcome {
    note_citations(part, context)?;
    if let PartKind::Text(text) = &part.kind {
        out.text(text);
    }
    Ok(())
}

fn note_citations(part: &Part<'_>, context: &mut Context<'_>) -> Outcome {
    if part.citations.is_empty() {
        return Ok(());
    }
    context.notes.note("citations", part.origin)
}

/// One element of a content list.
pub(super) fn write(out: &mut Out, part: &Part<'_>, context: &mut Context<'_>) -> Outcome {
    note_citations(part, context)?;
    match &part.kind {
        PartKind::Other(raw) if context.own => {
            out.raw(raw);
            return Ok(());
        }
        PartKind::Media(media) if is_text_document(part) => {
            return document_as_text(out, media, part, context);
        }
        _ => {}
    }
    out.open();
    body(out, part, context)?;
    cache(out, part.cache.as_ref(), part, context);
    if context.own {
        node::write_outer(out, &part.extras, &INNER);
    }
    out.close();
    Ok(())
}

fn body(out: &mut Out, part: &Part<'_>, context: &mut Context<'_>) -> Outcome {
    match &part.kind {
        PartKind::Text(text) => typed(out, "text").text(text),
        PartKind::Refusal(text) => typed(out, "refusal").text(text),
        PartKind::SearchResult(found) => {
            let text = passage(found, part, context)?;
            typed(out, "text").text(&text)
        }
        PartKind::Media(media) => return write_media(out, media, part, context),
        _ => return Err(context.refuse("content", part)),
    };
    Ok(())
}

fn typed<'o>(out: &'o mut Out, kind: &str) -> &'o mut Out {
    out.key("type").plain(kind).key(kind)
}

fn cache(out: &mut Out, mark: Option<&CacheMark<'_>>, part: &Part<'_>, context: &Context<'_>) {
    let Some(mark) = mark else { return };
    if context.own && node::find(&part.extras, "cache_control").is_some() {
        return;
    }
    out.key("prompt_cache_breakpoint").open();
    out.key("mode").plain("explicit");
    let ttl = mark.ttl.as_ref().map(|ttl| lifetime(ttl, context.own));
    out.maybe_text("ttl", ttl.as_ref());
    if context.own {
        node::write_inner(out, &part.extras, "prompt_cache_breakpoint.");
    }
    out.close();
}

/// Minutes are this format's 30, hours its 12.
fn lifetime<'t>(ttl: &'t Text<'_>, own: bool) -> Text<'t> {
    match ttl.decoded().as_ref() {
        _ if own => ttl.borrowed(),
        "5m" => Text::plain("30m"),
        "1h" => Text::plain("12h"),
        _ => ttl.borrowed(),
    }
}

fn write_media(
    out: &mut Out,
    media: &Media<'_>,
    part: &Part<'_>,
    context: &mut Context<'_>,
) -> Outcome {
    if media.context.is_some() {
        context.notes.note("context", part.origin)?;
    }
    if media.citations == Some(true) {
        context.notes.note("citations", part.origin)?;
    }
    match media.kind {
        MediaKind::Image => image(out, media, part, context),
        MediaKind::Audio => audio(out, media, part, context),
        MediaKind::Document => document(out, media, part, context),
        MediaKind::Video => Err(context.refuse("video", part)),
    }
}

fn image(out: &mut Out, media: &Media<'_>, part: &Part<'_>, context: &Context<'_>) -> Outcome {
    let url = image_url(media).ok_or_else(|| context.refuse("image", part))?;
    typed(out, "image_url").open().key("url").text(&url);
    out.maybe_text("detail", media.detail.as_ref());
    if context.own {
        node::write_inner(out, &part.extras, "image_url.");
    }
    out.close();
    Ok(())
}

/// The address of an image; OpenAI fetches from the web only.
pub(super) fn image_url<'m>(media: &'m Media<'_>) -> Option<Text<'m>> {
    match &media.source {
        MediaSource::Url(url) if !is_bucket(url) => Some(url.borrowed()),
        MediaSource::Base64(base64) => {
            let sniffed = || Text::plain(media::sniffed(base64).unwrap_or("image/png"));
            let mime = media.mime.as_ref().map_or_else(sniffed, Text::borrowed);
            Some(media::data_url(&mime, base64))
        }
        _ => None,
    }
}

fn is_bucket(url: &Text<'_>) -> bool {
    let url = url.decoded();
    url.starts_with("s3:") || url.starts_with("gs:")
}

fn audio(out: &mut Out, media: &Media<'_>, part: &Part<'_>, context: &Context<'_>) -> Outcome {
    let MediaSource::Base64(data) = &media.source else {
        return Err(context.refuse("audio", part));
    };
    let coding = audio_coding(media).ok_or_else(|| context.refuse("audio", part))?;
    typed(out, "input_audio").open().key("data").text(data);
    out.key("format").text(&coding);
    if context.own {
        node::write_inner(out, &part.extras, "input_audio.");
    }
    out.close();
    Ok(())
}

fn audio_coding<'m>(media: &'m Media<'_>) -> Option<Text<'m>> {
    if let Some(coding) = &media.coding {
        return Some(coding.borrowed());
    }
    let mime = media.mime.as_ref()?.decoded();
    match mime.as_ref() {
        "audio/wav" | "audio/x-wav" | "audio/wave" => Some(Text::plain("wav")),
        "audio/mpeg" | "audio/mp3" => Some(Text::plain("mp3")),
        _ => None,
    }
}

fn document(out: &mut Out, media: &Media<'_>, part: &Part<'_>, context: &Context<'_>) -> Outcome {
    typed(out, "file").open();
    match &media.source {
        MediaSource::FileId(id) => out.key("file_id").text(id),
        MediaSource::Base64(base64) => file_data(out, media, base64, context.own),
        MediaSource::Url(url) if context.own => {
            out.maybe_text("filename", media.name.as_ref());
            out.key("file_data").text(url)
        }
        _ => return Err(context.refuse("document by address", part)),
    };
    if context.own {
        node::write_inner(out, &part.extras, "file.");
    }
    out.close();
    Ok(())
}

fn file_data<'o>(out: &'o mut Out, media: &Media<'_>, base64: &Text<'_>, own: bool) -> &'o mut Out {
    let name = media.name.as_ref().map(Text::borrowed);
    let name = name.or_else(|| (!own).then(|| Text::plain("document.pdf")));
    out.maybe_text("filename", name.as_ref());
    let data = match &media.mime {
        Some(mime) => media::data_url(mime, base64),
        None if own => base64.borrowed(),
        None => media::data_url(&Text::plain("application/pdf"), base64),
    };
    out.key("file_data").text(&data)
}

/// Whether a document has text and no file, so that it goes out as text.
pub(super) fn is_text_document(part: &Part<'_>) -> bool {
    let PartKind::Media(media) = &part.kind else {
        return false;
    };
    let text = matches!(media.source, MediaSource::Text(_) | MediaSource::Parts(_));
    text && media.kind == MediaKind::Document
}

fn document_as_text(
    out: &mut Out,
    media: &Media<'_>,
    part: &Part<'_>,
    context: &mut Context<'_>,
) -> Outcome {
    let heading = heading("Document", media.name.as_ref(), media.context.as_ref());
    let text = match &media.source {
        MediaSource::Text(text) => Text::joined([heading, text.borrowed()], "\n\n"),
        MediaSource::Parts(parts) => with_heading(heading, parts, part, context)?,
        _ => heading,
    };
    out.open();
    typed(out, "text").text(&text);
    cache(out, part.cache.as_ref(), part, context);
    out.close();
    Ok(())
}

fn heading(kind: &str, name: Option<&Text<'_>>, more: Option<&Text<'_>>) -> Text<'static> {
    let name = name.map_or_else(String::new, |name| format!(": {}", name.decoded()));
    let more = more.map_or_else(String::new, |more| format!(" ({})", more.decoded()));
    Text::plain(format!("[{kind}{name}{more}]"))
}

fn passage(
    found: &SearchResult<'_>,
    part: &Part<'_>,
    context: &mut Context<'_>,
) -> Outcome<Text<'static>> {
    if found.citations == Some(true) {
        context.notes.note("citations", part.origin)?;
    }
    let heading = heading("Search result", Some(&found.title), Some(&found.source));
    with_heading(heading, &found.content, part, context)
}

fn with_heading(
    heading: Text<'static>,
    parts: &[Part<'_>],
    at: &Part<'_>,
    context: &Context<'_>,
) -> Outcome<Text<'static>> {
    let mut texts = vec![heading];
    for part in parts {
        match &part.kind {
            PartKind::Text(text) => texts.push(text.clone().into_owned()),
            _ => return Err(context.refuse("document with images", at)),
        }
    }
    Ok(Text::joined(texts, "\n\n"))
}

/// The content of a result. Without any text it says where the media went.
pub(super) fn result(
    out: &mut Out,
    result: &ToolResult<'_>,
    parts: &[&Part<'_>],
    moved: bool,
    context: &mut Context<'_>,
) -> Outcome {
    if context.own {
        return content(out, parts, context);
    }
    let structured = result.structured.filter(|_| !parts.is_empty());
    if let Some(structured) = structured {
        let text = Part::text(Text::plain(structured.get()));
        let whole: Vec<&Part<'_>> = std::iter::once(&text)
            .chain(parts.iter().copied())
            .collect();
        let rest = ToolResult {
            structured: None,
            ..result.clone()
        };
        return self::result(out, &rest, &whole, moved, context);
    }
    let failed = result.failed == Some(true) && !begins_with_error(parts);
    let said = match (result.structured, moved, failed) {
        (Some(structured), ..) if parts.is_empty() => Some(structured.get().to_owned()),
        (None, true, _) if parts.is_empty() => Some("See the next message.".to_owned()),
        (None, false, true) if parts.is_empty() => Some("the call failed".to_owned()),
        (None, false, false) if parts.is_empty() => Some(String::new()),
        _ => None,
    };
    let prefix = if failed { FAILED } else { "" };
    if let Some(said) = said {
        out.key("content").plain(&format!("{prefix}{said}"));
        return Ok(());
    }
    let [
        Part {
            kind: PartKind::Text(text),
            cache: None,
            ..
        },
    ] = parts
    else {
        return several(out, parts, prefix, context);
    };
    let whole = Text::joined([Text::plain(prefix), text.borrowed()], "");
    out.key("content").text(&whole);
    Ok(())
}

fn several(out: &mut Out, parts: &[&Part<'_>], prefix: &str, context: &mut Context<'_>) -> Outcome {
    out.key("content").open_list();
    if !prefix.is_empty() {
        out.open();
        typed(out, "text").plain(prefix.trim_end()).close();
    }
    for part in parts {
        write(out, part, context)?;
    }
    out.close_list();
    Ok(())
}

fn begins_with_error(parts: &[&Part<'_>]) -> bool {
    parts.first().is_some_and(|part| match &part.kind {
        PartKind::Text(text) => {
            let text = text.decoded();
            let head = text.trim_start().get(..5);
            head.is_some_and(|head| head.eq_ignore_ascii_case("error"))
        }
        _ => false,
    })
}

/// Mistral's part with its text put back.
pub(super) fn thinking(out: &mut Out, skeleton: &str, thought: &Thought<'_>) {
    let Some(skeleton) = raw::parse(skeleton) else {
        return;
    };
    out.open();
    let walked = raw::each_member(skeleton, |key, value| {
        out.key(key).raw(value);
        Ok(())
    });
    debug_assert!(walked.is_ok(), "a parsed object can be walked");
    out.key("thinking").open_list();
    for text in &thought.texts {
        out.open();
        typed(out, "text").text(text);
        out.close();
    }
    out.close_list().close();
}
