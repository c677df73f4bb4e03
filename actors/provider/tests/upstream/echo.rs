//! The built-in provider.

use futures_util::StreamExt;
use nenya_provider::{Answer, ProviderSpec};

use crate::harness::*;

fn request(extra: &str, content: &str) -> String {
    format!(
        r#"{{"model":"m",{extra}"messages":[{{"role":"system","content":"be brief"}},{{"role":"user","content":"{content}"}}]}}"#
    )
}

#[test]
fn whole_reply_repeats_the_last_user_text_and_counts() {
    run(async {
        let upstream = upstream_of(ProviderSpec::echo("echo"));
        let answer = ask_with(&upstream, &request("", "say  it\\nagain"))
            .await
            .unwrap();
        let Answer::Whole {
            status: 200,
            body,
            usage: Some(usage),
            ..
        } = answer
        else {
            panic!()
        };
        let reply: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(reply["choices"][0]["message"]["content"], "say  it\nagain");
        assert_eq!(reply["model"], "upstream-model");
        assert_eq!(reply["id"], "chatcmpl-req-1");
        assert_eq!(usage.completion_tokens, 4);
        assert_eq!(usage.total_tokens, usage.prompt_tokens + 4);
    });
}

#[test]
fn streamed_reply_comes_word_by_word_each_event_its_own_chunk() {
    run(async {
        let upstream = upstream_of(ProviderSpec::echo("echo"));
        let body = request(
            r#""stream":true,"stream_options":{"include_usage":true},"#,
            "one two three",
        );
        let Answer::Stream { mut stream, .. } = ask_with(&upstream, &body).await.unwrap() else {
            panic!()
        };
        let mut chunks = Vec::new();
        while let Some(chunk) = stream.next().await {
            chunks.push(String::from_utf8(chunk.unwrap().to_vec()).unwrap());
        }
        let text: String = chunks
            .iter()
            .filter_map(|chunk| {
                serde_json::from_str::<serde_json::Value>(chunk.strip_prefix("data: ")?).ok()
            })
            .filter_map(|event| {
                event["choices"][0]["delta"]["content"]
                    .as_str()
                    .map(str::to_owned)
            })
            .collect();
        assert_eq!(text, "one two three");
        // Role, three words, finish, usage, end.
        assert_eq!(chunks.len(), 7);
        assert!(chunks.iter().all(|chunk| chunk.ends_with("\n\n")));
        assert!(stream.saw_done() && stream.at_boundary());
        assert_eq!(stream.usage().unwrap().completion_tokens, 4);
    });
}

#[test]
fn usage_is_streamed_unless_the_client_refuses_it() {
    run(async {
        let upstream = upstream_of(ProviderSpec::echo("echo"));
        for (options, is_told) in [
            ("", true),
            (r#""stream_options":{"include_usage":true},"#, true),
            (r#""stream_options":{"include_usage":false},"#, false),
        ] {
            let body = request(&format!(r#""stream":true,{options}"#), "one");
            let Answer::Stream { mut stream, .. } = ask_with(&upstream, &body).await.unwrap()
            else {
                panic!()
            };
            let (text, end) = drain(&mut stream).await;
            end.unwrap();
            assert_eq!(text.contains("\"usage\":{"), is_told, "{options}");
            assert_eq!(stream.usage().is_some(), is_told, "{options}");
        }
    });
}

#[test]
fn request_without_user_text_gets_a_hint() {
    run(async {
        let upstream = upstream_of(ProviderSpec::echo("echo"));
        let body = r#"{"model":"m","messages":[{"role":"system","content":"x"}]}"#;
        let reply = whole_body(ask_with(&upstream, body).await.unwrap());
        assert!(String::from_utf8_lossy(&reply).contains("built-in echo provider"));
    });
}
