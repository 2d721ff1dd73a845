//! Sends a reply, correctly or incorrectly.

use std::{future::pending, io, time::Duration};

use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    time::sleep,
};

use crate::{load::Serving, replay::Behaviour, reply::Reply};

/// The size of the pieces in which an endless body is written, in bytes.
const PIECE: usize = 64 * 1024;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Closed after everything sent has arrived.
    Closed,
    /// Reset.
    Reset,
}

/// Sends a reply. `serving` is dropped before the last byte goes out, so that a client that sends
/// its next request as soon as it has its reply is never counted twice.
pub(crate) async fn send(
    stream: &mut (impl AsyncWrite + Unpin),
    reply: &Reply,
    behaviour: &Behaviour,
    serving: Serving,
) -> io::Result<End> {
    let whole = u64::try_from(reply.body.len()).ok();
    match behaviour {
        Behaviour::Normal => {
            drop(serving);
            stream.write_all(&[reply.head(whole), reply.body.clone()].concat()).await?;
        }
        Behaviour::Slow { first_byte_delay, bytes_per_second } => {
            sleep(*first_byte_delay).await;
            send_slowly(stream, reply, *bytes_per_second, serving).await?;
        }
        Behaviour::Hang => pending().await,
        Behaviour::Reset { after_bytes } => {
            drop(serving);
            if *after_bytes > 0 {
                let sent = &reply.body[..reply.body.len().min(*after_bytes)];
                stream.write_all(&[&reply.head(whole), sent].concat()).await?;
            }
            return Ok(End::Reset);
        }
        Behaviour::Truncate { declared_length } => {
            drop(serving);
            let head = reply.head(Some(*declared_length));
            stream.write_all(&[head, reply.body.clone()].concat()).await?;
        }
        Behaviour::Endless { repeat } => {
            stream.write_all(&[reply.head(None), reply.body.clone()].concat()).await?;
            if repeat.is_empty() {
                pending::<()>().await;
            }
            let piece = repeat.repeat(PIECE.div_ceil(repeat.len()));
            // Ends when the client goes away or the model is stopped.
            loop {
                stream.write_all(&piece).await?;
            }
        }
    }
    Ok(End::Closed)
}

async fn send_slowly(
    stream: &mut (impl AsyncWrite + Unpin),
    reply: &Reply,
    bytes_per_second: Option<u64>,
    serving: Serving,
) -> io::Result<()> {
    let length = reply.body.len();
    let rate = bytes_per_second.map(|rate| usize::try_from(rate).unwrap_or(usize::MAX).max(1));
    // Ten pieces a second, or fewer of one byte.
    let size = rate.map_or(length, |rate| rate / 10).max(1);
    let mut serving = Some(serving);
    if length == 0 {
        serving.take();
    }
    stream.write_all(&reply.head(u64::try_from(length).ok())).await?;
    let mut left = length;
    for piece in reply.body.chunks(size) {
        if let Some(rate) = rate {
            sleep(Duration::from_secs_f64(piece.len() as f64 / rate as f64)).await;
        }
        left -= piece.len();
        if left == 0 {
            serving.take();
        }
        stream.write_all(piece).await?;
    }
    Ok(())
}
