//! Sends a call to the chosen providers in order, until one answers.
//!
//! Owns the rule of repetition: once a provider has seen a request, only what may be repeated goes
//! to another one; at the same provider an idempotency key of the client's permits it too. What no
//! provider has seen may always go to the next. A form is sent once, since it cannot be read again.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use auth::Admission;
use bytes::Bytes;
use provider::{
    Answer, CallEndpoint, EndpointBody, OpenRealtime, Pass, ProviderError, ProviderSpec, Realtime,
    Upstream, Verdict,
};
use redactor::{Redacted, Upload};
use router::{Happened, OutcomeSink as _};

use super::choose::{Chosen, Target};
use crate::http::dispatch::{Call, UNLISTED};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::refusals::provider_error;
use crate::world::World;

/// An answer and who gave it.
pub(super) struct Sent {
    pub(super) answer: Answer,
    pub(super) spec: Arc<ProviderSpec>,
}

/// What all attempts of one call have in common.
pub(super) struct Sender<'a> {
    pub(super) call: &'a Call,
    pub(super) world: &'a World,
    pub(super) chosen: &'a Chosen,
    pub(super) method: &'a Method,
    /// Below the provider's base path.
    pub(super) endpoint: &'a str,
    pub(super) query: Option<&'a Redacted<String>>,
    pub(super) headers: &'a [(HeaderName, HeaderValue)],
    /// A bound of its own for files; else that of the provider's streams.
    pub(super) longest_reply: Option<u64>,
    pub(super) may_repeat: bool,
}

/// A target whose circuit is closed.
pub(super) struct Open<'a> {
    pub(super) target: &'a Target,
    pass: Pass,
}

impl<'a> Sender<'a> {
    /// Sends a body that can be sent again, or none. The admission is the proof that the call is
    /// within the limits of its key.
    pub(super) async fn whole(
        &self,
        _admission: &Admission,
        body: Option<&Redacted<Bytes>>,
    ) -> Result<Sent, ApiError> {
        self.in_turn(async |open| {
            let model = open.target.model.as_deref();
            let body = match body {
                Some(body) => EndpointBody::Whole(body, model),
                None => EndpointBody::Nothing,
            };
            self.attempt(open, body).await
        })
        .await
    }

    /// Opens a session; the same holds of the admission.
    pub(super) async fn session(
        &self,
        _admission: &Admission,
        call: OpenRealtime<'_>,
        names_model: bool,
    ) -> Result<(Realtime, &'a Target), ApiError> {
        self.in_turn(async |open| {
            let target = open.target;
            let model = target.model.as_deref().filter(|_| names_model);
            let call = OpenRealtime { model, ..call };
            let opened = self.judged(open, async |upstream| upstream.open_realtime(call).await);
            Ok((opened.await?, target))
        })
        .await
    }

    /// Asks one target after the other, as far as that is allowed.
    async fn in_turn<T>(
        &self,
        mut ask: impl AsyncFnMut(Open<'a>) -> Result<T, ProviderError>,
    ) -> Result<T, ApiError> {
        let mut left = self.chosen.targets();
        let mut last = None;
        while let Some((open, rest)) = self.first_open(left) {
            let target = open.target;
            match ask(open).await {
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    left = self.next_after(target, &error, rest);
                    last = Some(error);
                }
            }
        }
        Err(match last {
            Some(error) => provider_error(&error),
            None => self.all_shut(),
        })
    }

    /// Sends a form to a target that was found open.
    pub(super) async fn streamed(
        &self,
        _admission: &Admission,
        open: Open<'_>,
        form: Redacted<Upload>,
    ) -> Result<Sent, ProviderError> {
        self.attempt(open, EndpointBody::Streamed(form)).await
    }

