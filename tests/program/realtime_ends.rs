//! How realtime sessions end: by either side, by what may not pass, by time, and by us.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::planted::AWS;
use crate::harness::socket::{BINARY, PING, PONG, Said, Session, deltas, head, told, until_told};
use crate::harness::{ADMIN, Dummy, Gateway, PROVIDER_KEY, Setup, USER, key, write_private};
use crate::resources::own_kib;

/// Opened, and greeted.
fn greeted(gateway: &Gateway, model: &str) -> Session {
    let mut session = Session::open(gateway, &format!("dummy/{model}"), USER);
    session.until("session.created");
    session
}

fn code_of(events: &[Value]) -> &str {
    let last = events.last().expect("an error event");
    last["error"]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("{last}"))
}

#[test]
fn a_close_of_the_client_reaches_the_provider_with_its_code_and_a_clean_reason() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let mut session = greeted(&gateway, "ok");
    session.close(4001, &format!("because of {AWS}"));
    assert_eq!(session.end().1, Said::Close(4001, String::new()));
    until_told(&dummy, |said| said == "close 4001 because of [REDACTED]");
}

#[test]
fn what_the_client_said_before_its_close_reaches_the_provider_before_it() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let mut session = greeted(&gateway, "ok");
    for number in 0..20 {
        session.say(&json!({"type": "input_audio_buffer.append", "event_id": format!("e{number}"), "audio": ""}));
    }
    session.close(4000, "");
    session.end();
    until_told(&dummy, |said| said == "close 4000");
    let told = told(&dummy);
    let sound = told.iter().filter(|said| said.contains("append"));
    assert_eq!(sound.count(), 20, "{told:#?}");
    assert_eq!(told.last().map(String::as_str), Some("close 4000"));
}

#[test]
fn a_client_that_vanishes_is_gone_for_the_provider_at_once() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    for _ in 0..20 {
        let session = greeted(&gateway, "ok");
        session.vanish();
    }
    dummy.until("open", 0);
    gateway.until_metric("nenya_realtime_sessions", 0.0);
    let told = told(&dummy);
    assert_eq!(
        told.iter().filter(|said| *said == "close 1001").count(),
        20,
        "{told:?}"
    );
    gateway.until_metric("nenya_client_gone_total", 20.0);
}

#[test]
fn a_close_of_the_provider_reaches_the_client_with_its_code_and_reason() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    for code in [1000, 1013, 4000] {
        let mut session = greeted(&gateway, &format!("close-{code}"));
        session.say(&json!({"type": "nonsense"}));
        let (_, close) = session.end();
        assert_eq!(close, Said::Close(code, "said the dummy".to_owned()));
    }
    gateway.until_logged("provider_closed");
}

#[test]
fn what_breaks_at_the_provider_is_told_in_an_event_and_1011() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/server/max_reply_bytes", json!("64 KiB"))
        .config("/providers/dummy/stream_idle_timeout_seconds", json!(1))
        .start();
    for (model, code) in [
        ("ok%2Bcut=6", "stream_interrupted"),
        ("binary", "stream_interrupted"),
        ("bad-frame", "stream_interrupted"),
        ("large-65", "stream_too_large"),
        ("ok%2Bstall=6", "stream_stalled"),
    ] {
        let mut session = greeted(&gateway, model);
        session.say(&json!({"type": "response.create"}));
        let (events, close) = session.end();
        assert_eq!(close, Said::Close(1011, code.to_owned()), "{model}");
        assert_eq!(code_of(&events), code, "{model}");
    }
    gateway.until_metric(
        "nenya_stream_interrupts_total{provider=\"dummy\",reason=\"stalled\"}",
        1.0,
    );
}

#[test]
fn a_quiet_session_lives_on_its_pings() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/providers/dummy/stream_idle_timeout_seconds", json!(1))
        .start();
    let mut session = greeted(&gateway, "ping");
    session.say(&json!({"type": "input_audio_buffer.append", "audio": ""}));
    until_told(&dummy, |said| said == "pong there?");
    let quiet = Instant::now() + Duration::from_millis(2500);
    while Instant::now() < quiet {
        session.send(0x80 | PING, b"here?");
        assert_eq!(session.next(), Said::Control(PONG, b"here?".to_vec()));
        crate::harness::pause();
    }
    assert!(!deltas(&session.ask_for("hello"), "response.output_text.delta").is_empty());
}

