//! The paths of each API, found from its chat path.
//!
//! # Source
//! The references of the seven APIs as listed in `actors/wire/tests/golden/README.md`; Vertex AI:
//! "Request predictions with Claude models" and the REST reference, read 2026-11-22; Amazon
//! Bedrock: API reference, `Converse`, `ConverseStream`, `CountTokens`, read 2026-11-22; Azure
//! OpenAI: API version lifecycle, read 2026-11-22.

use wire::ApiFormat;

use super::{NotOffered, escape_segment};

/// What stands for the model in an address.
pub(super) const MODEL: &str = "{model}";
const GENERATE: &str = ":generateContent";
const RAW: &str = ":rawPredict";
const CONVERSE: &str = "/converse";
const DEPLOYMENTS: &str = "/deployments/";

/// The path of a conversation. Addresses that are no whole chat path are completed where the API
/// has the model in its path; otherwise what was written is what is called.
pub(super) fn chat(format: ApiFormat, address: &str, stream: bool) -> String {
    let (path, query) = split(address);
    let path = completed(format, path);
    if !stream {
        return unsplit(&path, query);
    }
    if let Some(stem) = path.strip_suffix(GENERATE) {
        return with_query(&format!("{stem}:streamGenerateContent"), query, "alt=sse");
    }
    let path = if let Some(stem) = path.strip_suffix(RAW) {
        format!("{stem}:streamRawPredict")
    } else if let Some(stem) = path.strip_suffix(CONVERSE) {
        format!("{stem}/converse-stream")
    } else {
        path
    };
    unsplit(&path, query)
}

/// The path that counts the tokens of a request.
pub(super) fn count_tokens(format: ApiFormat, address: &str) -> Result<String, NotOffered> {
    let (path, query) = split(address);
    let path = completed(format, path);
    let counted = match format {
        ApiFormat::Anthropic => match path.rsplit_once("/models/") {
            // Vertex AI has it as a model of its own.
            Some((stem, action)) if action.ends_with(RAW) => {
                Some(format!("{stem}/models/count-tokens{RAW}"))
            }
            _ => below(&path, "/messages", "/count_tokens"),
        },
        ApiFormat::OpenAiResponses => below(&path, "/responses", "/input_tokens"),
        ApiFormat::Gemini => path
            .strip_suffix(GENERATE)
            .map(|stem| format!("{stem}:countTokens")),
        ApiFormat::Bedrock => path
            .strip_suffix(CONVERSE)
            .map(|stem| format!("{stem}/count-tokens")),
        ApiFormat::OpenAiChat | ApiFormat::Cohere | ApiFormat::Ollama => None,
    };
    counted
        .map(|path| unsplit(&path, query))
        .ok_or(NotOffered::Operation)
}

/// The path of the model list.
pub(super) fn models(format: ApiFormat, address: &str) -> Result<String, NotOffered> {
    let (_, query) = split(address);
    let base = base(format, address, false).ok_or(NotOffered::Base)?;
    let (base, _) = split(&base);
    let path = match format {
        ApiFormat::Ollama => format!("{base}/api/tags"),
        // Version 2 of Cohere's API has no list of its own.
        ApiFormat::Cohere => format!("{}/v1/models", base.strip_suffix("/v2").unwrap_or(base)),
        // The list is on the host of the control plane.
        ApiFormat::Bedrock => return Err(NotOffered::Operation),
        // Vertex AI has a list in `v1beta1` alone, of the whole Model Garden, whatever a model is
        // for and whether the project may use it, and without all Gemini models: it says nothing of
        // what can be called. (REST reference, `publishers.models.list`, read 2026-11-22.)
        _ if base.contains("/publishers/") => return Err(NotOffered::Operation),
        _ => format!("{base}/models"),
    };
    Ok(unsplit(&path, query))
}

/// The path of one model, from that of the list.
pub(super) fn model(list: &str, model: &str) -> Result<String, NotOffered> {
    let (path, query) = split(list);
    if let Some(stem) = path.strip_suffix("/api/tags") {
        return Ok(unsplit(&format!("{stem}/api/show"), query));
    }
    let name = escape_segment(bare(model)).ok_or(NotOffered::Model)?;
    Ok(unsplit(&format!("{path}/{name}"), query))
}

/// Where sessions are, below a base.
pub(super) const REALTIME: &str = "/realtime";

