//! The routes of a server that is not ready yet: health, and UNAVAILABLE for everything else.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use futures::future::{Either, Ready};
use http::{Request, Response};
use tonic::{
    body::Body,
    service::{Routes, RoutesBuilder},
};
use tonic_health::{ServingStatus, server::HealthReporter};
use tower::{Layer, Service};

use super::{routes::SERVICES, status};

/// The prefix of the health service's paths.
const HEALTH: &str = "/grpc.health.";

/// Returns routes with only health, NOT_SERVING for every service.
pub async fn not_ready_routes() -> Routes {
    let (routes, reporter) = health_routes();
    report(&reporter, ServingStatus::NotServing).await;
    routes
}

/// Returns routes with only health, and the reporter that sets it.
pub fn health_routes() -> (Routes, HealthReporter) {
    let (reporter, health) = tonic_health::server::health_reporter();
    let mut routes = RoutesBuilder::default();
    routes.add_service(health);
    (routes.routes(), reporter)
}

/// Sets the same status for every service and for the server as a whole.
pub async fn report(reporter: &HealthReporter, status: ServingStatus) {
    for service in SERVICES {
        reporter.set_service_status(service, status).await;
    }
}

/// Answers everything but health with UNAVAILABLE.
#[derive(Debug, Clone, Copy)]
pub struct ReadinessLayer;

impl<S> Layer<S> for ReadinessLayer {
    type Service = NotReady<S>;

    fn layer(&self, inner: S) -> NotReady<S> {
        NotReady(inner)
    }
}

/// The routes behind [`ReadinessLayer`].
#[derive(Debug, Clone)]
pub struct NotReady<S>(S);

impl<S> Service<Request<Body>> for NotReady<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<S::Future, Ready<Result<Response<Body>, Infallible>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if request.uri().path().starts_with(HEALTH) {
            Either::Left(self.0.call(request))
        } else {
            Either::Right(futures::future::ready(Ok(status::starting().into_http())))
        }
    }
}
