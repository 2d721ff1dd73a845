//! The promises that every store keeps, as tests over the traits alone. Each database runs all of
//! them, each on a store of its own.

mod accounts;
mod answers;
mod api_keys;
mod figures;
mod interviews;
mod line;
mod marks;
mod passwords;
mod queue;
mod spending;
mod throttles;
pub(super) mod world;

use futures::future::BoxFuture;

use super::Store;

/// A promise: its name, and a test that panics where it is broken.
pub(super) struct Promise {
    pub(super) name: &'static str,
    pub(super) test: for<'s> fn(&'s dyn Store) -> BoxFuture<'s, ()>,
}

/// All promises.
pub(super) fn promises() -> Vec<Promise> {
    [
        accounts::promises(),
        passwords::promises(),
        api_keys::promises(),
        interviews::promises(),
        marks::promises(),
        answers::promises(),
        queue::promises(),
        line::promises(),
        spending::promises(),
        figures::promises(),
        throttles::promises(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A promise of that name.
fn promise(name: &'static str, test: for<'s> fn(&'s dyn Store) -> BoxFuture<'s, ()>) -> Promise {
    Promise { name, test }
}
