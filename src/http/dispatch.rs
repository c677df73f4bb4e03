//! The one entry of the HTTP edge: from a request's head to its answer.
//!
//! Steps 2 to 5 of the life of a request are the same for every route and stand here, so that no
//! route can forget one. A panic in a route becomes a well-formed 500 and is counted; the worker
//! lives on.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;

use actix_http::ConnectionType;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use futures_util::FutureExt as _;
use provider::ReplyHeaders;
use redactor::{Direction, Findings, RedactError, ReplyRedactor};
use router::{RouteError, Routed, Setback};
use runtime::Work;

use super::client_api::{self, ClientApi};
use super::connections::Connection;
use super::error::{ApiError, ErrorCode};
use super::exchange::{Exchange, Open, Tracked};
use super::findings;
use super::guard::{self, Entered};
use super::notes;
use super::refusals::{redact_error, reply_error, route_error};
use super::routes::{self, Access, Action, Found, Route, Surface};
use super::server::OverTls;
use super::worker::Worker;
use crate::world::World;

/// On every answer that leaves the gateway, errors and streams included (promise S8).
const SECURITY_HEADERS: [(HeaderName, HeaderValue); 6] = [
    (
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    ),
    (
        HeaderName::from_static("x-frame-options"),
        HeaderValue::from_static("DENY"),
    ),
    (
        HeaderName::from_static("referrer-policy"),
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("interest-cohort=()"),
    ),
    (
        HeaderName::from_static("content-security-policy"),
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (
        HeaderName::from_static("cache-control"),
        HeaderValue::from_static("no-store"),
    ),
];

/// Two years, sent only over TLS (promise S7).
const HSTS: (HeaderName, HeaderValue) = (
    HeaderName::from_static("strict-transport-security"),
    HeaderValue::from_static("max-age=63072000; includeSubDomains"),
);

/// Stands in the log for a model that only the client named.
pub const UNLISTED: &str = "(unlisted)";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of the caller that a provider gets as they are, for tracing.
const TRACE_HEADERS: [&str; 4] = [
    "traceparent",
    "tracestate",
    "x-correlation-id",
    "x-trace-id",
];

/// One request on its way through a route.
#[derive(Debug)]
pub struct Call {
    /// The worker that serves it.
    pub worker: Rc<Worker>,
    /// Its record.
    pub exchange: Rc<Exchange>,
    /// Its connection; none in tests without sockets.
    pub connection: Option<Arc<Connection>>,
    /// Headers for tracing, to be passed on.
    pub trace: Vec<(HeaderName, HeaderValue)>,
}

/// The handler of every request.
pub async fn entry(request: HttpRequest, payload: Payload) -> HttpResponse<Tracked> {
    let (worker, surface) = Worker::of(&request);
    let connection = request.conn_data::<Arc<Connection>>().map(Arc::clone);
    if let Some(connection) = &connection {
        connection.head_done(has_body(&request));
    }
    let hides = |id: &str| worker.shared.redactor.rules().hides(id);
    let exchange = Exchange::begin(&request, hides);
    let open = Open::begin(&worker, &exchange);
    let call = Call {
        worker,
        exchange,
        connection,
        trace: trace_headers(&request),
    };
    let work = AssertUnwindSafe(serve(&call, surface, &request, payload)).catch_unwind();
    let answer = match work.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => call.refuse(&error),
        Err(_panic) => {
            call.refuse(&ApiError::new(ErrorCode::Internal).operator("a handler panicked"))
        }
    };
    open.answered();
    call.finish(answer, &request)
}

async fn serve(
    call: &Call,
    surface: Surface,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let world = call.worker.shared.world.load_full();
    // A connection that was reset before its request is looked at has no peer any more.
    let left = || {
        let refusal = ApiError::new(ErrorCode::BodyIncomplete).client_left();
        refusal.operator("the client has left")
    };
    let address = guard::client_address(request, &world).ok_or_else(left)?;
    call.exchange.client.set(Some(address.ip()));
    call.exchange
        .format
        .set(client_api::spoken_at(request.path()));
    let found = find(surface, request);
    // A health check from a blocked address must not take the gateway for dead, and operators who
    // reach the admin listener are let in by where they are.
    let open = matches!(&found, Ok(route) if route.access == Access::Open);
    if surface == Surface::Public && !open {
        guard::not_blocked(&call.worker, &address)?;
    }
    let route = found?;
    call.exchange.route.set(route.path);
    let format = route.format(|name| request.headers().contains_key(name));
    call.exchange.format.set(format);
    let entered = match (route.access, surface) {
        (Access::Key(class), _) | (Access::KeyOrAdmin(class), Surface::Public) => Some(
            guard::enter(
                &call.worker,
                &call.exchange,
                request,
                world,
                &address,
                class,
            )
            .await?,
        ),
        (Access::Open | Access::AdminOnly, _) | (Access::KeyOrAdmin(_), Surface::Admin) => None,
    };
    run(call, route.action, entered, request, payload).await
}

