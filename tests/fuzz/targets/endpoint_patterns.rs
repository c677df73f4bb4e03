//! `rbac::Policy`: an endpoint pattern opens what it says and nothing that climbs out of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rbac::{Policy, RoleName, RouteClass, Subject};

fn policy(endpoint: &str) -> Option<Policy> {
    let subject = Subject {
        id: "key".into(),
        name: "key".into(),
        roles: vec![RoleName::User],
        allowed_agents: Vec::new(),
        allowed_endpoints: vec![endpoint.into()],
        enabled: true,
        expires_at: None,
    };
    Policy::new(vec![subject])
        .inspect_err(|error| assert!(!error.to_string().is_empty()))
        .ok()
}

/// A segment under a placeholder must not be another path to somebody who decodes it.
fn climbs(segment: &str) -> bool {
    let lower = segment.to_ascii_lowercase();
    let decoded = lower
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "\\");
    decoded == "." || decoded == ".." || decoded.contains(['/', '\\'])
}

fn agrees(endpoint: &str, method: &str, path: &str) {
    let (wanted_method, pattern) = endpoint.split_once(' ').expect("it was taken");
    assert_eq!(method, wanted_method);
    let wanted: Vec<&str> = pattern.split('/').collect();
    let given: Vec<&str> = path.split('/').collect();
    let open = wanted.last() == Some(&"*");
    let fixed = wanted.len() - usize::from(open);
    assert!(if open {
        given.len() > fixed
    } else {
        given.len() == fixed
    });
    for (at, segment) in given.iter().enumerate() {
        match wanted.get(at).filter(|_| at < fixed) {
            Some(literal) if !literal.contains('{') => assert_eq!(segment, literal),
            _ => assert!(!climbs(segment)),
        }
    }
}

fuzz_target!(|input: (&str, &str, &str)| {
    let (endpoint, method, path) = input;
    let Some(policy) = policy(endpoint) else {
        return;
    };
    for class in RouteClass::ALL {
        if policy.enter("key", method, path, class, 0).is_ok() {
            agrees(endpoint, method, path);
        }
    }
    // A pattern without exceptions opens its own path.
    if let Some((method, path)) = endpoint.split_once(' ')
        && !path.contains(['{', '*'])
    {
        assert!(
            policy
                .enter("key", method, path, RouteClass::Model, 0)
                .is_ok()
        );
    }
});
