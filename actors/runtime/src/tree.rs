//! The tree as it is written down, before it runs.
//!
//! Owns: the children in the order of their start.
//! Never does: supervise; that begins with [`Tree::start`] and is the work of `keeper/`.
//! Called by: the program, in one place, and tests.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    Birth, ChildSpec, Clock, Fault, Handle, Overseer, Role, StartError, TreeEvent,
    keeper::{Keeper, Settings},
    planted::{Child, Planted},
};

/// A list of children. Each may build upon those before it.
#[must_use = "children live only once the tree is started"]
pub struct Tree {
    clock: Clock,
    settings: Settings,
    children: Vec<Arc<dyn Child>>,
}

impl Tree {
    /// An empty tree, whose actors get `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            settings: Settings::default(),
            children: Vec::new(),
        }
    }

    /// Sets how threads are checked for being frozen.
    ///
    /// # Units
    /// Each thread is looked at `every` so often (default 1 s) and is given up once it has been
    /// silent for `deadline` (default 2 s), rounded up to whole looks.
    pub fn freeze_check(mut self, every: Duration, deadline: Duration) -> Self {
        self.settings.look_every = every.max(Duration::from_millis(1));
        self.settings.freeze_deadline = deadline;
        self
    }

    /// Lets all children live on the thread that starts the tree.
    ///
    /// For tests under tokio's paused clock, which knows one thread only. There is no check for
    /// frozen threads then: who freezes has frozen the overseer, too.
    pub fn in_place(mut self) -> Self {
        self.settings.in_place = true;
        self
    }

    /// Adds a child at the end and gives the handle to it, for wiring up those after it.
    ///
    /// The factory runs on the child's thread, at the start and for each rebuild. It must be able
    /// to build a working role from nothing but what it holds.
    pub fn declare<R: Role>(
        &mut self,
        spec: ChildSpec,
        factory: impl Fn(&Birth) -> Result<R, Fault> + Send + Sync + 'static,
    ) -> Handle<R> {
        let child = Planted::new(spec, self.clock.clone(), factory);
        let handle = child.handle();
        self.children.push(Arc::new(child));
        handle
    }

    /// Starts the children one after the other and then looks after them.
    ///
    /// The supervision runs on the calling thread, which must be that of a running system.
    /// `events` is called there and must be short.
    ///
    /// # Errors
    /// The first child that does not start; those before it have been stopped again.
    pub async fn start(
        self,
        events: impl Fn(TreeEvent) + Send + Sync + 'static,
    ) -> Result<Overseer, StartError> {
        let mut keeper = Keeper::new(self.clock, self.settings, Box::new(events));
        for child in self.children {
            if let Err(error) = keeper.add(child).await {
                keeper.stop_all().await;
                return Err(error);
            }
        }
        let overseer = keeper.overseer();
        actix_rt::spawn(keeper.run());
        Ok(overseer)
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.children.iter().map(|child| &child.spec().name);
        f.debug_list().entries(names).finish()
    }
}
