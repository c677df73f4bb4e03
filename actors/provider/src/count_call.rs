//! How many tokens a prompt has: asked of the provider if its API can be, else estimated here.
//!
//! Never refuses for want of an answer: a client that asks before it sends is better off with an
//! estimate, which the note `estimated` marks, than with an error.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    Method,
    header::{ACCEPT, CONTENT_TYPE},
};
use runtime::Work;
use wire::{
    ApiFormat, ChatRequest, Converted,
    count_tokens::{
        GeminiPlace, TokenCount, can_count, convert_count_request, read_count, write_count,
    },
};

use crate::{
    answer::Answer,
    chat_call::{Wording, target, version_for},
    client::CompleteChat,
    config::ProviderSpec,
    endpoints::Endpoint,
    error::ProviderError,
    headers::{self, JSON},
    http_upstream::{HttpUpstream, Times},
    reply,
    sites::{Outgoing, Payload},
};

impl HttpUpstream {
    pub(crate) async fn count_tokens(
        &self,
        call: CompleteChat<'_>,
    ) -> Result<Answer, ProviderError> {
        let prompt = call.prompt.get();
        let (model, format) = (call.model, self.spec.format_of(call.model));
        let place = self.spec.locate(Endpoint::CountTokens { format, model });
        let Some(place) = place.ok().filter(|_| can_count(format)) else {
            return estimated(prompt);
        };
        let vertex = place.path_and_query().contains("/publishers/");
        let gemini = if vertex {
            GeminiPlace::Vertex
        } else {
            GeminiPlace::Developer
        };
        let times = Times::new(&self.spec, false);
        let converted = self.question(&call, format, gemini).await?;
        let from_client = headers::of_api(prompt.format(), format, call.api_headers);
        let mut headers = vec![(CONTENT_TYPE, JSON), (ACCEPT, JSON)];
        headers.extend(from_client.cloned());
        headers.extend(version_for(
            prompt.format(),
            format,
            &self.spec,
            &converted.body,
        ));
        let out = Outgoing {
            method: Method::POST,
            place,
            request_id: call.request_id,
            trace: call.trace,
            headers,
            body: Payload::Whole(converted.body),
        };
        let response = self.sites()?.send(out, &times).await?;
        match reply::successful(response, Some(format)).await {
            Ok(response) => {
                let body = reply::json(response, &self.spec, times.total).await?;
                let count = read_count(format, &body).map_err(|_| ProviderError::BadJson)?;
                answer(prompt.format(), count, converted.notes)
            }
            // Servers that only imitate an API often lack this one.
            Err(ProviderError::Status {
                status: 404 | 405 | 501,
                ..
            }) => estimated(prompt),
            Err(error) => Err(error),
        }
    }

    /// What is asked in the words of the provider; a large prompt is put into them aside.
    async fn question(
        &self,
        call: &CompleteChat<'_>,
        format: ApiFormat,
        place: GeminiPlace,
    ) -> Result<Converted, ProviderError> {
        let wording = Wording::of(call);
        let length = wording.request.body().len();
        if !self.aside.takes(Work::Rewriting, length) {
            return converted(&wording, format, place, &self.spec);
        }
        let (carried, spec) = (wording.carried(), Arc::clone(&self.spec));
        let job = move || converted(&carried.wording(), format, place, &spec);
        self.aside.run(job).await
    }
}

fn converted(
    call: &Wording<'_>,
    format: ApiFormat,
    place: GeminiPlace,
    spec: &ProviderSpec,
) -> Result<Converted, ProviderError> {
    let target = target(call, spec);
    let converted = convert_count_request(call.request, format, &target, place, call.strict);
    converted.map_err(ProviderError::Unconvertible)
}

/// What the gateway guesses from the length of the texts.
pub(crate) fn estimated(prompt: &ChatRequest) -> Result<Answer, ProviderError> {
    let count = TokenCount {
        input: prompt.estimated_tokens(),
        cached: None,
    };
    answer(prompt.format(), count, vec!["estimated".to_owned()])
}

fn answer(
    format: ApiFormat,
    count: TokenCount,
    notes: Vec<String>,
) -> Result<Answer, ProviderError> {
    let body: Bytes = write_count(format, count).ok_or(ProviderError::NotConfigured)?;
    Ok(Answer::Whole {
        status: 200,
        headers: vec![(CONTENT_TYPE, JSON)],
        body,
        usage: None,
        notes,
        stored_id: None,
    })
}
