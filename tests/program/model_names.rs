//! Names of models are the client's words: bounded, and not for the log.

use serde_json::{Value, json};

use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER};

/// Stands in the log for a model that only the client named.
const UNLISTED: &str = "(unlisted)";

fn ask(gateway: &Gateway, model: &str) -> Reply {
    gateway.ask(model, false)
}

fn names_the_model(reply: &Reply) {
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (400, "invalid_field"),
        "{}",
        reply.text()
    );
    assert_eq!(reply.json()["error"]["param"], "model", "{}", reply.text());
}

/// The log's records of requests, the field `model` of each.
fn logged_models(gateway: &Gateway) -> Vec<String> {
    let records = gateway.log();
    let records = records
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    records
        .filter_map(|record| Some(record["model"].as_str()?.to_owned()))
        .filter(|model| !model.is_empty())
        .collect()
}

#[test]
fn a_name_of_256_bytes_is_taken_and_one_of_257_is_refused() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let longest = format!("dummy/{}", "m".repeat(250));
    assert_eq!(ask(&gateway, &longest).status, 200);
    names_the_model(&ask(&gateway, &format!("{longest}m")));
    // Bytes count, and not characters.
    names_the_model(&ask(&gateway, &format!("dummy/{}", "\u{1f511}".repeat(63))));
    assert_eq!(dummy.count("requests"), 1);
}

#[test]
fn a_name_with_a_line_end_or_another_control_character_is_refused() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    for end in ["\n", "\r", "\r\nx-injected: 1", "\0", "\u{7f}", "\u{85}"] {
        names_the_model(&ask(&gateway, &format!("dummy/ok{end}")));
    }
    names_the_model(&ask(&gateway, ""));
    assert_eq!(dummy.count("requests"), 0);
    assert!(!gateway.log().contains("x-injected"), "{}", gateway.log());
}

#[test]
fn the_log_names_configured_models_and_no_others() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config(
            "/agents/build",
            json!({"models": [{"provider": "dummy", "model": "ok"}]}),
        )
        .start();
    assert_eq!(ask(&gateway, "build").status, 200);
    assert_eq!(ask(&gateway, "dummy/only-the-client-says").status, 200);
    // These fail in ways that have records of their own.
    for (model, stream) in [
        ("status-500", false),
        ("status-400", false),
        ("cut", true),
        ("hang-up", true),
    ] {
        gateway.ask(&format!("dummy/{model}"), stream);
    }
    assert_eq!(ask(&gateway, "nobody-has-this").status, 404);
    gateway.until_logged("model_not_found");
    let log = gateway.log();
    for named in [
        "only-the-client-says",
        "status-500",
        "status-400",
        "hang-up",
        "dummy/cut",
        "nobody-has-this",
    ] {
        assert!(!log.contains(named), "`{named}` is in the log: {log}");
    }
    let models = logged_models(&gateway);
    assert!(models.contains(&"ok".to_owned()), "{models:?}");
    let unlisted = models.iter().filter(|model| *model == UNLISTED).count();
    assert_eq!(unlisted, 5, "{models:?}");
    assert_eq!(models.len(), 6, "{models:?}");
}

#[test]
fn metrics_have_no_label_that_a_client_wrote() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    for model in [
        "dummy/only-the-client-says",
        "only-the-client-says",
        "dummy/status-500",
    ] {
        ask(&gateway, model);
    }
    let proxied = Request::new("POST", "/proxy/dummy/v1/only-the-client-says")
        .key(USER)
        .header("content-type", "application/json")
        .body(r#"{"model":"only-the-client-says"}"#);
    assert_eq!(gateway.send(&proxied).status, 200);
    gateway.send(&Request::new("ONLYTHECLIENTSAYS", "/only-the-client-says"));
    let metrics = gateway.page("/metrics").text().to_lowercase();
    for word in ["only-the-client-says", "onlytheclientsays", "status-500"] {
        assert!(!metrics.contains(word), "{metrics}");
    }
}
