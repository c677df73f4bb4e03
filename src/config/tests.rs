//! The configuration as a whole: a text goes in, a configuration or its mistakes come out.

use std::time::Duration;

use super::*;

fn loaded(text: &str) -> Loaded {
    from_text("c.json", text, &Environment::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(text: &str) -> String {
    match from_text("c.json", text, &Environment::default()) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("must be refused: {text}"),
    }
}

fn assert_refused(cases: &[(&str, &str)]) {
    for (text, part) in cases {
        let message = refusal(text);
        assert!(
            message.contains(part),
            "{text}\n  said: {message}\n  wanted: {part}"
        );
    }
}

#[test]
fn an_empty_object_is_all_defaults() {
    assert_eq!(loaded("{}").config, Config::default());
}

#[test]
fn the_embedded_default_goes_round() {
    let first = embedded(&Environment::default()).unwrap();
    assert_eq!(first.warnings, Vec::<String>::new());
    let text = serde_json::to_string_pretty(&first.config).unwrap();
    let second = loaded(&text);
    assert_eq!(first.config, second.config);
    assert_eq!(first.resolved.agents, second.resolved.agents);
    let echo = &first.resolved.upstreams[ECHO];
    assert_eq!(
        (&echo.kind, echo.used_by_agents),
        (&ProviderKind::Echo, true)
    );
}

#[test]
fn a_full_configuration_goes_round() {
    let text = r#"{
        "server": {"listen_addr": "[::1]:9000", "admin_listen": "127.0.0.1:9001", "trusted_proxies": ["10.0.0.0/8"],
                   "tls": {"cert_file": "c.pem", "key_file": "k.pem"}, "max_stream_bytes": "12 MiB", "header_timeout": "1500ms"},
        "limits": {"per_key": {"requests_per_minute": 60}, "keys": {"ci": {"concurrent_requests": 0}}},
        "bouncer": {"redact_patterns": ["(?<=x)y"]},
        "providers": {"own": {"url": "http://10.0.0.5:8000/v1/chat/completions", "auth_style": "bearer+x-goog",
                      "danger_allow_private_addresses": true, "models": ["m"], "breaker": {"cooldown": "5s"}}},
        "agents": {"a": {"strategy": "fallback", "max_retries": 2, "models": ["own/m", {"model": "m", "max_context": 5, "reasoning_effort": "xhigh"}]}}
    }"#;
    let first = loaded(text).config;
    let again = loaded(&serde_json::to_string(&first).unwrap()).config;
    assert_eq!(first, again);
}

#[test]
fn the_shipped_example_loads_without_a_warning() {
    let text = include_str!("../../deploy/config.example.json");
    let loaded = loaded(text);
    assert_eq!(loaded.warnings, Vec::<String>::new());
    assert!(!loaded.resolved.agents.is_empty());
}

#[test]
fn every_cut_and_every_torn_line_of_the_example_is_an_error_and_not_a_crash() {
    let text = include_str!("../../deploy/config.example.json").trim_end();
    for cut in (0..text.len() - 1)
        .step_by(7)
        .filter_map(|end| text.get(..end))
    {
        refusal(cut);
    }
    let lines: Vec<&str> = text.lines().collect();
    for torn in 0..lines.len() {
        let rest: Vec<&str> = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != torn)
            .map(|(_, line)| *line)
            .collect();
        drop(from_text(
            "c.json",
            &rest.join("\n"),
            &Environment::default(),
        ));
    }
}

