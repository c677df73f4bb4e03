//! `generationConfig` and `toolConfig`, written.

use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw};
use crate::canonical::request::{OutputShape, Request, ThinkingMode, ToolChoice, ToolKind};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::{Target, ThinkingForm};

use super::read_request::VALIDATED;
use super::read_settings::{MIME, SCHEMA_DIALECT};
use super::thinking::{gemini_budget, gemini_level};
use super::words::{OWN, extra};

type Result<T> = std::result::Result<T, FormatError>;

/// Most sequences that the API takes.
const MOST_STOPS: usize = 5;

/// Writes `toolConfig` if anything is to be said in it.
pub(super) fn write_tool_config(out: &mut Out, request: &Request<'_>) {
    let own = request.from == OWN;
    let mut inner = Out::default();
    inner.open();
    write_mode(&mut inner, request);
    if own {
        let head = "toolConfig.functionCallingConfig.";
        write_named(&mut inner, request, head, &[]);
    }
    inner.close();
    let mut config = Out::default();
    config.open();
    member_if_any(&mut config, "functionCallingConfig", inner);
    if own {
        write_named(
            &mut config,
            request,
            "toolConfig.",
            &["functionCallingConfig."],
        );
    }
    config.close();
    member_if_any(out, "toolConfig", config);
}

/// A member, unless the object has none itself.
fn member_if_any(out: &mut Out, key: &str, object: Out) {
    let bytes = object.into_bytes();
    if let Some(json) = std::str::from_utf8(&bytes)
        .ok()
        .filter(|json| *json != "{}")
    {
        out.key(key).json(json);
    }
}

/// The extras whose names begin so, but for those deeper down.
fn write_named(out: &mut Out, request: &Request<'_>, head: &str, deeper: &[&str]) {
    for extra in &request.extras {
        let name = extra.field.strip_prefix(head);
        let name = name.filter(|name| !deeper.iter().any(|other| name.starts_with(other)));
        if let Some(name) = name {
            out.key(name).raw(extra.raw);
        }
    }
}

