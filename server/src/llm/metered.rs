//! The language model with a meter: each call is counted against the caps before it is made.

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
    /// Puts a meter before the client.
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

    /// The longest that a call takes once it has a place.
    pub fn timeout(&self) -> Duration {
        self.client.timeout()
    }

    /// How many calls may be made.
    pub fn caps(&self) -> SpendingCaps {
        self.caps
    }

    /// Calls the model at the payer's cost. A call that brought nothing because the endpoint was away
    /// or busy costs nothing, or an outage would use up what people have.
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

    /// Whether the last call brought a reply.
    pub fn is_well(&self) -> bool {
        self.client.is_well()
    }

    /// Does as if a call were made that takes so long, at the payer's cost.
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
            // Without the ledger no call is made: nobody would know what it cost, and its result
            // could not be kept.
            Err(error) => {
                tracing::warn!(%error, "a call to the language model cannot be counted");
                Err(Fault::Retry { after: None, reason: "The database is unavailable.".into() })
            }
        }
    }
}
