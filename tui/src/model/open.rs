//! The open interview: its questions with their latest answers, the texts being written, and the
//! position in its report. Both the interview and the report screen show this state.

mod clock;
mod position;
pub(crate) mod practice;
mod standing;

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use jiff::Timestamp;
use viva_proto::v1::{Answer, Evaluation, EvaluationStatus, Question, QuestionReport, Report};

use self::practice::Practice;
pub(crate) use self::{position::ReadingPosition, standing::Standing};
use super::{draft_state::Drafts, editor::Editor};
use crate::{
    drafts::{DraftId, Stage},
    keys::Context,
    problem::Problem,
    words,
};

/// The fewest and the most characters of an answer, according to the wire contract.
pub(crate) const ANSWER_CHARS: std::ops::RangeInclusive<usize> = 10..=20_000;

/// The open interview.
#[derive(Debug)]
pub(crate) struct OpenInterview {
    /// Its id.
    pub(crate) id: i64,
    /// The interview's data; `None` while it is loading.
    pub(crate) report: Option<Report>,
    /// Why it could not be loaded.
    pub(crate) problem: Option<Problem>,
    /// Counts the requests, to recognise late replies.
    pub(crate) turn: u64,
    /// When its time is up; `None` without a time limit, or after the end.
    pub(crate) closes_at: Option<Timestamp>,
    /// When its broken stream is reopened; `None` while the stream works.
    pub(crate) watch_again_at: Option<Timestamp>,
    /// The question in front.
    pub(crate) current: usize,
    /// The confirmation that the user is asked for.
    pub(crate) asks: Option<Asks>,
    /// What is wrong with the text in front.
    pub(crate) fault: Option<String>,
    /// The texts being written, by question.
    pub(crate) editors: BTreeMap<i64, Editor>,
    /// How many answers each question had when its text was begun.
    pub(crate) begun: BTreeMap<i64, i32>,
    /// Questions answered in another window, if the user has been told.
    pub(crate) told_of: BTreeSet<i64>,
    /// How many milliseconds were spent on each question.
    pub(crate) elapsed: BTreeMap<i64, i64>,
    /// When failed evaluations were requested again, by answer.
    pub(crate) asked_again: BTreeMap<i64, Timestamp>,
    /// The first visible line of a question or answer that is too long for its area.
    pub(crate) scroll: usize,
    /// What the report shows below its head: 0 is the summary, then the questions.
    pub(crate) selected: usize,
    /// The page of it.
    pub(crate) page: Page,
    /// The first visible line of it.
    pub(crate) page_scroll: usize,
    /// The position in each of the others, by number.
    pub(crate) left_at: BTreeMap<usize, (Page, usize)>,
    /// Whether leaving the question in front returns to the report.
    pub(crate) is_report_behind: bool,
    /// The question that the report will show once it is loaded.
    pub(crate) wanted: Option<i64>,
    /// Hints, follow-ups, and comparisons of attempts.
    pub(crate) practice: Practice,
    /// Whether it is a saved copy, shown because the server cannot be reached.
    pub(crate) is_kept: bool,
    /// Whether it is the sample report.
    pub(crate) is_sample: bool,
}

/// What the user is asked to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// Whether to submit the answer.
    Submit,
    /// Whether to show the answer, without a score.
    ShowMe,
    /// Whether a new answer starts from the last one.
    Again,
    /// Whether to end the interview.
    End,
}

impl Asks {
    /// The context of keys during this question.
    pub(crate) fn context(self) -> Context {
        match self {
            Self::Submit => Context::Confirm,
            Self::ShowMe => Context::ShowMe,
            Self::Again => Context::Again,
            Self::End => Context::Ending,
        }
    }
}

/// The pages of a question in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// The evaluation of the answer.
    Points,
    /// The answer, with its quotes marked.
    Answer,
    /// An example of a good answer.
    Example,
}

