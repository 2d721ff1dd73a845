//! Every attempt at a question.

use async_trait::async_trait;

use super::{StoreResult, calls::Checked};
use crate::domain::{api_key::Bearer, attempts::Attempts, id::QuestionId};

/// Reads the attempts at a question, to which new ones are only added.
#[async_trait]
pub trait AttemptStore: Send + Sync {
    /// Any account's question with every answer to it.
    async fn attempts_at(
        &self,
        caller: Bearer,
        id: QuestionId,
    ) -> StoreResult<Checked<Option<Attempts>>>;
}
