//! Content blocks of a request.

use super::write_media;
use crate::canonical::error::FormatError;
use crate::canonical::exchange::{marked, plain_id};
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{CacheMark, Call, Part, PartKind, SearchResult, Thought, ToolResult};
use crate::canonical::request::{Role, Turn};
use crate::canonical::seal::Seal;
use crate::canonical::side::Side;
use crate::canonical::text::Text;
use crate::format::ApiFormat;

type Result = std::result::Result<(), FormatError>;

/// Longest id of a call.
const LONGEST_ID: usize = 64;

/// A request that is being written.
pub(super) struct Pen<'n, 't> {
    pub(super) out: Out,
    pub(super) notes: &'n mut Notes,
    /// Whether the request is of this format: then extras and parts of its own go back.
    pub(super) own: bool,
    pub(super) provider: &'t str,
    /// Names of documents so far, which must differ.
    pub(super) names: Vec<String>,
}

impl Pen<'_, '_> {
    /// Whether anything of this part is to be written: the API takes no empty text, and no thought
    /// without the signature that it made itself.
    pub(super) fn writes(&self, part: &Part<'_>) -> bool {
        match &part.kind {
            PartKind::Text(text) => self.own || !text.is_empty(),
            PartKind::Refusal(text) => !text.is_empty(),
            PartKind::Thinking(thought) => match &thought.seal {
                Some(seal) => home(seal, self.provider).is_some(),
                None => self.own,
            },
            _ => true,
        }
    }
}

fn home<'t>(seal: &'t Seal<'_>, provider: &str) -> Option<Text<'t>> {
    seal.for_upstream(ApiFormat::Bedrock, provider)
}

/// A list of blocks, each with its cache mark after it.
pub(super) fn content(
    pen: &mut Pen<'_, '_>,
    parts: &[(&Turn<'_>, &Part<'_>)],
    of_user: bool,
) -> Result {
    pen.out.open_list();
    for (turn, part) in parts {
        let instructs = matches!(turn.role, Role::System | Role::Developer);
        match &part.kind {
            PartKind::Text(text) if instructs && of_user => {
                pen.out.open().key("text").text(&marked(text)).close();
            }
            _ => block(pen, part)?,
        }
        if let Some(mark) = &part.cache {
            cache_point(&mut pen.out, mark);
        }
    }
    pen.out.close_list();
    Ok(())
}

/// Times to live of other formats become the one of ours that is as short or as long.
pub(super) fn cache_point(out: &mut Out, mark: &CacheMark<'_>) {
    out.open().key("cachePoint").open();
    out.key("type").plain("default");
    if let Some(ttl) = &mark.ttl {
        match &*ttl.decoded() {
            "30m" => out.key("ttl").plain("5m"),
            "12h" | "24h" => out.key("ttl").plain("1h"),
            _ => out.key("ttl").text(ttl),
        };
    }
    out.close().close();
}

/// Parts inside of a result or a document.
pub(super) fn list(pen: &mut Pen<'_, '_>, parts: &[Part<'_>]) -> Result {
    for part in parts {
        if pen.writes(part) {
            block(pen, part)?;
        }
        if let Some(mark) = &part.cache {
            cache_point(&mut pen.out, mark);
        }
    }
    Ok(())
}

fn block(pen: &mut Pen<'_, '_>, part: &Part<'_>) -> Result {
    match &part.kind {
        PartKind::Text(text) | PartKind::Refusal(text) => text_block(pen, part, text),
        PartKind::Media(media) => write_media::block(pen, part, media),
        PartKind::Call(call) => call_block(pen, part, call),
        PartKind::Result(result) => result_block(pen, part, result),
        PartKind::Thinking(thought) => {
            thinking_block(pen, thought);
            Ok(())
        }
        PartKind::SearchResult(found) => search_block(pen, part, found),
        PartKind::Other(raw) if pen.own => {
            pen.out.raw(raw);
            Ok(())
        }
        PartKind::Other(raw) => Err(pen.notes.refuse("content[].type", Some(raw))),
    }
}

fn text_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, text: &Text<'_>) -> Result {
    let side = Side::of(&part.extras, pen.own);
    if let Some(exact) = side.get("citationsContent") {
        pen.out.open().key("citationsContent").raw(exact).close();
        return Ok(());
    }
    if let Some(json) = side.get("json") {
        pen.out.open().key("json").raw(json).close();
        return Ok(());
    }
    if part.citations.is_empty() {
        pen.out.open().key("text").text(text).close();
        return Ok(());
    }
    if !pen.own {
        pen.notes.note("citations", part.origin)?;
        pen.out.open().key("text").text(text).close();
        return Ok(());
    }
    pen.out.open().key("citationsContent").open();
    pen.out.key("content").open_list().open();
    pen.out.key("text").text(text).close().close_list();
    pen.out.key("citations").open_list();
    for raw in part.citations.iter().filter_map(|citation| citation.origin) {
        pen.out.raw(raw);
    }
    pen.out.close_list().close().close();
    Ok(())
}