/// What `put_answer` changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing: it was known.
    None,
    /// Something.
    Some,
    /// Its evaluation has just been completed.
    Completed,
}

impl OpenInterview {
    /// An interview about to be loaded.
    pub(crate) fn new(id: i64) -> Self {
        Self {
            id,
            report: None,
            problem: None,
            turn: 0,
            closes_at: None,
            watch_again_at: None,
            current: 0,
            asks: None,
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
            left_at: BTreeMap::new(),
            is_report_behind: false,
            wanted: None,
            practice: Practice::default(),
            is_kept: false,
            is_sample: false,
        }
    }

    /// The interview's questions, in order.
    pub(crate) fn questions(&self) -> &[QuestionReport] {
        self.report.as_ref().map_or(&[], |report| &report.questions)
    }

    /// Whether a language model wrote any of the questions.
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

    /// The number of a question, from 1; 0 if it is unknown.
    pub(crate) fn number_of(&self, question: i64) -> usize {
        let is_it =
            |slot: &QuestionReport| slot.question.as_ref().is_some_and(|q| q.id == question);
        self.questions().iter().position(is_it).map_or(0, |at| at + 1)
    }

    /// Whether a question was answered elsewhere after its text was begun here.
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

    /// Begins a text for a question, unless it has one.
    pub(crate) fn begin(&mut self, question: i64, text: &str) {
        let attempts = self.answer_to(question).map_or(0, |answer| answer.attempt);
        if let Entry::Vacant(free) = self.editors.entry(question) {
            free.insert(Editor::lines(text));
            self.begun.insert(question, attempts);
            self.told_of.remove(&question);
        }
    }

    /// The question that the report shows; `None` for the summary.
    pub(crate) fn shown(&self) -> Option<&QuestionReport> {
        self.questions().get(self.selected.checked_sub(1)?)
    }

    /// Shows the wanted question in the report, if it exists.
    pub(crate) fn select_wanted(&mut self) {
        let is_it = |slot: &QuestionReport| slot.question.as_ref().map(|q| q.id) == self.wanted;
        if self.wanted.is_some()
            && let Some(at) = self.questions().iter().position(is_it)
        {
            self.show(at + 1);
            self.wanted = None;
        }
    }

    /// The id of the draft for the question in front.
    pub(crate) fn draft_id(&self) -> Option<DraftId> {
        Some(DraftId { interview: self.id, question: self.question()?.id })
    }

    /// Whether the question in front has a text being written.
    pub(crate) fn is_writing(&self) -> bool {
        self.question().is_some_and(|question| self.editors.contains_key(&question.id))
    }

    /// The text being written.
    pub(crate) fn editor(&self) -> Option<&Editor> {
        self.editors.get(&self.question()?.id)
    }

    /// The text being written, for changing it.
    pub(crate) fn editor_mut(&mut self) -> Option<&mut Editor> {
        let id = self.question()?.id;
        self.editors.get_mut(&id)
    }

    /// How many milliseconds were spent on the question in front.
    pub(crate) fn elapsed_ms(&self) -> i64 {
        self.question().and_then(|question| self.elapsed.get(&question.id)).copied().unwrap_or(0)
    }

    /// Puts an answer in its place, unless a later one is known.
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

    /// Notes that the server has an answer, unless it is known already.
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
            ..Answer::default()
        });
    }

    /// Opens a text for each question without an answer: the draft, or an empty one.
    pub(crate) fn open_editors(&mut self, drafts: &Drafts) {
        let mut wanted = Vec::new();
        for slot in self.questions() {
            let Some(question) = &slot.question else {
                continue;
            };
            let id = DraftId { interview: self.id, question: question.id };
            let draft = drafts.by_id.get(&id);
            match draft {
                Some(draft) if draft.stage == Stage::Submitting => {}
                // The answer was shown: an unfinished text stays a draft until the user reopens it.
                _ if slot.answer.is_none() && question.shown.is_some() => {}
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
