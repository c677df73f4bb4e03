//! The actor through its messages, under real supervision.

use std::{sync::Arc, time::Duration};

use nenya_provider::{
    AdoptSpec, Failure, Outcome, ProviderHandle, ProviderParts, ProviderSpec, Report, ShutCause,
    Verdict, tls_config,
};
use runtime::{AskError, ChildSpec, Clock, Misbehaviour, Observe, Overseer, TellError, Thaw, Tree};

use crate::{harness::*, proofs::Keys};

const CHILD: &str = "provider-p";
const MODEL: &str = "m";

async fn started(spec: ProviderSpec, mailbox: usize) -> (ProviderHandle, Overseer) {
    started_in(Tree::new(Clock::system()).in_place(), spec, mailbox).await
}

async fn started_in(
    mut tree: Tree,
    spec: ProviderSpec,
    mailbox: usize,
) -> (ProviderHandle, Overseer) {
    let tls = tls_config(&spec).unwrap();
    let parts = ProviderParts::new(Arc::new(spec), Arc::new(Keys::with(NAME, KEY)), tls);
    let handle = ProviderHandle::declare(&mut tree, ChildSpec::new(CHILD).mailbox(mailbox), parts);
    let overseer = tree.start(|_| ()).await.unwrap();
    (handle, overseer)
}

fn outcomes(verdict: Verdict, count: usize) -> Vec<Outcome> {
    vec![
        Outcome {
            model: MODEL.to_owned(),
            verdict,
            trial: None
        };
        count
    ]
}

fn unreachable() -> Verdict {
    Verdict::Failed(Failure::Unreachable)
}

fn clock() -> Clock {
    Clock::system()
}

#[test]
fn failures_shut_the_gate_a_probe_half_opens_it_and_the_trial_closes_the_circuit() {
    run(async {
        let peer = Peer::answers(json("{\"data\":[]}"));
        let (handle, overseer) = started(peer.spec(), 64).await;
        handle.report(outcomes(unreachable(), 5)).unwrap();
        until(|| handle.shut_for(MODEL, &clock()).is_some()).await;
        assert_eq!(
            handle.enter(MODEL, &clock()).unwrap_err().cause,
            ShutCause::Failures
        );
        assert!(handle.enter("another", &clock()).is_ok());

        handle.probe_now().unwrap();
        until(|| handle.shut_for(MODEL, &clock()).is_none()).await;
        assert!(
            peer.requests()[0]
                .head
                .starts_with("GET /v1/models HTTP/1.1\r\n")
        );
        assert_eq!(
            peer.requests()[0].header("authorization"),
            Some(format!("Bearer {KEY}").as_str())
        );

        let trial = handle.enter(MODEL, &clock()).unwrap();
        assert!(trial.is_trial());
        assert!(handle.enter(MODEL, &clock()).is_err(), "one at a time");
        handle.report(vec![trial.answered()]).unwrap();
        until(|| {
            handle
                .enter(MODEL, &clock())
                .is_ok_and(|pass| !pass.is_trial())
        })
        .await;
        overseer.stop().await;
    });
}

#[test]
fn provider_that_is_away_is_probed_by_itself() {
    run(async {
        let peer = Peer::answers(with_length("401 No", "application/json", "{}"));
        let (handle, overseer) = started(peer.spec(), 64).await;
        handle.report(outcomes(unreachable(), 5)).unwrap();
        until(|| handle.shut_for(MODEL, &clock()).is_some()).await;
        // The first back-off is one second, give or take a tenth.
        until(|| handle.shut_for(MODEL, &clock()).is_none()).await;
        assert_eq!(peer.requests().len(), 1);
        overseer.stop().await;
    });
}

#[test]
fn probe_that_fails_leaves_the_gate_shut() {
    run(async {
        let peer = Peer::answers(with_length("503 Away", "text/plain", ""));
        let (handle, overseer) = started(peer.spec(), 64).await;
        handle.report(outcomes(unreachable(), 5)).unwrap();
        handle.probe_now().unwrap();
        until(|| peer.requests().len() == 1).await;
        let state = handle.actor().ask(Observe, LONG).await.unwrap();
        assert_eq!(state["circuits_open"], 1);
        assert!(handle.shut_for(MODEL, &clock()).is_some());
        overseer.stop().await;
    });
}

