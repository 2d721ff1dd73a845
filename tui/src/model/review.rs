//! Reviewing the due points: one prompt after the other, each answered in a few words.

use std::collections::VecDeque;

use jiff::Timestamp;
use viva_proto::v1::{MemoryCounts, Review, SubmitReviewRequest, SubmitReviewResponse};

use super::editor::Editor;
use crate::{drafts::DraftId, keys::Context, problem::Problem};

/// The most characters in an answer.
pub(crate) const ANSWER_CHARS: usize = 20_000;

/// The state of reviews.
#[derive(Debug)]
pub(crate) struct Reviews {
    /// How many points are due, once the server has said.
    pub(crate) counts: Option<MemoryCounts>,
    /// The points still to ask for, the current one first.
    pub(crate) queue: VecDeque<Review>,
    /// How many points came before the current one.
    pub(crate) done: usize,
    /// The answer being written.
    pub(crate) answer: Editor,
    /// The last request, with its key: sending it again must not rate the point twice.
    pub(crate) sent: Option<SubmitReviewRequest>,
    /// The stage of the current point.
    pub(crate) stage: Stage,
}

/// The stage of the current point.
#[derive(Debug)]
pub(crate) enum Stage {
    /// The points are being loaded.
    Loading,
    /// The points could not be loaded.
    Failed(Problem),
    /// The point's prompt is shown.
    Asking,
    /// The answer has been in grading since this time.
    Sending(Timestamp),
    /// It was graded.
    Graded(Box<SubmitReviewResponse>),
    /// Nothing is left.
    Done,
}

impl Default for Reviews {
    fn default() -> Self {
        Self {
            counts: None,
            queue: VecDeque::new(),
            done: 0,
            answer: Editor::lines(""),
            sent: None,
            stage: Stage::Loading,
        }
    }
}

impl Reviews {
    /// The context of keys.
    pub(crate) fn context(&self) -> Context {
        match self.stage {
            Stage::Asking | Stage::Sending(_) => Context::Review,
            Stage::Loading | Stage::Failed(_) | Stage::Graded(_) | Stage::Done => Context::Reviewed,
        }
    }

    /// The draft of the answer to the current point.
    pub(crate) fn draft_id(&self) -> Option<DraftId> {
        self.queue.front().map(|point| DraftId::review(point.point_id))
    }

    /// The draft of the answer to the current point, while the user writes it.
    pub(crate) fn writing(&self) -> Option<DraftId> {
        self.draft_id().filter(|_| matches!(self.stage, Stage::Asking))
    }

    /// Whether something on the screen is animated.
    pub(crate) fn is_lively(&self) -> bool {
        matches!(self.stage, Stage::Loading | Stage::Sending(_))
    }

    /// How many points there are in total.
    pub(crate) fn total(&self) -> usize {
        self.done + self.queue.len()
    }
}
