//! The program `nenya`: a supervised gateway between AI clients and LLM providers.
//!
//! | read | for |
//! |---|---|
//! | [`serve`] | start, run, stop: the order of events |
//! | [`tree`] | who is started, and what happens when one fails |
//! | [`gateway`], [`world`], [`reload`] | what runs, and the generation of rules it runs by |
//! | [`config`], [`settings`], [`blueprint`], [`assemble`] | from files to what actors are made of |
//! | [`http`] | the edge: from a request's head to its answer |
//! | [`telemetry`] | log and metrics |
//! | [`cli`] | what can be asked of the program |
#![deny(unsafe_code)]

pub mod assemble;
pub mod auto_agents;
pub mod blueprint;
pub mod catalogue;
pub mod circuits;
pub mod cli;
pub mod config;
pub mod first_answer;
pub mod gateway;
pub mod http;
pub mod keys;
pub mod listen;
pub mod process;
pub mod reload;
pub mod serve;
pub mod settings;
pub mod telemetry;
pub mod tls;
pub mod tree;
pub mod world;
