//! `viva-web healthcheck`: asks a gateway on this machine whether it and its server are serving.

use std::{io, net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use viva_runtime::{
    dial::tls_mismatch,
    output,
    tls::{TlsFiles, probe},
};

/// How long the reply may take; three seconds of it are for the gateway's own server.
const LIMIT: Duration = Duration::from_secs(4);

const ASK: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// Returns an error unless the listener at this address (over TLS, if `tls` has files) replies that
/// it is serving.
pub async fn healthcheck(address: SocketAddr, tls: Option<&TlsFiles>) -> Result<()> {
    let asked = async {
        let stream = TcpStream::connect(address).await?;
        let Some(files) = tls else { return Ok(ask(stream).await?) };
        let connector = probe(files, &["http/1.1"])?;
        anyhow::Ok(ask(connector.connect(address.ip().into(), stream).await?).await?)
    };
    let answer = timeout(LIMIT, asked).await.context("it does not reply in time");
    let answer = answer.flatten().with_context(|| format!("nothing responds on {address}"));
    let serves = answer.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 "));
    if !serves && let Some(fault) = tls_mismatch(address, tls.is_some()).await {
        bail!(fault);
    }
    answer?;
    if !serves {
        bail!("the gateway on {address}, or the server behind it, is not serving");
    }
    output::print("serving\n")?;
    Ok(())
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<String> {
    stream.write_all(ASK).await?;
    // The first line is enough; only headers and one word follow.
    let mut answer = [0; 16];
    let read = stream.read(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer[..read]).into_owned())
}
