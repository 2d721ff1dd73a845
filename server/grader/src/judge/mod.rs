//! The judge: a small encoder that reads a question, all points of its rubric and an answer at
//! once, and says, for each point and each sentence, whether the sentence makes the point or
//! contradicts it.
//!
//! Its weights were trained on written examples (`training/`). A model of this size knows nothing
//! about the world: it recognises what is said, from the examples it saw of the bank's points and
//! others.

// Functions have to be inlined into the one that is compiled for the processor's vector
// instructions, or they cannot use them.
#![allow(clippy::inline_always)]

mod functions;
mod layers;
mod layout;
mod matrix;
mod pieces;
mod weights;

use crate::text::words::Words;
use functions::{dot, sigmoid, silu};
use layers::{Buffers, linear};
use layout::{Layout, runs};
pub(crate) use pieces::PieceId;
use pieces::Pieces;
use pulp::{Arch, Simd, WithSimd};
use std::{collections::HashSet, ops::Range, sync::OnceLock};
use weights::{Head, PAIR_WIDTH, WIDTH, Weights};

/// The most pieces of points that are read with an answer at once; more are read in groups.
const MOST_POINT_PIECES: usize = 300;

/// The most encoder passes for one answer: about three seconds. If the answer and rubric would take
/// more, each group of points is read only with the parts of the answer that share the most words
/// with it.
const MOST_PASSES: usize = 18;

/// How much a run counts towards the overall mark if it says nothing about any point.
const LEAST_TOLD: f32 = 0.05;

/// The logit for a text that makes no point and contradicts none.
pub(crate) const NOTHING: f32 = -12.0;

/// What the judge says about an answer, as logits: above 0 means more likely than not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judgement {
    /// One for each point.
    pub(crate) points: Vec<PointJudgement>,
    /// For each sentence, whether it is false.
    pub(crate) falsehood: Vec<f32>,
    /// The overall mark.
    pub(crate) whole: f32,
    /// Whether the answer is about the question.
    pub(crate) about: f32,
}

/// What the judge says about one point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PointJudgement {
    /// Whether the answer makes it.
    pub(crate) made: f32,
    /// Whether the answer contradicts it.
    pub(crate) contradicted: f32,
    /// For each sentence, whether it makes it.
    pub(crate) by: Vec<f32>,
    /// For each sentence, whether it contradicts it.
    pub(crate) against: Vec<f32>,
}

/// The judge. There is only one.
#[derive(Debug)]
pub(crate) struct Judge {
    pieces: Pieces,
    weights: Weights,
}

impl Judge {
    /// The judge compiled into this crate; the first call loads it.
    pub(crate) fn builtin() -> &'static Self {
        static JUDGE: OnceLock<Judge> = OnceLock::new();
        JUDGE.get_or_init(|| {
            let weights = Weights::read().unwrap_or_else(|error| {
                unreachable!("the weights are compiled in and a test reads them: {error}")
            });
            Self { pieces: Pieces::new(include_str!("../../model/vocab.txt")), weights }
        })
    }

    /// A folded text as the judge reads it.
    pub(crate) fn pieces(&self, text: &str) -> Vec<PieceId> {
        self.pieces.of(text)
    }

    /// Whether the judge was trained on a point in these words.
    pub(crate) fn knows(&self, point: &str) -> bool {
        self.weights.known.contains(&weights::checksum(point))
    }

    /// The informative words of a folded text.
    pub(crate) fn words(&self, text: &str) -> Words {
        Words::of(text, |word| self.pieces.weight(word))
    }

    /// Whether a lower-case word is in the vocabulary, which is that of English texts.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.pieces.has_word(word)
    }

    /// Whether a piece is a punctuation mark rather than a word.
    pub(crate) fn is_mark(&self, piece: PieceId) -> bool {
        self.pieces.is_mark(piece)
    }

    /// Reads an answer, sentence by sentence, together with points.
    pub(crate) fn read(
        &self,
        question: &[PieceId],
        points: &[Vec<PieceId>],
        sentences: &[Vec<PieceId>],
    ) -> Judgement {
        if cfg!(feature = "blind") {
            return Judgement::nothing(points.len(), sentences.len());
        }
        let sentences: Vec<&[PieceId]> = sentences
            .iter()
            .map(|sentence| &sentence[..sentence.len().min(layout::ANSWER_PIECES - 1)])
            .collect();
        let sizes: Vec<_> = sentences.iter().map(|sentence| sentence.len()).collect();
        let mut judgement = Judgement::nothing(points.len(), sentences.len());
        let (mut whole, mut told, mut about, mut size) = (0.0, 0.0, 0.0, 0.0);
        let (runs, groups) = (runs(&sizes), groups(points));
        for group in &groups {
            for run in nearest(&runs, &sentences, &points[group.clone()], groups.len()) {
                let said = &sentences[run.clone()];
                let layout = Layout::new(question, &points[group.clone()], said);
                let seen = Arch::new().dispatch(Pass { weights: &self.weights, layout: &layout });
                judgement.take(&seen, group.clone(), run.start);
                let tells = seen.tells();
                whole += seen.whole * tells;
                told += tells;
                about += seen.about * said.len() as f32;
                size += said.len() as f32;
            }
        }
        if size > 0.0 {
            judgement.whole = whole / told;
            judgement.about = about / size;
        }
        judgement
    }
}

