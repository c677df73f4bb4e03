//! What libraries log through the `log` facade, sent on to the program's own logger.
//!
//! Capped at `info` at compile time (see the workspace table): at finer levels an HTTP client
//! would print request headers.

use log::{LevelFilter, Log, Metadata, Record};
use slog::Logger;

struct Forwarder(Logger);

impl Log for Forwarder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        match record.level() {
            log::Level::Error => {
                slog::error!(self.0, "{}", record.args(); "library" => record.target())
            }
            _ => slog::warn!(self.0, "{}", record.args(); "library" => record.target()),
        }
    }

    fn flush(&self) {}
}

/// Makes `logger` the receiver of what libraries log at warning level and above.
///
/// Only the first call has an effect, since the facade takes one receiver per process.
pub fn forward_library_logs(logger: Logger) {
    if log::set_boxed_logger(Box::new(Forwarder(logger))).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}
