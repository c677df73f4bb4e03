//! `cargo xtask bench departures`: clients leave at any moment; when does their upstream see it?
//!
//! Owns the run: three thirds of departures against one gateway, a look at what it holds after
//! each, and the table. The dummy stamps each close with the machine's clock, and so does the
//! client: both are processes of one machine. Fails if a request stays open, a connection is left
//! or a client was answered with an error; never judges a time or a size.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gateways::{self, Core, Folder, Server, pause};
use super::measure::{self, Machine, percentile};
use super::request::CLIENT_TOKEN;
use super::{build_programs, ended, optimised, wrong};
use crate::run::say;
use departing::{Left, Phase, Seen};

#[path = "../../../tests/program/harness/departing.rs"]
mod departing;

const COUNT: u64 = 10_000;
const AT_ONCE: usize = 8;
const PATIENCE: Duration = Duration::from_secs(20);
/// What the allocator gives back later is given back by then.
const SETTLE: Duration = Duration::from_secs(3);

/// How far the machine's clock may be set back in between, in microseconds.
const CLOCK_US: i64 = 1000;

/// What one run does.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    count: u64,
    at_once: usize,
    built: bool,
}

impl Words {
    fn read(arguments: &[&str]) -> Result<Self, String> {
        let (mut count, mut at_once, mut built) = (COUNT, AT_ONCE as u64, false);
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut number = || {
                let text = words.next().copied().unwrap_or_default();
                let number = text.parse().ok().filter(|number| *number > 0);
                number.ok_or_else(|| format!("{word} takes a number, not `{text}`"))
            };
            match *word {
                "--count" => count = number()?,
                "--at-once" => at_once = number()?,
                "--built" => built = true,
                stray => return Err(format!("cannot understand `{stray}`")),
            }
        }
        let at_once = usize::try_from(at_once.min(256)).unwrap_or(AT_ONCE);
        Ok(Self {
            count: count.max(departing::EVERY),
            at_once,
            built,
        })
    }
}

/// Builds, measures, prints.
pub(super) fn run(arguments: &[&str]) -> ExitCode {
    let words = match Words::read(arguments) {
        Ok(words) => words,
        Err(problem) => {
            say(&format!(
                "xtask bench departures: {problem}\n{}",
                super::USAGE
            ));
            return ExitCode::from(2);
        }
    };
    if !words.built && !build_programs() {
        return ExitCode::FAILURE;
    }
    if cfg!(debug_assertions) {
        return optimised(&["bench", "departures", "--built"], arguments);
    }
    ended(measure(&words))
}

fn measure(words: &Words) -> io::Result<()> {
    gateways::allow_many_files()?;
    gateways::move_to(Core::Load)?;
    let scene = Scene::set()?;
    let (began, before) = (Instant::now(), (Machine::now()?, scene.own()?));
    let (mut left, mut held) = (Vec::new(), Vec::new());
    for third in 0..3 {
        let numbers = words.count * third / 3..words.count * (third + 1) / 3;
        let (more, failed) =
            departing::leave_all(numbers, words.at_once, scene.gateway.address, CLIENT_TOKEN);
        if let [first, ..] = failed.as_slice() {
            let count = failed.len();
            return Err(wrong(format!("{count} clients were not served: {first}")));
        }
        left.extend(more);
        held.push(scene.settled()?);
    }
    let took = began.elapsed();
    let others = (Machine::now()?.busy - before.0.busy).saturating_sub(scene.own()? - before.1);
    let told = json_of(&page(scene.dummy.address, "GET", "/_marked")?)?;
    say(&table(&left, &told));
    say(&render(&held));
    say(&format!(
        "{} departures, {} at a time, in {:.0} s; other programs used {:.0} % of a core meanwhile",
        left.len(),
        words.at_once,
        took.as_secs_f64(),
        others.as_secs_f64() / took.as_secs_f64() * 100.0
    ));
    scene.lines()?;
    let bad = |one: &&Left| match one.seen(&told) {
        Seen::StillOpen => true,
        Seen::Close(us) => us < -CLOCK_US,
        Seen::Nothing | Seen::Answered => false,
    };
    match left.iter().find(bad) {
        Some(one) => Err(wrong(format!(
            "the upstream saw nothing of this, or too early: {one:?}"
        ))),
        None => Ok(()),
    }
}

