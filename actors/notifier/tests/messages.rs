//! The Notifier through its messages, supervised as in the program.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::time::Duration;

use nenya_notifier::{
    Delivery, Feed, Notifier, Ready, RecordingLink, Reloaded, Reloading, Status, Stopping,
};
use runtime::{AskError, ChildSpec, Clock, Handle, Misbehaviour, Overseer, TellError, Thaw, Tree};
use serde_json::Value;

const SOON: Duration = Duration::from_secs(5);

async fn supervised(link: &RecordingLink) -> (Overseer, Handle<Notifier>) {
    let mut tree = Tree::new(Clock::system());
    let link = link.clone();
    let child = ChildSpec::new("notifier").mailbox(1);
    let notifier = tree.declare(child, move |_| Ok(Notifier::over(link.clone())));
    let overseer = tree.start(|_| ()).await.unwrap();
    (overseer, notifier)
}

async fn observed(overseer: &Overseer) -> Value {
    overseer.observe(SOON).await.remove("notifier").unwrap()
}

#[actix_rt::test]
async fn a_life_is_announced_in_order() {
    let link = RecordingLink::new();
    let (overseer, notifier) = supervised(&link).await;
    let status = |text: &str| text.to_owned();

    let ready = Ready {
        status: status("serving"),
    };
    assert_eq!(notifier.ask(ready, SOON).await, Ok(Delivery::Sent));
    let text = Status {
        text: status("3 providers"),
    };
    assert_eq!(notifier.ask(text, SOON).await, Ok(Delivery::Sent));
    assert_eq!(notifier.ask(Reloading, SOON).await, Ok(Delivery::Sent));
    let reloaded = Reloaded {
        status: status("refused, old configuration kept"),
    };
    assert_eq!(notifier.ask(reloaded, SOON).await, Ok(Delivery::Sent));
    let drain = Duration::from_secs(9);
    assert_eq!(
        notifier.ask(Stopping { drain }, SOON).await,
        Ok(Delivery::Sent)
    );

    let said = link.datagrams();
    assert_eq!(said.len(), 5);
    assert_eq!(said[0], "READY=1\nSTATUS=serving\n");
    assert_eq!(said[1], "STATUS=3 providers\n");
    assert!(said[2].starts_with("RELOADING=1\nMONOTONIC_USEC="));
    assert_eq!(said[3], "READY=1\nSTATUS=refused, old configuration kept\n");
    assert_eq!(said[4], "STOPPING=1\nEXTEND_TIMEOUT_USEC=9000000\n");
    overseer.stop().await;
}

#[actix_rt::test]
async fn the_watchdog_is_fed_with_the_proof_of_a_health_round() {
    let link = RecordingLink::new();
    let (overseer, notifier) = supervised(&link).await;

    let proof = overseer.health_round(SOON).await.unwrap();
    assert_eq!(notifier.ask(Feed(proof), SOON).await, Ok(Delivery::Sent));

    assert_eq!(link.datagrams(), ["WATCHDOG=1\n"]);
    assert_eq!(observed(&overseer).await["sent"]["watchdog"], 1);
    overseer.stop().await;
}

#[actix_rt::test]
async fn a_refusing_service_manager_does_not_stop_the_actor() {
    let link = RecordingLink::refusing();
    let (overseer, notifier) = supervised(&link).await;

    for failed in 1..=3 {
        let ready = Ready {
            status: "serving".to_owned(),
        };
        assert_eq!(notifier.ask(ready, SOON).await, Ok(Delivery::Failed));
        assert_eq!(observed(&overseer).await["failed"], failed);
    }
    assert_eq!(observed(&overseer).await["phase"], "ready");
    overseer.stop().await;
}

#[actix_rt::test]
async fn a_told_status_is_sent_without_waiting() {
    let link = RecordingLink::new();
    let (overseer, notifier) = supervised(&link).await;

    let text = "draining, 12 requests open".to_owned();
    notifier.tell(Status { text }).unwrap();

    assert_eq!(
        observed(&overseer).await["status"],
        "draining, 12 requests open"
    );
    assert_eq!(link.datagrams(), ["STATUS=draining, 12 requests open\n"]);
    overseer.stop().await;
}

#[actix_rt::test]
async fn a_notifier_that_was_never_started_says_closed() {
    let notifier = Handle::<Notifier>::detached("notifier");
    assert_eq!(notifier.ask(Reloading, SOON).await, Err(AskError::Closed));
}

#[actix_rt::test]
async fn a_panic_costs_the_counts_and_not_the_link() {
    let link = RecordingLink::new();
    let (overseer, notifier) = supervised(&link).await;
    let say = |text: &str| Status {
        text: text.to_owned(),
    };
    assert_eq!(notifier.ask(say("before"), SOON).await, Ok(Delivery::Sent));

    assert!(notifier.misbehave(Misbehaviour::Panic));
    assert_eq!(notifier.ask(say("after"), SOON).await, Ok(Delivery::Sent));

    assert_eq!(notifier.counters().panics, 1);
    assert_eq!(link.datagrams(), ["STATUS=before\n", "STATUS=after\n"]);
    assert_eq!(observed(&overseer).await["sent"]["status"], 1);
    overseer.stop().await;
}

#[actix_rt::test]
async fn a_full_mailbox_refuses_and_counts() {
    let link = RecordingLink::new();
    let (overseer, notifier) = supervised(&link).await;
    let until = Thaw::new();
    let freeze = Misbehaviour::Freeze {
        until: until.clone(),
    };
    assert!(notifier.misbehave(freeze));

    assert_eq!(notifier.tell(Reloading), Ok(()));
    assert_eq!(notifier.tell(Reloading), Err(TellError::Full));
    until.thaw();

    assert_eq!(observed(&overseer).await["sent"]["reloading"], 1);
    assert_eq!(notifier.counters().refused, 1);
    overseer.stop().await;
}

#[actix_rt::test]
async fn an_answer_that_comes_after_the_deadline_is_late() {
    let link = RecordingLink::new();
    let (overseer, notifier) = supervised(&link).await;
    let until = Thaw::new();
    let freeze = Misbehaviour::Freeze {
        until: until.clone(),
    };
    assert!(notifier.misbehave(freeze));

    let hurried = notifier.ask(Reloading, Duration::from_millis(1)).await;
    until.thaw();

    assert_eq!(hurried, Err(AskError::Late));
    overseer.stop().await;
}
