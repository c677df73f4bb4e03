//! Writes messages.
//!
//! A message of tool results takes text only, so images and files in results follow in a message
//! of the user, right after the last result of their turn.

use super::node;
use super::thinking::{self, Spelt};
use super::write_parts::{self, Context};
use super::{OWN, Outcome};
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::{Call, CallInput, Part, PartKind, Thought, ToolResult};
use crate::canonical::request::{Request, Role, Turn};
use crate::canonical::text::Text;
use crate::formats::Target;

/// Writes the messages of one request.
pub(super) struct Messages<'w, 'a> {
    request: &'w Request<'a>,
    target: &'w Target<'w>,
    context: Context<'w>,
    /// Media of results, by call, that wait for the end of the results.
    moved: Vec<(Option<Text<'w>>, Vec<&'w Part<'a>>)>,
}

/// What an assistant's turn consists of.
#[derive(Default)]
struct Said<'w, 'a> {
    content: Vec<&'w Part<'a>>,
    refusal: Option<&'w Text<'a>>,
    calls: Vec<(&'w Part<'a>, &'w Call<'a>)>,
    /// Thoughts that go back, with their dialect.
    thoughts: Vec<(&'w Thought<'a>, Spelt)>,
}

impl<'w, 'a> Messages<'w, 'a> {
    pub(super) fn new(
        request: &'w Request<'a>,
        target: &'w Target<'w>,
        notes: &'w mut Notes,
    ) -> Self {
        let own = request.from == OWN;
        Self {
            request,
            target,
            context: Context { own, notes },
            moved: Vec::new(),
        }
    }

    pub(super) fn write(mut self, out: &mut Out) -> Outcome {
        out.key("messages").open_list();
        let request = self.request;
        for turn in &request.turns {
            if turn.role == Role::Tool {
                self.results(out, turn)?;
                continue;
            }
            self.flush(out)?;
            match turn.role {
                Role::Assistant => self.assistant(out, turn)?,
                role => self.speaker(out, role, turn)?,
            }
        }
        self.flush(out)?;
        out.close_list();
        Ok(())
    }

    fn speaker(&mut self, out: &mut Out, role: Role, turn: &'w Turn<'a>) -> Outcome {
        if turn.parts.is_empty() && !self.context.own {
            return Ok(());
        }
        out.open().key("role").plain(word(role));
        let parts: Vec<&Part<'_>> = turn.parts.iter().collect();
        write_parts::content(out, &parts, &mut self.context)?;
        self.rest(out, turn, &[]);
        out.close();
        Ok(())
    }

    fn rest(&self, out: &mut Out, turn: &Turn<'_>, not: &[&str]) {
        out.maybe_text("name", turn.name.as_ref());
        if self.context.own {
            node::write_outer(out, &turn.extras, not);
        }
    }

    fn assistant(&mut self, out: &mut Out, turn: &'w Turn<'a>) -> Outcome {
        let said = self.said(turn)?;
        let silent = said.content.is_empty() && said.calls.is_empty() && said.refusal.is_none();
        if silent && !self.context.own {
            return Ok(());
        }
        out.open().key("role").plain("assistant");
        self.content(out, &said)?;
        out.maybe_text("refusal", said.refusal);
        let in_details = self.thoughts(out, &said.thoughts);
        self.calls(out, &said.calls)?;
        // A repetition in one string goes with the details that it repeats.
        let not: &[&str] = if in_details { &[] } else { &["reasoning"] };
        self.rest(out, turn, not);
        out.close();
        Ok(())
    }

    fn said(&mut self, turn: &'w Turn<'a>) -> Outcome<Said<'w, 'a>> {
        let mut said = Said::default();
        for part in &turn.parts {
            match &part.kind {
                PartKind::Thinking(thought) => {
                    let spelt = self.dialect(thought).map(|spelt| (thought, spelt));
                    said.thoughts.extend(spelt);
                }
                PartKind::Call(call) => said.calls.push((part, call)),
                PartKind::Refusal(text) if write_parts::stood_alone(part) => {
                    said.refusal = Some(text);
                }
                PartKind::Text(_) | PartKind::Refusal(_) | PartKind::SearchResult(_) => {
                    said.content.push(part);
                }
                _ if self.context.own => said.content.push(part),
                _ => return Err(self.context.refuse("part of an answer", part)),
            }
        }
        Ok(said)
    }

    /// The dialect in which a thought goes back to the provider that it came from.
    fn dialect(&self, thought: &Thought<'_>) -> Option<Spelt> {
        let seal = thought.seal.as_ref()?;
        let value = seal.for_upstream(OWN, self.target.provider)?;
        Spelt::of(&value)
    }

    fn content(&mut self, out: &mut Out, said: &Said<'w, 'a>) -> Outcome {
        let parted = |spelt: &Spelt| matches!(spelt, Spelt::ContentPart(_));
        if !said.thoughts.iter().any(|(_, spelt)| parted(spelt)) {
            return write_parts::content(out, &said.content, &mut self.context);
        }
        out.key("content").open_list();
        for (thought, spelt) in &said.thoughts {
            if let Spelt::ContentPart(skeleton) = spelt {
                write_parts::thinking(out, skeleton, thought);
            }
        }
        for part in &said.content {
            write_parts::write(out, part, &mut self.context)?;
        }
        out.close_list();
        Ok(())
    }

