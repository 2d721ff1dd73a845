//! HTTP/2 frame by frame, to do what no client library allows (RFC 9113).

use std::collections::HashMap;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, ToSocketAddrs},
};

/// The bytes that begin every connection.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The setting for how many streams a client may have open.
pub const MAX_STREAMS: u16 = 3;
/// The setting for how many bytes a client may send on a stream before the server reads them.
pub const WINDOW: u16 = 4;
/// The setting for the largest frame.
pub const FRAME: u16 = 5;
/// The setting for the largest headers.
pub const HEADERS: u16 = 6;

/// The GOAWAY code with which a server says that the load is excessive.
pub const ENHANCE_YOUR_CALM: u32 = 11;

/// The frame types used here.
pub mod kind {
    /// The headers of a request.
    pub const HEADERS: u8 = 1;
    /// The early end of a stream.
    pub const RST_STREAM: u8 = 3;
    /// What one side allows the other.
    pub const SETTINGS: u8 = 4;
    /// A check that the peer is alive.
    pub const PING: u8 = 6;
    /// The end of a connection, with the reason.
    pub const GOAWAY: u8 = 7;
}

/// A frame.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = length[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// The headers of a plain-text POST, as literals without indexing. The path may have at most 126
/// characters.
pub fn head(path: &str) -> Vec<u8> {
    let length = u8::try_from(path.len()).ok().filter(|length| *length < 127).unwrap();
    [&[0x83, 0x86, 0x04, length][..], path.as_bytes(), &[0x01, 9], b"127.0.0.1"].concat()
}

/// A connection ready for use: sends the preface, and settings that change nothing.
pub async fn connect(address: impl ToSocketAddrs) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(PREFACE).await.unwrap();
    stream.write_all(&frame(kind::SETTINGS, 0, 0, &[])).await.unwrap();
    stream
}

/// The next frame's type and payload; `None` when the connection has ended for any reason.
pub async fn next_frame(stream: &mut (impl AsyncRead + Unpin)) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.ok()?;
    let mut payload = vec![0; number(&head[..3]).try_into().unwrap()];
    stream.read_exact(&mut payload).await.ok()?;
    Some((head[3], payload))
}

/// Reads until the connection ends, and returns the code of the GOAWAY, if there was one.
pub async fn goodbye(stream: &mut (impl AsyncRead + Unpin)) -> Option<u32> {
    let mut code = None;
    while let Some((kind, payload)) = next_frame(stream).await {
        if kind == kind::GOAWAY {
            code = Some(number(&payload[4..8]));
        }
    }
    code
}

/// The limits that a server announces to its clients.
pub async fn settings(address: &str) -> HashMap<u16, u32> {
    let mut stream = connect(address).await;
    let (kind, settings) = next_frame(&mut stream).await.unwrap();
    assert_eq!(kind, kind::SETTINGS, "its settings come first");
    settings
        .chunks(6)
        .map(|one| (u16::try_from(number(&one[..2])).unwrap(), number(&one[2..])))
        .collect()
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}
