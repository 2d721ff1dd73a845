//! Help with the questions of an interview, and comparisons of attempts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use viva_proto::v1::{
    AddFollowUpResponse, Answer, CompareAttemptsResponse, GetHintResponse, Question,
    QuestionReport, Report, RevealQuestionResponse,
};

use super::OpenInterview;
use crate::words;

/// Help and comparisons, by question.
#[derive(Debug, Default)]
pub(crate) struct Practice {
    /// The hints given, by number.
    hints: BTreeMap<i64, BTreeMap<i32, String>>,
    /// How many hints there are, once the server has said.
    available: BTreeMap<i64, i32>,
    /// The points of a good answer, if it was shown in this run.
    points: BTreeMap<i64, Vec<String>>,
    /// Requests for help that are unanswered, with their times.
    asked: BTreeMap<(i64, Help), Timestamp>,
    /// Questions whose earlier hints were requested.
    looked_for: BTreeSet<i64>,
    /// Comparisons of attempts.
    compared: BTreeMap<i64, Compared>,
}

/// A kind of help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Help {
    /// The next hint.
    Hint,
    /// The answer.
    Answer,
    /// A follow-up.
    FollowUp,
}

/// The comparison of the last two attempts at a question.
#[derive(Debug)]
struct Compared {
    /// The id of the later answer.
    answer: i64,
    /// The comparison; `None` while it is loading, or if nothing can be compared.
    found: Option<Box<CompareAttemptsResponse>>,
}

impl Practice {
    /// Notes a request for help and returns whether it is new.
    pub(crate) fn ask(&mut self, question: i64, help: Help, now: Timestamp) -> bool {
        self.asked.insert((question, help), now).is_none()
    }

    /// Notes that the server has replied.
    pub(crate) fn heard(&mut self, question: i64, help: Help) {
        self.asked.remove(&(question, help));
    }

    /// When the awaited follow-up was requested.
    pub(crate) fn follow_up_since(&self) -> Option<Timestamp> {
        let mut asked = self.asked.iter();
        asked.find(|((_, help), _)| *help == Help::FollowUp).map(|(_, since)| *since)
    }

    /// The known hints to a question, in order, and how many exist, if known.
    pub(crate) fn hints(&self, question: i64) -> (impl Iterator<Item = (i32, &str)>, Option<i32>) {
        let hints = self.hints.get(&question).into_iter().flatten();
        let available = self.available.get(&question).copied();
        (hints.map(|(number, text)| (*number, text.as_str())), available)
    }

    /// Whether all hints to a question are known.
    pub(crate) fn has_all_hints(&self, question: i64) -> bool {
        let known = self.hints.get(&question).map_or(0, BTreeMap::len);
        let available = self.available.get(&question).copied();
        available.is_some_and(|available| usize::try_from(available).is_ok_and(|all| known >= all))
    }

    /// The numbers of earlier hints that are not known here; empty after the first call.
    pub(crate) fn missing_hints(&mut self, question: i64, given: i32) -> Vec<i32> {
        if given < 1 || !self.looked_for.insert(question) {
            return Vec::new();
        }
        let known = self.hints.get(&question);
        let is_missing = |number: &i32| known.is_none_or(|known| !known.contains_key(number));
        (1..=given).filter(is_missing).collect()
    }

    /// The points of a good answer, if it was shown in this run.
    pub(crate) fn points(&self, question: i64) -> &[String] {
        self.points.get(&question).map_or(&[], Vec::as_slice)
    }

    /// Notes that a comparison up to this answer is requested; returns whether that is new.
    pub(crate) fn compare(&mut self, question: i64, answer: i64) -> bool {
        if self.compared.get(&question).is_some_and(|known| known.answer == answer) {
            return false;
        }
        self.compared.insert(question, Compared { answer, found: None });
        true
    }

    /// The comparison of attempts at a question, with this answer as the later one.
    pub(crate) fn compared(&self, question: i64, answer: i64) -> Option<&CompareAttemptsResponse> {
        let compared = self.compared.get(&question).filter(|known| known.answer == answer)?;
        compared.found.as_deref()
    }

    /// Stores a comparison of attempts.
    pub(crate) fn put_compared(&mut self, question: i64, found: Box<CompareAttemptsResponse>) {
        let answer = found.later.as_ref().map_or(0, |answer| answer.id);
        self.compared.insert(question, Compared { answer, found: Some(found) });
    }

