//! The built program, as its users meet it: started as a process, spoken to over sockets.
//!
//! One binary, a module per theme. Every test starts a gateway and an upstream of its own, on
//! addresses of its own, so they run side by side. Nothing here looks inside the program.

#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod addresses;
mod bad_config;
mod bad_input;
mod bad_secrets;
mod bad_upstream;
mod broken_streams;
mod command_line;
mod continued;
mod curl;
mod departures;
mod endpoints;
mod errors;
#[cfg(feature = "faults")]
mod faults;
mod fetched_files;
mod formats;
mod hard_secrets;
mod harness;
mod inherited;
mod kept_seals;
#[cfg(feature = "faults")]
mod large_bodies;
mod leaks;
mod leaving;
mod limits;
mod model_names;
mod models;
mod packed_documents;
mod proxy;
mod realtime;
mod realtime_cost;
mod realtime_ends;
mod realtime_secrets;
mod redact_command;
mod redacted_proxy;
mod redacted_replies;
mod redaction;
mod redaction_config;
mod refused_by_providers;
mod reload;
mod resources;
mod streams;
mod tls;
mod uploads;
mod wishes;
