use super::*;
use crate::config::ProviderKind;

fn provider(url: &str) -> ProviderSpec {
    ProviderSpec::new("p", ProviderKind::Http, url.parse().unwrap())
}

fn with_route(url: &str, format: ApiFormat, other: &str) -> ProviderSpec {
    let mut spec = provider(url);
    spec.routes.push(FormatRoute {
        format,
        url: other.parse().unwrap(),
        auth: AuthStyle::Anthropic,
    });
    spec
}

fn place(spec: &ProviderSpec, endpoint: Endpoint<'_>) -> Result<String, NotOffered> {
    spec.locate(endpoint).map(|place| place.to_string())
}

fn chat(spec: &ProviderSpec, model: &str, stream: bool) -> String {
    let format = spec.format_of(model);
    place(
        spec,
        Endpoint::Chat {
            format,
            model,
            stream,
        },
    )
    .unwrap()
}

fn counted(spec: &ProviderSpec, model: &str) -> Result<String, NotOffered> {
    let format = spec.format_of(model);
    place(spec, Endpoint::CountTokens { format, model })
}

#[test]
fn base_path_is_kept_for_everything() {
    let groq = provider("https://api.groq.com/openai/v1/chat/completions");
    let at = |endpoint| place(&groq, endpoint).unwrap();
    let base = "https://api.groq.com/openai/v1";
    assert_eq!(chat(&groq, "m", true), format!("{base}/chat/completions"));
    assert_eq!(at(Endpoint::Models), format!("{base}/models"));
    assert_eq!(
        at(Endpoint::Model("qwen/qwen3")),
        format!("{base}/models/qwen%2Fqwen3")
    );
    for path in ["/embeddings", "/files/f1/content", "/files?limit=2"] {
        assert_eq!(at(Endpoint::Extension(path)), format!("{base}{path}"));
    }
    assert_eq!(counted(&groq, "m"), Err(NotOffered::Operation));
}

#[test]
fn format_is_read_from_the_address() {
    for (url, format) in [
        (
            "https://a.example/v1/chat/completions",
            ApiFormat::OpenAiChat,
        ),
        ("https://a.example/v1/responses", ApiFormat::OpenAiResponses),
        ("https://a.example/v1/messages", ApiFormat::Anthropic),
        ("https://a.example/v2/chat", ApiFormat::Cohere),
        ("http://a.example:11434/api/chat", ApiFormat::Ollama),
        (
            "https://a.example/v1beta/models/{model}:generateContent",
            ApiFormat::Gemini,
        ),
        (
            "https://a.example/model/{model}/converse",
            ApiFormat::Bedrock,
        ),
        ("https://a.example/odd", ApiFormat::OpenAiChat),
    ] {
        assert_eq!(provider(url).format, format, "{url}");
    }
}

#[test]
fn anthropic_counts_tokens_beside_its_messages() {
    let spec = provider("https://api.anthropic.com/v1/messages");
    assert_eq!(
        counted(&spec, "m").unwrap(),
        "https://api.anthropic.com/v1/messages/count_tokens"
    );
    assert_eq!(
        place(&spec, Endpoint::Extension("/messages/batches")).unwrap(),
        "https://api.anthropic.com/v1/messages/batches"
    );
}

#[test]
fn gemini_has_the_model_and_the_verb_in_the_path() {
    let base = "https://generativelanguage.googleapis.com/v1beta";
    let mut spec = provider(&format!("{base}/models/{{model}}:generateContent"));
    let model = format!("{base}/models/gemini-3-pro");
    assert_eq!(
        chat(&spec, "gemini-3-pro", false),
        format!("{model}:generateContent")
    );
    assert_eq!(
        chat(&spec, "models/gemini-3-pro", true),
        format!("{model}:streamGenerateContent?alt=sse")
    );
    assert_eq!(
        counted(&spec, "gemini-3-pro").unwrap(),
        format!("{model}:countTokens")
    );
    assert_eq!(
        place(&spec, Endpoint::Models).unwrap(),
        format!("{base}/models")
    );
    assert_eq!(
        place(&spec, Endpoint::Model("models/m")).unwrap(),
        format!("{base}/models/m")
    );
    // The base alone says the same.
    spec.url = base.parse().unwrap();
    assert_eq!(
        chat(&spec, "gemini-3-pro", false),
        format!("{model}:generateContent")
    );
}

#[test]
fn bedrock_escapes_arns_into_one_segment() {
    let host = "https://bedrock-runtime.us-east-1.amazonaws.com";
    let spec = provider(&format!("{host}/model/{{model}}/converse"));
    assert_eq!(
        chat(&spec, "anthropic.claude-sonnet-4-5-20250929-v1:0", false),
        format!("{host}/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse")
    );
    let arn = "arn:aws:bedrock:us-east-1:1:inference-profile/p";
    assert_eq!(
        chat(&spec, arn, true),
        format!(
            "{host}/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fp/converse-stream"
        )
    );
    assert_eq!(
        counted(&spec, "m").unwrap(),
        format!("{host}/model/m/count-tokens")
    );
    assert_eq!(place(&spec, Endpoint::Models), Err(NotOffered::Operation));
}

