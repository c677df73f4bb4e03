//! OpenAI's Chat Completions. Reasoning as DeepSeek and others add it: `reasoning_content`.

use serde_json::{Map, Value, json};

use super::{Answer, At, Block, Dialect, Event, INPUT_TOKENS, Kind, complaint};

#[derive(Debug)]
pub(super) struct OpenAiChat;

impl Dialect for OpenAiChat {
    fn whole(&self, answer: &Answer) -> Value {
        json!({
            "id": "chatcmpl-dummy",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": "dummy",
            "choices": [{
                "index": 0,
                "message": message(answer),
                "logprobs": null,
                "finish_reason": finish(answer),
            }],
            "usage": usage(answer.tokens),
        })
    }

    fn start(&self) -> Vec<Event> {
        delta(&json!({"role": "assistant", "content": ""}))
    }

    fn open(&self, at: At, block: &Block) -> Vec<Event> {
        let Kind::Call(name) = &block.kind else {
            return Vec::new();
        };
        let mut call = call(at.call, name, "");
        // Only parts of a call need its place.
        if let Some(fields) = call.as_object_mut() {
            fields.insert("index".to_owned(), at.call.into());
        }
        delta(&json!({"tool_calls": [call]}))
    }

    fn part(&self, at: At, block: &Block, part: &str) -> Vec<Event> {
        delta(&match block.kind {
            Kind::Text => json!({"content": part}),
            Kind::Reasoning => json!({"reasoning_content": part}),
            Kind::Call(_) => {
                json!({"tool_calls": [{"index": at.call, "function": {"arguments": part}}]})
            }
        })
    }

    fn close(&self, _: At, _: &Block) -> Vec<Event> {
        Vec::new()
    }

    fn end(&self, answer: &Answer) -> Vec<Event> {
        let mut events = choice(&json!({}), &json!(finish(answer)));
        if answer.usage {
            let mut last = chunk(&json!([]));
            last.insert("usage".to_owned(), usage(answer.tokens));
            events.extend(Event::unnamed(last.into()));
        }
        events
    }

    fn failure(&self, status: u16) -> Value {
        json!({"error": {
            "message": complaint(status),
            "type": "dummy_error",
            "param": null,
            "code": format!("dummy_{status}"),
        }})
    }

    fn fault(&self) -> Event {
        Event {
            name: "",
            data: self.failure(500),
        }
    }

    fn count(&self) -> Value {
        json!({"object": "response.input_tokens", "input_tokens": INPUT_TOKENS})
    }
}

fn message(answer: &Answer) -> Value {
    let mut message = json!({"role": "assistant", "content": answer.said(&Kind::Text)});
    let reasoning = answer.said(&Kind::Reasoning);
    if let Some(fields) = message.as_object_mut() {
        if !reasoning.is_empty() {
            fields.insert("reasoning_content".to_owned(), reasoning.into());
        }
        if answer.calls_a_tool() {
            let calls = answer.calls();
            let calls = calls.map(|(at, name, block)| call(at, name, &block.text()));
            fields.insert("tool_calls".to_owned(), calls.collect());
        }
    }
    message
}

fn call(at: usize, name: &str, arguments: &str) -> Value {
    json!({
        "id": format!("call_dummy_{at}"),
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    })
}

fn finish(answer: &Answer) -> &'static str {
    match answer.calls_a_tool() {
        true => "tool_calls",
        false => "stop",
    }
}

fn usage(tokens: u64) -> Value {
    json!({"prompt_tokens": INPUT_TOKENS, "completion_tokens": tokens, "total_tokens": INPUT_TOKENS + tokens})
}

fn delta(delta: &Value) -> Vec<Event> {
    choice(delta, &Value::Null)
}

fn choice(delta: &Value, finish: &Value) -> Vec<Event> {
    let choices = json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
    Event::unnamed(chunk(&choices).into())
}

fn chunk(choices: &Value) -> Map<String, Value> {
    let fields = [
        ("id", json!("chatcmpl-dummy")),
        ("object", json!("chat.completion.chunk")),
        ("created", json!(1_700_000_000)),
        ("model", json!("dummy")),
        ("choices", choices.clone()),
    ];
    let named = fields.map(|(name, value)| (name.to_owned(), value));
    named.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usage_chunk_has_no_choices() {
        let answer = Answer {
            usage: true,
            tokens: 4,
            ..Answer::text("")
        };
        let last = OpenAiChat.end(&answer).pop().unwrap().data;
        assert_eq!(last["choices"], json!([]));
        assert_eq!(last["usage"]["total_tokens"], 13);
    }
}
