//! What follows on the end of a child.
//!
//! Owns: the rules about who is rebuilt, in which order, and when to give up.
//! Never does: stop the tree; `stop.rs` does.
//! Called by: `keeper/mod.rs`.
//!
//! Every end takes the same way: the child is buried (counted, judged, its seat opened for the
//! next generation), and then whatever is pending is built in declared order.

use std::time::{Duration, Instant};

use super::{Keeper, Kept, Standing};
use crate::{
    BirthCause, DownCause, PastIntensity, Restart, Siblings, TreeEvent,
    tomb::{ChildId, Report},
};

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// What is to become of a child that ended.
enum Verdict {
    Rebuild,
    Leave,
    GiveUp,
    Escalate,
}

impl Keeper {
    pub(super) async fn hear(&mut self, report: Report) {
        match report {
            Report::Ended {
                child,
                generation,
                cause,
            } => {
                if self.is_up_in(child, generation) {
                    self.bury(child, cause);
                }
            }
            Report::RetryDue { child, generation } => self.end_pause(child, generation),
        }
        self.build_pending().await;
    }

    /// Whether a report is about the present life, or a late one about an earlier.
    fn is_up_in(&mut self, id: ChildId, generation: u64) -> bool {
        self.kept_mut(id).is_some_and(|kept| {
            kept.standing == Standing::Up && kept.child.generation() == generation
        })
    }

    /// Ends a life in the books and decides what follows.
    fn bury(&mut self, id: ChildId, cause: DownCause) {
        let now = self.shared.clock.now();
        let Some(kept) = self.kept_mut(id) else {
            return;
        };
        let name = kept.name();
        kept.gone = None;
        kept.standing = Standing::Down;
        if cause == DownCause::Panic {
            kept.child.count_panic();
        }
        let verdict = kept.judge(&cause, now);
        if let Verdict::Rebuild = verdict {
            kept.make_pending(cause.birth_cause());
        }
        self.tell(TreeEvent::Down {
            name: name.clone(),
            cause: cause.clone(),
        });
        self.pronounce(id, name, cause, &verdict);
    }

    fn pronounce(&mut self, id: ChildId, name: String, cause: DownCause, verdict: &Verdict) {
        let event = match verdict {
            Verdict::Rebuild => return,
            Verdict::Leave => TreeEvent::Stopped {
                name,
                in_time: true,
            },
            Verdict::GiveUp => TreeEvent::GaveUp { name },
            Verdict::Escalate => {
                self.shared.escalate(name.clone(), cause);
                TreeEvent::Escalated { name }
            }
        };
        if let Some(child) = self.child(id) {
            child.close();
        }
        self.end_unused_threads();
        self.tell(event);
    }

    /// Builds what is to be built, in declared order, each upon those before it.
    pub(super) async fn build_pending(&mut self) {
        loop {
            self.clear_the_ground().await;
            let Some(id) = self.next_pending() else {
                return;
            };
            match self.start(id).await {
                Ok(cause) => self.note_rebuilt(id, cause),
                Err(cause) => self.note_failed_start(id, cause),
            }
        }
    }

    /// Buries who was lost with a thread, and stops, last one first, whoever stands upon a child
    /// that is to be built.
    async fn clear_the_ground(&mut self) {
        loop {
            self.bury_lost();
            let Some(id) = self.last_dependent() else {
                return;
            };
            self.halt(id).await;
            if let Some(kept) = self.kept_mut(id) {
                kept.make_pending(BirthCause::Sibling);
            }
        }
    }

    /// Buries all that lived on threads that were given up.
    fn bury_lost(&mut self) {
        let lives_on = |kept: &&Kept| self.threads.contains(&kept.child.spec().thread_key());
        let up = self
            .kept
            .iter()
            .filter(|kept| kept.standing == Standing::Up);
        let lost: Vec<_> = up.filter(|kept| !lives_on(kept)).collect();
        let ids: Vec<_> = lost.iter().map(|kept| kept.child.id()).collect();
        let children: Vec<_> = lost.iter().map(|kept| kept.name()).collect();
        if !children.is_empty() {
            self.tell(TreeEvent::Frozen { children });
        }
        for id in ids {
            self.bury(id, DownCause::Freeze);
        }
    }

    fn last_dependent(&self) -> Option<ChildId> {
        let base = self.kept.iter().position(Kept::holds_up_later)?;
        let later = self.kept.iter().skip(base + 1);
        let mut up = later.filter(|kept| kept.standing == Standing::Up);
        up.next_back().map(|kept| kept.child.id())
    }

    fn next_pending(&self) -> Option<ChildId> {
        for kept in &self.kept {
            match kept.standing {
                Standing::Pending { paused: false, .. } => return Some(kept.child.id()),
                Standing::Pending { .. } if kept.holds_up_later() => return None,
                _ => {}
            }
        }
        None
    }

