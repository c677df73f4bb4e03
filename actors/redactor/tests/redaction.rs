//! The redactor as the program uses it: through its handle and its messages.

#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "helpers of tests fail by panicking"
)]

use std::time::Duration;

use bytes::Bytes;
use nenya_redactor::{
    Findings, RedactError, RedactPrompt, RedactionConfig, RedactorHandle, RuleId, RuleSet, Who,
};
use runtime::{ChildSpec, Clock, Misbehaviour, Overseer, Tree, asks_made};
use wire::{ChatRequest, JsonLimits};

const DEADLINE: Duration = Duration::from_secs(20);
const KEY: &str = concat!("AK", "IAZ7QX2MPL4TRJWKD5");
const PEM: &str = concat!(
    "-----BEGIN PRIV",
    "ATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\\n",
    "-----END PRIVATE KEY-----"
);

const ANN: Who<'static> = Who {
    key_id: "ann",
    agent: None,
};

fn rules(config: &RedactionConfig) -> RuleSet {
    RuleSet::compile(config).unwrap()
}

fn chat(body: String) -> ChatRequest {
    ChatRequest::parse(Bytes::from(body), &JsonLimits::default()).unwrap()
}

/// A request with a secret in every kind of place.
fn everywhere(padding: usize) -> ChatRequest {
    let padding = "x ".repeat(padding);
    chat(format!(
        r#"{{"model":"m", "messages":[
            {{"role":"system","content":"{KEY} {padding}"}},
            {{"role":"user","content":[{{"type":"text","text":"{PEM}"}}]}},
            {{"role":"assistant","content":null,"tool_calls":[{{"id":"call_1","type":"function",
                "function":{{"name":"f","arguments":"{{\"key\":\"\\n{KEY}\"}}"}}}}]}},
            {{"role":"tool","tool_call_id":"call_1","content":"\u0041{rest}"}}], "x":1.10}}"#,
        rest = &KEY[1..],
    ))
}

async fn started(config: &RedactionConfig) -> (Overseer, RedactorHandle) {
    let clock = Clock::system();
    let mut tree = Tree::new(clock.clone());
    let spec = ChildSpec::new("redactor").mailbox(4);
    let redactor = RedactorHandle::declare(&mut tree, spec, clock, rules(config));
    (tree.start(|_event| {}).await.unwrap(), redactor)
}

fn is_clean(request: &ChatRequest) -> bool {
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    !body.contains(&KEY[1..]) && !body.contains("MC4CAQ") && body.contains("\"x\":1.10")
}

#[actix_rt::test]
async fn secrets_are_taken_out_wherever_they_stand() {
    let redactor = RedactorHandle::detached(rules(&RedactionConfig::default()));
    let redacted = redactor.redact_chat(everywhere(0), ANN).await.unwrap();
    assert!(is_clean(redacted.get()));
    assert_eq!(
        redacted
            .findings()
            .count(RuleId::BuiltIn("aws-access-key-id")),
        3
    );
    assert_eq!(redacted.findings().count(RuleId::BuiltIn("private-key")), 1);
}

