//! Realtime sessions: who may open one, where it goes, what passes and what it costs.

use serde_json::{Value, json};

use crate::harness::planted::{AWS, MAIL};
use crate::harness::socket::{Said, Session, bare_handshake, deltas, handshake, told, until_told};
use crate::harness::{Dummy, Gateway, PROVIDER_KEY, READER, Request, Setup, USER, key};

const LIMITED: &str = "nk-limited-0123456789abcdef0123456789abcdef";
const TEXT: &str = "response.output_text.delta";

fn redacting(dummy: &Dummy) -> Setup {
    Setup::new(dummy)
        .config("/bouncer/redact_preset", json!(["credentials", "pii"]))
        .config("/bouncer/redact_output", json!(true))
}

/// The last line of the log about a request of this status.
fn line(gateway: &Gateway, status: u16) -> Value {
    gateway.until_logged(&format!("\"status\":{status}"));
    let log = gateway.log();
    let mut lines = log
        .lines()
        .rev()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .find(|line| line["status"] == status)
        .expect("such a line")
}

fn refused(gateway: &Gateway, request: &Request, status: u16, code: &str) {
    let reply = Session::ask(gateway, request).expect_err("a refusal");
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (status, code),
        "{}",
        reply.text()
    );
}

#[test]
fn a_session_goes_to_the_provider_with_its_own_model_and_our_key() {
    let dummy = Dummy::start();
    let agent = json!({"models": [{"provider": "dummy", "model": "echo-text"}]});
    let gateway = Setup::new(&dummy).config("/agents/voice", agent).start();
    let target = "/v1/realtime?model=voice&intent=chat&api_key=nk-1";
    let request = handshake(target, USER)
        .header("openai-organization", "org")
        .header("cookie", "a=b");
    let mut session = Session::ask(&gateway, &request).expect("a session");
    assert_eq!(session.answer.header("set-cookie"), None);
    assert_eq!(session.answer.header("sec-websocket-protocol"), None);
    assert_eq!(session.event()["session"]["model"], "echo-text");
    session
        .say(&json!({"type": "session.update", "session": {"type": "realtime", "model": "dear"}}));
    assert_eq!(session.event()["session"]["model"], "echo-text");
    let events = session.ask_for("guten Tag, wie geht es?");
    assert_eq!(deltas(&events, TEXT), "guten Tag, wie geht es?");
    assert!(
        !events
            .iter()
            .any(|event| event["type"] == "rate_limits.updated")
    );
    session.close(1000, "bye");
    assert_eq!(session.end().1, Said::Close(1000, String::new()));

    until_told(&dummy, |said| said == "close 1000 bye");
    let asked = &dummy.asked()[0];
    assert_eq!(asked["target"], "/v1/realtime?model=echo-text&intent=chat");
    let headers = asked["headers"].as_array().expect("headers");
    let value = |name: &str| {
        headers
            .iter()
            .find(|header| header[0] == name)
            .map(|header| header[1].clone())
    };
    assert_eq!(
        value("authorization"),
        Some(json!(format!("Bearer {PROVIDER_KEY}")))
    );
    for ours in [
        "cookie",
        "openai-organization",
        "sec-websocket-extensions",
        "openai-beta",
    ] {
        assert_eq!(value(ours), None, "{ours}");
    }
    let line = line(&gateway, 101);
    assert_eq!(
        (
            &line["route"],
            &line["ending"],
            &line["agent"],
            &line["model"]
        ),
        (
            &json!("/v1/realtime"),
            &json!("client_closed"),
            &json!("voice"),
            &json!("echo-text")
        )
    );
    assert_eq!(
        (&line["prompt_tokens"], &line["completion_tokens"]),
        (&json!(10), &json!(5))
    );
    gateway.until_metric("nenya_realtime_sessions", 0.0);
    assert!(gateway.metric("nenya_realtime_closed_total{by=\"client_closed\"}") > 0.0);
}

