//! Calls of endpoints that are not chats: embeddings, images, audio, files and the rest.
//!
//! Unlike `forward.rs` the endpoint is named and not a path on the host: the provider's base path
//! is kept. The model's name is spliced in, and an error status is an error, so that what a provider
//! says of our account stays in the house.

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use http::{
    Method,
    header::{HeaderName, HeaderValue},
};
use redactor::{Redacted, Upload};
use runtime::{Aside, Work};

use crate::{
    answer::Answer,
    endpoints::Endpoint,
    error::{ProviderError, ReplyLimit},
    headers,
    http_upstream::{HttpUpstream, Times},
    relay::Bounds,
    reply,
    sites::{Outgoing, Payload},
};

/// One call of an endpoint.
pub struct CallEndpoint<'a> {
    /// Any method.
    pub method: &'a Method,
    /// The endpoint below the provider's base path, such as `/embeddings`, percent-encoded.
    pub endpoint: &'a str,
    /// Query without `?`, after redaction.
    pub query: Option<&'a Redacted<String>>,
    /// The client's headers; only a few pass, see `headers.rs`.
    pub headers: &'a [(HeaderName, HeaderValue)],
    /// The body after redaction.
    pub body: EndpointBody<'a>,
    /// Longest answer, in bytes; beyond it the answer breaks off.
    pub longest_reply: u64,
    /// Request id, passed on as `x-request-id`.
    pub request_id: &'a str,
    /// `traceparent` and the like.
    pub trace: &'a [(HeaderName, HeaderValue)],
}

/// What is sent along.
pub enum EndpointBody<'a> {
    /// Nothing.
    Nothing,
    /// A JSON body, with this model in place of the one that it names.
    Whole(&'a Redacted<Bytes>, Option<&'a str>),
    /// A form that passes as it comes.
    Streamed(Redacted<Upload>),
}

impl HttpUpstream {
    pub(crate) async fn call_endpoint(
        &self,
        call: CallEndpoint<'_>,
    ) -> Result<Answer, ProviderError> {
        let (path, times) = (call.path(), Times::new(&self.spec, true));
        let endpoint = match call.body.model() {
            Some(model) => Endpoint::ExtensionFor { path: &path, model },
            None => Endpoint::Extension(&path),
        };
        let out = Outgoing {
            method: call.method.clone(),
            place: self.spec.locate(endpoint)?,
            request_id: call.request_id,
            trace: call.trace,
            headers: headers::forwarded(call.headers).cloned().collect(),
            body: call.body.payload(call.method, &self.aside).await,
        };
        let response = self.sites()?.send(out, &times).await?;
        let bounds = Bounds {
            idle: self.spec.idle_timeout,
            limit: call.longest_reply,
            which: ReplyLimit::Stream,
        };
        reply::bounded(reply::successful(response, None).await?, bounds)
    }
}

impl CallEndpoint<'_> {
    /// The path below the base, with its query.
    fn path(&self) -> Cow<'_, str> {
        match self.query {
            Some(query) => Cow::Owned(format!("{}?{}", self.endpoint, query.get())),
            None => Cow::Borrowed(self.endpoint),
        }
    }
}

impl<'a> EndpointBody<'a> {
    fn model(&self) -> Option<&'a str> {
        match self {
            Self::Whole(_, model) => *model,
            Self::Nothing | Self::Streamed(_) => None,
        }
    }

    async fn payload(self, method: &Method, aside: &Aside) -> Payload {
        match self {
            // A POST without a body says so, or some servers wait for one.
            Self::Nothing if matches!(*method, Method::POST | Method::PUT | Method::PATCH) => {
                Payload::Whole(Bytes::new())
            }
            Self::Nothing => Payload::Nothing,
            Self::Whole(body, Some(model)) if aside.takes(Work::Reading, body.get().len()) => {
                let (body, model) = (body.get().clone(), model.to_owned());
                Payload::Whole(aside.run(move || wire::with_model(&body, &model)).await)
            }
            Self::Whole(body, Some(model)) => Payload::Whole(wire::with_model(body.get(), model)),
            Self::Whole(body, None) => Payload::Whole(body.get().clone()),
            Self::Streamed(form) => Payload::Streamed(form),
        }
    }
}

impl fmt::Debug for CallEndpoint<'_> {
    /// Without query, headers and body, which are the client's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallEndpoint")
            .field("method", self.method)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for EndpointBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Whole(..) => "Whole",
            Self::Streamed(_) => "Streamed",
        })
    }
}
