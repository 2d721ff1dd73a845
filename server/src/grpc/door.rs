//! The door before the routes: a call without a credential that could work is refused before its
//! message is read. Whether the credential does work is the handler's question; here only what costs
//! no query is asked.

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

/// What the names of Viva's own RPCs begin with; health and reflection are nobody's.
const OURS: &str = "viva.v1.";

/// The RPCs that need no credential.
const OPEN: [&str; 3] =
    ["viva.v1.AuthService/Register", "viva.v1.AuthService/Login", "viva.v1.AuthService/Refresh"];

/// Puts the door before the routes.
#[derive(Clone)]
pub struct DoorLayer {
    /// Knows credentials.
    pub callers: Callers,
}

impl DoorLayer {
    fn lets_in(&self, rpc: &str, headers: &HeaderMap) -> ServiceResult<()> {
        if !rpc.starts_with(OURS) || OPEN.contains(&rpc) {
            return Ok(());
        }
        self.callers.might_be(caller::credential(headers)?)
    }
}

impl<S> Layer<S> for DoorLayer {
    type Service = Door<S>;

    fn layer(&self, inner: S) -> Door<S> {
        Door { inner, layer: self.clone() }
    }
}

/// The routes behind the door.
#[derive(Clone)]
pub struct Door<S> {
    inner: S,
    layer: DoorLayer,
}

impl<S> Service<Request<Body>> for Door<S>
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
        match self.layer.lets_in(rpc::of(request.uri().path()), request.headers()) {
            Ok(()) => Either::Left(self.inner.call(request)),
            Err(error) => Either::Right(ready(Ok(status::of(error).into_http()))),
        }
    }
}