/// The gateway and the upstream of all formats.
struct Scene {
    dummy: Server,
    gateway: Server,
    admin: SocketAddr,
    _folder: Folder,
}

/// What the gateway holds when nobody asks it anything.
#[derive(Debug)]
struct Held {
    resident_kib: u64,
    own_kib: u64,
    files: u64,
    idle: u64,
}

impl Scene {
    fn set() -> io::Result<Self> {
        let folder = Folder::new()?;
        let dummy = gateways::dummy()?;
        let upstream = dummy.address;
        let config = |[address, admin]: [SocketAddr; 2]| {
            json!({
                "server": {
                    "listen_addr": address.to_string(), "admin_listen": admin.to_string(),
                    "workers": 1, "log_format": "json", "log_level": "info",
                },
                "providers": departing::providers(upstream),
                "agents": departing::agents(),
            })
        };
        let secrets = json!({
            "client_token": "nk-admin-0123456789abcdef0123456789abcdef01234567",
            "provider_keys": departing::provider_keys(),
            "api_keys": {"bench": {"name": "bench", "token": CLIENT_TOKEN, "roles": ["user"], "enabled": true}},
        });
        let (gateway, admin) = gateways::nenya_as(&folder, config, &secrets)?;
        page(upstream, "POST", "/_marked")?;
        Ok(Self {
            dummy,
            gateway,
            admin,
            _folder: folder,
        })
    }

    /// Waits until nothing is open any more, and looks at what is held then.
    fn settled(&self) -> io::Result<Held> {
        let end = Instant::now() + PATIENCE;
        loop {
            let inflight = self.metric("nenya_inflight_requests")?;
            let open = self.upstream("open")?;
            // The question is one itself.
            if inflight == 1.0 && open == 0 {
                break;
            }
            if Instant::now() > end {
                let problem = format!("{inflight} requests in flight, {open} open at the upstream");
                return Err(wrong(problem));
            }
            pause(Duration::from_millis(20));
        }
        pause(SETTLE);
        let [pid, ..] = self.gateway.pids.as_slice() else {
            return Err(wrong("no process"));
        };
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        Ok(Held {
            resident_kib: kib(&status, "VmRSS:"),
            own_kib: kib(&status, "RssAnon:") + kib(&status, "RssShmem:"),
            files: fs::read_dir(format!("/proc/{pid}/fd"))?.count() as u64,
            // This question has a connection too.
            idle: self.upstream("connections_open")?.saturating_sub(1),
        })
    }

    fn upstream(&self, counter: &str) -> io::Result<u64> {
        let seen = json_of(&page(self.dummy.address, "GET", "/_seen")?)?;
        let count = seen.get(counter).and_then(Value::as_u64);
        count.ok_or_else(|| wrong(format!("no counter `{counter}`")))
    }

    /// The sum over all labels.
    fn metric(&self, name: &str) -> io::Result<f64> {
        let text = page(self.admin, "GET", "/metrics")?;
        let values = text.lines().filter_map(|line| {
            let (known, value) = line.rsplit_once(' ')?;
            let of_name = known.strip_prefix(name)?;
            let counts = of_name.is_empty() || of_name.contains("method=\"POST\"");
            value.parse::<f64>().ok().filter(|_| counts)
        });
        Ok(values.sum())
    }

    /// Processor time of everything that belongs to the run.
    fn own(&self) -> io::Result<Duration> {
        let pids = [&self.dummy, &self.gateway].map(|server| server.pids.clone());
        let pids = [pids.concat(), vec![std::process::id()]].concat();
        measure::cpu_of(&pids)
    }

