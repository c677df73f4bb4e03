//! Documents of text in base64: other APIs want them as text, so they are read as text before they
//! leave, whoever gets them.

use serde_json::{Value, json};
use wire::{repacked, unpacked};

use crate::harness::planted::AWS;
use crate::harness::{Dummy, Gateway, Request, Setup, USER};

/// Providers of three APIs; all of them are the dummy.
fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    let mut setup = Setup::new(&dummy);
    for (name, path) in [("anth", "/v1/messages"), ("coh", "/v2/chat")] {
        let url = format!("http://{}{path}", dummy.address());
        let format = if name == "anth" {
            "anthropic"
        } else {
            "cohere"
        };
        let provider = json!({"url": url, "format": format, "auth_style": "bearer",
            "danger_allow_private_addresses": true});
        setup = setup
            .config(&format!("/providers/{name}"), provider)
            .secrets(&format!("/provider_keys/{name}"), json!("key-0123456789"));
    }
    let gateway = setup.start();
    (dummy, gateway)
}

fn packed(text: &str) -> String {
    repacked("", text)
}

/// What of a request to this model reached the provider.
fn sent(dummy: &Dummy, gateway: &Gateway, path: &str, body: &Value) -> String {
    let request = Request::new("POST", path).key(USER).body(body.to_string());
    let reply = gateway.send(&request);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    dummy.last_body()
}

/// A document in the words of Anthropic, OpenAI and Gemini.
fn questions(model: &str, data: &str) -> Vec<(String, Value)> {
    let source = json!({"type": "base64", "media_type": "text/plain", "data": data});
    let document = json!([{"type": "document", "source": source}]);
    let url = format!("data:text/plain;base64,{data}");
    let file = json!([{"type": "file", "file": {"filename": "a.txt", "file_data": url}}]);
    let inline = json!([{"inlineData": {"mimeType": "text/plain", "data": data}}]);
    let chat = |content: &Value| {
        let turns = json!([{"role": "user", "content": content}]);
        json!({"model": model, "max_tokens": 9, "messages": turns})
    };
    vec![
        ("/v1/messages".to_owned(), chat(&document)),
        ("/v1/chat/completions".to_owned(), chat(&file)),
        (
            format!("/v1beta/models/{model}:generateContent"),
            json!({"contents": [{"role": "user", "parts": inline}]}),
        ),
    ]
}

#[test]
fn a_secret_in_a_packed_document_is_not_unpacked_for_a_provider() {
    let (dummy, gateway) = scene();
    for text in [
        format!("k {AWS}"),
        format!("{} k {AWS} and more", "prose and more prose. ".repeat(9)),
    ] {
        for model in ["anth/ok", "coh/ok"] {
            for (path, body) in questions(model, &packed(&text)) {
                let sent = sent(&dummy, &gateway, &path, &body);
                assert!(!sent.contains(AWS), "{model} {path}: {sent}");
                assert!(!sent.contains(&packed(&text)), "{model} {path}: {sent}");
                let clean = text.replace(AWS, "[REDACTED]");
                let said = sent.contains(&clean) || sent.contains(&packed(&clean));
                assert!(said, "{model} {path}: {sent}");
            }
        }
    }
}

#[test]
fn a_document_that_stays_packed_is_packed_again_around_the_label() {
    let (dummy, gateway) = scene();
    let data = packed(&format!("k {AWS}"));
    let (path, body) = questions("anth/ok", &data).remove(0);
    let sent = sent(&dummy, &gateway, &path, &body);
    let sent: Value = serde_json::from_str(&sent).unwrap();
    let data = sent["messages"][0]["content"][0]["source"]["data"].as_str();
    assert_eq!(data.and_then(unpacked).as_deref(), Some("k [REDACTED]"));
}

#[test]
fn what_is_clean_or_no_text_leaves_as_it_came() {
    let (dummy, gateway) = scene();
    let image = "iVBORw0KGgo".repeat(12);
    let source = json!({"type": "base64", "media_type": "image/png", "data": image});
    let clean =
        json!({"type": "base64", "media_type": "text/plain", "data": packed("nothing here")});
    let content =
        json!([{"type": "image", "source": source}, {"type": "document", "source": clean}]);
    let body = json!({"model": "anth/ok", "max_tokens": 9,
        "messages": [{"role": "user", "content": content}]});
    let sent = sent(&dummy, &gateway, "/v1/messages", &body);
    let sent: Value = serde_json::from_str(&sent).unwrap();
    assert_eq!(sent["messages"][0]["content"], content);
}
