//! All that outlives a connection: counters, marked requests, planted answers, golden files, lists of models.
//!
//! Shared by all connections of the one thread, hence cells that nobody holds over an await.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use crate::counters::Counters;
use crate::golden::Golden;
use crate::marked::Marked;
use crate::models::Models;
use crate::planted::Planted;

/// The stage as connections hold it.
pub(crate) type SharedStage = Rc<Stage>;

/// What connections share.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) counters: RefCell<Counters>,
    pub(crate) marked: RefCell<Marked>,
    pub(crate) planted: RefCell<Planted>,
    pub(crate) models: RefCell<Models>,
    pub(crate) golden: Golden,
}

impl Stage {
    pub(crate) fn shared(golden: PathBuf) -> SharedStage {
        Rc::new(Self {
            counters: RefCell::default(),
            marked: RefCell::default(),
            planted: RefCell::default(),
            models: RefCell::default(),
            golden: Golden::new(golden),
        })
    }

    /// Takes what a test describes; false if it cannot be understood.
    pub(crate) fn take(&self, path: &str, described: &[u8]) -> bool {
        if path == "/_plant" {
            return self.planted.borrow_mut().plant(described).is_some();
        }
        let models = Models::described(described);
        let known = models.is_some();
        if let Some(models) = models {
            *self.models.borrow_mut() = models;
        }
        known
    }
}
