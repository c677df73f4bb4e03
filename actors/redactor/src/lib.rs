//! Redactor: takes secrets and personal data out of text before it leaves.
//!
//! Owns: the table of rules, the scan, the proof [`Redacted`], and a pool of threads for bodies
//! that are too large for the thread of a request.
//!
//! Never does: decide where text stands in a body (`wire` does), send anything, keep or log a
//! text. An error, a count and the observable state name rules and never what was found.
//!
//! Actor card:
//!
//! | | |
//! |---|---|
//! | owns | the pool's threads; the rule set is published and belongs to whoever reloads it |
//! | never does | scan on its own thread |
//! | messages | [`RedactPrompt`]; to itself: a look after its threads |
//! | mailbox | bounded by its child specification; beyond it `RedactError::Busy` |
//! | work in flight | at most `workers` jobs, `queue` more wait; beyond that [`RedactError::Busy`] |
//! | timeouts | `deadline` per job, waiting included: [`RedactError::Late`] |
//! | survives a restart | rule set, waiting jobs and counters |
//! | observable state | [`RedactorState`]: counts |
//! | fails | closed; `fail_open` passes the text and says so in its findings |
//!
//! Called by: the edge, once per request, through [`RedactorHandle`]. Small bodies never leave
//! the caller's thread and ask nobody.
//!
//! Read next: `table/row.rs` (a row of the table), `scan/mod.rs` (the scan), `treat/` (what is
//! done about findings), `session/` (one request and its reply), `pool.rs`.

#![deny(unsafe_code)]

/// Implements `Debug` for a type that holds texts, so that none gets into a log or a panic.
macro_rules! says_no_text {
    ($type:ident) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type)).finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use says_no_text;

mod actor;
mod checks;
mod config;
mod error;
mod findings;
mod fold;
mod groups;
mod handle;
mod known_rules;
mod messages;
mod pool;
mod prompt;
mod query;
mod readings;
mod redacted;
mod rule_set;
mod scan;
mod self_test;
mod session;
mod side;
mod state;
mod table;
mod treat;
mod upload;

pub use actor::Redactor;
pub use config::{Blocked, DEFAULT_LABEL, EntropyLimits, Preset, RedactionConfig};
pub use error::{PatternProblem, RedactError};
pub use findings::{Count, Findings, FoundAt, RuleId};
pub use handle::RedactorHandle;
pub use messages::RedactPrompt;
pub use pool::Ticket;
pub use redacted::Redacted;
pub use rule_set::{Finding, Inspected, RuleSet};
pub use scan::patterns::delay::{StreamDelay, stream_delay};
pub use session::{Passed, RedactedReply, ReplyRedactor, Who};
pub use state::{PoolCounts, RedactorState};
pub use table::row::{Action, Class};
pub use table::{RuleInfo, rule, rules};
pub use treat::actions::{ActionRow, Direction};
pub use treat::placeholder::PlaceholderLimits;
pub use upload::sniff::{Kind as FileKind, LOOKED_AT as SNIFFED, kind as file_kind};
pub use upload::{
    Broken, FilePolicy, FormBody, FormRules, Incoming, Unreadable, Upload, UploadError, UploadWatch,
};
