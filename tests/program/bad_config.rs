//! Configurations that do not mean what their author thinks. `validate` refuses each, says where
//! and what, and the gateway does not start with it.

use std::process::Output;

use serde_json::json;

use crate::harness::{Dummy, Setup, write_private};

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Both `validate` and a start refuse it, and both say these words.
fn refused(setup: &Setup, words: &[&str]) {
    for arguments in [
        &["validate", "-config", "config.json"][..],
        &["-validate", "-config", "config.json"],
        &["-config", "config.json"],
    ] {
        let output = setup.run(arguments);
        let said = said(&output);
        assert!(
            !output.status.success(),
            "{arguments:?} went through: {said}"
        );
        for word in words {
            assert!(said.contains(word), "{arguments:?}: no `{word}` in: {said}");
        }
    }
}

fn setup() -> Setup {
    Setup::new(&Dummy::start())
}

/// The same, for a file that is not even JSON.
fn refused_text(text: &str, words: &[&str]) {
    let setup = setup();
    setup.write();
    write_private(&setup.config_file(), text.as_bytes());
    let output = setup
        .command(&["validate", "-config", "config.json"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    for word in words {
        assert!(
            said(&output).contains(word),
            "no `{word}` in: {}",
            said(&output)
        );
    }
}

#[test]
fn a_good_configuration_is_valid() {
    let output = setup().run(&["validate", "-config", "config.json"]);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    refused(
        &setup().config("/server/listen_adr", json!("127.0.0.1:1")),
        &["listen_adr", "listen_addr"],
    );
    for (key, value) in [("port", json!(8080)), ("listen", json!(":8080"))] {
        refused(
            &setup().config(&format!("/server/{key}"), value),
            &[&format!("server.{key}"), "did you mean `listen_addr`"],
        );
    }
    refused(
        &setup().config("/servers", json!({})),
        &["servers", "server"],
    );
    refused(
        &setup().config("/providers/dummy/auth_stile", json!("bearer")),
        &["auth_stile", "auth_style"],
    );
}

#[test]
fn a_wrong_type_is_refused_with_its_place() {
    refused(
        &setup().config("/server/max_body_bytes", json!("many")),
        &["server.max_body_bytes"],
    );
    refused(
        &setup().config("/server/behind_proxy", json!("yes")),
        &["server.behind_proxy"],
    );
    refused(&setup().config("/agents", json!([])), &["agents"]);
}

#[test]
fn a_bad_pattern_is_refused_with_its_index() {
    let setup = setup().config("/bouncer/redact_patterns", json!(["ok[0-9]", "("]));
    refused(&setup, &["redact_patterns[1]"]);
}

#[test]
fn a_bad_level_is_refused_with_the_levels_there_are() {
    refused(
        &setup().config("/server/log_level", json!("INFO")),
        &["server.log_level", "info"],
    );
    refused(
        &setup().config("/server/log_level", json!("loud")),
        &["server.log_level", "warn"],
    );
}

#[test]
fn a_value_out_of_bounds_is_refused() {
    refused(
        &setup().config("/server/max_body_bytes", json!(-1)),
        &["server.max_body_bytes"],
    );
    refused(
        &setup().config("/server/signature_memory", json!(-1)),
        &["server.signature_memory", "64 KiB", "4 GiB"],
    );
    refused(
        &setup().config("/server/max_connections", json!(0)),
        &["server.max_connections"],
    );
    refused(
        &setup().config("/server/header_timeout", json!("0s")),
        &["server.header_timeout"],
    );
}

#[test]
fn an_agent_that_leads_nowhere_is_refused() {
    let setup = setup().config(
        "/agents/build",
        json!({"models": [{"provider": "nobody", "model": "ok"}]}),
    );
    refused(&setup, &["agents.build.models[0].provider"]);
}

#[test]
fn a_public_address_needs_tls_or_a_proxy() {
    refused(
        &setup().config("/server/listen_addr", json!("0.0.0.0:8080")),
        &["behind_proxy", "tls"],
    );
    refused(
        &setup().config("/server/listen_addr", json!(":8080")),
        &["behind_proxy"],
    );
}

#[test]
fn a_provider_on_a_private_network_must_be_asked_for() {
    for address in [
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "[::ffff:10.1.2.3]",
        "[fd00::1]",
        "0x0a010203",
        "167838211",
        "100.64.0.1",
    ] {
        let setup = setup()
            .config(
                "/providers/dummy/url",
                json!(format!("https://{address}/v1/chat/completions")),
            )
            .config(
                "/providers/dummy/danger_allow_private_addresses",
                json!(false),
            );
        refused(&setup, &["providers.dummy.url"]);
    }
}

#[test]
fn a_key_may_not_cross_the_network_in_clear() {
    let setup = setup().config(
        "/providers/dummy/url",
        json!("http://api.example.com/v1/chat/completions"),
    );
    refused(
        &setup.config(
            "/providers/dummy/danger_allow_private_addresses",
            json!(false),
        ),
        &["providers.dummy.url", "https"],
    );
}

#[test]
fn text_that_is_no_json_is_refused_with_line_and_column() {
    refused_text(
        "{\n  \"server\": {\n    \"workers\": ,\n  }\n}",
        &["config.json", "3"],
    );
    refused_text("", &["config.json"]);
    refused_text("{\"server\": {}", &["config.json"]);
    refused_text("\u{0}", &["config.json"]);
}

#[test]
fn a_key_that_is_given_twice_is_refused() {
    refused_text(r#"{"server": {"workers": 1, "workers": 2}}"#, &["workers"]);
}

#[test]
fn comments_are_allowed() {
    let setup = setup();
    setup.write();
    let text = std::fs::read_to_string(setup.config_file()).unwrap();
    write_private(
        &setup.config_file(),
        format!("// first\n{} /* last */", text).as_bytes(),
    );
    let output = setup
        .command(&["validate", "-config", "config.json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = setup().run(&["validate", "-config", "other.json"]);
    assert!(!output.status.success());
    let said = said(&output);
    assert!(
        said.contains("other.json") && said.contains("`-config`"),
        "{said}"
    );
}

#[test]
fn a_directory_is_merged_in_the_order_of_names() {
    let setup = setup();
    setup.write();
    let folder = setup.folder().join("config.d");
    std::fs::create_dir(&folder).unwrap();
    let main = std::fs::read(setup.config_file()).unwrap();
    write_private(&folder.join("10-main.json"), &main);
    write_private(
        &folder.join("20-more.json"),
        br#"{"server": {"max_connections": 0}}"#,
    );
    let output = setup
        .command(&["validate", "-config-dir", "."])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(
        said(&output).contains("20-more.json") || said(&output).contains("max_connections"),
        "{}",
        said(&output)
    );
}
