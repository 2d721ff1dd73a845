//! Steps of several statements, in one transaction each. `postgres/writes` has the same steps in fewer
//! round trips.

mod creation;
mod outcomes;
mod sign_in;
mod submission;

pub(super) use creation::create;
pub(super) use outcomes::{claimed, extended, note_grade, write_outcomes};
pub(super) use sign_in::{open_session, put_back, take};
pub(super) use submission::submit;
