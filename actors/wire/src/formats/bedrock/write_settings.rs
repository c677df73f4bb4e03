//! What a request says beside its messages.

use super::read_settings::MORE;
use super::write_account;
use super::write_parts::{Pen, cache_point};
use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::exchange::{allowed_tools, calls, object_schema};
use crate::canonical::raw::{self, Raw};
use crate::canonical::request::{OutputShape, Request, ThinkingMode, Tool, ToolChoice, ToolKind};
use crate::canonical::side::Side;
use crate::canonical::text::Text;
use crate::canonical::thinking::{Plan, plan};
use crate::format::ApiFormat;
use crate::formats::Target;

type Result<T = ()> = std::result::Result<T, FormatError>;

/// Members that are objects, whose extras are written inside of them.
pub(super) const OBJECTS: &[&str] = &[
    "inferenceConfig.",
    "toolConfig.",
    "additionalModelRequestFields.",
    "outputConfig.",
    "serviceTier.",
];

/// Limit of the output if nobody says one, for a budget of thinking to stay below.
const OUTPUT: u64 = 4096;

/// Makers, as they stand in model ids, whose models do not take Anthropic's `thinking`.
const OTHERS: [&str; 12] = [
    "amazon.",
    "meta.",
    "mistral.",
    "openai.",
    "deepseek.",
    "cohere.",
    "ai21.",
    "qwen.",
    "google.",
    "minimax.",
    "moonshot",
    "nvidia.",
];

pub(super) fn write(pen: &mut Pen<'_, '_>, request: &Request<'_>, target: &Target<'_>) -> Result {
    let plan = planned(request, target);
    inference(pen, request, target, plan)?;
    sequence_met(pen, request, target);
    tool_config(pen, request, plan)?;
    model_fields(pen, request, target, plan)?;
    output_config(pen, request, plan)?;
    write_account::write(pen, request)
}

fn planned(request: &Request<'_>, target: &Target<'_>) -> Plan {
    let limit = request.max_output.and_then(raw::count);
    let limit = limit.or(target.max_output).unwrap_or(OUTPUT);
    let home = (ApiFormat::Bedrock, target.provider);
    plan(request, target.thinking, limit, home)
}

fn is_of_another_maker(target: &Target<'_>) -> bool {
    OTHERS.iter().any(|maker| target.model.contains(maker))
}

/// Sampling that may go out: none if the model refuses it, or thinks by our word.
fn samples(pen: &Pen<'_, '_>, target: &Target<'_>, plan: Plan) -> bool {
    let thinks = plan.thinks() && !is_of_another_maker(target);
    target.takes_sampling && (pen.own || !thinks)
}

fn inference(
    pen: &mut Pen<'_, '_>,
    request: &Request<'_>,
    target: &Target<'_>,
    plan: Plan,
) -> Result {
    let side = Side::of(&request.extras, pen.own);
    let sampling = &request.sampling;
    let (mut temperature, mut top_p) = (sampling.temperature, sampling.top_p);
    if !samples(pen, target, plan) {
        let is_one = |raw: &Raw<'_>| raw.get().parse() == Ok(1.0_f64);
        for (field, raw) in [("temperature", temperature.take()), ("top_p", top_p.take())] {
            if raw.is_some_and(|raw| !is_one(&raw)) {
                pen.notes.note(field, raw)?;
            }
        }
    }
    // A budget must stay below a limit, so the limit is said.
    let needed = match plan {
        Plan::Budget(_) if request.max_output.is_none() => {
            Some(target.max_output.unwrap_or(OUTPUT))
        }
        _ => None,
    };
    let nothing = [request.max_output, temperature, top_p]
        .iter()
        .all(Option::is_none);
    if nothing && needed.is_none() && request.stop.is_empty() && !side.under("inferenceConfig.") {
        return Ok(());
    }
    pen.out.key("inferenceConfig").open();
    pen.out.maybe_raw("maxTokens", request.max_output);
    pen.out.maybe_number("maxTokens", needed);
    if let Some(raw) = temperature {
        let above = raw.get().parse().is_ok_and(|value: f64| value > 1.0);
        if above && !pen.own {
            pen.notes.note("temperature", Some(raw))?;
            pen.out.key("temperature").json("1");
        } else {
            pen.out.key("temperature").raw(raw);
        }
    }
    pen.out.maybe_raw("topP", top_p);
    if !request.stop.is_empty() {
        pen.out.key("stopSequences").open_list();
        for text in &request.stop {
            pen.out.text(text);
        }
        pen.out.close_list();
    }
    side.write(&mut pen.out, "inferenceConfig.", &[]);
    pen.out.close();
    Ok(())
}

