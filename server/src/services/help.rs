//! Help with a question: hints, one at a time, and the reference for a person who does not know.

use std::sync::Arc;

use crate::{
    domain::{
        api_key::Bearer,
        help::{HelpedQuestion, Hint},
        id::QuestionId,
        mark::{MarkChange, MarkTarget, Wish},
        question::{Question, Rubric},
    },
    hints::Changes,
    questions::bank::Bank,
    services::{Resource, ServiceError, ServiceResult, callers::live},
    storage::{Store, help::Showing},
};

/// The use cases of help.
#[derive(Clone)]
pub struct QuestionHelp {
    store: Arc<dyn Store>,
    bank: Arc<Bank>,
    changes: Changes,
}

/// A question whose reference was shown.
#[derive(Debug, Clone)]
pub struct Revealed {
    /// The question, with the time at which it was shown.
    pub question: Question,
    /// The rubric, with the reference.
    pub rubric: Rubric,
}

impl QuestionHelp {
    /// Creates the use cases.
    pub fn new(store: Arc<dyn Store>, bank: Arc<Bank>, changes: Changes) -> Self {
        Self { store, bank, changes }
    }

    /// Returns the use cases with another bank.
    #[must_use]
    pub fn asking_from(self, bank: Arc<Bank>) -> Self {
        Self { bank, ..self }
    }

    /// Returns a hint for one of the caller's questions: the next one, or one given before by its
    /// number. Each new hint is counted.
    pub async fn hint(
        &self,
        caller: Bearer,
        id: QuestionId,
        number: Option<i32>,
    ) -> ServiceResult<Hint> {
        let helped = self.owned(caller, id).await?;
        let hints = self.bank.hints(&helped);
        let of = i32::try_from(hints.len()).unwrap_or(i32::MAX);
        let number = number.unwrap_or(helped.hints + 1);
        let at = usize::try_from(number - 1).unwrap_or(usize::MAX);
        let text = hints.into_iter().nth(at).filter(|_| number <= helped.hints + 1);
        let text = text.ok_or(ServiceError::NoMoreHints)?;
        if number > helped.hints {
            self.store.note_hints(id, number).await?;
            self.changes.announce(helped.interview_id);
        }
        Ok(Hint { text, number, of })
    }

    /// Shows the reference of one of the caller's questions that they have not answered. A question
    /// of the bank is then marked to be asked again soon, unless it is marked never to be.
    pub async fn reveal(&self, caller: Bearer, id: QuestionId) -> ServiceResult<Revealed> {
        let helped = self.owned(caller, id).await?;
        let now = self.store.now().await?;
        let user_id = caller.user_id();
        let mut question = match self.store.show_answer(user_id, id, now).await? {
            Showing::Shown(question) => *question,
            Showing::Answered => return Err(ServiceError::QuestionAnswered),
            Showing::Gone => return Err(ServiceError::NotFound(Resource::Question)),
        };
        if helped.bank_id.is_some() {
            let again = MarkChange { wish: Some(Wish::AgainSoon), ..MarkChange::default() };
            let target = MarkTarget::Question(id);
            let known = self.store.set_mark(user_id, target, MarkChange::default(), now).await?;
            question.mark = match known {
                Some(mark) if mark.wish == Wish::NotAgain => Some(mark),
                _ => self.store.set_mark(user_id, target, again, now).await?,
            };
        }
        self.changes.announce(helped.interview_id);
        Ok(Revealed { question, rubric: helped.rubric })
    }

    /// Returns one of the caller's questions, unless its real interview is still running.
    async fn owned(&self, caller: Bearer, id: QuestionId) -> ServiceResult<HelpedQuestion> {
        let helped = live(self.store.helped_question(caller, id).await?)?;
        let helped = helped.ok_or(ServiceError::NotFound(Resource::Question))?;
        if helped.owner != caller.user_id() {
            return Err(ServiceError::AccessDenied);
        }
        if helped.withheld.at(self.store.now().await?) {
            return Err(ServiceError::FeedbackWithheld);
        }
        Ok(helped)
    }
}
