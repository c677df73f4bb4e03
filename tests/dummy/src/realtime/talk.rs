//! What a session says to each event: OpenAI's Realtime API, by the model's name. Pure.
//!
//! After the API reference, "Realtime server events", read 22 Nov 2026. With the header
//! `openai-beta: realtime=v1` the names are those of the beta.

use serde_json::{Value, json};

use crate::formats::GREETING;
use crate::options::Options;

/// Characters of a delta, unless `+parts` says otherwise.
const PART: usize = 8;

/// One session's state.
#[derive(Debug)]
pub(super) struct Talk {
    model: String,
    name: String,
    options: Options,
    beta: bool,
    events: u64,
    responses: u64,
    /// The last text that the client said.
    last: String,
    tool: Option<String>,
}

impl Talk {
    pub(super) fn new(model: &str, name: &str, options: Options, beta: bool) -> Self {
        Self {
            model: model.to_owned(),
            name: name.to_owned(),
            options,
            beta,
            events: 0,
            responses: 0,
            last: String::new(),
            tool: None,
        }
    }

    /// The first event.
    pub(super) fn hello(&mut self) -> Value {
        let session = json!({"type": "realtime", "object": "realtime.session", "id": "sess_dummy",
            "model": self.model, "output_modalities": ["text"]});
        self.event("session.created", json!({"session": session}))
    }

    /// The answer to an event.
    pub(super) fn answer(&mut self, event: &Value) -> Vec<Value> {
        match event["type"].as_str().unwrap_or_default() {
            "session.update" => {
                let name = event
                    .pointer("/session/tools/0/name")
                    .and_then(Value::as_str);
                self.tool = name.map(str::to_owned).or(self.tool.take());
                vec![self.event("session.updated", json!({"session": event["session"]}))]
            }
            "conversation.item.create" => self.item(&event["item"]),
            "response.create" => self.response(),
            "input_audio_buffer.append" => Vec::new(),
            "input_audio_buffer.commit" => self.heard(),
            other => {
                let message = format!("Invalid value: '{other}'.");
                let error = json!({"type": "invalid_request_error", "code": "invalid_value",
                    "message": message, "param": "type", "event_id": event["event_id"]});
                vec![self.event("error", json!({"error": error}))]
            }
        }
    }

    fn item(&mut self, item: &Value) -> Vec<Value> {
        let texts = item["content"].as_array().into_iter().flatten();
        let text: Vec<&str> = texts.filter_map(|part| part["text"].as_str()).collect();
        self.last = match item["output"].as_str() {
            Some(output) => output.to_owned(),
            None => text.join("\n"),
        };
        let named = json!({"id": format!("item_{}", self.events)});
        let item = and(&named, item.clone());
        let kinds = match self.beta {
            true => vec!["conversation.item.created"],
            false => vec!["conversation.item.added", "conversation.item.done"],
        };
        let of = |talk: &mut Self, kind| talk.event(kind, json!({"item": item}));
        kinds.into_iter().map(|kind| of(self, kind)).collect()
    }

    fn response(&mut self) -> Vec<Value> {
        self.responses += 1;
        let id = format!("resp_{}", self.responses);
        let response =
            json!({"object": "realtime.response", "id": id, "status": "in_progress", "output": []});
        let mut events = vec![self.event("response.created", json!({"response": response}))];
        let item = match self.name.as_str() {
            "echo-tool" => self.call(&id, &mut events),
            _ => self.message(&id, &mut events),
        };
        let (input, output) = (10, self.tokens());
        let usage = json!({"total_tokens": input + output, "input_tokens": input, "output_tokens": output,
            "input_token_details": {"text_tokens": input, "cached_tokens": 0}, "output_token_details": {"text_tokens": output}});
        let limits = json!({"rate_limits": [{"name": "tokens", "limit": 9, "remaining": 8, "reset_seconds": 1.5}]});
        events.push(self.event("rate_limits.updated", limits));
        let done = json!({"object": "realtime.response", "id": id, "status": "completed", "output": [item], "usage": usage});
        events.push(self.event("response.done", json!({"response": done})));
        events
    }

    fn tokens(&self) -> u64 {
        let number = self
            .name
            .strip_prefix("tokens-")
            .and_then(|number| number.parse().ok());
        number.unwrap_or(5)
    }

    fn said(&self) -> String {
        match self.name.as_str() {
            "echo-text" | "audio" => self.last.clone(),
            _ => GREETING.to_owned(),
        }
    }

