//! Ids of calls and names of results, where a format leaves them out.
//!
//! An id that we make depends on nothing but the conversation before it, so the same history gives
//! the same bytes from turn to turn, and provider caches stay warm.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::canonical::parts::{PartKind, ToolResult};
use crate::canonical::reply::Reply;
use crate::canonical::request::Request;
use crate::canonical::text::Text;

/// Letters and digits of an id; 22 of 62 are as many as 128 bits fill.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `call_` and 22 characters that follow from the seed.
pub(super) fn derived_id(seed: impl Hash) -> String {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &seed).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    let mut left = half(0) << 64 | half(1);
    let mut id = String::from("call_");
    for _ in 0..22 {
        let digit = DIGITS.get((left % 62) as usize).copied().unwrap_or(b'0');
        id.push(char::from(digit));
        left /= 62;
    }
    id
}

/// Gives every call an id, every result the id of its call, and every result the tool's name.
pub(super) fn complete(request: &mut Request<'_>) {
    let mut open: Vec<(String, String)> = Vec::new();
    let mut names: HashMap<String, String> = HashMap::new();
    for (turn_number, turn) in request.turns.iter_mut().enumerate() {
        for (part_number, part) in turn.parts.iter_mut().enumerate() {
            match &mut part.kind {
                PartKind::Call(call) => {
                    let name = call.name.decoded().into_owned();
                    let seed = (turn_number, part_number, &name);
                    let id = call.id.get_or_insert_with(|| Text::plain(derived_id(seed)));
                    let id = id.decoded().into_owned();
                    names.insert(id.clone(), name.clone());
                    open.push((id, name));
                }
                PartKind::Result(result) => match_result(result, &mut open, &names),
                _ => {}
            }
        }
    }
}

/// A result without an id belongs to the earliest open call of its name, or of any name if it has
/// none.
fn match_result(
    result: &mut ToolResult<'_>,
    open: &mut Vec<(String, String)>,
    names: &HashMap<String, String>,
) {
    let (id, name) = (
        result.id.as_ref().map(|id| id.decoded()),
        result.name.as_ref().map(|name| name.decoded()),
    );
    let answered = open
        .iter()
        .position(|(open_id, open_name)| match (&id, &name) {
            (Some(id), _) => open_id == id,
            (None, Some(name)) => open_name == name,
            (None, None) => true,
        });
    if let Some((open_id, open_name)) = answered.map(|at| open.remove(at)) {
        result.id.get_or_insert_with(|| Text::plain(open_id));
        result.name.get_or_insert_with(|| Text::plain(open_name));
    } else if let Some(name) = result
        .id
        .as_ref()
        .and_then(|id| names.get(id.decoded().as_ref()))
    {
        result.name.get_or_insert_with(|| Text::plain(name.clone()));
    }
}

/// Gives every call of a reply an id.
pub(super) fn complete_reply(reply: &mut Reply<'_>, request_id: &str) {
    for choice in &mut reply.choices {
        let index = choice.index;
        for (number, part) in choice.parts.iter_mut().enumerate() {
            if let PartKind::Call(call) = &mut part.kind {
                let seed = (request_id, index, number as u64);
                call.id.get_or_insert_with(|| Text::plain(derived_id(seed)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_are_the_same_every_time_and_differ_by_seed() {
        let id = derived_id(("a", 1));
        assert_eq!(id, derived_id(("a", 1)));
        assert_ne!(id, derived_id(("a", 2)));
        assert_eq!(id.len(), "call_".len() + 22);
    }
}
