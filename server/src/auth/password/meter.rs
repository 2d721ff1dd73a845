//! Counts how much hashing is done.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// How much hashing was done since the process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashingFigures {
    /// How often argon2 has run.
    pub runs: u64,
    /// The work of all runs together: KiB of memory times passes.
    pub work: u64,
    /// The most runs that there were at the same time.
    pub most_at_once: u32,
    /// The most runs that are allowed at the same time.
    pub slots: u32,
}

#[derive(Default)]
pub(super) struct Meter {
    runs: AtomicU64,
    work: AtomicU64,
    under_way: AtomicU32,
    most_at_once: AtomicU32,
}

impl Meter {
    /// Runs argon2 and counts its `work`, KiB of memory times passes.
    pub(super) fn run<T>(&self, work: u32, argon2: impl FnOnce() -> T) -> T {
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.work.fetch_add(work.into(), Ordering::Relaxed);
        let under_way = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_at_once.fetch_max(under_way, Ordering::Relaxed);
        let result = argon2();
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        result
    }

    pub(super) fn figures(&self, slots: u32) -> HashingFigures {
        HashingFigures {
            runs: self.runs.load(Ordering::Relaxed),
            work: self.work.load(Ordering::Relaxed),
            most_at_once: self.most_at_once.load(Ordering::Relaxed),
            slots,
        }
    }
}
