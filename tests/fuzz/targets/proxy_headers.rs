//! `auth::TrustedProxies`: what a client writes to the left of a proxy's entry changes nothing.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use auth::{ProxyHeader, TrustedProxies};
use libfuzzer_sys::fuzz_target;

const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const CLIENT: &str = "203.0.113.9";

fn client(header: ProxyHeader, forwarded: &[&str], listed: &[&str]) -> String {
    let network = "10.0.0.0/8".parse().expect("a network");
    let proxies = TrustedProxies::new(vec![network]).reading(header);
    proxies.client_of(PROXY, forwarded, listed).to_string()
}

fuzz_target!(|input: (Vec<&str>, &str, IpAddr)| {
    let (lines, forged, peer) = input;
    let all = [
        ProxyHeader::Either,
        ProxyHeader::XForwardedFor,
        ProxyHeader::Forwarded,
    ];
    for header in all {
        let _ = client(header, &lines, &lines);
        let none = TrustedProxies::new(Vec::new()).reading(header);
        assert_eq!(
            none.client_of(peer, &lines, &lines).ip(),
            peer.to_canonical()
        );
    }

    // The proxy appends to the client's own line, or writes a line of its own below it.
    let listed = format!("{forged}, {CLIENT}");
    let forwarded = format!("{forged}, for={CLIENT}");
    let own = format!("for=\"{CLIENT}:4711\";proto=https");
    let (mut above_listed, mut above_own) = (lines.clone(), lines);
    above_listed.push(CLIENT);
    above_own.push(&own);
    for listed in [&[listed.as_str()][..], &above_listed] {
        assert_eq!(
            client(ProxyHeader::XForwardedFor, &[forged], listed),
            CLIENT
        );
        assert_eq!(client(ProxyHeader::Either, &[forged], listed), CLIENT);
    }
    for forwarded in [&[forwarded.as_str()][..], &above_own] {
        assert_eq!(client(ProxyHeader::Forwarded, forwarded, &[forged]), CLIENT);
        assert_eq!(client(ProxyHeader::Either, forwarded, &[]), CLIENT);
    }
});
