//! `GET /healthz`: whether calls from the page would reach a server that is serving.

use std::time::Duration;

use axum::extract::State;
use http::StatusCode;
use tonic::Request;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use crate::{gateway::Gateway, upstream::Upstream};

/// How long the server may take to reply.
const LIMIT: Duration = Duration::from_secs(3);

/// 200 if the server is serving, otherwise 503.
pub(crate) async fn healthz(State(gateway): State<Gateway>) -> (StatusCode, &'static str) {
    if serves(&gateway.upstream).await && !gateway.stop.is_cancelled() {
        (StatusCode::OK, "serving\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not serving\n")
    }
}

async fn serves(upstream: &Upstream) -> bool {
    let request = Request::new(HealthCheckRequest { service: String::new() });
    let asked = async { HealthClient::new(upstream.clone()).check(request).await };
    let reply = tokio::time::timeout(LIMIT, asked).await;
    reply.is_ok_and(|reply| {
        reply.is_ok_and(|reply| reply.get_ref().status() == ServingStatus::Serving)
    })
}
