//! What a stream keeps while nothing is held back, counted at the allocator.

#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a counting allocator, and tests that fail by panicking"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use nenya_redactor::{
    Blocked, EntropyLimits, Passed, Preset, RedactionConfig, RedactorHandle, ReplyRedactor,
    RuleSet, Who,
};
use wire::{ChatRequest, JsonLimits};

thread_local! {
    /// Bytes that this thread has and has not given back.
    static LIVE: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

fn add(bytes: isize) {
    // A thread that ends has nothing to count any more.
    LIVE.try_with(|live| live.set(live.get() + bytes))
        .unwrap_or_default();
}

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        add(-layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What one stream may keep: the bound of the promise.
const BOUND: isize = 4096;

fn live() -> isize {
    LIVE.with(Cell::get)
}

fn redactor() -> RedactorHandle {
    RedactorHandle::detached(
        RuleSet::compile(&RedactionConfig {
            presets: vec![Preset::Credentials, Preset::Pii],
            entropy: Some(EntropyLimits {
                threshold: 4.5,
                min_token: 20,
            }),
            blocked: Blocked::BuiltIn,
            replies: true,
            ..RedactionConfig::default()
        })
        .unwrap(),
    )
}

fn reply(redactor: &RedactorHandle) -> ReplyRedactor {
    let body = r#"{"model":"m","messages":[{"role":"user","content":"hello"}]}"#;
    let request = ChatRequest::parse(Bytes::from_static(body.as_bytes()), &JsonLimits::default());
    let who = Who {
        key_id: "ann",
        agent: None,
    };
    let redact = redactor.redact_chat(request.unwrap(), who);
    let mut waiter = Context::from_waker(Waker::noop());
    match pin!(redact).poll(&mut waiter) {
        Poll::Ready(redacted) => redacted.unwrap().reply().unwrap(),
        Poll::Pending => panic!("it waits"),
    }
}

fn event(choice: usize, text: &str) -> Bytes {
    let delta = serde_json::json!({"id": "c", "choices": [
        {"index": choice, "delta": {"content": text}, "finish_reason": null}]});
    Bytes::from(format!("data: {delta}\n\n"))
}

/// Streams text through and says what is kept of it, the redactor itself included.
fn kept(choices: usize, events: usize, text: &str) -> isize {
    let redactor = redactor();
    // What is made at the first use of the rules belongs to no stream.
    let mut first = reply(&redactor);
    for _ in 0..3 {
        drop(first.events(event(0, text)));
    }
    drop(first);
    let before = live();
    let mut reply = reply(&redactor);
    for number in 0..events {
        for choice in 0..choices {
            let passed = reply.events(event(choice, text));
            assert!(matches!(passed, Passed::All(_)), "{number}");
        }
    }
    assert!(!reply.holds());
    live() - before + size_of::<ReplyRedactor>().cast_signed()
}

const PROSE: &str = " and one more word. ";

#[test]
fn nor_does_one_that_is_read_twice() {
    for text in [
        " and\u{a0}one more\u{200b} word\u{a0}. ",
        "\u{a0}\u{2014}",
        "\u{ff0c}\u{597d} \u{ff01} ",
    ] {
        let kept = kept(1, 500, text);
        assert!((1..=BOUND).contains(&kept), "{kept} bytes: {text}");
    }
}

#[test]
fn a_stream_that_holds_nothing_keeps_little() {
    let kept = kept(1, 500, PROSE);
    assert!((1..=BOUND).contains(&kept), "{kept} bytes");
}

#[test]
fn many_choices_keep_in_proportion() {
    let kept = kept(100, 20, PROSE);
    assert!((1..=100 * 1024).contains(&kept), "{kept} bytes");
}

/// Streams the beginning of a key that never ends, and then prose.
fn kept_of_a_long_hold(redactor: &RedactorHandle) -> isize {
    let before = live();
    let mut reply = reply(redactor);
    let armour = concat!("-----BEGIN PRIV", "ATE KEY-----\n");
    drop(reply.events(event(0, armour)));
    for _ in 0..300 {
        drop(reply.events(event(0, &"QUJD".repeat(16))));
    }
    assert!(reply.holds());
    // A look that waits with much text is taken again only when some has come.
    for _ in 0..40 {
        drop(reply.events(event(0, " and that is no key but one more word. ")));
    }
    assert!(!reply.holds());
    live() - before + size_of::<ReplyRedactor>().cast_signed()
}

#[test]
fn what_was_held_is_given_back() {
    let redactor = redactor();
    // The first time the automata of the patterns grow, which belong to the rules.
    kept_of_a_long_hold(&redactor);
    let kept = kept_of_a_long_hold(&redactor);
    assert!((1..=BOUND).contains(&kept), "{kept} bytes");
}
