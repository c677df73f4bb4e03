//! The answer to a call: passed as it comes, and read where it says something that counts.
//!
//! Owns the choice: JSON is read whole, for its usage and the ids in it, and because a reply may have
//! to be redacted; events and everything else stream through, in constant memory. What is fetched
//! of a file streams whatever its type, which is believed only where it says text: else the first
//! bytes say whether it is.

use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::body::{BodyStream, MessageBody as _, SizedStream};
use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use provider::{Answer, ProviderSpec, RawStream, ReplyHeaders};
use redactor::{FileKind, ReplyRedactor, SNIFFED, file_kind};
use serde::Deserialize;
use wire::Usage;

use super::table::{Asked, Endpoint};
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::refusals::provider_error;
use crate::http::routes::proxy_body::ProxyBody;
use crate::http::routes::proxy_reply::{Check, Cleaner, check, is_encoded};
use crate::http::whereabouts::Kind;
use crate::http::worker::Cost;

/// What is asked of a file to get its bytes.
const CONTENT: &str = "content";

/// What an answer goes through on its way.
pub(super) struct Passage<'a> {
    pub(super) call: &'a Call,
    pub(super) endpoint: Endpoint,
    pub(super) asked: Asked<'a>,
    pub(super) key_id: &'a str,
    /// Who gave it.
    pub(super) sent_at: Arc<ProviderSpec>,
    pub(super) cost: Cost,
    pub(super) reply: Option<ReplyRedactor>,
    pub(super) method: &'a Method,
}

/// The ids in an answer about a stored object.
#[derive(Deserialize)]
struct Ids {
    id: Option<String>,
    output_file_id: Option<String>,
    error_file_id: Option<String>,
    file: Option<FileOfUpload>,
    #[serde(default)]
    deleted: bool,
}

#[derive(Deserialize)]
struct FileOfUpload {
    id: String,
}