/// Asks which sequence was met, which only the model's own fields tell.
fn sequence_met(pen: &mut Pen<'_, '_>, request: &Request<'_>, target: &Target<'_>) {
    if !pen.own && !request.stop.is_empty() && !is_of_another_maker(target) {
        pen.out
            .key("additionalModelResponseFieldPaths")
            .open_list()
            .plain("/stop_sequence")
            .close_list();
    }
}

/// Without a way to forbid calls, tools are left out; the history must not need them.
fn tool_config(pen: &mut Pen<'_, '_>, request: &Request<'_>, plan: Plan) -> Result {
    let side = Side::of(&request.extras, pen.own);
    if request.parallel_calls == Some(false) && !request.tools.is_empty() {
        pen.notes.note("parallel_tool_calls", None)?;
    }
    if matches!(request.tool_choice, Some(ToolChoice::None)) {
        return match calls(request).next() {
            Some(_) => Err(pen.notes.refuse("tool_choice", None)),
            None => Ok(()),
        };
    }
    let tools = allowed_tools(request, pen.notes)?;
    if tools.is_empty() && !side.under("toolConfig.") {
        return Ok(());
    }
    pen.out.key("toolConfig").open();
    pen.out.key("tools").open_list();
    for one in tools {
        tool(pen, one)?;
    }
    pen.out.close_list();
    tool_choice(pen, request, plan)?;
    side.write(&mut pen.out, "toolConfig.", &[]);
    pen.out.close();
    Ok(())
}

fn tool(pen: &mut Pen<'_, '_>, tool: &Tool<'_>) -> Result {
    match &tool.kind {
        ToolKind::Own(raw) if pen.own => {
            pen.out.raw(raw);
        }
        ToolKind::Own(raw) => return Err(pen.notes.refuse("tools[].type", Some(raw))),
        ToolKind::Custom { .. } => return Err(pen.notes.refuse("tools[].custom", tool.origin)),
        ToolKind::Function {
            name,
            description,
            schema,
            strict,
        } => {
            pen.out.open().key("toolSpec").open();
            pen.out.key("name").text(name);
            let description = description.as_ref();
            let description = description.filter(|text| pen.own || !text.is_empty());
            pen.out.maybe_text("description", description);
            schema_of(pen, tool, schema.map(|schema| schema.get()));
            let strict = strict.filter(|strict| *strict || pen.own);
            pen.out.maybe_boolean("strict", strict);
            let side = Side::of(&tool.extras, pen.own);
            side.write(&mut pen.out, "", &["inputSchema."]);
            pen.out.close().close();
        }
    }
    if let Some(mark) = &tool.cache {
        cache_point(&mut pen.out, mark);
    }
    Ok(())
}

fn schema_of(pen: &mut Pen<'_, '_>, tool: &Tool<'_>, spelt: Option<&str>) {
    pen.out.key("inputSchema").open();
    match spelt.filter(|_| pen.own) {
        Some(schema) => {
            pen.out.key("json").json(schema);
        }
        None if pen.own => {}
        None => {
            pen.out.key("json").json(&object_schema(spelt));
        }
    }
    Side::of(&tool.extras, pen.own).write(&mut pen.out, "inputSchema.", &[]);
    pen.out.close();
}

