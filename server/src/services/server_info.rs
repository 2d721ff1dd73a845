//! What the server is and can do, and how much of the language model an account has used.

use std::sync::Arc;

use crate::{
    domain::{
        api_key::Bearer,
        clock::{Clock, Timestamp},
        evaluation::{Grader, GraderKind},
        spending::renewal,
        throttle::RequestLimits,
    },
    evaluation::Evaluator,
    services::ServiceResult,
    storage::Store,
};

/// The use cases of server information.
#[derive(Clone)]
pub struct ServerInfo {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    evaluator: Arc<dyn Evaluator>,
    is_open: bool,
    limits: RequestLimits,
}

/// What the server is and can do.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// The grader of new answers.
    pub grader: Grader,
    /// Whether it is a language model.
    pub has_llm: bool,
    /// Whether anyone may register.
    pub is_open: bool,
    /// The limits on calls.
    pub limits: RequestLimits,
}

/// An account's calls to the language model today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LlmUsage {
    /// Calls made so far.
    pub used: u32,
    /// The most calls in a day.
    pub limit: u32,
    /// When the count starts again from 0.
    pub renews_at: Timestamp,
}

impl ServerInfo {
    /// Creates the use cases.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        evaluator: Arc<dyn Evaluator>,
        is_open: bool,
    ) -> Self {
        Self { store, clock, evaluator, is_open, limits: RequestLimits::default() }
    }

    /// Returns the use cases with these limits on calls.
    #[must_use]
    pub fn limited(self, limits: RequestLimits) -> Self {
        Self { limits, ..self }
    }

    /// Returns what the server is and can do.
    pub fn about(&self) -> About {
        let grader = self.evaluator.grader();
        About {
            has_llm: grader.kind == GraderKind::Model,
            grader,
            is_open: self.is_open,
            limits: self.limits.clone(),
        }
    }

    /// Returns the caller's calls to the language model today; `None` without a model.
    pub async fn usage(&self, caller: Bearer) -> ServiceResult<Option<LlmUsage>> {
        let Some(caps) = self.evaluator.caps() else { return Ok(None) };
        let now = self.clock.now();
        let used = self.store.calls_of_day(caller.user_id(), now).await?;
        Ok(Some(LlmUsage { used, limit: caps.per_user_and_day, renews_at: renewal(now) }))
    }
}
