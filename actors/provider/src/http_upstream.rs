//! One provider over HTTP: builds the request, `sites.rs` sends it through awc, and `reply.rs`
//! judges what comes back.
//!
//! awc does framing and the pool, and nothing else: no timeouts, no redirects, no decompression,
//! no default headers, no limit. Those are decided here or not wanted.

use std::{
    convert::Infallible,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use actix_http::{
    body::{BodySize, MessageBody},
    error::ParseError,
};
use awc::{
    ClientResponse, SendClientRequest,
    error::{ConnectError, SendRequestError},
};
use bytes::Bytes;
use http::{
    Method,
    header::{ACCEPT, CONTENT_TYPE},
};
use runtime::Aside;
use tokio::time::{Instant, timeout_at};
use wire::ApiFormat;

use crate::{
    answer::Answer,
    chat_call::{ChatCall, Wording},
    client::{CompleteChat, KeySource},
    config::{LONGEST_WAIT, ProviderSpec},
    endpoints::Endpoint,
    error::{ConnectFailure, ProviderError},
    forward::Forward,
    headers::{self, JSON},
    reply,
    sites::{Outgoing, Payload, Sites},
};

/// Longest probe, from resolving to the head.
const PROBE_TIME: Duration = Duration::from_secs(15);
/// awc keeps its write buffer until the answer ends; in slices that buffer stays small.
pub(crate) const SLICE: usize = 16 << 10;

/// See the module's text.
pub(crate) struct HttpUpstream {
    pub(crate) spec: Arc<ProviderSpec>,
    /// `None` if nothing can be sent at all.
    sites: Option<Sites>,
    /// For what is done with all of a large body at once.
    pub(crate) aside: Aside,
}

impl HttpUpstream {
    pub(crate) fn new(
        spec: Arc<ProviderSpec>,
        keys: Arc<dyn KeySource>,
        tls: Arc<rustls::ClientConfig>,
        aside: Aside,
    ) -> Self {
        let sites = Sites::new(Arc::clone(&spec), keys, tls);
        Self { spec, sites, aside }
    }

    pub(crate) async fn complete_chat(
        &self,
        call: CompleteChat<'_>,
    ) -> Result<Answer, ProviderError> {
        let model = self.spec.model_name(call.model);
        let call = CompleteChat { model, ..call };
        if call.prompt.get().counts_only() {
            return self.count_tokens(call).await;
        }
        let (stream, format) = (call.prompt.get().stream(), self.spec.format_of(model));
        let times = Times::new(&self.spec, stream);
        let ChatCall {
            body,
            notes,
            languages,
            version,
        } = self.worded(&call, format).await?;
        let from_client = headers::of_api(call.prompt.get().format(), format, call.api_headers);
        let mut headers = vec![
            (CONTENT_TYPE, JSON),
            (ACCEPT, headers::accepted(format, stream)),
        ];
        headers.extend(from_client.cloned());
        headers.extend(version);
        let out = Outgoing {
            method: Method::POST,
            place: self.spec.locate(Endpoint::Chat {
                format,
                model,
                stream,
            })?,
            request_id: call.request_id,
            trace: call.trace,
            headers,
            body: Payload::Whole(body),
        };
        let response = self.sites()?.send(out, &times).await?;
        let response = reply::successful(response, Some(format)).await?;
        let answer = if stream {
            reply::streamed(response, &self.spec, times.first_byte, &languages).await
        } else {
            reply::whole(response, &self.spec, times.total, &languages, &self.aside).await
        };
        answer.map(|answer| answer.noting(notes))
    }

    /// The request in the words of the provider; a large one is put into them aside.
    async fn worded(
        &self,
        call: &CompleteChat<'_>,
        format: ApiFormat,
    ) -> Result<ChatCall, ProviderError> {
        let wording = Wording::of(call);
        let work = wording.work(format);
        if !self.aside.takes(work, wording.request.body().len()) {
            return ChatCall::adapted(&wording, format, &self.spec);
        }
        let (carried, spec) = (wording.carried(), Arc::clone(&self.spec));
        let job = move || ChatCall::adapted(&carried.wording(), format, &spec);
        self.aside.run(job).await
    }

    pub(crate) async fn forward(&self, call: Forward<'_>) -> Result<Answer, ProviderError> {
        let times = Times::new(&self.spec, true);
        let body = call.body.get().clone();
        let has_body =
            !body.is_empty() || matches!(*call.method, Method::POST | Method::PUT | Method::PATCH);
        let out = Outgoing {
            method: call.method.clone(),
            place: self.spec.on_host(&call.path_and_query())?,
            request_id: call.request_id,
            trace: call.trace,
            headers: headers::forwarded(call.headers).cloned().collect(),
            body: if has_body {
                Payload::Whole(body)
            } else {
                Payload::Nothing
            },
        };
        let response = self.sites()?.send(out, &times).await?;
        reply::raw(response, &self.spec)
    }

    pub(crate) async fn probe(&self) -> bool {
        let wait = PROBE_TIME.min(self.spec.first_byte_timeout);
        let times = Times {
            first_byte: Instant::now() + wait,
            total: None,
        };
        let (Ok(sites), Ok(place)) = (self.sites(), self.spec.probed()) else {
            return false;
        };
        let out = Outgoing {
            method: Method::GET,
            place,
            request_id: "probe",
            trace: &[],
            headers: vec![(ACCEPT, JSON)],
            body: Payload::Nothing,
        };
        match sites.send(out, &times).await {
            Ok(response) => response.status().as_u16() < 500,
            Err(_) => false,
        }
    }

    pub(crate) fn sites(&self) -> Result<&Sites, ProviderError> {
        self.sites.as_ref().ok_or(ProviderError::NotConfigured)
    }
}

/// A body that is handed to awc in slices.
pub(crate) struct Sliced(pub(crate) Bytes);

impl MessageBody for Sliced {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let left = &mut self.get_mut().0;
        let length = left.len().min(SLICE);
        Poll::Ready((length > 0).then(|| Ok(left.split_to(length))))
    }
}