impl Passage<'_> {
    pub(super) async fn respond(self, answer: Answer) -> Result<HttpResponse, ApiError> {
        let Answer::Raw {
            status,
            headers,
            body,
        } = answer
        else {
            return Err(ApiError::new(ErrorCode::ProviderBadReply));
        };
        let is_content = self.asked.part == Some(CONTENT);
        let kind = media_type(&headers);
        let json = kind == "application/json" || kind.ends_with("+json");
        if json && !is_content {
            self.whole(status, &headers, body).await
        } else {
            let events = kind == "text/event-stream";
            self.stream(status, &headers, body, events).await
        }
    }

    async fn whole(
        mut self,
        status: u16,
        headers: &ReplyHeaders,
        body: RawStream,
    ) -> Result<HttpResponse, ApiError> {
        let whole = self.read(body).await?;
        let (call, estimate) = (self.call, whole.len() as u64 / 4);
        let (usage, ids) = self.said(&whole).await;
        let estimate = if self.endpoint.answers_in_text() {
            estimate
        } else {
            0
        };
        self.cost
            .settle(&call.worker, &call.exchange, usage, estimate);
        if let Some(ids) = ids {
            self.note_objects(ids);
        }
        // The answer to a HEAD has a type and no content.
        let reply = self.reply.take().filter(|_| !whole.is_empty());
        let body = call.check_reply(reply, whole).await?;
        Ok(self.finished(call.upstream_answer(status, headers).body(body)))
    }

    /// What an answer says that counts: what it cost, and the ids in it where they are kept.
    async fn said(&self, whole: &Bytes) -> (Option<Usage>, Option<Ids>) {
        let stores = self.endpoint.stores().is_some();
        let said = |whole: &Bytes, stores: bool| {
            let ids = stores.then(|| serde_json::from_slice(whole).ok());
            (Usage::from_reply(whole), ids.flatten())
        };
        self.call.read_whole(whole, stores, said).await
    }

    async fn read(&self, mut body: RawStream) -> Result<Bytes, ApiError> {
        let mut whole = BytesMut::new();
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|error| self.failed(&error))?;
            whole.extend_from_slice(&piece);
            if whole.len() as u64 > self.sent_at.max_reply_bytes {
                return Err(ApiError::new(ErrorCode::StreamTooLarge));
            }
        }
        Ok(whole.freeze())
    }

    async fn stream(
        mut self,
        status: u16,
        headers: &ReplyHeaders,
        mut body: RawStream,
        events: bool,
    ) -> Result<HttpResponse, ApiError> {
        let mut begun = None;
        let cleaner = match check(self.reply.take(), headers) {
            Check::OnTheWay(cleaner) => cleaner,
            Check::Unknown(redactor) if self.asked.part == Some(CONTENT) => {
                if is_encoded(headers) {
                    return Err(self.unchecked("the provider compressed its answer"));
                }
                let beginning = self.beginning(&mut body).await?;
                let cleaner = self.sniffed(redactor, &beginning)?;
                begun = Some(beginning);
                cleaner
            }
            Check::Unknown(_) => Cleaner::Nothing,
            Check::Impossible => {
                return Err(self.unchecked("the provider compressed its answer"));
            }
            Check::Whole(redactor) => {
                self.reply = Some(*redactor);
                return self.whole(status, headers, body).await;
            }
        };
        let length = body
            .length()
            .filter(|_| matches!(cleaner, Cleaner::Nothing));
        // The status goes out with the first piece, as on `/proxy`.
        let first = match begun {
            Some(beginning) => Some(beginning).filter(|first| !first.is_empty()),
            None => self.piece(&mut body).await?,
        };
        let call = self.call;
        let is_head = *self.method == Method::HEAD;
        let close = call.exchange.upload_open.get();
        let mut passed = ProxyBody::new(first, body, cleaner, call, self.cost);
        if events {
            passed = passed.counting();
        }
        if !self.endpoint.answers_in_text() {
            passed = passed.without_tokens();
        }
        let mut answer = call.upstream_answer(status, headers);
        if events {
            answer.insert_header(("x-accel-buffering", "no"));
        }
        if close {
            answer.force_close();
        }
        Ok(match length {
            Some(length) if !is_head => answer.body(SizedStream::new(length, passed).boxed()),
            _ => answer.body(BodyStream::new(passed).boxed()),
        })
    }

    async fn piece(&self, body: &mut RawStream) -> Result<Option<Bytes>, ApiError> {
        let piece = body.next().await.transpose();
        piece.map_err(|error| self.failed(&error))
    }

    /// As much of an answer as its kind is told by; all of a short one.
    async fn beginning(&self, body: &mut RawStream) -> Result<Bytes, ApiError> {
        let mut begun = BytesMut::new();
        while begun.len() < SNIFFED
            && let Some(piece) = self.piece(body).await?
        {
            begun.extend_from_slice(&piece);
        }
        Ok(begun.freeze())
    }

    /// What a file goes through whose type does not say that it is text.
    fn sniffed(&self, redactor: Box<ReplyRedactor>, begun: &Bytes) -> Result<Cleaner, ApiError> {
        match file_kind(begun) {
            FileKind::Json | FileKind::Text => Ok(Cleaner::Text(redactor)),
            FileKind::Binary => Ok(Cleaner::Nothing),
            FileKind::OtherCharset => Err(self.unchecked("the file is text that is not UTF-8")),
        }
    }

    fn unchecked(&self, why: &str) -> ApiError {
        let metrics = &self.call.worker.shared.metrics;
        metrics.redaction_failures.inc();
        ApiError::new(ErrorCode::ReplyUnchecked).operator(why)
    }

    /// An answer that came before the end of the form ends the connection with it.
    fn finished(&self, mut answer: HttpResponse) -> HttpResponse {
        if self.call.exchange.upload_open.get() {
            let head = answer.head_mut();
            head.set_connection_type(actix_http::ConnectionType::Close);
        }
        answer
    }

    /// Remembers where the objects of an answer are.
    fn note_objects(&self, ids: Ids) {
        let Some(kind) = self.endpoint.stores() else {
            return;
        };
        let whereabouts = &self.call.worker.shared.whereabouts;
        let (provider, now) = (self.sent_at.name.as_str(), Instant::now());
        if let (true, Some(id)) = (ids.deleted, self.asked.object) {
            return whereabouts.forget(kind, id);
        }
        // Only what is made here is known to belong to who asks.
        let created = self.asked.object.is_none() && *self.method == Method::POST;
        let known = self
            .asked
            .object
            .and_then(|id| whereabouts.find(kind, id, now));
        let owner = known.and_then(|place| place.key_id);
        let owner = owner.as_deref().or(created.then_some(self.key_id));
        let own = ids.id.filter(|id| created || self.asked.object == Some(id));
        let files = [
            ids.output_file_id,
            ids.error_file_id,
            ids.file.map(|file| file.id),
        ];
        let files = files.into_iter().flatten().map(|id| (Kind::File, id));
        for (kind, id) in own.map(|id| (kind, id)).into_iter().chain(files) {
            whereabouts.note(kind, &id, provider, owner, now);
        }
    }

    fn failed(&self, error: &provider::ProviderError) -> ApiError {
        let labels = [self.sent_at.name.as_str(), "", error.label()];
        let errors = &self.call.worker.shared.metrics.upstream_errors;
        errors.with_label_values(&labels).inc();
        provider_error(error)
    }
}

/// The content type in lower case, without parameters.
fn media_type(headers: &ReplyHeaders) -> String {
    let mut types = headers.iter().filter(|(name, _)| *name == CONTENT_TYPE);
    let value = types.next().and_then(|(_, value)| value.to_str().ok());
    let kind = value.unwrap_or_default().split(';').next();
    kind.unwrap_or_default().trim().to_ascii_lowercase()
}
