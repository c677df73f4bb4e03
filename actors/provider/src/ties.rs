//! What ties a request to others of the same client.
//!
//! Owns nothing but the names. Made by the edge, which knows the client; read by the router, which
//! keeps to the provider, and by the call, which reads the rest.

use std::sync::Arc;

use wire::SealMemory;

/// What ties a request to those before it. The default ties it to none.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    /// The only provider that can go on: it keeps the response or the conversation that the request
    /// names, and others do not know the id.
    pub kept_by: Option<Arc<str>>,
    /// What was kept of earlier answers, and takes more, where the client's API has no field for
    /// it.
    pub seals: Option<Arc<dyn SealMemory>>,
    /// The id of the client's key; it does not leave the gateway.
    pub client: Option<Arc<str>>,
    /// What keeps the client's prompt cache apart, if the operator set it.
    pub cache_salt: Option<Arc<str>>,
}
