//! What an evaluation says of itself, in words that screens, pages and sentences share: how it
//! stands while it is not there yet, who gave it and what that took, which of several go into an
//! average. How any of it is laid out is not decided here.

pub(crate) mod averages;
pub(crate) mod provenance;
pub(crate) mod waiting;
