//! Which address a failed login is counted against, and what a blocked address may still ask.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::json;

use crate::harness::{ADMIN, Client, Dummy, Gateway, Request, Setup, USER};

const BLOCKED: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 66));
/// More wrong tokens than an address may present.
const TOO_MANY: usize = 30;

fn wrong_login(at: usize) -> Request {
    Request::new("GET", "/v1/models").key(&format!("nk-wrong-{at:032}"))
}

/// The status of the last of too many wrong logins, each with the headers that `dress` adds.
fn last_status(client: Client, dress: impl Fn(usize, Request) -> Request) -> u16 {
    (0..TOO_MANY)
        .map(|at| client.send(&dress(at, wrong_login(at))).unwrap().status)
        .last()
        .unwrap()
}

fn behind_a_proxy(dummy: &Dummy) -> Gateway {
    Setup::new(dummy)
        .config("/server/trusted_proxies", json!(["127.0.0.0/8"]))
        .start()
}

#[test]
fn an_honest_client_behind_a_proxy_is_counted_by_its_own_address() {
    let dummy = Dummy::start();
    let gateway = behind_a_proxy(&dummy);
    let one = |_, request: Request| request.header("x-forwarded-for", "198.51.100.7");
    assert_eq!(last_status(gateway.client(), one), 429);
    let other = wrong_login(0).header("x-forwarded-for", "198.51.100.8");
    assert_eq!(gateway.send(&other).status, 401, "nobody else is blocked");
}

#[test]
fn a_list_that_is_no_ascii_does_not_give_way_to_what_the_client_wrote() {
    let dummy = Dummy::start();
    for list in ["\u{fc}", "198.51.100.7, \u{1f511}", "\u{fc}, unknown"] {
        let gateway = behind_a_proxy(&dummy);
        let status = last_status(gateway.client(), |at, request| {
            request
                .header("x-forwarded-for", list)
                .header("forwarded", &format!("for=198.51.100.{at}"))
        });
        assert_eq!(status, 429, "`{list}` let the client choose");
    }
}

#[test]
fn a_client_cannot_choose_its_address_before_what_the_proxy_added() {
    let dummy = Dummy::start();
    let gateway = behind_a_proxy(&dummy);
    let status = last_status(gateway.client(), |at, request| {
        request
            .header("forwarded", &format!("for=203.0.113.{at}"))
            .header(
                "x-forwarded-for",
                &format!("\u{fc}, 192.0.2.{at}, 198.51.100.7"),
            )
    });
    assert_eq!(status, 429);
}

#[test]
fn a_blocked_address_still_gets_health_and_the_admin_pages() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let blocked = gateway.client().coming_from(BLOCKED);
    assert_eq!(last_status(blocked, |_, request| request), 429);
    let status = |client: Client, path| {
        let request = Request::new("GET", path).key(USER);
        client.send(&request).unwrap().status
    };
    assert_eq!(status(blocked, "/v1/models"), 429, "even with a good key");
    assert_eq!(status(blocked, "/metrics"), 429, "on the public listener");
    assert_eq!(status(blocked, "/nothing-here"), 429);
    for path in ["/healthz", "/version"] {
        assert_eq!(status(blocked, path), 200, "{path}");
    }
    let admin = gateway.admin().coming_from(BLOCKED);
    for path in ["/metrics", "/statsz", "/healthz"] {
        assert_eq!(status(admin, path), 200, "{path} for operators");
    }
    assert!(
        gateway
            .page("/metrics")
            .text()
            .contains("nenya_auth_blocked_addresses 1")
    );
    assert!(!gateway.log().contains(ADMIN));
}
