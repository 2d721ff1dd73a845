//! How much a client may ask of a connection, for the server and for the gateway, with the reasons.
//! What a connection may do before it has begun to speak stands in `listen`.

use std::time::Duration;

use tonic::transport::Server;

/// The largest message that is read. The largest that a rule allows is an interview with a job
/// advert of 20,000 characters of four bytes; a somewhat larger one still gets the rule's own error.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// The largest message that is written: what clients read unless they are told otherwise. The
/// largest report, ten long answers with all that was found in them, has less than half of it.
pub const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;

/// Streams that one connection may have open: a client watches a few interviews, not hundreds, and a
/// gateway brings several connections.
pub const STREAMS_PER_CONNECTION: u32 = 200;

/// Streams that were reset before anybody has looked at them, on one connection. An honest client
/// may give up all that it has at the same moment, a gateway that is stopped does; one that opens
/// and resets without end soon has more.
pub const PENDING_RESETS: usize = STREAMS_PER_CONNECTION as usize;

/// Streams that were reset because the client broke the protocol, on one connection over its life.
pub const BROKEN_STREAMS: usize = 1024;

/// The headers of a request, which hold a token of a few hundred bytes.
pub const HEADER_BYTES: u32 = 16 * 1024;

/// The largest frame, which is the least that the protocol allows as a limit: nobody waits long for
/// another stream's frame.
pub const FRAME_BYTES: u32 = 16 * 1024;

/// What a client may send before somebody has read it, on one stream and on one connection.
pub const STREAM_WINDOW_BYTES: u32 = 256 * 1024;
/// The same of all streams of a connection together.
pub const CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;

/// How often a silent connection is asked whether anybody is there.
pub const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long the answer may take.
pub const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(20);

// A connection has no age at which it ends. Watches end by theirs, and whoever wants connections to
// move between processes has a proxy in front that sees to it.

/// A server of gRPC within these limits.
pub fn server() -> Server {
    Server::builder()
        .max_concurrent_streams(STREAMS_PER_CONNECTION)
        .http2_max_pending_accept_reset_streams(Some(PENDING_RESETS))
        .http2_max_local_error_reset_streams(Some(BROKEN_STREAMS))
        .http2_max_header_list_size(HEADER_BYTES)
        .max_frame_size(FRAME_BYTES)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .http2_keepalive_interval(Some(KEEP_ALIVE))
        .http2_keepalive_timeout(Some(KEEP_ALIVE_TIMEOUT))
}
