//! What models think, in the dialects of this API.
//!
//! Owns: `reasoning_content`, `reasoning`, `reasoning_details[]` of a message, `extra_content` of a
//! call, and their seals. The seal of a thought says in which dialect it came: it is the JSON
//! object that stood in `reasoning_details` without its text, or an object with a `type` that is
//! the name of the member that held the text. DeepSeek refuses a history of calls without the
//! `reasoning_content` that belongs to them, OpenAI refuses the member altogether: so it goes back
//! to the provider that sent it, and only there.
//!
//! Clients get thinking as `reasoning_content`, which most of them show, and as
//! `reasoning_details`, which some of them send back. There the seals of other formats stand in
//! `signature` and `data`.
//!
//! # Source
//! DeepSeek API docs, "Thinking mode"; OpenRouter docs, "Reasoning tokens"; read 22 Nov 2026.

use std::borrow::Cow;

use super::{OWN, Outcome};
use crate::canonical::out::Out;
use crate::canonical::parts::{Part, PartKind, Thought};
use crate::canonical::raw::{self, Raw};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;

/// The members of a message that hold thinking.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Members<'a> {
    pub(super) reasoning_content: Option<Raw<'a>>,
    pub(super) reasoning: Option<Raw<'a>>,
    pub(super) details: Option<Raw<'a>>,
}

impl<'a> Members<'a> {
    /// The name and text of the member that holds it all as one string.
    fn plain(&self) -> Option<(&'static str, Raw<'a>)> {
        let content = self.reasoning_content.map(|raw| ("reasoning_content", raw));
        content.or(self.reasoning.map(|raw| ("reasoning", raw)))
    }
}

/// One element of `reasoning_details`.
#[derive(Debug, Default)]
pub(super) struct Detail<'a> {
    pub(super) text: Option<Text<'a>>,
    pub(super) id: Option<Text<'a>>,
    /// Signature or data.
    pub(super) sealed: Option<Text<'a>>,
    /// Whether there is nothing to read in it.
    pub(super) redacted: bool,
    pub(super) index: Option<u64>,
    raw: Option<Raw<'a>>,
}

impl<'a> Detail<'a> {
    pub(super) fn read(raw: Raw<'a>) -> Outcome<Self> {
        let mut detail = Detail {
            raw: Some(raw),
            ..Detail::default()
        };
        raw::each_member(raw, |key, value| {
            match key {
                "type" => detail.redacted = raw::text(value)?.is("reasoning.encrypted"),
                "text" | "summary" => detail.text = raw::maybe_text(value)?,
                "signature" | "data" => detail.sealed = raw::maybe_text(value)?,
                "id" => detail.id = raw::maybe_text(value)?,
                "index" => detail.index = raw::count(value),
                _ => {}
            }
            Ok(())
        })?;
        Ok(detail)
    }

    /// The seal of a thought that ends with this detail.
    pub(super) fn seal<'p>(&self, provider: Option<&'p str>) -> Option<Seal<'p>>
    where
        'a: 'p,
    {
        let carried = self.sealed.clone().map(|value| Seal::carried(OWN, value));
        if let Some(foreign) = carried.filter(|seal| seal.provider.is_some()) {
            return Some(foreign);
        }
        let value = without(self.raw?, &["text", "summary"])?;
        Some(own_seal(provider, value))
    }

    /// Whether `later` goes on with the same thought.
    fn goes_on(&self, later: &Self) -> bool {
        self.index.is_some() && self.index == later.index && self.redacted == later.redacted
    }
}

/// An object without the members that the thought holds as text.
pub(super) fn without(object: Raw<'_>, texts: &[&str]) -> Option<String> {
    let mut out = Out::default();
    out.open();
    raw::each_member(object, |key, value| {
        if !texts.contains(&key) && !raw::is_null(value) {
            out.key(key).raw(value);
        }
        Ok(())
    })
    .ok()?;
    out.close();
    String::from_utf8(out.into_bytes()).ok()
}

/// A seal of this format.
pub(super) fn own_seal<'p>(provider: Option<&'p str>, value: String) -> Seal<'p> {
    Seal {
        format: OWN,
        provider: provider.map(Cow::Borrowed),
        value: Text::plain(value),
    }
}

/// The seal of thinking that came as one string in the member `name`.
pub(super) fn dialect_seal<'p>(provider: Option<&'p str>, name: &str) -> Seal<'p> {
    own_seal(provider, format!("{{\"type\":\"{name}\"}}"))
}

/// The thoughts of a message, and whether `reasoning_content` or `reasoning` only repeat what
/// stands in the details.
pub(super) fn read<'a>(
    members: &Members<'a>,
    provider: Option<&'a str>,
) -> Outcome<(Vec<Part<'a>>, bool)> {
    let mut thoughts = match members.details {
        Some(details) => of_details(details, provider)?,
        None => Vec::new(),
    };
    let repeated = thoughts.iter().any(|thought| !thought.texts.is_empty());
    if let Some((name, raw)) = members.plain().filter(|_| !repeated) {
        add_plain(&mut thoughts, name, raw::text(raw)?, provider);
    }
    let parts = thoughts
        .into_iter()
        .map(|thought| Part::new(PartKind::Thinking(thought)));
    Ok((parts.collect(), repeated))
}

