//! What a request says beside its messages, and which version of the API takes it.

use super::write_parts::{Pen, cache_mark};
use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::exchange::{allowed_tools, object_schema};
use crate::canonical::raw::{self, Raw};
use crate::canonical::request::{OutputShape, Request, ThinkingMode, Tool, ToolChoice, ToolKind};
use crate::canonical::side::Side;
use crate::canonical::text::Text;
use crate::canonical::thinking::{Plan, plan};
use crate::format::ApiFormat;
use crate::formats::Target;

type Result<T = ()> = std::result::Result<T, FormatError>;

/// Most output where neither the request nor the model's facts say it.
const OUTPUT: u64 = 4096;

/// Members that are objects, whose extras are written inside of them.
pub(super) const OBJECTS: &[&str] = &["thinking.", "tool_choice.", "output_config.", "metadata."];

/// Whether sampling parameters are written. A client of this very API gets what it asks for; for
/// others a default is left out, and thinking goes before sampling, for the API takes not both.
fn samples(request: &Request<'_>, target: &Target<'_>) -> bool {
    let sampling = &request.sampling;
    let any = [sampling.temperature, sampling.top_p, sampling.top_k]
        .iter()
        .any(Option::is_some);
    if request.from == ApiFormat::Anthropic {
        return target.takes_sampling && any;
    }
    target.takes_sampling && unusual(request).next().is_some() && !planned(request, target).thinks()
}

/// Sampling parameters with another value than the default.
fn unusual<'r>(request: &'r Request<'_>) -> impl Iterator<Item = &'static str> + use<'r> {
    let is_one = |raw: &Raw<'_>| raw.get().parse() == Ok(1.0_f64);
    let sampling = &request.sampling;
    let asked = [
        (
            "temperature",
            sampling.temperature.filter(|raw| !is_one(raw)),
        ),
        ("top_p", sampling.top_p.filter(|raw| !is_one(raw))),
        ("top_k", sampling.top_k),
    ];
    asked
        .into_iter()
        .filter_map(|(name, value)| value.map(|_| name))
}

fn limit(request: &Request<'_>, target: &Target<'_>) -> u64 {
    let asked = request.max_output.and_then(raw::count);
    asked.or(target.max_output).unwrap_or(OUTPUT)
}

fn planned(request: &Request<'_>, target: &Target<'_>) -> Plan {
    let home = (ApiFormat::Anthropic, target.provider);
    plan(request, target.thinking, limit(request, target), home)
}

pub(super) fn write(pen: &mut Pen<'_, '_>, request: &Request<'_>, target: &Target<'_>) -> Result {
    match request.max_output {
        Some(limit) => pen.out.key("max_tokens").raw(limit),
        None => pen.out.key("max_tokens").number(limit(request, target)),
    };
    if request.stream {
        pen.out.key("stream").boolean(true);
    }
    sampling(pen, request, target)?;
    stop(pen, request)?;
    let thinks = thinking(pen, request, target)?;
    tools(pen, request)?;
    tool_choice(pen, request, thinks)?;
    account(pen, request)?;
    without_place(pen, request)
}

fn sampling(pen: &mut Pen<'_, '_>, request: &Request<'_>, target: &Target<'_>) -> Result {
    if !samples(request, target) {
        let lost: Vec<_> = unusual(request).collect();
        return lost
            .into_iter()
            .try_for_each(|field| pen.notes.note(field, None));
    }
    let sampling = &request.sampling;
    if let Some(raw) = sampling.temperature {
        let above = raw.get().parse().is_ok_and(|value: f64| value > 1.0);
        if above && !pen.own {
            pen.notes.note("temperature", Some(raw))?;
            pen.out.key("temperature").json("1");
        } else {
            pen.out.key("temperature").raw(raw);
        }
    }
    pen.out.maybe_raw("top_p", sampling.top_p);
    pen.out.maybe_raw("top_k", sampling.top_k);
    Ok(())
}

