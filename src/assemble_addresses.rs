//! Every address of every built-in provider, compared with its documentation.

use provider::Endpoint;

use super::*;
use crate::config::{Environment, from_text};

/// Provider, operation, address. The model is `m`, the region `us-east-1`, the project `p`, the
/// resource `r`. Sources are named in `src/config/stock_rows.rs`.
const DOCUMENTED: &str = "
anthropic anthropic https://api.anthropic.com/v1/messages
anthropic count https://api.anthropic.com/v1/messages/count_tokens
anthropic models https://api.anthropic.com/v1/models
anthropic model https://api.anthropic.com/v1/models/m
anthropic openai-chat https://api.anthropic.com/v1/chat/completions
anthropic /messages/batches https://api.anthropic.com/v1/messages/batches
azure openai-chat https://r.openai.azure.com/openai/v1/chat/completions
azure openai-responses https://r.openai.azure.com/openai/v1/responses
azure anthropic https://r.services.ai.azure.com/anthropic/v1/messages
azure models https://r.openai.azure.com/openai/v1/models
azure /embeddings https://r.openai.azure.com/openai/v1/embeddings
bedrock bedrock-converse https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse
bedrock bedrock-converse:stream https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream
bedrock count https://bedrock-runtime.us-east-1.amazonaws.com/model/m/count-tokens
bedrock openai-chat https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1/chat/completions
bedrock openai-responses https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1/responses
bedrock anthropic https://bedrock-runtime.us-east-1.amazonaws.com/anthropic/v1/messages
bedrock models https://bedrock.us-east-1.amazonaws.com/foundation-models
cerebras openai-chat https://api.cerebras.ai/v1/chat/completions
cerebras models https://api.cerebras.ai/v1/models
cohere cohere https://api.cohere.com/v2/chat
cohere cohere:stream https://api.cohere.com/v2/chat
cohere openai-chat https://api.cohere.ai/compatibility/v1/chat/completions
cohere models https://api.cohere.com/v1/models
cohere /rerank https://api.cohere.com/v2/rerank
cohere /embed https://api.cohere.com/v2/embed
cohere /embeddings https://api.cohere.ai/compatibility/v1/embeddings
deepinfra openai-chat https://api.deepinfra.com/v1/openai/chat/completions
deepinfra models https://api.deepinfra.com/v1/openai/models
deepinfra /embeddings https://api.deepinfra.com/v1/openai/embeddings
deepseek openai-chat https://api.deepseek.com/chat/completions
deepseek openai-responses https://api.deepseek.com/responses
deepseek anthropic https://api.deepseek.com/anthropic/v1/messages
deepseek /completions https://api.deepseek.com/beta/completions
deepseek models https://api.deepseek.com/models
gemini openai-chat https://generativelanguage.googleapis.com/v1beta/openai/chat/completions
gemini gemini https://generativelanguage.googleapis.com/v1beta/models/m:generateContent
gemini gemini:stream https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse
gemini gemini:count https://generativelanguage.googleapis.com/v1beta/models/m:countTokens
gemini models https://generativelanguage.googleapis.com/v1beta/models
gemini /embeddings https://generativelanguage.googleapis.com/v1beta/openai/embeddings
github openai-chat https://models.github.ai/inference/chat/completions
github models https://models.github.ai/catalog/models
groq openai-chat https://api.groq.com/openai/v1/chat/completions
groq openai-responses https://api.groq.com/openai/v1/responses
groq models https://api.groq.com/openai/v1/models
groq /audio/transcriptions https://api.groq.com/openai/v1/audio/transcriptions
llamacpp openai-chat http://127.0.0.1:8080/v1/chat/completions
llamacpp anthropic http://127.0.0.1:8080/v1/messages
llamacpp models http://127.0.0.1:8080/v1/models
llamacpp /rerank http://127.0.0.1:8080/v1/rerank
lmstudio openai-chat http://127.0.0.1:1234/v1/chat/completions
lmstudio openai-responses http://127.0.0.1:1234/v1/responses
lmstudio models http://127.0.0.1:1234/v1/models
minimax_free openai-chat https://api.minimax.io/v1/chat/completions
minimax_free openai-responses https://api.minimax.io/v1/responses
minimax_free anthropic https://api.minimax.io/anthropic/v1/messages
minimax_free models https://api.minimax.io/v1/models
mistral openai-chat https://api.mistral.ai/v1/chat/completions
mistral models https://api.mistral.ai/v1/models
mistral /embeddings https://api.mistral.ai/v1/embeddings
moonshot openai-chat https://api.moonshot.ai/v1/chat/completions
moonshot openai-responses https://api.moonshot.ai/v1/responses
moonshot anthropic https://api.moonshot.ai/anthropic/v1/messages
moonshot models https://api.moonshot.ai/v1/models
moonshot /files https://api.moonshot.ai/v1/files
nvidia openai-chat https://integrate.api.nvidia.com/v1/chat/completions
nvidia models https://integrate.api.nvidia.com/v1/models
nvidia_free openai-chat https://integrate.api.nvidia.com/v1/chat/completions
nvidia_free models https://integrate.api.nvidia.com/v1/models
ollama openai-chat http://127.0.0.1:11434/v1/chat/completions
ollama openai-responses http://127.0.0.1:11434/v1/responses
ollama anthropic http://127.0.0.1:11434/v1/messages
ollama ollama http://127.0.0.1:11434/api/chat
ollama ollama:stream http://127.0.0.1:11434/api/chat
ollama models http://127.0.0.1:11434/api/tags
ollama model http://127.0.0.1:11434/api/show
ollama /embeddings http://127.0.0.1:11434/v1/embeddings
openai openai-chat https://api.openai.com/v1/chat/completions
openai openai-responses https://api.openai.com/v1/responses
openai openai-responses:count https://api.openai.com/v1/responses/input_tokens
openai models https://api.openai.com/v1/models
openai model https://api.openai.com/v1/models/m
openai /files/f1/content https://api.openai.com/v1/files/f1/content
openai /images/generations https://api.openai.com/v1/images/generations
openrouter openai-chat https://openrouter.ai/api/v1/chat/completions
openrouter openai-responses https://openrouter.ai/api/v1/responses
openrouter anthropic https://openrouter.ai/api/v1/messages
openrouter models https://openrouter.ai/api/v1/models
openrouter /embeddings https://openrouter.ai/api/v1/embeddings
perplexity openai-responses https://api.perplexity.ai/v1/responses
perplexity models https://api.perplexity.ai/v1/models
qwen_free openai-chat https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions
qwen_free models https://dashscope-intl.aliyuncs.com/compatible-mode/v1/models
qwen_free /embeddings https://dashscope-intl.aliyuncs.com/compatible-mode/v1/embeddings
sambanova openai-chat https://api.sambanova.ai/v1/chat/completions
sambanova models https://api.sambanova.ai/v1/models
together openai-chat https://api.together.ai/v1/chat/completions
together models https://api.together.ai/v1/models
together /images/generations https://api.together.ai/v1/images/generations
vertex gemini https://us-east-1-aiplatform.googleapis.com/v1/projects/p/locations/us-east-1/publishers/google/models/m:generateContent
vertex gemini:stream https://us-east-1-aiplatform.googleapis.com/v1/projects/p/locations/us-east-1/publishers/google/models/m:streamGenerateContent?alt=sse
vertex gemini:count https://us-east-1-aiplatform.googleapis.com/v1/projects/p/locations/us-east-1/publishers/google/models/m:countTokens
vertex anthropic https://us-east-1-aiplatform.googleapis.com/v1/projects/p/locations/us-east-1/publishers/anthropic/models/m:rawPredict
vertex anthropic:stream https://us-east-1-aiplatform.googleapis.com/v1/projects/p/locations/us-east-1/publishers/anthropic/models/m:streamRawPredict
vertex anthropic:count https://us-east-1-aiplatform.googleapis.com/v1/projects/p/locations/us-east-1/publishers/anthropic/models/count-tokens:rawPredict
vertex openai-chat https://us-east-1-aiplatform.googleapis.com/v1/projects/p/locations/us-east-1/endpoints/openapi/chat/completions
vllm openai-chat http://127.0.0.1:8000/v1/chat/completions
vllm models http://127.0.0.1:8000/v1/models
vllm /rerank http://127.0.0.1:8000/v1/rerank
xai openai-chat https://api.x.ai/v1/chat/completions
xai openai-responses https://api.x.ai/v1/responses
xai models https://api.x.ai/v1/models
xai /images/generations https://api.x.ai/v1/images/generations
zai openai-chat https://api.z.ai/api/paas/v4/chat/completions
zai anthropic https://api.z.ai/api/anthropic/v1/messages
zai models https://api.z.ai/api/paas/v4/models
zai-coding-plan openai-chat https://api.z.ai/api/coding/paas/v4/chat/completions
zai-coding-plan openai-responses https://api.z.ai/api/v1/responses
zai-coding-plan models https://api.z.ai/api/coding/paas/v4/models
zen openai-chat https://opencode.ai/zen/v1/chat/completions
zen anthropic https://opencode.ai/zen/v1/messages
zen openai-responses https://opencode.ai/zen/v1/responses
zen gemini https://opencode.ai/zen/v1/models/m:generateContent
zen gemini:stream https://opencode.ai/zen/v1/models/m:streamGenerateContent?alt=sse
zen models https://opencode.ai/zen/v1/models
";

