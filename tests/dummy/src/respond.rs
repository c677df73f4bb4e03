//! Finds out what a provider's request asks for, and has its answer written.
//!
//! Called by [`connection`](crate::connection) with a whole request; counts it.

use crate::answered::Answered;
use crate::asked;
use crate::behaviour::Behaviour;
use crate::formats::{Answer, Format};
use crate::models;
use crate::options::Options;
use crate::place::{Endpoint, Place};
use crate::planted::Plant;
use crate::request::{Head, text_in};
use crate::script::{self, Request, Script};
use crate::stage::Stage;

/// The answer to one request, which is counted and noted.
pub(crate) fn script(stage: &Stage, head: &Head, head_bytes: &[u8], body: &[u8]) -> Script {
    let asked = asked::scan(body);
    let place = Place::of(head.target_in(head_bytes));
    let model = match text_in(head_bytes, &head.model) {
        "" => place.model.clone().or(asked.model).unwrap_or_default(),
        named => named.to_owned(),
    };
    let number = count(stage, &model, head, head_bytes, body);
    let (name, options) = Options::split(&model);
    let options = match options {
        Ok(options) => options,
        Err(unknown) => return refusal(&unknown),
    };
    let unsaid = place.format == Format::Ollama;
    let request = Request {
        format: place.format,
        stream: place.stream.or(asked.stream).unwrap_or(unsaid) && place.endpoint == Endpoint::Chat,
        array: place.array,
        usage: asked.usage,
        options,
        head: head_bytes,
        body,
    };
    let planted = stage.planted.borrow().of_model(name);
    match planted {
        Some(Plant::Script(script)) => return script,
        Some(Plant::Turns(turns)) => return script::planted(&turns, &request),
        None => {}
    }
    if let Some(case) = name.strip_prefix("golden-") {
        let golden = &stage.golden;
        let answered = golden.answer(request.format, case, request.stream, request.array);
        return answered.script(&options);
    }
    let behaviour = Behaviour::of_model(name).on_request(number);
    match beside_chat(place.endpoint, name, request.format) {
        Some(answered) if behaviour == Behaviour::Ok => answered.script(&options),
        _ => script::script(behaviour, &request),
    }
}

/// Notes the request; gives how often its model was asked.
fn count(stage: &Stage, model: &str, head: &Head, head_bytes: &[u8], body: &[u8]) -> u64 {
    let authorization = head_bytes.get(head.authorization.clone());
    let mut counters = stage.counters.borrow_mut();
    let number = counters.began(model, head_bytes, authorization.unwrap_or_default());
    counters.received(head_bytes, body);
    number
}

/// The good answer where no chat is asked for.
fn beside_chat(endpoint: Endpoint, name: &str, format: Format) -> Option<Answered> {
    let body = match endpoint {
        Endpoint::Chat => return None,
        Endpoint::Count => format.dialect().count(),
        Endpoint::Show => models::shown(),
        Endpoint::Stored => {
            let mut stored = format.dialect().whole(&Answer::greeting());
            if let Some(fields) = stored.as_object_mut() {
                fields.insert("id".to_owned(), name.into());
            }
            stored
        }
    };
    Some(Answered::whole(200, body.to_string().into_bytes()))
}

/// A script that nobody understands is no answer.
fn refusal(said: &str) -> Script {
    let answered = Answered::whole(501, said.as_bytes().to_vec());
    answered.script(&Options::default())
}