#[test]
fn frames_that_are_none_end_the_session_with_their_code() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/server/max_body_bytes", json!(65536))
        .start();
    type Sent = fn(&mut Session);
    let cases: [(&str, u16, &str, Sent); 7] = [
        ("no mask", 1002, "invalid_message", |session| {
            session.write(&[0x81, 2, b'{', b'}'])
        }),
        ("reserved bit", 1002, "invalid_message", |session| {
            session.send(0xc1, b"{}")
        }),
        ("opcode", 1002, "invalid_message", |session| {
            session.send(0x83, b"{}")
        }),
        ("bytes", 1003, "invalid_message", |session| {
            session.send(0x80 | BINARY, b"{}")
        }),
        ("no UTF-8", 1007, "invalid_message", |session| {
            session.send(0x81, b"\"\xff\"")
        }),
        ("too large", 1009, "message_too_large", |session| {
            session.write(&head(0x81, 65 << 10, 0x80))
        }),
        ("too large in parts", 1009, "message_too_large", |session| {
            session.send(0x01, &[b' '; 40 << 10]);
            session.send(0x00, &[b' '; 40 << 10]);
        }),
    ];
    for (what, code, error, send) in cases {
        let mut session = greeted(&gateway, "ok");
        send(&mut session);
        let (events, close) = session.end();
        assert_eq!(close, Said::Close(code, error.to_owned()), "{what}");
        assert_eq!(code_of(&events), error, "{what}");
    }
    let mut session = greeted(&gateway, "echo-text");
    session.send(0x01, b"{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"content\":[{\"text\":\"in ");
    session.send(0x80 | PING, b"");
    session.send(0x80, b"parts\"}]}}");
    assert_eq!(session.next(), Said::Control(PONG, Vec::new()));
    session.say(&json!({"type": "response.create"}));
    assert_eq!(
        deltas(
            &session.until("response.done"),
            "response.output_text.delta"
        ),
        "in parts"
    );
}

#[test]
fn what_may_not_come_ends_the_session() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/redact_output", json!(true))
        .start();
    let mut session = greeted(&gateway, "echo-text%2Bparts=3");
    session.say(&json!({"type": "conversation.item.create", "item": {"type": "message", "content": [{"text": "now run rm -rf / please"}]}}));
    session.say(&json!({"type": "response.create"}));
    let (events, close) = session.end();
    assert_eq!(close, Said::Close(1008, "reply_blocked".to_owned()));
    assert_eq!(code_of(&events), "reply_blocked");
    assert!(!Value::from(events).to_string().contains("rm -rf /"));
    gateway.until_logged("gateway_closed");
}

#[test]
fn a_key_that_is_taken_away_ends_its_sessions() {
    let dummy = Dummy::start();
    let mut gateway = Gateway::before(&dummy);
    let mut kept = Session::open(&gateway, "dummy/echo-text", ADMIN);
    kept.until("session.created");
    for (change, code) in [
        (
            key(
                "user",
                "nk-other-0123456789abcdef0123456789abcdef00",
                "user",
            ),
            "invalid_api_key",
        ),
        (
            json!({"name": "user", "token": USER, "roles": ["user"], "enabled": false}),
            "invalid_api_key",
        ),
        (
            json!({"name": "user", "token": USER, "roles": ["user"], "allowed_agents": ["none"]}),
            "agent_not_allowed",
        ),
        (
            json!({"name": "user", "token": USER, "roles": ["read-only"]}),
            "role_not_allowed",
        ),
    ] {
        let mut session = greeted(&gateway, "ok");
        let secrets = json!({"client_token": ADMIN, "provider_keys": {"dummy": PROVIDER_KEY}, "api_keys": {"user": change}});
        write_private(&gateway.secrets_file(), secrets.to_string().as_bytes());
        reload(&gateway);
        let (events, close) = session.end();
        assert!(matches!(close, Said::Close(1008, _)), "{close:?}");
        assert!(
            [code, "key_disabled"].contains(&code_of(&events)),
            "{events:?}"
        );
        gateway.setup().write();
        reload(&gateway);
    }
    assert_eq!(
        deltas(&kept.ask_for("still here"), "response.output_text.delta"),
        "still here"
    );
}

/// Long before a client would be pinged.
const AT_ONCE: Duration = Duration::from_secs(5);

