//! The conversation as formats with only two sides have it: user and assistant in turn.
//!
//! Owns which turns become one message, how an instruction in the middle is marked where its role
//! does not exist, and which tools are left when a choice allows only some. Called by the writers
//! of such formats (Anthropic, Bedrock).

use std::borrow::Cow;

use super::error::FormatError;
use super::notes::Notes;
use super::parts::{Part, PartKind};
use super::request::{Request, Role, Tool, ToolChoice, ToolKind, Turn};
use super::text::Text;

/// Turns that become one message.
#[derive(Debug)]
pub(crate) struct Group<'r, 'a> {
    pub(crate) side: Side,
    pub(crate) turns: Vec<&'r Turn<'a>>,
}

/// Who sends a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    User,
    Assistant,
    /// An instruction in the middle, where the format has that role.
    System,
}

/// The messages after the leading instructions. Neighbours of one side are joined if `joins` says
/// so; instructions count as the user's unless `keeps_system`.
pub(crate) fn groups<'r, 'a>(
    request: &'r Request<'a>,
    keeps_system: bool,
    joins: impl Fn(&Turn<'a>, &Turn<'a>) -> bool,
) -> Vec<Group<'r, 'a>> {
    let mut groups: Vec<Group<'r, 'a>> = Vec::new();
    for turn in request.turns.iter().skip(request.instructions()) {
        let side = side_of(turn.role, keeps_system);
        match groups.last_mut() {
            Some(last)
                if last.side == side && last.turns.last().is_some_and(|prev| joins(prev, turn)) =>
            {
                last.turns.push(turn);
            }
            _ => groups.push(Group {
                side,
                turns: vec![turn],
            }),
        }
    }
    groups
}

fn side_of(role: Role, keeps_system: bool) -> Side {
    match role {
        Role::System | Role::Developer if keeps_system => Side::System,
        Role::System | Role::Developer | Role::User | Role::Tool => Side::User,
        Role::Assistant => Side::Assistant,
    }
}

impl<'r, 'a> Group<'r, 'a> {
    /// All parts with the turn they are of, results of tools first.
    pub(crate) fn parts(&self) -> Vec<(&'r Turn<'a>, &'r Part<'a>)> {
        let all = |results: bool| {
            let every = self
                .turns
                .iter()
                .flat_map(|turn| turn.parts.iter().map(move |part| (*turn, part)));
            every.filter(move |(_, part)| matches!(part.kind, PartKind::Result(_)) == results)
        };
        all(true).chain(all(false)).collect()
    }
}

