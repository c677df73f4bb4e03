//! What the tests of the built program share: an upstream, a gateway in front of it, a client.

pub(crate) mod departing;
pub(crate) mod dummy;
pub(crate) mod gateway;
pub(crate) mod http;
pub(crate) mod planted;
pub(crate) mod socket;
pub(crate) mod store;

pub(crate) use dummy::Dummy;
pub(crate) use gateway::{ADMIN, Gateway, PROVIDER_KEY, READER, Setup, USER, key, write_private};
pub(crate) use http::{Client, Failure, Reply, Request};

/// Lets others work for a moment, between two looks at something that will change.
pub(crate) fn pause() {
    std::thread::park_timeout(std::time::Duration::from_millis(5));
}
