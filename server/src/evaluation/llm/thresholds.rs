//! Every number by which code decides what a model's word is worth, with the reason for it.
//!
//! The judge's probabilities are calibrated on whole answers (docs/grader.md); a passage read alone gets
//! less than among its neighbours. The limits were chosen on the rows of `injections.jsonl` and
//! `readings.jsonl`: instructions that do not borrow words of the subject stay below 0.2, `grading_talk`
//! catches those that do, and most honest quotes get more than 0.27.

/// From this probability on, a passage shows its point, whatever else the answer says. A higher limit
/// would reject right answers that the built-in grader misses when it reads the whole; a lower one would
/// accept wrong ones with the right words in a sentence.
pub(super) const SHOWN_FROM: f64 = 0.26;

/// Below this probability, a passage shows its point only if the built-in grader, reading the whole
/// answer, found the point in it. Between the two limits a passage may depend on its neighbours, and
/// counts if the built-in grader found the point anywhere.
pub(super) const POSSIBLE_FROM: f64 = 0.08;

/// The most points that one quote may show; the judge has the same limit for a sentence. A model that
/// quotes one line for everything has read nothing.
pub(super) const MOST_POINTS_OF_A_QUOTE: usize = 2;

/// The highest score if no quote shows a point: the edge of the lowest band.
pub(super) const MOST_UNSHOWN: f64 = 3.0;

/// A support below this share of the rubric counts as none.
pub(super) const NO_SUPPORT: f64 = 0.05;

/// From this share on, support does not bound the scores for how an answer is written; from
/// [`NO_SUPPORT`] to here the bound rises evenly. Readers give an answer with a fifth of the points 2 of
/// 10 overall: with a fifth, the mean of the four scores is at most 3 unless the built-in grader rates
/// its style higher, and with two thirds, nothing that a fair reader gives is lowered.
pub(super) const FULL_SUPPORT: f64 = 0.65;

/// The highest correctness of an answer with a false claim.
pub(super) const WITH_MISTAKES: f64 = 8.9;

/// Above this mean, a model says that there is something in the answer.
pub(super) const NEXT_TO_NOTHING: f64 = 2.0;

/// The largest difference between the means of model and built-in grader before the answer is read
/// again. The built-in grader's is within 2.5 of a reader's in nine of ten cases.
pub(super) const FAR_APART: f64 = 4.0;

/// The fewest of own part, decision and result in a story; people often leave one to be guessed.
pub(super) const ELEMENTS_OF_A_STORY: usize = 2;

/// The fewest words of a story; the tersest good ones have some 35.
pub(super) const WORDS_OF_A_STORY: usize = 25;

/// The fewest words by which a text's language can be told, for the grader as well.
pub(super) const WORDS_OF_A_LANGUAGE: usize = 8;
