//! What stands for a key on its way out, and what is computed from one.
//!
//! Owns the ways to authenticate that are more than a key in a header: signatures (`sigv4.rs`)
//! and tokens that are fetched for a key (`service_account.rs`, `token.rs`), and which of several
//! accounts is used (`accounts.rs`). A key is read where it lies, in the vault's pages; what is
//! computed from it is wiped, and only what the provider may see gets into a header.

pub(crate) mod accounts;
pub mod service_account;
pub mod sigv4;
pub(crate) mod token;

use std::{fmt, ops::Range, sync::Arc};

use accounts::Accounts;
use token::{Token, Tokens};

use crate::{config::AuthStyle, key_injection::Exposed};

/// What the stream writes in the place of a placeholder.
pub(crate) enum Secret {
    /// A key as the vault has it.
    Key(vault::Lease),
    /// A part of one.
    Part(vault::Lease, Range<usize>),
    /// A token that was fetched for one.
    Token(Arc<Token>),
}

impl Secret {
    /// What this style puts into the head, from the key of an account.
    pub(crate) fn shown(
        auth: AuthStyle,
        key: vault::Lease,
        tokens: &Tokens,
        account: usize,
    ) -> Option<Self> {
        match auth {
            AuthStyle::SigV4 => {
                let part = sigv4::AwsKey::session_span(key.expose())?;
                Some(Self::Part(key, part))
            }
            AuthStyle::GoogleServiceAccount => tokens.held(account).map(Self::Token),
            _ => Some(Self::Key(key)),
        }
    }
}

impl Exposed for Secret {
    fn expose(&self) -> &[u8] {
        match self {
            Self::Key(lease) => lease.expose(),
            Self::Part(lease, part) => lease.expose().get(part.clone()).unwrap_or_default(),
            Self::Token(token) => token.expose(),
        }
    }
}

/// What all workers know together about one provider's accounts. Clones share it.
#[derive(Clone, Default)]
pub struct Shared(Arc<State>);

#[derive(Default)]
struct State {
    accounts: Accounts,
    tokens: Tokens,
}

impl Shared {
    pub(crate) fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }
}

impl PartialEq for Shared {
    /// What was learnt is no part of a description.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}
