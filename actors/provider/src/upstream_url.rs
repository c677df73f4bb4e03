//! The chat URL of a provider, parsed once into what a call needs.
//!
//! A value of this type can be called as it is: scheme, host, port and path are known good. What
//! the URL may not point at is not decided here but at connect time, on resolved addresses.

use std::{fmt, net::Ipv6Addr, str::FromStr};

use http::{Uri, header::HeaderValue, uri::PathAndQuery};
use wire::ApiFormat;

use crate::endpoints::format_of_path;

const CHAT: &str = "/chat/completions";

/// Why a URL cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlError {
    /// Not a URL, or one with characters that a URL cannot have.
    Syntax,
    /// Neither `http` nor `https`.
    Scheme,
    /// No host.
    Host,
    /// Port 0, or no number.
    Port,
    /// A user name or password in the URL: keys belong in the secrets file.
    Credentials,
    /// A `#fragment`, which is never sent.
    Fragment,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "is not a URL",
            Self::Scheme => "must begin with `https://` or `http://`",
            Self::Host => "names no host",
            Self::Port => "has no usable port",
            Self::Credentials => "must not hold a user name or password",
            Self::Fragment => "must not have a `#fragment`",
        })
    }
}

impl std::error::Error for UrlError {}

/// A provider's chat URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamUrl {
    tls: bool,
    /// Lower case, without brackets and without the dot at the end that a name may have; an IPv6
    /// address in canonical form.
    host: String,
    port: u16,
    path: PathAndQuery,
}

impl UpstreamUrl {
    /// The URL of a provider that has none: nothing can be resolved under `.invalid` (RFC 2606).
    pub(crate) fn nowhere() -> Self {
        Self {
            tls: true,
            host: "nowhere.invalid".to_owned(),
            port: 443,
            path: PathAndQuery::from_static(CHAT),
        }
    }

    /// Tells whether the connection is encrypted.
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// Host name or IP literal, lower case, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Port, also if the URL does not name one.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Path and query of the chat URL.
    pub fn path(&self) -> &str {
        self.path.as_str()
    }

    /// `host` header: with the port only if it is not the scheme's own.
    pub(crate) fn host_header(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(self.host_text()).ok()
    }

    fn host_text(&self) -> String {
        let own_port = if self.tls { 443 } else { 80 };
        let host = self.bracketed_host();
        if self.port == own_port {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// Tells whether both are the same scheme, host and port, so that one client serves them.
    pub fn same_origin(&self, other: &Self) -> bool {
        (self.tls, self.port, &self.host) == (other.tls, other.port, &other.host)
    }

    /// Scheme, host and, if unusual, port, as in a URL.
    pub(crate) fn origin_text(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.host_text())
    }

    /// The API that the path belongs to, where it tells.
    pub fn format(&self) -> Option<ApiFormat> {
        format_of_path(self.path.as_str())
    }

    /// The URI for awc of the address itself.
    pub(crate) fn own_uri(&self) -> Option<Uri> {
        self.uri_with(self.path.clone())
    }

    /// The URI for awc of a path here. Its scheme is always `http`: awc must leave TLS to our
    /// connector.
    pub(crate) fn uri_with(&self, path: PathAndQuery) -> Option<Uri> {
        Uri::builder()
            .scheme("http")
            .authority(format!("{}:{}", self.bracketed_host(), self.port))
            .path_and_query(path)
            .build()
            .ok()
    }

    fn bracketed_host(&self) -> String {
        match self.host.parse::<Ipv6Addr>() {
            Ok(address) => format!("[{address}]"),
            Err(_) => self.host.clone(),
        }
    }
}

impl FromStr for UpstreamUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if text.contains('#') {
            return Err(UrlError::Fragment);
        }
        let uri = Uri::try_from(text).map_err(|_| UrlError::Syntax)?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(UrlError::Scheme),
        };
        let authority = uri.authority().ok_or(UrlError::Host)?;
        if authority.as_str().contains('@') {
            return Err(UrlError::Credentials);
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']');
        let host = host.strip_suffix('.').unwrap_or(host);
        if host.is_empty() || host.contains(['%', '*']) {
            return Err(UrlError::Host);
        }
        let host = match host.parse::<Ipv6Addr>() {
            Ok(address) => address.to_canonical().to_string(),
            Err(_) => host.to_ascii_lowercase(),
        };
        let port = port_of(authority.as_str(), authority.port_u16(), tls)?;
        let path = uri.path_and_query().cloned().ok_or(UrlError::Syntax)?;
        Ok(Self {
            tls,
            host,
            port,
            path,
        })
    }
}

