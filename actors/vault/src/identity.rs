//! Who may come in: what the secrets files say about a client besides its token.

use std::fmt;
use std::sync::Arc;

/// One client of the gateway. The vault only carries it; what it may do, the policy decides.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The key's id in `api_keys`, or `primary` for the `client_token`.
    pub id: String,
    /// What people call it; the id where the file gives no name.
    pub name: String,
    /// `admin`, `user`, `read-only`; at least one.
    pub roles: Vec<String>,
    /// Agents and models it may use; empty for all.
    pub allowed_agents: Vec<String>,
    /// `METHOD /path` it may use; empty for what its roles allow.
    pub allowed_endpoints: Vec<String>,
    /// From when on it is refused, in seconds since 1970.
    pub expires_at: Option<u64>,
    /// Whether it may be used at all. An entry that does not say so is enabled.
    pub enabled: bool,
    /// Sent to upstream APIs that keep caches apart by it.
    pub cache_salt: Option<String>,
}

impl Identity {
    /// The holder of the `client_token`, who may do everything.
    pub(crate) fn primary(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            roles: vec!["admin".to_owned()],
            allowed_agents: Vec::new(),
            allowed_endpoints: Vec::new(),
            expires_at: None,
            enabled: true,
            cache_salt: None,
        }
    }

    /// Whether it has expired at `now`, in seconds since 1970.
    #[must_use]
    pub fn is_expired(&self, now: u64) -> bool {
        self.expires_at.is_some_and(|end| now > end)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("roles", &self.roles)
            .field("allowed_agents", &self.allowed_agents)
            .field("allowed_endpoints", &self.allowed_endpoints)
            .field("expires_at", &self.expires_at)
            .field("enabled", &self.enabled)
            .field("cache_salt", &self.cache_salt.as_ref().map(|_| "***"))
            .finish()
    }
}

/// Proof that a token of this identity was presented. Only the vault makes it.
///
/// It says who came, not what they may do: a disabled or expired key is known too, so that the
/// policy can refuse it with the reason.
#[must_use]
pub struct Known {
    everybody: Arc<[Identity]>,
    number: usize,
}

impl Known {
    /// `None` if there is nobody with this number.
    pub(crate) fn new(everybody: Arc<[Identity]>, number: usize) -> Option<Self> {
        (number < everybody.len()).then_some(Self { everybody, number })
    }

    /// Who it is.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "the constructor has checked the number"
    )]
    pub fn identity(&self) -> &Identity {
        &self.everybody[self.number]
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Known").field(&self.identity().id).finish()
    }
}