fn of_details<'a>(raw: Raw<'a>, provider: Option<&'a str>) -> Outcome<Vec<Thought<'a>>> {
    let mut thoughts: Vec<Thought<'a>> = Vec::new();
    let mut last: Option<Detail<'a>> = None;
    raw::each_item(raw, |item| {
        let detail = Detail::read(item)?;
        let goes_on = last.as_ref().is_some_and(|last| last.goes_on(&detail));
        match thoughts.last_mut().filter(|_| goes_on) {
            Some(thought) => add(thought, &detail, provider),
            None => {
                let mut thought = Thought {
                    redacted: detail.redacted,
                    ..Thought::default()
                };
                add(&mut thought, &detail, provider);
                thoughts.push(thought);
            }
        }
        last = Some(detail);
        Ok(())
    })?;
    Ok(thoughts)
}

/// Takes in one piece of a thought; its text is one text, however it was cut.
fn add<'a>(thought: &mut Thought<'a>, detail: &Detail<'a>, provider: Option<&'a str>) {
    if let Some(text) = detail.text.clone().filter(|text| !text.is_empty()) {
        let whole = match thought.texts.pop() {
            Some(before) => Text::joined([before, text], ""),
            None => text,
        };
        thought.texts.push(whole);
    }
    thought.id = detail.id.clone().or(thought.id.take());
    if detail.sealed.is_some() || thought.seal.is_none() {
        thought.seal = detail.seal(provider);
    }
}

fn add_plain<'a>(
    thoughts: &mut Vec<Thought<'a>>,
    name: &'static str,
    text: Text<'a>,
    provider: Option<&'a str>,
) {
    let open = thoughts.iter_mut().find(|thought| !thought.redacted);
    match open {
        Some(thought) => thought.texts.push(text),
        None => {
            let thought = Thought {
                texts: vec![text],
                seal: Some(dialect_seal(provider, name)),
                ..Thought::default()
            };
            thoughts.insert(0, thought);
        }
    }
}

/// The whole text of a thought; several summaries are parted by a blank line.
pub(super) fn text_of(thought: &Thought<'_>) -> Text<'static> {
    Text::joined(thought.texts.iter().map(Text::borrowed), "\n\n")
}

/// A thought as its dialect has it.
pub(super) enum Spelt {
    /// The text is the value of this member of the message.
    Member(String),
    /// An element of `reasoning_details`, without its text.
    Detail(String),
    /// A part of the content, without its text.
    ContentPart(String),
}

impl Spelt {
    /// What the value of an own seal says.
    pub(super) fn of(value: &Text<'_>) -> Option<Self> {
        let value = value.decoded();
        let kind = raw::text(raw::member(raw::parse(&value)?, "type")?).ok()?;
        let kind = kind.decoded();
        match kind.as_ref() {
            "reasoning_content" | "reasoning" => Some(Self::Member(kind.into_owned())),
            "thinking" => Some(Self::ContentPart(value.into_owned())),
            _ => Some(Self::Detail(value.into_owned())),
        }
    }
}

/// Writes an own detail with its text put back.
pub(super) fn write_own_detail(out: &mut Out, skeleton: &str, text: &Text<'_>) {
    let Some(skeleton) = raw::parse(skeleton) else {
        return;
    };
    let name = match raw::member(skeleton, "type").and_then(Text::of_raw) {
        Some(kind) if kind.is("reasoning.summary") => "summary",
        _ => "text",
    };
    out.open();
    let written = raw::each_member(skeleton, |key, value| {
        out.key(key).raw(value);
        if key == "type" && !text.is_empty() {
            out.key(name).text(text);
        }
        Ok(())
    });
    debug_assert!(written.is_ok(), "a parsed object can be walked");
    out.close();
}

/// Writes a thought of another format as a detail for a client of this one.
pub(super) fn write_foreign_detail(out: &mut Out, thought: &Thought<'_>, index: u64) {
    let sealed = thought.seal.as_ref().map(|seal| seal.for_client(OWN));
    out.open();
    if thought.redacted {
        out.key("type").plain("reasoning.encrypted");
        out.maybe_text("data", sealed.as_ref());
    } else {
        out.key("type").plain("reasoning.text");
        out.key("text").text(&text_of(thought));
        out.maybe_text("signature", sealed.as_ref());
    }
    out.maybe_text("id", thought.id.as_ref());
    out.key("index").number(index).close();
}

/// The seal of a call by its `extra_content`. What stands there for us comes first.
pub(super) fn call_seal<'a>(extra_content: Raw<'a>, provider: Option<&'a str>) -> Seal<'a> {
    let nenya = raw::member(extra_content, "nenya").and_then(Text::of_raw);
    match nenya {
        Some(value) => Seal::carried(OWN, value),
        None => own_seal(provider, extra_content.get().to_owned()),
    }
}

/// Writes `extra_content` as the provider sent it.
pub(super) fn write_own_call_seal(out: &mut Out, value: &Text<'_>) {
    let value = value.decoded();
    if let Some(raw) = raw::parse(&value) {
        out.key("extra_content").raw(raw);
    }
}

/// Writes the seal of a call for a client.
pub(super) fn write_call_seal(out: &mut Out, seal: &Seal<'_>) {
    if seal.format == OWN {
        return write_own_call_seal(out, &seal.value);
    }
    out.key("extra_content").open();
    out.key("nenya").text(&seal.for_client(OWN)).close();
}
