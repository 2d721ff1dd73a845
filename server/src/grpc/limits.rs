//! How often one address and one account may call. This protects the process, so it is counted in
//! its memory and by itself; what protects accounts is counted in the database
//! (`services::doors`). A call without an address comes from inside the process and is not counted.

use std::{
    convert::Infallible,
    hash::Hash,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use futures::future::{Either, Ready, ready};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};
use http::{Request, Response};
use tonic::{Status, body::Body};
use tower::{Layer, Service};

use super::{
    origin::{self, CallOrigin},
    status,
};
use crate::domain::{
    id::UserId,
    origin::{Network, Origin},
    throttle::RequestLimits,
};

/// Addresses or accounts that are told apart at the same time; a few megabytes. Those beyond share
/// one budget until some have been quiet for a minute.
const MOST_KEYS: usize = 50_000;

/// How often those who have been quiet are forgotten.
pub const FORGET_EVERY: Duration = Duration::from_mins(1);

/// Counts calls by a key; a minute's calls may come at once.
struct Counter<K: Clone + Eq + Hash, C: Clock = DefaultClock> {
    limiter: RateLimiter<K, HashMapStateStore<K>, C, NoOpMiddleware<C::Instant>>,
    /// Stands for those who find no room.
    everybody: K,
}

impl<K: Clone + Eq + Hash, C: Clock> Counter<K, C> {
    fn new(per_minute: NonZeroU32, everybody: K, clock: C) -> Self {
        let quota = Quota::per_minute(per_minute);
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), clock);
        Self { limiter, everybody }
    }

    /// Counts a call, or says how long to wait for the next that is allowed.
    fn count(&self, key: &K, most: usize) -> Result<(), Duration> {
        let key = if self.limiter.len() < most { key } else { &self.everybody };
        self.limiter
            .check_key(key)
            .map_err(|until| until.wait_time_from(self.limiter.clock().now()))
    }

    fn forget(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// The counters of a process.
struct Counters {
    addresses: Option<Counter<Option<Origin>>>,
    users: Option<Counter<Option<UserId>>>,
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
            addresses: limits.per_address.map(|n| Counter::new(n, None, DefaultClock::default())),
            users: limits.per_user.map(|n| Counter::new(n, None, DefaultClock::default())),
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
            && let Err(wait) = addresses.count(&Some(origin), MOST_KEYS)
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
    users.count(&Some(user), MOST_KEYS).map_err(status::rate_limited)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn counter(per_minute: u32) -> (Counter<Option<u32>, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let per_minute = NonZeroU32::new(per_minute).unwrap();
        (Counter::new(per_minute, None, clock.clone()), clock)
    }

    #[test]
    fn a_minutes_calls_may_come_at_once_and_then_each_in_its_time() {
        let (counter, clock) = counter(6);
        for _ in 0..6 {
            assert_eq!(counter.count(&Some(1), 9), Ok(()));
        }
        assert_eq!(counter.count(&Some(1), 9), Err(Duration::from_secs(10)));
        assert_eq!(counter.count(&Some(2), 9), Ok(()), "somebody else");
        clock.advance(Duration::from_secs(10));
        assert_eq!(counter.count(&Some(1), 9), Ok(()));
        assert!(counter.count(&Some(1), 9).is_err());
    }

    #[test]
    fn those_who_have_been_quiet_are_forgotten_and_no_more_are_kept_than_there_is_room_for() {
        let (counter, clock) = counter(6);
        for key in 0..1000 {
            let _ = counter.count(&Some(key), 100);
        }
        assert!(counter.limiter.len() <= 101, "{}", counter.limiter.len());
        assert!(counter.count(&Some(5000), 100).is_err(), "those beyond share one budget");
        clock.advance(Duration::from_mins(2));
        counter.forget();
        assert_eq!(counter.limiter.len(), 0);
        assert_eq!(counter.count(&Some(5000), 100), Ok(()));
    }
}