/// An instruction that has to stand among the user's words.
pub(crate) fn marked(text: &Text<'_>) -> Text<'static> {
    Text::joined(
        [
            Text::plain("<system>"),
            text.borrowed(),
            Text::plain("</system>"),
        ],
        "\n",
    )
}

/// The tools that a choice leaves, for formats that cannot name a set.
///
/// # Errors
/// If the history calls a tool outside the set: it would refer to nothing.
pub(crate) fn allowed_tools<'r, 'a>(
    request: &'r Request<'a>,
    notes: &Notes,
) -> Result<Vec<&'r Tool<'a>>, FormatError> {
    let Some(ToolChoice::Allowed { names, .. }) = &request.tool_choice else {
        return Ok(request.tools.iter().collect());
    };
    let allowed = |name: &Text<'_>| names.iter().any(|other| other == name);
    if calls(request).any(|name| !allowed(name)) {
        return Err(notes.refuse("tool_choice.allowed_tools", None));
    }
    let left = request.tools.iter().filter(|tool| match &tool.kind {
        ToolKind::Function { name, .. } | ToolKind::Custom { name, .. } => allowed(name),
        ToolKind::Own(_) => false,
    });
    Ok(left.collect())
}

/// Names of the tools that the history calls.
pub(crate) fn calls<'r, 'a>(request: &'r Request<'a>) -> impl Iterator<Item = &'r Text<'a>> {
    let parts = request.turns.iter().flat_map(|turn| &turn.parts);
    parts.filter_map(|part| match &part.kind {
        PartKind::Call(call) => Some(&call.name),
        _ => None,
    })
}

/// A call's id in the letters that Anthropic and Bedrock take, and not longer than `most`; the same
/// id gives the same again.
pub(crate) fn plain_id<'t>(id: &'t Text<'_>, also: &str, most: usize) -> Cow<'t, str> {
    let id = id.decoded();
    let fits = |char: char| {
        char.is_ascii_alphanumeric() || matches!(char, '_' | '-') || also.contains(char)
    };
    let plain = !id.is_empty() && id.chars().all(fits);
    if plain && id.len() <= most {
        return id;
    }
    if plain {
        return Cow::Owned(shortened(&id));
    }
    let spelt = id.chars().fold(String::from("call"), |mut spelt, char| {
        if char.is_ascii_alphanumeric() || char == '-' {
            spelt.push(char);
        } else {
            spelt.push_str(&format!("_{:x}", u32::from(char)));
        }
        spelt
    });
    Cow::Owned(if spelt.len() > most {
        shortened(&spelt)
    } else {
        spelt
    })
}

/// The beginning, and a sum over all of it (FNV-1a): at most 57 letters.
fn shortened(id: &str) -> String {
    let sum = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let head: String = id.chars().take(40).collect();
    format!("{head}_{sum:016x}")
}

/// A schema of a tool's input that says that it is an object, which both need.
pub(crate) fn object_schema(schema: Option<&str>) -> Cow<'_, str> {
    let Some(schema) = schema else {
        return Cow::Borrowed(r#"{"type":"object","properties":{}}"#);
    };
    let typed = super::raw::parse(schema).and_then(|raw| super::raw::member(raw, "type"));
    let inside = schema.trim().strip_prefix('{');
    match (typed, inside) {
        (None, Some(rest)) if rest.trim() == "}" => object_schema(None),
        (None, Some(rest)) => Cow::Owned(format!(r#"{{"type":"object",{rest}"#)),
        _ => Cow::Borrowed(schema),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ApiFormat;

    fn request() -> Request<'static> {
        let mut request = Request::new(ApiFormat::OpenAiChat);
        let say = |role, text| Turn::new(role, vec![Part::text(Text::plain(text))]);
        request.turns = vec![
            say(Role::System, "lead"),
            say(Role::User, "a"),
            say(Role::Developer, "b"),
            say(Role::Assistant, "c"),
            say(Role::User, "d"),
        ];
        request
    }

    #[test]
    fn neighbours_of_one_side_become_one_message() {
        let request = request();
        let sides = |keeps| {
            let groups = groups(&request, keeps, |_, _| true);
            groups
                .iter()
                .map(|group| (group.side, group.turns.len()))
                .collect::<Vec<_>>()
        };
        let merged = [(Side::User, 2), (Side::Assistant, 1), (Side::User, 1)];
        assert_eq!(sides(false), merged);
        assert_eq!(sides(true).len(), 4);
    }

    #[test]
    fn ids_keep_apart_and_stay_the_same() {
        let id = |id: &str| plain_id(&Text::plain(id.to_owned()), "", 64).into_owned();
        assert_eq!(id("toolu_01-A"), "toolu_01-A");
        assert_eq!(id("a.b"), id("a.b"));
        assert_ne!(id("a.b"), id("a:b"));
        assert_eq!(plain_id(&Text::plain("a.b"), ".:", 64), "a.b");
        assert!(!id("").is_empty());
        let (one, other) = ("a".repeat(99), "a".repeat(98));
        assert!(id(&one).len() <= 64 && id(&one) != id(&other));
    }

    #[test]
    fn a_schema_says_that_it_is_an_object() {
        let both = r#"{"type":"object","properties":{}}"#;
        assert_eq!(object_schema(None), both);
        assert_eq!(object_schema(Some("{ }")), both);
        assert_eq!(
            object_schema(Some(r#"{"a":1}"#)),
            r#"{"type":"object","a":1}"#
        );
        assert_eq!(object_schema(Some(both)), both);
    }
}
