//! Names of models are the client's words: bounded, and not for the log.

use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::http::PATIENCE;
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

/// Waits until so many models are logged: records are written behind the answers.
fn until_logged(gateway: &Gateway, count: usize) -> Vec<String> {
    let end = Instant::now() + PATIENCE;
    loop {
        let models = logged_models(gateway);
        if models.len() >= count {
            return models;
        }
        assert!(Instant::now() < end, "only {models:?}: {}", gateway.log());
        crate::harness::pause();
    }
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

/// Asks for these models of the dummy and waits for their records, which name none of them.
fn are_not_in_the_log(gateway: &Gateway, models: &[(&str, bool)]) {
    let before = logged_models(gateway).len();
    for (model, stream) in models {
        gateway.ask(&format!("dummy/{model}"), *stream);
    }
    let logged = until_logged(gateway, before + models.len());
    let log = gateway.log();
    for (model, _) in models {
        let records = log.lines().filter(|line| line.contains(model));
        let records: Vec<&str> = records.collect();
        assert!(records.is_empty(), "`{model}` is in the log: {records:?}");
    }
    let unlisted = |model: &String| model == UNLISTED;
    assert!(logged[before..].iter().all(unlisted), "{logged:?}");
}

#[test]
fn the_log_names_configured_models_and_no_others() {
    let dummy = Dummy::start();
    let agent = json!({"models": [{"provider": "dummy", "model": "ok"}]});
    let gateway = Setup::new(&dummy).config("/agents/build", agent).start();
    assert_eq!(ask(&gateway, "build").status, 200);
    assert_eq!(until_logged(&gateway, 1), ["ok"]);
    let models = [
        ("only-the-client-says", false),
        ("only-a-stream-says", true),
        ("status-400", false),
        ("error-event", true),
    ];
    are_not_in_the_log(&gateway, &models);
}

#[test]
fn causes_of_failures_do_not_name_a_model_that_only_the_client_named() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let models = [
        ("status-500", false),
        ("hang-up", true),
        ("bad-json", false),
    ];
    are_not_in_the_log(&gateway, &models);
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
