//! The ways from this worker to one provider: a client for each host and account.
//!
//! Owns the clients, the choice of the account, and what authenticates a request: placeholders
//! that `key_injection.rs` fills, signatures, fetched tokens. Knows no API: where a request goes
//! was decided in `endpoints`, what it says by the caller, and what comes back is judged in
//! `reply.rs`.

use std::{
    fmt,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use awc::{ClientRequest, ClientResponse};
use bytes::Bytes;
use http::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
};
use redactor::{Redacted, Upload};

use crate::{
    client::KeySource,
    config::{AuthStyle, ProviderSpec},
    connector::Connector,
    credentials::{
        Secret,
        accounts::blames_the_account,
        service_account::{ServiceAccount, TokenRequest},
        sigv4::{self, AwsKey, Scope, Signed},
        token::Token,
    },
    endpoints::Location,
    error::ProviderError,
    headers::{self, X_AMZ_DATE, X_AMZ_SECURITY_TOKEN, X_REQUEST_ID},
    http_upstream::{Sliced, Times, head_of},
    placeholder,
    retry_after::retry_after,
    upload,
    upload_turn::UploadTurn,
    upstream_url::UpstreamUrl,
};

/// How long an idle connection is kept: shorter than the 60 s that most servers keep theirs, so
/// that we seldom write into one that is being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(50);
/// How long any connection is used, so that a change of the provider's addresses gets through.
const LIFETIME: Duration = Duration::from_secs(600);
/// Longest answer of a token endpoint.
const LONGEST_TOKEN_ANSWER: usize = 64 << 10;

/// The body of a request.
pub(crate) enum Payload {
    /// None at all, not even an empty one.
    Nothing,
    /// All of it.
    Whole(Bytes),
    /// A body that comes in pieces; it cannot be signed or sent again. (AWS has
    /// unsigned payloads for S3 alone: IAM user guide, "Create a signed AWS API request".)
    Streamed(Redacted<Upload>),
}

/// One request, but for what authenticates it.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: Method,
    pub(crate) place: Location<'a>,
    pub(crate) request_id: &'a str,
    pub(crate) trace: &'a [(HeaderName, HeaderValue)],
    /// Headers of this request; they go before the fixed ones of the same name.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Payload,
}

/// See the module's text.
pub(crate) struct Sites {
    spec: Arc<ProviderSpec>,
    keys: Arc<dyn KeySource>,
    tls: Arc<rustls::ClientConfig>,
    /// Names of the keys in the vault, one for each account.
    pub(crate) names: Vec<String>,
    sites: Vec<Site>,
}

