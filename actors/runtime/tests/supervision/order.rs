//! Who comes before whom: start, stop, and children that stand upon others.

use std::time::Duration;

use nenya_runtime::{
    AskError, BirthCause, ChildSpec, PastIntensity, Siblings, StartError, TreeEvent,
};

use crate::stage::{
    Act, Audience, Count, Gate, PATIENCE, Player, Script, declare, generation, home, tree,
};

#[actix_rt::test]
async fn children_start_in_declared_order_and_stop_in_reverse() {
    let (mut audience, ears) = Audience::new();
    let script = Script::default();
    let mut tree = tree();
    for name in ["a", "b", "c"] {
        declare(&mut tree, ChildSpec::new(name), name, &script);
    }
    let overseer = tree.start(ears).await.unwrap();
    assert_eq!(script.take(), ["a built", "b built", "c built"]);
    let reports = overseer.stop().await;
    let names: Vec<_> = reports.iter().map(|report| report.name.as_str()).collect();
    assert_eq!(names, ["c", "b", "a"]);
    assert!(reports.iter().all(|report| report.in_time));
    let lines = [
        "c stopping",
        "c gone",
        "b stopping",
        "b gone",
        "a stopping",
        "a gone",
    ];
    assert_eq!(script.take(), lines);
    let stopped = |event: &TreeEvent| matches!(event, TreeEvent::Stopped { in_time: true, .. });
    assert_eq!(
        audience
            .rest()
            .iter()
            .filter(|event| stopped(event))
            .count(),
        3
    );
    assert!(overseer.stop().await.is_empty());
}

#[actix_rt::test]
async fn stop_lets_a_child_finish_what_waits_in_its_mailbox() {
    let (_audience, ears) = Audience::new();
    let (script, gate) = (Script::default(), Gate::default());
    let mut tree = tree();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &script);
    let overseer = tree.start(ears).await.unwrap();
    script.take();
    player.tell(Act::freeze(&gate)).unwrap();
    for number in 0..3 {
        let script = script.clone();
        let note = Act::new(move |_| {
            script.note(format!("note {number}"));
            Ok(())
        });
        player.tell(note).unwrap();
    }
    let asked = player.ask(Count, PATIENCE);
    let stopped = async {
        let stop = overseer.stop();
        gate.open();
        stop.await
    };
    let (asked, reports) = futures_util::future::join(asked, stopped).await;
    assert_eq!((asked, reports.len()), (Ok(1), 1));
    assert_eq!(
        script.take(),
        ["note 0", "note 1", "note 2", "p stopping", "p gone"]
    );
    assert!(player.tell(Count).is_err());
}

#[actix_rt::test]
async fn child_past_its_shutdown_deadline_is_given_up_and_the_rest_is_stopped() {
    let (_audience, ears) = Audience::new();
    let (script, gate) = (Script::default(), Gate::default());
    let mut tree = tree().freeze_check(Duration::from_secs(3600), Duration::from_secs(3600));
    let brief = |name: &str| ChildSpec::new(name).shutdown(Duration::from_millis(50));
    declare(&mut tree, ChildSpec::new("a"), "a", &script);
    let neighbour = ChildSpec::new("n")
        .thread("t")
        .shutdown(Duration::from_secs(3600));
    declare(&mut tree, neighbour, "n", &script);
    let stuck = declare(&mut tree, brief("stuck").thread("t"), "stuck", &script);
    let overseer = tree.start(ears).await.unwrap();
    stuck.tell(Act::freeze(&gate)).unwrap();
    let reports = overseer.stop().await;
    let outcome: Vec<_> = reports
        .iter()
        .map(|r| (r.name.as_str(), r.in_time))
        .collect();
    // Nobody waits an hour for the neighbour, whose thread is known to hang.
    assert_eq!(outcome, [("stuck", false), ("n", false), ("a", true)]);
    assert_eq!(stuck.ask(Count, PATIENCE).await, Err(AskError::Closed));
    gate.open();
}

#[actix_rt::test]
async fn those_built_upon_a_lost_child_are_rebuilt_after_it() {
    let (mut audience, ears) = Audience::new();
    let script = Script::default();
    let mut tree = tree();
    let before = declare(&mut tree, ChildSpec::new("before"), "before", &script);
    let base = ChildSpec::new("base").siblings(Siblings::RebuildLater);
    let base = declare(&mut tree, base, "base", &script);
    let b = declare(&mut tree, ChildSpec::new("b"), "b", &script);
    let c = declare(&mut tree, ChildSpec::new("c"), "c", &script);
    let overseer = tree.start(ears).await.unwrap();
    script.take();

    base.tell(Act::panic()).unwrap();
    assert_eq!(audience.rebuilt("base").await, BirthCause::Panic);
    assert_eq!(audience.rebuilt("b").await, BirthCause::Sibling);
    assert_eq!(audience.rebuilt("c").await, BirthCause::Sibling);
    let ends = ["base gone", "c stopping", "c gone", "b stopping", "b gone"];
    assert_eq!(
        script.take(),
        [&ends[..], &["base built", "b built", "c built"]].concat()
    );
    assert_eq!(generation(&before).await, 1);

    // The other way round it is untouched.
    b.tell(Act::panic()).unwrap();
    audience.rebuilt("b").await;
    assert_eq!((generation(&base).await, generation(&c).await), (2, 2));
    assert_eq!(c.counters().panics, 0);
    overseer.stop().await;
}

