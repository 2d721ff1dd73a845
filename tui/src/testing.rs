//! What tests share: a script that presses keys and reads effects and screens, an invented but
//! plausible history of interviews, and hostile texts.

pub(crate) mod data;
pub(crate) mod hostile;
mod script;

pub(crate) use self::script::Script;