fn id(pen: &mut Pen<'_, '_>, id: Option<&Text<'_>>) {
    let Some(id) = id else { return };
    pen.out.key("toolUseId");
    if pen.own {
        pen.out.text(id);
    } else {
        pen.out.plain(&plain_id(id, ".:", LONGEST_ID));
    }
}

fn call_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, call: &Call<'_>) -> Result {
    let Some(input) = call.input.object_json() else {
        return Err(pen.notes.refuse("tool_calls[].arguments", part.origin));
    };
    pen.out.open().key("toolUse").open();
    id(pen, call.id.as_ref());
    pen.out.key("name").text(&call.name);
    pen.out.key("input").json(&input);
    Side::of(&part.extras, pen.own).write(&mut pen.out, "", &[]);
    pen.out.close().close();
    Ok(())
}

fn result_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, result: &ToolResult<'_>) -> Result {
    pen.out.open().key("toolResult").open();
    id(pen, result.id.as_ref());
    pen.out.key("content").open_list();
    if let Some(json) = result.structured {
        pen.out.open().key("json").raw(json).close();
    }
    list(pen, &result.content)?;
    pen.out.close_list();
    match result.failed {
        Some(true) => {
            pen.out.key("status").plain("error");
        }
        Some(false) if pen.own => {
            pen.out.key("status").plain("success");
        }
        _ => {}
    }
    Side::of(&part.extras, pen.own).write(&mut pen.out, "", &[]);
    pen.out.close().close();
    Ok(())
}

fn thinking_block(pen: &mut Pen<'_, '_>, thought: &Thought<'_>) {
    let sealed = thought.seal.as_ref();
    let sealed = sealed.and_then(|seal| home(seal, pen.provider));
    pen.out.open().key("reasoningContent").open();
    match (thought.redacted, sealed) {
        (true, Some(sealed)) => {
            pen.out.key("redactedContent").text(&sealed);
        }
        (_, sealed) => {
            let texts = thought.texts.iter().map(Text::borrowed);
            pen.out.key("reasoningText").open();
            pen.out.key("text").text(&Text::joined(texts, "\n\n"));
            pen.out.maybe_text("signature", sealed.as_ref()).close();
        }
    }
    pen.out.close().close();
}

fn search_block(pen: &mut Pen<'_, '_>, part: &Part<'_>, found: &SearchResult<'_>) -> Result {
    pen.out.open().key("searchResult").open();
    pen.out.key("source").text(&found.source);
    pen.out.key("title").text(&found.title);
    pen.out.key("content").open_list();
    list(pen, &found.content)?;
    pen.out.close_list();
    citing(pen, part, found.citations);
    Side::of(&part.extras, pen.own).write(&mut pen.out, "", &["citations."]);
    pen.out.close().close();
    Ok(())
}

pub(super) fn citing(pen: &mut Pen<'_, '_>, part: &Part<'_>, enabled: Option<bool>) {
    let side = Side::of(&part.extras, pen.own);
    if enabled.is_some() || side.under("citations.") {
        pen.out.key("citations").open();
        pen.out.maybe_boolean("enabled", enabled);
        side.write(&mut pen.out, "citations.", &[]);
        pen.out.close();
    }
}
