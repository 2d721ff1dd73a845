//! An honest model: it does what it is asked as well as it can.

mod evaluation;
mod questions;
mod stock;
mod translation;

pub(crate) use evaluation::evaluation;
pub(crate) use questions::questions;
pub(crate) use translation::translations;
