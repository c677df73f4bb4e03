//! The threads of one tree.
//!
//! Owns: which thread goes by which name.
//! Never does: know who lives there; the children's specifications say so.
//! Called by: `keeper/`.

use std::{
    collections::{HashMap, hash_map::Entry},
    io,
};

use crate::{child::ThreadKey, thread::ChildThread};

pub(super) struct Threads {
    in_place: bool,
    by_key: HashMap<ThreadKey, ChildThread>,
}

impl Threads {
    pub(super) fn new(in_place: bool) -> Self {
        Self {
            in_place,
            by_key: HashMap::new(),
        }
    }

    /// The thread of this name, made now if there is none.
    pub(super) fn ensure(&mut self, key: &ThreadKey) -> io::Result<&ChildThread> {
        match self.by_key.entry(key.clone()) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let thread = if self.in_place {
                    ChildThread::host()
                } else {
                    ChildThread::spawn()?
                };
                Ok(entry.insert(thread))
            }
        }
    }

    pub(super) fn contains(&self, key: &ThreadKey) -> bool {
        self.by_key.contains_key(key)
    }

    /// Asks every thread for a sign of life and names those that owe one for too long.
    pub(super) fn look(&mut self, looks_borne: u32) -> Vec<ThreadKey> {
        let silent = self.by_key.iter_mut().filter_map(|(key, thread)| {
            let frozen = thread.look() >= looks_borne;
            frozen.then(|| key.clone())
        });
        silent.collect()
    }

    pub(super) fn abandon(&mut self, key: &ThreadKey) {
        if let Some(thread) = self.by_key.remove(key) {
            thread.abandon();
        }
    }

    /// Ends the threads on which nobody lives any more.
    pub(super) fn keep_only(&mut self, used: &[ThreadKey]) {
        self.by_key.retain(|key, thread| {
            let keep = used.contains(key);
            if !keep {
                thread.end();
            }
            keep
        });
    }

    pub(super) fn end_all(&mut self) {
        self.keep_only(&[]);
    }
}
