//! TLS of the listener: rustls 1.2 and 1.3, with a certificate that can be replaced in service.
//!
//! Owns the certificate in use. A reload reads and checks the new files first; a pair that does
//! not fit leaves the old one in use. Never does: verify clients (a later version).

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// Where certificate chain and private key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM, leaf first.
    pub certificate: PathBuf,
    /// PEM, PKCS#8, PKCS#1 or SEC1.
    pub key: PathBuf,
}

/// Why a certificate cannot be used.
#[derive(Debug)]
pub enum TlsError {
    /// A file could not be read or holds no PEM item of its kind.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: io::Error,
    },
    /// Key and certificate do not belong together, or the key's kind is not supported.
    Pair(rustls::Error),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, cause } => write!(f, "`{}`: {cause}", path.display()),
            Self::Pair(cause) => write!(f, "certificate and key cannot be used together: {cause}"),
        }
    }
}

impl std::error::Error for TlsError {}

/// The certificate in use; clones share it.
#[derive(Debug, Clone)]
pub struct Certificate {
    current: Arc<ArcSwap<CertifiedKey>>,
}

impl Certificate {
    /// Reads and checks the pair.
    ///
    /// # Errors
    /// [`TlsError`] naming the file.
    pub fn load(files: &TlsFiles) -> Result<Self, TlsError> {
        Ok(Self {
            current: Arc::new(ArcSwap::from_pointee(read_pair(files)?)),
        })
    }

    /// Puts `other`'s pair in use; connections that are open keep theirs.
    pub fn adopt(&self, other: &Self) {
        self.current.store(other.current.load_full());
    }

    /// The server's side of TLS with this certificate.
    ///
    /// # Errors
    /// [`TlsError::Pair`] if the crypto library lacks the protocol versions, which it does not.
    pub fn server_config(&self) -> Result<ServerConfig, TlsError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(TlsError::Pair)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(self.clone()));
        // HTTP/2 would hide a client that leaves from us, so that its upstream call went on.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

fn read_pair(files: &TlsFiles) -> Result<CertifiedKey, TlsError> {
    let chain = read_chain(&files.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|e| file_error(&files.key, e))?;
    let pair =
        CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(TlsError::Pair)?;
    pair.keys_match().map_err(TlsError::Pair)?;
    Ok(pair)
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let items = CertificateDer::pem_file_iter(path).map_err(|e| file_error(path, e))?;
    let chain: Vec<_> = items
        .collect::<Result<_, _>>()
        .map_err(|e| file_error(path, e))?;
    if chain.is_empty() {
        return Err(file_error(path, "it holds no certificate"));
    }
    Ok(chain)
}

fn file_error(path: &Path, cause: impl fmt::Display) -> TlsError {
    TlsError::File {
        path: path.to_owned(),
        cause: io::Error::other(cause.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named() {
        let files = TlsFiles {
            certificate: "/nonexistent/cert.pem".into(),
            key: "/nonexistent/key.pem".into(),
        };
        let error = Certificate::load(&files).expect_err("missing").to_string();
        assert!(error.contains("/nonexistent/cert.pem"), "{error}");
    }

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("empty.pem");
        std::fs::write(&path, "nothing here").expect("written");
        let error = read_chain(&path).expect_err("empty").to_string();
        assert!(error.contains("no certificate"), "{error}");
    }
}
