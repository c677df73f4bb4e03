//! What is stuck: an actor is rebuilt by its supervisor, a process by systemd.

use crate::inside::machine::run;
use crate::inside::{Request, Service, journal, until};

crate::promises![
    a_frozen_actor_is_rebuilt_without_a_restart,
    a_frozen_worker_is_what_the_watchdog_is_for,
    an_actor_that_is_frozen_for_good_is_replaced_on_another_thread,
    an_actor_that_cannot_be_kept_alive_ends_the_process,
    a_stopped_process_is_replaced,
];

fn replaced(service: &Service<'_>, pid: u32) {
    until("another process", || {
        Some(service.main_pid()).filter(|&now| now != pid && now != 0)
    });
    until("it is ready again", || {
        (service.property("ActiveState") == "active").then_some(())
    });
    journal::until_said("Watchdog timeout");
    assert_eq!(service.ask("build").status, 200);
}

fn a_frozen_actor_is_rebuilt_without_a_restart(service: &Service<'_>) {
    service.with_faults();
    service.start();
    let pid = service.main_pid();
    for actor in service.actors() {
        service.misbehave(&actor, "freeze");
        assert_eq!(service.ask("build").status, 200, "while {actor} is frozen");
    }
    journal::until_said("ozen");
    assert_eq!(
        (service.main_pid(), service.property("NRestarts").as_str()),
        (pid, "0")
    );
}

fn a_frozen_worker_is_what_the_watchdog_is_for(service: &Service<'_>) {
    service.with_faults();
    service.start();
    let pid = service.main_pid();
    service.misbehave("worker", "freeze-for-good");
    replaced(service, pid);
}

/// A thread that never lets go is left behind, and its actor goes on on another.
fn an_actor_that_is_frozen_for_good_is_replaced_on_another_thread(service: &Service<'_>) {
    service.with_faults();
    service.start();
    let pid = service.main_pid();
    for actor in service.actors() {
        service.misbehave(&actor, "freeze-for-good");
    }
    journal::until_said("ozen");
    until("all are well", || {
        (service.send(&Request::new("GET", "/healthz")).status == 200).then_some(())
    });
    assert_eq!(
        (service.main_pid(), service.ask("build").status),
        (pid, 200)
    );
}

/// Past its intensity an actor is given up, the process ends with a code of its own, and the
/// service manager, topmost of the supervisors, starts it anew.
fn an_actor_that_cannot_be_kept_alive_ends_the_process(service: &Service<'_>) {
    service.with_faults();
    service.start();
    let (pid, restarts) = (service.main_pid(), service.property("NRestarts"));
    let actor = service
        .actors()
        .into_iter()
        .find(|actor| actor == "vault")
        .expect("a vault");
    until("the process has ended", || {
        service.try_misbehave(&actor, "panic");
        (service.property("NRestarts") != restarts).then_some(())
    });
    until("another process", || {
        Some(service.main_pid()).filter(|&now| now != pid && now != 0)
    });
    assert_eq!(service.ask("build").status, 200);
    assert!(
        journal::text().contains("status=70"),
        "{}",
        journal::tail(40)
    );
}

fn a_stopped_process_is_replaced(service: &Service<'_>) {
    service.drop_in("[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\n");
    service.start();
    let pid = service.main_pid();
    run(
        "systemctl",
        &["kill", "--signal=STOP", "--kill-whom=main", "nenya.service"],
    );
    replaced(service, pid);
}
