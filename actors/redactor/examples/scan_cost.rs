//! What the search and the looks cost on texts without secrets: MB/s, a short text, a chunk.
//!
//! The rules are stand-ins: as many triggers as the table has, of the same kinds, and looks that
//! do as much as real ones do before they give up.
//!
//! `cargo run --release -p nenya-redactor --example scan_cost [prose|code|json|logs|unicode|hostile]`

#![allow(
    dead_code,
    unreachable_pub,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a measuring program, which takes the engine in as source since it is not public"
)]

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

#[path = "../src/error.rs"]
mod error;
#[path = "../src/scan/mod.rs"]
mod scan;
#[path = "../src/table/mod.rs"]
mod table;

use scan::classes::{ALNUM, ClassId, Classes, DIGIT};
use scan::compiled::Compiled;
use scan::family::{Family, Looks, RuleNumber, Trigger, TriggerText};
use scan::sink::{Replaces, Sink, Stop};
use scan::stream::{TextStream, scan_whole};
use scan::view::View;

/// Beginnings of tokens: a name of a service, what it is, and a sign.
static PREFIXES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "sk- sk-ant- sk-proj- sk_live_ sk_test_ rk_live_ pk_live_ whsec_ ghp_ gho_ ghu_ ghs_ ghr_
    github_pat_ glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- AKIA ASIA
    ABIA ACCA A3T AIza ya29. GOCSPX- xoxb- xoxp- xoxa- xoxs- xoxe. xapp- eyJ -----BEGIN SG. key-
    npm_ pypi- dop_v1_ doo_v1_ dor_v1_ hf_ api_org_ r8_ gsk_ xai- pplx- tvly- csk- nvapi- fw_
    lsv2_pt_ lsv2_sk_ pcsk_ sbp_ sb_secret_ rnd_ fly_ FlyV1 fo1_ vercel_ nfp_ CFPAT- shpat_
    shpca_ shppa_ shpss_ sq0atp- sq0csp- EAAA access_token$ rzp_live_ PMAK- phc_ phx_ glsa_ glc_
    eyJrIjoi NRAK- NRJS- NRII- dapi dckr_pat_ dckr_oat_ hvs. hvb. hvr. atlasv1. pul- tfp_ ATATT3
    ATCTT3 ATBB lin_api_ lin_oauth_ secret_ ntn_ figd_ figo_ oy2 cio LTAI AKID AKLT ocid1. bkua_
    circleci_ CCIPAT_ CCIPRJ_ travis_ dt0c01. sntrys_ sntryu_ dd_api_ rubygems_ clojars_
    CLOJARS_ jfrog_ AKCp cmVmd ops_ A3- age1 AGE-SECRET-KEY- PRIVATE- mnt_ doppler dp.pt. dp.st.
    dp.ct. infisical_ akv_ aio_ TEST- APP_USR- pat-na1- pat-eu1- xkeysib- xsmtpsib- re_ SK0 AC0
    twilio_ EZAK EZTK shippo_live_ live_ test_ duffel_live_ frm_ flb_ patp_ pat. airtable_ keyM
    tskey- tmr_ v1.0- v2.0- ZEEBE sl. sl.u. fb_ EAAC IGQV discord_ mfa. bot: https://hooks.
    hooks.slack webhook.site ctx7sk- jina_ vck_ together_ openrouter- sk-or-v1- sk-lf- pk-lf-
    mlk_ wandb_ comet_ lkey_ azd_ AccountKey= SharedAccessKey= sig= sv=20 password@ postgres:
    postgresql: mysql: mongodb: mongodb+srv: redis: rediss: amqp: amqps: ssh-rsa PuTTY BEGINPGP
    -----END Bearer Basic :// xprv yprv zprv nsec1 ED25519 S3cr k8s-aws-v1. kubeconfig- oauth2:
    ey0 ewog"
        .split_whitespace()
        .collect()
});

/// Parts of names that say that a secret follows.
static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "password passwd passphrase pwd secret token api_key apikey api-key access_key access-key
    accesskey private_key privatekey client_secret auth_token authorization x-api-key credential
    connectionstring aws_secret session_key encryption_key signing_key master_key account_key
    storage_key cookie jwt bearer adafruit adobe airtable algolia alibaba asana atlassian beamer
    bitbucket bittrex cloudflare codecov coinbase confluent contentful databricks datadog
    discord droneci dropbox dynatrace etsy facebook fastly finicity finnhub flickr freshbooks
    gitter gocardless heroku hubspot intercom jfrog jira kraken kucoin launchdarkly linkedin
    looker mailchimp mailgun mapbox mattermost messagebird netlify newrelic nytimes okta
    opsgenie pagerduty plaid rapidapi sendbird sendgrid sentry sonar splunk squarespace
    sumologic telegram travis trello twilio twitch twitter typeform vault yandex zendesk"
        .split_whitespace()
        .collect()
});

