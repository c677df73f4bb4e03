//! Files that are fetched of a provider: what is text is redacted whatever its type says.

use serde_json::json;

use crate::harness::planted::AWS;
use crate::harness::store::Store;
use crate::harness::{Dummy, Gateway, PROVIDER_KEY, Reply, Request, Setup, USER};

fn scene(bouncer: &serde_json::Value) -> (Store, Gateway, Dummy) {
    let (store, dummy) = (Store::start("s"), Dummy::start());
    let gateway = Setup::new(&dummy)
        .config("/providers/openai", store.provider())
        .config("/bouncer", bouncer.clone())
        .secrets("/provider_keys/openai", json!(PROVIDER_KEY))
        .start();
    (store, gateway, dummy)
}

fn fetch(gateway: &Gateway, id: &str) -> Reply {
    let path = format!("/v1/files/{id}/content");
    gateway.send(&Request::new("GET", &path).key(USER))
}

#[test]
fn text_that_is_called_bytes_is_redacted_and_bytes_are_not() {
    let (_store, gateway, _dummy) = scene(&json!({"redact_output": true}));
    let text = fetch(&gateway, "as-text");
    assert_eq!(text.text(), "as-text: [REDACTED]\n");
    assert_eq!(
        text.header("content-type"),
        Some("application/octet-stream")
    );
    let sound = fetch(&gateway, "as-sound");
    assert_eq!(sound.body, format!("ID3\x04as-sound: {AWS}\n").as_bytes());
    assert!(
        sound.header("content-length").is_some(),
        "{:?}",
        sound.headers
    );
}

#[test]
fn text_that_cannot_be_read_is_not_passed_on() {
    let (_store, gateway, _dummy) = scene(&json!({"redact_output": true}));
    let wide = fetch(&gateway, "as-wide");
    assert_eq!(
        (wide.status, wide.error_code().as_str()),
        (500, "reply_unchecked"),
        "{}",
        wide.text()
    );
}

#[test]
fn files_pass_as_they_are_where_replies_are_not_checked() {
    let (_store, gateway, _dummy) = scene(&json!({}));
    let text = fetch(&gateway, "as-text");
    assert_eq!(text.text(), format!("as-text: {AWS}\n"));
}

#[test]
fn stand_ins_in_a_file_become_values_again() {
    let stand_ins = json!({"actions": [{"action": "placeholder", "direction": "request"}]});
    let (store, gateway, _dummy) = scene(&stand_ins);
    let body = json!({"model": "openai/m", "input": format!("the key is {AWS}.")});
    let request = Request::new("POST", "/v1/embeddings").key(USER);
    let request = request.header("content-type", "application/json");
    gateway.send(&request.body(body.to_string()));
    let sent = store.last().text();
    let mut words = sent.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let stand_in = words.find(|word| word.starts_with("NENYA_")).unwrap();
    let text = fetch(&gateway, &format!("as-{stand_in}"));
    assert_eq!(text.text(), format!("as-{AWS}: {AWS}\n"));
}
