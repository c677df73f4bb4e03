//! Events of streamed replies of clean prose, as providers send them: a few words each.

use bytes::Bytes;
use serde_json::json;

use crate::bodies::PROSE;

/// The kinds by their names. Some scripts have characters that only look like ASCII, or that nobody
/// sees: they are read twice. The last are other formats and the arguments of a tool call.
pub(crate) fn kinds() -> Vec<(&'static str, Vec<Bytes>)> {
    let of_script = |(name, prose): (&'static str, &str)| {
        (name, (0..200).map(|number| event(prose, number)).collect())
    };
    let mut kinds: Vec<_> = SCRIPTS.into_iter().map(of_script).collect();
    kinds.push(("Anthropic", (0..200).map(anthropic).collect()));
    kinds.push(("Responses", (0..200).map(responses).collect()));
    kinds.push(("arguments", (0..200).map(arguments).collect()));
    kinds
}

const SCRIPTS: [(&str, &str); 9] = [
    ("Latin", PROSE),
    (
        "Cyrillic",
        "Съешь же ещё этих мягких французских булок — «да», выпей чаю, и всё. ",
    ),
    (
        "Greek",
        "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία — και όχι μόνο· «ναι», είπε ο Νίκος. ",
    ),
    (
        "Korean",
        "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. ",
    ),
    (
        "Japanese",
        "色は匂へど 散りぬるを、我が世 誰ぞ 常ならむ。有為の 奥山 今日越えて、 ",
    ),
    (
        "Chinese",
        "我们今天 去公园，好吗？ 好的！那么 （如果下雨） 怎么办：回家。 ",
    ),
    (
        "Persian",
        "می\u{200c}خواهم کتاب\u{200c}ها را بخوانم و به خانه\u{200c}ام بروم. ",
    ),
    (
        "French",
        "Vraiment\u{202f}? Oui\u{a0}: «\u{a0}bien sûr\u{a0}», dit-il en riant\u{202f}! Et alors\u{202f}? ",
    ),
    (
        "emoji",
        "Fine \u{2764}\u{fe0f} and good \u{1f469}\u{200d}\u{1f4bb} it was, and so on \u{2714}\u{fe0f} they went. ",
    ),
];

fn words(prose: &str, number: usize) -> String {
    let words = prose.split_inclusive(' ').cycle().skip(number * 4);
    words.take(4).collect()
}

fn anthropic(number: usize) -> Bytes {
    let event = json!({
        "type": "content_block_delta", "index": 0,
        "delta": { "type": "text_delta", "text": words(PROSE, number) },
    });
    Bytes::from(format!("event: content_block_delta\ndata: {event}\n\n"))
}

fn responses(number: usize) -> Bytes {
    let event = json!({
        "type": "response.output_text.delta", "sequence_number": number + 4,
        "item_id": "msg_68d1f0a2c4b881a29f3e", "output_index": 0, "content_index": 0,
        "delta": words(PROSE, number), "logprobs": [],
    });
    Bytes::from(format!(
        "event: response.output_text.delta\ndata: {event}\n\n"
    ))
}

/// One long string in the arguments, which begin with the first event.
fn arguments(number: usize) -> Bytes {
    let begin = if number == 0 { "{\"text\":\"" } else { "" };
    of_delta(&json!({ "tool_calls": [{
        "index": 0, "function": { "arguments": format!("{begin}{}", words(PROSE, number)) },
    }]}))
}

fn event(prose: &str, number: usize) -> Bytes {
    of_delta(&json!({ "content": words(prose, number) }))
}

fn of_delta(delta: &serde_json::Value) -> Bytes {
    let event = json!({
        "id": "chatcmpl-B7nX2kQvT9mLr4Ws8Yd3Hc6Jf1Pg", "object": "chat.completion.chunk",
        "created": 1_763_805_047, "model": "gpt-x-2026-08-07", "system_fingerprint": null,
        "choices": [{
            "index": 0, "delta": delta, "logprobs": null, "finish_reason": null,
        }],
    });
    Bytes::from(format!("data: {event}\n\n"))
}
