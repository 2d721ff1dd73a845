//! How often one address and one account may call. This protects the process, so it is counted in
//! its memory and by itself; what protects accounts is counted in the database
//! (`services::doors`). A call without an address comes from inside the process and is not counted.

mod counter;

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use futures::future::{Either, Ready, ready};
use governor::clock::DefaultClock;
use http::{Request, Response};
use tonic::{Status, body::Body};
use tower::{Layer, Service};

use counter::Counter;

use super::{
    origin::{self, CallOrigin},
    status,
};
use crate::domain::{
    id::UserId,
    origin::{Network, Origin},
    throttle::RequestLimits,
};

/// Addresses or accounts that are told apart at the same time; a few megabytes. Those who come then
/// share budgets until some have been quiet for a minute: addresses with their networks, accounts
/// one.
const MOST_KEYS: usize = 50_000;

/// How often those who have been quiet are forgotten.
pub const FORGET_EVERY: Duration = Duration::from_mins(1);

/// The counters of a process.
struct Counters {
    addresses: Option<Counter<Origin, Network>>,
    users: Option<Counter<UserId, ()>>,
}

/// Puts the limits before the routes, and tells every call where it comes from.
#[derive(Clone)]
pub struct LimitsLayer {
    counters: Arc<Counters>,
    trusted: Arc<[Network]>,
    /// Whether it was told already that a proxy is not believed.
    told: Arc<AtomicBool>,
}

impl LimitsLayer {
    /// With nothing counted yet.
    pub fn new(limits: RequestLimits) -> Self {
        let counters = Counters {
            addresses: limits
                .per_address
                .map(|n| Counter::new(n, MOST_KEYS, Origin::network, DefaultClock::default())),
            users: limits
                .per_user
                .map(|n| Counter::new(n, MOST_KEYS, |_| (), DefaultClock::default())),
        };
        Self {
            counters: Arc::new(counters),
            trusted: limits.trusted_proxies.into(),
            told: Arc::default(),
        }
    }

    /// Tells an operator once, however often it happens: a proxy that nobody has named makes all its
    /// callers one.
    fn tell_of_proxy(&self, request: &Request<Body>) {
        let ignored = origin::ignored(request.extensions(), request.headers(), &self.trusted);
        if let Some(peer) = ignored
            && !self.told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(%peer, "X-Forwarded-For of a peer that is not in TRUSTED_PROXIES counts for nothing");
        }
    }

    /// Forgets who has been quiet for a while. Whoever runs the layer calls it each
    /// [`FORGET_EVERY`].
    pub fn forget(&self) {
        if let Some(addresses) = &self.counters.addresses {
            addresses.forget();
        }
        if let Some(users) = &self.counters.users {
            users.forget();
        }
    }
}

impl<S> Layer<S> for LimitsLayer {
    type Service = Limits<S>;

    fn layer(&self, inner: S) -> Limits<S> {
        Limits { inner, layer: self.clone() }
    }
}

/// The routes behind the limits.
#[derive(Clone)]
pub struct Limits<S> {
    inner: S,
    layer: LimitsLayer,
}

/// Lets a handler count the call for the account that it belongs to.
#[derive(Clone)]
struct ForUser(Arc<Counters>);

impl<S> Service<Request<Body>> for Limits<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<S::Future, Ready<Result<Response<Body>, Infallible>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let found = origin::find(request.extensions(), request.headers(), &self.layer.trusted);
        self.layer.tell_of_proxy(&request);
        let counters = &self.layer.counters;
        if let (Some(origin), Some(addresses)) = (found, &counters.addresses)
            && let Err(wait) = addresses.count(&origin)
        {
            return Either::Right(ready(Ok(status::rate_limited(wait).into_http())));
        }
        request.extensions_mut().insert(CallOrigin(found));
        if found.is_some() {
            request.extensions_mut().insert(ForUser(Arc::clone(counters)));
        }
        Either::Left(self.inner.call(request))
    }
}

/// Counts the call for its account, once it is known.
pub(super) fn count<T>(request: &tonic::Request<T>, user: UserId) -> Result<(), Status> {
    let Some(ForUser(counters)) = request.extensions().get() else { return Ok(()) };
    let Some(users) = &counters.users else { return Ok(()) };
    users.count(&user).map_err(status::rate_limited)
}