const CLOUDS: &str = r#"{"providers": {
    "azure": {"resource": "r"},
    "bedrock": {"region": "us-east-1"},
    "vertex": {"region": "us-east-1", "project": "p"}
}}"#;

fn loaded(text: &str) -> Resolved {
    from_text("c.json", text, &Environment::default())
        .unwrap()
        .resolved
}

fn spec(resolved: &Resolved, name: &str) -> ProviderSpec {
    provider_spec(&resolved.upstreams[name]).unwrap()
}

fn endpoint<'a>(spec: &ProviderSpec, word: &'a str) -> Endpoint<'a> {
    let (format, verb) = word.split_once(':').unwrap_or((word, ""));
    let model = "m";
    match (format, verb) {
        ("models", _) => Endpoint::Models,
        ("model", _) => Endpoint::Model(model),
        ("count", _) => Endpoint::CountTokens {
            format: spec.format,
            model,
        },
        (format, "count") => Endpoint::CountTokens {
            format: format.parse().unwrap(),
            model,
        },
        (path, _) if path.starts_with('/') => Endpoint::Extension(path),
        (format, verb) => Endpoint::Chat {
            format: format.parse().unwrap(),
            model,
            stream: verb == "stream",
        },
    }
}

#[test]
fn every_operation_of_every_built_in_provider_is_where_its_documentation_says() {
    let resolved = loaded(CLOUDS);
    let mut seen = Vec::new();
    for line in DOCUMENTED.lines().filter(|line| !line.is_empty()) {
        let [name, word, url] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let spec = spec(&resolved, name);
        let place = spec.locate(endpoint(&spec, word));
        let place = place.unwrap_or_else(|reason| panic!("{line}: {reason}"));
        assert_eq!(place.to_string(), url, "{line}");
        seen.push(name);
    }
    for name in resolved.upstreams.keys().filter(|name| *name != "echo") {
        assert!(seen.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn models_of_gateways_are_spoken_to_in_their_own_formats() {
    let resolved = loaded(CLOUDS);
    for (provider, model, format) in [
        ("zen", "claude-opus-4-8", ApiFormat::Anthropic),
        ("zen", "gpt-5.5", ApiFormat::OpenAiResponses),
        ("zen", "gemini-3.5-flash", ApiFormat::Gemini),
        ("zen", "qwen3.8-max", ApiFormat::OpenAiChat),
        ("zen", "qwen3.7-plus", ApiFormat::Anthropic),
        ("zen", "glm-5.3", ApiFormat::OpenAiChat),
        ("vertex", "claude-opus-4-1@20250805", ApiFormat::Anthropic),
        ("vertex", "gemini-3-pro", ApiFormat::Gemini),
        ("gemini", "gemini-3-pro", ApiFormat::OpenAiChat),
        ("perplexity", "sonar", ApiFormat::OpenAiResponses),
    ] {
        assert_eq!(
            spec(&resolved, provider).format_of(model),
            format,
            "{model}"
        );
    }
}

#[test]
fn format_of_an_agents_model_holds_for_the_provider() {
    let text = r#"{"agents": {"a": {"models": [{"provider": "openai", "model": "gpt-5.5", "format": "responses"}]}}}"#;
    let resolved = loaded(text);
    let openai = spec(&resolved, "openai");
    assert_eq!(openai.format_of("gpt-5.5"), ApiFormat::OpenAiResponses);
    assert_eq!(openai.format_of("gpt-5.4"), ApiFormat::OpenAiChat);
}

#[test]
fn single_wishes_of_a_provider_reach_its_description() {
    let text = r#"{"providers": {"zai": {
        "thinking": {"enabled": true, "clear_thinking": false},
        "aliases": {"fast": "glm-5.3-flash"},
        "headers": {"X-Title": "ours"},
        "accounts": [{"id": "a", "type": "apikey"}],
        "region": "r"
    }}}"#;
    let zai = spec(&loaded(text), "zai");
    let thinking = zai.thinking.unwrap();
    assert_eq!(
        (thinking.enabled, thinking.clear),
        (Some(true), Some(false))
    );
    assert_eq!(zai.model_name("fast"), "glm-5.3-flash");
    assert_eq!(zai.model_name("glm-5.3"), "glm-5.3");
    assert_eq!(
        zai.extra_headers,
        [("X-Title".to_owned(), "ours".to_owned())]
    );
    assert_eq!(zai.key_names(), ["zai", "zai/a"]);
    assert_eq!(zai.quirks, [provider::Quirk::MaxTokens]);
    let gemini = spec(&loaded("{}"), "gemini");
    assert_eq!(gemini.model_name("gemini-pro"), "gemini-pro-latest");
    let mistral = spec(&loaded("{}"), "mistral");
    assert!(!mistral.takes_stream_options());
}
