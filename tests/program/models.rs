//! The lists of models: in each client's shape, for each key, and as providers tell them.

use serde_json::{Value, json};

use crate::harness::http::Client;
use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER};

/// A key that may use one agent and nothing else.
const LIMITED: &str = "nk-limited-0123456789abcdef0123456789abcdef";

fn setup(dummy: &Dummy) -> Setup {
    let limited = json!({
        "name": "limited", "token": LIMITED, "roles": ["user"], "enabled": true,
        "allowed_agents": ["coder"],
    });
    let agent = json!({
        "description": "writes code",
        "models": [{"provider": "dummy", "model": "ok", "max_context": 9000}],
    });
    Setup::new(dummy)
        .config("/agents/coder", agent)
        .config("/providers/dummy/models", json!(["gpt-4o", "org/small"]))
        .secrets("/api_keys/limited", limited)
}

fn get(gateway: &Gateway, path: &str) -> Reply {
    gateway.send(&Request::new("GET", path).key(USER))
}

fn anthropic(gateway: &Gateway, path: &str) -> Reply {
    let request = Request::new("GET", path).header("x-api-key", USER);
    gateway.send(&request.header("anthropic-version", "2023-06-01"))
}

fn ids(list: &Value, member: &str, id: &str) -> Vec<String> {
    let models = list[member].as_array().expect("a list").iter();
    models
        .map(|model| model[id].as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn every_api_lists_the_same_models_in_its_own_shape() {
    let dummy = Dummy::start();
    let gateway = setup(&dummy).start();
    let all = ["coder", "gpt-4o", "org/small"];
    let openai = get(&gateway, "/v1/models").json();
    assert_eq!(ids(&openai, "data", "id"), all);
    assert_eq!(openai["data"][0]["context_window"], 9000);
    assert_eq!(openai["data"][0]["owned_by"], "nenya");
    assert_eq!(openai["data"][1]["supports_vision"], true);
    let theirs = anthropic(&gateway, "/v1/models?limit=2").json();
    assert_eq!(ids(&theirs, "data", "id"), all[..2]);
    assert_eq!(
        (&theirs["has_more"], &theirs["last_id"]),
        (&json!(true), &json!("gpt-4o"))
    );
    assert_eq!(theirs["data"][0]["type"], "model");
    let rest = anthropic(&gateway, "/v1/models?after_id=gpt-4o").json();
    assert_eq!(ids(&rest, "data", "id"), all[2..]);
    let gemini = get(&gateway, "/v1beta/models").json();
    let names = ["models/coder", "models/gpt-4o", "models/org/small"];
    assert_eq!(ids(&gemini, "models", "name"), names);
    let in_v1 = Request::new("GET", "/v1/models").header("x-goog-api-key", USER);
    assert_eq!(gateway.send(&in_v1).json(), gemini);
    let ollama = get(&gateway, "/api/tags").json();
    assert_eq!(ids(&ollama, "models", "model"), all);
    assert!(get(&gateway, "/api/version").json()["version"].is_string());
}

#[test]
fn one_model_is_found_by_its_name_with_slashes_or_without() {
    let dummy = Dummy::start();
    let gateway = setup(&dummy).start();
    for (path, id) in [
        ("/v1/models/coder", "coder"),
        ("/v1/models/org/small", "org/small"),
        ("/v1/models/org%2Fsmall", "org/small"),
        ("/v1/models/dummy/gpt-4o", "dummy/gpt-4o"),
    ] {
        assert_eq!(get(&gateway, path).json()["id"], id, "{path}");
        assert_eq!(
            anthropic(&gateway, path).json()["display_name"],
            id,
            "{path}"
        );
    }
    let gemini = get(&gateway, "/v1beta/models/coder").json();
    assert_eq!(
        (&gemini["name"], &gemini["inputTokenLimit"]),
        (&json!("models/coder"), &json!(9000))
    );
    for body in [r#"{"model":"coder"}"#, r#"{"name":"coder:latest"}"#] {
        let shown = Request::new("POST", "/api/show").key(USER).body(body);
        let shown = gateway.send(&shown).json();
        assert_eq!(shown["model_info"]["nenya.context_length"], 9000, "{shown}");
        assert_eq!(shown["capabilities"], json!(["completion", "tools"]));
    }
}

#[test]
fn what_is_not_there_is_refused_in_the_words_of_the_clients_api() {
    let dummy = Dummy::start();
    let gateway = setup(&dummy).start();
    let missing = get(&gateway, "/v1/models/nobody");
    assert_eq!(
        (missing.status, missing.error_code().as_str()),
        (404, "model_not_found")
    );
    let theirs = anthropic(&gateway, "/v1/models/nobody");
    assert_eq!(
        (theirs.status, &theirs.json()["type"]),
        (404, &json!("error"))
    );
    assert_eq!(anthropic(&gateway, "/v1/models?limit=0").status, 400);
    let gemini = get(&gateway, "/v1beta/models/nobody");
    assert_eq!(
        (gemini.status, &gemini.json()["error"]["code"]),
        (404, &json!(404))
    );
    let shown = Request::new("POST", "/api/show").key(USER).body("{}");
    assert!(gateway.send(&shown).json()["error"].is_string());
    assert_eq!(get(&gateway, "/v1/models/").status, 404);
    let put = gateway.send(&Request::new("PUT", "/v1beta/models/x").key(USER));
    assert_eq!(put.header("allow"), Some("POST, GET, HEAD"));
}

#[test]
fn what_a_key_may_not_use_does_not_exist_for_it() {
    let dummy = Dummy::start();
    let gateway = setup(&dummy).start();
    let limited = |path: &str| gateway.send(&Request::new("GET", path).key(LIMITED));
    assert_eq!(ids(&limited("/v1/models").json(), "data", "id"), ["coder"]);
    assert_eq!(
        ids(&limited("/api/tags").json(), "models", "name"),
        ["coder"]
    );
    assert_eq!(limited("/v1/models/coder").status, 200);
    assert_eq!(limited("/v1/models/gpt-4o").status, 404);
    assert_eq!(limited("/v1/models/dummy/gpt-4o").status, 404);
    assert_eq!(gateway.send(&Request::new("GET", "/v1/models")).status, 401);
}

/// Says which models the dummy has from now on.
fn describe(address: std::net::SocketAddr, models: &Value) {
    let request = Request::new("POST", "/_models").body(models.to_string());
    let reply = Client::new(address)
        .send(&request)
        .expect("the dummy answers");
    assert_eq!(reply.status, 200, "{models}");
}

fn found(provider: &str, count: u64) -> (String, f64) {
    let name = format!("nenya_discovered_models{{provider=\"{provider}\"}}");
    #[expect(clippy::cast_precision_loss, reason = "a few models")]
    (name, count as f64)
}

fn until_found(gateway: &Gateway, provider: &str, count: u64) {
    let (name, count) = found(provider, count);
    gateway.until_metric(&name, count);
}

#[test]
fn models_are_found_page_by_page_and_served_by_their_own_name() {
    let (dummy, other) = (Dummy::start(), Dummy::start());
    describe(
        dummy.address(),
        &json!({"names": ["ok"], "count": 250, "page": 100}),
    );
    describe(other.address(), &json!({"names": ["elsewhere"]}));
    let second = json!({"url": other.chat_url(), "auth_style": "none", "danger_allow_private_addresses": true});
    let gateway = Setup::new(&dummy)
        .config("/providers/second", second)
        .config(
            "/providers/dummy/allowed_models",
            json!(["^ok$", "^model-1"]),
        )
        .config("/discovery", json!({"enabled": true}))
        .start();
    until_found(&gateway, "dummy", 251);
    until_found(&gateway, "second", 1);
    let listed = ids(&get(&gateway, "/v1/models").json(), "data", "id");
    // Those that begin with `model-1`: 1, 10 to 19, 100 to 199.
    assert_eq!(
        listed.iter().filter(|id| id.starts_with("model-1")).count(),
        111
    );
    assert_eq!(listed.len(), 113, "{listed:?}");
    assert_eq!(gateway.ask("elsewhere", false).status, 200);
    assert_eq!(other.count("requests"), 1);
    assert_eq!(gateway.ask("ok", false).status, 200);
    assert_eq!(dummy.count("requests"), 1);
}

#[test]
fn the_last_good_list_survives_a_reload_that_finds_none() {
    let dummy = Dummy::start();
    describe(dummy.address(), &json!({"names": ["steady"]}));
    let gateway = Setup::new(&dummy)
        .config("/discovery", json!({"enabled": true}))
        .start();
    until_found(&gateway, "dummy", 1);
    describe(dummy.address(), &json!({"status": 500}));
    gateway.signal("HUP");
    gateway.until_notified("RELOADING=1");
    gateway.until_metric(
        "nenya_model_discovery_total{provider=\"dummy\",status=\"error\"}",
        1.0,
    );
    let listed = get(&gateway, "/v1/models").json();
    assert_eq!(ids(&listed, "data", "id"), ["steady"]);
    gateway.until_logged("could not be read");
}

#[test]
fn a_provider_that_never_answers_its_list_does_not_hold_up_the_start() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!(
        "http://{}/v1/chat/completions",
        silent.local_addr().expect("its address")
    );
    let dummy = Dummy::start();
    let provider =
        json!({"url": url, "auth_style": "none", "danger_allow_private_addresses": true});
    let gateway = Setup::new(&dummy)
        .config("/providers/silent", provider)
        .config("/discovery", json!({"enabled": true}))
        .start();
    assert!(gateway.ready_after() < std::time::Duration::from_secs(8));
    until_found(&gateway, "dummy", 2);
    assert_eq!(gateway.ask("dummy/ok", false).status, 200);
}

#[test]
fn the_facts_of_a_found_model_are_shown_with_it() {
    let dummy = Dummy::start();
    let chat = dummy.chat_url();
    let base = chat.trim_end_matches("/v1/chat/completions");
    let local = |path: &str| json!({"url": format!("{base}{path}"), "auth_style": "none", "danger_allow_private_addresses": true});
    describe(dummy.address(), &json!({"names": ["m"]}));
    let gateway = Setup::new(&dummy)
        .config(
            "/providers/g",
            local("/v1beta/models/{model}:generateContent"),
        )
        .config("/providers/o", local("/api/chat"))
        .config("/discovery", json!({"enabled": true}))
        .start();
    for provider in ["dummy", "g", "o"] {
        until_found(&gateway, provider, 1);
    }
    let gemini = get(&gateway, "/v1/models/g/m").json();
    assert_eq!(
        (&gemini["context_window"], &gemini["max_tokens"]),
        (&json!(1_048_576), &json!(65_536))
    );
    let ollama = get(&gateway, "/v1/models/o/m").json();
    assert_eq!(
        (
            &ollama["context_window"],
            &ollama["supports_tool_calls"],
            &ollama["supports_vision"]
        ),
        (&json!(32_768), &json!(true), &json!(false))
    );
}

#[test]
fn the_command_line_says_where_each_fact_comes_from() {
    let dummy = Dummy::start();
    describe(dummy.address(), &json!({"names": ["found"]}));
    let setup = setup(&dummy).config("/discovery", json!({"enabled": true}));
    let said = |arguments: &[&str]| {
        let output = setup.run(&[&["models", "--config", "config.json"], arguments].concat());
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    };
    let all = said(&[]);
    for name in ["coder", "gpt-4o", "org/small", "found"] {
        assert!(all.contains(name), "{name}: {all}");
    }
    let explained = said(&["--explain", "coder", "--format", "json"]);
    let explained: Value = serde_json::from_str(&explained).expect("JSON");
    let fact = &explained["models"][0]["facts"]["max_context"];
    assert_eq!(
        (&fact["value"], &fact["source"]),
        (&json!(9000), &json!("configuration"))
    );
    let vision = said(&["--explain", "dummy/gpt-4o"]);
    assert!(vision.contains("built-in"), "{vision}");
}

/// What `nenya models` prints, and whether it succeeds.
fn models(setup: &Setup, arguments: &[&str]) -> (bool, String) {
    let output = setup.run(&[&["models", "--config", "config.json"], arguments].concat());
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8(text).expect("text"),
    )
}