/// The runs of an answer that share the most words with some points: as many as there is time for,
/// in order.
fn nearest(
    runs: &[Range<usize>],
    sentences: &[&[PieceId]],
    points: &[Vec<PieceId>],
    groups: usize,
) -> Vec<Range<usize>> {
    let most = (MOST_PASSES / groups).max(1);
    if runs.len() <= most {
        return runs.to_vec();
    }
    let wanted: HashSet<PieceId> = points.iter().flatten().copied().collect();
    let shared = |run: &Range<usize>| {
        let said: HashSet<PieceId> =
            sentences[run.clone()].iter().copied().flatten().copied().collect();
        said.intersection(&wanted).count()
    };
    let mut ranked: Vec<(usize, &Range<usize>)> =
        runs.iter().map(|run| (shared(run), run)).collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
    ranked.truncate(most);
    let mut kept: Vec<Range<usize>> = ranked.into_iter().map(|(_, run)| run.clone()).collect();
    kept.sort_by_key(|run| run.start);
    kept
}

/// Splits points into groups that can be read with an answer.
fn groups(points: &[Vec<PieceId>]) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let (mut start, mut pieces) = (0, 0);
    for (at, point) in points.iter().enumerate() {
        let size = point.len().min(layout::POINT_PIECES) + 1;
        if at > start && pieces + size > MOST_POINT_PIECES {
            groups.push(start..at);
            (start, pieces) = (at, 0);
        }
        pieces += size;
    }
    groups.push(start..points.len());
    groups
}

impl Judgement {
    fn nothing(points: usize, sentences: usize) -> Self {
        let point = PointJudgement {
            made: NOTHING,
            contradicted: NOTHING,
            by: vec![NOTHING; sentences],
            against: vec![NOTHING; sentences],
        };
        Self {
            points: vec![point; points],
            falsehood: vec![NOTHING; sentences],
            whole: NOTHING,
            about: NOTHING,
        }
    }

    /// The same judgement, with its sentences at these indexes among `sentences`; the others say
    /// nothing.
    pub(crate) fn spread(self, places: &[usize], sentences: usize) -> Self {
        let spread = |read: &[f32]| {
            let mut all = vec![NOTHING; sentences];
            for (at, logit) in places.iter().zip(read) {
                all[*at] = *logit;
            }
            all
        };
        let point = |point: PointJudgement| PointJudgement {
            by: spread(&point.by),
            against: spread(&point.against),
            ..point
        };
        let falsehood = spread(&self.falsehood);
        Self { points: self.points.into_iter().map(point).collect(), falsehood, ..self }
    }

    /// How much it says about the points. The overall mark follows the runs that say most, not the
    /// padding.
    fn tells(&self) -> f32 {
        let on = |point: &PointJudgement| sigmoid(point.made.max(point.contradicted));
        LEAST_TOLD + self.points.iter().map(on).sum::<f32>()
    }

