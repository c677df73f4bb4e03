//! Makes upstream connections: resolve, check every address, connect to a checked one, TLS.
//!
//! awc asks it for each new connection. It is the only place of this crate that opens a socket,
//! and it opens none to an address that `ssrf.rs` refuses: the check is made on what will be
//! connected to, after resolving, so a name cannot change its mind in between. An IP literal in
//! the URL takes the same way.
//!
//! Never reuses, counts or times connections out beyond their making: that is awc's pool.

use std::{
    net::{IpAddr, SocketAddr},
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use actix_rt::net::TcpStream;
use actix_service::Service;
use actix_tls::connect::{ConnectError, ConnectInfo, Connection};
use futures_util::future::LocalBoxFuture;
use http::Uri;
use rustls::pki_types::ServerName;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::{
    config::ProviderSpec,
    credentials::Secret,
    error::{ConnectFailure, ProviderError},
    fix_head::FixHead,
    key_injection::{KeyInjection, LeaseKey},
    ssrf,
    transport::{Transport, Wire},
    upload_turn::UploadTurn,
    upstream_url::UpstreamUrl,
};

/// Longest wait for a name, whatever `connect_timeout` says.
///
/// # Source
/// Promise S12: DNS time limit 10 s.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(10);

/// The connection service of one origin of a provider.
#[derive(Clone)]
pub(crate) struct Connector(Rc<Target>);

struct Target {
    host: String,
    port: u16,
    private_ok: bool,
    connect_timeout: Duration,
    tls: Option<TlsConnector>,
    placeholder: &'static str,
    lease: LeaseKey<Secret>,
    turn: UploadTurn,
}

impl Connector {
    pub(crate) fn new(
        spec: &ProviderSpec,
        origin: &UpstreamUrl,
        tls: Arc<rustls::ClientConfig>,
        placeholder: &'static str,
        lease: LeaseKey<Secret>,
        turn: UploadTurn,
    ) -> Self {
        Self(Rc::new(Target {
            host: origin.host().to_owned(),
            port: origin.port(),
            private_ok: spec.danger_allow_private_addresses,
            connect_timeout: spec.connect_timeout,
            tls: origin.is_tls().then(|| TlsConnector::from(tls)),
            placeholder,
            lease,
            turn,
        }))
    }
}

impl Connector {
    /// A connection for one request that ends HTTP on it.
    pub(crate) async fn dial(&self) -> Result<KeyInjection<Wire, Secret>, ProviderError> {
        let target = &self.0;
        let connecting = timeout(target.connect_timeout, target.connect());
        let wire = connecting
            .await
            .map_err(|_| failed(ConnectFailure::Timeout))??;
        let lease = Rc::clone(&target.lease);
        Ok(KeyInjection::new(wire, target.placeholder, lease))
    }
}

impl Service<ConnectInfo<Uri>> for Connector {
    type Response = Connection<Uri, Transport>;
    type Error = ConnectError;
    type Future = LocalBoxFuture<'static, Result<Self::Response, ConnectError>>;

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&self, info: ConnectInfo<Uri>) -> Self::Future {
        let target = Rc::clone(&self.0);
        Box::pin(async move {
            // The typed error travels through awc in a box and is unpacked in `http_upstream.rs`.
            let wire = target
                .connect()
                .await
                .map_err(|error| ConnectError::Resolver(error.into()))?;
            let keyed = KeyInjection::new(wire, target.placeholder, Rc::clone(&target.lease));
            let fixed = FixHead::of(keyed, target.turn.clone());
            Ok(Connection::new(info.request().clone(), fixed))
        })
    }
}

impl Target {
    async fn connect(&self) -> Result<Wire, ProviderError> {
        let addresses = self.checked_addresses().await?;
        let socket = self.connect_any(&addresses).await?;
        // Small events must not wait for each other; a failure here costs only time.
        socket.set_nodelay(true).ok();
        match &self.tls {
            None => Ok(Wire::Plain(socket)),
            Some(tls) => self.handshake(tls, socket).await,
        }
    }

    /// Resolves the host and keeps the addresses that may be called.
    async fn checked_addresses(&self) -> Result<Vec<SocketAddr>, ProviderError> {
        let refused = |class| ProviderError::AddressRefused { class };
        ssrf::check_name(&self.host, self.private_ok).map_err(refused)?;
        let found = self.resolve().await?;
        let checked = found.iter().map(|address| {
            ssrf::check(address.ip(), self.private_ok).map(|()| canonical(*address))
        });
        let (allowed, refusals): (Vec<_>, Vec<_>) = checked.partition(Result::is_ok);
        match refusals.into_iter().find_map(Result::err) {
            Some(class) if allowed.is_empty() => Err(refused(class)),
            None if allowed.is_empty() => Err(failed(ConnectFailure::Resolve)),
            _ => Ok(allowed.into_iter().flatten().collect()),
        }
    }

    async fn resolve(&self) -> Result<Vec<SocketAddr>, ProviderError> {
        if let Ok(address) = self.host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, self.port)]);
        }
        let lookup = tokio::net::lookup_host((self.host.as_str(), self.port));
        match timeout(RESOLVE_TIMEOUT.min(self.connect_timeout), lookup).await {
            Ok(Ok(found)) => Ok(found.collect()),
            Ok(Err(_)) | Err(_) => Err(failed(ConnectFailure::Resolve)),
        }
    }

    /// Tries the addresses in the resolver's order; one that swallows packets costs its share only.
    async fn connect_any(&self, addresses: &[SocketAddr]) -> Result<TcpStream, ProviderError> {
        let tries = u32::try_from(addresses.len().clamp(1, 4)).unwrap_or(1);
        let share = self.connect_timeout / tries;
        let mut last = ConnectFailure::Resolve;
        for address in addresses {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(socket)) => return Ok(socket),
                Ok(Err(error)) => last = ConnectFailure::Socket(error.kind()),
                Err(_) => last = ConnectFailure::Timeout,
            }
        }
        Err(failed(last))
    }

    async fn handshake(
        &self,
        tls: &TlsConnector,
        socket: TcpStream,
    ) -> Result<Wire, ProviderError> {
        let name =
            ServerName::try_from(self.host.clone()).map_err(|_| failed(ConnectFailure::Tls))?;
        let stream = tls
            .connect(name, socket)
            .await
            .map_err(|_| failed(ConnectFailure::Tls))?;
        Ok(Wire::Tls(Box::new(stream)))
    }
}

fn failed(failure: ConnectFailure) -> ProviderError {
    ProviderError::Connect { failure }
}

/// What was checked is what is connected to.
fn canonical(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => SocketAddr::new(ip.into(), address.port()),
        IpAddr::V6(_) => address,
    }
}
