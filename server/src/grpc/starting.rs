//! The routes of a server that is not ready yet: health alone, and for everything else the word to
//! come back.

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

/// What every path of the health service begins with.
const HEALTH: &str = "/grpc.health.";

/// Health alone, by which every service says that it does not serve.
pub async fn starting_routes() -> Routes {
    let (routes, reporter) = health_routes();
    report(&reporter, ServingStatus::NotServing).await;
    routes
}

/// Health alone, and the reporter that tells it how things are.
pub fn health_routes() -> (Routes, HealthReporter) {
    let (reporter, health) = tonic_health::server::health_reporter();
    let mut routes = RoutesBuilder::default();
    routes.add_service(health);
    (routes.routes(), reporter)
}

/// Says the same of every service and of the server as a whole.
pub async fn report(reporter: &HealthReporter, status: ServingStatus) {
    for service in SERVICES {
        reporter.set_service_status(service, status).await;
    }
}

/// Answers everything but health with UNAVAILABLE.
#[derive(Debug, Clone, Copy)]
pub struct StartingLayer;

impl<S> Layer<S> for StartingLayer {
    type Service = Starting<S>;

    fn layer(&self, inner: S) -> Starting<S> {
        Starting(inner)
    }
}

/// The routes behind [`StartingLayer`].
#[derive(Debug, Clone)]
pub struct Starting<S>(S);

impl<S> Service<Request<Body>> for Starting<S>
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