#[test]
fn vertex_speaks_two_apis_below_one_project() {
    let project = "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5";
    let mut spec = with_route(
        &format!("{project}/publishers/google/models/{{model}}:generateContent"),
        ApiFormat::Anthropic,
        &format!("{project}/publishers/anthropic/models/{{model}}:rawPredict"),
    );
    spec.model_formats.push(ModelFormat {
        models: "claude-*".to_owned(),
        format: ApiFormat::Anthropic,
    });
    let claude = "claude-opus-4-1@20250805";
    let models = format!("{project}/publishers/anthropic/models");
    assert_eq!(
        chat(&spec, claude, false),
        format!("{models}/{claude}:rawPredict")
    );
    assert_eq!(
        chat(&spec, claude, true),
        format!("{models}/{claude}:streamRawPredict")
    );
    assert_eq!(
        counted(&spec, claude).unwrap(),
        format!("{models}/count-tokens:rawPredict")
    );
    assert_eq!(
        chat(&spec, "gemini-3-pro", true),
        format!("{project}/publishers/google/models/gemini-3-pro:streamGenerateContent?alt=sse")
    );
}

#[test]
fn vertex_has_no_list_that_reads_like_geminis() {
    let host = "https://us-east5-aiplatform.googleapis.com";
    let path = "/v1/projects/p/locations/l/publishers/google/models/{model}:generateContent";
    let spec = provider(&format!("{host}{path}"));
    assert_eq!(place(&spec, Endpoint::Models), Err(NotOffered::Operation));
    assert!(
        spec.probed()
            .unwrap()
            .path_and_query()
            .ends_with("/models/probe:generateContent")
    );
}

#[test]
fn azure_has_deployments_and_a_version() {
    let host = "https://r.openai.azure.com";
    let dated = provider(&format!(
        "{host}/openai/deployments/{{model}}/chat/completions?api-version=2024-10-21"
    ));
    let query = "api-version=2024-10-21";
    assert_eq!(
        chat(&dated, "gpt 4/o", true),
        format!("{host}/openai/deployments/gpt%204%2Fo/chat/completions?{query}")
    );
    let embeddings = Endpoint::ExtensionFor {
        path: "/embeddings",
        model: "e",
    };
    assert_eq!(
        place(&dated, embeddings).unwrap(),
        format!("{host}/openai/deployments/e/embeddings?{query}")
    );
    assert_eq!(
        place(&dated, Endpoint::Extension("/files?purpose=batch")).unwrap(),
        format!("{host}/openai/files?{query}&purpose=batch")
    );
    assert_eq!(
        place(&dated, Endpoint::Models).unwrap(),
        format!("{host}/openai/models?{query}")
    );
    let new = provider(&format!("{host}/openai/v1/chat/completions"));
    assert_eq!(
        place(&new, Endpoint::Extension("/files")).unwrap(),
        format!("{host}/openai/v1/files")
    );
}

#[test]
fn ollama_lists_and_shows_under_its_own_names() {
    let spec = provider("http://127.0.0.1:11434/api/chat");
    let at = |endpoint| place(&spec, endpoint).unwrap();
    assert_eq!(at(Endpoint::Models), "http://127.0.0.1:11434/api/tags");
    assert_eq!(at(Endpoint::Model("x")), "http://127.0.0.1:11434/api/show");
    assert_eq!(
        at(Endpoint::Extension("/api/embed")),
        "http://127.0.0.1:11434/api/embed"
    );
}

#[test]
fn cohere_lists_in_its_first_version_and_takes_single_paths_elsewhere() {
    let mut spec = provider("https://api.cohere.com/v2/chat");
    spec.extensions.push(ExtensionRoute {
        prefix: "/embeddings".to_owned(),
        url: "https://api.cohere.ai/compatibility/v1/embeddings"
            .parse()
            .unwrap(),
        auth: AuthStyle::Bearer,
    });
    let at = |path| place(&spec, Endpoint::Extension(path)).unwrap();
    assert_eq!(
        place(&spec, Endpoint::Models).unwrap(),
        "https://api.cohere.com/v1/models"
    );
    assert_eq!(at("/rerank"), "https://api.cohere.com/v2/rerank");
    assert_eq!(
        at("/embeddings"),
        "https://api.cohere.ai/compatibility/v1/embeddings"
    );
    assert_eq!(at("/embeddingsx"), "https://api.cohere.com/v2/embeddingsx");
}

