//! Locked memory: without it the service does not start, unless the configuration allows it.

use serde_json::json;

use crate::inside::service::usual_config;
use crate::inside::{Service, journal};

crate::promises![
    without_lockable_memory_the_start_fails_by_name,
    insecure_memory_must_be_asked_for
];

fn without_lockable_memory_the_start_fails_by_name(service: &Service<'_>) {
    service.drop_in("[Service]\nLimitMEMLOCK=0\nRestart=no\n");
    let (started, _) = service.control("start");
    assert!(!started);
    journal::until_said("ErrMLockFailure");
    let said = journal::text();
    let line = said
        .lines()
        .find(|line| line.contains("ErrMLockFailure"))
        .unwrap();
    crate::say(&format!("     {line}"));
    assert!(line.contains("LimitMEMLOCK"), "no remedy in: {line}");
}

fn insecure_memory_must_be_asked_for(service: &Service<'_>) {
    service.drop_in("[Service]\nLimitMEMLOCK=0\n");
    let mut config = usual_config();
    config["server"]["secure_memory_required"] = json!(false);
    service.write_config(&config);
    service.start();
    assert_eq!(service.ask("build").status, 200);
    let warned = journal::records(&["PRIORITY=4"])
        .iter()
        .any(|record| record["MESSAGE"].to_string().contains("memory"));
    assert!(warned, "nothing was said about it: {}", journal::text());
}
