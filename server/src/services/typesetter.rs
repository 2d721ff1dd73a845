//! Setting the pages of reports. That takes a processor for seconds when a report is long, so one
//! goes after the other, off the threads that answer calls, and an account has one under way.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    domain::report::Report,
    export,
    services::{ServiceError, ServiceResult, places::Places},
};

/// Sets the pages of one report at a time.
#[derive(Clone)]
pub(super) struct Typesetter {
    /// What is under way, by account; else one account's calls would be all the turns.
    places: Places,
    turns: Arc<Semaphore>,
}

impl Typesetter {
    /// With nothing to do yet.
    pub(super) fn new() -> Self {
        Self { places: Places::new(1), turns: Arc::new(Semaphore::new(1)) }
    }

    /// The report as a PDF file; an account that has one under way is told to come back.
    pub(super) async fn set(&self, report: Report) -> ServiceResult<Vec<u8>> {
        let place = self.places.take(report.interview.user_id)?;
        let turn = self.turns.clone().acquire_owned().await.map_err(ServiceError::internal)?;
        let setting = spawn_blocking(move || {
            // They end with the work, even if nobody waits for it any more.
            let (_place, _turn) = (place, turn);
            export::pdf(&report)
        });
        setting.await.map_err(ServiceError::internal)?.map_err(ServiceError::internal)
    }
}
