//! Scripts: keys in, effects out.

mod connection;
mod drafts;
mod forms;
mod interview;
mod list;
mod local_models;
mod marks;
mod reading;
