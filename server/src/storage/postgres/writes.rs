//! Steps that read before they write, or write many rows: one round trip each where possible.
//! `sqlite/writes` has the same steps; there a statement costs next to nothing.

mod creation;
mod outcomes;
mod sign_in;
mod submission;

pub(super) use creation::create;
pub(super) use outcomes::{claimed, extended, note_grade, write_outcomes};
pub(super) use sign_in::{open_session, put_back, take};
pub(super) use submission::submit;