    /// Whether any thought stands in `reasoning_details`.
    fn thoughts(&self, out: &mut Out, thoughts: &[(&Thought<'_>, Spelt)]) -> bool {
        for name in ["reasoning_content", "reasoning"] {
            let of_this = thoughts
                .iter()
                .filter(|(_, spelt)| matches!(spelt, Spelt::Member(member) if member == name));
            let texts: Vec<_> = of_this
                .map(|(thought, _)| thinking::text_of(thought))
                .collect();
            if !texts.is_empty() {
                out.key(name).text(&Text::joined(texts, "\n\n"));
            }
        }
        let details: Vec<_> = thoughts
            .iter()
            .filter_map(|(thought, spelt)| match spelt {
                Spelt::Detail(skeleton) => Some((thought, skeleton)),
                _ => None,
            })
            .collect();
        if details.is_empty() {
            return false;
        }
        out.key("reasoning_details").open_list();
        for (thought, skeleton) in details {
            thinking::write_own_detail(out, skeleton, &thinking::text_of(thought));
        }
        out.close_list();
        true
    }

    fn calls(&mut self, out: &mut Out, calls: &[(&Part<'_>, &Call<'_>)]) -> Outcome {
        let legacy = |part: &Part<'_>| {
            self.context.own && node::find(&part.extras, "function_call").is_some()
        };
        if let [(part, call)] = calls
            && legacy(part)
        {
            out.key("function_call");
            function(out, part, call, true);
            return Ok(());
        }
        if calls.is_empty() {
            return Ok(());
        }
        out.key("tool_calls").open_list();
        for (part, call) in calls {
            self.call(out, part, call);
        }
        out.close_list();
        Ok(())
    }

    fn call(&self, out: &mut Out, part: &Part<'_>, call: &Call<'_>) {
        out.open();
        out.maybe_text("id", call.id.as_ref());
        write_call_body(out, part, call, self.context.own);
        let seal = call.seal.as_ref();
        if let Some(value) = seal.and_then(|seal| seal.for_upstream(OWN, self.target.provider)) {
            thinking::write_own_call_seal(out, &value);
        }
        if self.context.own {
            node::write_outer(
                out,
                &part.extras,
                &["function.", "custom.", "function_call"],
            );
        }
        out.close();
    }

    fn results(&mut self, out: &mut Out, turn: &'w Turn<'a>) -> Outcome {
        for part in &turn.parts {
            if let PartKind::Result(result) = &part.kind {
                self.result(out, turn, result)?;
            }
        }
        Ok(())
    }

    fn result(&mut self, out: &mut Out, turn: &'w Turn<'a>, result: &'w ToolResult<'a>) -> Outcome {
        let legacy = self.context.own && node::find(&turn.extras, "role").is_some();
        out.open().key("role");
        out.plain(if legacy { "function" } else { "tool" });
        if !legacy {
            out.maybe_text("tool_call_id", result.id.as_ref());
        }
        // The name is filled in from the call for formats that need it; here only this client's.
        if self.context.own {
            out.maybe_text("name", result.name.as_ref());
        }
        let (moved, kept): (Vec<_>, Vec<_>) = result
            .content
            .iter()
            .partition(|part| !self.context.own && is_media(part));
        write_parts::result(out, result, &kept, !moved.is_empty(), &mut self.context)?;
        if self.context.own {
            node::write_outer(out, &turn.extras, &["role"]);
        }
        out.close();
        if !moved.is_empty() {
            let id = result.id.as_ref().map(Text::borrowed);
            self.moved.push((id, moved));
        }
        Ok(())
    }

    /// Writes the media that were taken out of results.
    fn flush(&mut self, out: &mut Out) -> Outcome {
        if self.moved.is_empty() {
            return Ok(());
        }
        out.open().key("role").plain("user");
        out.key("content").open_list();
        for (id, media) in std::mem::take(&mut self.moved) {
            let id = id.map_or_else(String::new, |id| format!(" {}", id.decoded()));
            out.open().key("type").plain("text");
            out.key("text")
                .plain(&format!("From the result of call{id}:"));
            out.close();
            for part in media {
                write_parts::write(out, part, &mut self.context)?;
            }
        }
        out.close_list().close();
        Ok(())
    }
}

fn is_media(part: &Part<'_>) -> bool {
    matches!(part.kind, PartKind::Media(_)) && !write_parts::is_text_document(part)
}

fn word(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::Developer => "developer",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    }
}

/// Type, name and input of a call.
pub(super) fn write_call_body(out: &mut Out, part: &Part<'_>, call: &Call<'_>, own: bool) {
    let kind = match call.input {
        CallInput::Free(_) => "custom",
        _ => "function",
    };
    out.key("type").plain(kind).key(kind);
    function(out, part, call, own);
}

fn function(out: &mut Out, part: &Part<'_>, call: &Call<'_>, own: bool) {
    let (input, inner) = match call.input {
        CallInput::Free(_) => ("input", "custom."),
        _ => ("arguments", "function."),
    };
    out.open().key("name").text(&call.name);
    out.key(input).text(&call.input.as_text());
    if own {
        node::write_inner(out, &part.extras, inner);
    }
    out.close();
}