    /// Has one child built on its thread and waits until it is at work.
    pub(super) async fn start(&mut self, id: ChildId) -> Result<BirthCause, DownCause> {
        let Some(child) = self.child(id) else {
            return Err(DownCause::Stopped);
        };
        let cause = self.birth_cause(id);
        let reporter = self.reporter.clone();
        let spec = child.spec();
        let thread = self
            .threads
            .ensure(&spec.thread_key())
            .map_err(|_| DownCause::ThreadGone)?;
        let launch = child.launch(cause, thread, reporter);
        match tokio::time::timeout(spec.start_within, launch.born).await {
            Ok(Ok(born)) => born?,
            Ok(Err(_)) => return Err(DownCause::ThreadGone),
            Err(_) => return Err(DownCause::Freeze),
        }
        if let Some(kept) = self.kept_mut(id) {
            kept.standing = Standing::Up;
            kept.gone = Some(launch.gone);
        }
        Ok(cause)
    }

    fn birth_cause(&mut self, id: ChildId) -> BirthCause {
        match self.kept_mut(id).map(|kept| kept.standing) {
            Some(Standing::Pending { cause, .. }) => cause,
            _ => BirthCause::Asked,
        }
    }

    fn note_rebuilt(&mut self, id: ChildId, cause: BirthCause) {
        let Some(kept) = self.kept_mut(id) else {
            return;
        };
        kept.failed_starts = 0;
        kept.child.count_restart();
        let (name, generation) = (kept.name(), kept.child.generation());
        self.tell(TreeEvent::Rebuilt {
            name,
            generation,
            cause,
        });
    }

    /// A start that failed counts as an end, and is tried again after a pause.
    fn note_failed_start(&mut self, id: ChildId, cause: DownCause) {
        if cause == DownCause::Freeze {
            self.abandon_thread_of(id);
        }
        self.bury(id, cause);
        self.begin_pause(id);
    }

    fn begin_pause(&mut self, id: ChildId) {
        let reporter = self.reporter.clone();
        let Some(kept) = self.kept_mut(id) else {
            return;
        };
        let Standing::Pending { cause, .. } = kept.standing else {
            return;
        };
        kept.standing = Standing::Pending {
            cause,
            paused: true,
        };
        let pause = pause_after(kept.failed_starts);
        kept.failed_starts = kept.failed_starts.saturating_add(1);
        let generation = kept.child.generation();
        actix_rt::spawn(async move {
            tokio::time::sleep(pause).await;
            let _heard = reporter
                .send(Report::RetryDue {
                    child: id,
                    generation,
                })
                .is_ok();
        });
    }

    fn end_pause(&mut self, id: ChildId, generation: u64) {
        let Some(kept) = self.kept_mut(id) else {
            return;
        };
        if let Standing::Pending {
            cause,
            paused: true,
        } = kept.standing
            && kept.child.generation() == generation
        {
            kept.standing = Standing::Pending {
                cause,
                paused: false,
            };
        }
    }

    /// Gives the thread of `id` up. Who else lives there is found by [`Self::bury_lost`].
    pub(super) fn abandon_thread_of(&mut self, id: ChildId) {
        if let Some(child) = self.child(id) {
            self.threads.abandon(&child.spec().thread_key());
        }
    }

    /// Builds a child anew because an operator said so.
    pub(super) async fn rebuild(&mut self, name: &str) -> bool {
        let Some(id) = self.named(name) else {
            return false;
        };
        self.halt(id).await;
        if let Some(kept) = self.kept_mut(id) {
            kept.intensity.forgive();
            kept.failed_starts = 0;
            kept.make_pending(BirthCause::Asked);
        }
        self.build_pending().await;
        true
    }
}

impl Kept {
    fn judge(&mut self, cause: &DownCause, now: Instant) -> Verdict {
        let spec = self.child.spec();
        let wanted = match spec.restart {
            Restart::Permanent => true,
            Restart::Transient => *cause != DownCause::Ended,
            Restart::Temporary => false,
        };
        if !wanted {
            return Verdict::Leave;
        }
        if self.intensity.bears(now) {
            return Verdict::Rebuild;
        }
        match spec.past_intensity {
            PastIntensity::Exit => Verdict::Escalate,
            PastIntensity::LeaveDown => Verdict::GiveUp,
        }
    }

    /// Opens the seat for a life that is to be built when its turn comes.
    fn make_pending(&mut self, cause: BirthCause) {
        self.child.vacate();
        self.standing = Standing::Pending {
            cause,
            paused: false,
        };
    }

    /// Whether those after it have to wait until it is built.
    fn holds_up_later(&self) -> bool {
        matches!(self.standing, Standing::Pending { .. })
            && self.child.spec().siblings == Siblings::RebuildLater
    }
}

/// How long to wait before a start is tried again, so that a factory that fails at once does not
/// use its intensity up within a millisecond.
fn pause_after(failed_starts: u32) -> Duration {
    let factor = 2_u32.saturating_pow(failed_starts);
    FIRST_PAUSE.saturating_mul(factor).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pause_doubles_up_to_half_a_second() {
        let pauses = [0, 1, 2, 5, 6, 31, 32, u32::MAX].map(|n| pause_after(n).as_millis());
        assert_eq!(pauses, [10, 20, 40, 320, 500, 500, 500, 500]);
    }

    #[test]
    fn ten_pauses_in_a_row_fit_into_the_default_period() {
        let all: Duration = (0..10).map(pause_after).sum();
        assert!(all < Duration::from_secs(10));
    }
}