#[test]
fn secrets_leave_in_no_event_and_come_in_none_however_they_are_cut() {
    let dummy = Dummy::start();
    let gateway = redacting(&dummy).start();
    let mut session = Session::open(&gateway, "dummy/ok", USER);
    session.until("session.created");
    let tool = json!({"type": "function", "name": "f", "description": format!("not {AWS}"), "parameters": {"type": "object"}});
    session.say(&json!({"type": "session.update", "session": {"instructions": format!("the key is {AWS}"), "tools": [tool]}}));
    session.say(&json!({"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "c", "output": format!("{{\"k\":\"{AWS}\"}}")}}));
    session.say(&json!({"type": "response.create", "response": {"instructions": format!("write to {MAIL}")}}));
    let sound = "QUJD".repeat(2000);
    session.say(&json!({"type": "input_audio_buffer.append", "audio": sound}));
    session.until("response.done");
    until_told(&dummy, |said| said.contains("audio"));
    let all = told(&dummy).join("\n");
    assert!(!all.contains(AWS) && !all.contains(MAIL), "{all}");
    assert_eq!(all.matches("[REDACTED]").count(), 4, "{all}");
    assert!(all.contains(&sound), "sound is left alone");

    for parts in [1, 3, 7, 100] {
        let mut session =
            Session::open(&gateway, &format!("dummy/echo-text%2Bparts={parts}"), USER);
        session.until("session.created");
        let events = session.ask_for("leak please");
        assert_eq!(deltas(&events, TEXT), "leak please", "{parts}");
    }
    let metric = "nenya_pipeline_redactions_total{action=\"redact\",direction=\"request\",rule=\"aws-access-key-id\"}";
    gateway.until_metric(metric, 3.0);
    gateway.until_logged("session.instructions");
}

#[test]
fn what_a_model_says_is_redacted_exactly_and_only_where_it_is_asked_for() {
    let dummy = Dummy::start();
    // Requests pass with their secrets, so that the provider can say them back.
    let actions = json!([{"class": "credential", "direction": "request", "action": "observe"},
        {"class": "pii", "direction": "request", "action": "observe"}]);
    let gateway = redacting(&dummy)
        .config("/bouncer/actions", actions)
        .start();
    let text = format!("the key {AWS} of {MAIL} is old");
    let clean = "the key [REDACTED] of [REDACTED] is old";
    for model in [
        "echo-text%2Bparts=1",
        "echo-text%2Bparts=5",
        "echo-text",
        "audio%2Bparts=3",
    ] {
        let mut session = Session::open(&gateway, &format!("dummy/{model}"), USER);
        session.until("session.created");
        let events = session.ask_for(&text);
        let kind = if model.starts_with("audio") {
            "response.output_audio_transcript.delta"
        } else {
            TEXT
        };
        assert_eq!(deltas(&events, kind), clean, "{model}");
        let all = Value::from(events.clone()).to_string();
        assert!(!all.contains(AWS) && !all.contains(MAIL), "{model}: {all}");
        let done = events.iter().rposition(|event| event["type"] == kind);
        let over = events
            .iter()
            .position(|event| event["type"] == kind.replace(".delta", ".done"));
        assert!(done < over, "{model}: held text comes before its end");
        if model.starts_with("audio") {
            assert_eq!(
                deltas(&events, "response.output_audio.delta"),
                "AAECAwQFBgc="
            );
        }
    }
    let mut session = Session::open(&gateway, "dummy/echo-tool%2Bparts=2", USER);
    session.until("session.created");
    let events = session.ask_for(&text);
    let arguments = json!({"text": clean}).to_string();
    assert_eq!(
        deltas(&events, "response.function_call_arguments.delta"),
        arguments
    );
}

#[test]
fn stand_ins_go_out_and_the_values_come_back() {
    let dummy = Dummy::start();
    let actions = json!([{"class": "pii", "direction": "request", "action": "placeholder"}]);
    let gateway = redacting(&dummy)
        .config("/bouncer/redact_output", json!(false))
        .config("/bouncer/actions", actions)
        .start();
    for model in ["echo-text%2Bparts=1", "echo-tool%2Bparts=4"] {
        let mut session = Session::open(&gateway, &format!("dummy/{model}"), USER);
        session.until("session.created");
        let events = session.ask_for(&format!("mail {MAIL} now"));
        let said = Value::from(events).to_string();
        assert!(said.contains(MAIL), "{said}");
        assert!(!said.contains("NENYA_EMAIL"), "{said}");
    }
    let all = told(&dummy).join("\n");
    assert!(all.contains("NENYA_EMAIL_") && !all.contains(MAIL), "{all}");
}

