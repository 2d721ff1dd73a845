//! `viva-server healthcheck`: asks a server or worker whether it serves.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use tonic::transport::Endpoint;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

/// The longest that the answer may take.
const LIMIT: Duration = Duration::from_secs(3);

/// An error unless what listens there answers that it serves.
pub async fn healthcheck(address: SocketAddr) -> Result<()> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?.timeout(LIMIT);
    let channel = endpoint.connect_timeout(LIMIT).connect().await;
    let channel = channel.with_context(|| format!("nothing answers on {address}"))?;
    let request = HealthCheckRequest { service: String::new() };
    let reply = HealthClient::new(channel).check(request).await?.into_inner();
    if reply.status() != ServingStatus::Serving {
        bail!("the server on {address} answers that it is {}", reply.status().as_str_name());
    }
    println!("serving");
    Ok(())
}
