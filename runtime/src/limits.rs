//! Limits on what a client may do on a connection, for the server and the gateway, with the
//! reasons. `listen` has the limits until a connection begins to speak.

use std::time::Duration;

use tonic::transport::Server;

/// The largest message that is read. The largest valid one is an interview with a job advert of
/// 20,000 characters of four bytes; a somewhat larger one still gets the error of that rule.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// The largest message that is written: the default limit of clients. The largest report, ten long
/// answers with everything found in them, takes less than half of it.
pub const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;

/// How many streams a connection may have open: a client watches a few interviews, not hundreds,
/// and a gateway uses several connections.
pub const STREAMS_PER_CONNECTION: u32 = 200;

/// How many streams of a connection may be reset before the server has accepted them. An honest
/// client may give up all of its streams at once, as a gateway does when it stops; a client that
/// opens and resets streams without end soon exceeds this.
pub const PENDING_RESETS: usize = STREAMS_PER_CONNECTION as usize;

/// How many streams of a connection may be reset because the client broke the protocol.
pub const BROKEN_STREAMS: usize = 1024;

/// The most bytes of a request's headers, which contain a token of a few hundred bytes.
pub const HEADER_BYTES: u32 = 16 * 1024;

/// The largest frame: the smallest limit that the protocol allows, so that no stream waits long for
/// another's frame.
pub const FRAME_BYTES: u32 = 16 * 1024;

/// How many bytes a client may send on a stream before they are read.
pub const STREAM_WINDOW_BYTES: u32 = 256 * 1024;
/// How many bytes a client may send on all streams of a connection before they are read.
pub const CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;

/// How often a silent connection gets a ping.
pub const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long the reply to a ping may take.
pub const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(20);

// Connections have no maximum age. Watches have one, and to move connections between processes,
// operators use a proxy.

/// Returns a gRPC server with these limits.
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