#[test]
fn an_event_that_may_not_leave_is_left_out_and_the_session_goes_on() {
    let dummy = Dummy::start();
    let actions = json!([{"class": "credential", "direction": "request", "action": "block"}]);
    let gateway = redacting(&dummy)
        .config("/bouncer/actions", actions)
        .start();
    let mut session = Session::open(&gateway, "dummy/ok", USER);
    session.until("session.created");
    session.say(
        &json!({"type": "session.update", "event_id": "mine", "session": {"instructions": AWS}}),
    );
    let error = session.event();
    assert_eq!(
        (&error["type"], &error["error"]["code"]),
        (&json!("error"), &json!("request_blocked"))
    );
    assert_eq!(
        (&error["error"]["event_id"], &error["error"]["param"]),
        (&json!("mine"), &json!("session.instructions"))
    );
    session.send(0x81, b"{\"type\":");
    assert_eq!(session.event()["error"]["code"], "invalid_json");
    assert!(!deltas(&session.ask_for("hello"), TEXT).is_empty());
    assert!(!told(&dummy).join("\n").contains("mine"));
}

#[test]
fn tokens_are_counted_once_and_a_key_without_any_is_told_and_closed() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/limits/keys/user", json!({"tokens_per_minute": 40}))
        .start();
    let mut session = Session::open(&gateway, "dummy/tokens-8", USER);
    session.until("session.created");
    session.ask_for("one");
    session.say(&json!({"type": "input_audio_buffer.commit"}));
    session.until("conversation.item.input_audio_transcription.completed");
    // 18 and 7 are used; 18 more are too many.
    session.say(&json!({"type": "response.create"}));
    let (events, close) = session.end();
    assert_eq!(close, Said::Close(1008, "token_limit".to_owned()));
    let last = events.last().expect("an event");
    assert_eq!(last["error"]["code"], "token_limit");
    assert_eq!(
        events[events.len() - 2]["type"],
        "response.done",
        "what was paid for comes"
    );
    let line = line(&gateway, 101);
    assert_eq!(
        (&line["prompt_tokens"], &line["completion_tokens"]),
        (&json!(24), &json!(19))
    );
    assert_eq!(
        (&line["ending"], &line["error_code"]),
        (&json!("gateway_closed"), &json!("token_limit"))
    );
    let tokens = |direction: &str| {
        gateway.metric(&format!(
            "nenya_tokens_total{{agent=\"\",direction=\"{direction}\",provider=\"dummy\"}}"
        ))
    };
    assert_eq!((tokens("input"), tokens("output")), (24.0, 19.0));
    let next = handshake("/v1/realtime?model=dummy/ok", USER);
    refused(&gateway, &next, 429, "token_limit");
}

#[test]
fn a_session_is_one_open_request_for_as_long_as_it_lasts() {
    let dummy = Dummy::start();
    let limits = json!({"concurrent_requests": 1, "requests_per_minute": 3});
    let gateway = Setup::new(&dummy)
        .config("/limits/keys/user", limits)
        .start();
    let request = handshake("/v1/realtime?model=dummy/ok", USER);
    let mut session = Session::ask(&gateway, &request).expect("a session");
    assert_eq!(
        session.answer.header("x-ratelimit-remaining-requests"),
        Some("2")
    );
    refused(&gateway, &request, 429, "concurrency_limit");
    session.close(1000, "");
    session.end();
    gateway.until_metric("nenya_realtime_sessions", 0.0);
    let second = Session::ask(&gateway, &request).expect("the place is free again");
    second.vanish();
    gateway.until_metric("nenya_realtime_sessions", 0.0);
    Session::ask(&gateway, &request).expect("and again");
}

