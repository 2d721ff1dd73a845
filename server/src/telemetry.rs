//! The server's log: to standard output, for people or as JSON. Each line of a call carries the
//! call's id and, once it is known, its caller's; each line of an evaluation its answer and attempt.

mod json;

use std::io::{self, IsTerminal};

use tracing::Span;
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    config::{LogConfig, LogFormat},
    domain::id::UserId,
};
use json::JsonLines;

/// Begins to log. Only a program's `main` calls this, once.
pub fn start(config: &LogConfig) {
    // `Config::load` has read the filter before.
    let filter = EnvFilter::try_new(&config.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = match config.format {
        LogFormat::Text => fmt::layer().with_ansi(io::stdout().is_terminal()).boxed(),
        LogFormat::Json => JsonLines::new(io::stdout).boxed(),
    };
    tracing_subscriber::registry().with(filter).with(log).init();
}

/// Notes whose call this is, for every further line of it.
pub(crate) fn caller_is(user_id: UserId) {
    Span::current().record("user_id", user_id.get());
}
