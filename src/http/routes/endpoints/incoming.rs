//! The body of an upload as it comes from the client: bounded, never held, never waited for longer
//! than allowed.
//!
//! Owns the count and the pause of one body, and says to the connection who is being waited for:
//! the client while no bytes are here, nobody while the provider takes its time. What went wrong is
//! kept for the answer, since who reads the bytes cannot say it.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use actix_web::HttpRequest;
use actix_web::web::Payload;
use bytes::Bytes;
use futures_util::Stream;
use redactor::Broken;
use tokio::time::{Instant, Sleep, sleep};

use crate::http::body::{self, BodyLimits};
use crate::http::connections::Connection;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};

/// Why the client's side failed, for whoever answers.
pub(super) type Failure = Rc<RefCell<Option<ApiError>>>;

/// See the module's text.
pub(super) struct IncomingBody {
    payload: Payload,
    limits: BodyLimits,
    promised: Option<u64>,
    seen: u64,
    connection: Option<Arc<Connection>>,
    /// The client owes bytes; the timer runs.
    owes: bool,
    timer: Pin<Box<Sleep>>,
    failure: Failure,
    ended: bool,
}

impl IncomingBody {
    /// # Errors
    /// [`ErrorCode::BodyTooLarge`] if the client says so itself.
    pub(super) fn new(
        call: &Call,
        request: &HttpRequest,
        payload: Payload,
        limits: &BodyLimits,
    ) -> Result<Self, ApiError> {
        let promised = body::promised_length(request);
        if promised.is_some_and(|length| length > limits.upload) {
            return Err(too_large(limits.upload));
        }
        Ok(Self {
            payload,
            limits: *limits,
            promised,
            seen: 0,
            connection: call.connection.clone(),
            owes: false,
            timer: Box::pin(sleep(limits.pause)),
            failure: Failure::default(),
            ended: false,
        })
    }

    pub(super) fn failure(&self) -> Failure {
        Rc::clone(&self.failure)
    }

    /// The length that the client said.
    pub(super) fn promised(&self) -> Option<u64> {
        self.promised
    }

    fn fail(&mut self, error: ApiError) -> Poll<Option<Result<Bytes, Broken>>> {
        self.ended = true;
        self.failure.borrow_mut().get_or_insert(error);
        Poll::Ready(Some(Err(Broken)))
    }

    fn came(&mut self, piece: Bytes) -> Poll<Option<Result<Bytes, Broken>>> {
        self.seen += piece.len() as u64;
        if self.seen > self.limits.upload {
            return self.fail(too_large(self.limits.upload));
        }
        if std::mem::take(&mut self.owes)
            && let Some(connection) = &self.connection
        {
            connection.waiting();
        }
        Poll::Ready(Some(Ok(piece)))
    }

    fn end(&mut self) -> Poll<Option<Result<Bytes, Broken>>> {
        if self.promised.is_some_and(|length| length != self.seen) {
            return self.fail(ApiError::new(ErrorCode::BodyIncomplete));
        }
        self.ended = true;
        if let Some(connection) = &self.connection {
            connection.body_done();
        }
        Poll::Ready(None)
    }

    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !std::mem::replace(&mut self.owes, true) {
            self.timer
                .as_mut()
                .reset(Instant::now() + self.limits.pause);
            if let Some(connection) = &self.connection {
                connection.head_done(true);
            }
        }
        self.timer.as_mut().poll(cx)
    }
}

impl Stream for IncomingBody {
    type Item = Result<Bytes, Broken>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        match Pin::new(&mut this.payload).poll_next(cx) {
            Poll::Ready(Some(Ok(piece))) => this.came(piece),
            Poll::Ready(Some(Err(error))) => this.fail(body::incomplete(error)),
            Poll::Ready(None) => this.end(),
            Poll::Pending => {
                ready!(this.poll_pause(cx));
                this.fail(ApiError::new(ErrorCode::BodyTimeout))
            }
        }
    }
}

impl Drop for IncomingBody {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.body_done();
        }
    }
}

fn too_large(limit: u64) -> ApiError {
    ApiError::new(ErrorCode::BodyTooLarge).detail(format!(
        "The limit is {limit} bytes (`server.max_upload_bytes`)."
    ))
}
