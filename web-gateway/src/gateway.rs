//! The gateway's parts and its routes.

use axum::{
    Router,
    body::Body,
    middleware::from_fn,
    routing::{get, post},
};
use http::HeaderValue;
use tokio_util::sync::CancellationToken;

use crate::{
    assets, body::Bodies, bridge, headers, health, hosts, hosts::Hosts, session, session::Sessions,
    upstream::Upstream,
};

/// What the gateway needs to know.
#[derive(Debug, Clone, Default)]
pub struct GatewaySettings {
    /// The pages of other origins that may call.
    pub origins: Vec<HeaderValue>,
    /// The names that it answers to, beside the machine's own on the loopback address.
    pub hosts: Vec<String>,
    /// Whether it listens on the loopback address, where nobody but this machine's users come from.
    pub is_loopback: bool,
    /// Whether it speaks TLS itself.
    pub by_tls: bool,
}

/// The gateway; clones share everything.
#[derive(Clone)]
pub struct Gateway {
    pub(crate) upstream: Upstream,
    pub(crate) hosts: Hosts,
    pub(crate) bodies: Bodies,
    pub(crate) sessions: Sessions,
    pub(crate) by_tls: bool,
    /// Cancelled when it stops: streams end then.
    pub(crate) stop: CancellationToken,
    origins: Vec<HeaderValue>,
}

impl Gateway {
    /// Puts it together.
    pub fn new(
        upstream: Upstream,
        sessions: Sessions,
        settings: GatewaySettings,
        stop: CancellationToken,
    ) -> Self {
        Self {
            upstream,
            hosts: Hosts::new(&settings.hosts, settings.is_loopback),
            bodies: Bodies::default(),
            sessions,
            by_tls: settings.by_tls,
            stop,
            origins: settings.origins,
        }
    }

    /// The routes.
    pub fn router(self) -> Router {
        let by_tls = self.by_tls;
        let call = post(bridge::call).fallback(assets::page);
        let call = match self.origins.as_slice() {
            [] => call,
            origins => call.layer(bridge::cors(origins)),
        };
        Router::new()
            .route("/healthz", get(health::healthz))
            .route("/session", get(session::way_in))
            .route("/session/login", post(session::login))
            .route("/session/refresh", post(session::refresh))
            .route("/session/logout", post(session::logout))
            .route("/{service}/{method}", call)
            .fallback(assets::page)
            .layer(axum::middleware::from_fn_with_state(self.clone(), hosts::guard))
            .layer(from_fn(move |request: http::Request<Body>, next| {
                headers::secure(by_tls, request, next)
            }))
            .with_state(self)
    }
}
