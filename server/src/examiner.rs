//! Who asks and who grades: the built-in bank and grader, or a language model with these behind it.

use std::{sync::Arc, time::Duration};

use crate::{
    config::ModelConfig,
    domain::clock::{Clock, SystemClock},
    evaluation::{Evaluator, model::ModelEvaluator, offline::OfflineEvaluator},
    llm::{LlmClient, MeteredLlm, SetupError},
    questions::model::QuestionWriter,
    storage::Store,
};

/// The longest that somebody waits for a model to write questions, however long a call may take;
/// then the bank serves.
const LONGEST_WRITING: Duration = Duration::from_mins(2);

/// Who asks and who grades.
pub struct Examiner {
    /// Grades answers.
    pub evaluator: Arc<dyn Evaluator>,
    /// Writes questions; none: they come from the bank.
    pub writer: Option<QuestionWriter>,
}

impl Examiner {
    /// The configured model, or what is built in where there is none.
    pub fn of(model: Option<&ModelConfig>, store: Arc<dyn Store>) -> Result<Self, SetupError> {
        let Some(model) = model else {
            return Ok(Self { evaluator: Arc::new(OfflineEvaluator::new()), writer: None });
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let client = LlmClient::new(model.endpoint.clone(), clock.clone())?;
        let llm = MeteredLlm::new(client, store.clone(), clock, model.caps);
        // Twice, because it may have to wait for a place behind an evaluation.
        let limit = (model.endpoint.timeout * 2).min(LONGEST_WRITING);
        let writer = QuestionWriter::new(llm.clone(), limit);
        Ok(Self {
            evaluator: Arc::new(ModelEvaluator::new(llm, model.endpoint.url.clone(), store)),
            writer: Some(writer),
        })
    }
}