#[test]
fn who_may_not_is_refused_before_the_provider_hears_of_it() {
    let dummy = Dummy::start();
    let mut limited = key("limited", LIMITED, "user");
    limited["allowed_agents"] = json!(["voice"]);
    let agent = json!({"models": [{"provider": "dummy", "model": "ok"}]});
    let gateway = Setup::new(&dummy)
        .config("/agents/voice", agent)
        .config("/providers/other", json!({"url": "http://127.0.0.1:9/v1/messages", "auth_style": "none", "danger_allow_private_addresses": true}))
        .secrets("/api_keys/limited", limited)
        .start();
    let to = |model: &str, token: &str| handshake(&format!("/v1/realtime?model={model}"), token);
    refused(
        &gateway,
        &bare_handshake("/v1/realtime?model=dummy/ok"),
        401,
        "missing_api_key",
    );
    refused(&gateway, &to("dummy/ok", READER), 403, "role_not_allowed");
    refused(&gateway, &to("dummy/ok", LIMITED), 403, "agent_not_allowed");
    refused(&gateway, &to("nobody", USER), 404, "model_not_found");
    refused(&gateway, &to("", USER), 400, "missing_field");
    refused(
        &gateway,
        &to("other/m", USER),
        400,
        "unsupported_by_provider",
    );
    refused(
        &gateway,
        &to("dummy/ok&call_id=rtc_1", USER),
        403,
        "realtime_by_websocket_only",
    );
    let plain = Request::new("GET", "/v1/realtime?model=dummy/ok").key(USER);
    let reply = gateway.send(&plain);
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (426, "upgrade_required")
    );
    assert_eq!(
        (
            reply.header("upgrade"),
            reply.header("sec-websocket-version")
        ),
        (Some("websocket"), Some("13"))
    );
    for path in [
        "client_secrets",
        "sessions",
        "transcription_sessions",
        "calls",
        "calls/rtc_1/accept",
    ] {
        let request = Request::new("POST", &format!("/v1/realtime/{path}"))
            .key(USER)
            .body("{}");
        let reply = gateway.send(&request);
        assert_eq!(
            (reply.status, reply.error_code().as_str()),
            (403, "realtime_by_websocket_only"),
            "{path}"
        );
    }
    assert_eq!(dummy.count("requests"), 0);

    let mut session = Session::ask(&gateway, &to("voice", LIMITED)).expect("its own agent");
    session.until("session.created");
    let transcription = json!({"audio": {"input": {"transcription": {"model": "dear"}}}});
    session.say(&json!({"type": "session.update", "event_id": "e", "session": transcription}));
    assert_eq!(session.event()["error"]["code"], "agent_not_allowed");
}

#[test]
fn a_refusal_of_the_provider_falls_to_the_next_target_or_is_an_answer() {
    let dummy = Dummy::start();
    let target = |model: &str| json!({"provider": "dummy", "model": model});
    let agent = json!({"strategy": "fallback", "models": [target("status-503"), target("hang-up"), target("status-401"), target("echo-text")]});
    let gateway = Setup::new(&dummy)
        .config("/agents/voice", agent)
        .config("/providers/dummy/first_byte_timeout_seconds", json!(1))
        .start();
    let mut session = Session::open(&gateway, "voice", USER);
    assert_eq!(session.event()["session"]["model"], "echo-text");
    session.close(1000, "");
    session.end();
    assert_eq!(line(&gateway, 101)["attempts"], 4);
    for (model, status, code) in [
        ("status-401", 502, "provider_refused"),
        ("status-404", 404, "provider_rejected"),
        ("status-429", 429, "provider_rate_limited"),
        ("status-500", 502, "provider_error"),
        ("status-200", 502, "provider_bad_reply"),
        ("hang-up", 502, "provider_bad_reply"),
        ("stall", 504, "provider_timeout"),
    ] {
        let dummy = Dummy::start();
        let gateway = Setup::new(&dummy)
            .config("/providers/dummy/first_byte_timeout_seconds", json!(1))
            .start();
        let request = handshake(&format!("/v1/realtime?model=dummy/{model}"), USER);
        let reply = Session::ask(&gateway, &request).expect_err("a refusal");
        assert_eq!(
            (reply.status, reply.error_code().as_str()),
            (status, code),
            "{model}: {}",
            reply.text()
        );
        if model == "status-429" {
            assert_eq!(reply.header("retry-after"), Some("7"));
        }
    }
}

#[test]
fn a_browser_s_key_is_taken_and_neither_passed_on_nor_logged() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let offered = format!("realtime, openai-insecure-api-key.{USER}, openai-beta.realtime-v1");
    let request = bare_handshake("/v1/realtime?model=dummy/echo-text")
        .header("sec-websocket-protocol", &offered)
        .header("origin", "https://app.example");
    let mut session = Session::ask(&gateway, &request).expect("a session");
    assert_eq!(
        session.answer.header("sec-websocket-protocol"),
        Some("realtime")
    );
    session.until("session.created");
    let events = session.ask_for("hello");
    assert_eq!(
        deltas(&events, "response.text.delta"),
        "hello",
        "the beta's names"
    );
    session.close(1000, "");
    session.end();
    let asked = Value::from(dummy.asked()).to_string();
    assert!(
        !asked.contains(USER) && asked.contains("realtime=v1"),
        "{asked}"
    );
    line(&gateway, 101);
    assert!(!gateway.log().contains(USER));
}
