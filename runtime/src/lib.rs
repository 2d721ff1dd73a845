//! What all Viva programs have in common: reading settings, logging, listening and connecting with
//! or without TLS, and stopping when told to. Nothing here knows of interviews.

pub mod dial;
pub mod limits;
pub mod listen;
pub mod log;
pub mod output;
pub mod private;
pub mod request_id;
pub mod settings;
pub mod stop;
pub mod threads;
pub mod tls;