#[derive(Debug)]
struct Tokens(ClassId);

impl Family for Tokens {
    fn triggers(&self) -> Vec<Trigger> {
        let texts = PREFIXES
            .iter()
            .map(|text| TriggerText::Exact((*text).into()));
        triggers(texts, true)
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let start = at + PREFIXES[usize::from(payload)].len();
        let end = view.run_end(self.0, start);
        if view.is_open_at(end) {
            looks.open(at, at);
        } else if end - start >= 30 {
            looks.found(0, at..end);
        }
    }
}

#[derive(Debug)]
struct Names;

impl Family for Names {
    fn triggers(&self) -> Vec<Trigger> {
        let texts = NAMES
            .iter()
            .map(|text| TriggerText::AnyCase((*text).into()));
        triggers(texts, false)
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let mut end = at + NAMES[usize::from(payload)].len();
        while view.byte(end).is_some_and(|byte| b" \"':".contains(&byte)) {
            end += 1;
        }
        if view.is_open_at(end) {
            looks.open(at, end);
        } else if view.byte(end) == Some(b'=') && view.byte(end + 1) == Some(b'"') {
            looks.found(0, end + 2..end + 2);
        }
    }
}

#[derive(Debug)]
struct Mails(ClassId);

impl Family for Mails {
    fn triggers(&self) -> Vec<Trigger> {
        triggers([TriggerText::At], false)
    }

    fn look(&self, at: usize, _: u16, view: &mut View<'_>, looks: &mut Looks) {
        let end = view.run_end(self.0, at + 1);
        if view.before(at).is_some_and(|byte| ALNUM.has(byte)) && view.byte(end) == Some(b'.') {
            looks.found(0, at - 1..end);
        }
    }

    fn tail(&self, view: &mut View<'_>) -> Option<usize> {
        let tail = view.text.iter().rev().take(64);
        let name = tail.take_while(|byte| ALNUM.has(**byte)).count();
        (name > 0).then_some(view.text.len() - name)
    }
}

#[derive(Debug)]
struct Numbers {
    run: ClassId,
    least: usize,
    what: TriggerText,
}

impl Family for Numbers {
    fn triggers(&self) -> Vec<Trigger> {
        triggers([self.what.clone()], true)
    }

    fn look(&self, at: usize, _: u16, view: &mut View<'_>, looks: &mut Looks) {
        let end = view.run_end(self.run, at);
        if view.is_open_at(end) {
            looks.open(at, at);
        } else if end - at >= self.least {
            looks.found(0, at..end);
        }
    }
}

fn triggers(texts: impl IntoIterator<Item = TriggerText>, is_replaced: bool) -> Vec<Trigger> {
    let numbered = texts.into_iter().zip(0_u16..);
    numbered
        .map(|(what, payload)| Trigger {
            what,
            payload,
            is_replaced,
        })
        .collect()
}

fn set(with_numbers: bool) -> Compiled {
    let mut classes = Classes::default();
    let token = classes.intern(ALNUM.with(b'_').with(b'-'));
    let digits = classes.intern(DIGIT.with(b'-').with(b'.').with(b' '));
    let mut families: Vec<Box<dyn Family>> = vec![Box::new(Tokens(token)), Box::new(Names)];
    if with_numbers {
        families.push(Box::new(Mails(classes.intern(ALNUM))));
        for (what, least) in [
            (TriggerText::LongNumber, 40),
            (TriggerText::LongNumber, 41),
            (TriggerText::LongNumber, 42),
            (TriggerText::HexColon, 43),
            (TriggerText::CapitalsDigits, 44),
        ] {
            let run = digits;
            families.push(Box::new(Numbers { run, least, what }));
        }
    }
    Compiled::of(Vec::new(), families, classes).unwrap()
}

struct Count(usize, usize);

impl Sink for Count {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        self.0 += text.len();
        Ok(())
    }

    fn found(&mut self, _: &[RuleNumber], text: &str) -> Result<(), Stop> {
        self.1 += text.len();
        Ok(())
    }

    fn observed(&mut self, _: RuleNumber, _: usize) {}
}