#[actix_rt::test]
async fn clean_request_keeps_its_bytes_and_asks_nobody() {
    let redactor = RedactorHandle::detached(rules(&RedactionConfig::default()));
    let request = chat(r#"{"model":"m","messages":[{"content":"hello"}]}"#.to_owned());
    let asked = asks_made();
    let redacted = redactor.redact_chat(request.clone(), ANN).await.unwrap();
    assert_eq!(asks_made(), asked);
    assert_eq!(redacted.get().body().as_ptr(), request.body().as_ptr());
    assert_eq!(redacted.findings(), &Findings::default());
}

#[actix_rt::test]
async fn large_bodies_are_done_by_the_pool() {
    let config = RedactionConfig {
        inline_limit: 1000,
        workers: 2,
        ..RedactionConfig::default()
    };
    let (tree, redactor) = started(&config).await;
    let redacted = redactor.redact_chat(everywhere(1000), ANN).await.unwrap();
    assert!(is_clean(redacted.get()));
    let text = Bytes::from(format!("{} {KEY}", "y ".repeat(1000)));
    let redacted = redactor.redact_text(text, ANN).await.unwrap();
    assert!(redacted.get().ends_with(b"[REDACTED]"));
    assert_eq!(redactor.state().counts.done, 2);
    tree.stop().await;
}

#[actix_rt::test]
async fn actor_gives_a_place_in_the_pool() {
    let (tree, redactor) = started(&RedactionConfig::default()).await;
    let ticket = redactor
        .handle()
        .ask(
            RedactPrompt {
                prompt: everywhere(0),
                key_id: "ann".to_owned(),
                agent: None,
            },
            DEADLINE,
        )
        .await;
    assert!(is_clean(
        ticket.unwrap().unwrap().answer().await.unwrap().get()
    ));
    tree.stop().await;
}

#[actix_rt::test]
async fn rebuilt_actor_works_on_with_the_same_rules() {
    let config = RedactionConfig {
        inline_limit: 0,
        ..RedactionConfig::default()
    };
    let (tree, redactor) = started(&config).await;
    for round in 1..=5 {
        assert!(redactor.handle().misbehave(Misbehaviour::Panic));
        let redacted = redactor.redact_chat(everywhere(0), ANN).await.unwrap();
        assert!(is_clean(redacted.get()));
        let ticket = redactor
            .handle()
            .ask(
                RedactPrompt {
                    prompt: everywhere(0),
                    key_id: "ann".to_owned(),
                    agent: None,
                },
                DEADLINE,
            )
            .await;
        assert!(ticket.unwrap().unwrap().answer().await.is_ok());
        // The overseer counts on its own thread, maybe after the new actor has answered.
        while redactor.handle().counters().restarts < round {
            tokio::task::yield_now().await;
        }
    }
    tree.stop().await;
}

#[actix_rt::test]
async fn observable_state_has_no_secret() {
    let patterns = Some(vec!["geheim-[a-z]+".to_owned()]);
    let config = RedactionConfig {
        patterns,
        inline_limit: 0,
        ..RedactionConfig::default()
    };
    let (tree, redactor) = started(&config).await;
    let body = Bytes::from_static(br#"["geheim-wort"]"#);
    let redacted = redactor
        .redact_json(body, &JsonLimits::default(), ANN)
        .await
        .unwrap();
    assert_eq!(redacted.get(), &Bytes::from_static(br#"["[REDACTED]"]"#));
    let state = tree.observe(DEADLINE).await;
    let shown = format!("{state:?} {:?} {redacted:?}", redactor.state());
    assert!(shown.contains("redactor") && shown.contains("done"));
    assert!(!shown.contains("geheim"), "{shown}");
    tree.stop().await;
}

#[actix_rt::test]
async fn published_rules_hold_from_the_next_request_on() {
    let redactor = RedactorHandle::detached(rules(&RedactionConfig::default()));
    let label = "***".to_owned();
    redactor.publish(rules(&RedactionConfig {
        label,
        ..RedactionConfig::default()
    }));
    let redacted = redactor
        .redact_text(Bytes::from_static(KEY.as_bytes()), ANN)
        .await
        .unwrap();
    assert_eq!(redacted.into_inner(), "***");
}

#[actix_rt::test]
async fn switched_off_redaction_passes_everything() {
    let config = RedactionConfig {
        enabled: false,
        inline_limit: 0,
        ..RedactionConfig::default()
    };
    let redactor = RedactorHandle::detached(rules(&config));
    let redacted = redactor
        .redact_text(Bytes::from_static(KEY.as_bytes()), ANN)
        .await
        .unwrap();
    assert_eq!(redacted.get(), KEY);
    assert!(redacted.findings().is_empty());
}

#[actix_rt::test]
async fn pattern_that_gives_up_refuses_the_request() {
    let config = RedactionConfig {
        patterns: Some(vec![r"(?:x+x+)+(?<!xx)y".to_owned()]),
        ..RedactionConfig::default()
    };
    let redactor = RedactorHandle::detached(rules(&config));
    let hostile = Bytes::from(format!("{}y", "x".repeat(60)));
    let refused = redactor.redact_text(hostile.clone(), ANN).await;
    assert_eq!(refused.err(), Some(RedactError::GaveUp));
    redactor.publish(rules(&RedactionConfig {
        fail_open: true,
        ..config
    }));
    let passed = redactor.redact_text(hostile, ANN).await.unwrap();
    assert!(passed.findings().unscanned());
}

#[actix_rt::test]
async fn large_body_without_a_pool_is_refused() {
    let config = RedactionConfig {
        inline_limit: 0,
        ..RedactionConfig::default()
    };
    let redactor = RedactorHandle::detached(rules(&config));
    assert_eq!(
        redactor.redact_chat(everywhere(0), ANN).await.err(),
        Some(RedactError::Closed)
    );
}
