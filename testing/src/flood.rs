//! Clients that flood a server with requests that are cheap for them and expensive for the server.

use std::time::Duration;

use tokio::{io::AsyncWriteExt, net::ToSocketAddrs, time::timeout};

use crate::http2::{connect, frame, goodbye, head, kind};

/// Streams that are opened and reset in one write: more than a server tolerates before it has
/// looked at any of them.
const BURST: u32 = 400;

/// How many bursts to send before giving up.
const BURSTS: u32 = 50;

/// How long a server may take to close a connection that is flooding it.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a client may flood a server with.
#[derive(Debug, Clone, Copy)]
pub enum Flood {
    /// Streams that are reset as soon as they are opened, one write each.
    Resets,
    /// Pings.
    Pings,
    /// Settings frames, each of which has to be acknowledged.
    Settings,
}

impl Flood {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Resets, Self::Pings, Self::Settings];

    /// The frames of one step of the flood; streams are opened with this path.
    fn frames(self, at: u32, path: &str) -> Vec<u8> {
        match self {
            Self::Resets => opened_and_reset(at, &head(path)),
            Self::Pings => frame(kind::PING, 0, 0, &u64::from(at).to_be_bytes()),
            Self::Settings => frame(kind::SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 100]),
        }
    }

    /// Sends up to `count` frames, fewer if the server closes the connection. Reads nothing.
    pub async fn run(self, address: impl ToSocketAddrs, path: &str, count: u32) {
        let mut stream = connect(address).await;
        for at in 0..count {
            if stream.write_all(&self.frames(at, path)).await.is_err() {
                return;
            }
        }
    }
}

/// Opens and resets streams, hundreds in each write, until the server closes the connection.
/// Returns the code of its GOAWAY, or `None` if it closed without one. Panics if the server accepts
/// all of them.
///
/// A stream that the server sees before its reset arrives is a call like any other and counts
/// towards rate limits. The expensive ones are those that pile up unseen, which happens when many
/// arrive at once.
pub async fn reset_rapidly(address: impl ToSocketAddrs, path: &str) -> Option<u32> {
    let (mut reader, mut writer) = connect(address).await.into_split();
    let ended = tokio::spawn(async move { goodbye(&mut reader).await });
    let head = head(path);
    for burst in 0..BURSTS {
        let streams = burst * BURST..(burst + 1) * BURST;
        let bytes: Vec<u8> = streams.flat_map(|at| opened_and_reset(at, &head)).collect();
        if ended.is_finished() || writer.write_all(&bytes).await.is_err() {
            break;
        }
    }
    timeout(PATIENCE, ended).await.expect("the server bears the flood").unwrap()
}

/// Opens the `at`th stream of a connection and cancels it.
fn opened_and_reset(at: u32, head: &[u8]) -> Vec<u8> {
    const END_HEADERS: u8 = 4;
    const CANCEL: u32 = 8;
    let stream = 2 * at + 1;
    let opened = frame(kind::HEADERS, END_HEADERS, stream, head);
    [opened, frame(kind::RST_STREAM, 0, stream, &CANCEL.to_be_bytes())].concat()
}