fn texts() -> Vec<(&'static str, String)> {
    let prose = concat!(
        include_str!("../../../docs/operations.md"),
        include_str!("../../../docs/threat-model.md"),
        include_str!("../../../docs/architecture.md"),
    );
    let code = concat!(
        include_str!("../src/pool.rs"),
        include_str!("../src/scan/scanner.rs"),
        include_str!("../../../src/http/refusals.rs"),
    );
    let json: String = (0..600)
        .map(|n| {
            format!(
                concat!(
                    "  {{\n    \"id\": {n},\n    \"name\": \"item {n}\",\n    \"price\": {n}.25,\n",
                    "    \"created_at\": \"2026-11-{day:02}T10:00:00Z\",\n    \"active\": true,\n",
                    "    \"tags\": [\"alpha\", \"beta\"], \"parent\": null,\n",
                    "    \"about\": \"A short text about things that nobody hides\"\n  }},\n",
                ),
                n = n,
                day = n % 28 + 1
            )
        })
        .collect();
    let logs: String = (0..1000)
        .map(|n| {
            format!(
                concat!(
                    "2026-11-22T09:{:02}:{:02}.{:03}Z INFO  gateway::http request finished ",
                    "method=POST path=/v1/chat/completions status=200 duration_ms={} id={:08x}\n",
                ),
                n / 60 % 60,
                n % 60,
                n,
                n * 7,
                n * 999_983
            )
        })
        .collect();
    let unicode =
        "Größere Texte über Äpfel, naïve Ideen und 日本語 ohne Geheimnisse. ".repeat(1500);
    vec![
        ("prose", prose.repeat(6)),
        ("code", code.repeat(4)),
        ("json", json),
        ("logs", logs),
        ("unicode", unicode),
    ]
}

fn main() {
    for (name, with_numbers) in [("credentials", false), ("with personal data", true)] {
        let start = Instant::now();
        let set = set(with_numbers);
        println!("{name}: compiled in {:?}", start.elapsed());
        let replaces = Replaces::those(1, |_| true);
        let only = std::env::args().nth(1);
        let chosen = |name: &str| only.as_deref().is_none_or(|only| only == name);
        for (name, text) in texts().into_iter().filter(|(name, _)| chosen(name)) {
            whole(&set, &replaces, name, &text);
        }
        if chosen("hostile") {
            hostile(&set, &replaces);
        }
    }
}

fn whole(set: &Compiled, replaces: &Replaces, name: &str, text: &str) {
    let mut count = Count(0, 0);
    scan_whole(set, replaces, text, &mut count).unwrap();
    let large = best(|| scan_whole(set, replaces, black_box(text), &mut Count(0, 0)).unwrap());
    let short = &text[..text.floor_char_boundary(2048)];
    let small = best(|| scan_whole(set, replaces, black_box(short), &mut Count(0, 0)).unwrap());
    let chunks: Vec<&str> = (0..100)
        .map(|n| &text[text.floor_char_boundary(n * 20)..text.floor_char_boundary(n * 20 + 20)])
        .collect();
    let stream = best(|| {
        let mut stream = TextStream::default();
        let mut count = Count(0, 0);
        for chunk in &chunks {
            stream
                .push(set, replaces, black_box(chunk), &mut count)
                .unwrap();
        }
        stream.finish(set, replaces, &mut count).unwrap();
    });
    println!(
        "  {name:<8} {:>7} bytes, {} found: {:>6.0} MB/s; 2 KiB {:>6.0} ns; 20-byte chunk {:>5.0} ns",
        text.len(),
        count.1,
        text.len() as f64 / large.as_secs_f64() / 1e6,
        small.as_secs_f64() * 1e9,
        stream.as_secs_f64() * 1e9 / 100.0,
    );
}

fn hostile(set: &Compiled, replaces: &Replaces) {
    let pieces = [
        "eyJ",
        "-----BEGIN ",
        "password=",
        "a",
        "@",
        "1",
        "1 ",
        "sk-",
    ];
    for piece in pieces {
        print!("  {piece:<11} ms at 1, 2, 4, 8 MB:");
        for size in [1, 2, 4, 8] {
            let text = piece.repeat((size << 20) / piece.len());
            let start = Instant::now();
            scan_whole(set, replaces, &text, &mut Count(0, 0)).unwrap();
            print!(" {:>6.1}", start.elapsed().as_secs_f64() * 1e3);
        }
        println!();
    }
}

/// The best of many rounds, per call.
fn best(mut run: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    let mut calls = 1_u32;
    for _ in 0..40 {
        let start = Instant::now();
        for _ in 0..calls {
            run();
        }
        best = best.min(start.elapsed() / calls);
        let fitting = Duration::from_millis(3).as_nanos() / best.as_nanos().max(1);
        calls = u32::try_from(fitting).unwrap_or(u32::MAX).clamp(1, 100_000);
    }
    best
}
