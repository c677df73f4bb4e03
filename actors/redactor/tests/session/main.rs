//! Requests and their replies through the redactor: every place, every action, every cut.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests and their helpers fail by panicking"
)]

mod actions;
mod corpus_cuts;
mod cuts;
mod formats;
mod json_values;
mod kill;
mod look_alikes;
mod placeholders;
mod plain;
mod replies;
mod requests;
mod sessions;
mod support;
