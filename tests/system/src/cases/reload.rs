//! `systemctl reload`: the new configuration as a whole, or a failure and the old one.

use serde_json::{Value, json};

use crate::inside::load::Load;
use crate::inside::machine::run;
use crate::inside::service::usual_config;
use crate::inside::{Service, journal, until};

crate::promises![
    a_good_reload_returns_when_it_is_in_service,
    a_bad_reload_fails_and_leaves_the_old_one_in_service,
    a_reload_by_signal_that_is_refused_is_told_in_the_status,
    reloads_under_load_lose_nothing,
];

fn with_agent(name: &str) -> Value {
    let mut config = usual_config();
    config["agents"][name] = json!({"models": [{"provider": "dummy", "model": "ok"}]});
    config
}

fn a_good_reload_returns_when_it_is_in_service(service: &Service<'_>) {
    service.start();
    let pid = service.main_pid();
    for round in ["first", "second", "third"] {
        service.write_config(&with_agent(round));
        let (reloaded, said) = service.control("reload");
        assert!(reloaded, "{said}");
        assert!(service.models().contains(round), "{}", service.models());
    }
    assert_eq!(service.main_pid(), pid, "it is the same process");
    assert_eq!(service.property("ActiveState"), "active");
}

fn a_bad_reload_fails_and_leaves_the_old_one_in_service(service: &Service<'_>) {
    service.write_config(&with_agent("steady"));
    service.start();
    let pid = service.main_pid();
    let mut bad = with_agent("fresh");
    bad["server"]["listen_adr"] = json!("x");
    service.write_config(&bad);
    let (reloaded, _) = service.control("reload");
    assert!(!reloaded, "systemctl was told that all is well");
    journal::until_said("listen_adr");
    assert!(service.models().contains("steady") && !service.models().contains("fresh"));
    assert_eq!(
        (service.main_pid(), service.property("ActiveState").as_str()),
        (pid, "active")
    );
}

/// Whoever sends the signal by hand goes past `validate`; the program refuses by itself.
fn a_reload_by_signal_that_is_refused_is_told_in_the_status(service: &Service<'_>) {
    service.start();
    let mut bad = usual_config();
    bad["serverr"] = json!({});
    service.write_config(&bad);
    run(
        "systemctl",
        &["kill", "--signal=HUP", "--kill-whom=main", "nenya.service"],
    );
    let status = until("a status that tells of the refusal", || {
        Some(service.property("StatusText"))
            .filter(|status| status.contains("serverr") || status.contains("refused"))
    });
    crate::say(&format!("     {status}"));
    until("it is active again", || {
        (service.property("ActiveState") == "active").then_some(())
    });
    assert_eq!(service.ask("build").status, 200);
}

fn reloads_under_load_lose_nothing(service: &Service<'_>) {
    service.start();
    let load = Load::start(service.client(), 8);
    for round in 0..10 {
        service.write_config(&with_agent(&format!("round-{round}")));
        let (reloaded, said) = service.control("reload");
        assert!(reloaded, "{said}");
    }
    let outcome = load.finish();
    crate::say(&format!(
        "     {} answered, slowest {:?}",
        outcome.answered, outcome.slowest
    ));
    assert_eq!(outcome.failed(), 0, "{:?}", outcome.failures);
}
