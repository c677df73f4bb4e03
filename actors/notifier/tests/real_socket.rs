//! The Notifier against a real datagram socket, in a process of its own.
//!
//! The library reads `NOTIFY_SOCKET` from the environment, which a test may not change while
//! others read it. So this test runs itself again as a child that was born with the variable.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic, its helpers too"
)]

use std::env;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use nenya_notifier::{Delivery, Feed, Notifier, Ready, Reloading, Stopping, watchdog_period};
use runtime::{ChildSpec, Clock, Tree};

const PART: &str = "NENYA_NOTIFIER_TEST_PART";
const SOON: Duration = Duration::from_secs(5);

/// The child's part: lives once, prints what it observed of itself.
async fn live_once() {
    let mut tree = Tree::new(Clock::system());
    let notifier = tree.declare(ChildSpec::new("notifier"), |_| Ok(Notifier::from_env()));
    let overseer = tree.start(|_| ()).await.unwrap();

    let ready = Ready {
        status: "serving\nMAINPID=1".to_owned(),
    };
    let first = notifier.ask(ready, SOON).await.unwrap();
    notifier.ask(Reloading, SOON).await.unwrap();
    let proof = overseer.health_round(SOON).await.unwrap();
    notifier.ask(Feed(proof), SOON).await.unwrap();
    let drain = Duration::from_secs(2);
    notifier.ask(Stopping { drain }, SOON).await.unwrap();

    println!("first={first:?}");
    println!("period={:?}", watchdog_period());
    println!("state={}", overseer.observe(SOON).await["notifier"]);
    overseer.stop().await;
}

/// Runs the named test of this file again, with or without a service manager's environment.
fn child(test: &str, socket: Option<&Path>) -> Output {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(PART, "child")
        .env_remove("WATCHDOG_PID")
        .env_remove("WATCHDOG_USEC")
        .env_remove("NOTIFY_SOCKET");
    if let Some(socket) = socket {
        command
            .env("NOTIFY_SOCKET", socket)
            .env("WATCHDOG_USEC", "3000000");
    }
    command.output().unwrap()
}

fn is_child() -> bool {
    env::var_os(PART).is_some()
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn received(socket: &UnixDatagram) -> Vec<String> {
    socket.set_nonblocking(true).unwrap();
    let mut buffer = [0; 4096];
    std::iter::from_fn(|| {
        let length = socket.recv(&mut buffer).ok()?;
        Some(String::from_utf8(buffer[..length].to_vec()).unwrap())
    })
    .collect()
}

#[actix_rt::test]
async fn a_service_manager_hears_the_whole_life() {
    if is_child() {
        return live_once().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();

    let output = child("a_service_manager_hears_the_whole_life", Some(&path));

    let said = printed(&output);
    assert!(said.contains(&format!("first={:?}", Delivery::Sent)));
    assert!(said.contains("period=Some(1.5s)"));
    assert!(said.contains(r#""connected":true"#));
    let heard = received(&socket);
    assert_eq!(heard.len(), 4, "{heard:?}");
    assert_eq!(heard[0], "READY=1\nSTATUS=serving MAINPID=1\n");
    assert!(heard[1].starts_with("RELOADING=1\nMONOTONIC_USEC="));
    assert_eq!(heard[2], "WATCHDOG=1\n");
    assert_eq!(heard[3], "STOPPING=1\nEXTEND_TIMEOUT_USEC=2000000\n");
}

#[actix_rt::test]
async fn without_a_service_manager_everything_is_quiet() {
    if is_child() {
        return live_once().await;
    }
    let output = child("without_a_service_manager_everything_is_quiet", None);

    let said = printed(&output);
    assert!(said.contains(&format!("first={:?}", Delivery::NoManager)));
    assert!(said.contains("period=None"));
    assert!(said.contains(r#""connected":false"#));
    assert!(said.contains(r#""failed":0"#));
}

#[actix_rt::test]
async fn a_service_manager_that_is_gone_is_counted_and_survived() {
    if is_child() {
        return live_once().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nobody-bound-this");

    let output = child(
        "a_service_manager_that_is_gone_is_counted_and_survived",
        Some(&path),
    );

    let said = printed(&output);
    assert!(said.contains(&format!("first={:?}", Delivery::Failed)));
    assert!(said.contains(r#""failed":4"#));
}
