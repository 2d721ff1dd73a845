//! `viva-server healthcheck`: asks a server or worker whether it is serving.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use viva_runtime::{
    dial, output,
    tls::{self, TlsFiles},
};

/// The longest time to wait for the reply.
const LIMIT: Duration = Duration::from_secs(3);

/// Returns an error unless the server on `address` reports that it is serving. With `tls`, it is
/// asked over TLS.
pub async fn healthcheck(address: SocketAddr, tls: Option<&TlsFiles>) -> Result<()> {
    let status = match status(address, tls).await {
        Ok(status) => status,
        Err(error) => match dial::tls_mismatch(address, tls.is_some()).await {
            Some(fault) => bail!(fault),
            None => return Err(error),
        },
    };
    if status != ServingStatus::Serving {
        bail!("the server on {address} reports {}", status.as_str_name());
    }
    output::print("serving\n")?;
    Ok(())
}

async fn status(address: SocketAddr, tls: Option<&TlsFiles>) -> Result<ServingStatus> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?.timeout(LIMIT);
    let endpoint = endpoint.connect_timeout(LIMIT);
    let channel = match tls {
        None => endpoint.connect().await.map_err(anyhow::Error::from),
        Some(files) => by_tls(&endpoint, address, files).await,
    };
    let channel = channel.with_context(|| format!("nothing responds on {address}"))?;
    let request = HealthCheckRequest { service: String::new() };
    Ok(HealthClient::new(channel).check(request).await?.into_inner().status())
}

async fn by_tls(endpoint: &Endpoint, address: SocketAddr, files: &TlsFiles) -> Result<Channel> {
    let connector = tls::probe(files, tls::GRPC)?;
    let connect = tower::service_fn(move |_| {
        let connector = connector.clone();
        async move {
            let stream = TcpStream::connect(address).await?;
            let stream = connector.connect(address.ip().into(), stream).await?;
            Ok::<_, std::io::Error>(TokioIo::new(stream))
        }
    });
    Ok(endpoint.connect_with_connector(connect).await?)
}
