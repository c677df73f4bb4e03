//! What can be asked of the journal, and what is never in it.

use serde_json::{Value, json};

use crate::inside::service::{ADMIN, PROVIDER_KEY, USER, usual_config};
use crate::inside::{Request, Service, journal};

crate::promises![
    a_request_can_be_found_by_its_id_with_all_its_fields,
    a_refusal_has_its_fields_too,
    actors_are_named,
    no_secret_and_no_prompt_is_in_the_journal,
    a_finding_has_rule_and_place_and_its_value_is_nowhere,
];

/// Made up, of the form of an access key id.
const KEY: &str = concat!("AKI", "AQ7XM4TBN2WKJ5RVD");
const END_OF_KEY: &str = "XM4TBN2WKJ5RVD";
const MAIL: &str = concat!("jana.novak", "@mail.velmora.net");

const PROMPT: &str = "marked-prompt-45c48cce2e2d7fbd";

fn chat(id: &str, model: &str) -> Request {
    let body =
        format!(r#"{{"model":"{model}","messages":[{{"role":"user","content":"{PROMPT}"}}]}}"#);
    Request::chat(body).header("x-request-id", id)
}

fn field(record: &Value, name: &str) -> String {
    record[name]
        .as_str()
        .unwrap_or_else(|| panic!("no field {name} in {record}"))
        .to_owned()
}

fn a_request_can_be_found_by_its_id_with_all_its_fields(service: &Service<'_>) {
    service.start();
    assert_eq!(
        service.send(&chat("find-me-1", "build").key(USER)).status,
        200
    );
    let record = journal::record(&["REQUEST_ID=find-me-1", "STATUS=200"]);
    for (name, value) in [
        ("KEY_NAME", "user"),
        ("AGENT", "build"),
        ("MODEL", "ok"),
        ("PROVIDER", "dummy"),
        ("STATUS", "200"),
    ] {
        assert_eq!(field(&record, name), value, "{record}");
    }
    assert!(
        field(&record, "DURATION_US")
            .parse::<u64>()
            .is_ok_and(|time| time > 0),
        "{record}"
    );
    assert_eq!(field(&record, "PRIORITY"), "6");
    assert_eq!(field(&record, "_SYSTEMD_UNIT"), "nenya.service");
    assert_eq!(field(&record, "SYSLOG_IDENTIFIER"), "nenya");
}

fn a_refusal_has_its_fields_too(service: &Service<'_>) {
    service.start();
    assert_eq!(
        service
            .send(&chat("find-me-2", "build").key("nk-unknown-0123456789"))
            .status,
        401
    );
    assert_eq!(
        service
            .send(&chat("find-me-3", "dummy/status-500").key(USER))
            .status,
        502
    );
    assert_eq!(
        field(&journal::record(&["REQUEST_ID=find-me-2"]), "STATUS"),
        "401"
    );
    let failed = journal::record(&["REQUEST_ID=find-me-3", "STATUS=502"]);
    assert_eq!(field(&failed, "PROVIDER"), "dummy");
}

fn actors_are_named(service: &Service<'_>) {
    service.with_faults();
    service.start();
    let actors = service.actors();
    let actor = actors.first().expect("at least one");
    service.misbehave(actor, "panic");
    let record = journal::record(&[&format!("ACTOR={actor}")]);
    assert!(
        field(&record, "PRIORITY")
            .parse::<u8>()
            .is_ok_and(|priority| priority <= 6),
        "{record}"
    );
}

fn no_secret_and_no_prompt_is_in_the_journal(service: &Service<'_>) {
    service.start();
    for model in [
        "build",
        "dummy/status-401",
        "dummy/html",
        "dummy/cut",
        "nobody",
        "dummy/echo",
    ] {
        service.send(&chat("leak", model).key(USER));
    }
    service.send(&chat("leak", "build").key("nk-marked-token-d3d9446802a44259755d38e6"));
    journal::record(&["REQUEST_ID=leak", "STATUS=401"]);
    let everything = journal::everything();
    for mark in [PROVIDER_KEY, USER, ADMIN, PROMPT, "nk-marked-token"] {
        let line = everything.lines().find(|line| line.contains(mark));
        assert_eq!(line, None, "`{mark}` is in the journal");
    }
}

fn a_finding_has_rule_and_place_and_its_value_is_nowhere(service: &Service<'_>) {
    let mut config = usual_config();
    config["bouncer"] = json!({
        "redact_preset": ["credentials", "pii"],
        "redact_output": true,
        "actions": [{"rule": "email", "direction": "request", "action": "observe"}],
    });
    service.write_config(&config);
    service.start();
    let messages = json!([
        {"role": "user", "content": [{"type": "text", "text": format!("the key is {KEY}")}]},
        {"role": "user", "content": format!("write to {MAIL}")},
    ]);
    // It answers with what it was sent.
    let body = json!({"model": "dummy/echo", "messages": messages}).to_string();
    let request = Request::chat(body).header("x-request-id", "find-me-4");
    assert_eq!(service.send(&request.key(USER)).status, 200);

    let reply = "choices[0].message.content";
    for (rule, class, action, direction, place) in [
        (
            "aws-access-key-id",
            "credential",
            "redact",
            "request",
            "messages[0].content[0].text",
        ),
        ("email", "pii", "observe", "request", "messages[1].content"),
        ("email", "pii", "redact", "reply", reply),
    ] {
        let (of_rule, on_its_way) = (format!("RULE={rule}"), format!("DIRECTION={direction}"));
        let record = journal::record(&["REQUEST_ID=find-me-4", &of_rule, &on_its_way]);
        for (name, value) in [
            ("CLASS", class),
            ("ACTION", action),
            ("PLACE", place),
            ("KEY_NAME", "user"),
            ("PRIORITY", "6"),
            ("_SYSTEMD_UNIT", "nenya.service"),
        ] {
            assert_eq!(field(&record, name), value, "{record}");
        }
    }
    let whole = journal::record(&["REQUEST_ID=find-me-4", "STATUS=200"]);
    assert_eq!(field(&whole, "REDACTIONS"), "2");

    let everything = journal::everything();
    for part in [
        KEY,
        MAIL,
        END_OF_KEY,
        "jana.novak",
        "mail.velmora",
        "the key is",
    ] {
        let line = everything.lines().find(|line| line.contains(part));
        assert_eq!(line, None, "`{part}` is in the journal");
    }
}
