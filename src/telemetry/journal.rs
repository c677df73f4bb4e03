//! A slog drain that writes native journal records: every key becomes a field of its own.

use std::fmt;
use std::io;

use log::kv::{self, Key, Source, ToValue, Value, VisitSource};
use slog::{Drain, KV as _, Level, OwnedKVList, Record, Serializer};
use systemd_journal_logger::JournalLog;

/// Sends records to journald's socket.
pub(super) struct JournalDrain(JournalLog);

impl JournalDrain {
    pub(super) const fn new(journal: JournalLog) -> Self {
        Self(journal)
    }
}

impl Drain for JournalDrain {
    type Ok = ();
    type Err = io::Error;

    fn log(&self, record: &Record<'_>, context: &OwnedKVList) -> io::Result<()> {
        let mut fields = Fields::default();
        record
            .kv()
            .serialize(record, &mut fields)
            .map_err(io::Error::other)?;
        context
            .serialize(record, &mut fields)
            .map_err(io::Error::other)?;
        let entry = log::Record::builder()
            .level(shifted(record.level()))
            .args(*record.msg())
            .target(record.module())
            .file(Some(record.file()))
            .line(Some(record.line()))
            .module_path(Some(record.module()))
            .key_values(&fields)
            .build();
        self.0.journal_send(&entry)
    }
}

/// The journal crate maps `Info` to priority 5 and `Debug` to 6; syslog's informational is 6.
const fn shifted(level: Level) -> log::Level {
    match level {
        Level::Critical | Level::Error => log::Level::Error,
        Level::Warning => log::Level::Warn,
        Level::Info => log::Level::Debug,
        Level::Debug | Level::Trace => log::Level::Trace,
    }
}

enum Field {
    Text(String),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Flag(bool),
}

impl ToValue for Field {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Unsigned(number) => (*number).into(),
            Self::Signed(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
        }
    }
}

#[derive(Default)]
struct Fields(Vec<(slog::Key, Field)>);

impl Fields {
    fn push(&mut self, key: slog::Key, field: Field) -> slog::Result {
        self.0.push((key, field));
        Ok(())
    }
}

impl Serializer for Fields {
    fn emit_arguments(&mut self, key: slog::Key, value: &fmt::Arguments<'_>) -> slog::Result {
        self.push(key, Field::Text(value.to_string()))
    }

    fn emit_str(&mut self, key: slog::Key, value: &str) -> slog::Result {
        self.push(key, Field::Text(value.to_owned()))
    }

    fn emit_u64(&mut self, key: slog::Key, value: u64) -> slog::Result {
        self.push(key, Field::Unsigned(value))
    }

    fn emit_i64(&mut self, key: slog::Key, value: i64) -> slog::Result {
        self.push(key, Field::Signed(value))
    }

    fn emit_f64(&mut self, key: slog::Key, value: f64) -> slog::Result {
        self.push(key, Field::Float(value))
    }

    fn emit_bool(&mut self, key: slog::Key, value: bool) -> slog::Result {
        self.push(key, Field::Flag(value))
    }

    fn emit_none(&mut self, _key: slog::Key) -> slog::Result {
        Ok(())
    }
}

impl Source for Fields {
    fn visit<'kvs>(&'kvs self, visitor: &mut dyn VisitSource<'kvs>) -> Result<(), kv::Error> {
        self.0
            .iter()
            .try_for_each(|(key, field)| visitor.visit_pair(Key::from_str(key), field.to_value()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn informational_records_keep_their_priority() {
        assert_eq!(shifted(Level::Info), log::Level::Debug);
        assert_eq!(shifted(Level::Warning), log::Level::Warn);
        assert_eq!(shifted(Level::Error), log::Level::Error);
    }
}