#[test]
fn provider_added_to_a_running_tree_is_supervised_too() {
    run(async {
        let overseer = Tree::new(Clock::system())
            .in_place()
            .start(|_| ())
            .await
            .unwrap();
        let spec = Peer::answers("").spec();
        let tls = tls_config(&spec).unwrap();
        let parts = ProviderParts::new(Arc::new(spec), Arc::new(Keys::none()), tls);
        let handle = ProviderHandle::add(&overseer, ChildSpec::new(CHILD), parts)
            .await
            .unwrap();
        handle
            .report(outcomes(Verdict::Failed(Failure::Denied), 1))
            .unwrap();
        until(|| handle.shut_for(MODEL, &clock()).is_some()).await;
        assert_eq!(
            handle.enter(MODEL, &clock()).unwrap_err().cause,
            ShutCause::Denied
        );
        overseer.stop().await;
    });
}

#[test]
fn draining_shuts_all_gates_and_ends() {
    run(async {
        let (handle, overseer) = started(Peer::answers("").spec(), 64).await;
        handle.drain(true).unwrap();
        until(|| handle.enter(MODEL, &clock()).is_err()).await;
        handle.drain(false).unwrap();
        until(|| handle.enter(MODEL, &clock()).is_ok()).await;
        overseer.stop().await;
    });
}

#[test]
fn full_mailbox_refuses_and_the_gates_stay() {
    run(async {
        let (handle, overseer) = started(Peer::answers("").spec(), 2).await;
        let mut reports = (0..3).map(|_| handle.report(outcomes(Verdict::Answered, 1)));
        assert_eq!(reports.nth(2).unwrap(), Err(TellError::Full));
        assert_eq!(handle.counters().refused, 1);
        assert!(handle.enter(MODEL, &clock()).is_ok());
        overseer.stop().await;
    });
}

#[test]
fn ask_past_its_deadline_is_late() {
    run(async {
        let tree = Tree::new(Clock::system());
        let (handle, overseer) = started_in(tree, Peer::answers("").spec(), 64).await;
        let until = Thaw::new();
        assert!(overseer.misbehave(
            CHILD,
            Misbehaviour::Freeze {
                until: until.clone()
            }
        ));
        let late = handle
            .actor()
            .ask(Report(Vec::new()), Duration::from_millis(20))
            .await;
        assert_eq!(late, Err(AskError::Late));
        assert!(
            handle.enter(MODEL, &clock()).is_ok(),
            "nobody needs the actor to call"
        );
        until.thaw();
        overseer.stop().await;
    });
}

#[test]
fn circuits_survive_a_panic_of_the_actor() {
    run(async {
        let peer = Peer::answers(json("{}"));
        let (handle, overseer) = started(peer.spec(), 64).await;
        let limited = Verdict::Failed(Failure::Limited {
            retry_after: Some(LONG),
        });
        handle.report(outcomes(limited, 1)).unwrap();
        until(|| handle.shut_for(MODEL, &clock()).is_some()).await;
        assert!(overseer.misbehave(CHILD, Misbehaviour::Panic));
        until(|| handle.counters().restarts == 1 && handle.actor().is_up()).await;
        let state = handle.actor().ask(Observe, LONG).await.unwrap();
        assert_eq!(state["circuits_open"], 1);
        assert_eq!(
            handle.enter(MODEL, &clock()).unwrap_err().cause,
            ShutCause::Limited
        );
        overseer.stop().await;
    });
}

#[test]
fn adopted_configuration_keeps_the_circuits_and_moves_the_probe() {
    run(async {
        let (old, new) = (Peer::answers(json("{}")), Peer::answers(json("{}")));
        let (handle, overseer) = started(old.spec(), 64).await;
        handle.report(outcomes(unreachable(), 5)).unwrap();
        until(|| handle.shut_for(MODEL, &clock()).is_some()).await;
        let spec = Arc::new(new.spec());
        let tls = tls_config(&spec).unwrap();
        let handle = handle
            .adopt(AdoptSpec {
                spec: Arc::clone(&spec),
                tls,
            })
            .unwrap();
        assert_eq!(handle.spec().url, spec.url);
        handle.probe_now().unwrap();
        until(|| handle.shut_for(MODEL, &clock()).is_none()).await;
        assert_eq!((old.accepted.get(), new.accepted.get()), (0, 1));
        overseer.stop().await;
    });
}

#[test]
fn observable_state_has_no_secret_and_no_model_name() {
    run(async {
        let mut spec = Peer::answers("").spec();
        spec.url = "https://api.example.com/v1/chat/completions?key=hidden"
            .parse()
            .unwrap();
        let (handle, overseer) = started(spec, 64).await;
        let marked = Outcome {
            model: "marked-model".to_owned(),
            verdict: unreachable(),
            trial: None,
        };
        handle.report(vec![marked]).unwrap();
        let state = handle.actor().ask(Observe, LONG).await.unwrap().to_string();
        for mark in [KEY, "hidden", "marked-model"] {
            assert!(!state.contains(mark), "{state}");
        }
        assert!(state.contains("\"failed\":1"), "{state}");
        overseer.stop().await;
    });
}
