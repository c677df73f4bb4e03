//! `SIGHUP`: the new configuration as a whole, or the old one.

use serde_json::json;

use crate::harness::{Dummy, Gateway, Request, Setup, USER, key, write_private};

fn models(gateway: &Gateway) -> String {
    gateway
        .send(&Request::new("GET", "/v1/models").key(USER))
        .text()
}

fn agent() -> serde_json::Value {
    json!({"models": [{"provider": "dummy", "model": "ok"}]})
}

#[test]
fn a_good_reload_is_in_service_when_it_says_so() {
    let dummy = Dummy::start();
    let mut gateway = Gateway::before(&dummy);
    assert!(!models(&gateway).contains("fresh"));
    gateway.rewrite_config("/agents/fresh", agent());
    gateway.signal("HUP");
    let reloading = gateway.until_notified("RELOADING=1");
    assert!(
        reloading.contains("MONOTONIC_USEC="),
        "in one datagram: {reloading}"
    );
    gateway.until_notified("READY=1");
    assert!(models(&gateway).contains("fresh"));
    assert_eq!(gateway.ask("fresh", false).status, 200);
}

#[test]
fn a_bad_reload_leaves_the_old_configuration_in_service() {
    let dummy = Dummy::start();
    let mut gateway = Setup::new(&dummy).config("/agents/steady", agent()).start();
    gateway.rewrite_config("/agents/fresh", agent());
    gateway.rewrite_config("/serverr", json!({}));
    gateway.signal("HUP");
    gateway.until_notified("RELOADING=1");
    let ready = gateway.until_notified("READY=1");
    assert!(ready.contains("STATUS="), "{ready}");
    assert!(models(&gateway).contains("steady") && !models(&gateway).contains("fresh"));
    gateway.until_logged("serverr");
}

#[test]
fn secrets_are_read_anew() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let fresh = "nk-fresh-0123456789abcdef0123456789abcdef0";
    let secrets = json!({
        "client_token": crate::harness::ADMIN,
        "provider_keys": {"dummy": "sk-second-key-of-the-dummy-0123456789"},
        "api_keys": {"fresh": key("fresh", fresh, "user")},
    });
    let path = gateway.secrets_file();
    write_private(&path, secrets.to_string().as_bytes());
    gateway.signal("HUP");
    gateway.until_notified("READY=1");
    let models = |key: &str| {
        gateway
            .send(&Request::new("GET", "/v1/models").key(key))
            .status
    };
    assert_eq!((models(fresh), models(USER)), (200, 401));
    assert_eq!(
        gateway
            .send(&Request::to_model("dummy/ok", false).key(fresh))
            .status,
        200
    );
    assert_eq!(
        dummy.seen()["authorization"],
        "Bearer sk-second-key-of-the-dummy-0123456789"
    );
}

#[test]
fn the_verdict_is_left_for_the_reload_command() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy);
    let runtime = setup.folder().join("run");
    std::fs::create_dir(&runtime).unwrap();
    let mut gateway = setup
        .env("RUNTIME_DIRECTORY", runtime.to_str().unwrap())
        .start();
    let reload = |gateway: &mut Gateway| {
        let pid = gateway.pid().to_string();
        gateway
            .setup()
            .command(&["reload"])
            .env("MAINPID", pid)
            .env("RUNTIME_DIRECTORY", &runtime)
            .output()
            .unwrap()
    };
    let good = reload(&mut gateway);
    assert!(good.status.success(), "{good:?}");
    gateway.rewrite_config("/serverr", json!({}));
    let bad = reload(&mut gateway);
    assert!(!bad.status.success());
    let said = String::from_utf8_lossy(&bad.stderr).into_owned();
    assert!(said.contains("serverr"), "{said}");
}

#[test]
fn a_reload_without_the_files_of_the_start_leaves_the_old_ones_in_service() {
    let dummy = Dummy::start();
    let alone = Setup::new(&dummy).config("/agents/steady", agent());
    let by_directory = Setup::new(&dummy)
        .config("/agents/steady", agent())
        .env("NENYA_CONFIG_DIR", ".");
    for setup in [alone, by_directory] {
        let file = setup.config_file();
        let gateway = setup.start();
        std::fs::remove_file(file).unwrap();
        gateway.signal("HUP");
        gateway.until_notified("RELOADING=1");
        let ready = gateway.until_notified("READY=1");
        assert!(
            ready.contains("refused") && ready.contains("generation 1"),
            "{ready}"
        );
        assert!(models(&gateway).contains("steady") && !models(&gateway).contains("echo"));
        assert_eq!(gateway.ask("steady", false).status, 200);
        gateway.until_metric("nenya_reloads_total{outcome=\"refused\"}", 1.0);
    }
}

#[test]
fn the_verdict_of_an_earlier_process_does_not_stand_in_the_way() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy);
    let runtime = setup.folder().join("run");
    std::fs::create_dir(&runtime).unwrap();
    let old = json!({"attempt": 99, "generation": 41, "refusal": "of another time"});
    std::fs::write(runtime.join("reload.json"), old.to_string()).unwrap();
    let mut gateway = setup
        .env("RUNTIME_DIRECTORY", runtime.to_str().unwrap())
        .start();
    let pid = gateway.pid().to_string();
    let runtime = runtime.to_str().unwrap().to_owned();
    let arguments = ["reload", "--pid", &pid, "--runtime-dir", &runtime];
    let output = gateway.setup().command(&arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    assert!(said.contains("generation 2"), "{said}");
}

#[test]
fn reloads_under_load_lose_nothing() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    (0..100)
                        .filter(|at| gateway.ask("dummy/ok", at % 2 == 0).status != 200)
                        .count()
                })
            })
            .collect();
        for _ in 0..10 {
            gateway.signal("HUP");
            gateway.until_notified("READY=1");
        }
        let failed: usize = clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .sum();
        assert_eq!(failed, 0, "{}", gateway.log());
    });
}
