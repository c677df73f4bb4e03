//! One file of a form: what it is, and how its text is redacted without having all of it.
//!
//! Owns the choice of way. JSON lines are redacted line by line, as strictly as prompts; another
//! JSON document is held until it is whole; other text is redacted as it runs; what is no text
//! passes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use wire::multipart::PartHead;

use super::gather::Gather;
use super::sniff::{self, Kind, LOOKED_AT};
use super::{FilePolicy, FormRules, Unreadable, UploadError, UploadWatch};
use crate::error::RedactError;
use crate::handle::RedactorHandle;
use crate::prompt::{Noted, begins_json};
use crate::rule_set::RuleSet;
use crate::session::{Party, PlainText, Who};

/// What a form's texts are checked with.
pub(super) struct Checker {
    pub(super) redactor: RedactorHandle,
    pub(super) set: Arc<RuleSet>,
    pub(super) party: Party,
    pub(super) key_id: String,
    pub(super) agent: Option<String>,
    pub(super) rules: FormRules,
    pub(super) watch: UploadWatch,
}

impl Checker {
    fn who(&self) -> Who<'_> {
        Who {
            key_id: &self.key_id,
            agent: self.agent.as_deref(),
        }
    }

    pub(super) async fn json(&self, body: Bytes) -> Result<Bytes, RedactError> {
        let limits = &self.rules.json;
        let clean = self.redactor.redact_json(body, limits, self.who()).await?;
        self.watch.found(clean.findings());
        Ok(clean.into_inner())
    }

    async fn text(&self, name: &str, body: Bytes) -> Result<Bytes, RedactError> {
        let redacted = self
            .redactor
            .redact_value(name.to_owned(), body, self.who());
        let clean = redacted.await?;
        self.watch.found(clean.findings());
        Ok(clean.into_inner())
    }

    /// Redacts the head of a part.
    pub(super) async fn head(&self, head: PartHead) -> Result<Bytes, RedactError> {
        let redacted = self.redactor.redact_head(head, self.who());
        let clean = redacted.await?;
        self.watch.found(clean.findings());
        Ok(clean.into_inner())
    }

    /// Redacts a text that may be JSON inside: the value of the field `name`, or, without a name,
    /// a file.
    pub(super) async fn either(&self, name: &str, body: Bytes) -> Result<Bytes, RedactError> {
        if !begins_json(&body) {
            return self.text(name, body).await;
        }
        match self.json(body.clone()).await {
            // No JSON after all. With escapes it could hide a secret from us.
            Err(RedactError::Json(error)) if memchr::memmem::find(&body, b"\\u").is_some() => {
                Err(RedactError::Json(error))
            }
            Err(RedactError::Json(_)) => self.text(name, body).await,
            checked => checked,
        }
    }
}

/// See the module's text.
pub(super) struct FileText {
    field: String,
    way: Way,
}

enum Way {
    /// What it is cannot be said yet.
    Sniffing(BytesMut),
    Pass,
    Lines(Lines),
    Whole(BytesMut),
    Running(Box<Running>),
}

#[derive(Default)]
struct Lines {
    torn: BytesMut,
    done: u64,
}

#[derive(Default)]
struct Running {
    plain: PlainText,
    noted: Noted,
}

impl FileText {
    pub(super) fn new(field: String, checker: &Checker) -> Self {
        let passes = checker.rules.files == FilePolicy::Pass || !checker.set.config().enabled;
        let way = if passes {
            Way::Pass
        } else {
            Way::Sniffing(BytesMut::new())
        };
        Self { field, way }
    }

    pub(super) async fn push(
        &mut self,
        bytes: Bytes,
        checker: &Checker,
        out: &mut Gather,
    ) -> Result<(), UploadError> {
        let mut bytes = bytes;
        if let Way::Sniffing(beginning) = &mut self.way {
            beginning.extend_from_slice(&bytes);
            if beginning.len() < LOOKED_AT {
                return Ok(());
            }
            bytes = self.decide(checker)?;
        }
        self.go_on(bytes, checker, out).await
    }

    /// The file is whole.
    pub(super) async fn finish(
        mut self,
        checker: &Checker,
        out: &mut Gather,
    ) -> Result<(), UploadError> {
        if let Way::Sniffing(_) = self.way {
            let bytes = self.decide(checker)?;
            self.go_on(bytes, checker, out).await?;
        }
        match &mut self.way {
            Way::Pass | Way::Sniffing(_) => Ok(()),
            Way::Lines(lines) => {
                let last = std::mem::take(&mut lines.torn).freeze();
                self.line(last, checker, out).await?;
                self.document(checker, out).await
            }
            Way::Whole(_) => self.document(checker, out).await,
            Way::Running(_) => self.running(None, checker, out),
        }
    }

    /// Chooses the way by what has come, and gives that back.
    fn decide(&mut self, checker: &Checker) -> Result<Bytes, UploadError> {
        let Way::Sniffing(beginning) = std::mem::replace(&mut self.way, Way::Pass) else {
            return Ok(Bytes::new());
        };
        let unreadable = |reason| {
            let field = self.field.clone();
            Err(UploadError::Unreadable { field, reason })
        };
        self.way = match sniff::kind(&beginning) {
            Kind::OtherCharset => return unreadable(Unreadable::OtherCharset),
            Kind::Binary if checker.rules.files == FilePolicy::TextOnly => {
                return unreadable(Unreadable::Binary);
            }
            Kind::Binary => Way::Pass,
            Kind::Json | Kind::Text if checker.rules.fragment => {
                return unreadable(Unreadable::Fragment);
            }
            Kind::Json => Way::Lines(Lines::default()),
            Kind::Text => Way::Running(Box::default()),
        };
        Ok(beginning.freeze())
    }

