//! `viva-web healthcheck`: asks a gateway on this machine whether it and its server are serving.

use std::{io, net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::local::{TlsFiles, probe};

/// How long the answer may take; three seconds of it are for the gateway's own server.
const LIMIT: Duration = Duration::from_secs(4);

const ASK: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// Returns an error unless the listener at this address, over TLS if these files say so, answers
/// that it is serving.
pub async fn healthcheck(address: SocketAddr, tls: Option<&TlsFiles>) -> Result<()> {
    let asked = async {
        let stream = TcpStream::connect(address).await?;
        let Some(files) = tls else { return Ok(ask(stream).await?) };
        let connector = probe(files, &["http/1.1"])?;
        anyhow::Ok(ask(connector.connect(address.ip().into(), stream).await?).await?)
    };
    let answer = timeout(LIMIT, asked).await.context("it does not answer in time");
    let answer = answer.flatten().with_context(|| format!("nothing answers on {address}"))?;
    if !answer.starts_with("HTTP/1.1 200 ") {
        bail!("the gateway on {address}, or the server behind it, does not serve");
    }
    println!("serving");
    Ok(())
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<String> {
    stream.write_all(ASK).await?;
    // The first line is enough; only headers and one word follow.
    let mut answer = [0; 16];
    let read = stream.read(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer[..read]).into_owned())
}