fn stop(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result {
    if request.stop.is_empty() {
        return Ok(());
    }
    let blank = |text: &&Text<'_>| text.decoded().trim().is_empty();
    if request.stop.iter().any(|text| blank(&text)) && !pen.own {
        return Err(pen.notes.refuse("stop", None));
    }
    pen.out.key("stop_sequences").open_list();
    for text in &request.stop {
        pen.out.text(text);
    }
    pen.out.close_list();
    Ok(())
}

/// Writes `thinking` and `output_config`; says whether the model is told to think.
fn thinking(pen: &mut Pen<'_, '_>, request: &Request<'_>, target: &Target<'_>) -> Result<bool> {
    if pen.own {
        own_thinking(pen, request);
        output_config(pen, request, request.thinking.effort)?;
        return Ok(false);
    }
    let plan = planned(request, target);
    let mut effort = None;
    match plan {
        Plan::Unsaid => {}
        Plan::Impossible => pen.notes.note("thinking", request.thinking.budget)?,
        Plan::Off => {
            pen.out.key("thinking").open();
            pen.out.key("type").plain("disabled").close();
        }
        Plan::Adaptive(asked) => {
            effort = asked.map(|effort| effort.max(Effort::Low));
            pen.out.key("thinking").open().key("type").plain("adaptive");
            display(pen, request);
            pen.out.close();
        }
        Plan::Budget(tokens) => {
            pen.out.key("thinking").open().key("type").plain("enabled");
            pen.out.key("budget_tokens").number(tokens);
            display(pen, request);
            pen.out.close();
        }
    }
    output_config(pen, request, effort)?;
    Ok(plan.thinks())
}

/// What a client of this API says is its own matter: word for word.
fn own_thinking(pen: &mut Pen<'_, '_>, request: &Request<'_>) {
    let side = Side::of(&request.extras, true);
    let Some(mode) = request.thinking.mode else {
        return;
    };
    pen.out.key("thinking").open();
    if side.get("thinking.type").is_none() {
        pen.out.key("type").plain(match mode {
            ThinkingMode::Off => "disabled",
            ThinkingMode::On => "enabled",
            ThinkingMode::Adaptive => "adaptive",
        });
    }
    pen.out.maybe_raw("budget_tokens", request.thinking.budget);
    side.write(&mut pen.out, "thinking.", &[]);
    pen.out.close();
}

fn display(pen: &mut Pen<'_, '_>, request: &Request<'_>) {
    if let Some(summary) = &request.thinking.summary {
        let word = if summary.is("none") {
            "omitted"
        } else {
            "summarized"
        };
        pen.out.key("display").plain(word);
    }
}

fn output_config(pen: &mut Pen<'_, '_>, request: &Request<'_>, effort: Option<Effort>) -> Result {
    let side = Side::of(&request.extras, pen.own);
    if effort.is_none() && request.output.is_none() && !side.under("output_config.") {
        return Ok(());
    }
    pen.out.key("output_config").open();
    if let Some(effort) = effort {
        pen.out.key("effort").plain(effort.word());
    }
    if let Some(shape) = &request.output {
        shape_of(pen, shape)?;
    }
    side.write(&mut pen.out, "output_config.", &[]);
    pen.out.close();
    Ok(())
}

fn shape_of(pen: &mut Pen<'_, '_>, shape: &OutputShape<'_>) -> Result {
    let (schema, name, description, strict) = match shape {
        OutputShape::Json => return Err(pen.notes.refuse("response_format", None)),
        OutputShape::Schema {
            schema,
            name,
            description,
            strict,
        } => (schema.get().to_owned(), name, description, *strict),
        OutputShape::SpeltSchema {
            schema,
            name,
            description,
        } => (schema.decoded().into_owned(), name, description, None),
    };
    if raw::parse(&schema).is_none() {
        return Err(pen.notes.refuse("response_format.schema", None));
    }
    if name.is_some() {
        pen.notes.note("response_format.name", None)?;
    }
    if description.is_some() {
        pen.notes.note("response_format.description", None)?;
    }
    if strict == Some(false) {
        pen.notes.note("response_format.strict", None)?;
    }
    pen.out.key("format").open();
    pen.out.key("type").plain("json_schema");
    pen.out.key("schema").json(&schema).close();
    Ok(())
}

fn tools(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result {
    let tools = allowed_tools(request, pen.notes)?;
    if tools.is_empty() {
        return Ok(());
    }
    pen.out.key("tools").open_list();
    for one in tools {
        tool(pen, one)?;
    }
    pen.out.close_list();
    Ok(())
}

fn tool(pen: &mut Pen<'_, '_>, tool: &Tool<'_>) -> Result {
    match &tool.kind {
        ToolKind::Own(raw) if pen.own => {
            pen.out.raw(raw);
            return Ok(());
        }
        ToolKind::Own(raw) => return Err(pen.notes.refuse("tools[].type", Some(raw))),
        ToolKind::Custom { .. } => return Err(pen.notes.refuse("tools[].custom", tool.origin)),
        ToolKind::Function {
            name,
            description,
            schema,
            strict,
        } => {
            pen.out.open().key("name").text(name);
            pen.out.maybe_text("description", description.as_ref());
            let spelt = schema.map(|schema| schema.get());
            match spelt.filter(|_| pen.own) {
                Some(schema) => pen.out.key("input_schema").json(schema),
                None if pen.own => &mut pen.out,
                None => pen.out.key("input_schema").json(&object_schema(spelt)),
            };
            let strict = strict.filter(|strict| *strict || pen.own);
            pen.out.maybe_boolean("strict", strict);
        }
    }
    if let Some(mark) = &tool.cache {
        pen.out.key("cache_control");
        cache_mark(&mut pen.out, mark);
    }
    Side::of(&tool.extras, pen.own).write(&mut pen.out, "", &[]);
    pen.out.close();
    Ok(())
}

fn tool_choice(pen: &mut Pen<'_, '_>, request: &Request<'_>, thinks: bool) -> Result {
    let one_call = request.parallel_calls == Some(false);
    let choice = match &request.tool_choice {
        None if !one_call && !pen.own => return Ok(()),
        None => None,
        Some(choice) => Some(choice),
    };
    if !pen.own && request.tools.is_empty() {
        return Ok(());
    }
    let (word, name) = match choice {
        None if request.parallel_calls.is_none() => return Ok(()),
        None | Some(ToolChoice::Auto) => ("auto", None),
        Some(ToolChoice::None) => ("none", None),
        Some(ToolChoice::Required) => ("any", None),
        Some(ToolChoice::Named(name)) => ("tool", Some(name)),
        Some(ToolChoice::Allowed { required: true, .. }) => ("any", None),
        Some(ToolChoice::Allowed { .. }) => ("auto", None),
    };
    if thinks && matches!(word, "any" | "tool") {
        return Err(pen.notes.refuse("tool_choice", None));
    }
    pen.out.key("tool_choice").open().key("type").plain(word);
    pen.out.maybe_text("name", name);
    let parallel = request
        .parallel_calls
        .filter(|parallel| !parallel || pen.own);
    if word != "none" || pen.own {
        let disabled = parallel.map(|parallel| !parallel);
        pen.out.maybe_boolean("disable_parallel_tool_use", disabled);
    }
    Side::of(&request.extras, pen.own).write(&mut pen.out, "tool_choice.", &[]);
    pen.out.close();
    Ok(())
}

fn account(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result {
    let side = Side::of(&request.extras, pen.own);
    if request.user.is_some() || side.under("metadata.") {
        pen.out.key("metadata").open();
        pen.out.maybe_text("user_id", request.user.as_ref());
        side.write(&mut pen.out, "metadata.", &[]);
        pen.out.close();
    }
    if let Some(mark) = &request.cache {
        pen.out.key("cache_control");
        cache_mark(&mut pen.out, mark);
    }
    let Some(tier) = &request.tier else {
        return Ok(());
    };
    if pen.own {
        pen.out.key("service_tier").text(tier);
        return Ok(());
    }
    match &*tier.decoded() {
        "auto" => pen.out.key("service_tier").plain("auto"),
        "default" | "standard" => pen.out.key("service_tier").plain("standard_only"),
        _ => return pen.notes.note("service_tier", None),
    };
    Ok(())
}

/// What this API has no field for.
fn without_place(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result {
    let is_zero = |raw: &Raw<'_>| raw.get().parse() == Ok(0.0_f64);
    let sampling = &request.sampling;
    let hints = [
        ("seed", sampling.seed),
        (
            "presence_penalty",
            sampling.presence_penalty.filter(|raw| !is_zero(raw)),
        ),
        (
            "frequency_penalty",
            sampling.frequency_penalty.filter(|raw| !is_zero(raw)),
        ),
        ("metadata", request.metadata),
    ];
    for (field, raw) in hints {
        if raw.is_some() {
            pen.notes.note(field, raw)?;
        }
    }
    if request.verbosity.is_some() {
        pen.notes.note("verbosity", None)?;
    }
    if request.cache_key.is_some() {
        pen.notes.note("prompt_cache_key", None)?;
    }
    refused(pen, request)
}

fn refused(pen: &Pen<'_, '_>, request: &Request<'_>) -> Result {
    let many = request
        .candidates
        .filter(|raw| raw::count(raw).is_none_or(|count| count > 1));
    let bias = request.logit_bias.filter(|raw| raw.get().contains(':'));
    let logprobs = request.logprobs.as_ref().is_some_and(|asked| asked.wanted);
    let other = request.modalities.iter().any(|kind| !kind.is("text"));
    let found = [
        ("n", many.is_some()),
        ("logit_bias", bias.is_some()),
        ("logprobs", logprobs),
        ("modalities", other),
        ("audio", request.voice.is_some() && other),
    ];
    match found.iter().find(|(_, there)| *there) {
        Some((field, _)) => Err(pen.notes.refuse(*field, many.or(bias))),
        None => Ok(()),
    }
}
