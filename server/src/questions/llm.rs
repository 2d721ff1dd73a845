//! Questions written by a language model, together with the rubrics by which answers are graded.
//! The model proposes a set; code checks it, and asks once more if something is wrong.

mod check;
mod follow_up;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod prompt;
mod reply;
#[cfg(test)]
mod tests;

use std::time::Duration;

use tokio::time::timeout;

use super::QuestionRequest;
use crate::{
    domain::{question::NewQuestion, spending::Payer},
    llm::{LlmError, MeteredLlm, only_object},
};
use check::check;
use reply::Reply;

/// Writes questions with a language model.
#[derive(Clone)]
pub struct QuestionWriter {
    llm: MeteredLlm,
    limit: Duration,
}

/// The result of writing a set of questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Writing {
    /// As many as requested; or, for a person, why there are none.
    pub questions: Result<Vec<NewQuestion>, String>,
    /// The number of calls to the model.
    pub calls: u32,
}

impl QuestionWriter {
    /// A writer that takes at most `limit` for a set, including a second try.
    pub fn new(llm: MeteredLlm, limit: Duration) -> Self {
        Self { llm, limit }
    }

    /// The longest that writing a set may take.
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// Writes a set; `asked` are the texts of questions that the candidate was asked recently.
    pub async fn write(
        &self,
        payer: Payer,
        request: &QuestionRequest<'_>,
        asked: &[String],
    ) -> Writing {
        let mut calls = 0;
        let written = timeout(self.limit, self.try_twice(payer, request, asked, &mut calls)).await;
        let questions = written.unwrap_or_else(|_| {
            Err(format!(
                "The language model did not write the questions within {} s.",
                self.limit.as_secs()
            ))
        });
        if let Err(reason) = &questions {
            tracing::warn!(reason, calls, "the language model wrote no questions");
        }
        Writing { questions, calls }
    }

    async fn try_twice(
        &self,
        payer: Payer,
        request: &QuestionRequest<'_>,
        asked: &[String],
        calls: &mut u32,
    ) -> Result<Vec<NewQuestion>, String> {
        let mut faults = Vec::new();
        let tries = self.llm.caps().per_interview.min(2);
        for _ in 0..tries {
            let ask = prompt::ask(request, asked, &faults);
            let completion = self.llm.complete(payer, &ask).await.map_err(|f| f.to_string())?;
            *calls += 1;
            let reply: Result<Reply, LlmError> = only_object(&completion.content, "questions");
            let checked = match reply {
                Ok(reply) => check(&reply, request, asked),
                Err(fault) => Err(vec![fault.to_string()]),
            };
            match checked {
                Ok(questions) => return Ok(questions),
                Err(found) => faults = found,
            }
        }
        tracing::warn!(?faults, "the language model's questions were unusable twice");
        Err("The language model's questions could not be used.".to_owned())
    }
}
