//! How the question, points and answer become one input: where each piece goes, and which pieces
//! read which.
//!
//! The question comes first, then every point preceded by a marker, then the answer's sentences,
//! each preceded by a marker of another kind. All points start at the same position and none reads
//! another, so that a point's result does not depend on the order of the rubric. training/reader.py
//! does the same in Python.

use super::pieces::PieceId;
use std::ops::Range;

const START: PieceId = 101;
const END: PieceId = 102;
const POINT: PieceId = 2;
const SENTENCE: PieceId = 3;

/// The most pieces of the question, of a point and of the answer that are read at once.
pub(super) const QUESTION_PIECES: usize = 30;
pub(super) const POINT_PIECES: usize = 46;
pub(super) const ANSWER_PIECES: usize = 300;

/// The position of every point's marker, and of the first sentence's.
const POINT_AT: usize = 32;
const ANSWER_AT: usize = 80;

/// One piece with its position and its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) id: PieceId,
    pub(super) position: usize,
    pub(super) role: usize,
}

/// An input of the encoder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) pieces: Vec<Piece>,
    /// Where each point is, marker first. Together they are contiguous.
    pub(super) points: Vec<Range<usize>>,
    /// Where each sentence is, marker first.
    pub(super) sentences: Vec<Range<usize>>,
}

impl Layout {
    pub(super) fn new(question: &[PieceId], points: &[Vec<PieceId>], said: &[&[PieceId]]) -> Self {
        let mut layout = Self { pieces: Vec::new(), points: Vec::new(), sentences: Vec::new() };
        let question = &question[..question.len().min(QUESTION_PIECES)];
        layout.add(START, question, 0, [0, 0]);
        layout.pieces.push(Piece { id: END, position: question.len() + 1, role: 0 });
        for point in points {
            let point = &point[..point.len().min(POINT_PIECES)];
            let range = layout.add(POINT, point, POINT_AT, [1, 2]);
            layout.points.push(range);
        }
        let mut at = ANSWER_AT;
        for sentence in said {
            let range = layout.add(SENTENCE, sentence, at, [3, 4]);
            at += range.len();
            layout.sentences.push(range);
        }
        layout
    }

    fn add(
        &mut self,
        mark: PieceId,
        ids: &[PieceId],
        at: usize,
        roles: [usize; 2],
    ) -> Range<usize> {
        let start = self.pieces.len();
        self.pieces.push(Piece { id: mark, position: at, role: roles[0] });
        let rest = ids.iter().zip(at + 1..);
        self.pieces.extend(rest.map(|(id, position)| Piece { id: *id, position, role: roles[1] }));
        start..self.pieces.len()
    }

    /// The range that holds all points.
    pub(super) fn all_points(&self) -> Range<usize> {
        let start = self.points.first().map_or(0, |first| first.start);
        start..self.points.last().map_or(start, |last| last.end)
    }
}

/// The sentences of an answer, in runs that can each be read at once. Each run after the first
/// begins with the last sentence of the previous one.
pub(super) fn runs(sizes: &[usize]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < sizes.len() {
        let (mut end, mut pieces) = (at, 0);
        while end < sizes.len() && (end == at || pieces + sizes[end] < ANSWER_PIECES) {
            pieces += sizes[end] + 1;
            end += 1;
        }
        runs.push(at..end);
        if end == sizes.len() {
            break;
        }
        at = (at + 1).max(end - 1);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_share_their_positions_and_sentences_follow_each_other() {
        let layout = Layout::new(&[7, 8], &[vec![10], vec![11, 12]], &[&[20, 21], &[22]]);
        let seen: Vec<_> = layout.pieces.iter().map(|p| (p.id, p.position, p.role)).collect();
        assert_eq!(
            seen,
            [
                (101, 0, 0),
                (7, 1, 0),
                (8, 2, 0),
                (102, 3, 0),
                (2, 32, 1),
                (10, 33, 2),
                (2, 32, 1),
                (11, 33, 2),
                (12, 34, 2),
                (3, 80, 3),
                (20, 81, 4),
                (21, 82, 4),
                (3, 83, 3),
                (22, 84, 4),
            ]
        );
        assert_eq!((layout.points, layout.sentences), (vec![4..6, 6..9], vec![9..12, 12..14]));
    }

    #[test]
    fn runs_cover_every_sentence_and_overlap_by_one() {
        assert_eq!(runs(&[]), []);
        assert_eq!(runs(&[100, 100, 90, 50]), [0..3, 2..4]);
        assert_eq!(runs(&[299, 299]), [0..1, 1..2]);
    }
}
