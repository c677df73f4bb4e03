//! Asks for the pages of a list, one after the other, within bounds of time, size and number.

use std::time::Duration;

use awc::ClientResponse;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{
    Method,
    header::{ACCEPT, CONTENT_TYPE},
};
use tokio::time::{Instant, timeout, timeout_at};
use wire::ApiFormat;

use super::{Catalogue, LONGEST_LISTING, ListingError, MOST_BYTES, MOST_MODELS, entry, page};
use crate::{
    endpoints::{Endpoint, Location},
    error::ProviderError,
    facts::ModelFacts,
    headers::JSON,
    http_upstream::{HttpUpstream, Times},
    reply,
    sites::{Outgoing, Payload},
};

/// Most pages of one list: a provider that repeats itself ends.
const MOST_PAGES: usize = 100;
/// Models of Ollama that are looked at side by side.
const SIDE_BY_SIDE: usize = 5;
/// Longest description of one model, in bytes; Ollama's hold the licence.
const LONGEST_SHOWN: usize = 1 << 20;

impl HttpUpstream {
    /// Reads the whole list.
    pub(crate) async fn list_models(&self) -> Result<Catalogue, ListingError> {
        let reading = timeout(LONGEST_LISTING, self.pages());
        let mut catalogue = reading.await.map_err(|_| ListingError::Timeout)??;
        if self.list_format() == Some(ApiFormat::Ollama) {
            self.look_closer(&mut catalogue).await;
        }
        Ok(catalogue)
    }

    fn list_format(&self) -> Option<ApiFormat> {
        self.spec.locate(Endpoint::Models).ok()?.format()
    }

    async fn pages(&self) -> Result<Catalogue, ListingError> {
        let format = self.list_format().unwrap_or(ApiFormat::OpenAiChat);
        let mut query = page::first_query(format);
        let (mut catalogue, mut left) = (Catalogue::default(), MOST_BYTES);
        for _ in 0..MOST_PAGES {
            let body = self.page(query.as_deref(), left).await?;
            left = left.saturating_sub(body.len());
            let before = catalogue.models.len();
            let page = page::read(format, &body, &mut catalogue).ok_or(ListingError::Unreadable)?;
            query = page.next;
            // A server that does not know the parameter sends the same page for ever.
            if query.is_none() || catalogue.models.len() == before {
                break;
            }
            if catalogue.models.len() >= MOST_MODELS {
                break;
            }
        }
        Ok(catalogue)
    }

    async fn page(&self, query: Option<&str>, most: usize) -> Result<Bytes, ListingError> {
        let place = self
            .spec
            .locate(Endpoint::Models)
            .map_err(ProviderError::from)?;
        let place = match query {
            Some(query) => place.asking(query).ok_or(ProviderError::BadPath)?,
            None => place,
        };
        let response = self.listed(Method::GET, place, Payload::Nothing).await?;
        body_of(response, most).await
    }

    /// Looks at each model of Ollama's list. What does not answer in time stays unknown.
    async fn look_closer(&self, catalogue: &mut Catalogue) {
        let end = Instant::now() + LONGEST_LISTING;
        let names: Vec<String> = catalogue.models.keys().cloned().collect();
        let mut shown = stream::iter(names)
            .map(|name| async {
                let facts = self.show(&name).await;
                (name, facts)
            })
            .buffer_unordered(SIDE_BY_SIDE);
        while let Ok(Some((name, facts))) = timeout_at(end, shown.next()).await {
            if let (Some(known), Some(facts)) = (catalogue.models.get_mut(&name), facts) {
                *known = facts.or(*known);
            }
        }
    }

    async fn show(&self, name: &str) -> Option<ModelFacts> {
        let place = self.spec.locate(Endpoint::Model(name)).ok()?;
        let body = serde_json::json!({ "model": name }).to_string();
        let payload = Payload::Whole(Bytes::from(body));
        let response = self.listed(Method::POST, place, payload).await.ok()?;
        entry::shown(&body_of(response, LONGEST_SHOWN).await.ok()?)
    }

    async fn listed(
        &self,
        method: Method,
        place: Location<'_>,
        body: Payload,
    ) -> Result<ClientResponse, ProviderError> {
        let times = Times {
            first_byte: Instant::now() + LONGEST_LISTING,
            total: None,
        };
        let mut headers = vec![(ACCEPT, JSON)];
        if matches!(body, Payload::Whole(_)) {
            headers.push((CONTENT_TYPE, JSON));
        }
        let out = Outgoing {
            method,
            place,
            request_id: "discovery",
            trace: &[],
            headers,
            body,
        };
        let response = self.sites()?.send(out, &times).await?;
        reply::successful(response, None).await
    }
}

async fn body_of(mut response: ClientResponse, most: usize) -> Result<Bytes, ListingError> {
    let body = timeout(BODY_TIME, response.body().limit(most)).await;
    match body.map_err(|_| ListingError::Timeout)? {
        Ok(bytes) => Ok(bytes),
        Err(awc::error::PayloadError::Overflow) => Err(ListingError::TooLarge),
        Err(_) => Err(ProviderError::Truncated.into()),
    }
}

/// Longest time for one body; the list as a whole has no more either.
const BODY_TIME: Duration = LONGEST_LISTING;
