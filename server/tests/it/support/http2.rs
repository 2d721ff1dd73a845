//! The first words of HTTP/2, by hand.

use std::collections::HashMap;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What every connection begins with, and settings that change nothing.
const BEGINNING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// The streams that a client may have open.
pub(crate) const MAX_STREAMS: u16 = 3;
/// What it may send on a stream before it is read.
pub(crate) const WINDOW: u16 = 4;
/// Its largest frame.
pub(crate) const FRAME: u16 = 5;
/// Its largest headers.
pub(crate) const HEADERS: u16 = 6;

/// What a server tells its clients of its limits.
pub(crate) async fn settings(address: &str) -> HashMap<u16, u32> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(BEGINNING).await.unwrap();
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], 4, "its settings come first");
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut settings = vec![0; usize::try_from(length).unwrap()];
    stream.read_exact(&mut settings).await.unwrap();
    let number = |bytes: &[u8]| bytes.iter().fold(0, |sum: u32, byte| sum << 8 | u32::from(*byte));
    settings
        .chunks(6)
        .map(|one| (u16::try_from(number(&one[..2])).unwrap(), number(&one[2..])))
        .collect()
}
