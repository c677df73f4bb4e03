//! Every metric of the program, in one place.
//!
//! Labels come from configuration and from tables in the code, never from clients, so the number
//! of series is bounded by the configuration. Keys are no labels: one series costs about 1 KiB.
//! `docs/metrics.md` describes each; a test compares.

use prometheus::{
    Encoder as _, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry, TextEncoder,
};

/// Seconds; the buckets of the gateway that this one replaces, with finer ones below.
const BUCKETS: &[f64] = &[
    0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0,
];

/// The content type of the text exposition format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

macro_rules! metrics {
    ($($(#[doc = $doc:literal])* $field:ident: $kind:ident = $name:literal $([$($label:literal),+])?;)*) => {
        /// The program's metrics; cheap to use from every thread.
        #[derive(Debug, Clone)]
        pub struct Metrics {
            registry: Registry,
            $($(#[doc = $doc])* pub $field: $kind,)*
        }

        impl Metrics {
            /// Registers everything.
            ///
            /// # Errors
            /// Only if two metrics had one name, which a test rules out.
            pub fn new() -> Result<Self, prometheus::Error> {
                let registry = Registry::new();
                $(let $field = make::$kind($name, concat!($($doc),*), &[$($($label),+)?])?;
                registry.register(Box::new($field.clone()))?;)*
                Ok(Self { registry, $($field,)* })
            }

            /// Name, kind, labels and meaning of each metric, for the test of the document.
            pub const TABLE: &[(&str, &str, &[&str], &str)] =
                &[$(($name, stringify!($kind), &[$($($label),+)?], concat!($($doc),*)),)*];
        }
    };
}

metrics! {
    /// HTTP requests answered, by route of the table.
    http_requests: IntCounterVec = "nenya_http_requests_total" ["method", "path", "status"];
    /// Seconds from the request's head to the end of its answer.
    http_duration: HistogramVec = "nenya_http_request_duration_seconds" ["path"];
    /// Requests whose answer is not finished.
    inflight: IntGauge = "nenya_inflight_requests";
    /// Sessions over WebSockets that are open.
    realtime_sessions: IntGauge = "nenya_realtime_sessions";
    /// Sessions that have ended, by who ended them.
    realtime_closed: IntCounterVec = "nenya_realtime_closed_total" ["by"];
    /// Answers that the client did not wait for.
    client_gone: IntCounter = "nenya_client_gone_total";
    /// Requests sent to providers, attempts included.
    upstream_requests: IntCounterVec = "nenya_upstream_requests_total" ["provider", "agent"];
    /// Attempts that failed, by cause.
    upstream_errors: IntCounterVec = "nenya_upstream_errors_total" ["provider", "agent", "code"];
    /// Seconds to the provider's first byte.
    upstream_duration: HistogramVec = "nenya_upstream_request_duration_seconds" ["provider"];
    /// Tokens as counted by providers.
    tokens: IntCounterVec = "nenya_tokens_total" ["direction", "provider", "agent"];
    /// Tokens guessed from the text where the provider did not count them: of cut streams, of clients that left, and of replies of a realtime session that broke off.
    tokens_estimated: IntCounterVec = "nenya_tokens_estimated_total" ["direction", "provider", "agent"];
    /// Answers of which something had no place in the other side's format.
    noted: IntCounterVec = "nenya_format_notes_total" ["provider", "format"];
    /// Streams that ended early.
    stream_interrupts: IntCounterVec = "nenya_stream_interrupts_total" ["provider", "reason"];
    /// Logins that succeeded.
    auth_success: IntCounterVec = "nenya_auth_success_total" ["type"];
    /// Logins that failed.
    auth_failure: IntCounterVec = "nenya_auth_failure_total" ["type"];
    /// Requests of known keys that were denied.
    auth_denials: IntCounterVec = "nenya_auth_denials_total" ["reason"];
    /// Requests refused because their address is blocked.
    auth_blocked: IntCounter = "nenya_auth_blocked_total";
    /// Addresses that are blocked now.
    blocked_addresses: IntGauge = "nenya_auth_blocked_addresses";
    /// Requests refused by a limit of their key.
    ratelimit_rejected: IntCounterVec = "nenya_ratelimit_rejected_total" ["limit"];
    /// Findings of the redactor, by rule and by what was done about them.
    redactions: IntCounterVec = "nenya_pipeline_redactions_total" ["rule", "direction", "action"];
    /// Requests and replies that the redactor could not check.
    redaction_failures: IntCounter = "nenya_redaction_failures_total";
    /// Panics, wherever they were caught.
    panics: IntCounter = "nenya_panics_total";
    /// Children rebuilt by their supervisor, by cause.
    actor_restarts: IntCounterVec = "nenya_actor_restarts_total" ["actor", "cause"];
    /// Messages that wait in an actor's mailbox.
    actor_queued: IntGaugeVec = "nenya_actor_queued_messages" ["actor"];
    /// Messages refused because a mailbox was full.
    actor_refused: IntGaugeVec = "nenya_actor_refused_messages" ["actor"];
    /// Circuits: 0 callable, 1 not.
    breaker_state: IntGaugeVec = "nenya_cb_state" ["provider", "model"];
    /// Readings of providers' lists of models, by outcome.
    discovery: IntCounterVec = "nenya_model_discovery_total" ["provider", "status"];
    /// Models of a provider's list that was read last.
    discovered: IntGaugeVec = "nenya_discovered_models" ["provider"];
    /// Connections that are open.
    connections: IntGauge = "nenya_connections_open";
    /// Connections closed because they were too slow.
    connections_reaped: IntGauge = "nenya_connections_reaped";
    /// Work on large bodies that a worker did itself, since as many as there are cores were worked on beside it and eight waited for each.
    large_bodies_on_workers: IntGauge = "nenya_large_bodies_on_workers";
    /// Reloads by outcome.
    reloads: IntCounterVec = "nenya_reloads_total" ["outcome"];
    /// Failures to lock memory for secrets.
    secure_mem_failures: IntCounter = "nenya_secure_mem_init_failures_total";
    /// Seconds since the start.
    uptime: IntGauge = "nenya_uptime_seconds";
    /// Always 1; the version is in the label.
    build_info: IntGaugeVec = "nenya_build_info" ["version"];
    /// Seconds that a health round of all actors and workers took.
    health_round: Histogram = "nenya_health_round_seconds";
    /// Health rounds that somebody did not answer in time.
    health_round_missed: IntCounter = "nenya_health_rounds_missed_total";
}

impl Metrics {
    /// The text exposition of everything, the process' own figures included.
    ///
    /// # Errors
    /// If a collector fails, which the libraries describe.
    pub fn render(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut text = Vec::with_capacity(16 * 1024);
        let encoder = TextEncoder::new();
        encoder.encode(&self.registry.gather(), &mut text)?;
        encoder.encode(&prometheus::gather(), &mut text)?;
        Ok(text)
    }
}

#[expect(
    non_snake_case,
    reason = "named for the metric types, which the table spells"
)]
mod make {
    use super::*;

    pub(super) fn IntCounter(name: &str, help: &str, _: &[&str]) -> prometheus::Result<IntCounter> {
        IntCounter::new(name, help.trim())
    }

    pub(super) fn IntGauge(name: &str, help: &str, _: &[&str]) -> prometheus::Result<IntGauge> {
        IntGauge::new(name, help.trim())
    }

    pub(super) fn IntCounterVec(
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<IntCounterVec> {
        IntCounterVec::new(Opts::new(name, help.trim()), labels)
    }

    pub(super) fn IntGaugeVec(
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<IntGaugeVec> {
        IntGaugeVec::new(Opts::new(name, help.trim()), labels)
    }

    pub(super) fn Histogram(name: &str, help: &str, _: &[&str]) -> prometheus::Result<Histogram> {
        Histogram::with_opts(HistogramOpts::new(name, help.trim()).buckets(BUCKETS.to_vec()))
    }

    pub(super) fn HistogramVec(
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<HistogramVec> {
        HistogramVec::new(
            HistogramOpts::new(name, help.trim()).buckets(BUCKETS.to_vec()),
            labels,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_metrics_register_under_names_of_their_own() {
        let metrics = Metrics::new().expect("registers");
        metrics.panics.inc();
        let text = String::from_utf8(metrics.render().expect("renders")).expect("text");
        assert!(text.contains("nenya_panics_total 1"));
    }

    #[test]
    fn every_metric_stands_in_the_document_and_every_row_is_a_metric() {
        let text = include_str!("../../docs/metrics.md");
        for (name, kind, labels, meaning) in Metrics::TABLE {
            let labels = if labels.is_empty() {
                "-".to_owned()
            } else {
                labels.join(", ")
            };
            let kind = match *kind {
                "IntCounter" | "IntCounterVec" => "counter",
                "IntGauge" | "IntGaugeVec" => "gauge",
                _ => "histogram (s)",
            };
            // The document may go on where the code ends.
            let meaning = meaning.trim().trim_end_matches('.');
            let row = format!("| `{name}` | {labels} | {kind} | {meaning}");
            assert!(text.contains(&row), "docs/metrics.md lacks: {row}");
        }
        let rows = text
            .lines()
            .filter(|line| line.starts_with("| `nenya_"))
            .count();
        assert_eq!(
            rows,
            Metrics::TABLE.len(),
            "docs/metrics.md has rows that no metric stands for"
        );
    }
}
