//! A request of any format as a chat request.

use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Part, PartKind};
use crate::canonical::raw::count;
use crate::canonical::request::{Request, Role, Turn};
use crate::formats::Target;

use super::documents::write_data;
use super::side::{DOCUMENTS, OWN, extra};
use super::write_message::{Pen, is_picture, moved_documents};
use super::write_settings::{write_numbers, write_shape, write_thinking, write_tools};

type Result<T> = std::result::Result<T, FormatError>;

/// # Errors
/// What the format cannot hold and may not be left out.
pub(super) fn write(
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<Vec<u8>> {
    let own = request.from == OWN;
    if !own {
        refuse(request, notes)?;
        note(request, notes)?;
    }
    let mut out = Out::default();
    out.open().key("model").plain(target.model);
    if request.stream {
        out.key("stream").boolean(true);
    } else if own && extra(&request.extras, "stream").is_some() {
        out.key("stream").boolean(false);
    }
    write_messages(&mut out, request, notes)?;
    write_documents(&mut out, request);
    write_tools(&mut out, request, notes)?;
    write_numbers(&mut out, request, target, notes)?;
    write_shape(&mut out, request, notes)?;
    write_thinking(&mut out, request);
    if own {
        write_extras(&mut out, request);
    }
    out.close();
    Ok(out.into_bytes())
}

fn write_extras(out: &mut Out, request: &Request<'_>) {
    for extra in &request.extras {
        let nested = extra.field.contains('.')
            && ["thinking.", "response_format."]
                .iter()
                .any(|member| extra.field.starts_with(member));
        if !nested && extra.field != "stream" {
            out.key(&extra.field).raw(extra.raw);
        }
    }
}

fn refuse(request: &Request<'_>, notes: &Notes) -> Result<()> {
    if let Some(bias) = request.logit_bias {
        return Err(notes.refuse("logit_bias", Some(bias)));
    }
    if let Some(raw) = request.candidates.filter(|raw| count(raw) != Some(1)) {
        return Err(notes.refuse("n", Some(raw)));
    }
    let top = request.logprobs.as_ref().and_then(|logprobs| logprobs.top);
    if let Some(raw) = top.filter(|raw| count(raw) != Some(0)) {
        return Err(notes.refuse("top_logprobs", Some(raw)));
    }
    let spoken = request.modalities.iter().any(|word| !word.is("text"));
    if spoken || request.voice.is_some() {
        return Err(notes.refuse("modalities", None));
    }
    let last = request.turns.last();
    if let Some(turn) = last.filter(|turn| turn.role == Role::Assistant) {
        return Err(notes.refuse("a last message of the assistant", turn.origin));
    }
    Ok(())
}

fn note(request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let tier = request.tier.as_ref().map(|tier| tier.decoded());
    let usual = ["auto", "default", "standard", "standard_only"];
    let tier = tier.is_some_and(|tier| !usual.contains(&tier.as_ref()));
    let hints = [
        ("verbosity", request.verbosity.is_some()),
        ("cache_control", request.cache.is_some()),
        ("prompt_cache_key", request.cache_key.is_some()),
        ("metadata", request.metadata.is_some()),
        ("user", request.user.is_some()),
        ("service_tier", tier),
        ("parallel_tool_calls", request.parallel_calls == Some(false)),
    ];
    for (field, _) in hints.iter().filter(|(_, said)| *said) {
        notes.note(*field, None)?;
    }
    request
        .turns
        .iter()
        .try_for_each(|turn| note_turn(turn, notes))
}

fn note_turn(turn: &Turn<'_>, notes: &mut Notes) -> Result<()> {
    if turn.name.is_some() {
        notes.note("name", turn.origin)?;
    }
    for part in &turn.parts {
        if part.cache.is_some() {
            notes.note("cache_control", part.origin)?;
        }
        if !part.citations.is_empty() {
            notes.note("citations", part.origin)?;
        }
    }
    Ok(())
}

/// Images of results wait for the next message of the user, or make one.
fn write_messages(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let own = request.from == OWN;
    let mut pen = Pen {
        own,
        reply: false,
        notes,
    };
    let mut moved: Vec<&Part<'_>> = Vec::new();
    out.key("messages").open_list();
    for turn in &request.turns {
        if !moved.is_empty() && !matches!(turn.role, Role::Tool | Role::User) {
            write_moved(out, &mut pen, std::mem::take(&mut moved))?;
        }
        if turn.role == Role::User {
            pen.turn(out, turn, &std::mem::take(&mut moved))?;
        } else if !empty(turn, own) {
            pen.turn(out, turn, &[])?;
        }
        if !own {
            moved.extend(pictures(turn));
        }
    }
    if !moved.is_empty() {
        write_moved(out, &mut pen, moved)?;
    }
    out.close_list();
    Ok(())
}

fn write_moved(out: &mut Out, pen: &mut Pen<'_>, moved: Vec<&Part<'_>>) -> Result<()> {
    pen.turn(out, &Turn::new(Role::User, Vec::new()), &moved)
}

fn pictures<'r, 'a>(turn: &'r Turn<'a>) -> impl Iterator<Item = &'r Part<'a>> {
    let results = turn.parts.iter().filter_map(|part| match &part.kind {
        PartKind::Result(result) => Some(&result.content),
        _ => None,
    });
    results.flatten().filter(|part| is_picture(part))
}

/// Whether all of a turn was sealed thinking of another provider.
fn empty(turn: &Turn<'_>, own: bool) -> bool {
    let sealed = |part: &Part<'_>| matches!(&part.kind, PartKind::Thinking(thought) if thought.texts.is_empty());
    !own && turn.role == Role::Assistant && turn.parts.iter().all(sealed)
}

fn write_documents(out: &mut Out, request: &Request<'_>) {
    let own = request.from == OWN;
    let mut found: Vec<&Part<'_>> = Vec::new();
    for turn in &request.turns {
        if own {
            let marked = |part: &&Part<'_>| extra(&part.extras, DOCUMENTS).is_some();
            found.extend(turn.parts.iter().filter(marked));
        } else {
            found.extend(moved_documents(turn));
        }
    }
    if found.is_empty() {
        return;
    }
    out.key("documents").open_list();
    for part in &found {
        match extra(&part.extras, DOCUMENTS).filter(|_| own) {
            Some(raw) => _ = out.raw(raw),
            None => {
                out.open().key("data");
                write_data(out, part);
                out.close();
            }
        }
    }
    out.close_list();
    if !own && !found.iter().any(|part| wants_citations(part)) {
        out.key("citation_options").open();
        out.key("mode").plain("OFF").close();
    }
}

/// Cohere cites documents unless it is told not to; others cite them only where they are told to.
fn wants_citations(part: &Part<'_>) -> bool {
    let wanted = match &part.kind {
        PartKind::SearchResult(found) => found.citations,
        PartKind::Media(media) => media.citations,
        _ => None,
    };
    wanted == Some(true)
}
