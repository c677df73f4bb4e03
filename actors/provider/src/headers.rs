//! Which headers cross, in either direction. Both lists are closed: what is not named stays here.
//!
//! Towards the provider headers are built fresh, so nothing of the client's gets there that is
//! not listed, and nothing hop-by-hop ever. Towards the client only the listed ones pass, so the
//! provider's cookies, its account names and its rate limits of our account never do. Headers
//! that a `Connection` header names are dropped on both sides even if they are listed.
//!
//! Decision on `openai-processing-ms`: passed. It says how long the model worked, which clients
//! log to tell a slow provider from a slow gateway, and nothing about the account.

use actix_http::header::HeaderMap;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_DISPOSITION, CONTENT_ENCODING,
    CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, DATE, EXPECT, HOST, HeaderName,
    HeaderValue, PROXY_AUTHORIZATION, RETRY_AFTER, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
    USER_AGENT,
};

use wire::ApiFormat;

use crate::{
    answer::ReplyHeaders,
    config::{AuthStyle, ProviderSpec},
    placeholder,
    quirks::version,
    upstream_url::UpstreamUrl,
};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const API_KEY: HeaderName = HeaderName::from_static("api-key");
const X_GOOG_API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");
pub(crate) const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
pub(crate) const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
pub(crate) const ANTHROPIC_VERSION: HeaderName = HeaderName::from_static("anthropic-version");
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Version of the Anthropic API that is asked for unless the client names one, or we wrote the
/// request and know better.
const ANTHROPIC_VERSION_SENT: HeaderValue = HeaderValue::from_static(version::OLDER);
const IDENTITY: HeaderValue = HeaderValue::from_static("identity");
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub(crate) const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
pub(crate) const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");

/// Request headers of a forwarded request that the provider may see.
const FORWARDED: [&str; 6] = [
    "content-type",
    "accept",
    "openai-beta",
    "anthropic-version",
    "anthropic-beta",
    "idempotency-key",
];
/// Headers that say where a request belongs.
const TRACE: [&str; 4] = [
    "traceparent",
    "tracestate",
    "x-correlation-id",
    "x-trace-id",
];
/// Headers of a chat reply that the client may see.
const SHOWN: [&str; 2] = ["content-type", "openai-processing-ms"];

/// Tells whether a header is set by this crate, so that configuration may not.
pub(crate) fn is_ours(name: &HeaderName) -> bool {
    let fixed = [
        AUTHORIZATION,
        X_API_KEY,
        API_KEY,
        X_GOOG_API_KEY,
        X_AMZ_DATE,
        X_AMZ_SECURITY_TOKEN,
        HOST,
        CONTENT_LENGTH,
        TRANSFER_ENCODING,
        CONNECTION,
        TE,
        TRAILER,
        UPGRADE,
        EXPECT,
        ACCEPT_ENCODING,
        ACCEPT,
        CONTENT_TYPE,
        USER_AGENT,
        X_REQUEST_ID,
        PROXY_AUTHORIZATION,
        COOKIE,
        DATE,
    ];
    fixed.contains(name) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

/// Tells whether configuration may set this header to this value for all requests to a provider.
pub fn is_fixed_header(name: &str, value: &str) -> bool {
    let visible = value.bytes().all(|byte| matches!(byte, b' '..=b'~')) && value.trim() == value;
    let usable = HeaderName::try_from(name).is_ok_and(|name| !is_ours(&name));
    usable && visible && !value.is_empty()
}

/// The headers that every request to a provider has.
///
/// `None` if the key's placeholder cannot be made, or the configuration holds what is no header.
pub(crate) fn fixed(
    spec: &ProviderSpec,
    origin: &UpstreamUrl,
    auth: AuthStyle,
) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let mut headers = vec![
        (HOST, origin.host_header()?),
        (ACCEPT_ENCODING, IDENTITY),
        (USER_AGENT, HeaderValue::try_from(&spec.user_agent).ok()?),
    ];
    match auth {
        AuthStyle::Bearer | AuthStyle::GoogleServiceAccount => {
            headers.push((AUTHORIZATION, placeholder::header_value("Bearer ")?))
        }
        AuthStyle::BearerXGoog => {
            headers.push((AUTHORIZATION, placeholder::header_value("Bearer ")?));
            headers.push((X_GOOG_API_KEY, placeholder::header_value("")?));
        }
        AuthStyle::XGoog => headers.push((X_GOOG_API_KEY, placeholder::header_value("")?)),
        AuthStyle::Anthropic => {
            headers.push((X_API_KEY, placeholder::header_value("")?));
            headers.push((ANTHROPIC_VERSION, ANTHROPIC_VERSION_SENT));
        }
        AuthStyle::Azure => headers.push((API_KEY, placeholder::header_value("")?)),
        // A signature is made for each request.
        AuthStyle::SigV4 | AuthStyle::None => {}
    }
    headers.extend(spec.usable_extra_headers());
    Some(headers)
}

