//! Every number by which code decides what a model's word is worth, and why it is what it is.
//!
//! The judge's probabilities are calibrated on whole answers (docs/grader.md); of passages read alone
//! they were looked at on server/grader/tests/corpora/interview-answers.jsonl, whose questions the
//! judge was not trained on, and on the injection corpus. Of the points that an answer makes nine in
//! ten have a sentence at 0.15 or above and most one above 0.5; orders that do not borrow the words of
//! the matter stay below 0.3, and for those that do there is `grading_talk`. So there is room on both
//! sides of each limit: a newly trained judge may move by a few hundredths.

/// From here on the judge takes a passage for showing its point, whatever else the answer says.
/// Higher, and right answers fail that the built-in grader, reading the whole, misses; lower, and wrong
/// ones pass that have the right words in a sentence.
pub(super) const SHOWN_FROM: f64 = 0.45;

/// Below this it is hardly possible. Between the two the passage may lean on its neighbours, and
/// counts where the built-in grader, which read the whole answer, found the point in it as well.
pub(super) const POSSIBLE_FROM: f64 = 0.15;

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
