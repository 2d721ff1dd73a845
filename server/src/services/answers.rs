//! Submitting answers, reading their evaluations, and retrying failed ones.

use std::sync::Arc;

use crate::{
    domain::{
        answer::{Answer, AnswerDraft},
        api_key::Bearer,
        evaluation::{Evaluation, EvaluationState},
        id::AnswerId,
    },
    fail_point,
    hints::{Changes, Wake},
    services::{Resource, ServiceError, ServiceResult, callers::live},
    storage::{
        Store,
        answers::{NewAnswer, OwnedAnswer, Retried, Submission},
        calls::Submitted,
    },
};

/// The answers' use cases.
#[derive(Clone)]
pub struct Answers {
    store: Arc<dyn Store>,
    wake: Wake,
    changes: Changes,
}

impl Answers {
    /// Creates the use cases.
    pub fn new(store: Arc<dyn Store>, wake: Wake, changes: Changes) -> Self {
        Self { store, wake, changes }
    }

    /// Stores an answer with a pending evaluation and returns without waiting for it. With the same
    /// idempotency key, a repeated submission returns the first answer.
    pub async fn submit(&self, caller: Bearer, draft: AnswerDraft) -> ServiceResult<AnswerId> {
        let interview_id = draft.interview_id;
        let answer = NewAnswer {
            question_id: draft.question_id,
            user_id: caller.user_id(),
            text: draft.text.as_str().to_owned(),
            // From the clock that decides when it is due.
            submitted_at: self.store.now().await?,
            duration_ms: draft.duration_ms,
            idempotency_key: draft.idempotency_key.map(|key| key.as_str().to_owned()),
        };
        let submission = match live(self.store.submit(caller, interview_id, answer).await?)? {
            Submitted::NoInterview => return Err(ServiceError::NotFound(Resource::Interview)),
            Submitted::Denied => return Err(ServiceError::AccessDenied),
            Submitted::Done(submission) => submission,
        };
        match submission {
            Submission::Stored(id) => {
                fail_point::reach("submit committed");
                self.wake.now();
                self.changes.announce(interview_id);
                Ok(id)
            }
            Submission::Repeated(id) => Ok(id),
            Submission::KeyReused => Err(ServiceError::IdempotencyKeyReused),
            Submission::QuestionGone => Err(ServiceError::NotFound(Resource::Question)),
        }
    }

    /// Returns an answer with its evaluation.
    pub async fn get(&self, caller: Bearer, id: AnswerId) -> ServiceResult<Answer> {
        let owned = self.owned(caller, id).await?;
        Ok(owned.answer.told_at(owned.withheld, self.store.now().await?))
    }

    /// Queues a failed evaluation again.
    pub async fn retry(&self, caller: Bearer, id: AnswerId) -> ServiceResult<Answer> {
        let owned = self.owned(caller, id).await?;
        let now = self.store.now().await?;
        match self.store.retry_evaluation(id, now).await? {
            Retried::Queued => {}
            Retried::NotFailed => return Err(ServiceError::EvaluationNotFailed),
            Retried::Gone => return Err(ServiceError::NotFound(Resource::Answer)),
        }
        self.wake.now();
        self.changes.announce(owned.interview_id);
        // The state that was just written, even if a fast worker has changed it since.
        let evaluation = Evaluation {
            state: EvaluationState::Pending { next_attempt_at: None, last_fault: None },
            attempts: 0,
        };
        Ok(Answer { evaluation, ..owned.answer }.told_at(owned.withheld, now))
    }

    async fn owned(&self, caller: Bearer, id: AnswerId) -> ServiceResult<OwnedAnswer> {
        let owned = live(self.store.answer_for(caller, id).await?)?;
        let owned = owned.ok_or(ServiceError::NotFound(Resource::Answer))?;
        if owned.owner != caller.user_id() {
            return Err(ServiceError::AccessDenied);
        }
        Ok(owned)
    }
}
