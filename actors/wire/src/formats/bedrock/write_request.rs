//! A request of any format, said to this API.

use super::write_parts::{Pen, content};
use super::write_settings;
use crate::canonical::error::FormatError;
use crate::canonical::exchange::{Group, Side as Speaker, groups};
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::Part;
use crate::canonical::request::{Request, Turn};
use crate::canonical::side::Side;
use crate::format::ApiFormat;
use crate::formats::Target;

pub(super) fn write(
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<Vec<u8>, FormatError> {
    let own = request.from == ApiFormat::Bedrock;
    let mut pen = Pen {
        out: Out::default(),
        notes,
        own,
        provider: target.provider,
        names: Vec::new(),
    };
    pen.out.open();
    instructions(&mut pen, request)?;
    let joins = |before: &Turn<'_>, turn: &Turn<'_>| !own || of_one_message(before, turn);
    let messages = groups(request, own, joins);
    if !messages.is_empty() {
        pen.out.key("messages").open_list();
        for group in &messages {
            message(&mut pen, group)?;
        }
        pen.out.close_list();
    }
    write_settings::write(&mut pen, request, target)?;
    Side::of(&request.extras, own).write(&mut pen.out, "", write_settings::OBJECTS);
    pen.out.close();
    Ok(pen.out.into_bytes())
}

/// What was one message with results and words becomes one again.
fn of_one_message(before: &Turn<'_>, turn: &Turn<'_>) -> bool {
    match (before.origin, turn.origin) {
        (Some(before), Some(turn)) => std::ptr::eq(before, turn),
        _ => false,
    }
}

fn instructions(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result<(), FormatError> {
    let leading: Vec<_> = request.turns.iter().take(request.instructions()).collect();
    for turn in &leading {
        name_is_lost(pen, turn)?;
    }
    let parts: Vec<_> = leading
        .iter()
        .flat_map(|turn| turn.parts.iter().map(|part| (*turn, part)))
        .filter(|(_, part)| pen.writes(part))
        .collect();
    if parts.is_empty() {
        return Ok(());
    }
    pen.out.key("system");
    content(pen, &parts, false)
}

fn message(pen: &mut Pen<'_, '_>, group: &Group<'_, '_>) -> Result<(), FormatError> {
    for turn in &group.turns {
        name_is_lost(pen, turn)?;
    }
    let parts: Vec<(&Turn<'_>, &Part<'_>)> = group
        .parts()
        .into_iter()
        .filter(|(_, part)| pen.writes(part))
        .collect();
    if parts.is_empty() && !pen.own {
        return Ok(());
    }
    let role = match group.side {
        Speaker::User => "user",
        Speaker::Assistant => "assistant",
        Speaker::System => "system",
    };
    pen.out.open().key("role").plain(role).key("content");
    content(pen, &parts, group.side == Speaker::User)?;
    for turn in &group.turns {
        Side::of(&turn.extras, pen.own).write(&mut pen.out, "", &[]);
    }
    pen.out.close();
    Ok(())
}

fn name_is_lost(pen: &mut Pen<'_, '_>, turn: &Turn<'_>) -> Result<(), FormatError> {
    match turn.name {
        Some(_) => pen.notes.note("messages[].name", turn.origin),
        None => Ok(()),
    }
}
