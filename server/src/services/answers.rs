//! Submitting answers, asking how they fare, and asking again.

use std::sync::Arc;

use crate::{
    domain::{
        answer::{Answer, AnswerDraft},
        evaluation::{Evaluation, EvaluationState},
        id::{AnswerId, UserId},
    },
    fail_point,
    services::{ServiceError, ServiceResult, Thing, changes::Changes},
    storage::{
        Store,
        answers::{NewAnswer, OwnedAnswer, Retried, Submission},
    },
    worker::Wake,
};

/// The answers' use cases.
#[derive(Clone)]
pub struct Answers {
    store: Arc<dyn Store>,
    wake: Wake,
    changes: Changes,
}

impl Answers {
    /// Puts the use cases together.
    pub fn new(store: Arc<dyn Store>, wake: Wake, changes: Changes) -> Self {
        Self { store, wake, changes }
    }

    /// Keeps an answer together with its pending evaluation and returns at once. Under an
    /// idempotency key, the same submit again gives the first answer.
    pub async fn submit(&self, caller: UserId, draft: AnswerDraft) -> ServiceResult<AnswerId> {
        let interview_id = draft.interview_id;
        let owner = self.store.interview_owner(interview_id).await?;
        let owner = owner.ok_or(ServiceError::NotFound(Thing::Interview))?;
        if !self.store.has_question(interview_id, draft.question_id).await? {
            return Err(ServiceError::NotFound(Thing::Question));
        }
        if owner != caller {
            return Err(ServiceError::AccessDenied);
        }
        let answer = NewAnswer {
            question_id: draft.question_id,
            user_id: caller,
            text: draft.text.as_str().to_owned(),
            // By the clock that decides when it is due.
            submitted_at: self.store.now().await?,
            duration_ms: draft.duration_ms,
            idempotency_key: draft.idempotency_key.map(|key| key.as_str().to_owned()),
        };
        match self.store.submit_answer(answer).await? {
            Submission::Stored(id) => {
                fail_point::reach("submit committed");
                self.wake.now();
                self.changes.announce(interview_id);
                Ok(id)
            }
            Submission::Repeated(id) => Ok(id),
            Submission::KeyReused => Err(ServiceError::IdempotencyKeyReused),
            // Its interview was deleted since it was read above.
            Submission::QuestionGone => Err(ServiceError::NotFound(Thing::Question)),
        }
    }

    /// The answer and what has become of it.
    pub async fn get(&self, caller: UserId, id: AnswerId) -> ServiceResult<Answer> {
        Ok(self.owned(caller, id).await?.answer)
    }

    /// Queues a failed evaluation afresh.
    pub async fn retry(&self, caller: UserId, id: AnswerId) -> ServiceResult<Answer> {
        let owned = self.owned(caller, id).await?;
        let now = self.store.now().await?;
        match self.store.retry_evaluation(id, now).await? {
            Retried::Queued => {}
            Retried::NotFailed => return Err(ServiceError::EvaluationNotFailed),
            Retried::Gone => return Err(ServiceError::NotFound(Thing::Answer)),
        }
        self.wake.now();
        self.changes.announce(owned.interview_id);
        // What was just written, and not what a fast worker has made of it since.
        let evaluation = Evaluation {
            state: EvaluationState::Pending { next_attempt_at: None, last_fault: None },
            attempts: 0,
        };
        Ok(Answer { evaluation, ..owned.answer })
    }

    async fn owned(&self, caller: UserId, id: AnswerId) -> ServiceResult<OwnedAnswer> {
        let owned = self.store.answer(id).await?;
        let owned = owned.ok_or(ServiceError::NotFound(Thing::Answer))?;
        if owned.owner != caller {
            return Err(ServiceError::AccessDenied);
        }
        Ok(owned)
    }
}
