//! Forms with files that pass through the redactor without ever being whole.
//!
//! Owns: what is done about each part, and the proof for a body that streams. Heads and fields are
//! redacted when they are whole; files of text line by line or as running text; files that are no
//! text pass.
//! Never does: read a socket or write one. It is polled by who sends, and polls who receives, so
//! nobody is faster than the slowest.
//!
//! An [`Upload`] ends with an error where something may not pass. Who sends it then breaks off in
//! the middle, so that the other side never has a whole request.
//!
//! Read next: `form.rs` (parts), `head.rs` (their heads), `file.rs` (files), `sniff.rs` (what is
//! text).

mod file;
mod form;
mod gather;
mod head;
pub(crate) mod sniff;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use wire::JsonLimits;
use wire::multipart::{FormError, FormReader, Piece};

use crate::error::RedactError;
use crate::findings::Findings;
use crate::handle::RedactorHandle;
use crate::redacted::{Redacted, Seed};
use crate::session::{Party, Who};
use crate::treat::placeholder::StandIns;

/// What is done about files on their way to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FilePolicy {
    /// Text is redacted, what is no text passes.
    #[default]
    Redact,
    /// Text is redacted, what is no text is refused.
    TextOnly,
    /// Everything passes as it is.
    Pass,
}

/// How one form is treated.
#[derive(Debug, Clone)]
pub struct FormRules {
    /// What is done about its files.
    pub files: FilePolicy,
    /// Its files are pieces of a larger one, cut anywhere: a secret may stand across two of them,
    /// so text cannot be checked and is refused.
    pub fragment: bool,
    /// What stands in the field `model` instead of what the client wrote.
    pub model: Option<String>,
    /// Limits of JSON inside of fields and files.
    pub json: JsonLimits,
    /// The longest field, line of JSON, or JSON document, in bytes: these are held to be checked.
    pub longest_text: usize,
}

/// The client's side of an upload failed; whoever feeds it knows how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// The bytes of a form as they come.
pub type Incoming = Pin<Box<dyn Stream<Item = Result<Bytes, Broken>>>>;

/// A form: what was read of it already, and the rest.
pub struct FormBody {
    /// The reader that read `taken`.
    pub reader: FormReader,
    /// From the first byte on.
    pub taken: Vec<Piece>,
    /// What follows.
    pub rest: Incoming,
    /// The length of the whole form, where the client said it.
    pub length: Option<u64>,
}

/// Why an upload was broken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadError {
    /// The client's side failed.
    Broken,
    /// The form cannot be read.
    Form(FormError),
    /// A field, a line or a document is too long to be checked.
    TooLong {
        /// The field.
        field: String,
        /// The most bytes.
        limit: usize,
    },
    /// What stands in this field could not be redacted, or is blocked.
    Redact {
        /// The field.
        field: String,
        /// The line of its file, counted from 1; 0 if it has no lines.
        line: u64,
        /// Why.
        error: RedactError,
    },
    /// A file is a piece of a larger text, or text in another encoding than UTF-8, or no text
    /// where only text may pass.
    Unreadable {
        /// The field.
        field: String,
        /// Why it cannot be read.
        reason: Unreadable,
    },
    /// The field stands twice, so that two readers could read two values.
    Twice {
        /// The field.
        field: String,
    },
}

/// Why a file cannot be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// A piece of a larger text.
    Fragment,
    /// Text in UTF-16 or UTF-32.
    OtherCharset,
    /// No text.
    Binary,
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken => f.write_str("the client's side of the upload failed"),
            Self::Form(error) => write!(f, "the form cannot be read: {error}"),
            Self::TooLong { limit, .. } => {
                write!(f, "a text of the form is longer than {limit} bytes")
            }
            Self::Redact { line: 0, error, .. } => write!(f, "{error}"),
            Self::Redact { line, error, .. } => write!(f, "line {line} of a file: {error}"),
            Self::Unreadable { reason, .. } => f.write_str(match reason {
                Unreadable::Fragment => "a piece of a text cannot be checked by itself",
                Unreadable::OtherCharset => "a file is text in another encoding than utf-8",
                Unreadable::Binary => "a file is no text",
            }),
            Self::Twice { .. } => f.write_str("a field of the form stands twice"),
        }
    }
}

impl std::error::Error for UploadError {}

/// A form on its way through the redactor.
///
/// Only this crate makes one, so a `Redacted<Upload>` is the proof that whatever it yields was
/// looked at:
///
/// ```compile_fail,E0451
/// let bytes = Box::pin(futures_util::stream::empty());
/// let forged = nenya_redactor::Upload { bytes, length: None };
/// ```
pub struct Upload {
    bytes: Pin<Box<dyn Stream<Item = Result<Bytes, UploadError>>>>,
    length: Option<u64>,
}

impl Upload {
    /// The length of the body, where nothing can change it.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }
}

impl Stream for Upload {
    type Item = Result<Bytes, UploadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().bytes.as_mut().poll_next(cx)
    }
}

/// What is known of an upload while it passes, and after it was dropped.
#[derive(Clone, Default)]
pub struct UploadWatch(Rc<Watched>);

#[derive(Default)]
struct Watched {
    findings: RefCell<Findings>,
    error: RefCell<Option<UploadError>>,
    whole: Cell<bool>,
}

impl UploadWatch {
    /// What was found so far.
    #[must_use]
    pub fn findings(&self) -> Findings {
        self.0.findings.borrow().clone()
    }

    /// Why it was broken off, if it was.
    #[must_use]
    pub fn error(&self) -> Option<UploadError> {
        self.0.error.borrow().clone()
    }

    /// Whether every byte has been handed on.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.whole.get()
    }

    fn found(&self, findings: &Findings) {
        self.0.findings.borrow_mut().merge(findings);
    }
}

impl RedactorHandle {
    /// Redacts a form while it passes.
    ///
    /// The length is kept only where nothing can change: without redaction and without another
    /// model.
    ///
    /// # Cancellation
    /// Dropping the upload drops the incoming bytes.
    ///
    /// # Security
    /// Fails closed in the middle: what was yielded until then has left. `fail_open` holds for
    /// heads, for fields and for files of JSON, as for prompts.
    pub fn redact_form(
        &self,
        body: FormBody,
        rules: FormRules,
        who: Who<'_>,
    ) -> (Redacted<Upload>, UploadWatch) {
        let (set, watch) = (self.rules(), UploadWatch::default());
        let unchanged = !set.config().enabled && rules.model.is_none();
        let length = body.length.filter(|_| unchanged);
        let party = Party::of(who, self.store());
        let seed = Seed::new(&set, party.clone(), StandIns::default());
        let checker = file::Checker {
            redactor: self.clone(),
            set,
            party,
            key_id: who.key_id.to_owned(),
            agent: who.agent.map(str::to_owned),
            rules,
            watch: watch.clone(),
        };
        let bytes = Box::pin(form::stream(body, checker));
        let upload = Upload { bytes, length };
        (Redacted::new(upload, Findings::default(), seed), watch)
    }
}

crate::says_no_text!(Upload);
crate::says_no_text!(FormBody);

impl fmt::Debug for UploadWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadWatch")
            .field("whole", &self.is_whole())
            .finish_non_exhaustive()
    }
}
