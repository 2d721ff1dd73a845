//! `viva-server healthcheck`: asks a server or worker whether it serves.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use crate::tls::{self, TlsFiles};

/// The longest that the answer may take.
const LIMIT: Duration = Duration::from_secs(3);

/// An error unless what listens there, by TLS if these files say so, answers that it serves.
pub async fn healthcheck(address: SocketAddr, tls: Option<&TlsFiles>) -> Result<()> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?.timeout(LIMIT);
    let endpoint = endpoint.connect_timeout(LIMIT);
    let channel = match tls {
        None => endpoint.connect().await.map_err(anyhow::Error::from),
        Some(files) => by_tls(&endpoint, address, files).await,
    };
    let channel = channel.with_context(|| format!("nothing answers on {address}"))?;
    let request = HealthCheckRequest { service: String::new() };
    let reply = HealthClient::new(channel).check(request).await?.into_inner();
    if reply.status() != ServingStatus::Serving {
        bail!("the server on {address} answers that it is {}", reply.status().as_str_name());
    }
    println!("serving");
    Ok(())
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
