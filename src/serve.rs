//! `nenya serve`: start, run, stop.
//!
//! Reads as the order of events: harden, load, start the tree, open the doors, say ready, wait
//! for signals, drain, stop in reverse.

use std::net::SocketAddr;
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::rt::System;
use notifier::{Feed, Stopping};
use runtime::Escalation;
use slog::{Logger, error, info, warn};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::MissedTickBehavior;
use vault::OneTimeToken;

use crate::cli::{Place, complain, say};
use crate::gateway::{ASK, Gateway, Pulse};
use crate::http::server;
use crate::listen::Inherited;
use crate::settings::Settings;
use crate::telemetry::Lines;
use crate::{first_answer, reload, telemetry};

/// Exit code for a configuration or secret that cannot be used: starting again will not help.
///
/// # Source
/// `EX_CONFIG` of sysexits.h; `systemd/nenya.service` does not restart after it.
const EXIT_CONFIG: u8 = 78;

/// Before the drain ends, streams get this long to take their final event.
const FAREWELL: Duration = Duration::from_secs(1);

/// Connections that are idle when the program is told to stop may still bring a request for so
/// long.
const LET_GO: Duration = Duration::from_millis(1500);

/// The longest time that a log line waits in this process.
const FLUSH_LINES: Duration = Duration::from_millis(100);

/// Health rounds without a watchdog, for the metrics.
const UNWATCHED_PERIOD: Duration = Duration::from_secs(10);

/// Runs the gateway until it is told to stop.
#[must_use]
pub fn run(place: &Place) -> ExitCode {
    let started = Instant::now();
    let inherited = match Inherited::take() {
        Ok(inherited) => inherited,
        Err(error) => return complain(&error.to_string()),
    };
    let measures = vault::harden_process();
    let settings = match Settings::load(place) {
        Ok(settings) => settings,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::from(EXIT_CONFIG);
        }
    };
    let (log, guard, lines) =
        telemetry::logger(settings.log_format(), settings.log_level(place.verbose));
    telemetry::forward_library_logs(log.clone());
    for measure in measures.iter().filter(|measure| !measure.is_ok()) {
        warn!(log, "a hardening measure failed: {}", measure);
    }
    let code = System::new().block_on(live(
        settings,
        place,
        inherited,
        log,
        lines.clone(),
        started,
    ));
    // Dropping the guard writes out what is still queued.
    drop(guard);
    lines.flush_now();
    code
}

async fn live(
    mut settings: Settings,
    place: &Place,
    inherited: Inherited,
    log: Logger,
    lines: Lines,
    started: Instant,
) -> ExitCode {
    let flusher = actix_web::rt::spawn(flush_lines(lines));
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => return complain(&format!("cannot listen for signals: {error}")),
    };
    let (token, embedded) = (settings.take_token(), settings.embedded);
    let gateway = match Gateway::start(settings, place, inherited, log.clone(), started).await {
        Ok(gateway) => gateway,
        Err(error) => {
            error!(log, "start failed"; "cause" => %error);
            return complain(&error.to_string());
        }
    };
    count_panics(&gateway, &log);
    let watchdog = actix_web::rt::spawn(feed_watchdog(gateway.pulse()));
    let connections = gateway.shared().connections.clone();
    let reaper = actix_web::rt::spawn(server::reap_slow_connections(
        connections,
        gateway.limits().clone(),
    ));
    let catalogue = actix_web::rt::spawn(crate::catalogue::watch(Arc::clone(gateway.shared())));
    let store = Arc::clone(&gateway.shared().seals);
    let seals = actix_web::rt::spawn(crate::http::seal_store::sweep_seals(store));
    let circuits = actix_web::rt::spawn(crate::circuits::watch(Arc::clone(gateway.shared())));
    #[cfg(target_os = "linux")]
    if let Err(error) = crate::process::release_startup_code() {
        slog::debug!(log, "start-up code stays in memory"; "cause" => %error);
    }
    gateway.announce_ready().await;
    greet(&gateway, embedded, token);
    let ending = wait_for_the_end(&gateway, &mut signals, &log).await;
    stop(gateway, &mut signals, &log).await;
    reaper.abort();
    watchdog.abort();
    flusher.abort();
    circuits.abort();
    seals.abort();
    catalogue.abort();
    match ending {
        Ending::Asked => ExitCode::SUCCESS,
        Ending::Escalated(escalation) => ExitCode::from(escalation.exit_code()),
    }
}

enum Ending {
    Asked,
    Escalated(Escalation),
}

struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn wait_for_the_end(gateway: &Gateway, signals: &mut Signals, log: &Logger) -> Ending {
    loop {
        tokio::select! {
            _ = signals.hangup.recv() => reload::reload(gateway).await,
            _ = signals.terminate.recv() => return Ending::Asked,
            _ = signals.interrupt.recv() => return Ending::Asked,
            escalation = gateway.escalated() => {
                error!(log, "an actor failed too often, the program ends"; "cause" => %escalation);
                return Ending::Escalated(escalation);
            }
        }
    }
}

