use super::*;
use crate::config::providers::ApiFormat as Word;

fn entry(text: &str) -> ProviderEntry {
    serde_json::from_str(text).unwrap()
}

fn found(name: &str, text: &str) -> Apis {
    apis(name, &entry(text)).unwrap()
}

fn refused(name: &str, text: &str) -> String {
    let (key, what) = apis(name, &entry(text)).unwrap_err();
    format!("{}: {what}", key.unwrap_or_default())
}

fn urls(apis: &Apis) -> Vec<(ApiFormat, &str)> {
    apis.all()
        .map(|api| (api.format, api.url.as_str()))
        .collect()
}

#[test]
fn an_address_alone_says_which_api_it_is() {
    for (url, format, style) in [
        (
            "https://a.example/v1/chat/completions",
            ApiFormat::OpenAiChat,
            AuthStyle::Bearer,
        ),
        (
            "https://a.example/v1/messages",
            ApiFormat::Anthropic,
            AuthStyle::Anthropic,
        ),
        (
            "https://a.example/v1beta/models/{model}:generateContent",
            ApiFormat::Gemini,
            AuthStyle::XGoog,
        ),
        (
            "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/{model}:rawPredict",
            ApiFormat::Anthropic,
            AuthStyle::Bearer,
        ),
    ] {
        let apis = found("own", &format!(r#"{{"url": "{url}"}}"#));
        assert_eq!(
            (apis.usual.format, apis.usual.auth_style),
            (format, style),
            "{url}"
        );
    }
    let odd = found(
        "own",
        r#"{"url": "https://a.example/odd", "format": "messages"}"#,
    );
    assert_eq!(odd.usual.format, ApiFormat::Anthropic);
}

#[test]
fn written_server_takes_the_other_apis_along_if_it_has_the_same_paths() {
    let moved = found(
        "ollama",
        r#"{"url": "http://10.0.0.5:11434/x/v1/chat/completions"}"#,
    );
    assert!(urls(&moved).contains(&(ApiFormat::Ollama, "http://10.0.0.5:11434/x/api/chat")));
    assert_eq!(
        moved.list.unwrap().url.as_str(),
        "http://10.0.0.5:11434/x/api/tags"
    );
    let other = found("ollama", r#"{"url": "http://10.0.0.5:11434/other"}"#);
    assert_eq!(other.all().count(), 1);
    // Nothing is sent to a host that the file does not name.
    let cohere = found("cohere", r#"{"url": "https://proxy.example/v2/chat"}"#);
    assert_eq!(
        urls(&cohere),
        [(ApiFormat::Cohere, "https://proxy.example/v2/chat")]
    );
    assert!(cohere.paths.is_empty());
}

#[test]
fn word_ollama_finds_the_servers_own_api() {
    for key in ["format", "api_format"] {
        let text = format!(r#"{{"url": "http://h:1/v1/chat/completions", "{key}": "ollama"}}"#);
        assert_eq!(
            found("own", &text).usual.url.as_str(),
            "http://h:1/api/chat"
        );
    }
}

#[test]
fn format_needs_an_address() {
    let text = r#"{"url": "https://a.example/v1/chat/completions", "format": "gemini"}"#;
    assert!(refused("own", text).starts_with("format: contradicts `format_urls`"));
    let text = r#"{"formats": {"claude-*": "anthropic"}}"#;
    assert!(refused("groq", text).starts_with("formats.claude-*: contradicts"));
    assert!(refused("own", "{}").contains("`url` is missing"));
    assert!(
        refused(
            "groq",
            r#"{"format_urls": {"soap": "https://a.example/x"}}"#
        )
        .contains("none of")
    );
}

#[test]
fn rules_for_models_stand_in_the_order_of_their_weight() {
    let text = r#"{
        "url": "https://a.example/v1/chat/completions",
        "format_urls": {"anthropic": "https://a.example/v1/messages", "/rerank": "https://a.example/r", "images/generations": "https://a.example/i"},
        "formats": {"c*": "openai", "claude-3*": "openai", "claude-3": "messages"}
    }"#;
    let apis = found("own", text);
    let names: Vec<&str> = apis
        .models
        .iter()
        .map(|(models, _)| models.as_str())
        .collect();
    assert_eq!(names, ["claude-3", "claude-3*", "c*", "claude-*"]);
    let paths: Vec<&str> = apis.paths.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/rerank", "/images/generations"]);
}

#[test]
fn open_places_are_filled_and_checked() {
    assert!(refused("bedrock", "{}").contains("set its `region`"));
    assert!(refused("vertex", r#"{"region": "us-east5"}"#).contains("set its `project`"));
    for text in [
        r#"{"region": "us-east-1.evil.example/"}"#,
        r#"{"region": ""}"#,
        r#"{"region": "{model}"}"#,
    ] {
        assert!(
            refused("bedrock", text).starts_with("region: expected"),
            "{text}"
        );
    }
    for (region, host) in [
        ("us-central1", "us-central1-aiplatform.googleapis.com"),
        ("global", "aiplatform.googleapis.com"),
        ("eu", "aiplatform.eu.rep.googleapis.com"),
    ] {
        let apis = found(
            "vertex",
            &format!(r#"{{"region": "{region}", "project": "p"}}"#),
        );
        assert!(
            apis.addresses().all(|url| url.host().to_string() == host),
            "{region}"
        );
    }
}

#[test]
fn several_providers_may_be_like_one_that_is_built_in() {
    let apis = found(
        "bedrock-eu",
        r#"{"like": "bedrock", "region": "eu-west-1"}"#,
    );
    let hosts: Vec<String> = apis.addresses().map(|url| url.host().to_string()).collect();
    assert!(
        hosts.iter().all(|host| host.contains(".eu-west-1.")),
        "{hosts:?}"
    );
    let named = refused(
        "p",
        r#"{"like": "opnai", "url": "https://a.example/v1/messages"}"#,
    );
    assert!(
        named.starts_with("like: no provider") && named.contains("`openai`"),
        "{named}"
    );
    assert!(refused("p", r#"{"like": "echo"}"#).starts_with("like: "));
}

#[test]
fn written_style_goes_for_all_addresses_that_share_one() {
    let apis = found("zen", r#"{"auth_style": "azure"}"#);
    let style = |format| {
        apis.all()
            .find(|api| api.format == format)
            .unwrap()
            .auth_style
    };
    assert_eq!(style(ApiFormat::OpenAiChat), AuthStyle::Azure);
    assert_eq!(style(ApiFormat::OpenAiResponses), AuthStyle::Azure);
    assert_eq!(style(ApiFormat::Anthropic), AuthStyle::Anthropic);
    let text = r#"{"format_urls": {"gemini": "https://a.example/v1beta/models/{model}:generateContent"}, "url": "https://a.example/v1/chat/completions", "auth_style": "bearer+x-goog"}"#;
    assert_eq!(found("own", text).others[0].auth_style, AuthStyle::XGoog);
}

#[test]
fn every_word_for_a_format_is_one_of_the_formats_own_names() {
    let words = [
        "openai",
        "openai-chat",
        "openai-responses",
        "responses",
        "anthropic",
        "messages",
        "gemini",
        "cohere",
        "bedrock-converse",
        "bedrock",
        "converse",
        "ollama",
    ];
    for word in words {
        let read: Word = serde_json::from_value(serde_json::json!(word)).unwrap();
        assert_eq!(word.parse::<ApiFormat>(), Ok(read.get()), "{word}");
    }
}
