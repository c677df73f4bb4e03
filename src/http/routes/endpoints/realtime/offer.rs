//! The client's handshake: what it asks for, and whether it is one.
//!
//! Strict: one value of each header that there must be, version 13, a key of sixteen bytes. What a
//! browser can only say as a subprotocol is read here, and none of it but the beta's switch goes on.
//!
//! # Source
//! RFC 6455 section 4.2.1; OpenAI, "Realtime API with WebSocket", read 2026-11-22.

use actix_web::HttpRequest;
use actix_web::http::Version;
use actix_web::http::header::{
    CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, TRANSFER_ENCODING, UPGRADE,
};
use provider::realtime::SUBPROTOCOL;

use super::upgrade_required;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::routes::query::without_keys;

const OPENAI_BETA: HeaderName = HeaderName::from_static("openai-beta");

/// The beta's switch as a browser sends it, and as a header.
const BETA_PROTOCOL: &str = "openai-beta.realtime-v1";
const BETA: HeaderValue = HeaderValue::from_static("realtime=v1");

/// Parameters of the query that are not passed on: the model is the target's, and so is the
/// address.
const OURS: [&str; 3] = ["model", "deployment", "api-version"];

/// See the module's text.
#[derive(Debug)]
pub(super) struct Offer {
    /// The agent or model, as the client calls it.
    pub(super) model: String,
    /// The session only transcribes; such a session names no model to OpenAI.
    pub(super) transcribes: bool,
    /// What is left of the query.
    pub(super) query: Option<String>,
    /// What goes along.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) subprotocol: bool,
    /// The value that agrees to this very handshake.
    pub(super) accept: String,
}

impl Offer {
    /// # Errors
    /// [`ErrorCode::UpgradeRequired`] for what is no handshake, [`ErrorCode::MissingField`] without a
    /// model, [`ErrorCode::InvalidField`] for a query that cannot be meant.
    pub(super) fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let key = handshake_key(request).ok_or_else(upgrade_required)?;
        let accept = actix_http::ws::hash_key(key.as_bytes());
        let query = request.query_string();
        let offered = |name: &str| offers(request, name);
        let mut headers: Vec<_> = request
            .headers()
            .get_all(OPENAI_BETA)
            .map(|value| (OPENAI_BETA, value.clone()))
            .collect();
        if headers.is_empty() && offered(BETA_PROTOCOL) {
            headers.push((OPENAI_BETA, BETA));
        }
        if !values(query, "call_id").is_empty() {
            return Err(ApiError::new(ErrorCode::SocketOnly).param("call_id"));
        }
        Ok(Self {
            model: model_in(query)?,
            transcribes: values(query, "intent") == ["transcription"],
            query: passed(query),
            headers,
            subprotocol: offered(SUBPROTOCOL),
            accept: String::from_utf8_lossy(&accept).into_owned(),
        })
    }
}

/// The key of a handshake; `None` if it is none.
fn handshake_key(request: &HttpRequest) -> Option<&str> {
    let has_body = [CONTENT_LENGTH, TRANSFER_ENCODING].iter().any(|name| {
        let value = request.headers().get(name);
        value.is_some_and(|value| value.as_bytes() != b"0")
    });
    let upgrades = only(request, &UPGRADE)?.eq_ignore_ascii_case("websocket");
    let connected =
        listed(request, &CONNECTION).any(|option| option.eq_ignore_ascii_case("upgrade"));
    let version = only(request, &SEC_WEBSOCKET_VERSION)? == "13";
    let key = only(request, &SEC_WEBSOCKET_KEY).filter(|key| is_sixteen_bytes(key))?;
    let speaks = request.version() == Version::HTTP_11;
    (speaks && upgrades && connected && version && !has_body).then_some(key)
}

/// Whether this is the base64 of sixteen bytes.
fn is_sixteen_bytes(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let digits = key.strip_suffix("==").unwrap_or_default();
    digits.len() == 22 && digits.bytes().all(plain) && digits.ends_with(['A', 'Q', 'g', 'w'])
}

/// The one value of a header.
fn only<'r>(request: &'r HttpRequest, name: &HeaderName) -> Option<&'r str> {
    let mut all = request.headers().get_all(name);
    let (first, None) = (all.next()?, all.next()) else {
        return None;
    };
    first.to_str().ok().map(str::trim)
}

/// All that a header lists.
fn listed<'r>(request: &'r HttpRequest, name: &HeaderName) -> impl Iterator<Item = &'r str> {
    let all = request.headers().get_all(name);
    let texts = all.filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::trim)
}

fn offers(request: &HttpRequest, protocol: &str) -> bool {
    listed(request, &SEC_WEBSOCKET_PROTOCOL).any(|offered| offered == protocol)
}

