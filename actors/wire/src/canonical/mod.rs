//! One canonical conversation between all formats (ADR 0009).
//!
//! Owns: what can be said in a request, a reply and a stream, in words that belong to no format,
//! and the tools with which the formats' readers and writers are made. A value borrows from the
//! document it was read from: texts, numbers, schemas and arguments stay as they were spelt.
//!
//! Never does: know a format. A reader puts whatever has no place here into [`parts::Extra`]s, each with
//! its weight; nothing is dropped by a reader.
//!
//! Called by: `formats` (readers and writers) and `convert`. Read next: [`request`], [`step`].

pub(crate) mod base64;
pub(crate) mod effort;
pub(crate) mod error;
pub(crate) mod exchange;
pub(crate) mod failure;
pub(crate) mod logprobs;
pub(crate) mod media;
pub(crate) mod mimes;
pub(crate) mod notes;
pub(crate) mod out;
pub(crate) mod parts;
pub(crate) mod raw;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod seal;
pub(crate) mod side;
pub(crate) mod step;
pub(crate) mod text;
pub(crate) mod thinking;
