//! What time does to a session: pings, silence, rights that end, text that is held back too long,
//! and the program's own end.

use std::sync::Arc;
use std::time::Duration;

use provider::{ProviderError, RealtimeFrame};
use rbac::{RouteClass, RoutePermit};
use tokio::time::{Instant, sleep_until};
use wire::websocket::{FrameKind, frame};

use super::end::End;
use super::session::Session;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::denied;
use crate::http::relay::STALL;
use crate::world::{RealtimeTimes, World};

/// The longest time between two looks at everything.
const LOOK: Duration = Duration::from_secs(1);
const SHORTEST_LOOK: Duration = Duration::from_millis(50);

/// Watches until the session must end.
pub(super) async fn watch(session: &Session) -> End {
    let mut ended = session.worker.shared.closing.ended();
    let mut now = Instant::now();
    let mut pinged = (now, now);
    loop {
        let times = session.world.borrow().realtime;
        let next = now + until_next_look(session.spec.idle_timeout, times);
        tokio::select! {
            () = &mut ended => return End::Refused(ApiError::new(ErrorCode::ShuttingDown), 1001),
            () = sleep_until(next) => {
                now = Instant::now();
                if let Some(end) = look(session, now, &mut pinged) {
                    return end;
                }
            }
        }
    }
}

/// Often enough that no ping is late by much, and no end.
fn until_next_look(idle: Duration, times: RealtimeTimes) -> Duration {
    let patience = idle.min(times.silence);
    (patience / 8)
        .min(times.ping / 4)
        .clamp(SHORTEST_LOOK, LOOK)
}

fn look(session: &Session, now: Instant, pinged: &mut (Instant, Instant)) -> Option<End> {
    let times = session.world.borrow().realtime;
    let patience = session.spec.idle_timeout;
    if session.to_client.is_full() {
        // Nobody listens to the provider now, so its silence says nothing; how long a client may
        // not read is looked at where its connection is written.
        session.heard_provider.set(now);
    }
    if session.to_provider.is_full() {
        // The other way round: the provider's silence tells of it.
        session.heard_client.set(now);
    }
    if now.saturating_duration_since(session.heard_provider.get()) > patience {
        return Some(End::ProviderBroke(ProviderError::Stalled {
            idle: patience,
        }));
    }
    if now.saturating_duration_since(session.heard_client.get()) > times.silence {
        return Some(End::Refused(ApiError::new(ErrorCode::ClientSilent), 1001));
    }
    // A client that nobody reads may have gone behind what it has sent: only its answer to what is
    // written shows that.
    let unread = session.to_provider.is_full();
    let ping = if unread {
        times.ping.min(LOOK)
    } else {
        times.ping
    };
    if due(&mut pinged.0, now, ping) {
        session
            .to_client
            .put_control(frame(FrameKind::Ping, &[], None));
    }
    if due(&mut pinged.1, now, times.ping.min(patience / 4)) {
        session.to_provider.put_control(RealtimeFrame::ping()?);
    }
    release_what_is_held(session, now);
    may_go_on(session)
        .err()
        .map(|error| End::Refused(error, 1008))
}

fn due(last: &mut Instant, now: Instant, every: Duration) -> bool {
    let due = now.saturating_duration_since(*last) >= every;
    if due {
        *last = now;
    }
    due
}

/// Text that could be the beginning of a secret and holds nothing of one yet.
fn release_what_is_held(session: &Session, now: Instant) {
    if now.saturating_duration_since(session.said.get()) < STALL {
        return;
    }
    let mut events = Vec::new();
    if let Some(reply) = session
        .reply
        .borrow_mut()
        .as_mut()
        .filter(|reply| reply.holds())
    {
        reply.stalled_messages(&mut events);
    }
    for event in events {
        session
            .to_client
            .put_now(frame(FrameKind::Text, &event, None));
    }
}

/// Whether the key may still do what it does, under the configuration in force.
fn may_go_on(session: &Session) -> Result<(), ApiError> {
    let world = session.worker.shared.world.load_full();
    let known = session.world.borrow().generation == world.generation;
    if !known {
        let same = world.sealed.authenticate(&session.key);
        if same.is_none_or(|key| key.identity().id != session.key_id) {
            return Err(ApiError::new(ErrorCode::InvalidApiKey));
        }
        *session.world.borrow_mut() = Arc::clone(&world);
    }
    let permit = entered(session, &world)?;
    if known {
        return Ok(());
    }
    judged(session, permit, &world, &session.asked)?;
    if !world.allows(&session.asked) {
        return Err(ApiError::new(ErrorCode::ModelNotFound).param("model"));
    }
    Ok(())
}

/// The key may still enter the route: it is neither disabled nor expired.
pub(super) fn entered(session: &Session, world: &World) -> Result<RoutePermit, ApiError> {
    let now = session.worker.shared.clock.unix().as_secs();
    let (key, route) = (session.key_id.as_str(), session.exchange.route.get());
    let permit = world
        .policy
        .enter(key, "GET", route, RouteClass::Model, now);
    permit.map_err(|denial| denied(&session.worker, &denial))
}

/// The key may use this agent or model.
pub(super) fn judged(
    session: &Session,
    permit: RoutePermit,
    world: &World,
    model: &str,
) -> Result<(), ApiError> {
    let permit = world.policy.use_model(permit, model);
    permit
        .map(drop)
        .map_err(|denial| denied(&session.worker, &denial))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_as_close_as_the_shortest_of_the_times_needs() {
        let millis = Duration::from_millis;
        for (idle, ping, silence, look) in [
            (120_000, 20_000, 60_000, 1000),
            (120_000, 5000, 10_000, 1000),
            (120_000, 500, 1000, 125),
            (120_000, 400, 60_000, 100),
            (120_000, 100, 60_000, 50),
            (1000, 20_000, 60_000, 125),
        ] {
            let times = RealtimeTimes {
                ping: millis(ping),
                silence: millis(silence),
            };
            let found = until_next_look(millis(idle), times);
            assert_eq!(found, millis(look), "{idle} {ping} {silence}");
        }
    }
}
