//! A metered language model: each call is counted against the caps before it is made.

use std::{sync::Arc, time::Duration};

use super::{Completion, LlmClient, LlmError, LlmRequest};
use crate::{
    domain::{
        clock::{Clock, Timestamp},
        spending::{Payer, SpendingCaps, renewal},
    },
    metrics,
    storage::{Store, spending::Charge},
};

/// A client whose calls are counted.
#[derive(Clone)]
pub struct MeteredLlm {
    client: LlmClient,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    caps: SpendingCaps,
}

impl MeteredLlm {
    /// Puts a meter in front of the client.
    pub fn new(
        client: LlmClient,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        caps: SpendingCaps,
    ) -> Self {
        Self { client, store, clock, caps }
    }

    /// The model's name.
    pub fn model(&self) -> &str {
        self.client.model()
    }

    /// The longest that a call takes once it has a slot.
    pub fn timeout(&self) -> Duration {
        self.client.timeout()
    }

    /// How many calls may be made.
    pub fn caps(&self) -> SpendingCaps {
        self.caps
    }

    /// Calls the model at the payer's expense. A call that failed because the endpoint was
    /// unavailable or busy costs nothing; otherwise an outage would use up people's quota.
    pub async fn complete(
        &self,
        payer: Payer,
        request: &LlmRequest,
    ) -> Result<Completion, LlmError> {
        self.charge(payer).await?;
        let outcome = self.client.complete(request).await;
        if matches!(outcome, Err(LlmError::Retry { .. }))
            && let Err(error) = self.store.refund_call(payer, self.clock.now()).await
        {
            tracing::warn!(%error, "a call without a result stays counted");
        }
        outcome
    }

    /// Whether the last call got a reply.
    pub fn is_healthy(&self) -> bool {
        self.client.is_healthy()
    }

    /// Acts as if a call of this duration were made, at the payer's expense.
    pub async fn simulate(&self, payer: Payer, duration: Duration) -> Result<(), LlmError> {
        self.charge(payer).await?;
        self.client.simulate(duration).await;
        Ok(())
    }

    async fn charge(&self, payer: Payer) -> Result<(), LlmError> {
        let SpendingCaps { per_interview, per_user_and_day, .. } = self.caps;
        let now = self.clock.now();
        match self.store.charge_call(payer, now, self.caps).await {
            Ok(Charge::Charged) => Ok(()),
            Ok(Charge::InterviewSpent) => {
                capped("LLM_CALLS_PER_INTERVIEW");
                let reason = format!(
                    "This interview has used its {per_interview} calls to the language model. \
                     Your answer is stored; a new interview has new calls."
                );
                Err(LlmError::Fail { reason })
            }
            Ok(Charge::DaySpent) => {
                capped("LLM_CALLS_PER_USER_AND_DAY");
                Err(spent(&format!("Today's {per_user_and_day} calls"), now))
            }
            Ok(Charge::AllSpent) => {
                capped("LLM_CALLS_PER_DAY");
                Err(spent("This server's calls for today", now))
            }
            // Without the ledger no call is made: its cost would be unknown, and its result could
            // not be stored.
            Err(error) => {
                tracing::warn!(%error, "a call to the language model cannot be counted");
                Err(LlmError::Retry { after: None, reason: "The database is unavailable.".into() })
            }
        }
    }
}

/// Logs a call that was not made. Only the operator may see which setting prevented it.
fn capped(setting: &str) {
    metrics::model_call_capped();
    tracing::info!(setting, "a call to the language model was not made: its cap is reached");
}

fn spent(what: &str, now: Timestamp) -> LlmError {
    let renews_at = renewal(now);
    let reason = format!(
        "{what} to the language model are used up; there are new ones at {}.",
        // Midnight has no fractions of a second to read.
        renews_at.to_rfc3339().replace(".000000", "")
    );
    LlmError::Spent { reason, renews_at, wait: renews_at.since(now) }
}
