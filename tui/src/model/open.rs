//! The interview that is open: its questions with their latest answers, the texts being written,
//! and where the reader is in its report. Both screens, going through it and reading what it
//! amounts to, show this one state.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use jiff::Timestamp;
use viva_proto::v1::{Answer, Evaluation, EvaluationStatus, Question, QuestionReport, Report};

use super::{editor::Editor, journal::Journal};
use crate::{
    drafts::{DraftId, Stage},
    evaluation::waiting::Waiting,
    problem::Problem,
    words,
};

/// The fewest and the most characters of an answer, as the contract has them.
pub(crate) const ANSWER_CHARS: std::ops::RangeInclusive<usize> = 10..=20_000;

/// The open interview.
#[derive(Debug)]
pub(crate) struct Open {
    /// Its id.
    pub(crate) id: i64,
    /// What is known of it; `None` while it is loaded.
    pub(crate) report: Option<Report>,
    /// Why it could not be loaded.
    pub(crate) problem: Option<Problem>,
    /// Counts the requests for it, so that a late reply is known as one.
    pub(crate) turn: u64,
    /// When its broken stream is tried again; `None` while all is well.
    pub(crate) watch_again_at: Option<Timestamp>,
    /// The question in front.
    pub(crate) current: usize,
    /// Whether the user is asked to confirm a submission.
    pub(crate) confirming: bool,
    /// What is wrong with the text in front.
    pub(crate) fault: Option<String>,
    /// The texts being written, by question.
    pub(crate) editors: BTreeMap<i64, Editor>,
    /// How often each question had been answered when its text was begun.
    pub(crate) begun: BTreeMap<i64, i32>,
    /// Questions that were answered in another window, of which that was told.
    pub(crate) told_of: BTreeSet<i64>,
    /// How many milliseconds each question was worked on.
    pub(crate) elapsed: BTreeMap<i64, i64>,
    /// When failed evaluations were asked for again, by answer.
    pub(crate) asked_again: BTreeMap<i64, Timestamp>,
    /// The first line shown of a question or answer too long for its place.
    pub(crate) scroll: usize,
    /// What the report's lower half shows: 0 the summary, then the questions.
    pub(crate) selected: usize,
    /// Which page of it.
    pub(crate) page: Page,
    /// The first line shown of it.
    pub(crate) page_scroll: usize,
    /// The question that the report is to show once it is there.
    pub(crate) wanted: Option<i64>,
}

/// The pages of a question in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// What was found in the answer.
    Points,
    /// The answer, with what was quoted of it.
    Answer,
    /// An example of a good one.
    Example,
}

/// How a question stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Standing<'a> {
    /// Nobody has answered it.
    Open,
    /// The answer waits for the server to be back.
    Queued,
    /// The answer is on its way.
    Sending,
    /// The answer is being evaluated.
    Pending(&'a Answer, &'a Evaluation),
    /// The evaluation failed.
    Failed(&'a Evaluation),
    /// The evaluation is there.
    Done(&'a Evaluation, f64),
}

/// What an answer changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing: it was known.
    None,
    /// Something.
    Some,
    /// Its evaluation has just been completed.
    Completed,
}

impl Open {
    /// An interview about to be loaded.
    pub(crate) fn new(id: i64) -> Self {
        Self {
            id,
            report: None,
            problem: None,
            turn: 0,
            watch_again_at: None,
            current: 0,
            confirming: false,
            fault: None,
            editors: BTreeMap::new(),
            begun: BTreeMap::new(),
            told_of: BTreeSet::new(),
            elapsed: BTreeMap::new(),
            asked_again: BTreeMap::new(),
            scroll: 0,
            selected: 0,
            page: Page::Points,
            page_scroll: 0,
            wanted: None,
        }
    }

    /// Its questions, in order.
    pub(crate) fn questions(&self) -> &[QuestionReport] {
        self.report.as_ref().map_or(&[], |report| &report.questions)
    }

    /// Whether a language model wrote any of its questions.
    pub(crate) fn has_model(&self) -> bool {
        words::has_model(self.questions().iter().filter_map(|slot| slot.question.as_ref()))
    }

