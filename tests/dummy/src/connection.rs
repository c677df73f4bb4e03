//! One client connection: reads requests, has a script written for each, performs it.
//!
//! While it waits it keeps reading, so that a client that leaves is noticed at once and counted.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::asked::{self, Asked};
use crate::behaviour::Behaviour;
use crate::formats::Repeated;
use crate::models::Shape;
use crate::realtime;
use crate::reply;
use crate::request::{self, BodyLength, Dechunker, Head};
use crate::respond;
use crate::script::{Script, Step};
use crate::stage::SharedStage;

const MAX_HEAD: usize = 1 << 20;
const MAX_BODY: usize = 256 << 20;
/// A model's name is looked for so far: to look through all of a file at each read takes long.
const EARLY_BODY: usize = 64 << 10;
const LINGER: Duration = Duration::from_secs(2);

/// A connection with what was read and not used yet.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    pub(crate) inbox: Vec<u8>,
    body: Vec<u8>,
    pub(crate) stage: SharedStage,
}

/// The client left, or it does not speak HTTP.
#[derive(Debug)]
pub(crate) struct Gone;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Request,
    Close,
    /// The client still sends: closing now would reset the connection under our answer.
    DrainThenClose,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, stage: SharedStage) -> Self {
        stage.counters.borrow_mut().connected();
        Self {
            stream,
            inbox: Vec::with_capacity(8 << 10),
            body: Vec::new(),
            stage,
        }
    }

    pub(crate) async fn serve(mut self) {
        self.answer_all().await;
        self.stage.counters.borrow_mut().disconnected();
    }

    async fn answer_all(&mut self) {
        // Without it a stream's chunks wait for acknowledgements: not what is to be measured.
        if self.stream.set_nodelay(true).is_err() {
            return;
        }
        loop {
            match self.answer_one().await {
                Ok(Next::Request) => {}
                Ok(Next::DrainThenClose) => return self.drain().await,
                Ok(Next::Close) | Err(Gone) => return,
            }
        }
    }

    async fn answer_one(&mut self) -> Result<Next, Gone> {
        let head = self.read_head().await?;
        let head_bytes: Vec<u8> = self.inbox.drain(..head.length).collect();
        if head.expects_continue {
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        if realtime::is_session(&head, &head_bytes) {
            return realtime::serve(self, &head, &head_bytes).await;
        }
        if !is_about_the_dummy(&head, &head_bytes) {
            return self.answer_chat(&head, &head_bytes).await;
        }
        self.read_body(&head, false).await?;
        let answer = self.answer_about_itself(&head, &head_bytes);
        self.send(&answer).await?;
        Ok(match head.keep_alive {
            true => Next::Request,
            false => Next::Close,
        })
    }

    /// Routes that are not a provider's, and the lists of models.
    fn answer_about_itself(&self, head: &Head, head_bytes: &[u8]) -> Vec<u8> {
        let (method, target) = (head.method_in(head_bytes), head.target_in(head_bytes));
        let json = |text: &str| reply::whole(200, reply::JSON, text.as_bytes(), "");
        let mut counters = self.stage.counters.borrow_mut();
        match (method, target) {
            ("GET", "/_seen") => json(&counters.render()),
            ("GET", "/_asked") => json(&counters.asked()),
            ("GET", "/_marked") => json(&self.stage.marked.borrow().render()),
            ("POST", "/_marked") => {
                self.stage.marked.borrow_mut().watch();
                json("{}")
            }
            ("POST", "/_reset") => {
                counters.reset();
                json("{}")
            }
            ("POST", "/_plant" | "/_models") if !self.stage.take(target, &self.body) => {
                reply::whole(400, reply::JSON, b"{}", "")
            }
            (_, "/_redirected") => {
                counters.redirected();
                json("{\"redirected\":true}")
            }
            _ => match Shape::of(target, head_bytes) {
                Some(shape) => {
                    counters.listed();
                    self.stage.models.borrow_mut().answer(shape, target)
                }
                None => json("{}"),
            },
        }
    }

    async fn answer_chat(&mut self, head: &Head, head_bytes: &[u8]) -> Result<Next, Gone> {
        let whole = self.read_body(head, true).await;
        let mark = self.stage.marked.borrow_mut().began(&self.body);
        let Ok(whole) = whole else {
            self.stage.marked.borrow_mut().ended(mark, true);
            return Err(Gone);
        };
        let script = respond::script(&self.stage, head, head_bytes, &self.body);
        let performed = self.perform(&script).await;
        self.stage.counters.borrow_mut().ended(performed.is_err());
        let mut marked = self.stage.marked.borrow_mut();
        marked.ended(mark, performed.is_err());
        performed?;
        Ok(match (whole, script.close || !head.keep_alive) {
            (true, false) => Next::Request,
            (true, true) => Next::Close,
            (false, _) => Next::DrainThenClose,
        })
    }

    async fn read_head(&mut self) -> Result<Head, Gone> {
        loop {
            if let Some(head) = request::parse_head(&self.inbox).map_err(|_| Gone)? {
                return Ok(head);
            }
            if self.inbox.len() > MAX_HEAD {
                return Err(Gone);
            }
            self.read_some().await?;
        }
    }

    /// Reads until the body is whole, or until it is known to ask for an early answer.
    async fn read_body(&mut self, head: &Head, may_answer_early: bool) -> Result<bool, Gone> {
        self.body.clear();
        let mut dechunker = Dechunker::default();
        loop {
            if self.take_body(head.body, &mut dechunker)? {
                return Ok(true);
            }
            if self.body.len() > MAX_BODY {
                return Err(Gone);
            }
            if may_answer_early
                && (1..=EARLY_BODY).contains(&self.body.len())
                && wants_early_answer(&asked::scan(&self.body))
            {
                return Ok(false);
            }
            self.read_some().await?;
        }
    }

    /// Moves what has arrived from the inbox to the body.
    fn take_body(&mut self, length: BodyLength, dechunker: &mut Dechunker) -> Result<bool, Gone> {
        match length {
            BodyLength::Exact(length) => {
                let missing = length - self.body.len();
                let arrived = missing.min(self.inbox.len());
                self.body.extend(self.inbox.drain(..arrived));
                Ok(arrived == missing)
            }
            BodyLength::Chunked => {
                let (used, whole) = dechunker
                    .push(&self.inbox, &mut self.body)
                    .map_err(|_| Gone)?;
                self.inbox.drain(..used);
                Ok(whole)
            }
        }
    }

    async fn perform(&mut self, script: &Script) -> Result<(), Gone> {
        for step in &script.steps {
            match step {
                Step::Send(bytes) => self.send(bytes).await?,
                Step::Pause(wait) => self.pause(*wait).await?,
                Step::Repeat {
                    event,
                    times,
                    pause,
                } => self.repeat(event, *times, *pause).await?,
                Step::Forever => loop {
                    self.read_some().await?;
                },
            }
        }
        Ok(())
    }

    async fn repeat(
        &mut self,
        event: &Repeated,
        times: usize,
        pause: Duration,
    ) -> Result<(), Gone> {
        let same = match event {
            Repeated::Same(bytes) => reply::chunk(bytes),
            Repeated::Numbered { .. } => Vec::new(),
        };
        for number in 0..times {
            self.pause(pause).await?;
            if same.is_empty() {
                let numbered = reply::chunk(&event.bytes(number));
                self.send(&numbered).await?;
            } else {
                self.send(&same).await?;
            }
        }
        Ok(())
    }

    async fn pause(&mut self, wait: Duration) -> Result<(), Gone> {
        if wait.is_zero() {
            return Ok(());
        }
        let end = tokio::time::Instant::now() + wait;
        loop {
            tokio::select! {
                biased;
                read = self.read_some() => read?,
                () = tokio::time::sleep_until(end) => return Ok(()),
            }
        }
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        self.stream.write_all(bytes).await.map_err(|_| Gone)
    }

    pub(crate) async fn read_some(&mut self) -> Result<(), Gone> {
        match self.stream.read_buf(&mut self.inbox).await {
            Ok(0) | Err(_) => Err(Gone),
            Ok(_) => Ok(()),
        }
    }

    async fn drain(&mut self) {
        let drained = async {
            self.stream.shutdown().await.map_err(|_| Gone)?;
            loop {
                self.inbox.clear();
                self.read_some().await?;
            }
        };
        let _until_closed: Result<Result<(), Gone>, _> =
            tokio::time::timeout(LINGER, drained).await;
    }
}

fn is_about_the_dummy(head: &Head, head_bytes: &[u8]) -> bool {
    let (method, target) = (head.method_in(head_bytes), head.target_in(head_bytes));
    let own = [
        "/_seen",
        "/_asked",
        "/_marked",
        "/_reset",
        "/_plant",
        "/_models",
        "/_redirected",
    ];
    own.contains(&target) || (method == "GET" && Shape::of(target, head_bytes).is_some())
}

fn wants_early_answer(asked: &Asked) -> bool {
    asked.model.as_deref().map(Behaviour::of_model) == Some(Behaviour::Early413)
}
