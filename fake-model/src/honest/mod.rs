//! An honest model: it does what it is asked as well as it can.

mod evaluation;
mod questions;
mod stock;

pub(crate) use evaluation::evaluation;
pub(crate) use questions::questions;
