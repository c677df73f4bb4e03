//! A call with a form: read as far as it must be known, then passed on as it comes.
//!
//! Owns what has to be known before the first byte leaves: the model, since it decides where the
//! form goes and whether the key may use it. Clients that put it first (the Python SDK and most
//! others) stream in constant memory. Those that put it behind the file (the Node SDK sends the
//! fields in the order in which its caller wrote them) are held until it comes, up to
//! `server.max_body_bytes`, and beyond that refused with the remedy. Names of files, other fields
//! and the query are redacted wherever they stand. Files, batches and uploads need no model and are never held.
//!
//! # Source
//! openai 3.54.0 (Python, httpx2: fields, then files) and openai 6.49.0 (Node: `createForm` and
//! `iterateMultipartBody` in `internal/uploads.js`), both read 22 Nov 2026.

use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use bytes::BytesMut;
use futures_util::StreamExt as _;
use provider::ProviderError;
use redactor::{FormBody, FormRules, RedactError, Unreadable, UploadError, UploadWatch, Who};
use wire::CallHead;
use wire::multipart::{FormError, FormReader, Piece};

use super::choose::Chooser;
use super::incoming::{Failure, IncomingBody};
use super::reply::Passage;
use super::send::Sender;
use super::table::{Asked, Endpoint};
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::Entered;
use crate::http::refusals::{provider_error, rate_headers, redact_error};
use crate::http::routes::proxy::admit;
use crate::http::routes::query::{learning, redact_query};
use crate::http::worker::Cost;

const MODEL: &str = "model";

/// Passes a form on.
///
/// # Cancellation
/// Dropping the future closes the provider's connection in the middle of the form.
pub(super) async fn call_with_form(
    call: &Call,
    entered: Entered,
    request: &HttpRequest,
    payload: Payload,
    endpoint: Endpoint,
) -> Result<HttpResponse, ApiError> {
    let Entered {
        world,
        permit,
        key_id,
    } = entered;
    call.exchange.upload_open.set(true);
    let asked = Asked::of(request.path(), endpoint);
    let incoming = IncomingBody::new(call, request, payload, &world.body)?;
    let (failure, length) = (incoming.failure(), incoming.promised());
    let reader = FormReader::new(content_type(request)?).map_err(form_error)?;
    let mut head = FormHead::new(reader, incoming, world.body.bytes);
    if endpoint.uses_model() {
        head.read_to_model(&failure).await?;
    }
    let chooser = Chooser {
        call,
        world: &world,
        endpoint,
        request,
        key_id: &key_id,
    };
    let chosen = match (&head.model, endpoint.stores(), asked.object) {
        (Some(model), ..) => chooser.by_model(permit, model)?,
        (None, Some(kind), Some(id)) => chooser.of_object(permit, kind, id)?,
        (None, ..) => chooser.without_model(permit)?,
    };
    let admission = admit(call, &key_id, 1).await?;
    let rate = admission.headers();
    let who = Who {
        key_id: &key_id,
        agent: chosen.agent(),
    };
    let query = redact_query(call, request, who).await?;
    let headers = headers_of(request);
    let sender = Sender {
        call,
        world: &world,
        chosen: &chosen,
        method: request.method(),
        endpoint: asked.below,
        query: query.as_ref(),
        headers: &headers,
        longest_reply: None,
        may_repeat: false,
    };
    let open = sender.open()?;
    let rules = FormRules {
        files: world.body.files,
        fragment: endpoint == Endpoint::Uploads,
        model: another_model(&head, open.target.model.as_deref()),
        json: world.json,
        longest_text: world.body.bytes,
    };
    let redactor = &call.worker.shared.redactor;
    let (form, watch) = redactor.redact_form(head.into_body(length), rules, who);
    let reply = learning(form.reply(), query.as_ref());
    let sent = sender.streamed(&admission, open, form).await;
    call.note_findings(&watch.findings());
    call.exchange.upload_open.set(!watch.is_whole());
    let sent = match sent {
        Ok(sent) => sent,
        Err(error) => {
            let refusal = refused(call, &error, &watch, &failure);
            return Err(call.check_refusal(reply, refusal));
        }
    };
    let passage = Passage {
        call,
        endpoint,
        asked,
        key_id: &key_id,
        sent_at: sent.spec,
        cost: Cost::new(admission, 1),
        reply,
        method: request.method(),
    };
    let mut answer = passage.respond(sent.answer).await?;
    for (name, value) in rate.iter().flat_map(rate_headers) {
        answer.headers_mut().insert(name, value);
    }
    Ok(answer)
}

/// The name that the provider knows the model by, if that is not what the form says.
fn another_model(head: &FormHead, model: Option<&str>) -> Option<String> {
    let model = model?;
    (head.model.as_deref() != Some(model)).then(|| model.to_owned())
}

fn content_type(request: &HttpRequest) -> Result<&str, ApiError> {
    let mut all = request.headers().get_all(CONTENT_TYPE);
    let (Some(value), None) = (all.next(), all.next()) else {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType)
            .detail("Send exactly one `Content-Type`."));
    };
    value.to_str().map_err(|_| form_error(FormError::Boundary))
}

