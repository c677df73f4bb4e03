//! Turns that go on from what a provider keeps: they go to that provider and to no other.

use serde_json::{Value, json};

use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER, key};

/// A second key of the role `user`.
const OTHER: &str = "nk-other-0123456789abcdef0123456789abcdef00";

/// Two providers of Responses, which an agent asks in turn, and an agent of the second alone.
struct Scene {
    first: Dummy,
    second: Dummy,
    gateway: Gateway,
}

impl Scene {
    fn new() -> Self {
        let (first, second) = (Dummy::start(), Dummy::start());
        let provider = |dummy: &Dummy| {
            json!({
                "url": format!("http://{}/v1/responses", dummy.address()),
                "auth_style": "none", "danger_allow_private_addresses": true,
            })
        };
        let (one, other) = (
            json!({"provider": "first", "model": "ok"}),
            json!({"provider": "second", "model": "ok"}),
        );
        let gateway = Setup::new(&first)
            .config("/providers/first", provider(&first))
            .config("/providers/second", provider(&second))
            .config("/agents/both", json!({"models": [one, other]}))
            .config("/agents/alone", json!({"models": [other]}))
            .secrets("/api_keys/other", key("other", OTHER, "user"))
            .start();
        Self {
            first,
            second,
            gateway,
        }
    }

    fn turn(&self, token: &str, model: &str, members: &Value, stream: bool) -> Reply {
        let mut body = json!({"model": model, "input": "hello", "stream": stream});
        for (name, value) in members.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let request = Request::new("POST", "/v1/responses").key(token);
        self.gateway.send(&request.body(body.to_string()))
    }

    fn seen(&self) -> (u64, u64) {
        (self.first.count("requests"), self.second.count("requests"))
    }
}

fn previous() -> Value {
    json!({"previous_response_id": "resp_dummy"})
}

#[test]
fn a_response_is_continued_where_it_was_made() {
    for stream in [false, true] {
        let scene = Scene::new();
        assert_eq!(scene.turn(USER, "both", &json!({}), stream).status, 200);
        let before = scene.seen();
        for _ in 0..4 {
            let reply = scene.turn(USER, "both", &previous(), stream);
            assert_eq!(reply.status, 200, "{}", reply.text());
        }
        let moved = (scene.seen().0 - before.0, scene.seen().1 - before.1);
        assert!(moved == (4, 0) || moved == (0, 4), "{moved:?}");
    }
}

#[test]
fn a_conversation_stays_where_its_first_turn_went() {
    let scene = Scene::new();
    let named = json!({"conversation": {"id": "conv_1"}});
    for _ in 0..4 {
        assert_eq!(scene.turn(USER, "both", &named, false).status, 200);
    }
    assert!(matches!(scene.seen(), (4, 0) | (0, 4)));
}

#[test]
fn nobody_else_goes_on_and_no_other_provider_is_asked() {
    let scene = Scene::new();
    assert_eq!(scene.turn(USER, "first/ok", &json!({}), false).status, 200);

    let stranger = scene.turn(OTHER, "both", &previous(), false);
    assert_eq!(
        (stranger.status, stranger.error_code().as_str()),
        (404, "object_not_found")
    );
    let elsewhere = scene.turn(USER, "alone", &previous(), false);
    assert_eq!(
        (elsewhere.status, elsewhere.error_code().as_str()),
        (400, "kept_elsewhere")
    );
    assert_eq!(elsewhere.json()["error"]["param"], "previous_response_id");

    let Scene {
        first,
        second,
        gateway,
    } = scene;
    drop(first);
    let body = json!({"model": "both", "input": "x", "previous_response_id": "resp_dummy"});
    let request = Request::new("POST", "/v1/responses").key(USER);
    let down = gateway.send(&request.body(body.to_string()));
    assert_eq!(
        (down.status, down.error_code().as_str()),
        (502, "provider_unreachable")
    );
    assert_eq!(second.count("requests"), 0);
}

#[test]
fn a_provider_of_another_format_is_not_asked_for_what_it_cannot_know() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy).start();
    let body = json!({"model": "dummy/ok", "input": "x", "previous_response_id": "resp_9"});
    let request = Request::new("POST", "/v1/responses").key(USER);
    let refused = gateway.send(&request.body(body.to_string()));
    assert_eq!(
        (refused.status, refused.error_code().as_str()),
        (400, "unsupported_by_provider")
    );
}