fn find(surface: Surface, request: &HttpRequest) -> Result<&'static Route, ApiError> {
    match routes::find(surface, request.method().as_str(), request.path()) {
        Found::Route(route) => Ok(route),
        Found::Nothing => Err(ApiError::new(ErrorCode::RouteNotFound)),
        Found::WrongMethod(known) => {
            let allowed =
                HeaderValue::from_str(&known.join(", ")).unwrap_or(HeaderValue::from_static("GET"));
            Err(ApiError::new(ErrorCode::MethodNotAllowed).header(ALLOW, allowed))
        }
    }
}

async fn run(
    call: &Call,
    action: Action,
    entered: Option<Entered>,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    match (action, entered) {
        (Action::Health, _) => Ok(routes::health::show_health(&call.worker)),
        (Action::Version, _) => Ok(routes::version::show_version()),
        (Action::Stats, _) => routes::stats::show_stats(&call.worker).await,
        (Action::Metrics, _) => routes::metrics::show_metrics(&call.worker),
        (Action::OllamaVersion, _) => Ok(routes::models::show_version()),
        (Action::Models(_), Some(entered)) => {
            routes::models::models(&entered, request, call.exchange.format.get())
        }
        (Action::ShowModel, Some(entered)) => {
            routes::models::show(call, &entered, request, payload).await
        }
        (Action::Complete(format), Some(entered)) => {
            let asked = ClientApi::of(format, request)?;
            routes::completions::complete(call, entered, asked, request, payload).await
        }
        (Action::Forward, Some(entered)) => {
            routes::proxy::forward(call, entered, request, payload).await
        }
        (Action::RefuseSessionKeys, _) => Err(ApiError::new(ErrorCode::SocketOnly)),
        (Action::CallEndpoint(endpoint), Some(entered)) => {
            routes::endpoints::call_endpoint(call, entered, request, payload, endpoint).await
        }
        #[cfg(feature = "faults")]
        (Action::Fault, _) => routes::faults::make_fault(&call.worker, request, payload).await,
        #[cfg(not(feature = "faults"))]
        (Action::Fault, _) => Err(ApiError::new(ErrorCode::RouteNotFound)),
        (
            Action::Models(_)
            | Action::ShowModel
            | Action::Complete(_)
            | Action::Forward
            | Action::CallEndpoint(_),
            None,
        ) => Err(ApiError::new(ErrorCode::Internal)
            .operator("a guarded route was reached without its guard")),
    }
}

impl Call {
    /// The body is read, or will not be.
    pub fn body_done(&self) {
        if let Some(connection) = &self.connection {
            connection.body_done();
        }
    }

    /// Reads something out of a whole body: here, or aside if that would hold up others.
    pub async fn read_whole<A: Send + 'static, T: Send + 'static>(
        &self,
        body: &Bytes,
        asked: A,
        read: fn(&Bytes, A) -> T,
    ) -> T {
        let aside = &self.worker.shared.aside;
        if !aside.takes(Work::Reading, body.len()) {
            return read(body, asked);
        }
        let body = body.clone();
        aside.run(move || read(&body, asked)).await
    }

    /// Notes what the redactor found in the request.
    pub fn note_findings(&self, findings: &Findings) {
        findings::note(&self.worker, &self.exchange, findings, Direction::Request);
    }

    /// A whole JSON reply with what may not pass taken out; as it is without a redactor.
    ///
    /// # Errors
    /// A reply that may not be passed on.
    pub async fn check_reply(
        &self,
        reply: Option<ReplyRedactor>,
        body: Bytes,
    ) -> Result<Bytes, ApiError> {
        let Some(reply) = reply else {
            return Ok(body);
        };
        let checked = self.worker.shared.redactor.redact_reply(reply, body).await;
        let checked = checked.map_err(|error| {
            findings::note_error(&self.worker, &self.exchange, &error, Direction::Reply);
            reply_error(&error)
        })?;
        let found = checked.findings();
        findings::note(&self.worker, &self.exchange, found, Direction::Reply);
        Ok(checked.into_body())
    }

    /// A failure of a provider as its client may hear of it: what the provider says of the request
    /// goes through the same as a reply to it would.
    #[must_use]
    pub fn check_refusal(&self, reply: Option<ReplyRedactor>, error: ApiError) -> ApiError {
        let said = error.providers_words().map(str::to_owned);
        let (Some(mut reply), Some(said)) = (reply, said) else {
            return error;
        };
        match reply.sentence(&said) {
            Ok(clean) => {
                let found = reply.findings();
                findings::note(&self.worker, &self.exchange, found, Direction::Reply);
                error.detail(clean)
            }
            Err(why) => {
                findings::note_error(&self.worker, &self.exchange, &why, Direction::Reply);
                reply_error(&why)
            }
        }
    }

    /// Counts and maps a request that may not be sent.
    #[must_use]
    pub fn note_redact_error(&self, error: &RedactError) -> ApiError {
        findings::note_error(&self.worker, &self.exchange, error, Direction::Request);
        redact_error(error)
    }