pub(crate) struct Site {
    origin: UpstreamUrl,
    auth: AuthStyle,
    account: usize,
    /// For connections that do not stay with HTTP.
    pub(crate) connector: Connector,
    client: awc::Client,
    turn: UploadTurn,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Sites {
    /// `None` if nothing can be sent: no randomness for the placeholder, or an unusable header.
    pub(crate) fn new(
        spec: Arc<ProviderSpec>,
        keys: Arc<dyn KeySource>,
        tls: Arc<rustls::ClientConfig>,
    ) -> Option<Self> {
        let names = spec.key_names();
        let mut sites: Vec<Site> = Vec::new();
        for (url, auth) in spec.addresses() {
            let same = |site: &Site| site.auth == auth && site.origin.same_origin(url);
            if sites.iter().any(same) {
                continue;
            }
            for (account, name) in names.iter().enumerate() {
                let lease = lease_of(&spec, &keys, name, auth, account);
                let turn = UploadTurn::default();
                let key = placeholder::placeholder()?;
                let tls = Arc::clone(&tls);
                let connector = Connector::new(&spec, url, tls, key, lease, turn.clone());
                sites.push(Site {
                    origin: url.clone(),
                    auth,
                    account,
                    client: client(&spec, connector.clone()),
                    connector,
                    turn,
                    headers: headers::fixed(&spec, url, auth)?,
                });
            }
        }
        Some(Self {
            spec,
            keys,
            tls,
            names,
            sites,
        })
    }

    /// Sends a request and waits for the head of its answer, whatever its status.
    ///
    /// An account that the provider refuses rests; a request whose body can be sent again goes
    /// on with the next one that does not. Such a refusal means that nothing was done.
    ///
    /// # Cancellation
    /// Safe: the connection is closed at once.
    pub(crate) async fn send(
        &self,
        out: Outgoing<'_>,
        times: &Times,
    ) -> Result<ClientResponse, ProviderError> {
        let Outgoing {
            method,
            place,
            request_id,
            trace,
            headers,
            body,
        } = out;
        let auth = place.auth();
        if auth == AuthStyle::SigV4 && matches!(body, Payload::Streamed(_)) {
            return Err(ProviderError::Unsignable);
        }
        let mut body = Some(body);
        for tried in 1.. {
            let account = self.account(auth)?;
            if auth == AuthStyle::GoogleServiceAccount {
                self.token(account, times).await?;
            }
            let site = self.site(&place, account)?;
            let mut request = site.request(&method, &place, request_id, trace)?;
            for (name, value) in &headers {
                request = request.insert_header((name.clone(), value.clone()));
            }
            let Some(now) = body.take() else { break };
            if auth == AuthStyle::SigV4 {
                self.sign(&mut request, site, &method, &place, &now)?;
            }
            let again = now.again();
            let response = match now {
                Payload::Nothing => {
                    head_of(request.send_body(actix_http::body::None::new()), times).await?
                }
                Payload::Whole(bytes) => head_of(request.send_body(Sliced(bytes)), times).await?,
                Payload::Streamed(form) => {
                    let wait = self.spec.first_byte_timeout;
                    upload::send(request, form, &site.turn, wait).await?
                }
            };
            body = again.filter(|_| tried < self.names.len());
            let text = |name: &HeaderName| response.headers().get(name)?.to_str().ok();
            let wait = retry_after(text, SystemTime::now());
            if !self.learn(account, auth, response.status().as_u16(), wait) || body.is_none() {
                return Ok(response);
            }
        }
        Err(ProviderError::NotConfigured)
    }

    /// Whether a call with this style could be authenticated now.
    pub(crate) fn account(&self, auth: AuthStyle) -> Result<usize, ProviderError> {
        let usable = |at: usize| !auth.needs_key() || self.lease(at).is_some();
        self.spec
            .shared
            .accounts()
            .pick(self.names.len(), Instant::now(), usable)
            .ok_or(ProviderError::NotConfigured)
    }

    fn lease(&self, account: usize) -> Option<vault::Lease> {
        self.keys.lease(self.names.get(account)?)
    }

    pub(crate) fn site(
        &self,
        place: &Location<'_>,
        account: usize,
    ) -> Result<&Site, ProviderError> {
        self.sites
            .iter()
            .find(|site| {
                site.account == account
                    && site.auth == place.auth()
                    && site.origin.same_origin(place.origin())
            })
            .ok_or(ProviderError::NotConfigured)
    }

    /// Hears the status of an answer; true if another account should be tried.
    pub(crate) fn learn(
        &self,
        account: usize,
        auth: AuthStyle,
        status: u16,
        wait: Option<Duration>,
    ) -> bool {
        let accounts = self.spec.shared.accounts();
        let now = Instant::now();
        accounts.learn(account, status, wait, now);
        if status == 401 && auth == AuthStyle::GoogleServiceAccount {
            self.spec.shared.tokens().forget(account);
        }
        let usable = |at: usize| at != account && self.lease(at).is_some();
        blames_the_account(status) && accounts.is_one_awake(now, usable)
    }

    fn sign(
        &self,
        request: &mut ClientRequest,
        site: &Site,
        method: &Method,
        place: &Location<'_>,
        body: &Payload,
    ) -> Result<(), ProviderError> {
        let body = match body {
            Payload::Nothing => Bytes::new(),
            Payload::Whole(bytes) => bytes.clone(),
            Payload::Streamed(_) => return Err(ProviderError::Unsignable),
        };
        let lease = self
            .lease(site.account)
            .ok_or(ProviderError::NotConfigured)?;
        let signature = signed(
            &self.spec,
            site,
            lease.expose(),
            method,
            place,
            &body,
            request,
        )
        .ok_or(ProviderError::NotConfigured)?;
        let session = AwsKey::session_span(lease.expose()).is_some();
        let headers = request.headers_mut();
        let mut authorization = HeaderValue::try_from(signature.authorization)
            .map_err(|_| ProviderError::NotConfigured)?;
        authorization.set_sensitive(true);
        headers.insert(AUTHORIZATION, authorization);
        let date = HeaderValue::try_from(signature.date);
        headers.insert(X_AMZ_DATE, date.map_err(|_| ProviderError::NotConfigured)?);
        if session {
            let value = placeholder::header_value("").ok_or(ProviderError::NotConfigured)?;
            headers.insert(X_AMZ_SECURITY_TOKEN, value);
        }
        Ok(())
    }

    pub(crate) async fn token(&self, account: usize, times: &Times) -> Result<(), ProviderError> {
        let tokens = self.spec.shared.tokens();
        tokens.ensure(account, || self.fetch(account, times)).await
    }

    /// Exchanges the key of an account for a token, at the address that the key names.
    ///
    /// # Security
    /// That address obeys the same rules as the provider's own, and must be encrypted unless it
    /// may be a private one.
    async fn fetch(&self, account: usize, times: &Times) -> Result<Token, ProviderError> {
        let TokenRequest { url, form } = self
            .lease(account)
            .and_then(|lease| ServiceAccount::parse(lease.expose()))
            .and_then(|account| account.request(SystemTime::now()))
            .ok_or(ProviderError::NotConfigured)?;
        if !url.is_tls() && !self.spec.danger_allow_private_addresses {
            return Err(ProviderError::NotConfigured);
        }
        let host = url.host_header().ok_or(ProviderError::NotConfigured)?;
        let no_key = Rc::new(|| None);
        let key = placeholder::placeholder().ok_or(ProviderError::NotConfigured)?;
        let (tls, turn) = (Arc::clone(&self.tls), UploadTurn::default());
        let connector = Connector::new(&self.spec, &url, tls, key, no_key, turn);
        let client = client(&self.spec, connector);
        let uri = url.own_uri().ok_or(ProviderError::NotConfigured)?;
        let request = client
            .post(uri)
            .insert_header((http::header::HOST, host))
            .insert_header((CONTENT_TYPE, headers::FORM))
            .insert_header((http::header::ACCEPT, headers::JSON));
        let body = Bytes::copy_from_slice(form.as_bytes());
        let mut response = head_of(request.send_body(Sliced(body)), times).await?;
        let status = response.status().as_u16();
        let answer = response.body().limit(LONGEST_TOKEN_ANSWER);
        let answer = tokio::time::timeout_at(times.first_byte, answer).await;
        match (status, answer) {
            (500.., _) | (_, Err(_) | Ok(Err(_))) => Err(ProviderError::Status {
                status: status.max(500),
                retry_after: None,
                body: None,
            }),
            (200, Ok(Ok(answer))) => {
                Token::parse(&answer, Instant::now()).ok_or(ProviderError::NotConfigured)
            }
            // The key is not accepted: the operator's matter.
            _ => Err(ProviderError::NotConfigured),
        }
    }
}

impl fmt::Debug for Sites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sites")
            .field("provider", &self.spec.name)
            .finish_non_exhaustive()
    }
}