    /// The question in front.
    pub(crate) fn question(&self) -> Option<&Question> {
        self.questions().get(self.current)?.question.as_ref()
    }

    /// The latest answer to the question in front.
    pub(crate) fn answer(&self) -> Option<&Answer> {
        self.questions().get(self.current)?.answer.as_ref()
    }

    /// The latest answer to a question.
    pub(crate) fn answer_to(&self, question: i64) -> Option<&Answer> {
        self.slot(question)?.answer.as_ref()
    }

    /// The number of a question, from 1 on.
    pub(crate) fn number_of(&self, question: i64) -> usize {
        let is_it =
            |slot: &QuestionReport| slot.question.as_ref().is_some_and(|q| q.id == question);
        self.questions().iter().position(is_it).map_or(0, |at| at + 1)
    }

    /// Whether a question has been answered elsewhere since a text for it was begun here.
    pub(crate) fn is_overtaken(&self, question: i64) -> bool {
        let attempts = self.answer_to(question).map_or(0, |answer| answer.attempt);
        self.editors.contains_key(&question)
            && self.begun.get(&question).is_some_and(|begun| *begun < attempts)
    }

    fn slot(&self, question: i64) -> Option<&QuestionReport> {
        self.questions()
            .iter()
            .find(|slot| slot.question.as_ref().is_some_and(|known| known.id == question))
    }

    /// Begins a text for a question that has none yet.
    pub(crate) fn begin(&mut self, question: i64, text: &str) {
        let attempts = self.answer_to(question).map_or(0, |answer| answer.attempt);
        if let Entry::Vacant(free) = self.editors.entry(question) {
            free.insert(Editor::lines(text));
            self.begun.insert(question, attempts);
            self.told_of.remove(&question);
        }
    }

    /// The question that the report's lower half shows; `None` is the summary.
    pub(crate) fn shown(&self) -> Option<&QuestionReport> {
        self.questions().get(self.selected.checked_sub(1)?)
    }

    /// Shows the question in the report that is wanted, if it is there.
    pub(crate) fn select_wanted(&mut self) {
        let is_it = |slot: &QuestionReport| slot.question.as_ref().map(|q| q.id) == self.wanted;
        if self.wanted.is_some()
            && let Some(at) = self.questions().iter().position(is_it)
        {
            self.selected = at + 1;
            self.wanted = None;
        }
    }

    /// What a draft of the question in front is filed under.
    pub(crate) fn draft_id(&self) -> Option<DraftId> {
        Some(DraftId { interview: self.id, question: self.question()?.id })
    }

    /// Whether the question in front is being written.
    pub(crate) fn is_writing(&self) -> bool {
        self.question().is_some_and(|question| self.editors.contains_key(&question.id))
    }

    /// The text being written.
    pub(crate) fn editor(&self) -> Option<&Editor> {
        self.editors.get(&self.question()?.id)
    }

    /// The text being written, to change it.
    pub(crate) fn editor_mut(&mut self) -> Option<&mut Editor> {
        let id = self.question()?.id;
        self.editors.get_mut(&id)
    }

    /// How long the question in front was worked on.
    pub(crate) fn elapsed_ms(&self) -> i64 {
        self.question().and_then(|question| self.elapsed.get(&question.id)).copied().unwrap_or(0)
    }