/// The version header that Anthropic's API needs, whatever way the key is sent; the caller puts the
/// client's over it if there is one. Vertex AI reads the version in the body and leaves this one
/// alone, as Anthropic's own SDK sends both.
pub(crate) fn version_of(format: Option<ApiFormat>) -> Option<(HeaderName, HeaderValue)> {
    (format == Some(ApiFormat::Anthropic)).then_some((ANTHROPIC_VERSION, ANTHROPIC_VERSION_SENT))
}

/// What a provider of this format is asked to answer with.
pub(crate) fn accepted(format: ApiFormat, streamed: bool) -> HeaderValue {
    match (format, streamed) {
        (_, false) => JSON,
        (ApiFormat::Ollama, true) => HeaderValue::from_static("application/x-ndjson"),
        (ApiFormat::Bedrock, true) => {
            HeaderValue::from_static("application/vnd.amazon.eventstream")
        }
        (_, true) => EVENT_STREAM,
    }
}

/// The headers of the client's API that a provider gets: those that mean something in any API, and
/// those of one API if the provider speaks it too.
pub(crate) fn of_api(
    client: ApiFormat,
    provider: ApiFormat,
    headers: &[(HeaderName, HeaderValue)],
) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
    headers.iter().filter(move |(name, _)| {
        let name = name.as_str();
        name == "idempotency-key" || (client == provider && API_HEADERS.contains(&name))
    })
}

/// Version and beta switches. Organisation and project are the account's, which is ours.
///
/// # Source
/// OpenAI API reference, "Headers"; Claude docs, "API versions" and "Beta headers"; 22 Nov 2026.
const API_HEADERS: [&str; 3] = ["openai-beta", "anthropic-beta", "anthropic-version"];

/// Keeps the trace headers.
pub(crate) fn traces(
    headers: &[(HeaderName, HeaderValue)],
) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
    headers
        .iter()
        .filter(|(name, _)| TRACE.contains(&name.as_str()))
}

/// Keeps what a forwarded request may take along.
pub(crate) fn forwarded(
    headers: &[(HeaderName, HeaderValue)],
) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
    let connection = || {
        headers
            .iter()
            .filter(|(name, _)| *name == CONNECTION)
            .map(|(_, value)| value)
    };
    headers.iter().filter(move |(name, _)| {
        FORWARDED.contains(&name.as_str()) && !is_option(name, connection())
    })
}

/// Keeps what a session may take along: the switch of the beta.
pub(crate) fn of_session(
    headers: &[(HeaderName, HeaderValue)],
) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
    headers.iter().filter(|(name, _)| name == "openai-beta")
}

/// Keeps what a client may see of a chat reply's headers.
pub(crate) fn shown(headers: &HeaderMap) -> ReplyHeaders {
    keep(headers, |name| SHOWN.contains(&name.as_str()))
}

/// Keeps what a client may see of the headers of a forwarded request's answer. Beside those of a
/// chat reply: what a download needs, and the wait of a refusal, which is passed as it came.
pub(crate) fn shown_raw(headers: &HeaderMap) -> ReplyHeaders {
    let more = [
        CONTENT_DISPOSITION,
        CONTENT_LANGUAGE,
        CONTENT_ENCODING,
        RETRY_AFTER,
    ];
    keep(headers, |name| {
        SHOWN.contains(&name.as_str()) || more.contains(name)
    })
}

