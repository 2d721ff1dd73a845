//! Reports.

use std::sync::Arc;

use crate::{
    domain::{
        history::History,
        id::{InterviewId, QuestionId, UserId},
        question::AskedQuestion,
        report::Report,
    },
    services::{ServiceError, ServiceResult, Thing, interviews::owned_interview},
    storage::Store,
};

/// The reports' use cases.
#[derive(Clone)]
pub struct Reports {
    store: Arc<dyn Store>,
    #[cfg(feature = "pdf")]
    typesetter: super::typesetter::Typesetter,
}

impl Reports {
    /// Puts the use cases together.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            #[cfg(feature = "pdf")]
            typesetter: super::typesetter::Typesetter::new(),
        }
    }

    /// The report of the interview, if it is the caller's.
    pub async fn get(&self, caller: UserId, id: InterviewId) -> ServiceResult<Report> {
        let interview = owned_interview(self.store.as_ref(), caller, id).await?;
        let answers = self.store.latest_answers(id).await?;
        Ok(Report::of(interview, answers))
    }

    /// How the caller's scores develop; `most`: over the newest so many interviews with a score.
    pub async fn history(&self, caller: UserId, most: Option<usize>) -> ServiceResult<History> {
        Ok(History::of(self.store.graded_answers(caller).await?, most))
    }

    /// What the answers to the question are graded by, if it is the caller's. Before an answer to it is
    /// evaluated, that would give the answer away.
    pub async fn rubric(&self, caller: UserId, id: QuestionId) -> ServiceResult<AskedQuestion> {
        let asked = self.store.asked_question(id).await?;
        let asked = asked.ok_or(ServiceError::NotFound(Thing::Question))?;
        match asked {
            AskedQuestion { owner, .. } if owner != caller => Err(ServiceError::AccessDenied),
            AskedQuestion { is_evaluated: false, .. } => Err(ServiceError::NoEvaluation),
            asked => Ok(asked),
        }
    }

    /// A report as a PDF file.
    #[cfg(feature = "pdf")]
    pub async fn pdf(&self, report: Report) -> ServiceResult<Vec<u8>> {
        self.typesetter.set(report).await
    }
}
