//! Writes a request.

use super::write_message::Messages;
use super::{OWN, Outcome};
use crate::canonical::effort::Effort;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::PartKind;
use crate::canonical::raw::{self, Raw};
use crate::canonical::request::{OutputShape, Request, ThinkingMode, Tool, ToolChoice, ToolKind};
use crate::canonical::text::Text;
use crate::formats::Target;

pub(super) fn write(
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Outcome<Vec<u8>> {
    let mut out = Out::default();
    out.open().key("model").plain(target.model);
    Messages {
        request,
        target,
        notes: &mut *notes,
        moved: Vec::new(),
    }
    .write(&mut out)?;
    let mut writer = Writer {
        own: request.from == OWN,
        request,
        target,
        notes,
    };
    writer.tools(&mut out)?;
    writer.shape(&mut out)?;
    writer.think(&mut out);
    writer.options(&mut out)?;
    writer.leave_out()?;
    writer.rest(&mut out);
    out.close();
    Ok(out.into_bytes())
}

struct Writer<'w, 'a> {
    /// Whether the client spoke this format too.
    own: bool,
    request: &'w Request<'a>,
    target: &'w Target<'w>,
    notes: &'w mut Notes,
}

impl Writer<'_, '_> {
    fn tools(&mut self, out: &mut Out) -> Outcome {
        let request = self.request;
        let allowed = match &request.tool_choice {
            None | Some(ToolChoice::Auto) => None,
            Some(ToolChoice::None) => return Ok(()),
            Some(ToolChoice::Allowed {
                names,
                required: false,
            }) => Some(names.as_slice()),
            Some(_) => return Err(self.notes.refuse("tool_choice", None)),
        };
        if let Some(names) = allowed.filter(|names| !self.may_be_cut(names)) {
            debug_assert!(!names.is_empty() || !request.turns.is_empty());
            return Err(self.notes.refuse("tool_choice", None));
        }
        if request.parallel_calls == Some(false) && !request.tools.is_empty() {
            self.notes.note("parallel_tool_calls", None)?;
        }
        let kept = |tool: &&Tool<'_>| allowed.is_none_or(|names| is_named(tool, names));
        let tools: Vec<_> = request.tools.iter().filter(kept).collect();
        if tools.is_empty() {
            return Ok(());
        }
        out.key("tools").open_list();
        for tool in tools {
            self.tool(out, tool)?;
        }
        out.close_list();
        Ok(())
    }

    /// Tools may be left out if no call in the history names one of them.
    fn may_be_cut(&self, names: &[Text<'_>]) -> bool {
        let parts = self.request.turns.iter().flat_map(|turn| &turn.parts);
        let mut calls = parts.filter_map(|part| match &part.kind {
            PartKind::Call(call) => Some(&call.name),
            _ => None,
        });
        calls.all(|name| names.contains(name))
    }

    fn tool(&mut self, out: &mut Out, tool: &Tool<'_>) -> Outcome {
        let ToolKind::Function {
            name,
            description,
            schema,
            strict,
        } = &tool.kind
        else {
            return Err(self.notes.refuse("tools", tool.origin));
        };
        if strict.is_some() {
            self.notes.note("strict", tool.origin)?;
        }
        if tool.cache.is_some() {
            self.notes.note("cache_control", tool.origin)?;
        }
        out.open().key("type").plain("function");
        out.key("function").open();
        out.key("name").text(name);
        out.maybe_text("description", description.as_ref());
        out.maybe_raw("parameters", *schema);
        for extra in tool.extras.iter().filter(|_| self.own) {
            if let Some(key) = extra.field.strip_prefix("function.") {
                out.key(key).raw(extra.raw);
            }
        }
        out.close();
        for extra in tool.extras.iter().filter(|_| self.own) {
            if !extra.field.starts_with("function.") {
                out.key(&extra.field).raw(extra.raw);
            }
        }
        out.close();
        Ok(())
    }

    fn shape(&mut self, out: &mut Out) -> Outcome {
        let request = self.request;
        if let Some(shape) = &request.output {
            self.format(out, shape)?;
        }
        if let Some(logprobs) = &request.logprobs {
            out.key("logprobs").boolean(logprobs.wanted);
            out.maybe_raw("top_logprobs", logprobs.top);
        }
        Ok(())
    }

    fn format(&mut self, out: &mut Out, shape: &OutputShape<'_>) -> Outcome {
        match shape {
            OutputShape::Json => {
                out.key("format").plain("json");
            }
            OutputShape::Schema { schema, .. } => {
                out.key("format").raw(schema);
            }
            OutputShape::SpeltSchema { schema, .. } => {
                let decoded = schema.decoded();
                let parsed = raw::parse(&decoded);
                let parsed = parsed.ok_or_else(|| self.notes.refuse("schema", None))?;
                out.key("format").raw(parsed);
            }
        }
        Ok(())
    }

    /// Models that know no levels take each for `true`.
    fn think(&self, out: &mut Out) {
        let asked = &self.request.thinking;
        let budget = asked.budget.and_then(raw::count).map(Effort::of_budget);
        match (asked.mode, asked.effort.or(budget)) {
            (None, None) => {}
            (Some(ThinkingMode::Off), _) | (_, Some(Effort::None)) => {
                out.key("think").boolean(false);
            }
            (_, Some(effort)) => {
                let level = if self.own { effort } else { level(effort) };
                out.key("think").plain(level.word());
            }
            (Some(_), None) => {
                out.key("think").boolean(true);
            }
        }
    }

    fn options(&mut self, out: &mut Out) -> Outcome {
        let request = self.request;
        let asked = &request.sampling;
        let sampling = [
            ("temperature", asked.temperature),
            ("top_p", asked.top_p),
            ("top_k", asked.top_k),
            ("presence_penalty", asked.presence_penalty),
            ("frequency_penalty", asked.frequency_penalty),
        ];
        let given = sampling
            .iter()
            .filter_map(|(key, raw)| Some((*key, (*raw)?)));
        let mut options: Vec<(&str, Raw<'_>)> = Vec::new();
        for (key, value) in given {
            if self.target.takes_sampling {
                options.push((key, value));
            } else {
                self.notes.note(key, Some(value))?;
            }
        }
        options.extend(asked.seed.map(|seed| ("seed", seed)));
        options.extend(request.max_output.map(|limit| ("num_predict", limit)));
        for extra in request.extras.iter().filter(|_| self.own) {
            let key = extra.field.strip_prefix("options.");
            options.extend(key.map(|key| (key, extra.raw)));
        }
        write_options(out, &options, &request.stop);
        Ok(())
    }

    /// What this format has no field for.
    fn leave_out(&mut self) -> Outcome {
        let request = self.request;
        let one = request
            .candidates
            .is_none_or(|candidates| candidates.get() == "1");
        if !one {
            return Err(self.notes.refuse("n", request.candidates));
        }
        if request.logit_bias.is_some() {
            return Err(self.notes.refuse("logit_bias", request.logit_bias));
        }
        let sound = request.modalities.iter().any(|kind| !kind.is("text"));
        if sound || request.voice.is_some() {
            return Err(self.notes.refuse("modalities", None));
        }
        let hints = [
            ("verbosity", request.verbosity.is_some()),
            ("cache_control", request.cache.is_some()),
            ("prompt_cache_key", request.cache_key.is_some()),
            ("user", request.user.is_some()),
            ("service_tier", request.tier.is_some()),
        ];
        for (field, _) in hints.into_iter().filter(|(_, asked)| *asked) {
            self.notes.note(field, None)?;
        }
        match request.metadata {
            Some(metadata) => self.notes.note("metadata", Some(metadata)),
            None => Ok(()),
        }
    }

    /// A request that does not say is streamed.
    fn rest(&self, out: &mut Out) {
        let request = self.request;
        let silent = self.own && request.extras.iter().all(|extra| extra.field != "stream");
        if !(silent && request.stream) {
            out.key("stream").boolean(request.stream);
        }
        for extra in request.extras.iter().filter(|_| self.own) {
            if extra.field != "stream" && !extra.field.starts_with("options.") {
                out.key(&extra.field).raw(extra.raw);
            }
        }
    }
}

fn write_options(out: &mut Out, options: &[(&str, Raw<'_>)], stop: &[Text<'_>]) {
    if options.is_empty() && stop.is_empty() {
        return;
    }
    out.key("options").open();
    for (key, value) in options {
        out.key(key).raw(value);
    }
    if !stop.is_empty() {
        out.key("stop").open_list();
        for text in stop {
            out.text(text);
        }
        out.close_list();
    }
    out.close();
}

fn is_named(tool: &Tool<'_>, names: &[Text<'_>]) -> bool {
    match &tool.kind {
        ToolKind::Function { name, .. } | ToolKind::Custom { name, .. } => names.contains(name),
        ToolKind::Own(_) => false,
    }
}

/// The format has three levels.
fn level(effort: Effort) -> Effort {
    effort.clamp(Effort::Low, Effort::High)
}
