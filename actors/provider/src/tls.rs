//! TLS towards providers: rustls with ring, TLS 1.2 and 1.3, HTTP/1.1 only.
//!
//! The machine's own authorities are used if it has any, else those of Mozilla; a provider may
//! have a file of its own beside them. HTTP/2 is not offered: see the project's library facts,
//! awc opens a burst of connections for it and does not notice dead ones.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::config::{ProviderKind, ProviderSpec};

/// Why there is no TLS configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsError {
    /// The file cannot be read, or holds no certificate in PEM.
    CaFile {
        /// The file.
        path: PathBuf,
    },
    /// The library supports none of the protocol versions.
    Versions,
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CaFile { path } => {
                write!(
                    f,
                    "`{}` holds no readable certificate in PEM",
                    path.display()
                )
            }
            Self::Versions => f.write_str("no usable TLS version"),
        }
    }
}

impl std::error::Error for TlsError {}

/// Makes the TLS configuration of one provider.
///
/// The machine's authorities are read once per process, and only for a provider that uses TLS.
///
/// # Errors
/// [`TlsError`] if `ca_file` is of no use.
pub fn tls_config(spec: &ProviderSpec) -> Result<Arc<ClientConfig>, TlsError> {
    let encrypted = spec.addresses().any(|(url, _)| url.is_tls());
    let needed = spec.kind != ProviderKind::Echo && encrypted;
    let mut roots = if needed {
        machine_roots().clone()
    } else {
        RootCertStore::empty()
    };
    if let Some(path) = &spec.ca_file {
        add_file(&mut roots, path)?;
    }
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .map_err(|_| TlsError::Versions)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), TlsError> {
    let unusable = || TlsError::CaFile {
        path: path.to_owned(),
    };
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|_| unusable())? {
        let certificate = certificate.map_err(|_| unusable())?;
        roots.add(certificate).map_err(|_| unusable())?;
    }
    if roots.len() == before {
        Err(unusable())
    } else {
        Ok(())
    }
}

fn machine_roots() -> &'static RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        // Certificates of the machine that rustls cannot read are its own affair; what is left
        // decides.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        roots
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(url: &str) -> ProviderSpec {
        ProviderSpec::new("p", ProviderKind::Http, url.parse().unwrap())
    }

    #[test]
    fn only_http_1_1_is_offered() {
        let config = tls_config(&spec("https://a.example/x")).unwrap();
        assert_eq!(config.alpn_protocols, [b"http/1.1"]);
    }

    #[test]
    fn authorities_are_never_missing() {
        assert!(!machine_roots().is_empty());
    }

    #[test]
    fn unusable_authority_file_is_refused_by_name() {
        let mut spec = spec("https://a.example/x");
        spec.ca_file = Some("Cargo.toml".into());
        assert_eq!(
            tls_config(&spec).unwrap_err(),
            TlsError::CaFile {
                path: "Cargo.toml".into()
            }
        );
        spec.ca_file = Some("no-such-file.pem".into());
        assert!(tls_config(&spec).is_err());
    }
}