fn keep(headers: &HeaderMap, listed: impl Fn(&HeaderName) -> bool) -> ReplyHeaders {
    headers
        .iter()
        .filter(|(name, _)| listed(name) && !is_option(name, headers.get_all(CONNECTION)))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Tells whether a `Connection` header names this header as one of this hop only.
///
/// # Source
/// RFC 9110 section 7.6.1.
fn is_option<'h>(name: &HeaderName, mut connection: impl Iterator<Item = &'h HeaderValue>) -> bool {
    connection.any(|value| {
        value.as_bytes().split(|byte| *byte == b',').any(|option| {
            option
                .trim_ascii()
                .eq_ignore_ascii_case(name.as_str().as_bytes())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ProviderKind;

    fn header(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    }

    fn names<'h>(headers: impl Iterator<Item = &'h (HeaderName, HeaderValue)>) -> Vec<&'h str> {
        headers.map(|(name, _)| name.as_str()).collect()
    }

    fn map(headers: &[(HeaderName, HeaderValue)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.clone(), value.clone());
        }
        map
    }

    fn spec(auth: AuthStyle) -> ProviderSpec {
        let url = "https://a.example/v1/chat/completions".parse().unwrap();
        ProviderSpec {
            auth,
            ..ProviderSpec::new("p", ProviderKind::Http, url)
        }
    }

    fn fixed_of(spec: &ProviderSpec) -> Vec<(HeaderName, HeaderValue)> {
        fixed(spec, &spec.url, spec.auth).unwrap()
    }

    #[test]
    fn only_anthropics_api_gets_its_version() {
        let sent = |format| version_of(format).map(|(name, _)| name);
        assert_eq!(sent(Some(ApiFormat::Anthropic)), Some(ANTHROPIC_VERSION));
        assert_eq!(sent(Some(ApiFormat::OpenAiChat)), None);
        assert_eq!(sent(None), None);
    }

    #[test]
    fn account_headers_and_cookies_never_reach_the_client() {
        let upstream = [
            header("content-type", "application/json"),
            header("set-cookie", "a=b"),
            header("openai-organization", "org"),
            header("openai-processing-ms", "12"),
            header("x-ratelimit-remaining-requests", "3"),
            header("x-request-id", "theirs"),
            header("server", "x"),
            header("transfer-encoding", "chunked"),
        ];
        for mut shown in [shown(&map(&upstream)), shown_raw(&map(&upstream))] {
            shown.sort_by_key(|(name, _)| name.to_string());
            assert_eq!(
                names(shown.iter()),
                ["content-type", "openai-processing-ms"]
            );
        }
    }

    #[test]
    fn header_named_by_connection_is_dropped_on_both_sides() {
        let headers = [
            header("connection", "keep-alive, Content-Type"),
            header("content-type", "application/json"),
            header("accept", "a/b"),
        ];
        assert_eq!(names(forwarded(&headers)), ["accept"]);
        assert!(shown(&map(&headers)).is_empty());
    }

    #[test]
    fn clients_headers_are_forwarded_by_list() {
        let headers = [
            header("authorization", "Bearer clients"),
            header("x-api-key", "clients"),
            header("cookie", "a=b"),
            header("x-forwarded-for", "1.2.3.4"),
            header("te", "trailers"),
            header("openai-beta", "assistants=v2"),
            header("idempotency-key", "1"),
        ];
        assert_eq!(
            names(forwarded(&headers)),
            ["openai-beta", "idempotency-key"]
        );
    }

    #[test]
    fn only_trace_headers_are_traces() {
        let headers = [header("traceparent", "00-1"), header("authorization", "x")];
        assert_eq!(names(traces(&headers)), ["traceparent"]);
    }

    #[test]
    fn each_style_has_its_auth_lines() {
        for (auth, expected) in [
            (AuthStyle::Bearer, &["authorization"][..]),
            (AuthStyle::BearerXGoog, &["authorization", "x-goog-api-key"]),
            (AuthStyle::XGoog, &["x-goog-api-key"]),
            (AuthStyle::Anthropic, &["x-api-key", "anthropic-version"]),
            (AuthStyle::Azure, &["api-key"]),
            (AuthStyle::None, &[]),
        ] {
            let headers = fixed_of(&spec(auth));
            assert_eq!(&names(headers.iter())[3..], expected);
        }
    }

    #[test]
    fn configuration_cannot_replace_our_own_headers() {
        let mut spec = spec(AuthStyle::Bearer);
        for name in [
            "Authorization",
            "host",
            "connection",
            "content-length",
            "x-title",
        ] {
            spec.extra_headers.push((name.to_owned(), "x".to_owned()));
        }
        let headers = fixed_of(&spec);
        assert_eq!(&names(headers.iter())[3..], ["authorization", "x-title"]);
    }

    #[test]
    fn fixed_headers_neither_authenticate_nor_frame() {
        assert!(is_fixed_header("OpenAI-Organization", "org-1"));
        for (name, value) in [
            ("Authorization", "Bearer x"),
            ("x-api-key", "x"),
            ("Content-Length", "5"),
            ("x a", "b"),
            ("x-a", ""),
            ("x-a", "b\r\nx-b: c"),
        ] {
            assert!(!is_fixed_header(name, value), "{name}");
        }
    }

    #[test]
    fn auth_value_is_the_placeholder_and_hidden_in_debug() {
        let headers = fixed_of(&spec(AuthStyle::Bearer));
        let (_, value) = &headers[3];
        assert!(
            value
                .to_str()
                .unwrap()
                .ends_with(placeholder::placeholder().unwrap())
        );
        assert_eq!(format!("{value:?}"), "Sensitive");
    }
}
