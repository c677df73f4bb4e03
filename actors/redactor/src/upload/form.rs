//! A form part by part: frames pass, heads and fields are redacted when they are whole, files as
//! they come.
//!
//! Owns the order of bytes on their way out. Reads on only when somebody asks for more.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream};
use wire::multipart::{FormReader, PartHead, Piece};

use super::file::{Checker, FileText};
use super::gather::Gather;
use super::{FormBody, Incoming, UploadError};
use crate::error::RedactError;

/// The field that names the model, and may be given another value.
const MODEL: &str = "model";

/// The bytes of `body` as `checker` lets them go.
pub(super) fn stream(
    body: FormBody,
    checker: Checker,
) -> impl Stream<Item = Result<Bytes, UploadError>> {
    let form = Form {
        checker,
        reader: body.reader,
        pieces: body.taken.into(),
        rest: Some(body.rest),
        open: Open::Nothing,
        out: Gather::default(),
        named: false,
    };
    stream::unfold(Some(form), |form| async move {
        let mut form = form?;
        match form.next().await {
            Ok(Some(bytes)) => Some((Ok(bytes), Some(form))),
            Ok(None) => {
                form.checker.watch.0.whole.set(true);
                None
            }
            Err(error) => {
                form.checker
                    .watch
                    .0
                    .error
                    .borrow_mut()
                    .get_or_insert(error.clone());
                Some((Err(error), None))
            }
        }
    })
}

struct Form {
    checker: Checker,
    reader: FormReader,
    pieces: VecDeque<Piece>,
    /// `None` at its end.
    rest: Option<Incoming>,
    open: Open,
    out: Gather,
    /// The model's field has been.
    named: bool,
}

enum Open {
    Nothing,
    Field(String, BytesMut),
    File(FileText),
}

impl Form {
    async fn next(&mut self) -> Result<Option<Bytes>, UploadError> {
        loop {
            if let Some(bytes) = self.out.next(false) {
                return Ok(Some(bytes));
            }
            if let Some(piece) = self.pieces.pop_front() {
                self.take(piece).await?;
                continue;
            }
            let Some(rest) = &mut self.rest else {
                return Ok(self.out.next(true));
            };
            match rest.next().await {
                Some(Ok(bytes)) => self.read(bytes)?,
                Some(Err(_)) => return Err(UploadError::Broken),
                None => {
                    self.reader.finish().map_err(UploadError::Form)?;
                    self.rest = None;
                }
            }
        }
    }

    fn read(&mut self, bytes: Bytes) -> Result<(), UploadError> {
        let mut pieces = Vec::new();
        let read = self.reader.push(bytes, &mut pieces);
        self.pieces.extend(pieces);
        read.map_err(UploadError::Form)
    }

    async fn take(&mut self, piece: Piece) -> Result<(), UploadError> {
        match piece {
            Piece::Frame(bytes) => self.out.push(bytes),
            Piece::Part(head) => self.begin(head).await?,
            Piece::Data(bytes) => self.data(bytes).await?,
            Piece::End => self.end().await?,
        }
        Ok(())
    }

    async fn begin(&mut self, head: PartHead) -> Result<(), UploadError> {
        if head.name.eq_ignore_ascii_case(MODEL) {
            let twice = std::mem::replace(&mut self.named, true);
            if twice || head.name != MODEL || head.is_file() {
                return Err(UploadError::Twice {
                    field: MODEL.to_owned(),
                });
            }
        }
        let name = head.name.clone();
        self.open = if head.is_file() {
            Open::File(FileText::new(name.clone(), &self.checker))
        } else {
            Open::Field(name.clone(), BytesMut::new())
        };
        let clean = self.checker.head(head).await;
        self.out.push(clean.map_err(|error| refused(name, error))?);
        Ok(())
    }

    async fn data(&mut self, bytes: Bytes) -> Result<(), UploadError> {
        match &mut self.open {
            Open::Nothing => self.out.push(bytes),
            Open::File(file) => file.push(bytes, &self.checker, &mut self.out).await?,
            Open::Field(name, value) => {
                value.extend_from_slice(&bytes);
                let limit = self.checker.rules.longest_text;
                if value.len() > limit {
                    let field = name.clone();
                    return Err(UploadError::TooLong { field, limit });
                }
            }
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<(), UploadError> {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => Ok(()),
            Open::File(file) => file.finish(&self.checker, &mut self.out).await,
            Open::Field(name, value) => {
                let other = self.checker.rules.model.as_ref();
                let clean = match other.filter(|_| name == MODEL) {
                    Some(model) => Ok(Bytes::from(model.clone())),
                    None => self.checker.either(&name, value.freeze()).await,
                };
                self.out.push(clean.map_err(|error| refused(name, error))?);
                Ok(())
            }
        }
    }
}

fn refused(field: String, error: RedactError) -> UploadError {
    UploadError::Redact {
        field,
        line: 0,
        error,
    }
}
