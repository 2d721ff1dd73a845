//! The state of each question of an interview: open, being evaluated, failed and so on.

use jiff::Timestamp;
use viva_proto::v1::{Answer, Evaluation, EvaluationStatus, QuestionReport};

use super::OpenInterview;
use crate::{drafts::DraftId, evaluation::waiting::Waiting, model::draft_state::Drafts, words};

/// The state of a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Standing<'a> {
    /// It is not answered.
    Unanswered,
    /// It is not answered, and a good answer was shown.
    Shown,
    /// The answer waits until the server can be reached.
    Queued,
    /// The answer is being sent.
    Sending,
    /// It is answered; its evaluation is withheld until the interview ends.
    Withheld,
    /// The answer is being evaluated.
    Pending(&'a Answer, &'a Evaluation),
    /// The evaluation failed.
    Failed(&'a Evaluation),
    /// The evaluation is completed.
    Done(&'a Evaluation, f64),
}

impl OpenInterview {
    /// The state of a question.
    pub(crate) fn standing<'a>(
        &self,
        question: &'a QuestionReport,
        drafts: &Drafts,
    ) -> Standing<'a> {
        let id = question.question.as_ref().map_or(0, |question| question.id);
        let draft = DraftId { interview: self.id, question: id };
        if drafts.is_submitting(draft) {
            let sending = drafts.in_flight.contains(&draft);
            return if sending { Standing::Sending } else { Standing::Queued };
        }
        let Some(answer) = &question.answer else {
            let is_shown = question.question.as_ref().is_some_and(|q| q.shown.is_some());
            return if is_shown { Standing::Shown } else { Standing::Unanswered };
        };
        let Some(evaluation) = &answer.evaluation else {
            return Standing::Unanswered;
        };
        if evaluation.withheld {
            return Standing::Withheld;
        }
        match (evaluation.status(), words::answer_score(answer)) {
            (EvaluationStatus::Completed, Some(score)) => Standing::Done(evaluation, score),
            (EvaluationStatus::Failed, _) => Standing::Failed(evaluation),
            _ => Standing::Pending(answer, evaluation),
        }
    }

    /// The status of a pending evaluation; `None` if it is completed or failed.
    pub(crate) fn waiting(&self, answer: &Answer, now: Timestamp) -> Option<Waiting> {
        let again = self.asked_again.get(&answer.id).copied();
        let since = again.or_else(|| words::moment(answer.submitted_at.as_ref()));
        Waiting::of(answer.evaluation.as_ref()?, since, now)
    }

    /// The next open question after the one in front, wrapping around.
    pub(crate) fn next_open(&self, drafts: &Drafts) -> Option<usize> {
        let count = self.questions().len();
        (1..=count).map(|step| (self.current + step) % count).find(|at| {
            let question = &self.questions()[*at];
            matches!(self.standing(question, drafts), Standing::Unanswered)
        })
    }

    /// How many questions are open.
    pub(crate) fn open_count(&self, drafts: &Drafts) -> usize {
        let open =
            |slot: &&QuestionReport| matches!(self.standing(slot, drafts), Standing::Unanswered);
        self.questions().iter().filter(open).count()
    }

    /// Whether any answer has yet to reach the server.
    pub(crate) fn is_sending(&self, drafts: &Drafts) -> bool {
        self.questions()
            .iter()
            .any(|slot| matches!(self.standing(slot, drafts), Standing::Queued | Standing::Sending))
    }

    /// The first open question.
    pub(crate) fn first_open(&self, drafts: &Drafts) -> Option<usize> {
        let open = |question| matches!(self.standing(question, drafts), Standing::Unanswered);
        self.questions().iter().position(open)
    }

    /// How many answers are being evaluated.
    pub(crate) fn pending(&self) -> usize {
        self.with_status(EvaluationStatus::Pending).count()
    }

    /// The answers whose evaluation failed.
    pub(crate) fn failed(&self) -> Vec<i64> {
        self.with_status(EvaluationStatus::Failed).map(|answer| answer.id).collect()
    }

    /// The answers to evaluate again when the question at `chosen` is in front: its own if that
    /// failed, otherwise all that failed.
    pub(crate) fn to_retry(&self, chosen: Option<usize>) -> Vec<i64> {
        let failed = self.failed();
        let slot = chosen.and_then(|at| self.questions().get(at));
        match slot.and_then(|slot| slot.answer.as_ref()).map(|answer| answer.id) {
            Some(id) if failed.contains(&id) => vec![id],
            _ => failed,
        }
    }

    /// How many answers are evaluated.
    pub(crate) fn evaluated(&self) -> usize {
        self.with_status(EvaluationStatus::Completed).count()
    }

    fn with_status(&self, status: EvaluationStatus) -> impl Iterator<Item = &Answer> {
        let answers = self.questions().iter().filter_map(|question| question.answer.as_ref());
        answers.filter(move |a| {
            a.evaluation.as_ref().is_some_and(|e| e.status() == status && !e.withheld)
        })
    }
}