#[test]
fn a_client_that_leaves_while_nobody_reads_it_is_noticed_at_once() {
    type Left = fn(Session);
    let cases: [(&str, Left); 2] = [("reset", Session::reset), ("closed", Session::vanish)];
    for (what, leave) in cases {
        let dummy = Dummy::start();
        let gateway = Gateway::before(&dummy);
        // It hears one event, and then neither reads nor says anything.
        let mut session = greeted(&gateway, "ok%2Bstall=1");
        session.say(&json!({"type": "response.create"}));
        let sound = json!({"type": "input_audio_buffer.append", "audio": "QUJD".repeat(12_000)});
        let sound = sound.to_string();
        let mut frame = head(0x81, sound.len(), 0x80);
        frame.extend([0; 4]);
        frame.extend(sound.as_bytes());
        let sent = session.flood(&frame, 256 << 20);
        assert!(sent < 128 << 20, "{sent} bytes went nowhere");
        let left = Instant::now();
        leave(session);
        gateway.until_metric("nenya_realtime_sessions", 0.0);
        assert!(left.elapsed() < AT_ONCE, "{what}: {:?}", left.elapsed());
        gateway.until_metric("nenya_realtime_closed_total{by=\"client_gone\"}", 1.0);
    }
}

#[test]
fn a_client_that_answers_no_ping_is_told_and_closed() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/server/realtime_ping_interval", json!("200ms"))
        .config("/server/realtime_silence_timeout", json!("1s"))
        .start();
    let mut session = greeted(&gateway, "ok");
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(2) {
        assert_eq!(session.next(), Said::Control(PING, Vec::new()));
        session.send(0x80 | PONG, b"");
    }
    let silent = Instant::now();
    let mut pings = 0;
    let event = loop {
        match session.next() {
            Said::Control(PING, _) => pings += 1,
            Said::Event(event) => break event,
            other => panic!("{other:?}"),
        }
    };
    assert!(silent.elapsed() > Duration::from_millis(800));
    assert!(pings >= 2, "{pings}");
    assert_eq!(event["error"]["code"], "client_silent");
    let close = Said::Close(1001, "client_silent".to_owned());
    assert_eq!(session.next(), close);
    assert_eq!(session.next(), Said::Gone, "nobody waits for its answer");
    gateway.until_logged("\"error_code\":\"client_silent\"");
    until_told(&dummy, |said| said == "close 1000");
}

#[test]
fn a_client_that_answers_every_ping_stays_however_rare_they_may_be() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/server/realtime_ping_interval", json!("500ms"))
        .config("/server/realtime_silence_timeout", json!("1s"))
        .start();
    let mut session = greeted(&gateway, "ok");
    let began = Instant::now();
    for _ in 0..6 {
        assert_eq!(session.next(), Said::Control(PING, Vec::new()));
        session.send(0x80 | PONG, b"");
    }
    let taken = began.elapsed();
    assert!(taken < Duration::from_secs(5), "{taken:?} for six pings");
}

fn reload(gateway: &Gateway) {
    gateway.signal("HUP");
    gateway.until_notified("RELOADING=1");
    gateway.until_notified("READY=1");
}

#[test]
fn a_side_that_does_not_read_stops_the_other_and_nothing_piles_up() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let before = own_kib(gateway.pid());
    let mut slow = greeted(&gateway, "flood-64");
    slow.say(&json!({"type": "response.create"}));
    // The provider stops reading while it cannot write, so what is sent to it stops too.
    let sound =
        json!({"type": "input_audio_buffer.append", "audio": "QUJD".repeat(12_000)}).to_string();
    let mut frame = head(0x81, sound.len(), 0x80);
    frame.extend([0; 4]);
    frame.extend(sound.as_bytes());
    let sent = slow.flood(&frame, 256 << 20);
    assert!(sent < 128 << 20, "{sent} bytes went nowhere");
    let grown = own_kib(gateway.pid()).saturating_sub(before);
    assert!(grown < 24 << 10, "{grown} KiB more while 64 MiB wait");
    slow.vanish();
    gateway.until_metric("nenya_realtime_sessions", 0.0);

    let mut reader = greeted(&gateway, "flood-16");
    reader.say(&json!({"type": "response.create"}));
    let mut length = 0;
    while length < 15 << 20 {
        length += reader.event()["delta"].as_str().map_or(0, str::len);
    }
}

#[test]
fn sessions_are_closed_when_the_time_to_drain_is_over() {
    let dummy = Dummy::start();
    let mut gateway = Setup::new(&dummy)
        .config("/server/shutdown_timeout", json!("3s"))
        .start();
    let mut session = greeted(&gateway, "echo-text");
    gateway.signal("TERM");
    gateway.until_notified("STOPPING=1");
    assert_eq!(
        deltas(&session.ask_for("one more"), "response.output_text.delta"),
        "one more"
    );
    let (events, close) = session.end();
    assert_eq!(close, Said::Close(1001, "shutting_down".to_owned()));
    assert_eq!(code_of(&events), "shutting_down");
    assert!(gateway.wait().success());
    until_told(&dummy, |said| said.starts_with("close 1000"));
}
