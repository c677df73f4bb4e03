//! Whose upload is being written, so that a connection can tell it that nobody reads any more.
//!
//! awc polls an upload and the connection that it goes to in one and the same poll, and lets
//! neither know of the other. So who polls says before whose turn it is; the connection, should its
//! peer have refused, tells whoever has the turn. One worker polls one upload at a time.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

/// Set when the peer of an upload reads no more.
pub(crate) type Stopped = Rc<Cell<bool>>;

/// See the module's text. Clones share the turn.
#[derive(Debug, Clone, Default)]
pub(crate) struct UploadTurn(Rc<RefCell<Option<Stopped>>>);

impl UploadTurn {
    /// Gives the turn to an upload while `poll` runs.
    pub(crate) fn during<T>(&self, upload: &Stopped, poll: impl FnOnce() -> T) -> T {
        let before = self.0.replace(Some(Rc::clone(upload)));
        let polled = poll();
        self.0.replace(before);
        polled
    }

    /// Whether an upload has the turn.
    pub(crate) fn is_taken(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Tells the upload that has the turn, if one has.
    pub(crate) fn stop(&self) {
        if let Some(stopped) = &*self.0.borrow() {
            stopped.set(true);
        }
    }
}