    /// The first target that may be called now.
    pub(super) fn open(&self) -> Result<Open<'a>, ApiError> {
        let found = self.first_open(self.chosen.targets());
        found.map(|(open, _)| open).ok_or_else(|| self.all_shut())
    }

    fn first_open<'t>(&self, targets: &'t [Target]) -> Option<(Open<'t>, &'t [Target])> {
        let clock = &self.call.worker.shared.clock;
        targets.iter().enumerate().find_map(|(at, target)| {
            let pass = target.provider.enter(self.gate_of(target), clock).ok()?;
            let rest = targets.get(at + 1..).unwrap_or_default();
            Some((Open { target, pass }, rest))
        })
    }

    /// Circuits are per model; calls without one have one per endpoint.
    fn gate_of<'t>(&'t self, target: &'t Target) -> &'t str {
        let first = self.endpoint.get(1..).unwrap_or_default();
        let collection = first.split('/').next().unwrap_or_default();
        target.model.as_deref().unwrap_or(collection)
    }

    /// What may be tried after a failure.
    fn next_after<'t>(
        &self,
        target: &Target,
        error: &ProviderError,
        rest: &'t [Target],
    ) -> &'t [Target] {
        let spec = target.provider.spec();
        let keyed = self
            .headers
            .iter()
            .any(|(name, _)| name == "idempotency-key");
        let same = rest
            .first()
            .is_some_and(|next| next.provider.name() == spec.name);
        let repeats = self.may_repeat || (keyed && same);
        let goes_on = error.nothing_was_sent() || (repeats && error.moves_on(spec));
        if goes_on { rest } else { &[] }
    }

    async fn attempt(&self, open: Open<'_>, body: EndpointBody<'_>) -> Result<Sent, ProviderError> {
        let spec = open.target.provider.spec();
        let asked = CallEndpoint {
            method: self.method,
            endpoint: self.endpoint,
            query: self.query,
            headers: self.headers,
            body,
            longest_reply: self.longest_reply.unwrap_or(spec.max_stream_bytes),
            request_id: &self.call.exchange.id,
            trace: &self.call.trace,
        };
        let answer = self.judged(open, async |upstream| upstream.call_endpoint(asked).await);
        Ok(Sent {
            answer: answer.await?,
            spec: Arc::clone(spec),
        })
    }

    /// Asks one target, and tells its circuit and the metrics what came of it.
    async fn judged<T>(
        &self,
        open: Open<'_>,
        ask: impl AsyncFnOnce(Rc<Upstream>) -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        let Open { target, pass } = open;
        let (call, spec) = (self.call, target.provider.spec());
        self.note(target);
        let began = call.worker.shared.clock.now();
        let answer = ask(call.worker.upstream(spec, self.world)).await;
        let took = call
            .worker
            .shared
            .clock
            .now()
            .saturating_duration_since(began);
        let metrics = &call.worker.shared.metrics;
        let outcome = match &answer {
            Ok(_) => {
                let seconds = metrics.upstream_duration.with_label_values(&[&spec.name]);
                seconds.observe(took.as_secs_f64());
                pass.answered()
            }
            // Not the provider's doing.
            Err(error @ ProviderError::BodyBroken) => pass.failed(error),
            Err(error) => {
                let labels = [spec.name.as_str(), self.agent(), error.label()];
                metrics.upstream_errors.with_label_values(&labels).inc();
                pass.failed(error)
            }
        };
        if outcome.verdict != Verdict::Abandoned {
            let provider = target.provider.clone();
            call.worker.record(Happened::Ended { provider, outcome });
        }
        answer
    }

    /// The record of the request names who was asked last.
    fn note(&self, target: &Target) {
        let (exchange, name) = (&self.call.exchange, target.provider.name());
        exchange.attempts.set(exchange.attempts.get() + 1);
        let model = match &target.model {
            Some(model) if target.configured => model,
            Some(_) => UNLISTED,
            None => "",
        };
        for (slot, value) in [
            (&exchange.provider, name),
            (&exchange.model, model),
            (&exchange.agent, self.agent()),
        ] {
            let mut slot = slot.borrow_mut();
            slot.clear();
            slot.push_str(value);
        }
        let labels = [name, self.agent()];
        let requests = &self.call.worker.shared.metrics.upstream_requests;
        requests.with_label_values(&labels).inc();
    }

    fn agent(&self) -> &str {
        self.chosen.agent().unwrap_or_default()
    }

    fn all_shut(&self) -> ApiError {
        let clock = &self.call.worker.shared.clock;
        let waits = self.chosen.targets().iter();
        let waits =
            waits.filter_map(|target| target.provider.shut_for(self.gate_of(target), clock));
        ApiError::new(ErrorCode::ProvidersUnavailable).retry_after(waits.min())
    }
}
