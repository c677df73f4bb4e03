//! SKELETON of the format cohere: its owner replaces this file.

use super::{Asked, Codec, Source, Steps, StreamReader, StreamWriter, Target};
use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::notes::Notes;
use crate::canonical::raw::Raw;
use crate::canonical::reply::Reply;
use crate::canonical::request::Request;
use crate::canonical::step::Step;
use crate::sse::Event;

pub(crate) struct Cohere;

struct Nothing;

impl Codec for Cohere {
    fn read_request<'a>(&self, _: &Source<'a>) -> Result<Request<'a>, FormatError> {
        Err(FormatError::not_json())
    }
    fn write_request(
        &self,
        _: &Request<'_>,
        _: &Target<'_>,
        _: &mut Notes,
    ) -> Result<Vec<u8>, FormatError> {
        Err(FormatError::not_json())
    }
    fn read_reply<'a>(&self, _: Raw<'a>, _: &'a str) -> Result<Reply<'a>, FormatError> {
        Err(FormatError::not_json())
    }
    fn write_reply(&self, _: &Reply<'_>, _: &Asked, _: &mut Notes) -> Result<Vec<u8>, FormatError> {
        Err(FormatError::not_json())
    }
    fn stream_reader(&self, _: &str) -> Box<dyn StreamReader> {
        Box::new(Nothing)
    }
    fn stream_writer(&self, _: &Asked) -> Box<dyn StreamWriter> {
        Box::new(Nothing)
    }
    fn read_failure<'a>(&self, _: u16, _: &'a [u8]) -> Option<Failure<'a>> {
        None
    }
    fn write_failure(&self, failure: &Failure<'_>) -> (u16, Vec<u8>) {
        (failure.kind.status(), Vec::new())
    }
}

impl StreamReader for Nothing {
    fn event(&mut self, _: &Event<'_>, _: &mut Steps<'_>) -> Result<(), FormatError> {
        Ok(())
    }
    fn end(&mut self, _: &mut Steps<'_>) -> Result<(), FormatError> {
        Ok(())
    }
}

impl StreamWriter for Nothing {
    fn step(&mut self, _: &Step<'_>, _: &mut Vec<u8>) -> Result<(), FormatError> {
        Ok(())
    }
}