fn tool_choice(pen: &mut Pen<'_, '_>, request: &Request<'_>, plan: Plan) -> Result {
    let forced = !matches!(
        request.tool_choice,
        None | Some(
            ToolChoice::Auto
                | ToolChoice::None
                | ToolChoice::Allowed {
                    required: false,
                    ..
                }
        )
    );
    if forced && plan.thinks() && !pen.own {
        return Err(pen.notes.refuse("tool_choice", None));
    }
    let (word, name) = match &request.tool_choice {
        None | Some(ToolChoice::None) => return Ok(()),
        Some(
            ToolChoice::Auto
            | ToolChoice::Allowed {
                required: false, ..
            },
        ) => ("auto", None),
        Some(ToolChoice::Required | ToolChoice::Allowed { .. }) => ("any", None),
        Some(ToolChoice::Named(name)) => ("tool", Some(name)),
    };
    pen.out.key("toolChoice").open().key(word).open();
    pen.out.maybe_text("name", name);
    pen.out.close().close();
    Ok(())
}

fn model_fields(
    pen: &mut Pen<'_, '_>,
    request: &Request<'_>,
    target: &Target<'_>,
    plan: Plan,
) -> Result {
    let side = Side::of(&request.extras, pen.own);
    let prefix = "additionalModelRequestFields.";
    let mut top_k = request.sampling.top_k;
    if !samples(pen, target, plan)
        && let Some(raw) = top_k.take()
    {
        pen.notes.note("top_k", Some(raw))?;
    }
    let tells = match plan {
        _ if pen.own => request.thinking.mode.is_some(),
        Plan::Impossible => {
            pen.notes.note("thinking", request.thinking.budget)?;
            false
        }
        Plan::Unsaid => false,
        _ => !is_of_another_maker(target),
    };
    if top_k.is_none() && !tells && !side.under(prefix) {
        return Ok(());
    }
    pen.out.key(MORE).open();
    pen.out.maybe_raw("top_k", top_k);
    if tells {
        thinking(pen, request, plan);
    }
    side.write(&mut pen.out, prefix, &[]);
    pen.out.close();
    Ok(())
}

fn thinking(pen: &mut Pen<'_, '_>, request: &Request<'_>, plan: Plan) {
    pen.out.key("thinking").open();
    if pen.own {
        pen.out.key("type").plain(match request.thinking.mode {
            Some(ThinkingMode::On) => "enabled",
            Some(ThinkingMode::Off) => "disabled",
            Some(ThinkingMode::Adaptive) | None => "adaptive",
        });
        pen.out.maybe_raw("budget_tokens", request.thinking.budget);
    } else if let Plan::Budget(tokens) = plan {
        pen.out.key("type").plain("enabled");
        pen.out.key("budget_tokens").number(tokens);
    } else {
        let off = plan == Plan::Off;
        pen.out
            .key("type")
            .plain(if off { "disabled" } else { "adaptive" });
    }
    pen.out.close();
}

fn output_config(pen: &mut Pen<'_, '_>, request: &Request<'_>, plan: Plan) -> Result {
    let side = Side::of(&request.extras, pen.own);
    let effort = match plan {
        _ if pen.own => request.thinking.effort,
        Plan::Adaptive(effort) => effort.map(|effort| effort.max(Effort::Low)),
        _ => None,
    };
    if effort.is_none() && request.output.is_none() && !side.under("outputConfig.") {
        return Ok(());
    }
    pen.out.key("outputConfig").open();
    if let Some(effort) = effort {
        pen.out.key("effort").plain(effort.word());
    }
    if let Some(shape) = &request.output {
        text_format(pen, shape)?;
    }
    side.write(&mut pen.out, "outputConfig.", &[]);
    pen.out.close();
    Ok(())
}

fn text_format(pen: &mut Pen<'_, '_>, shape: &OutputShape<'_>) -> Result {
    let (schema, name, description, strict) = match shape {
        OutputShape::Json => return Err(pen.notes.refuse("response_format", None)),
        OutputShape::Schema {
            schema,
            name,
            description,
            strict,
        } => (Text::plain(schema.get()), name, description, *strict),
        OutputShape::SpeltSchema {
            schema,
            name,
            description,
        } => (schema.borrowed(), name, description, None),
    };
    if strict == Some(false) {
        pen.notes.note("response_format.strict", None)?;
    }
    pen.out.key("textFormat").open();
    pen.out.key("type").plain("json_schema");
    pen.out.key("structure").open().key("jsonSchema").open();
    pen.out.key("schema").text(&schema);
    pen.out.maybe_text("name", name.as_ref());
    pen.out.maybe_text("description", description.as_ref());
    pen.out.close().close().close();
    Ok(())
}
