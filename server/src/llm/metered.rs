//! A metered language model: each call is counted against the caps before it is made.

use std::{sync::Arc, time::Duration};

use super::{Ask, Completion, Fault, LlmClient};
use crate::{
    domain::{
        clock::Clock,
        spending::{Payer, SpendingCaps},
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
    pub async fn complete(&self, payer: Payer, ask: &Ask) -> Result<Completion, Fault> {
        self.charge(payer).await?;
        let outcome = self.client.complete(ask).await;
        if matches!(outcome, Err(Fault::Retry { .. }))
            && let Err(error) = self.store.refund_call(payer, self.clock.now()).await
        {
            tracing::warn!(%error, "a call that brought nothing stays counted");
        }
        outcome
    }

    /// Whether the last call got a reply.
    pub fn is_well(&self) -> bool {
        self.client.is_well()
    }

    /// Acts as if a call of this duration were made, at the payer's expense.
    pub async fn rehearse(&self, payer: Payer, duration: Duration) -> Result<(), Fault> {
        self.charge(payer).await?;
        self.client.rehearse(duration).await;
        Ok(())
    }

    async fn charge(&self, payer: Payer) -> Result<(), Fault> {
        let SpendingCaps { per_interview, per_user_and_day, per_day } = self.caps;
        let fail = |reason: String| {
            metrics::model_call_capped();
            Err(Fault::Fail { reason })
        };
        match self.store.charge_call(payer, self.clock.now(), self.caps).await {
            Ok(Charge::Charged) => Ok(()),
            Ok(Charge::InterviewSpent) => fail(format!(
                "This interview has used its {per_interview} calls to the language model \
                 (LLM_CALLS_PER_INTERVIEW). Your answer is stored; a new interview has new calls."
            )),
            Ok(Charge::DaySpent) => fail(format!(
                "Today's {per_user_and_day} calls to the language model are used up \
                 (LLM_CALLS_PER_USER_AND_DAY); there are new ones after midnight UTC."
            )),
            Ok(Charge::AllSpent) => fail(format!(
                "This server's {} calls to the language model for today are used up by all who use \
                 it (LLM_CALLS_PER_DAY); there are new ones after midnight UTC.",
                per_day.unwrap_or(u32::MAX)
            )),
            // Without the ledger no call is made: its cost would be unknown, and its result could
            // not be stored.
            Err(error) => {
                tracing::warn!(%error, "a call to the language model cannot be counted");
                Err(Fault::Retry { after: None, reason: "The database is unavailable.".into() })
            }
        }
    }
}
