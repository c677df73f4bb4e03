//! What waits to be written to one side of a session: bounded, so that a side that does not read
//! stops the other.
//!
//! Lives on one thread. Who fills it waits for room; control frames wait for none and go first, so
//! that a slow reader's pings are answered, and of too many the last are left out, as is allowed for
//! pongs.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use provider::RealtimeFrame;
use tokio::sync::Notify;

/// Bytes that wait before nothing more is taken; one message may go beyond.
const FULL: usize = 256 << 10;

/// Control frames that wait without asking for room.
const MOST_CONTROL: usize = 16;

/// Something with a length.
pub(super) trait Weighed {
    fn weight(&self) -> usize;
}

impl Weighed for Bytes {
    fn weight(&self) -> usize {
        self.len()
    }
}

impl Weighed for RealtimeFrame {
    fn weight(&self) -> usize {
        self.len()
    }
}

/// See the module's text.
#[derive(Debug)]
pub(super) struct Outbox<T> {
    queue: RefCell<VecDeque<T>>,
    control: RefCell<VecDeque<T>>,
    weight: Cell<usize>,
    /// Nothing more comes.
    ended: Cell<bool>,
    /// Nobody takes any more.
    left: Cell<bool>,
    taker: RefCell<Option<Waker>>,
    changed: Notify,
}

impl<T> Default for Outbox<T> {
    fn default() -> Self {
        Self {
            queue: RefCell::default(),
            control: RefCell::default(),
            weight: Cell::new(0),
            ended: Cell::new(false),
            left: Cell::new(false),
            taker: RefCell::default(),
            changed: Notify::new(),
        }
    }
}

impl<T: Weighed> Outbox<T> {
    /// Waits for room, and adds.
    ///
    /// # Cancellation
    /// Safe: then nothing was added.
    pub(super) async fn put(&self, item: T) {
        while self.is_full() && !self.left.get() {
            self.changed.notified().await;
        }
        self.put_now(item);
    }

    /// Whether who fills it has to wait.
    pub(super) fn is_full(&self) -> bool {
        self.weight.get() >= FULL
    }

    /// Adds a control frame, unless many wait already.
    pub(super) fn put_control(&self, frame: T) {
        let mut control = self.control.borrow_mut();
        if control.len() < MOST_CONTROL && !self.left.get() && !self.ended.get() {
            control.push_back(frame);
            self.wake();
        }
    }

    /// Adds without asking for room: for the last words.
    pub(super) fn put_now(&self, item: T) {
        if self.left.get() || self.ended.get() {
            return;
        }
        self.weight.set(self.weight.get() + item.weight());
        self.queue.borrow_mut().push_back(item);
        self.wake();
    }

    /// Nothing more comes.
    pub(super) fn end(&self) {
        self.ended.set(true);
        self.wake();
    }

    /// Nobody takes any more.
    pub(super) fn leave(&self) {
        self.left.set(true);
        self.queue.borrow_mut().clear();
        self.control.borrow_mut().clear();
        self.weight.set(0);
        self.changed.notify_waiters();
    }

    /// Resolves when nobody takes any more.
    pub(super) async fn until_left(&self) {
        while !self.left.get() {
            self.changed.notified().await;
        }
    }

    /// Everything that waits, control frames left out.
    pub(super) fn take_all(&self) -> Vec<T> {
        self.weight.set(0);
        self.changed.notify_waiters();
        self.queue.take().into()
    }

    /// The next to be written; `None` at the end.
    pub(super) async fn take(&self) -> Option<T> {
        poll_fn(|cx| self.poll_take(cx)).await
    }

    /// The same, for bodies.
    pub(super) fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if let Some(frame) = self.control.borrow_mut().pop_front() {
            return Poll::Ready(Some(frame));
        }
        let next = self.queue.borrow_mut().pop_front();
        if let Some(item) = next {
            self.weight
                .set(self.weight.get().saturating_sub(item.weight()));
            self.changed.notify_waiters();
            return Poll::Ready(Some(item));
        }
        if self.ended.get() {
            return Poll::Ready(None);
        }
        *self.taker.borrow_mut() = Some(cx.waker().clone());
        Poll::Pending
    }

    fn wake(&self) {
        if let Some(taker) = self.taker.borrow_mut().take() {
            taker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    fn large() -> Bytes {
        Bytes::from(vec![0; FULL])
    }

    #[test]
    fn who_fills_it_waits_for_who_empties_it() {
        let outbox = Outbox::default();
        outbox.put(large()).now_or_never().expect("room");
        let mut waits = Box::pin(outbox.put(Bytes::from_static(b"more")));
        assert!((&mut waits).now_or_never().is_none());
        outbox.put_control(Bytes::from_static(b"pong"));
        let next = || outbox.take().now_or_never().flatten();
        assert_eq!(next().as_deref(), Some(&b"pong"[..]), "whatever waits");
        assert!((&mut waits).now_or_never().is_none());
        assert_eq!(next().map(|item| item.len()), Some(FULL));
        assert!((&mut waits).now_or_never().is_some());
        assert_eq!(
            outbox.take().now_or_never().flatten().as_deref(),
            Some(&b"more"[..])
        );
        assert!(outbox.take().now_or_never().is_none());
        outbox.end();
        assert_eq!(outbox.take().now_or_never(), Some(None));
    }

    #[test]
    fn what_nobody_takes_is_not_kept() {
        let outbox = Outbox::default();
        outbox.put_now(large());
        let mut waits = Box::pin(outbox.put(large()));
        assert!((&mut waits).now_or_never().is_none());
        assert!(outbox.until_left().now_or_never().is_none());
        outbox.leave();
        assert!(waits.now_or_never().is_some());
        assert!(outbox.until_left().now_or_never().is_some());
        assert!(outbox.take().now_or_never().is_none());
    }

    #[test]
    fn control_frames_do_not_pile_up() {
        let outbox = Outbox::default();
        for _ in 0..10 * MOST_CONTROL {
            outbox.put_control(Bytes::from_static(b"pong"));
        }
        assert_eq!(outbox.control.borrow().len(), MOST_CONTROL);
    }
}
