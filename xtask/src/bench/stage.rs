//! What runs during the benchmark, and one measurement on it.
//!
//! Owns the upstream and both gateways, which run side by side for the whole time: one that is
//! not asked costs nothing. Watches what other programs take from the machine meanwhile, since
//! a figure from a busy machine is worth nothing.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::time::{Duration, Instant};

use super::gateways::{self, Core, Folder, Model, Server, pause};
use super::load::{self, Job, Window};
use super::measure::{self, Machine};
use super::options::Options;
use super::report::Subject;
use super::request;

/// The size of every request body.
pub(super) const BODY: usize = 2048;

/// Of one core, while something is measured: above it the measurement counts as disturbed.
const QUIET: f64 = 0.05;
/// How often one measurement is repeated at most.
const REPEATS: usize = 8;

/// Everything that runs.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) access_log: bool,
    pub(super) folder: Folder,
    pub(super) upstream: Server,
    window: Duration,
    nginx: Server,
    nenya: Server,
    watch: RefCell<Watch>,
}

/// What is known about the noise.
#[derive(Debug, Default)]
struct Watch {
    patience: Duration,
    measured: usize,
    repeated: usize,
    others: Vec<f64>,
    stolen: Vec<f64>,
    nginx: Lines,
    nenya: Lines,
}

/// Answers of a gateway, and the lines of its access log about them.
#[derive(Debug, Default)]
struct Lines {
    answers: u64,
    missing: u64,
}

impl Lines {
    fn note(&mut self, answers: u64, lines: u64) {
        self.answers += answers;
        self.missing += answers.saturating_sub(lines);
    }

    fn missing_percent(&self) -> f64 {
        self.missing as f64 * 100.0 / self.answers.max(1) as f64
    }
}

/// One figure's raw material.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) window: Window,
    /// Of the gateway alone.
    pub(super) cpu: Duration,
}

impl Measured {
    pub(super) fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.window.wall.as_secs_f64()
    }

    pub(super) fn cpu_us_per(&self, count: u64) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count as f64
    }

    /// The share of its core that the gateway used, in per cent.
    pub(super) fn busy(&self) -> f64 {
        self.cpu.as_secs_f64() / self.window.wall.as_secs_f64() * 100.0
    }
}

impl Stage {
    /// Starts everything.
    pub(super) fn set(options: &Options) -> io::Result<Self> {
        gateways::allow_many_files()?;
        gateways::move_to(Core::Load)?;
        let folder = Folder::new()?;
        let upstream = gateways::dummy()?;
        let (nginx, _) = gateways::nginx(&folder, upstream.address, options.access_log)?;
        let (nenya, _) = gateways::nenya(&folder, upstream.address, options.access_log)?;
        let watch = RefCell::new(Watch {
            patience: options.patience,
            ..Watch::default()
        });
        Ok(Self {
            access_log: options.access_log,
            folder,
            upstream,
            window: options.window,
            nginx,
            nenya,
            watch,
        })
    }

    /// The machine and the arrangement, in a few lines.
    pub(super) fn describe(&self) -> String {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let (cpu, cores) = (read("/proc/cpuinfo"), measure::cores().unwrap_or_default());
        let model = cpu
            .lines()
            .find_map(|line| line.strip_prefix("model name"))
            .unwrap_or_default();
        format!(
            "machine: {cores} cores, {}, Linux {}\n\
             arrangement: each gateway with one worker on core 0, load and upstream on core 1, loopback only\n\
             requests: body of {BODY} bytes, reply with a text of 2,000 bytes; access log of both to a file: {}",
            model.trim_start_matches(['\t', ' ', ':']),
            read("/proc/sys/kernel/osrelease").trim(),
            if self.access_log {
                "yes, unbuffered (nginx), asynchronous (nenya)"
            } else {
                "no"
            },
        )
    }

    /// Direct first, then the gateways in turn: who begins changes from round to round.
    pub(super) fn order(round: usize) -> [Subject; 3] {
        if round.is_multiple_of(2) {
            [Subject::Direct, Subject::Nginx, Subject::Nenya]
        } else {
            [Subject::Direct, Subject::Nenya, Subject::Nginx]
        }
    }

    /// Loads `subject` for one window.
    ///
    /// # Errors
    /// Wrong and missing answers.
    pub(super) fn measure(
        &self,
        subject: Subject,
        model: Model,
        stream: bool,
        connections: usize,
    ) -> io::Result<Measured> {
        let server = self.server(subject);
        let job = Job {
            address: if stream {
                server.streams
            } else {
                server.address
            },
            request: ask(server, subject, model, stream),
            connections,
            warm_up: self.window / 4,
            window: self.window,
        };
        for _ in 0..REPEATS {
            self.wait_until_quiet()?;
            let (measured, quiet) = self.measure_once(subject, server, &job)?;
            if quiet || self.watch.borrow().patience.is_zero() {
                return Ok(measured);
            }
            self.watch.borrow_mut().repeated += 1;
        }
        Ok(self.measure_once(subject, server, &job)?.0)
    }

