//! What the redactor found, told to metrics, journal and client: rules, places and counts, and
//! never a value.

use actix_web::http::header::{HeaderName, HeaderValue};
use redactor::{Class, Direction, Findings};

use super::exchange::Exchange;
use super::worker::Worker;

/// Counts of findings by class, on every answer to a request in which something was found.
pub const HEADER: HeaderName = HeaderName::from_static("x-nenya-redactions");

/// Counts findings and writes one line for each of the first of them.
pub fn note(worker: &Worker, exchange: &Exchange, findings: &Findings, direction: Direction) {
    let noted = exchange.redactions.get();
    exchange.redactions.set(noted + findings.changed());
    let redactions = &worker.shared.metrics.redactions;
    for found in findings.iter() {
        let (rule, action) = (found.rule.label(), found.action.label());
        redactions
            .with_label_values(&[rule.as_str(), direction.label(), action])
            .inc_by(found.count);
    }
    if findings.unscanned() {
        worker.shared.metrics.redaction_failures.inc();
    }
    for found in findings.places() {
        slog::info!(worker.shared.log, "finding";
            "request_id" => exchange.id.clone(),
            "key_name" => exchange.key_name.borrow().clone(),
            "rule" => found.rule.label(),
            "class" => found.class.label(),
            "action" => found.action.label(),
            "direction" => direction.label(),
            "place" => found.place.clone(),
        );
    }
}

/// The header's value; `None` if nothing was found.
#[must_use]
pub fn header(all: &[&Findings]) -> Option<HeaderValue> {
    let of_class = |class: Class| {
        let count: u64 = all.iter().map(|findings| findings.of_class(class)).sum();
        (count > 0).then(|| format!("{}={count}", class.label()))
    };
    let counts: Vec<String> = Class::ALL.iter().copied().filter_map(of_class).collect();
    if counts.is_empty() {
        return None;
    }
    HeaderValue::from_str(&counts.join(", ")).ok()
}
