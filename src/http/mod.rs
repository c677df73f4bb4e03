//! The HTTP edge: the only place with actix-web.
//!
//! Owns sockets, heads, bodies and answers. Never does: decide who may do what, choose a
//! provider, touch a key; it extracts, sends, maps. Read `dispatch.rs` first, then
//! `routes/mod.rs`.

pub mod body;
pub mod client_api;
pub mod closing;
pub mod connections;
pub mod cost;
pub mod dispatch;
mod earlier;
pub mod error;
pub mod event_gate;
pub mod exchange;
pub mod findings;
pub mod guard;
pub mod notes;
pub mod refusals;
pub mod relay;
pub mod remembered;
pub mod request_id;
pub mod routes;
pub mod seal_store;
pub mod server;
pub mod whereabouts;
pub mod worker;