#[test]
fn an_editor_may_be_told_where_the_schema_is() {
    loaded(r#"{"$schema": "nenya.schema.json"}"#);
}

#[test]
fn waiting_for_the_head_is_never_shorter_than_for_the_reply_unless_written() {
    let first_byte = |keys: &str| {
        let text = format!(r#"{{"providers": {{"openai": {{{keys}}}}}}}"#);
        loaded(&text).resolved.upstreams["openai"]
            .first_byte_timeout
            .as_secs()
    };
    assert_eq!(first_byte(""), 300);
    assert_eq!(first_byte(r#""timeout_seconds": 900"#), 900);
    assert_eq!(first_byte(r#""timeout_seconds": 20"#), 300);
    assert_eq!(
        first_byte(r#""timeout_seconds": 900, "first_byte_timeout_seconds": 30"#),
        30
    );
}

#[test]
fn a_model_that_stands_twice_gets_two_turns() {
    let agents = loaded(r#"{"agents": {"a": {"models": ["gpt-5.4", "gpt-5.4", "gpt-5.5"]}}}"#)
        .resolved
        .agents;
    assert_eq!(agents["a"].targets.len(), 3);
}

#[test]
fn syntax_mistakes_are_placed() {
    assert_refused(&[
        ("{\n\"server\": }", "c.json:2:11: "),
        ("{} trailing", "c.json:1:4: "),
        (
            "{\"server\": {\"workers\": 1, \"workers\": 2}}",
            "c.json:1:27: server.workers: key given twice",
        ),
        (
            "{\"server\": {\"workers\": \"x\"}}",
            "c.json:1:13: server.workers: found a text",
        ),
    ]);
}

#[test]
fn listening_to_the_world_in_clear_is_refused() {
    let why = "would cross the network in clear";
    assert_refused(&[
        (r#"{"server": {"listen_addr": ":8080"}}"#, why),
        (r#"{"server": {"listen_addr": "0.0.0.0:8080"}}"#, why),
        (r#"{"server": {"listen_addr": "192.168.1.5:8080"}}"#, why),
        (r#"{"server": {"admin_listen": ":9090"}}"#, why),
        (
            r#"{"server": {"admin_listen": "127.0.0.1:8080"}}"#,
            "contradicts `server.listen_addr`",
        ),
        (
            r#"{"server": {"trusted_proxies": ["10.0.0.0/8", "::/0"]}}"#,
            "server.trusted_proxies[1]: this network is everybody",
        ),
    ]);
    loaded(r#"{"server": {"listen_addr": ":8080", "tls": {"cert_file": "c", "key_file": "k"}}}"#);
    let proxied = loaded(r#"{"server": {"listen_addr": ":8080", "behind_proxy": true}}"#);
    assert_eq!(proxied.warnings.len(), 1, "{:?}", proxied.warnings);
}

#[test]
fn provider_keys_are_never_sent_in_clear_to_strangers() {
    let at =
        |url: &str, more: &str| format!(r#"{{"providers": {{"p": {{"url": "{url}"{more}}}}}}}"#);
    let private = r#", "danger_allow_private_addresses": true"#;
    for (url, more) in [
        ("http://api.example.com/v1/chat/completions", ""),
        ("http://9.9.9.9/v1/chat/completions", ""),
        ("http://9.9.9.9/v1/chat/completions", private),
        ("http://10.0.0.1/v1/chat/completions", ""),
        ("https://10.0.0.1/v1/chat/completions", ""),
        ("https://169.254.169.254/v1/chat/completions", ""),
    ] {
        assert!(
            refusal(&at(url, more)).starts_with("c.json:1:22: providers.p.url: "),
            "{url}"
        );
    }
    for (url, more, warnings) in [
        ("https://api.example.com/v1/chat/completions", "", 0),
        ("http://127.0.0.1:1/v1/chat/completions", "", 0),
        ("http://localhost:1/v1/chat/completions", "", 0),
        ("https://10.0.0.1/v1/chat/completions", private, 1),
        ("http://10.0.0.1/v1/chat/completions", private, 2),
        ("http://models.internal/v1/chat/completions", private, 2),
    ] {
        assert_eq!(loaded(&at(url, more)).warnings.len(), warnings, "{url}");
    }
}

#[test]
fn contradictions_are_refused() {
    assert_refused(&[
        (
            r#"{"auth": {"block": "2h"}}"#,
            "auth.block: contradicts `auth.block_max`",
        ),
        (
            r#"{"auth": {"block_max": "10s"}}"#,
            "c.json:1:11: auth.block_max: contradicts `auth.block`",
        ),
        (
            r#"{"server": {"realtime_ping_interval": "30001ms"}}"#,
            "server.realtime_ping_interval: contradicts `server.realtime_silence_timeout`",
        ),
        (
            r#"{"server": {"realtime_silence_timeout": "10s"}}"#,
            "c.json:1:13: server.realtime_silence_timeout: contradicts `server.realtime_ping_interval`",
        ),
        (
            r#"{"bouncer": {"redact_preset": "pii", "redact_patterns": ["x"]}}"#,
            "contradicts `bouncer.redact_patterns`",
        ),
        (
            r#"{"server": {"max_stream_bytes": 2048}, "governance": {"max_transformed_sse_bytes": 4096}}"#,
            "contradicts `server.max_stream_bytes`",
        ),
        (
            r#"{"providers": {"echo": {"url": "https://x.example/"}}}"#,
            "`echo` is built in",
        ),
        (
            r#"{"providers": {"openai": {"allowed_models": ["^gpt-5"], "models": ["gpt-5.5", "o3"]}}}"#,
            "providers.openai.models[1]: contradicts `providers.openai.allowed_models`",
        ),
        (
            r#"{"providers": {"openai": {"allowed_models": ["^gpt-5"]}}, "agents": {"a": {"models": [{"provider": "openai", "model": "o3"}]}}}"#,
            "agents.a.models[0].model: contradicts `providers.openai.allowed_models`",
        ),
        (
            r#"{"providers": {"openai": {"allowed_models": ["^gpt-5"]}}, "agents": {"a": {"models": ["openai/o3"]}}}"#,
            "agents.a.models[0]: contradicts `providers.openai.allowed_models`",
        ),
    ]);
}

#[test]
fn a_contradiction_with_what_nobody_wrote_names_the_default() {
    let (auth, server) = (Auth::default(), Server::default());
    for (text, first, second) in [
        (
            r#"{"auth": {"block_max": "10s"}}"#,
            auth.block,
            auth.block_max,
        ),
        (
            r#"{"server": {"realtime_silence_timeout": "10s"}}"#,
            server.realtime_ping_interval,
            server.realtime_silence_timeout,
        ),
    ] {
        let message = refusal(text);
        for default in [first, second] {
            let part = format!("({default} by default)");
            assert!(message.contains(&part), "{part}: {message}");
        }
    }
}

#[test]
fn pings_may_be_half_as_far_apart_as_a_client_may_be_silent() {
    loaded(r#"{"server": {"realtime_ping_interval": "30s"}}"#);
    loaded(r#"{"server": {"realtime_ping_interval": "500ms", "realtime_silence_timeout": "1s"}}"#);
}

#[test]
fn the_older_name_of_the_stream_limit_still_works() {
    assert_eq!(
        loaded(r#"{"governance": {"max_transformed_sse_bytes": 4096}}"#)
            .config
            .max_stream_bytes(),
        4096
    );
    assert_eq!(
        loaded(r#"{"governance": {"max_transformed_sse_bytes": 0}}"#)
            .config
            .max_stream_bytes(),
        50 << 20
    );
}

#[test]
fn agents_that_lead_nowhere_are_refused() {
    let agent = |models: &str| format!(r#"{{"agents": {{"a": {{"models": {models}}}}}}}"#);
    let cases = [
        ("[]", "agents.a: leads to no model"),
        (r#"[{}]"#, "agents.a.models[0]: leads to no model"),
        (
            r#"[{"provider": "opneai", "model": "x"}]"#,
            "agents.a.models[0].provider: no provider of this name is configured or built in; did you mean `openai`?",
        ),
        (
            r#"["no-such-model"]"#,
            "agents.a.models[0]: no provider is known to have this model",
        ),
        (
            r#"["nobody/model"]"#,
            "no provider is known to have this model",
        ),
        (
            r#"["opnai/gpt-4o"]"#,
            "agents.a.models[0]: there is no provider `opnai`; did you mean `openai`?",
        ),
        (r#"["gpt-4oo"]"#, "did you mean `gpt-4o`?"),
        (
            r#"[{"model": "gpt-4oo"}]"#,
            "in `providers.<name>.models`; did you mean `gpt-4o`?",
        ),
        (
            r#"[{"model": "no-such-model"}]"#,
            "agents.a.models[0].model: no provider is known",
        ),
        (
            r#"[{"provider": "cohere"}]"#,
            "agents.a.models[0].provider: leads to no model",
        ),
        (
            r#"[{"provider": "azure", "model": "x"}]"#,
            "has no address of its own; set its `resource`, or its whole address as `url`",
        ),
        (
            r#"[{"provider": "openai", "model": "x", "format": "anthropic"}]"#,
            "agents.a.models[0].format: contradicts `providers.openai.format_urls`",
        ),
        (
            r#"[{"provider": "openai", "model": "x", "format": "openai"}, {"provider": "openai", "model": "x", "format": "responses"}]"#,
            "agents.a.models[1].format: contradicts `agents.a.models[0].format`",
        ),
        (
            r#"[{"provider": "openai", "model": "x", "reasoning_effort": "hihg"}]"#,
            "agents.a.models[0].reasoning_effort: found a text that is none of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`; did you mean `high`?",
        ),
        (
            r#"[{"provider_rgx": "^open", "model_rgx": "gpt"}]"#,
            "agents.a.models[0].provider_rgx: this version does not have",
        ),
    ];
    for (models, part) in cases {
        let message = refusal(&agent(models));
        assert!(message.contains(part), "{models}\n  said: {message}");
    }
    assert_refused(&[
        (
            r#"{"agents": {"a": {"strategy": "sticky", "models": ["gpt-5.5"]}}}"#,
            "agents.a.strategy: this version does not have sticky",
        ),
        (
            r#"{"agents": {"a": {"strategy": "fastest", "models": ["gpt-5.5"]}}}"#,
            "agents.a.strategy: found a text that is none of `round-robin`, `fallback`, `sticky`",
        ),
        (
            r#"{"agents": {" a": {"models": ["gpt-5.5"]}}}"#,
            "expected an agent name",
        ),
        (
            r#"{"providers": {"a/b": {"url": "https://x.example/chat/completions"}}}"#,
            "expected a name of 1 to 128",
        ),
        (
            r#"{"providers": {"unheard": {}}}"#,
            "providers.unheard: the key `url` is missing",
        ),
        (
            r#"{"providers": {"p": {"url": "https://a.example/model/{model}/converse", "auth_style": "sigv4"}}}"#,
            "providers.p: the key `region` is missing",
        ),
        (
            r#"{"providers": {"groq": {"format_urls": {"anthropic": "http://127.0.0.1:1/v1/messages"}}}}"#,
            "providers.groq: some of its addresses are on this machine",
        ),
        (
            r#"{"providers": {"groq": {"headers": {"Authorization": "x"}}}}"#,
            "providers.groq.headers.Authorization: expected a header",
        ),
        (
            r#"{"providers": {"groq": {"accounts": [{"id": "a"}, {"id": "a"}, {}]}}}"#,
            "providers.groq.accounts[1].id: contradicts",
        ),
        (
            r#"{"providers": {"groq": {"accounts": [{"id": "a", "credential": "sk-x"}]}}}"#,
            "providers.groq.accounts[0].credential: secrets do not belong",
        ),
        (
            r#"{"providers": {"groq": {"format": "gemini"}}}"#,
            "providers.groq.format: contradicts `format_urls`",
        ),
        (
            r#"{"providers": {"groq": {"format_urls": {"anthropic": "http://api.example.com/v1/messages"}}}}"#,
            "providers.groq.format_urls.anthropic: prompts and the provider key would cross",
        ),
        (
            r#"{"providers": {"groq": {"format": "openai", "api_format": "openai"}}}"#,
            "providers.groq.api_format: contradicts `providers.groq.format`",
        ),
        (
            r#"{"providers": {"o": {"url": "https://a.example/{deployment}/chat"}}}"#,
            "providers.o.url: expected a URL",
        ),
    ]);
}

#[test]
fn models_find_their_providers() {
    let text = r#"{
        "providers": {
            "own": {"url": "https://own.example/v1/chat/completions", "models": ["m1", "m2", "gpt-5.4"]},
            "anthropic": {"url": "https://api.anthropic.com/v1/chat/completions", "auth_style": "bearer"}
        },
        "agents": {"a": {"models": [
            "gpt-5.4", "own/other", {"model": "m1", "max_context": 7}, {"provider": "own"}, "claude-opus-4-8",
            {"provider": "openai", "model": "new-model", "max_output": 9}
        ]}}
    }"#;
    let resolved = loaded(text).resolved;
    let targets: Vec<(String, Option<u64>, Option<u64>)> = resolved.agents["a"]
        .targets
        .iter()
        .map(|target| {
            (
                format!("{}/{}", target.provider, target.model),
                target.max_context.or(target.built_in.max_context),
                target.max_output.or(target.built_in.max_output),
            )
        })
        .collect();
    let expected = [
        ("openai/gpt-5.4", Some(1_050_000), Some(128_000)),
        ("own/gpt-5.4", Some(1_050_000), Some(128_000)),
        ("own/other", None, None),
        ("own/m1", Some(7), None),
        ("own/m1", None, None),
        ("own/m2", None, None),
        ("own/gpt-5.4", Some(1_050_000), Some(128_000)),
        ("anthropic/claude-opus-4-8", Some(1_000_000), Some(128_000)),
        ("openai/new-model", None, Some(9)),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, context, output)| ((*name).to_owned(), *context, *output))
        .collect();
    assert_eq!(targets, expected);
    assert!(resolved.upstreams["own"].used_by_agents && !resolved.upstreams["groq"].used_by_agents);
}

#[test]
fn written_values_win_over_built_in_ones_field_by_field() {
    let text = r#"{
        "governance": {"upstream_timeout_seconds": 40, "stream_idle_timeout_seconds": 0, "retryable_status_codes": [500]},
        "providers": {
            "gemini": {"timeout_seconds": 7, "breaker": {"failures": 2}},
            "groq": {"timeout_seconds": 0, "retryable_status_codes": [503], "auth_style": "none"}
        }
    }"#;
    let upstreams = loaded(text).resolved.upstreams;
    let gemini = &upstreams["gemini"];
    assert!(
        matches!(&gemini.kind, ProviderKind::Http(apis) if apis.usual.url.as_str().contains("generativelanguage"))
    );
    assert_eq!(
        (gemini.auth_style, gemini.total_timeout),
        (AuthStyle::BearerXGoog, Some(Duration::from_secs(7)))
    );
    assert_eq!(
        gemini.breaker,
        Breaker {
            failures: 2,
            cooldown: Duration::from_secs(60)
        }
    );
    assert_eq!(
        (gemini.idle_timeout, gemini.retryable.as_slice()),
        (None, [500].as_slice())
    );
    let groq = &upstreams["groq"];
    assert_eq!(
        (groq.total_timeout, groq.auth_style),
        (Some(Duration::from_secs(40)), AuthStyle::None)
    );
    assert_eq!(groq.retryable, [503]);
    assert!(groq.configured && !upstreams["mistral"].configured);
}

#[test]
fn only_providers_on_this_machine_are_private_without_being_asked() {
    let upstreams = loaded("{}").resolved.upstreams;
    assert_eq!(
        upstreams.len(),
        28,
        "27 providers with an address, and echo"
    );
    let private: Vec<&str> = upstreams
        .values()
        .filter(|up| up.allow_private_addresses)
        .map(|up| up.name.as_str())
        .collect();
    assert_eq!(private, ["llamacpp", "lmstudio", "ollama", "vllm"]);
}

#[test]
fn a_model_filter_says_which_models_may_be_used() {
    let upstreams = loaded(r#"{"providers": {"openai": {"allowed_models": ["^gpt-", "mini$"]}}}"#)
        .resolved
        .upstreams;
    let filter = &upstreams["openai"].allowed_models;
    assert!(filter.allows("gpt-5.5") && filter.allows("o4-mini") && !filter.allows("o3"));
    assert!(upstreams["groq"].allowed_models.allows("anything"));
}

#[test]
fn secrets_stay_out_of_files_and_messages() {
    let message = refusal(r#"{"providers": {"openai": {"api_key": "sk-marked-secret"}}}"#);
    assert!(
        message.contains("providers.openai.api_key: secrets do not belong"),
        "{message}"
    );
    assert!(!message.contains("sk-marked"), "{message}");
    let odd = [
        r#"{"server": {"listen_addr": "sk-marked"}}"#,
        r#"{"server": {"log_level": "sk-marked"}}"#,
        r#"{"providers": {"p": {"url": "https://sk-marked@x.example/"}}}"#,
        r#"{"bouncer": {"redact_patterns": ["(sk-marked"]}}"#,
        r#"{"bouncer": {"engine": "sk-marked"}}"#,
        r#"{"agents": {"a": {"models": ["sk-marked"]}}}"#,
        r#"{"server": "sk-marked"}"#,
        r#"{"server": {"max_stream_bytes": "sk-marked"}}"#,
    ];
    for text in odd {
        let message = refusal(text);
        assert!(!message.contains("sk-marked"), "{message}");
    }
}

#[test]
fn all_problems_of_a_file_are_said_at_once() {
    let text = "{\n\"server\": {\"listen_addr\": \":1\"},\n\"window\": {\"enabled\": true},\n\"agents\": {\"a\": {\"models\": [\"nope\"]}}}";
    let message = refusal(text);
    let starts: Vec<&str> = message
        .lines()
        .filter_map(|line| line.split(": ").next())
        .collect();
    assert_eq!(
        starts,
        ["c.json:2:12", "c.json:3:12", "c.json:4:29"],
        "{message}"
    );
}

#[test]
fn a_later_file_can_take_back_what_an_earlier_one_set() {
    let directory = tempfile::tempdir().unwrap();
    let parts = directory.path().join("config.d");
    std::fs::create_dir(&parts).unwrap();
    std::fs::write(parts.join("1.json"), r#"{"server": {"workers": 4}, "agents": {"a": {"models": ["gpt-5.5"]}, "b": {"models": ["gpt-5.5"]}}}"#).unwrap();
    std::fs::write(
        parts.join("2.json"),
        r#"{"server": {"workers": null}, "agents": {"a": null}}"#,
    )
    .unwrap();
    let flags = Flags {
        config_dir: Some(directory.path().to_owned()),
        config_file: None,
    };
    let loaded = load(&flags, &Environment::default()).unwrap().unwrap();
    assert_eq!(loaded.config.server.workers, 0);
    assert_eq!(loaded.config.agents.keys().collect::<Vec<_>>(), ["b"]);
}

/// The messages that the document shows are those that the program says.
#[test]
fn the_messages_in_the_document_are_real() {
    let text = "{\n\"server\": {\"listen_adr\": \"x\"}}";
    let others = [
        r#"{"window": {"enabled": true}}"#,
        r#"{"providers": {"openai": {"api_key": "x"}}}"#,
    ];
    let document = include_str!("../../docs/configuration.md");
    for text in [text].iter().chain(&others) {
        let message = refusal(text);
        let (_, said) = message.split_once(": ").unwrap();
        assert!(document.contains(said), "{said}");
    }
}
