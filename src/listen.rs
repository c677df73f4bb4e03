//! Listening sockets: inherited from systemd, or bound by ourselves.
//!
//! Inherited sockets must be taken before the program has a second thread, since their number
//! comes from the environment. A socket unit keeps the port open over restarts, so no connection
//! is refused while the program is away (promise N9).

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::os::fd::{FromRawFd as _, OwnedFd, RawFd};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections that the kernel holds for us while all workers are busy.
const BACKLOG: i32 = 4096;

/// Sockets that were handed over, by the name their unit gives them.
#[derive(Debug, Default)]
pub struct Inherited {
    sockets: Vec<(String, TcpListener)>,
}

/// Why there is no socket to listen on.
#[derive(Debug)]
pub enum ListenError {
    /// The address could not be read or resolved.
    Address {
        /// As configured.
        address: String,
        /// What is wrong with it.
        cause: io::Error,
    },
    /// The kernel refused the address.
    Bind {
        /// As resolved.
        address: SocketAddr,
        /// The kernel's reason.
        cause: io::Error,
    },
    /// The service manager's sockets could not be taken over.
    Inherit(io::Error),
    /// A socket from the service manager is open to other machines without protection.
    Exposed(SocketAddr),
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { address, cause } => {
                write!(f, "`{address}` is no address to listen on: {cause}")
            }
            Self::Bind { address, cause } if cause.kind() == io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "{address} is in use by another program; choose another `server.listen_addr` or stop that program (`ss -ltnp`)"
                )
            }
            Self::Bind { address, cause } if cause.kind() == io::ErrorKind::PermissionDenied => {
                write!(
                    f,
                    "{address} may not be bound by this user; ports below 1024 need a socket unit"
                )
            }
            Self::Bind { address, cause } => write!(f, "cannot listen on {address}: {cause}"),
            Self::Exposed(address) => write!(
                f,
                "the socket unit listens on {address}, which other machines can reach: set `server.tls`, or `server.behind_proxy`: true if a proxy in front does TLS, or `ListenStream=127.0.0.1:{}`",
                address.port()
            ),
            Self::Inherit(cause) => {
                write!(f, "cannot take over the service manager's sockets: {cause}")
            }
        }
    }
}

impl std::error::Error for ListenError {}

impl Inherited {
    /// Takes what the service manager handed over; empty if it handed over nothing.
    ///
    /// # Errors
    /// [`ListenError::Inherit`] if what was handed over is no listening TCP socket.
    pub fn take() -> Result<Self, ListenError> {
        let given = sd_notify::listen_fds_with_names()
            .map_err(|e| ListenError::Inherit(io::Error::other(e)))?;
        let mut sockets = Vec::new();
        for (descriptor, name) in given {
            let socket = Socket::from(adopt(descriptor));
            if !socket.is_listener().map_err(ListenError::Inherit)? {
                return Err(ListenError::Inherit(io::Error::other(format!(
                    "descriptor {descriptor} is not a listening socket"
                ))));
            }
            sockets.push((name, TcpListener::from(socket)));
        }
        Ok(Self { sockets })
    }

    /// The socket for the admin listener, named `admin` by its unit.
    pub fn admin(&mut self) -> Option<TcpListener> {
        let at = self
            .sockets
            .iter()
            .position(|(name, _)| name == "admin" || name.ends_with("-admin.socket"))?;
        Some(self.sockets.swap_remove(at).1)
    }

    /// All sockets that are left, for the public listener.
    pub fn public(&mut self) -> Vec<TcpListener> {
        self.sockets.drain(..).map(|(_, socket)| socket).collect()
    }
}

/// Refuses a socket that other machines can reach, as the configuration's own addresses are.
///
/// # Errors
/// [`ListenError::Exposed`].
pub fn refuse_exposed(socket: &TcpListener) -> Result<(), ListenError> {
    match socket.local_addr() {
        Ok(address) if !address.ip().to_canonical().is_loopback() => {
            Err(ListenError::Exposed(address))
        }
        _ => Ok(()),
    }
}

#[expect(
    unsafe_code,
    reason = "a descriptor from the service manager becomes an owned one; see docs/unsafe.md"
)]
fn adopt(descriptor: RawFd) -> OwnedFd {
    // SAFETY: the service manager opened this descriptor for this process and nobody else here
    // owns it: `take` runs once, first thing in `main`, and the protocol passes each one once.
    unsafe { OwnedFd::from_raw_fd(descriptor) }
}

/// Binds `address`, which may be `host:port` or `:port`.
///
/// # Errors
/// [`ListenError::Address`], [`ListenError::Bind`].
pub fn bind(address: &str) -> Result<TcpListener, ListenError> {
    let full = if address.starts_with(':') {
        format!("[::]{address}")
    } else {
        address.to_owned()
    };
    let wrong = |cause| ListenError::Address {
        address: address.to_owned(),
        cause,
    };
    let resolved = full.to_socket_addrs().map_err(wrong)?.next();
    let resolved = resolved.ok_or_else(|| wrong(io::Error::other("it resolves to nothing")))?;
    listen_on(resolved).map_err(|cause| ListenError::Bind {
        address: resolved,
        cause,
    })
}

fn listen_on(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_use_is_named_with_the_remedy() {
        let first = bind("127.0.0.1:0").expect("bound");
        let taken = first.local_addr().expect("address").to_string();
        let error = bind(&taken).expect_err("in use").to_string();
        assert!(
            error.contains(&taken) && error.contains("ss -ltnp"),
            "{error}"
        );
    }

    #[test]
    fn nonsense_is_refused_as_an_address() {
        assert!(matches!(bind("nonsense"), Err(ListenError::Address { .. })));
    }
}
