//! What tests of the limiter share.

use std::time::{Duration, Instant};

use nenya_auth::AuthHandle;
use runtime::Misbehaviour;

const PATIENCE: Duration = Duration::from_secs(60);

/// Makes the limiter panic, and waits until another has its place: to tell of a panic may take
/// longer than those who ask wait.
pub(crate) async fn panicked(auth: &AuthHandle) {
    let restarts = || auth.handle().counters().restarts;
    let before = restarts();
    assert!(auth.handle().misbehave(Misbehaviour::Panic));
    let end = Instant::now() + PATIENCE;
    while restarts() == before {
        assert!(Instant::now() < end, "nobody took the place");
        tokio::task::yield_now().await;
    }
}
