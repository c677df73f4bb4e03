//! Events of a buffer that holds whole ones, and the same events with other data.
//!
//! Owns the lines of an event: which of them are data, and that all others are written again as
//! they came, with their own line endings.

use std::borrow::Cow;
use std::ops::Range;

use super::{BYTE_ORDER_MARK, Field, field_of, find_line_end};

/// One event as it stands in a buffer, empty line included, or lines that are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeEvent<'a> {
    /// Its bytes in the buffer.
    pub range: Range<usize>,
    /// Those bytes.
    pub raw: &'a [u8],
    /// Value of the `event:` field; empty if there was none.
    pub name: &'a [u8],
    /// All `data:` lines, joined with line feeds; `None` if there was none (a comment, an empty
    /// line), which clients take for no event.
    pub data: Option<Cow<'a, [u8]>>,
}

/// The events of a buffer that ends between two events, in order and without gaps.
///
/// What follows the last empty line, if anything, is one more event: it is looked at too.
pub fn events(whole: &[u8]) -> Events<'_> {
    Events { whole, at: 0 }
}

/// Iterator of [`events`].
#[derive(Debug, Clone)]
pub struct Events<'a> {
    whole: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Events<'a> {
    type Item = WholeEvent<'a>;

    fn next(&mut self) -> Option<WholeEvent<'a>> {
        let from = self.at;
        if from >= self.whole.len() {
            return None;
        }
        let (mut name, mut data): (&[u8], Option<Cow<'a, [u8]>>) = (b"", None);
        while let Some(line) = Line::at(self.whole, self.at) {
            self.at = line.end;
            match line.field() {
                Field::End => break,
                Field::Name(value) => name = value,
                Field::Data(value) => data = Some(joined(data, value)),
                Field::Comment | Field::Other => {}
            }
        }
        let range = from..self.at;
        Some(WholeEvent {
            raw: self.whole.get(range.clone()).unwrap_or_default(),
            range,
            name,
            data,
        })
    }
}

fn joined<'a>(data: Option<Cow<'a, [u8]>>, value: &'a [u8]) -> Cow<'a, [u8]> {
    let Some(data) = data else {
        return Cow::Borrowed(value);
    };
    let mut data = data.into_owned();
    data.push(b'\n');
    data.extend_from_slice(value);
    Cow::Owned(data)
}

impl WholeEvent<'_> {
    /// Whether this is the event that ends a Chat Completions stream.
    pub fn is_done(&self) -> bool {
        let data = self.data.as_deref().unwrap_or_default();
        data.trim_ascii() == b"[DONE]"
    }

    /// Writes the event with other data; all its other lines are written as they came.
    pub fn write_with(&self, data: &[u8], out: &mut Vec<u8>) {
        self.write(None, data, out);
    }

    /// As [`write_with`](Self::write_with), under this name or without one, and without its
    /// comments and its `id` and `retry`: for an event that is put in before it.
    pub fn write_extra(&self, name: Option<&str>, data: &[u8], out: &mut Vec<u8>) {
        self.write(Some(name), data, out);
    }

    fn write(&self, extra: Option<Option<&str>>, data: &[u8], out: &mut Vec<u8>) {
        let (mut at, mut written) = (0, false);
        while let Some(line) = Line::at(self.raw, at) {
            at = line.end;
            match (line.field(), extra) {
                (Field::Data(_), _) => {
                    if !std::mem::replace(&mut written, true) {
                        write_name(extra.flatten(), line.ending(), out);
                        write_data(data, line.ending(), out);
                    }
                }
                (Field::Name(_) | Field::Comment | Field::Other, Some(_)) => {}
                _ => out.extend_from_slice(line.whole),
            }
        }
    }
}

fn write_name(name: Option<&str>, ending: &[u8], out: &mut Vec<u8>) {
    if let Some(name) = name {
        out.extend_from_slice(b"event: ");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(if ending.is_empty() { b"\n" } else { ending });
    }
}

fn write_data(data: &[u8], ending: &[u8], out: &mut Vec<u8>) {
    let ending = if ending.is_empty() { b"\n" } else { ending };
    for line in data.split(|byte| *byte == b'\n') {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(line);
        out.extend_from_slice(ending);
    }
}