    /// How a question stands.
    pub(crate) fn standing<'a>(
        &self,
        question: &'a QuestionReport,
        journal: &Journal,
    ) -> Standing<'a> {
        let id = question.question.as_ref().map_or(0, |question| question.id);
        let draft = DraftId { interview: self.id, question: id };
        if journal.is_submitting(draft) {
            let sending = journal.in_flight.contains(&draft);
            return if sending { Standing::Sending } else { Standing::Queued };
        }
        let Some(answer) = &question.answer else {
            return Standing::Open;
        };
        let Some(evaluation) = &answer.evaluation else {
            return Standing::Open;
        };
        match (evaluation.status(), words::answer_score(answer)) {
            (EvaluationStatus::Completed, Some(score)) => Standing::Done(evaluation, score),
            (EvaluationStatus::Failed, _) => Standing::Failed(evaluation),
            _ => Standing::Pending(answer, evaluation),
        }
    }

    /// How an answer's evaluation stands that is not there yet; none once it is, or has failed.
    pub(crate) fn waiting(&self, answer: &Answer, now: Timestamp) -> Option<Waiting> {
        let again = self.asked_again.get(&answer.id).copied();
        let since = again.or_else(|| words::moment(answer.submitted_at.as_ref()));
        Waiting::of(answer.evaluation.as_ref()?, since, now)
    }

    /// The first question after the one in front that is still to be answered, going round.
    pub(crate) fn next_open(&self, journal: &Journal) -> Option<usize> {
        let count = self.questions().len();
        (1..=count).map(|step| (self.current + step) % count).find(|at| {
            let question = &self.questions()[*at];
            matches!(self.standing(question, journal), Standing::Open)
        })
    }

    /// The first question that is still to be answered.
    pub(crate) fn first_open(&self, journal: &Journal) -> Option<usize> {
        let open = |question| matches!(self.standing(question, journal), Standing::Open);
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

    /// The answers whose evaluation is asked for again when the question at `chosen` is in front:
    /// its own if that failed, else all that failed.
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
        answers.filter(move |a| a.evaluation.as_ref().is_some_and(|e| e.status() == status))
    }

    /// Takes an answer as it is now, unless a later one is known.
    pub(crate) fn put_answer(&mut self, answer: Answer) -> Change {
        let Some(report) = &mut self.report else {
            return Change::None;
        };
        let Some(slot) = report.questions.iter_mut().find(|question| {
            question.question.as_ref().is_some_and(|q| q.id == answer.question_id)
        }) else {
            return Change::None;
        };
        let is_done = words::answer_score(&answer).is_some();
        if let Some(known) = &slot.answer {
            if known.attempt > answer.attempt || *known == answer {
                return Change::None;
            }
            if known.id == answer.id && words::answer_score(known).is_some() {
                slot.answer = Some(answer);
                return Change::Some;
            }
        }
        slot.answer = Some(answer);
        if is_done { Change::Completed } else { Change::Some }
    }

    /// Notes that the server has an answer, unless more is known of it already.
    pub(crate) fn put_submitted(
        &mut self,
        question: i64,
        answer: i64,
        text: String,
        now: Timestamp,
    ) {
        let slots = self.report.iter_mut().flat_map(|report| &mut report.questions);
        let is_it = |slot: &&mut QuestionReport| {
            slot.question.as_ref().is_some_and(|known| known.id == question)
        };
        let Some(slot) = slots.into_iter().find(is_it) else {
            return;
        };
        let known = slot.answer.as_ref();
        if known.is_some_and(|known| known.id >= answer) {
            return;
        }
        let attempt = known.map_or(0, |known| known.attempt) + 1;
        let evaluation =
            Evaluation { status: EvaluationStatus::Pending.into(), ..Evaluation::default() };
        let submitted_at =
            prost_types::Timestamp { seconds: now.as_second(), nanos: now.subsec_nanosecond() };
        slot.answer = Some(Answer {
            id: answer,
            question_id: question,
            answer_text: text,
            submitted_at: Some(submitted_at),
            evaluation: Some(evaluation),
            attempt,
        });
    }

    /// Opens a text for each question that is to be answered: the draft, or an empty one.
    pub(crate) fn open_editors(&mut self, journal: &Journal) {
        let mut wanted = Vec::new();
        for slot in self.questions() {
            let Some(question) = &slot.question else {
                continue;
            };
            let id = DraftId { interview: self.id, question: question.id };
            let draft = journal.drafts.get(&id);
            match draft {
                Some(draft) if draft.stage == Stage::Submitting => {}
                Some(draft) => wanted.push((question.id, draft.text.clone(), draft.elapsed_ms)),
                None if slot.answer.is_none() => wanted.push((question.id, String::new(), 0)),
                None => {}
            }
        }
        for (question, text, elapsed) in wanted {
            self.begin(question, &text);
            self.elapsed.entry(question).or_insert(elapsed);
        }
    }
}
