//! Secrets that only what stands around them gives away, or that are written in an odd way: nothing
//! of them reaches the provider, and nothing the client, whole and streamed.
//!
//! The engine's own tests cut each of these everywhere; here the built program is asked.

#![expect(clippy::string_slice, reason = "secrets of ASCII are cut in two")]

use serde_json::{Value, json};

use crate::harness::planted::{AWS, completion, cut, delta, in_chunks, joined, said, say};
use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER};

/// Of all signs, as Django makes its key.
const SIGNS: &str = concat!("k#8v!p2@x$w5&z(9r*t3^y6", "-m=q1+n_4)j7%h0bdwcfgl)e5");
/// Random enough for a password, and nothing that has a format.
const PASSWORD: &str = "Xk9-vTq2Lw7Rz";

/// A text, and the secrets in it.
struct Case {
    name: &'static str,
    text: String,
    secrets: Vec<String>,
}

fn case(name: &'static str, text: String, secrets: &[&str]) -> Case {
    let secrets = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    Case {
        name,
        text,
        secrets,
    }
}

/// The lines of a private key that nobody has.
fn key_lines() -> Vec<String> {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = 7_u32;
    let mut sign = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(SIGNS[(state >> 26) as usize])
    };
    let body: Vec<String> = (0..16).map(|_| (0..64).map(|_| sign()).collect()).collect();
    let armour = |word: &str| format!("-----{word} RSA {} KEY-----", "PRIVATE");
    [vec![armour("BEGIN")], body, vec![armour("END")]].concat()
}

/// A private key whose lines are written as `line` says, from their number and themselves.
fn key_as(name: &'static str, line: impl Fn(usize, &str) -> String) -> Case {
    let lines = key_lines();
    let numbered = lines.iter().enumerate();
    let written: Vec<String> = numbered.map(|(at, text)| line(at, text)).collect();
    let text = format!("The file says:\n{}\nand no more.", written.join("\n"));
    let inner = lines.len() - 1;
    let secrets: Vec<&str> = lines[1..inner].iter().map(String::as_str).collect();
    case(name, text, &secrets)
}

/// What may stand in any text, of either direction.
fn texts() -> Vec<Case> {
    vec![
        key_as("numbers of lines", |at, line| {
            format!("{:>6}\t{line}", at + 12)
        }),
        key_as("stamps of a log", |at, line| {
            format!("2026-11-22T10:14:{:02}.118Z app[731]: {line}", at + 10)
        }),
        case(
            "a key of all signs",
            format!("# settings.py\nSECRET_KEY = '{SIGNS}'\nDEBUG = False\n"),
            &[SIGNS],
        ),
    ]
}

/// What may stand in the arguments of a call, of either direction.
fn arguments() -> Vec<Case> {
    let value = json!({"env": [{"name": "DB_PASSWORD", "value": PASSWORD}], "image": "shop:1"});
    let escaped = format!("\\u0041{}", &AWS[1..]);
    vec![
        case("a name beside a value", value.to_string(), &[PASSWORD]),
        case(
            "an escaped letter",
            format!("{{\"line\":\"use {escaped} now\"}}"),
            &[AWS, &escaped],
        ),
    ]
}

/// What is read in the arguments of requests only.
fn arguments_of_requests() -> Vec<Case> {
    let words = json!({"argv": ["mysql", "--password", PASSWORD, "shop"]});
    let escaped = format!("\\u0041{}", &AWS[1..]);
    let inner = format!("{{\"line\":\"use {escaped} now\"}}");
    vec![
        case("words of a command", words.to_string(), &[PASSWORD]),
        case(
            "an escaped letter in JSON within a string",
            json!({"file": "a.json", "text": inner}).to_string(),
            &[AWS, &AWS[1..]],
        ),
    ]
}