    /// Whether each request has its line.
    fn lines(&self) -> io::Result<()> {
        let served = self.metric("nenya_http_requests_total")? as usize;
        let log = self.gateway.access_log.as_deref();
        let log = fs::read_to_string(log.ok_or_else(|| wrong("no log"))?)?;
        let records: Vec<Value> = log
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .filter(|record: &Value| record.get("method") == Some(&json!("POST")))
            .collect();
        let ids: HashSet<&str> = records
            .iter()
            .filter_map(|record| record.get("request_id")?.as_str())
            .collect();
        let told = format!(
            "{served} requests served, {} lines in the log, {} different ids",
            records.len(),
            ids.len()
        );
        say(&told);
        match records.len() == served && ids.len() == served {
            true => Ok(()),
            false => Err(wrong(told)),
        }
    }
}

fn kib(status: &str, what: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    number.unwrap_or_default()
}

/// Asks one of the pages that the gateway and the dummy have.
fn page(address: SocketAddr, method: &str, path: &str) -> io::Result<String> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    socket.write_all(request.as_bytes())?;
    let mut reply = String::new();
    socket.read_to_string(&mut reply)?;
    match reply.split_once("\r\n\r\n") {
        Some((head, body)) if head.starts_with("HTTP/1.1 200") => Ok(body.to_owned()),
        _ => Err(wrong(format!("{path}: {reply}"))),
    }
}

fn json_of(text: &str) -> io::Result<Value> {
    serde_json::from_str(text).map_err(|error| wrong(format!("no JSON: {error}")))
}

/// One line for each phase, for each client format, and for all.
fn table(left: &[Left], told: &Value) -> String {
    let mut text = String::from(
        "| the client leaves | departures | no request yet | answered before | close seen | p50, ms | p99, ms | most, ms |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mut line = |name: &str, of_line: &dyn Fn(&Left) -> bool| {
        let seen = left.iter().filter(|one| of_line(one));
        let seen: Vec<Seen> = seen.map(|one| one.seen(told)).collect();
        text.push_str(&row(name, &seen));
    };
    for phase in Phase::ALL {
        line(phase.label(), &|one| one.departure.phase == phase);
    }
    for client in departing::formats() {
        line(&format!("client of {client}"), &|one| {
            one.departure.client() == client && one.departure.phase != Phase::Upload
        });
    }
    line("to another format", &|one| one.departure.crosses());
    line("all", &|_| true);
    text
}

fn row(name: &str, seen: &[Seen]) -> String {
    let count = |wanted: Seen| seen.iter().filter(|one| **one == wanted).count();
    let mut times: Vec<u32> = seen
        .iter()
        .filter_map(|one| match one {
            // Up to `CLOCK_US` below zero.
            Seen::Close(us) => Some(u32::try_from(*us).unwrap_or(0)),
            _ => None,
        })
        .collect();
    times.sort_unstable();
    let at = |share| match times.is_empty() {
        true => "-".to_owned(),
        false => format!("{:.2}", percentile(&times, share) / 1e3),
    };
    format!(
        "| {name} | {} | {} | {} | {} | {} | {} | {} |\n",
        seen.len(),
        count(Seen::Nothing),
        count(Seen::Answered),
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0),
    )
}

fn render(held: &[Held]) -> String {
    let mut text = String::from(
        "| after | resident, KiB | its own, KiB | files | idle connections to the upstream |\n|---|---|---|---|---|\n",
    );
    for (third, held) in held.iter().enumerate() {
        let Held {
            resident_kib,
            own_kib,
            files,
            idle,
        } = held;
        text.push_str(&format!(
            "| {}/3 | {resident_kib} | {own_kib} | {files} | {idle} |\n",
            third + 1
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_leave_unless_another_number_is_asked_for() {
        let words = Words::read(&[]).unwrap();
        assert_eq!((words.count, words.at_once), (10_000, 8));
        let words = Words::read(&["--count", "2000", "--built"]).unwrap();
        assert_eq!((words.count, words.built), (2000, true));
        for bad in [&["--count"][..], &["--count", "0"], &["--all"]] {
            assert!(Words::read(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_row_tells_what_became_of_its_departures() {
        let seen = [
            Seen::Nothing,
            Seen::Answered,
            Seen::Close(1500),
            Seen::Close(500),
        ];
        assert_eq!(
            row("x", &seen),
            "| x | 4 | 1 | 1 | 2 | 0.50 | 1.50 | 1.50 |\n"
        );
        assert!(row("y", &[]).contains("| 0 | - | - | - |"));
    }
}
