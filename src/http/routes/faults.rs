//! `POST /debug/fault`: makes an actor, a worker or the work on large bodies misbehave. Only in builds with the feature
//! `faults`, which no release has, and only on the admin listener.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web::Payload};
use redactor::FilePolicy;
use runtime::{Misbehaviour, Thaw};
use serde::Deserialize;
use serde_json::json;

use crate::http::body::{self, BodyLimits};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::worker::Worker;

/// Longer than the supervisor waits before it calls an actor frozen.
const FREEZE: Duration = Duration::from_secs(20);

const LIMITS: BodyLimits = BodyLimits {
    bytes: 4096,
    pause: Duration::from_secs(5),
    upload: 0,
    files: FilePolicy::Redact,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    target: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Panic,
    Fail,
    Freeze,
    FreezeForGood,
}

pub(crate) async fn make_fault(
    worker: &Worker,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let bytes = body::read(request, payload, &LIMITS, None).await?;
    let fault: Fault = serde_json::from_slice(&bytes)
        .map_err(|e| ApiError::new(ErrorCode::InvalidField).detail(e.to_string()))?;
    match fault.target.as_str() {
        "worker" => return misbehave_here(fault.kind),
        "large-bodies" => worker.shared.aside.misbehave(fault.kind.into()),
        actor if worker.shared.overseer.misbehave(actor, fault.kind.into()) => {}
        _ => return Err(ApiError::new(ErrorCode::InvalidField).param("target")),
    }
    Ok(HttpResponse::Accepted().json(json!({ "target": fault.target })))
}

impl From<Kind> for Misbehaviour {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Panic => Self::Panic,
            Kind::Fail => Self::Fail,
            Kind::Freeze => Self::Freeze {
                until: Thaw::after(FREEZE),
            },
            Kind::FreezeForGood => Self::FreezeForGood,
        }
    }
}

/// A worker cannot be rebuilt, so a frozen one is what the watchdog is for.
#[expect(
    clippy::panic,
    clippy::disallowed_methods,
    reason = "misbehaving is the purpose of this test switch"
)]
fn misbehave_here(kind: Kind) -> Result<HttpResponse, ApiError> {
    match kind {
        Kind::Panic => panic!("asked to panic"),
        Kind::Fail => Err(ApiError::new(ErrorCode::Internal).operator("asked to fail")),
        Kind::Freeze | Kind::FreezeForGood => loop {
            std::thread::sleep(Duration::from_secs(3600));
        },
    }
}
