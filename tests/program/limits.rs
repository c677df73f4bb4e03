//! Failed logins per address, and what a key may use.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::http::PATIENCE;
use crate::harness::{Client, Dummy, Failure, Gateway, Reply, Request, Setup, USER};
use crate::resources::own_kib;

const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 66));
const CUSTOMER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 77));
const WRONG_TOKENS: usize = 10_000;

/// Tries `count` different wrong tokens, with as few connections as the gateway allows.
fn attack(client: Client, count: usize) -> (usize, usize) {
    let (mut unknown, mut blocked) = (0, 0);
    let mut connection = client.connect().unwrap();
    while unknown + blocked < count {
        let token = format!("nk-guess-{:032}", unknown + blocked);
        let sent = connection.write(&Request::new("GET", "/v1/models").key(&token).bytes());
        match sent.and_then(|()| connection.reply()) {
            Ok(reply) if reply.status == 401 => unknown += 1,
            Ok(reply) if reply.status == 429 => {
                let wait: u64 = reply
                    .header("retry-after")
                    .expect("a wait")
                    .parse()
                    .expect("in seconds");
                assert!(wait > 0);
                blocked += 1;
            }
            Ok(reply) => panic!("{}: {}", reply.status, reply.text()),
            Err(Failure::Unanswered | Failure::BrokenOff) => connection = client.connect().unwrap(),
            Err(failure) => panic!("{failure}"),
        }
        if connection_is_over(&connection) {
            connection = client.connect().unwrap();
        }
    }
    (unknown, blocked)
}

fn connection_is_over(connection: &crate::harness::http::Connection) -> bool {
    let mut byte = [0];
    let socket = connection.socket();
    socket.set_nonblocking(true).unwrap();
    let over = matches!(socket.peek(&mut byte), Ok(0));
    socket.set_nonblocking(false).unwrap();
    over
}

/// Times of good requests from one address, until told to stop.
fn customer(client: Client, count: usize) -> Vec<Duration> {
    let mut connection = client.connect().unwrap();
    let request = Request::new("GET", "/v1/models").key(USER).bytes();
    let time = |_| {
        let began = Instant::now();
        connection.write(&request).unwrap();
        assert_eq!(connection.reply().unwrap().status, 200);
        began.elapsed()
    };
    (0..count).map(time).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
fn ten_thousand_wrong_tokens_block_their_address_and_no_other() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let alone = median(customer(gateway.client().coming_from(CUSTOMER), 500));
    let before = own_kib(gateway.pid());
    let (outcome, meanwhile) = std::thread::scope(|scope| {
        let attack = scope.spawn(|| attack(gateway.client().coming_from(ATTACKER), WRONG_TOKENS));
        let meanwhile = median(customer(gateway.client().coming_from(CUSTOMER), 2000));
        (attack.join().unwrap(), meanwhile)
    });
    let (unknown, blocked) = outcome;
    println!(
        "401: {unknown}, 429: {blocked}; the other address: {alone:?} alone, {meanwhile:?} meanwhile"
    );
    assert_eq!(unknown + blocked, WRONG_TOKENS);
    // Ten, and as many more as were asked while the limiter was too busy to answer in time.
    let looked_at = WRONG_TOKENS / 100;
    assert!(unknown <= looked_at, "{unknown} guesses were looked at");
    let grown = own_kib(gateway.pid()).saturating_sub(before);
    assert!(grown < 8 << 10, "{grown} KiB for one attacker");
    let metrics = gateway.page("/metrics").text();
    assert!(
        counted(&metrics, "nenya_auth_") >= u64::try_from(WRONG_TOKENS).unwrap(),
        "{metrics}"
    );
}

/// The sum of failures and blocks.
fn counted(metrics: &str, prefix: &str) -> u64 {
    let counts = metrics
        .lines()
        .filter(|line| line.starts_with(prefix) && !line.contains("success"));
    counts
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .map(|count| count as u64)
        .sum()
}

#[test]
fn a_blocked_address_is_refused_even_with_a_good_token() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let attacker = gateway.client().coming_from(ATTACKER);
    attack(attacker, 11);
    let reply = attacker
        .send(&Request::new("GET", "/v1/models").key(USER))
        .unwrap();
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (429, "address_blocked"),
        "{}",
        reply.text()
    );
    assert_eq!(
        gateway
            .client()
            .coming_from(CUSTOMER)
            .send(&Request::new("GET", "/v1/models").key(USER))
            .unwrap()
            .status,
        200
    );
}

#[test]
fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
    let dummy = Dummy::start();
    let trusting = Setup::new(&dummy)
        .config("/server/trusted_proxies", json!(["127.0.0.0/8"]))
        .start();
    let suspicious = Gateway::before(&dummy);
    let guess = |gateway: &Gateway, claimed: &str| {
        let request = Request::new("GET", "/v1/models")
            .key("nk-wrong-0123456789abcdef")
            .header("x-forwarded-for", claimed);
        gateway.send(&request).status
    };
    for at in 0..30 {
        assert_eq!(
            guess(&trusting, &format!("198.51.100.{at}")),
            401,
            "each is another client"
        );
    }
    let statuses: Vec<u16> = (0..30)
        .map(|at| guess(&suspicious, &format!("198.51.100.{at}")))
        .collect();
    assert_eq!(
        statuses.last(),
        Some(&429),
        "all are one client: {statuses:?}"
    );
}

fn limited(dummy: &Dummy, limits: serde_json::Value) -> Gateway {
    Setup::new(dummy)
        .config("/limits/keys/user", limits)
        .start()
}

fn headers<'a>(reply: &'a Reply, what: &str) -> [Option<&'a str>; 2] {
    ["limit", "remaining"].map(|part| reply.header(&format!("x-ratelimit-{part}-{what}")))
}

