//! Opens a session: where, with which account, and what a refusal means.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap,
    header::{CONNECTION, HeaderValue, UPGRADE},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{Instant, timeout, timeout_at},
};
use wire::ErrorBody;

use super::{
    OpenRealtime, Realtime, SUBPROTOCOL,
    handshake::{self, AnswerHead, SEC_ACCEPT, SEC_KEY, SEC_PROTOCOL, SEC_VERSION},
};
use crate::{
    config::AuthStyle,
    endpoints::{Endpoint, Location},
    error::ProviderError,
    fix_head::end_of_head,
    headers,
    http_upstream::{HttpUpstream, Times},
    retry_after::retry_after,
    sites::{Site, Sites},
    transport::Wire,
};

/// Bytes of the answer's head, and of all interim heads before it.
const LONGEST_HEAD: usize = 64 << 10;
/// Longest body of a refusal that is read; what is longer is no error object.
const LONGEST_REFUSAL: usize = 64 << 10;
/// Longest wait for the rest of it: its status says nearly all.
const REFUSAL_TIME: Duration = Duration::from_secs(2);

type Opened = (Wire, BytesMut, bool);

/// What a provider said to a handshake.
enum Said {
    /// The connection, what came behind the answer, and whether the subprotocol was chosen.
    Yes(Box<Opened>),
    No {
        status: u16,
        wait: Option<Duration>,
        body: Option<ErrorBody>,
    },
}

impl HttpUpstream {
    pub(crate) async fn open_realtime(
        &self,
        call: OpenRealtime<'_>,
    ) -> Result<Realtime, ProviderError> {
        let model = call.model.map(|model| self.spec.model_name(model));
        let place = self.spec.locate(Endpoint::Realtime {
            model,
            query: call.query.map(|query| query.get().as_str()),
        })?;
        let times = Times::new(&self.spec, true);
        let (wire, early, subprotocol) = self.sites()?.open_realtime(&place, call, &times).await?;
        let longest = usize::try_from(self.spec.max_reply_bytes).unwrap_or(usize::MAX);
        Ok(Realtime::new(wire, early, longest, subprotocol))
    }
}

impl Sites {
    /// With one account after the other while they are refused, as any request.
    async fn open_realtime(
        &self,
        place: &Location<'_>,
        call: OpenRealtime<'_>,
        times: &Times,
    ) -> Result<Opened, ProviderError> {
        let auth = place.auth();
        if auth == AuthStyle::SigV4 {
            return Err(ProviderError::NotOffered);
        }
        for tried in 1.. {
            let account = self.account(auth)?;
            if auth == AuthStyle::GoogleServiceAccount {
                self.token(account, times).await?;
            }
            let site = self.site(place, account)?;
            let asking = timeout_at(times.first_byte, ask(site, place, call));
            match asking
                .await
                .map_err(|_| ProviderError::FirstByteTimeout)??
            {
                Said::Yes(opened) => {
                    self.learn(account, auth, 101, None);
                    return Ok(*opened);
                }
                Said::No { status, wait, body } => {
                    if !self.learn(account, auth, status, wait) || tried >= self.names.len() {
                        return Err(refusal(status, wait, body));
                    }
                }
            }
        }
        Err(ProviderError::NotConfigured)
    }
}

fn refusal(status: u16, retry_after: Option<Duration>, body: Option<ErrorBody>) -> ProviderError {
    match status {
        300..400 => ProviderError::Redirect { status },
        400.. => ProviderError::Status {
            status,
            retry_after,
            body,
        },
        _ => ProviderError::Protocol,
    }
}

/// One handshake on a connection of its own.
async fn ask(
    site: &Site,
    place: &Location<'_>,
    call: OpenRealtime<'_>,
) -> Result<Said, ProviderError> {
    let key = handshake::new_key().ok_or(ProviderError::NotConfigured)?;
    let head = handshake::request(
        place.path_and_query(),
        &headers_of(site, place, call, &key)?,
    );
    let mut keyed = site.connector.dial().await?;
    keyed
        .write_all(&head)
        .await
        .map_err(|error| broken(&error))?;
    keyed.flush().await.map_err(|error| broken(&error))?;
    // The key is out; from here on nothing looks at what is written.
    let mut wire = keyed.into_inner();
    let mut early = BytesMut::new();
    let answer = read_head(&mut wire, &mut early).await?;
    if answer.status != 101 {
        let wait = retry_after(|name| answer.value(name.as_str()), SystemTime::now());
        let body = refusal_body(&mut wire, early, &answer).await;
        return Ok(Said::No {
            status: answer.status,
            wait,
            body: ErrorBody::parse(&body),
        });
    }
    if !answer.agrees_to(&key, call.subprotocol) {
        return Err(ProviderError::Protocol);
    }
    let chosen = answer.value(SEC_PROTOCOL.as_str()).is_some();
    Ok(Said::Yes(Box::new((wire, early, chosen))))
}

fn headers_of(
    site: &Site,
    place: &Location<'_>,
    call: OpenRealtime<'_>,
    key: &str,
) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    for (name, value) in site.own_headers(place, call.request_id, call.trace) {
        headers.insert(name, value);
    }
    for (name, value) in headers::of_session(call.headers) {
        headers.insert(name.clone(), value.clone());
    }
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_VERSION, HeaderValue::from_static("13"));
    let key = HeaderValue::try_from(key).map_err(|_| ProviderError::Protocol)?;
    headers.insert(SEC_KEY, key);
    if call.subprotocol {
        headers.insert(SEC_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
    debug_assert!(!headers.contains_key(SEC_ACCEPT));
    Ok(headers)
}

/// Reads the final head; what came behind it stays in `early`.
async fn read_head(wire: &mut Wire, early: &mut BytesMut) -> Result<AnswerHead, ProviderError> {
    let mut interim = 0;
    loop {
        while let Some(end) = end_of_head(early) {
            let head = AnswerHead::parse(&early.split_to(end)).ok_or(ProviderError::Protocol)?;
            if !head.is_interim() {
                return Ok(head);
            }
            interim += end;
        }
        if interim + early.len() > LONGEST_HEAD {
            return Err(ProviderError::Protocol);
        }
        let read = wire.read_buf(early).await;
        if read.map_err(|error| broken(&error))? == 0 {
            return Err(ProviderError::Truncated);
        }
    }
}

/// The body of a refusal, as far as it comes soon; what is broken in it is its sender's matter.
async fn refusal_body(wire: &mut Wire, mut body: BytesMut, answer: &AnswerHead) -> Bytes {
    let deadline = Instant::now() + REFUSAL_TIME;
    let length = answer.length().unwrap_or(LONGEST_REFUSAL);
    let whole = |body: &[u8]| match answer.is_chunked() {
        true => body.ends_with(b"0\r\n\r\n"),
        false => body.len() >= length,
    };
    while !whole(&body) && body.len() < LONGEST_REFUSAL {
        match timeout_at(deadline, wire.read_buf(&mut body)).await {
            Ok(Ok(1..)) => {}
            _ => break,
        }
    }
    // Polite, and in vain if it is slow.
    timeout(Duration::from_millis(1), wire.shutdown())
        .await
        .ok();
    match answer.is_chunked() {
        true => handshake::without_chunks(&body),
        false => body.freeze(),
    }
}

fn broken(error: &std::io::Error) -> ProviderError {
    match error.kind() {
        // From `key_injection.rs`: there is no key, or none that can be sent.
        std::io::ErrorKind::PermissionDenied => ProviderError::NotConfigured,
        _ => ProviderError::Truncated,
    }
}