    /// Merges in what was seen in one run; where something was seen twice, the higher value counts.
    fn take(&mut self, seen: &Judgement, points: Range<usize>, first: usize) {
        let raise = |old: &mut f32, new: f32| *old = old.max(new);
        for (point, seen) in self.points[points].iter_mut().zip(&seen.points) {
            raise(&mut point.made, seen.made);
            raise(&mut point.contradicted, seen.contradicted);
            for (old, new) in point.by[first..].iter_mut().zip(&seen.by) {
                raise(old, *new);
            }
            for (old, new) in point.against[first..].iter_mut().zip(&seen.against) {
                raise(old, *new);
            }
        }
        for (old, new) in self.falsehood[first..].iter_mut().zip(&seen.falsehood) {
            raise(old, *new);
        }
    }
}

/// One pass of the encoder, compiled for each kind of vector instructions.
struct Pass<'a> {
    weights: &'a Weights,
    layout: &'a Layout,
}

impl WithSimd for Pass<'_> {
    type Output = Judgement;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Judgement {
        let Self { weights, layout } = self;
        let mut x = vec![0.0; layout.pieces.len() * WIDTH];
        for (row, piece) in x.chunks_exact_mut(WIDTH).zip(&layout.pieces) {
            weights.embed(*piece, row);
            functions::normalise(row, &weights.norm.weight, &weights.norm.bias);
        }
        let mut buffers = Buffers::default();
        for layer in &weights.layers {
            layer.apply(simd, layout, &mut x, &mut buffers);
        }
        answers(simd, weights, layout, &x)
    }
}

/// Computes the judgement from the encoder's rows with the output heads.
#[inline(always)]
fn answers<S: Simd>(simd: S, weights: &Weights, layout: &Layout, x: &[f32]) -> Judgement {
    let mean = |range: &Range<usize>, out: &mut Vec<f32>| {
        let share = 1.0 / range.len() as f32;
        let start = out.len();
        out.resize(start + WIDTH, 0.0);
        for row in x[range.start * WIDTH..range.end * WIDTH].chunks_exact(WIDTH) {
            for (sum, value) in out[start..].iter_mut().zip(row) {
                *sum += value * share;
            }
        }
    };
    let (mut points, mut sentences) = (Vec::new(), Vec::new());
    for point in &layout.points {
        mean(point, &mut points);
        points.extend_from_slice(&x[point.start * WIDTH..][..WIDTH]);
    }
    for sentence in &layout.sentences {
        mean(sentence, &mut sentences);
    }
    let (mut of_points, mut of_sentences) = (Vec::new(), Vec::new());
    linear(simd, &weights.pair_point, &points, &mut of_points);
    linear(simd, &weights.pair_sentence, &sentences, &mut of_sentences);
    let judge = |(point, of_point): (&[f32], &[f32])| {
        let pairs = of_sentences.chunks_exact(PAIR_WIDTH).map(|of_sentence| {
            let mut joined = [0.0; 2 * PAIR_WIDTH];
            let (sums, products) = joined.split_at_mut(PAIR_WIDTH);
            for i in 0..PAIR_WIDTH {
                sums[i] = silu(of_point[i] + of_sentence[i]);
                products[i] = of_point[i] * of_sentence[i];
            }
            [apply(&weights.pair_head, 0, &joined), apply(&weights.pair_head, 1, &joined)]
        });
        let pairs: Vec<[f32; 2]> = pairs.collect();
        PointJudgement {
            made: apply(&weights.point_head, 0, point),
            contradicted: apply(&weights.point_head, 1, point),
            by: pairs.iter().map(|pair| pair[0]).collect(),
            against: pairs.iter().map(|pair| pair[1]).collect(),
        }
    };
    let both = points.chunks_exact(2 * WIDTH).zip(of_points.chunks_exact(PAIR_WIDTH));
    Judgement {
        points: both.map(judge).collect(),
        falsehood: sentences
            .chunks_exact(WIDTH)
            .map(|sentence| apply(&weights.sentence_head, 0, sentence))
            .collect(),
        whole: apply(&weights.whole_head, 0, &x[..WIDTH]),
        about: apply(&weights.whole_head, 1, &x[..WIDTH]),
    }
}

#[inline(always)]
fn apply(head: &Head, output: usize, row: &[f32]) -> f32 {
    dot(&head.rows[output], row) + head.bias[output]
}

#[cfg(test)]
mod tests;
