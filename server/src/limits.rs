//! How much a client may ask of a connection, for the server and for the gateway, with the reasons.
//! What a connection may do before it has begun to speak stands in `listen`.

use std::time::Duration;

/// The largest message that is read. The largest that a rule allows is an interview with a job
/// advert of 20,000 characters of four bytes; a somewhat larger one still gets the rule's own error.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// Streams that one connection may have open: a client watches a few interviews, not hundreds, and a
/// gateway brings several connections.
pub const STREAMS_PER_CONNECTION: u32 = 200;

/// How often a silent connection is asked whether anybody is there.
pub const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long the answer may take.
pub const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(20);