fn write_mode(out: &mut Out, request: &Request<'_>) {
    let strict = request.tools.iter().any(|tool| {
        matches!(
            tool.kind,
            ToolKind::Function {
                strict: Some(true),
                ..
            }
        )
    });
    let (mode, names): (_, &[Text<'_>]) = match &request.tool_choice {
        Some(ToolChoice::Auto) | None if strict => ("VALIDATED", &[]),
        Some(ToolChoice::Auto) => ("AUTO", &[]),
        Some(ToolChoice::None) => ("NONE", &[]),
        Some(ToolChoice::Required) => ("ANY", &[]),
        Some(ToolChoice::Named(name)) => ("ANY", std::slice::from_ref(name)),
        Some(ToolChoice::Allowed { names, required }) => {
            (if *required { "ANY" } else { "VALIDATED" }, names)
        }
        None => return,
    };
    if request.from != OWN || extra(&request.extras, VALIDATED).is_none() {
        out.key("mode").plain(mode);
    }
    if names.is_empty() {
        return;
    }
    out.key("allowedFunctionNames").open_list();
    for name in names {
        out.text(name);
    }
    out.close_list();
}

/// Writes `generationConfig` if anything is to be said in it.
///
/// # Errors
/// What the format cannot hold and may not be left out.
pub(super) fn write_generation(
    out: &mut Out,
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<()> {
    let mut config = Out::default();
    config.open();
    write_sampling(&mut config, request, target, notes)?;
    config.maybe_raw("maxOutputTokens", request.max_output);
    config.maybe_raw("candidateCount", request.candidates);
    write_stops(&mut config, request, notes)?;
    write_shape(&mut config, request, notes)?;
    write_modalities(&mut config, request, notes)?;
    if let Some(logprobs) = &request.logprobs {
        if logprobs.wanted {
            config.key("responseLogprobs").boolean(true);
        }
        config.maybe_raw("logprobs", logprobs.top);
    }
    write_thinking(&mut config, request, target);
    if request.from == OWN {
        let head = "generationConfig.";
        write_named(&mut config, request, head, &["thinkingConfig."]);
    }
    config.close();
    member_if_any(out, "generationConfig", config);
    Ok(())
}

fn write_sampling(
    out: &mut Out,
    request: &Request<'_>,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<()> {
    let own = request.from == OWN;
    let all = &request.sampling;
    let bits = |seed: Raw<'_>| seed.get().parse::<i32>().is_ok();
    if let Some(seed) = all.seed.filter(|seed| !own && !bits(seed)) {
        return Err(notes.refuse("seed", Some(seed)));
    }
    let fields = [
        ("temperature", "temperature", all.temperature),
        ("topP", "top_p", all.top_p),
        ("topK", "top_k", all.top_k),
        ("presencePenalty", "presence_penalty", all.presence_penalty),
        (
            "frequencyPenalty",
            "frequency_penalty",
            all.frequency_penalty,
        ),
    ];
    for (name, told, value) in fields {
        if own || target.takes_sampling {
            out.maybe_raw(name, value);
        } else if value.is_some() {
            notes.note(told, value)?;
        }
    }
    out.maybe_raw("seed", all.seed);
    Ok(())
}

fn write_stops(out: &mut Out, request: &Request<'_>, notes: &Notes) -> Result<()> {
    if request.stop.is_empty() {
        return Ok(());
    }
    if request.stop.len() > MOST_STOPS && request.from != OWN {
        return Err(notes.refuse("stop", None));
    }
    out.key("stopSequences").open_list();
    for stop in &request.stop {
        out.text(stop);
    }
    out.close_list();
    Ok(())
}

fn write_shape(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Result<()> {
    let own = request.from == OWN;
    let Some(shape) = &request.output else {
        return Ok(());
    };
    if !own || extra(&request.extras, MIME).is_none() {
        out.key("responseMimeType").plain("application/json");
    }
    match shape {
        OutputShape::Json => {}
        OutputShape::Schema { schema, .. } => {
            let dialect = extra(&request.extras, SCHEMA_DIALECT).filter(|_| own);
            if dialect.is_none_or(|dialect| !std::ptr::eq(dialect, *schema)) {
                out.key("responseJsonSchema").raw(schema);
            }
        }
        OutputShape::SpeltSchema { schema, .. } => {
            let json = schema.decoded();
            let parsed = raw::parse(&json);
            let parsed = parsed.ok_or_else(|| notes.refuse("schema", None))?;
            out.key("responseJsonSchema").raw(parsed);
        }
    }
    Ok(())
}

fn write_modalities(out: &mut Out, request: &Request<'_>, notes: &Notes) -> Result<()> {
    if !request.modalities.is_empty() {
        out.key("responseModalities").open_list();
        for word in &request.modalities {
            out.plain(&word.decoded().to_ascii_uppercase());
        }
        out.close_list();
    }
    let Some(voice) = &request.voice else {
        return Ok(());
    };
    let coding = voice.coding.as_ref().filter(|coding| !coding.is("pcm16"));
    if coding.is_some() {
        return Err(notes.refuse("audio.format", None));
    }
    if let Some(name) = &voice.voice {
        out.key("speechConfig").open().key("voiceConfig").open();
        out.key("prebuiltVoiceConfig").open();
        out.key("voiceName").text(name).close().close().close();
    }
    Ok(())
}

/// Level and budget exclude each other: a model takes one of the two.
fn write_thinking(out: &mut Out, request: &Request<'_>, target: &Target<'_>) {
    let mut config = Out::default();
    config.open();
    if let Some(shown) = shows_thoughts(request) {
        config.key("includeThoughts").boolean(shown);
    }
    let thinking = &request.thinking;
    if request.from == OWN {
        config.maybe_raw("thinkingBudget", thinking.budget);
        if let Some(effort) = thinking.effort {
            config
                .key("thinkingLevel")
                .plain(&effort.word().to_ascii_uppercase());
        }
        write_named(
            &mut config,
            request,
            "generationConfig.thinkingConfig.",
            &[],
        );
    } else if target.thinking == ThinkingForm::Budget {
        write_budget(&mut config, request, target.model);
    } else if let Some(level) = level(request, target.model) {
        config.key("thinkingLevel").plain(level);
    }
    config.close();
    member_if_any(out, "thinkingConfig", config);
}

/// Formats that show thinking whenever there is some expect it here too.
fn shows_thoughts(request: &Request<'_>) -> Option<bool> {
    if let Some(summary) = &request.thinking.summary {
        return Some(!summary.is("none"));
    }
    let shown = matches!(
        request.from,
        ApiFormat::Anthropic | ApiFormat::Bedrock | ApiFormat::Cohere | ApiFormat::Ollama
    );
    let thinks = matches!(
        request.thinking.mode,
        Some(ThinkingMode::On | ThinkingMode::Adaptive)
    );
    (shown && thinks).then_some(true)
}

fn is_off(request: &Request<'_>) -> bool {
    let thinking = &request.thinking;
    thinking.mode == Some(ThinkingMode::Off) || thinking.effort == Some(Effort::None)
}

fn write_budget(out: &mut Out, request: &Request<'_>, model: &str) {
    let thinking = &request.thinking;
    match (thinking.budget, thinking.effort) {
        _ if is_off(request) => {
            let least = gemini_budget(Effort::None, model);
            out.key("thinkingBudget").number(least);
        }
        (Some(budget), _) => _ = out.key("thinkingBudget").raw(budget),
        (None, Some(effort)) => {
            out.key("thinkingBudget")
                .number(gemini_budget(effort, model));
        }
        (None, None) if thinking.mode == Some(ThinkingMode::Adaptive) => {
            out.key("thinkingBudget").json("-1");
        }
        (None, None) => {}
    }
}

fn level(request: &Request<'_>, model: &str) -> Option<&'static str> {
    let thinking = &request.thinking;
    let budget = thinking.budget.and_then(raw::count).map(Effort::of_budget);
    let effort = match is_off(request) {
        true => Some(Effort::None),
        false => thinking.effort.or(budget),
    };
    effort.map(|effort| gemini_level(effort, model))
}