fn port_of(authority: &str, port: Option<u16>, tls: bool) -> Result<u16, UrlError> {
    let named = authority
        .rsplit(']')
        .next()
        .is_some_and(|rest| rest.contains(':'));
    match port {
        Some(0) => Err(UrlError::Port),
        Some(port) => Ok(port),
        None if named => Err(UrlError::Port),
        None => Ok(if tls { 443 } else { 80 }),
    }
}

impl fmt::Display for UpstreamUrl {
    /// Without the query, which some providers use for more than an API version.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "https" } else { "http" };
        write!(
            f,
            "{scheme}://{}:{}{}",
            self.bracketed_host(),
            self.port,
            self.path.path()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> UpstreamUrl {
        text.parse().unwrap()
    }

    fn refusal(text: &str) -> UrlError {
        text.parse::<UpstreamUrl>().unwrap_err()
    }

    #[test]
    fn host_header_names_only_an_unusual_port() {
        let host = |text: &str| url(text).host_header().unwrap();
        assert_eq!(
            host("https://api.example.com/v1/chat/completions"),
            "api.example.com"
        );
        assert_eq!(host("https://api.example.com:443/x"), "api.example.com");
        assert_eq!(host("http://api.example.com:443/x"), "api.example.com:443");
        assert_eq!(host("http://[2606:4700::1]:8080/x"), "[2606:4700::1]:8080");
    }

    #[test]
    fn awc_sees_a_plain_uri_with_a_port() {
        let url = url("https://API.example.com/v1/chat/completions?api-version=1");
        assert_eq!(
            url.uri_with(url.path.clone()).unwrap(),
            "http://api.example.com:443/v1/chat/completions?api-version=1"
        );
    }

    #[test]
    fn spellings_of_one_host_are_one_host() {
        for (text, host) in [
            ("http://A./x", "a"),
            ("https://api.Example.com.:8443/x", "api.example.com"),
            ("http://[0:0::1]/x", "::1"),
            ("http://[::ffff:10.0.0.1]/x", "10.0.0.1"),
        ] {
            assert_eq!(url(text).host(), host);
        }
        assert_eq!(refusal("http://./x"), UrlError::Host);
        assert_eq!(
            url("http://[::FFFF:10.0.0.1]:81/x").origin_text(),
            "http://10.0.0.1:81"
        );
    }

    #[test]
    fn unusable_urls_are_refused_by_reason() {
        assert_eq!(
            refusal("https://user:pass@a.example/x"),
            UrlError::Credentials
        );
        assert_eq!(refusal("ftp://a.example/x"), UrlError::Scheme);
        assert_eq!(refusal("/v1/chat/completions"), UrlError::Scheme);
        assert_eq!(refusal("https://a.example/x#y"), UrlError::Fragment);
        assert_eq!(refusal("https://a.example:0/x"), UrlError::Port);
        assert_eq!(refusal("https://a.example:/x"), UrlError::Port);
        assert_eq!(refusal("https://a.example/a b"), UrlError::Syntax);
    }

    #[test]
    fn one_origin_is_scheme_host_and_port() {
        let base = url("https://a.example/v1/chat/completions");
        assert!(base.same_origin(&url("https://A.example:443/other")));
        for other in [
            "http://a.example:443/x",
            "https://a.example:444/x",
            "https://b.example/x",
        ] {
            assert!(!base.same_origin(&url(other)));
        }
    }
}
