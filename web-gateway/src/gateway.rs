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

/// The gateway's options.
#[derive(Debug, Clone, Default)]
pub struct GatewaySettings {
    /// The other origins whose pages may call.
    pub origins: Vec<HeaderValue>,
    /// The host names it answers to, in addition to the machine's own names on the loopback
    /// address.
    pub hosts: Vec<String>,
    /// Whether the page may use the microphone and voices of the browser's machine.
    pub speech: bool,
    /// Whether it listens on the loopback address, which only users of this machine can reach.
    pub is_loopback: bool,
    /// Whether it speaks TLS itself.
    pub by_tls: bool,
}

/// The gateway. Clones share everything.
#[derive(Clone)]
pub struct Gateway {
    pub(crate) upstream: Upstream,
    pub(crate) hosts: Hosts,
    pub(crate) bodies: Bodies,
    pub(crate) sessions: Sessions,
    pub(crate) by_tls: bool,
    pub(crate) speech: bool,
    /// Cancelled when the gateway stops, which ends streams.
    pub(crate) stop: CancellationToken,
    origins: Vec<HeaderValue>,
}

impl Gateway {
    /// Creates a gateway.
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
            speech: settings.speech,
            stop,
            origins: settings.origins,
        }
    }

    /// The routes.
    pub fn router(self) -> Router {
        let (by_tls, speech) = (self.by_tls, self.speech);
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
                headers::secure(by_tls, speech, request, next)
            }))
            .with_state(self)
    }
}
