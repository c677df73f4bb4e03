//! Large bodies: what is done with all of them at once is done on other threads.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Waker},
    time::Duration,
};

use bytes::Bytes;
use futures_util::FutureExt;
use nenya_provider::{Answer, ProviderError, ProviderSpec, Upstream, tls_config};
use runtime::{Aside, Misbehaviour, Thaw, Work};
use wire::ApiFormat;

use crate::{
    harness::*,
    proofs::{self, Keys},
};

const PROMPT: &str = r#"{"model":"m","messages":[{"role":"user","content":"hello"}]}"#;

fn upstream(peer: &Peer, aside: &Aside, change: impl FnOnce(&mut ProviderSpec)) -> Upstream {
    let mut spec = peer.spec();
    change(&mut spec);
    let (tls, keys) = (tls_config(&spec).unwrap(), Arc::new(Keys::with(NAME, KEY)));
    Upstream::new(Arc::new(spec), keys, tls, aside.clone())
}

/// A reply that is longer than what a worker judges itself.
fn large_reply() -> String {
    let text = "word ".repeat(Work::Rewriting.longest_here() / 5);
    REPLY.replace("hi", &text)
}

/// An aside whose jobs stand still until the thaw.
fn frozen() -> (Aside, Thaw) {
    let (aside, until) = (Aside::new(1), Thaw::new());
    aside.misbehave(Misbehaviour::Freeze {
        until: until.clone(),
    });
    (aside, until)
}

/// Drives a call for as long as the condition does not hold, and it must not end before.
async fn while_it_waits<T>(
    call: &mut (impl Future<Output = T> + Unpin),
    enough: impl Fn() -> bool,
) {
    let mut enough = Box::pin(until(enough));
    futures_util::future::poll_fn(|cx| {
        assert!(call.poll_unpin(cx).is_pending(), "it did not wait");
        enough.poll_unpin(cx)
    })
    .await;
}

#[test]
fn while_a_large_reply_is_judged_its_worker_serves_others() {
    run(async {
        let large = large_reply();
        let (slow, quick) = (Peer::answers(json(&large)), Peer::answers(json(REPLY)));
        let (aside, until) = frozen();
        let upstream_of_large = upstream(&slow, &aside, |_| ());
        let mut waiting = Box::pin(ask(&upstream_of_large));
        while_it_waits(&mut waiting, || aside.free() == 0).await;
        let other = ask(&upstream(&quick, &aside, |_| ())).await.unwrap();
        assert_eq!(whole_body(other), REPLY);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(waiting.poll_unpin(&mut cx).is_pending());
        until.thaw();
        let Answer::Whole { body, usage, .. } = waiting.await.unwrap() else {
            panic!()
        };
        assert!(body == large, "passed byte for byte");
        assert_eq!(usage.unwrap().total_tokens, 4);
    });
}

#[test]
fn a_large_reply_is_judged_as_a_small_one_is() {
    run(async {
        let mut torn = large_reply();
        torn.pop();
        let peer = Peer::answers(json(&torn));
        let answer = ask(&upstream(&peer, &Aside::new(1), |_| ())).await;
        assert_eq!(answer.unwrap_err(), ProviderError::BadJson);
    });
}

#[test]
fn the_deadline_of_a_call_holds_while_its_reply_is_judged() {
    run(async {
        let peer = Peer::answers(json(&large_reply()));
        let (aside, until) = frozen();
        let soon = Duration::from_millis(500);
        let upstream = upstream(&peer, &aside, |spec| spec.total_timeout = Some(soon));
        assert_eq!(
            ask(&upstream).await.unwrap_err(),
            ProviderError::TotalTimeout
        );
        until.thaw();
    });
}

#[test]
fn whoever_leaves_while_its_reply_is_judged_waits_no_longer_and_others_follow() {
    run(async {
        let large = large_reply();
        let peer = Peer::answers(json(&large));
        let (aside, until) = frozen();
        let upstream = upstream(&peer, &aside, |_| ());
        let mut left = Box::pin(ask(&upstream));
        while_it_waits(&mut left, || aside.free() == 0).await;
        drop(left);
        assert_eq!(aside.free(), 0, "its job runs on");
        until.thaw();
        assert!(whole_body(ask(&upstream).await.unwrap()) == large);
    });
}

#[test]
fn a_panic_over_a_large_reply_ends_its_call_alone() {
    run(async {
        let large = large_reply();
        let peer = Peer::answers(json(&large));
        let aside = Aside::new(1);
        aside.misbehave(Misbehaviour::Panic);
        let upstream = upstream(&peer, &aside, |_| ());
        let call = AssertUnwindSafe(ask(&upstream)).catch_unwind();
        assert!(call.await.is_err());
        assert!(whole_body(ask(&upstream).await.unwrap()) == large);
    });
}

#[test]
fn a_large_request_is_put_into_words_aside_and_arrives_as_it_was_meant() {
    run(async {
        let peer = Peer::answers(json(REPLY));
        let (aside, until) = frozen();
        let upstream = upstream(&peer, &aside, |_| ());
        let text = "word ".repeat(Work::Reading.longest_here() / 5);
        let prompt = PROMPT.replace("hello", &text);
        let prompt = proofs::redacted_chat(&prompt).await;
        let mut call = Box::pin(send(&upstream, &prompt));
        while_it_waits(&mut call, || aside.free() == 0).await;
        assert!(peer.requests().is_empty());
        until.thaw();
        call.await.unwrap();
        let sent = Bytes::from(peer.requests().remove(0).body);
        let meant = PROMPT
            .replace("\"m\"", "\"upstream-model\"")
            .replace("hello", &text);
        assert!(sent == meant, "spliced");
    });
}

#[test]
fn a_large_prompt_to_be_counted_is_put_into_words_aside() {
    run(async {
        let peer = Peer::answers(json(r#"{"input_tokens":5}"#));
        let (aside, until) = frozen();
        let upstream = upstream(&peer, &aside, |spec| {
            let url = spec.url.to_string().replace("chat/completions", "messages");
            spec.url = url.parse().unwrap();
            spec.format = ApiFormat::Anthropic;
        });
        let text = "word ".repeat(Work::Rewriting.longest_here() / 5);
        let prompt = proofs::redacted_count(&PROMPT.replace("hello", &text)).await;
        let mut call = Box::pin(send(&upstream, &prompt));
        while_it_waits(&mut call, || aside.free() == 0).await;
        assert!(peer.requests().is_empty());
        until.thaw();
        assert_eq!(whole_body(call.await.unwrap()), r#"{"input_tokens":5}"#);
        let request = peer.requests().remove(0);
        assert!(String::from_utf8(request.body).unwrap().contains(&text));
    });
}