    /// Notes who answered, and who did not before.
    pub fn note_routed(&self, routed: &Routed, agent: &str) {
        let exchange = &self.exchange;
        exchange.provider.borrow_mut().push_str(&routed.provider);
        let model = if routed.configured {
            &routed.model
        } else {
            UNLISTED
        };
        exchange.model.borrow_mut().push_str(model);
        exchange.agent.borrow_mut().push_str(agent);
        exchange.attempts.set(routed.attempts);
        self.note_trail(&routed.trail, agent);
        let metrics = &self.worker.shared.metrics;
        metrics
            .upstream_requests
            .with_label_values(&[&*routed.provider, agent])
            .inc();
        metrics
            .upstream_duration
            .with_label_values(&[&*routed.provider])
            .observe(routed.first_byte.as_secs_f64());
    }

    /// Notes and maps a failure of all targets.
    #[must_use]
    pub fn note_route_error(&self, error: &RouteError, agent: &str, world: &World) -> ApiError {
        self.exchange.agent.borrow_mut().push_str(agent);
        if let RouteError::Exhausted {
            attempts, trail, ..
        } = error
        {
            self.exchange.attempts.set(*attempts);
            self.note_trail(trail, agent);
            self.note_last(trail, world);
        }
        if let RouteError::Upstream {
            provider,
            model,
            attempts,
            ..
        } = error
        {
            self.exchange.attempts.set(*attempts);
            self.note_target(provider, model, world);
        }
        route_error(error)
    }

    /// A model that the configuration does not name is the client's own text, and stays out of
    /// the log.
    fn note_target(&self, provider: &str, model: &str, world: &World) {
        let listed = world.is_configured(provider, model) || world.routes.lists(provider, model);
        let model = if listed { model } else { UNLISTED };
        self.exchange.provider.borrow_mut().push_str(provider);
        self.exchange.model.borrow_mut().push_str(model);
    }

    /// A failure belongs to the provider that was asked last.
    fn note_last(&self, trail: &[Setback], world: &World) {
        if let Some(last) = trail.last() {
            self.note_target(&last.provider, &last.model, world);
        }
    }

    fn note_trail(&self, trail: &[Setback], agent: &str) {
        let metrics = &self.worker.shared.metrics;
        for setback in trail {
            if setback.was_called() {
                let labels = [&*setback.provider, agent];
                metrics.upstream_requests.with_label_values(&labels).inc();
            }
            metrics
                .upstream_errors
                .with_label_values(&[&*setback.provider, agent, setback.label()])
                .inc();
        }
    }

    /// An answer with a provider's status and the headers that may be passed on.
    #[must_use]
    pub fn upstream_answer(&self, status: u16, headers: &ReplyHeaders) -> HttpResponseBuilder {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let mut answer = HttpResponse::build(status);
        for (name, value) in headers {
            answer.insert_header((name.clone(), value.clone()));
        }
        answer
    }

    fn refuse(&self, error: &ApiError) -> HttpResponse {
        self.exchange.fail(error);
        self.exchange.left.set(error.is_departure());
        let mut answer = error.response(self.exchange.format.get(), &self.exchange.id);
        // The rest of an unread body would be taken for the next request's head.
        if let Some(connection) = &self.connection {
            connection.body_done();
        }
        if matches!(
            error.code(),
            ErrorCode::BodyTooLarge
                | ErrorCode::BodyIncomplete
                | ErrorCode::BodyTimeout
                | ErrorCode::AddressBlocked
        ) || self.exchange.upload_open.get()
        {
            answer.head_mut().set_connection_type(ConnectionType::Close);
        }
        answer
    }

    fn finish(
        self,
        mut answer: HttpResponse<BoxBody>,
        request: &HttpRequest,
    ) -> HttpResponse<Tracked> {
        let draining = self.worker.shared.closing.is_draining();
        if draining {
            answer.head_mut().set_connection_type(ConnectionType::Close);
        }
        let headers = answer.headers_mut();
        for (name, value) in SECURITY_HEADERS {
            headers.insert(name, value);
        }
        if request.app_data::<OverTls>().is_some() {
            headers.insert(HSTS.0, HSTS.1);
        }
        if let Ok(id) = HeaderValue::from_str(&self.exchange.id) {
            headers.insert(REQUEST_ID, id);
        }
        if let Some(notes) = notes::header(&self.exchange) {
            headers.insert(notes::HEADER, notes);
        }
        if let Some(counts) = findings::header(&self.exchange) {
            headers.insert(findings::HEADER, counts);
        }
        let status = answer.status().as_u16();
        let Self {
            worker,
            exchange,
            connection,
            ..
        } = self;
        answer.map_body(|_, body| Tracked::new(body.boxed(), status, exchange, worker, connection))
    }
}

fn has_body(request: &HttpRequest) -> bool {
    let headers = request.headers();
    headers.contains_key(TRANSFER_ENCODING)
        || headers
            .get(CONTENT_LENGTH)
            .is_some_and(|length| length.as_bytes() != b"0")
}

fn trace_headers(request: &HttpRequest) -> Vec<(HeaderName, HeaderValue)> {
    let found = |name: &'static str| {
        request
            .headers()
            .get(name)
            .map(|value| (HeaderName::from_static(name), value.clone()))
    };
    TRACE_HEADERS.into_iter().filter_map(found).collect()
}