    fn measure_once(
        &self,
        subject: Subject,
        server: &Server,
        job: &Job,
    ) -> io::Result<(Measured, bool)> {
        let own = self.own_pids();
        let sample = || {
            Ok((
                measure::cpu_of(&server.pids)?,
                measure::cpu_of(&own)?,
                Machine::now()?,
            ))
        };
        server.take_access_lines()?;
        let (window, before, after) = load::run(job, sample)?;
        let share = |time: Duration| time.as_secs_f64() / window.wall.as_secs_f64();
        let others = share((after.2.busy - before.2.busy).saturating_sub(after.1 - before.1));
        let stolen = share(after.2.stolen - before.2.stolen);
        self.count_lines(subject, server, window.replies_ever)?;
        let mut watch = self.watch.borrow_mut();
        watch.measured += 1;
        watch.others.push(others);
        watch.stolen.push(stolen);
        let cpu = after.0 - before.0;
        Ok((Measured { window, cpu }, others <= QUIET))
    }

    /// A log that drops lines under load is cheaper than one that does not; that must be known.
    fn count_lines(&self, subject: Subject, server: &Server, replies: u64) -> io::Result<()> {
        if !self.access_log || subject == Subject::Direct {
            return Ok(());
        }
        // What is still gathered in the process: nenya writes its lines ten times a second.
        pause(Duration::from_millis(250));
        let lines = server.take_access_lines()?;
        let mut watch = self.watch.borrow_mut();
        match subject {
            Subject::Nenya | Subject::Copy => watch.nenya.note(replies, lines),
            _ => watch.nginx.note(replies, lines),
        }
        Ok(())
    }

    fn server(&self, subject: Subject) -> &Server {
        match subject {
            Subject::Direct => &self.upstream,
            Subject::Nginx => &self.nginx,
            Subject::Nenya | Subject::Copy => &self.nenya,
        }
    }

    /// Everything that belongs to the benchmark.
    fn own_pids(&self) -> Vec<u32> {
        let servers = [&self.upstream, &self.nginx, &self.nenya];
        let mut pids: Vec<u32> = servers
            .iter()
            .flat_map(|server| server.pids.iter().copied())
            .collect();
        pids.push(std::process::id());
        pids
    }

    fn wait_until_quiet(&self) -> io::Result<()> {
        const LOOK: Duration = Duration::from_millis(300);
        loop {
            let began = Instant::now();
            if self.watch.borrow().patience.is_zero() {
                return Ok(());
            }
            let before = Machine::now()?.busy;
            pause(LOOK);
            if (Machine::now()?.busy - before).as_secs_f64() <= QUIET * LOOK.as_secs_f64() {
                return Ok(());
            }
            let mut watch = self.watch.borrow_mut();
            watch.patience = watch.patience.saturating_sub(began.elapsed());
        }
    }

    /// How far the figures can be trusted.
    pub(super) fn noise(&self) -> String {
        let watch = self.watch.borrow();
        let worst = |figures: &[f64]| figures.iter().copied().fold(0.0, f64::max) * 100.0;
        let mean =
            |figures: &[f64]| figures.iter().sum::<f64>() / figures.len().max(1) as f64 * 100.0;
        let disturbed = watch.others.iter().filter(|&&share| share > QUIET).count();
        format!(
            "noise: other programs used {:.1} % of a core on average and {:.1} % at most while something was measured; \
             {disturbed} of {} measurements were disturbed, {} of them measured again; \
             the hypervisor took {:.1} % at most\n\
             log: {:.2} % of nginx's answers and {:.2} % of nenya's had no line",
            mean(&watch.others),
            worst(&watch.others),
            watch.measured,
            watch.repeated,
            worst(&watch.stolen),
            watch.nginx.missing_percent(),
            watch.nenya.missing_percent(),
        )
    }
}

/// nenya is asked for an agent, the others for the model itself; the size is the same.
pub(super) fn ask(server: &Server, subject: Subject, model: Model, stream: bool) -> Vec<u8> {
    let path = match subject {
        Subject::Copy => "/proxy/dummy/v1/chat/completions",
        _ => "/v1/chat/completions",
    };
    let name = match subject {
        Subject::Nenya => model.agent,
        _ => model.upstream,
    };
    request::chat_at(server.address, path, name, stream, BODY)
}
