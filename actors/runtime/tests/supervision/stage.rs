//! An actor that does on request everything an actor can do wrong, and a way to watch its tree.

use std::{
    sync::{Arc, Condvar, Mutex},
    thread::ThreadId,
    time::Duration,
};

use nenya_runtime::{
    Birth, BirthCause, ChildSpec, Clock, Ctx, DownCause, Fault, Handle, Handles, Message, Role,
    Tree, TreeEvent,
};
use tokio::sync::mpsc;

/// Longer than anything here takes on a busy machine; no test waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What the players did, in order.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<Vec<String>>>);

impl Script {
    pub(crate) fn note(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Blocks threads until it is opened.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub(crate) fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    pub(crate) fn pass(&self) {
        drop(
            self.0
                .1
                .wait_while(self.0.0.lock().unwrap(), |open| !*open)
                .unwrap(),
        );
    }
}

/// The actor of these tests.
pub(crate) struct Player {
    pub(crate) name: &'static str,
    pub(crate) generation: u64,
    pub(crate) script: Script,
    told: u64,
}

impl Player {
    pub(crate) fn new(name: &'static str, birth: &Birth, script: &Script) -> Self {
        script.note(format!("{name} built"));
        Self {
            name,
            generation: birth.generation,
            script: script.clone(),
            told: 0,
        }
    }
}

#[derive(serde::Serialize)]
pub(crate) struct PlayerState {
    generation: u64,
    told: u64,
}

impl Role for Player {
    type State = PlayerState;

    fn observe(&self) -> PlayerState {
        PlayerState {
            generation: self.generation,
            told: self.told,
        }
    }

    fn stopping(&mut self) {
        self.script.note(format!("{} stopping", self.name));
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.script.note(format!("{} gone", self.name));
    }
}

/// Counts on; the reply is the count.
#[derive(Clone)]
pub(crate) struct Count;

impl Message for Count {
    type Reply = u64;
}

impl Handles<Count> for Player {
    fn handle(&mut self, _: Count, _: &mut Ctx<'_, Self>) -> Result<u64, Fault> {
        self.told += 1;
        Ok(self.told)
    }
}

/// Asks who is there and where.
pub(crate) struct Who;

impl Message for Who {
    type Reply = (u64, ThreadId);
}

impl Handles<Who> for Player {
    fn handle(&mut self, _: Who, _: &mut Ctx<'_, Self>) -> Result<(u64, ThreadId), Fault> {
        Ok((self.generation, std::thread::current().id()))
    }
}

/// Does something inside the actor.
pub(crate) struct Act(Box<Deed>);

type Deed = dyn FnOnce(&mut Ctx<'_, Player>) -> Result<(), Fault> + Send;

impl Act {
    pub(crate) fn new(
        deed: impl FnOnce(&mut Ctx<'_, Player>) -> Result<(), Fault> + Send + 'static,
    ) -> Self {
        Self(Box::new(deed))
    }

    pub(crate) fn panic() -> Self {
        Self::new(|_| panic!("on purpose"))
    }

    pub(crate) fn fail() -> Self {
        Self::new(|_| Err(Fault::new("on purpose")))
    }

    pub(crate) fn panic_in_a_timer() -> Self {
        Self::new(|ctx| {
            ctx.tell_after(Duration::ZERO, Self::panic());
            Ok(())
        })
    }

    pub(crate) fn panic_in_a_task() -> Self {
        Self::new(|ctx| {
            ctx.spawn(async { panic!("on purpose") });
            Ok(())
        })
    }

    pub(crate) fn quit() -> Self {
        Self::new(|ctx| {
            ctx.stop();
            Ok(())
        })
    }

    pub(crate) fn freeze(gate: &Gate) -> Self {
        let gate = gate.clone();
        Self::new(move |_| {
            gate.pass();
            Ok(())
        })
    }
}

impl Message for Act {
    type Reply = ();
}

impl Handles<Act> for Player {
    fn handle(&mut self, Act(deed): Act, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        deed(ctx)
    }
}

/// Hears what a tree tells about itself.
pub(crate) struct Audience(mpsc::UnboundedReceiver<TreeEvent>);

impl Audience {
    pub(crate) fn new() -> (Self, impl Fn(TreeEvent) + Send + Sync + 'static) {
        silence_panics_on_purpose();
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(receiver), move |event| drop(sender.send(event)))
    }

    /// The next event that `wanted` recognises.
    pub(crate) async fn until<T>(&mut self, wanted: impl Fn(TreeEvent) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.0.recv().await.expect("tree lives");
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, found)
            .await
            .expect("event comes")
    }

    pub(crate) async fn rebuilt(&mut self, wanted: &str) -> BirthCause {
        self.until(|event| match event {
            TreeEvent::Rebuilt { name, cause, .. } if name == wanted => Some(cause),
            _ => None,
        })
        .await
    }

    pub(crate) async fn down(&mut self, wanted: &str) -> DownCause {
        self.until(|event| match event {
            TreeEvent::Down { name, cause } if name == wanted => Some(cause),
            _ => None,
        })
        .await
    }

    /// All that has been heard and not yet asked for.
    pub(crate) fn rest(&mut self) -> Vec<TreeEvent> {
        std::iter::from_fn(|| self.0.try_recv().ok()).collect()
    }
}

/// Panics on purpose would hide the others in the output.
fn silence_panics_on_purpose() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.payload_as_str() != Some("on purpose") {
                loud(info);
            }
        }));
    });
}

/// A tree that notices a frozen thread soon, and yet not one that merely waits for a busy core.
pub(crate) fn tree() -> Tree {
    Tree::new(Clock::system()).freeze_check(Duration::from_millis(25), Duration::from_millis(500))
}

/// Declares a player that always can be built.
pub(crate) fn declare(
    tree: &mut Tree,
    spec: ChildSpec,
    name: &'static str,
    script: &Script,
) -> Handle<Player> {
    let script = script.clone();
    tree.declare(spec, move |birth| Ok(Player::new(name, birth, &script)))
}

pub(crate) async fn generation(handle: &Handle<Player>) -> u64 {
    handle.ask(Who, PATIENCE).await.expect("answers").0
}

pub(crate) async fn home(handle: &Handle<Player>) -> ThreadId {
    handle.ask(Who, PATIENCE).await.expect("answers").1
}
