//! The actor: phases, counts, and one datagram per message.
//!
//! Owns the order of announcements: once stopping was announced nothing else is, except status
//! lines and the watchdog, so that a reload that ends late cannot call a stopping program ready.

use std::io;
use std::time::Duration;

use runtime::{Ctx, Fault, Handles, Role};
use sd_notify::NotifyState;

use crate::link::{Link, SystemdLink};
use crate::messages::{Delivery, Feed, Ready, Reloaded, Reloading, Status, Stopping};
use crate::state::{NotifierState, Phase, SentCounts};
use crate::status::one_line;

/// The actor that speaks to the service manager.
#[derive(Debug)]
pub struct Notifier {
    link: Box<dyn Link>,
    phase: Phase,
    status: String,
    sent: SentCounts,
    failed: u64,
    last_failure: Option<String>,
}

impl Notifier {
    /// The Notifier of this process: the socket that `NOTIFY_SOCKET` names, or none.
    pub fn from_env() -> Self {
        Self::over(SystemdLink::from_env())
    }

    /// A Notifier over any link.
    pub fn over(link: impl Link) -> Self {
        Self {
            link: Box::new(link),
            phase: Phase::default(),
            status: String::new(),
            sent: SentCounts::default(),
            failed: 0,
            last_failure: None,
        }
    }