/// Until when a call may take.
pub(crate) struct Times {
    pub(crate) first_byte: Instant,
    /// For whole replies only.
    pub(crate) total: Option<Instant>,
}

impl Times {
    pub(crate) fn new(spec: &ProviderSpec, streamed: bool) -> Self {
        let now = Instant::now();
        let total = spec.total_timeout.filter(|_| !streamed);
        Self {
            first_byte: now + spec.first_byte_timeout.min(LONGEST_WAIT),
            total: total.map(|total| now + total.min(LONGEST_WAIT)),
        }
    }
}

pub(crate) async fn head_of(
    sending: SendClientRequest,
    times: &Times,
) -> Result<ClientResponse, ProviderError> {
    let (deadline, missed) = match times.total {
        Some(total) if total < times.first_byte => (total, ProviderError::TotalTimeout),
        _ => (times.first_byte, ProviderError::FirstByteTimeout),
    };
    match timeout_at(deadline, sending).await {
        Ok(response) => response.map_err(unsent),
        Err(_) => Err(missed),
    }
}

/// What awc says went wrong before there was a head.
pub(crate) fn unsent(error: SendRequestError) -> ProviderError {
    match error {
        SendRequestError::Connect(error) => unconnected(error),
        SendRequestError::Send(error) | SendRequestError::Response(ParseError::Io(error)) => {
            broken_connection(&error)
        }
        SendRequestError::Body(_) => ProviderError::BodyBroken,
        _ => ProviderError::Protocol,
    }
}

fn unconnected(error: ConnectError) -> ProviderError {
    let failure = match error {
        // Our own connector's typed error.
        ConnectError::Resolver(error) => match error.downcast::<ProviderError>() {
            Ok(error) => return *error,
            Err(_) => ConnectFailure::Resolve,
        },
        ConnectError::Timeout => ConnectFailure::Timeout,
        ConnectError::Io(error) => return broken_connection(&error),
        ConnectError::Disconnected => return ProviderError::Truncated,
        _ => ConnectFailure::Resolve,
    };
    ProviderError::Connect { failure }
}

fn broken_connection(error: &io::Error) -> ProviderError {
    match error.kind() {
        // From `key_injection.rs`: there is no key, or none that can be sent.
        io::ErrorKind::PermissionDenied => ProviderError::NotConfigured,
        io::ErrorKind::InvalidData => ProviderError::Protocol,
        _ => ProviderError::Truncated,
    }
}

#[cfg(test)]
#[path = "../tests/upstream/proofs.rs"]
#[allow(
    dead_code,
    reason = "shared with the tests of the whole crate, which use all of it"
)]
mod proofs;

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;
    use crate::{client::Upstream, config::ProviderKind};

    /// Takes one request byte by byte as it comes, and gives back all of it.
    fn peer() -> (u16, std::thread::JoinHandle<String>) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let peer = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let (mut seen, mut piece) = (Vec::new(), [0; 4096]);
            while !seen.ends_with(b"}]}") {
                let length = socket.read(&mut piece).unwrap();
                assert!(length > 0);
                seen.extend_from_slice(&piece[..length]);
            }
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n{\"choices\":[]}";
            socket.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(seen).unwrap()
        });
        (port, peer)
    }

    #[test]
    fn prompt_that_holds_the_placeholder_reads_out_no_key() {
        const KEY: &str = "sk-key-of-the-provider-0123456789";
        let (port, peer) = peer();
        let placeholder = crate::placeholder::placeholder().unwrap();
        let line = format!("\\r\\n\\r\\nauthorization: Bearer {placeholder}\\r\\n");
        let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":"{line}"}}]}}"#);
        actix_rt::System::new().block_on(async {
            let url = format!("http://127.0.0.1:{port}/v1/chat/completions")
                .parse()
                .unwrap();
            let mut spec = ProviderSpec::new("p", ProviderKind::Http, url);
            spec.danger_allow_private_addresses = true;
            let tls = crate::tls_config(&spec).unwrap();
            let keys = Arc::new(proofs::Keys::with("p", KEY));
            let upstream = Upstream::new(Arc::new(spec), keys, tls, Aside::new(1));
            let prompt = proofs::redacted_chat(&body).await;
            let call = CompleteChat {
                prompt: &prompt,
                model: "m",
                request_id: "r",
                trace: &[],
                api_headers: &[],
                max_output: None,
                effort: None,
                strict: false,
                ties: &crate::Ties::default(),
            };
            upstream.complete_chat(call).await.unwrap();
        });
        let seen = peer.join().unwrap();
        let (head, sent) = seen.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("authorization: Bearer {KEY}")));
        assert!(!head.contains(placeholder));
        assert_eq!(sent, body);
    }

    #[test]
    fn body_goes_out_in_slices_and_whole() {
        let body = Bytes::from(vec![7; SLICE * 2 + 5]);
        let mut sliced = Sliced(body.clone());
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut lengths = Vec::new();
        let mut seen = Vec::new();
        while let Poll::Ready(Some(Ok(slice))) = Pin::new(&mut sliced).poll_next(&mut cx) {
            lengths.push(slice.len());
            seen.extend_from_slice(&slice);
        }
        assert_eq!(lengths, [SLICE, SLICE, 5]);
        assert_eq!(seen, body);
    }
}
