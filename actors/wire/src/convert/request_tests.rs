//! Requests that are refused, or that pass as they are, for what stands where in them.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{carries_foreign_seals, convert_request};
use crate::canonical::error::FormatCause;
use crate::chat_request::ChatRequest;
use crate::format::ApiFormat;
use crate::formats::golden::target;
use crate::scanner::JsonLimits;

fn request(format: ApiFormat, body: &Value) -> ChatRequest {
    let body = Bytes::from(body.to_string());
    let request = ChatRequest::parse_as(format, body, &JsonLimits::default()).unwrap();
    match format {
        ApiFormat::Gemini => request.addressed("m", false).unwrap(),
        _ => request,
    }
}

#[test]
fn two_spellings_of_one_field_are_refused_with_both_names() {
    let turn = json!([{"role": "user", "parts": [{"text": "hi"}]}]);
    let text = json!({"parts": [{"text": "a"}]});
    let declared = json!([{"name": "f", "description": "d"}]);
    for (body, path, other) in [
        (
            json!({"contents": turn, "system_instruction": text, "systemInstruction": text}),
            "system_instruction",
            "systemInstruction",
        ),
        (
            json!({"contents": turn, "generationConfig": {"topK": 1, "top_k": 2}}),
            "generationConfig.top_k",
            "topK",
        ),
        (
            json!({"contents": turn, "tools": [{"functionDeclarations": declared, "function_declarations": declared}]}),
            "tools[0].function_declarations",
            "functionDeclarations",
        ),
        (
            json!({"contents": [{"parts": [{"inline_data": {"data": "", "mime_type": "image/png", "mimeType": "image/gif"}}]}]}),
            "contents[0].parts[0].inline_data.mime_type",
            "mimeType",
        ),
    ] {
        let asked = request(ApiFormat::Gemini, &body);
        let refused = convert_request(&asked, ApiFormat::OpenAiChat, &target(), false);
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.path.as_str(), refused.cause),
            (path, FormatCause::Twin)
        );
        let told = refused.to_string();
        assert!(told.contains(path) && told.contains(other), "{told}");
    }
    let one = json!({"contents": turn, "system_instruction": text, "systemInstruction": null});
    let asked = request(ApiFormat::Gemini, &one);
    assert!(convert_request(&asked, ApiFormat::OpenAiChat, &target(), false).is_ok());
    let args = json!({"a_b": 1, "aB": 2});
    let own_words = json!({"contents": [turn[0], {"role": "model", "parts": [{"functionCall": {"name": "f", "args": args}}]}]});
    let asked = request(ApiFormat::Gemini, &own_words);
    assert!(convert_request(&asked, ApiFormat::Ollama, &target(), false).is_ok());
}

#[test]
fn a_seal_is_one_where_seals_stand_and_text_anywhere_else() {
    let seal = "nenya1.gemini.g.c2lnbg==";
    let chat = |content: Value| {
        let body = json!({"model": "m", "messages": [{"role": "user", "content": "hi"}, content]});
        carries_foreign_seals(&request(ApiFormat::OpenAiChat, &body))
    };
    let call = json!({"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    let mut sealed = call.clone();
    sealed["extra_content"] = json!({"nenya": seal});
    assert!(chat(json!({"role": "assistant", "tool_calls": [sealed]})));
    assert!(!chat(
        json!({"role": "user", "content": format!("what is {seal}?")})
    ));
    let mut told = call;
    told["function"]["arguments"] = json!(format!("{{\"a\":\"{seal}\"}}"));
    assert!(!chat(json!({"role": "assistant", "tool_calls": [told]})));

    let messages = |block: Value| {
        let turns =
            json!([{"role": "user", "content": "hi"}, {"role": "assistant", "content": [block]}]);
        let body = json!({"model": "m", "max_tokens": 5, "messages": turns});
        carries_foreign_seals(&request(ApiFormat::Anthropic, &body))
    };
    assert!(messages(
        json!({"type": "thinking", "thinking": "", "signature": seal})
    ));
    assert!(!messages(json!({"type": "text", "text": seal})));
    assert!(!messages(
        json!({"type": "thinking", "thinking": seal, "signature": "own"})
    ));
    // Not of our making: neither a format nor a provider is named.
    assert!(!messages(
        json!({"type": "thinking", "thinking": "", "signature": "nenya1.x"})
    ));
}

#[test]
fn a_request_that_cannot_be_read_passes_whatever_it_says() {
    let body =
        json!({"model": "m", "messages": [{"role": "nobody", "content": "nenya1.gemini.g.x"}]});
    assert!(!carries_foreign_seals(&request(
        ApiFormat::OpenAiChat,
        &body
    )));
}
