//! Whether the database answers, as health tells it.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;
use tonic_health::{ServingStatus, server::HealthReporter};

use crate::{grpc::report, storage::Store};

/// How often it is asked.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks now and again whether the database answers, and has health say so.
pub(crate) async fn look_after_database(
    store: Arc<dyn Store>,
    health: HealthReporter,
    stop: CancellationToken,
) {
    let mut well = true;
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => return,
        }
        let answer = store.ping().await;
        if stop.is_cancelled() {
            return;
        }
        if answer.is_ok() != well {
            well = answer.is_ok();
            match answer {
                Ok(()) => tracing::info!("the database is back"),
                Err(error) => tracing::error!(%error, "the database is away"),
            }
            let status = if well { ServingStatus::Serving } else { ServingStatus::NotServing };
            report(&health, status).await;
        }
    }
}
