//! Where questions and grades come from: the built-in bank and grader, or a language model with
//! these as its fallback.

use std::{sync::Arc, time::Duration};

use crate::{
    config::LlmConfig,
    domain::clock::{Clock, SystemClock},
    evaluation::{Evaluator, llm::ModelEvaluator, offline::OfflineEvaluator},
    llm::{LlmClient, MeteredLlm, SetupError},
    questions::llm::QuestionWriter,
    storage::Store,
};

/// The longest time to wait for a model to write questions, however long a call may take; after
/// that, the bank is used.
const LONGEST_WRITING: Duration = Duration::from_mins(2);

/// The grader, and the writer of questions if there is one.
pub struct Examiner {
    /// Grades answers.
    pub evaluator: Arc<dyn Evaluator>,
    /// Writes questions; `None`: they come from the bank.
    pub writer: Option<QuestionWriter>,
}

impl Examiner {
    /// Uses the configured model, or the built-in bank and grader without one.
    pub fn of(model: Option<&LlmConfig>, store: Arc<dyn Store>) -> Result<Self, SetupError> {
        let Some(model) = model else {
            return Ok(Self { evaluator: Arc::new(OfflineEvaluator::new()), writer: None });
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let client = LlmClient::new(model.endpoint.clone(), clock.clone())?;
        let llm = MeteredLlm::new(client, store.clone(), clock, model.caps);
        // Twice, because it may have to wait behind an evaluation for a permit.
        let limit = (model.endpoint.timeout * 2).min(LONGEST_WRITING);
        let writer = QuestionWriter::new(llm.clone(), limit);
        Ok(Self {
            evaluator: Arc::new(ModelEvaluator::new(llm, model.endpoint.url.clone(), store)),
            writer: Some(writer),
        })
    }
}
