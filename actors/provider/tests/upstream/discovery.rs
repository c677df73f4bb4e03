//! Lists of models, as a provider gives them over a socket, and as the actor keeps them.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use nenya_provider::{
    AuthStyle, DiscoveryRules, ListingError, ModelList, ProviderHandle, ProviderParts,
    ProviderSpec, tls_config,
};
use runtime::{ChildSpec, Clock, Overseer, Tree};
use wire::ApiFormat;

use crate::{harness::*, proofs::Keys};

/// A peer that answers each request by its target.
fn listing(answer: impl Fn(&str) -> String + 'static) -> Peer {
    let answer = Rc::new(answer);
    Peer::new(move |mut conn| {
        let answer = Rc::clone(&answer);
        async move {
            while let Some(request) = conn.request().await {
                let target = request.head.split(' ').nth(1).unwrap_or_default();
                let text = answer(target);
                conn.send(text).await;
            }
        }
    })
}

fn spec_of(peer: &Peer, format: ApiFormat, path: &str) -> ProviderSpec {
    let mut spec = peer.spec();
    let url = format!("http://127.0.0.1:{}{path}", peer.port);
    spec.models = Some(ModelList {
        url: url.parse().unwrap(),
        format,
        auth: AuthStyle::Bearer,
    });
    spec
}

fn targets(peer: &Peer) -> Vec<String> {
    let target = |request: &Request| request.head.split(' ').nth(1).unwrap().to_owned();
    peer.requests().iter().map(target).collect()
}

#[test]
fn pages_are_read_to_the_last_one() {
    run(async {
        let peer = listing(|target| {
            json(match target {
                "/v1/models?limit=1000" => r#"{"data":[{"id":"a"}],"has_more":true,"last_id":"a"}"#,
                _ => r#"{"data":[{"id":"b","max_input_tokens":9}],"has_more":false,"last_id":"b"}"#,
            })
        });
        let upstream = upstream_of(spec_of(&peer, ApiFormat::Anthropic, "/v1/models"));
        let found = upstream.list_models().await.unwrap();
        assert_eq!(found.models.len(), 2);
        assert_eq!(found.models["b"].max_context, Some(9));
        assert_eq!(
            targets(&peer),
            ["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=a"]
        );
        assert!(
            peer.requests()
                .iter()
                .all(|request| request.header("authorization").is_some())
        );
    });
}

#[test]
fn a_provider_that_repeats_its_page_is_left_at_once() {
    run(async {
        let peer = listing(|_| json(r#"{"data":[{"id":"a"}],"has_more":true}"#));
        let found = peer.upstream().list_models().await.unwrap();
        assert_eq!(found.models.len(), 1);
        assert_eq!(targets(&peer).len(), 2);
    });
}

#[test]
fn models_of_ollama_are_looked_at_one_by_one() {
    run(async {
        let peer = listing(|target| {
            json(match target {
                "/api/tags" => r#"{"models":[{"name":"l:1b"},{"name":"m:1b"}]}"#,
                _ => r#"{"model_info":{"x.context_length":4096},"capabilities":["vision"]}"#,
            })
        });
        let upstream = upstream_of(spec_of(&peer, ApiFormat::Ollama, "/api/tags"));
        let found = upstream.list_models().await.unwrap();
        let facts = found.models["m:1b"];
        assert_eq!((facts.max_context, facts.vision), (Some(4096), Some(true)));
        let bodies: Vec<String> = peer
            .requests()
            .iter()
            .skip(1)
            .map(|request| String::from_utf8(request.body.clone()).unwrap())
            .collect();
        assert!(
            bodies.contains(&r#"{"model":"m:1b"}"#.to_owned()),
            "{bodies:?}"
        );
    });
}

#[test]
fn what_is_no_list_is_an_error_with_a_name() {
    run(async {
        let long = "x".repeat(11 << 20);
        for (answer, label) in [
            (json("{}"), "unreadable"),
            (json("<html>"), "unreadable"),
            (json(&long), "too_large"),
            (
                with_length("500 No", "application/json", "{}"),
                "status_500",
            ),
        ] {
            let peer = Peer::answers(answer);
            let error = peer.upstream().list_models().await.unwrap_err();
            if label == "status_500" {
                assert!(matches!(error, ListingError::Provider(_)), "{error:?}");
            } else {
                assert_eq!(error.label(), label);
            }
        }
    });
}

async fn started(spec: ProviderSpec) -> (ProviderHandle, Overseer) {
    let mut tree = Tree::new(Clock::system()).in_place();
    let tls = tls_config(&spec).unwrap();
    let parts = ProviderParts::new(Arc::new(spec), Arc::new(Keys::with(NAME, KEY)), tls);
    let handle = ProviderHandle::declare(&mut tree, ChildSpec::new("provider-p"), parts);
    (handle, tree.start(|_| ()).await.unwrap())
}

#[test]
fn the_actor_reads_at_start_and_when_told_and_keeps_the_last_good_list() {
    run(async {
        let answer = Rc::new(RefCell::new(json(r#"{"data":[{"id":"a"}]}"#)));
        let told = Rc::clone(&answer);
        let peer = listing(move |_| told.borrow().clone());
        let mut spec = peer.spec();
        spec.discovery = Some(DiscoveryRules {
            every: Duration::from_secs(3600),
            retries: None,
        });
        let (handle, overseer) = started(spec).await;
        until(|| handle.discovery().succeeded == 1).await;
        *answer.borrow_mut() = with_length("503 No", "application/json", "{}");
        handle.discover_now().unwrap();
        until(|| handle.discovery().failed == 1).await;
        let kept = handle.discovery();
        assert!(kept.catalogue.models.contains_key("a"));
        assert_eq!(kept.version, 1);
        overseer.stop().await;
    });
}

#[test]
fn a_provider_that_is_not_to_be_asked_is_not() {
    run(async {
        let asked = Rc::new(Cell::new(0));
        let counted = Rc::clone(&asked);
        let peer = listing(move |_| {
            counted.set(counted.get() + 1);
            json(r#"{"data":[]}"#)
        });
        let (handle, overseer) = started(peer.spec()).await;
        handle.discover_now().unwrap();
        handle.probe_now().unwrap();
        // The probe is sent after the message before it was handled.
        until(|| asked.get() == 1).await;
        overseer.stop().await;
        assert_eq!(asked.get(), 1);
        assert_eq!(handle.discovery().succeeded, 0);
    });
}

#[test]
fn without_a_key_nobody_is_asked() {
    run(async {
        let peer = listing(|_| json(r#"{"data":[{"id":"a"}]}"#));
        let mut spec = peer.spec();
        spec.name = "keyless".to_owned();
        spec.discovery = Some(DiscoveryRules {
            every: Duration::from_secs(3600),
            retries: None,
        });
        let (handle, overseer) = started(spec).await;
        handle.discover_now().unwrap();
        handle.drain(true).unwrap();
        until(|| handle.shut_for("m", &Clock::system()).is_some()).await;
        overseer.stop().await;
        assert_eq!(targets(&peer).len(), 0);
        assert_eq!(handle.discovery().failed, 0);
    });
}