/// The messages of a request with a text in each place, or with these arguments.
fn conversations() -> Vec<(Case, Value)> {
    let mut all = Vec::new();
    for case in texts() {
        let parts = json!([{"type": "text", "text": case.text}]);
        let messages = json!([{"role": "system", "content": case.text},
            {"role": "user", "content": parts}]);
        all.push((case, messages));
    }
    for case in arguments().into_iter().chain(arguments_of_requests()) {
        let function = json!({"name": "run", "arguments": case.text});
        let call = json!({"id": "call_1", "type": "function", "function": function});
        let messages = json!([{"role": "user", "content": "go on"},
            {"role": "assistant", "content": null, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": "done"}]);
        all.push((case, messages));
    }
    let (head, tail) = PASSWORD.split_at(5);
    for pieces in [
        vec!["export DB_PASSWORD=", PASSWORD],
        vec!["export DB_PASSWORD=", head, tail],
        vec!["the key is ", &AWS[..9], &AWS[9..]],
    ] {
        let text = |text: &&str| json!({"type": "text", "text": text});
        let parts: Vec<Value> = pieces.iter().map(text).collect();
        let messages = json!([{"role": "user", "content": parts}]);
        let case = case("adjacent parts", String::new(), &pieces[1..]);
        all.push((case, messages));
    }
    all
}

/// Nothing of a secret is there, not even a part of it.
fn nothing_of(case: &Case, seen: &str, how: &str) {
    for secret in &case.secrets {
        let signs: Vec<char> = secret.chars().collect();
        let parts = signs.windows(signs.len().min(7));
        for part in parts.map(String::from_iter) {
            assert!(!seen.contains(&part), "{}, {how}: {seen}", case.name);
        }
    }
}

#[test]
fn nothing_of_them_reaches_the_provider() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    for (case, messages) in conversations() {
        for stream in [false, true] {
            let body = json!({"model": "dummy/ok", "stream": stream, "messages": messages});
            let reply = gateway.send(&Request::chat(body.to_string()).key(USER));
            assert_eq!(reply.status, 200, "{}: {}", case.name, reply.text());
            let sent = dummy.last_body();
            nothing_of(&case, &sent, "sent");
            assert!(sent.contains("[REDACTED]"), "{}: {sent}", case.name);
            serde_json::from_str::<Value>(&sent).expect("it is still JSON");
        }
    }
    for (case, _) in conversations() {
        nothing_of(&case, &gateway.log(), "logged");
    }
}

fn planted(gateway: &Gateway, dummy: &Dummy, stream: bool, pieces: &[Value]) -> Reply {
    let kind = match stream {
        true => "text/event-stream",
        false => "application/json",
    };
    dummy.plant("x", kind, pieces);
    gateway.send(&say("dummy/planted-x", "hello", stream))
}

fn checking_replies(dummy: &Dummy) -> Gateway {
    Setup::new(dummy)
        .config("/bouncer/redact_output", json!(true))
        .start()
}

/// Numbers of characters in a chunk, so that the cuts fall everywhere.
const SIZES: [usize; 4] = [1, 3, 7, 50];

#[test]
fn nothing_of_them_reaches_the_client_in_a_text() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    for case in texts() {
        let body = completion(&case.text).to_string();
        let whole = said(&planted(&gateway, &dummy, false, &[body.into()]));
        nothing_of(&case, &whole, "whole");
        assert_eq!(whole.matches("[REDACTED]").count(), 1, "{whole}");
        for size in SIZES {
            let reply = planted(&gateway, &dummy, true, &in_chunks(&case.text, size));
            assert_eq!(said(&reply), whole, "{}, in chunks of {size}", case.name);
        }
    }
}

#[test]
fn nothing_of_them_reaches_the_client_in_the_arguments_of_a_call() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    for case in arguments() {
        let mut body = completion("");
        let function = json!({"name": "run", "arguments": case.text});
        body["choices"][0]["message"]["tool_calls"] =
            json!([{"id": "call_1", "type": "function", "function": function}]);
        let reply = planted(&gateway, &dummy, false, &[body.to_string().into()]);
        let reply = reply.json();
        let call = &reply["choices"][0]["message"]["tool_calls"][0];
        let whole = call["function"]["arguments"].as_str().unwrap().to_owned();
        nothing_of(&case, &whole, "whole");
        assert!(whole.contains("[REDACTED]"), "{whole}");
        for size in SIZES {
            let reply = planted(&gateway, &dummy, true, &call_in_chunks(&case.text, size));
            let arrived = joined(&reply, "/tool_calls/0/function/arguments");
            assert_eq!(arrived, whole, "{}, in chunks of {size}", case.name);
        }
    }
}

/// A stream that calls a tool with these arguments.
fn call_in_chunks(arguments: &str, size: usize) -> Vec<Value> {
    let call = |arguments: &String| {
        let call = json!({"index": 0, "function": {"arguments": arguments}});
        delta(&json!({"tool_calls": [call]}), &Value::Null)
    };
    let mut pieces: Vec<Value> = cut(arguments, size).iter().map(call).collect();
    pieces.push(delta(&json!({}), &json!("tool_calls")));
    pieces.push("data: [DONE]\n\n".into());
    pieces
}
