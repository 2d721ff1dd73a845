//! Typesetting reports as PDF. A long report takes a processor for seconds, so reports are set one
//! after another, off the threads that answer calls, and each account has at most one in progress.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    domain::report::Report,
    export,
    services::{Limit, ServiceError, ServiceResult, account_slots::AccountSlots},
};

/// Sets the pages of one report at a time.
#[derive(Clone)]
pub(super) struct Typesetter {
    /// One export per account at a time, so that one account cannot fill the queue.
    slots: AccountSlots,
    queue: Arc<Semaphore>,
}

impl Typesetter {
    /// Creates a typesetter with an empty queue.
    pub(super) fn new() -> Self {
        Self { slots: AccountSlots::new(1, Limit::Pdfs), queue: Arc::new(Semaphore::new(1)) }
    }

    /// Makes a PDF file of a report; `RATE_LIMITED` if the account has one in progress.
    pub(super) async fn set(&self, report: Report) -> ServiceResult<Vec<u8>> {
        let slot = self.slots.take(report.interview.user_id)?;
        let turn = self.queue.clone().acquire_owned().await.map_err(ServiceError::internal)?;
        let setting = spawn_blocking(move || {
            // They are held until the work ends, even if the caller has disconnected.
            let (_slot, _turn) = (slot, turn);
            export::pdf(&report)
        });
        setting.await.map_err(ServiceError::internal)?.map_err(ServiceError::internal)
    }
}
