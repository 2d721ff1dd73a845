//! Reports.

use std::sync::Arc;

use crate::{
    domain::{
        api_key::Bearer,
        attempts::{Attempts, Comparison, NoComparison},
        history::History,
        id::{InterviewId, QuestionId, UserId},
        question::AskedQuestion,
        report::Report,
        trends::Totals,
    },
    services::{Resource, ServiceError, ServiceResult, callers::live},
    storage::Store,
};

/// The microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The reports' use cases.
#[derive(Clone)]
pub struct Reports {
    store: Arc<dyn Store>,
    #[cfg(feature = "pdf")]
    typesetter: super::typesetter::Typesetter,
}

impl Reports {
    /// Creates the use cases.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            #[cfg(feature = "pdf")]
            typesetter: super::typesetter::Typesetter::new(),
        }
    }

    /// Returns the report of the interview, if it is the caller's.
    pub async fn get(&self, caller: Bearer, id: InterviewId) -> ServiceResult<Report> {
        let found = live(self.store.answered_interview_for(caller, id).await?)?;
        let (interview, answers) = found.ok_or(ServiceError::NotFound(Resource::Interview))?;
        if interview.user_id != caller.user_id() {
            return Err(ServiceError::AccessDenied);
        }
        Ok(Report::of(interview, answers, self.store.now().await?))
    }

    /// Returns how the caller's scores develop and how much they have practised. `most` limits the
    /// number of scored interviews to the newest. Days are those of a zone `minutes_ahead` of UTC;
    /// the last week is today and the six days before.
    pub async fn history(
        &self,
        caller: Bearer,
        most: Option<usize>,
        minutes_ahead: i32,
    ) -> ServiceResult<(History, Totals)> {
        let ahead = i64::from(minutes_ahead) * 60_000_000;
        let now = self.store.now().await?;
        let today = (now.micros() + ahead).div_euclid(DAY);
        let graded = self.store.graded_answers_of(caller, ahead, today - 6).await?;
        let (mut answers, totals) = live(graded)?;
        answers.retain(|answer| !answer.withheld.at(now));
        Ok((History::of(answers, most), totals))
    }

    /// Returns the rubric of one of the caller's questions. It is refused before an answer is
    /// evaluated or the reference shown, and before a real interview has ended, since it would give
    /// the answer away.
    pub async fn rubric(&self, caller: UserId, id: QuestionId) -> ServiceResult<AskedQuestion> {
        let asked = self.store.asked_question(id).await?;
        let asked = asked.ok_or(ServiceError::NotFound(Resource::Question))?;
        let now = self.store.now().await?;
        match asked {
            AskedQuestion { owner, .. } if owner != caller => Err(ServiceError::AccessDenied),
            asked if asked.withheld.at(now) => Err(ServiceError::FeedbackWithheld),
            AskedQuestion { is_evaluated: false, ref question, .. }
                if question.help.shown.is_none() =>
            {
                Err(ServiceError::NoEvaluation)
            }
            asked => Ok(asked),
        }
    }

    /// Compares two attempts at one of the caller's questions; returns all attempts as well.
    pub async fn compare(
        &self,
        caller: Bearer,
        id: QuestionId,
        earlier: Option<i32>,
        later: Option<i32>,
    ) -> ServiceResult<(Attempts, Comparison)> {
        let attempts = live(self.store.attempts_at(caller, id).await?)?;
        let attempts = attempts.ok_or(ServiceError::NotFound(Resource::Question))?;
        if attempts.owner != caller.user_id() {
            return Err(ServiceError::AccessDenied);
        }
        if attempts.withheld.at(self.store.now().await?) {
            return Err(ServiceError::FeedbackWithheld);
        }
        let compared = attempts.compare(earlier, later).map_err(|why| match why {
            NoComparison::NoAttempt => ServiceError::NotFound(Resource::Answer),
            NoComparison::NotEvaluated => ServiceError::NothingToCompare,
        })?;
        Ok((attempts, compared))
    }

    /// Makes a PDF file of a report.
    #[cfg(feature = "pdf")]
    pub async fn pdf(&self, report: Report) -> ServiceResult<Vec<u8>> {
        self.typesetter.set(report).await
    }
}
