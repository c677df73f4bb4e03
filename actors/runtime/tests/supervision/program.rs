//! The tree inside a program as it is really built: a system on the main thread.

use std::{sync::mpsc, time::Duration};

use actix_rt::System;
use nenya_runtime::{AskError, ChildSpec, Clock, Handle, Overseer, Ping, Role, Tree};

use crate::stage::{Act, Audience, Count, PATIENCE, Script, declare, generation, home, tree};

#[test]
fn program_can_run_a_tree_end_it_and_run_another() {
    for _ in 0..3 {
        let (mut audience, ears) = Audience::new();
        let system = System::new();
        let code = system.block_on(async {
            let mut tree = tree();
            let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
            let overseer = tree.start(ears).await.unwrap();
            player.tell(Act::panic()).unwrap();
            audience.rebuilt("p").await;
            assert_eq!(generation(&player).await, 2);
            overseer.stop().await.len()
        });
        assert_eq!(code, 1);
        System::current().stop();
        system.run().unwrap();
    }
}

struct Witness(mpsc::Sender<()>);

impl Role for Witness {
    type State = ();

    fn observe(&self) {}
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.0.send(()).ok();
    }
}

#[test]
fn program_that_ends_without_a_stop_leaves_no_actor_behind() {
    let (gone, goes) = mpsc::channel();
    let handle = System::new().block_on(async {
        let mut tree = Tree::new(Clock::system());
        let handle = tree.declare(ChildSpec::new("w"), move |_| Ok(Witness(gone.clone())));
        tree.start(|_| {}).await.unwrap();
        handle
    });
    goes.recv_timeout(PATIENCE).expect("role is dropped");
    let asked = System::new().block_on(handle.ask(Ping, PATIENCE));
    assert_eq!(asked, Err(AskError::Closed));
}

#[test]
fn overseer_is_of_use_on_other_threads() {
    let (_audience, ears) = Audience::new();
    System::new().block_on(async {
        let mut tree = tree();
        let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
        let overseer = tree.start(ears).await.unwrap();
        let main_home = home(&player).await;
        let worker = actix_rt::Arbiter::new();
        let (done, is_done) = tokio::sync::oneshot::channel();
        let (away, remote) = (overseer.clone(), player.clone());
        worker.spawn(async move {
            actix_rt::spawn(away.watch_worker("http-1".into()).beat());
            let count = remote.ask(Count, PATIENCE).await;
            let round = away.health_round(PATIENCE).await.is_ok();
            done.send((count, round, home(&remote).await)).unwrap();
        });
        assert_eq!(is_done.await.unwrap(), (Ok(1), true, main_home));
        assert!(overseer.health_round(PATIENCE).await.is_ok());
        worker.stop();
        worker.join().unwrap();
        let silent = overseer
            .health_round(Duration::from_secs(1))
            .await
            .unwrap_err();
        assert_eq!(silent, ["http-1"]);
        overseer.stop().await;
    });
}

#[test]
fn handles_and_overseers_may_change_threads_although_roles_may_not() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Handle<Homebody>>();
    is_shared::<Overseer>();
    is_shared::<Clock>();
}

/// Not `Send`.
struct Homebody(std::rc::Rc<()>);

impl Role for Homebody {
    type State = usize;

    fn observe(&self) -> usize {
        std::rc::Rc::strong_count(&self.0)
    }
}

#[actix_rt::test]
async fn role_that_is_not_send_lives_on_its_own_thread() {
    let mut tree = Tree::new(Clock::system());
    tree.declare(ChildSpec::new("h"), |_| Ok(Homebody(std::rc::Rc::new(()))));
    let overseer = tree.start(|_| {}).await.unwrap();
    let states = overseer.observe(PATIENCE).await;
    assert_eq!(states["h"], 1);
    overseer.stop().await;
}
