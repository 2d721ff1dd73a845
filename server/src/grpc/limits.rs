//! How often one address and one account may call. This protects the process, so each process
//! counts for itself, in memory; what protects accounts is counted in the database
//! (`services::sign_in_limits`). A call without an address is from this process and is not counted.

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
use crate::{
    domain::{
        id::UserId,
        origin::{Network, Origin},
        throttle::RequestLimits,
    },
    services::Limit,
};

/// The most addresses, and accounts, with a budget of their own, which takes a few megabytes.
/// Further ones share budgets until others have been quiet for a minute: addresses share one with
/// their network, and accounts a single one.
const MOST_KEYS: usize = 50_000;

/// How often quiet addresses and accounts are forgotten.
pub const FORGET_EVERY: Duration = Duration::from_mins(1);

/// The counters of a process.
struct Counters {
    addresses: Option<Counter<Origin, Network>>,
    users: Option<Counter<UserId, ()>>,
}

/// Puts the limits before the routes, and adds its origin to every call.
#[derive(Clone)]
pub struct LimitsLayer {
    counters: Arc<Counters>,
    trusted: Arc<[Network]>,
    /// Whether the warning about an untrusted proxy was logged.
    told: Arc<AtomicBool>,
}

impl LimitsLayer {
    /// Creates the layer, with nothing counted.
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

    /// Warns the operator once that all callers behind a proxy that is not trusted count as one.
    fn tell_of_proxy(&self, request: &Request<Body>) {
        let ignored = origin::ignored(request.extensions(), request.headers(), &self.trusted);
        if let Some(peer) = ignored
            && !self.told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(%peer, "ignoring X-Forwarded-For: its peer is not in TRUSTED_PROXIES");
        }
    }

    /// Forgets addresses and accounts that have been quiet. To be called each [`FORGET_EVERY`].
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
            let limit = Limit::CallsPerAddress(addresses.per_minute());
            return Either::Right(ready(Ok(status::rate_limited(limit, wait).into_http())));
        }
        request.extensions_mut().insert(CallOrigin(found));
        if found.is_some() {
            request.extensions_mut().insert(ForUser(Arc::clone(counters)));
        }
        Either::Left(self.inner.call(request))
    }
}

/// Stops counting the call for the account that it seemed to belong to.
pub(super) fn give_back<T>(request: &tonic::Request<T>, user: UserId) {
    if let Some(ForUser(counters)) = request.extensions().get()
        && let Some(users) = &counters.users
    {
        users.give_back(&user);
    }
}

/// Counts the call for its account, once it is known.
pub(super) fn count<T>(request: &tonic::Request<T>, user: UserId) -> Result<(), Status> {
    let Some(ForUser(counters)) = request.extensions().get() else { return Ok(()) };
    let Some(users) = &counters.users else { return Ok(()) };
    let limit = Limit::CallsPerAccount(users.per_minute());
    users.count(&user).map_err(|wait| status::rate_limited(limit, wait))
}
