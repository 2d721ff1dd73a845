//! The server with a language model behind it: a scripted one that speaks the real protocol on a
//! real port, correctly or not.

mod corpus;
mod endpoints;
mod evaluations;
mod follow_ups;
mod injections;
mod languages;
mod oddities;
mod outage;
mod questions;
mod readings;
mod reuse;
mod secrets;
mod spending;
pub(crate) mod world;
