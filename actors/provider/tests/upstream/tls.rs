//! TLS towards a private provider with an authority of its own.
//!
//! The certificates in `certificates/` are for these tests only; their key protects nothing.

use std::{path::PathBuf, sync::Arc};

use nenya_provider::{ConnectFailure, ProviderError};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::harness::*;

pub(crate) fn file(name: &str) -> PathBuf {
    [
        env!("CARGO_MANIFEST_DIR"),
        "tests/upstream/certificates",
        name,
    ]
    .iter()
    .collect()
}

pub(crate) fn server_config() -> rustls::ServerConfig {
    let chain = vec![CertificateDer::from_pem_file(file("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

/// Serves requests over TLS and gives the port; every request seen goes to `seen`.
fn serve(seen: Arc<std::sync::Mutex<Vec<String>>>) -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (listener, acceptor) = (
        TcpListener::from_std(listener).unwrap(),
        TlsAcceptor::from(Arc::new(server_config())),
    );
    actix_rt::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(socket).await else {
                continue;
            };
            assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
            let mut bytes = Vec::new();
            while stream.read_buf(&mut bytes).await.unwrap_or(0) > 0 {
                if bytes.ends_with(b"}]}") {
                    seen.lock()
                        .unwrap()
                        .push(String::from_utf8(std::mem::take(&mut bytes)).unwrap());
                    stream.write_all(json(REPLY).as_bytes()).await.unwrap();
                    stream.flush().await.unwrap();
                }
            }
        }
    });
    port
}

#[test]
fn key_and_request_arrive_through_tls_on_one_connection() {
    run(async {
        let seen = Arc::default();
        let port = serve(Arc::clone(&seen));
        for host in ["localhost", "127.0.0.1"] {
            let mut spec = Peer::answers("").spec();
            spec.url = format!("https://{host}:{port}/v1/chat/completions")
                .parse()
                .unwrap();
            spec.ca_file = Some(file("authority.pem"));
            let upstream = upstream_of(spec);
            for _ in 0..2 {
                assert_eq!(whole_body(ask(&upstream).await.unwrap()), REPLY);
            }
        }
        let seen = seen.lock().unwrap();
        assert_eq!(seen.len(), 4);
        for request in seen.iter() {
            assert!(request.contains(&format!("authorization: Bearer {KEY}\r\n")));
            assert!(!request.contains("placeholder"));
        }
    });
}

#[test]
fn unknown_authority_is_refused() {
    run(async {
        let port = serve(Arc::default());
        let mut spec = Peer::answers("").spec();
        spec.url = format!("https://localhost:{port}/").parse().unwrap();
        let expected = ProviderError::Connect {
            failure: ConnectFailure::Tls,
        };
        assert_eq!(ask(&upstream_of(spec)).await.unwrap_err(), expected);
    });
}