    /// Announces a phase together with what belongs to it; refused once stopping was announced.
    fn announce(&mut self, phase: Phase, states: &[NotifyState<'_>]) -> Delivery {
        if self.phase == Phase::Stopping && phase != Phase::Stopping {
            return Delivery::TooLate;
        }
        self.phase = phase;
        self.send(states)
    }

    fn announce_ready(&mut self, status: &str) -> Delivery {
        let status = one_line(status);
        let states = [NotifyState::Ready, NotifyState::Status(&status)];
        let delivery = self.announce(Phase::Ready, &states);
        if delivery != Delivery::TooLate {
            self.status = status;
        }
        delivery
    }

    fn announce_reloading(&mut self) -> Delivery {
        match NotifyState::monotonic_usec_now() {
            Ok(now) => self.announce(Phase::Reloading, &[NotifyState::Reloading, now]),
            Err(error) => self.refused(&error),
        }
    }

    fn send(&mut self, states: &[NotifyState<'_>]) -> Delivery {
        if !self.link.connected() {
            return Delivery::NoManager;
        }
        match self.link.send(states) {
            Ok(()) => Delivery::Sent,
            Err(error) => self.refused(&error),
        }
    }

    fn refused(&mut self, error: &io::Error) -> Delivery {
        self.failed = self.failed.saturating_add(1);
        self.last_failure = Some(error.to_string());
        Delivery::Failed
    }
}

impl Role for Notifier {
    type State = NotifierState;

    fn observe(&self) -> NotifierState {
        NotifierState {
            connected: self.link.connected(),
            phase: self.phase,
            status: self.status.clone(),
            sent: self.sent,
            failed: self.failed,
            last_failure: self.last_failure.clone(),
        }
    }
}

impl Handles<Ready> for Notifier {
    fn handle(&mut self, message: Ready, _ctx: &mut Ctx<'_, Self>) -> Result<Delivery, Fault> {
        let delivery = self.announce_ready(&message.status);
        count(&mut self.sent.ready, delivery);
        Ok(delivery)
    }
}

impl Handles<Reloading> for Notifier {
    fn handle(&mut self, _: Reloading, _ctx: &mut Ctx<'_, Self>) -> Result<Delivery, Fault> {
        let delivery = self.announce_reloading();
        count(&mut self.sent.reloading, delivery);
        Ok(delivery)
    }
}

impl Handles<Reloaded> for Notifier {
    fn handle(&mut self, message: Reloaded, _ctx: &mut Ctx<'_, Self>) -> Result<Delivery, Fault> {
        let delivery = self.announce_ready(&message.status);
        count(&mut self.sent.reloaded, delivery);
        Ok(delivery)
    }
}

impl Handles<Stopping> for Notifier {
    fn handle(&mut self, message: Stopping, _ctx: &mut Ctx<'_, Self>) -> Result<Delivery, Fault> {
        let delivery = match extension(message.drain) {
            Some(more) => self.announce(Phase::Stopping, &[NotifyState::Stopping, more]),
            None => self.announce(Phase::Stopping, &[NotifyState::Stopping]),
        };
        count(&mut self.sent.stopping, delivery);
        Ok(delivery)
    }
}

impl Handles<Status> for Notifier {
    fn handle(&mut self, message: Status, _ctx: &mut Ctx<'_, Self>) -> Result<Delivery, Fault> {
        let status = one_line(&message.text);
        let delivery = self.send(&[NotifyState::Status(&status)]);
        self.status = status;
        count(&mut self.sent.status, delivery);
        Ok(delivery)
    }
}

impl Handles<Feed> for Notifier {
    fn handle(&mut self, _proof: Feed, _ctx: &mut Ctx<'_, Self>) -> Result<Delivery, Fault> {
        let delivery = self.send(&[NotifyState::Watchdog]);
        count(&mut self.sent.watchdog, delivery);
        Ok(delivery)
    }
}

/// The extension that a drain needs; it never shortens what the unit file allows.
///
/// # Source
/// `sd_notify(3)`, `EXTEND_TIMEOUT_USEC`; the library's field has 32 bits.
fn extension(drain: Duration) -> Option<NotifyState<'static>> {
    let microseconds = u32::try_from(drain.as_micros()).unwrap_or(u32::MAX);
    (microseconds > 0).then_some(NotifyState::ExtendTimeoutUsec(microseconds))
}

fn count(counter: &mut u64, delivery: Delivery) {
    if delivery == Delivery::Sent {
        *counter = counter.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::RecordingLink;

    /// A link for a program that nobody manages; sending over it is a defect.
    #[derive(Debug)]
    struct Nobody;

    impl Link for Nobody {
        fn connected(&self) -> bool {
            false
        }

        fn send(&self, _: &[NotifyState<'_>]) -> io::Result<()> {
            panic!("sent to nobody")
        }
    }

    fn wired() -> (Notifier, RecordingLink) {
        let link = RecordingLink::new();
        (Notifier::over(link.clone()), link)
    }

    #[test]
    fn ready_and_its_status_share_a_datagram() {
        let (mut notifier, link) = wired();
        assert_eq!(notifier.announce_ready("serving\nnow"), Delivery::Sent);
        assert_eq!(link.datagrams(), ["READY=1\nSTATUS=serving now\n"]);
        assert_eq!(notifier.observe().status, "serving now");
    }

    #[test]
    fn reloading_carries_its_time_in_the_same_datagram() {
        let (mut notifier, link) = wired();
        assert_eq!(notifier.announce_reloading(), Delivery::Sent);
        let [datagram] = link.datagrams().try_into().unwrap();
        let time = datagram
            .strip_prefix("RELOADING=1\nMONOTONIC_USEC=")
            .unwrap();
        assert!(time.trim_end().parse::<u64>().unwrap() > 0);
        assert_eq!(notifier.observe().phase, Phase::Reloading);
    }

    #[test]
    fn a_reload_that_ends_late_cannot_call_a_stopping_program_ready() {
        let (mut notifier, link) = wired();
        notifier.announce(Phase::Stopping, &[NotifyState::Stopping]);
        assert_eq!(notifier.announce_ready("reloaded"), Delivery::TooLate);
        assert_eq!(notifier.announce_reloading(), Delivery::TooLate);
        assert_eq!(link.datagrams(), ["STOPPING=1\n"]);
        assert_eq!(notifier.observe().status, "");
    }

    #[test]
    fn refused_datagrams_are_counted_and_named() {
        let mut notifier = Notifier::over(RecordingLink::refusing());
        assert_eq!(notifier.announce_ready("up"), Delivery::Failed);
        let state = notifier.observe();
        assert_eq!(state.failed, 1);
        assert!(state.last_failure.unwrap().contains("refused"));
        assert_eq!(state.sent, SentCounts::default());
    }

    #[test]
    fn without_a_service_manager_nothing_is_sent_and_nothing_fails() {
        let mut notifier = Notifier::over(Nobody);
        assert_eq!(notifier.announce_ready("up"), Delivery::NoManager);
        let state = notifier.observe();
        assert!(!state.connected);
        assert_eq!(state.failed, 0);
    }

    #[test]
    fn a_drain_is_announced_in_microseconds() {
        let text = |drain| extension(drain).map(|state| state.to_string());
        assert_eq!(
            text(Duration::from_secs(30)).unwrap(),
            "EXTEND_TIMEOUT_USEC=30000000"
        );
        assert_eq!(text(Duration::ZERO), None);
        assert_eq!(
            text(Duration::from_secs(1 << 40)).unwrap(),
            "EXTEND_TIMEOUT_USEC=4294967295"
        );
    }
}