#[actix_rt::test]
async fn those_built_upon_a_child_wait_until_its_rebuild_succeeds() {
    let (mut audience, ears) = Audience::new();
    let (script, factory_script) = (Script::default(), Script::default());
    let mut tree = tree();
    let base = ChildSpec::new("base").siblings(Siblings::RebuildLater);
    let log = script.clone();
    let base = tree.declare(base, move |birth| match birth.generation {
        2 | 3 => {
            log.note("base failed");
            Err(nenya_runtime::Fault::new("on purpose"))
        }
        _ => Ok(Player::new("base", birth, &factory_script)),
    });
    let later = declare(&mut tree, ChildSpec::new("later"), "later", &script);
    let overseer = tree.start(ears).await.unwrap();
    base.tell(Act::panic()).unwrap();
    // An ask to a child that waits for its turn waits with it.
    assert_eq!(audience.down("base").await, nenya_runtime::DownCause::Panic);
    assert_eq!(later.ask(Count, PATIENCE).await, Ok(1));
    let lines = ["later built", "later stopping", "later gone"];
    let lines = [&lines[..], &["base failed", "base failed", "later built"]].concat();
    assert_eq!(script.take(), lines);
    overseer.stop().await;
}

#[actix_rt::test]
async fn those_built_upon_a_child_left_down_go_on() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let base = ChildSpec::new("base")
        .siblings(Siblings::RebuildLater)
        .intensity(0, Duration::from_secs(1))
        .past_intensity(PastIntensity::LeaveDown);
    let base = declare(&mut tree, base, "base", &Script::default());
    let later = declare(
        &mut tree,
        ChildSpec::new("later"),
        "later",
        &Script::default(),
    );
    let overseer = tree.start(ears).await.unwrap();
    base.tell(Act::panic()).unwrap();
    audience
        .until(|event| matches!(event, TreeEvent::GaveUp { .. }).then_some(()))
        .await;
    assert_eq!(generation(&later).await, 1);
    overseer.stop().await;
}

#[actix_rt::test]
async fn children_share_a_thread_only_if_they_say_so() {
    let (_audience, ears) = Audience::new();
    let script = Script::default();
    let mut tree = tree();
    let a = declare(&mut tree, ChildSpec::new("a").thread("x"), "a", &script);
    let b = declare(&mut tree, ChildSpec::new("b").thread("x"), "b", &script);
    let x = declare(&mut tree, ChildSpec::new("x"), "x", &script);
    let overseer = tree.start(ears).await.unwrap();
    assert_eq!(home(&a).await, home(&b).await);
    assert_ne!(home(&a).await, home(&x).await);
    assert_ne!(home(&x).await, std::thread::current().id());
    overseer.stop().await;
}

#[actix_rt::test]
async fn children_come_and_go_in_a_running_tree() {
    let (mut audience, ears) = Audience::new();
    let script = Script::default();
    let mut tree = tree();
    declare(&mut tree, ChildSpec::new("a"), "a", &script);
    let overseer = tree.start(ears).await.unwrap();
    let log = script.clone();
    let added = overseer
        .add(ChildSpec::new("b"), move |birth| {
            Ok(Player::new("b", birth, &log))
        })
        .await;
    let b = added.unwrap();
    assert_eq!(b.ask(Count, PATIENCE).await, Ok(1));
    b.tell(Act::panic()).unwrap();
    assert_eq!(audience.rebuilt("b").await, BirthCause::Panic);

    let report = overseer.remove("b").await.unwrap();
    assert!(report.in_time);
    assert_eq!(b.ask(Count, PATIENCE).await, Err(AskError::Closed));
    assert_eq!(overseer.children().len(), 1);
    assert!(overseer.remove("b").await.is_none());
    assert!(!overseer.rebuild("b").await);
    overseer.stop().await;
}

#[actix_rt::test]
async fn child_that_cannot_be_added_leaves_the_tree_as_it_was() {
    let (_audience, ears) = Audience::new();
    let mut tree = tree();
    declare(&mut tree, ChildSpec::new("a"), "a", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    let log = Script::default();
    let twice = overseer
        .add(ChildSpec::new("a"), move |b| Ok(Player::new("a", b, &log)))
        .await;
    assert_eq!(
        twice.unwrap_err(),
        StartError::DuplicateName { name: "a".into() }
    );
    let fault = || nenya_runtime::Fault::new("on purpose");
    let failed = overseer
        .add::<Player>(ChildSpec::new("b"), move |_| Err(fault()))
        .await;
    assert!(matches!(failed, Err(StartError::Child { .. })));
    assert_eq!(overseer.children().len(), 1);
    assert!(overseer.health_round(PATIENCE).await.is_ok());
    overseer.stop().await;
    let late = overseer
        .add::<Player>(ChildSpec::new("b"), move |_| Err(fault()))
        .await;
    assert_eq!(late.unwrap_err(), StartError::Stopped);
}

#[actix_rt::test]
async fn two_children_of_one_name_do_not_start() {
    let (_audience, ears) = Audience::new();
    let mut tree = tree();
    declare(&mut tree, ChildSpec::new("a"), "a", &Script::default());
    declare(&mut tree, ChildSpec::new("a"), "a", &Script::default());
    let error = tree.start(ears).await.unwrap_err();
    assert_eq!(error.to_string(), "two children are named `a`");
}