fn model_in(query: &str) -> Result<String, ApiError> {
    match values(query, "model").as_slice() {
        [model] if !model.is_empty() => Ok(model.clone()),
        [] | [_] => Err(ApiError::new(ErrorCode::MissingField)
            .param("model")
            .detail("Name an agent or a model in the query: `?model=...`.")),
        _ => Err(ApiError::new(ErrorCode::InvalidField)
            .param("model")
            .detail("The query names it more than once.")),
    }
}

fn values(query: &str, name: &str) -> Vec<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let named = pairs.filter(|(key, _)| decoded(key) == name);
    named.map(|(_, value)| decoded(value)).collect()
}

fn decoded(text: &str) -> String {
    let bytes = percent_encoding::percent_decode_str(text);
    bytes.decode_utf8_lossy().into_owned()
}

fn passed(query: &str) -> Option<String> {
    let query = without_keys(query)?;
    let is_ours = |pair: &&str| {
        let name = decoded(pair.split('=').next().unwrap_or_default());
        OURS.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_ours(pair)).collect();
    Some(kept.join("&")).filter(|kept| !kept.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const GOOD: [(&str, &str); 4] = [
        ("upgrade", "websocket"),
        ("connection", "keep-alive, Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    fn offer(uri: &str, headers: &[(&str, &str)]) -> Result<Offer, ErrorCode> {
        let request = TestRequest::with_uri(uri);
        let request = headers
            .iter()
            .fold(request, |request, header| request.append_header(*header));
        Offer::of(&request.to_http_request()).map_err(|error| error.code())
    }

    fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
        [GOOD.as_slice(), more].concat()
    }

    #[test]
    fn a_handshake_is_answered_with_its_digest() {
        let offer = offer("/v1/realtime?model=fast%2Fm", &GOOD).expect("an offer");
        assert_eq!(offer.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!((offer.model.as_str(), offer.query), ("fast/m", None));
        assert!(!offer.subprotocol && !offer.transcribes && offer.headers.is_empty());
    }

    #[test]
    fn what_is_no_handshake_is_told_how_to_make_one() {
        let uri = "/v1/realtime?model=m";
        for left_out in 0..GOOD.len() {
            let some: Vec<_> = GOOD
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != left_out)
                .map(|(_, header)| *header)
                .collect();
            assert_eq!(
                offer(uri, &some).err(),
                Some(ErrorCode::UpgradeRequired),
                "{some:?}"
            );
        }
        for (at, wrong) in [
            (0, "h2c"),
            (1, "close"),
            (2, "12"),
            (2, "13, 8"),
            (3, "c2hvcnQ="),
            (3, "dGhlIHNhbXBsZSBub25jZR=="),
        ] {
            let mut headers = GOOD;
            headers[at].1 = wrong;
            assert_eq!(
                offer(uri, &headers).err(),
                Some(ErrorCode::UpgradeRequired),
                "{wrong}"
            );
        }
        for more in [
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", GOOD[3].1),
            ("content-length", "5"),
        ] {
            assert_eq!(
                offer(uri, &with(&[more])).err(),
                Some(ErrorCode::UpgradeRequired),
                "{more:?}"
            );
        }
    }

    #[test]
    fn the_query_names_one_model_and_no_key_goes_on() {
        let query = |uri: &str| offer(uri, &GOOD).map(|offer| offer.query);
        assert_eq!(
            query("/v1/realtime?a=1&model=m&api_key=nk-1&b=2"),
            Ok(Some("a=1&b=2".to_owned()))
        );
        assert_eq!(query("/v1/realtime?a=1"), Err(ErrorCode::MissingField));
        assert_eq!(query("/v1/realtime?model="), Err(ErrorCode::MissingField));
        assert_eq!(
            query("/v1/realtime?model=a&mode%6c=b"),
            Err(ErrorCode::InvalidField)
        );
        assert_eq!(
            query("/v1/realtime?model=a&call_id=rtc_1"),
            Err(ErrorCode::SocketOnly)
        );
        let transcribes =
            offer("/v1/realtime?intent=transcription&model=m", &GOOD).expect("an offer");
        assert!(transcribes.transcribes);
    }

    #[test]
    fn a_browser_says_as_subprotocols_what_others_say_in_headers() {
        let offered = (
            "sec-websocket-protocol",
            "realtime, openai-insecure-api-key.nk-1, openai-beta.realtime-v1",
        );
        let offer = offer("/v1/realtime?model=m", &with(&[offered])).expect("an offer");
        assert!(offer.subprotocol);
        assert_eq!(offer.headers, [(OPENAI_BETA, BETA)]);
        assert!(!format!("{offer:?}").contains("nk-1"));
    }
}