    async fn go_on(
        &mut self,
        bytes: Bytes,
        checker: &Checker,
        out: &mut Gather,
    ) -> Result<(), UploadError> {
        match &mut self.way {
            Way::Sniffing(_) | Way::Pass => out.push(bytes),
            Way::Whole(whole) => {
                whole.extend_from_slice(&bytes);
                let length = whole.len();
                self.fits(length, checker)?;
            }
            Way::Running(_) => self.running(Some(bytes), checker, out)?,
            Way::Lines(_) => self.lines(bytes, checker, out).await?,
        }
        Ok(())
    }

    async fn lines(
        &mut self,
        bytes: Bytes,
        checker: &Checker,
        out: &mut Gather,
    ) -> Result<(), UploadError> {
        let mut bytes = bytes;
        while let Way::Lines(lines) = &mut self.way {
            match lines.next(&mut bytes) {
                Some(line) => self.line(line, checker, out).await?,
                None => {
                    let held = lines.torn.len();
                    return self.fits(held, checker);
                }
            }
        }
        // The first line was no document; the whole file may be one.
        if let Way::Whole(whole) = &mut self.way {
            whole.extend_from_slice(&bytes);
            let length = whole.len();
            self.fits(length, checker)?;
        }
        Ok(())
    }

    /// One line with its end.
    async fn line(
        &mut self,
        line: Bytes,
        checker: &Checker,
        out: &mut Gather,
    ) -> Result<(), UploadError> {
        let Way::Lines(lines) = &mut self.way else {
            return Ok(());
        };
        lines.done += 1;
        let number = lines.done;
        let mark: &[u8] = if number == 1 { b"\xef\xbb\xbf" } else { b"" };
        let text = line.strip_prefix(mark).unwrap_or(&line).trim_ascii();
        if text.is_empty() {
            out.push(line);
            return Ok(());
        }
        let at = line.len()
            - line
                .strip_prefix(mark)
                .unwrap_or(&line)
                .trim_ascii_start()
                .len();
        let text = line.slice(at..at + text.len());
        match checker.json(text.clone()).await {
            Ok(clean) => {
                out.push(line.slice(..at));
                let end = line.slice(at + text.len()..);
                out.push(clean);
                out.push(end);
                Ok(())
            }
            Err(RedactError::Json(_)) if number == 1 => {
                self.way = Way::Whole(BytesMut::from(&line[..]));
                self.fits(line.len(), checker)
            }
            Err(error) => Err(self.refused(number, error)),
        }
    }

    /// The whole document, if the file is one.
    async fn document(&mut self, checker: &Checker, out: &mut Gather) -> Result<(), UploadError> {
        let Way::Whole(whole) = &mut self.way else {
            return Ok(());
        };
        let whole = std::mem::take(whole).freeze();
        let clean = checker.either("", whole).await;
        out.push(clean.map_err(|error| self.refused(0, error))?);
        Ok(())
    }

    /// Text as it runs; `None` at its end.
    fn running(
        &mut self,
        piece: Option<Bytes>,
        checker: &Checker,
        out: &mut Gather,
    ) -> Result<(), UploadError> {
        let Way::Running(running) = &mut self.way else {
            return Ok(());
        };
        let redacted = catch_unwind(AssertUnwindSafe(|| running.step(piece.as_deref(), checker)));
        let redacted = redacted.unwrap_or(Err(RedactError::Panicked));
        // Told as a whole, so that a place is told once.
        if piece.is_none() || redacted.is_err() {
            checker.watch.found(&running.noted.findings);
        }
        let bytes = redacted.map_err(|error| self.refused(0, error))?;
        out.push(Bytes::from(bytes));
        Ok(())
    }

    fn fits(&self, length: usize, checker: &Checker) -> Result<(), UploadError> {
        let limit = checker.rules.longest_text;
        if length <= limit {
            return Ok(());
        }
        let field = self.field.clone();
        Err(UploadError::TooLong { field, limit })
    }

    fn refused(&self, line: u64, error: RedactError) -> UploadError {
        let field = self.field.clone();
        UploadError::Redact { field, line, error }
    }
}

impl Lines {
    /// The next line of what came, which is only copied where a cut tears it; what follows the
    /// last line end is kept.
    fn next(&mut self, bytes: &mut Bytes) -> Option<Bytes> {
        let Some(end) = memchr::memchr(b'\n', bytes).map(|at| at + 1) else {
            self.torn.extend_from_slice(bytes);
            bytes.clear();
            return None;
        };
        let line = bytes.split_to(end);
        if self.torn.is_empty() {
            return Some(line);
        }
        let mut torn = std::mem::take(&mut self.torn);
        torn.extend_from_slice(&line);
        Some(torn.freeze())
    }
}

impl Running {
    fn step(&mut self, piece: Option<&[u8]>, checker: &Checker) -> Result<Vec<u8>, RedactError> {
        let (set, side) = (&checker.set, checker.set.requests());
        let mut treatment = set.request_treatment(&checker.party, &mut self.noted);
        let mut out = Vec::new();
        let stepped = match piece {
            Some(piece) => self.plain.push(side, &mut treatment, piece, &mut out),
            None => self.plain.finish(side, &mut treatment, &mut out),
        };
        treatment.findings.placed(|| "file".to_owned());
        stepped.map_err(|error| error.at_place(|| "file".to_owned()))?;
        Ok(out)
    }
}
