//! Snapshots of every screen and state, and a check that no text and no size breaks one.

mod any;
mod challenge;
mod local_models;
mod marks;
mod practice;
mod scores;
mod screens;
mod settings;
mod waiting;
