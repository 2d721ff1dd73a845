//! Every number by which code decides what a model's word is worth, and why it is what it is.
//!
//! The judge's probabilities are calibrated on whole answers (docs/grader.md); a passage read alone gets
//! less than it gets among its neighbours. Where the limits are was looked for on the rows of
//! `injections.jsonl` and `readings.jsonl`: orders that do not borrow the words of the matter stay below
//! 0.2, for those that do there is `grading_talk`, and most honest quotes get more than 0.27.

/// From here on the judge takes a passage for showing its point, whatever else the answer says.
/// Higher, and right answers fail that the built-in grader, reading the whole, misses; lower, and wrong
/// ones pass that have the right words in a sentence.
pub(super) const SHOWN_FROM: f64 = 0.24;

/// Below this it is hardly possible, but for a passage in which the built-in grader, reading the whole
/// answer, found the point. Between the two the passage may lean on its neighbours, and counts where
/// the built-in grader found the point anywhere.
pub(super) const POSSIBLE_FROM: f64 = 0.08;

/// Points that one quote may show; the judge keeps to the same for a sentence. Who quotes one line for
/// everything has read nothing.
pub(super) const MOST_POINTS_OF_A_QUOTE: usize = 2;

/// The most that any score is where no quote shows a point: the edge of the lowest band.
pub(super) const MOST_UNSHOWN: f64 = 3.0;

/// Below this share of the rubric support counts as none.
pub(super) const NO_SUPPORT: f64 = 0.05;

/// From this share on support puts no bound on how an answer is written; between the two the bound
/// rises evenly. Readers give an answer with a fifth of the points 2 of 10 as a whole: with a fifth
/// the four scores have a mean of at most 3 unless the built-in grader thinks better of how it is
/// written, and with two thirds nothing is touched that a fair reader gives.
pub(super) const FULL_SUPPORT: f64 = 0.65;

/// With a false claim in it no answer is right throughout.
pub(super) const WITH_MISTAKES: f64 = 8.9;

/// Above this mean a model says that there is something in the answer.
pub(super) const NEXT_TO_NOTHING: f64 = 2.0;

/// The means of model and built-in grader may be so far apart before the answer is read again. The
/// built-in grader's is within 2.5 of a reader's in nine of ten cases.
pub(super) const FAR_APART: f64 = 4.0;

/// Of own part, decision and result a story has at least so many; people leave one to be guessed.
pub(super) const ELEMENTS_OF_A_STORY: usize = 2;

/// A story has at least so many words; the tersest good ones have some 35.
pub(super) const WORDS_OF_A_STORY: usize = 25;

/// A text of fewer words is too short to tell its language by, for the grader as well.
pub(super) const WORDS_OF_A_LANGUAGE: usize = 8;
