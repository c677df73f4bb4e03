//! A body that streams to a provider, and how long its answer is waited for.
//!
//! Owns the framing of an upload, the slices in which awc gets it, and its time limit: the wait for
//! the answer begins anew with every piece, since a large upload may well take longer than any
//! answer should.
//! Never does: look at a byte; the redactor did.

use std::{
    cell::Cell,
    io,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_http::body::{BodySize, MessageBody};
use awc::{ClientRequest, ClientResponse};
use bytes::Bytes;
use futures_util::Stream as _;
use redactor::{Redacted, Upload};
use tokio::time::{Instant, sleep_until};

use crate::{
    config::LONGEST_WAIT,
    error::ProviderError,
    http_upstream::{SLICE, unsent},
    upload_turn::{Stopped, UploadTurn},
};

/// What stands for the rest of an upload that nobody reads; it never reaches the network.
static NOWHERE: [u8; SLICE] = [0; SLICE];
/// Bytes of it after which others get their turn.
const FAIR_SHARE: u64 = 4 << 20;

/// Sends an upload and waits for the head of its answer.
pub(crate) async fn send(
    request: ClientRequest,
    upload: Redacted<Upload>,
    turn: &UploadTurn,
    wait: Duration,
) -> Result<ClientResponse, ProviderError> {
    let wait = wait.min(LONGEST_WAIT);
    let stopped = Stopped::default();
    let progress = Rc::new(Cell::new(Instant::now()));
    let body = UploadBody {
        length: upload.get().length(),
        upload: upload.into_inner(),
        slice: Bytes::new(),
        sent: 0,
        filled: 0,
        stopped: Rc::clone(&stopped),
        progress: Rc::clone(&progress),
    };
    let mut sending = pin!(request.send_body(body));
    let mut timer = pin!(sleep_until(progress.get() + wait));
    std::future::poll_fn(|cx| {
        if let Poll::Ready(answer) = turn.during(&stopped, || sending.as_mut().poll(cx)) {
            return Poll::Ready(answer.map_err(unsent));
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            let due = progress.get() + wait;
            if Instant::now() >= due {
                return Poll::Ready(Err(ProviderError::FirstByteTimeout));
            }
            timer.as_mut().reset(due);
        }
    })
    .await
}

struct UploadBody {
    upload: Upload,
    length: Option<u64>,
    /// What is left of a large piece.
    slice: Bytes,
    sent: u64,
    /// How much of it went nowhere.
    filled: u64,
    stopped: Stopped,
    progress: Rc<Cell<Instant>>,
}

impl UploadBody {
    /// Nobody reads: awc still wants the length that it was told, or an end.
    fn poll_nowhere(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let left = self.length.unwrap_or(0).saturating_sub(self.sent);
        if left == 0 {
            return Poll::Ready(None);
        }
        if self.filled >= FAIR_SHARE {
            self.filled = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let filler = Bytes::from_static(&NOWHERE);
        let filler = filler.slice(..SLICE.min(usize::try_from(left).unwrap_or(SLICE)));
        self.filled += filler.len() as u64;
        Poll::Ready(Some(filler))
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.stopped.get() {
            return self.poll_nowhere(cx).map(|filler| filler.map(Ok));
        }
        while self.slice.is_empty() {
            match ready!(Pin::new(&mut self.upload).poll_next(cx)) {
                Some(Ok(piece)) => self.slice = piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(io::Error::other(error)))),
                None => return Poll::Ready(None),
            }
        }
        let length = self.slice.len().min(SLICE);
        Poll::Ready(Some(Ok(self.slice.split_to(length))))
    }
}

impl MessageBody for UploadBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        self.length.map_or(BodySize::Stream, BodySize::Sized)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, io::Error>>> {
        let this = self.get_mut();
        let next = ready!(this.poll_piece(cx));
        if let Some(Ok(piece)) = &next {
            this.sent += piece.len() as u64;
            this.progress.set(Instant::now());
        }
        // awc would send a body that is shorter or longer than it said.
        if this.length.is_some_and(|length| match &next {
            None => this.sent != length,
            Some(_) => this.sent > length,
        }) {
            return Poll::Ready(Some(Err(io::ErrorKind::InvalidData.into())));
        }
        Poll::Ready(next)
    }
}
