//! Restarts and kills while clients are at it. The socket unit keeps the port open.

use std::time::Duration;

use crate::inside::load::Load;
use crate::inside::machine::{run, succeeds};
use crate::inside::service::USER;
use crate::inside::{Request, Service, pause, until};

crate::promises![
    restarts_under_load_fail_no_request,
    kills_under_load_refuse_no_connection,
    a_stream_that_is_open_at_a_restart_ends_in_good_form,
    a_crash_is_restarted_at_once,
];

const CLIENTS: usize = 16;

fn restarts_under_load_fail_no_request(service: &Service<'_>) {
    service.start();
    let load = Load::start(service.client(), CLIENTS);
    for _ in 0..5 {
        pause(Duration::from_millis(400));
        succeeds("systemctl", &["restart", "nenya.service"]);
    }
    pause(Duration::from_millis(400));
    let outcome = load.finish();
    crate::say(&format!(
        "     {} answered over 5 restarts, slowest {:?}",
        outcome.answered, outcome.slowest
    ));
    assert!(outcome.answered > 500, "{}", outcome.answered);
    assert_eq!(outcome.failed(), 0, "{:?}", outcome.failures);
}

fn kills_under_load_refuse_no_connection(service: &Service<'_>) {
    const KILLS: usize = 5;
    service.start();
    let load = Load::start(service.client(), CLIENTS);
    for _ in 0..KILLS {
        pause(Duration::from_millis(400));
        let pid = service.main_pid();
        run("systemctl", &["kill", "--signal=KILL", "nenya.service"]);
        until("another process", || {
            Some(service.main_pid()).filter(|&now| now != pid && now != 0)
        });
        until("it is ready again", || {
            (service.property("ActiveState") == "active").then_some(())
        });
    }
    pause(Duration::from_millis(400));
    let outcome = load.finish();
    crate::say(&format!(
        "     {} answered over {KILLS} kills, {} without an answer {:?}, slowest {:?}",
        outcome.answered,
        outcome.failed(),
        outcome.failures,
        outcome.slowest
    ));
    assert_eq!(outcome.refused(), 0, "{:?}", outcome.failures);
    // A client has one request open, so each kill costs at most one per client, and each that
    // fails does so by the end of its connection and not with half an answer that looks whole.
    assert!(
        outcome.failed() <= CLIENTS * KILLS,
        "{:?}",
        outcome.failures
    );
    let clean = ["no answer", "the answer broke off"];
    assert!(
        outcome
            .failures
            .keys()
            .all(|failure| clean.contains(&failure.as_str())),
        "{:?}",
        outcome.failures
    );
}

fn a_stream_that_is_open_at_a_restart_ends_in_good_form(service: &Service<'_>) {
    service.start();
    let mut endless = service.client().connect().unwrap();
    endless
        .write(
            &Request::to_model("dummy/delay-50-chunks-100000", true)
                .key(USER)
                .bytes(),
        )
        .unwrap();
    endless.head().unwrap();
    endless.event().unwrap().unwrap();
    let before = service.upstream("closed_early");
    succeeds("systemctl", &["restart", "nenya.service"]);
    let mut rest = String::new();
    while let Some(events) = endless.event().expect("the stream has an end") {
        rest.push_str(&events);
    }
    let last = rest
        .trim_end()
        .split("\n\n")
        .filter(|event| !event.contains("[DONE]"))
        .last()
        .unwrap_or_default();
    assert!(last.contains("\"error\""), "the last event was {last}");
    until("the upstream call has ended", || {
        (service.upstream("closed_early") == before + 1).then_some(())
    });
}

fn a_crash_is_restarted_at_once(service: &Service<'_>) {
    service.start();
    let pid = service.main_pid();
    run("systemctl", &["kill", "--signal=ABRT", "nenya.service"]);
    assert_eq!(
        service.ask("build").status,
        200,
        "the next request waits for the new process"
    );
    assert_ne!(service.main_pid(), pid);
    assert_eq!(service.property("NRestarts"), "1");
}
