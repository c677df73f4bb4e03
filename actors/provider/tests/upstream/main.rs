//! The upstream client against peers that speak HTTP by hand, byte by byte, on 127.0.0.1.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod actor;
mod aside;
mod awc_contract;
mod connections;
mod credentials;
mod discovery;
mod echo;
mod forward;
mod harness;
mod key_scan;
mod keys;
mod proofs;
mod realtime;
mod streams;
mod tls;
mod uploads;
mod whole;

// `proofs.rs` is shared with the crate's own tests, which know the trait by another path.
use nenya_provider::KeySource;
