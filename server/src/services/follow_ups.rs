//! Follow-up questions.

use std::sync::Arc;

use crate::{
    domain::{
        api_key::Bearer,
        follow_up::{FollowedQuestion, MOST_QUESTIONS, NewFollowUp},
        id::{QuestionId, UserId},
        question::Question,
        spending::Payer,
    },
    hints::Changes,
    questions::{bank::Bank, follow_up::FollowUp, llm::QuestionWriter},
    services::{Resource, ServiceError, ServiceResult, callers::live},
    storage::{Store, follow_ups::FollowUpAdded},
};

/// The follow-ups' use cases.
#[derive(Clone)]
pub struct FollowUps {
    store: Arc<dyn Store>,
    bank: Arc<Bank>,
    writer: Option<QuestionWriter>,
    changes: Changes,
}

/// A follow-up that was asked.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The question.
    pub question: Question,
    /// The words of the answer that it asks about; empty if the answer says nothing about it.
    pub quote: String,
}

impl FollowUps {
    /// Creates the use cases.
    pub fn new(
        store: Arc<dyn Store>,
        bank: Arc<Bank>,
        writer: Option<QuestionWriter>,
        changes: Changes,
    ) -> Self {
        Self { store, bank, writer, changes }
    }

    /// Returns the use cases with another bank.
    #[must_use]
    pub fn asking_from(self, bank: Arc<Bank>) -> Self {
        Self { bank, ..self }
    }

    /// Adds a follow-up to one of the caller's questions, about what the latest evaluated answer
    /// got wrong or left out. During a real interview, only the interviewer adds follow-ups.
    pub async fn add(&self, caller: Bearer, id: QuestionId) -> ServiceResult<Followed> {
        let gone = || ServiceError::NotFound(Resource::Question);
        let followed = live(self.store.followed_question(caller, id).await?)?.ok_or_else(gone)?;
        if followed.owner != caller.user_id() {
            return Err(ServiceError::AccessDenied);
        }
        if followed.withheld.at(self.store.now().await?) {
            return Err(ServiceError::FeedbackWithheld);
        }
        let FollowUp { text, quote, rubric } = self.next(caller.user_id(), &followed).await?;
        let new = NewFollowUp { user_id: caller.user_id(), parent_id: id, text, rubric };
        match self.store.add_follow_up(new, MOST_QUESTIONS).await? {
            FollowUpAdded::Added(question) => {
                self.changes.announce(followed.interview_id);
                Ok(Followed { question, quote })
            }
            FollowUpAdded::Gone => Err(gone()),
            FollowUpAdded::Full | FollowUpAdded::TooLate => Err(ServiceError::InterviewFull),
        }
    }

    /// Lets the interviewer follow up on an evaluated answer in a real interview, if the answer
    /// invites it and the interview is still running.
    pub async fn interject(&self, user_id: UserId, answered: QuestionId) -> ServiceResult<()> {
        let followed = self.store.answered_question(answered).await?;
        let Some(followed) = followed else { return Ok(()) };
        if !followed.withheld.at(self.store.now().await?) || !followed.invites() {
            return Ok(());
        }
        let FollowUp { text, rubric, .. } = self.next(user_id, &followed).await?;
        let new = NewFollowUp { user_id, parent_id: followed.id, text, rubric };
        let now = self.store.now().await?;
        let added = self.store.interject(new, followed.follow_ups.len(), now).await?;
        if matches!(added, FollowUpAdded::Added(_)) {
            self.changes.announce(followed.interview_id);
        }
        Ok(())
    }

    /// Returns the next follow-up: by the language model if there is one, else from the bank.
    async fn next(&self, user_id: UserId, followed: &FollowedQuestion) -> ServiceResult<FollowUp> {
        let Some((answer, _)) = &followed.answered else { return Err(ServiceError::NoEvaluation) };
        let probes = followed.probes();
        let probe = probes.first().ok_or(ServiceError::NothingToFollowUp)?;
        if let Some(writer) = &self.writer {
            let interview_id = Some(followed.interview_id);
            let payer = Payer { user_id, interview_id };
            match writer.follow_up(payer, followed, answer, probe).await {
                Ok(follow_up) => return Ok(follow_up),
                Err(reason) => tracing::warn!(reason, "the bank asks instead of the model"),
            }
        }
        self.bank.follow_up(followed, &probes).ok_or(ServiceError::NothingToFollowUp)
    }
}
