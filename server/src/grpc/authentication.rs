//! The authentication layer: rejects a call without a plausible credential before its message is
//! read. Only checks that need no query are made here; the handler does the rest.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use futures::future::{Either, Ready, ready};
use http::{HeaderMap, Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};

use super::{caller, rpc, status};
use crate::services::{ServiceResult, callers::Callers};

/// The prefix of Viva's own RPCs; health and reflection need no credential.
const OURS: &str = "viva.v1.";

/// The RPCs that need no credential.
const OPEN: [&str; 4] = [
    "viva.v1.AuthService/Register",
    "viva.v1.AuthService/Login",
    "viva.v1.AuthService/Refresh",
    "viva.v1.ServerService/GetServerInfo",
];

/// Puts the authentication layer before the routes.
#[derive(Clone)]
pub struct AuthenticationLayer {
    /// Recognises credentials.
    pub callers: Callers,
}

impl AuthenticationLayer {
    fn check(&self, rpc: &str, headers: &HeaderMap) -> ServiceResult<()> {
        if !rpc.starts_with(OURS) || OPEN.contains(&rpc) {
            return Ok(());
        }
        self.callers.might_be(caller::credential(headers)?)
    }
}

impl<S> Layer<S> for AuthenticationLayer {
    type Service = Authentication<S>;

    fn layer(&self, inner: S) -> Authentication<S> {
        Authentication { inner, layer: self.clone() }
    }
}

/// The routes behind the authentication layer.
#[derive(Clone)]
pub struct Authentication<S> {
    inner: S,
    layer: AuthenticationLayer,
}

impl<S> Service<Request<Body>> for Authentication<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<S::Future, Ready<Result<Response<Body>, Infallible>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match self.layer.check(rpc::of(request.uri().path()), request.headers()) {
            Ok(()) => Either::Left(self.inner.call(request)),
            Err(error) => Either::Right(ready(Ok(status::of(error).into_http()))),
        }
    }
}
