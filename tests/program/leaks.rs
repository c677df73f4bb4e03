//! Marked secrets and prompts are sent through every route and error; afterwards nothing that
//! the program wrote holds a mark, and its memory holds no copy of the provider's key outside
//! the pages that nobody can read.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::FileExt as _;

use serde_json::json;

use crate::harness::{ADMIN, Dummy, Gateway, PROVIDER_KEY, Reply, Request, Setup, USER};

/// In the prompt; may reach the upstream and the caller, but no log and no page.
const PROMPT_MARK: &str = "marked-prompt-3c6e0b8a9c15224a";
/// In wrong tokens; may reach nobody.
const TOKEN_MARK: &str = "nk-marked-token-8277e0910d750195b4487976";
/// In a header that is not passed on.
const HEADER_MARK: &str = "marked-header-e1671797c52e15f7";

fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/server/log_level", json!("debug"))
        .config("/agents/build", json!({"strategy": "fallback", "models": [{"provider": "dummy", "model": "status-500"}, {"provider": "dummy", "model": "ok"}]}))
        .config("/providers/dummy/first_byte_timeout_seconds", json!(1))
        .start();
    (dummy, gateway)
}

fn chat(model: &str, stream: bool) -> Request {
    let body = json!({"model": model, "stream": stream, "messages": [{"role": "user", "content": PROMPT_MARK}]});
    Request::chat(body.to_string()).header("x-marked", HEADER_MARK)
}