#[test]
fn requests_per_minute_are_counted_exactly() {
    let dummy = Dummy::start();
    let gateway = limited(&dummy, json!({"requests_per_minute": 5}));
    for left in ["4", "3", "2", "1", "0"] {
        let reply = gateway.ask("dummy/ok", false);
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(
            headers(&reply, "requests"),
            [Some("5"), Some(left)],
            "{:?}",
            reply.headers
        );
    }
    let refused = gateway.ask("dummy/ok", false);
    assert_eq!(
        (refused.status, refused.error_code().as_str()),
        (429, "request_limit"),
        "{}",
        refused.text()
    );
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(headers(&refused, "requests"), [Some("5"), Some("0")]);
    assert_eq!(dummy.count("requests"), 5);
}

#[test]
fn requests_per_minute_hold_over_all_workers_at_once() {
    let dummy = Dummy::start();
    let gateway = limited(&dummy, json!({"requests_per_minute": 50}));
    let answered: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    (0..20)
                        .filter(|_| gateway.ask("dummy/ok", false).status == 200)
                        .count()
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .sum()
    });
    // The bucket refills while they ask: one request in 1.2 s.
    assert!((50..=53).contains(&answered), "{answered} of 50");
}

#[test]
fn tokens_per_minute_are_settled_by_what_was_used() {
    let dummy = Dummy::start();
    let gateway = limited(&dummy, json!({"tokens_per_minute": 1000}));
    assert_eq!(gateway.ask("dummy/tokens-2000", false).status, 200);
    let refused = gateway.ask("dummy/ok", false);
    assert_eq!(
        (refused.status, refused.error_code().as_str()),
        (429, "token_limit"),
        "{}",
        refused.text()
    );
}

/// Uses up a minute's tokens by `request`, which is answered, and is refused the next time.
fn uses_up_the_tokens(request: &Request) {
    let dummy = Dummy::start();
    let gateway = limited(&dummy, json!({"tokens_per_minute": 1000}));
    let reply = gateway.send(request);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let refused = gateway.ask("dummy/ok", false);
    assert_eq!(
        (refused.status, refused.error_code().as_str()),
        (429, "token_limit"),
        "{}",
        refused.text()
    );
    let proxied = gateway.send(&proxied("ok", false));
    assert_eq!(proxied.error_code(), "token_limit", "{}", proxied.text());
    assert_eq!(dummy.count("requests"), 1);
}

fn proxied(model: &str, stream: bool) -> Request {
    let body =
        json!({"model": model, "stream": stream, "messages": [{"role": "user", "content": "hi"}]});
    Request::new("POST", "/proxy/dummy/v1/chat/completions")
        .key(USER)
        .header("content-type", "application/json")
        .body(body.to_string())
}

#[test]
fn tokens_of_a_stream_are_counted_though_nobody_asked_for_its_usage() {
    uses_up_the_tokens(&Request::to_model("dummy/chunks-1500", true).key(USER));
}

#[test]
fn tokens_of_a_forwarded_answer_are_counted_by_its_size() {
    uses_up_the_tokens(&proxied("chunks-1500", false));
    uses_up_the_tokens(&proxied("chunks-1500", true));
}

#[test]
fn tokens_of_a_forwarded_prompt_are_counted_before_it_is_sent() {
    let dummy = Dummy::start();
    let gateway = limited(&dummy, json!({"tokens_per_minute": 1000}));
    let body = json!({"model": "ok", "input": "word ".repeat(2000)});
    let request = Request::new("POST", "/proxy/dummy/v1/embeddings")
        .key(USER)
        .header("content-type", "application/json")
        .body(body.to_string());
    let reply = gateway.send(&request);
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (413, "token_limit_too_small"),
        "{}",
        reply.text()
    );
    assert_eq!(dummy.count("requests"), 0);
}

#[test]
fn concurrent_requests_are_bounded_and_places_come_back() {
    let dummy = Dummy::start();
    let gateway = limited(&dummy, json!({"concurrent_requests": 2}));
    let open = |model: &str| {
        let mut connection = gateway.client().connect().unwrap();
        connection
            .write(&Request::to_model(model, true).key(USER).bytes())
            .unwrap();
        connection
    };
    let (first, _second) = (open("dummy/stall"), open("dummy/stall"));
    dummy.until("open", 2);
    let refused = gateway.ask("dummy/ok", false);
    assert_eq!(
        (refused.status, refused.error_code().as_str()),
        (429, "concurrency_limit"),
        "{}",
        refused.text()
    );
    drop(first);
    dummy.until("open", 1);
    // The upstream's connection is closed a moment before the place is given back.
    let end = Instant::now() + PATIENCE;
    while gateway.ask("dummy/ok", false).status != 200 {
        assert!(Instant::now() < end, "the place never came back");
    }
}

#[test]
fn a_happy_request_asks_no_actor() {
    let dummy = Dummy::start();
    let gateway = limited(&dummy, json!({"requests_per_minute": 1_000_000}));
    let asks = || {
        gateway.page("/statsz").json()["asks"]
            .as_u64()
            .expect("a count")
    };
    for _ in 0..20 {
        gateway.ask("dummy/ok", false);
    }
    let idle = {
        let first = asks();
        asks() - first
    };
    let before = asks();
    for at in 0..500 {
        assert_eq!(gateway.ask("dummy/ok", at % 2 == 0).status, 200);
    }
    let made = (asks() - before).saturating_sub(idle);
    // Leases are renewed now and then, and the health rounds go on meanwhile.
    assert!(made < 100, "{made} asks for 500 requests");
}
