//! Ids of calls and names of results, where a format leaves them out.
//!
//! An id that we make depends on nothing but the conversation before it, so the same history gives
//! the same bytes from turn to turn, and provider caches stay warm.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
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
    let mut open = OpenCalls::default();
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
                    open.add(id, name);
                }
                PartKind::Result(result) => match_result(result, &mut open, &names),
                _ => {}
            }
        }
    }
}

/// Calls without a result so far. A request may have very many, so none of them is searched for.
#[derive(Debug, Default)]
struct OpenCalls {
    all: Vec<Option<(String, String)>>,
    by_id: HashMap<String, VecDeque<usize>>,
    by_name: HashMap<String, VecDeque<usize>>,
    /// No call before this one is open.
    first: usize,
}

impl OpenCalls {
    fn add(&mut self, id: String, name: String) {
        let number = self.all.len();
        self.by_id.entry(id.clone()).or_default().push_back(number);
        let named = self.by_name.entry(name.clone()).or_default();
        named.push_back(number);
        self.all.push(Some((id, name)));
    }

    /// Takes out the earliest open call of this id, else of this name, else of any.
    fn take(&mut self, id: Option<&str>, name: Option<&str>) -> Option<(String, String)> {
        let numbers = match (id, name) {
            (Some(id), _) => self.by_id.get_mut(id)?,
            (None, Some(name)) => self.by_name.get_mut(name)?,
            (None, None) => return self.take_first(),
        };
        let all = &mut self.all;
        let mut taken = std::iter::from_fn(|| numbers.pop_front());
        taken.find_map(|number| all.get_mut(number)?.take())
    }

    fn take_first(&mut self) -> Option<(String, String)> {
        while let Some(call) = self.all.get_mut(self.first) {
            self.first += 1;
            if let Some(call) = call.take() {
                return Some(call);
            }
        }
        None
    }
}

/// A result without an id belongs to the earliest open call of its name, or of any name if it has
/// none.
fn match_result(
    result: &mut ToolResult<'_>,
    open: &mut OpenCalls,
    names: &HashMap<String, String>,
) {
    let (id, name) = (
        result.id.as_ref().map(|id| id.decoded()),
        result.name.as_ref().map(|name| name.decoded()),
    );
    if let Some((open_id, open_name)) = open.take(id.as_deref(), name.as_deref()) {
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
    fn open_calls_are_taken_once_in_order_by_id_by_name_or_as_they_come() {
        let mut open = OpenCalls::default();
        for (id, name) in [("1", "a"), ("2", "b"), ("3", "a"), ("1", "c")] {
            open.add(id.to_owned(), name.to_owned());
        }
        let mut take = |id, name| open.take(id, name).map(|(id, name)| id + &name);
        assert_eq!(take(Some("3"), Some("c")).as_deref(), Some("3a"));
        assert_eq!(take(None, Some("a")).as_deref(), Some("1a"));
        assert_eq!(take(None, Some("a")), None);
        assert_eq!(take(Some("1"), None).as_deref(), Some("1c"));
        assert_eq!(take(None, None).as_deref(), Some("2b"));
        assert_eq!(take(None, None), None);
    }

    #[test]
    fn derived_ids_are_the_same_every_time_and_differ_by_seed() {
        let id = derived_id(("a", 1));
        assert_eq!(id, derived_id(("a", 1)));
        assert_ne!(id, derived_id(("a", 2)));
        assert_eq!(id.len(), "call_".len() + 22);
    }
}