#[test]
fn a_name_is_explained_if_a_request_for_it_would_be_sent_and_else_with_a_remedy() {
    let dummy = Dummy::start();
    let setup = setup(&dummy);
    let explain = |name: &str| models(&setup, &["--explain", name]);
    let (found, text) = explain("dummy/unlisted");
    assert!(
        found && text.starts_with("dummy/unlisted: unlisted at dummy\n"),
        "{text}"
    );
    for (name, remedy) in [
        ("codr", "did you mean `coder`? `nenya models` lists them"),
        ("dumy/ok", "did you mean `dummy/ok`?"),
        ("nobody", "`nobody`; `nenya models` lists them"),
        (
            "gpt-5.4",
            "known as a model of `openai`, which is not served here",
        ),
    ] {
        let (found, text) = explain(name);
        assert!(!found && text.contains(remedy), "{name}: {text}");
    }
}

#[test]
fn names_that_nobody_lists_are_explained_by_the_only_provider() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy).config("/providers/dummy/allowed_models", json!(["^a"]));
    let (found, text) = models(&setup, &["--explain", "anything"]);
    assert!(
        found && text.starts_with("anything: anything at dummy\n"),
        "{text}"
    );
    let (found, text) = models(&setup, &["--explain", "other"]);
    let reason = "`providers.dummy.allowed_models` does not allow `other`";
    assert!(!found && text.contains(reason), "{text}");
}

#[test]
fn a_name_stands_once_in_the_list_and_says_if_it_is_left_out() {
    let dummy = Dummy::start();
    let build = json!({"models": ["dummy/ok", "groq/llama-3.3-70b-versatile"]});
    let setup = setup(&dummy)
        .config("/agents/build", build)
        .config("/agents/gpt-4o", json!({"models": ["dummy/gpt-4o"]}));
    let (_, list) = models(&setup, &[]);
    let named = |name: &str| list.lines().filter(|line| line.starts_with(name)).count();
    assert_eq!((named("gpt-4o\t"), named("build\t")), (1, 2), "{list}");
    let left_out = "build\tgroq/llama-3.3-70b-versatile\t";
    let line = list.lines().find(|line| line.starts_with(left_out));
    assert!(
        line.is_some_and(|line| line.ends_with("\tleft out: no key for `groq`")),
        "{list}"
    );
    let (_, text) = models(&setup, &["--explain", "gpt-4o"]);
    assert_eq!(text.matches("gpt-4o at dummy").count(), 1, "{text}");
}