#[test]
fn a_model_cannot_leave_its_segment() {
    let spec = provider("https://a.example/v1beta/models/{model}:generateContent");
    assert_eq!(
        chat(&spec, "../../v1/files?x=#y%2e", false),
        "https://a.example/v1beta/models/..%2F..%2Fv1%2Ffiles%3Fx%3D%23y%252e:generateContent"
    );
    let format = ApiFormat::Gemini;
    for model in ["", "..", "models/"] {
        let endpoint = Endpoint::Chat {
            format,
            model,
            stream: false,
        };
        assert_eq!(place(&spec, endpoint), Err(NotOffered::Model));
    }
}

#[test]
fn what_is_not_there_is_named() {
    let odd = provider("https://a.example/odd");
    assert_eq!(chat(&odd, "m", true), "https://a.example/odd");
    assert_eq!(place(&odd, Endpoint::Models), Err(NotOffered::Base));
    assert_eq!(
        place(&odd, Endpoint::Extension("/x")),
        Err(NotOffered::Base)
    );
    let format = ApiFormat::Gemini;
    assert_eq!(
        place(&odd, Endpoint::CountTokens { format, model: "m" }),
        Err(NotOffered::Format(format))
    );
    assert_eq!(odd.probed().unwrap().to_string(), "https://a.example/odd");
}

#[test]
fn a_path_of_the_clients_keeps_the_host() {
    let spec = provider("https://a.example/v1/chat/completions");
    assert_eq!(
        spec.on_host("//evil.example/x?y=1").unwrap().to_string(),
        "https://a.example//evil.example/x?y=1"
    );
    for path in [
        "http://evil.example/",
        "/a\r\nx: y",
        "/a b",
        "/a#b",
        "/a\\b",
    ] {
        assert_eq!(spec.on_host(path), Err(NotOffered::Path), "{path}");
    }
}

#[test]
fn rules_for_models_are_taken_in_order() {
    let mut spec = with_route(
        "https://a.example/v1/chat/completions",
        ApiFormat::Anthropic,
        "https://b.example/v1/messages",
    );
    for (models, format) in [
        ("claude-legacy", ApiFormat::OpenAiChat),
        ("claude-*", ApiFormat::Anthropic),
    ] {
        spec.model_formats.push(ModelFormat {
            models: models.to_owned(),
            format,
        });
    }
    assert_eq!(spec.format_of("claude-legacy"), ApiFormat::OpenAiChat);
    assert_eq!(spec.format_of("claude-x"), ApiFormat::Anthropic);
    assert_eq!(spec.format_of("gpt"), ApiFormat::OpenAiChat);
    assert_eq!(
        chat(&spec, "claude-x", false),
        "https://b.example/v1/messages"
    );
    assert_eq!(spec.addresses().count(), 2);
}

fn session(url: &str, model: Option<&str>, query: Option<&str>) -> Result<String, NotOffered> {
    place(&provider(url), Endpoint::Realtime { model, query })
}

#[test]
fn sessions_are_beside_the_chat_and_name_the_model_as_the_address_wants_it() {
    let model = Some("gpt-realtime&x");
    for (url, place) in [
        (
            "https://api.openai.com/v1/chat/completions",
            "https://api.openai.com/v1/realtime?model=gpt-realtime%26x",
        ),
        (
            "https://api.x.ai/v1/responses",
            "https://api.x.ai/v1/realtime?model=gpt-realtime%26x",
        ),
        (
            "https://r.openai.azure.com/openai/v1/chat/completions",
            "https://r.openai.azure.com/openai/v1/realtime?model=gpt-realtime%26x",
        ),
        (
            "https://r.openai.azure.com/openai/deployments/{model}/chat/completions?api-version=2025-04-01-preview",
            "https://r.openai.azure.com/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-realtime%26x",
        ),
    ] {
        assert_eq!(session(url, model, None).as_deref(), Ok(place), "{url}");
    }
    let openai = "https://api.openai.com/v1/chat/completions";
    assert_eq!(
        session(openai, None, Some("intent=transcription")).as_deref(),
        Ok("https://api.openai.com/v1/realtime?intent=transcription")
    );
    for url in [
        "https://a.example/v1/messages",
        "https://a.example/api/chat",
        "https://a.example/v2/chat",
    ] {
        assert_eq!(
            session(url, model, None),
            Err(NotOffered::Operation),
            "{url}"
        );
    }
}

#[test]
fn sessions_may_lie_elsewhere() {
    let mut spec = provider("https://a.example/v1/messages");
    spec.extensions.push(ExtensionRoute {
        prefix: "/realtime".to_owned(),
        url: "https://b.example/voice".parse().unwrap(),
        auth: AuthStyle::Bearer,
    });
    let found = place(
        &spec,
        Endpoint::Realtime {
            model: Some("m"),
            query: None,
        },
    );
    assert_eq!(found.as_deref(), Ok("https://b.example/voice?model=m"));
}