impl Payload {
    /// The same body once more, if it can be had.
    fn again(&self) -> Option<Self> {
        match self {
            Self::Nothing => Some(Self::Nothing),
            Self::Whole(bytes) => Some(Self::Whole(bytes.clone())),
            Self::Streamed(_) => None,
        }
    }
}

impl Site {
    /// A request with all headers that do not depend on the call's kind.
    fn request(
        &self,
        method: &Method,
        place: &Location<'_>,
        request_id: &str,
        trace: &[(HeaderName, HeaderValue)],
    ) -> Result<ClientRequest, ProviderError> {
        let uri = place.uri().ok_or(ProviderError::BadPath)?;
        let mut request = self.client.request(method.clone(), uri).no_decompress();
        let headers = request.headers_mut();
        for (name, value) in self.own_headers(place, request_id, trace) {
            headers.insert(name, value);
        }
        Ok(request)
    }

    /// In order; of two with one name the later counts.
    pub(crate) fn own_headers(
        &self,
        place: &Location<'_>,
        request_id: &str,
        trace: &[(HeaderName, HeaderValue)],
    ) -> Vec<(HeaderName, HeaderValue)> {
        // An id that is no header value is one that the edge did not make; better none.
        let id = HeaderValue::try_from(request_id).ok();
        let fixed = self.headers.iter().chain(headers::traces(trace)).cloned();
        headers::version_of(place.format())
            .into_iter()
            .chain(fixed)
            .chain(id.map(|id| (X_REQUEST_ID, id)))
            .collect()
    }
}

fn signed(
    spec: &ProviderSpec,
    site: &Site,
    key: &[u8],
    method: &Method,
    place: &Location<'_>,
    body: &[u8],
    request: &ClientRequest,
) -> Option<sigv4::Signature> {
    let (path, query) = place
        .path_and_query()
        .split_once('?')
        .unwrap_or((place.path_and_query(), ""));
    let host = site.origin.host_header()?;
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.map(|value| [("content-type", value.trim())]);
    let signed = Signed {
        method: method.as_str(),
        path,
        query,
        host: host.to_str().ok()?,
        headers: kind.as_ref().map_or(&[], |kind| kind.as_slice()),
        body,
    };
    let scope = Scope {
        region: spec
            .region
            .as_deref()
            .or_else(|| sigv4::region_of_host(site.origin.host()))?,
        service: sigv4::BEDROCK,
        time: SystemTime::now(),
    };
    sigv4::sign(AwsKey::parse(key)?, signed, scope)
}

type Lease = Rc<dyn Fn() -> Option<Secret>>;

fn lease_of(
    spec: &ProviderSpec,
    keys: &Arc<dyn KeySource>,
    name: &str,
    auth: AuthStyle,
    account: usize,
) -> Lease {
    let (keys, name, shared) = (Arc::clone(keys), name.to_owned(), spec.shared.clone());
    Rc::new(move || Secret::shown(auth, keys.lease(&name)?, shared.tokens(), account))
}

/// A client for one origin and account.
fn client(spec: &ProviderSpec, service: Connector) -> awc::Client {
    let connector = awc::Connector::new()
        .connector(service)
        .limit(0)
        .timeout(spec.connect_timeout)
        .conn_keep_alive(KEEP_ALIVE)
        .conn_lifetime(LIFETIME);
    awc::Client::builder()
        .connector(connector)
        .disable_redirects()
        .disable_timeout()
        .no_default_headers()
        .finish()
}
