//! What the redactor found, told to metrics, journal and client: rules, places and counts, and
//! never a value.

use actix_web::http::header::{HeaderName, HeaderValue};
use redactor::{Class, Direction, Findings, RedactError};

use super::exchange::Exchange;
use super::worker::Worker;

/// Counts of findings by class, on every answer to a request in which something was found.
pub const HEADER: HeaderName = HeaderName::from_static("x-nenya-redactions");

/// Counts findings and writes one line for each of the first of them.
pub fn note(worker: &Worker, exchange: &Exchange, findings: &Findings, direction: Direction) {
    let noted = exchange.redactions.get();
    exchange.redactions.set(noted + findings.changed());
    let classes = exchange.found.get().into_iter().zip(Class::ALL);
    let mut counts = classes.map(|(count, class)| count + findings.of_class(class));
    exchange
        .found
        .set(std::array::from_fn(|_| counts.next().unwrap_or_default()));
    let metrics = &worker.shared.metrics;
    for found in findings.iter() {
        let (rule, action) = (found.rule.label(), found.action.label());
        let labels = [rule.as_str(), direction.label(), action];
        metrics
            .redactions
            .with_label_values(&labels)
            .inc_by(found.count);
    }
    if findings.unscanned() {
        metrics.redaction_failures.inc();
    }
    log_places(worker, exchange, findings, direction);
}

fn log_places(worker: &Worker, exchange: &Exchange, findings: &Findings, direction: Direction) {
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

/// Counts a text that may not go on: what was found in it, or that it could not be checked.
pub fn note_error(worker: &Worker, exchange: &Exchange, error: &RedactError, direction: Direction) {
    match error {
        RedactError::Blocked { findings, .. } => note(worker, exchange, findings, direction),
        _ => worker.shared.metrics.redaction_failures.inc(),
    }
}

/// The header's value; `None` if nothing was found until now.
#[must_use]
pub fn header(exchange: &Exchange) -> Option<HeaderValue> {
    let classes = Class::ALL.into_iter().zip(exchange.found.get());
    let counts: Vec<String> = classes
        .filter(|(_, count)| *count > 0)
        .map(|(class, count)| format!("{}={count}", class.label()))
        .collect();
    let line = (!counts.is_empty()).then(|| counts.join(", "))?;
    HeaderValue::from_str(&line).ok()
}
