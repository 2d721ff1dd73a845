//! What the tests share: a script that presses keys and reads effects and screens, an invented
//! but likely history of interviews, and texts that mean harm.

pub(crate) mod data;
pub(crate) mod hostile;
mod script;

pub(crate) use self::script::Script;
