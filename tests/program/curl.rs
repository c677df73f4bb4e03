//! The same program, spoken to by `curl`: a client that we did not write.

use std::process::Command;

use crate::harness::{Dummy, Gateway, Setup, USER};

struct Scene {
    _dummy: Dummy,
    gateway: Gateway,
}

impl Scene {
    fn new() -> Self {
        let dummy = Dummy::start();
        let gateway = Setup::new(&dummy).start();
        Self {
            _dummy: dummy,
            gateway,
        }
    }

    /// Runs `curl` with `arguments` against `path`; returns its exit code and what it printed.
    fn curl(&self, path: &str, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new("curl")
            .args([
                "--silent",
                "--show-error",
                "--max-time",
                "20",
                "--header",
                &format!("Authorization: Bearer {USER}"),
            ])
            .args(arguments)
            .arg(format!("http://{}{path}", self.gateway.address()))
            .output()
            .expect("curl is installed");
        (
            output.status.code(),
            format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ),
        )
    }
}

fn chat(model: &str, stream: bool) -> String {
    format!(
        r#"{{"model":"dummy/{model}","messages":[{{"role":"user","content":"hi"}}],"stream":{stream}}}"#
    )
}

const JSON: &str = "Content-Type: application/json";

#[test]
fn a_chat_is_answered_whole() {
    let (code, said) = Scene::new().curl(
        "/v1/chat/completions",
        &["--header", JSON, "--data", &chat("ok", false)],
    );
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Hello from the dummy."), "{said}");
}

#[test]
fn a_chat_is_answered_as_a_stream() {
    let (code, said) = Scene::new().curl(
        "/v1/chat/completions",
        &[
            "--no-buffer",
            "--header",
            JSON,
            "--data",
            &chat("chunks-20", true),
        ],
    );
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.matches("word ").count() == 20 && said.ends_with("data: [DONE]\n\n"),
        "{said}"
    );
}

#[test]
fn a_large_body_is_sent_after_100_continue() {
    let body = chat("ok", false).replace("\"hi\"", &format!("\"{}\"", "a".repeat(1 << 20)));
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("body");
    std::fs::write(&file, body).unwrap();
    let data = format!("@{}", file.display());
    let (code, said) = Scene::new().curl(
        "/v1/chat/completions",
        &[
            "--header",
            JSON,
            "--header",
            "Expect: 100-continue",
            "--data-binary",
            &data,
        ],
    );
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Hello from the dummy."), "{said}");
}

#[test]
fn a_chunked_upload_is_taken() {
    let (code, said) = Scene::new().curl(
        "/v1/chat/completions",
        &[
            "--header",
            JSON,
            "--header",
            "Transfer-Encoding: chunked",
            "--data",
            &chat("ok", false),
        ],
    );
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Hello from the dummy."), "{said}");
}

#[test]
fn errors_make_it_fail_if_it_was_told_to() {
    let (code, said) = Scene::new().curl(
        "/v1/chat/completions",
        &[
            "--fail-with-body",
            "--header",
            JSON,
            "--data",
            &chat("html", false),
        ],
    );
    assert_eq!(code, Some(22), "{said}");
    assert!(said.contains("provider_bad_reply"), "{said}");
}

#[test]
fn heads_can_be_asked_for_alone() {
    let (code, said) = Scene::new().curl("/v1/models", &["--head"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
}

#[test]
fn a_client_of_http_1_0_gets_an_answer_that_it_understands() {
    let (code, said) = Scene::new().curl(
        "/v1/chat/completions",
        &["--http1.0", "--header", JSON, "--data", &chat("ok", true)],
    );
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("[DONE]"), "{said}");
}
