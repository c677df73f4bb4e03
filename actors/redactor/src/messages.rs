//! What can be said to the redactor.

use runtime::Message;
use wire::ChatRequest;

use crate::error::RedactError;
use crate::pool::Ticket;
use crate::redacted::Redacted;

/// Asks for a chat request to be redacted by the pool.
///
/// The answer is a place in the queue and comes at once; the redacted request comes with the
/// [`Ticket`]. [`crate::RedactorHandle::redact_chat`] needs neither for small bodies, and takes
/// its place in the queue without asking for large ones.
#[derive(Debug)]
pub struct RedactPrompt {
    /// The request.
    pub prompt: ChatRequest,
    /// The id of the client key.
    pub key_id: String,
    /// The agent that is asked, if one is.
    pub agent: Option<String>,
}

impl Message for RedactPrompt {
    type Reply = Result<Ticket<Redacted<ChatRequest>>, RedactError>;
}

/// Tells the actor to look whether all its threads live and are as many as configured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LookAfterTick;

impl Message for LookAfterTick {
    type Reply = ();
}