/// The path of a session, with the model as the address wants it: Azure's older one has deployments.
///
/// # Source
/// OpenAI, "Realtime API with WebSocket"; Azure OpenAI, "How to use the GPT Realtime API via
/// WebSockets" (`/openai/v1/realtime?model=`, and `/openai/realtime?api-version=..&deployment=`);
/// read 2026-11-22.
pub(super) fn realtime(address: &str, model: Option<&str>, query: Option<&str>) -> String {
    let deployed = split(address).0.contains(DEPLOYMENTS);
    let name = if deployed { "deployment" } else { "model" };
    let model = model.and_then(escape_segment);
    let model = model.map(|model| format!("{name}={model}"));
    let asked: Vec<&str> = model.as_deref().into_iter().chain(query).collect();
    match asked.as_slice() {
        [] => REALTIME.to_owned(),
        asked => format!("{REALTIME}?{}", asked.join("&")),
    }
}

/// The path below which the other operations lie, with the address's query. Without a model the
/// part that belongs to one model is cut off, where the provider has such a place.
pub(super) fn base(format: ApiFormat, address: &str, model_known: bool) -> Option<String> {
    let (path, query) = split(address);
    let path = completed(format, path);
    let base = match format {
        ApiFormat::OpenAiChat => path.strip_suffix("/chat/completions"),
        ApiFormat::OpenAiResponses => path.strip_suffix("/responses"),
        ApiFormat::Anthropic => path
            .strip_suffix("/messages")
            .or_else(|| Some(path.rsplit_once("/models/")?.0)),
        ApiFormat::Gemini => Some(path.rsplit_once("/models/")?.0),
        ApiFormat::Cohere => path.strip_suffix("/chat"),
        ApiFormat::Bedrock => Some(path.rsplit_once("/model/")?.0),
        ApiFormat::Ollama => path.strip_suffix("/api/chat"),
    }?;
    // Azure has files, batches and the list beside its deployments, not below one.
    let base = match base.rsplit_once(DEPLOYMENTS) {
        Some((above, _)) if !model_known => above,
        _ => base,
    };
    Some(unsplit(base, query))
}

/// Puts a path below a base; the queries of both are kept, the base's first.
pub(super) fn join(base: &str, path: &str) -> String {
    let (base, version) = split(base);
    let (path, asked) = split(path);
    let joined = unsplit(&format!("{base}{path}"), version);
    match asked {
        Some(asked) => {
            let (path, query) = split(&joined);
            with_query(path, query, asked)
        }
        None => joined,
    }
}

/// Puts the model where the address has a place for it.
pub(super) fn with_model(path: &str, model: Option<&str>) -> Result<String, NotOffered> {
    if !path.contains(MODEL) {
        return Ok(path.to_owned());
    }
    let model = model.ok_or(NotOffered::ModelNeeded)?;
    let name = escape_segment(bare(model)).ok_or(NotOffered::Model)?;
    Ok(path.replace(MODEL, &name))
}

/// Gemini's list names models with the path that they have there.
fn bare(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}

fn completed(format: ApiFormat, path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    match format {
        ApiFormat::Gemini if !path.contains(['{', ':']) => {
            let stem = trimmed.strip_suffix("/models").unwrap_or(trimmed);
            format!("{stem}/models/{MODEL}{GENERATE}")
        }
        ApiFormat::Bedrock if !path.contains('{') && !path.ends_with(CONVERSE) => {
            format!("{trimmed}/model/{MODEL}{CONVERSE}")
        }
        _ => path.to_owned(),
    }
}

fn below(path: &str, chat: &str, operation: &str) -> Option<String> {
    path.ends_with(chat).then(|| format!("{path}{operation}"))
}

fn split(address: &str) -> (&str, Option<&str>) {
    match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    }
}

fn unsplit(path: &str, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

fn with_query(path: &str, query: Option<&str>, more: &str) -> String {
    match query {
        Some(query) if !query.is_empty() => format!("{path}?{query}&{more}"),
        _ => format!("{path}?{more}"),
    }
}

/// The API that a chat address belongs to, judged by its path, with or without a query.
pub fn format_of_path(path: &str) -> Option<ApiFormat> {
    let (path, _) = split(path);
    let path = path.trim_end_matches('/');
    let by_end = [
        ("/chat/completions", ApiFormat::OpenAiChat),
        ("/responses", ApiFormat::OpenAiResponses),
        ("/messages", ApiFormat::Anthropic),
        ("/api/chat", ApiFormat::Ollama),
        ("/v2/chat", ApiFormat::Cohere),
        (CONVERSE, ApiFormat::Bedrock),
        (GENERATE, ApiFormat::Gemini),
        (RAW, ApiFormat::Anthropic),
    ];
    by_end
        .into_iter()
        .find(|(end, _)| path.ends_with(end))
        .map(|(_, format)| format)
}
