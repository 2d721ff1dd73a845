//! What the tests share: a script that presses keys and reads effects and screens, and an invented
//! but likely history of interviews.

pub(crate) mod data;
mod script;

pub(crate) use self::script::Script;
