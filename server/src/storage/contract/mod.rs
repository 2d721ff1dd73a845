//! The promises that every store keeps, as tests that use only the traits. Each database runs all
//! of them, each on a new store.

mod accounts;
mod answers;
mod api_keys;
mod attempts;
mod calls;
mod challenges;
mod figures;
mod follow_ups;
mod help;
mod interviews;
mod marks;
mod memory;
mod modes;
mod order;
mod passwords;
mod progress;
mod queue;
mod search;
mod sessions;
mod spending;
mod throttles;
pub(super) mod world;

use futures::future::BoxFuture;

use super::Store;

/// A promise: its name, and a test that panics if it is broken.
pub(super) struct Promise {
    pub(super) name: &'static str,
    pub(super) test: for<'s> fn(&'s dyn Store) -> BoxFuture<'s, ()>,
}

/// All promises.
pub(super) fn promises() -> Vec<Promise> {
    [
        accounts::promises(),
        passwords::promises(),
        sessions::promises(),
        api_keys::promises(),
        calls::promises(),
        interviews::promises(),
        follow_ups::promises(),
        help::promises(),
        attempts::promises(),
        challenges::promises(),
        search::promises(),
        modes::promises(),
        marks::promises(),
        memory::promises(),
        answers::promises(),
        queue::promises(),
        progress::promises(),
        order::promises(),
        spending::promises(),
        figures::promises(),
        throttles::promises(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A promise with that name.
fn promise(name: &'static str, test: for<'s> fn(&'s dyn Store) -> BoxFuture<'s, ()>) -> Promise {
    Promise { name, test }
}
