//! Several keys of one provider: which is used next, and which rests.
//!
//! Owns one small table per provider, shared by all workers. The account that was used longest
//! ago comes first; one that the provider refused is left alone for a while. Never asks a provider
//! anything: it hears how calls ended.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Rest after a refused key: the operator has to do something.
///
/// # Source
/// Account policy of the system whose configuration files are read here, at its commit 90e4a92:
/// 300 s for 401, 403 and spent quotas; 1 s, doubled four times, for 429.
const REFUSED: Duration = Duration::from_secs(300);
const LIMITED: Duration = Duration::from_secs(1);
const MOST_DOUBLINGS: u32 = 4;
/// Longest rest that a provider can ask for.
const LONGEST: Duration = Duration::from_secs(3600);

/// The accounts of one provider.
#[derive(Debug, Default)]
pub(crate) struct Accounts(Mutex<Vec<Account>>);

#[derive(Debug, Clone, Copy, Default)]
struct Account {
    /// Number of the last use, over all accounts.
    used: u64,
    rests_until: Option<Instant>,
    /// Times in a row that it was told to go slower.
    limited: u32,
}

impl Accounts {
    /// The next of `count` accounts to use; if all rest, the one that is up first. `usable` tells
    /// which have a key at all.
    pub(crate) fn pick(
        &self,
        count: usize,
        now: Instant,
        usable: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.resize(count, Account::default());
        let rest = |account: &Account| account.rests_until.filter(|until| *until > now);
        let (at, _) = accounts
            .iter()
            .enumerate()
            .filter(|(at, _)| usable(*at))
            .min_by_key(|(_, account)| (rest(account), account.used))?;
        let newest = accounts.iter().map(|account| account.used).max();
        if let Some(account) = accounts.get_mut(at) {
            account.used = newest.unwrap_or(0).saturating_add(1);
        }
        Some(at)
    }

    /// Whether an account that does not rest could be used now.
    pub(crate) fn is_one_awake(&self, now: Instant, usable: impl Fn(usize) -> bool) -> bool {
        let accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts
            .iter()
            .enumerate()
            .any(|(at, account)| usable(at) && account.rests_until.is_none_or(|until| until <= now))
    }

    /// Hears how a call with this account ended.
    pub(crate) fn learn(&self, at: usize, status: u16, wait: Option<Duration>, now: Instant) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(account) = accounts.get_mut(at) else {
            return;
        };
        let rest = match status {
            401..=403 => REFUSED,
            429 => {
                let doublings = account.limited.min(MOST_DOUBLINGS);
                account.limited = account.limited.saturating_add(1);
                wait.unwrap_or(LIMITED * 2_u32.pow(doublings))
            }
            200..=399 => {
                account.limited = 0;
                account.rests_until = None;
                return;
            }
            _ => return,
        };
        account.rests_until = now.checked_add(rest.min(LONGEST));
    }
}

/// Whether a status speaks of the account and not of the request, so that another account may be
/// tried: what was refused so was not done.
pub(crate) fn blames_the_account(status: u16) -> bool {
    matches!(status, 401..=403 | 429)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(_: usize) -> bool {
        true
    }

    fn picks(accounts: &Accounts, now: Instant, times: usize) -> Vec<usize> {
        (0..times)
            .filter_map(|_| accounts.pick(2, now, all))
            .collect()
    }

    #[test]
    fn accounts_take_turns() {
        let accounts = Accounts::default();
        let now = Instant::now();
        let picks: Vec<_> = (0..6).filter_map(|_| accounts.pick(3, now, all)).collect();
        assert_eq!(picks, [0, 1, 2, 0, 1, 2]);
        assert_eq!(accounts.pick(3, now, |at| at == 1), Some(1));
        assert_eq!(accounts.pick(3, now, |_| false), None);
    }

    #[test]
    fn refused_account_rests_and_the_others_go_on() {
        let accounts = Accounts::default();
        let now = Instant::now();
        assert_eq!(picks(&accounts, now, 1), [0]);
        accounts.learn(0, 401, None, now);
        assert_eq!(picks(&accounts, now, 3), [1, 1, 1]);
        assert!(accounts.is_one_awake(now, all) && !accounts.is_one_awake(now, |at| at == 0));
        assert_eq!(picks(&accounts, now + REFUSED, 1), [0]);
    }

    #[test]
    fn limits_rest_longer_each_time_until_a_success() {
        let accounts = Accounts::default();
        let now = Instant::now();
        picks(&accounts, now, 1);
        let rests = |seconds| {
            let until = now + Duration::from_secs(seconds);
            let early = until - Duration::from_millis(1);
            let first = |at: usize| at == 0;
            accounts.is_one_awake(until, first) && !accounts.is_one_awake(early, first)
        };
        for seconds in [1, 2, 4, 8, 16, 16] {
            accounts.learn(0, 429, None, now);
            assert!(rests(seconds), "{seconds}");
        }
        accounts.learn(0, 200, None, now);
        accounts.learn(0, 429, Some(Duration::from_secs(30)), now);
        assert!(rests(30));
        accounts.learn(0, 429, Some(Duration::from_secs(900_000)), now);
        assert!(rests(LONGEST.as_secs()));
    }

    #[test]
    fn failures_of_the_provider_are_not_the_accounts() {
        let accounts = Accounts::default();
        let now = Instant::now();
        picks(&accounts, now, 1);
        accounts.learn(0, 500, None, now);
        accounts.learn(0, 400, None, now);
        assert!(accounts.is_one_awake(now, |at| at == 0));
    }

    #[test]
    fn if_all_rest_the_first_to_wake_is_used() {
        let accounts = Accounts::default();
        let now = Instant::now();
        picks(&accounts, now, 1);
        accounts.learn(0, 403, None, now);
        accounts.learn(1, 429, None, now);
        assert_eq!(picks(&accounts, now, 1), [1]);
    }
}
