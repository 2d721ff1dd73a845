//! Viva's concepts and their rules: plain values, checked when they are made. Nothing here uses a
//! database, a clock, a network or another module of the server; time is passed in as an argument.

pub mod account;
pub mod answer;
pub mod api_key;
pub mod attempts;
pub mod band;
pub mod challenge;
pub mod client_label;
pub mod clock;
pub mod day;
pub mod evaluation;
pub mod follow_up;
pub mod grading;
pub mod help;
pub mod history;
pub mod id;
pub mod identity;
pub mod interview;
pub mod mark;
pub mod memory;
pub mod origin;
pub mod provenance;
pub mod question;
pub mod report;
pub mod score;
pub mod search;
pub mod spending;
pub mod text;
pub mod throttle;
pub mod timing;
pub mod trends;
pub mod violation;

#[cfg(test)]
pub(crate) mod sample;
