//! What a request pays for the vault: nanoseconds per lease and per authentication.
//!
//! `cargo run --release -p nenya-vault --example lease_cost`
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(
    clippy::unwrap_used,
    reason = "an example may end where it cannot go on"
)]

use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use nenya_vault::{Sealed, SourceSearch, VaultConfig};
use runtime::Clock;

const ROUNDS: usize = 20_000;
const REPEATS: usize = 101;

fn main() {
    for count in [1, 100, 10_000] {
        let sealed = vault_with(count);
        let known: Vec<String> = (0..count).map(token).collect();
        let unknown: Vec<String> = (count..2 * count).map(token).collect();
        let mut costs = [const { Vec::new() }; 3];
        for _ in 0..REPEATS {
            let [lease, hit, miss] = &mut costs;
            lease.push(cost(&known, |_| drop(black_box(sealed.lease("openai")))));
            let mut authenticate =
                |token: &str| drop(black_box(sealed.authenticate(token.as_bytes())));
            hit.push(cost(&known, &mut authenticate));
            miss.push(cost(&unknown, &mut authenticate));
        }
        println!("{count} keys, {:?}", sealed.facts().memory);
        for (name, figures) in ["lease", "authenticate, hit", "authenticate, miss"]
            .iter()
            .zip(costs)
        {
            let [best, middle] = summary(figures);
            println!("  {name:18} best {best:7.1} ns, median {middle:7.1} ns");
        }
    }
}

/// Nanoseconds per call, over tokens in turn.
fn cost(tokens: &[String], mut call: impl FnMut(&str)) -> f64 {
    let turns = tokens.iter().cycle().take(ROUNDS);
    let begin = Instant::now();
    turns.for_each(|token| call(token));
    begin.elapsed().as_secs_f64() * 1e9 / ROUNDS as f64
}

/// The best, which is what the code costs, and the median, which is what a busy machine makes of
/// it.
fn summary(mut figures: Vec<f64>) -> [f64; 2] {
    figures.sort_by(f64::total_cmp);
    [0, figures.len() / 2].map(|at| figures.get(at).copied().unwrap_or_default())
}

fn token(number: u32) -> String {
    format!("nk-{number:048x}")
}

/// A vault with so many client keys and one provider key, loaded from a file like any other.
fn vault_with(count: u32) -> Sealed {
    let mut document =
        String::from(r#"{"client_token": "nk-client-0123456789", "provider_keys": {"openai": "#);
    document.push_str(r#""sk-0123456789"}, "api_keys": {"#);
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let token = token(number);
        write!(
            document,
            r#"{comma}"key-{number}": {{"token": "{token}", "roles": ["user"]}}"#
        )
        .unwrap();
    }
    document.push_str("}}");
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("secrets.json");
    fs::write(&file, document).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let search = SourceSearch {
        secrets_dir: Some(file),
        ..SourceSearch::default()
    };
    let config = VaultConfig {
        search,
        memory_required: true,
    };
    Sealed::load(&config, &Clock::system()).unwrap().0
}