/// One request for each way through the program.
fn every_way(gateway: &Gateway) -> Vec<Reply> {
    let models = [
        "ok",
        "status-401",
        "status-500",
        "status-429",
        "html",
        "bad-json",
        "cut",
        "redirect",
        "hang-up",
        "stall",
        "error-event",
        "flood-1",
        "talkative",
        "lie-length",
    ];
    let mut replies: Vec<Reply> = Vec::new();
    for model in models {
        for stream in [false, true] {
            replies.push(gateway.send(&chat(&format!("dummy/{model}"), stream).key(USER)));
        }
    }
    replies.push(gateway.send(&chat("build", false).key(USER)));
    replies.push(gateway.send(&chat("nobody", false).key(USER)));
    replies.push(gateway.send(&chat("dummy/ok", false).key(TOKEN_MARK)));
    replies.push(gateway.send(&Request::new("GET", "/v1/models").header("api-key", TOKEN_MARK)));
    replies.push(
        gateway.send(
            &Request::new("GET", "/v1/models")
                .key(USER)
                .header("x-marked", HEADER_MARK),
        ),
    );
    replies
        .push(gateway.send(
            &Request::new("GET", &format!("/proxy/dummy/v1/files?{HEADER_MARK}")).key(ADMIN),
        ));
    replies.push(gateway.send(&Request::new("GET", &format!("/{HEADER_MARK}")).key(USER)));
    replies.push(
        gateway.send(&Request::chat(format!(r#"{{"model":"dummy/ok","{PROMPT_MARK}":"#)).key(USER)),
    );
    replies.push(
        gateway.send(
            &Request::chat(format!(
                r#"{{"model":"dummy/ok","messages":[{{"{PROMPT_MARK}":1,"{PROMPT_MARK}":2}}]}}"#
            ))
            .key(USER),
        ),
    );
    replies
}

#[test]
fn no_secret_and_no_prompt_is_in_logs_pages_or_replies() {
    let (dummy, gateway) = scene();
    let replies = every_way(&gateway);
    gateway.until_logged("invalid_json");
    let pages: String = ["/metrics", "/statsz", "/healthz", "/version"]
        .map(|page| gateway.page(page).text())
        .concat();
    let log = gateway.log();
    for mark in [
        PROVIDER_KEY,
        USER,
        ADMIN,
        TOKEN_MARK,
        PROMPT_MARK,
        HEADER_MARK,
    ] {
        assert!(
            !log.contains(mark),
            "`{mark}` is in the log: {}",
            around(&log, mark)
        );
        assert!(
            !pages.contains(mark),
            "`{mark}` is on a page: {}",
            around(&pages, mark)
        );
    }
    for reply in &replies {
        let text = format!("{:?} {}", reply.headers, reply.text());
        for mark in [PROVIDER_KEY, USER, ADMIN, TOKEN_MARK] {
            assert!(
                !text.contains(mark),
                "`{mark}` is in a reply: {}",
                around(&text, mark)
            );
        }
    }
    let last_head = dummy.seen()["last_head"].as_str().unwrap().to_owned();
    assert!(!last_head.contains("x-marked"), "{last_head}");
}

fn around<'a>(text: &'a str, mark: &str) -> &'a str {
    text.lines()
        .find(|line| line.contains(mark))
        .unwrap_or_default()
}

#[test]
fn what_the_provider_got_is_the_provider_key_and_nothing_of_the_caller_s() {
    let (dummy, gateway) = scene();
    let reply = gateway.send(&chat("dummy/echo", false).key(USER));
    let told: serde_json::Value =
        serde_json::from_str(&reply.content()).expect("what the dummy received");
    assert_eq!(
        told["headers"]["authorization"],
        format!("Bearer {PROVIDER_KEY}"),
        "the echo shows it because the dummy is told to"
    );
    assert!(!reply.content().contains(USER));
    assert_eq!(dummy.count("requests"), 1);
}

#[test]
fn a_prompt_cannot_read_out_the_key_by_naming_the_placeholder() {
    let (dummy, gateway) = scene();
    // The placeholder is random per process; a caller who learnt it would try it in the body.
    let told = gateway.send(&chat("dummy/echo", false).key(USER)).content();
    let told: serde_json::Value = serde_json::from_str(&told).expect("what the dummy received");
    for value in told["headers"].as_object().unwrap().values() {
        let body = json!({"model": "dummy/ok", "messages": [{"role": "user", "content": value}]});
        gateway.send(&Request::chat(body.to_string()).key(USER));
    }
    assert!(
        !dummy.seen()["last_body"]
            .as_str()
            .unwrap()
            .contains(&PROVIDER_KEY.replace("sk-", "sk_"))
    );
}

#[test]
fn no_readable_page_holds_the_provider_key() {
    let (dummy, gateway) = scene();
    every_way(&gateway);
    let mut open = gateway.client().connect().unwrap();
    open.write(&chat("dummy/stall-after-3", true).key(USER).bytes())
        .unwrap();
    dummy.until("open", 1);
    let (scanned, found) = copies(gateway.pid(), PROVIDER_KEY.as_bytes());
    println!(
        "{} KiB scanned, {} copies found in {found:?}",
        scanned >> 10,
        found.len()
    );
    // Locked pages that are no secret pages can still be read by root: one copy, in the arena.
    let arena_is_readable = gateway.page("/statsz").text().contains("LockedPages");
    assert!(found.len() <= usize::from(arena_is_readable), "{found:?}");
    assert!(
        scanned > 1 << 20,
        "only {scanned} bytes could be read; this test must run as root"
    );
}

/// Reads every page that the kernel lets root read, and finds the key in it.
fn copies(pid: u32, key: &[u8]) -> (u64, Vec<String>) {
    let memory = File::open(format!("/proc/{pid}/mem")).expect("root may open it");
    let maps = BufReader::new(File::open(format!("/proc/{pid}/maps")).expect("root may read it"));
    let (mut scanned, mut found) = (0, Vec::new());
    for line in maps
        .lines()
        .map_while(Result::ok)
        .filter(|line| !line.contains("[vvar"))
    {
        let (start, end) = line
            .split(' ')
            .next()
            .and_then(|range| range.split_once('-'))
            .expect("a range");
        let [start, end] =
            [start, end].map(|address| u64::from_str_radix(address, 16).expect("an address"));
        let pages = read_pages(&memory, start, end);
        scanned += pages.len() as u64;
        found.extend(memchr::memmem::find_iter(&pages, key).map(|_| line.clone()));
    }
    (scanned, found)
}

/// Page by page where the kernel refuses the whole: secret and guard pages lie among others.
fn read_pages(memory: &File, start: u64, end: u64) -> Vec<u8> {
    const PAGE: usize = 4096;
    let mut whole = vec![0; usize::try_from(end - start).expect("a range of this machine")];
    if memory.read_exact_at(&mut whole, start).is_ok() {
        return whole;
    }
    let mut pages = Vec::new();
    for at in (start..end).step_by(PAGE) {
        let mut page = [0; PAGE];
        if memory.read_exact_at(&mut page, at).is_ok() {
            pages.extend_from_slice(&page);
        }
    }
    pages
}
