//! `nenya keygen`: makes a client key and prints it once.

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Args;
use serde_json::{Map, Value, json};

use super::{complain, say};

/// What the new key may do.
#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// Name of the key, also its id: small letters, digits and `-`
    #[arg(long)]
    name: String,
    /// Roles: admin, user, read-only
    #[arg(long, value_delimiter = ',', default_value = "user")]
    roles: Vec<String>,
    /// Agents and models that it may use; all if not given
    #[arg(long, value_delimiter = ',')]
    agents: Vec<String>,
    /// Endpoints that it may use, such as `GET /v1/models`; those of its role if not given
    #[arg(long, value_delimiter = ',')]
    endpoints: Vec<String>,
    /// How long it is valid, such as `90d`; for ever if not given
    #[arg(long, value_name = "TIME")]
    expires_in: Option<humantime::Duration>,
    /// Store only a hash of the token in the entry
    #[arg(long)]
    hash_only: bool,
}

pub(super) fn run(keygen: &Keygen) -> ExitCode {
    if let Err(problem) = check(keygen) {
        return complain(&problem);
    }
    let token = vault::new_client_token();
    let hash = token.hash();
    token.reveal(|token| {
        let file = json!({ "api_keys": { &keygen.name: entry(keygen, token, &hash) } });
        say(&format!("token (shown once): {token}"));
        say("entry for the secrets file:");
        say(&serde_json::to_string_pretty(&file).unwrap_or_default())
    })
}

fn check(keygen: &Keygen) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if keygen.name.is_empty() || keygen.name.len() > 64 || !keygen.name.chars().all(plain) {
        return Err(format!(
            "--name `{}`: up to 64 small letters, digits and `-` are allowed",
            keygen.name
        ));
    }
    for role in &keygen.roles {
        role.parse::<rbac::RoleName>()
            .map_err(|error| format!("--roles: {error}"))?;
    }
    Ok(())
}

fn entry(keygen: &Keygen, token: &str, hash: &str) -> Value {
    let mut entry = Map::new();
    entry.insert("name".into(), json!(keygen.name));
    if keygen.hash_only {
        entry.insert("token_hash".into(), json!(hash));
    } else {
        entry.insert("token".into(), json!(token));
    }
    entry.insert("roles".into(), json!(keygen.roles));
    if !keygen.agents.is_empty() {
        entry.insert("allowed_agents".into(), json!(keygen.agents));
    }
    if !keygen.endpoints.is_empty() {
        entry.insert("allowed_endpoints".into(), json!(keygen.endpoints));
    }
    if let Some(valid) = keygen.expires_in {
        let end = SystemTime::now() + Duration::from(valid);
        entry.insert(
            "expires_at".into(),
            json!(humantime::format_rfc3339_seconds(end).to_string()),
        );
    }
    entry.insert("enabled".into(), json!(true));
    Value::Object(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keygen(name: &str, role: &str) -> Keygen {
        Keygen {
            name: name.into(),
            roles: vec![role.into()],
            agents: vec!["build".into()],
            endpoints: Vec::new(),
            expires_in: None,
            hash_only: false,
        }
    }

    #[test]
    fn unknown_roles_and_odd_names_are_refused() {
        assert!(check(&keygen("dev", "user")).is_ok());
        assert!(check(&keygen("dev", "root")).is_err());
        assert!(check(&keygen("Dev User", "user")).is_err());
        assert!(check(&keygen("", "user")).is_err());
    }

    #[test]
    fn a_hashed_entry_does_not_hold_the_token() {
        let mut hashed = keygen("dev", "user");
        hashed.hash_only = true;
        let text = entry(&hashed, "nk-plain", "sha256:00").to_string();
        assert!(!text.contains("nk-plain"));
        assert!(text.contains("token_hash"));
    }
}
