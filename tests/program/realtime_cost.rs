//! What a realtime session costs that breaks off in the middle of a reply.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::socket::{Said, Session, handshake};
use crate::harness::{Dummy, Gateway, Setup, USER};

const DELTA: &str = "response.output_text.delta";

/// 40 bytes, which come in five parts.
const TEXT: &str = "wordwordwordwordwordwordwordwordwordword";

/// Events of the dummy to the third delta of the first reply, and to that of the second.
const FIRST: usize = 8;
const SECOND: usize = 22;

/// Says a text and hears three parts of it.
fn hear_three(session: &mut Session) {
    session.say(&json!({"type": "conversation.item.create", "item": {
        "type": "message", "role": "user", "content": [{"type": "input_text", "text": TEXT}]}}));
    session.say(&json!({"type": "response.create"}));
    let mut heard = 0;
    while heard < 3 {
        heard += usize::from(session.event()["type"] == DELTA);
    }
}

fn opened(gateway: &Gateway, option: &str, at: usize) -> Session {
    let model = format!("dummy/echo-text%2Bparts=8%2B{option}={at}");
    let mut session = Session::open(gateway, &model, USER);
    session.until("session.created");
    session
}

/// The line of the session.
fn line(gateway: &Gateway) -> Value {
    gateway.until_logged("\"status\":101");
    let log = gateway.log();
    let mut lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let found = lines.find(|line| line["status"] == 101);
    found.expect("such a line")
}

/// Tokens that are told and guessed, of prompts and of answers.
fn metrics(gateway: &Gateway) -> [f64; 4] {
    let of = |name: &str, direction: &str| {
        gateway.metric(&format!(
            "{name}{{agent=\"\",direction=\"{direction}\",provider=\"dummy\"}}"
        ))
    };
    let (told, guessed) = ("nenya_tokens_total", "nenya_tokens_estimated_total");
    [
        of(told, "input"),
        of(told, "output"),
        of(guessed, "input"),
        of(guessed, "output"),
    ]
}

fn check(gateway: &Gateway, ending: &str, tokens: (u64, u64), counted: [f64; 4]) {
    let line = line(gateway);
    assert_eq!(line["ending"], ending, "{line}");
    let logged = (&line["prompt_tokens"], &line["completion_tokens"]);
    assert_eq!(logged, (&json!(tokens.0), &json!(tokens.1)), "{line}");
    let guessed = counted[2] + counted[3] > 0.0;
    assert_eq!(line["tokens_estimated"], guessed, "{line}");
    gateway.until_metric("nenya_realtime_sessions", 0.0);
    assert_eq!(metrics(gateway), counted, "{ending}");
}

#[test]
fn a_reply_that_breaks_off_is_charged_for_what_came_of_it_however_the_session_ends() {
    type Ended = fn(Session);
    let cases: [(&str, &str, Ended); 4] = [
        ("stall", "client_gone", |session| session.vanish()),
        ("stall", "client_closed", |mut session| {
            session.close(1000, "");
            session.end();
        }),
        ("stall", "gateway_closed", |mut session| {
            session.send(0x83, b"no such kind of frame");
            session.end();
        }),
        ("cut", "provider_broke", |mut session| {
            session.end();
        }),
    ];
    for (option, ending, end) in cases {
        let dummy = Dummy::start();
        let gateway = Gateway::before(&dummy);
        let mut session = opened(&gateway, option, FIRST);
        hear_three(&mut session);
        end(session);
        // 40 bytes were said and 24 came.
        check(&gateway, ending, (10, 6), [0.0, 0.0, 10.0, 6.0]);
    }
}

#[test]
fn what_the_provider_has_counted_is_not_guessed_again() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let mut session = opened(&gateway, "stall", SECOND);
    hear_three(&mut session);
    session.until("response.done");
    hear_three(&mut session);
    session.vanish();
    check(
        &gateway,
        "client_gone",
        (10 + 10, 5 + 6),
        [10.0, 5.0, 10.0, 6.0],
    );
}

#[test]
fn a_session_whose_replies_were_all_counted_has_nothing_guessed() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let mut session = opened(&gateway, "try", 1);
    hear_three(&mut session);
    session.until("response.done");
    // Not answered, and so free.
    session.say(&json!({"type": "conversation.item.create", "item": {
        "type": "message", "role": "user", "content": [{"type": "input_text", "text": TEXT}]}}));
    session.until("conversation.item.done");
    session.vanish();
    check(&gateway, "client_gone", (10, 5), [10.0, 5.0, 0.0, 0.0]);
}

#[test]
fn a_key_pays_for_what_broke_off() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/limits/keys/user", json!({"tokens_per_minute": 8}))
        .start();
    let mut session = opened(&gateway, "stall", FIRST);
    hear_three(&mut session);
    session.close(1000, "");
    assert!(matches!(session.end().1, Said::Close(1000, _)));
    gateway.until_metric("nenya_realtime_sessions", 0.0);
    let request = handshake("/v1/realtime?model=dummy/ok", USER);
    let refusal = Session::ask(&gateway, &request).expect_err("a refusal");
    assert_eq!(refusal.error_code(), "token_limit");
    let wait = refusal.header("retry-after").expect("a time");
    let wait = Duration::from_secs(wait.parse().expect("a number"));
    assert!(wait > Duration::from_secs(30), "{wait:?}");
}