struct Line<'a> {
    /// With its ending.
    whole: &'a [u8],
    /// Without.
    text: &'a [u8],
    /// Where the next line begins.
    end: usize,
}

impl<'a> Line<'a> {
    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let len = find_line_end(rest).unwrap_or(rest.len());
        let ending = match (rest.get(len), rest.get(len + 1)) {
            (None, _) => 0,
            (Some(b'\r'), Some(b'\n')) => 2,
            _ => 1,
        };
        let whole = rest.get(..len + ending)?;
        Some(Self {
            whole,
            text: rest.get(..len)?,
            end: at + len + ending,
        })
    }

    /// A byte order mark before the first line of a stream is no part of it.
    fn field(&self) -> Field<'a> {
        field_of(self.text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(self.text))
    }

    fn ending(&self) -> &'a [u8] {
        self.whole.get(self.text.len()..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::EventScanner;
    use super::*;
    use proptest::prelude::*;

    fn seen(whole: &[u8]) -> Vec<(String, Option<String>)> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        events(whole)
            .map(|event| (text(event.name), event.data.as_deref().map(text)))
            .collect()
    }

    fn written(whole: &[u8], data: &[u8]) -> String {
        let mut out = Vec::new();
        for event in events(whole) {
            event.write_with(data, &mut out);
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn events_and_what_is_between_them_are_told_apart() {
        let named = |name: &str, data: Option<&str>| (name.to_owned(), data.map(str::to_owned));
        assert_eq!(
            seen(b": hi\n\nevent: a\r\nid: 7\r\ndata: x\r\ndata:y\r\n\r\ndata: z\r\r\ndata: open"),
            [
                named("", None),
                named("a", Some("x\ny")),
                named("", Some("z")),
                named("", Some("open")),
            ]
        );
    }

    #[test]
    fn one_line_of_data_is_not_copied() {
        let whole = b"data: {}\n\n";
        let event = events(whole).next().unwrap();
        assert!(matches!(event.data, Some(Cow::Borrowed(b"{}"))));
        assert_eq!(event.range, 0..whole.len());
    }

    #[test]
    fn other_lines_are_written_as_they_came() {
        assert_eq!(
            written(
                b": c\r\nevent: a\r\nid:7\r\ndata: x\r\ndata: y\r\nretry: 1\r\n\r\n",
                b"new\nline"
            ),
            ": c\r\nevent: a\r\nid:7\r\ndata: new\r\ndata: line\r\nretry: 1\r\n\r\n"
        );
        assert_eq!(written(b": c\n\n", b"new"), ": c\n\n");
        assert_eq!(written(b"data: cut", b"new"), "data: new\n");
    }

    #[test]
    fn an_extra_event_has_its_name_and_data_only() {
        let event = events(b": c\nevent: a\nid: 7\ndata: x\n\n").next().unwrap();
        let mut out = Vec::new();
        event.write_extra(Some("b"), b"1", &mut out);
        event.write_extra(None, b"2", &mut out);
        assert_eq!(out, b"event: b\ndata: 1\n\ndata: 2\n\n");
    }

    proptest! {
        #[test]
        fn both_readers_see_the_same_events_and_no_byte_is_lost(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "data: a", "data", "data:b", "event: e", ": c", "id: 1", "x", "\n", "\r", "\r\n", "\n\n",
            ]), 0..20),
        ) {
            let mut whole = pieces.concat().into_bytes();
            whole.extend_from_slice(b"\n\n");
            let raw: Vec<u8> = events(&whole).flat_map(|event| event.raw.to_vec()).collect();
            prop_assert_eq!(&raw, &whole);
            let mut wanted = Vec::new();
            let mut scanner = EventScanner::new();
            scanner.push(&whole, |event| wanted.push((event.name.to_vec(), event.data.to_vec()))).unwrap();
            let ours: Vec<_> = events(&whole)
                .filter_map(|event| Some((event.name.to_vec(), event.data?.into_owned())))
                .collect();
            prop_assert_eq!(ours, wanted);
        }
    }
}
