//! API formats as pure functions over bytes: requests, event streams, usage, errors.
//!
//! Owns: how a chat request, an event stream, a usage record and an error body look on the wire,
//! and how one value in them is changed without touching any other byte.
//!
//! Never does: I/O, time, policy. It knows no actor and no provider, keeps no state between two
//! calls (apart from [`sse::EventScanner`], which belongs to one stream), and never panics on
//! what it reads: everything here is fed bytes from strangers.
//!
//! Called by: the HTTP edge (parse, errors), the redactor (texts), the providers (model splice,
//! streams, usage). Read next: [`scanner`], since every other file stands on it.

#![forbid(unsafe_code)]

pub mod aws_event_stream;
mod call_head;
mod canonical;
mod chat_reply;
mod chat_request;
mod convert;
pub mod count_tokens;
mod error;
mod error_body;
mod escape;
mod events;
mod format;
mod formats;
mod fragment;
mod framing;
pub mod multipart;
mod named;
pub mod ndjson;
mod percent;
pub mod query;
pub mod realtime;
pub mod scanner;
pub mod sse;
mod texts;
mod usage;
mod usage_chunk;
mod walk;
pub mod websocket;
mod zones;

pub use call_head::{CallHead, with_model};
pub use canonical::effort::Effort;
pub use canonical::error::{FormatCause, FormatError};
pub use canonical::failure::{Failure, FailureKind};
pub use canonical::notes::{shown_note, shown_notes};
pub use canonical::reply::Counts;
pub use chat_request::{ChatRequest, last_user_text};
pub use convert::{
    BlockDigest, Converted, Progress, ReplyTranslator, SealMemory, TranslateError, Unconvertible,
    carries_foreign_seals, chooses_effort, convert_reply, convert_request, keep_alive, loses_seals,
    read_failure, usage_of_reply, write_failure, write_stream_failure,
};
pub use error::{JsonPath, WireError};
pub use error_body::ErrorBody;
pub use escape::{escape_json, json_string};
pub use events::{
    End, EventTexts, Flow, Slot, SlotKey, event_texts, only_slot, session_event_texts,
};
pub use format::{ApiFormat, UnknownFormat};
pub use formats::{Asked, Shown, Target, ThinkingForm, gemini_budget, gemini_level};
pub use fragment::{Fragment, FragmentSink, Respelling};
pub use framing::{Framer, Unframer, as_event};
pub use scanner::JsonLimits;
pub use texts::{
    JsonTexts, TextKind, TextSpan, repacked, reply_texts, request_texts, rewrite_json_texts,
    text_spans, unpacked,
};
pub use usage::Usage;
pub use usage_chunk::without_usage_chunk;

/// Builders for replies in the Chat Completions format, whole and streamed.
pub mod chat {
    pub use crate::chat_reply::{
        ReplyHead, chunk_finish, chunk_role, chunk_text, chunk_usage, completion,
    };
}

mod fields;
pub use fields::{field_str, is_json_object};
