//! Texts about an evaluation, shared by screens, pages and sentences: its status while it is
//! pending, who gave it and at what cost, which evaluations an average uses. Layout is decided
//! elsewhere.

pub(crate) mod attempts;
pub(crate) mod averages;
pub(crate) mod findings;
pub(crate) mod provenance;
pub(crate) mod remarks;
pub(crate) mod waiting;
