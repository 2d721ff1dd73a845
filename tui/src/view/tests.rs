//! Snapshots of every screen and state, and the promise that no text and no size breaks one.

mod any;
mod local_models;
mod marks;
mod screens;
mod waiting;
