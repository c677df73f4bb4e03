//! Infrastructure, deployment, monitoring, databases, secret stores.

pub(super) mod clusters;
pub(super) mod data;
pub(super) mod monitoring;
pub(super) mod network;
pub(super) mod secrets;
