//! Reports to health whether the database responds.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;
use tonic_health::{ServingStatus, server::HealthReporter};

use crate::{grpc::report, storage::Store};

/// How often it is checked.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Checks regularly whether the database responds, and sets health accordingly.
pub(crate) async fn report_database_health(
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
                Ok(()) => tracing::info!("the database responds again"),
                Err(error) => tracing::error!(%error, "the database does not respond"),
            }
            let status = if well { ServingStatus::Serving } else { ServingStatus::NotServing };
            report(&health, status).await;
        }
    }
}
