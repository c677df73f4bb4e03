//! What one HTTP worker holds of the limits.
//!
//! Owns: the shares of this worker, by key id. It never counts and never decides; the meters
//! behind the shares do. The edge calls [`WorkerLimits::admit`] once for each request.
//!
//! A request whose key has no limit, or for whose key the worker already holds a share, asks
//! nobody. Otherwise one ask goes to the limiter, however many requests wait for it: a worker that
//! starts under load must not fill the limiter's mailbox with a thousand copies of one question.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::admission::Admission;
use crate::error::LimitError;
use crate::handle::{ASK_DEADLINE, AuthHandle};
use crate::messages::LeaseShare;
use crate::meter::Spent;
use crate::shares::Share;

/// How often a share may be taken back under one request before it is given up.
///
/// Once is a reload at the wrong moment. More than that does not happen by chance.
const ATTEMPTS: usize = 4;

/// The limits as seen by one HTTP worker; lives on the worker's thread.
#[derive(Debug)]
pub struct WorkerLimits {
    handle: AuthHandle,
    shares: RefCell<HashMap<String, Rc<OnceCell<Share>>>>,
}

/// Why there is no share.
enum NoShare {
    /// The key has no limits any more.
    NotNeeded,
    CouldNotAsk,
}

impl WorkerLimits {
    /// Makes the limits of a worker that holds no share yet.
    pub fn new(handle: AuthHandle) -> Self {
        Self {
            handle,
            shares: RefCell::default(),
        }
    }

    /// Admits a request of this key, or says which limit is in the way and for how long.
    ///
    /// Takes one request, `estimated_tokens` and a place among the key's open requests: all of
    /// them or none.
    ///
    /// # Errors
    /// See [`LimitError`]. [`LimitError::Unavailable`] if the worker has no share of this key and
    /// the limiter does not answer: limits fail closed.
    ///
    /// # Cancellation
    /// Safe to drop: what was taken is in the [`Admission`], and before that nothing is taken.
    pub async fn admit(
        &self,
        key_id: &str,
        estimated_tokens: u64,
    ) -> Result<Admission, LimitError> {
        for _ in 0..ATTEMPTS {
            if self.handle.limits().load().limits_nobody() {
                return Ok(Admission::unlimited());
            }
            match self.spend_held(key_id, estimated_tokens) {
                Some(Spent::Admitted(admission)) => return Ok(admission),
                Some(Spent::Refused(error)) => return Err(error),
                Some(Spent::Withdrawn) => self.forget(key_id),
                None => {}
            }
            if self.handle.limits().load().limits_of(key_id).is_none() {
                return Ok(Admission::unlimited());
            }
            self.lease(key_id).await?;
        }
        Err(LimitError::Unavailable)
    }

    fn spend_held(&self, key_id: &str, tokens: u64) -> Option<Spent> {
        let shares = self.shares.borrow();
        let share = shares.get(key_id)?.get()?;
        Some(share.admit(tokens))
    }

    fn forget(&self, key_id: &str) {
        self.shares.borrow_mut().remove(key_id);
    }

    /// Sees to it that the worker holds a share of this key, unless it needs none.
    async fn lease(&self, key_id: &str) -> Result<(), LimitError> {
        let cell = Rc::clone(
            self.shares
                .borrow_mut()
                .entry(key_id.to_owned())
                .or_default(),
        );
        let leased = cell.get_or_try_init(|| self.ask_for_share(key_id));
        // The deadline is for all who wait at the cell, and not for each in turn.
        match timeout(ASK_DEADLINE, leased).await {
            Ok(Ok(_) | Err(NoShare::NotNeeded)) => Ok(()),
            Ok(Err(NoShare::CouldNotAsk)) | Err(_) => Err(LimitError::Unavailable),
        }
    }

    async fn ask_for_share(&self, key_id: &str) -> Result<Share, NoShare> {
        let message = LeaseShare {
            key_id: key_id.to_owned(),
        };
        match self.handle.handle().ask(message, ASK_DEADLINE).await {
            Ok(Some(share)) => Ok(share),
            Ok(None) => Err(NoShare::NotNeeded),
            Err(_) => Err(NoShare::CouldNotAsk),
        }
    }
}
