//! What the program says about itself: log records and metrics.
//!
//! Log records go to journald with native fields where there is a journal, to people as text on
//! a terminal, and as JSON lines elsewhere. They are written by a thread of their own behind a
//! bounded queue, so that no request waits for a slow journal; what had to be dropped is
//! reported. Never logged: prompts, replies, keys, header values, query strings.

mod journal;
mod library_logs;
mod lines;
pub mod metrics;

use std::io::{self, IsTerminal as _};
use std::sync::Mutex;

use slog::{Drain, Level, Logger, o};
use slog_async::{AsyncGuard, OverflowStrategy};
use systemd_journal_logger::{JournalLog, connected_to_journal};

pub use library_logs::forward_library_logs;
pub use lines::Lines;

/// Records that may wait for the writer before new ones are dropped and counted.
const QUEUE: usize = 16_384;

/// Where log records go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// The journal if stderr is connected to it, text on a terminal, else JSON.
    Auto,
    /// Native journal records.
    Journal,
    /// One JSON object a line on stderr.
    Json,
    /// Lines for people on stderr.
    Text,
}

/// Builds the root logger. The guard hands on what is queued when it is dropped; the lines are
/// to be flushed now and then, and after the guard.
pub fn logger(format: LogFormat, level: Level) -> (Logger, AsyncGuard, Lines) {
    let lines = Lines::default();
    let inner: Box<dyn slog::SendSyncRefUnwindSafeDrain<Ok = (), Err = slog::Never>> =
        match sink(format) {
            Sink::Journal(journal) => Box::new(journal::JournalDrain::new(journal).ignore_res()),
            Sink::Json => {
                let json = slog_json::Json::default(lines.clone());
                Box::new(Mutex::new(json).ignore_res())
            }
            Sink::Text => {
                let decorator = slog_term::TermDecorator::new().stderr().build();
                Box::new(Mutex::new(slog_term::FullFormat::new(decorator).build()).ignore_res())
            }
        };
    let (queue, guard) = slog_async::Async::new(inner)
        .chan_size(QUEUE)
        .overflow_strategy(OverflowStrategy::DropAndReport)
        .thread_name("log".to_owned())
        .build_with_guard();
    let drain = slog::LevelFilter::new(queue, level).fuse();
    (Logger::root(drain, o!()), guard, lines)
}

enum Sink {
    Journal(JournalLog),
    Json,
    Text,
}

fn sink(format: LogFormat) -> Sink {
    let journal = || {
        JournalLog::empty()
            .ok()
            .map(|log| log.with_syslog_identifier("nenya".to_owned()))
    };
    match format {
        LogFormat::Json => Sink::Json,
        LogFormat::Text => Sink::Text,
        LogFormat::Journal => journal().map_or(Sink::Json, Sink::Journal),
        LogFormat::Auto if connected_to_journal() => journal().map_or(Sink::Json, Sink::Journal),
        LogFormat::Auto if io::stderr().is_terminal() => Sink::Text,
        LogFormat::Auto => Sink::Json,
    }
}