fn headers_of(request: &HttpRequest) -> Vec<(HeaderName, HeaderValue)> {
    let headers = request.headers().iter();
    headers
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// What was read of a form before it is known where it goes.
struct FormHead {
    reader: FormReader,
    incoming: IncomingBody,
    taken: Vec<Piece>,
    model: Option<String>,
    /// Most bytes that are held.
    limit: usize,
}

impl FormHead {
    fn new(reader: FormReader, incoming: IncomingBody, limit: usize) -> Self {
        Self {
            reader,
            incoming,
            taken: Vec::new(),
            model: None,
            limit,
        }
    }

    /// Reads until the model is known, or the form has ended without one.
    async fn read_to_model(&mut self, failure: &Failure) -> Result<(), ApiError> {
        let (mut held, mut field) = (0, ModelField::default());
        while let Some(piece) = self.incoming.next().await {
            let piece = piece.map_err(|_| client_error(failure))?;
            held += piece.len();
            let from = self.taken.len();
            self.reader
                .push(piece, &mut self.taken)
                .map_err(form_error)?;
            for piece in self.taken.get(from..).unwrap_or_default() {
                if let Some(model) = field.see(piece) {
                    self.model = Some(model?);
                    return Ok(());
                }
            }
            if held > self.limit {
                return Err(model_too_late(self.limit));
            }
        }
        self.reader.finish().map_err(form_error)
    }

    fn into_body(self, length: Option<u64>) -> FormBody {
        FormBody {
            reader: self.reader,
            taken: self.taken,
            rest: Box::pin(self.incoming),
            length,
        }
    }
}

/// Reads the field `model` out of the pieces of a form.
#[derive(Default)]
struct ModelField(Option<BytesMut>);

impl ModelField {
    fn see(&mut self, piece: &Piece) -> Option<Result<String, ApiError>> {
        match piece {
            Piece::Part(head) => {
                self.0 = (head.name == MODEL && !head.is_file()).then(BytesMut::new);
                None
            }
            Piece::Data(data) => {
                if let Some(value) = &mut self.0 {
                    value.extend_from_slice(data);
                }
                None
            }
            Piece::End => self.0.take().map(|value| model_of(&value)),
            Piece::Frame(_) => None,
        }
    }
}

fn model_of(value: &[u8]) -> Result<String, ApiError> {
    let name = std::str::from_utf8(value).ok();
    let name = name.filter(|name| CallHead::is_model(name));
    name.map(str::to_owned)
        .ok_or_else(|| ApiError::new(ErrorCode::InvalidField).param(MODEL))
}

fn model_too_late(limit: usize) -> ApiError {
    ApiError::new(ErrorCode::MissingField)
        .param(MODEL)
        .detail(format!(
            "Put the field `model` before the first file: it decides where the form goes, and this form is longer than the {limit} bytes (`server.max_body_bytes`) that are held for it."
        ))
}

fn form_error(error: FormError) -> ApiError {
    ApiError::new(ErrorCode::InvalidForm).detail(format!("({error})"))
}

fn client_error(failure: &Failure) -> ApiError {
    let known = failure.borrow_mut().take();
    known.unwrap_or_else(|| ApiError::new(ErrorCode::BodyIncomplete))
}

/// Why a form was not answered: by its own fault, or the provider's.
fn refused(call: &Call, error: &ProviderError, watch: &UploadWatch, failure: &Failure) -> ApiError {
    match watch.error() {
        Some(broken) if *error == ProviderError::BodyBroken => match broken {
            UploadError::Broken => client_error(failure),
            UploadError::Redact { field, line, error } => unredacted(call, field, line, &error),
            other => unread(other),
        },
        _ => provider_error(error),
    }
}

fn unredacted(call: &Call, field: String, line: u64, error: &RedactError) -> ApiError {
    let answer = match error {
        // Its findings were counted with all others.
        RedactError::Blocked { .. } => redact_error(error),
        _ => call.note_redact_error(error),
    };
    let answer = answer.param(field);
    if line == 0 {
        answer
    } else {
        answer.detail(format!("Line {line} of the file. ({error})"))
    }
}

fn unread(error: UploadError) -> ApiError {
    match error {
        UploadError::Form(error) => form_error(error),
        UploadError::TooLong { field, limit } => ApiError::new(ErrorCode::BodyTooLarge)
            .param(field)
            .detail(format!(
                "A field, a line of JSON or a JSON document may have {limit} bytes (`server.max_body_bytes`)."
            )),
        UploadError::Twice { field } => ApiError::new(ErrorCode::DuplicateKey).param(field),
        UploadError::Unreadable { field, reason } => {
            let why = match reason {
                Unreadable::Fragment => {
                    "A piece of a text cannot be checked by itself. Send the file whole to `/v1/files`, or have `bouncer.files` set to `pass`."
                }
                Unreadable::OtherCharset => {
                    "Send text in UTF-8, or have `bouncer.files` set to `pass`."
                }
                Unreadable::Binary => {
                    "Only text may be uploaded here (`bouncer.files` is `text`)."
                }
            };
            ApiError::new(ErrorCode::UnsupportedMediaType)
                .param(field)
                .detail(why)
        }
        UploadError::Broken | UploadError::Redact { .. } => {
            ApiError::new(ErrorCode::BodyIncomplete)
        }
    }
}