async fn stop(gateway: Gateway, signals: &mut Signals, log: &Logger) {
    let (drain, uptime) = (gateway.limits().shutdown_timeout, gateway.shared().uptime());
    info!(log, "stopping"; "drain_seconds" => drain.as_secs(), "in_flight" => gateway.in_flight());
    gateway
        .staff()
        .notifier
        .ask(
            Stopping {
                drain: drain + Duration::from_secs(10),
            },
            ASK,
        )
        .await
        .ok();
    gateway.shared().closing.drain();
    gateway.shared().overseer.forget_workers();
    let (handles, connections) = (
        gateway.servers().to_vec(),
        gateway.shared().connections.clone(),
    );
    let mut drained = Box::pin(async {
        server::let_go(&handles, &connections, LET_GO.min(drain)).await;
        server::stop(&handles, true).await;
    });
    tokio::select! {
        () = &mut drained => {}
        () = tokio::time::sleep(drain.saturating_sub(FAREWELL)) => farewell(&gateway, log, &mut drained).await,
        () = signals.stop() => farewell(&gateway, log, &mut drained).await,
    }
    for report in gateway.stop_actors().await {
        if !report.in_time {
            warn!(log, "an actor did not stop in time"; "actor" => report.name);
        }
    }
    info!(log, "stopped"; "uptime_seconds" => uptime.as_secs());
}

/// Streams that are still open get their final event, and a moment to send it.
async fn farewell(
    gateway: &Gateway,
    log: &Logger,
    drained: &mut (impl Future<Output = ()> + Unpin),
) {
    warn!(log, "ending open requests"; "in_flight" => gateway.in_flight());
    gateway.shared().closing.end();
    if tokio::time::timeout(FAREWELL * 2, drained).await.is_err() {
        server::stop(gateway.servers(), false).await;
    }
}

/// Feeds systemd's watchdog, but only with the proof that every actor and worker answered.
async fn feed_watchdog(pulse: Pulse) {
    let period = notifier::watchdog_period().unwrap_or(UNWATCHED_PERIOD) / 2;
    let mut timer = tokio::time::interval(period);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        let begun = Instant::now();
        match pulse.overseer.health_round(period).await {
            Ok(proof) => {
                pulse
                    .shared
                    .metrics
                    .health_round
                    .observe(begun.elapsed().as_secs_f64());
                pulse.notifier.ask(Feed(proof), ASK).await.ok();
            }
            Err(silent) => {
                pulse.shared.metrics.health_round_missed.inc();
                warn!(pulse.shared.log, "no answer in time, the watchdog is not fed"; "actor" => silent.join(","));
            }
        }
    }
}

async fn flush_lines(lines: Lines) {
    let mut timer = tokio::time::interval(FLUSH_LINES);
    loop {
        timer.tick().await;
        lines.flush_now();
    }
}

/// A panic is logged with its place and never with its text, which may quote what was handled.
fn count_panics(gateway: &Gateway, log: &Logger) {
    let (panics, log) = (gateway.shared().metrics.panics.clone(), log.clone());
    panic::set_hook(Box::new(move |panicked| {
        panics.inc();
        let place = panicked
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let thread = std::thread::current()
            .name()
            .unwrap_or("unnamed")
            .to_owned();
        error!(log, "panic"; "place" => place, "thread" => thread);
    }));
}

/// The first minute of a newcomer: a token, shown once on the terminal and never logged, and a
/// line to try it with.
fn greet(gateway: &Gateway, embedded: bool, token: Option<OneTimeToken>) {
    let (true, Some(token), Some(address)) = (embedded, token, gateway.address()) else {
        return;
    };
    if std::env::var_os("JOURNAL_STREAM").is_some() {
        warn!(
            gateway.shared().log,
            "no secrets were found; the token that was made cannot be shown, since the output goes to the journal: give the service a secrets file"
        );
        return;
    }
    // On a thread of its own: the question may need this one to be answered.
    let show = move || show_first_answer(address, token);
    let shown = std::thread::Builder::new().name("greeting".to_owned());
    if let Err(error) = shown.spawn(show) {
        warn!(gateway.shared().log, "the token cannot be shown"; "cause" => %error);
    }
}

fn show_first_answer(address: SocketAddr, token: OneTimeToken) {
    token.reveal(|token| {
        let first = match first_answer::ask(address, token) {
            Ok((question, answer)) => format!("  asked:    {question}\n  answered: {answer}"),
            Err(error) => format!("  no answer came: {error}"),
        };
        say(&format!(
            r#"
nenya {version} serves on http://{address} with its built-in configuration: the provider `echo`
answers with what it was sent, after secrets were taken out. No account is needed.

A first question and its answer, through this gateway just now:

{first}

Your client token, shown only now and forgotten when this process ends:

  {token}

Try it:

  curl -N http://{address}/v1/chat/completions \
    -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \
    -d '{{"model":"echo","stream":true,"messages":[{{"role":"user","content":"{question}"}}]}}'

Next: `nenya keygen --name me` makes a key that lasts, `nenya doctor` looks at this machine,
README.md has the way to real providers.
"#,
            question = first_answer::QUESTION,
            version = env!("CARGO_PKG_VERSION"),
        ));
    });
}
