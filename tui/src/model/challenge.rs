//! Challenging a finding: the points of an answer that can be challenged or are asked about, and the
//! words being marked.

use std::ops::Range;

use viva_proto::v1::{Answer, KeyPointResult};

use super::open::OpenInterview;
use crate::evaluation::{findings, remarks};

/// The list of points of a question's answer, and the marking of words for one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// The question's position, from 0.
    pub(crate) question: usize,
    /// The selected point's position in the list.
    pub(crate) selected: usize,
    /// The marking, once a point was chosen.
    pub(crate) marking: Option<Marking>,
}

/// Sentences of the answer that are being marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marking {
    /// The current sentence.
    pub(crate) at: usize,
    /// Where the marking began; `None` marks only the current sentence.
    pub(crate) from: Option<usize>,
}

impl Marking {
    /// The marked sentences.
    pub(crate) fn marked(self) -> std::ops::RangeInclusive<usize> {
        let from = self.from.unwrap_or(self.at);
        from.min(self.at)..=from.max(self.at)
    }
}

impl Challenge {
    /// The answer whose points these are.
    pub(crate) fn answer<'o>(&self, open: &'o OpenInterview) -> Option<&'o Answer> {
        open.questions().get(self.question)?.answer.as_ref()
    }

    /// The points to choose from, each with its place in the rubric: the worst first.
    pub(crate) fn points<'o>(&self, open: &'o OpenInterview) -> Vec<(usize, &'o KeyPointResult)> {
        let evaluation = self.answer(open).and_then(|answer| answer.evaluation.as_ref());
        let Some(evaluation) = evaluation else { return Vec::new() };
        let places = findings::of(evaluation).into_iter().map(|finding| finding.place);
        let points = places.filter_map(|place| Some((place, evaluation.key_points.get(place)?)));
        points
            .filter(|(_, it)| remarks::can_be_challenged(it) || remarks::is_asked_about(it))
            .collect()
    }

    /// The selected point, with its place in the rubric.
    pub(crate) fn point<'o>(&self, open: &'o OpenInterview) -> Option<(usize, &'o KeyPointResult)> {
        self.points(open).get(self.selected).copied()
    }

    /// The marked words as a range of the answer.
    pub(crate) fn words(&self, answer: &str) -> Option<Range<usize>> {
        let marked = self.marking?.marked();
        let sentences = remarks::sentences(answer);
        Some(sentences.get(*marked.start())?.start..sentences.get(*marked.end())?.end)
    }
}
