//! The three roles.

use std::fmt;
use std::str::FromStr;

use crate::error::RbacError;

/// A role that a key may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleName {
    /// May do everything, on every route and with every agent.
    Admin,
    /// May use models and the routes around them.
    User,
    /// May look, and change nothing.
    ReadOnly,
}

impl RoleName {
    /// All roles, in the order in which they are listed to people.
    pub const ALL: [Self; 3] = [Self::Admin, Self::User, Self::ReadOnly];

    /// The name in configuration files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
            Self::ReadOnly => "read-only",
        }
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RoleName {
    type Err = RbacError;

    /// Reads a role by its exact name.
    fn from_str(text: &str) -> Result<Self, RbacError> {
        let named = Self::ALL.into_iter().find(|role| role.as_str() == text);
        named.ok_or_else(|| RbacError::UnknownRole {
            role: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_by_their_exact_names() {
        for role in RoleName::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
    }

    #[test]
    fn unknown_role_is_refused_with_the_names_that_exist() {
        for wrong in ["Admin", "readonly", "root", "", " user"] {
            let error = wrong.parse::<RoleName>().unwrap_err().to_string();
            assert!(error.contains("`admin`, `user`, `read-only`"), "{error}");
        }
    }
}
