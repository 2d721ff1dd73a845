//! Scripts: keys go in, effects come out.

mod challenge;
mod connection;
mod draft_rules;
mod editing;
mod ending;
mod forms;
mod interview;
mod kept;
mod list;
mod local_models;
mod marks;
mod mouse;
mod palette;
mod practice;
mod reading;
mod review;
mod rows;
mod settings;
mod start;
mod topics;