    fn message(&mut self, response: &str, events: &mut Vec<Value>) -> Value {
        let (text, sound) = (self.said(), self.name == "audio");
        let (kind, field, part) = match (sound, self.beta) {
            (false, false) => (
                "output_text",
                "text",
                json!({"type": "output_text", "text": text}),
            ),
            (false, true) => ("text", "text", json!({"type": "text", "text": text})),
            (true, false) => (
                "output_audio_transcript",
                "transcript",
                json!({"type": "output_audio", "transcript": text}),
            ),
            (true, true) => (
                "audio_transcript",
                "transcript",
                json!({"type": "audio", "transcript": text}),
            ),
        };
        let id = format!("item_of_{response}");
        let item = json!({"id": id, "object": "realtime.item", "type": "message", "role": "assistant", "content": [part]});
        let at =
            json!({"response_id": response, "item_id": id, "output_index": 0, "content_index": 0});
        let begun = and(&item, json!({"content": []}));
        events.push(self.event(
            "response.output_item.added",
            json!({"response_id": response, "output_index": 0, "item": begun}),
        ));
        if sound {
            let name = if self.beta {
                "response.audio.delta"
            } else {
                "response.output_audio.delta"
            };
            events.push(self.event(name, and(&at, json!({"delta": "AAECAwQFBgc="}))));
        }
        for delta in self.parts(&text) {
            events.push(self.event(
                &format!("response.{kind}.delta"),
                and(&at, json!({"delta": delta})),
            ));
        }
        events.push(self.event(
            &format!("response.{kind}.done"),
            and(&at, json!({field: text})),
        ));
        events.push(self.event(
            "response.content_part.done",
            and(&at, json!({"part": part})),
        ));
        events.push(self.event(
            "response.output_item.done",
            json!({"response_id": response, "output_index": 0, "item": item}),
        ));
        item
    }

    fn call(&mut self, response: &str, events: &mut Vec<Value>) -> Value {
        let arguments = json!({"text": self.last}).to_string();
        let name = self.tool.clone().unwrap_or_else(|| "tool".to_owned());
        let id = format!("item_of_{response}");
        let item = json!({"id": id, "object": "realtime.item", "type": "function_call", "call_id": "call_1",
            "name": name, "arguments": arguments});
        let begun = and(&item, json!({"arguments": ""}));
        let at =
            json!({"response_id": response, "item_id": id, "output_index": 0, "call_id": "call_1"});
        events.push(self.event(
            "response.output_item.added",
            json!({"response_id": response, "output_index": 0, "item": begun}),
        ));
        for delta in self.parts(&arguments) {
            events.push(self.event(
                "response.function_call_arguments.delta",
                and(&at, json!({"delta": delta})),
            ));
        }
        let done = and(&at, json!({"arguments": arguments, "name": name}));
        events.push(self.event("response.function_call_arguments.done", done));
        events.push(self.event(
            "response.output_item.done",
            json!({"response_id": response, "output_index": 0, "item": item}),
        ));
        item
    }

    /// What was said into the microphone, always the same.
    fn heard(&mut self) -> Vec<Value> {
        const HEARD: &str = "conversation.item.input_audio_transcription";
        let at = json!({"item_id": "item_heard", "content_index": 0});
        let mut events = vec![self.event(
            "input_audio_buffer.committed",
            json!({"item_id": "item_heard"}),
        )];
        for delta in self.parts("hello there") {
            events.push(self.event(&format!("{HEARD}.delta"), and(&at, json!({"delta": delta}))));
        }
        let usage =
            json!({"type": "tokens", "total_tokens": 7, "input_tokens": 4, "output_tokens": 3});
        let done = and(&at, json!({"transcript": "hello there", "usage": usage}));
        events.push(self.event(&format!("{HEARD}.completed"), done));
        events
    }

    fn parts(&self, text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let parts = chars.chunks(self.options.parts.unwrap_or(PART));
        parts.map(|part| part.iter().collect()).collect()
    }

    /// A delta for floods.
    pub(super) fn flood(&mut self, text: &str) -> Value {
        let at = json!({"response_id": "resp_flood", "item_id": "item_flood", "output_index": 0, "content_index": 0, "delta": text});
        self.event("response.output_text.delta", at)
    }

    fn event(&mut self, kind: &str, fields: Value) -> Value {
        self.events += 1;
        and(
            &json!({"type": kind, "event_id": format!("event_{}", self.events)}),
            fields,
        )
    }
}

/// One object with the fields of two.
fn and(one: &Value, other: Value) -> Value {
    let fields = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let mut all = fields(one);
    all.extend(fields(&other));
    Value::from(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_says_in_pieces_what_it_says_whole_and_counts_it() {
        let mut talk = Talk::new("echo-text", "echo-text", Options::default(), false);
        assert_eq!(talk.hello()["type"], "session.created");
        let item = json!({"type": "message", "role": "user", "content": [{"type": "input_text", "text": "one two three"}]});
        talk.answer(&json!({"type": "conversation.item.create", "item": item}));
        let events = talk.answer(&json!({"type": "response.create"}));
        let deltas: String = events
            .iter()
            .filter_map(|event| event["delta"].as_str())
            .collect();
        assert_eq!(deltas, "one two three");
        let done = events.last().unwrap();
        assert_eq!(done["response"]["usage"]["total_tokens"], 15);
        assert_eq!(
            done["response"]["output"][0]["content"][0]["text"],
            "one two three"
        );
    }

    #[test]
    fn what_it_does_not_know_is_an_error() {
        let mut talk = Talk::new("ok", "ok", Options::default(), false);
        let events = talk.answer(&json!({"type": "nonsense", "event_id": "e1"}));
        assert_eq!(events[0]["error"]["event_id"], "e1");
    }
}