    /// Allows failed comparisons to be requested again.
    pub(crate) fn compare_again(&mut self) {
        self.compared.retain(|_, compared| compared.found.is_some());
    }
}

impl OpenInterview {
    /// Stores a hint.
    pub(crate) fn put_hint(&mut self, question: i64, hint: GetHintResponse) {
        let GetHintResponse { text, number, available } = hint;
        self.practice.hints.entry(question).or_default().insert(number, text);
        self.practice.available.insert(question, available);
        if let Some(known) = self.slot_mut(question).and_then(|slot| slot.question.as_mut()) {
            known.hints_given = known.hints_given.max(number);
        }
    }

    /// Stores the shown answer, which ends its question.
    pub(crate) fn put_shown(&mut self, shown: RevealQuestionResponse) {
        let Some(question) = shown.question else { return };
        let id = question.id;
        self.practice.points.insert(id, shown.key_points);
        if let Some(slot) = self.slot_mut(id) {
            slot.question = Some(question);
        }
        self.editors.remove(&id);
    }

    /// Inserts a follow-up after its question and earlier follow-ups to it. Returns its position.
    pub(crate) fn put_follow_up(
        &mut self,
        parent: i64,
        added: AddFollowUpResponse,
    ) -> Option<usize> {
        let question = added.question?;
        let number = match self.number_of(question.id) {
            0 => self.insert_follow_up(parent, question)?,
            known => known,
        };
        Some(number - 1)
    }

    fn insert_follow_up(&mut self, parent: i64, question: Question) -> Option<usize> {
        let mut report = self.report.clone()?;
        let is_of_parent = |slot: &QuestionReport| {
            slot.question
                .as_ref()
                .is_some_and(|known| known.id == parent || known.parent_question_id == Some(parent))
        };
        let at = report.questions.iter().rposition(is_of_parent)? + 1;
        let id = question.id;
        report.questions.insert(at, QuestionReport { question: Some(question), answer: None });
        for (slot, order) in report.questions.iter_mut().zip(1..) {
            if let Some(question) = &mut slot.question {
                question.order = order;
            }
        }
        self.put_report(report);
        Some(self.number_of(id))
    }

    /// Replaces the report and stays at the current question, even if it has a new number.
    pub(crate) fn put_report(&mut self, report: Report) {
        let id_at = |open: &Self, at: usize| {
            open.questions().get(at).and_then(|slot| slot.question.as_ref()).map(|q| q.id)
        };
        let current = id_at(self, self.current);
        let selected = self.selected.checked_sub(1).and_then(|at| id_at(self, at));
        let left: Vec<_> = self
            .left_at
            .iter()
            .map(|(number, place)| (number.checked_sub(1).map(|at| id_at(self, at)), *place))
            .collect();
        self.report = Some(report);
        let number = |open: &Self, id: Option<i64>| id.map_or(0, |id| open.number_of(id));
        if let Some(at) = number(self, current).checked_sub(1) {
            self.current = at;
        }
        if selected.is_some() {
            self.selected = number(self, selected);
        }
        self.left_at = left
            .into_iter()
            .filter_map(|(at, place)| match at {
                None => Some((0, place)),
                Some(id) => Some((number(self, id), place)).filter(|(number, _)| *number > 0),
            })
            .collect();
        self.current = self.current.min(self.questions().len().saturating_sub(1));
    }

    /// The question at a position with its answer, if it has two attempts to compare.
    pub(crate) fn to_compare(&self, at: usize) -> Option<(i64, &Answer)> {
        let answer = self.questions().get(at)?.answer.as_ref()?;
        let is_evaluated = words::answer_score(answer).is_some();
        (is_evaluated && answer.attempt > 1).then_some((answer.question_id, answer))
    }

    /// Whether a follow-up can be asked about the answer at a position.
    pub(crate) fn can_be_followed_up(&self, at: usize) -> bool {
        let answer = self.questions().get(at).and_then(|slot| slot.answer.as_ref());
        answer.is_some_and(|answer| answer.attempt > 1 || words::answer_score(answer).is_some())
    }

    /// A question of the interview.
    pub(crate) fn question_of(&self, id: i64) -> Option<&Question> {
        self.questions().iter().filter_map(|slot| slot.question.as_ref()).find(|q| q.id == id)
    }

    fn slot_mut(&mut self, question: i64) -> Option<&mut QuestionReport> {
        let slots = self.report.iter_mut().flat_map(|report| &mut report.questions);
        slots.into_iter().find(|slot| slot.question.as_ref().is_some_and(|q| q.id == question))
    }
}
