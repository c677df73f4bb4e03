//! The supervision itself: one task that hears of every end and sets things right.
//!
//! Owns: which child stands how, the threads, the record of recent rebuilds.
//! Never does: run a role's code. What a child does wrong reaches it as a report.
//! Called by: `tree.rs` (starts it), `overseer.rs` (sends commands).
//!
//! It does one thing at a time and each within a deadline, as a supervisor in Erlang does: the
//! order of starts and stops then needs no further thought. What comes in meanwhile waits in the
//! channels.
//!
//! It lives on the thread that started the tree, and nobody in this process watches that one. If
//! it freezes no health round is asked for, and the service manager's watchdog acts.

mod rebuild;
mod shared;
mod stop;
mod threads;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::MissedTickBehavior,
};

pub(crate) use self::shared::{Command, Events, Shared};
use self::threads::Threads;
use crate::{
    BirthCause, Clock, DownCause, Overseer, StartError, TreeEvent,
    intensity::Intensity,
    planted::Child,
    tomb::{ChildId, Report},
};

/// What the tree says about its supervision.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) look_every: Duration,
    pub(crate) freeze_deadline: Duration,
    pub(crate) in_place: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            look_every: Duration::from_secs(1),
            freeze_deadline: Duration::from_secs(2),
            in_place: false,
        }
    }
}

impl Settings {
    /// How many looks in a row a thread may leave unanswered before it counts as frozen.
    fn looks_borne(&self) -> u32 {
        let looks = self
            .freeze_deadline
            .as_nanos()
            .div_ceil(self.look_every.as_nanos());
        u32::try_from(looks).unwrap_or(u32::MAX).max(1)
    }
}

/// How a child stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// At work.
    Up,
    /// To be built, once those before it are, and `paused` until a failed start is some time ago.
    Pending { cause: BirthCause, paused: bool },
    /// Not to be built.
    Down,
}

/// A child and what is remembered about it.
struct Kept {
    child: Arc<dyn Child>,
    standing: Standing,
    intensity: Intensity,
    failed_starts: u32,
    gone: Option<oneshot::Receiver<()>>,
}

impl Kept {
    fn new(child: Arc<dyn Child>) -> Self {
        let spec = child.spec();
        let intensity = Intensity::new(spec.restarts, spec.period);
        let standing = Standing::Pending {
            cause: BirthCause::FirstStart,
            paused: false,
        };
        Self {
            child,
            standing,
            intensity,
            failed_starts: 0,
            gone: None,
        }
    }

    fn name(&self) -> String {
        self.child.spec().name.clone()
    }
}

pub(crate) struct Keeper {
    settings: Settings,
    kept: Vec<Kept>,
    threads: Threads,
    reports: mpsc::UnboundedReceiver<Report>,
    reporter: mpsc::UnboundedSender<Report>,
    commands: mpsc::Receiver<Command>,
    shared: Arc<Shared>,
}

enum Turn {
    Report(Report),
    Command(Command),
    Look,
}

impl Keeper {
    pub(crate) fn new(clock: Clock, settings: Settings, events: Events) -> Self {
        // Unbounded, but each life reports once and lives are limited by the intensity.
        let (reporter, reports) = mpsc::unbounded_channel();
        let (orders, commands) = mpsc::channel(16);
        Self {
            settings,
            kept: Vec::new(),
            threads: Threads::new(settings.in_place),
            reports,
            reporter,
            commands,
            shared: Arc::new(Shared::new(clock, orders, events)),
        }
    }

    pub(crate) fn overseer(&self) -> Overseer {
        Overseer::of(Arc::clone(&self.shared))
    }

    /// Supervises until it is told to stop.
    pub(crate) async fn run(mut self) {
        let mut looks = tokio::time::interval(self.settings.look_every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let turn = tokio::select! {
                Some(report) = self.reports.recv() => Turn::Report(report),
                Some(command) = self.commands.recv() => Turn::Command(command),
                _ = looks.tick() => Turn::Look,
            };
            match turn {
                Turn::Report(report) => self.hear(report).await,
                Turn::Look => self.look().await,
                Turn::Command(Command::Stop { reply }) => {
                    let _heard = reply.send(self.stop_all().await).is_ok();
                    return;
                }
                Turn::Command(command) => self.obey(command).await,
            }
        }
    }

    async fn obey(&mut self, command: Command) {
        let _heard = match command {
            Command::Add { child, reply } => reply.send(self.add(child).await).is_ok(),
            Command::Remove { name, reply } => reply.send(self.remove(&name).await).is_ok(),
            Command::Rebuild { name, reply } => reply.send(self.rebuild(&name).await).is_ok(),
            Command::Stop { reply } => reply.send(self.stop_all().await).is_ok(),
        };
    }

    /// Starts a child that is not in the tree yet.
    pub(crate) async fn add(&mut self, child: Arc<dyn Child>) -> Result<(), StartError> {
        let spec = child.spec();
        let (id, name) = (child.id(), spec.name.clone());
        if self.named(&name).is_some() {
            return Err(StartError::DuplicateName { name });
        }
        if let Err(error) = self.threads.ensure(&spec.thread_key()) {
            return Err(StartError::Thread {
                name,
                kind: error.kind(),
            });
        }
        child.vacate();
        self.kept.push(Kept::new(child));
        if let Err(cause) = self.start(id).await {
            self.undo_add(id, &cause).await;
            return Err(StartError::Child { name, cause });
        }
        self.publish_children();
        self.tell(TreeEvent::Started { name });
        Ok(())
    }

    async fn undo_add(&mut self, id: ChildId, cause: &DownCause) {
        if *cause == DownCause::Freeze {
            self.abandon_thread_of(id);
        }
        self.forget(id);
        self.build_pending().await;
    }

    /// Looks after every thread, and rebuilds elsewhere what lived on a frozen one.
    async fn look(&mut self) {
        for thread in self.threads.look(self.settings.looks_borne()) {
            self.threads.abandon(&thread);
        }
        self.build_pending().await;
    }

    fn kept_mut(&mut self, id: ChildId) -> Option<&mut Kept> {
        self.kept.iter_mut().find(|kept| kept.child.id() == id)
    }

    fn child(&self, id: ChildId) -> Option<Arc<dyn Child>> {
        let kept = self.kept.iter().find(|kept| kept.child.id() == id);
        kept.map(|kept| Arc::clone(&kept.child))
    }

    fn named(&self, name: &str) -> Option<ChildId> {
        let kept = self.kept.iter().find(|kept| kept.child.spec().name == name);
        kept.map(|kept| kept.child.id())
    }

    fn publish_children(&self) {
        let children = self
            .kept
            .iter()
            .map(|kept| Arc::clone(&kept.child))
            .collect();
        self.shared.children.store(Arc::new(children));
    }

    fn tell(&self, event: TreeEvent) {
        (self.shared.events)(event);
    }
}

impl Drop for Keeper {
    /// However the supervision ends, nobody waits for a child in vain and no thread is left.
    fn drop(&mut self) {
        for kept in &self.kept {
            kept.child.close();
        }
        self.threads.end_all();
        if std::thread::panicking() {
            self.shared
                .escalate("overseer".to_owned(), DownCause::Panic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freeze_deadline_is_rounded_up_to_whole_looks() {
        let settings = |every, deadline| Settings {
            look_every: Duration::from_millis(every),
            freeze_deadline: Duration::from_millis(deadline),
            in_place: false,
        };
        assert_eq!(Settings::default().looks_borne(), 2);
        assert_eq!(settings(300, 1000).looks_borne(), 4);
        assert_eq!(settings(1000, 0).looks_borne(), 1);
    }
}
