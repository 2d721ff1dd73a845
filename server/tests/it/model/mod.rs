//! The server with a language model behind it: a scripted one that speaks the real protocol on a
//! real port, well or badly.

mod corpus;
mod evaluations;
mod injections;
mod outage;
mod questions;
mod reuse;
mod secrets;
mod spending;
pub(crate) mod world;
