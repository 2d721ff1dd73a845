//! The nouns of Viva and their rules: plain values, checked where they are made. Nothing here reads
//! a database, a clock, a network or another module of the server; time comes in as an argument.

pub mod account;
pub mod answer;
pub mod api_key;
pub mod band;
pub mod clock;
pub mod evaluation;
pub mod grading;
pub mod history;
pub mod id;
pub mod identity;
pub mod interview;
pub mod mark;
pub mod origin;
pub mod provenance;
pub mod question;
pub mod report;
pub mod score;
pub mod spending;
pub mod text;
pub mod throttle;
pub mod violation;

#[cfg(test)]
pub(crate) mod sample;
