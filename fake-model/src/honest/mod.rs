//! An honest model: it does each task as well as it can.

mod evaluation;
mod follow_up;
mod questions;
mod stock;
mod translation;

pub(crate) use evaluation::evaluation;
pub(crate) use follow_up::follow_up;
pub(crate) use questions::questions;
pub(crate) use translation::translations;
