//! Snapshots that an actor publishes and everybody reads without asking it.
//!
//! Owns: the cell between the one writer and its readers.
//! Never does: wake anybody; a reader sees the new value the next time it looks.
//! Called by: actors (write), their handles and the HTTP workers (read).

use std::{fmt, sync::Arc};

use arc_swap::{ArcSwap, Guard};

use crate::thread;

/// An immutable value that can be replaced as a whole.
///
/// It outlives the actor that wrote it: while that one is being rebuilt, the last value stays.
pub struct Published<T>(Arc<ArcSwap<T>>);

impl<T> Published<T> {
    /// Publishes the first value.
    pub fn new(value: T) -> Self {
        Self::new_arc(Arc::new(value))
    }

    /// Publishes the first value, which is shared already.
    pub fn new_arc(value: Arc<T>) -> Self {
        Self(Arc::new(ArcSwap::new(value)))
    }

    /// The value for a short look; some nanoseconds. Not to be held across an await.
    pub fn load(&self) -> Guard<Arc<T>> {
        self.0.load()
    }

    /// The value to keep as long as needed.
    pub fn load_full(&self) -> Arc<T> {
        self.0.load_full()
    }

    /// Replaces the value.
    ///
    /// Does nothing on a thread that the supervisor gave up as frozen: should it thaw, its actor
    /// must not replace what its successor has published.
    pub fn publish(&self, value: T) {
        self.publish_arc(Arc::new(value));
    }

    /// As [`Self::publish`], for a value that is shared already.
    pub fn publish_arc(&self, value: Arc<T>) {
        if !thread::is_abandoned() {
            self.0.store(value);
        }
    }
}

impl<T> Clone for Published<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Default> Default for Published<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Published<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Published").field(&**self.load()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reader_sees_the_new_value_and_keeps_the_one_it_holds() {
        let cell = Published::new(1);
        let reader = cell.clone();
        let held = reader.load_full();
        cell.publish(2);
        assert_eq!((*held, **reader.load()), (1, 2));
    }
}
